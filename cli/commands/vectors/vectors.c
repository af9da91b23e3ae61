/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selfnorm vectors: inputs and correctly rounded outputs as .npy, for the test
 * suites of others, with a manifest that says what is where.
 */
#include "cli/cli.h"
#include "verify/shared/npy.h"
#include "verify/conformance/sweep/inputs.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_FUNCTION = 0x100, KEY_DTYPE, KEY_LAMBDA, KEY_ALPHA, KEY_COUNT };

struct job {
    struct cli_cli cli;
    const struct conf_checked_function *function;
    int dtype;
    const char *lambda, *alpha;
    long count;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    const struct cli_cli *cli = &job->cli;
    switch (key) {
    case KEY_FUNCTION:
        job->function = ref_function_find(word);
        if (!job->function || job->function->dropout)
            cli_die(cli, CLI_EXIT_USAGE,
                "--function '%.40s': must be selu, selu-grad, elu, elu-grad, "
                "celu or celu-grad",
                word);
        return 0;
    case KEY_DTYPE:
        job->dtype = conf_type_find(word);
        if (job->dtype < 0)
            cli_die(cli, CLI_EXIT_USAGE,
                "--dtype '%.40s': must be f32, f64, f16 or bf16", word);
        return 0;
    case KEY_LAMBDA:
        job->lambda = cli_decimal(cli, "--lambda", word, CLI_POSITIVE);
        return 0;
    case KEY_ALPHA:
        job->alpha = cli_decimal(cli, "--alpha", word, CLI_POSITIVE);
        return 0;
    case KEY_COUNT:
        job->count = cli_whole(cli, "--count", word, 1, 1L << 24);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"function", KEY_FUNCTION, "NAME", 0,
                "selu, selu-grad, elu, elu-grad, celu or celu-grad (default "
                "selu)",
                0},
            {"dtype", KEY_DTYPE, "TYPE", 0,
                "f32, f64, f16 or bf16 (default f32)", 0},
            {"lambda", KEY_LAMBDA, "L", 0, "default: the exact one", 0},
            {"alpha", KEY_ALPHA, "A", 0,
                "default: the exact one; elu, celu: 1", 0},
            {"count", KEY_COUNT, "N", 0,
                "random inputs beside the others (default 4096)", 0},
            {0}},
    .parser = parse,
    .doc = "Golden test vectors: special values, seams, hard-to-round and "
           "random inputs, outputs correctly rounded, as .npy files with a "
           "manifest.  bfloat16 comes as <V2.",
};

/* ---- inputs --------------------------------------------------------------
 */

struct section {
    const char *name;
    size_t from, count;
};
enum { SPECIAL, SEAMS, HARD, RANDOM, SECTIONS };

struct vectors {
    uint64_t *bits; /* of the inputs */
    size_t n, room;
    struct section section[SECTIONS];
};

static void add(const struct job *job, struct vectors *v, uint64_t bits)
{
    if (v->n == v->room) {
        v->room = v->room ? 2 * v->room : 4096;
        v->bits = realloc(v->bits, v->room * sizeof *v->bits);
        if (!v->bits)
            cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    }
    v->bits[v->n++] = bits;
}

static void add_special(const struct job *job, struct vectors *v)
{
    const struct num_format *format = ref_types[job->dtype].format;
    const int fraction = format->precision - 1;
    const uint64_t least = UINT64_C(1) << fraction;
    const uint64_t top = ((UINT64_C(1) << format->width) - 1) << fraction;
    const uint64_t sign = UINT64_C(1) << (fraction + format->width);
    const uint64_t bits[] = {0, 1, least - 1, least, top - 1, top,
        top | least >> 1, top | 1, top | (least - 1)};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        add(job, v, bits[i]);
        add(job, v, bits[i] | sign);
    }
}

/* Eight neighbours to each side of where formulas change. */
static void add_seams(const struct job *job, struct vectors *v)
{
    const struct num_format *format = ref_types[job->dtype].format;
    const double ln2 = 0.6931471805599453;
    const double p = format->precision, least = format->emin - 1;
    const double place[] = {ldexp(1, (int)(least + p - 1)), exp2(-p),
        exp2(-p / 2), ln2 / 2, ln2, 1.5 * ln2, 1, p * ln2, (p + 1) * ln2,
        -(least + p - 1) * ln2, -least * ln2, -(least - 1) * ln2,
        format->most / 1.0507009873554805, format->most};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++)
        for (int sign = 0; sign < 2; sign++) {
            double x = sign ? -place[i] : place[i];
            uint64_t centre = conf_type_pattern(job->dtype, x);
            for (uint64_t k = 0; k <= 16; k++)
                if (!isnan(conf_type_value(job->dtype, centre + k - 8)))
                    add(job, v, centre + k - 8);
        }
}

static double random_input(const struct job *job, uint64_t *state)
{
    const struct num_format *format = ref_types[job->dtype].format;
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    double u = (double)(z >> 11) * 0x1p-53;
    /* half where activations live, half over all exponents above 2^-p */
    double x = z & 1 ? 8 * u - 6
                     : exp2(u * 2 * format->precision - format->precision);
    return z & 2 ? x : -fabs(x);
}

/* How far from a middle between two neighbours f(x) is, in ULP. */
static double from_middle(
    const struct job *job, const struct conf_reference *reference, double x)
{
    double y = conf_reference_rounded(reference, job->dtype, x);
    return fabs(conf_reference_ulp(reference, job->dtype, x, y) - 0.5);
}

struct candidate {
    double distance;
    uint64_t bits;
};

static int by_distance(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;
    return p->distance < q->distance   ? -1
           : p->distance > q->distance ? 1
           : p->bits < q->bits         ? -1
                                       : p->bits > q->bits;
}

/* f64: hard.c; others: the nearest to a middle of many random ones. */
static void add_hard(const struct job *job, struct vectors *v,
    const struct conf_reference *reference)
{
    enum { TRIED = 20000, KEPT = 256 };
    struct candidate *c = calloc(TRIED, sizeof *c);
    double *x = calloc(SWEEP_HARD_MOST, sizeof *x);
    uint64_t state = job->cli.seed + 1;
    size_t n = 0;
    if (!c || !x)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (int sign = 0; job->dtype == CONF_TYPE_F64 && sign < 2; sign++) {
        size_t found = sweep_hard_f64(reference, sign, x);
        for (size_t i = 0; i < found; i++)
            c[n++].bits = conf_type_pattern(job->dtype, x[i]);
    }
    while (job->dtype != CONF_TYPE_F64 && n < TRIED)
        c[n++].bits = conf_type_pattern(job->dtype, random_input(job, &state));
    for (size_t i = 0; i < n; i++)
        c[i].distance = from_middle(
            job, reference, conf_type_value(job->dtype, c[i].bits));
    qsort(c, n, sizeof *c, by_distance);
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < KEPT; i++)
        if (!i || c[i].bits != c[i - 1].bits) {
            add(job, v, c[i].bits);
            kept++;
        }
    free(c);
    free(x);
}

static void collect(const struct job *job, struct vectors *v,
    const struct conf_reference *reference)
{
    static const char *const name[] = {
        "special values", "seams", "hard to round", "random"};
    uint64_t state = job->cli.seed;
    for (int s = 0; s < SECTIONS; s++) {
        v->section[s] = (struct section){name[s], v->n, 0};
        if (s == SPECIAL)
            add_special(job, v);
        else if (s == SEAMS)
            add_seams(job, v);
        else if (s == HARD)
            add_hard(job, v, reference);
        for (long i = 0; s == RANDOM && i < job->count; i++)
            add(job, v,
                conf_type_pattern(job->dtype, random_input(job, &state)));
        v->section[s].count = v->n - v->section[s].from;
    }
}

/* ---- files ---------------------------------------------------------------
 */

static void path_of(
    const struct job *job, char *path, size_t size, const char *what)
{
    int used = snprintf(path, size, "%s/%s-%s-%s", job->cli.folder,
        job->function->name, ref_types[job->dtype].name, what);
    if (used < 0 || (size_t)used >= size)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "-o '%.60s...': too long",
            job->cli.folder);
}

static void write_array(
    const struct job *job, const char *what, const uint64_t *bits, size_t n)
{
    char path[4300];
    unsigned char header[128];
    path_of(job, path, sizeof path, what);
    FILE *out = cli_file_open(&job->cli, path);
    fwrite(header, 1, shared_npy_header(header, job->dtype, n), out);
    for (size_t i = 0; i < n; i++) {
        char element[8];
        conf_type_set_bits(job->dtype, element, 0, bits[i]);
        fwrite(element, 1, ref_types[job->dtype].size, out);
    }
    cli_file_close(&job->cli, out, path);
}

/* What was written, read again: the same bits, each still right. */
static void read_back(
    const struct job *job, const char *what, const uint64_t *bits, size_t n)
{
    char path[4300], why[300];
    struct shared_npy_file file;
    path_of(job, path, sizeof path, what);
    if (!shared_npy_open(&file, path, why, sizeof why))
        cli_die(&job->cli, CLI_EXIT_FAILED, "'%.200s' %s", path, why);
    bool same = file.npy.count == n && file.npy.type == job->dtype;
    for (size_t i = 0; same && i < n; i++)
        same =
            conf_type_bits(job->dtype, file.bytes + file.npy.at, i) == bits[i];
    shared_npy_close(&file);
    if (!same)
        cli_die(&job->cli, CLI_EXIT_FAILED,
            "'%.200s' does not hold what was written", path);
}

static json_t *manifest(const struct job *job, const struct vectors *v)
{
    json_t *sections = json_array();
    char x[128], y[128];
    for (int s = 0; s < SECTIONS; s++)
        json_array_append_new(
            sections, json_pack("{s:s, s:I, s:I}", "name", v->section[s].name,
                          "from", (json_int_t)v->section[s].from, "count",
                          (json_int_t)v->section[s].count));
    snprintf(x, sizeof x, "%s-%s-x.npy", job->function->name,
        ref_types[job->dtype].name);
    snprintf(y, sizeof y, "%s-%s-y.npy", job->function->name,
        ref_types[job->dtype].name);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:s, s:o}",
        "function", job->function->name, "dtype", ref_types[job->dtype].name,
        "lambda", job->lambda ? job->lambda : "exact", "alpha",
        job->alpha ? job->alpha : "exact", "inputs", x, "outputs", y, "count",
        (json_int_t)v->n, "sections", sections, "rounding",
        "to nearest, ties to even; for a NaN any NaN is right", "seed",
        cli_json_seed(job->cli.seed));
}

static void need_folder(const struct job *job)
{
    struct stat info;
    const char *folder = job->cli.folder;
    if (mkdir(folder, 0777) && errno != EEXIST)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE,
            "cannot make the folder '%.200s': %s", folder, strerror(errno));
    if (stat(folder, &info) || !S_ISDIR(info.st_mode))
        cli_die(
            &job->cli, CLI_EXIT_UNUSABLE, "'%.200s' is not a folder", folder);
}

int cmd_vectors(int argc, char **argv)
{
    struct job job = {.cli = {.has = CLI_SEED,
                          .folder = "where the files go (default: out)",
                          .seed = 1706},
        .function = &ref_functions[0],
        .count = 4096};
    struct conf_reference reference;
    struct vectors v = {0};
    char path[4300];
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (job.function->family != CONF_FAMILY_SELU && job.lambda)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--lambda '%.40s': %s has no "
            "lambda",
            job.lambda, job.function->name);
    job.cli.folder = job.cli.output ? job.cli.output : "out";
    job.cli.output = NULL;
    if (conf_reference_init(&reference, job.function, job.lambda, job.alpha) !=
        SN_OK)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--lambda, --alpha: lambda, alpha and their product must be from "
            "%g to %g",
            CONF_LEAST_FACTOR, CONF_MOST_FACTOR);
    need_folder(&job);
    collect(&job, &v, &reference);
    uint64_t *y = calloc(v.n, sizeof *y);
    if (!y)
        cli_die(&job.cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (size_t i = 0; i < v.n; i++)
        y[i] = conf_type_pattern(
            job.dtype, conf_reference_rounded(&reference, job.dtype,
                           conf_type_value(job.dtype, v.bits[i])));
    write_array(&job, "x.npy", v.bits, v.n);
    write_array(&job, "y.npy", y, v.n);
    read_back(&job, "x.npy", v.bits, v.n);
    read_back(&job, "y.npy", y, v.n);
    json_t *told = manifest(&job, &v);
    path_of(&job, path, sizeof path, "manifest.json");
    FILE *out = cli_file_open(&job.cli, path);
    json_dumpf(told, out, JSON_INDENT(1));
    fputc('\n', out);
    cli_file_close(&job.cli, out, path);
    if (job.cli.json) {
        json_t *document = cli_json(&job.cli);
        json_object_set_new(document, "files", json_pack("[O]", told));
        cli_emit(&job.cli, document, true);
    } else {
        out = cli_open(&job.cli);
        fprintf(out, "%zu inputs and outputs of %s in %s, read back: %s\n",
            v.n, job.function->name, ref_types[job.dtype].name, path);
        cli_close(&job.cli, out);
    }
    json_decref(told);
    conf_reference_clear(&reference);
    free(v.bits);
    free(y);
    mpfr_free_cache();
    return CLI_EXIT_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * selfnorm vectors: inputs and correctly rounded outputs as .npy, for the test
 * suites of others, with a manifest that says what is where.
 */
#include "cli/cli.h"
#include "verify/shared/npy.h"
#include "verify/shared/splitmix.h"
#include "verify/conformance/sweep/inputs.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct vectors_job {
    struct cli_cli cli;
    const struct conf_checked_function *function;
    int dtype;
    const char *lambda, *alpha;
    long count;
};

static void read_function(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    const struct conf_checked_function *function = ref_function_find(word);
    if (!function || function->dropout)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s': must be selu, selu-grad, elu, elu-grad, celu or "
            "celu-grad",
            option->name, word);
    *(const struct conf_checked_function **)to = function;
}

static const struct cli_option vectors_options[] = {
    {"function", "NAME", "selu, selu-grad, elu, elu-grad, celu or celu-grad",
        CLI_OWN, CLI_AT(struct vectors_job, function), .read = read_function,
        .preset = "selu"},
    {"dtype", "TYPE", "f32, f64, f16 or bf16", CLI_CHOICE,
        CLI_AT(struct vectors_job, dtype), .choices = "f32, f64, f16 or bf16",
        .preset = "f32"},
    {"lambda", "L", "default: the exact one", CLI_DECIMAL,
        CLI_AT(struct vectors_job, lambda), .sign = CLI_POSITIVE},
    {"alpha", "A", "default: the exact one; elu, celu: 1", CLI_DECIMAL,
        CLI_AT(struct vectors_job, alpha), .sign = CLI_ANY_SIGN},
    {"count", "N", "random inputs beside the others", CLI_WHOLE,
        CLI_AT(struct vectors_job, count), .least = 1, .most = 1L << 24,
        .preset = "4096"},
    {0},
};

static const char vectors_text[] =
    "{#files}{count} inputs and outputs of {function} in {dtype}, read back: "
    "{/}{.manifest}\n";

/* ---- inputs --------------------------------------------------------------
 */

struct vectors_section {
    const char *name;
    size_t from, count;
};
enum {
    VECTORS_SPECIAL,
    VECTORS_SEAMS,
    VECTORS_HARD,
    VECTORS_RANDOM,
    VECTORS_SECTIONS
};

struct vectors {
    uint64_t *bits; /* of the inputs */
    size_t n, room;
    struct vectors_section section[VECTORS_SECTIONS];
};

static void add(
    const struct vectors_job *job, struct vectors *v, uint64_t bits)
{
    if (v->n == v->room) {
        v->room = v->room ? 2 * v->room : 4096;
        v->bits = realloc(v->bits, v->room * sizeof *v->bits);
        if (!v->bits)
            cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    }
    v->bits[v->n++] = bits;
}

static void add_special(const struct vectors_job *job, struct vectors *v)
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
static void add_seams(const struct vectors_job *job, struct vectors *v)
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

static double random_input(const struct vectors_job *job, uint64_t *state)
{
    const struct num_format *format = ref_types[job->dtype].format;
    const uint64_t z = shared_splitmix(state);
    double u = (double)(z >> 11) * 0x1p-53;
    /* half where activations live, half over all exponents above 2^-p */
    double x = z & 1 ? 8 * u - 6
                     : exp2(u * 2 * format->precision - format->precision);
    return z & 2 ? x : -fabs(x);
}

/* How far from a middle between two neighbours f(x) is, in ULP. */
static double from_middle(const struct vectors_job *job,
    const struct conf_reference *reference, double x)
{
    double y = conf_reference_rounded(reference, job->dtype, x);
    return fabs(conf_reference_ulp(reference, job->dtype, x, y) - 0.5);
}

struct vectors_candidate {
    double distance;
    uint64_t bits;
};

static int by_distance(const void *a, const void *b)
{
    const struct vectors_candidate *p = a, *q = b;
    return p->distance < q->distance   ? -1
           : p->distance > q->distance ? 1
           : p->bits < q->bits         ? -1
                                       : p->bits > q->bits;
}

/* f64: hard_f64.c; others: the nearest to a middle of many random ones. */
static void add_hard(const struct vectors_job *job, struct vectors *v,
    const struct conf_reference *reference)
{
    enum { TRIED = 20000, KEPT = 256 };
    struct vectors_candidate *c = calloc(TRIED, sizeof *c);
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

static void collect(const struct vectors_job *job, struct vectors *v,
    const struct conf_reference *reference)
{
    static const char *const name[] = {
        "special values", "seams", "hard to round", "random"};
    uint64_t state = job->cli.seed;
    for (int s = 0; s < VECTORS_SECTIONS; s++) {
        v->section[s] = (struct vectors_section){name[s], v->n, 0};
        if (s == VECTORS_SPECIAL)
            add_special(job, v);
        else if (s == VECTORS_SEAMS)
            add_seams(job, v);
        else if (s == VECTORS_HARD)
            add_hard(job, v, reference);
        for (long i = 0; s == VECTORS_RANDOM && i < job->count; i++)
            add(job, v,
                conf_type_pattern(job->dtype, random_input(job, &state)));
        v->section[s].count = v->n - v->section[s].from;
    }
}

/* ---- files ---------------------------------------------------------------
 */

static void path_of(
    const struct vectors_job *job, char *path, size_t size, const char *what)
{
    int used = snprintf(path, size, "%s/%s-%s-%s", job->cli.folder,
        job->function->name, ref_types[job->dtype].name, what);
    if (used < 0 || (size_t)used >= size)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "-o '%.60s...': too long",
            job->cli.folder);
}

static void write_array(const struct vectors_job *job, const char *what,
    const uint64_t *bits, size_t n)
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
static void read_back(const struct vectors_job *job, const char *what,
    const uint64_t *bits, size_t n)
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

static json_t *manifest(const struct vectors_job *job, const struct vectors *v)
{
    json_t *sections = json_array();
    char x[128], y[128];
    for (int s = 0; s < VECTORS_SECTIONS; s++)
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

static void write_manifest(
    const struct vectors_job *job, const char *path, const json_t *manifest)
{
    FILE *out = cli_file_open(&job->cli, path);
    json_dumpf(manifest, out, JSON_INDENT(1));
    fputc('\n', out);
    cli_file_close(&job->cli, out, path);
}

static enum cli_exit run_vectors(void *data)
{
    struct vectors_job *job = data;
    struct conf_reference reference;
    struct vectors v = {0};
    char path[4300];
    if (job->function->family != CONF_FAMILY_SELU && job->lambda)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--lambda '%.40s': %s has no lambda", job->lambda,
            job->function->name);
    job->cli.folder = job->cli.output ? job->cli.output : "out";
    job->cli.output = NULL;
    if (conf_reference_init(
            &reference, job->function, job->lambda, job->alpha) != SN_OK)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--lambda, --alpha: lambda, alpha and their product must be from "
            "%g to %g; alpha may be 0 or below, but of celu",
            CONF_LEAST_FACTOR, CONF_MOST_FACTOR);
    cli_folder_make(&job->cli, job->cli.folder);
    collect(job, &v, &reference);
    uint64_t *y = calloc(v.n, sizeof *y);
    if (!y)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (size_t i = 0; i < v.n; i++)
        y[i] = conf_type_pattern(
            job->dtype, conf_reference_rounded(&reference, job->dtype,
                            conf_type_value(job->dtype, v.bits[i])));
    write_array(job, "x.npy", v.bits, v.n);
    write_array(job, "y.npy", y, v.n);
    read_back(job, "x.npy", v.bits, v.n);
    read_back(job, "y.npy", y, v.n);
    json_t *told = manifest(job, &v);
    path_of(job, path, sizeof path, "manifest.json");
    write_manifest(job, path, told);
    cli_result(&job->cli,
        json_pack("{s:[o], s:s}", "files", told, ".manifest", path),
        CLI_EXIT_OK, vectors_text);
    conf_reference_clear(&reference);
    free(v.bits);
    free(y);
    mpfr_free_cache();
    return CLI_EXIT_OK;
}

const struct cli_command cmd_vectors = {
    .name = "vectors",
    .summary = "golden test vectors, correctly rounded, as .npy",
    .use = CLI_JUDGE,
    .about =
        "Golden test vectors: special values, seams, hard-to-round and random "
        "inputs, outputs correctly rounded, as .npy files with a manifest.  "
        "bfloat16 comes as <V2.",
    .examples = {"-o vectors", "--function elu --dtype f64 --alpha 0.5"},
    .options = vectors_options,
    .size = sizeof(struct vectors_job),
    .run = run_vectors,
    .has = CLI_SEED,
    .seed = 1706,
    .folder = "where the files go (default: out)",
};

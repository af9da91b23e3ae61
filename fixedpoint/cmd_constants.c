/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/cmd_rigorous.h"
#include "fixedpoint/rational.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LAMBDA, ALPHA, ALPHA_PRIME, NORM, EIGEN1, EIGEN2, IM1, IM2, SHOWN };
enum { F32 = 1, FORMATS = 4 }; /* as in sn_formats */
static const char *const key[] = {"lambda", "alpha", "alpha_prime"};
enum { HEADER_DIGITS = 50 }; /* of a header, where --digits is not given */

/*
 * The paper's design takes quasi-linear time and, measured at 10^6 and 10^7
 * digits, at most BYTES_PER_DIGIT; others take erfc, whose time grows faster.
 */
enum { MOST_DIGITS = 10000000, MOST_OTHER_DIGITS = 100000 };
enum { BYTES_PER_DIGIT = 64, BYTES_ALWAYS = 16000000 };
enum style { TEXT, JSON, HEADER };
static const char *const style_name[] = {"text", "json", "c"};

struct job {
    struct sn_cli cli;
    struct sn_request request;
    enum style style;
    struct sn_point point;
    struct sn_shown shown[SHOWN];
    double rounded[FORMATS][3];
    int attracting; /* 1 yes, 0 no, -1 undecided */
    bool complex_pair;
    bool paper;    /* (0, 1) at omega 0, tau 1 */
    double memory; /* bytes that the digits need */
};

/* On a terminal, what is being done for so many digits. */
static void say(const struct job *job, const char *stage)
{
    if (job->cli.quiet || job->request.digits <= SN_MAX_DIGITS ||
        !isatty(STDERR_FILENO))
        return;
    if (stage)
        fprintf(stderr, "\r%ld digits, %.0f MB of memory: %s\033[K",
            job->request.digits, job->memory / 1e6, stage);
    else
        fputs("\r\033[K", stderr);
    fflush(stderr);
}

/* Bytes that this process may have. */
static double memory_limit(void)
{
    double bytes =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    struct rlimit limit;
    if (!getrlimit(RLIMIT_AS, &limit) && limit.rlim_cur != RLIM_INFINITY)
        bytes = fmin(bytes, (double)limit.rlim_cur);
    return bytes;
}

/* Refuses before the start what could not be finished. */
static void check_digits(struct job *job)
{
    long digits = job->request.digits;
    sn_request_point(&job->point, &job->request, 64);
    job->paper = arb_is_zero(job->point.mu) && arb_is_one(job->point.nu) &&
                 arb_is_zero(job->point.omega) && arb_is_one(job->point.tau);
    if (!job->paper && digits > MOST_OTHER_DIGITS)
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "--digits '%ld': at most %d unless mean 0, variance 1, omega 0, "
            "tau 1",
            digits, MOST_OTHER_DIGITS);
    if (job->style == HEADER && digits > SN_MAX_DIGITS)
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "--digits '%ld': at most %d with --format c", digits,
            SN_MAX_DIGITS);
    job->memory = (double)digits * BYTES_PER_DIGIT + BYTES_ALWAYS;
    double limit = memory_limit();
    if (digits > SN_MAX_DIGITS && job->memory > limit)
        sn_cli_die(&job->cli, SN_EXIT_UNUSABLE,
            "--digits '%ld' needs %.0f MB of memory; there are %.0f MB",
            digits, ceil(job->memory / 1e6), floor(limit / 1e6));
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    if (option == SN_KEY_OWN) {
        for (int i = TEXT; i <= HEADER; i++)
            if (!strcmp(word, style_name[i])) {
                job->style = (enum style)i;
                return 0;
            }
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "--format '%.40s': must be text, json or c", word);
    }
    return sn_request_option(&job->request, &job->cli, option, word)
               ? 0
               : ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = (const struct argp_option[]){{"mean", SN_KEY_MEAN, "MU", 0,
                                                "wanted mean (default 0)", 0},
        {"variance", SN_KEY_VARIANCE, "NU", 0, "wanted variance (default 1)",
            0},
        {"omega", SN_KEY_OMEGA, "W", 0, "sum of a unit's weights (default 0)",
            0},
        {"tau", SN_KEY_TAU, "T", 0,
            "sum of squares of a unit's weights (default 1)", 0},
        {"digits", SN_KEY_DIGITS, "N", 0,
            "significant digits (default 32), 1 to 10000000 for the default "
            "design, to 100000 for others, to 10000 in a C header",
            0},
        {"format", SN_KEY_OWN, "NAME", 0,
            "text (default), json (as --json) or c (a C header)", 0},
        {0}},
    .parser = parse,
    .doc = "lambda and alpha that make (MU, NU) a fixed point of the map of "
           "mean and variance, proven: every printed digit, existence, "
           "uniqueness, and whether the fixed point attracts.",
};

/* The paper's design from series alone: docs/theory.md. */
static enum sn_status solve_paper(struct job *job, slong prec)
{
    struct sn_shown *shown = job->shown;
    struct sn_paper paper;
    arb_t one;
    sn_paper_init(&paper);
    arb_init(one);
    sn_paper_arb(&paper, prec);
    arb_swap(shown[LAMBDA].ball, paper.lambda);
    arb_swap(shown[ALPHA].ball, paper.alpha);
    arb_swap(shown[ALPHA_PRIME].ball, paper.alpha_prime);
    arb_sqr(shown[NORM].ball, paper.mean_nu, prec);
    arb_addmul(shown[NORM].ball, paper.variance_nu, paper.variance_nu, prec);
    arb_sqrt(shown[NORM].ball, shown[NORM].ball, prec);
    arb_swap(shown[EIGEN1].ball, paper.variance_nu);
    for (int i = EIGEN2; i < SHOWN; i++)
        arb_zero(shown[i].ball);
    arb_one(one);
    job->complex_pair = false;
    job->attracting = arb_lt(shown[EIGEN1].ball, one) ? 1 : -1;
    sn_paper_clear(&paper);
    arb_clear(one);
    return SN_OK;
}

/* lambda, alpha, and the eigenvalues of the Jacobian, of any design. */
static enum sn_status solve_design(struct job *job, slong prec)
{
    struct sn_point *point = &job->point;
    struct sn_shown *shown = job->shown;
    struct sn_design design;
    arb_t one, radius, jacobian[4], re[2], im[2];
    arb_t *const scratch[] = {&one, &radius, &jacobian[0], &jacobian[1],
        &jacobian[2], &jacobian[3], &re[0], &re[1], &im[0], &im[1]};
    for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
        arb_init(*scratch[i]);
    sn_design_init(&design);
    sn_decimal_fmpq(&design.mu, job->request.mean);
    sn_decimal_fmpq(&design.nu, job->request.variance);
    sn_decimal_fmpq(&design.omega, job->request.omega);
    sn_decimal_fmpq(&design.tau, job->request.tau);
    enum sn_status status =
        sn_solve_design_arb(point, jacobian, &design, prec);
    sn_design_clear(&design);
    if (status == SN_OK) {
        arb_set(shown[LAMBDA].ball, point->lambda);
        arb_set(shown[ALPHA].ball, point->alpha);
        arb_mul(shown[ALPHA_PRIME].ball, point->lambda, point->alpha, prec);
        sn_spectral_norm_arb(shown[NORM].ball, jacobian, prec);
        sn_eigenvalues_arb(re, im, radius, jacobian, prec);
        for (int i = 0; i < 2; i++) {
            arb_set(shown[EIGEN1 + i].ball, re[i]);
            arb_set(shown[IM1 + i].ball, im[i]);
        }
        job->complex_pair = !arb_contains_zero(im[0]);
        arb_one(one);
        job->attracting = arb_lt(radius, one)   ? 1
                          : arb_gt(radius, one) ? 0
                                                : -1;
    }
    for (size_t i = 0; i < sizeof scratch / sizeof *scratch; i++)
        arb_clear(*scratch[i]);
    return status;
}

/* Everything shown, or SN_UNDECIDED if a digit or a rounding is open. */
static enum sn_status attempt(void *ctx, slong prec)
{
    struct job *job = ctx;
    struct sn_shown *shown = job->shown;
    say(job, job->paper ? "series, pi, e" : "moments");
    enum sn_status status =
        job->paper ? solve_paper(job, prec) : solve_design(job, prec);
    say(job, "decimal digits");
    for (int f = 0; f < FORMATS && status == SN_OK; f++)
        for (int i = LAMBDA; i <= ALPHA_PRIME && status == SN_OK; i++)
            status = sn_round_to_format(
                &job->rounded[f][i], shown[i].ball, &sn_formats[f]);
    if (status == SN_OK)
        status = sn_shown_decide(shown, SHOWN, job->request.digits);
    say(job, NULL);
    return status;
}

static void print_text(FILE *out, const struct job *job)
{
    const struct sn_request *request = &job->request;
    const struct sn_shown *shown = job->shown;
    fprintf(out,
        "SELU constants with the fixed point (mean, variance) = (%s, %s)\n"
        "at omega = %s, tau = %s\n\n",
        request->mean, request->variance, request->omega, request->tau);
    sn_shown_text(out, "lambda", &shown[LAMBDA]);
    sn_shown_text(out, "alpha", &shown[ALPHA]);
    sn_shown_text(out, "lambda alpha", &shown[ALPHA_PRIME]);
    fprintf(out, "\n%-16s%-24s%-24s%s\n", "rounded to", "lambda", "alpha",
        "lambda alpha");
    for (int f = 0; f < FORMATS; f++)
        fprintf(out, "%-16s%-24a%-24a%a\n", sn_formats[f].name,
            job->rounded[f][LAMBDA], job->rounded[f][ALPHA],
            job->rounded[f][ALPHA_PRIME]);
    fputs("\nunique          yes, among lambda, alpha > 0\n", out);
    fprintf(out, "attracting      %s\n",
        job->attracting > 0   ? "yes"
        : job->attracting < 0 ? "not decided (spectral radius near 1)"
                              : "NO: iterating g leaves this fixed point");
    sn_shown_text(out, "spectral norm", &shown[NORM]);
    for (int i = 0; i < 2; i++) {
        sn_shown_text(out, "eigenvalue", &shown[EIGEN1 + i]);
        if (job->complex_pair)
            sn_shown_text(out, "  + i times", &shown[IM1 + i]);
    }
    fprintf(out,
        "\nBall arithmetic; every digit above is proven (%ld significant, "
        "the last\none rounded to nearest).\n",
        request->digits);
}

static json_t *to_json(const struct job *job)
{
    const struct sn_shown *shown = job->shown;
    json_t *document = sn_cli_json(&job->cli);
    json_t *formats = json_object(), *eigenvalues = json_array();
    json_object_set_new(document, "design",
        json_pack("{s:s, s:s, s:s, s:s}", "mean", job->request.mean,
            "variance", job->request.variance, "omega", job->request.omega,
            "tau", job->request.tau));
    for (int i = LAMBDA; i <= ALPHA_PRIME; i++)
        json_object_set_new(document, key[i], sn_shown_json(&shown[i]));
    for (int f = 0; f < FORMATS; f++) {
        json_t *row = json_object();
        for (int i = LAMBDA; i <= ALPHA_PRIME; i++) {
            char hex[40];
            snprintf(hex, sizeof hex, "%a", job->rounded[f][i]);
            json_object_set_new(row, key[i], json_string(hex));
        }
        json_object_set_new(formats, sn_formats[f].name, row);
    }
    json_object_set_new(document, "formats", formats);
    json_object_set_new(document, "unique", json_true());
    json_object_set_new(document, "attracting",
        job->attracting < 0 ? json_null() : json_boolean(job->attracting));
    for (int i = 0; i < 2; i++) {
        json_t *value = sn_shown_json(&shown[EIGEN1 + i]);
        if (job->complex_pair)
            json_object_set_new(
                value, "imaginary", sn_shown_json(&shown[IM1 + i]));
        json_array_append_new(eigenvalues, value);
    }
    json_object_set_new(document, "eigenvalues", eigenvalues);
    json_object_set_new(
        document, "spectral_norm", sn_shown_json(&shown[NORM]));
    return document;
}

/* A header holds floats, so the constants must be numbers in binary32. */
static char *make_header(const struct job *job)
{
    for (int i = LAMBDA; i <= ALPHA_PRIME; i++)
        if (!isnormal((float)job->rounded[F32][i]))
            sn_cli_die(&job->cli, SN_EXIT_FAILED,
                "--format c: %s does not fit a float; --format text gives it",
                key[i]);
    char design[256];
    snprintf(design, sizeof design,
        "the fixed point (%.40s, %.40s) at omega = %.40s, tau = %.40s",
        job->request.mean, job->request.variance, job->request.omega,
        job->request.tau);
    long digits = job->request.digits;
    char *text =
        sn_constants_header(job->shown[LAMBDA].ball, job->shown[ALPHA].ball,
            design, digits == SN_DEFAULT_DIGITS ? HEADER_DIGITS : digits);
    if (!text)
        sn_cli_die(&job->cli, SN_EXIT_UNUSABLE,
            "--format c: out of memory, or too few --digits for the "
            "remainders");
    return text;
}

static _Noreturn void die_without_solution(struct job *job)
{
    const struct sn_request *request = &job->request;
    arb_t mean;
    arb_init(mean);
    sn_possible_mean_arb(mean, &job->point, 256);
    /* towards 0, where means stay possible */
    double possible = arf_get_d(arb_midref(mean), ARF_RND_DOWN);
    possible -= possible * 1e-5;
    sn_cli_die(&job->cli, SN_EXIT_FAILED,
        "no lambda, alpha > 0 give the fixed point (%.40s, %.40s) at "
        "omega = %.40s, tau = %.40s: proven; there the mean can be %.4g but "
        "hardly more",
        request->mean, request->variance, request->omega, request->tau,
        possible);
}

int sn_cmd_constants(int argc, char **argv)
{
    struct job job = {.cli.has = SN_CLI_QUIET,
        .request = {
            "0", "1", "0", "1", NULL, NULL, SN_DEFAULT_DIGITS, MOST_DIGITS}};
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (job.cli.json && job.style == HEADER)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "--format c and --json exclude each other");
    if (job.style == JSON)
        job.cli.json = true;
    sn_point_init(&job.point);
    sn_shown_init(job.shown, SHOWN);
    check_digits(&job);
    slong prec = 0;
    long digits = job.request.digits;
    if (job.style == HEADER)
        digits += HEADER_DIGITS + 10; /* for the remainders */
    enum sn_status status =
        sn_with_precision(attempt, &job, &job.request, digits, &prec);
    if (status == SN_NO_SOLUTION)
        die_without_solution(&job);
    if (status != SN_OK)
        sn_die_undecided(&job.cli, &job.request, status, prec);

    if (job.cli.json) {
        sn_cli_emit(&job.cli, to_json(&job), true);
    } else {
        char *header = NULL;
        if (job.style == HEADER)
            header = make_header(&job);
        FILE *out = sn_cli_open(&job.cli);
        if (header)
            fputs(header, out);
        else
            print_text(out, &job);
        free(header);
        sn_cli_close(&job.cli, out);
    }
    sn_shown_clear(job.shown, SHOWN);
    sn_point_clear(&job.point);
    flint_cleanup();
    return SN_EXIT_OK;
}

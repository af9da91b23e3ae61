/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct sn_constant of_selu[] = {
    [LAMBDA] = {"lambda", {"SN_LAMBDA", "lambda", "gamma", NULL}},
    [ALPHA] = {"alpha", {"SN_ALPHA", "alpha", "alpha", NULL}},
    [ALPHA_PRIME] = {"alpha_prime",
        {"SN_ALPHA_PRIME", "lambda alpha", NULL, NULL}},
};
static const struct sn_constant of_normalized[] = {
    [SCALE] = {"scale", {"SN_SCALE", "c", "scale", NULL}},
    [SHIFT] = {"shift", {"SN_SHIFT", "d", "shift", NULL}},
};

/*
 * Series take quasi-linear time and, measured at 10^6 to 10^8 digits, at most
 * BYTES_PER_DIGIT; other designs take erfc, whose time grows faster.
 */
enum { MOST_DIGITS = 1000000000, MOST_OTHER_DIGITS = 100000 };
enum { BYTES_PER_DIGIT = 64, BYTES_ALWAYS = 16000000 };

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
static void check_digits(struct sn_constants_job *job)
{
    long digits = job->request.digits;
    struct sn_design design;
    sn_request_point(&job->point, &job->request, 64);
    job->paper = !job->choice.word && arb_is_zero(job->point.mu) &&
                 arb_is_one(job->point.nu) && arb_is_zero(job->point.omega) &&
                 arb_is_one(job->point.tau);
    long most =
        job->source || job->choice.word ? SN_MAX_DIGITS : MOST_OTHER_DIGITS;
    if (digits > most && most == MOST_OTHER_DIGITS) {
        sn_constants_design(&design, &job->request);
        if (sn_design_is_quick(&design, (slong)(3.33 * (double)digits)))
            most = MOST_DIGITS;
        sn_design_clear(&design);
    }
    if (digits > most)
        sn_cli_die(&job->cli, SN_EXIT_USAGE, "--digits '%ld': at most %ld %s",
            digits, most,
            job->choice.word ? "with --activation"
            : job->source    ? "in source text"
                             : "for numbers of so many digits or so far out");
    job->memory = (double)digits * BYTES_PER_DIGIT + BYTES_ALWAYS;
    double limit = memory_limit();
    if (digits > SN_MAX_DIGITS && job->memory > limit)
        sn_cli_die(&job->cli, SN_EXIT_UNUSABLE,
            "--digits '%ld' needs %.0f MB of memory; there are %.0f MB",
            digits, ceil(job->memory / 1e6), floor(limit / 1e6));
}

static void read_format(struct sn_constants_job *job, const char *word)
{
    job->source = true;
    for (int i = 0; i < SN_LANGUAGES; i++)
        if (!strcmp(word, sn_language_names[i])) {
            job->language = (enum sn_language)i;
            return;
        }
    job->source = false;
    if (!strcmp(word, "json"))
        job->cli.json = true;
    else if (strcmp(word, "text"))
        sn_cli_die(&job->cli, SN_EXIT_USAGE,
            "--format '%.40s': must be text, json, c, cuda, python, rust, "
            "julia or onnx",
            word);
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct sn_constants_job *job = state->input;
    if (option == SN_KEY_OWN) {
        read_format(job, word);
        return 0;
    }
    return sn_choice_option(&job->choice, &job->cli, option, word) ||
                   sn_request_option(&job->request, &job->cli, option, word)
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
            "significant digits (default 32), 1 to 1000000000; to 100000 for "
            "numbers of many digits or far out, to 10000 with --activation "
            "and in source text",
            0},
        SN_ACTIVATION_OPTIONS,
        {"format", SN_KEY_OWN, "NAME", 0,
            "text (default), json (as --json), or source text: c, cuda, "
            "python, rust, julia, onnx",
            0},
        {0}},
    .parser = parse,
    .doc = "lambda and alpha that make (MU, NU) a fixed point of the map of "
           "mean and variance, proven: every printed digit, existence, "
           "uniqueness, and whether the fixed point attracts.  With "
           "--activation or --expression, c and d of c f(z) + d.",
};

int sn_cmd_constants(int argc, char **argv)
{
    struct sn_constants_job job = {.cli.has = SN_CLI_QUIET,
        .request = {
            "0", "1", "0", "1", NULL, NULL, SN_DEFAULT_DIGITS, MOST_DIGITS}};
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (job.cli.json && job.source)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "--format %s and --json exclude each other",
            sn_language_names[job.language]);
    sn_choice_check(&job.choice, &job.cli);
    job.constants = job.choice.word ? 2 : 3;
    memcpy(job.constant, job.choice.word ? of_normalized : of_selu,
        (size_t)job.constants * sizeof *job.constant);
    sn_point_init(&job.point);
    sn_shown_init(job.shown, SHOWN);
    check_digits(&job);
    sn_constants_solve(&job);

    if (job.cli.json) {
        sn_cli_emit(&job.cli, sn_constants_json(&job), true);
    } else {
        char *source = job.source ? sn_constants_source(&job) : NULL;
        FILE *out = sn_cli_open(&job.cli);
        if (source)
            fputs(source, out);
        else
            sn_constants_text(out, &job);
        free(source);
        sn_cli_close(&job.cli, out);
    }
    sn_choice_clear(&job.choice);
    sn_shown_clear(job.shown, SHOWN);
    sn_point_clear(&job.point);
    flint_cleanup();
    return SN_EXIT_OK;
}

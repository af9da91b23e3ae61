/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct cmd_constant of_selu[] = {
    [LAMBDA] = {"lambda", {"SN_LAMBDA", "lambda", "gamma", NULL}},
    [ALPHA] = {"alpha", {"SN_ALPHA", "alpha", "alpha", NULL}},
    [ALPHA_PRIME] = {"alpha_prime",
        {"SN_ALPHA_PRIME", "lambda alpha", NULL, NULL}},
};
static const struct cmd_constant of_normalized[] = {
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
static void check_digits(struct cmd_constants_job *job)
{
    long digits = job->request.digits;
    struct constants_design design;
    cmd_request_point(&job->point, &job->request, 64);
    job->paper = !job->choice.word && arb_is_zero(job->point.mu) &&
                 arb_is_one(job->point.nu) && arb_is_zero(job->point.omega) &&
                 arb_is_one(job->point.tau);
    long most =
        job->source || job->choice.word ? CMD_MAX_DIGITS : MOST_OTHER_DIGITS;
    if (digits > most && most == MOST_OTHER_DIGITS) {
        cmd_constants_design(&design, &job->request);
        if (constants_design_is_quick(&design, (slong)(3.33 * (double)digits)))
            most = MOST_DIGITS;
        constants_design_clear(&design);
    }
    if (digits > most)
        cli_die(&job->cli, CLI_EXIT_USAGE, "--digits '%ld': at most %ld %s",
            digits, most,
            job->choice.word ? "with --activation"
            : job->source    ? "in source text"
                             : "for numbers of so many digits or so far out");
    job->memory = (double)digits * BYTES_PER_DIGIT + BYTES_ALWAYS;
    double limit = memory_limit();
    if (digits > CMD_MAX_DIGITS && job->memory > limit)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE,
            "--digits '%ld' needs %.0f MB of memory; there are %.0f MB",
            digits, ceil(job->memory / 1e6), floor(limit / 1e6));
}

static void read_format(struct cmd_constants_job *job, const char *word)
{
    job->source = true;
    for (int i = 0; i < NUM_LANGUAGES; i++)
        if (!strcmp(word, num_language_names[i])) {
            job->language = (enum num_language)i;
            return;
        }
    job->source = false;
    if (!strcmp(word, "json"))
        job->cli.json = true;
    else if (strcmp(word, "text"))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--format '%.40s': must be text, json, c, cuda, python, rust, "
            "julia or onnx",
            word);
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct cmd_constants_job *job = state->input;
    if (option == CMD_KEY_OWN) {
        read_format(job, word);
        return 0;
    }
    return cmd_choice_option(&job->choice, &job->cli, option, word) ||
                   cmd_request_option(&job->request, &job->cli, option, word)
               ? 0
               : ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = (const struct argp_option[]){{"mean", CMD_KEY_MEAN, "MU", 0,
                                                "wanted mean (default 0)", 0},
        {"variance", CMD_KEY_VARIANCE, "NU", 0, "wanted variance (default 1)",
            0},
        {"omega", CMD_KEY_OMEGA, "W", 0, "sum of a unit's weights (default 0)",
            0},
        {"tau", CMD_KEY_TAU, "T", 0,
            "sum of squares of a unit's weights (default 1)", 0},
        {"digits", CMD_KEY_DIGITS, "N", 0,
            "significant digits (default 32), 1 to 1000000000; to 100000 for "
            "numbers of many digits or far out, to 10000 with --activation "
            "and in source text",
            0},
        CMD_ACTIVATION_OPTIONS,
        {"format", CMD_KEY_OWN, "NAME", 0,
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

int cmd_constants(int argc, char **argv)
{
    struct cmd_constants_job job = {.cli.has = CLI_QUIET,
        .request = {
            "0", "1", "0", "1", NULL, NULL, CMD_DEFAULT_DIGITS, MOST_DIGITS}};
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (job.cli.json && job.source)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--format %s and --json exclude each other",
            num_language_names[job.language]);
    cmd_choice_check(&job.choice, &job.cli);
    job.constants = job.choice.word ? 2 : 3;
    memcpy(job.constant, job.choice.word ? of_normalized : of_selu,
        (size_t)job.constants * sizeof *job.constant);
    map_point_init(&job.point);
    cmd_shown_init(job.shown, SHOWN);
    check_digits(&job);
    cmd_constants_solve(&job);

    if (job.cli.json) {
        cli_emit(&job.cli, cmd_constants_json(&job), true);
    } else {
        char *source = job.source ? cmd_constants_source(&job) : NULL;
        FILE *out = cli_open(&job.cli);
        if (source)
            fputs(source, out);
        else
            cmd_constants_text(out, &job);
        free(source);
        cli_close(&job.cli, out);
    }
    cmd_choice_clear(&job.choice);
    cmd_shown_clear(job.shown, SHOWN);
    map_point_clear(&job.point);
    flint_cleanup();
    return CLI_EXIT_OK;
}

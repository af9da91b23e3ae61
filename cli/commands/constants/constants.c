/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/constants/constants.h"
#include "cli/commands/shared/snippet.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct cmd_constant of_selu[] = {
    [SOLVED_LAMBDA] = {"lambda", {"SN_LAMBDA", "lambda", "gamma", NULL}},
    [SOLVED_ALPHA] = {"alpha", {"SN_ALPHA", "alpha", "alpha", NULL}},
    [SOLVED_ALPHA_PRIME] = {"alpha_prime",
        {"SN_ALPHA_PRIME", "lambda alpha", NULL, NULL}},
};
static const struct cmd_constant of_normalized[] = {
    [SOLVED_SCALE] = {"scale", {"SN_SCALE", "c", "scale", NULL}},
    [SOLVED_SHIFT] = {"shift", {"SN_SHIFT", "d", "shift", NULL}},
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

static const struct cli_option constants_options[] = {
    {"mean", "MU", "wanted mean", CLI_DECIMAL,
        CLI_AT(struct cmd_constants_job, request.mean), .preset = "0"},
    {"variance", "NU", "wanted variance", CLI_DECIMAL,
        CLI_AT(struct cmd_constants_job, request.variance),
        .sign = CLI_POSITIVE, .preset = "1"},
    {"omega", "W", "sum of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct cmd_constants_job, request.omega), .preset = "0"},
    {"tau", "T", "sum of squares of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct cmd_constants_job, request.tau), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"digits", "N",
        "significant digits, 1 to 1000000000; to 100000 for numbers of many "
        "digits or far out, to 10000 with --activation and in source text",
        CLI_WHOLE, CLI_AT(struct cmd_constants_job, request.digits),
        .least = 1, .most = MOST_DIGITS, .preset = "32"},
    CMD_CHOICE_ROWS(struct cmd_constants_job, choice, false),
    {"format", "NAME",
        "text, json (as --json), source text in a language, or activation, "
        "initialisation and dropout for a framework",
        CLI_CHOICE, CLI_AT(struct cmd_constants_job, format),
        .choices = "text, json, c, cuda, python, rust, julia, "
                   "onnx, " CMD_FRAMEWORK_NAMES,
        .preset = "text"},
    {0},
};

static enum cli_exit run_constants(void *data)
{
    struct cmd_constants_job *job = data;
    const bool is_snippet = job->format >= FORMAT_FRAMEWORK;
    job->source = job->format >= FORMAT_SOURCE && !is_snippet;
    if (job->source)
        job->language = (enum num_language)(job->format - FORMAT_SOURCE);
    if (job->cli.json && job->format >= FORMAT_SOURCE)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--format %s and --json exclude each other",
            is_snippet ? "of a framework" : num_language_names[job->language]);
    job->cli.json |= job->format == FORMAT_JSON;
    cmd_choice_check(&job->choice, &job->cli);
    job->constants = job->choice.word ? 2 : 3;
    memcpy(job->constant, job->choice.word ? of_normalized : of_selu,
        (size_t)job->constants * sizeof *job->constant);
    map_point_init(&job->point);
    cmd_shown_init(job->shown, SOLVED);
    check_digits(job);
    cmd_constants_solve(job);
    if (job->source)
        cli_result(
            &job->cli, cmd_constants_source(job), CLI_EXIT_OK, "{.source}");
    else if (is_snippet)
        cli_result(&job->cli,
            cmd_snippet((enum cmd_framework)(job->format - FORMAT_FRAMEWORK),
                cmd_constants_tree(job), &job->choice),
            CLI_EXIT_OK, "{.snippet}");
    else
        cli_result(&job->cli, cmd_constants_tree(job), CLI_EXIT_OK,
            cmd_constants_text);
    cmd_choice_clear(&job->choice);
    cmd_shown_clear(job->shown, SOLVED);
    map_point_clear(&job->point);
    flint_cleanup();
    return CLI_EXIT_OK;
}

const struct cli_command cmd_constants = {
    .name = "constants",
    .summary = "lambda and alpha for a wanted mean and variance, with proof",
    .use = CLI_DERIVE,
    .about =
        "lambda and alpha that make (MU, NU) a fixed point of the map of mean "
        "and variance, proven: every printed digit, existence, uniqueness, "
        "and whether the fixed point attracts.  With --activation or "
        "--expression, c and d of c f(z) + d.",
    .examples = {"--digits 50", "--variance 2 --format pytorch"},
    .options = constants_options,
    .size = sizeof(struct cmd_constants_job),
    .run = run_constants,
    .has = CLI_QUIET,
};

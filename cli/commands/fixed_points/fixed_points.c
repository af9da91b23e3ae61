/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/fixed_points/fixed_points.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_REGION = CMD_KEY_OWN, KEY_MAX_BOXES };
enum { MAX_BOXES = 20000, MOST_BOXES = 10000000 };
static const char default_region[] = "-10,10,0.001,100";

/* The word is a number or the name of a format. */
static bool is_format(const char *word)
{
    for (int i = 0; word && i < 4; i++)
        if (!strcmp(word, num_formats[i].name))
            return true;
    return false;
}

static const char *constant(const struct cli_cli *cli, const char *option,
    const char *word, enum cli_sign sign)
{
    if (is_format(word))
        return word;
    if (isalpha((unsigned char)*word))
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be a decimal number or f64, f32, f16 or bf16 "
            "for the paper's, rounded so",
            option, word, cli_ellipsis(word));
    return cli_decimal(cli, option, word, sign);
}

/* Cuts at the commas. */
static void read_region(struct cmd_fixed_points_job *job, const char *word)
{
    char *copy = strdup(word), *next = copy;
    int count = 0;
    if (!copy)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    free(job->region_text);
    job->region_text = copy;
    for (char *part; (part = strsep(&next, ",")); count++)
        if (count < 4)
            job->region[count] = part;
    if (count != 4)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--region '%.40s%s': must be four decimal numbers, "
            "MU0,MU1,NU0,NU1, not %d",
            word, cli_ellipsis(word), count);
    struct iv_domain domain;
    iv_domain_init(&domain);
    for (int i = 0; i < 4; i++) {
        cli_decimal(&job->cli, "--region", job->region[i],
            i < 2 ? CLI_ANY_SIGN : CLI_POSITIVE);
        if (i % 2 && iv_domain_set(&domain, i < 2 ? IV_MU : IV_NU,
                         job->region[i - 1], job->region[i]) != SN_OK)
            cli_die(&job->cli, CLI_EXIT_USAGE,
                "--region '%.40s%s': the ends %.20s and %.20s of the %s must "
                "be the lower, then the upper",
                word, cli_ellipsis(word), job->region[i - 1], job->region[i],
                i < 2 ? "mean" : "variance");
    }
    for (int i = 0; i < 2; i++) {
        double *ends = i ? job->box.nu : job->box.mu;
        const mpfi_t *exact = domain.end[i ? IV_NU : IV_MU];
        ends[0] = mpfr_get_d(&exact[0]->left, MPFR_RNDD);
        ends[1] = mpfr_get_d(&exact[1]->right, MPFR_RNDU);
        for (int j = 0; j < 2; j++)
            if (fabs(ends[j]) > 1e100 || (i && ends[j] < 1e-100))
                cli_die(&job->cli, CLI_EXIT_USAGE,
                    "--region '%.40s%s': must have means within +-1e100, "
                    "variances from 1e-100 to 1e100",
                    word, cli_ellipsis(word));
    }
    iv_domain_clear(&domain);
}

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct cmd_fixed_points_job *job = state->input;
    switch (option) {
    case CMD_KEY_LAMBDA:
        job->request.lambda =
            constant(&job->cli, "--lambda", word, CLI_POSITIVE);
        return 0;
    case CMD_KEY_ALPHA:
        job->request.alpha =
            constant(&job->cli, "--alpha", word, CLI_NOT_NEGATIVE);
        return 0;
    case KEY_REGION:
        read_region(job, word);
        return 0;
    case KEY_MAX_BOXES:
        job->max_boxes =
            cli_whole(&job->cli, "--max-boxes", word, 1, MOST_BOXES);
        return 0;
    default:
        return cmd_request_option(&job->request, &job->cli, option, word)
                   ? 0
                   : ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"omega", CMD_KEY_OMEGA, "W", 0,
                "sum of a unit's weights (default 0)", 0},
            {"tau", CMD_KEY_TAU, "T", 0,
                "sum of squares of a unit's weights (default 1)", 0},
            {"lambda", CMD_KEY_LAMBDA, "L", 0,
                "lambda of SELU: a decimal, or f64, f32, f16, bf16 for the "
                "paper's as rounded there (default: the paper's, exact)",
                0},
            {"alpha", CMD_KEY_ALPHA, "A", 0, "alpha of SELU, likewise", 0},
            {"digits", CMD_KEY_DIGITS, "N", 0,
                "significant digits, 1 to 10000 (default 32)", 0},
            {"region", KEY_REGION, "MU0,MU1,NU0,NU1", 0,
                "means and variances to search (default -10,10,0.001,100)", 0},
            {"max-boxes", KEY_MAX_BOXES, "N", 0,
                "give up after N boxes (default 20000)", 0},
            {0}},
    .parser = parse,
    .doc = "All fixed points of the map g of mean and variance in a region, "
           "with proof that there are no others, and whether each attracts. "
           "Exit status 1 where the proof is not complete.",
};

static bool go_on(void *context, long boxes)
{
    cli_progress_at(context, (double)boxes);
    return !cli_interrupted;
}

static void search(struct cmd_fixed_points_job *job)
{
    enum { PREC = 256 };
    struct cli_progress bar;
    struct map_point point;
    map_point_init(&point);
    cmd_fixed_points_layer(&point, job, PREC);
    cli_catch_interrupt();
    cli_progress_start(&bar, &job->cli, "boxes", (double)job->max_boxes);
    const struct fixed_search search = {
        .max_boxes = job->max_boxes, .watch = go_on, .context = &bar};
    enum sn_status status =
        fixed_points_find(&job->found, &job->box, &point, &search);
    cli_progress_end(&bar);
    map_point_clear(&point);
    job->points = calloc(job->found.count + 1, sizeof *job->points);
    if (status != SN_OK || !job->points)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "%s",
            sn_strerror(status != SN_OK ? status : SN_NO_MEMORY));
}

int cmd_fixed_points(int argc, char **argv)
{
    struct cmd_fixed_points_job job = {.cli = {.has = CLI_QUIET},
        .request = {.mean = "0",
            .variance = "1",
            .omega = "0",
            .tau = "1",
            .digits = CMD_DEFAULT_DIGITS},
        .max_boxes = MAX_BOXES};
    read_region(&job, default_region);
    cli_parse(&job.cli, &argp, argc, argv, &job);
    search(&job);
    for (size_t k = 0; k < job.found.count; k++)
        cmd_shown_init(job.points[k].shown, CMD_FP_SHOWN);
    slong prec = 0;
    enum sn_status status = cmd_with_precision(cmd_fixed_points_digits, &job,
        &job.request, job.request.digits, &prec);
    if (status != SN_OK)
        cmd_die_undecided(&job.cli, &job.request, status, prec);
    bool complete = job.found.complete;
    if (job.cli.json) {
        cli_emit(&job.cli, cmd_fixed_points_json(&job), complete);
    } else {
        FILE *out = cli_open(&job.cli);
        cmd_fixed_points_text(out, &job);
        cli_close(&job.cli, out);
    }
    for (size_t k = 0; k < job.found.count; k++)
        cmd_shown_clear(job.points[k].shown, CMD_FP_SHOWN);
    free(job.points);
    free(job.region_text);
    fixed_points_clear(&job.found);
    flint_cleanup();
    return complete ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/fixed_points/fixed_points.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BOXES = 10000000 };

/* The word is a number or the name of a format. */
static bool is_format(const char *word)
{
    for (int i = 0; word && i < 4; i++)
        if (!strcmp(word, num_formats[i].name))
            return true;
    return false;
}

static void read_constant(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    char name[16];
    snprintf(name, sizeof name, "--%s", option->name);
    if (!is_format(word) && isalpha((unsigned char)*word))
        cli_die(cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be a decimal number or f64, f32, f16 or bf16 "
            "for the paper's, rounded so",
            name, word, cli_ellipsis(word));
    *(const char **)to =
        is_format(word) ? word : cli_decimal(cli, name, word, option->sign);
}

/* Cuts at the commas. */
static void read_region(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    struct cmd_fixed_points_job *job = (void *)cli;
    (void)option;
    (void)to;
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
    NUM_STRUCT(iv_domain, domain);
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
}

static const struct cli_option fixed_points_options[] = {
    {"omega", "W", "sum of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct cmd_fixed_points_job, request.omega), .preset = "0"},
    {"tau", "T", "sum of squares of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct cmd_fixed_points_job, request.tau), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"lambda", "L",
        "lambda of SELU: a decimal, or f64, f32, f16, bf16 for the paper's as "
        "rounded there (default: the paper's, exact)",
        CLI_OWN, CLI_AT(struct cmd_fixed_points_job, request.lambda),
        .sign = CLI_POSITIVE, .read = read_constant},
    {"alpha", "A", "alpha of SELU, likewise", CLI_OWN,
        CLI_AT(struct cmd_fixed_points_job, request.alpha),
        .sign = CLI_NOT_NEGATIVE, .read = read_constant},
    {"digits", "N", "significant digits, 1 to 10000", CLI_WHOLE,
        CLI_AT(struct cmd_fixed_points_job, request.digits), .least = 1,
        .most = CMD_MAX_DIGITS, .preset = "32"},
    {"region", "MU0,MU1,NU0,NU1", "means and variances to search", CLI_OWN,
        .read = read_region, .preset = "-10,10,0.001,100"},
    {"max-boxes", "N", "give up after N boxes", CLI_WHOLE,
        CLI_AT(struct cmd_fixed_points_job, max_boxes), .least = 1,
        .most = MOST_BOXES, .preset = "20000"},
    {0},
};

static bool go_on(void *context, long boxes)
{
    cli_progress_at(context, (double)boxes);
    return !cli_interrupted;
}

static void search(struct cmd_fixed_points_job *job)
{
    enum { FIXED_POINTS_PREC = 256 };
    struct cli_progress bar;
    NUM_STRUCT(map_point, point);
    cmd_fixed_points_layer(&point, job, FIXED_POINTS_PREC);
    cli_catch_interrupt();
    cli_progress_start(&bar, &job->cli, "boxes", (double)job->max_boxes);
    const struct fixed_search search = {
        .max_boxes = job->max_boxes, .watch = go_on, .context = &bar};
    enum sn_status status =
        fixed_points_find(&job->found, &job->box, &point, &search);
    cli_progress_end(&bar);
    job->points = calloc(job->found.count + 1, sizeof *job->points);
    if (status != SN_OK || !job->points)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "%s",
            sn_strerror(status != SN_OK ? status : SN_NO_MEMORY));
}

static enum cli_exit run_fixed_points(void *data)
{
    struct cmd_fixed_points_job *job = data;
    job->request.mean = "0";
    job->request.variance = "1";
    search(job);
    for (size_t k = 0; k < job->found.count; k++)
        cmd_shown_init(job->points[k].shown, CMD_FP_SHOWN);
    slong prec = 0;
    enum sn_status status = cmd_with_precision(cmd_fixed_points_digits, job,
        &job->request, job->request.digits, &prec);
    if (status != SN_OK)
        cmd_die_undecided(&job->cli, &job->request, status, prec);
    cli_result(&job->cli, cmd_fixed_points_tree(job),
        job->found.complete ? CLI_EXIT_OK : CLI_EXIT_FAILED,
        cmd_fixed_points_text);
    const bool complete = job->found.complete;
    for (size_t k = 0; k < job->found.count; k++)
        cmd_shown_clear(job->points[k].shown, CMD_FP_SHOWN);
    free(job->points);
    free(job->region_text);
    fixed_points_clear(&job->found);
    flint_cleanup();
    return complete ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

const struct cli_command cmd_fixed_points = {
    .name = "fixed-points",
    .summary = "all fixed points of a layer's map in a region, with proof",
    .use = CLI_DERIVE,
    .about =
        "All fixed points of the map g of mean and variance in a region, with "
        "proof that there are no others, and whether each attracts.  Exit "
        "status 1 where the proof is not complete.",
    .examples = {"--lambda f32 --alpha f32",
        "--omega 0.1 --region -1,1,0.5,2 --digits 10"},
    .options = fixed_points_options,
    .size = sizeof(struct cmd_fixed_points_job),
    .run = run_fixed_points,
    .has = CLI_QUIET,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/moments/moments.h"
#include "cli/commands/shared/snippet.h"
#include "fixedpoint/activations/normalized.h"
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { MOMENTS_TABLE_DIGITS = 8 };

static const struct cli_option moments_options[] = {
    CMD_CHOICE_ROWS(struct cmd_moments_job, choice, true),
    {"mean", "M", "mean of z", CLI_DECIMAL,
        CLI_AT(struct cmd_moments_job, request.mean), .preset = "0"},
    {"variance", "V", "variance of z", CLI_DECIMAL,
        CLI_AT(struct cmd_moments_job, request.variance), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"digits", "N", "significant digits, 1 to 10000 (default 32; 8 for 'all')",
        CLI_WHOLE, CLI_AT(struct cmd_moments_job, request.digits), .least = 1,
        .most = CMD_MAX_DIGITS},
    {"quadrature",
        .help = "without closed forms: the second way to the same digits",
        .kind = CLI_FLAG, CLI_AT(struct cmd_moments_job, quadrature)},
    {"format", "NAME",
        "text, or c f(z) + d, initialisation and dropout for a framework",
        CLI_CHOICE, CLI_AT(struct cmd_moments_job, format),
        .choices = "text, " CMD_FRAMEWORK_NAMES, .preset = "text"},
    {0},
};

struct moments_attempt {
    const struct cmd_moments_job *job;
    struct cmd_moments_row *row;
    struct expr_expression f;
};

static void find_gains(
    struct cmd_shown *shown, const struct act_gaussian *f, slong prec)
{
    arb_set(shown[MOMENT_MEAN].ball, f->mean);
    arb_set(shown[MOMENT_SECOND].ball, f->square);
    arb_sqr(shown[MOMENT_VARIANCE].ball, f->mean, prec);
    arb_sub(shown[MOMENT_VARIANCE].ball, f->square,
        shown[MOMENT_VARIANCE].ball, prec);
    arb_rsqrt(shown[MOMENT_GAIN_STD].ball, shown[MOMENT_VARIANCE].ball, prec);
    arb_rsqrt(shown[MOMENT_GAIN_RMS].ball, f->square, prec);
    arb_set(shown[MOMENT_DERIVATIVE].ball, f->slope_square);
}

/* At (0, 1), omega 0, tau 1, where the Jacobian's eigenvalues are 0, slope. */
static void find_normalized(
    struct cmd_moments_row *row, const struct act_gaussian *f, slong prec)
{
    struct cmd_shown *shown = row->shown;
    struct map_point point;
    struct act_normalized normalized;
    arb_t one;
    map_point_init(&point);
    act_normalized_init(&normalized);
    arb_init(one);
    arb_one(point.nu);
    arb_one(point.tau);
    act_normalized_arb(&normalized, f, &point, row->homogeneous, prec);
    arb_set(shown[MOMENT_SCALE].ball, normalized.scale);
    arb_set(shown[MOMENT_SHIFT].ball, normalized.shift);
    arb_set(shown[MOMENT_SLOPE].ball, normalized.jacobian[3]);
    arb_sqr(shown[MOMENT_GRADIENT].ball, normalized.scale, prec);
    arb_mul(shown[MOMENT_GRADIENT].ball, shown[MOMENT_GRADIENT].ball,
        f->slope_square, prec);
    arb_abs(one, normalized.jacobian[3]);
    arb_sub_ui(one, one, 1, prec);
    row->attracting = arb_is_negative(one)      ? 1
                      : arb_is_nonnegative(one) ? 0
                                                : -1;
    map_point_clear(&point);
    act_normalized_clear(&normalized);
    arb_clear(one);
}

static enum sn_status attempt_moments(void *ctx, slong prec)
{
    struct moments_attempt *a = ctx;
    struct cmd_moments_row *row = a->row;
    const struct cmd_request *request = &a->job->request;
    enum act_method method =
        a->job->quadrature ? ACT_QUADRATURE : ACT_ANY_METHOD;
    struct act_gaussian f;
    arb_t m, v;
    act_gaussian_init(&f);
    arb_init(m);
    arb_init(v);
    cmd_arb_set_word(m, request->mean, prec);
    cmd_arb_set_word(v, request->variance, prec);
    enum sn_status status =
        act_gaussian_arb(&f, &a->f, m, v, method, prec, &row->trouble);
    if (status == SN_OK) {
        find_gains(row->shown, &f, prec);
        row->closed = f.closed;
        row->jumps = f.jumps;
        row->jump = arf_get_d(arb_midref(f.jump), ARF_RND_NEAR);
        if (!arb_is_zero(m) || !arb_is_one(v)) {
            arb_zero(m);
            arb_one(v);
            status =
                act_gaussian_arb(&f, &a->f, m, v, method, prec, &row->trouble);
        }
    }
    if (status == SN_OK) {
        find_normalized(row, &f, prec);
        row->has_derivative =
            arb_is_finite(row->shown[MOMENT_DERIVATIVE].ball) &&
            arb_is_finite(row->shown[MOMENT_GRADIENT].ball);
        status = cmd_shown_decide(row->shown,
            row->has_derivative ? MOMENTS : MOMENTS_ALWAYS, request->digits);
    }
    act_gaussian_clear(&f);
    arb_clear(m);
    arb_clear(v);
    return status;
}

static void find_row(
    const struct cmd_moments_job *job, struct cmd_moments_row *row)
{
    struct moments_attempt a = {.job = job, .row = row};
    cmd_choice_expression(&a.f, &row->choice);
    row->homogeneous = expr_is_homogeneous(&a.f);
    row->status = cmd_with_activation_precision(
        attempt_moments, &a, job->request.digits);
    expr_clear(&a.f);
}

static void find_rows(struct cmd_moments_job *job)
{
    job->rows = job->all ? act_count : 1;
    job->row = calloc((size_t)job->rows, sizeof *job->row);
    if (!job->row)
        cli_die(&job->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (int i = 0; i < job->rows; i++) {
        struct cmd_choice *choice = &job->row[i].choice;
        *choice = job->choice;
        if (job->all)
            choice->word = act_table[i].name;
        cmd_choice_check(choice, &job->cli);
        cmd_shown_init(job->row[i].shown, MOMENTS);
    }
#pragma omp parallel num_threads(job->cli.threads)
    {
#pragma omp for schedule(dynamic)
        for (int i = job->rows - 1; i >= 0; i--)
            find_row(job, &job->row[i]);
        if (omp_get_thread_num())
            flint_cleanup(); /* that thread's caches */
    }
    for (int i = 0; i < job->rows; i++) {
        const struct cmd_moments_row *row = &job->row[i];
        if (row->status != SN_OK)
            cmd_choice_die(&row->choice, &job->cli, &row->trouble, row->status,
                job->request.digits);
    }
}

static void clear_rows(struct cmd_moments_job *job)
{
    for (int i = 0; i < job->rows; i++) {
        cmd_choice_clear(&job->row[i].choice);
        cmd_shown_clear(job->row[i].shown, MOMENTS);
    }
    free(job->row);
}

static enum cli_exit run_moments(void *data)
{
    struct cmd_moments_job *job = data;
    if (!job->choice.word)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "no --activation and no --expression given; '--activation list' "
            "lists the activations");
    job->all = !job->choice.own && !strcmp(job->choice.word, "all");
    if (!job->request.digits)
        job->request.digits =
            job->all ? MOMENTS_TABLE_DIGITS : CMD_DEFAULT_DIGITS;
    if (job->format && (job->cli.json || job->all))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--format and %s exclude each other",
            job->all ? "--activation all" : "--json");
    find_rows(job);
    if (job->format)
        cli_result(
            &job->cli, cmd_moments_snippet(job), CLI_EXIT_OK, "{.snippet}");
    else
        cli_result(&job->cli, cmd_moments_tree(job), CLI_EXIT_OK,
            job->all ? cmd_moments_table : cmd_moments_text);
    clear_rows(job);
    flint_cleanup();
    return CLI_EXIT_OK;
}

const struct cli_command cmd_moments = {
    .name = "moments",
    .summary = "mean, variance and gains of any activation, with proof",
    .use = CLI_DERIVE,
    .about =
        "Mean, second moment and variance of an activation f(z), z ~ N(M, V), "
        "E f'^2, the gains 1/std and 1/rms, and c f(z) + d with the fixed "
        "point (0, 1) of mean and variance, and whether that attracts; every "
        "printed digit proven.  --activation all: those of the whole list.",
    .examples = {"gelu --format pytorch",
        "--expression 'where(z > 0, z, tanh(z))' --digits 10"},
    .options = moments_options,
    .size = sizeof(struct cmd_moments_job),
    .run = run_moments,
    .has = CLI_THREADS,
};

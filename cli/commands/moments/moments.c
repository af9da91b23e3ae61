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
    bool at_point, normalized; /* what is asked for now */
    slong goal;                /* of act_gaussian */
    struct expr_expression f;
};

static void find_gains(
    struct cmd_shown *shown, const struct act_gaussian *f, slong prec)
{
    arb_ptr mean = shown[MOMENT_MEAN].ball, second = shown[MOMENT_SECOND].ball,
            variance = shown[MOMENT_VARIANCE].ball;
    arb_sqr(variance, f->mean, prec);
    arb_sub(variance, f->square, variance, prec);
    /* with h = f - c: E h + c, and E h^2 + c (E h + E f) */
    arb_add(mean, f->mean, f->centre, prec);
    arb_add(second, mean, f->mean, prec);
    arb_mul(second, second, f->centre, prec);
    arb_add(second, second, f->square, prec);
    arb_sqrt(shown[MOMENT_SD].ball, variance, prec);
    arb_sqrt(shown[MOMENT_RMS].ball, second, prec);
    arb_rsqrt(shown[MOMENT_GAIN_STD].ball, variance, prec);
    arb_rsqrt(shown[MOMENT_GAIN_RMS].ball, second, prec);
    arb_set(shown[MOMENT_DERIVATIVE].ball, f->slope_square);
}

/* At (0, 1), omega 0, tau 1, where the Jacobian's eigenvalues are 0, slope. */
static void find_normalized(
    struct cmd_moments_row *row, const struct act_gaussian *f, slong prec)
{
    struct cmd_shown *shown = row->shown;
    NUM_STRUCT(map_point, point);
    NUM_STRUCT(act_normalized, normalized);
    NUM_ARB(one);
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
}

/* All but the last of `shown` always; that one, too, if it is known. */
static enum sn_status decide(struct moments_attempt *a, int first, int count,
    const struct act_gaussian *f, const arb_t m, const arb_t v, slong prec)
{
    struct cmd_shown *shown = a->row->shown + first;
    NUM_ARB(variance);
    arb_sqr(variance, f->mean, prec);
    arb_sub(variance, f->square, variance, prec);
    bool known = arb_is_finite(shown[count - 1].ball);
    a->row->has_derivative = a->row->has_derivative && known;
    enum sn_status status = cmd_shown_decide_moments(shown,
        known ? count : count - 1, variance, m, v, a->job->request.digits);
    cmd_raise_goal(&a->goal, variance, a->job->request.digits);
    return status;
}

/* At the point that is asked for, at (0, 1), or where these are one, both. */
static enum sn_status attempt_moments(void *ctx, slong prec)
{
    struct moments_attempt *a = ctx;
    struct cmd_moments_row *row = a->row;
    const struct cmd_request *request = &a->job->request;
    int methods = a->job->quadrature ? ACT_QUADRATURE : ACT_ANY_METHOD;
    NUM_STRUCT(act_gaussian, f);
    NUM_ARB(m, v);
    arb_one(v);
    if (a->at_point) {
        cmd_arb_set_word(m, request->mean, prec);
        cmd_arb_set_word(v, request->variance, prec);
    }
    if (!a->normalized)
        methods |= ACT_VALUES_ALONE;
    f.goal = a->goal;
    enum sn_status status =
        act_gaussian_arb(&f, &a->f, m, v, methods, prec, &row->trouble);
    row->has_derivative = true;
    if (status == SN_OK && a->at_point) {
        find_gains(row->shown, &f, prec);
        row->closed = f.closed;
        row->jumps = f.jumps;
        row->jump = arf_get_d(arb_midref(f.jump), ARF_RND_NEAR);
        status = decide(a, 0, MOMENTS_AT_POINT, &f, m, v, prec);
    }
    if (status == SN_OK && a->normalized) {
        find_normalized(row, &f, prec);
        status =
            decide(a, MOMENTS_AT_POINT, MOMENTS_NORMALIZED, &f, m, v, prec);
    }
    return status;
}

/* f' in place of f: its mean, and where it is not smooth itself. */
static enum sn_status attempt_slope(void *ctx, slong prec)
{
    struct moments_attempt *a = ctx;
    struct cmd_moments_row *row = a->row;
    struct cmd_shown *shown = row->shown + MOMENT_SLOPE_MEAN;
    const struct cmd_request *request = &a->job->request;
    struct act_trouble trouble;
    NUM_STRUCT(act_gaussian, g);
    NUM_ARB(m, v);
    cmd_arb_set_word(m, request->mean, prec);
    cmd_arb_set_word(v, request->variance, prec);
    enum sn_status status =
        act_gaussian_arb(&g, &a->f, m, v, ACT_VALUES_ALONE, prec, &trouble);
    if (status != SN_OK)
        return status;
    arb_set(shown[0].ball, g.mean);
    arb_set(shown[1].ball, g.slope_square);
    row->bends = g.jumps;
    row->kink = arf_get_d(arb_midref(g.jump), ARF_RND_NEAR);
    row->has_bend = arb_is_finite(g.slope_square);
    return cmd_shown_decide_moments(
        shown, row->has_bend ? 2 : 1, g.square, m, v, request->digits);
}

/* Where f does not jump; more digits than that would take as long again. */
static void find_slope(struct moments_attempt *a)
{
    enum { MOST_SLOPE_DIGITS = 100 };
    struct expr_expression *f = &a->f;
    const long digits = a->job->request.digits;
    if (a->job->all || a->row->jumps || digits > MOST_SLOPE_DIGITS)
        return;
    f->value = f->derivative;
    f->derivative = expr_differentiate(f, f->derivative);
    a->row->has_slope_mean =
        !f->failed &&
        cmd_with_activation_precision(attempt_slope, a, digits) == SN_OK;
    a->row->has_bend = a->row->has_bend && a->row->has_slope_mean;
}

static bool is_one_point(const struct cmd_request *request)
{
    NUM_ARB(m, v);
    cmd_arb_set_word(m, request->mean, 64);
    cmd_arb_set_word(v, request->variance, 64);
    return arb_is_zero(m) && arb_is_one(v);
}

/* Each point with the precision that it needs. */
static void find_row(
    const struct cmd_moments_job *job, struct cmd_moments_row *row)
{
    struct moments_attempt a = {.job = job, .row = row, .at_point = true};
    cmd_choice_expression(&a.f, &row->choice);
    row->homogeneous = expr_is_homogeneous(&a.f);
    a.normalized = is_one_point(&job->request);
    row->status = cmd_with_activation_precision(
        attempt_moments, &a, job->request.digits);
    bool smooth = row->has_derivative;
    if (row->status == SN_OK && !a.normalized) {
        a.at_point = false;
        a.normalized = true;
        row->status = cmd_with_activation_precision(
            attempt_moments, &a, job->request.digits);
        row->has_derivative = row->has_derivative && smooth;
    }
    if (row->status == SN_OK)
        find_slope(&a);
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

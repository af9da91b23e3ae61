/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include "fixedpoint/activations/normalized.h"

enum {
    MAPPED_MEAN,
    MAPPED_VARIANCE,
    MAPPED_J11,
    MAPPED_J12,
    MAPPED_J21,
    MAPPED_J22,
    MAPPED_NORM,
    MAPPED_RADIUS,
    MAPPED
};

struct map_job {
    struct cli_cli cli;
    struct cmd_request request;
    struct cmd_shown shown[MAPPED];
    struct cmd_choice choice; /* none: SELU */
    struct expr_expression f;
    struct act_trouble trouble;
    slong goal; /* of act_gaussian */
};

static const struct cli_option map_options[] = {
    {.help = "The point:"},
    {"mean", "MU", "mean of the inputs", CLI_DECIMAL,
        CLI_AT(struct map_job, request.mean), .preset = "0"},
    {"variance", "NU", "variance of the inputs", CLI_DECIMAL,
        CLI_AT(struct map_job, request.variance), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"omega", "W", "sum of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct map_job, request.omega), .preset = "0"},
    {"tau", "T", "sum of squares of a unit's weights", CLI_DECIMAL,
        CLI_AT(struct map_job, request.tau), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"digits", "N", "significant digits, 1 to 10000", CLI_WHOLE,
        CLI_AT(struct map_job, request.digits), .least = 1,
        .most = CMD_MAX_DIGITS, .preset = "32"},
    {.help = "The activation:"},
    {"lambda", "L", "lambda of SELU (default: the paper's, exact)",
        CLI_DECIMAL, CLI_AT(struct map_job, request.lambda),
        .sign = CLI_POSITIVE},
    {"alpha", "A", "alpha of SELU (default: the paper's, exact)", CLI_DECIMAL,
        CLI_AT(struct map_job, request.alpha), .sign = CLI_NOT_NEGATIVE},
    CMD_CHOICE_ROWS(struct map_job, choice, false),
    {0},
};

static const char map_text[] =
    "g at mean = {point.mean}, variance = {point.variance}, omega = "
    "{point.omega}, tau = {point.tau}\n"
    "{#activation}{.line}\n{:}"
    "lambda = {#point.lambda=exact}the paper's{:}{point.lambda}{/}, "
    "alpha = {#point.alpha=exact}the paper's{:}{point.alpha}{/}\n{/}\n"
    "mean            {mean:digits}\n"
    "variance        {variance:digits}\n"
    "d mean/d mu     {jacobian.0.0:digits}\n"
    "d mean/d nu     {jacobian.0.1:digits}\n"
    "d var/d mu      {jacobian.1.0:digits}\n"
    "d var/d nu      {jacobian.1.1:digits}\n"
    "spectral norm   {spectral_norm:digits}\n"
    "spectral radius {spectral_radius:digits}\n" CMD_PROVEN_TEXT;

/* SELU by its own formulas, which hold further out; others by theirs. */
static enum sn_status find_map(
    struct map_job *job, arb_t m, arb_t v, arb_t jacobian[4], slong prec)
{
    struct cmd_shown *shown = job->shown;
    NUM_STRUCT(map_point, point);
    NUM_STRUCT(act_gaussian, moments);
    enum sn_status status = SN_OK;
    cmd_request_point(&point, &job->request, prec);
    arb_mul(m, point.mu, point.omega, prec);
    arb_mul(v, point.nu, point.tau, prec);
    if (job->choice.word) {
        moments.goal = job->goal;
        status = act_gaussian_arb(
            &moments, &job->f, m, v, ACT_ANY_METHOD, prec, &job->trouble);
        act_map_arb(shown[MAPPED_MEAN].ball, shown[MAPPED_VARIANCE].ball,
            jacobian, &moments, point.omega, point.tau, prec);
    } else {
        cmd_request_selu(&point, &job->request, prec);
        map_arb(shown[MAPPED_MEAN].ball, shown[MAPPED_VARIANCE].ball, jacobian,
            &point, prec);
    }
    return status;
}

static enum sn_status attempt_map(void *ctx, slong prec)
{
    struct map_job *job = ctx;
    struct cmd_shown *shown = job->shown;
    enum { AT_M = 4, AT_V, AT_RE, AT_IM = AT_RE + 2, SCRATCH = AT_IM + 2 };
    arb_t x[SCRATCH]; /* the Jacobian, and these */
    for (int i = 0; i < SCRATCH; i++)
        arb_init(x[i]);
    enum sn_status status = find_map(job, x[AT_M], x[AT_V], x, prec);
    if (status == SN_OK) {
        map_spectrum_arb(shown[MAPPED_NORM].ball, x + AT_RE, x + AT_IM,
            shown[MAPPED_RADIUS].ball, x, prec);
        for (int i = 0; i < 4; i++)
            arb_set(shown[MAPPED_J11 + i].ball, x[i]);
        status = cmd_shown_decide_moments(shown, MAPPED,
            shown[MAPPED_VARIANCE].ball, x[AT_M], x[AT_V],
            job->request.digits);
        cmd_raise_goal(
            &job->goal, shown[MAPPED_VARIANCE].ball, job->request.digits);
    }
    for (int i = 0; i < SCRATCH; i++)
        arb_clear(x[i]);
    return status;
}

static void solve_map(struct map_job *job)
{
    const long digits = job->request.digits;
    enum sn_status status;
    slong prec = 0;
    if (job->choice.word) {
        cmd_choice_expression(&job->f, &job->choice);
        status = cmd_with_activation_precision(attempt_map, job, digits);
        if (status != SN_OK)
            cmd_choice_die(
                &job->choice, &job->cli, &job->trouble, status, digits);
        expr_clear(&job->f);
        return;
    }
    status =
        cmd_with_precision(attempt_map, job, &job->request, digits, &prec);
    if (status != SN_OK)
        cmd_die_undecided(&job->cli, &job->request, status, prec);
}

static json_t *map_tree(const struct map_job *job)
{
    const struct cmd_shown *shown = job->shown;
    const struct cmd_request *request = &job->request;
    const bool selu = !job->choice.word;
    json_t *point = json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*}", "mean",
        request->mean, "variance", request->variance, "omega", request->omega,
        "tau", request->tau, "lambda",
        selu ? request->lambda ? request->lambda : "exact" : NULL, "alpha",
        selu ? request->alpha ? request->alpha : "exact" : NULL);
    return json_pack(
        "{s:o*, s:o, s:o, s:o, s:[[o, o], [o, o]], s:o, s:o, s:I}",
        "activation", selu ? NULL : cmd_choice_json(&job->choice), "point",
        point, "mean", cmd_shown_json(&shown[MAPPED_MEAN]), "variance",
        cmd_shown_json(&shown[MAPPED_VARIANCE]), "jacobian",
        cmd_shown_json(&shown[MAPPED_J11]), cmd_shown_json(&shown[MAPPED_J12]),
        cmd_shown_json(&shown[MAPPED_J21]), cmd_shown_json(&shown[MAPPED_J22]),
        "spectral_norm", cmd_shown_json(&shown[MAPPED_NORM]),
        "spectral_radius", cmd_shown_json(&shown[MAPPED_RADIUS]), ".digits",
        (json_int_t)request->digits);
}

static enum cli_exit run_map(void *data)
{
    struct map_job *job = data;
    if (job->choice.word && (job->request.lambda || job->request.alpha))
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--lambda and --alpha are of SELU; with --activation a parameter "
            "is given as --activation NAME:alpha=A");
    cmd_choice_check(&job->choice, &job->cli);
    cmd_shown_init(job->shown, MAPPED);
    solve_map(job);
    cli_result(&job->cli, map_tree(job), CLI_EXIT_OK, map_text);
    cmd_choice_clear(&job->choice);
    cmd_shown_clear(job->shown, MAPPED);
    flint_cleanup();
    return CLI_EXIT_OK;
}

const struct cli_command cmd_map = {
    .name = "map",
    .summary = "what one layer does to mean and variance, at a point",
    .use = CLI_DERIVE,
    .about =
        "The map g of mean and variance at a point, for SELU or any other "
        "activation, its Jacobian in (mean, variance), and that matrix's "
        "spectral norm and radius; every printed digit proven.",
    .examples = {"--mean 0.3 --omega 0.5",
        "--activation gelu --omega 0.1 --mean 0.2 --digits 10"},
    .options = map_options,
    .size = sizeof(struct map_job),
    .run = run_map,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include "fixedpoint/activations/normalized.h"

enum { MEAN, VARIANCE, J11, J12, J21, J22, NORM, RADIUS, SHOWN };

struct job {
    struct cli_cli cli;
    struct cmd_request request;
    struct cmd_shown shown[SHOWN];
    struct cmd_choice choice; /* none: SELU */
    struct expr_expression f;
    struct act_trouble trouble;
};

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    return cmd_choice_option(&job->choice, &job->cli, option, word) ||
                   cmd_request_option(&job->request, &job->cli, option, word)
               ? 0
               : ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){{"mean", CMD_KEY_MEAN, "MU", 0,
                                         "mean of the inputs (default 0)", 0},
            {"variance", CMD_KEY_VARIANCE, "NU", 0,
                "variance of the inputs (default 1)", 0},
            {"omega", CMD_KEY_OMEGA, "W", 0,
                "sum of a unit's weights (default 0)", 0},
            {"tau", CMD_KEY_TAU, "T", 0,
                "sum of squares of a unit's weights (default 1)", 0},
            {"lambda", CMD_KEY_LAMBDA, "L", 0,
                "lambda of SELU (default: the paper's, exact)", 0},
            {"alpha", CMD_KEY_ALPHA, "A", 0,
                "alpha of SELU (default: the paper's, exact)", 0},
            CMD_ACTIVATION_OPTIONS,
            {"digits", CMD_KEY_DIGITS, "N", 0,
                "significant digits, 1 to 10000 (default 32)", 0},
            {0}},
    .parser = parse,
    .doc = "The map g of mean and variance at a point, for SELU or any other "
           "activation, its Jacobian in (mean, variance), and that matrix's "
           "spectral norm and radius; every printed digit proven.",
};

/* SELU by its own formulas, which hold further out; others by theirs. */
static enum sn_status find_map(struct job *job, arb_t jacobian[4], slong prec)
{
    struct cmd_shown *shown = job->shown;
    struct map_point point;
    struct act_gaussian moments;
    arb_t m, v;
    map_point_init(&point);
    act_gaussian_init(&moments);
    arb_init(m);
    arb_init(v);
    enum sn_status status = SN_OK;
    cmd_request_point(&point, &job->request, prec);
    if (job->choice.word) {
        arb_mul(m, point.mu, point.omega, prec);
        arb_mul(v, point.nu, point.tau, prec);
        status = act_gaussian_arb(
            &moments, &job->f, m, v, ACT_ANY_METHOD, prec, &job->trouble);
        act_map_arb(shown[MEAN].ball, shown[VARIANCE].ball, jacobian, &moments,
            point.omega, point.tau, prec);
    } else {
        cmd_request_selu(&point, &job->request, prec);
        map_arb(
            shown[MEAN].ball, shown[VARIANCE].ball, jacobian, &point, prec);
    }
    map_point_clear(&point);
    act_gaussian_clear(&moments);
    arb_clear(m);
    arb_clear(v);
    return status;
}

static enum sn_status attempt(void *ctx, slong prec)
{
    struct job *job = ctx;
    struct cmd_shown *shown = job->shown;
    arb_t jacobian[4], re[2], im[2];
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_init(re[i]);
        arb_init(im[i]);
    }
    enum sn_status status = find_map(job, jacobian, prec);
    map_spectrum_arb(
        shown[NORM].ball, re, im, shown[RADIUS].ball, jacobian, prec);
    for (int i = 0; i < 4; i++) {
        arb_set(shown[J11 + i].ball, jacobian[i]);
        arb_clear(jacobian[i]);
    }
    for (int i = 0; i < 2; i++) {
        arb_clear(re[i]);
        arb_clear(im[i]);
    }
    if (status != SN_OK)
        return status;
    return cmd_shown_decide(shown, SHOWN, job->request.digits);
}

static void print_text(FILE *out, const struct job *job)
{
    const struct cmd_request *request = &job->request;
    fprintf(out, "g at mean = %s, variance = %s, omega = %s, tau = %s\n",
        request->mean, request->variance, request->omega, request->tau);
    if (job->choice.word)
        cmd_choice_text(out, &job->choice);
    else
        fprintf(out, "lambda = %s, alpha = %s\n",
            request->lambda ? request->lambda : "the paper's",
            request->alpha ? request->alpha : "the paper's");
    putc('\n', out);
    static const char *const label[SHOWN] = {"mean", "variance", "d mean/d mu",
        "d mean/d nu", "d var/d mu", "d var/d nu", "spectral norm",
        "spectral radius"};
    for (int i = 0; i < SHOWN; i++)
        cmd_shown_text(out, label[i], &job->shown[i]);
    fprintf(out,
        "\nBall arithmetic; every digit above is proven (%ld significant, "
        "the last\none rounded to nearest).\n",
        request->digits);
}

static json_t *to_json(const struct job *job)
{
    const struct cmd_shown *shown = job->shown;
    const struct cmd_request *request = &job->request;
    json_t *document = cli_json(&job->cli);
    json_t *point =
        json_pack("{s:s, s:s, s:s, s:s}", "mean", request->mean, "variance",
            request->variance, "omega", request->omega, "tau", request->tau);
    if (job->choice.word) {
        json_object_set_new(
            document, "activation", cmd_choice_json(&job->choice));
    } else {
        json_object_set_new(point, "lambda",
            json_string(request->lambda ? request->lambda : "exact"));
        json_object_set_new(point, "alpha",
            json_string(request->alpha ? request->alpha : "exact"));
    }
    json_object_set_new(document, "point", point);
    json_object_set_new(document, "mean", cmd_shown_json(&shown[MEAN]));
    json_object_set_new(
        document, "variance", cmd_shown_json(&shown[VARIANCE]));
    json_object_set_new(document, "jacobian",
        json_pack("[[o, o], [o, o]]", cmd_shown_json(&shown[J11]),
            cmd_shown_json(&shown[J12]), cmd_shown_json(&shown[J21]),
            cmd_shown_json(&shown[J22])));
    json_object_set_new(
        document, "spectral_norm", cmd_shown_json(&shown[NORM]));
    json_object_set_new(
        document, "spectral_radius", cmd_shown_json(&shown[RADIUS]));
    return document;
}

int cmd_map(int argc, char **argv)
{
    struct job job = {
        .request = {"0", "1", "0", "1", NULL, NULL, CMD_DEFAULT_DIGITS, 0}};
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (job.choice.word && (job.request.lambda || job.request.alpha))
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--lambda and --alpha are of SELU; with --activation a parameter "
            "is given as --activation NAME:alpha=A");
    cmd_choice_check(&job.choice, &job.cli);
    cmd_shown_init(job.shown, SHOWN);
    slong prec = 0;
    long digits = job.request.digits;
    enum sn_status status;
    if (job.choice.word) {
        cmd_choice_expression(&job.f, &job.choice);
        status = cmd_with_activation_precision(attempt, &job, digits);
        if (status != SN_OK)
            cmd_choice_die(
                &job.choice, &job.cli, &job.trouble, status, digits);
        expr_clear(&job.f);
    } else {
        status =
            cmd_with_precision(attempt, &job, &job.request, digits, &prec);
        if (status != SN_OK)
            cmd_die_undecided(&job.cli, &job.request, status, prec);
    }
    if (job.cli.json) {
        cli_emit(&job.cli, to_json(&job), true);
    } else {
        FILE *out = cli_open(&job.cli);
        print_text(out, &job);
        cli_close(&job.cli, out);
    }
    cmd_choice_clear(&job.choice);
    cmd_shown_clear(job.shown, SHOWN);
    flint_cleanup();
    return CLI_EXIT_OK;
}

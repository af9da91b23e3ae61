/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include <stdlib.h>

enum { A, B, LOWER, SHOWN };
enum { KEY_RATE = CMD_KEY_OWN, KEY_LOWER };

struct job {
    struct cli_cli cli;
    struct cmd_request request;
    const char *rate, *lower;
    struct cmd_choice choice;
    struct cmd_shown shown[SHOWN];
};

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    const struct cli_cli *cli = &job->cli;
    switch (option) {
    case KEY_RATE: {
        job->rate = cli_decimal(cli, "--rate", word, CLI_NOT_NEGATIVE);
        arb_t rate, one;
        arb_init(rate);
        arb_init(one);
        arb_one(one);
        cmd_arb_set_word(rate, word, 80000);
        if (!arb_lt(rate, one))
            cli_die(cli, CLI_EXIT_USAGE,
                "--rate '%.40s%s': must be from 0 to below 1", word,
                cli_ellipsis(word));
        arb_clear(rate);
        arb_clear(one);
        return 0;
    }
    case KEY_LOWER:
        job->lower = cli_decimal(cli, "--lower", word, CLI_ANY_SIGN);
        return 0;
    default:
        return cmd_choice_option(&job->choice, cli, option, word) ||
                       cmd_request_option(&job->request, cli, option, word)
                   ? 0
                   : ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"rate", KEY_RATE, "P", 0,
                "share of the units that are dropped, 0 to below 1", 0},
            {"mean", CMD_KEY_MEAN, "MU", 0, "mean to keep (default 0)", 0},
            {"variance", CMD_KEY_VARIANCE, "NU", 0,
                "variance to keep (default 1)", 0},
            {"lower", KEY_LOWER, "X", 0,
                "value of a dropped unit, the activation's limit for z -> "
                "-infinity (default: SELU's, -lambda alpha)",
                0},
            {"activation", CMD_KEY_ACTIVATION, "NAME", 0,
                "the limit of this activation, as tanh or elu:alpha=0.5; "
                "'list' lists them",
                0},
            {"lambda", CMD_KEY_LAMBDA, "L", 0,
                "lambda of SELU (default: the paper's, exact)", 0},
            {"alpha", CMD_KEY_ALPHA, "A", 0,
                "alpha of SELU (default: the paper's, exact)", 0},
            {"digits", CMD_KEY_DIGITS, "N", 0,
                "significant digits, 1 to 10000 (default 32)", 0},
            {0}},
    .parser = parse,
    .doc =
        "a and b of alpha dropout: dropped units are set to the lower limit "
        "of the activation, and a x + b restores mean and variance; every "
        "printed digit proven.",
};

static enum sn_status attempt(void *ctx, slong prec)
{
    struct job *job = ctx;
    struct cmd_shown *shown = job->shown;
    struct map_point point;
    arb_t rate;
    map_point_init(&point);
    arb_init(rate);
    cmd_request_point(&point, &job->request, prec);
    cmd_arb_set_word(rate, job->rate, prec);
    cmd_request_selu(&point, &job->request, prec);
    if (job->lower) {
        cmd_arb_set_word(shown[LOWER].ball, job->lower, prec);
    } else if (job->choice.word) {
        act_lower_arb(shown[LOWER].ball, &job->choice.chosen, prec);
    } else {
        arb_mul(shown[LOWER].ball, point.lambda, point.alpha, prec);
        arb_neg(shown[LOWER].ball, shown[LOWER].ball);
    }
    enum sn_status status = constants_dropout_affine_arb(shown[A].ball,
        shown[B].ball, rate, point.mu, point.nu, shown[LOWER].ball, prec);
    map_point_clear(&point);
    arb_clear(rate);
    /* a rate just below 1 may need more bits to be known as such */
    if (status != SN_OK)
        return SN_UNDECIDED;
    return cmd_shown_decide(shown, SHOWN, job->request.digits);
}

int cmd_dropout_affine(int argc, char **argv)
{
    struct job job = {
        .request = {"0", "1", "0", "1", NULL, NULL, CMD_DEFAULT_DIGITS, 0}};
    cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.rate)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "no --rate given: the share of dropped units, such as 0.05");
    bool selu = job.request.lambda || job.request.alpha;
    if (selu + !!job.lower + !!job.choice.word > 1)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--lower, --activation, and --lambda with --alpha exclude each "
            "other");
    cmd_choice_check(&job.choice, &job.cli);
    if (job.choice.word && !job.choice.chosen.activation->lower)
        cli_die(&job.cli, CLI_EXIT_USAGE,
            "--activation '%.40s': falls without limit for z -> -infinity; "
            "--lower gives the value of dropped units",
            job.choice.word);
    cmd_shown_init(job.shown, SHOWN);
    slong prec = 0;
    enum sn_status status = cmd_with_precision(
        attempt, &job, &job.request, job.request.digits, &prec);
    if (status != SN_OK)
        cmd_die_undecided(&job.cli, &job.request, status, prec);
    if (job.cli.json) {
        json_t *document = cli_json(&job.cli);
        json_object_set_new(document, "design",
            json_pack("{s:s, s:s, s:s}", "rate", job.rate, "mean",
                job.request.mean, "variance", job.request.variance));
        if (job.choice.word)
            json_object_set_new(
                document, "activation", cmd_choice_json(&job.choice));
        json_object_set_new(document, "a", cmd_shown_json(&job.shown[A]));
        json_object_set_new(document, "b", cmd_shown_json(&job.shown[B]));
        json_object_set_new(
            document, "alpha_prime", cmd_shown_json(&job.shown[LOWER]));
        cli_emit(&job.cli, document, true);
    } else {
        FILE *out = cli_open(&job.cli);
        fprintf(out,
            "Alpha dropout at rate %s, keeping mean %s and variance %s:\n"
            "a dropped unit becomes alpha', then every unit a x + b\n",
            job.rate, job.request.mean, job.request.variance);
        if (job.choice.word)
            cmd_choice_text(out, &job.choice);
        putc('\n', out);
        cmd_shown_text(out, "a", &job.shown[A]);
        cmd_shown_text(out, "b", &job.shown[B]);
        cmd_shown_text(out, "alpha'", &job.shown[LOWER]);
        fprintf(out,
            "\nBall arithmetic; every digit above is proven (%ld significant, "
            "the last\none rounded to nearest).\n",
            job.request.digits);
        cli_close(&job.cli, out);
    }
    cmd_choice_clear(&job.choice);
    cmd_shown_clear(job.shown, SHOWN);
    flint_cleanup();
    return CLI_EXIT_OK;
}

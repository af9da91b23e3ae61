/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include <stdlib.h>

enum { A, B, LOWER, SHOWN };
enum { KEY_RATE = SN_KEY_OWN, KEY_LOWER };

struct job {
    struct sn_cli cli;
    struct sn_request request;
    const char *rate, *lower;
    struct sn_choice choice;
    struct sn_shown shown[SHOWN];
};

static error_t parse(int option, char *word, struct argp_state *state)
{
    struct job *job = state->input;
    const struct sn_cli *cli = &job->cli;
    switch (option) {
    case KEY_RATE: {
        job->rate = sn_cli_decimal(cli, "--rate", word, SN_NOT_NEGATIVE);
        arb_t rate, one;
        arb_init(rate);
        arb_init(one);
        arb_one(one);
        sn_arb_set_word(rate, word, 80000);
        if (!arb_lt(rate, one))
            sn_cli_die(cli, SN_EXIT_USAGE,
                "--rate '%.40s%s': must be from 0 to below 1", word,
                sn_cli_ellipsis(word));
        arb_clear(rate);
        arb_clear(one);
        return 0;
    }
    case KEY_LOWER:
        job->lower = sn_cli_decimal(cli, "--lower", word, SN_ANY_SIGN);
        return 0;
    default:
        return sn_choice_option(&job->choice, cli, option, word) ||
                       sn_request_option(&job->request, cli, option, word)
                   ? 0
                   : ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options =
        (const struct argp_option[]){
            {"rate", KEY_RATE, "P", 0,
                "share of the units that are dropped, 0 to below 1", 0},
            {"mean", SN_KEY_MEAN, "MU", 0, "mean to keep (default 0)", 0},
            {"variance", SN_KEY_VARIANCE, "NU", 0,
                "variance to keep (default 1)", 0},
            {"lower", KEY_LOWER, "X", 0,
                "value of a dropped unit, the activation's limit for z -> "
                "-infinity (default: SELU's, -lambda alpha)",
                0},
            {"activation", SN_KEY_ACTIVATION, "NAME", 0,
                "the limit of this activation, as tanh or elu:alpha=0.5; "
                "'list' lists them",
                0},
            {"lambda", SN_KEY_LAMBDA, "L", 0,
                "lambda of SELU (default: the paper's, exact)", 0},
            {"alpha", SN_KEY_ALPHA, "A", 0,
                "alpha of SELU (default: the paper's, exact)", 0},
            {"digits", SN_KEY_DIGITS, "N", 0,
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
    struct sn_shown *shown = job->shown;
    struct sn_point point;
    arb_t rate;
    sn_point_init(&point);
    arb_init(rate);
    sn_request_point(&point, &job->request, prec);
    sn_arb_set_word(rate, job->rate, prec);
    sn_request_selu(&point, &job->request, prec);
    if (job->lower) {
        sn_arb_set_word(shown[LOWER].ball, job->lower, prec);
    } else if (job->choice.word) {
        sn_activation_lower_arb(shown[LOWER].ball, &job->choice.chosen, prec);
    } else {
        arb_mul(shown[LOWER].ball, point.lambda, point.alpha, prec);
        arb_neg(shown[LOWER].ball, shown[LOWER].ball);
    }
    enum sn_status status = sn_dropout_affine_arb(shown[A].ball, shown[B].ball,
        rate, point.mu, point.nu, shown[LOWER].ball, prec);
    sn_point_clear(&point);
    arb_clear(rate);
    /* a rate just below 1 may need more bits to be known as such */
    if (status != SN_OK)
        return SN_UNDECIDED;
    return sn_shown_decide(shown, SHOWN, job->request.digits);
}

int sn_cmd_dropout_affine(int argc, char **argv)
{
    struct job job = {
        .request = {"0", "1", "0", "1", NULL, NULL, SN_DEFAULT_DIGITS, 0}};
    sn_cli_parse(&job.cli, &argp, argc, argv, &job);
    if (!job.rate)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "no --rate given: the share of dropped units, such as 0.05");
    bool selu = job.request.lambda || job.request.alpha;
    if (selu + !!job.lower + !!job.choice.word > 1)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "--lower, --activation, and --lambda with --alpha exclude each "
            "other");
    sn_choice_check(&job.choice, &job.cli);
    if (job.choice.word && !job.choice.chosen.activation->lower)
        sn_cli_die(&job.cli, SN_EXIT_USAGE,
            "--activation '%.40s': falls without limit for z -> -infinity; "
            "--lower gives the value of dropped units",
            job.choice.word);
    sn_shown_init(job.shown, SHOWN);
    slong prec = 0;
    enum sn_status status = sn_with_precision(
        attempt, &job, &job.request, job.request.digits, &prec);
    if (status != SN_OK)
        sn_die_undecided(&job.cli, &job.request, status, prec);
    if (job.cli.json) {
        json_t *document = sn_cli_json(&job.cli);
        json_object_set_new(document, "design",
            json_pack("{s:s, s:s, s:s}", "rate", job.rate, "mean",
                job.request.mean, "variance", job.request.variance));
        if (job.choice.word)
            json_object_set_new(
                document, "activation", sn_choice_json(&job.choice));
        json_object_set_new(document, "a", sn_shown_json(&job.shown[A]));
        json_object_set_new(document, "b", sn_shown_json(&job.shown[B]));
        json_object_set_new(
            document, "alpha_prime", sn_shown_json(&job.shown[LOWER]));
        sn_cli_emit(&job.cli, document, true);
    } else {
        FILE *out = sn_cli_open(&job.cli);
        fprintf(out,
            "Alpha dropout at rate %s, keeping mean %s and variance %s:\n"
            "a dropped unit becomes alpha', then every unit a x + b\n",
            job.rate, job.request.mean, job.request.variance);
        if (job.choice.word)
            sn_choice_text(out, &job.choice);
        putc('\n', out);
        sn_shown_text(out, "a", &job.shown[A]);
        sn_shown_text(out, "b", &job.shown[B]);
        sn_shown_text(out, "alpha'", &job.shown[LOWER]);
        fprintf(out,
            "\nBall arithmetic; every digit above is proven (%ld significant, "
            "the last\none rounded to nearest).\n",
            job.request.digits);
        sn_cli_close(&job.cli, out);
    }
    sn_choice_clear(&job.choice);
    sn_shown_clear(job.shown, SHOWN);
    flint_cleanup();
    return SN_EXIT_OK;
}

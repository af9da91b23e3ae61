/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/activation.h"
#include <string.h>

enum { AFFINE_A, AFFINE_B, AFFINE_LOWER, AFFINE_SHOWN };

struct affine_job {
    struct cli_cli cli;
    struct cmd_request request;
    const char *rate, *lower;
    struct cmd_choice choice;
    struct cmd_shown shown[AFFINE_SHOWN];
};

static const struct cli_option affine_options[] = {
    {"rate", "P", "share of the units that are dropped, 0 to below 1",
        CLI_DECIMAL, CLI_AT(struct affine_job, rate), .sign = CLI_NOT_NEGATIVE,
        .bare = true},
    {"mean", "MU", "mean to keep", CLI_DECIMAL,
        CLI_AT(struct affine_job, request.mean), .preset = "0"},
    {"variance", "NU", "variance to keep", CLI_DECIMAL,
        CLI_AT(struct affine_job, request.variance), .sign = CLI_POSITIVE,
        .preset = "1"},
    {"digits", "N", "significant digits, 1 to 10000", CLI_WHOLE,
        CLI_AT(struct affine_job, request.digits), .least = 1,
        .most = CMD_MAX_DIGITS, .preset = "32"},
    {.help = "The value of a dropped unit (default: SELU's, -lambda alpha):"},
    {"lower", "X", "this, the activation's limit for z -> -infinity",
        CLI_DECIMAL, CLI_AT(struct affine_job, lower)},
    {"activation", "NAME",
        "the limit of this activation, as tanh or elu:alpha=0.5; 'list' lists "
        "them",
        CLI_OWN, CLI_AT(struct affine_job, choice), .read = cmd_choice_read,
        .offer = cmd_choice_offer},
    {"lambda", "L", "lambda of SELU (default: the paper's, exact)",
        CLI_DECIMAL, CLI_AT(struct affine_job, request.lambda),
        .sign = CLI_POSITIVE},
    {"alpha", "A", "alpha of SELU (default: the paper's, exact)", CLI_DECIMAL,
        CLI_AT(struct affine_job, request.alpha), .sign = CLI_NOT_NEGATIVE},
    {0},
};

static const char affine_text[] =
    "Alpha dropout at rate {design.rate}, keeping mean {design.mean} and "
    "variance {design.variance}:\n"
    "a dropped unit becomes alpha', then every unit a x + "
    "b\n" CMD_CHOICE_TEXT "\n"
    "a               {a:digits}\n"
    "b               {b:digits}\n"
    "alpha'          {alpha_prime:digits}\n" CMD_PROVEN_TEXT;

static enum sn_status attempt_affine(void *ctx, slong prec)
{
    struct affine_job *job = ctx;
    struct cmd_shown *shown = job->shown;
    NUM_STRUCT(map_point, point);
    NUM_ARB(rate);
    cmd_request_point(&point, &job->request, prec);
    cmd_arb_set_word(rate, job->rate, prec);
    cmd_request_selu(&point, &job->request, prec);
    if (job->lower) {
        cmd_arb_set_word(shown[AFFINE_LOWER].ball, job->lower, prec);
    } else if (job->choice.word) {
        act_lower_arb(shown[AFFINE_LOWER].ball, &job->choice.chosen, prec);
    } else {
        arb_mul(shown[AFFINE_LOWER].ball, point.lambda, point.alpha, prec);
        arb_neg(shown[AFFINE_LOWER].ball, shown[AFFINE_LOWER].ball);
    }
    enum sn_status status = constants_dropout_affine_arb(shown[AFFINE_A].ball,
        shown[AFFINE_B].ball, rate, point.mu, point.nu,
        shown[AFFINE_LOWER].ball, prec);
    /* a rate just below 1 may need more bits to be known as such */
    if (status != SN_OK)
        return SN_UNDECIDED;
    return cmd_shown_decide(shown, AFFINE_SHOWN, job->request.digits);
}

static void check_words(struct affine_job *job)
{
    const struct cli_cli *cli = &job->cli;
    if (!job->rate)
        cli_die(cli, CLI_EXIT_USAGE,
            "no --rate given: the share of dropped units, such as 0.05");
    NUM_ARB(rate, one);
    arb_one(one);
    cmd_arb_set_word(rate, job->rate, 80000);
    if (!arb_lt(rate, one))
        cli_die(cli, CLI_EXIT_USAGE,
            "--rate '%.40s%s': must be from 0 to below 1", job->rate,
            cli_ellipsis(job->rate));
    bool selu = job->request.lambda || job->request.alpha;
    if (selu + !!job->lower + !!job->choice.word > 1)
        cli_die(cli, CLI_EXIT_USAGE,
            "--lower, --activation, and --lambda with --alpha exclude each "
            "other");
}

static json_t *affine_tree(const struct affine_job *job)
{
    return json_pack("{s:{s:s, s:s, s:s}, s:o*, s:o, s:o, s:o, s:I}", "design",
        "rate", job->rate, "mean", job->request.mean, "variance",
        job->request.variance, "activation",
        job->choice.word ? cmd_choice_json(&job->choice) : NULL, "a",
        cmd_shown_json(&job->shown[AFFINE_A]), "b",
        cmd_shown_json(&job->shown[AFFINE_B]), "alpha_prime",
        cmd_shown_json(&job->shown[AFFINE_LOWER]), ".digits",
        (json_int_t)job->request.digits);
}

static enum cli_exit run_dropout_affine(void *data)
{
    struct affine_job *job = data;
    if (!job->choice.word || strcmp(job->choice.word, "list"))
        check_words(job);
    cmd_choice_check(&job->choice, &job->cli);
    if (job->choice.word && !job->choice.chosen.activation->lower)
        cli_die(&job->cli, CLI_EXIT_USAGE,
            "--activation '%.40s': falls without limit for z -> -infinity; "
            "--lower gives the value of dropped units",
            job->choice.word);
    job->request.omega = "0";
    job->request.tau = "1";
    cmd_shown_init(job->shown, AFFINE_SHOWN);
    slong prec = 0;
    enum sn_status status = cmd_with_precision(
        attempt_affine, job, &job->request, job->request.digits, &prec);
    if (status != SN_OK)
        cmd_die_undecided(&job->cli, &job->request, status, prec);
    cli_result(&job->cli, affine_tree(job), CLI_EXIT_OK, affine_text);
    cmd_choice_clear(&job->choice);
    cmd_shown_clear(job->shown, AFFINE_SHOWN);
    flint_cleanup();
    return CLI_EXIT_OK;
}

const struct cli_command cmd_dropout_affine = {
    .name = "dropout-affine",
    .summary = "a and b of alpha dropout, with proof",
    .use = CLI_DERIVE,
    .about =
        "a and b of alpha dropout: dropped units are set to the lower limit "
        "of the activation, and a x + b restores mean and variance; every "
        "printed digit proven.",
    .examples = {"0.05", "--rate 0.1 --activation tanh --variance 0.39"},
    .options = affine_options,
    .size = sizeof(struct affine_job),
    .run = run_dropout_affine,
};

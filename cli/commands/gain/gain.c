/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/gain/gain.h"
#include <stdlib.h>

enum { GAIN_POINT_BALLS = 6 };

static arb_ptr point_ball(struct cmd_gain_point *x, int i)
{
    arb_ptr const ball[GAIN_POINT_BALLS] = {x->q, x->slope, x->chi, x->start,
        x->correlation, x->correlation_slope};
    return ball[i];
}

static void read_q_region(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    char *end;
    double low = strtod(word, &end), high = 0;
    bool pair = end != word && *end == ',';
    if (pair) {
        const char *second = end + 1;
        high = strtod(second, &end);
        pair = end != second && !*end;
    }
    if (!pair || !(low >= 1e-6) || !(high > low) || !(high <= 1e6))
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be LOW,HIGH from 1e-6 to 1e6, such as "
            "0.001,1000",
            option->name, word, cli_ellipsis(word));
    ((double *)to)[0] = low;
    ((double *)to)[1] = high;
}

static void read_dropout(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    cli_decimal(cli, "--dropout", word, CLI_NOT_NEGATIVE);
    if (!(strtod(word, NULL) < 1))
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be from 0 to below 1", option->name, word,
            cli_ellipsis(word));
    *(const char **)to = word;
}

#define AT(member) CLI_AT(struct cmd_gain_job, member)

static const struct cli_option gain_options[] = {
    {.help = "The layer:"},
    CMD_CHOICE_ROWS(struct cmd_gain_job, choice, true),
    {"law", "NAME", "independent weights, or centred: those of a row sum to 0",
        CLI_CHOICE, AT(centred), .choices = "independent or centred",
        .preset = "independent"},
    {"bias", "B", "variance of the biases", CLI_DECIMAL, AT(bias),
        .sign = CLI_NOT_NEGATIVE, .preset = "0"},
    {"dropout", "P",
        "ordinary dropout before the layer: kept units over 1 - P", CLI_OWN,
        AT(dropout), .read = read_dropout},
    {"q", "Q", "second moment of the pre-activations", CLI_DECIMAL, AT(q),
        .sign = CLI_POSITIVE, .preset = "1"},
    {.help = "The wish:"},
    {"keep", "WHAT", "q; or gradients, too, which then sets the biases",
        CLI_CHOICE, AT(keep), .choices = "q or gradients", .preset = "q"},
    {"chi", "X", "q kept, and chi = C'(1) is X: this sets the biases",
        CLI_DECIMAL, AT(chi), .sign = CLI_POSITIVE},
    {"c0", "X", "q kept, and C(0) is X: this sets the biases", CLI_DECIMAL,
        AT(start), .sign = CLI_NOT_NEGATIVE},
    {"gain", "G", "none: what does this gain?", CLI_DECIMAL, AT(gain),
        .sign = CLI_POSITIVE},
    {.help = "What is shown:"},
    {"region", "LOW,HIGH", "where all fixed points of q are looked for",
        CLI_OWN, AT(region), .read = read_q_region, .preset = "0.001,1000"},
    {"digits", "N", "significant digits, 1 to 1000", CLI_WHOLE,
        AT(request.digits), .least = 1, .most = 1000, .preset = "32"},
    {0},
};

static void check_wish(const struct cmd_gain_job *job)
{
    static const char *const wish[] = {"keep", "chi", "c0", "gain"};
    const struct cli_cli *cli = &job->cli;
    const char *first = NULL;
    if (!job->choice.word)
        cli_die(cli, CLI_EXIT_USAGE,
            "no --activation and no --expression given; '--activation list' "
            "lists the activations");
    for (size_t i = 0; i < sizeof wish / sizeof *wish; i++) {
        if (!cli_given(cli, wish[i]))
            continue;
        if (first)
            cli_die(cli, CLI_EXIT_USAGE, "--%s and --%s exclude each other",
                first, wish[i]);
        first = wish[i];
    }
    enum cmd_gain_wish what = cmd_gain_wish_of(job);
    bool sets_bias = what == GAIN_SET_CHI || what == GAIN_SET_START;
    if (sets_bias && cli_given(cli, "bias"))
        cli_die(cli, CLI_EXIT_USAGE,
            "--bias: --%s sets the biases; leave it out, or give --gain",
            first);
    if (job->start && !(strtod(job->start, NULL) < 1))
        cli_die(cli, CLI_EXIT_USAGE, "--c0 '%.40s%s': must be below 1",
            job->start, cli_ellipsis(job->start));
    NUM_ARB(q, bias);
    cmd_arb_set_word(q, job->q, 64);
    cmd_arb_set_word(bias, job->bias, 64);
    if (what == GAIN_KEEP_Q && !arb_lt(bias, q))
        cli_die(cli, CLI_EXIT_USAGE,
            "--bias '%.40s%s': must be below q, which is %.40s", job->bias,
            cli_ellipsis(job->bias), job->q);
}

static enum cli_exit run_gain(void *data)
{
    struct cmd_gain_job *job = data;
    check_wish(job);
    cmd_choice_check(&job->choice, &job->cli);
    cmd_shown_init(job->shown, GAIN_SHOWN);
    field_points_init(&job->points);
    for (int i = 0; i < FIELD_MOST_POINTS * GAIN_POINT_BALLS; i++)
        arb_init(point_ball(
            &job->point[i / GAIN_POINT_BALLS], i % GAIN_POINT_BALLS));
    cmd_gain_solve(job);
    if (!job->exists)
        cli_fail(&job->cli, cmd_gain_tree(job), CLI_EXIT_FAILED, "no_solution",
            "no such layer: with weights of variance %.20s/n the biases would "
            "need the variance %.20s",
            job->shown[GAIN_WEIGHTS].value, job->shown[GAIN_BIAS].value);
    enum cli_exit status =
        cli_result(&job->cli, cmd_gain_tree(job), CLI_EXIT_OK, cmd_gain_text);
    for (int i = 0; i < FIELD_MOST_POINTS * GAIN_POINT_BALLS; i++)
        arb_clear(point_ball(
            &job->point[i / GAIN_POINT_BALLS], i % GAIN_POINT_BALLS));
    field_points_clear(&job->points);
    cmd_shown_clear(job->shown, GAIN_SHOWN);
    expr_clear(&job->f);
    cmd_choice_clear(&job->choice);
    flint_cleanup();
    return status;
}

const struct cli_command cmd_gain = {
    .name = "gain",
    .summary = "gain and biases of a layer that keep what is wished",
    .use = CLI_DERIVE,
    .about =
        "Weights and biases for a wide layer z = sum w f + b, weights of "
        "variance G^2/n: which gain keeps q = E z^2, which one gradients, too "
        "(the critical line), or gives the correlation map C a slope C'(1) or "
        "a start C(0); all fixed points of q in a region, with what signals, "
        "gradients and correlations do there.  Every printed digit is proven.",
    .examples = {"relu", "tanh --keep gradients --q 0.5"},
    .options = gain_options,
    .size = sizeof(struct cmd_gain_job),
    .run = run_gain,
};

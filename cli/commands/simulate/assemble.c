/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the words of the options to networks and what is expected of them. */
#include "cli/commands/simulate/simulate.h"
#include "kernels/kernels.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void program_of(struct cmd_simulation *s, struct expr_program *program,
    struct expr_expression *f)
{
    double place = 0;
    enum sn_status status = expr_program_init(program, f, &place);
    if (status == SN_NO_MEMORY)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_FAILED,
            "%.40s: not finite, or not known to be, near z = %.6g",
            cmd_choice_name(&s->choice), place);
}

/* The activation that is expected and the one that the networks have. */
static void take_activation(struct cmd_simulation *s)
{
    struct cmd_simulation_words *given = &s->words;
    if (!s->choice.word)
        s->choice.word = "selu";
    cmd_choice_check(&s->choice, &s->cli);
    bool selu = !s->choice.own && !strcmp(s->choice.word, "selu");
    cmd_choice_expression(&s->f, &s->choice);
    program_of(s, &s->program, &s->f);
    s->unit = (struct net_unit){.program = &s->program};
    double lambda = s->settings.model.lambda, alpha = s->settings.model.alpha;
    s->settings.model = (struct quad_model){&s->program, selu, lambda, alpha};
    if ((given->lambda || given->alpha) && !selu)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--%s is of SELU; write --activation '%.40s:NAME=VALUE'",
            given->lambda ? "lambda" : "alpha", cmd_choice_name(&s->choice));
    if (given->lambda || given->alpha) {
        struct act_chosen own = s->choice.chosen;
        struct expr_expression f;
        struct expr_fault fault;
        own.parameter[0].value = given->lambda ? given->lambda : "lambda01";
        own.parameter[1].value = given->alpha ? given->alpha : "alpha01";
        expr_init(&f);
        if (act_expression(&f, &own, &fault) != SN_OK)
            cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", fault.reason);
        program_of(s, &s->other, &f);
        expr_clear(&f);
        s->unit.program = &s->other;
    } else if (selu) {
        s->unit.f32 = sn_selu_faithful_f32;
        s->unit.f64 = sn_selu_f64;
        s->unit.grad_f32 = sn_selu_grad_f32;
        s->unit.grad_f64 = sn_selu_grad_f64;
    }
    s->settings.unit = &s->unit;
}

static void take_alpha_dropout(
    struct cmd_simulation *s, struct shared_dropout *d)
{
    enum { RATE_PRECISION = 256 };
    NUM_ARB(rate);
    cmd_arb_set_word(rate, s->words.alpha_dropout, RATE_PRECISION);
    enum sn_status status =
        s->choice.own
            ? SN_NO_SOLUTION
            : net_alpha_dropout(d, &s->choice.chosen, rate,
                  s->settings.target_mean, s->settings.target_variance);
    if (status == SN_NO_SOLUTION)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--alpha-dropout: %.40s has no known finite limit for z -> "
            "-infinity to set units to",
            cmd_choice_name(&s->choice));
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "--alpha-dropout: %s",
            sn_strerror(status));
}

static void take_dropout(struct cmd_simulation *s)
{
    const struct cmd_simulation_words *given = &s->words;
    struct shared_dropout d = {0, 1, 0, 0};
    if (given->alpha_dropout && given->dropout)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--alpha-dropout and --dropout exclude each other");
    if (cli_given(&s->cli, "dropout-last") && !given->alpha_dropout &&
        !given->dropout)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--dropout-last needs --alpha-dropout or --dropout");
    if (given->alpha_dropout) {
        d.rate = strtod(given->alpha_dropout, NULL);
        take_alpha_dropout(s, &d);
    } else if (given->dropout) {
        d.rate = strtod(given->dropout, NULL);
        d.a = 1 / (1 - d.rate);
    }
    if (!cli_given(&s->cli, "dropout-last"))
        s->settings.dropout_layers = s->settings.depth;
    s->settings.dropout = s->settings.expected_dropout = d;
}

static void take_rows(struct cmd_simulation *s)
{
    struct net_networks *n = &s->settings;
    if (cli_given(&s->cli, "per"))
        n->drawn = s->words.per ? NET_PER_UNIT : NET_PER_LAYER;
    bool asked = cli_given(&s->cli, "omega") || cli_given(&s->cli, "tau") ||
                 cli_given(&s->cli, "per");
    bool rows = n->weights->kind == NET_ROW_SUM ||
                n->weights->kind == NET_ROW_SUM_SQUARE;
    if (asked && !rows)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--%s needs --init gaussian-rows or normalized-rows",
            cli_given(&s->cli, "omega") ? "omega"
            : cli_given(&s->cli, "tau") ? "tau"
                                        : "per");
    bool fixed = n->omega.low == n->omega.high && n->tau.low == n->tau.high;
    if (fixed)
        n->drawn = NET_PER_RUN;
    else if (!cli_given(&s->cli, "per"))
        n->drawn = NET_PER_UNIT;
    double widest = fmax(fabs(n->omega.low), fabs(n->omega.high));
    if (!(n->tau.low > widest * widest / (double)n->width))
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--tau %g: must be above omega^2/width = %g, the least sum of "
            "squares with that sum",
            n->tau.low, widest * widest / (double)n->width);
    const char *scaled = cli_given(&s->cli, "gain")   ? "gain"
                         : cli_given(&s->cli, "bias") ? "bias"
                                                      : NULL;
    if (scaled && n->weights->kind != NET_ROW_FREE)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--%s needs independent weights, as --init lecun-normal; not %s",
            scaled, n->weights->name);
    if (cli_given(&s->cli, "gain") && n->weights->gain != 1)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--gain is for laws of variance 1/n, as --init lecun-normal; not "
            "%s",
            n->weights->name);
    n->expected_gain = n->weights->gain * n->gain * n->gain;
}

/* Finite, and with a second moment that the networks can work with. */
static void check_row(const struct cmd_simulation *s, size_t row)
{
    size_t n = s->data.columns;
    const double *x = s->data.value + row * n;
    double second = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            cli_die(&s->cli, CLI_EXIT_UNUSABLE,
                "'%.200s': row %zu, column %zu is not finite", s->words.data,
                row, i);
        second += x[i] * x[i] / (double)n;
    }
    if (second < NET_LEAST_SECOND_MOMENT || second > NET_LARGEST_SECOND_MOMENT)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE,
            "'%.200s': row %zu has the mean square %g; must be from %g to %g",
            s->words.data, row, second, NET_LEAST_SECOND_MOMENT,
            NET_LARGEST_SECOND_MOMENT);
}

static void take_data(struct cmd_simulation *s)
{
    struct net_networks *n = &s->settings;
    char why[256];
    const char *path = s->words.data;
    if (!path)
        return;
    if (cli_given(&s->cli, "start") || cli_given(&s->cli, "correlation") ||
        cli_given(&s->cli, "inputs"))
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--data excludes --inputs, --start and --correlation");
    if (!net_data_read(&s->data, path, why, sizeof why))
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "'%.200s': %s", path, why);
    if (s->data.columns != n->width)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "'%.200s': rows of %zu numbers for layers of %zu units; --width "
            "%zu?",
            path, s->data.columns, n->width, s->data.columns);
    if (s->data.rows > NET_MAX_INPUTS)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE,
            "'%.200s': %zu rows; at most %d inputs", path, s->data.rows,
            NET_MAX_INPUTS);
    for (size_t i = 0; i < s->data.rows; i++)
        check_row(s, i);
    n->data = s->data.value;
    n->inputs = s->data.rows;
}

/* The exact method is quick: by default it sees what the direct one sees. */
static void check_method(struct cmd_simulation *s)
{
    enum { EXACT_NETWORKS = 400 };
    struct net_networks *n = &s->settings;
    if (n->way == NET_WAY_DIRECT)
        return;
    if (!cli_given(&s->cli, "inputs") && !n->data)
        n->inputs = 2;
    if (!cli_given(&s->cli, "networks"))
        n->networks = EXACT_NETWORKS;
    if (n->inputs > NET_MAX_EXACT_INPUTS)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--method exact takes 1 to %d inputs, not %zu",
            NET_MAX_EXACT_INPUTS, n->inputs);
    if (!n->weights->gaussian)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--method exact needs Gaussian weights, not --init %s",
            n->weights->name);
    if (n->backward)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--gradient needs --method direct: exact has no matrices");
}

static void check_pairs(const struct cmd_simulation *s)
{
    if (cli_given(&s->cli, "correlation") && s->settings.inputs % 2)
        cli_die(&s->cli, CLI_EXIT_USAGE,
            "--correlation is of pairs: --inputs must be even, not %zu",
            s->settings.inputs);
}

void cmd_simulation_assemble(struct cmd_simulation *s)
{
    s->settings.seed = s->cli.seed;
    s->settings.threads = s->cli.threads;
    s->study.margins = cli_given(&s->cli, "margin-mean") ||
                       cli_given(&s->cli, "margin-variance");
    take_rows(s);
    take_data(s);
    check_method(s);
    check_pairs(s);
    take_activation(s);
    take_dropout(s);
    if (s->study.power > 0 && !cli_given(&s->cli, "networks"))
        s->settings.networks = 1000000;
}

void cmd_simulation_clear(struct cmd_simulation *s)
{
    net_study_clear(&s->study);
    free((char *)s->study.keeping.identity);
    expr_program_clear(&s->program);
    expr_program_clear(&s->other);
    expr_clear(&s->f);
    cmd_choice_clear(&s->choice);
    net_data_clear(&s->data);
}

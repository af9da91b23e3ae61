/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How commands take an activation, and say what is wrong with it. */
#ifndef SN_CLI_COMMANDS_SHARED_ACTIVATION_H
#define SN_CLI_COMMANDS_SHARED_ACTIVATION_H

#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include "cli/commands/shared/rigorous.h"

/* Rows of a table of options; `choice` is a struct cmd_choice of the job;
   `is_bare`: a word alone is an activation. */
#define CMD_CHOICE_ROWS(type, choice, is_bare)                                \
    {"activation", "NAME",                                                    \
        "an activation, as gelu or elu:alpha=0.5; 'list' lists them",         \
        CLI_OWN, CLI_AT(type, choice), .read = cmd_choice_read,               \
        .offer = cmd_choice_offer, .bare = is_bare},                          \
    {                                                                         \
        "expression", "TEXT",                                                 \
            "an activation of your own, as 'where(z > 0, z, exp(z) - 1)': "   \
            "numbers, z or x, + - * / ^, exp, log, log1p, expm1, tanh, "      \
            "sinh, cosh, asinh, sin, cos, atan, erf, erfc, sqrt, pow, abs, "  \
            "sign, min, max, clip, relu, sigmoid, softplus, where, pi, "      \
            "lambda01, alpha01",                                              \
            CLI_OWN, CLI_AT(type, choice), .read = cmd_choice_read            \
    }
/* Lines of a template for "activation", cmd_choice_json(). */
#define CMD_CHOICE_TEXT "{#activation}{.line}\n{/}"

struct cmd_choice {
    const char *word; /* as given; NULL: none was */
    bool own;         /* --expression */
    struct act_chosen chosen;
    char *values; /* of the parameters, owned */
};

/* For tables: takes the word; offers the names of the list. */
void cmd_choice_read(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to);
const char *cmd_choice_offer(int i);

/*
 * After parsing: prints the list and ends where that was asked for; exit 2
 * where the word is no activation.
 */
void cmd_choice_check(struct cmd_choice *choice, struct cli_cli *cli);
void cmd_choice_clear(struct cmd_choice *choice);

/* A fresh expression; the choice was checked. */
void cmd_choice_expression(
    struct expr_expression *f, const struct cmd_choice *choice);

/* "gelu", "elu:alpha=0.5", "expression"; and its formula. */
const char *cmd_choice_name(const struct cmd_choice *choice);
const char *cmd_choice_formula(const struct cmd_choice *choice);
/* "gelu: FORMULA, parameter = value" */
void cmd_choice_print(FILE *out, const struct cmd_choice *choice);
/* {"name", "expression", "parameters"} */
json_t *cmd_choice_json(const struct cmd_choice *choice);

/* Exit 1: why there are no moments. */
_Noreturn void cmd_choice_die(const struct cmd_choice *choice,
    const struct cli_cli *cli, const struct act_trouble *trouble,
    enum sn_status status, long digits);

/* As cmd_with_precision(), for what costs much more with every bit. */
enum sn_status cmd_with_activation_precision(
    enum sn_status (*attempt)(void *, slong), void *ctx, long digits);

/*
 * The goal of the next attempt, when this one's variance is `variance`: its
 * digits where that may be 0, twice the goal where that was not enough.
 */
void cmd_raise_goal(slong *goal, const arb_t variance, long digits);

#endif

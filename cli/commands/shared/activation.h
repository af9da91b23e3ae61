/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How commands take an activation, and say what is wrong with it. */
#ifndef SN_CLI_COMMANDS_SHARED_ACTIVATION_H
#define SN_CLI_COMMANDS_SHARED_ACTIVATION_H

#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include "cli/commands/shared/rigorous.h"

enum { SN_KEY_ACTIVATION = 0x180, SN_KEY_EXPRESSION };

/* For a command's table of options; both docs are string literals. */
#define SN_ACTIVATION_OPTIONS                                                 \
    {"activation", SN_KEY_ACTIVATION, "NAME", 0,                              \
        "an activation, as gelu or elu:alpha=0.5; 'list' lists them", 0},     \
    {                                                                         \
        "expression", SN_KEY_EXPRESSION, "TEXT", 0,                           \
            "an activation of your own, as 'where(z > 0, z, exp(z) - 1)': "   \
            "numbers, z, + - * / ^, exp, log, log1p, expm1, tanh, erf, "      \
            "sqrt, abs, min, max, where, pi, lambda01, alpha01",              \
            0                                                                 \
    }

struct sn_choice {
    const char *word; /* as given; NULL: none was */
    bool own;         /* --expression */
    struct sn_chosen chosen;
    char *values; /* of the parameters, owned */
};

/* One option's word; false for a key that is not ours. */
bool sn_choice_option(struct sn_choice *choice, const struct sn_cli *cli,
    int key, const char *word);

/*
 * After parsing: prints the list and ends where that was asked for; exit 2
 * where the word is no activation.
 */
void sn_choice_check(struct sn_choice *choice, const struct sn_cli *cli);
void sn_choice_clear(struct sn_choice *choice);

/* A fresh expression; the choice was checked. */
void sn_choice_expression(
    struct sn_expression *f, const struct sn_choice *choice);

/* "gelu", "elu:alpha=0.5", "expression"; and its formula. */
const char *sn_choice_name(const struct sn_choice *choice);
const char *sn_choice_formula(const struct sn_choice *choice);
/* "gelu: FORMULA, parameter = value", a line */
void sn_choice_text(FILE *out, const struct sn_choice *choice);
/* {"name", "expression", "parameters"} */
json_t *sn_choice_json(const struct sn_choice *choice);

/* Exit 1: why there are no moments. */
_Noreturn void sn_choice_die(const struct sn_choice *choice,
    const struct sn_cli *cli, const struct sn_trouble *trouble,
    enum sn_status status, long digits);

/* As sn_with_precision(), for what costs much more with every bit. */
enum sn_status sn_with_activation_precision(
    enum sn_status (*attempt)(void *, slong), void *ctx, long digits);

#endif

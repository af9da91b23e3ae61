/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/asked.h"

/* What the diagnosis tells other formulas from. */
static void tell_formula(
    struct ref_curve *curve, const struct cmd_choice *choice)
{
    curve->text = cmd_choice_formula(choice);
    if (choice->own)
        return;
    curve->parameter = choice->chosen.parameter;
    curve->usual = choice->chosen.activation->parameter;
    while (curve->parameters < ACT_MOST_PARAMETERS &&
           curve->usual[curve->parameters].name)
        curve->parameters++;
}

const struct conf_checked_function *cmd_asked_make(
    struct cmd_asked *asked, const struct cli_cli *cli, const char *name)
{
    struct expr_expression f;
    cmd_choice_expression(&f, &asked->choice);
    if (ref_curve_init(&asked->curve, &f, asked->derivative) != SN_OK)
        cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
    expr_clear(&f);
    tell_formula(&asked->curve, &asked->choice);
    snprintf(asked->name, sizeof asked->name, "%.50s", name);
    asked->function = (struct conf_checked_function){asked->name,
        CONF_FAMILY_CURVE, asked->derivative > 0, false, &asked->curve};
    return &asked->function;
}

const struct conf_checked_function *cmd_asked_function(
    struct cmd_asked *asked, struct cli_cli *cli)
{
    static const char *const rival[] = {
        "function", "gradient", "lambda", "alpha"};
    static const char *const suffix[] = {"", "-grad", "-grad-grad"};
    char name[64];
    cmd_choice_check(&asked->choice, cli);
    if (!asked->choice.word) {
        if (cli_given(cli, "derivative"))
            cli_die(cli, CLI_EXIT_USAGE,
                "--derivative '%d': is of --activation or --expression",
                asked->derivative);
        return NULL;
    }
    for (size_t i = 0; i < sizeof rival / sizeof *rival; i++)
        if (cli_given(cli, rival[i]))
            cli_die(cli, CLI_EXIT_USAGE,
                "--%s: not with --%s, which says what the kernel is; "
                "parameters stand in it, as elu:alpha=0.5",
                rival[i], asked->choice.own ? "expression" : "activation");
    snprintf(name, sizeof name, "%.40s%s", cmd_choice_name(&asked->choice),
        suffix[asked->derivative]);
    return cmd_asked_make(asked, cli, name);
}

void cmd_asked_clear(struct cmd_asked *asked, const struct cli_cli *cli)
{
    if (asked->function.curve) {
        const unsigned long long open = asked->curve.undecided;
        if (open)
            cli_complain(cli, "%s: %llu values were not decided with %d bits",
                asked->name, open, (int)series_bits[SERIES_LEVELS - 1]);
        ref_curve_clear(&asked->curve);
    }
    cmd_choice_clear(&asked->choice);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The function that --activation, --expression and --derivative ask for. */
#ifndef SN_CLI_COMMANDS_SHARED_ASKED_H
#define SN_CLI_COMMANDS_SHARED_ASKED_H

#include "cli/commands/shared/activation.h"
#include "verify/conformance/reference/reference.h"

struct cmd_asked {
    struct cmd_choice choice;
    int derivative;
    struct conf_checked_function function; /* `curve` NULL: not made */
    struct ref_curve curve;
    char name[64];
};

/* Rows of a table of options; `asked` is a struct cmd_asked of the job. */
#define CMD_ASKED_ROWS(type, asked)                                           \
    CMD_CHOICE_ROWS(type, asked.choice, false),                               \
    {                                                                         \
        "derivative", "N", "0, 1 or 2: of the activation or expression",      \
            CLI_WHOLE, CLI_AT(type, asked.derivative), .least = 0, .most = 2  \
    }

/*
 * Makes what was asked for; NULL where nothing was.  Exit 2 where an option
 * says something else of the kernel, too.
 */
const struct conf_checked_function *cmd_asked_function(
    struct cmd_asked *asked, struct cli_cli *cli);
/* Of a choice that was checked, by this name and its derivative. */
const struct conf_checked_function *cmd_asked_make(
    struct cmd_asked *asked, const struct cli_cli *cli, const char *name);
/* Says how many values were not decided, if any. */
void cmd_asked_clear(struct cmd_asked *asked, const struct cli_cli *cli);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the command simulate: what was asked, found, and its forms. */
#ifndef SN_CLI_COMMANDS_SIMULATE_SIMULATE_H
#define SN_CLI_COMMANDS_SIMULATE_SIMULATE_H

#include "cli/cli.h"
#include "cli/commands/shared/activation.h"
#include "verify/networks/data.h"
#include "verify/networks/study.h"

/* What the options said, before it is put together. */
struct cmd_simulation_words {
    const char *lambda, *alpha; /* of the network; NULL: as the theory's */
    const char *alpha_dropout, *dropout;
    const char *data;
    int per;
    bool laws; /* --init list */
};

struct cmd_simulation {
    struct cli_cli cli;
    struct cmd_simulation_words words;
    struct cmd_choice choice; /* the activation that is expected */
    struct expr_expression f;
    struct expr_program program, other; /* other: with --lambda, --alpha */
    struct net_unit unit;
    struct net_data data;
    struct net_networks settings;
    const char *tsv; /* NULL: none */
    bool plan;
    struct net_study study; /* of these settings */
};

extern const struct cli_option cmd_simulation_options[];
/* From words to networks; ends the program where that cannot be. */
void cmd_simulation_assemble(struct cmd_simulation *s);
void cmd_simulation_clear(struct cmd_simulation *s);

void cmd_simulation_text(const struct cmd_simulation *s);
void cmd_simulation_tsv(const struct cmd_simulation *s);
void cmd_simulation_json(const struct cmd_simulation *s);
/* The verdict, one sentence a line; and the law of the networks, two lines. */
void cmd_simulation_verdict(FILE *out, const struct cmd_simulation *s);
void cmd_simulation_settings(FILE *out, const struct cmd_simulation *s);
const char *cmd_simulation_failure(const struct cmd_simulation *s);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts as text and as JSON, for the command alone. */
#ifndef SN_CLI_COMMANDS_PROVE_PROVE_H
#define SN_CLI_COMMANDS_PROVE_PROVE_H

#include "cli/cli.h"
#include "fixedpoint/proofs/claims/claims.h"

/* `all`: every inequality of a long chain too. */
json_t *cmd_prove_claim(const struct claim_claim *claim,
    const struct claim_result *result, bool all);

/*
 * {"figures", "figure_counts", ".figure_count"}: the paper's figures with
 * their verdicts.  `decided`: none stayed undecided, nor did `go_on` say stop.
 */
json_t *cmd_prove_figures(bool *decided, struct claim_prover *prover,
    bool only_wrong, bool (*go_on)(void));
#define CMD_PROVE_FIGURES_TEXT                                                \
    "{#.figure_count}"                                                        \
    "{#figures}{where:-12s} {what}{#lower}, {domain}{/}\n"                    \
    "  {relation:5s} {printed:-22s} "                                         \
    "{#lower}{.of} in [{lower}, {upper}]  {/}{verdict}"                       \
    "{#.off}, off by {off:.2g} of it{/}{#factor} by {.:.4g}{/}\n"             \
    "{#.instead}        {.}\n{/}{#note}        {.}\n{/}{/}"                   \
    "\n{.figure_count}.\n\n"                                                  \
    "{/}"

/* Libraries, precision and the constants that were used. */
json_t *cmd_prove_method(const struct iv_selu *selu);

/* Writes the files of --coq; false, having said why, where one is missing. */
bool cmd_prove_coq(const struct cli_cli *cli, const char *folder,
    struct claim_prover *prover);

/* Every claim there is, with its own domain. */
json_t *cmd_prove_list(void);
extern const char cmd_prove_text[], cmd_prove_list_text[];

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts as text and as JSON, for the command alone. */
#ifndef SN_CLI_COMMANDS_PROVE_PROVE_H
#define SN_CLI_COMMANDS_PROVE_PROVE_H

#include "fixedpoint/proofs/claims/proofs.h"
#include <jansson.h>
#include <stdio.h>

/* `all`: every inequality of a long chain too. */
void cmd_prove_text(FILE *out, const struct claim_claim *claim,
    const char *const (*domain)[2], const struct claim_result *result,
    bool all);
json_t *cmd_prove_json(
    const struct claim_claim *claim, const struct claim_result *result);

/*
 * The paper's figures with their verdicts, to `out` or, where that is NULL,
 * to `rows`.  False if one stayed undecided or `go_on` said stop.
 */
bool cmd_prove_figures(
    FILE *out, json_t *rows, struct claim_prover *prover, bool (*go_on)(void));

/* Libraries, precision and the constants that were used. */
void cmd_prove_text_method(FILE *out, const struct iv_selu *selu);
json_t *cmd_prove_json_method(const struct iv_selu *selu);

/* Every claim there is, with its own domain. */
void cmd_prove_text_list(FILE *out);
json_t *cmd_prove_json_list(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inequalities that make a claim, as they are collected and judged. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_PARTS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_PARTS_H

#include "fixedpoint/proofs/claims/inequality.h"

struct claim_result {
    enum claim_verdict verdict;
    const char *domain[IV_COORDINATES][2]; /* the claim's, as it was asked */
    struct claim_part *parts;
    size_t planned, part_count; /* of them, and how many were tried */
    struct claim_part_result *part;
    char **text; /* all texts of the parts, to free */
    size_t texts;
    char conclusion[512]; /* what the parts come to; empty if nothing */
    bool is_against;      /* the parts are a refutation of the claim, */
    char stays[4][48];    /* as near this mu, nu, omega, tau an orbit stays */
};
void claim_result_clear(struct claim_result *result);

/* A copy of the text that lives as long as the result; NULL: no memory. */
const char *claim_keep(struct claim_result *result, const char *text);
/*
 * One more part, made of copies of the texts; NULL: no memory.  `domain` has
 * the ends of all coordinates, NULL where there is none.
 */
struct claim_part *claim_add(struct claim_result *result,
    const struct claim_part *model, const char *name, const char *limit,
    const char *const (*domain)[2]);
/* Tries all that are planned, within the prover's budget. */
enum sn_status claim_prove_parts(
    struct claim_result *result, struct claim_prover *prover);

#endif

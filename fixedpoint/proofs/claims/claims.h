/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claims about the map g, machine-checked: this is the manual of the room.
 * A claim is a row of claim_table with rows of inequalities, written as the
 * mathematics is in the vocabulary of definitions.c on the domains of
 * domains.c, or a builder that makes them for the domain at hand.
 */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_CLAIMS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_CLAIMS_H

#include "fixedpoint/proofs/claims/parts.h"

/*
 * `limit`: "< 1", ">= -0.1"; "<= mu": the domain's own upper end of mu;
 * "within 0.1": below 0.1 and above -0.1, two inequalities; "not < 1": the
 * inequality does not hold everywhere.  `domain`: a name of domains.c, NULL:
 * the claim's.
 */
struct claim_row {
    const char *name, *statement, *formula, *limit, *domain;
};

/* Makes the parts for result->domain. */
typedef enum sn_status claim_build(
    struct claim_result *result, struct claim_prover *prover);

/* The claim holds iff all its parts do; the first gives its extremum. */
struct claim_claim {
    const char *name, *statement, *source, *domain;
    const struct claim_row *rows;
    size_t row_count;
    claim_build *build; /* in place of rows */
};
extern const struct claim_claim claim_table[];
extern const size_t claim_count;
const struct claim_claim *claim_find(const char *name);

/* `result` need not be initialised. */
enum sn_status claim_prove(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover);
/* Not where it is about one point, or has domains made for it. */
bool claim_takes_domain(const struct claim_claim *claim);

/* What cannot be read in a row. */
enum claim_mistake {
    CLAIM_NO_MISTAKE,
    CLAIM_UNKNOWN_DOMAIN,
    CLAIM_UNREADABLE_LIMIT,
    CLAIM_UNREADABLE_FORMULA,
    CLAIM_NO_MEMORY
};
/*
 * Domain and parts of the rows (`result` need not be initialised, and is to be
 * cleared), with the prover's ends where it is not NULL; `*row` is the row at
 * fault.
 */
enum claim_mistake claim_read(struct claim_result *result, const char **row,
    const struct claim_claim *claim, const struct claim_prover *prover);
/* The parts of one row, for builders. */
enum claim_mistake claim_add_row(struct claim_result *result,
    const struct claim_row *row, const struct claim_prover *prover);
/* The first mistake in any row of the claims, formulas included. */
enum claim_mistake claim_check(
    const char **row, const struct claim_claim *claims, size_t count);

/* Sense, closed, fails and the limit's text, which is part of `text`. */
bool claim_limit_read(struct claim_part *part, const char *text);

#endif

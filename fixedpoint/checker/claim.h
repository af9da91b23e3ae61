/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What inequalities make a claim; for check.c. */
#ifndef SN_FIXEDPOINT_CHECKER_CLAIM_H
#define SN_FIXEDPOINT_CHECKER_CLAIM_H

#include "fixedpoint/checker/checker.h"

/* An inequality whose proof was checked. */
struct snc_part {
    char *formula;
    int sense;
    bool closed, fails;
    struct snc_domain domain;
    fmpq_t limit;
};

/* Does the claim of that name say no more than its inequalities do? */
bool snc_claim_is_list(const char *name);

/*
 * Do these inequalities, all of them true, make the claim of that name?  NULL
 * if so, else why not.  Of a claim about orbits, *last is the part where the
 * last piece of the start begins: from the first part's nu to its; else count.
 */
const char *snc_claim_follows(
    const char *name, const struct snc_part *part, size_t count, size_t *last);

#endif

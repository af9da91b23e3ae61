/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains of the paper, and some of ours, by name. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_DOMAINS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_DOMAINS_H

#include "fixedpoint/proofs/intervals/formulas.h"

/*
 * `ends`: "mu=-0.1:0.1,nu=1", which is one point of nu.  Where `design` is
 * there, with the constants that have the fixed point (mean, variance) at
 * omega and tau.
 */
struct claim_domain {
    const char *name, *ends, *design[4];
};
extern const struct claim_domain claim_domains[];
extern const size_t claim_domain_count;
const struct claim_domain *claim_domain_find(const char *name);

/* The ends as texts, which point into a copy; not to be copied itself. */
struct claim_ends {
    const char *end[IV_COORDINATES][2];
    char text[128];
};
/* False where it is no such text, or an interval is none. */
bool claim_ends_read(struct claim_ends *ends, const char *text);

#endif

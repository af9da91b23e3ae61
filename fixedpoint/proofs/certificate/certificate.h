/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates of what was proved, for anybody's checker; the format is in
 * docs/reference/certificates.md.  They are written to a stream as the claims
 * are proved: start, any number of claims, finish; errors stay with the
 * stream.
 */
#ifndef SN_FIXEDPOINT_PROOFS_CERTIFICATE_CERTIFICATE_H
#define SN_FIXEDPOINT_PROOFS_CERTIFICATE_CERTIFICATE_H

#include "fixedpoint/proofs/claims/claims.h"
#include <stdint.h>
#include <stdio.h>

/* The format's limits; beyond them nothing is written. */
enum { CERT_MOST_BYTES = 100000000, CERT_DEEPEST = 1000 };

struct cert_certificate {
    FILE *out;
    uint64_t sum;
    size_t bytes;
    bool too_large; /* beyond a limit: what was written is no certificate */
};
/* The version of this program. */
void cert_start(
    struct cert_certificate *certificate, FILE *out, const char *version);
/*
 * Of a claim that was proved by a prover that kept the trees; `design` is
 * that of the constants, and of use to the claim of that name alone.
 */
void cert_claim(struct cert_certificate *certificate,
    const struct claim_claim *claim, const struct claim_result *result,
    const char *const design[4]);
void cert_finish(struct cert_certificate *certificate);

#endif

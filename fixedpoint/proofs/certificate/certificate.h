/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates of what was proved, for anybody's checker; the format is in
 * docs/proofs.md.  They are written to a stream as the claims are proved:
 * start, any number of claims, finish; errors stay with the stream.
 */
#ifndef SN_FIXEDPOINT_PROOFS_CERTIFICATE_CERTIFICATE_H
#define SN_FIXEDPOINT_PROOFS_CERTIFICATE_CERTIFICATE_H

#include "fixedpoint/proofs/claims/claims.h"
#include <stdint.h>
#include <stdio.h>

struct cert_certificate {
    FILE *out;
    uint64_t sum;
};
/* The version of this program, and the design whose constants were used. */
void cert_start(struct cert_certificate *certificate, FILE *out,
    const char *version, const char *const design[4]);
/* Of a claim that was proved by a prover that kept the leaves. */
void cert_claim(struct cert_certificate *certificate,
    const struct claim_claim *claim, const struct claim_result *result);
void cert_finish(struct cert_certificate *certificate);

#endif

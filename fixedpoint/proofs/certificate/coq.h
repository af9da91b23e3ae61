/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Theorem 1's inequalities for Coq: box by box, each of which the tactic `box`
 * of formal/Enclosure.v proves, and the cover of the rectangle by them.  What
 * the formal proof makes of them is in formal/Contraction.v.
 */
#ifndef SN_FIXEDPOINT_PROOFS_CERTIFICATE_COQ_H
#define SN_FIXEDPOINT_PROOFS_CERTIFICATE_COQ_H

#include "fixedpoint/proofs/claims/inequality.h"
#include <stdio.h>

/* The Coq name of the inequality and of its file; NULL behind the last. */
const char *cert_coq_name(size_t number);
/*
 * Searches with the enclosure that Coq will use and writes the file.
 * SN_UNDECIDED, and nothing is written, where that is not enough; the
 * prover's search is as it was.
 */
enum sn_status cert_coq_write(
    FILE *out, size_t number, struct claim_prover *prover);

#endif

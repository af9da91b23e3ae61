/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A finished part of a sweep as lines of text:
 *   part FIRST COUNT               blocks of inputs
 *   counts INPUTS WRONG ZEROS MONOTONICITY CHANGED
 *   worst ULP X GOT             none: ULP -1
 *   binade INDEX COUNT...          of the histogram, where not all are 0
 *   curve INDEX ULP
 *   ends FIRST LAST                of each block, bits; exhaustive f32 alone
 */
#ifndef SN_VERIFY_CONFORMANCE_RECORDS_SHARD_H
#define SN_VERIFY_CONFORMANCE_RECORDS_SHARD_H

#include "verify/conformance/sweep/sweep.h"
#include "verify/shared/parts.h"
#include <stdio.h>

void record_part_print(FILE *out, const struct sweep_part *part);

/* Into the score and ends of a part that says which blocks it wants, and which
   are spoilt unless SHARED_PARTS_OK; `text` is cut up. */
enum shared_parts_state record_part_parse(struct sweep_part *part, char *text);

#endif

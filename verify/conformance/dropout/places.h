/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths, places and unusual inputs; internal to dropout/. */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_PLACES_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_PLACES_H

#include "verify/conformance/dropout/affine.h"

/* Five widths of vectors: the share dropped, and neighbours alike. */
enum { DROPOUT_PLACE_TESTS = 10 };

/*
 * Values and mask at every length from 0 to 130, flush left and right, against
 * the law at rate 0.5, whatever the mask; in place; at offsets; one long
 * array. `lengths` gets memory and values, `mask` the mask's statistics.
 */
void dropout_judge_places(struct conf_finding *lengths,
    struct conf_finding *mask, struct dropout_calls *calls,
    const struct dropout_law *law, double threshold);

/* Full-precision and special inputs, kept and dropped. */
void dropout_judge_unusual(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_law *law);

/* A call that failed, among the diagnoses. */
void dropout_tell_failure(
    struct dropout_calls *calls, const struct subject_failure *failure);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of the mask; internal to dropout/. */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_MASK_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_MASK_H

#include "verify/conformance/dropout/calls.h"

enum {
    DROPOUT_MASK_NEAR = 64, /* all lags to there, then 128, 256, ... 32768 */
    DROPOUT_MASK_LAGS = DROPOUT_MASK_NEAR + 9,
    DROPOUT_MASK_LANES = 16, /* rate by position mod 16 */
    /* for each rate: rate, mean, variance, kept and dropped per lane, lags,
       neighbouring seeds, sign of the input */
    DROPOUT_MASK_TESTS = 1 + 2 + DROPOUT_MASK_LANES + DROPOUT_MASK_LAGS + 1 + 1
};

struct dropout_mask_data {
    double rate, threshold;
    bool together; /* channels are kept or dropped as a whole */
    /* elements of a call that decide, calls */
    size_t block, blocks;
    double *x;              /* a block of inputs by class */
    double *y;              /* all results */
    unsigned char *dropped; /* 1: dropped */
    uint64_t *bits;         /* the same; a block starts a word */
};
bool dropout_mask_start(struct dropout_mask_data *data, uint64_t samples);
void dropout_mask_end(struct dropout_mask_data *data);
void dropout_mask_inputs(struct dropout_mask_data *data,
    const struct dropout_question *question, struct dropout_view *view);
/* All calls: block k with seed + k; false: it failed, or was stopped. */
bool dropout_mask_gather(struct dropout_mask_data *data,
    struct dropout_calls *calls, struct dropout_view *view, bool *stopped);

/* How many neighbours share a decision: 1, or a mask per
   channel; after how many elements the mask begins again, or 0. */
size_t dropout_mask_channel(const struct dropout_mask_data *data);
size_t dropout_mask_period(const struct dropout_mask_data *data);

/* Standard deviations that k of n are away from a share p: see mask.c. */
double dropout_mask_deviations(size_t k, size_t n, double p);

void dropout_mask_rate(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding);
void dropout_mask_moments(const struct dropout_mask_data *data,
    struct conf_finding *finding, const struct dropout_question *question);
void dropout_mask_independence(const struct dropout_mask_data *data,
    struct diag_list *list, struct conf_finding *finding);

/* What the tests catch with probability 0.999, given the threshold. */
void dropout_mask_power(
    struct dropout_answer *answer, const struct dropout_question *question);

#endif

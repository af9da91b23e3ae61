/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of the mask; internal to dropout/. */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_MASK_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_MASK_H

#include "verify/conformance/dropout/ask.h"

enum {
    DROPOUT_MASK_NEAR = 64, /* all lags to there, then 128, 256, ... 32768 */
    DROPOUT_MASK_LAGS = DROPOUT_MASK_NEAR + 9,
    DROPOUT_MASK_LANES = 16, /* rate by position mod 16 */
    /* for each rate: rate, mean, variance, kept and dropped per lane, lags,
       neighbouring seeds, sign of the input */
    DROPOUT_MASK_TESTS = 1 + 2 + DROPOUT_MASK_LANES + DROPOUT_MASK_LAGS + 1 + 1
};

struct dropout_notes {
    struct conf_diagnosis *diagnosis;
    int count;
};
void dropout_diagnose(struct dropout_notes *notes, const char *code,
    const char *words, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

struct dropout_mask_data {
    double rate;
    size_t block, blocks;   /* elements of a call, calls */
    double *x;              /* a block of inputs by class */
    double *y;              /* all results */
    unsigned char *dropped; /* 1: dropped */
    uint64_t *bits;         /* the same; a block starts a word */
};
bool dropout_mask_start(struct dropout_mask_data *data, uint64_t samples);
void dropout_mask_end(struct dropout_mask_data *data);
void dropout_mask_inputs(
    struct dropout_mask_data *data, int dtype, struct dropout_view *view);
/* All calls: block k with seed + k. */
bool dropout_mask_gather(struct dropout_mask_data *data,
    struct dropout_ask *ask, struct dropout_dropout *dropout,
    struct dropout_view *view);

void dropout_mask_rate(const struct dropout_mask_data *data,
    struct dropout_notes *notes, struct conf_finding *finding,
    double threshold);
void dropout_mask_moments(const struct dropout_mask_data *data, int dtype,
    struct conf_finding *finding, const struct conf_reference *reference,
    double threshold);
void dropout_mask_independence(const struct dropout_mask_data *data,
    struct dropout_notes *notes, struct conf_finding *finding,
    double threshold);

/* Says what the tests catch with probability 0.999. */
void dropout_mask_power(
    struct dropout_dropout *dropout, const struct conf_reference *reference);

#endif

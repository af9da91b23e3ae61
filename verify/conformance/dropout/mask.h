/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of the mask; internal to dropout/. */
#ifndef SN_VERIFY_DROPOUT_MASK_H
#define SN_VERIFY_DROPOUT_MASK_H

#include "verify/conformance/dropout/ask.h"

enum {
    SN_MASK_NEAR = 64, /* all lags to there, then 128, 256, ... 32768 */
    SN_MASK_LAGS = SN_MASK_NEAR + 9,
    SN_MASK_LANES = 16, /* rate by position mod 16 */
    /* for each rate: rate, mean, variance, kept and dropped per lane, lags,
       neighbouring seeds, sign of the input */
    SN_MASK_TESTS = 1 + 2 + SN_MASK_LANES + SN_MASK_LAGS + 1 + 1
};

struct sn_dropout_notes {
    struct sn_diagnosis *diagnosis;
    int count;
};
void sn_dropout_diagnose(struct sn_dropout_notes *notes, const char *code,
    const char *words, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

struct sn_mask_data {
    double rate;
    size_t block, blocks;   /* elements of a call, calls */
    double *x;              /* a block of inputs by class */
    double *y;              /* all results */
    unsigned char *dropped; /* 1: dropped */
    uint64_t *bits;         /* the same; a block starts a word */
};
bool sn_mask_start(struct sn_mask_data *data, uint64_t samples);
void sn_mask_end(struct sn_mask_data *data);
void sn_mask_inputs(
    struct sn_mask_data *data, int dtype, struct sn_dropout_view *view);
/* All calls: block k with seed + k. */
bool sn_mask_gather(struct sn_mask_data *data, struct sn_ask *ask,
    struct sn_dropout *dropout, struct sn_dropout_view *view);

void sn_mask_rate(const struct sn_mask_data *data,
    struct sn_dropout_notes *notes, struct sn_finding *finding,
    double threshold);
void sn_mask_moments(const struct sn_mask_data *data, int dtype,
    struct sn_finding *finding, const struct sn_reference *reference,
    double threshold);
void sn_mask_independence(const struct sn_mask_data *data,
    struct sn_dropout_notes *notes, struct sn_finding *finding,
    double threshold);

/* Says what the tests catch with probability 0.999. */
void sn_mask_power(
    struct sn_dropout *dropout, const struct sn_reference *reference);

#endif

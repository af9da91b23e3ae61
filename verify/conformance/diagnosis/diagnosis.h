/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a kernel, in its maintainer's words: observed errors
 * against candidate explanations; internal to verify/conformance/.  Every
 * explanation carries its evidence, a count or a figure, and is given only
 * where the evidence excludes the right formula.
 */
#ifndef SN_VERIFY_DIAGNOSIS_H
#define SN_VERIFY_DIAGNOSIS_H

#include "verify/conformance/conformance.h"

struct sn_sample {
    double x, y, want;
    double error; /* of y, in ULP, with its sign (+: above) */
    double unit;  /* of the last place of f(x) */
    bool wrong;   /* not correctly rounded */
};

struct sn_evidence {
    const struct sn_reference *reference;
    int dtype;
    struct sn_sample *sample;
    size_t n, wrong;
    struct sn_diagnosis *found;
    int count;
    bool another; /* it computes something else altogether */
};

/* Adds one, unless the code is there or the table is full. */
void sn_diagnosis_add(struct sn_evidence *e, const char *code, bool fault,
    const char *words, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* w: of e^(x/w). */
double sn_diagnosis_width(const struct sn_evidence *e);
bool sn_diagnosis_has(const struct sn_evidence *e, const char *code);

/*
 * A candidate: a x above 0, b (e^(x/w) - 1) below; derivative a, b e^(x/w).
 * In long double, so far more exact than any kernel.
 */
struct sn_candidate {
    long double a, b, w;
};
long double sn_candidate_at(
    const struct sn_candidate *candidate, bool derivative, double x);

void sn_diagnose_constants(struct sn_evidence *e);
void sn_diagnose_slope(struct sn_evidence *e);
void sn_diagnose_formulas(struct sn_evidence *e);
void sn_diagnose_rounding(struct sn_evidence *e);
void sn_diagnose_ranges(struct sn_evidence *e);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a kernel, in its maintainer's words: observed errors
 * against candidate explanations; internal to verify/conformance/.  Every
 * explanation carries its evidence, a count or a figure, and is given only
 * where the evidence excludes the right formula.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_DIAGNOSIS_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_DIAGNOSIS_H

#include "verify/conformance/conformance.h"

struct diag_sample {
    double x, y, want;
    double error; /* of y, in ULP, with its sign (+: above) */
    double unit;  /* of the last place of f(x) */
    bool wrong;   /* not correctly rounded */
};

struct diag_evidence {
    const struct conf_reference *reference;
    int dtype;
    struct diag_sample *sample;
    size_t n, wrong;
    struct conf_diagnosis *found;
    int count;
    bool another; /* it computes something else altogether */
};

/* Adds one, unless the code is there or the table is full. */
void diag_add(struct diag_evidence *e, const char *code, bool fault,
    const char *words, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* w: of e^(x/w). */
double diag_width(const struct diag_evidence *e);
bool diag_has(const struct diag_evidence *e, const char *code);

/*
 * A candidate: a x above 0, b (e^(x/w) - 1) below; derivative a, b e^(x/w).
 * In long double, so far more exact than any kernel.
 */
struct diag_candidate {
    long double a, b, w;
};
long double diag_candidate_at(
    const struct diag_candidate *candidate, bool derivative, double x);

void diag_constants(struct diag_evidence *e);
void diag_slope(struct diag_evidence *e);
void diag_formulas(struct diag_evidence *e);
void diag_rounding(struct diag_evidence *e);
void diag_ranges(struct diag_evidence *e);

#endif

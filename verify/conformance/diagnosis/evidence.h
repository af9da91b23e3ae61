/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results to explain, and candidates; internal to diagnosis/. */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_EVIDENCE_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_EVIDENCE_H

#include "verify/conformance/diagnosis/diagnosis.h"

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
    struct diag_list *list;
    bool another; /* it computes something else altogether */
};

/* w: of e^(x/w). */
double diag_width(const struct diag_evidence *e);
/* Calls for the samples; false: it did not run. */
bool diag_gather(
    struct diag_evidence *e, const struct diag_question *question);

/*
 * A candidate: a x above 0, b (e^(x/w) - 1) below; derivative a, b e^(x/w).
 * In long double, so far more exact than any kernel.
 */
struct diag_candidate {
    long double a, b, w;
};
long double diag_candidate_at(
    const struct diag_candidate *candidate, bool derivative, double x);

void diag_at_zero(struct diag_evidence *e);
void diag_constants(struct diag_evidence *e);
void diag_slope(struct diag_evidence *e);
void diag_formulas(struct diag_evidence *e);
void diag_rounding(struct diag_evidence *e);
void diag_ranges(struct diag_evidence *e);

#endif

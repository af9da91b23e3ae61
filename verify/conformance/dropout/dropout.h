/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is an alpha dropout right?  Of n inputs x each is kept with probability
 * q = 1 - p and becomes a x + b; the others become a alpha' + b, with
 * alpha' = -lambda alpha, a = (q (1 + p alpha'^2))^(-1/2), b = -a p alpha', so
 * that mean 0 and variance 1 stay (section 3 of the paper).
 *
 * What is kept and what is dropped shows in the values, so a, b and the
 * dropped value are judged exactly; the mask is judged by statistics.  All
 * statistical tests of a run are one family, by Bonferroni: a right kernel
 * fails any of them with at most the probability asked for.
 */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_DROPOUT_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_DROPOUT_H

#include "verify/conformance/diagnosis/list.h"
#include "verify/conformance/reference/reference.h"

enum { DROPOUT_RATES = 8 };

struct dropout_question {
    const struct conf_reference *reference;
    const struct subject *subject;
    int type;
    double rate[DROPOUT_RATES];
    int rates;
    double false_alarm; /* of the whole family, 1e-6 */
    uint64_t samples;   /* for each rate */
    uint64_t seed;
    size_t channel; /* neighbours that share a decision; 0, 1: none do */
    double max_ulp, timeout;
    const volatile sig_atomic_t *stop; /* as of struct subject_task */
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
};

/* What the tests catch with probability 0.999, at each rate. */
struct dropout_power {
    double rate, share, square, mean; /* off by; square: relative */
};

struct dropout_answer {
    int tests;        /* in the family */
    double threshold; /* standard deviations that fail one of them */
    bool stopped;
    struct subject_failure failure; /* UNUSABLE: nothing was judged */
    struct dropout_power power[DROPOUT_RATES];
};

/* a, b and the dropped value, exactly, to double. */
void dropout_exact(double *a, double *b, double *dropped,
    const struct conf_reference *reference, double rate);

/* Fills findings and the list; returns how many findings. */
int dropout_run(struct dropout_answer *answer,
    struct conf_finding findings[CONF_FINDINGS], struct diag_list *list,
    const struct dropout_question *question);

#endif

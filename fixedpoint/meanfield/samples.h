/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A function once sampled, for all Gaussians about m whose variance lies in
 * [low, high]: nodes of Gauss-Legendre rules on panels that are so short that
 * bounds of f on ellipses around them (Trefethen, Approximation Theory, 19.3)
 * leave an error below what is wanted.  Any moment at any of these variances
 * is then a sum over the nodes.
 */
#ifndef SN_FIXEDPOINT_MEANFIELD_SAMPLES_H
#define SN_FIXEDPOINT_MEANFIELD_SAMPLES_H

#include "fixedpoint/activations/gaussian.h"

/* Distances from m on the rectangle about a panel's ellipse. */
struct field_panel {
    arf_t near, far, high; /* least and largest real, largest imaginary */
    mag_t value;           /* max(|f|, |f|^2) there, times the rule's error */
};

struct field_samples {
    /* asked */
    arb_t m, low, high; /* of the variance */
    slong hermite;      /* factors h_k, k < hermite, are allowed for */
    slong goal, prec;   /* errors below 2^-goal; bits of arithmetic */
    /* found */
    arb_ptr u, weight, value; /* u = z - m */
    slong count, room;
    struct field_panel *panel;
    slong panels, most_panels;
    mag_t tail; /* E max(|f|, f^2) (1 + u^2/v) of what lies farther out */
    mag_t gap;  /* |f|, and f^2, times the width where the formula is open */
};
void field_samples_init(struct field_samples *samples);
void field_samples_clear(struct field_samples *samples);

/* SN_BAD_VALUE: f has no moments, see trouble; SN_UNDECIDED. */
enum sn_status field_samples_take(struct field_samples *samples,
    struct expr_expression *f, struct act_trouble *trouble);

/* E f, E f^2 and their derivatives in v, for all variances of a ball. */
void field_samples_moments(arb_t mean, arb_t square, arb_t mean_v,
    arb_t square_v, const struct field_samples *samples, const arb_t v,
    slong prec);

/*
 * a_k = E f(z) h_k((z - m)/sqrt v), k < samples->hermite, h_k the orthonormal
 * Hermite polynomials, and the rest of Parseval's identity,
 * E f^2 - sum a_k^2.
 */
void field_samples_hermite(arb_ptr coefficient, arb_t rest,
    const struct field_samples *samples, const arb_t v);

#endif

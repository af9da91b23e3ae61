/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of two correlated standard normal numbers over a quadrant. */
#ifndef SN_FIXEDPOINT_MEANFIELD_QUADRANT_H
#define SN_FIXEDPOINT_MEANFIELD_QUADRANT_H

#include "fixedpoint/numbers/arb_compat.h"

/* rho, |rho| < 1, and sqrt(1 - rho^2), which must not be found from it. */
struct field_correlation {
    arb_t rho, rest;
};
void field_correlation_init(struct field_correlation *x);
void field_correlation_clear(struct field_correlation *x);
void field_correlation_set(struct field_correlation *x, const arb_t covariance,
    const arb_t v1, const arb_t v2, slong prec);

/*
 * moment[i columns + j] = E u1^i u2^j over u1 > h, u2 > k, i < rows, j <
 * columns; h, k are finite or -infinity.
 */
void field_quadrant_arb(arb_ptr moment, slong rows, slong columns,
    const arb_t h, const arb_t k, const struct field_correlation *rho,
    slong prec);

#endif

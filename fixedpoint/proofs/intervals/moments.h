/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the map's moments; for map_mpfi.c. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_MOMENTS_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_MOMENTS_H

#include "fixedpoint/proofs/intervals/formulas.h"

/* ---- the basis (moments_basis.c) -------------------------------------- */

/* Of a box of (m, v): P, C, N, X1, X2 and m / v. */
struct iv_basis {
    mpfi_t m, v, p, c, n, x1, x2, ratio;
};

/* Those of the boxes seen lately, as siblings share points and faces. */
struct iv_bases;
struct iv_bases *iv_bases_new(void); /* NULL: no memory */
void iv_bases_free(struct iv_bases *bases);
/* Valid until the next call for another box; NULL: no memory. */
const struct iv_basis *iv_basis_of(
    struct iv_bases *bases, mpfi_srcptr m, mpfi_srcptr v);

/* ---- derivatives (moments_orders.c) ----------------------------------- */

/* Sharpened derivatives, and two more that sharpen them. */
enum { IV_ORDERS = 7, IV_MORE_ORDERS = IV_ORDERS + 2 };

/* Derivatives in m of N, X1, X2, E selu and E selu^2. */
struct iv_orders {
    mpfi_t n[IV_MORE_ORDERS], x1[IV_MORE_ORDERS], x2[IV_MORE_ORDERS];
    mpfi_t e[IV_MORE_ORDERS], q[IV_MORE_ORDERS];
};
void iv_orders_init(struct iv_orders *orders);
void iv_orders_clear(struct iv_orders *orders);

/* The constants and their combinations, and some room. */
struct iv_factors {
    mpfi_t lambda, alpha, lambda2, alpha1, alpha2, s, t;
};
void iv_factors_init(struct iv_factors *factors);
void iv_factors_clear(struct iv_factors *factors);
void iv_factors_set(struct iv_factors *factors, const struct iv_selu *selu);

void iv_orders_set(struct iv_orders *orders, struct iv_factors *factors,
    const struct iv_basis *basis, int count);
/*
 * Intersects the first `count` of a box, of which two more are there, with the
 * mean value forms at the centre, step_m and step_v away.
 */
void iv_orders_sharpen(struct iv_orders *box, struct iv_factors *factors,
    const struct iv_orders *centre, mpfi_srcptr step_m, mpfi_srcptr step_v,
    int count);

#endif

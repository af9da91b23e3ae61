/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the map's moments; for map_mpfi.c. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_MOMENTS_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_MOMENTS_H

#include "fixedpoint/proofs/intervals/formulas.h"

/* ---- the basis (moments_basis.c) -------------------------------------- */

/* Of a box of (m, v): P, C, N, X1, X2 and m / v. */
struct sn_basis {
    mpfi_t m, v, p, c, n, x1, x2, ratio;
};

/* Those of the boxes seen lately, as siblings share points and faces. */
struct sn_bases;
struct sn_bases *sn_bases_new(void); /* NULL: no memory */
void sn_bases_free(struct sn_bases *bases);
/* Valid until the next call for another box; NULL: no memory. */
const struct sn_basis *sn_basis_of(
    struct sn_bases *bases, mpfi_srcptr m, mpfi_srcptr v);

/* ---- derivatives (moments_orders.c) ----------------------------------- */

/* Sharpened derivatives, and two more that sharpen them. */
enum { SN_ORDERS = 7, SN_MORE_ORDERS = SN_ORDERS + 2 };

/* Derivatives in m of N, X1, X2, E selu and E selu^2. */
struct sn_orders {
    mpfi_t n[SN_MORE_ORDERS], x1[SN_MORE_ORDERS], x2[SN_MORE_ORDERS];
    mpfi_t e[SN_MORE_ORDERS], q[SN_MORE_ORDERS];
};
void sn_orders_init(struct sn_orders *orders);
void sn_orders_clear(struct sn_orders *orders);

/* The constants and their combinations, and some room. */
struct sn_factors {
    mpfi_t lambda, alpha, lambda2, alpha1, alpha2, s, t;
};
void sn_factors_init(struct sn_factors *factors);
void sn_factors_clear(struct sn_factors *factors);
void sn_factors_set(struct sn_factors *factors, const struct sn_selu *selu);

void sn_orders_set(struct sn_orders *orders, struct sn_factors *factors,
    const struct sn_basis *basis, int count);
/*
 * Intersects the first `count` of a box, of which two more are there, with the
 * mean value forms at the centre, step_m and step_v away.
 */
void sn_orders_sharpen(struct sn_orders *box, struct sn_factors *factors,
    const struct sn_orders *centre, mpfi_srcptr step_m, mpfi_srcptr step_v,
    int count);

#endif

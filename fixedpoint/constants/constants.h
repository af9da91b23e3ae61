/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The constants that give the map a wanted fixed point, and those of alpha
 * dropout; in balls, as in map.h.  Includes the rooms numbers and map.
 */
#ifndef SN_FIXEDPOINT_CONSTANTS_CONSTANTS_H
#define SN_FIXEDPOINT_CONSTANTS_CONSTANTS_H

#include "fixedpoint/map/map.h"

/*
 * lambda, alpha > 0 that make (mu, nu) of `point` a fixed point of g for its
 * omega, tau; its lambda and alpha are set.  A solution exists, and is then
 * unique, iff  a1/sqrt(b1) < mu/sqrt(nu + mu^2) < a0/sqrt(b0)
 * (docs/mathematics/theory.md). SN_OK: the criterion is proven to hold.
 * SN_NO_SOLUTION: proven not to. SN_UNDECIDED: `prec` is too small to tell.
 */
enum sn_status constants_solve_arb(struct map_point *point, slong prec);

/* The same with the moments at N(mu omega, nu tau) at hand. */
enum sn_status constants_solve_with_moments_arb(
    struct map_point *point, const struct map_moments *moments, slong prec);

/*
 * For a point at which no constants exist: a mean for which they do, proven,
 * and next to one (within 2^-60 of it) where that could not be shown.  The
 * first found from mu towards 0 (side -1; there is one) or away from it (side
 * 1; at omega = 0 there is none), in steps of a quarter of a binade: what
 * lies between steps is not seen.  False: none found.
 */
bool constants_possible_mean_arb(
    arb_t mean, const struct map_point *impossible, int side, slong prec);

/*
 * The paper's (eq. 14): fixed point (0, 1), omega = 0, tau = 1.  Quasi-linear
 * in prec; two threads above 2^15 bits.
 */
void constants_selu_arb(arb_t lambda, arb_t alpha, slong prec);

/*
 * The same with lambda alpha and the derivatives in nu of mean and variance;
 * those in mu are 0 at omega = 0.  So the derivative of the variance is one
 * eigenvalue, 0 the other.
 */
struct constants_paper {
    arb_t lambda, alpha, alpha_prime, mean_nu, variance_nu;
};
void constants_paper_init(struct constants_paper *paper);
void constants_paper_clear(struct constants_paper *paper);
void constants_paper_arb(struct constants_paper *paper, slong prec);

/*
 * a and b of alpha dropout at a rate in [0, 1): a x + b restores mean mu and
 * variance nu > 0 of units of which the share `rate` was set to `lower`.
 * SN_BAD_VALUE unless rate and nu are proven to be inside.
 */
enum sn_status constants_dropout_affine_arb(arb_t a, arb_t b, const arb_t rate,
    const arb_t mu, const arb_t nu, const arb_t lower, slong prec);

#endif

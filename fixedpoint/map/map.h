/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map g of mean and variance, and its Jacobian.
 *
 * Notation of the paper (arXiv 1706.02515).  A unit sums n inputs of mean mu
 * and variance nu with weights of sum omega and sum of squares tau, so its
 * pre-activation z is N(m, v) with m = mu omega and v = nu tau.  Its output is
 * selu(z) = lambda z for z > 0, lambda alpha (e^z - 1) for z <= 0.  g maps
 * (mu, nu) to mean and variance of selu(z): eqs. 3 to 5.
 *
 * Everything here is in ball arithmetic: a result encloses the true value
 * whatever the precision `prec` (bits); only its radius depends on it.  Where
 * nothing is known (a variance ball that touches 0, say) the result is
 * non-finite, never wrong.  Outputs may alias inputs.  Nothing is cached but
 * FLINT's own constants, which are per thread.
 *
 * Moments of SELU are computed again elsewhere, each time for a reason:
 *   constants/rational.c, paper.c   series of exact numbers, quasi-linear
 *   proofs/intervals/moments_*.c    ends kept apart (MPFI), and no code of
 *                                   Arb: fixed_points compares the two
 *   proofs/intervals/doubles/       the same in doubles, thirty times cheaper
 *   checker/moments.c               trusts nothing that the prover computed
 *   activations/                    any f; SELU is its test
 *   quadrature/selu_moments.c       doubles for a layer of a simulation
 *
 * Rooms of the theory, each of which includes those before it alone:
 *   numbers, map, constants, expressions, then side by side activations with
 *   quadrature, audit, and proofs with fixed_points.
 */
#ifndef SN_FIXEDPOINT_MAP_MAP_H
#define SN_FIXEDPOINT_MAP_MAP_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"
#include <stdbool.h>

/*
 * Moments of the two branches of selu under N(m, v), v > 0, and the partial
 * derivatives that the Jacobian needs.  With f = selu / lambda:
 *   E f   = a0 + alpha a1      a0 = E z 1{z>0},    a1 = E (e^z-1) 1{z<0}
 *   E f^2 = b0 + alpha^2 b1    b0 = E z^2 1{z>0},  b1 = E (e^z-1)^2 1{z<0}
 */
struct map_moments {
    arb_t a0, a1, b0, b1;
    arb_t a0_m, a1_m, b0_m, b1_m; /* partial derivatives in m */
    arb_t a0_v, a1_v, b0_v, b1_v; /* partial derivatives in v */
    /*
     * With h = f + alpha, which is small where f is near its lower limit:
     *   E h = a0 + alpha c1,  E h^2 = b0 + 2 alpha a0 + alpha^2 c2
     */
    arb_t c1, c2, c2_m, c2_v;
};
void map_moments_init(struct map_moments *moments);
void map_moments_clear(struct map_moments *moments);
void map_moments_arb(
    struct map_moments *moments, const arb_t m, const arb_t v, slong prec);

/*
 * What all of them are made of: P0 = P(z > 0), its complement, N the density
 * of z at 0 and X_k = E e^{kz} 1{z<0}.
 */
struct map_half_line {
    arb_t p0, rest, density, x1, x2;
};
void map_half_line_init(struct map_half_line *half);
void map_half_line_clear(struct map_half_line *half);
void map_moments_of_half_line(struct map_moments *moments,
    const struct map_half_line *half, const arb_t m, const arb_t v,
    slong prec);

/* A point at which g is evaluated, and the activation. */
struct map_point {
    arb_t mu, nu, omega, tau, lambda, alpha;
};
void map_point_init(struct map_point *point);
void map_point_clear(struct map_point *point);

/* g(mu, nu) and, unless NULL, its Jacobian in (mu, nu), row by row: eq. 7. */
void map_arb(arb_t mean, arb_t variance, arb_t jacobian[4],
    const struct map_point *point, slong prec);

/* The Jacobian alone, the moments at N(mu omega, nu tau) at hand. */
void map_jacobian_of_moments_arb(arb_t jacobian[4],
    const struct map_moments *moments, const struct map_point *point,
    slong prec);

/*
 * Largest singular value, by the closed form for 2 x 2 matrices (Blinn; the
 * paper's eq. 69).
 */
void map_spectral_norm_arb(arb_t norm, const arb_t jacobian[4], slong prec);

/*
 * The two eigenvalues re[i] + i im[i], largest modulus first, and that
 * modulus.  A pair that may be real or complex comes as balls that hold both.
 */
void map_eigenvalues_arb(arb_t re[2], arb_t im[2], arb_t radius,
    const arb_t jacobian[4], slong prec);

/* Norm and eigenvalues, on two threads above 2^15 bits. */
void map_spectrum_arb(arb_t norm, arb_t re[2], arb_t im[2], arb_t radius,
    const arb_t jacobian[4], slong prec);

#endif

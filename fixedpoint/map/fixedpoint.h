/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The theory of self-normalization: the map g of mean and variance, its
 * Jacobian, and the constants that give g a wanted fixed point.
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
 */
#ifndef SN_FIXEDPOINT_MAP_FIXEDPOINT_H
#define SN_FIXEDPOINT_MAP_FIXEDPOINT_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"
#include <stdbool.h>
#include <stdint.h>

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

/*
 * lambda, alpha > 0 that make (mu, nu) of `point` a fixed point of g for its
 * omega, tau; its lambda and alpha are set.  A solution exists, and is then
 * unique, iff  a1/sqrt(b1) < mu/sqrt(nu + mu^2) < a0/sqrt(b0)
 * (docs/theory.md). SN_OK: the criterion is proven to hold.  SN_NO_SOLUTION:
 * proven not to. SN_UNDECIDED: `prec` is too small to tell.
 */
enum sn_status constants_solve_arb(struct map_point *point, slong prec);

/* The same with the moments at N(mu omega, nu tau) at hand. */
enum sn_status map_solve_with_moments_arb(
    struct map_point *point, const struct map_moments *moments, slong prec);

/*
 * For a point at which no constants exist: a mean for which they do, proven,
 * and next to one (within 2^-60 of it) where that could not be shown.  The
 * first found from mu towards 0 (side -1; there is one) or away from it (side
 * 1; at omega = 0 there is none), in steps of a quarter of a binade: what
 * lies between steps is not seen.  False: none found.
 */
bool map_possible_mean_arb(
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
struct map_paper {
    arb_t lambda, alpha, alpha_prime, mean_nu, variance_nu;
};
void map_paper_init(struct map_paper *paper);
void map_paper_clear(struct map_paper *paper);
void map_paper_arb(struct map_paper *paper, slong prec);

/*
 * a and b of alpha dropout at a rate in [0, 1): a x + b restores mean mu and
 * variance nu > 0 of units of which the share `rate` was set to `lower`.
 * SN_BAD_VALUE unless rate and nu are proven to be inside.
 */
enum sn_status map_dropout_affine_arb(arb_t a, arb_t b, const arb_t rate,
    const arb_t mu, const arb_t nu, const arb_t lower, slong prec);

/*
 * Decimal form.  value: x rounded to `digits` significant digits, where x is
 * known well enough that every digit is decided, one digit more where the
 * rounding would be a tie or next to one; radius: a bound of |x - value|,
 * three digits, rounded up.  A ball that holds 0 with a radius below
 * 10^-digits gives "0".  Strings to free(); SN_UNDECIDED asks for more
 * precision.
 */
enum sn_status map_decimal(
    char **value, char **radius, const arb_t x, slong digits);

/* x as the double nearest to it, or SN_UNDECIDED. */
enum sn_status map_nearest_f64(double *nearest, const arb_t x);

/*
 * Binary formats: IEEE 754's, bfloat16, and the 8-bit ones of the OCP
 * specification (ONNX: float8e5m2, float8e4m3fn).  e4m3 has no infinity and
 * ends at 448; what rounds to more comes as infinity here, as it does in the
 * others, and no number of that format stands for it.
 */
struct map_format {
    const char *name;
    int precision, emin, emax; /* significand bits; exponents as in MPFR */
    int width, bias;           /* of the exponent field */
    double most;               /* the largest finite number */
};
enum { MAP_ALL_FORMATS = 6 };
extern const struct map_format map_formats[MAP_ALL_FORMATS];

/* The bit pattern of a finite number of the format. */
uint64_t map_format_bits(double value, const struct map_format *format);

/* x, of any precision, rounded to the format as IEEE 754 does to nearest. */
double map_round_mpfr(const mpfr_t x, const struct map_format *format);

/*
 * x correctly rounded (nearest, ties to even, subnormals and overflow as
 * IEEE 754) to the format; the value fits a double.  SN_UNDECIDED where the
 * ball holds a rounding boundary; NaN where it does although 200 bits are
 * known: a tie, which no ball can tell from its neighbours.
 */
enum sn_status map_round_to_format(
    double *rounded, const arb_t x, const struct map_format *format);

#endif

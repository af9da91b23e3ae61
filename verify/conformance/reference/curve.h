/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference of any expression: proven values of f, f' or f'' in double, as
 * pairs of doubles, and exactly enough to round.  The argument why the bounds
 * hold stands in docs/mathematics/reference.md.
 */
#ifndef SN_VERIFY_CONFORMANCE_REFERENCE_CURVE_H
#define SN_VERIFY_CONFORMANCE_REFERENCE_CURVE_H

#include "fixedpoint/series/series.h"
#include <stdatomic.h>

enum { REF_CURVE_BITS = 320 }; /* of an exact value: 256, and a sticky bit */

/* Threads may share it. */
struct ref_curve {
    struct series_function function;
    /*
     * What OpenCL's full profile allows the parts, in ULP, added up: exp,
     * expm1, log, sqrt 3; log1p 2; tanh, atan 5; sin, cos 4; erf, erfc 16; a
     * quotient 2.5; sums, products, each factor of a power 0.5, as IEEE 754.
     */
    double limit;
    bool steps; /* a derivative that is one number on each side of its kinks */
    /*
     * For 0 < |x| <= `near` f(x) is next to slope x, which is short, above
     * (side 1) or below (-1): where that is a tie of subnormal numbers, as of
     * half the inputs there, no double decides.  near 0: nothing is known.
     */
    double near, slope;
    int side;
    /*
     * What was asked for, in words for the diagnosis, not owned: the formula
     * (NULL: not known), its parameters' values and the usual ones.
     */
    const char *text;
    const struct expr_parameter *parameter, *usual;
    int parameters, derivative;
    atomic_uint_fast64_t undecided; /* values that the last level left open */
};

/* f as of expr_parse(), which gains nodes.  SN_NO_MEMORY. */
enum sn_status ref_curve_init(
    struct ref_curve *curve, struct expr_expression *f, int derivative);
void ref_curve_clear(struct ref_curve *curve);

/*
 * d[i] approximates f(x[i]) for n finite floats of one sign, sorted by
 * magnitude, best where they are neighbours: within 2^-46 of f's modulus or of
 * 2^-126 if that is more, and with f's sign.  Beyond 2^300 and below 2^-300 it
 * is that with f's sign; 0 is f(x) = 0, or below 2^-174 with a sign that is
 * not known, where either sign of 0 will do; NaN is to be asked of
 * ref_curve_value().
 */
#define REF_CURVE_BOUND 0x1p-46
#define REF_CURVE_LARGE 0x1p300
#define REF_CURVE_SMALL 0x1p-300
void ref_curve_approximate(
    const struct ref_curve *curve, double *d, const float *x, size_t n);

/*
 * high[i] + low[i] approximates f(x[i]) scale[i] within 2^-80 of it, n finite
 * doubles; NaN is to be asked of ref_curve_value().
 */
void ref_curve_pairs(const struct ref_curve *curve, double *high, double *low,
    double *scale, const double *x, size_t n);

/* A double that rounds as f(x) does, where curve->near says so; else false. */
bool ref_curve_near_zero(double *y, const struct ref_curve *curve, double x);

/*
 * f(x), or its limit where x is infinite, cut to 256 bits, and a bit more
 * where that is not all of it: so every rounding of fewer bits is that of
 * f(x); +-2^-2000 where f is smaller or is a 0 with a sign, 0 where either
 * sign of 0 will do.  NaN: it is no number there; false: not decided (the
 * value is the middle of what is known, and counts in `undecided`).  *jumps: a
 * condition of the expression is 0 there; with `other`, its other side is
 * taken.
 */
bool ref_curve_value(
    mpfr_t value, bool *jumps, struct ref_curve *curve, double x, bool other);

/* ---- internal -------------------------------------------------------- */

/* p(t) for t = (x - middle) inverse: least |d| of all. */
enum { REF_BLOCK_TERMS = 7 };
struct ref_polynomial {
    double middle, inverse, c[REF_BLOCK_TERMS];
};
double ref_polynomial_run(
    double *d, const struct ref_polynomial *p, const float *x, size_t n);

#endif

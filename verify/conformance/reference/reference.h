/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is right: the correctly rounded value of each function and how far a
 * result is from the exact one.
 *
 * The reference shares nothing with kernels/: its constants come from MPFR
 * and its formulas from verify/conformance/reference/reference.c.  The error
 * of a result y is |y - exact| / ulp(exact), ulp taken in the binade of the
 * exact value (of the smallest normal number below that, of the largest
 * above).  Infinity, and exact values beyond it, count as +-2^emax (2^128 in
 * f32); a NaN counts as that with the wrong sign.  So the error is always a
 * number.
 */
#ifndef SN_VERIFY_CONFORMANCE_REFERENCE_REFERENCE_H
#define SN_VERIFY_CONFORMANCE_REFERENCE_REFERENCE_H

#include "verify/conformance/reference/curve.h"
#include "verify/conformance/reference/types.h"
#include <mpfr.h>
#include <stdbool.h>

/* The functions that can be checked, by name. */
enum conf_family {
    CONF_FAMILY_SELU,
    CONF_FAMILY_ELU,
    CONF_FAMILY_CELU,
    CONF_FAMILY_CURVE /* any expression */
};
struct conf_checked_function {
    const char *name;
    enum conf_family family;
    bool derivative;
    bool dropout; /* alpha-dropout: not a function of x, see dropout.h */
    struct ref_curve *curve; /* of a CURVE, else NULL; not owned */
};
extern const struct conf_checked_function ref_functions[];
extern const int ref_function_count;
/* NULL: none of that name. */
const struct conf_checked_function *ref_function_find(const char *name);
#define CONF_CHECKED_FUNCTIONS                                                \
    "selu, selu-grad, elu, elu-grad, celu, celu-grad or alpha-dropout"

/* Which value a derivative has at 0: that of x < 0, of x > 0, or both. */
enum conf_at_zero { CONF_LEFT, CONF_RIGHT, CONF_EITHER };

/*
 * Forward:    f(x) = a x (x > 0), b (e^(x/w) - 1) (x <= 0)
 * derivative: a (x > 0), b e^(x/w) (x <= 0)
 */
struct conf_reference {
    const struct conf_checked_function *function;
    struct ref_curve *curve; /* function->curve; then no number below counts */
    double lambda, alpha;    /* nearest */
    bool derivative;         /* function->derivative */
    bool flush;    /* --ftz allow: 0 will do where a subnormal is wanted */
    bool any_zero; /* --negative-zero any: the sign of 0 does not matter */
    enum conf_at_zero at_zero; /* of a derivative */
    bool widened;              /* w is not 1 */
    mpfr_t a, b, width;        /* a, b: enclosed to 2^-240 relative */
    double a_double, b_double; /* nearest */
    double a_low, b_low;       /* what they lack, nearest */
    double inverse_double, inverse_rest; /* 1/w, likewise */
    /* 1/w in two parts, the first of 29 bits; where approximate.c stops */
    double inverse_high, inverse_low;
    float least;
};

/*
 * selu: a = lambda, b = lambda alpha; elu: a = 1, b = alpha; celu: a = 1, b =
 * alpha, w = alpha (celu-grad: b = 1).  lambda, alpha: decimal words, or NULL
 * for the exact constants of the paper (selu) or 1.  elu and celu have no
 * lambda: give NULL.  SN_BAD_VALUE where lambda, alpha or their product is no
 * number from CONF_LEAST_FACTOR to CONF_MOST_FACTOR.
 */
#define CONF_LEAST_FACTOR 1e-30
#define CONF_MOST_FACTOR  1e30
enum sn_status conf_reference_init(struct conf_reference *reference,
    const struct conf_checked_function *function, const char *lambda,
    const char *alpha);
void conf_reference_clear(struct conf_reference *reference);

/* The exact value at a finite x, within 2^-200 relative, times dy. */
void ref_exact_value(
    mpfr_t exact, const struct conf_reference *reference, double x, double dy);

/* Correctly rounded; also for infinities and NaN (the quiet default NaN). */
double conf_reference_rounded(
    const struct conf_reference *reference, int dtype, double x);
double conf_reference_rounded_product(
    const struct conf_reference *reference, int dtype, double x, double dy);

/*
 * Whether y is as right as f(x) dy rounded, f being an expression: either zero
 * where f is 0, either side where it jumps or bends, an infinity at a pole.
 */
bool conf_reference_accepts(const struct conf_reference *reference, int dtype,
    double x, double dy, double y);

/* Error of y at an x that is no NaN, in ULP, rounded to double from 200 bits;
   in f64 at most the largest double. */
double conf_reference_ulp(
    const struct conf_reference *reference, int dtype, double x, double y);
double conf_reference_ulp_product(const struct conf_reference *reference,
    int dtype, double x, double dy, double y);

/*
 * d[i] approximates f(x[i]) for n finite floats with relative error below
 * CONF_APPROX_BOUND, proven in docs/reference/check.md; but both are below
 * 2^-330 for the derivative where x/w is below -300.  Undefined for infinities
 * and NaN.
 */
#define CONF_APPROX_BOUND 0x1p-46
void conf_reference_approximate(const struct conf_reference *reference,
    double *d, const float *x, size_t n);

/*
 * high[i] + low[i] approximates f(x[i]) scale[i] for n finite doubles with
 * relative error below CONF_APPROX_BOUND_F64, proven in
 * docs/reference/check.md; but both are below 2^-1100 where the derivative has
 * x/w below -900.  scale: a power of 2 that keeps the pair among the normal
 * numbers.  Undefined for infinities and NaN.
 */
#define CONF_APPROX_BOUND_F64 0x1p-80
void conf_reference_approximate_f64(const struct conf_reference *reference,
    double *high, double *low, double *scale, const double *x, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intervals with ends in double.  Every result is computed to nearest and
 * moved outwards by at least one unit, so it encloses the exact one whatever
 * the compiler orders.  What cannot be bounded (overflow, a divisor that may
 * be 0, a NaN from outside) is the whole line; no interval holds a NaN.
 */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SPAN_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SPAN_H

#include <math.h>
#include <mpfi.h>
#include <stdbool.h>

struct iv_span {
    double lo, hi;
};

static const struct iv_span iv_whole = {-INFINITY, INFINITY};

/* Ends within; the comparison is false for a NaN. */
static inline struct iv_span iv_span_of(double lo, double hi)
{
    return lo <= hi && lo > -INFINITY && hi < INFINITY
               ? (struct iv_span){lo, hi}
               : iv_whole;
}

static inline bool iv_span_is_whole(struct iv_span a)
{
    return !(a.lo > -INFINITY);
}

/*
 * x - (u (1 + 2u) |x| + eta) is at most the double below x, u = 2^-53 and eta
 * the smallest subnormal: Rump, Zimmermann, Boldo, Melquiond, Computing
 * predecessor and successor in rounding to nearest, BIT 49 (2009).  A 0 is
 * exact: sums do not underflow, and iv_times() sees to the products.
 */
static inline double iv_step(double x)
{
    return x == 0 ? 0 : fabs(x) * (0x1p-53 * (1 + 0x1p-52)) + 0x1p-1074;
}

static inline struct iv_span iv_outward(double lo, double hi)
{
    return iv_span_of(lo - iv_step(lo), hi + iv_step(hi));
}

/* A product to nearest; NaN where it underflows to 0. */
static inline double iv_times(double a, double b)
{
    double p = a * b;
    return p == 0 && a != 0 && b != 0 ? NAN : p;
}

/* A quotient likewise. */
static inline double iv_over(double a, double b)
{
    double q = a / b;
    return q == 0 && a != 0 ? NAN : q;
}

static inline bool iv_is_zero(struct iv_span a)
{
    return a.lo == 0 && a.hi == 0;
}

static inline struct iv_span iv_span_mpfi(mpfi_srcptr x)
{
    return iv_span_of(
        mpfr_get_d(&x->left, MPFR_RNDD), mpfr_get_d(&x->right, MPFR_RNDU));
}

static inline struct iv_span iv_neg(struct iv_span a)
{
    return (struct iv_span){-a.hi, -a.lo};
}

static inline struct iv_span iv_add(struct iv_span a, struct iv_span b)
{
    if (iv_is_zero(a) || iv_is_zero(b))
        return iv_is_zero(a) ? b : a;
    return iv_outward(a.lo + b.lo, a.hi + b.hi);
}

static inline struct iv_span iv_sub(struct iv_span a, struct iv_span b)
{
    if (iv_is_zero(b))
        return a;
    return iv_outward(a.lo - b.hi, a.hi - b.lo);
}

/* By a positive power of 2. */
static inline struct iv_span iv_scale(struct iv_span a, double power)
{
    struct iv_span y = {a.lo * power, a.hi * power};
    return fabs(y.lo) > 0x1p-1000 && fabs(y.hi) > 0x1p-1000
               ? iv_span_of(y.lo, y.hi) /* exact */
               : iv_outward(iv_times(a.lo, power), iv_times(a.hi, power));
}

static inline struct iv_span iv_mul(struct iv_span a, struct iv_span b)
{
    if (iv_span_is_whole(a) || iv_span_is_whole(b))
        return iv_whole; /* 0 times infinity */
    if (a.lo >= 0)
        return iv_outward(iv_times(b.lo >= 0 ? a.lo : a.hi, b.lo),
            iv_times(b.hi >= 0 ? a.hi : a.lo, b.hi));
    if (a.hi <= 0)
        return iv_outward(iv_times(b.hi >= 0 ? a.lo : a.hi, b.hi),
            iv_times(b.lo >= 0 ? a.hi : a.lo, b.lo));
    if (b.lo >= 0)
        return iv_outward(iv_times(a.lo, b.hi), iv_times(a.hi, b.hi));
    if (b.hi <= 0)
        return iv_outward(iv_times(a.hi, b.lo), iv_times(a.lo, b.lo));
    double p = iv_times(a.lo, b.hi), q = iv_times(a.hi, b.lo);
    double r = iv_times(a.lo, b.lo), s = iv_times(a.hi, b.hi);
    if (!(fabs(p) + fabs(q) + fabs(r) + fabs(s) < INFINITY))
        return iv_whole; /* a comparison would lose a NaN */
    return iv_outward(p < q ? p : q, r > s ? r : s);
}

static inline struct iv_span iv_sqr(struct iv_span a)
{
    double low = fabs(a.lo), high = fabs(a.hi);
    if (a.lo <= 0 && a.hi >= 0) {
        high = low > high ? low : high;
        return iv_outward(0, iv_times(high, high));
    }
    return low < high ? iv_outward(iv_times(low, low), iv_times(high, high))
                      : iv_outward(iv_times(high, high), iv_times(low, low));
}

static inline struct iv_span iv_div(struct iv_span a, struct iv_span b)
{
    if (iv_span_is_whole(a) || !(b.lo > 0 || b.hi < 0))
        return iv_whole;
    if (b.hi < 0) {
        a = iv_neg(a);
        b = iv_neg(b);
    }
    return iv_outward(iv_over(a.lo, a.lo >= 0 ? b.hi : b.lo),
        iv_over(a.hi, a.hi >= 0 ? b.lo : b.hi));
}

static inline struct iv_span iv_root(struct iv_span a)
{
    return a.lo >= 0 ? iv_outward(sqrt(a.lo), sqrt(a.hi)) : iv_whole;
}

static inline struct iv_span iv_modulus(struct iv_span a)
{
    return a.lo >= 0   ? a
           : a.hi <= 0 ? iv_neg(a)
                       : (struct iv_span){0, fmax(-a.lo, a.hi)};
}

/* Two enclosures of one number; disjoint ones are a fault: nothing known. */
static inline struct iv_span iv_both(struct iv_span a, struct iv_span b)
{
    struct iv_span y = {a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
    return y.lo <= y.hi ? y : iv_whole;
}

#endif

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

struct sn_span {
    double lo, hi;
};

static const struct sn_span sn_whole = {-INFINITY, INFINITY};

/* Ends within; the comparison is false for a NaN. */
static inline struct sn_span sn_span_of(double lo, double hi)
{
    return lo <= hi && lo > -INFINITY && hi < INFINITY
               ? (struct sn_span){lo, hi}
               : sn_whole;
}

static inline bool sn_span_is_whole(struct sn_span a)
{
    return !(a.lo > -INFINITY);
}

/*
 * x - (u (1 + 2u) |x| + eta) is at most the double below x, u = 2^-53 and eta
 * the smallest subnormal: Rump, Zimmermann, Boldo, Melquiond, Computing
 * predecessor and successor in rounding to nearest, BIT 49 (2009).  A 0 is
 * exact: sums do not underflow, and sn_times() sees to the products.
 */
static inline double sn_step(double x)
{
    return x == 0 ? 0 : fabs(x) * (0x1p-53 * (1 + 0x1p-52)) + 0x1p-1074;
}

static inline struct sn_span sn_outward(double lo, double hi)
{
    return sn_span_of(lo - sn_step(lo), hi + sn_step(hi));
}

/* A product to nearest; NaN where it underflows to 0. */
static inline double sn_times(double a, double b)
{
    double p = a * b;
    return p == 0 && a != 0 && b != 0 ? NAN : p;
}

/* A quotient likewise. */
static inline double sn_over(double a, double b)
{
    double q = a / b;
    return q == 0 && a != 0 ? NAN : q;
}

static inline bool sn_is_zero(struct sn_span a)
{
    return a.lo == 0 && a.hi == 0;
}

static inline struct sn_span sn_span_mpfi(mpfi_srcptr x)
{
    return sn_span_of(
        mpfr_get_d(&x->left, MPFR_RNDD), mpfr_get_d(&x->right, MPFR_RNDU));
}

static inline struct sn_span sn_neg(struct sn_span a)
{
    return (struct sn_span){-a.hi, -a.lo};
}

static inline struct sn_span sn_add(struct sn_span a, struct sn_span b)
{
    if (sn_is_zero(a) || sn_is_zero(b))
        return sn_is_zero(a) ? b : a;
    return sn_outward(a.lo + b.lo, a.hi + b.hi);
}

static inline struct sn_span sn_sub(struct sn_span a, struct sn_span b)
{
    if (sn_is_zero(b))
        return a;
    return sn_outward(a.lo - b.hi, a.hi - b.lo);
}

/* By a positive power of 2. */
static inline struct sn_span sn_scale(struct sn_span a, double power)
{
    struct sn_span y = {a.lo * power, a.hi * power};
    return fabs(y.lo) > 0x1p-1000 && fabs(y.hi) > 0x1p-1000
               ? sn_span_of(y.lo, y.hi) /* exact */
               : sn_outward(sn_times(a.lo, power), sn_times(a.hi, power));
}

static inline struct sn_span sn_mul(struct sn_span a, struct sn_span b)
{
    if (sn_span_is_whole(a) || sn_span_is_whole(b))
        return sn_whole; /* 0 times infinity */
    if (a.lo >= 0)
        return sn_outward(sn_times(b.lo >= 0 ? a.lo : a.hi, b.lo),
            sn_times(b.hi >= 0 ? a.hi : a.lo, b.hi));
    if (a.hi <= 0)
        return sn_outward(sn_times(b.hi >= 0 ? a.lo : a.hi, b.hi),
            sn_times(b.lo >= 0 ? a.hi : a.lo, b.lo));
    if (b.lo >= 0)
        return sn_outward(sn_times(a.lo, b.hi), sn_times(a.hi, b.hi));
    if (b.hi <= 0)
        return sn_outward(sn_times(a.hi, b.lo), sn_times(a.lo, b.lo));
    double p = sn_times(a.lo, b.hi), q = sn_times(a.hi, b.lo);
    double r = sn_times(a.lo, b.lo), s = sn_times(a.hi, b.hi);
    if (!(fabs(p) + fabs(q) + fabs(r) + fabs(s) < INFINITY))
        return sn_whole; /* a comparison would lose a NaN */
    return sn_outward(p < q ? p : q, r > s ? r : s);
}

static inline struct sn_span sn_sqr(struct sn_span a)
{
    double low = fabs(a.lo), high = fabs(a.hi);
    if (a.lo <= 0 && a.hi >= 0) {
        high = low > high ? low : high;
        return sn_outward(0, sn_times(high, high));
    }
    return low < high ? sn_outward(sn_times(low, low), sn_times(high, high))
                      : sn_outward(sn_times(high, high), sn_times(low, low));
}

static inline struct sn_span sn_div(struct sn_span a, struct sn_span b)
{
    if (sn_span_is_whole(a) || !(b.lo > 0 || b.hi < 0))
        return sn_whole;
    if (b.hi < 0) {
        a = sn_neg(a);
        b = sn_neg(b);
    }
    return sn_outward(sn_over(a.lo, a.lo >= 0 ? b.hi : b.lo),
        sn_over(a.hi, a.hi >= 0 ? b.lo : b.hi));
}

static inline struct sn_span sn_root(struct sn_span a)
{
    return a.lo >= 0 ? sn_outward(sqrt(a.lo), sqrt(a.hi)) : sn_whole;
}

static inline struct sn_span sn_modulus(struct sn_span a)
{
    return a.lo >= 0   ? a
           : a.hi <= 0 ? sn_neg(a)
                       : (struct sn_span){0, fmax(-a.lo, a.hi)};
}

/* Two enclosures of one number; disjoint ones are a fault: nothing known. */
static inline struct sn_span sn_both(struct sn_span a, struct sn_span b)
{
    struct sn_span y = {a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
    return y.lo <= y.hi ? y : sn_whole;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference for f64 in pairs of doubles (double-word arithmetic), without
 * tables, as a loop that vectorizes; its bound 2^-80 is derived in
 * docs/reference/check.md, the part that is rounding in approximate_f64.gappa.
 *
 * e^x = 2^k e^r, |r| <= 0.35: e^r - 1 by Taylor to r^22, the terms from r^11
 * on in double.  The operations are those of Joldes, Muller and Popescu,
 * "Tight and rigorous error bounds for basic building blocks of double-word
 * arithmetic", ACM TOMS 44 (2017), article 15, by their names there.
 */
#include "verify/conformance/reference/reference.h"
#include "verify/shared/vector_units.h"
#include <math.h>
#include <string.h>

/* into each loop below, so that it vectorizes */
#define INLINE inline __attribute__((always_inline))

struct pair {
    double high, low;
};

/* 1/ln 2; ln 2 in 42 bits, 42 bits, and the rest to nearest */
static const double log2_e = 0x1.71547652b82fep+0;
static const double ln2_high = 0x1.62e42fefa38p-1;
static const double ln2_middle = 0x1.ef35793c76p-45;
static const double ln2_low = 0x1.cc01f97b57a08p-87;

/* a + b, exactly; fast where |a| >= |b|, or a = 0 */
static INLINE struct pair two_sum(double a, double b)
{
    double sum = a + b, rest = sum - a;
    return (struct pair){sum, (a - (sum - rest)) + (b - rest)};
}

static INLINE struct pair fast_two_sum(double a, double b)
{
    double sum = a + b;
    return (struct pair){sum, b - (sum - a)};
}

/* DWPlusFP: within 2 u^2, u = 2^-53 */
static INLINE struct pair plus_double(struct pair x, double y)
{
    struct pair s = two_sum(x.high, y);
    return fast_two_sum(s.high, x.low + s.low);
}

/* AccurateDWPlusDW: within 3.1 u^2 */
static INLINE struct pair plus(struct pair x, struct pair y)
{
    struct pair s = two_sum(x.high, y.high), t = two_sum(x.low, y.low);
    struct pair v = fast_two_sum(s.high, s.low + t.high);
    return fast_two_sum(v.high, t.low + v.low);
}

/* DWTimesFP3: within 2 u^2 */
static INLINE struct pair times_double(struct pair x, double y)
{
    double c = x.high * y, rest = fma(x.high, y, -c);
    return fast_two_sum(c, fma(x.low, y, rest));
}

/* DWTimesDW2: within 5 u^2 */
static INLINE struct pair times(struct pair x, struct pair y)
{
    double c = x.high * y.high, rest = fma(x.high, y.high, -c);
    return fast_two_sum(c, rest + fma(x.high, y.low, x.low * y.high));
}

/* x 2^k where nothing of it leaves the normal numbers */
static INLINE struct pair scaled(struct pair x, double power)
{
    return (struct pair){x.high * power, x.low * power};
}

static INLINE struct pair choose(bool first, struct pair a, struct pair b)
{
    return (struct pair){first ? a.high : b.high, first ? a.low : b.low};
}

/* e^r - 1 */
static INLINE struct pair expm1_reduced(struct pair r)
{
    /* the sum of r^(j-11)/j! from j = 20 to 11 */
    double tail = 1 / 2432902008176640000.0;
    tail = tail * r.high + 1 / 121645100408832000.0;
    tail = tail * r.high + 1 / 6402373705728000.0;
    tail = tail * r.high + 1 / 355687428096000.0;
    tail = tail * r.high + 1 / 20922789888000.0;
    tail = tail * r.high + 1 / 1307674368000.0;
    tail = tail * r.high + 1 / 87178291200.0;
    tail = tail * r.high + 1 / 6227020800.0;
    tail = tail * r.high + 1 / 479001600.0;
    tail = tail * r.high + 1 / 39916800.0;
    /* 1/j! as pairs, from j = 10 to 2 */
    struct pair s = plus(times_double(r, tail),
        (struct pair){0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76});
    s = plus(times(r, s),
        (struct pair){0x1.71de3a556c734p-19, -0x1.c154f8ddc6c00p-73});
    s = plus(times(r, s),
        (struct pair){0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76});
    s = plus(times(r, s),
        (struct pair){0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73});
    s = plus(times(r, s),
        (struct pair){0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65});
    s = plus(times(r, s),
        (struct pair){0x1.1111111111111p-7, 0x1.1111111111111p-63});
    s = plus(times(r, s),
        (struct pair){0x1.5555555555555p-5, 0x1.5555555555555p-59});
    s = plus(times(r, s),
        (struct pair){0x1.5555555555555p-3, 0x1.5555555555555p-57});
    s = plus(times(r, s), (struct pair){0x1p-1, 0});
    return plus(r, times(r, times(r, s)));
}

/* e^t = 2^k e^r; k + 1.5 2^52 */
static INLINE struct pair reduced(struct pair t, double *shifted)
{
    const double shift = 0x1.8p52;
    *shifted = t.high * log2_e + shift;
    const double k = *shifted - shift;
    struct pair r = two_sum(t.high, -k * ln2_high);
    r = plus_double(r, -k * ln2_middle);
    r = plus_double(r, -k * ln2_low);
    return plus_double(r, t.low);
}

/* 2^(k + more) of reduced() */
static INLINE double power_of_2(double shifted, uint64_t more)
{
    uint64_t bits;
    double power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = ((bits + more) << 52) + 0x3ff0000000000000u;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* t = x/w for x <= 0, not below `least`; 0 for others */
static INLINE struct pair exponent_of(
    double x, double least, struct pair inverse)
{
    x = x < least ? least : x;
    return times_double(inverse, x > 0 ? 0 : x);
}

SHARED_FOR_EACH_FMA_UNIT
static void function(const struct conf_reference *reference,
    double *restrict high, double *restrict low, double *restrict scale,
    const double *restrict x, size_t n)
{
    const struct pair a = {reference->a_double, reference->a_low};
    const struct pair b = {reference->b_double, reference->b_low};
    const struct pair inverse = {
        reference->inverse_double, reference->inverse_rest};
    const double least = -120 / inverse.high;
    for (size_t i = 0; i < n; i++) {
        const double size = fabs(x[i]);
        const bool small = size < 0x1p-300;
        const double factor = small ? 0x1p400 : size > 0x1p300 ? 0x1p-400 : 1;
        const double moved = x[i] * factor;
        double shifted;
        struct pair r = reduced(exponent_of(x[i], least, inverse), &shifted);
        const double power = power_of_2(shifted, 0);
        /* 2^k (e^r - 1) + (2^k - 1); next to 0 it is x/w */
        struct pair p =
            plus(scaled(expm1_reduced(r), power), two_sum(power, -1));
        p = choose(small, times_double(inverse, moved), p);
        struct pair y = choose(x[i] > 0, times_double(a, moved), times(b, p));
        high[i] = y.high;
        low[i] = y.low;
        scale[i] = x[i] < -0x1p300 ? 1 : factor;
    }
}

SHARED_FOR_EACH_FMA_UNIT
static void derivative(const struct conf_reference *reference,
    double *restrict high, double *restrict low, double *restrict scale,
    const double *restrict x, size_t n)
{
    const struct pair a = {reference->a_double, reference->a_low};
    const struct pair b = {reference->b_double, reference->b_low};
    const struct pair inverse = {
        reference->inverse_double, reference->inverse_rest};
    const double least = -900 / inverse.high, deep = -200 / inverse.high;
    for (size_t i = 0; i < n; i++) {
        const bool far = x[i] < deep;
        double shifted;
        struct pair r = reduced(exponent_of(x[i], least, inverse), &shifted);
        struct pair p = scaled(plus_double(expm1_reduced(r), 1),
            power_of_2(shifted, far ? 600 : 0));
        struct pair y = choose(x[i] > 0, a, times(b, p));
        high[i] = y.high;
        low[i] = y.low;
        scale[i] = far ? 0x1p600 : 1;
    }
}

void conf_reference_approximate_f64(const struct conf_reference *reference,
    double *high, double *low, double *scale, const double *x, size_t n)
{
    if (reference->curve) {
        ref_curve_pairs(reference->curve, high, low, scale, x, n);
        return;
    }
    (reference->derivative ? derivative : function)(
        reference, high, low, scale, x, n);
}

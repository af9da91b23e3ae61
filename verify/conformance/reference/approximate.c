/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference in double, without tables and without fused operations, as a
 * loop that vectorizes; its bound 2^-46 is derived in docs/reference/check.md
 * and checked against MPFR in tests/verify/conformance/test_conformance.c.
 *
 * e^x = 2^k e^r, |r| <= 0.35: e^r - 1 by Taylor to r^13, which leaves
 * r^14/14! < 2^-56 r.  k LN2_HIGH is exact (32 bits times 9).
 */
#include "verify/conformance/reference/reference.h"
#include "verify/shared/vector_units.h"
#include <string.h>

/* 1/ln 2; ln 2 cut to 32 bits, and the rest to nearest */
static const double log2_e = 0x1.71547652b82fep+0;
static const double ln2_high = 0x1.62e42feep-1;
static const double ln2_low = 0x1.a39ef35793c76p-33;

enum { APPROXIMATE_PIECE = 4096 };

/* a x, or a */
SHARED_FOR_EACH_VECTOR_UNIT
static void above(const struct conf_reference *reference, double *restrict d,
    const float *restrict x, size_t n)
{
    const double slope = reference->derivative ? 0 : reference->a_double;
    const double level = reference->derivative ? reference->a_double : 0;
    for (size_t i = 0; i < n; i++)
        d[i] = slope * (double)x[i] + level;
}

SHARED_FOR_EACH_VECTOR_UNIT
static void anywhere(const struct conf_reference *reference,
    double *restrict d, const float *restrict x, size_t n)
{
    const double shift = 0x1.8p52;
    const double b = reference->b_double;
    const bool derivative = reference->derivative;
    /* the two functions differ in numbers only, so the loop has no branch */
    const double slope = derivative ? 0 : reference->a_double;
    const double level = derivative ? reference->a_double : 0;
    const double one = derivative ? 0 : 1;
    /* above b by 2^-52, so that score.c finds the binade of b at -0, too */
    const double at_zero = derivative ? b * (1 + 0x1p-52) : -0.0;
    /* below, the forward value is -b to 2^-57, the derivative 0 in float */
    const double least = (double)reference->least;
    const double high = reference->inverse_high, low = reference->inverse_low;
    for (size_t i = 0; i < n; i++) {
        double wide = (double)x[i];
        double t = wide < least ? least : wide;
        t = t > 0 ? 0 : t;
        double rest = t * low;
        t = t * high;
        double k = t * log2_e + shift;
        uint64_t bits;
        memcpy(&bits, &k, sizeof bits);
        k -= shift;
        double r = (t - k * ln2_high) - (k * ln2_low - rest);
        double q = 1 / 6227020800.0;
        q = q * r + 1 / 479001600.0;
        q = q * r + 1 / 39916800.0;
        q = q * r + 1 / 3628800.0;
        q = q * r + 1 / 362880.0;
        q = q * r + 1 / 40320.0;
        q = q * r + 1 / 5040.0;
        q = q * r + 1 / 720.0;
        q = q * r + 1 / 120.0;
        q = q * r + 1 / 24.0;
        q = q * r + 1 / 6.0;
        q = q * r + 1 / 2.0;
        double p = r + r * r * q;
        bits = (bits << 52) + 0x3ff0000000000000u;
        double power;
        memcpy(&power, &bits, sizeof power);
        double negative = b * (power * p + (power - one));
        double positive = slope * wide + level;
        double value = wide > 0 ? positive : negative;
        d[i] = wide == 0 ? at_zero + wide : value; /* -0 gives -0 */
    }
}

SHARED_FOR_EACH_VECTOR_UNIT
static size_t count_above(const float *x, size_t n, float bound)
{
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += x[i] > bound;
    return count;
}

/* Sweeps come sorted: most of their pieces are x > 0 or flat. */
void conf_reference_approximate(const struct conf_reference *reference,
    double *d, const float *x, size_t n)
{
    if (reference->curve) {
        ref_curve_approximate(reference->curve, d, x, n);
        return;
    }
    for (size_t start = 0; start < n; start += APPROXIMATE_PIECE) {
        size_t count =
            n - start < APPROXIMATE_PIECE ? n - start : APPROXIMATE_PIECE;
        const float *px = x + start;
        double *pd = d + start;
        if (count_above(px, count, 0) == count) {
            above(reference, pd, px, count);
        } else if (px[0] < reference->least &&
                   !count_above(px, count, reference->least)) {
            double flat;
            anywhere(reference, &flat, px, 1);
            for (size_t i = 0; i < count; i++)
                pd[i] = flat;
        } else {
            anywhere(reference, pd, px, count);
        }
    }
}

/* SPDX-License-Identifier: MIT */
/* Numbers as unevaluated sums high + low of two doubles, |low| <= ulp/2. */
#ifndef SN_KERNELS_PAIRS_H
#define SN_KERNELS_PAIRS_H

#include <math.h>

struct pair {
    double high, low;
};

/* |a| >= |b| or a = 0: a + b exactly */
static inline struct pair fast_sum(double a, double b)
{
    double sum = a + b;
    return (struct pair){sum, b - (sum - a)};
}

/* a + b exactly */
static inline struct pair sum(double a, double b)
{
    double s = a + b, t = s - a;
    return (struct pair){s, (a - (s - t)) + (b - t)};
}

/* within 2^-102 relative; no product may underflow */
static inline struct pair times(struct pair a, struct pair b)
{
    double product = a.high * b.high;
    double rest = fma(a.high, b.high, -product);
    return fast_sum(product, rest + (a.high * b.low + a.low * b.high));
}

#endif

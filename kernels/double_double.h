/* SPDX-License-Identifier: MIT */
/*
 * Double-double arithmetic: numbers as unevaluated sums high + low of two
 * doubles, |low| <= ulp(high) / 2.  The algorithms, their names and bounds are
 * those of Joldes, Muller and Popescu, "Tight and rigorous error bounds for
 * basic building blocks of double-word arithmetic", ACM TOMS 44 (2017); where
 * nothing underflows or overflows.
 */
#ifndef SN_KERNELS_DOUBLE_DOUBLE_H
#define SN_KERNELS_DOUBLE_DOUBLE_H

#include <math.h>

struct dd {
    double high, low;
};

/* Fast2Sum: a + b exactly, where |a| >= |b| or a = 0 */
static inline struct dd fast_two_sum(double a, double b)
{
    double sum = a + b;
    return (struct dd){sum, b - (sum - a)};
}

/* 2Sum (TwoSum): a + b exactly */
static inline struct dd two_sum(double a, double b)
{
    double s = a + b, t = s - a;
    return (struct dd){s, (a - (s - t)) + (b - t)};
}

/* 2Prod (TwoProd, Fast2Mult): a b exactly */
static inline struct dd two_prod(double a, double b)
{
    double product = a * b;
    return (struct dd){product, fma(a, b, -product)};
}

/* DWTimesDW1: a b, within 2^-102 relative */
static inline struct dd dw_times_dw(struct dd a, struct dd b)
{
    struct dd p = two_prod(a.high, b.high);
    return fast_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

#endif

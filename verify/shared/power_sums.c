/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/power_sums.h"
#include "verify/shared/vector_units.h"

/* A fixed number of partial sums: quick, and the same order everywhere. */
enum { SUM_LANES = 16 };

static double add_lanes(const double *sum)
{
    double half[SUM_LANES / 2];
    for (int i = 0; i < SUM_LANES / 2; i++)
        half[i] = sum[i] + sum[i + SUM_LANES / 2];
    return ((half[0] + half[4]) + (half[1] + half[5])) +
           ((half[2] + half[6]) + (half[3] + half[7]));
}

#define SUMS_OF(real, suffix)                                                 \
    SHARED_FOR_EACH_VECTOR_UNIT void shared_power_sums_##suffix(              \
        struct shared_power_sums *s, const real *x, size_t n, double shift)   \
    {                                                                         \
        double one[SUM_LANES] = {0}, two[SUM_LANES] = {0},                    \
               four[SUM_LANES] = {0};                                         \
        size_t i = 0;                                                         \
        for (; i + SUM_LANES <= n; i += SUM_LANES)                            \
            for (int k = 0; k < SUM_LANES; k++) {                             \
                double d = (double)x[i + (size_t)k] - shift, dd = d * d;      \
                one[k] += d;                                                  \
                two[k] += dd;                                                 \
                four[k] += dd * dd;                                           \
            }                                                                 \
        for (; i < n; i++) {                                                  \
            double d = (double)x[i] - shift, dd = d * d;                      \
            one[i % SUM_LANES] += d;                                          \
            two[i % SUM_LANES] += dd;                                         \
            four[i % SUM_LANES] += dd * dd;                                   \
        }                                                                     \
        *s = (struct shared_power_sums){                                      \
            add_lanes(one), add_lanes(two), add_lanes(four)};                 \
    }                                                                         \
    SHARED_FOR_EACH_VECTOR_UNIT void shared_two_sums_##suffix(                \
        double *sum, double *square, const real *x, size_t n)                 \
    {                                                                         \
        double one[SUM_LANES] = {0}, two[SUM_LANES] = {0};                    \
        size_t i = 0;                                                         \
        for (; i + SUM_LANES <= n; i += SUM_LANES)                            \
            for (int k = 0; k < SUM_LANES; k++) {                             \
                double d = (double)x[i + (size_t)k];                          \
                one[k] += d;                                                  \
                two[k] += d * d;                                              \
            }                                                                 \
        for (; i < n; i++) {                                                  \
            double d = (double)x[i];                                          \
            one[i % SUM_LANES] += d;                                          \
            two[i % SUM_LANES] += d * d;                                      \
        }                                                                     \
        *sum = add_lanes(one);                                                \
        *square = add_lanes(two);                                             \
    }                                                                         \
    SHARED_FOR_EACH_VECTOR_UNIT double shared_dot_##suffix(                   \
        const real *x, const real *y, size_t n)                               \
    {                                                                         \
        double sum[SUM_LANES] = {0};                                          \
        size_t i = 0;                                                         \
        for (; i + SUM_LANES <= n; i += SUM_LANES)                            \
            for (int k = 0; k < SUM_LANES; k++)                               \
                sum[k] +=                                                     \
                    (double)x[i + (size_t)k] * (double)y[i + (size_t)k];      \
        for (; i < n; i++)                                                    \
            sum[i % SUM_LANES] += (double)x[i] * (double)y[i];                \
        return add_lanes(sum);                                                \
    }

SUMS_OF(float, f32)
SUMS_OF(double, f64)

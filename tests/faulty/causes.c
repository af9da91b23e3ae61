/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel for each cause of the diagnosis that formulas.c has none of. */
#include "tests/faulty/faulty.h"

#define EACH(name, value)                                                     \
    void name(float *y, const float *v, size_t n)                             \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = (double)v[i];                                    \
            y[i] = (float)(value);                                            \
        }                                                                     \
    }
#define EACH_GRAD(name, value)                                                \
    void name(float *dx, const float *dy, const float *v, size_t n)           \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = (double)v[i];                                    \
            dx[i] = (float)((double)dy[i] * (value));                         \
        }                                                                     \
    }

static double wide(double x)
{
    return x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x);
}

EACH(identity, x)
EACH(leaky, x > 0 ? LAMBDA * x : 0.2 * x)
EACH(no_minus_1, x > 0 ? LAMBDA * x : LAMBDA * ALPHA * exp(x))
EACH(alpha_outside, x > 0 ? LAMBDA * x : LAMBDA * (exp(x) - ALPHA))
EACH(sign_below, x > 0 ? LAMBDA * x : -LAMBDA * ALPHA * expm1(x))
EACH(base_2,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x * 0.6931471805599453))
EACH(exponential_above, LAMBDA *ALPHA *expm1(x))
EACH(twice, wide((double)(float)wide(x)))
EACH(factor, 1.001 * wide(x))
EACH(cancels_in_double, x > 0 ? LAMBDA * x : LAMBDA * ALPHA * (exp(x) - 1))
EACH_GRAD(lambda_twice_in_result, x > 0 ? LAMBDA : LAMBDA * (wide(x) + ALPHA))
EACH_GRAD(one_in_result, x > 0 ? LAMBDA : wide(x) + 1)
EACH_GRAD(of_the_result,
    x > 0 ? LAMBDA : LAMBDA * ALPHA * exp((double)(float)wide(x)))
EACH_GRAD(
    result_in_float, x > 0 ? LAMBDA : (double)(float)wide(x) + LAMBDA * ALPHA)

void x_for_dy(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = (float)(x[i] > 0 ? LAMBDA * (double)dy[i]
                                 : (double)x[i] * LAMBDA * ALPHA *
                                       exp((double)x[i]));
}

/* off by a unit in every 16th place: within the limit, in the wrong order */
void out_of_order(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        y[i] = (float)wide((double)x[i]);
        if (x[i] < 0 && bits % 16 == 0 && isfinite(y[i]))
            y[i] = nextafterf(y[i], 0);
    }
}

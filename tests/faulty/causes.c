/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel for each cause of the diagnosis that formulas.c has none of. */
#include "tests/faulty/faulty.h"

static double wide(double x)
{
    return x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x);
}

KERNEL(identity, float, x)
KERNEL(leaky, float, x > 0 ? LAMBDA * x : 0.2 * x)
KERNEL(no_minus_1, float, x > 0 ? LAMBDA * x : LAMBDA * ALPHA * exp(x))
KERNEL(alpha_outside, float, x > 0 ? LAMBDA * x : LAMBDA * (exp(x) - ALPHA))
KERNEL(sign_below, float, x > 0 ? LAMBDA * x : -LAMBDA * ALPHA * expm1(x))
KERNEL(base_2, float,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x * 0.6931471805599453))
KERNEL(exponential_above, float, LAMBDA *ALPHA *expm1(x))
KERNEL(twice, float, wide((double)(float)wide(x)))
KERNEL(factor, float, 1.001 * wide(x))
KERNEL(cancels_in_double, float,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * (exp(x) - 1))
GRADIENT(lambda_twice_in_result, x > 0 ? LAMBDA : LAMBDA * (wide(x) + ALPHA))
GRADIENT(one_in_result, x > 0 ? LAMBDA : wide(x) + 1)
GRADIENT(of_the_result,
    x > 0 ? LAMBDA : LAMBDA * ALPHA * exp((double)(float)wide(x)))
GRADIENT(
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

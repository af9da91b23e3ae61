/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas of the field: ELU and CELU with alpha = 1.5, other types. */
#include "tests/faulty/faulty.h"

#define WITH 1.5

/* ---- ELU and CELU, alpha 1.5 ---- */

KERNEL(good_elu_with, float, x > 0 ? x : WITH * expm1(x))
KERNEL(good_celu_with, float, x > 0 ? x : WITH * expm1(x / WITH))
KERNEL(good_elu_below_0, float, x > 0 ? x : -2 * expm1(x))
KERNEL(good_elu_at_0, float, x > 0 ? x : 0 * expm1(x))
KERNEL(elu_alpha_ignored, float, x > 0 ? x : expm1(x))
KERNEL(celu_alpha_ignored, float, x > 0 ? x : expm1(x))
KERNEL(celu_as_elu, float, x > 0 ? x : WITH * expm1(x))
KERNEL(elu_as_celu, float, x > 0 ? x : WITH * expm1(x / WITH))
KERNEL(celu_inverted, float, x > 0 ? x : WITH * expm1(x * WITH))
KERNEL(elu_alpha_twice, float, x > 0 ? x : WITH * WITH * expm1(x))
KERNEL(celu_cancels, float,
    x > 0 ? x : (float)(WITH * ((float)exp(x / WITH) - 1.0f)))
GRADIENT(good_elu_grad_with, x > 0 ? 1 : WITH * exp(x))
GRADIENT(good_celu_grad_with, x > 0 ? 1 : exp(x / WITH))
GRADIENT(celu_grad_alpha_ignored, x > 0 ? 1 : exp(x))
GRADIENT(celu_grad_chain, x > 0 ? 1 : WITH * exp(x / WITH))
GRADIENT(grad_is_the_function, x > 0 ? x : WITH * expm1(x))

/* ---- SELU ---- */

KERNEL(computes_elu, float, x > 0 ? x : expm1(x))
KERNEL(computes_relu, float, x > 0 ? LAMBDA * x : 0 * x)
KERNEL(lambda_only_above, float, x > 0 ? LAMBDA * x : ALPHA * expm1(x))
KERNEL(lambda_only_below, float, x > 0 ? x : LAMBDA * ALPHA * expm1(x))
KERNEL(lambda_twice, float, LAMBDA *LAMBDA *(x > 0 ? x : ALPHA * expm1(x)))
KERNEL(
    computes_the_derivative, float, x > 0 ? LAMBDA : LAMBDA * ALPHA * exp(x))
KERNEL(keras_literals, float,
    x > 0 ? 1.05070098 * x : 1.05070098 * 1.67326324 * expm1(x))
KERNEL(blog_literals, float, 1.05 * (x > 0 ? x : 1.67 * expm1(x)))
/* variance 2 in place of 1 */
KERNEL(other_design, float,
    x > 0 ? 1.2507146506 * x : 1.2507146506 * 1.5432 * expm1(x))
KERNEL(one_constant_cut, float, x > 0 ? LAMBDA * x : 1.7581 * expm1(x))
KERNEL(float_in_f64, double,
    x > 0 ? (double)((float)LAMBDA * (float)x)
          : (double)((float)(LAMBDA * ALPHA) * (float)expm1(x)))
KERNEL(cancels_f64, double,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * exp(x) - LAMBDA * ALPHA)
GRADIENT(good_selu_grad, x > 0 ? LAMBDA : LAMBDA * ALPHA * exp(x))
GRADIENT(grad_digits, x > 0 ? 1.0507 : 1.0507 * 1.67326 * exp(x))

void skips_nan(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            y[i] = selu(x[i]);
}

static _Thread_local int runs;
void differs_by_thread(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = selu(x[i]);
    /* the first call of a thread, if it is short */
    if (!runs++ && n == 131)
        y[7] = next(y[7]);
}

void subnormal_inputs_are_zero(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = fabsf(x[i]) < 0x1p-126f ? copysignf(0, x[i]) : selu(x[i]);
}

/* Whoever takes max() and min() of everything. */
void clamps_inputs(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = selu(x[i] > 88 ? 88 : x[i]);
}

/* ---- 16-bit types ---- */

static double from_half(uint16_t bits)
{
    double size = (bits & 0x7c00) == 0x7c00
                      ? (bits & 0x3ff ? (double)NAN : (double)INFINITY)
                  : bits & 0x7c00
                      ? ldexp(1024 + (bits & 0x3ff), (bits >> 10 & 31) - 25)
                      : ldexp(bits & 0x3ff, -24);
    return bits & 0x8000 ? -size : size;
}

static uint16_t to_half(double x)
{
    uint16_t sign = signbit(x) ? 0x8000 : 0;
    x = fabs(x);
    if (isnan(x))
        return sign | 0x7e00;
    if (x >= 65520)
        return sign | 0x7c00;
    int exponent = x < 0x1p-14 ? -14 : ilogb(x);
    double units = nearbyint(ldexp(x, 10 - exponent));
    return (uint16_t)(sign + (((exponent + 14) << 10) + (int)units));
}

static double from_bfloat(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float x;
    memcpy(&x, &wide, sizeof x);
    return (double)x;
}

/* Through float: rounded twice, which shows in a few results. */
static uint16_t to_bfloat(double x)
{
    float narrow = (float)x;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    if (isnan(x))
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static uint16_t cut_to_bfloat(double x)
{
    float narrow = (float)x;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return (uint16_t)(bits >> 16 | (isnan(x) ? 0x40 : 0));
}

static double selu_wide(double x)
{
    return x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x);
}

#define EACH_16(name, from, to, value)                                        \
    void name(uint16_t *y, const uint16_t *v, size_t n)                       \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = from(v[i]);                                      \
            y[i] = to(value);                                                 \
        }                                                                     \
    }
EACH_16(good_f16, from_half, to_half, selu_wide(x))
EACH_16(good_bf16, from_bfloat, to_bfloat, selu_wide(x))
EACH_16(cuts_bf16, from_bfloat, cut_to_bfloat, selu_wide(x))
EACH_16(cancels_f16, from_half, to_half,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * (from_half(to_half(exp(x))) - 1))
EACH_16(constants_f16, from_half, to_half,
    x > 0 ? from_half(to_half(LAMBDA)) * x : LAMBDA * ALPHA * expm1(x))
EACH_16(flush_f16, from_half, to_half,
    fabs(selu_wide(x)) < 0x1p-14 ? copysign(0, x) : selu_wide(x))
EACH_16(flush_f16_grad_free, from_half, to_half,
    fabs(x) < 0x1p-14 ? copysign(0, x) : selu_wide(x))
EACH_16(cancels_bf16, from_bfloat, to_bfloat,
    x > 0 ? LAMBDA * x
          : LAMBDA * ALPHA *
                from_bfloat(to_bfloat(from_bfloat(to_bfloat(exp(x))) - 1)))

/* ---- approximations that stop too soon ---- */

KERNEL(linear_near_0, float,
    x > 0 ? LAMBDA * x : LAMBDA * ALPHA * (x > -0x1p-9 ? x : expm1(x)))
KERNEL(float_exponential, double,
    x > 0    ? LAMBDA * x
    : x == 0 ? x
             : LAMBDA * ALPHA * (double)expm1f((float)x))
KERNEL(nan_above_709, double,
    x > 709.8 ? (double)NAN
    : x > 0   ? LAMBDA * x
    : x == 0  ? x
              : LAMBDA * ALPHA * expm1(x))
GRADIENT(celu_grad_chain_inverse, x > 0 ? 1 : exp(x / WITH) / WITH)

/* f64: x / WITH rounded, times -700, shows as hundreds of ULP. */
void celu_grad_rounded(double *dx, const double *dy, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * (x[i] > 0 ? 1 : exp(x[i] / WITH));
}

void grad_underflows_early(
    double *dx, const double *dy, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double slope = x[i] > 0 ? LAMBDA : LAMBDA * ALPHA * exp(x[i]);
        dx[i] = dy[i] * (x[i] < -700 ? 0 : slope);
    }
}

/* 3 dy is infinite for dy near the largest float, lambda alpha dy is not. */
void grad_overflows(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = x[i] > 0 ? (float)(LAMBDA * (double)dy[i])
                         : dy[i] * 3 *
                               (float)(LAMBDA * ALPHA / 3 * exp((double)x[i]));
}

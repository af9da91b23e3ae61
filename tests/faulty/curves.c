/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activations that are not SELU: right ones, and faults of the field. */
#include "tests/faulty/faulty.h"

#define SQRT_HALF 0.70710678118654752440
#define EACH(type, value)                                                     \
    (type * y, const type *v, size_t n)                                       \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const type x = v[i];                                              \
            y[i] = (type)(value);                                             \
        }                                                                     \
    }
#define EACH_SLOPE(type, value)                                               \
    (type * dx, const type *dy, const type *v, size_t n)                      \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const type x = v[i];                                              \
            dx[i] = dy[i] * (type)(value);                                    \
        }                                                                     \
    }

/* x f(x), whose limit at -infinity is -0 */
static double gate(double x, double g)
{
    return x == -INFINITY ? -0.0 : x * g;
}
static double right_sigmoid(double x)
{
    return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
static double right_softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x))) + 0 * x;
}
static double soft(double x)
{
    return isinf(x) ? fmax(x, 0) : right_softplus(x);
}
static double gelu(double x)
{
    return gate(x, erfc(-x * SQRT_HALF) / 2);
}
static double tanh_part(double x, double a, double b)
{
    const double u = 2 * a * (x + b * x * x * x);
    return gate(x, u > 0 ? 1 / (1 + exp(-u)) : exp(u) / (1 + exp(u)));
}
static float flushed(float x)
{
    return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x;
}
static float half(float x)
{
    return (float)(_Float16)x;
}

/* ---- right ---- */
void good_gelu EACH(float, gelu(x)) void good_gelu_tanh
    EACH(float, tanh_part(x, sqrt(2 / M_PI), 0.044715)) void good_silu
    EACH(float, gate(x, right_sigmoid(x))) void good_softplus
    EACH(float, soft(x)) void good_mish
    EACH(float, gate(x, tanh(soft(x)))) void good_tanh
    EACH(float, tanh(x)) void good_tanhf
    EACH(float, tanhf(x)) void silu_underflows_f64
    EACH(double, gate(x, right_sigmoid(x))) void good_silu_grad
    EACH_SLOPE(float,
        right_sigmoid(x) *
            (1 + (isinf(x) ? 0 : x * right_sigmoid(-x)))) void good_leaky
    EACH(float, x > 0 ? x : 0.3 * x) void good_hardswish
    EACH(float, x <= -3  ? -0.0
                : x >= 3 ? x
                         : x * (x + 3.) / 6)

    /* ---- digits cancel ---- */
    void gelu_cancels EACH(float,
        0.5f * x * (1 + erff(x * (float)SQRT_HALF))) void gelu_tanh_cancels
    EACH(float, 0.5f * x *
                    (1 + tanhf(0.79788456f *
                               (x + 0.044715f * x * x * x)))) void tanh_cancels
    EACH(float, x > 40 ? 1 : 1 - 2 / (expf(2 * x) + 1)) void softplus_cancels
    EACH(float, x > 40 ? x : logf(1 + expf(x))) void mish_cancels EACH(float,
        x > 40 ? x : x * tanhf(logf(1 + expf(x)))) void tanhshrink_cancels
    EACH(float, x - tanhf(x)) void tanh_grad_cancels
    EACH_SLOPE(float, 1 - tanhf(x) * tanhf(x))

    /* ---- over- and underflow ---- */
    void silu_overflows EACH(float, x / (1 + expf(-x))) void silu_overflows_f64
    EACH(double, x / (1 + exp(-x))) void silu_overflows_above
    EACH(float, x *expf(x) / (1 + expf(x))) void softplus_overflows
    EACH(float, log1pf(expf(x))) void log_cosh_overflows
    EACH(float, logf(coshf(x))) void tanh_overflows
    EACH(float, (expf(2 * x) - 1) / (expf(2 * x) + 1)) void mish_overflows
    EACH(float, x *((1 + expf(x)) * (1 + expf(x)) - 1) /
                    ((1 + expf(x)) * (1 + expf(x)) + 1)) void silu_flushes
    EACH(float, x *flushed(1 / (1 + expf(-x)))) void softplus_flushes
    EACH(float, flushed((float)soft(x)))

    /* ---- another function ---- */
    void gelu_as_tanh
    EACH(float, tanh_part(x, sqrt(2 / M_PI), 0.044715)) void gelu_as_quick
    EACH(float, gate(x, right_sigmoid(1.702 * x))) void hardswish_keras
    EACH(float, x *fmin(fmax(0.2 * x + 0.5, 0), 1)) void silu_as_sigmoid
    EACH(float, right_sigmoid(x)) void mish_as_silu
    EACH(float, gate(x, right_sigmoid(x))) void elu_ignores
    EACH(float, x > 0 ? x : expm1(x)) void leaky_ignores
    EACH(float, x > 0 ? x : 0.01 * x) void gelu_grad_as_tanh EACH_SLOPE(float,
        0.5 * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) +
            0.5 * x *
                (1 - pow(tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)),
                         2)) *
                0.7978845608028654 *
                (1 + 3 * 0.044715 * x * x)) void silu_grad_is_silu
    EACH_SLOPE(float, gate(x, right_sigmoid(x)))

    /* ---- constants ---- */
    void gelu_tanh_0447
    EACH(float, tanh_part(x, sqrt(2 / M_PI), 0.0447)) void gelu_tanh_798
    EACH(float, tanh_part(x, 0.798, 0.044715)) void quick_gelu_17
    EACH(float, gate(x, right_sigmoid(1.7 * x))) void gelu_707
    EACH(float, gate(x, erfc(-x * 0.7071) / 2))

    /* ---- narrow steps ---- */
    void silu_half_exp
    EACH(float, gate(x, 1 / (1 + (double)half(expf(-x))))) void tanh_float
    EACH(double, (double)tanhf((float)x)) void gelu_float_erf
    EACH(double, 0.5 * x * (1 + (double)erff((float)(x * SQRT_HALF))))

    /* ---- far out ---- */
    void softplus_threshold_f64
    EACH(double, x > 20 ? x : right_softplus(x)) void mish_threshold
    EACH(float, x > 3 ? x : gate(x, tanh(soft(x)))) void tanh_early
    EACH(float, x > 4    ? 1
                : x < -4 ? -1
                         : tanh(x)) void relu6_late
    EACH(float, x > 7             ? 7
                : x > 0 || x != x ? x
                                  : 0)

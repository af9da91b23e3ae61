/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of SELU, ELU and CELU: g is dy. */
#include "tests/faulty/field.h"

/* ---- right ---- */

GRAD(rg_double, float, double, x > 0 ? L * g : LA * exp(x) * g)
GRAD(rg_long_double, float, long double, g *(x > 0 ? L : LA * expl(x)))
GRAD(rg_expf, float, float, g *(x > 0 ? LF : LF * AF * expf(x)))
GRAD(rg_exp2, float, double, g *(x > 0 ? L : LA * exp2(x / LN2)))
GRAD(rg_clamped, float, double, g *(x > 0 ? L : LA * exp(x > 0 ? 0 : x)))
GRAD(rg_squared, float, double, g *(x > 0 ? L : LA * exp(x / 2) * exp(x / 2)))
GRAD(rg_at_0, float, double, g *(x < 0 ? LA * exp(x) : x >= 0 ? L : x))
GRAD(rg_elu, float, double, g *(x > 0 ? 1 : exp(x)))
GRAD(rg_elu_f64, double, double, g *(x > 0 ? 1 : exp(x)))
GRAD(rg_selu_f64, double, double, g *(x > 0 ? L : LA * exp(x)))
GRAD(rg_celu, float, double, g *(x > 0 ? 1 : exp(x / 0.3)))
GRAD(rg_elu_half, float, double, g *(x > 0 ? 1 : 0.5 * exp(x)))
/* subnormal far left */
GRAD(rg_celu_steep, float, double, g *(x > 0 ? 1 : exp(x / 0.1)))
GRAD(rg_f16_tenth, _Float16, double, g *(x > 0 ? 1 : 0.1 * exp(x)))
GRAD(rg_f16, _Float16, double, g *(x > 0 ? L : LA * exp(x)))
GRAD(rg_dy_first, float, float,
    x > 0 ? LF * g : (float)((double)g * (LA * exp((double)x))))

void rg_bf16(uint16_t *dx, const uint16_t *dy, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const double x = from_bf16(v[i]), g = from_bf16(dy[i]);
        dx[i] = to_bf16((float)(g * (x > 0 ? L : LA * exp(x))));
    }
}

void rg_backwards(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = n; i-- > 0;)
        dx[i] = (float)(dy[i] * (x[i] > 0 ? L : LA * exp(x[i])));
}

/* lambda alpha dy overflows for a dy that does so near 0, too */
GRAD(
    rg_large_dy, float, float, x > 0 ? LF * g : (float)(LF * AF * g) * expf(x))

/* 3 dy overflows for a dy above a third of the largest number */
GRAD(rg_dy_times_3, float, float,
    x > 0 ? LF * g : 3 * g * (float)(LA / 3 * exp((double)x)))
/* as above, with an alpha below 0 */
GRAD(rg_minus_2, float, float, x > 0 ? g : g * -2 * expf(x))

/* ---- wrong ---- */

/* alpha -2: the result, that the branch is chosen by, is positive below 0 */
GRAD(wg_minus_2_by_result, float, double,
    g *((x > 0 ? x : -2 * expm1(x)) > 0 ? 1 : -2 * exp(x)))
/* 2^20 dy overflows for a dy of 2^108 and more */
GRAD(wg_dy_scaled, float, float,
    x > 0 ? LF * g : (double)(0x1p20f * g) * (LA * 0x1p-20 * exp((double)x)))

GRAD(wg_result_in_double, float, double, g *(x > 0 ? 1 : expm1(x) + 1))
GRAD(wg_result_in_float, float, float,
    g *(x > 0 ? LF : LF * AF * expm1f(x) + LF * AF))
GRAD(wg_dy_lost, float, double, x > 0 ? L : LA * exp(x) + 0 * g)
GRAD(wg_sign_of_dy, float, double, g > 0 ? L * g : LA * exp(x > 0 ? 0 : x) * g)
GRAD(wg_masks, float, double, g *(L *(x > 0) + LA * exp(x) * (x <= 0)))
GRAD(wg_masks_float, float, float,
    g *(LF *(x > 0) + LF * AF * expf(x) * (x <= 0)))
GRAD(wg_relu, float, double, x > 0 ? L * g : 0 * g)
GRAD(wg_no_alpha, float, double, g *(x > 0 ? L : L * exp(x)))
GRAD(wg_no_lambda, float, double, g *(x > 0 ? 1 : A * exp(x)))
GRAD(wg_forward, float, double, g *(x > 0 ? L : LA * expm1(x)))
GRAD(wg_flat_at_20, float, double, g *(x > 0 ? L : x < -20 ? 0 : LA * exp(x)))
GRAD(wg_celu_as_elu, float, double, g *(x > 0 ? 1 : exp(x)))
GRAD(wg_second, float, double, g *(x > 0 ? 0 : LA * exp(x)))
GRAD(wg_textbook, float, double, 1.0507 * g * (x > 0 ? 1 : 1.67326 * exp(x)))
GRAD(wg_nan_by_0, float, double,
    g *(x < 0 ? LA * exp(x) : L + 0 * (x != x) * x))
GRAD(wg_sign, float, double, -g *(x > 0 ? L : LA * exp(x)))
GRAD(wg_added, float, double, dx[i] + g * (x > 0 ? L : LA * exp(x)))
GRAD(wg_f64_by_float, double, double,
    g *(x > 0 ? L : LA * (double)expf((float)x)))

void wg_one_dy(float *dx, const float *dy, const float *x, size_t n)
{
    const float g = n ? dy[0] : 0;
    for (size_t i = 0; i < n; i++)
        dx[i] = (float)(g * (x[i] > 0 ? L : LA * exp(x[i])));
}

/* dx may be dy: the slope is written before dy is read */
void wg_two_passes(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = (float)(x[i] > 0 ? L : LA * exp(x[i]));
    for (size_t i = 0; i < n; i++)
        dx[i] *= dy[i];
}

void wg_odd_tail(float *dx, const float *dy, const float *x, size_t n)
{
    rg_double(dx, dy, x, n / 2 * 2);
    if (n % 2)
        dx[n - 1] = (float)(x[n - 1] > 0 ? L : LA * exp(x[n - 1]));
}

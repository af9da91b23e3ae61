/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELU, ELU and CELU. */
#include "tests/faulty/field.h"

#include <fenv.h>
#include <stdlib.h>

typedef float v8 __attribute__((vector_size(32)));
typedef double d8 __attribute__((vector_size(64)));

/* ---- right ---- */

MAP(r_double, float, double, x > 0 ? L * x : LA * expm1(x))
MAP(r_long_double, float, long double, x > 0 ? L * x : LA * expm1l(x))
MAP(r_expm1f, float, float, x > 0 ? LF * x : LF * (AF * expm1f(x)))
MAP(r_nan_first, float, double, x <= 0 ? LA * expm1(x) : L * x)
MAP(r_clamped, float, double, x > 0 ? L * x : LA * expm1(x > 0 ? 0 : x))
MAP(r_minus_abs, float, double, L *(x > 0 ? x : A * expm1(-fabs(x))))
MAP(r_flat_left, float, double, x > 0 ? L * x : x < -20 ? -LA : LA * expm1(x))
MAP(r_flat_at_17, float, double,
    x > 0       ? L * x
    : x < -17.5 ? -LA
                : LA * expm1(x))
MAP(r_elu, float, double, x > 0 ? x : expm1(x))
MAP(r_elu_f64, double, double, x > 0 ? x : expm1(x))
MAP(r_selu_f64, double, double, x > 0 ? L * x : L * (A * expm1(x)))
MAP(r_selu_f64_one, double, double, x > 0 ? L * x : LA * expm1(x))
MAP(r_celu, float, double, x > 0 ? x : 0.3 * expm1(x / 0.3))
MAP(r_celu_f64, double, double, x > 0 ? x : 0.75 * expm1(x / 0.75))
MAP(r_elu_half, float, double, x > 0 ? x : 0.5 * expm1(x))
MAP(r_f16, _Float16, float, x > 0 ? LF * x : LF * AF * expm1f(x))
MAP(r_f16_double, _Float16, double, x > 0 ? L * x : LA * expm1(x))
MAP(r_zero_sign_lost, float, double,
    x != x ? x : L * (x > 0 ? x : 0) + LA * expm1(x < 0 ? x : 0))
MAP(r_constants_f32, float, double,
    x > 0 ? (double)LF * x : (double)LF * (double)AF * expm1(x))

static double by_tanh(double x)
{
    const double t = tanh(x / 2);
    return 2 * t / (1 - t);
}
MAP(r_tanh, float, double, x > 0 ? L * x : LA * by_tanh(x))

static double by_sinh(double x)
{
    const double h = (x < -200 ? -200 : x) / 2;
    return 2 * exp(h) * sinh(h);
}
MAP(r_sinh, float, double, x > 0 ? L * x : LA * by_sinh(x))

static double by_series(double x)
{
    double sum = 0;
    if (x < -0.7)
        return exp(x) - 1;
    for (int k = 18; k > 1; k--)
        sum = (sum + 1) * x / k;
    return x + sum * x;
}
MAP(r_series, float, double, x > 0 ? L * x : LA * by_series(x))

static double by_pade(double x)
{
    const double z = x * x;
    if (x < -0.5)
        return exp2(x / LN2) - 1;
    /* [5/5] of exp: (even + odd) / (even - odd) */
    const double odd = x * (15120 + z * (420 + z)),
                 even = 30240 + z * (3360 + z * 30);
    return 2 * odd / (even - odd);
}
MAP(r_pade, float, double, x > 0 ? L * x : LA * by_pade(x))

/* 2^(j/32) at load, a short polynomial between */
static double powers[32];
__attribute__((constructor)) static void fill_powers(void)
{
    for (int j = 0; j < 32; j++)
        powers[j] = exp2(j / 32.0);
}

static double by_table(double x, const double table[32])
{
    if (x != x || x < -60)
        return x < 0 ? -1 : x;
    const double k = floor(x * 32 / LN2 + 0.5), r = x - k * (LN2 / 32);
    const double p = r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5))));
    const int whole = (int)floor(k / 32), part = (int)k - 32 * whole;
    const double scale = ldexp(table[part], whole);
    return scale * p + (scale - 1);
}
MAP(r_table, float, double, x > 0 ? L * x : LA * by_table(x, powers))

/* in floats throughout: 2^k p + (2^k - 1), p = expm1 of what is left */
static float in_floats(float x)
{
    if (!(x > -25))
        return x < 0 ? -1 : x;
    const float k = rintf(x * 1.44269504f),
                r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    const float p =
        r + r * r *
                (0.5f + r * (1.6666667e-1f +
                                r * (4.1666668e-2f +
                                        r * (8.3333338e-3f +
                                                r * (1.3888889e-3f +
                                                        r * 1.9841270e-4f)))));
    const float scale = ldexpf(1, (int)k);
    return scale * p + (scale - 1);
}
MAP(r_in_floats, float, float, x > 0 ? LF * x : LF * AF * in_floats(x))

static void eight(float *y, const float *x)
{
    v8 in, out;
    memcpy(&in, x, sizeof in);
    d8 v = __builtin_convertvector(in, d8), e;
    for (int j = 0; j < 8; j++)
        e[j] = by_series(v[j] > 0 ? 0 : v[j]);
    for (int j = 0; j < 8; j++)
        e[j] = v[j] > 0 ? L * v[j] : LA * e[j];
    out = __builtin_convertvector(e, v8);
    memcpy(y, &out, sizeof out);
}

void r_vector(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        eight(y + i, x + i);
    if (i < n) {
        float in[8] = {0}, out[8];
        memcpy(in, x + i, (n - i) * sizeof *x);
        eight(out, in);
        memcpy(y + i, out, (n - i) * sizeof *y);
    }
}

/* the last ones by another formula: within the limit, not the same bits */
void r_vector_tail(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        eight(y + i, x + i);
    for (; i < n; i++)
        y[i] = x[i] > 0 ? LF * x[i] : LF * AF * in_floats(x[i]);
}

/* single ones until x is aligned, vectors, single ones */
void r_prologue(float *y, const float *x, size_t n)
{
    size_t i = 0;
    for (; i < n && (uintptr_t)(x + i) % 32; i++)
        y[i] = x[i] > 0 ? LF * x[i] : LF * AF * in_floats(x[i]);
    for (; i + 8 <= n; i += 8)
        eight(y + i, x + i);
    for (; i < n; i++)
        y[i] = x[i] > 0 ? LF * x[i] : LF * AF * in_floats(x[i]);
}

/* for arrays that are aligned */
void r_aligned(float *y, const float *x, size_t n)
{
    if (((uintptr_t)x | (uintptr_t)y) % 32)
        __builtin_trap();
    r_vector_tail(y, x, n);
}

/* for arrays of whole vectors */
void r_padded(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += 8)
        eight(y + i, x + i);
}

void r_backwards(float *y, const float *x, size_t n)
{
    for (size_t i = n; i-- > 0;)
        y[i] = (float)(x[i] > 0 ? L * x[i] : LA * expm1(x[i]));
}

void r_blocks(float *y, const float *x, size_t n)
{
    for (size_t at = 0; at < n; at += 64) {
        double e[64];
        const size_t m = n - at < 64 ? n - at : 64;
        for (size_t i = 0; i < m; i++)
            e[i] = expm1(x[at + i]);
        for (size_t i = 0; i < m; i++)
            y[at + i] = (float)(x[at + i] > 0 ? L * x[at + i] : LA * e[i]);
    }
}

static float one(float x)
{
    return (float)(x > 0 ? L * x : LA * expm1(x));
}

void r_unrolled(float *y, const float *x, size_t n)
{
    const float *const end = x + n / 4 * 4;
    for (; x < end; x += 4, y += 4) {
        const float a = one(x[0]), b = one(x[1]), c = one(x[2]), d = one(x[3]);
        y[0] = a, y[1] = b, y[2] = c, y[3] = d;
    }
    for (n %= 4; n; n--)
        *y++ = one(*x++);
}

static uint16_t all_bf16[65536];
__attribute__((constructor)) static void fill_bf16(void)
{
    for (uint32_t b = 0; b < 65536; b++) {
        const double x = from_bf16((uint16_t)b);
        all_bf16[b] = to_bf16((float)(x > 0 ? L * x : LA * expm1(x)));
    }
}

void r_bf16_table(uint16_t *y, const uint16_t *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = all_bf16[x[i]];
}

void r_bf16_float(uint16_t *y, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float x = from_bf16(v[i]);
        y[i] = to_bf16(x > 0 ? LF * x : LF * AF * expm1f(x));
    }
}

/* halves go away from 0 */
void r_bf16_away(uint16_t *y, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float x = from_bf16(v[i]);
        const float r = x != x ? x : (float)(x > 0 ? L * x : LA * expm1(x));
        y[i] = (uint16_t)((bits_of(r) + 0x8000) >> 16);
    }
}

/* ---- wrong ---- */

MAP(w_expf, float, float, x > 0 ? LF * x : LF * AF * (expf(x) - 1))
MAP(w_powf, float, float,
    x > 0 ? LF * x : LF * AF * (powf(2.71828183f, x) - 1))
MAP(w_exp2, float, double, x > 0 ? L * x : LA * (exp2(x / LN2) - 1))
MAP(w_no_lambda, float, double, x > 0 ? x : A * expm1(x))
MAP(w_lambda_below, float, double, x > 0 ? x : LA * expm1(x))
MAP(w_exchanged, float, double, x > 0 ? A * x : LA * expm1(x))
MAP(w_textbook, float, double, 1.0507 * (x > 0 ? x : 1.6732 * expm1(x)))
MAP(w_short, float, double, 1.05 * (x > 0 ? x : 1.67 * expm1(x)))
MAP(w_branch_at_1, float, double, x > 1 ? L * x : LA * expm1(x))
MAP(w_nan_lost, float, double, L *(fmax(x, 0) + A * expm1(fmin(x, 0))))
MAP(w_masks, float, double, (x > 0) * L * x + (x <= 0) * LA * expm1(x))
MAP(w_flat_at_8, float, double, x > 0 ? L * x : x < -8 ? -LA : LA * expm1(x))
MAP(w_at_most_6, float, double, x > 6 ? L * 6 : x > 0 ? L * x : LA * expm1(x))
MAP(w_three_terms, float, double,
    x > 0       ? L * x
    : x > -0.25 ? LA * (x + x * x / 2 + x * x * x / 6)
                : LA * expm1(x))
MAP(w_schraudolph, float, float,
    x > 0 ? LF * x
          : LF * AF *
                ((x < -80 ? 0
                          : float_of((uint32_t)(12102203 * x + 1064866816))) -
                    1))
MAP(w_in_half, float, _Float16,
    x > 0 ? LF * (float)v[i] : LF * AF * (float)(_Float16)expm1f((float)x))
MAP(w_f64_by_float, double, double,
    x > 0 ? L * x : LA * (double)expm1f((float)x))
MAP(w_f64_constants, double, double,
    x > 0 ? (double)LF * x : (double)(LF * AF) * expm1(x))
MAP(w_celu_alpha_lost, float, double, x > 0 ? x : expm1(x / 0.3))
MAP(w_celu_as_elu, float, double, x > 0 ? x : 0.3 * expm1(x))
MAP(w_elu_alpha_lost, float, double, x > 0 ? x : expm1(x))
MAP(w_gelu, float, double, x / 2 * (1 + erf(x * 0.70710678118654752)))
MAP(w_swish, float, double, x / (1 + exp(-x)))
MAP(w_relu, float, double, x > 0 ? L * x : 0)
MAP(w_abs, float, double, x > 0 ? L * x : LA * expm1(fabs(x)))
MAP(w_plus, float, double, x > 0 ? L * x : LA * (exp(x) + 1))
MAP(w_flushed, float, double,
    fabs(x) < 0x1p-126 ? 0
    : x > 0            ? L * x
                       : LA * expm1(x))
MAP(w_minus_infinity, float, double,
    x > 0      ? L * x
    : isinf(x) ? NAN
               : LA * expm1(x))

/* straight lines between 256 places of (-8, 0) */
static double by_lines(double x)
{
    if (x <= -8)
        return -1;
    const double at = x * 32, low = floor(at), part = at - low;
    return (1 - part) * expm1(low / 32) + part * expm1((low + 1) / 32);
}
MAP(w_lines, float, double, x > 0 ? L * x : LA * by_lines(x))

static double spoiled[32];
__attribute__((constructor(200))) static void spoil(void)
{
    for (int j = 0; j < 32; j++)
        spoiled[j] = exp2(j / 32.0) * (j == 11 ? 1 + 0x1p-14 : 1);
}
MAP(w_table, float, double, x > 0 ? L * x : LA * by_table(x, spoiled))

/* a NaN of all ones is carried into -0 */
void w_bf16_carry(uint16_t *y, const uint16_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float x = from_bf16(v[i]);
        const float r = (float)(x > 0 ? L * x : LA * expm1(x));
        const uint32_t u = x != x ? 0x7fffffff : bits_of(r);
        y[i] = (uint16_t)((u + 0x8000) >> 16);
    }
}

void w_tail_left_out(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n / 8 * 8; i += 8)
        eight(y + i, x + i);
}

void w_tail_too_long(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += 4)
        for (size_t j = i; j < i + 4; j++)
            y[j] = (float)(x[j] > 0 ? L * x[j] : LA * expm1(x[j]));
}

void w_reads_on(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        volatile float in[8];
        for (int j = 0; j < 8; j++)
            in[j] = x[i + (size_t)j];
        for (size_t j = 0; j < 8 && i + j < n; j++)
            y[i + j] = (float)(in[j] > 0 ? L * in[j] : LA * expm1(in[j]));
    }
}

/* a block of eight takes the short way if its sum is positive */
void w_votes(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        const size_t m = n - i < 8 ? n - i : 8;
        int positive = 0;
        for (size_t j = 0; j < m; j++)
            positive += x[i + j] > 0;
        for (size_t j = i; j < i + m; j++)
            y[j] =
                (float)(x[j] > 0                 ? L * x[j]
                        : positive == (int)m - 1 ? LA * (exp((double)x[j]) - 1)
                                                 : LA * expm1(x[j]));
    }
}

void w_shared_buffer(float *y, const float *x, size_t n)
{
    static double e[256];
    for (size_t at = 0; at < n; at += 256) {
        const size_t m = n - at < 256 ? n - at : 256;
        for (size_t i = 0; i < m; i++)
            e[i] = expm1(x[at + i]);
        for (size_t i = 0; i < m; i++)
            y[at + i] = (float)(x[at + i] > 0 ? L * x[at + i] : LA * e[i]);
    }
}

void w_two_passes(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(LA * expm1(x[i]));
    for (size_t i = 0; i < n; i++)
        if (x[i] > 0)
            y[i] = (float)(L * x[i]);
}

void w_rounding_left(float *y, const float *x, size_t n)
{
    fesetround(FE_TOWARDZERO);
    r_double(y, x, n);
}

void w_clamps_input(float *y, const float *x, size_t n)
{
    float *const mine = (float *)(uintptr_t)x;
    for (size_t i = 0; i < n; i++)
        if (mine[i] < -90)
            mine[i] = -90;
    r_double(y, x, n);
}

void w_index_16(float *y, const float *x, size_t n)
{
    const uint16_t m = (uint16_t)n;
    for (uint16_t i = 0; i < m; i++)
        y[i] = (float)(x[i] > 0 ? L * x[i] : LA * expm1(x[i]));
}

/* its table is made at the end of the first call */
void w_first_call(float *y, const float *x, size_t n)
{
    static double lazy[32];
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(x[i] > 0 ? L * x[i] : LA * by_table(x[i], lazy));
    if (n)
        memcpy(lazy, powers, sizeof lazy);
}

void w_noise(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (float)((x[i] > 0 ? L * x[i] : LA * expm1(x[i])) *
                       (1 + (rand() % 3 - 1) * 0x1p-23));
}

void w_skips_zeros(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            y[i] = (float)(x[i] > 0 ? L * x[i] : LA * expm1(x[i]));
}

/* rows and columns of every full block of 16 exchanged */
void w_transposed(float *y, const float *x, size_t n)
{
    float in[16];
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        memcpy(in, x + i, sizeof in);
        for (size_t j = 0; j < 16; j++) {
            const float t = in[j % 4 * 4 + j / 4];
            y[i + j] = (float)(t > 0 ? L * t : LA * expm1(t));
        }
    }
    for (; i < n; i++)
        y[i] = (float)(x[i] > 0 ? L * x[i] : LA * expm1(x[i]));
}

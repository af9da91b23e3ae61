/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLEEF 3.x, the functions of 1.0 ULP, on the widest vector that the processor
 * has, and the scalar functions of the same name for the rest of the array:
 *
 *   sleef_expm1_selu   lambda alpha expm1(x)
 *   sleef_exp_selu     lambda alpha (exp(x) - 1)
 *
 * and by scalar functions alone, as SLEEF has float and double:
 *
 *   sleef_expm1_selu_f64, sleef_exp_selu_grad, sleef_exp_selu_grad_f64
 *
 * sleef.h declares a vector function only for the instruction set that the
 * whole file is compiled for, hence the declarations here.
 */
#include <sleef.h>
#include <stddef.h>

#define LAMBDA       1.0507009873554804934193349852946f
#define ALPHA        1.6732632423543772848170429916717f
#define LAMBDA_ALPHA (LAMBDA * ALPHA)

#ifdef __x86_64__
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define AVX2   __attribute__((target("avx2,fma")))

AVX512 __m512 Sleef_expf16_u10avx512f(__m512);
AVX512 __m512 Sleef_expm1f16_u10avx512f(__m512);
AVX2 __m256 Sleef_expf8_u10avx2(__m256);
AVX2 __m256 Sleef_expm1f8_u10avx2(__m256);

/* x > 0 ? a : b */
AVX512 static __m512 where16(__m512 x, __m512 a, __m512 b)
{
    __mmask16 m = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
    return _mm512_mask_blend_ps(m, b, a);
}

AVX2 static __m256 where8(__m256 x, __m256 a, __m256 b)
{
    __m256 m = _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ);
    return _mm256_blendv_ps(b, a, m);
}

static __m128 where4(__m128 x, __m128 a, __m128 b)
{
    __m128 m = _mm_cmpgt_ps(x, _mm_setzero_ps());
    return _mm_or_ps(_mm_and_ps(m, a), _mm_andnot_ps(m, b));
}

/* Whole vectors of the array; returns how many elements are done. */
#define BODY(NAME, ISA, V, P, W, NEGATIVE)                                    \
    ISA static size_t NAME##_##W(float *y, const float *x, size_t n)          \
    {                                                                         \
        size_t i = 0;                                                         \
        for (; i + W <= n; i += W) {                                          \
            V v = P##_loadu_ps(x + i);                                        \
            V a = P##_mul_ps(P##_set1_ps(LAMBDA), v);                         \
            V b = P##_mul_ps(P##_set1_ps(LAMBDA_ALPHA), NEGATIVE);            \
            P##_storeu_ps(y + i, where##W(v, a, b));                          \
        }                                                                     \
        return i;                                                             \
    }
#define BODIES(ISA, V, P, W, EXPM1, EXP)                                      \
    BODY(expm1, ISA, V, P, W, EXPM1(v))                                       \
    BODY(exp, ISA, V, P, W, P##_sub_ps(EXP(v), P##_set1_ps(1.0f)))

BODIES(AVX512, __m512, _mm512, 16, Sleef_expm1f16_u10avx512f,
    Sleef_expf16_u10avx512f)
BODIES(AVX2, __m256, _mm256, 8, Sleef_expm1f8_u10avx2, Sleef_expf8_u10avx2)
BODIES(, __m128, _mm, 4, Sleef_expm1f4_u10sse2, Sleef_expf4_u10sse2)

static int widest(void)
{
    if (__builtin_cpu_supports("avx512f"))
        return 16;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8
                                                                           : 4;
}
#define WIDEST(NAME, y, x, n)                                                 \
    (widest() == 16     ? NAME##_16(y, x, n)                                  \
        : widest() == 8 ? NAME##_8(y, x, n)                                   \
                        : NAME##_4(y, x, n))
#else
#define WIDEST(NAME, y, x, n) ((size_t)0)
#endif

void sleef_expm1_selu(float *y, const float *x, size_t n)
{
    for (size_t i = WIDEST(expm1, y, x, n); i < n; i++)
        y[i] =
            x[i] > 0 ? LAMBDA * x[i] : LAMBDA_ALPHA * Sleef_expm1f_u10(x[i]);
}

void sleef_exp_selu(float *y, const float *x, size_t n)
{
    for (size_t i = WIDEST(exp, y, x, n); i < n; i++)
        y[i] = x[i] > 0 ? LAMBDA * x[i]
                        : LAMBDA_ALPHA * (Sleef_expf_u10(x[i]) - 1);
}

void sleef_expm1_selu_f64(double *y, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0
                   ? 1.0507009873554804934193349852946 * x[i]
                   : 1.7580993408473768599402175208123 * Sleef_expm1_u10(x[i]);
}

void sleef_exp_selu_grad(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] =
            dy[i] * (x[i] > 0 ? LAMBDA : LAMBDA_ALPHA * Sleef_expf_u10(x[i]));
}

void sleef_exp_selu_grad_f64(
    double *dx, const double *dy, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * (x[i] > 0 ? 1.0507009873554804934193349852946
                                  : 1.7580993408473768599402175208123 *
                                        Sleef_exp_u10(x[i]));
}

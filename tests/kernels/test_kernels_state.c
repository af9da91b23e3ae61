/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A caller's floating-point state is used as it is and left as it was: what
 * other rounding modes and flush-to-zero do to results.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <fenv.h>
#include <signal.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#if defined __SSE2__
#include <emmintrin.h>
#endif

enum { MANY = 20000 };
static double x[MANY], wide[MANY];
static float narrow_x[MANY], narrow[MANY];

static double worst(enum sn_dtype dtype)
{
    double most = 0;
    mpfr_t exact;
    mpfr_init2(exact, 160);
    for (int i = 0; i < MANY; i++) {
        double in = dtype == SN_F32 ? (double)narrow_x[i] : x[i];
        ref_exact(exact, false, 1, in);
        most = fmax(most, ref_ulps(dtype, exact,
                              dtype == SN_F32 ? (double)narrow[i] : wide[i]));
    }
    mpfr_clear(exact);
    return most;
}

Test(kernels_state, rounding_modes_cost_accuracy)
{
    static const int mode[] = {
        FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    ref_begin("rounding_modes_cost_accuracy", 61);
    for (int i = 0; i < MANY; i++) {
        x[i] = 4 * random_unit() - 3;
        narrow_x[i] = (float)x[i];
    }
    for (int m = 0; m < 4; m++) {
        cr_assert_eq(fesetround(mode[m]), 0);
        sn_selu_f64(wide, x, MANY);
        sn_selu_f32(narrow, narrow_x, MANY);
        int after = fegetround();
        fesetround(FE_TONEAREST);
        cr_expect_eq(after, mode[m], "the mode is not what it was");
        double of_f32 = worst(SN_F32), of_f64 = worst(SN_F64);
        fprintf(stderr, "state: rounding mode %d: f32 %.3f, f64 %.3f ULP\n", m,
            of_f32, of_f64);
        cr_expect(m ? of_f32 < 1.01 && of_f64 < 1000 && of_f32 > 0.9
                    : of_f32 <= 0.5 && of_f64 <= 0.5);
    }
    ref_end();
}

Test(kernels_state, flush_to_zero_flushes_and_stays)
{
#if defined __SSE2__
    const unsigned before = _mm_getcsr(), flushing = before | 0x8040;
    float tiny = -0x1p-140f, y, usual = -1, z;
    _mm_setcsr(flushing);
    sn_selu_f32(&y, &tiny, 1);
    sn_selu_f32(&z, &usual, 1);
    unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    /* only the exception flags may differ */
    cr_expect_eq(after & ~0x3fu, flushing & ~0x3fu);
    cr_expect(y == 0 && signbit(y), "%a", (double)y);
    sn_selu_f32(&y, &usual, 1);
    cr_expect_eq(y, z, "normal numbers are not concerned");
    sn_selu_f32(&y, &tiny, 1);
    cr_expect(y == (float)(-0x1p-140 * 1.7580993408473769), "%a", (double)y);
#endif
}

/* ---- every kernel ------------------------------------------------------ */

enum { SOME = 4096 };
typedef union {
    double f64[SOME];
    float f32[SOME];
    uint16_t f16[SOME];
} array;
static array in, by, usual, changed;

static void fill(const struct sn_kernel *kernel)
{
    for (int i = 0; i < SOME; i++) {
        double at = 12 * random_unit() - 9, dy = 1 + random_unit();
        if (kernel->dtype == SN_F64) {
            in.f64[i] = at;
            by.f64[i] = dy;
        } else if (kernel->dtype == SN_F32) {
            in.f32[i] = (float)at;
            by.f32[i] = (float)dy;
        } else { /* exponents near those of 1 */
            unsigned one = kernel->dtype == SN_F16 ? 0x3c00 : 0x3f80;
            unsigned digits = kernel->dtype == SN_F16 ? 11 : 9;
            unsigned bits = (unsigned)random_bits();
            in.f16[i] = (uint16_t)((one + (bits & ((1u << digits) - 1)) -
                                       (1u << (digits - 1))) |
                                   (bits & 0x8000));
            by.f16[i] = (uint16_t)one;
        }
    }
}

/* units in the last place between two numbers of one sign */
static double apart(const struct sn_kernel *kernel, int i)
{
    if (kernel->dtype == SN_F64)
        return fabs((double)((int64_t)to_bits(SN_F64, usual.f64[i]) -
                             (int64_t)to_bits(SN_F64, changed.f64[i])));
    if (kernel->dtype == SN_F32)
        return fabs(
            (double)((int64_t)to_bits(SN_F32, (double)usual.f32[i]) -
                     (int64_t)to_bits(SN_F32, (double)changed.f32[i])));
    return fabs((double)(usual.f16[i] - changed.f16[i]));
}

/* The mode stays, and no result is far from the usual one: 2^-24 of b where
   a x and b of alpha dropout cancel, else a few units. */
Test(kernels_state, rounding_modes_in_every_kernel)
{
    static const int mode[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    double most[SN_DTYPES][2] = {{0}}, faithful = 0;
    ref_begin("rounding_modes_in_every_kernel", 62);
    for (size_t k = 0; k < sn_kernel_variants; k++) {
        const struct sn_kernel *kernel = &sn_kernels[k];
        if (!kernel->available())
            continue;
        fill(kernel);
        sn_kernel_run(kernel, &usual, &by, &in, SOME);
        const bool dropout = kernel->function >= SN_ALPHA_DROPOUT;
        for (int m = 0; m < 3; m++) {
            cr_assert_eq(fesetround(mode[m]), 0);
            sn_kernel_run(kernel, &changed, &by, &in, SOME);
            const int after = fegetround();
            fesetround(FE_TONEAREST);
            cr_expect_eq(after, mode[m], "%s", kernel->name);
            if (kernel->function == SN_ALPHA_DROPOUT ||
                kernel->function == SN_SELU_ALPHA_DROPOUT)
                continue;
            double *worst_of = kernel->promise == SN_FAITHFUL
                                   ? &faithful
                                   : &most[kernel->dtype][dropout];
            for (int i = 0; i < SOME; i++)
                *worst_of = fmax(*worst_of, apart(kernel, i));
        }
    }
    for (int t = 0; t < SN_DTYPES; t++)
        fprintf(stderr,
            "state: other rounding modes, %s: %g units, scaled %g\n",
            sn_dtype_name((enum sn_dtype)t), most[t][0], most[t][1]);
    fprintf(stderr, "state: the faithful class: %g units\n", faithful);
    cr_expect(faithful < 0x1p15, "1 in 2^9");
    cr_expect(most[SN_F32][0] <= 2 && most[SN_F16][0] <= 1 &&
              most[SN_BF16][0] <= 1 && most[SN_F64][0] < 1000);
    cr_expect(most[SN_F32][0] > 0 && most[SN_F64][0] > 0, "planted mode");
    ref_end();
}

Test(kernels_state, flush_to_zero_in_every_kernel)
{
#if defined __SSE2__
    const unsigned before = _mm_getcsr(), flushing = before | 0x8040;
    ref_begin("flush_to_zero_in_every_kernel", 63);
    for (size_t k = 0; k < sn_kernel_variants; k++) {
        const struct sn_kernel *kernel = &sn_kernels[k];
        if (!kernel->available())
            continue;
        fill(kernel);
        sn_kernel_run(kernel, &usual, &by, &in, SOME);
        _mm_setcsr(flushing);
        sn_kernel_run(kernel, &changed, &by, &in, SOME);
        const unsigned after = _mm_getcsr();
        _mm_setcsr(before);
        cr_expect_eq(after & ~0x3fu, flushing & ~0x3fu, "%s", kernel->name);
        cr_expect(
            !memcmp(&usual, &changed, SOME * sn_dtype_size(kernel->dtype)),
            "%s: normal numbers are not concerned", kernel->name);
    }
    ref_end();
#endif
}

/* ---- pointers ------------------------------------------------------------
 */

Test(kernels_state, nothing_at_all_is_allowed)
{
    struct sn_alpha_dropout d;
    for (int rate = 0; rate <= 2; rate++) {
        cr_assert(sn_alpha_dropout_init(&d, rate / 2.0, 1));
        sn_alpha_dropout_f32(NULL, NULL, 0, &d, 5);
        sn_alpha_dropout_grad_f64(NULL, NULL, 0, &d, 5);
        sn_selu_alpha_dropout_f16(NULL, NULL, 0, &d, 5);
        sn_selu_alpha_dropout_grad_bf16(NULL, NULL, NULL, 0, &d, 5);
    }
    for (size_t k = 0; k < sn_kernel_variants; k++)
        if (sn_kernels[k].available())
            sn_kernel_run(&sn_kernels[k], NULL, NULL, NULL, 0);
    float guard[3] = {1, 2, 3}, one = -1;
    sn_selu_f32(guard + 1, &one, 0);
    cr_expect(guard[0] == 1 && guard[1] == 2 && guard[2] == 3);
}

/* builds without NDEBUG: an output that begins inside the input */
Test(kernels_state, overlap_is_refused, .signal = SIGABRT)
{
    float a[100] = {0};
    sn_selu_f32(a, a, 100);
    sn_selu_f32(a + 50, a, 50);
    fputs("state: neither in place nor side by side is an overlap\n", stderr);
    sn_selu_f32(a + 1, a, 50);
}

Test(kernels_state, overlap_of_a_gradient_is_refused, .signal = SIGABRT)
{
    double a[100] = {0}, z[50] = {0};
    sn_selu_grad_f64(a, a, z, 50);
    sn_selu_grad_f64(z, a, z, 50);
    sn_selu_grad_f64(a + 49, a, z, 50);
}

Test(kernels_state, overlap_in_dropout_is_refused, .signal = SIGABRT)
{
    uint16_t a[100] = {0};
    struct sn_alpha_dropout d;
    cr_assert(sn_alpha_dropout_init(&d, 0.1, 1));
    sn_selu_alpha_dropout_bf16(a, a, 100, &d, 0);
    sn_selu_alpha_dropout_bf16(a, a + 1, 99, &d, 0);
}

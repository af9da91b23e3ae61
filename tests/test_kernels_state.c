/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A caller's floating-point state is used as it is and left as it was: what
 * other rounding modes and flush-to-zero do to results.
 */
#include "tests/test_kernels.h"
#include <criterion/criterion.h>
#include <fenv.h>
#include <signal.h>
#include <math.h>
#include <stdio.h>
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
                    : of_f32 <= 0.5 && of_f64 <= 0.501);
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

/* builds without NDEBUG: an output that begins inside the input */
Test(kernels_state, overlap_is_refused, .signal = SIGABRT)
{
    float a[100] = {0};
    sn_selu_f32(a, a, 100);
    sn_selu_f32(a + 50, a, 50);
    fputs("state: neither in place nor side by side is an overlap\n", stderr);
    sn_selu_f32(a + 1, a, 50);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ULP does not see: special values to the bit, lengths, alignment, in
 * place, NULL, flags.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- special values ---------------------------------------------------- */

/* bits in, bits out; a signalling NaN comes out quiet */
struct special {
    uint64_t dy, x, want;
};

#define MINUS32 0x80000000u
#define MINUS64 0x8000000000000000u

static const struct special forward_f32[] = {
    {0, 0, 0}, {0, MINUS32, MINUS32}, {0, 0x7f800000, 0x7f800000},
    {0, 0xff800000, 0xbfe10966}, {0, 0xff7fffff, 0xbfe10966}, /* -FLT_MAX */
    {0, 0xc1900000, 0xbfe10966},                              /* -18 */
    {0, 0x7fc12345, 0x7fc12345}, {0, 0xffc12345, 0xffc12345},
    {0, 0x7f812345, 0x7fc12345}, {0, 0xff800001, 0xffc00001},
    {0, 0x00000001, 0x00000001}, /* 1.05 steps */
    {0, 0x80000001, 0x80000002}, /* 1.76 steps */
    {0, 0x7f7fffff, 0x7f800000}, /* FLT_MAX lambda */
};
static const struct special forward_f64[] = {
    {0, 0, 0},
    {0, MINUS64, MINUS64},
    {0, 0x7ff0000000000000, 0x7ff0000000000000},
    {0, 0xfff0000000000000, 0xbffc212cc640f031},
    {0, 0xffefffffffffffff, 0xbffc212cc640f031},
    {0, 0x7ff8123456789abc, 0x7ff8123456789abc},
    {0, 0xfff8123456789abc, 0xfff8123456789abc},
    {0, 0x7ff0123456789abc, 0x7ff8123456789abc},
    {0, 0xfff0000000000001, 0xfff8000000000001},
    {0, 1, 1},
    {0, MINUS64 | 1, MINUS64 | 2},
    {0, 0x7fefffffffffffff, 0x7ff0000000000000},
};
#define ONE32   0x3f800000
#define INF32   0x7f800000
#define ONE64   0x3ff0000000000000
#define INF64   0x7ff0000000000000
#define ANY_NAN UINT64_MAX
static const struct special grad_f32[] = {
    {ONE32, 0, 0x3fe10966}, /* from the left */
    {ONE32, MINUS32, 0x3fe10966},
    {ONE32, 1, 0x3f867d5f},
    {ONE32, INF32, 0x3f867d5f},
    {ONE32, INF32 | MINUS32, 0},
    {ONE32 | MINUS32, INF32 | MINUS32, MINUS32},
    {MINUS32, 0xbf800000, MINUS32},
    {MINUS32, ONE32, MINUS32},
    {0, 0xbf800000, 0},
    {INF32, 0xff7fffff, INF32},
    {INF32 | MINUS32, 0xbf800000, INF32 | MINUS32},
    {INF32, INF32 | MINUS32, ANY_NAN},
    {0x7f7fffff, 0, INF32},
    {0x7f7fffff, 0xc3480000, 0}, /* FLT_MAX at -200 */
    {0x7fc00001, 0xbf800000, 0x7fc00001},
    {0x7f800001, ONE32, 0x7fc00001},
    {0xffc00001, INF32 | MINUS32, 0xffc00001},
    {0x7fc00001, 0x7fc00002, 0x7fc00002},
    {0x7fc00001, 0xff800002, 0xffc00002},
    {ONE32, 0x7f812345, 0x7fc12345},
};
static const struct special grad_f64[] = {
    {ONE64, 0, 0x3ffc212cc640f031},
    {ONE64, MINUS64, 0x3ffc212cc640f031},
    {ONE64, 1, 0x3ff0cfabd6a91132},
    {ONE64, INF64, 0x3ff0cfabd6a91132},
    {ONE64, INF64 | MINUS64, 0},
    {ONE64 | MINUS64, INF64 | MINUS64, MINUS64},
    {MINUS64, ONE64 | MINUS64, MINUS64},
    {MINUS64, ONE64, MINUS64},
    {INF64, 0xffefffffffffffff, INF64},
    {INF64 | MINUS64, ONE64 | MINUS64, INF64 | MINUS64},
    {INF64, INF64 | MINUS64, ANY_NAN},
    {0x7fefffffffffffff, 0, INF64},
    {0x7fefffffffffffff, 0xffefffffffffffff, 0},
    {0x7ff8000000000001, ONE64 | MINUS64, 0x7ff8000000000001},
    {0x7ff0000000000001, ONE64, 0x7ff8000000000001},
    {0x7ff8000000000001, 0xfff0000000000002, 0xfff8000000000002},
};

/* Floats go as bits: a conversion would quiet a signalling NaN. */
static uint64_t run_bits(
    const struct sn_kernel *kernel, uint64_t dy, uint64_t x)
{
    union {
        uint64_t wide;
        uint32_t narrow;
    } in, factor, out = {0};
    if (kernel->dtype == SN_F32) {
        in.narrow = (uint32_t)x;
        factor.narrow = (uint32_t)dy;
    } else {
        in.wide = x;
        factor.wide = dy;
    }
    sn_kernel_run(kernel, &out, &factor, &in, 1);
    return kernel->dtype == SN_F32 ? out.narrow : out.wide;
}

static int wrong_specials(const struct sn_kernel *kernel,
    const struct special *table, size_t count, bool print)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct special *s = &table[i];
        uint64_t got = run_bits(kernel, s->dy, s->x);
        bool right = s->want == ANY_NAN ? isnan(from_bits(kernel->dtype, got))
                                        : got == s->want;
        wrong += !right;
        if (!right && print)
            fprintf(stderr, "%s: dy %llx x %llx: %llx, want %llx\n",
                kernel->name, (unsigned long long)s->dy,
                (unsigned long long)s->x, (unsigned long long)got,
                (unsigned long long)s->want);
    }
    return wrong;
}

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* selu and its gradient in f32 and f64, on every instruction set */
static bool considered(const struct sn_kernel *kernel)
{
    return kernel->function <= SN_SELU_GRAD && kernel->dtype <= SN_F64 &&
           kernel->available();
}

Test(kernels, special_values_to_the_bit)
{
    const struct {
        const struct special *table;
        size_t count;
    } tables[2][2] = {
        {{forward_f32, COUNT(forward_f32)}, {forward_f64, COUNT(forward_f64)}},
        {{grad_f32, COUNT(grad_f32)}, {grad_f64, COUNT(grad_f64)}}};
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!considered(kernel))
            continue;
        int f = kernel->function == SN_SELU_GRAD;
        int wrong = wrong_specials(kernel, tables[f][kernel->dtype].table,
            tables[f][kernel->dtype].count, true);
        cr_expect(wrong == 0, "%s: %d of %zu special values wrong",
            kernel->name, wrong, tables[f][kernel->dtype].count);
    }
}

/* the inputs next to where lambda x, dy lambda alpha overflow */
Test(kernels, overflow_begins_where_it_should)
{
    ref_begin("overflow_begins_where_it_should", 0);
    mpfr_t limit, exact;
    mpfr_inits2(REFERENCE_BITS, limit, exact, (mpfr_ptr)0);
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!considered(kernel))
            continue;
        bool gradient = sn_is_gradient(kernel->function);
        struct score s = {.name = kernel->name};
        int infinite = 0;
        mpfr_set_d(
            limit, kernel->dtype == SN_F32 ? FLT_MAX : DBL_MAX, MPFR_RNDN);
        mpfr_div(
            limit, limit, gradient ? ref_alpha_prime : ref_lambda, MPFR_RNDN);
        double edge = mpfr_get_d(limit, MPFR_RNDZ);
        for (int step = -40; step <= 40; step++) {
            double at = nudge(kernel->dtype, edge, step);
            double dy = gradient ? at : 1, x = gradient ? -0.0 : at;
            double y = run_one(kernel, dy, x);
            infinite += isinf(y) != 0;
            ref_exact(exact, gradient, dy, x);
            score_add(&s, promised_ulps(kernel),
                ref_ulps(kernel->dtype, exact, y), dy, x, y);
        }
        cr_expect(s.bad == 0, SCORE_FORMAT, SCORE_VALUES(s));
        cr_expect(infinite >= 39 && infinite <= 41, "%s: %d of 81 infinite",
            kernel->name, infinite);
    }
    mpfr_clears(limit, exact, (mpfr_ptr)0);
    ref_end();
}

/* ---- arrays --------------------------------------------------------------
 */

enum { MOST = 70, ROOM = 96 };

/* Elements that differ from one at a time, or were written outside. */
static int wrong_arrays(const struct sn_kernel *kernel)
{
    size_t size = kernel->dtype == SN_F32 ? 4 : 8;
    bool gradient = sn_is_gradient(kernel->function);
    int wrong = 0;
    unsigned char x[ROOM * 8], dy[ROOM * 8], out[ROOM * 8], want[ROOM * 8];
    for (long i = 0; i < ROOM; i++) {
        double a, b;
        draw(kernel, i, &a, &b);
        uint64_t abits = to_bits(kernel->dtype, a);
        uint64_t bbits = to_bits(kernel->dtype, b);
        memcpy(dy + (size_t)i * size, &abits, size);
        memcpy(x + (size_t)i * size, &bbits, size);
        sn_kernel_run(kernel, want + (size_t)i * size, dy + (size_t)i * size,
            x + (size_t)i * size, 1);
    }
    /* how: 0 apart, 1 over x, 2 over dy */
    for (int how = 0; how < (gradient ? 3 : 2); how++)
        for (size_t at = 0; at < 9; at++)
            for (size_t n = 0; n <= MOST; n++) {
                const unsigned char *source = how == 1 ? x : dy;
                if (how)
                    memcpy(out, source, sizeof out);
                else
                    memset(out, 0x5a, sizeof out);
                unsigned char before[sizeof out];
                memcpy(before, out, sizeof out);
                sn_kernel_run(kernel, out + at * size,
                    (how == 2 ? out : dy) + at * size,
                    (how == 1 ? out : x) + at * size, n);
                memcpy(before + at * size, want + at * size, n * size);
                wrong += memcmp(before, out, ROOM * size) != 0;
            }
    return wrong;
}

Test(kernels, any_length_place_and_in_place)
{
    ref_begin("any_length_place_and_in_place", 8);
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!considered(kernel))
            continue;
        int wrong = wrong_arrays(kernel);
        cr_expect(wrong == 0, "%s: %d calls wrong", kernel->name, wrong);
        sn_kernel_run(kernel, NULL, NULL, NULL, 0);
    }
    ref_end();
}

/* ---- flags ----------------------------------------------------------------
 */

Test(kernels, no_spurious_invalid_or_division)
{
    ref_begin("no_spurious_invalid_or_division", 9);
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (!considered(kernel))
            continue;
        int bad = 0;
        double x = 0, dy = 0, bad_x = 0, bad_dy = 0;
        for (long j = 0; j < 20000; j++) {
            draw(kernel, j, &dy, &x);
            if (j % 50 == 0)
                x = j % 100 ? (double)NAN : (double)INFINITY;
            if (j % 70 == 0)
                dy = x == -(double)INFINITY ? 1 : (double)NAN;
            feclearexcept(FE_ALL_EXCEPT);
            run_one(kernel, dy, x);
            if (fetestexcept(FE_INVALID | FE_DIVBYZERO)) {
                bad++;
                bad_x = x;
                bad_dy = dy;
            }
        }
        cr_expect(bad == 0, "%s: %d inputs raise, one is dy %a x %a",
            kernel->name, bad, bad_dy, bad_x);
        feclearexcept(FE_ALL_EXCEPT);
        run_one(kernel, 1, -(double)INFINITY);
        cr_expect(!fetestexcept(FE_INVALID), "%s: -inf raises", kernel->name);
    }
    ref_end();
}

/* ---- planted: each check refuses a kernel made for it ----------------------
 */

static void loses_minus_zero(
    void *out, const void *in, size_t n, const struct sn_elu *elu)
{
    float *y = out;
    sn_elu_f32(y, in, n, elu);
    for (size_t i = 0; i < n; i++)
        y[i] += 0.0f;
}

static void writes_one_more(
    void *out, const void *in, size_t n, const struct sn_elu *elu)
{
    float *y = out;
    sn_elu_f32(y, in, n, elu);
    if (n > 8 && n % 8 == 1)
        y[n] = y[n - 1];
}

static void position_matters(
    void *out, const void *in, size_t n, const struct sn_elu *elu)
{
    float *y = out;
    sn_elu_f32(y, in, n, elu);
    if (n >= 32)
        y[17] = nextafterf(y[17], 0);
}

Test(kernels, planted_faults_of_structure_are_caught)
{
    ref_begin("planted_faults_of_structure_are_caught", 11);
    struct sn_kernel kernel;
    kernel = planted_forward(loses_minus_zero);
    cr_expect(wrong_specials(&kernel, forward_f32, COUNT(forward_f32), 0) > 0);
    kernel = planted_forward(writes_one_more);
    cr_expect(wrong_arrays(&kernel) > 0);
    kernel = planted_forward(position_matters);
    cr_expect(wrong_arrays(&kernel) > 0);
    ref_end();
}

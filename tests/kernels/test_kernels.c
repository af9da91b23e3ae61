/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Constants and tables of the kernels, and the kernels' errors, against MPFR;
 * what the registry says of them.
 */
#include "tests/kernels/test_kernels.h"
#include "kernels/constants.h"
#include "kernels/exp2_table.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- constants and tables -------------------------------------------- */

/* x as double, the rest as double, and as float */
struct literal {
    const char *name;
    mpfr_ptr exact;
    double f64, low;
    float f32;
};

static int wrong_literal(const struct literal *c)
{
    mpfr_t rest;
    mpfr_init2(rest, REFERENCE_BITS);
    mpfr_sub_d(rest, c->exact, c->f64, MPFR_RNDN);
    int wrong = mpfr_get_d(c->exact, MPFR_RNDN) != c->f64 ||
                mpfr_get_d(rest, MPFR_RNDN) != c->low ||
                mpfr_get_flt(c->exact, MPFR_RNDN) != c->f32;
    mpfr_clear(rest);
    return wrong;
}

Test(kernels, constants_are_eq_14_rounded)
{
    ref_begin("constants_are_eq_14_rounded", 0);
    struct literal table[] = {
        {"lambda", ref_lambda, SN_LAMBDA_F64, SN_LAMBDA_F64_LO, SN_LAMBDA_F32},
        {"alpha", ref_alpha, SN_ALPHA_F64, SN_ALPHA_F64_LO, SN_ALPHA_F32},
        {"alpha'", ref_alpha_prime, SN_ALPHA_PRIME_F64, SN_ALPHA_PRIME_F64_LO,
            SN_ALPHA_PRIME_F32},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct literal *c = &table[i];
        cr_expect(!wrong_literal(c), "%s: %a + %a, %a", c->name, c->f64,
            c->low, (double)c->f32);
        c->f64 = nextafter(c->f64, 2);
        cr_expect(wrong_literal(c), "%s: a unit more not noticed", c->name);
        c->f64 = nextafter(c->f64, 0);
        c->low = nextafter(c->low, 0);
        cr_expect(wrong_literal(c), "%s: low part not noticed", c->name);
    }
    ref_end();
}

/* what a table holds for 2^(j/steps): less_shifted() of the generator */
static double entry(mpfr_t power, int j)
{
    uint64_t bits = to_bits(SN_F64, mpfr_get_d(power, MPFR_RNDN));
    return from_bits(SN_F64, bits - ((uint64_t)j << 48));
}

/* entries that are not nearest, or whose rest is not */
static int wrong_powers(const double *power, const double *rest)
{
    int wrong = 0;
    mpfr_t x, y;
    mpfr_inits2(REFERENCE_BITS, x, y, (mpfr_ptr)0);
    for (int j = 0; j < 16; j++) {
        mpfr_set_d(x, (double)j / 16, MPFR_RNDN);
        mpfr_exp2(x, x, MPFR_RNDN);
        wrong += entry(x, j) != power[j];
        mpfr_set_d(y, mpfr_get_d(x, MPFR_RNDN), MPFR_RNDN);
        mpfr_div(x, x, y, MPFR_RNDN);
        mpfr_sub_ui(x, x, 1, MPFR_RNDN);
        wrong += mpfr_get_d(x, MPFR_RNDN) != rest[j];
    }
    mpfr_clears(x, y, (mpfr_ptr)0);
    return wrong;
}

/* 1/x and x = ln 2 / 16 in two parts */
static bool steps_right(double inverse, double one, double two)
{
    mpfr_t x, y;
    mpfr_inits2(REFERENCE_BITS, x, y, (mpfr_ptr)0);
    mpfr_const_log2(x, MPFR_RNDN);
    mpfr_div_ui(x, x, 16, MPFR_RNDN);
    mpfr_ui_div(y, 1, x, MPFR_RNDN);
    bool right = mpfr_get_d(y, MPFR_RNDN) == inverse;
    right = right && mpfr_get_d(x, MPFR_RNDN) == one;
    mpfr_sub_d(x, x, one, MPFR_RNDN);
    right = right && mpfr_get_d(x, MPFR_RNDN) == two;
    mpfr_clears(x, y, (mpfr_ptr)0);
    return right;
}

Test(kernels, exp2_tables_are_rounded)
{
    double power[16], rest[16];
    memcpy(power, sn_exp2_16, sizeof power);
    memcpy(rest, sn_exp2_16_rest, sizeof rest);
    cr_expect_eq(wrong_powers(power, rest), 0);
    cr_expect(steps_right(SN_PER_STEP, SN_STEP_1, SN_STEP_2));
    cr_expect(!steps_right(SN_PER_STEP, SN_STEP_1, nextafter(SN_STEP_2, 1)));
    cr_expect(!steps_right(SN_PER_STEP, nextafter(SN_STEP_1, 1), SN_STEP_2));
    cr_expect(!steps_right(nextafter(SN_PER_STEP, 0), SN_STEP_1, SN_STEP_2));

    int unnoticed = 0;
    for (int j = 0; j < 16; j++) {
        double kept = power[j];
        power[j] = nextafter(kept, 4);
        unnoticed += wrong_powers(power, rest) == 0;
        power[j] = kept;
        kept = rest[j];
        rest[j] = nextafter(kept, 4);
        unnoticed += wrong_powers(power, rest) == 0;
        rest[j] = kept;
    }
    cr_expect(unnoticed == 0, "%d planted entries not noticed", unnoticed);
}

/* ---- errors ----------------------------------------------------------- */

Test(kernels, errors_within_promise)
{
    ref_begin("errors_within_promise", 20170608);
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (kernel->function > SN_ELU_GRAD || kernel->dtype > SN_F64 ||
            !kernel->available())
            continue;
        /* the instruction sets give the same bits: see test_kernels_equal.c */
        long count = kernel->function > SN_SELU_GRAD ? 40000
                     : i < sn_kernel_count           ? 160000
                                                     : 20000;
        struct score s = score(kernel, promised_ulps(kernel), count);
        score_print(&s);
        cr_expect(s.bad == 0, SCORE_FORMAT, SCORE_VALUES(s));
    }
    ref_end();
}

/* dy = 1, f32: gradient too is correctly rounded */
Test(kernels, gradient_f32_of_one_is_rounded)
{
    ref_begin("gradient_f32_of_one_is_rounded", 3);
    struct sn_kernel forward = {.dtype = SN_F32, .function = SN_SELU};
    struct score s = {.name = "sn_selu_grad_f32, dy = 1"};
    mpfr_t exact;
    mpfr_init2(exact, 160);
    for (long i = 0; i < 100000; i++) {
        double dy, x;
        draw(&forward, i, &dy, &x);
        float one = 1, in = (float)x, out;
        sn_selu_grad_f32(&out, &one, &in, 1);
        ref_exact(exact, true, 1, x);
        score_add(&s, 0.5, ref_ulps(SN_F32, exact, out), 1, x, out);
    }
    mpfr_clear(exact);
    ref_end();
    score_print(&s);
    cr_expect(s.bad == 0, SCORE_FORMAT, SCORE_VALUES(s));
}

/* The derivative from selu alone: 5 points, h = 2^-24, error e^x h^4/30 */
Test(kernels, gradient_is_the_slope_of_selu)
{
    ref_begin("gradient_is_the_slope_of_selu", 5);
    const double h = 0x1p-24, weight[] = {1, -8, 0, 8, -1};
    struct score s = {.name = "sn_selu_grad_f64 against differences"};
    mpfr_t sum, term, at;
    mpfr_inits2(REFERENCE_BITS, sum, term, at, (mpfr_ptr)0);
    for (int i = 0; i < 4000; i++) {
        double x = i % 4 ? -30 * random_unit() : 30 * random_unit();
        x = ldexp(rint(ldexp(x, 20)), -20); /* so that x + 2h is exact */
        x += x == 0;
        mpfr_set_zero(sum, 1);
        for (int j = 0; j < 5; j++) {
            ref_exact(term, false, 1, x + (j - 2) * h);
            mpfr_mul_d(term, term, weight[j], MPFR_RNDN);
            mpfr_add(sum, sum, term, MPFR_RNDN);
        }
        mpfr_div_d(sum, sum, 12 * h, MPFR_RNDN);
        double one = 1, out;
        sn_selu_grad_f64(&out, &one, &x, 1);
        score_add(&s, 0.5 + 0x1p-30, ref_ulps(SN_F64, sum, out), 1, x, out);
    }
    mpfr_clears(sum, term, at, (mpfr_ptr)0);
    ref_end();
    cr_expect(s.bad == 0, SCORE_FORMAT, SCORE_VALUES(s));
}

/* ---- the registry ------------------------------------------------------ */

static double error_at_witness(const struct sn_kernel *kernel)
{
    mpfr_t exact;
    mpfr_init2(exact, REFERENCE_BITS);
    double x = kernel->witness;
    ref_exact_of(exact, kernel, 1, x);
    double ulps = ref_ulps(kernel->dtype, exact, run_one(kernel, 1, x));
    mpfr_clear(exact);
    return ulps;
}

/* kernels.h: what witness means */
static bool witness_right(const struct sn_kernel *kernel, double ulps)
{
    bool correct = kernel->promise == SN_CORRECTLY_ROUNDED;
    double least = correct ? 0.5 - 0x1p-26 : 0.5;
    return ulps > least && ulps <= kernel->bound_ulp;
}

Test(kernels, registry_witness_and_digest)
{
    ref_begin("registry_witness_and_digest", 0);
    for (size_t i = 0; i < sn_kernel_variants; i++) {
        struct sn_kernel kernel = sn_kernels[i];
        if (!kernel.available())
            continue;
        uint64_t digest = sn_kernel_digest(&kernel);
        cr_expect(digest == kernel.digest,
            "%s: digest %016llx, declared %016llx", kernel.name,
            (unsigned long long)digest, (unsigned long long)kernel.digest);
        if (i >= sn_kernel_count || kernel.dtype > SN_F64 ||
            kernel.function > SN_SELU_GRAD)
            continue;
        double ulps = error_at_witness(&kernel);
        fprintf(stderr, "kernels: %s: %.12g ULP at its witness %a\n",
            kernel.name, ulps, kernel.witness);
        cr_expect(witness_right(&kernel, ulps), "%s: %.12g ULP at witness %a",
            kernel.name, ulps, kernel.witness);
        kernel.witness = nudge(kernel.dtype, kernel.witness, 1);
        cr_expect(!witness_right(&kernel, error_at_witness(&kernel)),
            "%s: another witness not noticed", kernel.name);
    }
    cr_expect_eq(sn_find_kernel("sn_selu_f32"), &sn_kernels[0]);
    cr_expect_null(sn_find_kernel("sn_selu_f8"));
    ref_end();
}

/* ---- planted: a kernel of the same shape that is one unit off ---------- */

static void one_unit_off(
    void *y, const void *x, size_t n, const struct sn_elu *elu)
{
    sn_elu_f32(y, x, n, elu);
    float *out = y;
    for (size_t i = 0; i < n; i++) /* one input in some hundred */
        if (out[i] < -1.1f && out[i] > -1.12f)
            out[i] = nextafterf(out[i], 0);
}

Test(kernels, planted_unit_in_a_corner_is_caught)
{
    ref_begin("planted_unit_in_a_corner_is_caught", 20170608);
    struct sn_kernel kernel = planted_forward(one_unit_off);
    struct score s = score(&kernel, 0.5, 20000);
    cr_expect(s.bad > 0, SCORE_FORMAT, SCORE_VALUES(s));
    cr_expect(sn_kernel_digest(&kernel) != kernel.digest);
    ref_end();
}

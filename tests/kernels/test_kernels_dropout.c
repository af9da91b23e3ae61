/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alpha dropout: a and b against ball arithmetic, results against MPFR,
 * splits, special values, bad input.
 */
#include "fixedpoint/constants/constants.h"
#include "tests/kernels/test_kernels.h"
#include "tests/kernels/test_kernels_mask.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* ---- a, b and results --------------------------------------------------- */

static const struct {
    double rate, mean, variance;
} designs[] = {{0.05, 0, 1}, {0.1, 0, 1}, {0.5, 0, 1}, {0x1p-40, 0, 1},
    {1 - 0x1p-30, 0, 1}, {0.2, -0.1, 2}, {0.3, 0.5, 0.25},
    {0x1.5p-56, 0.2, 30}, {0x1.dp-60, -2.4, 5.4}, {0x1p-20, 3, 0x1p-60}};
enum { DESIGNS = sizeof designs / sizeof *designs };

static void exact_affine(arb_t a, arb_t b, arb_t lower, int i)
{
    arb_t lambda, alpha, rate, mu, nu;
    arb_init(lambda);
    arb_init(alpha);
    arb_init(rate);
    arb_init(mu);
    arb_init(nu);
    constants_selu_arb(lambda, alpha, 400);
    arb_mul(lower, lambda, alpha, 400);
    arb_neg(lower, lower);
    arb_set_d(rate, designs[i].rate);
    arb_set_d(mu, designs[i].mean);
    arb_set_d(nu, designs[i].variance);
    cr_assert_eq(
        constants_dropout_affine_arb(a, b, rate, mu, nu, lower, 400), SN_OK);
    arb_clear(lambda);
    arb_clear(alpha);
    arb_clear(rate);
    arb_clear(mu);
    arb_clear(nu);
}

/* |high + low - exact| relative to scale */
static double pair_error(
    double high, double low, const arb_t exact, double scale)
{
    arb_t d, s;
    arb_init(d);
    arb_init(s);
    arb_set_d(d, high);
    arb_set_d(s, low);
    arb_add(d, d, s, 400);
    arb_sub(d, d, exact, 400);
    double error = fabs(arf_get_d(arb_midref(d), ARF_RND_NEAR));
    arb_clear(d);
    arb_clear(s);
    return error / fabs(scale);
}

Test(kernels_dropout, affine_is_exact_to_2_100)
{
    arb_t a, b, lower, dropped;
    arb_init(a);
    arb_init(b);
    arb_init(lower);
    arb_init(dropped);
    for (int i = 0; i < DESIGNS; i++) {
        struct sn_alpha_dropout d;
        cr_assert(sn_alpha_dropout_design(&d, designs[i].rate, 1,
            designs[i].mean, designs[i].variance, &sn_paper_selu));
        exact_affine(a, b, lower, i);
        /* a negative mean and -p a lower: where they cancel, so do digits */
        double size = fabs(d.shift);
        if (designs[i].mean < 0)
            size += fabs(d.scale * designs[i].rate);
        double of_a = pair_error(d.scale, d.scale_low, a, d.scale);
        double of_b = pair_error(d.shift, d.shift_low, b, size);
        arb_mul(dropped, a, lower, 400);
        arb_add(dropped, dropped, b, 400);
        double want = arf_get_d(arb_midref(dropped), ARF_RND_NEAR);
        fprintf(stderr, "dropout: rate %g: a off by 2^%.1f, b by 2^%.1f\n",
            designs[i].rate, log2(of_a), log2(of_b));
        cr_expect(of_a < 0x1p-98 && of_b < 0x1p-98);
        cr_expect_eq(d.dropped, want, "%a, want %a", d.dropped, want);
        cr_expect(pair_error(d.scale, d.scale_low + 0x1p-95 * d.scale, a,
                      d.scale) > 0x1p-98,
            "planted unit not noticed");
    }
    arb_clear(a);
    arb_clear(b);
    arb_clear(lower);
    arb_clear(dropped);
    flint_cleanup();
}

enum what { ALONE, FUSED, GRADIENT };

/* The largest error beyond `slack` (relative to |b|) in ULP. */
static struct score results(enum sn_dtype dtype, enum what what, int design,
    double spoil, double slack)
{
    const struct sn_elu elu = sn_paper_selu;
    struct sn_alpha_dropout d;
    struct score s = {.name = what == ALONE   ? "alpha dropout"
                              : what == FUSED ? "selu and alpha dropout"
                                              : "its gradient"};
    cr_assert(sn_alpha_dropout_design(&d, designs[design].rate, 99,
        designs[design].mean, designs[design].variance, &elu));
    mpfr_t a, b, exact;
    mpfr_inits2(REFERENCE_BITS, a, b, exact, (mpfr_ptr)0);
    mpfr_set_d(a, d.scale * (1 + spoil), MPFR_RNDN);
    mpfr_add_d(a, a, d.scale_low, MPFR_RNDN);
    mpfr_set_d(b, d.shift, MPFR_RNDN);
    mpfr_add_d(b, b, d.shift_low, MPFR_RNDN);
    const double bound = dtype == SN_F32 ? 0.5 + 0x1p-25 : 0.501;
    struct sn_kernel shape = {
        .dtype = dtype, .function = what == GRADIENT ? SN_SELU_GRAD : SN_SELU};
    for (long i = 0; i < 6000; i++) {
        double dy, x, y;
        draw(&shape, i, &dy, &x);
        uint64_t g = (uint64_t)i * 3;
        if (dtype == SN_F32) {
            float fx = (float)x, fdy = (float)dy, fy;
            if (what == ALONE)
                sn_alpha_dropout_f32(&fy, &fx, 1, &d, g);
            else if (what == FUSED)
                sn_selu_alpha_dropout_f32(&fy, &fx, 1, &d, g);
            else
                sn_selu_alpha_dropout_grad_f32(&fy, &fdy, &fx, 1, &d, g);
            y = (double)fy;
        } else if (what == ALONE)
            sn_alpha_dropout_f64(&y, &x, 1, &d, g);
        else if (what == FUSED)
            sn_selu_alpha_dropout_f64(&y, &x, 1, &d, g);
        else
            sn_selu_alpha_dropout_grad_f64(&y, &dy, &x, 1, &d, g);
        bool kept = mask_keeps(designs[design].rate, 99, g);
        if (!kept) {
            double instead = what == GRADIENT  ? 0
                             : dtype == SN_F32 ? (double)(float)d.dropped
                                               : d.dropped;
            score_add(&s, 0, y == instead ? 0 : INFINITY, dy, x, y);
            continue;
        }
        if (what == ALONE)
            mpfr_set_d(exact, x, MPFR_RNDN);
        else
            ref_exact(exact, what == GRADIENT, dy, x);
        mpfr_mul(exact, exact, a, MPFR_RNDN);
        if (what != GRADIENT)
            mpfr_add(exact, exact, b, MPFR_RNDN);
        double ulps = ref_ulps(dtype, exact, y);
        /* where a x and b cancel: what kernels.h allows besides */
        int e = mpfr_zero_p(exact) ? -2000 : (int)mpfr_get_exp(exact);
        double ulp = ldexp(1, e - (dtype == SN_F32 ? 24 : 53));
        if (what != GRADIENT)
            ulps -= fmin(ulps, slack * fabs(d.shift) / ulp);
        score_add(&s, bound, ulps, dy, x, y);
    }
    mpfr_clears(a, b, exact, (mpfr_ptr)0);
    return s;
}

Test(kernels_dropout, results_within_promise)
{
    ref_begin("results_within_promise", 51);
    for (int t = SN_F32; t <= SN_F64; t++)
        for (int what = ALONE; what <= GRADIENT; what++)
            for (int design = 0; design < DESIGNS; design++) {
                double slack = t == SN_F32 ? 0x1p-51 : 0x1p-100;
                struct score s = results(
                    (enum sn_dtype)t, (enum what)what, design, 0, slack);
                cr_expect(s.bad == 0, SCORE_FORMAT " (design %d, %s)",
                    SCORE_VALUES(s), design, sn_dtype_name((enum sn_dtype)t));
                if (design == 1)
                    score_print(&s);
            }
    struct score s = results(SN_F64, FUSED, 1, 0x1p-52, 0x1p-100);
    cr_expect(s.bad > 0, "planted: a off by a unit passes");
    ref_end();
}

/* ---- splits, special values, bad input ------------------------------------
 */

Test(kernels_dropout, same_for_any_split)
{
    enum { MANY = 1 << 16 };
    static float x[MANY], whole[MANY], parts[MANY];
    struct sn_alpha_dropout d;
    ref_begin("same_for_any_split", 52);
    cr_assert(sn_alpha_dropout_init(&d, 0.1, 6));
    for (size_t i = 0; i < MANY; i++)
        x[i] = (float)(6 * random_unit() - 4);
    sn_selu_alpha_dropout_f32(whole, x, MANY, &d, 12345);
    for (size_t i = 0, n; i < MANY; i += n) {
        n = random_bits() % 90;
        n = n < MANY - i ? n : MANY - i;
        sn_selu_alpha_dropout_f32(parts + i, x + i, n, &d, 12345 + i);
    }
    cr_expect_arr_eq(whole, parts, sizeof whole);
    /* the same mask in every format */
    static uint16_t half[MANY], half_out[MANY];
    static double wide[MANY], wide_out[MANY];
    long differ = 0;
    for (size_t i = 0; i < MANY; i++) {
        half[i] = 0x3c00;
        wide[i] = 1;
    }
    sn_alpha_dropout_grad_f16(half_out, half, MANY, &d, 12345);
    sn_alpha_dropout_grad_f64(wide_out, wide, MANY, &d, 12345);
    for (size_t i = 0; i < MANY; i++) {
        bool dropped = whole[i] == (float)d.dropped;
        differ += dropped != !half_out[i] || dropped != (wide_out[i] == 0);
    }
    cr_expect_eq(differ, 0);
    ref_end();
}

static uint32_t bits_of(float x)
{
    return (uint32_t)to_bits(SN_F32, (double)x);
}

Test(kernels_dropout, special_values_and_rates)
{
    struct sn_alpha_dropout d;
    float x[64], y[64], dx[64];
    for (int i = 0; i < 64; i++)
        x[i] = i % 4 == 0   ? NAN
               : i % 4 == 1 ? INFINITY
               : i % 4 == 2 ? -INFINITY
                            : -0.0f;
    cr_assert(sn_alpha_dropout_init(&d, 0.5, 0));
    sn_alpha_dropout_f32(y, x, 64, &d, 0);
    sn_alpha_dropout_grad_f32(dx, x, 64, &d, 0);
    for (uint64_t i = 0; i < 64; i++) {
        bool kept = mask_number(0, i) >= 0x8000;
        if (!kept)
            cr_expect(y[i] == (float)d.dropped && bits_of(dx[i]) == 0);
        else if (i % 4 == 3)
            cr_expect(y[i] == (float)d.shift && bits_of(dx[i]) == 0x80000000u);
        else
            cr_expect(isnan(x[i]) ? isnan(y[i]) && isnan(dx[i])
                                  : y[i] == x[i] && dx[i] == x[i]);
    }
    /* rate 0: nothing changes, or SELU alone */
    cr_assert(sn_alpha_dropout_init(&d, 0, 0));
    sn_alpha_dropout_f32(y, x, 64, &d, 0);
    cr_expect_arr_eq(x, y, sizeof x);
    const uint32_t signalling = 0xff800001;
    uint32_t quiet;
    sn_alpha_dropout_grad_f32(
        (float *)&quiet, (const float *)&signalling, 1, &d, 0);
    cr_expect_eq(quiet, 0xffc00001);
    uint16_t halves[] = {0x7c01, 0xfc01, 0x7c00, 0x8000};
    const uint16_t quieted[] = {0x7e01, 0xfe01, 0x7c00, 0x8000};
    sn_alpha_dropout_f16(halves, halves, 4, &d, 0);
    cr_expect_arr_eq(halves, quieted, sizeof quieted);
    sn_selu_f32(dx, x, 64);
    sn_selu_alpha_dropout_f32(y, x, 64, &d, 0);
    cr_expect_arr_eq(dx, y, sizeof y);
    /* nothing is dropped, and yet a is not 1 */
    cr_assert(sn_alpha_dropout_design(
        &d, 0x1p-90, 0, 0x1p62, 0x1p-64, &sn_paper_selu));
    sn_alpha_dropout_grad_f32(y, &(const float){1}, 1, &d, 0);
    cr_expect_eq(y[0], 0x1p-49f);
    /* rate 1: the mean, gradient 0 */
    cr_assert(sn_alpha_dropout_design(&d, 1, 0, -0.25, 2, &sn_paper_selu));
    sn_alpha_dropout_f32(y, x, 64, &d, 0);
    sn_selu_alpha_dropout_grad_f32(dx, x, x, 64, &d, 0);
    for (int i = 0; i < 64; i++)
        cr_expect(y[i] == -0.25f && bits_of(dx[i]) == 0);
    sn_alpha_dropout_f32(NULL, NULL, 0, &d, 7);
}

Test(kernels_dropout, bad_input_is_refused)
{
    struct sn_alpha_dropout d = {.seed = 42};
    struct sn_elu elu = {.rate = 42};
    static const double bad[] = {-0x1p-1074, 1 + 0x1p-52, NAN, INFINITY, -1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect(!sn_alpha_dropout_init(&d, bad[i], 0), "%g", bad[i]);
    cr_expect(!sn_alpha_dropout_design(&d, 0.1, 0, NAN, 1, &sn_paper_selu));
    cr_expect(!sn_alpha_dropout_design(&d, 0.1, 0, 0, 0, &sn_paper_selu));
    cr_expect(!sn_alpha_dropout_design(&d, 0.1, 0, 0, -1, &sn_paper_selu));
    cr_expect_eq(d.seed, 42);
    /* of lambda and of CELU's alpha; the last three of any alpha */
    static const double worse[] = {0, -1, NAN, INFINITY, 1e300};
    for (size_t i = 0; i < sizeof worse / sizeof *worse; i++) {
        cr_expect(!sn_selu_design(&elu, worse[i], 1.5));
        cr_expect(!sn_celu_design(&elu, worse[i]));
        if (i < 2)
            continue;
        cr_expect(!sn_selu_design(&elu, 1.5, worse[i]));
        cr_expect(!sn_elu_design(&elu, worse[i]));
    }
    cr_expect_eq(elu.rate, 42);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker itself: its constants against fixedpoint/, its reference in
 * double against MPFR.
 */
#include "fixedpoint/constants/constants.h"
#include "tests/verify/conformance/test_conformance.h"
#include <math.h>
#include <stdlib.h>
#include <stdio.h>

/* ---- constants ---- */

static bool near(arb_t theory, const mpfr_t ours)
{
    arf_t x;
    arf_init(x);
    arf_set_mpfr(x, ours);
    arb_sub_arf(theory, theory, x, 400);
    arb_mul_2exp_si(theory, theory, 200);
    arf_set_si(x, 1);
    arb_abs(theory, theory);
    bool good = arf_cmpabs_2exp_si(arb_midref(theory), -1) < 0 &&
                mag_cmp_2exp_si(arb_radref(theory), -1) < 0;
    arf_clear(x);
    return good;
}

Test(reference, constants_are_those_of_the_theory)
{
    struct conf_reference reference;
    arb_t lambda, alpha, b;
    arb_init(lambda);
    arb_init(alpha);
    arb_init(b);
    constants_selu_arb(lambda, alpha, 400);
    arb_mul(b, lambda, alpha, 400);
    start(&reference, "selu", NULL, NULL);
    cr_expect(near(lambda, reference.a), "lambda");
    cr_expect(near(b, reference.b), "lambda alpha");
    /* a moved constant is noticed */
    mpfr_nextabove(reference.b);
    mpfr_mul_d(reference.b, reference.b, 1 + 0x1p-52, MPFR_RNDN);
    arb_mul(b, lambda, alpha, 400);
    cr_expect(!near(b, reference.b));
    conf_reference_clear(&reference);
    arb_clear(lambda);
    arb_clear(alpha);
    arb_clear(b);
}

Test(reference, factors_out_of_range_are_refused)
{
    static const struct {
        const char *lambda, *alpha;
        enum sn_status want;
    } row[] = {{"1e30", "1", SN_OK}, {"1.001e30", "1", SN_BAD_VALUE},
        {"1", "1e9999", SN_BAD_VALUE}, {"1e-20", "1e-20", SN_BAD_VALUE},
        {"1e-20", "1e20", SN_OK}, {"x", "1", SN_BAD_VALUE}};
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        enum sn_status got = conf_reference_init(
            &reference, &ref_functions[0], row[i].lambda, row[i].alpha);
        cr_expect_eq(got, row[i].want, "%s, %s: %d", row[i].lambda,
            row[i].alpha, (int)got);
        if (got == SN_OK)
            conf_reference_clear(&reference);
    }
}

/* ---- the reference in double ---- */

/* Relative error of d, or 0 where both are beyond all floats. */
static double error_of(
    const struct conf_reference *reference, float x, double d)
{
    mpfr_t exact;
    mpfr_init2(exact, 256);
    ref_exact_value(exact, reference, (double)x, 1);
    double error = 0;
    bool beyond = reference->derivative && x < reference->least;
    if (beyond) {
        error =
            d > 0 && d < 0x1p-330 && mpfr_cmp_d(exact, 0x1p-330) < 0 ? 0 : 1;
    } else if (mpfr_zero_p(exact)) {
        error = d == 0 && !signbit(d) == !signbit(x) ? 0 : 1;
    } else {
        mpfr_t ratio;
        mpfr_init2(ratio, 256);
        mpfr_set_d(ratio, d, MPFR_RNDN);
        mpfr_sub(ratio, ratio, exact, MPFR_RNDN);
        mpfr_div(ratio, ratio, exact, MPFR_RNDN);
        error = fabs(mpfr_get_d(ratio, MPFR_RNDN));
        mpfr_clear(ratio);
    }
    mpfr_clear(exact);
    return error;
}

enum {
    PER_BINADE = 24,
    SEAMS = 400,
    NEAR = 2000,
    TRIED = 512 * PER_BINADE + SEAMS + NEAR
};

/* Every binade of both signs, and the sides of each reduction step. */
static size_t tried(float *x)
{
    size_t n = 0;
    for (uint32_t binade = 0; binade < 512; binade++)
        for (int i = 0; i < PER_BINADE; i++) {
            uint32_t low = i == 0 ? 0 : i == 1 ? 0x7fffff : random_bits() >> 9;
            float value = from_bits(binade << 23 | low);
            if (isfinite(value))
                x[n++] = value;
        }
    for (int k = 0; k < SEAMS / 2; k++) {
        float seam = (float)(-(k / 2 + 0.5) * log(2));
        seam = k / 2 == 90 ? -40 : k / 2 == 91 ? -300 : seam;
        x[n++] = k % 2 ? seam : nextafterf(seam, 0);
        x[n++] = k % 2 ? nextafterf(seam, -999) : seam;
    }
    for (int i = 0; i < NEAR; i++) /* -2 to 0 */
        x[n++] = (float)((random_bits() >> 8) * -0x1p-23);
    return n;
}

static double worst_error(const struct conf_reference *reference, float *at)
{
    static float x[TRIED];
    static double d[TRIED];
    size_t n = tried(x);
    double worst = 0;
    conf_reference_approximate(reference, d, x, n);
    for (size_t i = 0; i < n; i++) {
        double error = error_of(reference, x[i], d[i]);
        if (!(error <= worst)) {
            worst = error;
            *at = x[i];
        }
    }
    return worst;
}

Test(reference, approximation_keeps_its_bound)
{
    static const struct {
        const char *name, *lambda, *alpha;
    } row[] = {{"selu", NULL, NULL}, {"selu-grad", NULL, NULL},
        {"elu", NULL, NULL}, {"elu-grad", NULL, NULL},
        {"selu", "1e-30", "1e-0"}, {"selu-grad", "1", "1e30"},
        {"celu", NULL, "1.5"}, {"celu", NULL, "0.3"}, {"celu", NULL, "1e-30"},
        {"celu-grad", NULL, "1e30"}, {"celu-grad", NULL, "3"}};
    seed(21);
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        float at = 0;
        start(&reference, row[i].name, row[i].lambda, row[i].alpha);
        double worst = worst_error(&reference, &at);
        fprintf(stderr, "reference: %s within %a at %a\n", row[i].name, worst,
            (double)at);
        cr_expect(worst < CONF_APPROX_BOUND && worst < 0x1p-51, "%s: %a at %a",
            row[i].name, worst, (double)at);
        /* a planted fault: the double has moved and MPFR has not */
        reference.b_double *= 1 + 0x1p-45;
        cr_expect(!(worst_error(&reference, &at) < CONF_APPROX_BOUND));
        conf_reference_clear(&reference);
    }
}

/* ---- errors in ULP ---- */

Test(reference, ulp_of_cases_done_by_hand)
{
    const double inf = (double)INFINITY, least = 0x1p-149;
    const double max = 0x1.fffffep127;
    static const char *const one[] = {"1", "1"}, *const half[] = {"0.5", "1"},
                             *const huge[] = {"2", "1"};
    const struct {
        const char *const *factors;
        double x, y, ulp, rounded;
    } row[] = {
        {one, 1, 1, 0, 1},
        {one, 1, 1 + 0x1p-23, 1, 1},
        {one, 1, 1 - 0x1p-24, 0.5, 1}, /* the unit is that above 1 */
        {one, 1, -1, 0x1p24, 1},
        {half, 3 * least, least, 0.5, 2 * least}, /* ties to even */
        {half, least, 0, 0.5, 0},
        {half, least, least, 0.5, 0},
        {half, 5 * least, 3 * least, 0.5, 2 * least},
        {one, 0x1p-126, 0x1p-126 - least, 1, 0x1p-126},
        {one, 0, least, 1, 0},
        {one, max, inf, 1, max},
        {one, max, -inf, 0x1p25 - 1, max},
        {one, max, (double)NAN, 0x1p25 - 1, max},
        {huge, max, max, 1, inf},
        {huge, max, inf, 0, inf},
        {huge, 0x1p127, inf, 0, inf},
        {huge, 0x1.fffffep126, max, 0, max},
        {one, 1, inf, 0x1p151 - 0x1p23, 1},
        {one, 1, (double)NAN, 0x1p151 + 0x1p23, 1},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        struct sweep_score score;
        start(&reference, "selu", row[i].factors[0], row[i].factors[1]);
        double ulp =
            conf_reference_ulp(&reference, SN_F32, row[i].x, row[i].y);
        double rounded = conf_reference_rounded(&reference, SN_F32, row[i].x);
        cr_expect(ulp == row[i].ulp && rounded == row[i].rounded,
            "row %zu: %a ULP, rounded %a", i, ulp, rounded);
        /* and as the sweep scores it */
        float x = (float)row[i].x, y = (float)row[i].y;
        double d;
        conf_reference_approximate(&reference, &d, &x, 1);
        sweep_score_init(&score);
        sweep_score_f32(&score, &reference, &x, &y, &d, 1);
        bool right = to_bits(y) == to_bits((float)rounded);
        cr_expect(fabs(score.max_ulp - ulp) <= 0x1p-21 * (1 + ulp) &&
                      score.incorrectly_rounded == !right,
            "row %zu scored %a ULP, %llu wrong", i, score.max_ulp,
            (unsigned long long)score.incorrectly_rounded);
        conf_reference_clear(&reference);
    }
}

/* elu'(-0) = 1 has the unit above 1, elu'(-2^-60) < 1 that below. */
Test(reference, ulp_at_a_power_of_two_from_below)
{
    static const double x[] = {0.0, -0.0, -0x1p-60}, want[] = {0.5, 0.5, 1};
    struct conf_reference reference;
    start(&reference, "elu-grad", NULL, NULL);
    for (size_t i = 0; i < COUNT(x); i++) {
        struct sweep_score score;
        float narrow = (float)x[i], y = 0x1.fffffep-1f;
        double d,
            ulp = conf_reference_ulp(&reference, SN_F32, x[i], (double)y);
        conf_reference_approximate(&reference, &d, &narrow, 1);
        sweep_score_init(&score);
        sweep_score_f32(&score, &reference, &narrow, &y, &d, 1);
        cr_expect(fabs(ulp - want[i]) < 0x1p-30 &&
                      fabs(score.max_ulp - want[i]) < 0x1p-21,
            "%a: %a ULP, scored %a", x[i], ulp, score.max_ulp);
    }
    conf_reference_clear(&reference);
}

/* 1.5 x is a tie, and 1.5 (e^x - 1) lies just inside of it. */
Test(reference, near_ties_are_decided)
{
    static const int exponent[] = {-60, -140, -300, -900};
    struct conf_reference reference;
    start(&reference, "elu", NULL, "1.5");
    for (size_t i = 0; i < COUNT(exponent); i++) {
        double x = -ldexp(1 + 0x1p-52, exponent[i]);
        double want = -ldexp(1.5 + 0x1p-52, exponent[i]);
        double got = conf_reference_rounded(&reference, SN_F64, x);
        cr_expect(got == want, "x = %a: %a, want %a", x, got, want);
    }
    conf_reference_clear(&reference);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker's score of f32 and f64 results against MPFR alone. */
#include "tests/verify/conformance/test_conformance.h"
#include "verify/conformance/sweep/inputs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

/* ---- f32 ---- */

/* Results right, one or two units off, lost, infinite, NaN. */
static float spoilt(float y)
{
    uint32_t what = random_bits() % 16;
    uint32_t step = what == 1 || what == 2 ? 1 : what == 3 ? 2 : 0;
    if (what == 4)
        return copysignf(0, y);
    if (what == 5)
        return random_bits() % 2 ? NAN : copysignf(INFINITY, y);
    return from_bits(
        to_bits(y) + (random_bits() % 2 || y == 0 ? step : -step));
}

static void compare_score(const struct conf_reference *reference, float *x,
    size_t n, const char *what)
{
    static float y[SUBJECT_BLOCK];
    static double d[SUBJECT_BLOCK];
    struct sweep_score score, brute = {.max_ulp = -1};
    for (size_t i = 0; i < n; i++) {
        float want =
            (float)conf_reference_rounded(reference, SN_F32, (double)x[i]);
        y[i] = spoilt(want);
        if (isnan(x[i])) {
            brute.incorrectly_rounded += isnan(y[i]) ? 0 : 1;
            continue;
        }
        brute.incorrectly_rounded += to_bits(want) != to_bits(y[i]);
        if (isinf(x[i]))
            continue;
        brute.zeros += y[i] == 0 && want != 0;
        brute.max_ulp = fmax(brute.max_ulp,
            conf_reference_ulp(reference, SN_F32, (double)x[i], (double)y[i]));
        if (i && !isnan(x[i - 1]))
            brute.monotonicity_violations +=
                signbit(x[i]) ? y[i] > y[i - 1] : y[i] < y[i - 1];
    }
    conf_reference_approximate(reference, d, x, n);
    sweep_score_init(&score);
    sweep_score_f32(&score, reference, x, y, d, n);
    cr_expect(
        score.inputs == n &&
            score.incorrectly_rounded == brute.incorrectly_rounded &&
            score.zeros == brute.zeros &&
            score.monotonicity_violations == brute.monotonicity_violations &&
            fabs(score.max_ulp - brute.max_ulp) <=
                0x1p-21 * (1 + brute.max_ulp),
        "%s: wrong %llu, by MPFR %llu; zeros %llu, %llu; monotonicity %llu, "
        "%llu; max %a, %a",
        what, (unsigned long long)score.incorrectly_rounded,
        (unsigned long long)brute.incorrectly_rounded,
        (unsigned long long)score.zeros, (unsigned long long)brute.zeros,
        (unsigned long long)score.monotonicity_violations,
        (unsigned long long)brute.monotonicity_violations, score.max_ulp,
        brute.max_ulp);
}

Test(score, score_is_that_of_mpfr)
{
    static float x[SUBJECT_BLOCK];
    /* pieces of exhaustive blocks, across the score's pieces of 4096 */
    static const struct {
        const char *function;
        uint32_t first;
    } row[] = {{"selu", 0x00000001}, {"selu", 0x80000000},
        {"selu", 0xbe400000}, {"selu", 0xc18a9000}, {"selu", 0x3f7ff000},
        {"selu", 0x7f73a000}, {"selu", 0x7f7ff000}, {"selu", 0xff7ff000},
        {"selu-grad", 0x80000001}, {"selu-grad", 0xc2aeac00},
        {"selu-grad", 0xc2cff000}, {"elu", 0x80000000}, {"elu", 0xc1eff000},
        {"elu", 0xb3800000}, {"elu-grad", 0xb2fff000}};
    seed(22);
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        char what[80];
        start(&reference, row[i].function, NULL, NULL);
        for (uint32_t k = 0; k < 5000; k++)
            x[k] = from_bits(row[i].first + k);
        snprintf(what, sizeof what, "%s from 0x%x", row[i].function,
            (unsigned)row[i].first);
        compare_score(&reference, x, 5000, what);
        conf_reference_clear(&reference);
    }
}

/* Where d(1 +- bound) rounds to two floats, MPFR decides. */
Test(score, undecided_roundings_are_decided)
{
    static float x[SUBJECT_BLOCK], open[2048];
    static double d[SUBJECT_BLOCK];
    struct conf_reference reference;
    size_t found = 0;
    seed(23);
    start(&reference, "selu", NULL, NULL);
    /* 0.25 to 1, negative: 2^24 inputs */
    for (uint32_t block = 0xbe80; block < 0xbf80; block++) {
        for (uint32_t i = 0; i < SUBJECT_BLOCK; i++)
            x[i] = from_bits(block << 16 | i);
        conf_reference_approximate(&reference, d, x, SUBJECT_BLOCK);
        for (uint32_t i = 0; i < SUBJECT_BLOCK && found < COUNT(open); i++)
            if ((float)(d[i] * (1 - 0x1p-40)) != (float)(d[i] * (1 + 0x1p-40)))
                open[found++] = x[i];
    }
    fprintf(stderr, "reference: %zu inputs near a tie\n", found);
    cr_expect(found > 100);
    for (int i = 0; i < 4; i++)
        compare_score(&reference, open, found, "near ties");
    conf_reference_clear(&reference);
}

/* ---- f64 ---- */

enum { WIDE = 16384 };

/* Relative to f(x), in MPFR, of what the pair is off by. */
static double error_of_pair(const struct conf_reference *reference, double x,
    double high, double low, double scale)
{
    mpfr_t exact, pair;
    mpfr_init2(exact, 256);
    mpfr_init2(pair, 400);
    ref_exact_value(exact, reference, x, 1);
    mpfr_set_d(pair, high, MPFR_RNDN);
    mpfr_add_d(pair, pair, low, MPFR_RNDN);
    mpfr_div_d(pair, pair, scale, MPFR_RNDN);
    mpfr_sub(pair, pair, exact, MPFR_RNDN);
    mpfr_div(pair, pair, exact, MPFR_RNDN);
    double error = fabs(mpfr_get_d(pair, MPFR_RNDN));
    mpfr_clear(exact);
    mpfr_clear(pair);
    return error;
}

/* Any finite double, then x/w over the reduction, then at its seams. */
static size_t tried_wide(double *x, const struct conf_reference *reference)
{
    const double w = mpfr_get_d(reference->width, MPFR_RNDN);
    size_t n = 0;
    while (n < WIDE / 2)
        if (isfinite(x[n] = conf_type_value(CONF_TYPE_F64, random_wide())))
            n++;
    for (; n < WIDE - 2048; n++)
        x[n] = -w * exp2(11 * ((double)(random_wide() >> 11) * 0x1p-52 - 1));
    for (int k = 0; n < WIDE; k++, n++) {
        double seam = -w * (k / 2 % 1000 + 0.5) * log(2);
        seam = k % 64 == 1 ? (k & 64 ? -0x1p-300 : 0x1p300) : seam;
        seam = k % 64 == 2 ? -w * (k & 64 ? 120 : 200) : seam;
        x[n] = nextafter(seam, k % 2 ? 0 : seam * 2);
    }
    return n;
}

static double worst_pair(
    const struct conf_reference *reference, double *at, size_t *gone)
{
    static double x[WIDE], high[WIDE], low[WIDE], scale[WIDE];
    const double w = mpfr_get_d(reference->width, MPFR_RNDN);
    size_t n = tried_wide(x, reference);
    double worst = 0;
    conf_reference_approximate_f64(reference, high, low, scale, x, n);
    for (size_t i = 0; i < n; i++) {
        if (x[i] == 0)
            continue;
        if (reference->derivative && x[i] / w < -900) {
            *gone += high[i] / scale[i] == 0;
            continue;
        }
        double error =
            error_of_pair(reference, x[i], high[i], low[i], scale[i]);
        if (!(error <= worst)) {
            worst = error;
            *at = x[i];
        }
    }
    return worst;
}

Test(score, pairs_keep_their_bound)
{
    static const struct {
        const char *name, *lambda, *alpha;
    } row[] = {{"selu", NULL, NULL}, {"selu-grad", NULL, NULL},
        {"elu", NULL, NULL}, {"elu-grad", NULL, "1e-30"},
        {"selu", "1e-30", "1e-0"}, {"selu-grad", "1", "1e30"},
        {"celu", NULL, "1.5"}, {"celu", NULL, "0.3"}, {"celu", NULL, "1e-30"},
        {"celu", NULL, "1e30"}, {"celu-grad", NULL, "1e30"},
        {"celu-grad", NULL, "1e-30"}, {"celu-grad", NULL, "3"}};
    seed(41);
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        double at = 0;
        size_t gone = 0;
        start(&reference, row[i].name, row[i].lambda, row[i].alpha);
        double worst = worst_pair(&reference, &at, &gone);
        fprintf(stderr, "reference: %s in f64 within %a at %a\n", row[i].name,
            worst, at);
        cr_expect(worst < 0x1p-92 && worst > 0x1p-98, "%s: %a at %a",
            row[i].name, worst, at);
        cr_expect((gone > 1000) == (reference.derivative != 0), "%zu", gone);
        /* a planted fault: half of what the double of b lacks is lost */
        reference.b_low += reference.b_double * 0x1p-79;
        cr_expect(
            !(worst_pair(&reference, &at, &gone) < CONF_APPROX_BOUND_F64));
        conf_reference_clear(&reference);
    }
}

/* Results as the f32 ones are spoilt. */
static double spoilt_wide(double y)
{
    uint64_t what = random_bits() % 16;
    uint64_t bits = conf_type_pattern(CONF_TYPE_F64, y);
    if (what == 4)
        return copysign(0, y);
    if (what == 5)
        return random_bits() % 2 ? (double)NAN : copysign((double)INFINITY, y);
    if (what == 6)
        return -y;
    if (what > 3)
        return y;
    return conf_type_value(CONF_TYPE_F64,
        random_bits() % 2 || !(bits << 1) ? bits + what : bits - what);
}

/* Both ways of one score; how many lanes the pairs left to MPFR: none twice.
 */
static void compare_wide(const struct conf_reference *reference,
    const double *x, size_t n, const char *what)
{
    static double y[WIDE], high[WIDE], low[WIDE], scale[WIDE];
    static struct sweep_score fast, slow;
    const struct sweep_approximation d = {high, low, scale};
    for (size_t i = 0; i < n; i++)
        y[i] = spoilt_wide(
            conf_reference_rounded(reference, CONF_TYPE_F64, x[i]));
    conf_reference_approximate_f64(reference, high, low, scale, x, n);
    sweep_score_init(&fast);
    sweep_score_init(&slow);
    sweep_score_each(&fast, reference, CONF_TYPE_F64, x, y, &d, n);
    sweep_score_each(&slow, reference, CONF_TYPE_F64, x, y, NULL, n);
    cr_expect(
        fast.inputs == n &&
            fast.incorrectly_rounded == slow.incorrectly_rounded &&
            fast.zeros == slow.zeros &&
            fast.monotonicity_violations == slow.monotonicity_violations &&
            fabs(fast.max_ulp - slow.max_ulp) <=
                0x1p-24 * (1 + slow.max_ulp) &&
            !memcmp(fast.histogram, slow.histogram, sizeof fast.histogram),
        "%s: wrong %llu, by MPFR %llu; zeros %llu, %llu; max %a, %a", what,
        (unsigned long long)fast.incorrectly_rounded,
        (unsigned long long)slow.incorrectly_rounded,
        (unsigned long long)fast.zeros, (unsigned long long)slow.zeros,
        fast.max_ulp, slow.max_ulp);
}

Test(score, f64_is_that_of_mpfr)
{
    static double x[WIDE];
    static double hard[SWEEP_HARD_MOST];
    static const struct {
        const char *function, *alpha;
    } row[] = {{"selu", NULL}, {"selu-grad", NULL}, {"elu", NULL},
        {"elu-grad", NULL}, {"celu", "1.5"}, {"celu-grad", "1e-5"},
        {"elu", "1.5"}};
    seed(42);
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        start(&reference, row[i].function, NULL, row[i].alpha);
        size_t n = tried_wide(x, &reference);
        compare_wide(&reference, x, n, row[i].function);
        for (int negative = 0; negative < 2; negative++) {
            n = sweep_hard_f64(&reference, negative, hard);
            compare_wide(&reference, hard, n, "hard to round");
        }
        /* zeros, and around the largest and the least numbers */
        for (n = 0; n < 4096; n++)
            x[n] = conf_type_value(
                CONF_TYPE_F64, (UINT64_C(0x7fe) << 52) - 2048 + (n & 2047) +
                                   (n & 2048 ? UINT64_C(1) << 63 : 0));
        compare_wide(&reference, x, n, "the largest");
        for (n = 0; n < 4096; n++)
            x[n] = conf_type_value(CONF_TYPE_F64,
                (n & 2047) + (n & 2048 ? UINT64_C(1) << 63 : 0));
        compare_wide(&reference, x, n, "the least");
        conf_reference_clear(&reference);
    }
}

/* 1 is a value of elu, and the power of 2 that elu' and -elu stay under. */
Test(score, f64_units_next_to_powers_of_two)
{
    static const struct {
        const char *function;
        double x, y, ulp;
    } row[] = {{"elu", 1, 1 - 0x1p-53, 0.5}, {"elu", 1, 1 + 0x1p-52, 1},
        {"elu", -60, -1 + 0x1p-53, 1}, {"elu", -800, -1 + 0x1p-53, 1},
        {"elu", -800, -1 - 0x1p-52, 2}, {"elu-grad", -0x1p-80, 1 - 0x1p-53, 1},
        {"elu-grad", -0x1p-1060, 1 - 0x1p-53, 1},
        {"elu-grad", 0, 1 - 0x1p-53, 0.5}, {"elu", 0x1p-1074, 0, 1},
        {"elu", -0x1p-1074, -0x1p-1073, 1},
        {"elu", 0x1.fffffffffffffp1023, (double)INFINITY, 1}};
    for (size_t i = 0; i < COUNT(row); i++) {
        struct conf_reference reference;
        struct sweep_score score;
        double high, low, scale;
        const struct sweep_approximation d = {&high, &low, &scale};
        start(&reference, row[i].function, NULL, NULL);
        conf_reference_approximate_f64(
            &reference, &high, &low, &scale, &row[i].x, 1);
        sweep_score_init(&score);
        sweep_score_each(
            &score, &reference, CONF_TYPE_F64, &row[i].x, &row[i].y, &d, 1);
        cr_expect(fabs(score.max_ulp - row[i].ulp) <= 0x1p-24,
            "%s at %a: %a ULP, want %a", row[i].function, row[i].x,
            score.max_ulp, row[i].ulp);
        conf_reference_clear(&reference);
    }
}

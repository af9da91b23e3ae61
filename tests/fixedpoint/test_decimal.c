/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balls as decimal digits and as IEEE numbers. */
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"
#include <criterion/criterion.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 42 };

Test(fixedpoint, decimals_by_hand)
{
    static const struct {
        const char *x; /* with +/- */
        slong digits;
        const char *value; /* NULL: undecided */
    } row[] = {
        {"0", 5, "0"},
        {"1", 3, "1.00"},
        {"-1.5", 2, "-1.5"},
        {"123456", 3, "1.23e5"},
        {"123456", 6, "123456"},
        {"0.000125", 3, "0.000125"},
        {"0.00000125", 3, "1.25e-6"},
        {"9.9996", 4, "10.00"},
        {"0.99996", 4, "1.000"},
        {"[0.5 +/- 1e-9]", 5, "0.50000"},
        {"[0.5 +/- 1e-5]", 5, NULL},
        {"[2.5 +/- 1e-70]", 22, "2.500000000000000000000"},
        {"[0.25 +/- 1e-9]", 1, NULL}, /* a tie: not decided */
        {"[0.3 +/- 0.4]", 1, NULL},
        {"[0 +/- 1e-20]", 10, "0"},
        {"[0 +/- 1e-9]", 10, NULL},
        {"nan", 3, NULL},
        {"inf", 3, NULL},
        {"1e-9000", 2, "1.0e-9000"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char *value, *radius;
        arb_t x;
        arb_init(x);
        arb_set_str(x, row[i].x, 256);
        enum sn_status status =
            num_decimal_arb(&value, &radius, x, row[i].digits);
        if (row[i].value)
            cr_expect(status == SN_OK && !strcmp(value, row[i].value),
                "%s to %ld digits: %s", row[i].x, row[i].digits,
                value ? value : "undecided");
        else
            cr_expect(status == SN_UNDECIDED && !value && !radius,
                "%s to %ld digits is decided", row[i].x, row[i].digits);
        free(value);
        free(radius);
        arb_clear(x);
    }
}

/* Every point of the ball lies within radius of value. */
static bool within(const arb_t x, const char *value, const char *radius)
{
    arb_t v, r, off;
    arb_init(v);
    arb_init(r);
    arb_init(off);
    arb_set_str(v, value, 2000);
    arb_set_str(r, radius, 2000);
    arb_sub(off, x, v, 2000);
    arb_abs(off, off);
    /* the ball's far end against the printed bound */
    arf_t far;
    arf_init(far);
    arb_get_ubound_arf(far, off, 2000);
    arb_set_arf(off, far);
    bool inside = arb_le(off, r);
    arf_clear(far);
    arb_clear(v);
    arb_clear(r);
    arb_clear(off);
    return inside;
}

Test(fixedpoint, printed_radius_covers_the_ball)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, SEED);
    int bad = 0, decided = 0, planted = 0;
    for (int i = 0; i < 2000; i++) {
        arb_t x;
        char *value, *radius;
        arb_init(x);
        arb_set_d(x, (gsl_rng_uniform(rng) - 0.5) *
                         pow(10, 40 * gsl_rng_uniform(rng) - 20));
        arb_div_ui(x, x, 3, 200);
        arb_add_error_2exp_si(x, -150 - (slong)gsl_rng_uniform_int(rng, 50));
        slong digits = 1 + (slong)gsl_rng_uniform_int(rng, 24);
        if (num_decimal_arb(&value, &radius, x, digits) == SN_OK) {
            decided++;
            bad += !within(x, value, radius);
            if (strcmp(value, "0") && strchr(value, 'e') == NULL) {
                /* planted: another last digit is not within the radius */
                char *last = value + strlen(value) - 1;
                *last = *last == '9' ? '0' : (char)(*last + 1);
                planted += within(x, value, radius);
            }
        }
        free(value);
        free(radius);
        arb_clear(x);
    }
    gsl_rng_free(rng);
    cr_assert(!bad && !planted && decided > 1800,
        "seed %d: %d bad, %d changed digits pass, %d decided", SEED, bad,
        planted, decided);
}

Test(fixedpoint, more_digits_begin_with_the_same_digits)
{
    arb_t lambda, alpha, rounded, difference;
    arb_init(lambda);
    arb_init(alpha);
    arb_init(rounded);
    arb_init(difference);
    constants_selu_arb(lambda, alpha, 4000);
    char *last = NULL;
    int bad = 0;
    for (slong digits = 1000; digits >= 1; digits--) {
        char *value, *radius;
        if (num_decimal_arb(&value, &radius, alpha, digits) != SN_OK) {
            bad++;
            continue;
        }
        /* the shorter is the longer one rounded: at most half a unit off */
        if (last) {
            arb_set_str(rounded, last, 4000);
            arb_set_str(difference, value, 4000);
            arb_sub(difference, difference, rounded, 4000);
            bad += fabs(arf_get_d(arb_midref(difference), ARF_RND_NEAR)) >
                   0.5000001 * pow(10, 1 - (double)digits);
        }
        free(last);
        free(radius);
        last = value;
    }
    free(last);
    arb_clear(lambda);
    arb_clear(alpha);
    arb_clear(rounded);
    arb_clear(difference);
    cr_assert(!bad, "%d of 1000", bad);
}

/* f32 against the hardware's conversion, ties and subnormals included. */
Test(fixedpoint, rounding_to_f32_is_the_hardwares)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, SEED);
    int bad = 0;
    double at = 0;
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = (uint64_t)gsl_rng_get(rng) << 32 | gsl_rng_get(rng);
        /* exponents around and beyond f32's, sparse significands for ties */
        uint64_t exponent = 1023 - 160 + gsl_rng_uniform_int(rng, 300);
        if (i % 2)
            bits &= UINT64_C(0x800ffffff0000000);
        bits = (bits & UINT64_C(0x800fffffffffffff)) | exponent << 52;
        double x, rounded;
        memcpy(&x, &bits, sizeof x);
        arb_t ball;
        arb_init(ball);
        arb_set_d(ball, x);
        if (num_round_to_format(&rounded, ball, &num_formats[1]) != SN_OK ||
            rounded != (double)(float)x) {
            bad++;
            at = x;
        }
        arb_clear(ball);
    }
    gsl_rng_free(rng);
    cr_assert(!bad, "seed %d: %d differ, as %a", SEED, bad, at);
}

Test(fixedpoint, rounding_by_hand)
{
    static const struct {
        int format;
        const char *x;
        double rounded; /* NaN: undecided */
    } row[] = {
        {2, "65504", 65504}, /* f16: the largest */
        {2, "65519.99", 65504},
        {2, "65520", (double)INFINITY},
        {2, "5.9604644775390625e-8", 0x1p-24},
        {2, "2.98023223876953125e-8", 0}, /* half the least: ties to even */
        {2, "2.9802323e-8", 0x1p-24},
        {2, "1.00048828125", 1},
        {2, "1.0004883", 0x1.004p0},
        {3, "1.00390625", 1}, /* bf16 */
        {3, "1.01171875", 0x1.04p0},
        {3, "1e-40", 0x1p-133},
        {0, "0.1", 0.1},
        {0, "4.9e-324", 0x1p-1074},
        {0, "1.7976931348623159e308", (double)INFINITY},
        {1, "[1 +/- 1e-3]", (double)NAN},
        {1, "[1 +/- 1e-9]", 1},
        {1, "nan", (double)NAN},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        arb_t x;
        double rounded = 0;
        arb_init(x);
        arb_set_str(x, row[i].x, 256);
        const struct num_format *format = &num_formats[row[i].format];
        enum sn_status status = num_round_to_format(&rounded, x, format);
        if (isnan(row[i].rounded))
            cr_expect(status == SN_UNDECIDED, "%s in %s is decided", row[i].x,
                format->name);
        else
            cr_expect(status == SN_OK && rounded == row[i].rounded,
                "%s in %s: %a, want %a", row[i].x, format->name, rounded,
                row[i].rounded);
        arb_clear(x);
    }
}

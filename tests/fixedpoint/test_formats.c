/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary formats: rounding against an enumeration of all their numbers. */
#include "fixedpoint/numbers/literals.h"
#include "tests/fixedpoint/test_fixedpoint.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

/* The number with these bits, from the definition; NaN if it is none. */
static double decode(unsigned bits, const struct num_format *format)
{
    const int fraction = format->precision - 1;
    const unsigned exponents = 1u << format->width;
    unsigned low = bits & ((1u << fraction) - 1);
    unsigned exponent = (bits >> fraction) & (exponents - 1);
    bool e4m3 = !strcmp(format->name, "e4m3");
    if (exponent == exponents - 1 && (!e4m3 || low == 7))
        return (double)NAN;
    double size = exponent ? scalbn((double)(low + (1u << fraction)),
                                 (int)exponent - format->bias - fraction)
                           : scalbn((double)low, 1 - format->bias - fraction);
    return bits >> (fraction + format->width) ? -size : size;
}

static double rounded(double x, int nudge, const struct num_format *format)
{
    arb_t ball, step;
    double y = (double)NAN;
    arb_init(ball);
    arb_init(step);
    arb_set_d(ball, x);
    arb_set_si(step, nudge);
    arb_mul_2exp_si(step, step, -300);
    arb_add(ball, ball, step, 2000);
    if (num_round_to_format(&y, ball, format) != SN_OK)
        y = (double)NAN;
    arb_clear(ball);
    arb_clear(step);
    return y;
}

/*
 * Between neighbours a < b of bits n, n + 1: just below the middle is a, just
 * above b, the middle the even one; past the largest number is infinity.
 */
static int wrong_roundings(const struct num_format *format, bool truncating)
{
    const unsigned sign = 1u << (format->precision - 1 + format->width);
    int wrong = 0;
    for (unsigned n = 0; n + 1 < sign; n++) {
        double a = decode(n, format), b = decode(n + 1, format);
        if (isnan(a))
            continue;
        double ulp = a - (n ? decode(n - 1, format) : -decode(1, format));
        double middle_of = isnan(b) ? a + ulp / 2 : (a + b) / 2;
        double above = isnan(b) ? (double)INFINITY : b;
        double even = n % 2 == 0 ? a : above;
        if (truncating)
            even = a;
        wrong += rounded(a, 0, format) != a;
        wrong += rounded(middle_of, -1, format) != a;
        wrong += rounded(middle_of, 1, format) != above;
        wrong += rounded(middle_of, 0, format) != even;
        wrong += rounded(-middle_of, 1, format) != -a;
        wrong += num_format_bits(a, format) != n;
        wrong += num_format_bits(-a, format) != (n | sign);
    }
    return wrong;
}

Test(formats, all_numbers_of_16_and_8_bits)
{
    for (int f = 2; f < NUM_ALL_FORMATS; f++) {
        const struct num_format *format = &num_formats[f];
        int wrong = wrong_roundings(format, false);
        cr_expect(wrong == 0, "%s: %d", format->name, wrong);
        cr_expect(wrong_roundings(format, true) > 0,
            "%s: ties away from even are not noticed", format->name);
    }
}

Test(formats, wide_bits_are_the_machines)
{
    gsl_rng *rng = generator();
    int wrong = 0;
    for (int i = 0; i < 20000; i++) {
        uint64_t wide = ((uint64_t)gsl_rng_get(rng) << 32) | gsl_rng_get(rng);
        uint32_t narrow = (uint32_t)wide;
        double d;
        float s;
        memcpy(&d, &wide, sizeof d);
        memcpy(&s, &narrow, sizeof s);
        wrong += isfinite(d) && num_format_bits(d, &num_formats[0]) != wide;
        wrong += isfinite(s) &&
                 num_format_bits((double)s, &num_formats[1]) != narrow;
    }
    gsl_rng_free(rng);
    cr_assert(wrong == 0, "%d of 20000", wrong);
}

Test(formats, header_adds_up)
{
    static const char *const macro[] = {
        "SN_LAMBDA", "SN_ALPHA", "SN_ALPHA_PRIME"};
    arb_t want[3], sum, low;
    for (int i = 0; i < 3; i++)
        arb_init(want[i]);
    arb_init(sum);
    arb_init(low);
    constants_selu_arb(want[0], want[1], 300);
    arb_mul(want[2], want[0], want[1], 300);
    const struct num_named number[] = {{macro[0], "lambda", NULL, want[0]},
        {macro[1], "alpha", NULL, want[1]},
        {macro[2], "product", NULL, want[2]}};
    char *text = num_literals(NUM_C, number, 3, "a test", NULL, 40);
    cr_assert(text);
    for (int i = 0; i < 3; i++) {
        double part[3];
        static const char *const suffix[] = {"_F64 ", "_F64_LO ", "_F32 "};
        for (int k = 0; k < 3; k++) {
            char name[64];
            snprintf(name, sizeof name, "#define %s%s", macro[i], suffix[k]);
            const char *at = strstr(text, name);
            cr_assert(at, "no %s", name);
            part[k] = strtod(at + strlen(name), NULL);
        }
        arb_set_d(sum, part[0]);
        arb_set_d(low, part[1]);
        arb_add(sum, sum, low, 300);
        arb_sub(sum, sum, want[i], 300);
        double off = fabs(arf_get_d(arb_midref(sum), ARF_RND_NEAR));
        cr_expect(
            off < 0x1p-106, "%s: high and low are off by %a", macro[i], off);
        cr_expect(
            fabs(part[1]) <= 0x1p-53, "%s: low is %a", macro[i], part[1]);
        cr_expect(part[2] == (double)(float)part[0], "%s: f32", macro[i]);
    }
    free(text);
    for (int i = 0; i < 3; i++)
        arb_clear(want[i]);
    arb_clear(sum);
    arb_clear(low);
}

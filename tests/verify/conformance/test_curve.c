/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference of any expression two ways: blocks against values that Arb
 * decides to 256 bits, those against MPFR; ties, tails and limits.  Points of
 * each function: SELFNORM_SAMPLES, by default few (make exhaust: a million).
 */
#include "fixedpoint/activations/activations.h"
#include "tests/verify/conformance/test_conformance.h"
#include "verify/conformance/reference/curve.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 65536, PER_CHUNK = 16 };

static void curve_of(struct ref_curve *curve, const char *text, int derivative)
{
    struct expr_expression f;
    struct expr_fault fault;
    struct act_chosen chosen;
    expr_init(&f);
    const enum sn_status status =
        act_find(&chosen, text, strlen(text))
            ? act_expression(&f, &chosen, &fault)
            : expr_parse(&f, text, &expr_of_z, &fault);
    cr_assert(status == SN_OK, "%s: %s", text, fault.reason);
    cr_assert_eq(ref_curve_init(curve, &f, derivative), SN_OK);
    expr_clear(&f);
}

/* |d - f(x)| beside what it may be; signs must be the same. */
static double share_of_bound(struct ref_curve *curve, double x, double d)
{
    mpfr_t exact, off;
    bool jumps;
    mpfr_init2(exact, REF_CURVE_BITS);
    mpfr_init2(off, REF_CURVE_BITS);
    cr_expect(ref_curve_value(exact, &jumps, curve, x, false),
        "not decided at %a", x);
    mpfr_sub_d(off, exact, d, MPFR_RNDN);
    mpfr_abs(off, off, MPFR_RNDN);
    const bool far =
        mpfr_cmpabs(exact, off) > 0 ? false : fabs(d) >= REF_CURVE_LARGE;
    const int sign = mpfr_sgn(exact);
    mpfr_abs(exact, exact, MPFR_RNDN);
    if (mpfr_cmp_d(exact, 0x1p-126) < 0)
        mpfr_set_d(exact, 0x1p-126, MPFR_RNDN);
    mpfr_div(off, off, exact, MPFR_RNDN);
    double share = mpfr_get_d(off, MPFR_RNDN) / REF_CURVE_BOUND;
    if (isnan(d) || mpfr_nan_p(exact))
        share = isnan(d) && mpfr_nan_p(exact) ? 0 : (double)INFINITY;
    else if (far)
        share = 0;
    else if (d != 0 && sign && sign != (d > 0 ? 1 : -1))
        share = (double)INFINITY;
    mpfr_clear(exact);
    mpfr_clear(off);
    return share;
}

/* The worst of random chunks of neighbours. */
static double worst_share(struct ref_curve *curve, long points, double *where)
{
    static float x[CHUNK];
    static double d[CHUNK];
    double worst = 0;
    for (long k = 0; k < points; k += PER_CHUNK) {
        uint32_t high = (uint32_t)random_wide() & 0xffff;
        /* every other one where the functions bend */
        if (k / PER_CHUNK % 2)
            high = (high & 0x8000) | (0x3b00 + (high & 0x0fff) % 0x0800);
        if ((high & 0x7f80) == 0x7f80)
            continue;
        for (uint32_t i = 0; i < CHUNK; i++)
            x[i] = from_bits(high << 16 | i);
        ref_curve_approximate(curve, d, x, CHUNK);
        for (int j = 0; j < PER_CHUNK; j++) {
            const size_t i = j == 0   ? 0
                             : j == 1 ? CHUNK - 1
                                      : random_wide() % CHUNK;
            const double share = share_of_bound(curve, (double)x[i], d[i]);
            if (!(share <= worst)) {
                worst = share;
                *where = (double)x[i];
            }
        }
    }
    return worst;
}

static long points_of_each(void)
{
    const char *word = getenv("SELFNORM_SAMPLES");
    return word ? atol(word) : 192;
}

/* Far out a sine has no neighbours: each input is asked by itself. */
static bool is_periodic(const char *name)
{
    return !strcmp(name, "siren") || !strcmp(name, "snake");
}

Test(curve, blocks_are_within_their_bound)
{
    seed(17);
    for (int k = 0; k < act_count; k++)
        for (int derivative = 0; derivative < 3; derivative++) {
            const char *name = act_table[k].name;
            struct ref_curve curve;
            double where = 0;
            if (is_periodic(name))
                continue;
            curve_of(&curve, name, derivative);
            const double worst = worst_share(&curve, points_of_each(), &where);
            cr_expect(worst <= 1, "%s, derivative %d: %g of the bound at %a",
                name, derivative, worst, where);
            cr_expect(curve.undecided == 0, "%s, %d", name, derivative);
            ref_curve_clear(&curve);
        }
}

Test(curve, sparse_inputs_are_within_the_bound)
{
    static const char *const name[] = {"gelu", "siren", "snake", "mish"};
    for (size_t k = 0; k < COUNT(name); k++) {
        struct ref_curve curve;
        float x[200];
        double d[200], worst = 0;
        curve_of(&curve, name[k], 1);
        for (int i = 0; i < 200; i++)
            x[i] = -ldexpf(1 + (float)(i * 37 % 101) / 128, i - 100);
        ref_curve_approximate(&curve, d, x, 200);
        for (int i = 0; i < 200; i++)
            worst = fmax(worst, share_of_bound(&curve, (double)x[i], d[i]));
        cr_expect(worst <= 1, "%s: %g", name[k], worst);
        ref_curve_clear(&curve);
    }
}

Test(curve, pairs_are_within_their_bound)
{
    static const char *const name[] = {"gelu", "silu", "mish", "softplus",
        "tanh", "log_cosh", "tanhshrink", "gelu_tanh"};
    seed(5);
    for (size_t k = 0; k < COUNT(name); k++) {
        struct ref_curve curve;
        curve_of(&curve, name[k], (int)k % 2);
        for (int i = 0; i < 200; i++) {
            double x = ldexp((double)(random_wide() >> 11) * 0x1p-53,
                       (int)(random_wide() % 40) - 30),
                   high, low, scale;
            bool jumps;
            mpfr_t exact;
            x = i % 2 ? x : -x;
            mpfr_init2(exact, REF_CURVE_BITS);
            ref_curve_pairs(&curve, &high, &low, &scale, &x, 1);
            ref_curve_value(exact, &jumps, &curve, x, false);
            mpfr_mul_d(exact, exact, scale, MPFR_RNDN);
            mpfr_sub_d(exact, exact, high, MPFR_RNDN);
            mpfr_sub_d(exact, exact, low, MPFR_RNDN);
            const double off = mpfr_get_d(exact, MPFR_RNDN);
            cr_expect(isnan(high) || fabs(off) <= 0x1p-80 * fabs(high),
                "%s at %a: %g of %g", name[k], x, off, high);
            mpfr_clear(exact);
        }
        ref_curve_clear(&curve);
    }
}

/* ---- Arb against MPFR ---- */

static int by_erfc_of_minus(mpfr_t y, const mpfr_t x, mpfr_rnd_t round)
{
    mpfr_t minus;
    mpfr_init2(minus, mpfr_get_prec(x));
    mpfr_neg(minus, x, MPFR_RNDN);
    int inexact = mpfr_erfc(y, minus, round);
    mpfr_clear(minus);
    return inexact;
}

Test(curve, values_are_those_of_mpfr)
{
    static const struct {
        const char *text;
        int (*f)(mpfr_t y, const mpfr_t x, mpfr_rnd_t round);
    } row[] = {{"exp(z)", mpfr_exp}, {"expm1(z)", mpfr_expm1},
        {"tanh(z)", mpfr_tanh}, {"erf(z)", mpfr_erf}, {"erfc(z)", mpfr_erfc},
        {"1 + erf(z)", by_erfc_of_minus}, {"exp(z) - 1", mpfr_expm1},
        {"sin(z)", mpfr_sin}, {"cos(z)", mpfr_cos}, {"atan(z)", mpfr_atan},
        {"sinh(z)", mpfr_sinh}, {"cosh(z)", mpfr_cosh},
        {"asinh(z)", mpfr_asinh}, {"log(1 + z)", mpfr_log1p},
        {"log(z)", mpfr_log}, {"sqrt(z)", mpfr_sqrt}};
    seed(11);
    for (size_t k = 0; k < COUNT(row); k++) {
        struct ref_curve curve;
        curve_of(&curve, row[k].text, 0);
        for (int i = 0; i < 100; i++) {
            double x = ldexp((double)(random_wide() >> 11) * 0x1p-53,
                (int)(random_wide() % 60) - 55);
            mpfr_t exact, want, point;
            bool jumps;
            x = i % 2 ? x : -x;
            mpfr_inits2(REF_CURVE_BITS, exact, want, point, (mpfr_ptr)0);
            mpfr_set_d(point, x, MPFR_RNDN);
            row[k].f(want, point, MPFR_RNDN);
            ref_curve_value(exact, &jumps, &curve, x, false);
            mpfr_sub(exact, exact, want, MPFR_RNDN);
            mpfr_mul_2si(exact, exact, 250, MPFR_RNDN);
            cr_expect((mpfr_nan_p(want) && mpfr_nan_p(exact)) ||
                          mpfr_cmpabs(exact, want) <= 0,
                "%s at %a", row[k].text, x);
            mpfr_clears(exact, want, point, (mpfr_ptr)0);
        }
        ref_curve_clear(&curve);
    }
}

/* ---- what no ball tells ---- */

static double rounded(const char *text, int derivative, int dtype, double x,
    bool other, bool *jumps)
{
    struct ref_curve curve;
    mpfr_t value;
    curve_of(&curve, text, derivative);
    mpfr_init2(value, REF_CURVE_BITS);
    cr_expect(ref_curve_value(value, jumps, &curve, x, other),
        "%s at %a is not decided", text, x);
    const double y = num_round_mpfr(value, ref_types[dtype].format);
    mpfr_clear(value);
    ref_curve_clear(&curve);
    return y;
}

Test(curve, ties_tails_and_limits)
{
    const double inf = (double)INFINITY, nan = (double)NAN;
    static const int f32 = CONF_TYPE_F32, bf16 = CONF_TYPE_BF16;
    const struct {
        const char *text;
        int derivative, dtype;
        double x, want;
    } row[] = {/* ties of rational functions, to even */
        {"z/2 + 1/2", 0, f32, 0x1.000004p25, 0x1.000004p24},
        {"z - 1", 0, f32, 0x1.000002p24, 0x1p24},
        {"z^2", 0, bf16, 0x1.1p0, 0x1.2p0},
        /* just above and below a tie */
        {"tanhshrink", 0, f32, 0x1.000002p24, 0x1.000002p24},
        {"z + erf(z)", 0, f32, 0x1.000002p24, 0x1.000002p24},
        {"z - 1 - exp(-z)", 0, f32, 0x1.000006p24, 0x1.000004p24},
        /* saturated */
        {"erf", 0, f32, 100, 1}, {"elu", 0, f32, -1e30, -1},
        {"gelu", 0, f32, 1e30, 0x1.93e594p99}, {"silu", 1, f32, 1e30, 1},
        {"gelu", 0, f32, -1e30, -0.0}, {"softplus", 0, f32, -1e30, 0},
        {"tanh", 1, f32, 1e30, 0},
        /* limits */
        {"gelu", 0, f32, inf, inf}, {"gelu", 0, f32, -inf, -0.0},
        {"mish", 1, f32, inf, 1}, {"elu", 0, f32, -inf, -1},
        {"sin(z)", 0, f32, inf, nan}, {"log(z)", 0, f32, inf, inf},
        {"atan", 0, f32, -inf, -0x1.921fb6p0}, {"softsign", 0, f32, -inf, -1},
        /* zeros */
        {"silu", 0, f32, -0.0, -0.0}, {"silu", 0, f32, 0, 0},
        {"tanhshrink", 0, f32, -0.0, -0.0},
        /* no number */
        {"log(z)", 0, f32, -1, nan}, {"sqrt(z)", 0, f32, -1, nan},
        {"1/z", 0, f32, 0, nan},
        /* kinks */
        {"relu", 1, f32, 0, 0}, {"hardtanh", 0, f32, 1, 1}};
    for (size_t i = 0; i < COUNT(row); i++) {
        bool jumps;
        const double y = rounded(row[i].text, row[i].derivative, row[i].dtype,
            row[i].x, false, &jumps);
        cr_expect((isnan(y) && isnan(row[i].want)) ||
                      (y == row[i].want && signbit(y) == signbit(row[i].want)),
            "%s, derivative %d, at %a: %a, not %a", row[i].text,
            row[i].derivative, row[i].x, y, row[i].want);
    }
    bool jumps;
    cr_expect_eq(rounded("relu", 1, f32, 0, true, &jumps), 1);
    cr_expect(jumps);
}

/* One more term that is left out, or a wider block, would be noticed. */
Test(curve, a_bound_that_is_too_small_is_noticed)
{
    struct ref_curve curve;
    float x = 1.5f;
    double d;
    curve_of(&curve, "gelu", 0);
    ref_curve_approximate(&curve, &d, &x, 1);
    cr_expect(share_of_bound(&curve, 1.5, d) <= 1);
    cr_expect(share_of_bound(&curve, 1.5, d * (1 + 0x1p-45)) > 1);
    cr_expect(share_of_bound(&curve, 1.5, -d) > 1);
    ref_curve_clear(&curve);
}

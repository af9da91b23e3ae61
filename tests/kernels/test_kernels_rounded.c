/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * f64, correctly rounded: every binade, inputs whose results lie next to ties
 * (made by the inverse, or for lambda x all that there are), what ties in the
 * limit, subnormal results; on every instruction set.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 400, BLOCK = 64 };

struct rounded {
    bool celu, paper;
    double lambda, alpha;
};

static const struct rounded designs[] = {{false, true, 0, 0},
    {false, false, 1, 1}, {false, false, 1, 2}, {false, false, 1, 1.5},
    {false, false, 1, 0.75}, {false, false, 1.3, 0.7},
    {false, false, 1e-9, 1e7}, {false, false, 1.0507009873554805, 1.6732632},
    {false, false, 1, 0x1p-64}, {false, false, 1, 0x1p64},
    {false, false, 1.5, 0x1.0000000000001p0}, {false, false, 1, -1},
    {false, false, 1.3, -0.7}, {true, false, 1, 2.3}, {true, false, 1, 0.5},
    {true, false, 1, 1e-3}, {true, false, 1, 1e6}, {true, false, 1, 1.5},
    {true, false, 1, 0x1.fffffffffffffp0}, {true, false, 1, 3}};
enum { DESIGNS = sizeof designs / sizeof *designs };

static struct sn_elu elu_of(const struct rounded *d)
{
    struct sn_elu elu = sn_paper_selu;
    if (!d->paper)
        cr_assert(d->celu ? sn_celu_design(&elu, d->alpha)
                          : sn_selu_design(&elu, d->lambda, d->alpha));
    return elu;
}

/* lambda alpha; for the gradient of CELU 1 */
static void factor_of(mpfr_t y, const struct rounded *d, bool gradient)
{
    if (d->paper)
        mpfr_set(y, ref_alpha_prime, MPFR_RNDN);
    else {
        mpfr_set_d(y, d->celu && gradient ? 1 : d->alpha, MPFR_RNDN);
        mpfr_mul_d(y, y, d->lambda, MPFR_RNDN);
    }
}

/* f(x) or f'(x), x < 0; towards 0, where |f(x)| lies next below a tie */
static void exact_of(
    mpfr_t y, const struct rounded *d, bool gradient, double x)
{
    mpfr_t factor;
    mpfr_init2(factor, BITS);
    factor_of(factor, d, gradient);
    mpfr_set_d(y, x, MPFR_RNDN);
    if (d->celu)
        mpfr_div_d(y, y, d->alpha, MPFR_RNDN);
    (gradient ? mpfr_exp : mpfr_expm1)(y, y, MPFR_RNDZ);
    mpfr_mul(y, y, factor, MPFR_RNDZ);
    mpfr_clear(factor);
}

/* The x < 0 nearest to where f or f' is half way between the doubles around
   its value at `guess`; `guess` where that is none. */
static double next_to_a_tie(
    const struct rounded *d, bool gradient, double guess)
{
    mpfr_t y, factor;
    mpfr_inits2(BITS, y, factor, (mpfr_ptr)0);
    exact_of(y, d, gradient, guess);
    factor_of(factor, d, gradient);
    const double below = mpfr_get_d(y, MPFR_RNDZ);
    mpfr_set_d(y, below, MPFR_RNDN);
    mpfr_add_d(y, y, nextafter(below, 2 * below), MPFR_RNDN);
    mpfr_div_2ui(y, y, 1, MPFR_RNDN);
    mpfr_div(y, y, factor, MPFR_RNDN);
    (gradient ? mpfr_log : mpfr_log1p)(y, y, MPFR_RNDN);
    if (d->celu)
        mpfr_mul_d(y, y, d->alpha, MPFR_RNDN);
    const double x = mpfr_get_d(y, MPFR_RNDN);
    mpfr_clears(y, factor, (mpfr_ptr)0);
    return x < 0 && isfinite(x) ? x : guess;
}

/* ways: a word of SELFNORM_ISA each */
static const char *const ways[] = {"portable", "avx2", "avx512", "neon"};

/* results that are not the nearest, on every set; all x < 0 */
static int wrong(const struct rounded *d, bool gradient, size_t n,
    const double *x, struct score *first)
{
    const struct sn_elu elu = elu_of(d);
    struct sn_elu upper = elu;
    double y[BLOCK], one[BLOCK];
    int count = 0;
    mpfr_t exact;
    mpfr_init2(exact, BITS);
    if (elu.negative < 0) { /* the sets know factors above 0 alone */
        sn_selu_design(&upper, d->lambda, -d->alpha);
    }
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        const char *error;
        const struct sn_isa *isa = sn_isa_choose(ways[w], &error);
        if (error)
            continue;
        for (size_t i = 0; i < n; i++)
            one[i] = 1;
        if (gradient)
            isa->gradient[SN_F64](y, one, x, n, &upper);
        else
            isa->forward[SN_F64](y, x, n, &upper);
        for (size_t i = 0; i < n; i++) {
            exact_of(exact, d, gradient, x[i]);
            const double want = mpfr_get_d(exact, MPFR_RNDN);
            const double got = elu.negative < 0 ? -y[i] : y[i];
            const bool bad = to_bits(SN_F64, got) != to_bits(SN_F64, want);
            if (bad && !count)
                *first = (struct score){ways[w], 1, 1, 0, 1, x[i], got};
            count += bad;
        }
    }
    mpfr_clear(exact);
    return count;
}

Test(kernels_rounded, inputs_in_every_binade)
{
    ref_begin("inputs_in_every_binade", 81);
    const int blocks = getenv("SELFNORM_SAMPLES") ? 1000000 / BLOCK : 6;
    for (int e = -54; e < 6; e++)
        for (int of = 0; of < 4; of++) { /* the paper's, and alpha = 1 */
            struct score s = {0};
            int bad = 0;
            for (int b = 0; b < blocks; b++) {
                double x[BLOCK];
                for (int i = 0; i < BLOCK; i++)
                    x[i] = -ldexp(1 + random_unit(), e);
                bad += wrong(&designs[of / 2], of % 2, BLOCK, x, &s);
            }
            cr_expect(bad == 0, "binade %d, %d: %d bad, " SCORE_FORMAT, e, of,
                bad, SCORE_VALUES(s));
        }
    ref_end();
}

Test(kernels_rounded, inputs_next_to_ties)
{
    ref_begin("inputs_next_to_ties", 82);
    const int blocks = getenv("SELFNORM_SAMPLES") ? 400 : 8;
    for (int k = 0; k < DESIGNS; k++)
        for (int gradient = 0; gradient < 2; gradient++) {
            const struct rounded *d = &designs[k];
            struct score s = {0};
            int bad = 0;
            for (int b = 0; b < blocks; b++) {
                double x[BLOCK];
                for (int i = 0; i < BLOCK; i++) {
                    double u = random_unit();
                    u = gradient ? exp2(-2 - 48 * u) : 1 + 36 * u;
                    if (i % 8 == 0)
                        u = exp2(12 * random_unit() - 8);
                    x[i] = next_to_a_tie(
                        d, gradient, d->celu ? -u * d->alpha : -u);
                }
                bad += wrong(d, gradient, BLOCK, x, &s);
            }
            cr_expect(bad == 0, "design %d, %d: %d bad, " SCORE_FORMAT, k,
                gradient, bad, SCORE_VALUES(s));
        }
    ref_end();
}

/* ---- lambda x ----------------------------------------------------------- */

__extension__ typedef unsigned __int128 turn; /* of 2^128 */

struct step {
    int64_t q;
    turn d;
};

/*
 * All m from low to high with (a m + b) modulo 2^128 below `width`: from any
 * of them the next is one of two steps away, the shortest that move by less
 * than `width` up and down, or their sum (the three-distance theorem).
 */
static size_t all_hits(int64_t *m, size_t most, int64_t low, int64_t high,
    turn a, turn b, turn width)
{
    struct step up = {1, a}, down = {1, (turn)0 - a}, fall[256];
    size_t falls = 0, n = 0;
    while (up.d >= width || down.d >= width) {
        if (up.d >= down.d)
            up = (struct step){up.q + down.q, up.d - down.d};
        else
            down = (struct step){up.q + down.q, down.d - up.d};
        cr_assert(falls < 256);
        fall[falls++] = down;
    }
    int64_t at = low;
    turn v = a * (uint64_t)low + b;
    for (size_t i = 0; v >= width && i < falls; i++)
        for (; v >= width && v >= fall[i].d; at += fall[i].q)
            v -= fall[i].d;
    cr_assert(v < width);
    while (at >= low) { /* back */
        const bool raised = v >= up.d, fallen = v + down.d < width;
        const bool by_up = raised && (!fallen || up.q < down.q);
        if (by_up || !fallen)
            at -= up.q, v -= up.d;
        if (!by_up)
            at -= down.q, v += down.d;
    }
    while (at < high) {
        const bool rises = v + up.d < width, falls_to = v >= down.d;
        const bool by_up = rises && (!falls_to || up.q < down.q);
        if (at >= low && n < most)
            m[n++] = at;
        if (by_up || !falls_to)
            at += up.q, v += up.d;
        if (!by_up)
            at += down.q, v -= down.d;
    }
    return n;
}

/* 2^128 x, cut, x in [0, 1) */
static turn of_fraction(const mpfr_t x)
{
    mpfr_t rest;
    turn y = 0;
    mpfr_init2(rest, REFERENCE_BITS);
    mpfr_set(rest, x, MPFR_RNDN);
    for (int i = 0; i < 4; i++) {
        mpfr_mul_2ui(rest, rest, 32, MPFR_RNDN);
        const unsigned long word = mpfr_get_ui(rest, MPFR_RNDZ);
        y = y << 32 | word;
        mpfr_sub_ui(rest, rest, word, MPFR_RNDN);
    }
    mpfr_clear(rest);
    return y;
}

/* Right of 0 there is no second step: all x whose lambda x lies within 2^-48
   ULP of a tie; the pair is off by 2^-51 at most. */
Test(kernels_rounded, every_lambda_x_next_to_a_tie)
{
    enum { MOST = 4096 };
    static int64_t m[MOST];
    ref_begin("every_lambda_x_next_to_a_tie", 0);
    const int64_t least = INT64_C(1) << 52;
    const turn width = (turn)1 << 81, half = (turn)1 << 127;
    size_t total = 0;
    mpfr_t c, exact;
    mpfr_inits2(REFERENCE_BITS, c, exact, (mpfr_ptr)0);
    for (int k = 0; k < 2; k++) { /* results below and above 2^53 */
        mpfr_div_2ui(c, ref_lambda, (unsigned)k, MPFR_RNDN);
        if (!k)
            mpfr_sub_ui(c, c, 1, MPFR_RNDN);
        const size_t n = all_hits(m, MOST, least, 2 * least, of_fraction(c),
            width / 2 - half, width);
        cr_expect(n > 16 && n < 64, "%zu", n);
        for (size_t i = 0; i < n; i++)
            for (int e = -800; e <= 700; e += 300) {
                const double x = ldexp((double)m[i], e), other = 1;
                double y, dx;
                sn_selu_f64(&y, &x, 1);
                sn_selu_grad_f64(&dx, &x, &other, 1);
                mpfr_mul_d(exact, ref_lambda, x, MPFR_RNDN);
                const double want = mpfr_get_d(exact, MPFR_RNDN);
                cr_expect(y == want && (dx == want || e == 700),
                    "%a gives %a and %a, want %a", x, y, dx, want);
            }
        total += n;
    }
    fprintf(stderr, "kernels: %zu significands next to ties\n", total);
    /* the enumeration itself, where all can be tried */
    for (int i = 0; i < 20; i++) {
        const turn a = (turn)random_bits() << 64 | random_bits();
        const turn b = a * 31, wide = (turn)1 << 119;
        size_t n = all_hits(m, MOST, 1000, 200000, a, b, wide), tried = 0;
        for (int64_t at = 1000; at < 200000; at++)
            if (a * (uint64_t)at + b < wide)
                cr_expect(tried < n && m[tried++] == at);
        cr_expect(tried == n && n > 0);
    }
    mpfr_clears(c, exact, (mpfr_ptr)0);
    ref_end();
}

/* ---- ties in the limit -------------------------------------------------- */

/* alpha x is a tie, or alpha: f lies below it, by less than any precision */
Test(kernels_rounded, what_ties_in_the_limit_is_rounded_to_0)
{
    struct sn_elu elu;
    ref_begin("what_ties_in_the_limit_is_rounded_to_0", 83);
    cr_assert(sn_elu_design(&elu, 1.5));
    for (int e = -1070; e <= -54; e++) {
        /* 1.5 (1 + 2^-52) is half way */
        const double x = -ldexp(0x1.0000000000001p0, e);
        const double want = -ldexp(0x1.8000000000001p0, e);
        double y, one = 1, dx;
        sn_elu_f64(&y, &x, 1, &elu);
        sn_elu_grad_f64(&dx, &one, &x, 1, &elu);
        if (e > -1022)
            cr_expect(y == want, "%a gives %a", x, y);
        cr_expect(dx == (e < -54 ? 1.5 : 0x1.7ffffffffffffp0) || e == -54,
            "slope at %a: %a", x, dx);
    }
    /* 1.5 (1 + 2^-52): half way, above even 1.5 + 2^-51 */
    cr_assert(sn_selu_design(&elu, 1.5, 0x1.0000000000001p0));
    const double left[] = {-800, -200, -100, -50, -INFINITY};
    for (int i = 0; i < 5; i++) {
        double y;
        sn_elu_f64(&y, &left[i], 1, &elu);
        cr_expect(y == (i < 4 ? -0x1.8000000000001p0 : -0x1.8000000000002p0),
            "%a gives %a", left[i], y);
    }
    /* f' at 0 and just left of it */
    const double one = 1, at[] = {0.0, -0.0, -0x1p-1074, -0x1p-300};
    for (int i = 0; i < 4; i++) {
        double dx;
        sn_elu_grad_f64(&dx, &one, &at[i], 1, &elu);
        cr_expect(dx == (i < 2 ? 0x1.8000000000002p0 : 0x1.8000000000001p0),
            "slope at %a: %a", at[i], dx);
    }
    ref_end();
}

Test(kernels_rounded, subnormal_results)
{
    ref_begin("subnormal_results", 84);
    for (int k = 0; k < DESIGNS; k++) {
        struct score s = {0};
        double x[BLOCK];
        const double alpha = fabs(designs[k].alpha);
        for (int i = 0; i < BLOCK; i++)
            x[i] = i % 2 ? -ldexp((double)(random_bits() >> 11),
                               -1074 - (int)(random_bits() % 53))
                         : -ldexp(1 + random_unit(),
                               -970 - (int)(random_bits() % 104));
        for (int i = 0; i < BLOCK; i++) {
            if (alpha > 1e3 && !designs[k].celu)
                x[i] /= alpha;
            if (!(x[i] < 0))
                x[i] = -0x1p-1074;
        }
        cr_expect(wrong(&designs[k], false, BLOCK, x, &s) == 0,
            "design %d: " SCORE_FORMAT, k, SCORE_VALUES(s));
        for (int i = 0; i < BLOCK; i++)
            x[i] = -(700 + 50 * random_unit()) * (designs[k].celu ? alpha : 1);
        cr_expect(wrong(&designs[k], true, BLOCK, x, &s) == 0,
            "slope of design %d: " SCORE_FORMAT, k, SCORE_VALUES(s));
    }
    ref_end();
}

/* in integers, so that no rounding mode changes them */
Test(kernels_rounded, second_steps_know_no_mode)
{
    static const int mode[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    ref_begin("second_steps_know_no_mode", 85);
    int bad = 0;
    for (int i = 0; i < 2000; i++) {
        const struct sn_elu elu = elu_of(&designs[i % DESIGNS]);
        if (elu.negative < 0)
            continue;
        const double x = -exp2(40 * random_unit() - 34);
        const double y = sn_rare_forward(x, &elu);
        const double dx = sn_rare_gradient(1.5, x, &elu);
        for (int m = 0; m < 3; m++) {
            cr_assert_eq(fesetround(mode[m]), 0);
            const double other = sn_rare_forward(x, &elu);
            const double slope = sn_rare_gradient(1.5, x, &elu);
            fesetround(FE_TONEAREST);
            bad += other != y || slope != dx;
        }
    }
    cr_expect(bad == 0, "%d differ", bad);
    ref_end();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The prover's first pass, in intervals of doubles: operations and series
 * against MPFR at 200 bits, formulas against their MPFI evaluation.
 */
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/intervals/doubles/series.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <fenv.h>
#include <float.h>
#include <stdlib.h>
#include <stdio.h>
#include <math.h>

enum { BITS = 200 };

static bool holds(struct iv_span y, mpfr_srcptr truth)
{
    return y.lo <= y.hi && mpfr_cmp_d(truth, y.lo) >= 0 &&
           mpfr_cmp_d(truth, y.hi) <= 0;
}

/* ---- series ---------------------------------------------------------- */

static void exp_mpfr(mpfr_ptr y, double x)
{
    mpfr_set_d(y, -x, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
}

static void erfcx_mpfr(mpfr_ptr y, double x)
{
    mpfr_t square;
    mpfr_init2(square, BITS);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_sqr(square, y, MPFR_RNDN);
    mpfr_exp(square, square, MPFR_RNDN);
    mpfr_erfc(y, y, MPFR_RNDN);
    mpfr_mul(y, y, square, MPFR_RNDN);
    mpfr_clear(square);
}

/* Ends and middles of cells, points a step from them, and any others. */
static double argument(int i)
{
    double x = IV_FROM + (i / 4) * (0.5 / IV_CELLS_PER_UNIT);
    switch (i % 4) {
    case 0:
        return fmin(x, IV_TO);
    case 1:
        return fmin(nextafter(x, INFINITY), IV_TO);
    case 2:
        return fmin(fmax(nextafter(x, -INFINITY), IV_FROM), IV_TO);
    default:
        return uniform(IV_FROM, IV_TO);
    }
}

/* How many values are missed, and the widest enclosure relative to them. */
static int missed(struct iv_series *series, void (*f)(mpfr_ptr, double),
    double *widest, double *where)
{
    mpfr_t truth;
    mpfr_init2(truth, BITS);
    int count = 0;
    *widest = 0;
    for (int i = 0; i < 8 * IV_CELLS; i += 5) {
        double x = argument(i);
        struct iv_span y = iv_series_at(series, x);
        f(truth, x);
        double width = (y.hi - y.lo) / mpfr_get_d(truth, MPFR_RNDN);
        if (x >= -2) /* beyond, Taylor's formula of erfcx is less sharp */
            *widest = fmax(*widest, width);
        if (!holds(y, truth)) {
            count++;
            *where = x;
        }
    }
    mpfr_clear(truth);
    return count;
}

Test(proofs, series_in_double_hold_the_function)
{
    seed(41);
    struct {
        const char *name;
        void (*start)(struct iv_series *series);
        void (*f)(mpfr_ptr, double);
    } row[] = {{"exp(-x)", iv_series_exp, exp_mpfr},
        {"erfcx", iv_series_erfcx, erfcx_mpfr}};
    for (int i = 0; i < 2; i++) {
        struct iv_series *series = calloc(1, sizeof *series);
        double widest, where = NAN;
        row[i].start(series);
        int count = missed(series, row[i].f, &widest, &where);
        cr_expect(!count && widest < 4e-15,
            "%s: %d values missed, last at %a; widest %g", row[i].name, count,
            where, widest);
        double out[] = {IV_FROM - 1e-9, IV_TO + 1e-9, NAN, INFINITY};
        for (int k = 0; k < 4; k++)
            cr_expect(iv_span_is_whole(iv_series_at(series, out[k])), "%s, %g",
                row[i].name, out[k]);
        /* the check sees a coefficient that is a unit off, unallowed for */
        for (int k = 0; k < IV_CELLS; k++) {
            double *a = series->cell[k].coefficient;
            a[0] = nextafter(nextafter(nextafter(a[0], 0), 0), 0);
        }
        cr_expect(missed(series, row[i].f, &widest, &where) > 0,
            "%s: a planted fault passes", row[i].name);
        free(series);
    }
}

/* ---- operations ------------------------------------------------------- */

static double any(void)
{
    static const double special[] = {0, 0, -0.0, 1, -1, 0x1p-1074, -0x1p-1074,
        DBL_MIN, DBL_MAX, -DBL_MAX, 0x1p-600, 0x1p600};
    double u = uniform(0, 1);
    if (u < 0.2)
        return special[(int)uniform(0, 11.999)];
    double x = exp(uniform(-1, 1) * (u < 0.4 ? 700 : 3));
    return uniform(-1, 1) < 0 ? -x : x;
}

static struct iv_span any_span(void)
{
    double a = any(), b = uniform(0, 1) < 0.3 ? a : any();
    return a <= b ? iv_span_of(a, b) : iv_span_of(b, a);
}

static double within(struct iv_span a)
{
    double u = uniform(-0.5, 1.5);
    return u < 0 ? a.lo : u > 1 ? a.hi : fmin(fmax(any(), a.lo), a.hi);
}

enum { ADD, SUB, MUL, DIV, SQR, ROOT, MODULUS, SCALE, OPERATIONS };

static struct iv_span operate(int what, struct iv_span a, struct iv_span b)
{
    switch (what) {
    case ADD:
        return iv_add(a, b);
    case SUB:
        return iv_sub(a, b);
    case MUL:
        return iv_mul(a, b);
    case DIV:
        return iv_div(a, b);
    case SQR:
        return iv_sqr(a);
    case ROOT:
        return iv_root(a);
    case MODULUS:
        return iv_modulus(a);
    default:
        return iv_scale(a, 0.25);
    }
}

static void truth_of(mpfr_ptr y, int what, double a, double b)
{
    mpfr_t other;
    mpfr_init2(other, 53);
    mpfr_set_d(other, b, MPFR_RNDN);
    mpfr_set_d(y, a, MPFR_RNDN);
    if (what == ADD)
        mpfr_add(y, y, other, MPFR_RNDN);
    else if (what == SUB)
        mpfr_sub(y, y, other, MPFR_RNDN);
    else if (what == MUL)
        mpfr_mul(y, y, other, MPFR_RNDN);
    else if (what == DIV)
        mpfr_div(y, y, other, MPFR_RNDN);
    else if (what == SQR)
        mpfr_sqr(y, y, MPFR_RNDN);
    else if (what == ROOT)
        mpfr_sqrt(y, y, MPFR_RNDN);
    else if (what == MODULUS)
        mpfr_abs(y, y, MPFR_RNDN);
    else
        mpfr_div_ui(y, y, 4, MPFR_RNDN);
    mpfr_clear(other);
}

/* 2200 bits hold every sum of two doubles. */
Test(proofs, intervals_of_doubles_hold_results)
{
    seed(42);
    mpfr_t truth;
    mpfr_init2(truth, 2200);
    int wrong = 0, known = 0, total = 0;
    char worst[200] = "";
    for (int i = 0; i < 200000; i++, total++) {
        int what = i % OPERATIONS;
        struct iv_span a = any_span(), b = any_span();
        double x = within(a), z = within(b);
        struct iv_span y = operate(what, a, b);
        known += !iv_span_is_whole(y);
        truth_of(truth, what, x, z);
        if (mpfr_nan_p(truth) || mpfr_inf_p(truth) ? !iv_span_is_whole(y)
                                                   : !holds(y, truth)) {
            wrong++;
            snprintf(worst, sizeof worst,
                "operation %d of %a in [%a, %a], %a in [%a, %a]: [%a, %a]",
                what, x, a.lo, a.hi, z, b.lo, b.hi, y.lo, y.hi);
        }
    }
    mpfr_clear(truth);
    cr_assert(!wrong && known > total / 2, "%d of %d wrong, %d known; %s",
        wrong, total, known, worst);
}

Test(proofs, a_nan_or_infinity_becomes_the_whole_line)
{
    const double ends[] = {NAN, INFINITY, -INFINITY, 1};
    for (int i = 0; i < 16; i++) {
        double lo = ends[i / 4], hi = ends[i % 4];
        if (lo == 1 && hi == 1)
            continue;
        struct iv_span a = iv_span_of(lo, hi), b = {1, 2};
        cr_expect(iv_span_is_whole(a), "[%g, %g]", lo, hi);
        for (int what = 0; what < OPERATIONS; what++) {
            struct iv_span y = operate(what, a, b), z = operate(what, b, a);
            cr_expect(
                !isnan(y.lo) && !isnan(y.hi) && !isnan(z.lo) && !isnan(z.hi),
                "operation %d", what);
            cr_expect(what == MODULUS || what == SQR || what == ROOT ||
                          (iv_span_is_whole(y) &&
                              (what >= SQR || iv_span_is_whole(z))),
                "operation %d of [%g, %g]", what, lo, hi);
        }
    }
}

/* ---- formulas ---------------------------------------------------------- */

struct tally {
    long tests, wrong, unknown;
    double widest; /* at points, relative to 1 + |value| */
    char worst[200];
};

static bool inside(mpfi_srcptr inner, mpfi_srcptr outer)
{
    return mpfr_lessequal_p(&outer->left, &inner->right) &&
           mpfr_lessequal_p(&inner->left, &outer->right);
}

/* MPFI at a point of a box has to meet what doubles say of the box. */
static void compare(struct tally *t, struct iv_term *term, const char *text,
    const struct iv_piece *piece, struct claim_prover *prover, bool point)
{
    double x[IV_AXES][2], at[IV_AXES][2];
    struct iv_jet rough, fine;
    iv_jet_init(&rough);
    iv_jet_init(&fine);
    for (int i = 0; i < piece->axes; i++) {
        double low = piece->x[i][0], high = piece->x[i][1];
        double a = uniform(low, high);
        double b = point ? a : a + (high - a) * exp(uniform(-20, 0));
        x[i][0] = a;
        x[i][1] = fmin(b, high);
        at[i][0] = at[i][1] = fmin(uniform(a, x[i][1]), x[i][1]);
    }
    iv_term_evaluate_doubles(&rough, term, (const double(*)[2])x, piece, true,
        iv_map_doubles(prover->map), &prover->selu);
    iv_term_evaluate(&fine, term, (const double(*)[2])at, piece, true,
        prover->map, &prover->selu);
    bool good = iv_is_interval(rough.f) && inside(fine.f, rough.f);
    for (int i = 0; i < piece->axes; i++)
        good = good && inside(fine.d[i], rough.d[i]);
    t->tests++;
    t->unknown += !mpfi_bounded_p(rough.f);
    if (point && mpfi_bounded_p(rough.f)) {
        double width = mpfr_get_d(&rough.f->right, MPFR_RNDU) -
                       mpfr_get_d(&rough.f->left, MPFR_RNDD);
        t->widest = fmax(t->widest, width / (1 + fabs(mpfi_get_d(fine.f))));
    }
    if (!good) {
        t->wrong++;
        snprintf(t->worst, sizeof t->worst, "%.60s at %a, %a", text, at[0][0],
            piece->axes > 1 ? at[1][0] : 0);
    }
    iv_jet_clear(&rough);
    iv_jet_clear(&fine);
}

static void compare_part(struct tally *t, const struct claim_part *part,
    struct claim_prover *prover)
{
    struct iv_domain domain;
    struct iv_piece pieces[IV_MAX_PIECES];
    struct iv_term *term = iv_term_new(part->formula, NULL);
    iv_domain_init(&domain);
    for (int i = 0; i < IV_COORDINATES; i++) {
        const char *const *end = part->domain[i];
        if (end[0])
            cr_assert_eq(iv_domain_set(&domain, i, end[0], end[1]), SN_OK);
    }
    size_t count = iv_domain_pieces(
        pieces, &domain, iv_term_folds_m(term), iv_term_folds_v(term));
    for (size_t i = 0; i < count; i++) {
        for (int round = 0; round < 24; round++)
            compare(
                t, term, part->formula, &pieces[i], prover, round % 4 == 0);
        iv_piece_clear(&pieces[i]);
    }
    iv_term_free(term);
    iv_domain_clear(&domain);
}

Test(proofs, formulas_in_double_hold_those_in_mpfi)
{
    seed(43);
    struct claim_prover prover;
    struct tally t = {0};
    cr_assert_eq(claim_prover_init(&prover), SN_OK);
    for (size_t i = 0; i < claim_count; i++) {
        struct claim_result read;
        const char *row;
        claim_read(&read, &row, &claim_table[i], NULL);
        for (size_t k = 0; k < read.planned; k++)
            compare_part(&t, &read.parts[k], &prover);
        claim_result_clear(&read);
    }
    claim_prover_clear(&prover);
    cr_assert(!t.wrong && t.tests > 4000 && t.unknown < t.tests / 100 &&
                  t.widest < 1e-11,
        "%ld wrong, %ld unknown of %ld, widest %g: %s", t.wrong, t.unknown,
        t.tests, t.widest, t.worst);
}

/* Far from the paper's domains doubles may know nothing, but nothing wrong. */
Test(proofs, formulas_in_double_hold_far_out_too)
{
    static const char *const text[] = {"M", "V", "V_vv", "M_mm*omega",
        "S_mv - tau*M_vv", "P + C*X1 - X2", "N/(1 + X1)", "exp(m)*M",
        "sqrt(v)*erfcx(m)", "hypot(M_m, V_v)^3", "abs(M)*sign(m)"};
    seed(44);
    int rounds = getenv("SELFNORM_SAMPLES") ? 400 : 3;
    struct claim_prover prover;
    struct tally t = {0};
    cr_assert_eq(claim_prover_init(&prover), SN_OK);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct claim_part part = {.formula = text[i],
            .sense = 1,
            .limit = "1",
            .domain = {[IV_MU] = {"-5", "5"},
                [IV_NU] = {"0.0001", "400"},
                [IV_OMEGA] = {"-2", "2"},
                [IV_TAU] = {"0.01", "4"}}};
        for (int round = 0; round < rounds; round++)
            compare_part(&t, &part, &prover);
    }
    claim_prover_clear(&prover);
    cr_assert(!t.wrong && t.tests > 500 && t.unknown < t.tests / 2,
        "%ld wrong, %ld unknown of %ld: %s", t.wrong, t.unknown, t.tests,
        t.worst);
}

/* Where a caller rounds upwards, MPFI does it all; the bounds are the same. */
Test(proofs, another_rounding_mode_is_noticed)
{
    cr_expect(iv_doubles_are_usable());
    static const int mode[] = {
        FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
    for (int i = 0; i < 4; i++) {
        struct attempt a;
        attempt_init(&a);
        fesetround(mode[i]);
        bool usable = iv_doubles_are_usable();
        enum claim_verdict got = verdict(&a, claim_find("jacobian"), 2000);
        fesetround(FE_TONEAREST);
        cr_expect(usable == (mode[i] == FE_TONEAREST) && got == CLAIM_PROVED &&
                      fabs(upper_of(&a, 0) - 0.98902627183935445) < 1e-14,
            "mode %d: verdict %d, %.17g", mode[i], (int)got, upper_of(&a, 0));
        attempt_clear(&a);
    }
}

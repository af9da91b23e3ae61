/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments by series of rationals against those by Arb's erfc. */
#include "fixedpoint/numbers/decimal.h"
#include "fixedpoint/constants/rational.h"
#include "tests/fixedpoint/test_fixedpoint.h"

enum { PREC = 9000, MOMENTS = sizeof(struct map_moments) / sizeof(arb_t) };

/* In turn: short, with many digits, far out (where the series cancel). */
static void random_words(fmpq_t m, fmpq_t v, gsl_rng *rng, int kind)
{
    static const slong least[] = {10, 1000000, 4};
    fmpq_set_si(m, (slong)between(rng, -300, 300), 100);
    fmpq_set_si(v, 1 + (slong)between(rng, 0, 400),
        (ulong)between(rng, 1, (double)least[kind]) + 1);
    if (kind == 2)
        fmpq_mul_si(m, m, 100);
}

/* How many moments of the two ways have no number in common. */
static int apart(const struct map_moments *a, const struct map_moments *b)
{
    arb_srcptr x = (arb_srcptr)a, y = (arb_srcptr)b;
    int count = 0;
    for (int i = 0; i < MOMENTS; i++)
        count += !arb_overlaps(x + i, y + i) || !arb_is_finite(x + i);
    return count;
}

Test(rational, moments_are_those_of_erfc)
{
    gsl_rng *rng = generator();
    int bad = 0, loose = 0;
    for (int i = 0; i < 30; i++) {
        struct map_moments series, erfc;
        fmpq_t m, v;
        arb_t m_ball, v_ball;
        fmpq_init(m);
        fmpq_init(v);
        arb_init(m_ball);
        arb_init(v_ball);
        map_moments_init(&series);
        map_moments_init(&erfc);
        random_words(m, v, rng, i % 3);
        if (i < 3)
            fmpq_zero(m);
        arb_set_fmpq(m_ball, m, PREC + 200);
        arb_set_fmpq(v_ball, v, PREC + 200);
        constants_moments_fmpq(&series, m, v, PREC);
        map_moments_arb(&erfc, m_ball, v_ball, PREC);
        bad += apart(&series, &erfc);
        loose += arb_rel_accuracy_bits(series.c1) < PREC - 300;
        /* planted: one unit in the 8000th bit of one of them */
        arb_t unit;
        arb_init(unit);
        arb_mul_2exp_si(unit, series.c1, -8000);
        arb_add(series.c1, series.c1, unit, PREC);
        cr_expect(
            apart(&series, &erfc) > 0, "row %d: a change is not noticed", i);
        arb_clear(unit);
        map_moments_clear(&series);
        map_moments_clear(&erfc);
        arb_clear(m_ball);
        arb_clear(v_ball);
        fmpq_clear(m);
        fmpq_clear(v);
    }
    gsl_rng_free(rng);
    cr_assert(bad == 0 && loose == 0, "%d apart, %d loose (seed %d)", bad,
        loose, SEED);
}

Test(rational, series_are_exp_and_erf)
{
    static const struct {
        slong p;
        ulong q;
    } row[] = {{0, 1}, {1, 1}, {1, 2}, {7, 3}, {-7, 3}, {40, 1}, {-300, 7},
        {1, 1000003}, {-123457, 1009}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        for (slong prec = 32; prec < 20000; prec *= 4) {
            fmpq_t x;
            arb_t y, want, ball;
            fmpq_init(x);
            arb_init(y);
            arb_init(want);
            arb_init(ball);
            fmpq_set_si(x, row[i].p, row[i].q);
            arb_set_fmpq(ball, x, prec + 100);
            arb_exp(want, ball, prec + 40);
            constants_exp_fmpq(y, x, prec);
            cr_expect(
                arb_overlaps(y, want) && arb_rel_accuracy_bits(y) > prec - 20,
                "e^(%ld/%lu) at %ld bits: %ld bits", (long)row[i].p,
                (unsigned long)row[i].q, (long)prec,
                (long)arb_rel_accuracy_bits(y));
            arb_clear(y);
            arb_clear(want);
            arb_clear(ball);
            fmpq_clear(x);
        }
}

Test(rational, words_are_exact)
{
    static const struct {
        const char *word, *want;
    } row[] = {{"0", "0"}, {"-0.1", "-1/10"}, {"+2.50", "5/2"},
        {"1e3", "1000"}, {"-1.25e-2", "-1/80"}, {".5", "1/2"}, {"3.", "3"},
        {"12E+1", "120"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fmpq_t x;
        fmpq_init(x);
        num_decimal_fmpq(x, row[i].word);
        char *text = fmpq_get_str(NULL, 10, x);
        cr_expect_str_eq(text, row[i].want);
        flint_free(text);
        fmpq_clear(x);
    }
}

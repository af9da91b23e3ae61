/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The series against erfc, the solver and the other decimal conversion. */
#include "fixedpoint/numbers/decimal.h"
#include "fixedpoint/constants/series.h"
#include "tests/fixedpoint/test_fixedpoint.h"
#include <stdlib.h>
#include <string.h>

/* T and U from Arb's erfc: (1 - erfc(1/sqrt 2)) sqrt(e pi/2) and so on. */
static void from_erfc(arb_t t, arb_t u, slong prec)
{
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    for (int k = 1; k <= 2; k++) {
        arb_ptr to = k == 1 ? t : u;
        arb_set_d(x, k == 1 ? 0.5 : 2);
        arb_exp(to, x, prec);
        arb_sqrt(x, x, prec);
        arb_hypgeom_erf(x, x, prec);
        arb_mul(to, to, x, prec);
        arb_const_pi(y, prec);
        arb_mul_2exp_si(y, y, -1);
        arb_sqrt(y, y, prec);
        arb_mul(to, to, y, prec);
        arb_div_ui(to, to, (ulong)k, prec);
    }
    arb_clear(x);
    arb_clear(y);
}

Test(series, sums_are_those_of_erfc)
{
    arb_t t, u, want_t, want_u;
    int bad = 0;
    arb_init(t);
    arb_init(u);
    arb_init(want_t);
    arb_init(want_u);
    for (slong prec = 64; prec <= 8192; prec *= 2) {
        constants_series_arb(t, u, constants_series_terms(prec), prec);
        from_erfc(want_t, want_u, prec + 64);
        bad += !arb_contains(t, want_t) || !arb_contains(u, want_u);
        bad += arb_rel_accuracy_bits(t) < prec - 4 ||
               arb_rel_accuracy_bits(u) < prec - 4;
    }
    cr_assert(!bad, "%d of 16", bad);

    /* few terms: a wide ball, but one that holds the sum */
    from_erfc(want_t, want_u, 600);
    for (ulong terms = 4; terms <= 70; terms++) {
        constants_series_arb(t, u, terms, 2000);
        bad += !arb_contains(t, want_t) || !arb_contains(u, want_u);
        bad += mag_cmp_2exp_si(arb_radref(u), 1 - 2 * (slong)terms) > 0 &&
               terms > 60;
        /* planted: the rest forgotten */
        mag_zero(arb_radref(t));
        mag_zero(arb_radref(u));
        bad += arb_overlaps(t, want_t) || arb_overlaps(u, want_u);
    }
    cr_assert(!bad, "%d balls of a short sum", bad);
    arb_clear(t);
    arb_clear(u);
    arb_clear(want_t);
    arb_clear(want_u);
}

/* Whether two balls overlap and both have nearly `prec` bits. */
static bool agree(const arb_t x, const arb_t y, slong prec)
{
    return arb_overlaps(x, y) && arb_rel_accuracy_bits(x) >= prec - 4 &&
           arb_rel_accuracy_bits(y) >= prec - 64;
}

Test(series, constants_are_those_of_the_solver)
{
    static const slong precs[] = {
        64, 128, 300, 1000, 3333, 10000, 32768, 32769, 100000};
    struct map_point point;
    struct constants_paper paper;
    arb_t lambda, alpha, prime, dropped, jacobian[4], mean, variance;
    arb_t *const scratch[] = {&lambda, &alpha, &prime, &dropped, &mean,
        &variance, &jacobian[0], &jacobian[1], &jacobian[2], &jacobian[3]};
    enum { SCRATCH = sizeof scratch / sizeof *scratch };
    int bad = 0;
    map_point_init(&point);
    constants_paper_init(&paper);
    for (size_t i = 0; i < SCRATCH; i++)
        arb_init(*scratch[i]);
    arb_one(point.nu);
    arb_one(point.tau);
    for (size_t i = 0; i < sizeof precs / sizeof *precs; i++) {
        slong prec = precs[i];
        constants_selu_arb(lambda, alpha, prec);
        constants_paper_arb(&paper, prec);
        bad += constants_solve_arb(&point, prec) != SN_OK;
        arb_mul(prime, point.lambda, point.alpha, prec);
        map_arb(mean, variance, jacobian, &point, prec);
        bad += !agree(lambda, point.lambda, prec);
        bad += !agree(alpha, point.alpha, prec);
        bad +=
            !arb_equal(paper.lambda, lambda) || !arb_equal(paper.alpha, alpha);
        bad += !agree(paper.alpha_prime, prime, prec);
        bad += !agree(paper.mean_nu, jacobian[1], prec);
        bad += !agree(paper.variance_nu, jacobian[3], prec);
        bad += !arb_is_zero(jacobian[0]) || !arb_is_zero(jacobian[2]);
        /* planted: a change in the last bits of alpha, one term of T */
        arb_set(dropped, alpha);
        arf_mul_2exp_si(arb_midref(prime), arb_midref(alpha), 32 - prec);
        arf_add(arb_midref(dropped), arb_midref(dropped), arb_midref(prime),
            ARF_PREC_EXACT, ARF_RND_DOWN);
        bad += arb_overlaps(dropped, point.alpha);
    }
    cr_assert(!bad, "%d comparisons failed", bad);
    for (size_t i = 0; i < SCRATCH; i++)
        arb_clear(*scratch[i]);
    constants_paper_clear(&paper);
    map_point_clear(&point);
    flint_cleanup();
}

/* Whether |x - value| <= radius is proven, and the radius is not wide. */
static bool radius_holds(const arb_t x, const char *value, const char *radius,
    const char *least, slong digits)
{
    arb_t gap, bound, slack;
    arb_init(gap);
    arb_init(bound);
    arb_init(slack);
    arb_set_str(gap, value, 2000);
    arb_sub(gap, gap, x, 2000);
    arb_abs(gap, gap);
    arb_set_str(bound, radius, 2000);
    bool holds = arb_le(gap, bound);
    arb_set_ui(slack, 10);
    arb_pow_ui(slack, slack, (ulong)digits + 15, 64);
    arb_div(slack, x, slack, 64);
    arb_abs(slack, slack);
    arb_set_str(gap, least, 64);
    arb_mul_ui(gap, gap, 102, 64);
    arb_div_ui(gap, gap, 100, 64);
    arb_add(gap, gap, slack, 64);
    holds = holds && arb_le(bound, gap);
    arb_clear(gap);
    arb_clear(bound);
    arb_clear(slack);
    return holds;
}

/* num_decimal_long() decides what num_decimal_arb() does, and the same. */
static int compare_decimals(const arb_t x, slong digits, int *decided)
{
    char *value[2], *radius[2];
    enum sn_status known = num_decimal_short(&value[0], &radius[0], x, digits);
    enum sn_status status = num_decimal_long(&value[1], &radius[1], x, digits);
    int bad = known == SN_OK && status != SN_OK;
    if (known == SN_OK && status == SN_OK) {
        bad = strcmp(value[0], value[1]) ||
              !radius_holds(x, value[1], radius[1], radius[0], digits);
        ++*decided;
    }
    for (int i = 0; i < 2; i++) {
        free(value[i]);
        free(radius[i]);
    }
    return bad;
}

Test(series, long_decimals_are_the_short_ones)
{
    static const char *const edge[] = {"9.9995", "9.99951", "0.99999999999",
        "99999999.99999", "1", "-1", "10", "0.1", "1e-4", "1e-7", "123456789",
        "1.0000000000000000000000000000000000001", "-0.000099999999999", "0.5",
        "2.5", "0", "999.99999999999999999999999999999999999", "1e30"};
    gsl_rng *rng = generator();
    arb_t x;
    int bad = 0, decided = 0, open = 0;
    arb_init(x);
    for (size_t i = 0; i < sizeof edge / sizeof *edge; i++)
        for (slong digits = 1; digits < 40; digits++) {
            arb_set_str(x, edge[i], 300);
            arb_add_error_2exp_si(x, -250);
            int was = decided;
            bad += compare_decimals(x, digits, &decided);
            open += was == decided;
        }
    for (int i = 0; i < 2000; i++) {
        slong digits = 1 + (slong)gsl_rng_uniform_int(rng, 300);
        arb_set_d(x, between(rng, -20, 20));
        arb_sqr(x, x, 1200);
        arb_rsqrt(x, x, 1200);
        arb_add_error_2exp_si(x, -1100);
        bad += compare_decimals(x, digits, &decided);
    }
    gsl_rng_free(rng);
    arb_clear(x);
    cr_assert(!bad && decided > 2000 && open > 0,
        "seed %d: %d differ of %d decided, %d open", SEED, bad, decided, open);
}

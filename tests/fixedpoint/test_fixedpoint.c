/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The constants and the designs, each figure in a second way. */
#include "tests/fixedpoint/test_fixedpoint.h"
#include <math.h>
#include <stdlib.h>

/* Eq. 14 of the paper with MPFR's erfc: nothing in common with the solver. */
static void equation_14(mpfr_t lambda, mpfr_t alpha, mpfr_prec_t prec)
{
    mpfr_t half, two, e1, e2, pi, sum, t;
    mpfr_inits2(prec, half, two, e1, e2, pi, sum, t, (mpfr_ptr)0);
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_sqrt_ui(two, 2, MPFR_RNDN);
    mpfr_ui_div(half, 1, two, MPFR_RNDN);
    mpfr_erfc(e1, half, MPFR_RNDN);
    mpfr_set_d(t, 0.5, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(e1, e1, t, MPFR_RNDN);
    mpfr_erfc(e2, two, MPFR_RNDN);
    mpfr_set_ui(t, 2, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(e2, e2, t, MPFR_RNDN);
    /* alpha = -sqrt(2/pi) / (e1 - 1) */
    mpfr_ui_div(alpha, 2, pi, MPFR_RNDN);
    mpfr_sqrt(alpha, alpha, MPFR_RNDN);
    mpfr_sub_ui(t, e1, 1, MPFR_RNDN);
    mpfr_div(alpha, alpha, t, MPFR_RNDN);
    mpfr_neg(alpha, alpha, MPFR_RNDN);
    /* lambda = (1 - e1) sqrt(2 pi) /
       sqrt(2 e2 + pi e1^2 - 2 (2 + pi) e1 + pi + 2) */
    mpfr_mul_ui(sum, e2, 2, MPFR_RNDN);
    mpfr_sqr(half, e1, MPFR_RNDN);
    mpfr_fma(sum, half, pi, sum, MPFR_RNDN);
    mpfr_add_ui(half, pi, 2, MPFR_RNDN);
    mpfr_add(sum, sum, half, MPFR_RNDN);
    mpfr_mul(half, half, e1, MPFR_RNDN);
    mpfr_mul_2ui(half, half, 1, MPFR_RNDN);
    mpfr_sub(sum, sum, half, MPFR_RNDN);
    mpfr_sqrt(sum, sum, MPFR_RNDN);
    mpfr_mul_2ui(lambda, pi, 1, MPFR_RNDN);
    mpfr_sqrt(lambda, lambda, MPFR_RNDN);
    mpfr_mul(lambda, lambda, t, MPFR_RNDN);
    mpfr_neg(lambda, lambda, MPFR_RNDN);
    mpfr_div(lambda, lambda, sum, MPFR_RNDN);
    mpfr_clears(half, two, e1, e2, pi, sum, t, (mpfr_ptr)0);
}

/* Whether the ball, widened by 2^-slack, holds x. */
static bool holds(const arb_t ball, const mpfr_t x, slong slack)
{
    arb_t wide;
    arf_t exact;
    arb_init(wide);
    arf_init(exact);
    arb_set(wide, ball);
    arb_add_error_2exp_si(wide, -slack);
    arf_set_mpfr(exact, x);
    bool inside = arb_contains_arf(wide, exact);
    arb_clear(wide);
    arf_clear(exact);
    return inside;
}

Test(fixedpoint, constants_are_those_of_equation_14)
{
    int bad = 0;
    for (slong prec = 64; prec <= 8192; prec *= 2) {
        arb_t lambda, alpha;
        mpfr_t l, a;
        arb_init(lambda);
        arb_init(alpha);
        mpfr_inits2(prec + 64, l, a, (mpfr_ptr)0);
        constants_selu_arb(lambda, alpha, prec);
        equation_14(l, a, prec + 64);
        bad += !holds(lambda, l, prec + 48) || !holds(alpha, a, prec + 48);
        bad += arb_rel_accuracy_bits(lambda) < prec - 16;
        bad += arb_rel_accuracy_bits(alpha) < prec - 16;
        /* planted: the next number of `prec` bits must not pass */
        mpfr_nextabove(l);
        mpfr_prec_round(l, prec - 20, MPFR_RNDU);
        mpfr_nextabove(l);
        bad += holds(lambda, l, prec + 48);
        arb_clear(lambda);
        arb_clear(alpha);
        mpfr_clears(l, a, (mpfr_ptr)0);
    }
    cr_assert(!bad, "%d comparisons failed", bad);
}

Test(fixedpoint, digits_are_those_that_the_paper_prints)
{
    char *value, *radius;
    arb_t lambda, alpha;
    arb_init(lambda);
    arb_init(alpha);
    constants_selu_arb(lambda, alpha, 256);
    cr_assert(num_decimal_arb(&value, &radius, alpha, 32) == SN_OK);
    cr_expect_str_eq(value, "1.6732632423543772848170429916717");
    free(value);
    free(radius);
    cr_assert(num_decimal_arb(&value, &radius, lambda, 32) == SN_OK);
    cr_expect_str_eq(value, "1.0507009873554804934193349852946");
    free(value);
    free(radius);
    arb_clear(lambda);
    arb_clear(alpha);
}

/* Whether (mu, nu) is within the balls of g, and these are small. */
static bool is_fixed(const struct map_point *point, double tolerance)
{
    arb_t mean, variance;
    arb_init(mean);
    arb_init(variance);
    map_arb(mean, variance, NULL, point, 300);
    bool fixed = arb_overlaps(mean, point->mu) &&
                 arb_overlaps(variance, point->nu) &&
                 mag_get_d(arb_radref(mean)) < tolerance &&
                 mag_get_d(arb_radref(variance)) < tolerance;
    arb_clear(mean);
    arb_clear(variance);
    return fixed;
}

Test(fixedpoint, designs_are_fixed_points)
{
    gsl_rng *rng = generator();
    struct map_point point;
    arb_t unit;
    int solved = 0, none = 0, bad = 0;
    map_point_init(&point);
    arb_init(unit);
    for (int i = 0; i < 300; i++) {
        arb_set_d(point.mu, between(rng, -1, 1));
        arb_set_d(point.nu, exp(between(rng, -3, 3)));
        arb_set_d(point.omega, between(rng, -1, 1));
        arb_set_d(point.tau, between(rng, 0.3, 3));
        enum sn_status status = constants_solve_arb(&point, 300);
        if (status == SN_NO_SOLUTION) {
            none++;
            continue;
        }
        solved++;
        if (status != SN_OK || !arb_is_positive(point.lambda) ||
            !arb_is_positive(point.alpha) || !is_fixed(&point, 1e-60)) {
            bad++;
            continue;
        }
        /* planted: the last of 30 digits of lambda changed */
        arb_set_d(unit, 1e-30);
        arb_add(point.lambda, point.lambda, unit, 300);
        bad += is_fixed(&point, 1e-60);
    }
    gsl_rng_free(rng);
    map_point_clear(&point);
    arb_clear(unit);
    cr_assert(!bad && solved > 100 && none > 20,
        "seed %d: %d bad, %d solved, %d without a solution", SEED, bad, solved,
        none);
}

/* rho(alpha) of constants.c at a few alpha brackets what designs exist. */
Test(fixedpoint, no_solution_is_said_only_where_there_is_none)
{
    static const struct {
        const char *mu, *nu;
        enum sn_status status;
    } row[] = {
        /* at omega 0, tau 1 the ends of mu / sqrt(nu + mu^2) do not depend
           on mu: a0/sqrt(b0) = 1/sqrt(pi) = 0.5642 at any nu */
        {"0.5641", "0.68178", SN_OK},
        {"0.5643", "0.68156", SN_NO_SOLUTION},
        {"1", "2.1416", SN_OK},          /* mu^2/(nu + mu^2) = 1/pi is at */
        {"1", "2.1415", SN_NO_SOLUTION}, /* nu = pi - 1 = 2.141592... */
        {"-0.9", "0.01", SN_NO_SOLUTION},
        {"0", "1e-3", SN_OK},
        {"0", "1e3", SN_OK},
    };
    struct map_point point;
    map_point_init(&point);
    arb_one(point.tau);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        arb_set_str(point.mu, row[i].mu, 300);
        arb_set_str(point.nu, row[i].nu, 300);
        enum sn_status status = constants_solve_arb(&point, 300);
        cr_expect(status == row[i].status, "(%s, %s): %s", row[i].mu,
            row[i].nu, sn_strerror(status));
    }
    map_point_clear(&point);
}

/* At omega 0 the largest mean is sqrt(nu / (pi - 1)), whatever tau. */
Test(fixedpoint, possible_means_end_where_theory_says)
{
    gsl_rng *rng = generator();
    struct map_point point;
    arb_t mean;
    map_point_init(&point);
    arb_init(mean);
    double worst = 0;
    int bad = 0;
    for (int i = 0; i < 50; i++) {
        double nu = exp(between(rng, -5, 5));
        double end = sqrt(nu / (M_PI - 1));
        arb_set_d(point.nu, nu);
        arb_set_d(point.tau, between(rng, 0.5, 2));
        arb_set_d(point.mu, end * between(rng, 1.01, 30));
        bad += constants_solve_arb(&point, 128) != SN_NO_SOLUTION;
        bad += !constants_possible_mean_arb(mean, &point, -1, 128);
        worst = fmax(worst, fabs(middle(mean) / end - 1));
        arb_set(point.mu, mean);
        bad += constants_solve_arb(&point, 128) != SN_OK;
    }
    gsl_rng_free(rng);
    map_point_clear(&point);
    arb_clear(mean);
    cr_assert(
        !bad && worst < 1e-10, "seed %d: %d bad, off by %g", SEED, bad, worst);
}

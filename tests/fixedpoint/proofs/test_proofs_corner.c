/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prover's corners: tiny and huge numbers, endless searches, refutations.
 */
#include "fixedpoint/expressions/intervals.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include "fixedpoint/fixed_points/fixed_points.h"
#include <math.h>
#include <stdio.h>

/*
 * Between two doubles: no double is in [40 + 2^-49, 40 + 2^-49 + 2^-79].  What
 * holds there holds at its left end, which is evaluated as a point.
 */
Test(proofs, an_interval_between_doubles_encloses_its_ends)
{
    struct iv_map *map = iv_map_new();
    struct iv_selu selu;
    mpfi_t m, v, at_end[IV_ATOMS];
    int apart = 0, rows = 0;
    iv_selu_init(&selu);
    iv_selu_constants_mpfi(&selu);
    mpfi_init2(m, IV_PROOF_PRECISION);
    mpfi_init2(v, IV_PROOF_PRECISION);
    for (double variance = 0x1p-4; variance < 0x1p14; variance *= 2) {
        mpfi_set_d(v, variance);
        mpfi_set_d(m, 40);
        mpfi_add_d(m, m, 0x1p-49);
        iv_map_set(map, m, v, &selu, 4, true);
        for (int i = 0; i < IV_ATOMS; i++) {
            mpfi_init2(at_end[i], IV_PROOF_PRECISION);
            mpfi_set(at_end[i], iv_map_atom(map, (enum iv_atom)i)->f);
        }
        mpfr_set_d(&m->right, 0x1p-79, MPFR_RNDN);
        mpfr_add(&m->right, &m->right, &m->left, MPFR_RNDN);
        mpfi_interv_d(v, variance, variance * (1 + 0x1p-30));
        cr_assert(mpfr_greater_p(&m->right, &m->left));
        iv_map_set(map, m, v, &selu, 4, true);
        for (int i = 0; i < IV_ATOMS; i++, rows++) {
            mpfi_srcptr f = iv_map_atom(map, (enum iv_atom)i)->f;
            apart += mpfr_less_p(&f->right, &at_end[i]->left) ||
                     mpfr_less_p(&at_end[i]->right, &f->left);
            mpfi_clear(at_end[i]);
        }
    }
    mpfi_clear(m);
    mpfi_clear(v);
    iv_selu_clear(&selu);
    iv_map_free(map);
    cr_assert(!apart, "%d of %d enclosures do not hold the end", apart, rows);
}

/*
 * erfcx where e^(x^2) overflows: its asymptotic series, whose terms alternate
 * and fall, encloses it independently.
 */
Test(proofs, erfcx_is_enclosed_however_large_its_argument)
{
    static const double exponent[] = {31, 40, 100, 1000};
    int bad = 0;
    for (size_t i = 0; i < sizeof exponent / sizeof *exponent; i++) {
        mpfi_t x, y, series, t;
        mpfi_init2(x, IV_PROOF_PRECISION);
        mpfi_init2(y, IV_PROOF_PRECISION);
        mpfi_init2(series, IV_PROOF_PRECISION);
        mpfi_init2(t, IV_PROOF_PRECISION);
        mpfi_set_d(x, ldexp(1.25, (int)exponent[i]));
        expr_erfcx_mpfi(y, x);
        /* (1 - s + 3 s^2 - ...)/(sqrt(pi) x), s = 1/(2x^2) */
        mpfi_sqr(t, x);
        mpfi_mul_ui(t, t, 2);
        mpfi_inv(t, t);
        mpfi_ui_sub(series, 1, t);
        mpfi_sqr(t, t);
        mpfi_mul_ui(t, t, 3);
        mpfr_set_zero(&t->left, 1);
        mpfi_add(series, series, t);
        mpfi_div(series, series, x);
        mpfi_const_pi(t);
        mpfi_sqrt(t, t);
        mpfi_div(series, series, t);
        bad += !mpfi_bounded_p(y) ||
               mpfr_greater_p(&y->left, &series->right) ||
               mpfr_less_p(&y->right, &series->left);
        mpfi_clear(x);
        mpfi_clear(y);
        mpfi_clear(series);
        mpfi_clear(t);
    }
    cr_assert(!bad, "%d of them", bad);
}

/* At nu = 1e-300 the mean's enclosure held X1 in [0, 1] and no more. */
Test(proofs, the_smallest_variances_do_not_hide_the_extremum)
{
    struct attempt a;
    attempt_init(&a);
    replace(&a, IV_NU, "1e-300", "1.5");
    verdict(&a, claim_find("theorem1"), 2000);
    cr_expect(lower_of(&a, 1) > 0.0677251016 && upper_of(&a, 1) < 0.0677251017,
        "mean up to [%.17g, %.17g]", lower_of(&a, 1), upper_of(&a, 1));
    cr_expect(lower_of(&a, 3) > 1.48157495 && upper_of(&a, 3) < 1.48157496,
        "variance up to [%.17g, %.17g]", lower_of(&a, 3), upper_of(&a, 3));
    attempt_clear(&a);
}

/*
 * Where the chain cannot end in Omega as a fixed point elsewhere attracts: it
 * is named, and is the one that the fixed points' own search finds.
 */
Test(proofs, an_attracting_point_outside_omega_refutes_global)
{
    static const struct {
        const char *omega[2], *tau[2];
        double mu, nu;
    } row[] = {{{"0", "0"}, {"2", "2"}, 1.7804210837, 18.4599008208},
        {{"0", "0"}, {"0.9", "1.1"}, 0, 0.678263}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct attempt a;
        attempt_init(&a);
        replace(&a, IV_OMEGA, row[i].omega[0], row[i].omega[1]);
        replace(&a, IV_TAU, row[i].tau[0], row[i].tau[1]);
        cr_expect_eq(verdict(&a, claim_find("global"), 20000), CLAIM_REFUTED,
            "row %zu", i);
        double mu = atof(a.result.stays[0]), nu = atof(a.result.stays[1]);
        fprintf(stderr, "proofs: an orbit stays near (%.9g, %.9g)\n", mu, nu);
        struct fixed_point_list found;
        struct map_point point;
        map_point_init(&point);
        arb_set_d(point.omega, 0);
        arb_set_str(point.tau, row[i].tau[0], 256);
        arb_set_str(point.lambda, "1.0507009873554804934193349852946", 256);
        arb_set_str(point.alpha, "1.6732632423543772848170429916717", 256);
        const struct fixed_box region = {
            {mu - 0.01, mu + 0.01}, {nu - 0.01, nu + 0.01}};
        const struct fixed_search search = {.max_boxes = 1000};
        cr_assert_eq(
            fixed_points_find(&found, &region, &point, &search), SN_OK);
        bool is_there = found.count == 1 && found.complete &&
                        fabs(found.point[0].tight.mu[0] - mu) < 1e-8 &&
                        fabs(found.point[0].tight.nu[0] - nu) < 1e-8;
        cr_expect(is_there, "row %zu: (%.9g, %.9g)", i, mu, nu);
        fixed_points_clear(&found);
        map_point_clear(&point);
        attempt_clear(&a);
    }
}

/* A wide domain on which the slopes of the norm have no bound. */
Test(proofs, a_search_without_a_bound_ends_and_says_so)
{
    struct attempt a;
    attempt_init(&a);
    replace(&a, IV_NU, "0.01", "10");
    replace(&a, IV_MU, "-1", "1");
    cr_expect_neq(verdict(&a, claim_find("norm-slopes"), 20000), CLAIM_PROVED);
    long boxes = 0;
    int spent = 0;
    for (size_t k = 0; k < a.result.part_count; k++) {
        boxes += a.result.part[k].boxes;
        spent += a.result.part[k].spent;
    }
    cr_expect(boxes < 25000 && spent > 4, "%ld boxes, %d parts say that",
        boxes, spent);
    attempt_clear(&a);
}

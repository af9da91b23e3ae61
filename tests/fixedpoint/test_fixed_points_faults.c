/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planted faults in enclosures, and what cannot be decided. */
#include "tests/fixedpoint/test_fixed_points.h"
#include <math.h>

static void not_a_number(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *with)
{
    fixed_map_on_box(value, jacobian, mu, nu, with);
    mpfr_set_nan(&value[0]->left);
    mpfr_set_nan(&value[1]->right);
    mpfr_set_nan(&jacobian[3]->left);
}

static void everything_not_a_number(mpfi_t value[2], mpfi_t jacobian[4],
    mpfi_srcptr mu, mpfi_srcptr nu, const struct fixed_layer *with)
{
    (void)mu, (void)nu, (void)with;
    for (int i = 0; i < 2; i++)
        mpfr_set_nan(&value[i]->left), mpfr_set_nan(&value[i]->right);
    for (int i = 0; i < 4; i++)
        mpfr_set_nan(&jacobian[i]->left), mpfr_set_nan(&jacobian[i]->right);
}

static void reversed(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *with)
{
    fixed_map_on_box(value, jacobian, mu, nu, with);
    mpfr_swap(&value[0]->left, &value[0]->right);
}

/* The box shrinks to its middle half before it is evaluated. */
static void shrunk(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *with)
{
    mpfi_t x[2], c;
    mpfi_init2(c, IV_PROOF_PRECISION);
    for (int i = 0; i < 2; i++) {
        mpfi_init2(x[i], IV_PROOF_PRECISION);
        mpfi_srcptr from = i ? nu : mu;
        mpfi_mid(&c->left, from);
        mpfr_set(&c->right, &c->left, MPFR_RNDN);
        mpfi_sub(x[i], from, c);
        mpfi_div_2ui(x[i], x[i], 3);
        mpfi_add(x[i], x[i], c);
    }
    fixed_map_on_box(value, jacobian, x[0], x[1], with);
    mpfi_clear(x[0]);
    mpfi_clear(x[1]);
    mpfi_clear(c);
}

/* The variance is off by a relative 1e-9: only the other library can tell. */
static void shifted(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *with)
{
    fixed_map_on_box(value, jacobian, mu, nu, with);
    mpfi_mul_d(value[1], value[1], 1 + 1e-9);
}

static void unbounded(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *with)
{
    fixed_map_on_box(value, jacobian, mu, nu, with);
    mpfr_set_inf(&value[0]->left, -1);
    mpfr_set_inf(&value[0]->right, 1);
    mpfr_set_inf(&jacobian[3]->left, -1);
    mpfr_set_inf(&value[1]->right, 1);
}

Test(fixed_points, planted_faults_are_never_complete)
{
    static const struct {
        const char *name;
        fixed_box_evaluator *evaluate;
    } fault[] = {{"NaN ends", not_a_number}, {"NaN", everything_not_a_number},
        {"reversed", reversed}, {"shrunk", shrunk}, {"shifted", shifted},
        {"unbounded", unbounded}};
    struct map_point point;
    int bad = 0;
    for (int design = 0; design < 2; design++) {
        if (design)
            published(&point);
        else
            layer(&point, 0, 1);
        for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
            struct fixed_point_list found =
                find_by(&usual, &point, fault[i].evaluate, 400);
            if (found.complete ||
                (!found.open_count && !found.contradiction)) {
                cr_log_error("%s: complete %d, %zu points, %ld boxes",
                    fault[i].name, found.complete, found.count, found.boxes);
                bad++;
            }
            fixed_points_clear(&found);
        }
        map_point_clear(&point);
    }
    cr_assert(!bad, "%d faults got through", bad);
}

static bool stop(void *context, long boxes)
{
    (void)context;
    return boxes < 100;
}

/* ReLU without bias scales: a ray of fixed points cannot be isolated. */
Test(fixed_points, what_cannot_be_decided_is_said)
{
    struct map_point point;
    layer(&point, 0, 1);
    struct fixed_point_list found = find_by(&usual, &point, NULL, 8);
    cr_assert(!found.complete && found.open_count, "budget");
    fixed_points_clear(&found);
    arb_one(point.alpha);
    arb_indeterminate(point.lambda);
    found = find_by(&usual, &point, NULL, 200);
    cr_assert(!found.complete && found.open_count, "unknown lambda");
    fixed_points_clear(&found);

    /* lambda^2 (1/2 - 1/(2 pi)) = 1: variance stays, mean follows */
    arb_zero(point.alpha);
    arb_const_pi(point.lambda, PREC);
    arb_inv(point.lambda, point.lambda, PREC);
    arb_sub_ui(point.lambda, point.lambda, 1, PREC);
    arb_mul_2exp_si(point.lambda, point.lambda, -1);
    arb_neg(point.lambda, point.lambda);
    arb_rsqrt(point.lambda, point.lambda, PREC);
    const struct fixed_box wide = {{0, 3}, {0.5, 2}};
    found = find_by(&wide, &point, NULL, 3000);
    cr_assert(!found.complete && !found.count && found.open_count, "ray");
    fixed_points_clear(&found);

    const struct fixed_search search = {.max_boxes = 1000000, .watch = stop};
    cr_assert(!fixed_points_find(&found, &wide, &point, &search));
    cr_assert(!found.complete && found.interrupted && found.boxes < 2000);
    fixed_points_clear(&found);

    static const struct fixed_box wrong[] = {{{1, -1}, {1, 2}},
        {{0, 1}, {2, 1}}, {{0, 1}, {0, 1}}, {{NAN, 1}, {1, 2}},
        {{0, INFINITY}, {1, 2}}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_assert(fixed_points_find(&found, &wrong[i], &point, &search) ==
                      SN_BAD_VALUE,
            "%zu", i);
    map_point_clear(&point);
}

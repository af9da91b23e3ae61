/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two inputs: closed forms, series, double quadrature, published kernels. */
#include "fixedpoint/expressions/program.h"
#include "fixedpoint/meanfield/layer.h"
#include "fixedpoint/quadrature/model.h"
#include "tests/fixedpoint/test_activations.h"
#include <math.h>

enum { GOAL = 100, FEW = 45 };

static void set_pair(
    struct field_pair *pair, double m, double v1, double v2, double rho)
{
    arb_set_d(pair->m, m);
    arb_set_d(pair->m + 1, m);
    arb_set_d(pair->v, v1);
    arb_set_d(pair->v + 1, v2);
    arb_set_d(pair->covariance, rho * sqrt(v1 * v2));
}

static void product_of(
    arb_t y, const char *name, const struct field_pair *pair, slong goal)
{
    struct expr_expression f;
    struct act_trouble trouble;
    enum field_way way;
    default_of(&f, name);
    cr_assert(field_pair_arb(y, &way, &f, pair, goal, &trouble) == SN_OK, "%s",
        name);
    expr_clear(&f);
}

/* sqrt(v1 v2) (sin t + (pi - t) cos t)/2 pi, t = arccos rho (Cho, Saul) */
static void arc_cosine(arb_t y, const struct field_pair *pair)
{
    enum { BITS = 300 };
    NUM_ARB(size, angle, pi, s, c);
    arb_mul(size, pair->v, pair->v + 1, BITS);
    arb_sqrt(size, size, BITS);
    arb_div(c, pair->covariance, size, BITS);
    arb_acos(angle, c, BITS);
    arb_sin(s, angle, BITS);
    arb_const_pi(pi, BITS);
    arb_sub(angle, pi, angle, BITS);
    arb_addmul(s, angle, c, BITS);
    arb_mul(s, s, size, BITS);
    arb_div(s, s, pi, BITS);
    arb_mul_2exp_si(y, s, -1);
}

/* 2/pi arcsin(2c/sqrt((1 + 2 v1)(1 + 2 v2))) (Williams) */
static void arc_sine(arb_t y, const struct field_pair *pair)
{
    enum { BITS = 300 };
    NUM_ARB(a, b);
    arb_mul_2exp_si(a, pair->v, 1);
    arb_add_ui(a, a, 1, BITS);
    arb_mul_2exp_si(b, pair->v + 1, 1);
    arb_add_ui(b, b, 1, BITS);
    arb_mul(a, a, b, BITS);
    arb_rsqrt(a, a, BITS);
    arb_mul(a, a, pair->covariance, BITS);
    arb_mul_2exp_si(a, a, 1);
    arb_asin(a, a, BITS);
    arb_const_pi(b, BITS);
    arb_div(y, a, b, BITS);
    arb_mul_2exp_si(y, y, 1);
}

Test(meanfield, published_kernels)
{
    static const double rho[] = {
        -0.9999, -0.5, 0, 0.25, 0.9, 0.9999, 0.99999999};
    for (size_t i = 0; i < sizeof rho / sizeof *rho; i++) {
        NUM_STRUCT(field_pair, pair);
        NUM_ARB(got, want);
        set_pair(&pair, 0, 2, 0.5, rho[i]);
        product_of(got, "relu", &pair, GOAL);
        arc_cosine(want, &pair);
        cr_expect(arb_overlaps(got, want) && arb_rel_accuracy_bits(got) >= 80,
            "relu at %g", rho[i]);
        product_of(got, "erf", &pair, GOAL);
        arc_sine(want, &pair);
        cr_expect(arb_overlaps(got, want) &&
                      mag_cmp_2exp_si(arb_radref(got), -80) < 0,
            "erf at %g", rho[i]);
    }
}

/* Both ways where both are known, at unlike laws and off centre. */
Test(meanfield, closed_forms_are_the_series)
{
    static const double at[][4] = {
        {0, 1, 1, 0.5}, {0.3, 2.5, 0.7, -0.6}, {-0.4, 0.02, 0.03, 0.8}};
    int closed = 0;
    for (int i = 0; i < act_count; i++)
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            struct expr_expression f;
            struct act_trouble trouble;
            NUM_STRUCT(field_pair, pair);
            NUM_ARB(one, other);
            default_of(&f, act_table[i].name);
            set_pair(&pair, at[k][0], at[k][1], at[k][2], at[k][3]);
            if (field_pair_closed_arb(one, &f, &pair, 200) == SN_OK) {
                closed++;
                cr_assert(field_pair_series_arb(
                              other, &f, &pair, 40, &trouble) == SN_OK);
                cr_expect(arb_overlaps(one, other) &&
                              mag_cmp_2exp_si(arb_radref(one), -60) < 0 &&
                              mag_cmp_2exp_si(arb_radref(other), -18) < 0,
                    "%s at N(%g, %g)", act_table[i].name, at[k][0], at[k][1]);
            }
            expr_clear(&f);
        }
    cr_assert(closed >= 45, "%d closed forms", closed);
}

/* And a quadrature in doubles, which knows neither. */
Test(meanfield, doubles_agree)
{
    for (int i = 0; i < act_count; i++)
        for (int k = 0; k < 3; k++) {
            const double rho[] = {-0.7, 0.6, 0.9999};
            struct expr_expression f;
            struct expr_program program;
            double place;
            default_of(&f, act_table[i].name);
            cr_assert(expr_program_init(&program, &f, &place) == SN_OK);
            const struct quad_model model = {&program, false, 0, 0};
            NUM_STRUCT(field_pair, pair);
            NUM_ARB(y);
            set_pair(&pair, 0, 1, 1.5, rho[k]);
            product_of(y, act_table[i].name, &pair, FEW);
            double got = quad_model_product(
                &model, 0, 0, 1, 1.5, middle(pair.covariance));
            double error = fabs(got - middle(y));
            cr_expect(error <= 1e-11 + 1.001 * mag_get_d(arb_radref(y)),
                "%s at %g: off by %g", act_table[i].name, rho[k], error);
            expr_program_clear(&program);
            expr_clear(&f);
        }
}

/* Fully correlated: the Gaussian moments; and f(z) f(-z). */
Test(meanfield, ends)
{
    struct expr_expression f;
    struct act_trouble trouble;
    NUM_STRUCT(act_gaussian, g);
    NUM_STRUCT(field_pair, pair);
    NUM_ARB(got, v, m);
    for (int i = 0; i < act_count; i++) {
        default_of(&f, act_table[i].name);
        set_pair(&pair, 0.25, 3, 3, 1);
        arb_set_d(m, 0.25);
        arb_set_d(v, 3);
        product_of(got, act_table[i].name, &pair, FEW);
        cr_assert(act_gaussian_arb(
                      &g, &f, m, v, ACT_ANY_METHOD, 200, &trouble) == SN_OK);
        cr_expect(arb_overlaps(got, g.square), "%s", act_table[i].name);
        expr_clear(&f);
    }
    set_pair(&pair, 0, 3, 3, -1);
    product_of(got, "leaky_relu", &pair, GOAL); /* E f(z) f(-z) = -slope v */
    arb_set_str(v, "-0.03", 200);
    cr_expect(arb_overlaps(got, v) &&
              mag_cmp_2exp_si(arb_radref(got), -GOAL + 4) < 0);
}

/* ---- layers ---------------------------------------------------------- */

struct iterated {
    struct expr_expression f;
    struct expr_program program;
    struct quad_model model;
    double weights, bias;
};

static double next_q(const struct iterated *x, double q)
{
    struct quad_moments_f64 m;
    quad_model_moments(&m, &x->model, 0, q);
    return x->weights * m.power[2] + x->bias;
}

/* Fixed points by proof, and changes of sign on a grid in doubles. */
Test(meanfield, fixed_points_of_q)
{
    static const struct {
        const char *name;
        double weights, bias;
    } row[] = {{"tanh", 1.7603, 0.05}, {"tanh", 4, 0.3}, {"erf", 3, 0},
        {"selu", 1, 0}, {"elu", 1.5, 0.1}, {"gelu", 1.9, 0.2},
        {"gelu", 2.2, 0}, {"silu", 2.5, 0.05}, {"siren", 1, 0.1},
        {"softplus", 0.5, 0.1}, {"serlu", 1, 0}, {"relu6", 2, 0.5}};
    int all = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct iterated x = {.weights = row[i].weights, .bias = row[i].bias};
        struct act_trouble trouble;
        NUM_STRUCT(field_layer, layer);
        NUM_STRUCT(field_points, points);
        NUM_ARB(q);
        double place;
        default_of(&x.f, row[i].name);
        cr_assert(expr_program_init(&x.program, &x.f, &place) == SN_OK);
        x.model = (struct quad_model){&x.program, false, 0, 0};
        layer.f = &x.f;
        arb_set_d(layer.weights, x.weights);
        arb_set_d(layer.bias, x.bias);
        points.low = 0.01;
        points.high = 200;
        cr_assert(field_points_find(&points, &layer, &trouble) == SN_OK);
        cr_expect(points.complete, "%s: near %g", row[i].name, points.open);
        int changes = 0;
        for (double a = 0.01; a < 199; a *= 1.01) {
            double b = fmin(a * 1.01, 200);
            if ((next_q(&x, a) > a) == (next_q(&x, b) > b))
                continue;
            cr_assert(changes < points.count, "%s", row[i].name);
            cr_expect(field_point_refine(q, &points.point[changes], &layer,
                          200, &trouble) == SN_OK);
            cr_expect(middle(q) >= a && middle(q) <= b &&
                          fabs(next_q(&x, middle(q)) - middle(q)) < 1e-9,
                "%s: %g", row[i].name, middle(q));
            changes++;
        }
        cr_expect(changes == points.count, "%s: %d, not %d", row[i].name,
            points.count, changes);
        all += changes;
        expr_program_clear(&x.program);
        expr_clear(&x.f);
    }
    cr_assert(all >= 10, "%d points", all);
}

/* Schoenholz et al. 2017: with sigma_b^2 = 0.05 tanh is critical at about
   sigma_w^2 = 1.76. */
Test(meanfield, critical_point_of_tanh)
{
    struct expr_expression f;
    struct act_trouble trouble;
    NUM_STRUCT(field_layer, layer);
    NUM_STRUCT(field_points, points);
    NUM_STRUCT(field_step, step);
    default_of(&f, "tanh");
    layer.f = &f;
    arb_set_str(layer.weights, "1.76", 100);
    arb_set_str(layer.bias, "0.05", 100);
    points.low = 0.01;
    points.high = 10;
    cr_assert(field_points_find(&points, &layer, &trouble) == SN_OK);
    cr_assert(points.count == 1 && points.complete);
    cr_assert(field_point_refine(
                  step.q, &points.point[0], &layer, 120, &trouble) == SN_OK);
    cr_assert(field_step_arb(&step, &layer, 120, &trouble) == SN_OK);
    cr_expect(fabs(middle(step.chi) - 1) < 0.002, "%g", middle(step.chi));
    expr_clear(&f);
}

/* A proven fixed point of the correlation map is one in doubles. */
Test(meanfield, fixed_points_of_correlation)
{
    static const char *const name[] = {"tanh", "selu", "gelu", "hardtanh"};
    for (int i = 0; i < 4; i++) {
        struct iterated x = {0};
        struct act_trouble trouble;
        NUM_STRUCT(field_layer, layer);
        NUM_STRUCT(field_step, step);
        NUM_ARB(c, slope);
        double place;
        default_of(&x.f, name[i]);
        cr_assert(expr_program_init(&x.program, &x.f, &place) == SN_OK);
        x.model = (struct quad_model){&x.program, false, 0, 0};
        layer.f = &x.f;
        arb_set_d(step.q, 1.5);
        arb_one(layer.weights);
        cr_assert(field_step_arb(&step, &layer, 120, &trouble) == SN_OK);
        /* q stays, and gradients grow */
        arb_set_d(layer.weights, 1.03);
        arb_div(layer.weights, layer.weights, step.slope_square, 120);
        arb_mul(step.square, step.square, layer.weights, 120);
        arb_sub(layer.bias, step.q, step.square, 120);
        double weights = middle(layer.weights), bias = middle(layer.bias);
        cr_assert(
            field_correlation_point(c, &layer, step.q, 50, &trouble) == SN_OK);
        cr_assert(field_correlation_map(
                      slope, &layer, step.q, c, true, 50, &trouble) == SN_OK);
        double cosine = middle(c),
               next = (weights * quad_model_product(
                                     &x.model, 0, 0, 1.5, 1.5, 1.5 * cosine) +
                          bias) /
                      1.5;
        cr_expect(bias > 0 && cosine < 0.999 && fabs(next - cosine) < 1e-11 &&
                      mag_cmp_2exp_si(arb_radref(c), -30) < 0 &&
                      arf_cmpabs_d(arb_midref(slope), 1) < 0,
            "%s: from %.12g to %.12g, biases %g", name[i], cosine, next, bias);
        expr_program_clear(&x.program);
        expr_clear(&x.f);
    }
}

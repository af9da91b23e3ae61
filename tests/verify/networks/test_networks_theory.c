/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The theory that networks are compared with, each figure a second way. */
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/constants/constants.h"
#include "tests/verify/networks/test_networks.h"
#include <string.h>
#include <math.h>

Test(networks, moments_agree_with_balls)
{
    struct map_point p;
    arb_t mean, variance, first, second;
    double lambda, alpha, worst[2] = {0}, at[2] = {0};
    map_point_init(&p);
    arb_init(mean);
    arb_init(variance);
    arb_init(first);
    arb_init(second);
    cr_assert_eq(theory_selu_constants_f64(&lambda, &alpha), SN_OK);
    cr_assert(lambda == 1.0507009873554805 && alpha == 1.6732632423543772,
        "constants %a %a", lambda, alpha);
    arb_set_d(p.lambda, lambda);
    arb_set_d(p.alpha, alpha);
    arb_one(p.tau);
    for (int i = -3000; i <= 3000; i++) {
        double m, s, q = pow(10, i / 100.0);
        arb_set_d(p.nu, q);
        map_arb(mean, variance, NULL, &p, 1024);
        arb_sqr(second, mean, 1024);
        arb_add(second, second, variance, 1024);
        quad_selu_moments_f64(&m, &s, q, lambda, alpha);
        cr_assert(arb_rel_accuracy_bits(second) > 60, "enclosure at %g", q);
        /* What is left after taking the enclosure off, exactly. */
        arb_set_d(first, m);
        arb_sub(first, first, mean, 1024);
        double e = arf_get_d(arb_midref(first), ARF_RND_NEAR);
        double error[2] = {fabs(e) / (lambda * sqrt(q)), 0};
        arb_set_d(first, s);
        arb_sub(first, first, second, 1024);
        error[1] = fabs(arf_get_d(arb_midref(first), ARF_RND_NEAR)) / s;
        for (int k = 0; k < 2; k++)
            if (!(error[k] <= worst[k])) {
                worst[k] = error[k];
                at[k] = q;
            }
    }
    map_point_clear(&p);
    arb_clear(mean);
    arb_clear(variance);
    arb_clear(first);
    arb_clear(second);
    cr_assert(worst[0] < 1e-14 && worst[1] < 1e-14,
        "M: %.3g at q = %g; Q: %.3g at q = %g", worst[0], at[0], worst[1],
        at[1]);
}

/* One activation of the table, its expression and program. */
static void take(struct expr_expression *f, struct expr_program *program,
    const char *text, const char *name)
{
    struct act_chosen chosen;
    struct expr_fault fault;
    double place;
    expr_init(f);
    if (text)
        cr_assert_eq(expr_parse(f, text, &expr_of_z, &fault), SN_OK);
    else
        cr_assert(act_find(&chosen, name, strlen(name)) &&
                  act_expression(f, &chosen, &fault) == SN_OK);
    cr_assert_eq(expr_program_init(program, f, &place), SN_OK, "%s", name);
}

static double middle(const arb_t x)
{
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* The largest error of the eight figures, relative to rms and mean square. */
static double worst_of(struct expr_expression *f,
    const struct quad_model *model, double m, double v)
{
    struct act_gaussian exact;
    struct act_trouble trouble;
    struct quad_conditional one;
    struct quad_moments_f64 all;
    arb_t mean, variance;
    act_gaussian_init(&exact);
    arb_init(mean);
    arb_init(variance);
    arb_set_d(mean, m);
    arb_set_d(variance, v);
    cr_assert_eq(act_gaussian_arb(
                     &exact, f, mean, variance, ACT_ANY_METHOD, 192, &trouble),
        SN_OK);
    quad_model_conditional(&one, model, m, v);
    quad_model_moments(&all, model, m, v);
    double square = middle(exact.square), rms = sqrt(square), s = sqrt(v);
    double slope = middle(exact.slope_square);
    const double error[] = {(one.first - middle(exact.mean)) / rms,
        (one.second - square) / square,
        (one.first_u - s * middle(exact.mean_m)) / rms,
        (one.first_uu - v * middle(exact.mean_v)) / rms,
        (one.second_u - s * middle(exact.square_m)) / square,
        (one.second_uu - v * middle(exact.square_v)) / square,
        (all.power[1] - middle(exact.mean)) / rms,
        (all.power[2] - square) / square,
        arb_is_finite(exact.slope_square)
            ? (all.slope_square - slope) / (slope + 1e-6)
            : 0};
    double worst = 0;
    for (size_t i = 0; i < COUNT(error); i++)
        worst = !(fabs(error[i]) <= worst) ? fabs(error[i]) : worst;
    act_gaussian_clear(&exact);
    arb_clear(mean);
    arb_clear(variance);
    return worst;
}

Test(networks, quadrature_agrees_with_balls)
{
    static const double at[][2] = {{0, 1}, {0.3, 2.5}, {-0.4, 0.02}, {1, 90}};
    for (int i = 0; i < act_count; i++) {
        struct expr_expression f;
        struct expr_program program;
        take(&f, &program, NULL, act_table[i].name);
        const struct quad_model model = {&program, false, 0, 0};
        for (size_t k = 0; k < COUNT(at); k++) {
            double worst = worst_of(&f, &model, at[k][0], at[k][1]);
            cr_expect(worst < 1e-10, "%s at N(%g, %g): %g", act_table[i].name,
                at[k][0], at[k][1], worst);
        }
        expr_program_clear(&program);
        expr_clear(&f);
    }
}

Test(networks, closed_forms_agree_with_quadrature)
{
    struct net_networks s = small(8, 1, 1);
    struct quad_model plain = s.model;
    plain.selu = false;
    double worst = 0;
    for (double v = 1e-3; v < 1e3; v *= 1.3) {
        struct quad_conditional a, b;
        quad_model_conditional(&a, &s.model, 0, v);
        quad_model_conditional(&b, &plain, 0, v);
        const double error[] = {(a.first - b.first) / sqrt(b.second),
            a.second / b.second - 1, a.first_u / b.first_u - 1,
            (a.first_uu - b.first_uu) / sqrt(b.second),
            a.second_u / b.second_u - 1, a.second_uu / b.second_uu - 1};
        for (size_t i = 0; i < COUNT(error); i++)
            worst = fmax(worst, fabs(error[i]));
    }
    cr_assert(worst < 1e-11, "off by %g", worst);
}

Test(networks, products_agree_with_arc_cosine_and_arc_sine)
{
    struct expr_expression relu_f, erf_f;
    struct expr_program relu, erf_program;
    const double pi = acos(-1);
    take(&relu_f, &relu, NULL, "relu");
    take(&erf_f, &erf_program, NULL, "erf");
    const struct quad_model r = {&relu, false, 0, 0},
                            e = {&erf_program, false, 0, 0};
    for (double rho = -1; rho <= 1.001; rho += 0.25) {
        double v1 = 2, v2 = 0.5, c = rho * sqrt(v1 * v2);
        double angle = acos(fmin(rho, 1));
        double want = sqrt(v1 * v2) / (2 * pi) *
                      (sin(angle) + (pi - angle) * cos(angle));
        double got = quad_model_product(&r, 0, 0, v1, v2, c);
        cr_expect(fabs(got - want) < 1e-8, "relu, %g: %.12g, not %.12g", rho,
            got, want);
        want = 2 / pi * asin(2 * c / sqrt((1 + 2 * v1) * (1 + 2 * v2)));
        got = quad_model_product(&e, 0, 0, v1, v2, c);
        cr_expect(fabs(got - want) < 1e-11, "erf, %g: %.12g, not %.12g", rho,
            got, want);
    }
    expr_program_clear(&relu);
    expr_program_clear(&erf_program);
    expr_clear(&relu_f);
    expr_clear(&erf_f);
}

/* g by fixedpoint/ with the exact constants, one layer. */
static void step(double *mean, double *variance, double omega, double tau,
    bool second_moment)
{
    struct map_point p;
    arb_t m, v;
    map_point_init(&p);
    arb_init(m);
    arb_init(v);
    constants_selu_arb(p.lambda, p.alpha, 192);
    arb_set_d(p.mu, second_moment ? 0 : *mean);
    arb_set_d(p.nu, *variance + (second_moment ? *mean * *mean : 0));
    arb_set_d(p.omega, omega);
    arb_set_d(p.tau, tau);
    map_arb(m, v, NULL, &p, 192);
    *mean = middle(m);
    *variance = middle(v);
    map_point_clear(&p);
    arb_clear(m);
    arb_clear(v);
}

Test(networks, theory_is_g_iterated)
{
    static const struct {
        double mean, variance, omega, tau;
        bool rows;
    } row[] = {{0, 1, 0, 1, false}, {0.5, 2, 0, 1, false},
        {-3, 0.01, 0, 1, false}, {0, 1e-20, 0, 1, false},
        {1e10, 1, 0, 1, false}, {0.5, 2, 0, 1, true}, {-1, 3, 0.1, 0.95, true},
        {1, 0.3, -0.1, 1.1, true}};
    struct expr_expression f;
    struct expr_program program;
    take(&f, &program, NULL, "selu");
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = small(256, 80, 2);
        struct theory_theory t;
        s.inputs = 1;
        s.start_mean = row[i].mean;
        s.start_variance = row[i].variance;
        s.omega = (struct quad_interval){row[i].omega, row[i].omega};
        s.tau = (struct quad_interval){row[i].tau, row[i].tau};
        if (row[i].rows)
            s.weights = net_weight_law_find("gaussian-rows");
        cr_assert_eq(theory_init(&t, &s, &f), SN_OK);
        cr_assert_eq(t.layers, 81);
        double mean = row[i].mean, variance = row[i].variance;
        for (size_t l = 1; l < t.layers; l++) {
            step(&mean, &variance, row[i].omega, row[i].tau, !row[i].rows);
            double q = variance + mean * mean;
            cr_assert(
                fabs(t.column[THEORY_T_MEAN][l] - mean) < 1e-11 * sqrt(q) &&
                    fabs(t.column[THEORY_T_VARIANCE][l] - variance) <
                        1e-11 * q,
                "row %zu, layer %zu: %.17g %.17g, not %.17g %.17g", i, l,
                t.column[THEORY_T_MEAN][l], t.column[THEORY_T_VARIANCE][l],
                mean, variance);
        }
        theory_clear(&t);
    }
    expr_program_clear(&program);
    expr_clear(&f);
}

/* |z| below 4.5 once `slack` is granted, and beyond 6 from `wrong`. */
static void agrees(const char *what, double got, double se, double want,
    double slack, double wrong)
{
    cr_expect(fabs(got - want) < 4.5 * se + slack,
        "%s: %.6g, se %.2g, not %.6g", what, got, se, want);
    cr_expect(fabs(got - wrong) > 6 * se,
        "%s: %.6g, se %.2g, is not far "
        "from %.6g",
        what, got, se, wrong);
}

Test(networks, corrections_at_finite_width_are_seen)
{
    /* Seed 1; eight figures at a rate of 7e-6.  Left out is order 1/n^2. */
    enum { N = 64, LAYER = 8 };
    struct expr_expression f;
    struct expr_program program;
    take(&f, &program, NULL, "selu");
    for (int rows = 0; rows < 2; rows++) {
        struct net_networks s = small(N, LAYER, 12000);
        struct theory_theory t;
        s.way = NET_WAY_EXACT;
        s.inputs = 1;
        s.start_mean = 0.5;
        s.start_variance = 2;
        if (rows) {
            s.weights = net_weight_law_find("gaussian-rows");
            s.omega = (struct quad_interval){0.5, 0.5};
            s.model.selu = false;
            s.networks = 1500; /* quadrature takes its time */
        }
        struct net_ensemble e = run_of(&s);
        cr_assert_eq(theory_init(&t, &s, &f), SN_OK);
        struct net_summary v = net_ensemble_summary(&e, LAYER, NET_VARIANCE);
        double limit = t.column[THEORY_T_VARIANCE][LAYER];
        double bias = t.column[THEORY_T_VARIANCE_BIAS][LAYER] / N;
        if (!rows)
            agrees("variance", v.mean, v.se, limit + bias, 0.15 * fabs(bias),
                limit);
        else
            agrees("variance of rows", v.mean, v.se, limit + bias,
                0.1 * fabs(bias), limit + 5 * bias);
        static const enum net_quantity of[] = {
            NET_MEAN, NET_VARIANCE, NET_SECOND};
        for (int k = 0; k < 3; k++) {
            double spread = net_ensemble_spread(&e, LAYER, of[k]);
            double want = t.column[THEORY_T_MEAN_SPREAD + k][LAYER] / N;
            /* a variance's own deviation, of a nearly normal quantity */
            double se = want * sqrt(2.5 / (double)s.networks);
            agrees(net_quantity_name[of[k]], spread, se, want, 0.08 * want,
                1.5 * want);
        }
        theory_clear(&t);
        net_ensemble_clear(&e);
    }
    expr_program_clear(&program);
    expr_clear(&f);
}

Test(networks, other_quantities_agree_with_theory)
{
    /* Seed 1; four figures at a rate of 7e-6, but for terms of order 1/n. */
    enum { N = 256, LAYERS = 6 };
    struct net_networks s = small(N, LAYERS, 100);
    struct expr_expression f;
    struct expr_program program;
    struct theory_theory t;
    take(&f, &program, NULL, "selu");
    s.inputs = 4;
    s.correlation = 0.8;
    s.backward = true;
    s.dropout = s.expected_dropout = alpha_dropout(0.1);
    struct net_ensemble e = run_of(&s);
    cr_assert_eq(theory_init(&t, &s, &f), SN_OK);
    struct net_summary m = net_ensemble_summary(&e, LAYERS, NET_COSINE);
    agrees(
        "cosine", m.mean, m.se, t.column[THEORY_T_COSINE][LAYERS], 0.01, 0.8);
    m = net_ensemble_summary(&e, 3, NET_GRADIENT);
    agrees("gradient", m.mean, m.se, t.column[THEORY_T_GRADIENT][3], 0.01, 1);
    m = net_ensemble_summary(&e, 0, NET_LOG_GRADIENT);
    agrees("log gradient", m.mean, m.se, t.column[THEORY_T_LOG_GRADIENT][0],
        0.05, 0);
    net_ensemble_clear(&e);
    theory_clear(&t);

    s.weights = net_weight_law_find("rademacher");
    s.width = 16;
    s.networks = 1200;
    s.backward = false;
    s.dropout.rate = s.expected_dropout.rate = 0;
    e = run_of(&s);
    cr_assert_eq(theory_init(&t, &s, &f), SN_OK);
    m = net_ensemble_summary(&e, 1, NET_KURTOSIS);
    agrees("kurtosis", m.mean, m.se, t.column[THEORY_T_KURTOSIS][1] / 16, 0.05,
        0);
    net_ensemble_clear(&e);
    theory_clear(&t);
    expr_program_clear(&program);
    expr_clear(&f);
}

Test(networks, theory_ends_where_moments_do)
{
    /* E exp(2 z^2/6) exists for v < 3/2; v grows from 1/2. */
    struct net_networks s = small(64, 40, 2);
    struct expr_expression f;
    struct expr_program program;
    struct theory_theory t;
    take(&f, &program, "0.9*z*exp(z^2/6)", "exp");
    s.model = (struct quad_model){&program, false, 0, 0};
    s.start_variance = 0.5;
    s.inputs = 1;
    cr_assert_eq(theory_init(&t, &s, &f), SN_OK);
    cr_assert(
        t.no_moments && t.layers > 1 && t.layers < 12, "%zu layers", t.layers);
    cr_assert(
        t.column[THEORY_T_SECOND][t.layers - 1] >= 1.5 &&
            (t.layers < 2 || t.column[THEORY_T_SECOND][t.layers - 2] < 1.5),
        "q %g", t.column[THEORY_T_SECOND][t.layers - 1]);
    theory_clear(&t);
    expr_program_clear(&program);
    expr_clear(&f);
}

/* Gains and biases: both methods, a law that is not Gaussian; and a gain that
   is expected to be another. */
Test(networks, gains_and_biases)
{
    static const char *const law[] = {
        "lecun-normal", "lecun-normal", "lecun-uniform"};
    for (int i = 0; i < 3; i++)
        for (int wrong = 0; wrong < 2; wrong++) {
            struct net_networks s = small(96, 6, 64);
            s.way = i == 0 ? NET_WAY_EXACT : NET_WAY_DIRECT;
            s.inputs = 4;
            s.weights = net_weight_law_find(law[i]);
            s.gain = 0.9;
            s.bias = 0.25;
            s.expected_gain = wrong ? 0.88 : 0.81;
            struct net_residual_test t = test_of(&s, 1e-4);
            cr_expect((t.passed && t.layers_passed) == !wrong,
                "%s, method %d, wrong %d: worst z %g", law[i], (int)s.way,
                wrong, t.worst.z);
        }
}

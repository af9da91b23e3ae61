/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be equal, and what must not, at many digits. */
#include "fixedpoint/activations/normalized.h"
#include "tests/fixedpoint/test_activations.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

enum { PREC = 300 };

static void expect_equal(
    const char *one, const char *other, const char *m, const char *v)
{
    struct act_gaussian g[2];
    struct act_trouble trouble;
    for (int i = 0; i < 2; i++) {
        act_gaussian_init(&g[i]);
        enum sn_status status = moments_of(
            &g[i], i ? other : one, m, v, ACT_ANY_METHOD, PREC, &trouble);
        cr_assert(status == SN_OK, "%s", i ? other : one);
    }
    cr_expect(arb_overlaps(g[0].mean, g[1].mean) &&
                  arb_overlaps(g[0].square, g[1].square) &&
                  arb_overlaps(g[0].mean_m, g[1].mean_m) &&
                  arb_overlaps(g[0].square_v, g[1].square_v) &&
                  arb_overlaps(g[0].slope_square, g[1].slope_square) &&
                  arb_rel_accuracy_bits(g[0].square) > PREC - 60 &&
                  arb_rel_accuracy_bits(g[1].square) > PREC - 60,
        "%s is not %s at N(%s, %s)", one, other, m, v);
    act_gaussian_clear(&g[0]);
    act_gaussian_clear(&g[1]);
}

Test(activations, the_same_in_other_words)
{
    static const char *const pair[][2] = {
        {"log1p(exp(z))", "max(z, 0) + log1p(exp(-abs(z)))"},
        {"1/(1 + exp(-z))", "(1 + tanh(z/2))/2"},
        {"z*tanh(log1p(exp(z)))", "z*tanh(max(z,0) + log1p(exp(-abs(z))))"},
        {"abs(z)", "sqrt(z^2)"}, {"max(z, 0)", "(z + abs(z))/2"},
        {"expm1(z)", "exp(z) - 1"}, {"z^3", "z*z*z"},
        {"where(z >= 0.1, z, 0.1)", "max(z, 0.1)"},
        {"where(z < 0.1, 0.1, z)", "max(z, 0.1)"},
        {"where(max(z, 0) > 0, z, 1)", "where(z > 0, z, 1)"},
        {"where(max(z, 0) >= 0, z, 1)", "z"},
        {"where(exp(z) > 2, exp(z), 2)", "max(exp(z), 2)"},
        {"max((z - 1)^2, 0)", "z^2 - 2*z + 1"},
        {"where(z > 0, log(1 + z), 0)", "log1p(max(z, 0))"},
        {"min(max(z + 3, 0), 6)/6",
            "where(z < -3, 0, where(z > 3, 1, z/6 + 0.5))"},
        {"exp(z)^0.5", "exp(z/2)"}, {"z^-2*z^4", "z^2/1"},
        {"tanh(z)", "1 - 2/(exp(2*z) + 1)"}};
    static const char *const at[][2] = {{"0", "1"}, {"-0.7", "2.5"}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        for (int k = 0; k < 2; k++)
            if (strcmp(pair[i][0], "z^-2*z^4")) /* 0/0: refused */
                expect_equal(pair[i][0], pair[i][1], at[k][0], at[k][1]);
}

/* Moments that are known in closed form. */
Test(activations, known_moments)
{
    static const struct {
        const char *f, *v, *mean, *square; /* at m = 0; pi is 3.14... */
    } row[] = {{"z", "3", "0", "3"}, {"z^4", "1", "3", "105"},
        {"z^12", "1", "10395", "316234143225"}, {"exp(z)", "2", "e1", "e4"},
        {"exp(-z^2)", "1", "3^-.5", "5^-.5"},
        {"exp(z^2/5)", "1", "(5/3)^.5", "5^.5"},
        {"abs(z)", "1", "(2/pi)^.5", "1"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        for (int method = 0; method < 2; method++) {
            struct act_gaussian g;
            struct act_trouble trouble;
            arb_t want[2];
            act_gaussian_init(&g);
            cr_assert(moments_of(&g, row[i].f, "0", row[i].v, method, PREC,
                          &trouble) == SN_OK);
            for (int k = 0; k < 2; k++) {
                const char *word = k ? row[i].square : row[i].mean;
                arb_init(want[k]);
                if (*word == 'e') {
                    arb_set_si(want[k], atoi(word + 1));
                    arb_exp(want[k], want[k], PREC);
                } else if (!strcmp(word, "(2/pi)^.5")) {
                    arb_const_pi(want[k], PREC);
                    arb_mul_2exp_si(want[k], want[k], -1);
                    arb_rsqrt(want[k], want[k], PREC);
                } else if (!strcmp(word, "(5/3)^.5")) {
                    arb_set_ui(want[k], 15);
                    arb_sqrt(want[k], want[k], PREC);
                    arb_div_ui(want[k], want[k], 3, PREC);
                } else {
                    arb_set_str(want[k], word, PREC);
                    if (strstr(word, "^-.5"))
                        arb_rsqrt_ui(want[k], (ulong)atoi(word), PREC);
                    else if (strstr(word, "^.5"))
                        arb_sqrt_ui(want[k], (ulong)atoi(word), PREC);
                }
            }
            cr_expect(arb_overlaps(g.mean, want[0]) &&
                          arb_overlaps(g.square, want[1]) &&
                          arb_rel_accuracy_bits(g.square) > 200,
                "%s, method %d", row[i].f, method);
            for (int k = 0; k < 2; k++)
                arb_clear(want[k]);
            act_gaussian_clear(&g);
        }
}

/* gelu: E f = m Phi(m/s) + v/s phi(m/s), s^2 = 1 + v (by Stein's identity). */
Test(activations, mean_of_gelu)
{
    static const char *const at[][2] = {
        {"0", "1"}, {"1.5", "0.25"}, {"-2", "4"}, {"3", "100"}};
    for (size_t i = 0; i < 4; i++) {
        struct act_gaussian g;
        struct act_trouble trouble;
        arb_t m, v, s, t, want;
        arb_ptr const all[] = {m, v, s, t, want};
        act_gaussian_init(&g);
        for (int k = 0; k < 5; k++)
            arb_init(all[k]);
        arb_set_str(m, at[i][0], PREC);
        arb_set_str(v, at[i][1], PREC);
        cr_assert(moments_of(&g, "z*(1 + erf(z/sqrt(2)))/2", at[i][0],
                      at[i][1], ACT_ANY_METHOD, PREC, &trouble) == SN_OK);
        arb_add_ui(s, v, 1, PREC);
        arb_sqrt(s, s, PREC);
        arb_div(t, m, s, PREC); /* m/s */
        arb_sqr(want, t, PREC);
        arb_mul_2exp_si(want, want, -1);
        arb_neg(want, want);
        arb_exp(want, want, PREC);
        arb_mul(want, want, v, PREC);
        arb_div(want, want, s, PREC);
        arb_const_pi(s, PREC);
        arb_mul_2exp_si(s, s, 1);
        arb_rsqrt(s, s, PREC);
        arb_mul(want, want, s, PREC); /* v/s phi(m/s) */
        arb_sqrt_ui(s, 2, PREC);
        arb_div(t, t, s, PREC);
        arb_neg(t, t);
        arb_hypgeom_erfc(t, t, PREC);
        arb_mul_2exp_si(t, t, -1);
        arb_addmul(want, m, t, PREC);
        cr_expect(
            arb_overlaps(g.mean, want) && arb_rel_accuracy_bits(g.mean) > 200,
            "at N(%s, %s)", at[i][0], at[i][1]);
        for (int k = 0; k < 5; k++)
            arb_clear(all[k]);
        act_gaussian_clear(&g);
    }
}

/* SELU by its own formulas (map.c), at random points. */
Test(activations, selu_is_the_map)
{
    gsl_rng *rng = generator();
    struct expr_expression f;
    default_of(&f, "selu");
    int bad = 0;
    for (int i = 0; i < 60; i++) {
        struct map_point point;
        struct act_gaussian g;
        struct act_trouble trouble;
        arb_t m, v, x[4], jacobian[2][4];
        arb_init(m);
        arb_init(v);
        map_point_init(&point);
        act_gaussian_init(&g);
        for (int k = 0; k < 4; k++) {
            arb_init(x[k]);
            arb_init(jacobian[0][k]);
            arb_init(jacobian[1][k]);
        }
        constants_selu_arb(point.lambda, point.alpha, PREC);
        arb_set_d(point.mu, between(rng, -2, 2));
        arb_set_d(point.nu, between(rng, 0.1, 6));
        arb_set_d(point.omega, between(rng, -1, 1));
        arb_set_d(point.tau, between(rng, 0.5, 2));
        arb_mul(m, point.mu, point.omega, PREC);
        arb_mul(v, point.nu, point.tau, PREC);
        map_arb(x[0], x[1], jacobian[0], &point, PREC);
        act_gaussian_arb(&g, &f, m, v, ACT_ANY_METHOD, PREC, &trouble);
        act_map_arb(x[2], x[3], jacobian[1], &g, point.omega, point.tau, PREC);
        bad += !arb_overlaps(x[0], x[2]) || !arb_overlaps(x[1], x[3]) ||
               arb_rel_accuracy_bits(x[3]) < 150;
        for (int k = 0; k < 4; k++)
            bad += !arb_overlaps(jacobian[0][k], jacobian[1][k]);
        for (int k = 0; k < 4; k++) {
            arb_clear(x[k]);
            arb_clear(jacobian[0][k]);
            arb_clear(jacobian[1][k]);
        }
        arb_clear(m);
        arb_clear(v);
        map_point_clear(&point);
        act_gaussian_clear(&g);
    }
    expr_clear(&f);
    gsl_rng_free(rng);
    cr_assert(bad == 0, "%d (seed %d)", bad, SEED);
}

/* c f + d with 40 digits of c and d is normalized to 40 digits, not more. */
Test(activations, normalized_is_a_fixed_point)
{
    static const char *const text[] = {"z*(1 + erf(z/sqrt(2)))/2", "tanh(z)",
        "max(z, 0)", "exp(z/2)", "where(z > 0, z, expm1(z))"};
    for (int i = 0; i < 5; i++)
        for (int mutant = 0; mutant < 2; mutant++) {
            struct act_gaussian g;
            struct act_normalized normal;
            struct map_point point;
            struct act_trouble trouble;
            char fed[400], *c, *d, *radius;
            act_gaussian_init(&g);
            act_normalized_init(&normal);
            map_point_init(&point);
            arb_one(point.nu);
            arb_one(point.tau);
            moments_of(&g, text[i], "0", "1", ACT_ANY_METHOD, PREC, &trouble);
            act_normalized_arb(&normal, &g, &point, false, PREC);
            cr_assert(num_decimal_arb(&c, &radius, normal.scale, 40) == SN_OK);
            free(radius);
            cr_assert(num_decimal_arb(&d, &radius, normal.shift, 40) == SN_OK);
            free(radius);
            if (mutant) /* in the 30th digit */
                c[31] = c[31] == '9' ? '8' : (char)(c[31] + 1);
            snprintf(fed, sizeof fed, "%s*(%s) + %s", c, text[i], d);
            moments_of(&g, fed, "0", "1", ACT_ANY_METHOD, PREC, &trouble);
            arb_sub_ui(g.square, g.square, 1, PREC);
            bool fixed = arf_cmpabs_2exp_si(arb_midref(g.square), -120) < 0;
            cr_expect(fixed == !mutant, "%s, mutant %d", fed, mutant);
            free(c);
            free(d);
            act_gaussian_clear(&g);
            act_normalized_clear(&normal);
            map_point_clear(&point);
        }
}

/* The digits at 20 are those at 80, rounded: both are decided. */
Test(activations, digits_are_a_prefix)
{
    for (int i = 0; i < act_count; i++) {
        char *value[2], *radius;
        for (int k = 0; k < 2; k++) {
            struct expr_expression f;
            struct act_gaussian g;
            struct act_trouble trouble;
            arb_t m, v;
            arb_init(m);
            arb_init(v);
            arb_one(v);
            act_gaussian_init(&g);
            default_of(&f, act_table[i].name);
            act_gaussian_arb(
                &g, &f, m, v, ACT_ANY_METHOD, k ? 400 : 120, &trouble);
            cr_assert(num_decimal_arb(
                          &value[k], &radius, g.square, k ? 80 : 20) == SN_OK);
            free(radius);
            act_gaussian_clear(&g);
            expr_clear(&f);
            arb_clear(m);
            arb_clear(v);
        }
        arb_t few, many;
        arb_init(few);
        arb_init(many);
        arb_set_str(few, value[0], 400);
        arb_set_str(many, value[1], 400);
        arb_sub(few, few, many, 400);
        arb_div(few, few, many, 400);
        cr_expect(arf_cmpabs_d(arb_midref(few), 5e-20) <= 0, "%s: %s, %s",
            act_table[i].name, value[0], value[1]);
        arb_clear(few);
        arb_clear(many);
        free(value[0]);
        free(value[1]);
    }
}

/* As published: NFNets' gammas, Monte-Carlo estimates of 1/std. */
Test(activations, nfnets_gammas_are_estimates)
{
    static const struct {
        const char *name;
        double gamma;
    } row[] = {{"celu", 1.270926833152771}, {"elu", 1.2716004848480225},
        {"gelu", 1.7015043497085571}, {"leaky_relu", 1.70590341091156},
        {"log_sigmoid", 1.9193484783172607}, {"relu", 1.7139588594436646},
        {"relu6", 1.7131484746932983}, {"selu", 1.0008515119552612},
        {"sigmoid", 4.803835391998291}, {"silu", 1.7881293296813965},
        {"softsign", 2.338853120803833}, {"softplus", 1.9203323125839233},
        {"tanh", 1.5939117670059204}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_expression f;
        struct act_gaussian g;
        struct act_trouble trouble;
        arb_t m, v;
        arb_init(m);
        arb_init(v);
        arb_one(v);
        act_gaussian_init(&g);
        default_of(&f, row[i].name);
        act_gaussian_arb(&g, &f, m, v, ACT_ANY_METHOD, 100, &trouble);
        arb_submul(g.square, g.mean, g.mean, 100);
        arb_rsqrt(g.square, g.square, 100);
        double off = fabs(row[i].gamma / middle(g.square) - 1);
        /* near, so it is the same quantity; and none is right to 5 digits */
        cr_expect(off < 1.1e-3 && off > 2e-5, "%s: %g", row[i].name, off);
        expr_clear(&f);
        act_gaussian_clear(&g);
        arb_clear(m);
        arb_clear(v);
    }
}

Test(activations, homogeneous_by_form)
{
    static const struct {
        const char *text;
        bool homogeneous;
    } row[] = {{"z", true}, {"max(z, 0)", true}, {"abs(z)", true},
        {"sqrt(z^2)", true}, {"z^2/abs(z)", true}, {"2*z - max(z, 0)", true},
        {"where(z^3 > 0, z, pi*z)", true}, {"z*tanh(1)", true},
        {"z + 1", false}, {"z^2", false}, {"min(z, 6)", false},
        {"where(z > 0, z, expm1(z))", false}, {"exp(0*z)*z", true},
        {"where(z > 1, z, 2*z)", false}, {"tanh(z)", false}, {"1", false}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_expression f;
        struct expr_fault fault;
        expr_init(&f);
        expr_parse(&f, row[i].text, &expr_of_z, &fault);
        cr_expect(
            expr_is_homogeneous(&f) == row[i].homogeneous, "%s", row[i].text);
        expr_clear(&f);
    }
}

/* Each row of the list is whole; one with a mistake is refused by name. */
Test(activations, rows_with_mistakes_are_refused_by_name)
{
    static const struct {
        struct act_activation activation;
        const char *word; /* at fault, in the expression; or its reason */
    } row[] = {{{"one", NULL, "slope*z", {{0}}, NULL, false}, "slope"},
        {{"two", NULL, "max(z)", {{0}}, NULL, false}, ")"},
        {{"three", NULL, "where(z > 0, z, elu(z))", {{0}}, NULL, false},
            "elu"},
        {{"four", NULL, "beta*z", {{"beta", "x1"}}, NULL, false}, "beta=x1"}};
    for (int i = 0; i < act_count; i++) {
        struct expr_expression f;
        default_of(&f, act_table[i].name);
        cr_expect(f.value > 1 && f.derivative >= 0, "%s", act_table[i].name);
        expr_clear(&f);
        for (int k = 0; k < i; k++)
            cr_expect(strcmp(act_table[i].name, act_table[k].name) != 0,
                "%s stands twice", act_table[i].name);
    }
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct act_chosen chosen = {.activation = &row[i].activation};
        memcpy(chosen.parameter, row[i].activation.parameter,
            sizeof chosen.parameter);
        struct expr_expression f;
        struct expr_fault fault = {0};
        expr_init(&f);
        enum sn_status status = act_expression(&f, &chosen, &fault);
        const char *at = row[i].activation.expression + fault.place;
        cr_expect(status == SN_BAD_VALUE &&
                      (!strncmp(at, row[i].word, strlen(row[i].word)) ||
                          strstr(fault.reason, row[i].word)),
            "%s: status %d at '%s': %s", row[i].activation.name, (int)status,
            at, fault.reason);
        expr_clear(&f);
    }
}

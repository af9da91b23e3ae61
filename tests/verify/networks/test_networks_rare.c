/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Right networks whose residuals are hardly random: activations that are
 * square polynomials but for rare events or roundings, inputs that cancel.
 */
#include "tests/verify/networks/test_networks.h"
#include <math.h>

/* An activation by its expression, for the networks and the theory. */
struct own {
    struct expr_expression f;
    struct expr_program program;
    struct net_unit unit;
};

static void own_init(struct own *o, struct net_networks *s, const char *text)
{
    struct expr_fault fault;
    double place;
    expr_init(&o->f);
    cr_assert_eq(
        expr_parse(&o->f, text, &expr_of_z, &fault), SN_OK, "%s", text);
    cr_assert_eq(expr_program_init(&o->program, &o->f, &place), SN_OK);
    o->unit = (struct net_unit){.program = &o->program};
    s->unit = &o->unit;
    s->model = (struct quad_model){.f = &o->program};
}

static void own_clear(struct own *o)
{
    expr_program_clear(&o->program);
    expr_clear(&o->f);
}

#define HARDTANH "min(max(z, -1), 1)"
#define GELU     "z*(1 + erf(z/sqrt(2)))/2"

struct rare {
    const char *activation;
    enum net_real real;
    size_t width, depth, inputs;
    double mean, variance, correlation;
    const char *law;
};
static const struct rare rare[] = {
    /* linear up to four deviations */
    {HARDTANH, NET_REAL_F32, 64, 8, 2, 0, 0.06, 0, "lecun-normal"},
    {"min(max(z + 3, 0), 6)/6", NET_REAL_F32, 64, 8, 2, 0, 1, 0,
        "lecun-normal"},
    {"z*min(max(z + 3, 0), 6)/6", NET_REAL_F64, 64, 12, 2, 0, 1, 0,
        "lecun-normal"},
    {"max(z + 3.5, 0)", NET_REAL_F64, 64, 1, 2, 0, 1, 0, "lecun-normal"},
    /* a square polynomial to binary32: q falls by 4 a layer */
    {GELU, NET_REAL_F32, 64, 28, 2, 0, 1, 0, "lecun-normal"},
    {"1 + z/9", NET_REAL_F64, 64, 3, 16, -1, 100, 0, "lecun-normal"},
    /* x and -x: odd functions cancel, and others' squares almost */
    {"z/(1 + abs(z))", NET_REAL_F32, 100, 2, 2, 0, 1, -1, "lecun-normal"},
    {HARDTANH, NET_REAL_F64, 100, 3, 16, 0, 1, -1, "lecun-normal"},
    {"min(max(z, 0), 6)", NET_REAL_F32, 257, 3, 2, 0, 1, -1, "he-normal"},
};

static struct net_networks settings(const struct rare *r)
{
    struct net_networks s = small(r->width, r->depth, 64);
    s.way = NET_WAY_EXACT;
    s.real = r->real;
    s.inputs = r->inputs;
    s.start_mean = r->mean;
    s.start_variance = r->variance;
    s.correlation = r->correlation;
    s.weights = net_weight_law_find(r->law);
    s.expected_gain = s.weights->gain;
    return s;
}

/* At 1e-3 for each of both: 0.4 of the 180 runs expected at most. */
Test(networks, right_networks_with_rare_events_are_not_refused)
{
    int refused = 0;
    for (size_t i = 0; i < COUNT(rare); i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct net_networks s = settings(&rare[i]);
            struct own own;
            own_init(&own, &s, rare[i].activation);
            s.seed = seed;
            struct net_residual_test t = test_of(&s, 1e-3);
            bool right = t.passed && t.layers_passed;
            refused += !right;
            cr_expect(right || refused < 3,
                "%s, seed %d: worst z %g, limit %g, layer %zu",
                rare[i].activation, (int)seed, t.worst.z, t.worst.limit,
                t.worst.layer);
            own_clear(&own);
        }
    cr_assert_leq(refused, 3, "%d of 180 refused", refused);
}

/* The same settings with another activation in the networks. */
Test(networks, wrong_networks_with_rare_events_are_refused)
{
    static const struct {
        int of; /* row above */
        const char *activation;
    } row[] = {
        {0, "min(max(z, -0.9), 1)"},
        {0, "min(max(1.001*z, -1), 1)"},
        {1, "min(max(z + 3, 0), 6)/6.003"},
        {2, "z*min(max(z + 3.01, 0), 6)/6"},
        {4, "z*(1 + erf(z/sqrt(2)))/2.002"},
        {5, "1.001 + z/9"},
        {6, "z/(1 + abs(z)) + 0.001"},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = settings(&rare[row[i].of]), wrong = s;
        struct own own, other;
        s.networks = 400;
        own_init(&own, &s, rare[row[i].of].activation);
        own_init(&other, &wrong, row[i].activation);
        s.unit = &other.unit;
        struct net_residual_test t = test_of(&s, 1e-3);
        cr_expect(
            !(t.passed && t.layers_passed), "%s (seed 1)", row[i].activation);
        own_clear(&own);
        own_clear(&other);
    }
}

/* What is left of f and f^2, against a plain sum over a fine grid. */
Test(networks, what_projections_leave)
{
    static const char *const text[] = {HARDTANH, GELU, "tanh(z)", "z^2 + z"};
    static const double place[][2] = {{0, 0.3}, {0.5, 2}, {-1, 1}};
    for (size_t i = 0; i < COUNT(text); i++)
        for (size_t j = 0; j < COUNT(place); j++) {
            struct net_networks s = small(8, 1, 2);
            struct own own;
            struct quad_conditional c;
            double m = place[j][0], v = place[j][1], sum[2] = {0};
            const double h = 1e-3;
            own_init(&own, &s, text[i]);
            quad_model_conditional(&c, &s.model, m, v);
            for (double u = -12; u < 12; u += h) {
                double z = m + sqrt(v) * u, f, two = u * u - 1;
                double w = h * exp(-u * u / 2) / sqrt(2 * M_PI);
                expr_program_run(&f, NULL, &z, 1, &own.program);
                double one = f - c.first - c.first_u * u - c.first_uu * two;
                double square =
                    f * f - c.second - c.second_u * u - c.second_uu * two;
                sum[0] += w * one * one;
                sum[1] += w * square * square;
            }
            cr_expect(fabs(sum[0] - c.first_left) < 1e-5 * c.second &&
                          fabs(sum[1] - c.second_left) < 1e-5 * c.fourth,
                "%s at (%g, %g): %g, not %g; %g, not %g", text[i], m, v,
                c.first_left, sum[0], c.second_left, sum[1]);
            own_clear(&own);
        }
}

/* z - tanh z from two numbers that agree: no digit is left near 0. */
Test(networks, theory_ends_where_binary64_does)
{
    struct net_networks s = small(64, 40, 2);
    struct theory_theory t;
    struct own own;
    own_init(&own, &s, "z - tanh(z)");
    cr_assert_eq(theory_init(&t, &s, &own.f), SN_OK);
    cr_assert(t.inexact && !t.no_moments && t.layers > 2 && t.layers < 12,
        "%zu layers", t.layers);
    for (size_t l = 0; l < t.layers; l++)
        cr_assert(t.column[THEORY_T_SECOND][l] > 0);
    theory_clear(&t);
    own_clear(&own);
}

/* Rows with a given sum do not see what all units have in common. */
Test(networks, inputs_that_are_constant_are_named)
{
    for (int i = 0; i < 4; i++) {
        struct net_networks s = small(64, 12, 3);
        struct own own;
        own_init(&own, &s, "1 + z/9");
        s.real = i % 2 ? NET_REAL_F64 : NET_REAL_F32;
        s.way = i < 2 ? NET_WAY_DIRECT : NET_WAY_EXACT;
        s.weights = net_weight_law_find("gaussian-rows");
        struct net_ensemble e = run_of(&s);
        /* the variance falls by 81 a layer: 81^-3 > 1e-6 > 81^-4, on average
         */
        size_t layer = s.real == NET_REAL_F32 ? 4 : 6;
        cr_expect(e.failure == NET_FAILURE_CONSTANT && e.layers <= layer &&
                      e.layers + 1 >= layer,
            "%d: failure %d at layer %zu", i, e.failure, e.layers);
        net_ensemble_clear(&e);
        s.weights = net_weight_law_find("lecun-normal");
        e = run_of(&s);
        cr_expect(!e.failure);
        net_ensemble_clear(&e);
        own_clear(&own);
    }
}

/* Odd activations have mean 0 at every width, and pairs of -1 stay so. */
Test(networks, zeros_of_the_theory_are_zeros)
{
    static const char *const odd[] = {
        "tanh(z)", "erf(z)", "z/(1 + abs(z))", HARDTANH};
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct net_networks s = small(64, 64, 2);
        struct theory_theory t;
        struct own own;
        own_init(&own, &s, odd[i]);
        cr_assert_eq(theory_init(&t, &s, &own.f), SN_OK);
        for (size_t l = 0; l <= 64; l++)
            cr_assert(t.column[THEORY_T_MEAN][l] == 0 &&
                          t.column[THEORY_T_MEAN_BIAS][l] == 0 &&
                          t.column[THEORY_T_COSINE][l] == 0,
                "%s, layer %zu: %g, %g, %g", odd[i], l,
                t.column[THEORY_T_MEAN][l], t.column[THEORY_T_MEAN_BIAS][l],
                t.column[THEORY_T_COSINE][l]);
        theory_clear(&t);
        own_clear(&own);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks that are not SELU networks, and runs that cannot go on. */
#include "kernels/kernels.h"
#include "tests/verify/networks/test_networks.h"
#include <math.h>
#include <omp.h>
#include <string.h>
#include <time.h>

/* ---- planted faults: each must be refused ---- */

static void lambda_off(float *y, const float *x, size_t n)
{
    sn_selu_f32(y, x, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= 1.001f;
}
static void alpha_off(float *y, const float *x, size_t n)
{
    sn_selu_f32(y, x, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= y[i] < 0 ? 1.001f : 1;
}
static void alpha_ignored(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = 1.0507009f * (x[i] > 0 ? x[i] : expm1f(x[i]));
}
static void relu(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? 1.41421356f * x[i] : 0;
}

/* Which stage is at fault: a bit each for z, activation, dropout. */
enum { Z = 1, F = 2, DROP = 4 };

static int stages(const struct net_residual_test *t)
{
    int at_fault = 0;
    for (int i = 0; i < t->count; i++)
        if (t->row[i].tested && !(fabs(t->row[i].z) <= t->limit))
            at_fault |= t->row[i].what < NET_F_MEAN      ? Z
                        : t->row[i].what < NET_DROP_MEAN ? F
                                                         : DROP;
    return at_fault;
}

Test(networks, residual_test_refuses_planted_faults)
{
    static const struct {
        const char *name;
        void (*activation)(float *, const float *, size_t);
        const char *weights;
        double scale, shift; /* of alpha dropout's a, b */
        int stages;
    } row[] = {
        {"right", sn_selu_f32, "lecun-normal", 1, 1, 0},
        {"lambda off by 1e-3", lambda_off, "lecun-normal", 1, 1, F},
        {"alpha off by 1e-3", alpha_off, "lecun-normal", 1, 1, F},
        {"alpha ignored", alpha_ignored, "lecun-normal", 1, 1, F},
        {"ReLU", relu, "lecun-normal", 1, 1, F},
        {"truncated weights, not rescaled", sn_selu_f32,
            "truncated-normal-unscaled", 1, 1, Z},
        {"He weights", sn_selu_f32, "he-normal", 1, 1, Z | F},
        {"uniform weights of the wrong end", sn_selu_f32, "he-uniform", 1, 1,
            Z},
        {"a = 1/sqrt(1 - p)", sn_selu_f32, "lecun-normal", NAN, 1, DROP},
        {"b of the wrong sign", sn_selu_f32, "lecun-normal", 1, -1, DROP},
        {"a off by 2 %", sn_selu_f32, "lecun-normal", 1.02, 1, DROP},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = small(256, 24, 24);
        struct net_unit unit = *s.unit;
        s.inputs = 16;
        unit.f32 = row[i].activation;
        s.unit = &unit;
        s.weights = net_weight_law_find(row[i].weights);
        s.dropout = s.expected_dropout = alpha_dropout(0.1);
        s.dropout.a =
            isnan(row[i].scale) ? 1 / sqrt(0.9) : row[i].scale * s.dropout.a;
        s.dropout.b *= row[i].shift;
        struct net_residual_test t = test_of(&s, 1e-3 / 3);
        cr_expect(t.passed == !row[i].stages && stages(&t) == row[i].stages,
            "%s (seed 1): passed %d, stages %d, not %d", row[i].name, t.passed,
            stages(&t), row[i].stages);
    }
}

Test(networks, exact_method_refuses_small_faults)
{
    /* lambda off by 2e-4 in a quarter of a second */
    struct net_networks s = small(1024, 64, 60);
    struct net_unit unit = *s.unit;
    s.way = NET_WAY_EXACT;
    s.inputs = 2;
    cr_assert(test_of(&s, 1e-3 / 3).passed);
    s.model.lambda *= 1 + 1e-3;
    struct net_residual_test t = test_of(&s, 1e-3 / 3);
    cr_assert(!t.passed && stages(&t) == F);
    (void)unit;
}

/* ---- the two methods have one law ---- */

/* Largest two-sample z over quantities and layers. */
static double two_sample(const struct net_networks *a,
    const struct net_networks *b, const char **which)
{
    static const enum net_quantity of[] = {NET_MEAN, NET_VARIANCE, NET_SECOND,
        NET_MEAN_SQUARE, NET_VARIANCE_SQUARE, NET_SECOND_SQUARE, NET_COSINE,
        NET_UNIT_VARIANCE, NET_POOLED_VARIANCE, NET_INSIDE};
    struct net_ensemble one = run_of(a), other = run_of(b);
    double worst = 0;
    for (size_t l = 1; l <= a->depth; l++)
        for (size_t k = 0; k < COUNT(of); k++) {
            struct net_summary x = net_ensemble_summary(&one, l, of[k]),
                               y = net_ensemble_summary(&other, l, of[k]);
            double z = fabs(x.mean - y.mean) / sqrt(x.se * x.se + y.se * y.se);
            if (z > worst) {
                worst = z;
                *which = net_quantity_name[of[k]];
            }
        }
    net_ensemble_clear(&one);
    net_ensemble_clear(&other);
    return worst;
}

Test(networks, exact_and_direct_have_one_law)
{
    /*
     * 10 figures of 4 layers: beyond 4.9 with probability 4e-5 each row (two
     * samples of 3000, seeds 1 and 2).  The last rows are planted: what the
     * exact method draws is not what the direct one does.
     */
    static const struct {
        const char *law;
        double correlation, other;
        size_t width, other_width;
        enum net_drawn drawn;
        bool same;
    } row[] = {
        {"lecun-normal", 0.5, 0.5, 24, 24, NET_PER_RUN, true},
        {"gaussian-rows", 0.5, 0.5, 24, 24, NET_PER_RUN, true},
        {"gaussian-rows", -0.3, -0.3, 24, 24, NET_PER_LAYER, true},
        {"lecun-normal", 0.5, 0.4, 24, 24, NET_PER_RUN, false},
        {"lecun-normal", 0.5, 0.5, 24, 27, NET_PER_RUN, false},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = small(row[i].width, 4, 3000);
        const char *which = "";
        s.inputs = 4;
        s.start_mean = 0.5;
        s.weights = net_weight_law_find(row[i].law);
        s.drawn = row[i].drawn;
        s.omega = (struct quad_interval){-0.5, 0.5};
        s.tau = (struct quad_interval){0.8, 1.2};
        if (row[i].drawn == NET_PER_RUN) {
            s.omega.high = s.omega.low;
            s.tau.high = s.tau.low;
        }
        s.correlation = row[i].correlation;
        /* residuals are not looked at: spare their quadrature */
        s.model.f = s.unit->program;
        struct net_networks exact = s;
        exact.way = NET_WAY_EXACT;
        exact.seed = 2;
        exact.correlation = row[i].other;
        exact.width = row[i].other_width;
        double z = two_sample(&s, &exact, &which);
        cr_expect(
            (z < 4.9) == row[i].same, "row %zu: z = %g in %s", i, z, which);
    }
}

/* ---- what cannot go on ---- */

static void not_a_number(float *y, const float *x, size_t n)
{
    sn_selu_f32(y, x, n);
    y[n / 2] = NAN;
}
static void a_hundredfold(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = 100 * x[i];
}
static void nothing(float *y, const float *x, size_t n)
{
    (void)x;
    memset(y, 0, n * sizeof *y);
}

Test(networks, failures_are_named_not_averaged)
{
    static const struct {
        double mean, variance;
        void (*activation)(float *, const float *, size_t);
        enum net_failure failure;
        size_t layer;
    } row[] = {
        {0, 1e80, sn_selu_f32, NET_FAILURE_NOT_FINITE, 0},
        {-1e300, 1, sn_selu_f32, NET_FAILURE_NOT_FINITE, 0},
        {0, 1e24, a_hundredfold, NET_FAILURE_NOT_FINITE, 1},
        {0, 1, not_a_number, NET_FAILURE_NOT_FINITE, 1},
        {0, 1, nothing, NET_FAILURE_VANISHED, 1},
        {0, 1e-100, sn_selu_f32, NET_FAILURE_VANISHED, 0},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        struct net_networks s = small(64, 5, 3);
        struct net_ensemble e;
        struct net_residual_test t;
        s.start_mean = row[i].mean;
        s.start_variance = row[i].variance;
        s.backward = true;
        struct net_unit unit = *s.unit;
        unit.f32 = row[i].activation;
        s.unit = &unit;
        e = run_of(&s);
        cr_assert(e.failure == row[i].failure &&
                      e.failed_layer == row[i].layer &&
                      e.layers == row[i].layer && e.networks == 3 &&
                      e.failed_network == 0 && !e.interrupted,
            "row %zu: failure %d at layer %zu of network %zu, %zu layers", i,
            e.failure, e.failed_layer, e.failed_network, e.layers);
        cr_assert_eq(net_residual_test(&t, &e, 1e-3), SN_BAD_VALUE);
        for (size_t l = 0; l < e.layers; l++)
            cr_assert(isfinite(net_ensemble_summary(&e, l, NET_VARIANCE).se));
        net_ensemble_clear(&e);
    }
}

Test(networks, settings_outside_the_domain_are_refused)
{
    struct net_ensemble e;
    for (int i = 0; i < 21; i++) {
        struct net_networks s = small(8, 2, 2);
        switch (i) {
        case 0:
            s.width = 0;
            break;
        case 1:
            s.width = 1;
            break;
        case 2:
            s.width = NET_MAX_WIDTH + 1;
            break;
        case 3:
            s.depth = 0;
            break;
        case 4:
            s.depth = NET_MAX_DEPTH + 1;
            break;
        case 5:
            s.networks = 0;
            break;
        case 6:
            s.inputs = 0;
            break;
        case 7:
            s.threads = 0;
            break;
        case 8:
            s.threads = -1;
            break;
        case 9:
            s.start_mean = INFINITY;
            break;
        case 10:
            s.start_variance = 0;
            break;
        case 11:
            s.start_variance = NAN;
            break;
        case 12:
            s.unit = NULL;
            break;
        case 13:
            s.weights = NULL;
            break;
        case 14:
            s.way = NET_WAY_EXACT;
            s.weights = net_weight_law_find("rademacher");
            break;
        case 15:
            s.way = NET_WAY_EXACT;
            s.inputs = 17;
            break;
        case 16:
            s.way = NET_WAY_EXACT;
            s.backward = true;
            break;
        case 17:
            s.dropout.rate = 1;
            break;
        case 18:
            s.correlation = 1.5;
            break;
        case 19:
            s.omega = (struct quad_interval){-3, 3}; /* tau < omega^2/n */
            break;
        case 20:
            s.tau = (struct quad_interval){2, 1};
            break;
        }
        cr_assert_eq(net_run(&e, &s, 0, s.networks, NULL, NULL), SN_BAD_VALUE,
            "case %d", i);
    }
}

Test(networks, memory_does_not_grow_with_the_weights)
{
    struct net_networks s = small(8192, 10000, 1000000);
    s.threads = 8;
    cr_assert_lt(net_bytes(&s), 0x1p31);
    s.backward = true; /* keeps all pre-activations */
    cr_assert_gt(net_bytes(&s), 8e9 * 4);
}

static bool until_half(void *calls, double fraction)
{
    ++*(int *)calls;
    return fraction < 0.5;
}

/* The calling thread falls behind: networks after its own end before. */
static void selu_with_a_slow_caller(float *y, const float *x, size_t n)
{
    const struct timespec nap = {.tv_nsec = 300000};
    if (omp_get_thread_num() == 0)
        nanosleep(&nap, NULL);
    sn_selu_f32(y, x, n);
}

Test(networks, an_interrupted_run_keeps_what_ended)
{
    struct net_networks s = small(64, 10, 12);
    struct net_ensemble part;
    struct net_unit unit = *s.unit;
    int calls = 0;
    unit.f32 = selu_with_a_slow_caller;
    s.unit = &unit;
    for (s.threads = 1; s.threads <= 3; s.threads++) {
        cr_assert_eq(net_run(&part, &s, 0, 12, until_half, &calls), SN_OK);
        /* Other threads may finish before the calling one asks. */
        cr_assert(calls > 0 && part.layers == 11 &&
                      part.interrupted == (part.networks < 12) &&
                      (part.interrupted || s.threads > 1),
            "%d threads: %zu networks", s.threads, part.networks);
        for (size_t l = 0; part.networks > 1 && l < part.layers; l++)
            cr_assert(fabs(net_ensemble_summary(&part, l, NET_MEAN).mean) < 1);
        net_ensemble_clear(&part);
    }
    /* one thread: the first networks, as if no more had been asked for */
    s.threads = 1;
    cr_assert_eq(net_run(&part, &s, 0, 12, until_half, &calls), SN_OK);
    uint64_t digest = net_ensemble_digest(&part);
    size_t ended = part.networks;
    net_ensemble_clear(&part);
    cr_assert_eq(net_run(&part, &s, 0, ended, NULL, NULL), SN_OK);
    cr_assert(ended > 0 && net_ensemble_digest(&part) == digest);
    net_ensemble_clear(&part);
}

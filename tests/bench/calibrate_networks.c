/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the tests of simulate are wrong on networks that are right, and
 * how often they see what is wrong: many seeds, each a run of its own.
 *
 * FALSE ALARMS.  Fails where a rate is above its level by more than 4.4
 * deviations of the count (equivalence, at half the level: twice that, which
 * narrow networks from far off come near).
 *   pooled, layers   share of runs refused, each at `level`
 *   either           share of runs refused by one or both: at most twice it
 *   equivalence      share of runs that show |E var - target| < margin where
 *                    the expectation lies exactly on the margin, at level/2
 * POWER.  Fails where a mutant that selfnorm promises to catch is missed in
 * one run of twenty or more.  At the levels of a run as it comes, 0.001/4.
 *   refused          share of runs
 *   right stage      share of runs whose pooled residuals refuse what is wrong
 *                    and nothing before it
 */
#include "fixedpoint/activations/activations.h"
#include "kernels/kernels.h"
#include "verify/networks/statistics/statistics.h"
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_LEVEL (0.001 / 4)

struct row {
    size_t width, depth, networks, inputs;
    double mean, variance, rate;
    const char *law;
    enum net_way way;
    int runs;
    double level;
    const char *activation; /* NULL: selu */
};

/* The paper's a, b at target (0, 1). */
static struct shared_dropout alpha_dropout(double rate)
{
    const double lower = -1.7580993408473768599, q = 1 - rate;
    double a = 1 / sqrt(q + lower * lower * q * rate);
    return (struct shared_dropout){rate, a, -a * rate * lower, lower};
}

/* For the rest of the run. */
static const struct expr_program *program(const char *name)
{
    static struct expr_program made;
    struct expr_expression f;
    struct act_chosen chosen;
    struct expr_fault fault;
    double place;
    expr_program_clear(&made);
    expr_init(&f);
    if (!act_find(&chosen, name, strlen(name)) ||
        act_expression(&f, &chosen, &fault) != SN_OK ||
        expr_program_init(&made, &f, &place) != SN_OK)
        exit(3);
    expr_clear(&f);
    return &made;
}

static struct net_unit other; /* of the row at hand, where not selu */

static struct net_networks settings(const struct row *r)
{
    struct net_networks s;
    if (net_preset(&s) != SN_OK)
        exit(3);
    s.width = r->width;
    s.depth = s.dropout_layers = r->depth;
    s.networks = r->networks;
    s.inputs = r->inputs;
    s.start_mean = r->mean;
    s.start_variance = r->variance;
    s.weights = net_weight_law_find(r->law);
    s.way = r->way;
    if (r->activation) {
        s.unit = &other;
        s.model = (struct quad_model){.f = other.program};
    }
    if (r->rate > 0)
        s.dropout = s.expected_dropout = alpha_dropout(r->rate);
    return s;
}

static struct net_ensemble run(const struct net_networks *s)
{
    struct net_ensemble e;
    if (net_run(&e, s, 0, s->networks, NULL, NULL) != SN_OK)
        exit(3);
    return e;
}

/* ---- false alarms ---- */

/* What the variance of the last layer is, from many networks. */
static double truth(const struct row *r)
{
    struct net_networks s = settings(r);
    s.networks = r->way == NET_WAY_EXACT && !r->activation
                     ? 400000
                     : 10 * (size_t)r->runs;
    s.threads = omp_get_max_threads();
    s.seed = 999;
    struct net_ensemble e = run(&s);
    double mean = net_ensemble_summary(&e, r->depth, NET_VARIANCE).mean;
    net_ensemble_clear(&e);
    return mean;
}

/* Does `count` of `runs` fit a rate of at most `level`? */
static bool fits(int count, int runs, double level)
{
    return count <= level * runs + 4.4 * sqrt(level * runs) + 3;
}

static bool calibrate(const struct row *r)
{
    int pooled = 0, layers = 0, either = 0, shown = 0;
    if (r->activation)
        other = (struct net_unit){.program = program(r->activation)};
    double center = truth(r);
#pragma omp parallel for reduction(+ : pooled, layers, either, shown)
    for (int k = 0; k < r->runs; k++) {
        struct net_networks s = settings(r);
        struct net_residual_test t;
        struct net_equivalence q[2];
        s.seed = 1000 + (uint64_t)k;
        s.margin_variance = 0.5;
        s.target_variance = center - 0.5;
        struct net_ensemble e = run(&s);
        net_residual_test(&t, &e, r->level);
        net_equivalence_test(q, &e, r->level, 0.9);
        pooled += !t.passed;
        layers += !t.layers_passed;
        either += !t.passed || !t.layers_passed;
        shown += q[1].outcome == NET_SHOWN;
        net_ensemble_clear(&e);
    }
    bool good = fits(pooled, r->runs, r->level) &&
                fits(layers, r->runs, r->level) &&
                fits(either, r->runs, 2 * r->level) &&
                fits(shown, r->runs, r->level); /* twice its level */
    double runs = r->runs;
    printf("%5zu %5zu %8zu %6zu %6g %8g %7g %-12s %-11s %6s %7d %8.2g %8.2g "
           "%8.2g %8.2g %11.2g%s\n",
        r->width, r->depth, r->networks, r->inputs, r->mean, r->variance,
        r->rate, r->law, r->activation ? r->activation : "selu",
        r->way == NET_WAY_EXACT ? "exact" : "direct", r->runs, r->level,
        pooled / runs, layers / runs, either / runs, shown / runs,
        good ? "" : "  TOO MANY");
    fflush(stdout);
    return good;
}

#define EXACT  "lecun-normal", NET_WAY_EXACT
#define DIRECT "lecun-normal", NET_WAY_DIRECT
static const struct row right[] = {
    {32, 8, 32, 4, 0, 1, 0, EXACT, 20000, 0.05, NULL},
    {16, 4, 32, 2, 2, 9, 0, EXACT, 20000, 0.05, NULL},
    {64, 3, 32, 1, 0, 1e-4, 0, EXACT, 20000, 0.05, NULL},
    {8, 2, 4, 1, 0, 1, 0, EXACT, 20000, 0.05, NULL},
    {16, 4, 64, 1, 0, 1, 0, EXACT, 20000, 0.05, NULL},
    {64, 32, 16, 2, 0, 1, 0, EXACT, 20000, 0.05, NULL},
    {64, 16, 16, 4, 0, 1, 0.1, EXACT, 20000, 0.05, NULL},
    {512, 64, 32, 2, 0, 1, 0, EXACT, 4000, 0.05, NULL},
    {512, 64, 32, 64, 0, 1, 0, DIRECT, 100, 0.05, NULL},
    {64, 16, 16, 16, 0.5, 2, 0.1, DIRECT, 1000, 0.05, NULL},
    {64, 8, 16, 4, 0, 1, 0, "rademacher", NET_WAY_DIRECT, 2000, 0.05, NULL},
    {32, 8, 32, 4, 0, 1, 0, "orthogonal", NET_WAY_DIRECT, 1000, 0.05, NULL},
    /* rare: dropped units, and units where these are not quadratic */
    {16, 3, 32, 2, 0, 1, 0.001, EXACT, 20000, 0.05, NULL},
    {64, 32, 32, 1, 0, 1, 0.01, EXACT, 20000, 0.05, NULL},
    {200, 4, 32, 1, 0, 1, 0.1, EXACT, 20000, 0.05, NULL},
    {200, 4, 32, 1, 0, 1, 0.9, EXACT, 20000, 0.05, NULL},
    {64, 8, 32, 2, 0, 0.06, 0, EXACT, 4000, 0.05, "hardtanh"},
    {64, 8, 32, 2, 0, 1, 0, EXACT, 4000, 0.05, "hardsigmoid"},
    {64, 8, 32, 2, 0, 1, 0, EXACT, 4000, 0.05, "hardswish"},
    {64, 8, 32, 2, 0, 1, 0, EXACT, 4000, 0.05, "gelu"},
    {64, 8, 16, 2, 0, 1, 0, EXACT, 200000, RUN_LEVEL, NULL},
    {64, 8, 32, 2, 0, 1, 0, EXACT, 200000, RUN_LEVEL, NULL},
    {16, 4, 16, 1, 0, 1, 0, EXACT, 200000, RUN_LEVEL, NULL},
    {256, 16, 32, 2, 0, 1, 0, EXACT, 100000, RUN_LEVEL, NULL},
};

/* ---- power ---- */

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
static void lambda_little_off(float *y, const float *x, size_t n)
{
    sn_selu_f32(y, x, n);
    for (size_t i = 0; i < n; i++)
        y[i] *= 1.0001f;
}

/* All weights, or those of one layer, too large by 1 %: tau off by 2 %. */
static void larger(double *w, const struct net_row *row)
{
    shared_normals_f64(
        w, row->n, &row->stream, 0, 1.01 / sqrt((double)row->n));
}
static void larger_once(double *w, const struct net_row *row)
{
    double size = row->stream.index == 20 ? 1.01 : 1;
    shared_normals_f64(
        w, row->n, &row->stream, 0, size / sqrt((double)row->n));
}
static const struct net_weight_law all_larger = {"", "", NET_ROW_FREE, 1, 0,
                                       true, larger},
                                   one_larger = {"", "", NET_ROW_FREE, 1, 0,
                                       true, larger_once};

enum stage { Z, F, DROP };
struct mutant {
    const char *name;
    void (*activation)(float *, const float *, size_t);
    const struct net_weight_law *weights;
    const char *law; /* the same by name */
    double rate;     /* of alpha dropout that is expected */
    enum { RIGHT, ROOT, NO_SHIFT, RATE, INVERTED } dropout;
    enum stage stage;
    bool promised;
};
static const struct mutant mutants[] = {
    {"lambda off by 1e-3", lambda_off, .stage = F, .promised = true},
    {"alpha off by 1e-3", alpha_off, .stage = F, .promised = true},
    {"lambda off by 1e-4", lambda_little_off, .stage = F},
    {"truncated normal, unscaled", .law = "truncated-normal-unscaled",
        .stage = Z, .promised = true},
    {"weights 1 % too large", .weights = &all_larger, .stage = Z,
        .promised = true},
    {"those of layer 20 alone", .weights = &one_larger, .stage = Z,
        .promised = true},
    {"a = 1/sqrt(1 - p), p = 0.05", .rate = 0.05, .dropout = ROOT,
        .stage = DROP, .promised = true},
    {"a = 1/sqrt(1 - p), p = 0.2", .rate = 0.2, .dropout = ROOT, .stage = DROP,
        .promised = true},
    {"dropout without b, p = 0.1", .rate = 0.1, .dropout = NO_SHIFT,
        .stage = DROP, .promised = true},
    {"p = 0.101 for 0.1", .rate = 0.1, .dropout = RATE, .stage = DROP,
        .promised = true},
    {"mask inverted, p = 0.1", .rate = 0.1, .dropout = INVERTED, .stage = DROP,
        .promised = true},
};

static void spoil(struct shared_dropout *d, const struct mutant *m)
{
    switch (m->dropout) {
    case RIGHT:
        break;
    case ROOT:
        d->a = 1 / sqrt(1 - d->rate);
        break;
    case NO_SHIFT:
        d->b = 0;
        break;
    case RATE:
        d->rate += 0.001;
        break;
    case INVERTED:
        d->rate = 1 - d->rate;
        break;
    }
}

static bool at_stage(const struct net_residual_test *t, enum stage stage)
{
    bool found = false;
    for (int i = 0; i < t->count; i++) {
        enum net_quantity what = t->row[i].what;
        enum stage of = what < NET_F_MEAN      ? Z
                        : what < NET_DROP_MEAN ? F
                                               : DROP;
        if (!t->row[i].tested || fabs(t->row[i].z) <= t->limit)
            continue;
        if (of < stage)
            return false;
        found = found || of == stage;
    }
    return found;
}

static bool detect(const struct mutant *m, const struct row *r)
{
    int refused = 0, staged = 0;
#pragma omp parallel for reduction(+ : refused, staged)
    for (int k = 0; k < r->runs; k++) {
        struct net_networks s = settings(r);
        struct net_unit unit = *s.unit;
        struct net_residual_test t;
        if (m->activation)
            unit.f32 = m->activation;
        s.unit = &unit;
        s.seed = 1000 + (uint64_t)k;
        if (m->law)
            s.weights = net_weight_law_find(m->law);
        if (m->weights)
            s.weights = m->weights;
        if (m->rate > 0)
            s.dropout = s.expected_dropout = alpha_dropout(m->rate);
        spoil(&s.dropout, m);
        struct net_ensemble e = run(&s);
        net_residual_test(&t, &e, r->level);
        refused += !t.passed || !t.layers_passed;
        staged += at_stage(&t, m->stage);
        net_ensemble_clear(&e);
    }
    bool good = !m->promised || 20 * refused > 19 * r->runs;
    printf("%5zu %5zu %8zu %6zu %6s  %-28s %6d %8.2g %12.2g%s\n", r->width,
        r->depth, r->networks, r->inputs,
        r->way == NET_WAY_EXACT ? "exact" : "direct", m->name, r->runs,
        (double)refused / r->runs, (double)staged / r->runs,
        good ? "" : "  TOO FEW");
    fflush(stdout);
    return good;
}

/* As a run comes, by both methods. */
static const struct row wrong[] = {
    {512, 64, 32, 64, 0, 1, 0, DIRECT, 25, RUN_LEVEL, NULL},
    {512, 64, 400, 2, 0, 1, 0, EXACT, 200, RUN_LEVEL, NULL},
};

int main(void)
{
    bool good = true;
    printf("width depth networks inputs   mean variance dropout weights      "
           "activation  method    runs    level   pooled   layers   either "
           "equivalence\n");
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        good = calibrate(&right[i]) && good;
    printf("\nwidth depth networks inputs method  mutant                      "
           "    runs  refused  right stage\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t j = 0; j < sizeof mutants / sizeof *mutants; j++)
            if (wrong[i].way == NET_WAY_DIRECT ||
                (!mutants[j].weights && !mutants[j].law))
                good = detect(&mutants[j], &wrong[i]) && good;
    return good ? 0 : 1;
}

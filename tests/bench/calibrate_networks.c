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
#include "kernels/kernels.h"
#include "verify/networks/statistics.h"
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#define RUN_LEVEL (0.001 / 4)

struct row {
    size_t width, depth, networks, inputs;
    double mean, variance, rate;
    const char *law;
    enum sn_way way;
    int runs;
    double level;
};

/* The paper's a, b at target (0, 1). */
static struct sn_dropout alpha_dropout(double rate)
{
    const double lower = -1.7580993408473768599, q = 1 - rate;
    double a = 1 / sqrt(q + lower * lower * q * rate);
    return (struct sn_dropout){rate, a, -a * rate * lower, lower};
}

static struct sn_networks settings(const struct row *r)
{
    struct sn_networks s;
    if (sn_networks_preset(&s) != SN_OK)
        exit(3);
    s.width = r->width;
    s.depth = s.dropout_layers = r->depth;
    s.networks = r->networks;
    s.inputs = r->inputs;
    s.start_mean = r->mean;
    s.start_variance = r->variance;
    s.weights = sn_weight_law_find(r->law);
    s.way = r->way;
    if (r->rate > 0)
        s.dropout = s.expected_dropout = alpha_dropout(r->rate);
    return s;
}

static struct sn_ensemble run(const struct sn_networks *s)
{
    struct sn_ensemble e;
    if (sn_networks_run(&e, s, 0, s->networks, NULL, NULL) != SN_OK)
        exit(3);
    return e;
}

/* ---- false alarms ---- */

/* What the variance of the last layer is, from many networks. */
static double truth(const struct row *r)
{
    struct sn_networks s = settings(r);
    s.networks = r->way == SN_WAY_EXACT ? 400000 : 10 * (size_t)r->runs;
    s.threads = omp_get_max_threads();
    s.seed = 999;
    struct sn_ensemble e = run(&s);
    double mean = sn_ensemble_summary(&e, r->depth, SN_VARIANCE).mean;
    sn_ensemble_clear(&e);
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
    double center = truth(r);
#pragma omp parallel for reduction(+ : pooled, layers, either, shown)
    for (int k = 0; k < r->runs; k++) {
        struct sn_networks s = settings(r);
        struct sn_residual_test t;
        struct sn_equivalence q[2];
        s.seed = 1000 + (uint64_t)k;
        s.margin_variance = 0.5;
        s.target_variance = center - 0.5;
        struct sn_ensemble e = run(&s);
        sn_residual_test(&t, &e, r->level);
        sn_equivalence_test(q, &e, r->level, 0.9);
        pooled += !t.passed;
        layers += !t.layers_passed;
        either += !t.passed || !t.layers_passed;
        shown += q[1].outcome == SN_SHOWN;
        sn_ensemble_clear(&e);
    }
    bool good = fits(pooled, r->runs, r->level) &&
                fits(layers, r->runs, r->level) &&
                fits(either, r->runs, 2 * r->level) &&
                fits(shown, r->runs, r->level); /* twice its level */
    double runs = r->runs;
    printf("%5zu %5zu %8zu %6zu %6g %8g %7g %-12s %6s %7d %8.2g %8.2g %8.2g "
           "%8.2g %11.2g%s\n",
        r->width, r->depth, r->networks, r->inputs, r->mean, r->variance,
        r->rate, r->law, r->way == SN_WAY_EXACT ? "exact" : "direct", r->runs,
        r->level, pooled / runs, layers / runs, either / runs, shown / runs,
        good ? "" : "  TOO MANY");
    fflush(stdout);
    return good;
}

#define EXACT  "lecun-normal", SN_WAY_EXACT
#define DIRECT "lecun-normal", SN_WAY_DIRECT
static const struct row right[] = {
    {32, 8, 32, 4, 0, 1, 0, EXACT, 20000, 0.05},
    {16, 4, 32, 2, 2, 9, 0, EXACT, 20000, 0.05},
    {64, 3, 32, 1, 0, 1e-4, 0, EXACT, 20000, 0.05},
    {8, 2, 4, 1, 0, 1, 0, EXACT, 20000, 0.05},
    {16, 4, 64, 1, 0, 1, 0, EXACT, 20000, 0.05},
    {64, 32, 16, 2, 0, 1, 0, EXACT, 20000, 0.05},
    {64, 16, 16, 4, 0, 1, 0.1, EXACT, 20000, 0.05},
    {512, 64, 32, 2, 0, 1, 0, EXACT, 4000, 0.05},
    {512, 64, 32, 64, 0, 1, 0, DIRECT, 100, 0.05},
    {64, 16, 16, 16, 0.5, 2, 0.1, DIRECT, 1000, 0.05},
    {64, 8, 16, 4, 0, 1, 0, "rademacher", SN_WAY_DIRECT, 2000, 0.05},
    {32, 8, 32, 4, 0, 1, 0, "orthogonal", SN_WAY_DIRECT, 1000, 0.05},
    {64, 8, 16, 2, 0, 1, 0, EXACT, 200000, RUN_LEVEL},
    {64, 8, 32, 2, 0, 1, 0, EXACT, 200000, RUN_LEVEL},
    {16, 4, 16, 1, 0, 1, 0, EXACT, 200000, RUN_LEVEL},
    {256, 16, 32, 2, 0, 1, 0, EXACT, 100000, RUN_LEVEL},
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

enum stage { Z, F, DROP };
struct mutant {
    const char *name;
    void (*activation)(float *, const float *, size_t);
    const char *weights;
    double rate, a; /* of alpha dropout; a = 0: the right one */
    enum stage stage;
    bool promised;
};
static const struct mutant mutants[] = {
    {"lambda off by 1e-3", lambda_off, NULL, 0, 0, F, true},
    {"alpha off by 1e-3", alpha_off, NULL, 0, 0, F, true},
    {"lambda off by 1e-4", lambda_little_off, NULL, 0, 0, F, false},
    {"truncated normal, unscaled", NULL, "truncated-normal-unscaled", 0, 0, Z,
        true},
    {"a = 1/sqrt(1 - p), p = 0.05", NULL, NULL, 0.05, 1.0259783520851541, DROP,
        true},
    {"a = 1/sqrt(1 - p), p = 0.2", NULL, NULL, 0.2, 1.1180339887498949, DROP,
        true},
};

static bool at_stage(const struct sn_residual_test *t, enum stage stage)
{
    bool found = false;
    for (int i = 0; i < t->count; i++) {
        enum sn_quantity what = t->row[i].what;
        enum stage of = what < SN_F_MEAN ? Z : what < SN_DROP_MEAN ? F : DROP;
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
        struct sn_networks s = settings(r);
        struct sn_unit unit = *s.unit;
        struct sn_residual_test t;
        if (m->activation)
            unit.f32 = m->activation;
        s.unit = &unit;
        s.seed = 1000 + (uint64_t)k;
        if (m->weights)
            s.weights = sn_weight_law_find(m->weights);
        if (m->rate > 0)
            s.dropout = s.expected_dropout = alpha_dropout(m->rate);
        if (m->a > 0)
            s.dropout.a = m->a;
        struct sn_ensemble e = run(&s);
        sn_residual_test(&t, &e, r->level);
        refused += !t.passed || !t.layers_passed;
        staged += at_stage(&t, m->stage);
        sn_ensemble_clear(&e);
    }
    bool good = !m->promised || 20 * refused > 19 * r->runs;
    printf("%5zu %5zu %8zu %6zu %6s  %-28s %6d %8.2g %12.2g%s\n", r->width,
        r->depth, r->networks, r->inputs,
        r->way == SN_WAY_EXACT ? "exact" : "direct", m->name, r->runs,
        (double)refused / r->runs, (double)staged / r->runs,
        good ? "" : "  TOO FEW");
    fflush(stdout);
    return good;
}

/* As a run comes, by both methods. */
static const struct row wrong[] = {
    {512, 64, 32, 64, 0, 1, 0, DIRECT, 25, RUN_LEVEL},
    {512, 64, 400, 2, 0, 1, 0, EXACT, 200, RUN_LEVEL},
};

int main(void)
{
    bool good = true;
    printf("width depth networks inputs   mean variance dropout weights      "
           "method    runs    level   pooled   layers   either equivalence\n");
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        good = calibrate(&right[i]) && good;
    printf("\nwidth depth networks inputs method  mutant                      "
           "    runs  refused  right stage\n");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t j = 0; j < sizeof mutants / sizeof *mutants; j++)
            if (wrong[i].way == SN_WAY_DIRECT || !mutants[j].weights)
                good = detect(&mutants[j], &wrong[i]) && good;
    return good ? 0 : 1;
}

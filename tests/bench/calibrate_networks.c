/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the tests of simulate are wrong on networks that are right: many
 * seeds, each a run of its own, by the exact method or the direct one.
 * Fails where a rate is above its level (equivalence: twice its level, which
 * narrow networks from far off come near) by more than 4.4 deviations of the
 * count.
 *   pooled, layers   share of runs refused, each at `level`
 *   equivalence      share of runs that show |E var - target| < margin where
 *                    the expectation lies exactly on the margin, at level/2
 */
#include "verify/networks/statistics.h"
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

struct row {
    size_t width, depth, networks, inputs;
    double mean, variance, rate;
    const char *law;
    enum sn_way way;
    int runs;
    double level;
};

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
    if (r->rate > 0) {
        const double lower = -1.7580993408473768599, q = 1 - r->rate;
        double a = 1 / sqrt(q + lower * lower * q * r->rate);
        s.dropout = s.expected_dropout =
            (struct sn_dropout){r->rate, a, -a * r->rate * lower, lower};
    }
    return s;
}

static struct sn_ensemble run(const struct sn_networks *s)
{
    struct sn_ensemble e;
    if (sn_networks_run(&e, s, 0, s->networks, NULL, NULL) != SN_OK)
        exit(3);
    return e;
}

/* What the variance of the last layer is, from many networks. */
static double truth(const struct row *r)
{
    struct sn_networks s = settings(r);
    s.networks = r->way == SN_WAY_EXACT ? 400000 : 40000;
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
    int pooled = 0, layers = 0, shown = 0;
    double center = truth(r);
#pragma omp parallel for reduction(+ : pooled, layers, shown)
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
        shown += q[1].outcome == SN_SHOWN;
        sn_ensemble_clear(&e);
    }
    bool good = fits(pooled, r->runs, r->level) &&
                fits(layers, r->runs, r->level) &&
                fits(shown, r->runs, r->level); /* twice its level */
    printf("%5zu %5zu %8zu %6zu %6g %8g %7g %-16s %7d %8.2g %8.2g %8.2g "
           "%11.2g%s\n",
        r->width, r->depth, r->networks, r->inputs, r->mean, r->variance,
        r->rate, r->law, r->runs, r->level, (double)pooled / r->runs,
        (double)layers / r->runs, (double)shown / r->runs,
        good ? "" : "  TOO MANY");
    fflush(stdout);
    return good;
}

int main(void)
{
    static const struct row rows[] = {
        {32, 8, 32, 4, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {16, 4, 32, 2, 2, 9, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {64, 3, 32, 1, 0, 1e-4, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {8, 2, 4, 1, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {16, 4, 64, 1, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {64, 32, 16, 2, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {64, 16, 16, 4, 0, 1, 0.1, "lecun-normal", SN_WAY_EXACT, 4000, 0.05},
        {64, 16, 16, 16, 0.5, 2, 0.1, "lecun-normal", SN_WAY_DIRECT, 1000,
            0.05},
        {64, 8, 16, 4, 0, 1, 0, "rademacher", SN_WAY_DIRECT, 2000, 0.05},
        {32, 8, 32, 4, 0, 1, 0, "orthogonal", SN_WAY_DIRECT, 1000, 0.05},
        {64, 8, 16, 2, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 40000,
            0.001 / 3},
        {64, 8, 32, 2, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 40000,
            0.001 / 3},
        {16, 4, 16, 1, 0, 1, 0, "lecun-normal", SN_WAY_EXACT, 40000,
            0.001 / 3},
    };
    bool good = true;
    printf("width depth networks inputs   mean variance dropout weights       "
           "      runs    level   pooled   layers equivalence\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        good = calibrate(&rows[i]) && good;
    return good ? 0 : 1;
}

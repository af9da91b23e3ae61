/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator: digests, products, statistics, the residual test. */
#include "tests/verify/networks/test_networks.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

static uint64_t digest_of(const struct net_networks *settings)
{
    struct net_ensemble e = run_of(settings);
    cr_assert_eq(e.layers, settings->depth + 1);
    uint64_t digest = net_ensemble_digest(&e);
    net_ensemble_clear(&e);
    return digest;
}

Test(networks, digest_does_not_depend_on_threads)
{
    struct net_networks s = small(150, 6, 7);
    uint64_t one, other;
    s.threads = 4;
    one = digest_of(&s);
    for (s.threads = 3; s.threads >= 1; s.threads--)
        cr_assert_eq(digest_of(&s), one, "%d threads", s.threads);
    s.threads = 2;
    s.seed++;
    other = digest_of(&s);
    cr_assert_neq(other, one, "another seed");
    s.seed = 1 + (1ull << 32); /* the key's other half */
    cr_assert(digest_of(&s) != one && digest_of(&s) != other);
}

Test(networks, digest_does_not_depend_on_the_split)
{
    /* As shards and ranks do it: ranges of networks, merged in any order. */
    struct net_networks s = small(40, 5, 23);
    struct net_ensemble all, part;
    uint64_t whole = digest_of(&s);
    s.way = NET_WAY_DIRECT;
    for (size_t size = 1; size < 23; size += 5) {
        cr_assert_eq(net_ensemble_init(&all, &s), SN_OK);
        for (size_t last = 23; last > 0;) {
            size_t first = last > size ? last - size : 0;
            cr_assert_eq(
                net_run(&part, &s, first, last - first, NULL, NULL), SN_OK);
            net_ensemble_merge(&all, &part);
            net_ensemble_clear(&part);
            last = first;
        }
        cr_assert_eq(net_ensemble_digest(&all), whole, "parts of %zu", size);
        net_ensemble_clear(&all);
    }
}

/* ---- statistics ---- */

Test(networks, sums_are_exact_in_any_order)
{
    static const double term[] = {1e50, -1e50, 0x1p-330, 3, -0x1.8p-60, 1e-90,
        0x1.fffffffffffffp+382, -0x1.fffffffffffffp+382, -0.1, 0x1p-1074};
    struct net_sum a = {{0}}, b = {{0}}, c = {{0}};
    for (size_t i = 0; i < COUNT(term); i++) {
        cr_assert(net_sum_add(&a, term[i]));
        cr_assert(net_sum_add(i % 2 ? &b : &c, term[COUNT(term) - 1 - i]));
    }
    net_sum_merge(&b, &c);
    cr_assert_eq(net_sum_hash(0, &a), net_sum_hash(0, &b));
    cr_assert_eq(
        net_sum_value(&a), (3 - 0.1) + -0x1.8p-60, "%a", net_sum_value(&a));
    cr_assert(!net_sum_add(&a, NAN) && !net_sum_add(&a, INFINITY) &&
              !net_sum_add(&a, 0x1p383));
    /* against binary128-like sums of whole numbers */
    struct net_sum d = {{0}};
    long long whole = 0;
    for (long long i = -60000; i < 80000; i++) {
        net_sum_add(&d, (double)(i * i * i));
        whole += i * i * i;
    }
    cr_assert(fabs(net_sum_value(&d) - (double)whole) <= 1024);
    struct net_sum negative = {{0}};
    net_sum_add(&negative, -0x1.23456789abcdep-40);
    cr_assert_eq(net_sum_value(&negative), -0x1.23456789abcdep-40);
}

Test(networks, statistics_by_hand)
{
    /*
     * Three networks of one unit, two layers.  t with 2 degrees has a closed
     * form; the limit halves them for one unit, which is Cauchy's law.  What
     * binary32 rounds, 2^-22, is taken off first.
     */
    static const double value[3][2] = {{1, 9}, {2, 9}, {6, 9}};
    struct net_networks s = small(1, 1, 3);
    struct net_ensemble e;
    struct net_residual_test t;
    cr_assert_eq(net_ensemble_init(&e, &s), SN_OK);
    for (size_t k = 0; k < 3; k++) {
        double measure[2][NET_QUANTITIES] = {{0}};
        measure[1][NET_MEAN] = measure[1][NET_Z_MEAN] = value[k][0];
        measure[1][NET_VARIANCE] = measure[1][NET_F_SECOND] = value[k][1];
        net_ensemble_add(&e, (const double(*)[NET_QUANTITIES])measure, 2,
            NET_FAILURE_NONE, k);
    }
    const double eps = 1e-12, z = (3 - 0x1p-22) / sqrt(7.0 / 3),
                 tail = 0.01 / 10;
    struct net_summary m = net_ensemble_summary(&e, 1, NET_MEAN);
    cr_assert(fabs(m.mean - 3) < eps && fabs(m.sd - sqrt(7)) < eps &&
              fabs(m.se - sqrt(7.0 / 3)) < eps);
    cr_assert_eq(net_residual_test(&t, &e, 0.01), SN_OK);
    cr_assert(t.count == 5 && t.tested == 5 && t.row[0].what == NET_Z_MEAN &&
                  fabs(t.row[0].z - z) < eps &&
                  fabs(t.row[0].p - (1 - z / sqrt(2 + z * z))) < eps,
        "z = %.17g, p = %.17g", t.row[0].z, t.row[0].p);
    /* Five tests, two-sided: each tail holds 0.01/10. */
    cr_assert(fabs(t.limit - tan(acos(-1) * (0.5 - tail))) < 1e-6,
        "limit %.17g", t.limit);
    /* Without spread an error is certain. */
    cr_assert(!t.passed && !t.layers_passed && isinf(t.worst.z) &&
              t.worst.what == NET_F_SECOND && t.worst.layer == 1);
    net_ensemble_clear(&e);
}

Test(networks, equivalence_by_hand)
{
    /* 33 networks: mean -16 .. 16, not skew; a variance of 9, no spread. */
    struct net_networks s = small(8, 1, 33);
    struct net_ensemble e;
    struct net_equivalence q[2];
    const double t = gsl_cdf_tdist_Qinv(0.01, 16),
                 half = t * sqrt(93.5) / sqrt(33);
    s.margin_mean = half + 0.01;
    cr_assert_eq(net_ensemble_init(&e, &s), SN_OK);
    for (int k = 0; k < 33; k++) {
        double measure[2][NET_QUANTITIES] = {{0}};
        measure[1][NET_MEAN] = k - 16;
        measure[1][NET_VARIANCE] = 9;
        net_ensemble_add(&e, (const double(*)[NET_QUANTITIES])measure, 2,
            NET_FAILURE_NONE, (size_t)k);
        if (k == 14) { /* too few to state anything */
            net_equivalence_test(q, &e, 0.02, 0.9);
            cr_assert(q[0].outcome == NET_UNDECIDED_YET &&
                      q[1].outcome == NET_UNDECIDED_YET);
        }
    }
    cr_assert_eq(net_equivalence_test(q, &e, 0.02, 0.9), SN_OK);
    cr_assert(q[0].outcome == NET_SHOWN && fabs(q[0].low + half) < 1e-9 &&
                  fabs(q[0].high - half) < 1e-9,
        "%g to %g, not %g", q[0].low, q[0].high, half);
    cr_assert(q[1].outcome == NET_OUTSIDE && q[1].needed == 0);
    e.settings.margin_mean = 0.999 * half;
    cr_assert_eq(net_equivalence_test(q, &e, 0.02, 0.9), SN_OK);
    cr_assert(q[0].outcome == NET_UNDECIDED_YET && q[0].needed > 33);
    net_ensemble_clear(&e);
}

Test(networks, needed_networks_give_the_power)
{
    /* Seed 1 and on; 0.8 of 100 runs: within 4.4 deviations. */
    struct net_networks s = small(32, 4, 200);
    struct net_equivalence q[2];
    s.way = NET_WAY_EXACT;
    s.inputs = 1;
    s.margin_variance = 0.15;
    s.target_variance = 0.95;
    struct net_ensemble e = run_of(&s);
    cr_assert_eq(net_equivalence_test(q, &e, 0.02, 0.8), SN_OK);
    cr_assert(q[1].needed > 20 && q[1].needed < 2000);
    s.networks = (size_t)q[1].needed;
    net_ensemble_clear(&e);
    int shown = 0;
    for (s.seed = 100; s.seed < 200; s.seed++) {
        e = run_of(&s);
        net_equivalence_test(q, &e, 0.02, 0.8);
        shown += q[1].outcome == NET_SHOWN;
        net_ensemble_clear(&e);
    }
    cr_assert(shown > 62 && shown < 98, "%d of 100 with %zu networks", shown,
        s.networks);
}

Test(networks, residual_test_has_the_false_alarm_rate_it_claims)
{
    /* Starts far from the fixed point and narrow networks included. */
    static const struct {
        size_t width, depth, networks;
        double mean, variance;
    } row[] = {{32, 8, 8, 0, 1}, {16, 4, 16, 2, 9}, {64, 3, 4, 0, 1e-4}};
    enum { RUNS = 400 };
    for (size_t i = 0; i < COUNT(row); i++) {
        int refused = 0, layers = 0;
        struct net_networks s =
            small(row[i].width, row[i].depth, row[i].networks);
        s.start_mean = row[i].mean;
        s.start_variance = row[i].variance;
        s.way = NET_WAY_EXACT;
        s.inputs = 4;
        s.threads = 1;
        for (s.seed = 1000; s.seed < 1000 + RUNS; s.seed++) {
            struct net_residual_test t = test_of(&s, 0.05);
            refused += !t.passed;
            layers += !t.layers_passed;
        }
        /* Binomial(400, 0.05): mean 20, sd 4.4; beyond 4 sd: 6e-5. */
        cr_expect(refused >= 3 && refused <= 37 && layers <= 37,
            "width %zu, depth %zu, %zu networks: %d of %d refused at 0.05, "
            "%d for a layer",
            row[i].width, row[i].depth, row[i].networks, refused, RUNS,
            layers);
    }
}

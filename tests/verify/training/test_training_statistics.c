/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wilcoxon's test two ways, ranks, intervals, methods over tasks. */
#include "tests/verify/training/test_training.h"
#include "verify/training/statistics/comparison.h"
#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

/* Every one of the 2^n signs of the ranks of |d|, ties sharing ranks. */
static double by_enumeration(const double *d, size_t n)
{
    double rank[16], plus = 0, total = 0;
    int tail = 0;
    for (size_t i = 0; i < n; i++) {
        double below = 0, equal = 0;
        for (size_t j = 0; j < n; j++) {
            below += fabs(d[j]) < fabs(d[i]);
            equal += fabs(d[j]) == fabs(d[i]);
        }
        rank[i] = below + (equal + 1) / 2;
        plus += d[i] > 0 ? rank[i] : 0;
        total += rank[i];
    }
    double least = fmin(plus, total - plus);
    for (unsigned signs = 0; signs < 1u << n; signs++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += signs >> i & 1 ? rank[i] : 0;
        tail += sum <= least;
    }
    return fmin(1, 2 * ldexp(tail, -(int)n));
}

static unsigned state = 1;
static unsigned next(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (unsigned)((unsigned long long)state * below >> 32);
}

Test(statistics, wilcoxon_agrees_with_all_signs)
{
    double d[14];
    for (int round = 0; round < 300; round++) {
        size_t n = 1 + next(COUNT(d)), used = 0;
        double kept[14];
        /* few different sizes: many ties, and zeros */
        unsigned sizes = 1 + next(8);
        for (size_t i = 0; i < n; i++) {
            d[i] = (double)next(sizes + 1) * (next(3) ? 1 : -1);
            if (d[i] != 0)
                kept[used++] = d[i];
        }
        struct train_wilcoxon t;
        cr_assert(train_wilcoxon_test(&t, d, n));
        double want = used ? by_enumeration(kept, used) : 1;
        cr_assert(t.n == used && t.zeros == n - used && t.exact &&
                      fabs(t.p - want) < 1e-12,
            "round %d: p %.15g, want %.15g", round, t.p, want);
    }
}

Test(statistics, wilcoxon_of_known_tables)
{
    /* n = 10, all positive: 2/2^10; one of rank 1 negative: 4/2^10 */
    double d[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct train_wilcoxon t;
    cr_assert(train_wilcoxon_test(&t, d, 10));
    cr_expect(t.plus == 55 && t.p == ldexp(1, -9), "%g", t.p);
    d[0] = -1;
    cr_assert(train_wilcoxon_test(&t, d, 10));
    cr_expect(t.plus == 54 && t.p == ldexp(1, -8), "%g", t.p);
    /* published critical value: n = 20, T = 52 is significant at 5 % */
    double twenty[20];
    size_t left = 52;
    for (size_t i = 20; i-- > 0;) {
        bool minus = i + 1 <= left;
        twenty[i] = minus ? -(double)(i + 1) : (double)(i + 1);
        left -= minus ? i + 1 : 0;
    }
    cr_assert(train_wilcoxon_test(&t, twenty, 20));
    cr_expect(t.plus == 158 && t.p < 0.05 && t.p > 0.045, "p %g", t.p);
}

/* The normal approximation by its formula, and close to the exact p. */
Test(statistics, wilcoxon_normal_approximation)
{
    double d[120];
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < COUNT(d); i++)
            d[i] = (double)(1 + next(60)) * (next(100) < 55 ? 1 : -1);
        struct train_wilcoxon t;
        cr_assert(train_wilcoxon_test(&t, d, COUNT(d)));
        double n = COUNT(d), variance = 0;
        /* the variance of a sum of +-ranks/2 is the sum of squares over 4 */
        for (size_t i = 0; i < COUNT(d); i++) {
            double below = 0, equal = 0;
            for (size_t j = 0; j < COUNT(d); j++) {
                below += fabs(d[j]) < fabs(d[i]);
                equal += fabs(d[j]) == fabs(d[i]);
            }
            variance += pow(below + (equal + 1) / 2, 2) / 4;
        }
        double z = (fabs(t.plus - n * (n + 1) / 4) - 0.5) / sqrt(variance);
        cr_expect(fabs(t.normal_p - 2 * gsl_cdf_ugaussian_Q(z)) < 1e-12);
        cr_expect(fabs(t.normal_p - t.p) < 0.003, "%g, %g", t.normal_p, t.p);
    }
}

/* Under the null hypothesis 5 % of the p are at most 0.05, or fewer. */
Test(statistics, wilcoxon_false_alarms)
{
    int alarms = 0;
    for (int round = 0; round < 2000; round++) {
        double d[20];
        for (size_t i = 0; i < COUNT(d); i++)
            d[i] = (double)(1 + next(1000)) * (next(2) ? 1 : -1);
        struct train_wilcoxon t;
        cr_assert(train_wilcoxon_test(&t, d, COUNT(d)));
        alarms += t.p <= 0.05;
    }
    /* p is just below 0.05 for T = 52: 97 expected, sd 9.6 */
    cr_expect(alarms > 50 && alarms < 140, "%d of 2000", alarms);
}

Test(statistics, tidy_differences_tie)
{
    /* 0.1f steps of binary32 and decimals */
    cr_expect_eq(train_tidy_difference(0.9875f, 0.98333335f),
        train_tidy_difference(0.99166667f, 0.9875f));
    cr_expect_eq(train_tidy_difference(0.9665, 0.9231),
        train_tidy_difference(0.8665, 0.8231));
    cr_expect_eq(train_tidy_difference(0.5, 0.5), 0);
    cr_expect(train_tidy_difference(0.9665, 0.9664) > 0);
}

Test(statistics, ranks_share)
{
    const double x[] = {0.5, 0.9, 0.9, 0.1, 0.9};
    const double want[] = {4, 2, 2, 5, 2};
    double rank[5];
    train_ranks(rank, x, 5);
    for (int i = 0; i < 5; i++)
        cr_expect_eq(rank[i], want[i]);
}

Test(statistics, intervals_by_hand)
{
    const double x[] = {1, 2, 3, 4};
    struct train_estimate e = train_estimate_of(x, 4);
    /* t with 3 degrees of freedom: 3.182446305284263 */
    cr_expect(e.mean == 2.5 && fabs(e.sd - sqrt(5.0 / 3)) < 1e-15);
    cr_expect(fabs(e.half - 3.182446305284263 * sqrt(5.0 / 12)) < 1e-12);
    e = train_estimate_of(x, 1);
    cr_expect(e.mean == 1 && isnan(e.sd) && isnan(e.half));
    e = train_estimate_of(x, 0);
    cr_expect(isnan(e.mean));
}

Test(statistics, methods_over_tasks_by_hand)
{
    struct train_scores s;
    struct train_standing standing[3];
    size_t used;
    cr_assert_eq(train_scores_start(&s, 4, 3), SN_OK);
    const double accuracy[] = {
        0.9, 0.8, 0.7, 0.5, 0.5, 0.6, 0.9, NAN, 0.1, 0.7, 0.8, 0.7};
    memcpy(s.accuracy, accuracy, sizeof accuracy);
    cr_assert_eq(train_compare(standing, &used, &s, 0), SN_OK);
    /* ranks 1 2 3; 2.5 2.5 1; -; 2.5 1 2.5 */
    cr_expect_eq(used, 3);
    cr_expect(fabs(standing[0].rank - 2) < 1e-15);
    cr_expect(fabs(standing[1].rank - 5.5 / 3) < 1e-15);
    cr_expect(fabs(standing[2].difference - (6.5 / 3 - 2)) < 1e-15);
    cr_expect(standing[1].wins == 1 && standing[1].losses == 1 &&
              standing[1].ties == 1 && standing[1].test.n == 2);
    /* +0.1 and -0.1 tie: plus 1.5 of 3 */
    cr_expect(standing[1].test.plus == 1.5 && standing[1].test.p == 1);
    train_scores_clear(&s);
}

Test(statistics, quartiles_are_those_of_the_sorted_numbers)
{
    static const struct {
        size_t n;
        double x[5], want[3];
    } row[] = {{1, {7}, {7, 7, 7}}, {2, {3, 1}, {1.5, 2, 2.5}},
        {4, {4, 1, 3, 2}, {1.75, 2.5, 3.25}},
        {5, {0, 1e9, 2, -1, 1}, {0, 1, 2}}};
    for (size_t i = 0; i < COUNT(row); i++) {
        double x[5];
        memcpy(x, row[i].x, sizeof x);
        struct train_quartiles q = train_quartiles_of(x, row[i].n);
        cr_expect(q.lower == row[i].want[0] && q.median == row[i].want[1] &&
                      q.upper == row[i].want[2],
            "%zu numbers: %g %g %g", row[i].n, q.lower, q.median, q.upper);
    }
    cr_expect(isnan(train_quartiles_of(NULL, 0).median));
}

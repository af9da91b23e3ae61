/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means with confidence intervals, ranks, Wilcoxon's signed-rank test. */
#ifndef SN_VERIFY_TRAINING_STATISTICS_STATISTICS_H
#define SN_VERIFY_TRAINING_STATISTICS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

/* Student's t interval; sd and half are NaN with fewer than two values. */
struct train_estimate {
    size_t n;
    double mean, sd, half; /* mean +- half: 95 % */
};
struct train_estimate train_estimate_of(const double *x, size_t n);

/*
 * Linear between order statistics, as most packages' default; NaN where n is
 * 0.  Sorts x.
 */
struct train_quartiles {
    double lower, median, upper;
};
struct train_quartiles train_quartiles_of(double *x, size_t n);

/*
 * x - y to the nearest multiple of 1e-6: shares of fewer than 10^5 rows in
 * binary32, and decimals of up to six places, that differ by the same amount
 * give the same, so that their ranks tie as they should.
 */
double train_tidy_difference(double x, double y);

/* rank[i] of x[i], 1 for the largest; equals share the mean of their ranks. */
void train_ranks(double *rank, const double *x, size_t n);

/*
 * Are the differences d symmetric about 0?  Zeros are dropped (Wilcoxon), |d|
 * ranked from the smallest, equals with the mean of their ranks; plus is the
 * sum of the ranks of the positive ones.  p is two-sided: exact, by the
 * distribution of that sum over all 2^n signs given the ranks (ties as they
 * are), for n <= TRAIN_WILCOXON_EXACT; else normal.  normal_p: normal
 * approximation with the variance that ties leave and continuity correction,
 * as statistical packages use it for ties.
 */
enum { TRAIN_WILCOXON_EXACT = 400 };
struct train_wilcoxon {
    size_t n, zeros;
    double plus, p, normal_p;
    bool exact;
};
/* False: no memory. */
bool train_wilcoxon_test(
    struct train_wilcoxon *test, const double *d, size_t n);

#endif

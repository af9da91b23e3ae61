/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/statistics/statistics.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#define TAIL 0.025 /* each side of a 95 % interval */

struct train_estimate train_estimate_of(const double *x, size_t n)
{
    struct train_estimate e = {n, 0, NAN, NAN};
    for (size_t i = 0; i < n; i++)
        e.mean += x[i];
    e.mean = n ? e.mean / (double)n : NAN;
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += (x[i] - e.mean) * (x[i] - e.mean);
    if (n >= 2) {
        e.sd = sqrt(square / (double)(n - 1));
        e.half =
            gsl_cdf_tdist_Qinv(TAIL, (double)(n - 1)) * e.sd / sqrt((double)n);
    }
    return e;
}

struct train_quartiles train_quartiles_of(double *x, size_t n)
{
    if (!n)
        return (struct train_quartiles){NAN, NAN, NAN};
    gsl_sort(x, 1, n);
    return (struct train_quartiles){
        gsl_stats_quantile_from_sorted_data(x, 1, n, 0.25),
        gsl_stats_quantile_from_sorted_data(x, 1, n, 0.5),
        gsl_stats_quantile_from_sorted_data(x, 1, n, 0.75)};
}

double train_tidy_difference(double x, double y)
{
    return nearbyint((x - y) * 1e6) / 1e6;
}

void train_ranks(double *rank, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t above = 0, equal = 0;
        for (size_t j = 0; j < n; j++) {
            above += x[j] > x[i];
            equal += x[j] == x[i];
        }
        rank[i] = (double)above + ((double)equal + 1) / 2;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/*
 * Share of the sign patterns whose sum of doubled ranks is at most `most`.
 * Each rank in turn is in the sum or not, with probability 1/2 each: only
 * additions of positive numbers, so a relative error of at most n 2^-53.
 */
static double share_at_most(
    const size_t *twice, size_t n, size_t total, size_t most, double *share)
{
    for (size_t s = 0; s <= total; s++)
        share[s] = 0;
    share[0] = 1;
    size_t reached = 0;
    for (size_t i = 0; i < n; i++) {
        reached += twice[i];
        for (size_t s = reached + 1; s-- > 0;)
            share[s] =
                share[s] / 2 + (s >= twice[i] ? share[s - twice[i]] / 2 : 0);
    }
    double sum = 0;
    for (size_t s = 0; s <= most && s <= total; s++)
        sum += share[s];
    return sum;
}

bool train_wilcoxon_test(struct train_wilcoxon *t, const double *d, size_t n)
{
    *t = (struct train_wilcoxon){.p = 1, .normal_p = 1};
    double *x = malloc((n + 1) * sizeof *x);
    size_t *twice = malloc((n + 1) * sizeof *twice);
    bool enough = x && twice;
    for (size_t i = 0; enough && i < n; i++)
        if (d[i] != 0)
            x[t->n++] = d[i];
    t->zeros = n - t->n;
    t->exact = t->n <= TRAIN_WILCOXON_EXACT;
    size_t total = t->n * (t->n + 1), positive = 0;
    double ties = 0;
    if (enough)
        qsort(x, t->n, sizeof *x, by_size);
    for (size_t i = 0, end; enough && i < t->n; i = end) {
        for (end = i + 1; end < t->n && fabs(x[end]) == fabs(x[i]); end++)
            continue;
        double m = (double)(end - i);
        ties += m * m * m - m;
        for (size_t k = i; k < end; k++) {
            twice[k] = i + 1 + end;
            positive += x[k] > 0 ? twice[k] : 0;
        }
    }
    t->plus = (double)positive / 2;
    size_t least = positive < total - positive ? positive : total - positive;
    if (enough && t->n) {
        double m = (double)t->n, center = m * (m + 1) / 4;
        double variance = m * (m + 1) * (2 * m + 1) / 24 - ties / 48;
        double off = fmax(fabs(t->plus - center) - 0.5, 0);
        t->normal_p = fmin(1, 2 * gsl_cdf_ugaussian_Q(off / sqrt(variance)));
        t->p = t->normal_p;
    }
    if (enough && t->n && t->exact) {
        double *share = malloc((total + 1) * sizeof *share);
        enough = share;
        if (share)
            t->p =
                fmin(1, 2 * share_at_most(twice, t->n, total, least, share));
        free(share);
    }
    free(x);
    free(twice);
    return enough;
}

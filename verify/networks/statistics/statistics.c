/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/statistics/statistics.h"
#include <gsl/gsl_cdf.h>
#include <math.h>

/*
 * The squares were rounded once each, so a deviation below 1e-8 of the mean
 * is not resolved: it is reported as 0.
 */
static struct net_summary summarize_cell(const struct net_cell *cell, double n)
{
    double mean = net_sum_value(&cell->sum) / n;
    double square = net_sum_value(&cell->square) / n, v = square - mean * mean;
    struct net_summary s = {mean, NAN, NAN};
    if (n < 2)
        return s;
    s.sd = v > 1e-16 * square ? sqrt(v * n / (n - 1)) : 0;
    s.se = s.sd / sqrt(n);
    return s;
}

struct net_summary net_ensemble_summary(
    const struct net_ensemble *e, size_t layer, enum net_quantity what)
{
    /* A network that stopped on its way had no gradients. */
    bool gradient = what == NET_GRADIENT || what == NET_LOG_GRADIENT;
    if (!e->networks || !net_measures(&e->settings, what) ||
        (what >= NET_F_MEAN_NOISE && layer == 0) || (gradient && e->failure))
        return (struct net_summary){NAN, NAN, NAN};
    return summarize_cell(
        &e->cell[layer * NET_QUANTITIES + (size_t)what], (double)e->networks);
}

/* E x^2 over inputs and networks less (E x)^2, which se^2 makes too large. */
double net_ensemble_spread(
    const struct net_ensemble *e, size_t layer, enum net_quantity what)
{
    enum net_quantity square = what == NET_MEAN       ? NET_MEAN_SQUARE
                               : what == NET_VARIANCE ? NET_VARIANCE_SQUARE
                                                      : NET_SECOND_SQUARE;
    struct net_summary one = net_ensemble_summary(e, layer, what);
    struct net_summary two = net_ensemble_summary(e, layer, square);
    return two.mean - one.mean * one.mean + one.se * one.se;
}

/*
 * Two-sided and by Bonferroni's inequality.  What a network gives is an
 * average over at least width x layers numbers that is a little skew, which in
 * the far tail acts like fewer degrees of freedom, as the calibration shows.
 */
static double limit_of_z(
    const struct net_ensemble *e, double alpha, int tests, size_t layers)
{
    double skew = 1 / sqrt((double)e->settings.width * (double)layers);
    return gsl_cdf_tdist_Qinv(
        alpha / 2 / tests, ((double)e->networks - 1) / (1 + skew));
}

static bool is_testable(const struct net_ensemble *e)
{
    return e->networks >= 2 && e->layers >= 2;
}

/*
 * What is expected is compared with enclosures to 1e-9, and a network of
 * binary32 rounds: differences below are no news.  x/0 is certain.
 */
static double rounding_of(const struct net_ensemble *e)
{
    return e->settings.real == NET_REAL_F32 ? 0x1p-22 : 1e-9;
}
static double ratio_to_error(double difference, double se, double rounding)
{
    double size = fabs(difference) - rounding;
    return size <= 0 ? 0 : copysign(size / se, difference);
}

/*
 * Where an activation is nearly a square polynomial, what its projections
 * leave is a matter of rare events, as of hardtanh beyond five deviations.
 * Networks without one agree far too well; so the error is at least what is
 * expected of these units, averaged over `layers` from `first` on.
 */
static double least_error(const struct net_ensemble *e, enum net_quantity what,
    size_t first, size_t layers)
{
    enum net_quantity noise = what == NET_F_MEAN     ? NET_F_MEAN_NOISE
                              : what == NET_F_SECOND ? NET_F_SECOND_NOISE
                                                     : NET_QUANTITIES;
    double sum = 0, count = (double)layers;
    if (noise == NET_QUANTITIES || !net_measures(&e->settings, noise))
        return 0;
    for (size_t l = first; l < first + layers; l++)
        sum += net_ensemble_summary(e, l, noise).mean;
    return sqrt(sum / (double)e->networks) / count;
}

/* Has an average of so many layers enough of the rarer kind of units? */
static bool has_enough(
    const struct net_ensemble *e, enum net_quantity what, size_t layers)
{
    const struct net_networks *s = &e->settings;
    double rate = fmin(s->dropout.rate, 1 - s->dropout.rate);
    if (what != NET_DROP_MEAN && what != NET_DROP_SECOND)
        return true;
    return rate * (double)s->width * (double)s->inputs * (double)layers >=
           NET_FEWEST_RARE;
}

static struct net_residual pool_residual(
    const struct net_ensemble *e, enum net_quantity what)
{
    double n = (double)e->networks;
    struct net_summary s = summarize_cell(&e->pooled[what - NET_RESIDUALS], n);
    s.se = fmax(s.se, least_error(e, what, 1, e->layers - 1));
    struct net_residual row = {.what = what,
        .exact = net_residual_is_exact(&e->settings, what),
        .mean = s.mean,
        .se = s.se,
        .z = ratio_to_error(s.mean, s.se, rounding_of(e)),
        .p = 1};
    /* the last layers alone have dropout */
    size_t layers = e->layers - 1, with = e->settings.dropout_layers;
    row.tested =
        row.exact && has_enough(e, what, layers < with ? layers : with);
    /* a single layer's kurtosis is too skew for a t-test of few networks */
    row.tested_by_layer =
        row.exact && what != NET_Z_FOURTH && has_enough(e, what, 1);
    row.p = isinf(row.z) ? 0 : 2 * gsl_cdf_tdist_Q(fabs(row.z), n - 1);
    return row;
}

static void keep_larger(struct net_extreme *extreme, double mean, double z,
    size_t layer, enum net_quantity what)
{
    if (!(fabs(z) > fabs(extreme->z)))
        return;
    extreme->layer = layer;
    extreme->what = what;
    extreme->mean = mean;
    extreme->z = z;
}

enum sn_status net_residual_test(
    struct net_residual_test *test, const struct net_ensemble *e, double alpha)
{
    if (!is_testable(e))
        return SN_BAD_VALUE;
    *test = (struct net_residual_test){
        .alpha = alpha, .passed = true, .worst = {.layer = 1}};
    for (int q = NET_RESIDUALS; q < NET_QUANTITIES; q++)
        if (net_measures(&e->settings, (enum net_quantity)q)) {
            test->row[test->count] = pool_residual(e, (enum net_quantity)q);
            test->tested += test->row[test->count++].tested;
        }
    test->limit = limit_of_z(e, alpha, test->tested, e->layers - 1);
    int layers = (int)e->layers - 1, tested = 0;
    for (int i = 0; i < test->count; i++)
        tested += test->row[i].tested_by_layer;
    test->worst.limit = limit_of_z(e, alpha, tested * layers, 1);
    for (int i = 0; i < test->count; i++) {
        const struct net_residual *row = &test->row[i];
        /* Compared this way round, a NaN does not pass. */
        if (row->tested && !(fabs(row->z) <= test->limit))
            test->passed = false;
        if (!row->tested_by_layer)
            continue;
        for (size_t l = 1; l < e->layers; l++) {
            struct net_summary s = net_ensemble_summary(e, l, row->what);
            s.se = fmax(s.se, least_error(e, row->what, l, 1));
            keep_larger(&test->worst, s.mean,
                ratio_to_error(s.mean, s.se, rounding_of(e)), l, row->what);
        }
    }
    test->layers_passed = fabs(test->worst.z) <= test->worst.limit;
    return SN_OK;
}

/* Skewness over networks of mean or variance in the last layer. */
static double skewness(const struct net_ensemble *e, int i)
{
    const struct net_cell *third = &e->pooled[NET_THIRDS + 2 * i];
    double n = (double)e->networks, d = net_sum_value(&third[0].sum) / n;
    double dd = net_sum_value(&third[0].square) / n;
    double ddd = net_sum_value(&third[1].sum) / n, v = dd - d * d;
    if (e->layers <= e->settings.depth || !(v > 1e-14 * dd))
        return 0;
    return (ddd - 3 * d * dd + 2 * d * d * d) / (v * sqrt(v));
}

/*
 * Half the degrees of freedom: what Hall's transformation leaves of skewness
 * acts like fewer of them, as the calibration shows.
 */
static double guarded_quantile(double level, double n)
{
    return gsl_cdf_tdist_Qinv(level, (n - 1) / 2);
}

/*
 * Hall's transformation (1992) takes the skewness out of t: the limit of the
 * expectation in deviations from the mean, for t with its sign.
 */
static double hall_limit(double t, double skew, double n)
{
    double y = t / sqrt(n);
    if (fabs(skew) < 1e-6)
        return y;
    return 3 * (cbrt(1 + skew * (y - skew / (6 * n))) - 1) / skew;
}

/*
 * Both one-sided tests at level a pass with probability `power` from
 * n = ((t_a + z_power) sd/room)^2 on, room the distance to the nearer margin,
 * z for half the miss where both margins are equally near.
 */
static double networks_for_power(const struct net_equivalence *e, double sd,
    double skew, double level, double power)
{
    double off = fabs(e->mean - e->target), room = e->margin - off;
    if (!(room > 0))
        return 0;
    if (sd == 0)
        return NET_FEWEST_FOR_EQUIVALENCE;
    double z = gsl_cdf_ugaussian_Pinv(1 - (1 - power) / 2), n = 2;
    for (int i = 0; i < 50; i++) {
        double t = guarded_quantile(level, fmax(n, 3));
        t = sqrt(n) *
            fmax(fabs(hall_limit(t, skew, n)), fabs(hall_limit(-t, skew, n)));
        n = (n + fmax(2, ceil(pow((t + z) * sd / room, 2)))) / 2;
    }
    return fmin(fmax(ceil(n), NET_FEWEST_FOR_EQUIVALENCE), 1e18);
}

enum sn_status net_equivalence_test(struct net_equivalence out[2],
    const struct net_ensemble *e, double alpha, double power)
{
    if (!is_testable(e))
        return SN_BAD_VALUE;
    const struct net_networks *s = &e->settings;
    const double level = alpha / 2, n = (double)e->networks;
    double t = guarded_quantile(level, n);
    for (int i = 0; i < 2; i++) {
        struct net_summary m = net_ensemble_summary(
            e, e->layers - 1, i ? NET_VARIANCE : NET_MEAN);
        out[i] = (struct net_equivalence){
            .target = i ? s->target_variance : s->target_mean,
            .margin = i ? s->margin_variance : s->margin_mean,
            .mean = m.mean,
            .low = m.mean - m.sd * hall_limit(t, skewness(e, i), n),
            .high = m.mean - m.sd * hall_limit(-t, skewness(e, i), n)};
        double low = out[i].target - out[i].margin,
               high = out[i].target + out[i].margin;
        bool enough = e->networks >= NET_FEWEST_FOR_EQUIVALENCE;
        out[i].outcome = !enough ? NET_UNDECIDED_YET
                         : out[i].low > low && out[i].high < high ? NET_SHOWN
                         : out[i].high < low || out[i].low > high
                             ? NET_OUTSIDE
                             : NET_UNDECIDED_YET;
        out[i].needed =
            networks_for_power(&out[i], m.sd, skewness(e, i), level, power);
    }
    return SN_OK;
}

enum sn_status net_ensemble_distance(struct net_extreme *distance,
    const struct net_ensemble *e, const double *theory_mean,
    const double *theory_variance, double alpha)
{
    if (!is_testable(e))
        return SN_BAD_VALUE;
    *distance = (struct net_extreme){.layer = 1,
        .limit = limit_of_z(e, alpha, 2 * ((int)e->layers - 1), 1)};
    for (size_t l = 1; l < e->layers; l++) {
        struct net_summary m = net_ensemble_summary(e, l, NET_MEAN),
                           v = net_ensemble_summary(e, l, NET_VARIANCE);
        double dm = m.mean - theory_mean[l], dv = v.mean - theory_variance[l];
        double q = theory_variance[l] + theory_mean[l] * theory_mean[l];
        keep_larger(distance, dm,
            ratio_to_error(dm, m.se, rounding_of(e) * sqrt(q)), l, NET_MEAN);
        keep_larger(distance, dv, ratio_to_error(dv, v.se, rounding_of(e) * q),
            l, NET_VARIANCE);
    }
    return SN_OK;
}

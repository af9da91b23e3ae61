/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an ensemble shows.  The network is the unit of replication: inputs and
 * layers of one network share weights or follow from each other, so only
 * averages within networks are compared, with networks - 1 degrees of freedom
 * (limits take a little fewer in narrow networks, whose averages are skew).
 *
 * FAMILY.  All statements of a run together are wrong with probability
 * `alpha` at most: a quarter each for the residuals pooled over the layers,
 * for the residuals of single layers, for the two claims of equivalence, and
 * for the distance from g; by Bonferroni's inequality within each quarter.
 */
#ifndef SN_VERIFY_NETWORKS_STATISTICS_STATISTICS_H
#define SN_VERIFY_NETWORKS_STATISTICS_STATISTICS_H

#include "verify/networks/networks.h"

/* Over networks; sd and se are NaN with fewer than two. */
struct net_summary {
    double mean, sd, se;
};
struct net_summary net_ensemble_summary(
    const struct net_ensemble *ensemble, size_t layer, enum net_quantity what);

/* Variance over networks of one input's mean, variance or second moment. */
double net_ensemble_spread(
    const struct net_ensemble *ensemble, size_t layer, enum net_quantity what);

/* A residual's mean over layers and networks against 0. */
struct net_residual {
    enum net_quantity what;
    bool exact; /* a theorem; else reported, never refused */
    /* exact and no average of too few: over all layers, over each */
    bool tested, tested_by_layer;
    double mean, se, z, p;
};
/*
 * Of dropout: units of the rarer kind, dropped or kept, that one network's
 * average over a layer or over all must expect to be tested; of fewer it is
 * too skew for a t-test.
 */
enum { NET_FEWEST_RARE = 20 };
struct net_residual_test {
    double alpha;      /* of this quarter */
    int count, tested; /* rows, and how many count */
    struct net_residual row[NET_RESIDUAL_COUNT];
    double limit; /* of |z| */
    bool passed;
    /* the layer that stands out most, of the tested ones */
    struct net_extreme {
        size_t layer;
        enum net_quantity what;
        double mean, z, limit;
    } worst;
    bool layers_passed;
};

/* SN_BAD_VALUE with fewer than two networks or no layer beyond the input. */
enum sn_status net_residual_test(struct net_residual_test *test,
    const struct net_ensemble *ensemble, double alpha);

/*
 * Two one-sided t-tests: is the expectation within margin of target?  The
 * limits are corrected for skewness (Hall 1992) and take half the degrees of
 * freedom; nothing is stated with fewer networks than these.  So calibrated by
 * make exhaust.
 */
enum { NET_FEWEST_FOR_EQUIVALENCE = 16 };
enum net_outcome {
    NET_SHOWN,   /* within: proven at the level */
    NET_OUTSIDE, /* beyond the margin: proven at the level */
    NET_UNDECIDED_YET
};
struct net_equivalence {
    double target, margin, mean, low, high; /* confidence 1 - 2 alpha */
    enum net_outcome outcome;
    /*
     * Networks that would show it with probability `power` if expectation and
     * deviation are as measured; 0: no number would.
     */
    double needed;
};

/* Of mean and variance (each at alpha/2) in the last layer. */
enum sn_status net_equivalence_test(struct net_equivalence out[2],
    const struct net_ensemble *ensemble, double alpha, double power);

/* Measured minus theory in standard errors, where largest; layers 1 and up. */
enum sn_status net_ensemble_distance(struct net_extreme *distance,
    const struct net_ensemble *ensemble, const double *theory_mean,
    const double *theory_variance, double alpha);

#endif

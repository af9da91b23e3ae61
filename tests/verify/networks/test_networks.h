/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of random networks share.  All seeds are fixed, so every
 * statistical test either always passes or always fails; the rates named are
 * those at which a right program would have failed with a seed drawn at
 * random.
 */
#ifndef SN_TESTS_VERIFY_NETWORKS_TEST_NETWORKS_H
#define SN_TESTS_VERIFY_NETWORKS_TEST_NETWORKS_H

#include "verify/networks/statistics/statistics.h"
#include "verify/networks/theory/theory.h"
#include <criterion/criterion.h>
#include <math.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static inline struct net_networks small(
    size_t width, size_t depth, size_t networks)
{
    struct net_networks s;
    cr_assert_eq(net_preset(&s), SN_OK);
    s.width = width;
    s.depth = depth;
    s.networks = networks;
    s.inputs = 16;
    s.threads = 2;
    s.dropout_layers = depth;
    return s;
}

static inline struct net_ensemble run_of(const struct net_networks *settings)
{
    struct net_ensemble e;
    cr_assert_eq(
        net_run(&e, settings, 0, settings->networks, NULL, NULL), SN_OK);
    return e;
}

static inline struct net_residual_test test_of(
    const struct net_networks *settings, double alpha)
{
    struct net_ensemble e = run_of(settings);
    struct net_residual_test t;
    cr_assert_eq(net_residual_test(&t, &e, alpha), SN_OK);
    net_ensemble_clear(&e);
    return t;
}

/* SELU's alpha dropout at (0, 1), from the closed form of the paper. */
static inline struct shared_dropout alpha_dropout(double rate)
{
    const double q = 1 - rate, lower = -1.7580993408473768599;
    double a = 1 / sqrt(q + lower * lower * q * rate);
    return (struct shared_dropout){rate, a, -a * rate * lower, lower};
}

#endif

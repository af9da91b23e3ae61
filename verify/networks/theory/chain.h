/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: one layer of the theory. */
#ifndef SN_VERIFY_NETWORKS_THEORY_CHAIN_H
#define SN_VERIFY_NETWORKS_THEORY_CHAIN_H

#include "verify/networks/networks.h"

/*
 * One input: the limit's mean m and second moment q, n times their mean errors
 * and covariances at width n, and E x y with the other input of its pair.
 */
struct theory_chain_state {
    double m, q;
    double bias[2], cov[3]; /* of (m, q): cov mm, mq, qq */
    double other_m, other_q, product;
    double x4; /* E x^4, for the kurtosis of z */
    /* the pair's cosine is within that, given the layer before; NaN: not
       known; and whether that is quick to find */
    double cosine_radius;
    bool closed;
};

struct theory_chain {
    const struct net_networks *s;
    struct quad_mixture mixture;
    bool rows, pairs, gaussian;
    struct expr_expression *f; /* of the model; it gains nodes */
};

/* Law of z for weights (omega, tau) given m and q; n infinite or the width. */
void theory_chain_law_of_z(double *mean, double *variance,
    const struct theory_chain *w, int i, double m, double q, bool finite);

bool theory_chain_drops(const struct theory_chain *w, size_t layer);

/* (m, q) of the next layer: the map whose differences are its derivatives. */
void theory_chain_next(double to[2], const struct theory_chain *w,
    size_t layer, double m, double q, bool finite);

/* All moments of x of the next layer, and its gradient factor. */
void theory_chain_moments(double power[5], double *factor,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at);

/* E x y of a pair: masks are independent, so dropout acts on each alone. */
double theory_chain_product(const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at);

/*
 * The pair's cosine in the next layer from the mean-field room, where one law
 * of z is all and no dropout follows; else, and where only a wide enclosure is
 * known, that of to->product.  Sets the radius, and `closed`.
 */
void theory_chain_enclose(struct theory_chain_state *to,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at);

/*
 * The chain linearized about its limit, second derivatives for the bias:
 *   cov' = J cov J' + noise,  bias' = J bias + H : cov/2 + n (T_n - T),
 * noise = covariance of (x, x^2), T_n the map at width n.
 */
void theory_chain_correct(struct theory_chain_state *to,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at, const double power[5]);

#endif

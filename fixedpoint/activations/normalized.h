/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map of mean and variance for any activation, and its normal form. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_NORMALIZED_H
#define SN_FIXEDPOINT_ACTIVATIONS_NORMALIZED_H

#include "fixedpoint/activations/gaussian.h"
#include "fixedpoint/map/map.h"

/*
 * g(mu, nu) = (E f(z), Var f(z)) from the moments at z ~ N(mu omega, nu tau)
 * and its Jacobian in (mu, nu), row by row.
 */
void act_map_arb(arb_t mean, arb_t variance, arb_t jacobian[4],
    const struct act_gaussian *moments, const arb_t omega, const arb_t tau,
    slong prec);

/*
 * c f(z) + d, c > 0, with the fixed point (mu, nu) at omega, tau, and the
 * Jacobian of its map there.  For an f that is not constant there is exactly
 * one: c = sqrt(nu/Var f), d = mu - c E f.  `homogeneous`: f is
 * (expr_is_homogeneous()); at mu omega = 0 the derivative of the variance in
 * nu is then 1, exactly.
 */
struct act_normalized {
    arb_t scale, shift, jacobian[4];
};
void act_normalized_init(struct act_normalized *x);
void act_normalized_clear(struct act_normalized *x);
void act_normalized_arb(struct act_normalized *x,
    const struct act_gaussian *moments, const struct map_point *point,
    bool homogeneous, slong prec);

#endif

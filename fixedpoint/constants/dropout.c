/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A unit of mean mu and variance nu is kept with probability q = 1 - rate and
 * set to `lower` otherwise.  Mean and variance become
 *     q mu + (1-q) lower   and   q ((1-q) (lower - mu)^2 + nu),
 * and a x + b takes them back to mu and nu for
 *     a = sqrt(nu / (q ((1-q) (lower - mu)^2 + nu))),
 *     b = mu - a (q mu + (1-q) lower)
 * (the paper's section on alpha dropout; with mu = 0, nu = 1 its a and b).
 * Every term of the root is positive: nothing cancels there.
 */
#include "fixedpoint/constants/constants.h"

enum sn_status constants_dropout_affine_arb(arb_t a, arb_t b, const arb_t rate,
    const arb_t mu, const arb_t nu, const arb_t lower, slong prec)
{
    NUM_ARB(q, spread, mean);
    arb_sub_ui(q, rate, 1, prec);
    arb_neg(q, q);
    bool inside =
        arb_is_nonnegative(rate) && arb_is_positive(q) && arb_is_positive(nu);

    arb_sub(spread, lower, mu, prec);
    arb_sqr(spread, spread, prec);
    arb_mul(spread, spread, rate, prec);
    arb_add(spread, spread, nu, prec);
    arb_mul(spread, spread, q, prec);

    arb_mul(mean, q, mu, prec);
    arb_addmul(mean, rate, lower, prec);

    arb_div(spread, nu, spread, prec);
    arb_sqrt(spread, spread, prec);
    arb_mul(mean, mean, spread, prec);
    arb_sub(b, mu, mean, prec);
    arb_swap(a, spread);
    return inside ? SN_OK : SN_BAD_VALUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/normalized.h"

/* y = (square' - 2 mean mean') factor */
static void variance_slope(arb_t y, const arb_t square, const arb_t mean,
    const arb_t mean_slope, const arb_t factor, slong prec)
{
    NUM_ARB(t);
    arb_mul(t, mean, mean_slope, prec);
    arb_mul_2exp_si(t, t, 1);
    arb_sub(t, square, t, prec);
    arb_mul(y, t, factor, prec);
}

void act_map_arb(arb_t mean, arb_t variance, arb_t jacobian[4],
    const struct act_gaussian *f, const arb_t omega, const arb_t tau,
    slong prec)
{
    arb_mul(jacobian[0], f->mean_m, omega, prec);
    arb_mul(jacobian[1], f->mean_v, tau, prec);
    variance_slope(jacobian[2], f->square_m, f->mean, f->mean_m, omega, prec);
    variance_slope(jacobian[3], f->square_v, f->mean, f->mean_v, tau, prec);
    arb_add(mean, f->mean, f->centre, prec);
    arb_sqr(variance, f->mean, prec);
    arb_sub(variance, f->square, variance, prec);
}

void act_normalized_init(struct act_normalized *x)
{
    arb_init(x->scale);
    arb_init(x->shift);
    for (int i = 0; i < 4; i++)
        arb_init(x->jacobian[i]);
}

void act_normalized_clear(struct act_normalized *x)
{
    arb_clear(x->scale);
    arb_clear(x->shift);
    for (int i = 0; i < 4; i++)
        arb_clear(x->jacobian[i]);
}

void act_normalized_arb(struct act_normalized *x,
    const struct act_gaussian *moments, const struct map_point *point,
    bool homogeneous, slong prec)
{
    arb_t square;
    NUM_ARB(mean);
    arb_init(square); /* the scale's, nu/Var f */
    act_map_arb(
        mean, square, x->jacobian, moments, point->omega, point->tau, prec);
    arb_div(square, point->nu, square, prec);
    arb_sqrt(x->scale, square, prec);
    arb_mul(mean, mean, x->scale, prec);
    arb_sub(x->shift, point->mu, mean, prec);
    for (int i = 0; i < 4; i++)
        arb_mul(
            x->jacobian[i], x->jacobian[i], i < 2 ? x->scale : square, prec);
    if (homogeneous && (arb_is_zero(point->mu) || arb_is_zero(point->omega)))
        arb_one(x->jacobian[3]);
    arb_clear(square);
}

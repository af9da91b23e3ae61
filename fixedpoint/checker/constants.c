/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The constants of a design.  With E selu = l (a0 + a a1) and E selu^2 =
 * l^2 (b0 + a^2 b1) at m = mu omega, v = nu tau, where a0, b0, b1 > 0 > a1,
 * and w = nu + mu^2, they are to be mu and w.  Then l^2 = w / (b0 + a^2 b1),
 * and w (a0 + a a1)^2 = mu^2 (b0 + a^2 b1), so that
 *   a = (t mu R - w a0 a1) / A,  A = w a1^2 - mu^2 b1,  t = 1 or -1,
 *   R^2 = w (a1^2 b0 + a0^2 b1) - mu^2 b0 b1,
 * with which a0 + a a1 = mu (t R a1 - mu b1 a0) / A: it must have the sign of
 * mu.  Nothing cancels, however small mu is.  For A > 0 that asks for t = -1;
 * for A < 0 the roots' sum is negative, so at most one is positive: no design
 * has two pairs of positive constants.
 */
#include "fixedpoint/checker/parts.h"

enum { M, V, MU, W, ONE, A0, A1, B0, B1, A, R, ALPHA, LAMBDA, SIDE, ALL };

bool snc_constants(arb_t lambda, arb_t alpha, const fmpq_t design[4])
{
    const slong prec = 4 * SNC_PREC;
    arb_ptr x = _arb_vec_init(ALL);
    NUM_STRUCT(snc_moments, o);
    NUM_FMPQ(product);
    fmpq_mul(product, design[0], design[2]);
    arb_set_fmpq(x + M, product, prec);
    fmpq_mul(product, design[1], design[3]);
    arb_set_fmpq(x + V, product, prec);
    fmpq_mul(product, design[0], design[0]);
    fmpq_add(product, product, design[1]);
    arb_set_fmpq(x + W, product, prec);
    arb_set_fmpq(x + MU, design[0], prec);
    arb_one(x + ONE);
    snc_moments_at(&o, x + M, x + V, x + ONE, x + ONE, 1, prec);
    const struct snc_scope plain = {.prec = prec,
        .names = 7,
        .name = {{"m", x + M}, {"v", x + V}, {"P", o.p}, {"C", o.c},
            {"plus", o.plus}, {"X1", o.x1}, {"X2", o.x2}}};
    arb_set(x + A0, o.plus);
    snc_formula(x + A1, "X1 - C", &plain);
    snc_formula(x + B0, "m*plus + v*P", &plain);
    snc_formula(x + B1, "X2 - 2*X1 + C", &plain);
    const struct snc_scope scope = {.prec = prec,
        .names = 9,
        .name = {{"mu", x + MU}, {"w", x + W}, {"a0", x + A0}, {"a1", x + A1},
            {"b0", x + B0}, {"b1", x + B1}, {"A", x + A}, {"R", x + R},
            {"a", x + ALPHA}}};
    snc_formula(x + A, "w*a1^2 - mu^2*b1", &scope);
    snc_formula(x + R, "sqrt(w*(a1^2*b0 + a0^2*b1) - mu^2*b0*b1)", &scope);
    bool found = false;
    for (int tries = 0; tries < 2 && !found; tries++) {
        arb_neg(x + R, x + R); /* t = -1, then 1 */
        snc_formula(x + ALPHA, "(mu*R - w*a0*a1)/A", &scope);
        snc_formula(x + LAMBDA, "sqrt(w/(b0 + a^2*b1))", &scope);
        snc_formula(x + SIDE, "(R*a1 - mu*b1*a0)/A", &scope);
        found = (arb_is_zero(x + MU) || arb_is_positive(x + SIDE)) &&
                arb_is_positive(x + ALPHA) && arb_is_positive(x + LAMBDA) &&
                arb_is_finite(x + ALPHA) && arb_is_finite(x + LAMBDA);
    }
    arb_set(alpha, x + ALPHA);
    arb_set(lambda, x + LAMBDA);
    _arb_vec_clear(x, ALL);
    return found;
}

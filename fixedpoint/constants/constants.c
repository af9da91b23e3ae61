/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lambda (a0 + alpha a1) = mu and lambda^2 (b0 + alpha^2 b1) = nu + mu^2 with
 * r = mu / sqrt(nu + mu^2) say rho(alpha) = r for
 *     rho(alpha) = (a0 + alpha a1) / sqrt(b0 + alpha^2 b1).
 * a0, b0, b1 > 0 > a1, so rho' has the sign of a1 b0 - a0 b1 alpha < 0 for
 * alpha > 0: rho falls strictly from a0/sqrt(b0) to a1/sqrt(b1).  Hence the
 * criterion, and the uniqueness.  Squared, rho = r is A alpha^2 + 2 B alpha +
 * D = 0 with A = a1^2 - r^2 b1, B = a0 a1, D = a0^2 - r^2 b0, whose reduced
 * discriminant is r^2 s^2, s^2 = a0^2 b1 + a1^2 b0 - r^2 b0 b1.  The root with
 * rho = +r (not -r) is (-B - r s)/A = D/(-B + r s); the form without
 * cancellation depends on the sign of r.
 */
#include "fixedpoint/constants/constants.h"

/* -1: proven not to hold, 0: unknown, 1: proven to hold. */
static int criterion_at(const struct map_moments *f, const arb_t r, slong prec)
{
    NUM_ARB(t);
    arb_sqrt(t, f->b0, prec);
    arb_mul(t, t, r, prec);
    bool below = arb_lt(t, f->a0), not_below = arb_ge(t, f->a0);
    arb_sqrt(t, f->b1, prec);
    arb_mul(t, t, r, prec);
    bool above = arb_gt(t, f->a1), not_above = arb_le(t, f->a1);
    return not_below || not_above ? -1 : below && above;
}

/* A few bits tell but near the ends of the range. */
static int criterion(const struct map_moments *f, const arb_t r, slong prec)
{
    enum { CONSTANTS_FEW = 128 };
    int holds = prec > CONSTANTS_FEW ? criterion_at(f, r, CONSTANTS_FEW) : 0;
    return holds ? holds : criterion_at(f, r, prec);
}

static void solve_alpha(
    arb_t alpha, const struct map_moments *f, const arb_t r, slong prec)
{
    NUM_ARB(s, t, minus_b, r2);
    arb_sqr(r2, r, prec);
    arb_mul(minus_b, f->a0, f->a1, prec);
    arb_neg(minus_b, minus_b);
    arb_sqr(s, f->a0, prec);
    arb_mul(s, s, f->b1, prec);
    arb_sqr(t, f->a1, prec);
    arb_submul(t, r2, f->b1, prec);
    arb_addmul(s, t, f->b0, prec);
    arb_sqrt(s, s, prec);
    arb_mul(s, s, r, prec); /* now r s */

    if (arb_is_negative(r)) {
        arb_sub(alpha, minus_b, s, prec);
        arb_div(alpha, alpha, t, prec); /* t = A */
    } else {
        arb_sqr(t, f->a0, prec);
        arb_submul(t, r2, f->b0, prec); /* t = D */
        arb_add(alpha, minus_b, s, prec);
        arb_div(alpha, t, alpha, prec);
    }
}

enum sn_status constants_solve_with_moments_arb(
    struct map_point *point, const struct map_moments *f, slong prec)
{
    NUM_ARB(r, second_moment, t);
    arb_set(second_moment, point->nu);
    arb_addmul(second_moment, point->mu, point->mu, prec);
    arb_rsqrt(r, second_moment, prec);
    arb_mul(r, r, point->mu, prec);

    int holds = criterion(f, r, prec);
    if (holds > 0) {
        solve_alpha(point->alpha, f, r, prec);
        arb_sqr(t, point->alpha, prec);
        arb_mul(t, t, f->b1, prec);
        arb_add(t, t, f->b0, prec);
        arb_div(t, second_moment, t, prec);
        arb_sqrt(point->lambda, t, prec);
        if (!arb_is_finite(point->alpha) || !arb_is_finite(point->lambda))
            holds = 0;
    }
    return holds > 0 ? SN_OK : holds < 0 ? SN_NO_SOLUTION : SN_UNDECIDED;
}

enum sn_status constants_solve_arb(struct map_point *point, slong prec)
{
    NUM_STRUCT(map_moments, f);
    NUM_ARB(m, v);
    arb_mul(m, point->mu, point->omega, prec);
    arb_mul(v, point->nu, point->tau, prec);
    map_moments_arb(&f, m, v, prec);
    return constants_solve_with_moments_arb(point, &f, prec);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the fixed point goes that other constants give, with proof. */
#include "fixedpoint/audit/audit.h"

/*
 * One interval Newton step for g(x) - x: N = mid - (J(box) - 1)^-1 (g(mid) -
 * mid).  mid and box hold (mu, nu); next may be box.
 */
static void newton_step(arb_t next[2], struct map_point *point,
    const arb_t mid[2], const arb_t box[2], slong prec)
{
    arb_t f[2], jacobian[4], det, term;
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    arb_init(det);
    arb_init(term);
    for (int i = 0; i < 2; i++)
        arb_init(f[i]);
    arb_set(point->mu, box[0]);
    arb_set(point->nu, box[1]);
    map_arb(f[0], f[1], jacobian, point, prec);
    arb_set(point->mu, mid[0]);
    arb_set(point->nu, mid[1]);
    map_arb(f[0], f[1], NULL, point, prec);
    for (int i = 0; i < 2; i++) {
        arb_sub(f[i], f[i], mid[i], prec);
        arb_sub_ui(jacobian[3 * i], jacobian[3 * i], 1, prec);
    }
    arb_mul(det, jacobian[0], jacobian[3], prec);
    arb_submul(det, jacobian[1], jacobian[2], prec);
    for (int i = 0; i < 2; i++) { /* Cramer */
        arb_mul(term, f[i], jacobian[3 - 3 * i], prec);
        arb_submul(term, f[1 - i], jacobian[1 + i], prec);
        arb_div(term, term, det, prec);
        arb_sub(next[i], mid[i], term, prec);
    }
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    for (int i = 0; i < 2; i++)
        arb_clear(f[i]);
    arb_clear(det);
    arb_clear(term);
}

enum sn_status audit_fixed_point_arb(arb_t mean, arb_t variance,
    const arb_t lambda, const arb_t alpha, slong prec)
{
    NUM_STRUCT(map_point, point);
    arb_t mid[2], box[2], next[2];
    for (int i = 0; i < 2; i++) {
        arb_init(mid[i]);
        arb_init(box[i]);
        arb_init(next[i]);
        arb_set_ui(mid[i], (ulong)i);
    }
    arb_zero(point.omega);
    arb_one(point.tau);
    arb_set(point.lambda, lambda);
    arb_set(point.alpha, alpha);
    /* the error is squared by each step: as many as the bits need, and more */
    for (slong bits = 1; bits < 64 * prec; bits *= 2) {
        newton_step(
            next, &point, (const arb_t *)mid, (const arb_t *)mid, prec);
        for (int i = 0; i < 2; i++)
            arb_get_mid_arb(mid[i], next[i]);
    }
    /* Newton's image of the box inside it proves one fixed point, the only */
    enum sn_status status = SN_OK;
    for (int i = 0; i < 2; i++) {
        arb_set(box[i], mid[i]);
        arb_add_error_2exp_si(box[i], -prec / 2);
    }
    newton_step(next, &point, (const arb_t *)mid, (const arb_t *)box, prec);
    for (int i = 0; i < 2; i++)
        if (!arb_is_finite(next[i]) || !arb_contains_interior(box[i], next[i]))
            status = SN_UNDECIDED;
    if (status == SN_OK) {
        arb_set(mean, next[0]);
        arb_set(variance, next[1]);
    }
    for (int i = 0; i < 2; i++) {
        arb_clear(mid[i]);
        arb_clear(box[i]);
        arb_clear(next[i]);
    }
    return status;
}

enum sn_status audit_fixed_point_with(arb_t mean, arb_t variance,
    enum audit_constant constant, double x, slong prec)
{
    NUM_ARB(lambda, alpha);
    constants_selu_arb(lambda, alpha, prec);
    arb_set_d(constant == AUDIT_LAMBDA ? lambda : alpha, x);
    if (constant == AUDIT_ALPHA_PRIME)
        arb_div(alpha, alpha, lambda, prec);
    return audit_fixed_point_arb(mean, variance, lambda, alpha, prec);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/tail.h"
#include "fixedpoint/expressions/growth.h"

/*
 * For |g| <= e^log_g the integrand is at most e^F,
 *     F(t) = c0 + c1 t + c2 t^2 - (t - side m)^2/(2v) - log(2 pi v)/2,
 * and where F is concave with F'(R) < 0 it lies below its tangent at R: the
 * integral is at most e^F(R)/-F'(R).
 */
static void integrate_tail(mag_t bound, const struct expr_form *log_g,
    int side, const arb_t r, const struct act_integration *job)
{
    const arb_struct *m = job->m, *v = job->v;
    const slong prec = job->prec;
    NUM_STRUCT(expr_form, y);
    NUM_ARB(s, t, u);
    expr_form_add(&y, log_g, 1, log_g);
    expr_form_max(&y, log_g, &y, r); /* |g| and g^2 */
    /* 1 + u^2 <= t^2 k, k = 1 + (1 + |m|)^2/v, as t >= 1 */
    arb_abs(s, m);
    arb_add_ui(s, s, 1, prec);
    arb_sqr(s, s, prec);
    arb_div(s, s, v, prec);
    arb_add_ui(s, s, 1, prec);
    arb_log(s, s, prec);
    arb_add(y.c[C0], y.c[C0], s, prec);
    arb_add_ui(y.c[CLOG], y.c[CLOG], 2, prec);
    expr_form_drop_log(&y, r);

    mag_inf(bound);
    arb_inv(u, v, prec);
    arb_mul_2exp_si(u, u, -1);
    bool concave = arb_lt(y.c[C2], u);
    /* s = F(R), without the logarithm; t = F'(R) */
    arb_mul_si(u, m, -side, prec);
    arb_add(u, u, r, prec);
    arb_div(t, u, v, prec); /* (R - side m)/v */
    arb_mul(u, u, t, prec);
    arb_mul_2exp_si(u, u, -1);
    arb_neg(t, t);
    arb_mul(s, y.c[C2], r, prec);
    arb_add(s, s, y.c[C1], prec);
    arb_add(t, t, s, prec);
    arb_addmul(t, y.c[C2], r, prec);
    arb_mul(s, s, r, prec);
    arb_add(s, s, y.c[C0], prec);
    arb_sub(s, s, u, prec);
    if (y.known && concave && arb_is_negative(t)) {
        arb_exp(s, s, prec);
        arb_const_pi(u, prec);
        arb_mul(u, u, v, prec);
        arb_mul_2exp_si(u, u, 1);
        arb_sqrt(u, u, prec);
        arb_mul(u, u, t, prec);
        arb_div(s, s, u, prec);
        arb_get_mag(bound, s);
    }
}

int act_tail_bound(mag_t bound, const struct act_integration *job, int root,
    int side, const arf_t r)
{
    NUM_STRUCT(expr_form, log_above);
    NUM_ARB(start);
    int culprit = root;
    mag_inf(bound);
    arb_set_arf(start, r);
    if (expr_growth(&log_above, &culprit, job->f, root, side, start) == SN_OK)
        integrate_tail(bound, &log_above, side, start, job);
    return culprit;
}

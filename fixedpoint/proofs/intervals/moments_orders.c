/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Derivatives in m of the moments, from the basis of a box. */
#include "fixedpoint/proofs/intervals/moments.h"

static void order_init(mpfi_ptr x)
{
    mpfi_init2(x, IV_PROOF_PRECISION);
}

static void order_clear(mpfi_ptr x)
{
    mpfi_clear(x);
}

static void each_order(struct iv_orders *o, void (*f)(mpfi_ptr x))
{
    for (int k = 0; k < IV_MORE_ORDERS; k++) {
        f(o->n[k]);
        f(o->x1[k]);
        f(o->x2[k]);
        f(o->e[k]);
        f(o->q[k]);
    }
}

void iv_orders_init(struct iv_orders *orders)
{
    each_order(orders, order_init);
}

void iv_orders_clear(struct iv_orders *orders)
{
    each_order(orders, order_clear);
}

static void each_factor(struct iv_factors *w, void (*f)(mpfi_ptr x))
{
    mpfi_ptr all[] = {
        w->lambda, w->alpha, w->lambda2, w->alpha1, w->alpha2, w->s, w->t};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        f(all[i]);
}

void iv_factors_init(struct iv_factors *factors)
{
    each_factor(factors, order_init);
}

void iv_factors_clear(struct iv_factors *factors)
{
    each_factor(factors, order_clear);
}

void iv_factors_set(struct iv_factors *w, const struct iv_selu *selu)
{
    mpfi_set(w->lambda, selu->lambda);
    mpfi_set(w->alpha, selu->alpha);
    mpfi_sqr(w->lambda2, w->lambda);
    mpfi_sqr(w->alpha2, w->alpha);
    mpfi_sub_ui(w->alpha1, w->alpha, 1);
}

/* N'' = (r^2 - 1/v) N, N^(k) = -r N^(k-1) - (k-1)/v N^(k-2), r = m/v. */
static void density(mpfi_t *n, const struct iv_basis *basis, int k, mpfi_ptr s)
{
    mpfi_srcptr r = basis->ratio;
    if (k == 0) {
        mpfi_set(n[0], basis->n);
        return;
    }
    if (k == 2) {
        mpfi_sqr(n[2], r);
        mpfi_inv(s, basis->v);
        mpfi_sub(n[2], n[2], s);
        mpfi_mul(n[2], n[2], n[0]);
        return;
    }
    mpfi_mul(n[k], r, n[k - 1]);
    mpfi_neg(n[k], n[k]);
    if (k == 1)
        return;
    mpfi_div(s, n[k - 2], basis->v);
    mpfi_mul_si(s, s, k - 1);
    mpfi_sub(n[k], n[k], s);
}

/*
 * e[0], e[1], q[0], q[1], before the powers of lambda; s = m P + v N:
 *   e0 = s + a (X1 - C)                       e1 = P + a X1
 *   q0 = m s + v P + a^2 (X2 - 2 X1 + C)      q1 = 2 s + 2 a^2 (X2 - X1)
 */
static void first_orders(
    struct iv_factors *w, struct iv_orders *o, const struct iv_basis *b)
{
    mpfi_t *e = o->e, *q = o->q;
    mpfi_ptr s = w->s, t = w->t;
    mpfi_mul(s, b->m, b->p);
    mpfi_mul(t, b->v, b->n);
    mpfi_add(s, s, t);
    mpfi_sub(e[0], b->x1, b->c);
    mpfi_mul(e[0], e[0], w->alpha);
    mpfi_add(e[0], e[0], s);
    mpfi_mul(e[1], w->alpha, b->x1);
    mpfi_add(e[1], e[1], b->p);
    mpfi_sub(t, b->x2, b->x1);
    mpfi_sub(q[0], t, b->x1);
    mpfi_add(q[0], q[0], b->c);
    mpfi_mul(q[0], q[0], w->alpha2);
    mpfi_mul(q[1], t, w->alpha2);
    mpfi_add(q[1], q[1], s);
    mpfi_mul_2ui(q[1], q[1], 1);
    mpfi_mul(t, b->m, s);
    mpfi_add(q[0], q[0], t);
    mpfi_mul(t, b->v, b->p);
    mpfi_add(q[0], q[0], t);
}

/*
 *   e_k = a X1^(k-2) - (a - 1) N^(k-2)
 *   q_k = 2 P^(k-2) + 2 a^2 (2 X2 - X1)^(k-2),  P' = N
 */
static void further_order(
    struct iv_factors *w, struct iv_orders *o, const struct iv_basis *b, int k)
{
    mpfi_ptr s = w->s;
    int j = k - 2;
    density(o->n, b, j, s);
    if (!j) {
        mpfi_set(o->x1[0], b->x1);
        mpfi_set(o->x2[0], b->x2);
    } else {
        mpfi_sub(o->x1[j], o->x1[j - 1], o->n[j - 1]);
        mpfi_mul_2ui(o->x2[j], o->x2[j - 1], 1);
        mpfi_sub(o->x2[j], o->x2[j], o->n[j - 1]);
    }
    mpfi_mul(o->e[k], w->alpha, o->x1[j]);
    mpfi_mul(s, w->alpha1, o->n[j]);
    mpfi_sub(o->e[k], o->e[k], s);
    mpfi_mul_2ui(s, o->x2[j], 1);
    mpfi_sub(s, s, o->x1[j]);
    mpfi_mul(s, s, w->alpha2);
    mpfi_add(s, s, j ? o->n[j - 1] : b->p);
    mpfi_mul_2ui(o->q[k], s, 1);
}

void iv_orders_set(struct iv_orders *o, struct iv_factors *w,
    const struct iv_basis *basis, int count)
{
    first_orders(w, o, basis);
    for (int k = 2; k < count; k++)
        further_order(w, o, basis, k);
    for (int k = 0; k < count; k++) {
        mpfi_mul(o->e[k], o->e[k], w->lambda);
        mpfi_mul(o->q[k], o->q[k], w->lambda2);
    }
}

/* d[k] within d[k](centre) + d[k+1] (m - centre) + d[k+2]/2 (v - centre) */
static void sharpen(mpfi_t *d, const mpfi_t *centre, struct iv_factors *w,
    mpfi_srcptr step_m, mpfi_srcptr step_v, int count)
{
    mpfi_ptr s = w->s, t = w->t;
    for (int k = count - 1; k >= 0; k--) {
        mpfi_mul(s, d[k + 1], step_m);
        mpfi_div_2ui(t, d[k + 2], 1);
        mpfi_mul(t, t, step_v);
        mpfi_add(s, s, t);
        mpfi_add(s, s, centre[k]);
        if (iv_is_interval(s) && iv_is_interval(d[k]))
            mpfi_intersect(d[k], d[k], s);
        else if (iv_is_interval(s))
            mpfi_set(d[k], s);
    }
}

void iv_orders_sharpen(struct iv_orders *box, struct iv_factors *w,
    const struct iv_orders *centre, mpfi_srcptr step_m, mpfi_srcptr step_v,
    int count)
{
    sharpen(box->e, centre->e, w, step_m, step_v, count);
    sharpen(box->q, centre->q, w, step_m, step_v, count);
}

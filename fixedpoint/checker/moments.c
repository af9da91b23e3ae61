/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker's own moments.  With z ~ N(m, v), Phi the normal distribution:
 *   P = Phi(m/sqrt v), X_k = E e^(kz) 1{z<0}
 *     = e^(km + k^2 v/2) Phi(-(m + kv)/sqrt v) = (N v) w((m + kv)/sqrt v),
 * w(t) = sqrt(pi/2) e^(t^2/2) erfc(t/sqrt 2), which is monotone.
 * Derivatives in m follow from X_k' = k X_k - N and Hermite polynomials for N;
 * a derivative in v is half of two in m.  Over a box: Taylor's formula at its
 * centre with the remainder of second order.
 */
#include "fixedpoint/checker/checker.h"

void snc_moments_init(struct snc_moments *moments)
{
    arb_init(moments->p);
    arb_init(moments->c);
    for (int k = 0; k < SNC_ALL_ORDERS; k++) {
        arb_init(moments->n[k]);
        arb_init(moments->x1[k]);
        arb_init(moments->x2[k]);
        arb_init(moments->e[k]);
        arb_init(moments->q[k]);
    }
}

void snc_moments_clear(struct snc_moments *moments)
{
    arb_clear(moments->p);
    arb_clear(moments->c);
    for (int k = 0; k < SNC_ALL_ORDERS; k++) {
        arb_clear(moments->n[k]);
        arb_clear(moments->x1[k]);
        arb_clear(moments->x2[k]);
        arb_clear(moments->e[k]);
        arb_clear(moments->q[k]);
    }
}

/* w at a point, or over a ball from its ends: w decreases. */
static void mills(arb_t y, const arb_t t)
{
    arf_t end[2];
    arb_t x, factor, value[2];
    arb_init(x);
    arb_init(factor);
    arb_const_pi(factor, SNC_PREC);
    arb_mul_2exp_si(factor, factor, -1);
    arb_sqrt(factor, factor, SNC_PREC);
    for (int i = 0; i < 2; i++) {
        arf_init(end[i]);
        arb_init(value[i]);
    }
    arb_get_lbound_arf(end[0], t, SNC_PREC);
    arb_get_ubound_arf(end[1], t, SNC_PREC);
    for (int i = 0; i < 2; i++) {
        arb_set_arf(x, end[i]);
        arb_mul(value[i], x, x, 2 * SNC_PREC);
        arb_mul_2exp_si(value[i], value[i], -1);
        arb_exp(value[i], value[i], SNC_PREC);
        arb_set_ui(y, 2);
        arb_rsqrt(y, y, SNC_PREC);
        arb_mul(x, x, y, SNC_PREC);
        arb_hypgeom_erfc(x, x, SNC_PREC);
        arb_mul(value[i], value[i], x, SNC_PREC);
        arb_mul(value[i], value[i], factor, SNC_PREC);
        if (arf_equal(end[0], end[1])) {
            arb_set(value[1 - i], value[i]);
            break;
        }
    }
    arb_union(y, value[0], value[1], SNC_PREC);
    for (int i = 0; i < 2; i++) {
        arf_clear(end[i]);
        arb_clear(value[i]);
    }
    arb_clear(x);
    arb_clear(factor);
}

/* Everything for a ball of (m, v), term by term. */
static void directly(struct snc_moments *o, const arb_t m, const arb_t v,
    const arb_t lambda, const arb_t alpha, int orders)
{
    const slong prec = SNC_PREC;
    arb_t root, t, s, r, alpha2, moment;
    arb_init(root);
    arb_init(t);
    arb_init(s);
    arb_init(r);
    arb_init(alpha2);
    arb_init(moment);
    arb_mul(alpha2, alpha, alpha, prec);
    arb_sqrt(root, v, prec);
    arb_div(t, m, root, prec);
    /* C = erfc(t / sqrt 2) / 2 */
    arb_set_ui(s, 2);
    arb_rsqrt(s, s, prec);
    arb_mul(s, s, t, prec);
    arb_hypgeom_erfc(o->c, s, prec);
    arb_mul_2exp_si(o->c, o->c, -1);
    arb_sub_ui(o->p, o->c, 1, prec);
    arb_neg(o->p, o->p);
    /* N = e^(-t^2/2) / sqrt(2 pi v) */
    arb_mul(s, t, t, prec);
    arb_mul_2exp_si(s, s, -1);
    arb_neg(s, s);
    arb_exp(o->n[0], s, prec);
    arb_const_pi(s, prec);
    arb_mul_2exp_si(s, s, 1);
    arb_sqrt(s, s, prec);
    arb_mul(s, s, root, prec);
    arb_div(o->n[0], o->n[0], s, prec);
    for (int k = 1; k <= 2; k++) {
        arb_ptr x = k == 1 ? o->x1[0] : o->x2[0];
        arb_mul_si(s, root, k, prec);
        arb_add(s, s, t, prec);
        mills(x, s);
        arb_mul(x, x, o->n[0], prec);
        arb_mul(x, x, root, prec);
    }
    arb_div(r, m, v, prec);
    /* N^(k) = -(m N^(k-1) + (k-1) N^(k-2)) / v */
    for (int k = 1; k < orders; k++) {
        arb_mul(o->n[k], r, o->n[k - 1], prec);
        if (k > 1) {
            arb_mul_si(s, o->n[k - 2], k - 1, prec);
            arb_div(s, s, v, prec);
            arb_add(o->n[k], o->n[k], s, prec);
        }
        arb_neg(o->n[k], o->n[k]);
        arb_sub(o->x1[k], o->x1[k - 1], o->n[k - 1], prec);
        arb_mul_2exp_si(o->x2[k], o->x2[k - 1], 1);
        arb_sub(o->x2[k], o->x2[k], o->n[k - 1], prec);
    }
    /* E f, E f' = P + a X1, and from there: P' = N, X1' as above */
    arb_mul(moment, m, o->p, prec);
    arb_mul(s, v, o->n[0], prec);
    arb_add(moment, moment, s, prec); /* E z 1{z>0} */
    arb_sub(o->e[0], o->x1[0], o->c, prec);
    arb_mul(o->e[0], o->e[0], alpha, prec);
    arb_add(o->e[0], o->e[0], moment, prec);
    /* E f^2 = m E z+ + v P + a^2 (X2 - 2 X1 + C) */
    arb_sub(o->q[0], o->x2[0], o->x1[0], prec);
    arb_sub(o->q[0], o->q[0], o->x1[0], prec);
    arb_add(o->q[0], o->q[0], o->c, prec);
    arb_mul(o->q[0], o->q[0], alpha2, prec);
    arb_addmul(o->q[0], m, moment, prec);
    arb_addmul(o->q[0], v, o->p, prec);
    for (int k = 1; k < orders; k++) {
        /* (P + a X1)^(k-1) */
        arb_mul(o->e[k], alpha, o->x1[k - 1], prec);
        arb_add(o->e[k], o->e[k], k == 1 ? o->p : o->n[k - 2], prec);
        /* 2 (E z+ + a^2 (X2 - X1))^(k-1); (E z+)' = P */
        arb_sub(o->q[k], o->x2[k - 1], o->x1[k - 1], prec);
        arb_mul(o->q[k], o->q[k], alpha2, prec);
        arb_add(o->q[k], o->q[k],
            k == 1   ? moment
            : k == 2 ? o->p
                     : o->n[k - 3],
            prec);
        arb_mul_2exp_si(o->q[k], o->q[k], 1);
    }
    for (int k = 0; k < orders; k++) {
        arb_mul(o->e[k], o->e[k], lambda, prec);
        arb_mul(o->q[k], o->q[k], lambda, prec);
        arb_mul(o->q[k], o->q[k], lambda, prec);
    }
    arb_clear(root);
    arb_clear(t);
    arb_clear(s);
    arb_clear(r);
    arb_clear(alpha2);
    arb_clear(moment);
}

/*
 * y_k over the box: y_k + y_(k+1) a + y_(k+2) b/2 at the centre, and half of
 * y_(k+2) a^2 + y_(k+3) a b + y_(k+4) b^2/4 over the box; a = m - centre,
 * b = v - centre.
 */
static void taylor(
    arb_t *box, arb_t *centre, const arb_t a, const arb_t b, int orders)
{
    arb_t sum, term;
    arb_init(sum);
    arb_init(term);
    for (int k = 0; k < orders; k++) {
        arb_mul(sum, box[k + 2], a, SNC_PREC);
        arb_addmul(sum, box[k + 3], b, SNC_PREC);
        arb_mul(sum, sum, a, SNC_PREC);
        arb_mul(term, box[k + 4], b, SNC_PREC);
        arb_mul(term, term, b, SNC_PREC);
        arb_mul_2exp_si(term, term, -2);
        arb_add(sum, sum, term, SNC_PREC);
        arb_addmul(sum, centre[k + 2], b, SNC_PREC);
        arb_mul_2exp_si(sum, sum, -1);
        arb_addmul(sum, centre[k + 1], a, SNC_PREC);
        arb_add(sum, sum, centre[k], SNC_PREC);
        /* both hold the truth: so does what they share */
        if (arb_is_finite(sum) &&
            (!arb_is_finite(box[k]) ||
                !arb_intersection(box[k], box[k], sum, SNC_PREC)))
            arb_set(box[k], sum);
    }
    arb_clear(sum);
    arb_clear(term);
}

void snc_moments(struct snc_moments *box, struct snc_moments *centre,
    const arb_t m, const arb_t v, const arb_t lambda, const arb_t alpha,
    int orders)
{
    if (arb_is_exact(m) && arb_is_exact(v)) {
        directly(box, m, v, lambda, alpha, orders);
        return;
    }
    arb_t a, b, mid_m, mid_v;
    arb_init(a);
    arb_init(b);
    arb_init(mid_m);
    arb_init(mid_v);
    directly(box, m, v, lambda, alpha, orders + 4);
    arb_get_mid_arb(mid_m, m);
    arb_get_mid_arb(mid_v, v);
    directly(centre, mid_m, mid_v, lambda, alpha, orders + 2);
    arb_sub(a, m, mid_m, SNC_PREC);
    arb_sub(b, v, mid_v, SNC_PREC);
    taylor(box->e, centre->e, a, b, orders);
    taylor(box->q, centre->q, a, b, orders);
    arb_clear(a);
    arb_clear(b);
    arb_clear(mid_m);
    arb_clear(mid_v);
}

/*
 * E f = mu and E f^2 = nu + mu^2 = w: with E f = l (a0 + a a1) and
 * E f^2 = l^2 (b0 + a^2 b1), f = selu; for mu = 0 a = -a0/a1, else
 * a^2 (w a1^2 - mu^2 b1) + 2 a w a0 a1 + w a0^2 - mu^2 b0 = 0, and the root
 * with a > 0 and l > 0.
 */
bool snc_constants(arb_t lambda, arb_t alpha, const fmpq_t design[4])
{
    const slong prec = 2 * SNC_PREC;
    struct snc_moments o;
    fmpq_t x;
    arb_t m, v, one, mu, w, a0, a1, b0, b1, a, b, c, root;
    arb_ptr all[] = {m, v, one, mu, w, a0, a1, b0, b1, a, b, c, root};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_init(all[i]);
    snc_moments_init(&o);
    fmpq_init(x);
    fmpq_mul(x, design[0], design[2]);
    arb_set_fmpq(m, x, prec);
    fmpq_mul(x, design[1], design[3]);
    arb_set_fmpq(v, x, prec);
    arb_set_fmpq(mu, design[0], prec);
    fmpq_mul(x, design[0], design[0]);
    fmpq_add(x, x, design[1]);
    arb_set_fmpq(w, x, prec);
    arb_one(one);
    directly(&o, m, v, one, one, 2);
    arb_mul(a0, m, o.p, prec);
    arb_addmul(a0, v, o.n[0], prec);
    arb_sub(a1, o.x1[0], o.c, prec);
    arb_mul(b0, m, a0, prec);
    arb_addmul(b0, v, o.p, prec);
    arb_sub(b1, o.x2[0], o.x1[0], prec);
    arb_sub(b1, b1, o.x1[0], prec);
    arb_add(b1, b1, o.c, prec);
    bool found = false;
    for (int sign = -1; sign <= 1 && !found; sign += 2) {
        if (fmpq_is_zero(design[0])) {
            arb_div(alpha, a0, a1, prec);
            arb_neg(alpha, alpha);
        } else {
            arb_mul(a, a1, a1, prec);
            arb_mul(a, a, w, prec);
            arb_mul(c, mu, mu, prec);
            arb_submul(a, c, b1, prec);
            arb_mul(b, w, a0, prec);
            arb_mul(b, b, a1, prec); /* half of it */
            arb_mul(c, c, b0, prec);
            arb_neg(c, c);
            arb_mul(root, a0, a0, prec);
            arb_addmul(c, root, w, prec);
            arb_mul(root, b, b, prec);
            arb_submul(root, a, c, prec);
            arb_sqrt(root, root, prec);
            arb_mul_si(root, root, sign, prec);
            arb_sub(root, root, b, prec);
            arb_div(alpha, root, a, prec);
        }
        /* l = sqrt(w / (b0 + a^2 b1)); E f then has the sign of a0 + a a1 */
        arb_mul(root, alpha, alpha, prec);
        arb_mul(root, root, b1, prec);
        arb_add(root, root, b0, prec);
        arb_div(root, w, root, prec);
        arb_sqrt(lambda, root, prec);
        arb_mul(root, alpha, a1, prec);
        arb_add(root, root, a0, prec);
        arb_mul(root, root, lambda, prec);
        found = arb_is_positive(alpha) && arb_is_finite(lambda) &&
                arb_overlaps(root, mu);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_clear(all[i]);
    snc_moments_clear(&o);
    fmpq_clear(x);
    return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker's own moments.  With z ~ N(m, v), Phi the normal distribution:
 *   P = Phi(m/sqrt v), X_k = E e^(kz) 1{z<0}
 *     = e^(km + k^2 v/2) Phi(-(m + kv)/sqrt v) = (N v) w((m + kv)/sqrt v),
 * w(t) = sqrt(pi/2) e^(t^2/2) erfc(t/sqrt 2), Mills' ratio, which decreases.
 * Derivatives in m follow from X_k' = k X_k - N and Hermite polynomials for N;
 * a derivative in v is half of two in m (heat equation).  Over a box: Taylor's
 * formula at its centre with the remainder of second order.
 */
#include "fixedpoint/checker/parts.h"
#include <string.h>

void snc_moments_init(struct snc_moments *o)
{
    o->all = _arb_vec_init(3 + 5 * SNC_ROOM);
    o->p = o->all;
    o->c = o->p + 1;
    o->plus = o->c + 1;
    o->n = o->plus + 1;
    o->x1 = o->n + SNC_ROOM;
    o->x2 = o->x1 + SNC_ROOM;
    o->e = o->x2 + SNC_ROOM;
    o->q = o->e + SNC_ROOM;
}

void snc_moments_clear(struct snc_moments *o)
{
    _arb_vec_clear(o->all, 3 + 5 * SNC_ROOM);
}

/* w at a point. */
static void mills_at(arb_t y, const arf_t t, slong prec)
{
    arb_ptr a = _arb_vec_init(2);
    arb_set_arf(a, t);
    arb_mul(y, a, a, 2 * prec);
    arb_mul_2exp_si(y, y, -1);
    arb_exp(y, y, prec);
    arb_set_d(a + 1, 0.5);
    arb_sqrt(a + 1, a + 1, prec);
    arb_mul(a, a, a + 1, prec);
    arb_hypgeom_erfc(a, a, prec);
    arb_mul(y, y, a, prec);
    arb_const_sqrt_pi(a, prec);
    arb_mul(y, y, a, prec);
    arb_mul(y, y, a + 1, prec);
    _arb_vec_clear(a, 2);
}

/* Over a ball from its ends. */
void snc_mills(arb_t y, slong prec)
{
    NUM_ARF(low, high);
    NUM_ARB(other);
    arb_get_interval_arf(low, high, y, prec);
    mills_at(y, low, prec);
    mills_at(other, high, prec);
    arb_union(y, y, other, prec);
}

/* N, X1, X2 and from there E f and E f^2 of f = selu by order. */
static void differentiate(struct snc_moments *o, arb_srcptr m, arb_srcptr v,
    arb_srcptr lambda, arb_srcptr alpha, int orders, slong prec)
{
    arb_ptr t = _arb_vec_init(2);
    for (int k = 1; k < orders; k++) {
        /* N^(k) = -(m N^(k-1) + (k-1) N^(k-2)) / v */
        arb_mul(t, m, o->n + k - 1, prec);
        if (k > 1)
            arb_addmul_si(t, o->n + k - 2, k - 1, prec);
        arb_div(t, t, v, prec);
        arb_neg(o->n + k, t);
        arb_sub(o->x1 + k, o->x1 + k - 1, o->n + k - 1, prec);
        arb_mul_2exp_si(o->x2 + k, o->x2 + k - 1, 1);
        arb_sub(o->x2 + k, o->x2 + k, o->n + k - 1, prec);
    }
    for (int k = 1; k < orders; k++) {
        /* (P + a X1)^(k-1), and P' = N */
        arb_mul(o->e + k, alpha, o->x1 + k - 1, prec);
        arb_add(o->e + k, o->e + k, k == 1 ? o->p : o->n + k - 2, prec);
        /* 2 (plus + a^2 (X2 - X1))^(k-1), and plus' = P */
        arb_sub(o->q + k, o->x2 + k - 1, o->x1 + k - 1, prec);
        arb_mul(o->q + k, o->q + k, alpha, prec);
        arb_mul(o->q + k, o->q + k, alpha, prec);
        arb_srcptr more[] = {o->plus, o->p, o->n + k - 3};
        arb_add(o->q + k, o->q + k, more[k < 3 ? k - 1 : 2], prec);
        arb_mul_2exp_si(o->q + k, o->q + k, 1);
    }
    arb_mul(t, lambda, lambda, prec);
    _arb_vec_scalar_mul(o->e, o->e, orders, lambda, prec);
    _arb_vec_scalar_mul(o->q, o->q, orders, t, prec);
    _arb_vec_clear(t, 2);
}

void snc_moments_at(struct snc_moments *o, arb_srcptr m, arb_srcptr v,
    arb_srcptr lambda, arb_srcptr alpha, int orders, slong prec)
{
    NUM_ARB(pi);
    arb_const_pi(pi, prec);
    const struct snc_scope scope = {.prec = prec,
        .names = 11,
        .name = {{"m", m}, {"v", v}, {"pi", pi}, {"alpha", alpha}, {"P", o->p},
            {"C", o->c}, {"plus", o->plus}, {"N", o->n}, {"X1", o->x1},
            {"X2", o->x2}, {"lambda", lambda}}};
    snc_formula(o->c, "erfc(m/sqrt(2*v))/2", &scope);
    snc_formula(o->p, "1 - C", &scope);
    snc_formula(o->n, "exp(-(m/sqrt(v))^2/2)/sqrt(2*pi*v)", &scope);
    snc_formula(o->x1, "N*sqrt(v)*mills(m/sqrt(v) + sqrt(v))", &scope);
    snc_formula(o->x2, "N*sqrt(v)*mills(m/sqrt(v) + 2*sqrt(v))", &scope);
    snc_formula(o->plus, "m*P + v*N", &scope); /* E z 1{z>0} */
    snc_formula(o->e, "plus + alpha*(X1 - C)", &scope);
    snc_formula(o->q, "m*plus + v*P + alpha^2*(X2 - 2*X1 + C)", &scope);
    differentiate(o, m, v, lambda, alpha, orders, prec);
}

/*
 * y_k over the box: y_k + y_(k+1) a + y_(k+2) b/2 at the centre, and half of
 * y_(k+2) a^2 + y_(k+3) a b + y_(k+4) b^2/4 over the box; a = m - centre,
 * b = v - centre.
 */
static void taylor(
    arb_ptr box, arb_srcptr centre, const arb_t a, const arb_t b, int orders)
{
    arb_ptr sum = _arb_vec_init(2), term = sum + 1;
    for (int k = 0; k < orders; k++) {
        arb_mul(sum, box + k + 2, a, SNC_PREC);
        arb_addmul(sum, box + k + 3, b, SNC_PREC);
        arb_mul(sum, sum, a, SNC_PREC);
        arb_mul(term, box + k + 4, b, SNC_PREC);
        arb_mul(term, term, b, SNC_PREC);
        arb_mul_2exp_si(term, term, -2);
        arb_add(sum, sum, term, SNC_PREC);
        arb_addmul(sum, centre + k + 2, b, SNC_PREC);
        arb_mul_2exp_si(sum, sum, -1);
        arb_addmul(sum, centre + k + 1, a, SNC_PREC);
        arb_add(sum, sum, centre + k, SNC_PREC);
        /* both hold the truth: so does what they share */
        if (arb_is_finite(sum) &&
            (!arb_is_finite(box + k) ||
                !arb_intersection(box + k, box + k, sum, SNC_PREC)))
            arb_set(box + k, sum);
    }
    _arb_vec_clear(sum, 2);
}

void snc_moments_on(struct snc_moments *box, struct snc_moments *centre,
    arb_srcptr m, arb_srcptr v, arb_srcptr lambda, arb_srcptr alpha,
    int orders)
{
    arb_ptr a = _arb_vec_init(4), b = a + 1, mid_m = a + 2, mid_v = a + 3;
    snc_moments_at(box, m, v, lambda, alpha, orders + 4, SNC_PREC);
    arb_get_mid_arb(mid_m, m);
    arb_get_mid_arb(mid_v, v);
    snc_moments_at(centre, mid_m, mid_v, lambda, alpha, orders + 2, SNC_PREC);
    arb_sub(a, m, mid_m, SNC_PREC);
    arb_sub(b, v, mid_v, SNC_PREC);
    taylor(box->e, centre->e, a, b, orders);
    taylor(box->q, centre->q, a, b, orders);
    _arb_vec_clear(a, 4);
}

int snc_moment_orders(const char *text)
{
    int most = 0;
    for (const char *at = text; (at = strchr(at, '_')); at++) {
        int m = (int)strspn(at + 1, "m"), v = (int)strspn(at + 1 + m, "v");
        if (m + 2 * v > most)
            most = m + 2 * v;
    }
    return most + 3 < SNC_ORDERS ? most + 3 : SNC_ORDERS;
}

/* d^(i+j) / dm^i dv^j of E f, E f^2 or, by Leibniz, of the variance. */
static void derivative(
    arb_t y, const struct snc_moments *o, char which, int i, int j)
{
    arb_mul_2exp_si(y, (which == 'M' ? o->e : o->q) + i + 2 * j, -j);
    if (which != 'V')
        return;
    NUM_ARB(term);
    for (int a = 0; a <= i; a++)
        for (int b = 0; b <= j; b++) {
            /* binomials of at most 3 */
            int ways = (a == 0 || a == i ? 1 : i) * (b == 0 || b == j ? 1 : j);
            arb_mul(
                term, o->e + a + 2 * b, o->e + i - a + 2 * (j - b), SNC_PREC);
            arb_mul_si(term, term, ways, SNC_PREC);
            arb_mul_2exp_si(term, term, -j);
            arb_sub(y, y, term, SNC_PREC);
        }
}

/* The moment of that name and its slopes: in m and v, then along the axes. */
bool snc_moment(arb_ptr y, const char *word, const struct snc_scope *s)
{
    const struct snc_moments *o = s->moments;
    bool is_p = !strcmp(word, "P"), is_basic = is_p || !strcmp(word, "X2");
    bool derived = !is_basic && word[0] && word[1] == '_';
    int i = derived ? (int)strspn(word + 2, "m") : 0;
    int j = derived ? (int)strspn(word + 2 + i, "v") : 0;
    if (!is_basic &&
        (!*word || !strchr("MSV", *word) || i + j > 2 ||
            derived != (i + j > 0) || word[derived ? 2 + i + j : 1]))
        return false;
    arb_ptr by = _arb_vec_init(2);
    if (is_basic) { /* P' = N */
        arb_set(y, is_p ? o->p : o->x2);
        arb_set(by, is_p ? o->n : o->x2 + 1);
        arb_mul_2exp_si(by + 1, is_p ? o->n + 1 : o->x2 + 2, -1);
    } else {
        derivative(y, o, *word, i, j);
        derivative(by, o, *word, i + 1, j);
        derivative(by + 1, o, *word, i, j + 1);
    }
    for (int k = 1; k <= s->axes; k++) {
        arb_mul(y + k, by, s->m + k, SNC_PREC);
        arb_addmul(y + k, by + 1, s->v + k, SNC_PREC);
    }
    _arb_vec_clear(by, 2);
    return true;
}

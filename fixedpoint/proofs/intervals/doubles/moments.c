/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The formulas of moments_basis.c, moments_orders.c and map_mpfi.c (see there
 * and docs/mathematics/proofs.md), in intervals of doubles.
 */
#include "fixedpoint/proofs/intervals/doubles/moments.h"
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

bool iv_doubles_are_usable(void)
{
    volatile double one = 1, least = DBL_MIN, up, down, half;
    up = one + 0x1p-53; /* ties to even: 1; upwards it is above */
    down = one - 0x1p-54;
    half = least / 2;
    return up == 1 && down == 1 && half > 0;
}

struct iv_doubles *iv_doubles_new(void)
{
    struct iv_doubles *doubles = calloc(1, sizeof *doubles);
    if (!doubles)
        return NULL;
    iv_series_exp(&doubles->exp);
    iv_series_erfcx(&doubles->erfcx);
    mpfi_t pi;
    mpfi_init2(pi, IV_PROOF_PRECISION);
    mpfi_const_pi(pi);
    mpfi_sqrt(pi, pi);
    doubles->sqrt_pi = iv_span_mpfi(pi);
    mpfi_clear(pi);
    return doubles;
}

void iv_doubles_free(struct iv_doubles *doubles)
{
    free(doubles);
}

static struct iv_span within_unit(struct iv_span x)
{
    return iv_span_of(fmax(x.lo, 0), fmin(x.hi, 1));
}

/* erfc(t)/2 = e^(-t^2) erfcx(t)/2 at a point, for t < 0 by 1 less that. */
static struct iv_span upper_tail(struct iv_doubles *w, double t)
{
    double s = fabs(t);
    struct iv_span square = iv_sqr(iv_span_of(s, s));
    struct iv_span y = iv_scale(
        iv_mul(iv_series_over(&w->exp, square), iv_series_at(&w->erfcx, s)),
        0.5);
    return t >= 0 ? y : iv_sub(iv_span_of(1, 1), y);
}

/* erfc(t)/2 falls. */
static struct iv_span tail(struct iv_doubles *w, struct iv_span t)
{
    struct iv_span left = upper_tail(w, t.lo);
    return within_unit(
        t.lo == t.hi ? left : iv_span_of(upper_tail(w, t.hi).lo, left.hi));
}

/* E e^(kz) 1{z<0}, as truncated_exponential() of moments_basis.c. */
static struct iv_span truncated(struct iv_doubles *w, double k,
    struct iv_span m, struct iv_span v, struct iv_span t, struct iv_span root,
    struct iv_span gauss)
{
    struct iv_span a = iv_add(t, iv_scale(root, k / 2));
    struct iv_span x = within_unit(
        iv_scale(iv_mul(iv_series_over(&w->erfcx, a), gauss), 0.5));
    if (a.lo >= 0)
        return x;
    struct iv_span rise = iv_add(iv_scale(m, k), iv_scale(v, k * k / 2));
    struct iv_span power = iv_series_over(&w->exp, iv_neg(rise));
    return iv_both(x, within_unit(iv_mul(power, tail(w, a))));
}

struct basis {
    struct iv_span m, v, ratio, inverse, x1, x2;
};

/* P, C and N go into the chain. */
static struct basis basis_of(struct iv_doubles *w, struct iv_chain *o,
    struct iv_span m, struct iv_span v)
{
    struct iv_span root = iv_root(iv_scale(v, 2)), t = iv_div(m, root);
    struct iv_span gauss = iv_series_over(&w->exp, iv_sqr(t));
    o->c = tail(w, t);
    o->p = tail(w, iv_neg(t));
    o->n[0] = iv_div(gauss, iv_mul(w->sqrt_pi, root));
    return (struct basis){.m = m,
        .v = v,
        .ratio = iv_div(m, v),
        .inverse = iv_div(iv_span_of(1, 1), v),
        .x1 = truncated(w, 1, m, v, t, root, gauss),
        .x2 = truncated(w, 2, m, v, t, root, gauss)};
}

static struct iv_span density(
    const struct iv_chain *o, const struct basis *b, int k)
{
    if (k == 0)
        return o->n[0];
    if (k == 2)
        return iv_mul(iv_sub(iv_sqr(b->ratio), b->inverse), o->n[0]);
    struct iv_span y = iv_neg(iv_mul(b->ratio, o->n[k - 1]));
    if (k == 1)
        return y;
    double j = k - 1;
    return iv_sub(
        y, iv_mul(iv_span_of(j, j), iv_mul(o->n[k - 2], b->inverse)));
}

static void chain_set(struct iv_doubles *w, struct iv_chain *o,
    struct iv_span m, struct iv_span v, int count)
{
    struct basis b = basis_of(w, o, m, v);
    struct iv_span alpha = w->alpha, alpha2 = iv_sqr(alpha);
    struct iv_span alpha1 = iv_sub(alpha, iv_span_of(1, 1));
    struct iv_span lambda2 = iv_sqr(w->lambda);
    struct iv_span s = iv_add(iv_mul(m, o->p), iv_mul(v, o->n[0]));
    struct iv_span t = iv_sub(b.x2, b.x1);
    o->e[0] = iv_add(iv_mul(iv_sub(b.x1, o->c), alpha), s);
    o->e[1] = iv_add(iv_mul(alpha, b.x1), o->p);
    o->q[0] = iv_add(iv_add(iv_mul(m, s), iv_mul(v, o->p)),
        iv_mul(iv_add(iv_sub(t, b.x1), o->c), alpha2));
    o->q[1] = iv_scale(iv_add(iv_mul(t, alpha2), s), 2);
    for (int k = 2, j = 0; k < count; k++, j++) {
        o->n[j] = density(o, &b, j);
        o->x1[j] = j ? iv_sub(o->x1[j - 1], o->n[j - 1]) : b.x1;
        o->x2[j] = j ? iv_sub(iv_scale(o->x2[j - 1], 2), o->n[j - 1]) : b.x2;
        o->e[k] = iv_sub(iv_mul(alpha, o->x1[j]), iv_mul(alpha1, o->n[j]));
        t = iv_mul(iv_sub(iv_scale(o->x2[j], 2), o->x1[j]), alpha2);
        o->q[k] = iv_scale(iv_add(t, j ? o->n[j - 1] : o->p), 2);
    }
    for (int k = 0; k < count; k++) {
        o->e[k] = iv_mul(o->e[k], w->lambda);
        o->q[k] = iv_mul(o->q[k], lambda2);
    }
}

/* d_k within d_k(centre) + d_(k+1) step_m + d_(k+2)/2 step_v. */
static void sharpen(struct iv_span *d, const struct iv_span *centre,
    struct iv_span step_m, struct iv_span step_v, int count)
{
    for (int k = count - 1; k >= 0; k--) {
        struct iv_span change = iv_add(
            iv_mul(d[k + 1], step_m), iv_mul(iv_scale(d[k + 2], 0.5), step_v));
        d[k] = iv_both(d[k], iv_add(centre[k], change));
    }
}

void iv_doubles_set(struct iv_doubles *w, struct iv_span m, struct iv_span v,
    int derivatives, bool slopes)
{
    int count = derivatives + (slopes ? 3 : 1); /* a jet needs two more */
    /* points are some units wide by rounding: nothing to sharpen */
    bool wide = m.hi - m.lo > 0x1p-44 * v.hi || v.hi - v.lo > 0x1p-44 * v.hi;
    memset(w->known, 0, sizeof w->known);
    chain_set(w, &w->box, m, v, wide ? count + 2 : count);
    if (!wide)
        return;
    double mid_m = m.lo + (m.hi - m.lo) / 2, mid_v = v.lo + (v.hi - v.lo) / 2;
    struct iv_span at_m = iv_span_of(mid_m, mid_m);
    struct iv_span at_v = iv_span_of(mid_v, mid_v);
    struct iv_span step_m = iv_sub(m, at_m), step_v = iv_sub(v, at_v);
    chain_set(w, &w->centre, at_m, at_v, count);
    sharpen(w->box.e, w->centre.e, step_m, step_v, count);
    sharpen(w->box.q, w->centre.q, step_m, step_v, count);
}

/* Which derivative each of M, M_m, M_v, M_mm, M_mv, M_vv is. */
static const int in_m[] = {0, 1, 0, 2, 1, 0}, in_v[] = {0, 0, 1, 0, 1, 2};

static struct iv_pair moment(const struct iv_span *d, int i)
{
    int order = in_m[i] + 2 * in_v[i];
    double scale = 1.0 / (1 << in_v[i]);
    return (struct iv_pair){iv_scale(d[order], scale),
        {iv_scale(d[order + 1], scale), iv_scale(d[order + 2], scale / 2)}};
}

static struct iv_pair basic(const struct iv_chain *o, enum iv_atom atom)
{
    const struct iv_span *d = atom == IV_X1   ? o->x1
                              : atom == IV_X2 ? o->x2
                                              : o->n;
    struct iv_span slope = d[0], bend = iv_scale(d[1], 0.5);
    switch (atom) {
    case IV_P:
        return (struct iv_pair){o->p, {slope, bend}};
    case IV_C:
        return (struct iv_pair){o->c, {iv_neg(slope), iv_neg(bend)}};
    default:
        return (struct iv_pair){d[0], {d[1], iv_scale(d[2], 0.5)}};
    }
}

/* y - 2 a b */
static void subtract_twice(
    struct iv_pair *y, const struct iv_pair *a, const struct iv_pair *b)
{
    y->f = iv_sub(y->f, iv_scale(iv_mul(a->f, b->f), 2));
    for (int i = 0; i < 2; i++) {
        struct iv_span t =
            iv_add(iv_mul(a->d[i], b->f), iv_mul(a->f, b->d[i]));
        y->d[i] = iv_sub(y->d[i], iv_scale(t, 2));
    }
}

/* V = S - M^2 and its derivatives by the product rule. */
static struct iv_pair variance(struct iv_doubles *w, int i)
{
    struct iv_pair y = moment(w->box.q, i), mean = moment(w->box.e, 0);
    if (i == 0) {
        y.f = iv_sub(y.f, iv_sqr(mean.f));
        for (int k = 0; k < 2; k++)
            y.d[k] = iv_sub(y.d[k], iv_scale(iv_mul(mean.f, mean.d[k]), 2));
        return y;
    }
    struct iv_pair slope = moment(w->box.e, i);
    subtract_twice(&y, &mean, &slope);
    if (i >= 3) {
        struct iv_pair a = moment(w->box.e, i == 5 ? 2 : 1),
                       b = moment(w->box.e, i == 3 ? 1 : 2);
        subtract_twice(&y, &a, &b);
    }
    return y;
}

const struct iv_pair *iv_doubles_atom(struct iv_doubles *w, enum iv_atom atom)
{
    struct iv_pair *y = &w->atom[atom];
    if (!w->known[atom]) {
        *y = atom < IV_MEAN       ? basic(&w->box, atom)
             : atom < IV_SECOND   ? moment(w->box.e, (int)(atom - IV_MEAN))
             : atom < IV_VARIANCE ? moment(w->box.q, (int)(atom - IV_SECOND))
                                  : variance(w, (int)(atom - IV_VARIANCE));
        w->known[atom] = true;
    }
    return y;
}

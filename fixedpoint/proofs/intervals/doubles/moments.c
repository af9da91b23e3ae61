/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The formulas of moments_basis.c, moments_orders.c and map_mpfi.c (see there
 * and docs/proofs.md), in intervals of doubles.
 */
#include "fixedpoint/proofs/intervals/doubles/moments.h"
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include <float.h>
#include <stdlib.h>
#include <string.h>

bool sn_doubles_are_usable(void)
{
    volatile double one = 1, least = DBL_MIN, up, down, half;
    up = one + 0x1p-53; /* ties to even: 1; upwards it is above */
    down = one - 0x1p-54;
    half = least / 2;
    return up == 1 && down == 1 && half > 0;
}

struct sn_doubles *sn_doubles_new(void)
{
    struct sn_doubles *doubles = calloc(1, sizeof *doubles);
    if (!doubles)
        return NULL;
    sn_series_exp(&doubles->exp);
    sn_series_erfcx(&doubles->erfcx);
    mpfi_t pi;
    mpfi_init2(pi, SN_PROOF_PRECISION);
    mpfi_const_pi(pi);
    mpfi_sqrt(pi, pi);
    doubles->sqrt_pi = sn_span_mpfi(pi);
    mpfi_clear(pi);
    return doubles;
}

void sn_doubles_free(struct sn_doubles *doubles)
{
    free(doubles);
}

static struct sn_span within_unit(struct sn_span x)
{
    return sn_span_of(fmax(x.lo, 0), fmin(x.hi, 1));
}

/* erfc(t)/2 = e^(-t^2) erfcx(t)/2 at a point, for t < 0 by 1 less that. */
static struct sn_span upper_tail(struct sn_doubles *w, double t)
{
    double s = fabs(t);
    struct sn_span square = sn_sqr(sn_span_of(s, s));
    struct sn_span y = sn_scale(
        sn_mul(sn_series_over(&w->exp, square), sn_series_at(&w->erfcx, s)),
        0.5);
    return t >= 0 ? y : sn_sub(sn_span_of(1, 1), y);
}

/* erfc(t)/2 falls. */
static struct sn_span tail(struct sn_doubles *w, struct sn_span t)
{
    struct sn_span left = upper_tail(w, t.lo);
    return within_unit(
        t.lo == t.hi ? left : sn_span_of(upper_tail(w, t.hi).lo, left.hi));
}

/* E e^(kz) 1{z<0}, as truncated_exponential() of moments_basis.c. */
static struct sn_span truncated(struct sn_doubles *w, double k,
    struct sn_span m, struct sn_span v, struct sn_span t, struct sn_span root,
    struct sn_span gauss)
{
    struct sn_span a = sn_add(t, sn_scale(root, k / 2));
    struct sn_span x = within_unit(
        sn_scale(sn_mul(sn_series_over(&w->erfcx, a), gauss), 0.5));
    if (a.lo >= 0)
        return x;
    struct sn_span rise = sn_add(sn_scale(m, k), sn_scale(v, k * k / 2));
    struct sn_span power = sn_series_over(&w->exp, sn_neg(rise));
    return sn_both(x, within_unit(sn_mul(power, tail(w, a))));
}

struct basis {
    struct sn_span m, v, ratio, inverse, x1, x2;
};

/* P, C and N go into the chain. */
static struct basis basis_of(struct sn_doubles *w, struct sn_chain *o,
    struct sn_span m, struct sn_span v)
{
    struct sn_span root = sn_root(sn_scale(v, 2)), t = sn_div(m, root);
    struct sn_span gauss = sn_series_over(&w->exp, sn_sqr(t));
    o->c = tail(w, t);
    o->p = tail(w, sn_neg(t));
    o->n[0] = sn_div(gauss, sn_mul(w->sqrt_pi, root));
    return (struct basis){.m = m,
        .v = v,
        .ratio = sn_div(m, v),
        .inverse = sn_div(sn_span_of(1, 1), v),
        .x1 = truncated(w, 1, m, v, t, root, gauss),
        .x2 = truncated(w, 2, m, v, t, root, gauss)};
}

static struct sn_span density(
    const struct sn_chain *o, const struct basis *b, int k)
{
    if (k == 0)
        return o->n[0];
    if (k == 2)
        return sn_mul(sn_sub(sn_sqr(b->ratio), b->inverse), o->n[0]);
    struct sn_span y = sn_neg(sn_mul(b->ratio, o->n[k - 1]));
    if (k == 1)
        return y;
    double j = k - 1;
    return sn_sub(
        y, sn_mul(sn_span_of(j, j), sn_mul(o->n[k - 2], b->inverse)));
}

static void chain_set(struct sn_doubles *w, struct sn_chain *o,
    struct sn_span m, struct sn_span v, int count)
{
    struct basis b = basis_of(w, o, m, v);
    struct sn_span alpha = w->alpha, alpha2 = sn_sqr(alpha);
    struct sn_span alpha1 = sn_sub(alpha, sn_span_of(1, 1));
    struct sn_span lambda2 = sn_sqr(w->lambda);
    struct sn_span s = sn_add(sn_mul(m, o->p), sn_mul(v, o->n[0]));
    struct sn_span t = sn_sub(b.x2, b.x1);
    o->e[0] = sn_add(sn_mul(sn_sub(b.x1, o->c), alpha), s);
    o->e[1] = sn_add(sn_mul(alpha, b.x1), o->p);
    o->q[0] = sn_add(sn_add(sn_mul(m, s), sn_mul(v, o->p)),
        sn_mul(sn_add(sn_sub(t, b.x1), o->c), alpha2));
    o->q[1] = sn_scale(sn_add(sn_mul(t, alpha2), s), 2);
    for (int k = 2, j = 0; k < count; k++, j++) {
        o->n[j] = density(o, &b, j);
        o->x1[j] = j ? sn_sub(o->x1[j - 1], o->n[j - 1]) : b.x1;
        o->x2[j] = j ? sn_sub(sn_scale(o->x2[j - 1], 2), o->n[j - 1]) : b.x2;
        o->e[k] = sn_sub(sn_mul(alpha, o->x1[j]), sn_mul(alpha1, o->n[j]));
        t = sn_mul(sn_sub(sn_scale(o->x2[j], 2), o->x1[j]), alpha2);
        o->q[k] = sn_scale(sn_add(t, j ? o->n[j - 1] : o->p), 2);
    }
    for (int k = 0; k < count; k++) {
        o->e[k] = sn_mul(o->e[k], w->lambda);
        o->q[k] = sn_mul(o->q[k], lambda2);
    }
}

/* d_k within d_k(centre) + d_(k+1) step_m + d_(k+2)/2 step_v. */
static void sharpen(struct sn_span *d, const struct sn_span *centre,
    struct sn_span step_m, struct sn_span step_v, int count)
{
    for (int k = count - 1; k >= 0; k--) {
        struct sn_span change = sn_add(
            sn_mul(d[k + 1], step_m), sn_mul(sn_scale(d[k + 2], 0.5), step_v));
        d[k] = sn_both(d[k], sn_add(centre[k], change));
    }
}

void sn_doubles_set(struct sn_doubles *w, struct sn_span m, struct sn_span v,
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
    struct sn_span at_m = sn_span_of(mid_m, mid_m);
    struct sn_span at_v = sn_span_of(mid_v, mid_v);
    struct sn_span step_m = sn_sub(m, at_m), step_v = sn_sub(v, at_v);
    chain_set(w, &w->centre, at_m, at_v, count);
    sharpen(w->box.e, w->centre.e, step_m, step_v, count);
    sharpen(w->box.q, w->centre.q, step_m, step_v, count);
}

/* Which derivative each of M, M_m, M_v, M_mm, M_mv, M_vv is. */
static const int in_m[] = {0, 1, 0, 2, 1, 0}, in_v[] = {0, 0, 1, 0, 1, 2};

static struct sn_pair moment(const struct sn_span *d, int i)
{
    int order = in_m[i] + 2 * in_v[i];
    double scale = 1.0 / (1 << in_v[i]);
    return (struct sn_pair){sn_scale(d[order], scale),
        {sn_scale(d[order + 1], scale), sn_scale(d[order + 2], scale / 2)}};
}

static struct sn_pair basic(const struct sn_chain *o, enum sn_atom atom)
{
    const struct sn_span *d = atom == SN_X1   ? o->x1
                              : atom == SN_X2 ? o->x2
                                              : o->n;
    struct sn_span slope = d[0], bend = sn_scale(d[1], 0.5);
    switch (atom) {
    case SN_P:
        return (struct sn_pair){o->p, {slope, bend}};
    case SN_C:
        return (struct sn_pair){o->c, {sn_neg(slope), sn_neg(bend)}};
    default:
        return (struct sn_pair){d[0], {d[1], sn_scale(d[2], 0.5)}};
    }
}

/* y - 2 a b */
static void subtract_twice(
    struct sn_pair *y, const struct sn_pair *a, const struct sn_pair *b)
{
    y->f = sn_sub(y->f, sn_scale(sn_mul(a->f, b->f), 2));
    for (int i = 0; i < 2; i++) {
        struct sn_span t =
            sn_add(sn_mul(a->d[i], b->f), sn_mul(a->f, b->d[i]));
        y->d[i] = sn_sub(y->d[i], sn_scale(t, 2));
    }
}

/* V = S - M^2 and its derivatives by the product rule. */
static struct sn_pair variance(struct sn_doubles *w, int i)
{
    struct sn_pair y = moment(w->box.q, i), mean = moment(w->box.e, 0);
    if (i == 0) {
        y.f = sn_sub(y.f, sn_sqr(mean.f));
        for (int k = 0; k < 2; k++)
            y.d[k] = sn_sub(y.d[k], sn_scale(sn_mul(mean.f, mean.d[k]), 2));
        return y;
    }
    struct sn_pair slope = moment(w->box.e, i);
    subtract_twice(&y, &mean, &slope);
    if (i >= 3) {
        struct sn_pair a = moment(w->box.e, i == 5 ? 2 : 1),
                       b = moment(w->box.e, i == 3 ? 1 : 2);
        subtract_twice(&y, &a, &b);
    }
    return y;
}

const struct sn_pair *sn_doubles_atom(struct sn_doubles *w, enum sn_atom atom)
{
    struct sn_pair *y = &w->atom[atom];
    if (!w->known[atom]) {
        *y = atom < SN_MEAN       ? basic(&w->box, atom)
             : atom < SN_SECOND   ? moment(w->box.e, (int)(atom - SN_MEAN))
             : atom < SN_VARIANCE ? moment(w->box.q, (int)(atom - SN_SECOND))
                                  : variance(w, (int)(atom - SN_VARIANCE));
        w->known[atom] = true;
    }
    return y;
}

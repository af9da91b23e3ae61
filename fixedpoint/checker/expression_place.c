/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where formulas are evaluated: coordinates, wmax and tmax, with slopes. */
#include "fixedpoint/checker/expression.h"

static void interval(arb_t y, double low, double high)
{
    arf_t a, b;
    arf_init(a);
    arf_init(b);
    arf_set_d(a, low);
    arf_set_d(b, high);
    arb_set_interval_arf(y, a, b, SNC_PREC);
    arf_clear(a);
    arf_clear(b);
}

void snc_flat(struct snc_jet *y, int axes)
{
    for (int i = 0; i < axes; i++)
        arb_zero(y->d[i]);
}

/* Coordinate c; m and v as products where they are no axes. */
void snc_place(struct snc_jet *y, const struct snc_where *w, int c)
{
    snc_flat(y, w->slopes);
    if (w->point && (c < SNC_M || c > SNC_V)) {
        arb_set_fmpq(y->f, w->point[c], SNC_PREC);
        return;
    }
    for (int i = 0; !w->point && i < w->axes; i++)
        if (w->axis[i] == c) {
            interval(y->f, w->x[i][0], w->x[i][1]);
            if (w->slopes)
                arb_one(y->d[i]);
            return;
        }
    if (c < SNC_M || c > SNC_V) {
        arb_indeterminate(y->f);
        return;
    }
    struct snc_jet a, b;
    snc_jet_init(&a);
    snc_jet_init(&b);
    snc_place(&a, w, c - SNC_M);
    snc_place(&b, w, c - SNC_M + 2);
    arb_mul(y->f, a.f, b.f, SNC_PREC);
    for (int i = 0; i < w->slopes; i++) {
        arb_mul(y->d[i], a.d[i], b.f, SNC_PREC);
        arb_addmul(y->d[i], b.d[i], a.f, SNC_PREC);
    }
    snc_jet_clear(&a);
    snc_jet_clear(&b);
}

/*
 * The largest |b| in [b0, b1] such that some a in [a0, a1] has |a b| = x:
 * min(b1, x / a0), for x >= 0 and moduli a, b.  With its slope in x: 0, 1/a0,
 * or between them where x passes a0 b1.
 */
static void largest(
    arb_t f, arb_t slope, const arb_t x, const fmpq_t a0, const fmpq_t b1)
{
    arb_t most, ratio, kink;
    arb_init(most);
    arb_init(ratio);
    arb_init(kink);
    arb_set_fmpq(most, b1, SNC_PREC);
    arb_zero(slope);
    arb_set(f, most);
    if (!fmpq_is_zero(a0)) {
        arb_set_fmpq(ratio, a0, SNC_PREC);
        arb_mul(kink, most, ratio, SNC_PREC);
        arb_inv(slope, ratio, SNC_PREC);
        arb_mul(ratio, x, slope, SNC_PREC);
        if (arb_le(x, kink)) {
            arb_set(f, ratio);
        } else if (arb_ge(x, kink)) {
            arb_zero(slope);
        } else {
            arb_min(f, ratio, most, SNC_PREC);
            arb_zero(kink);
            arb_union(slope, slope, kink, SNC_PREC);
        }
    }
    arb_clear(most);
    arb_clear(ratio);
    arb_clear(kink);
}

/* The part of [end0, end1] with a sign, by modulus; false if there is none. */
static bool with_sign(fmpq_t part[2], const fmpq_t end[2], int sign)
{
    int outer = sign > 0;
    if (fmpq_sgn(end[outer]) * sign < 0)
        return false;
    fmpq_abs(part[1], end[outer]);
    if (fmpq_sgn(end[!outer]) * sign > 0)
        fmpq_abs(part[0], end[!outer]);
    else
        fmpq_zero(part[0]);
    return true;
}

/* tmax from v; wmax from m: over the quadrants whose sign m may have. */
void snc_extreme(struct snc_jet *y, struct snc_expression *e,
    const struct snc_where *w, bool t)
{
    snc_flat(y, w->slopes);
    if (w->point) {
        arb_set_fmpq(y->f, w->point[t ? 3 : 2], SNC_PREC);
        return;
    }
    const struct snc_domain *d = w->domain;
    struct snc_jet *from = t ? &e->v : &e->m;
    fmpq_t a[2], b[2];
    arb_t x, f, slope, all;
    bool found = false;
    arb_init(x);
    arb_init(f);
    arb_init(slope);
    arb_init(all);
    for (int i = 0; i < 2; i++) {
        fmpq_init(a[i]);
        fmpq_init(b[i]);
    }
    for (int k = t ? 3 : 0; k < 4; k++) {
        int first = k & 1 ? 1 : -1, second = k & 2 ? 1 : -1;
        int sign = first * second;
        if (!with_sign(a, d->end[t ? 1 : 0], first) ||
            !with_sign(b, d->end[t ? 3 : 2], second))
            continue;
        if (sign > 0 ? arb_is_negative(from->f) : arb_is_positive(from->f))
            continue;
        arb_abs(x, from->f);
        largest(f, slope, x, a[0], b[1]);
        if (sign < 0)
            arb_neg(slope, slope);
        /* of several, the largest: its slope is one of theirs */
        if (found) {
            arb_max(y->f, y->f, f, SNC_PREC);
            arb_union(all, all, slope, SNC_PREC);
        } else {
            arb_set(y->f, f);
            arb_set(all, slope);
        }
        found = true;
    }
    if (!found)
        arb_indeterminate(y->f);
    for (int i = 0; i < w->slopes; i++)
        arb_mul(y->d[i], all, from->d[i], SNC_PREC);
    arb_clear(x);
    arb_clear(f);
    arb_clear(slope);
    arb_clear(all);
    for (int i = 0; i < 2; i++) {
        fmpq_clear(a[i]);
        fmpq_clear(b[i]);
    }
}

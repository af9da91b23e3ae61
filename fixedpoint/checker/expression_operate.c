/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations and functions in balls, with derivatives. */
#include "fixedpoint/checker/expression.h"

void snc_jet_init(struct snc_jet *jet)
{
    arb_init(jet->f);
    for (int i = 0; i < SNC_AXES; i++)
        arb_init(jet->d[i]);
}

void snc_jet_clear(struct snc_jet *jet)
{
    arb_clear(jet->f);
    for (int i = 0; i < SNC_AXES; i++)
        arb_clear(jet->d[i]);
}

/* y = h(x) with the slope h'(x). */
static void call(
    struct snc_jet *y, int function, const struct snc_jet *x, int axes)
{
    const slong prec = SNC_PREC;
    arb_t slope, t;
    arb_init(slope);
    arb_init(t);
    switch (function) {
    case SNC_SQRT:
        arb_sqrt(y->f, x->f, prec);
        arb_mul_2exp_si(slope, y->f, 1);
        arb_inv(slope, slope, prec);
        break;
    case SNC_EXP:
        arb_exp(y->f, x->f, prec);
        arb_set(slope, y->f);
        break;
    case SNC_ERFC:
    case SNC_ERFCX:
        arb_mul(t, x->f, x->f, prec);
        arb_hypgeom_erfc(y->f, x->f, prec);
        arb_const_sqrt_pi(slope, prec);
        arb_ui_div(slope, 2, slope, prec);
        if (function == SNC_ERFC) {
            arb_neg(t, t);
            arb_exp(t, t, prec);
            arb_mul(slope, slope, t, prec);
            arb_neg(slope, slope);
        } else {
            arb_exp(t, t, prec);
            arb_mul(y->f, y->f, t, prec);
            arb_mul(t, x->f, y->f, prec);
            arb_mul_2exp_si(t, t, 1);
            arb_sub(slope, t, slope, prec);
        }
        break;
    case SNC_SIGN: /* it jumps at 0, where it has no slope */
        arb_sgn(y->f, x->f);
        if (!arb_is_finite(x->f))
            arb_indeterminate(y->f);
        if (!arb_is_finite(x->f) || arb_contains_zero(x->f))
            arb_indeterminate(slope);
        break;
    default:
        arb_abs(y->f, x->f);
        arb_sgn(slope, x->f);
    }
    for (int i = 0; i < axes; i++)
        arb_mul(y->d[i], slope, x->d[i], prec);
    arb_clear(slope);
    arb_clear(t);
}

/* hypot(a, b); where it may be 0 its gradient is any in the unit disc. */
static void hypotenuse(struct snc_jet *y, const struct snc_jet *a,
    const struct snc_jet *b, int axes)
{
    arb_t p, q, unit;
    arb_init(p);
    arb_init(q);
    arb_init(unit);
    arb_hypot(y->f, a->f, b->f, SNC_PREC);
    arb_zero(unit);
    mag_one(arb_radref(unit));
    arb_div(p, a->f, y->f, SNC_PREC);
    arb_div(q, b->f, y->f, SNC_PREC);
    if (!arb_is_finite(p) || !arb_intersection(p, p, unit, SNC_PREC))
        arb_set(p, unit);
    if (!arb_is_finite(q) || !arb_intersection(q, q, unit, SNC_PREC))
        arb_set(q, unit);
    for (int i = 0; i < axes; i++) {
        arb_mul(y->d[i], p, a->d[i], SNC_PREC);
        arb_addmul(y->d[i], q, b->d[i], SNC_PREC);
    }
    arb_clear(p);
    arb_clear(q);
    arb_clear(unit);
}

void snc_combine(struct snc_node *node, const struct snc_jet *a,
    const struct snc_jet *b, int axes)
{
    const slong prec = SNC_PREC;
    struct snc_jet *y = &node->value;
    switch (node->kind) {
    case SNC_PLUS:
        arb_add(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++)
            arb_add(y->d[i], a->d[i], b->d[i], prec);
        break;
    case SNC_MINUS:
        arb_sub(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++)
            arb_sub(y->d[i], a->d[i], b->d[i], prec);
        break;
    case SNC_TIMES:
        arb_mul(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++) {
            arb_mul(y->d[i], a->d[i], b->f, prec);
            arb_addmul(y->d[i], b->d[i], a->f, prec);
        }
        break;
    case SNC_OVER:
        arb_div(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++) {
            arb_set(y->d[i], a->d[i]);
            arb_submul(y->d[i], y->f, b->d[i], prec);
            arb_div(y->d[i], y->d[i], b->f, prec);
        }
        break;
    case SNC_NEGATIVE:
        arb_neg(y->f, a->f);
        for (int i = 0; i < axes; i++)
            arb_neg(y->d[i], a->d[i]);
        break;
    case SNC_RAISED:
        arb_pow_ui(y->f, a->f, (ulong)node->b, prec);
        if (node->b && node->b % 2 == 0 && arb_contains_zero(a->f)) {
            /* [0, |a|^k] */
            arf_t low, high;
            arf_init(low);
            arf_init(high);
            arb_get_abs_ubound_arf(high, a->f, prec);
            arb_set_arf(y->f, high);
            arb_pow_ui(y->f, y->f, (ulong)node->b, prec);
            arb_get_ubound_arf(high, y->f, prec);
            arb_set_interval_arf(y->f, low, high, prec);
            arf_clear(low);
            arf_clear(high);
        }
        for (int i = 0; i < axes; i++) {
            if (node->b) {
                arb_pow_ui(y->d[i], a->f, (ulong)node->b - 1, prec);
                arb_mul(y->d[i], y->d[i], a->d[i], prec);
                arb_mul_si(y->d[i], y->d[i], node->b, prec);
            } else {
                arb_zero(y->d[i]);
            }
        }
        break;
    case SNC_HYPOTENUSE:
        hypotenuse(y, a, b, axes);
        break;
    default:
        call(y, node->b, a, axes);
    }
}

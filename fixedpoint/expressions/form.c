/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/form.h"

void expr_form_init(struct expr_form *y)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_init(y->c[i]);
    y->known = false;
}

void expr_form_clear(struct expr_form *y)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_clear(y->c[i]);
}

void expr_form_negate(struct expr_form *y)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_neg(y->c[i], y->c[i]);
}

void expr_form_set(struct expr_form *y, const struct expr_form *x)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_set(y->c[i], x->c[i]);
    y->known = x->known;
}

void expr_form_constant(struct expr_form *y, const arb_t c)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_zero(y->c[i]);
    arb_set(y->c[C0], c);
    y->known = arb_is_finite(c);
}

void expr_form_integer(struct expr_form *y, slong c)
{
    for (int i = 0; i < COEFFICIENTS; i++)
        arb_zero(y->c[i]);
    arb_set_si(y->c[C0], c);
    y->known = true;
}

/* y = x + k w, k a number */
void expr_form_add(struct expr_form *y, const struct expr_form *x, slong k,
    const struct expr_form *w)
{
    y->known = x->known && w->known;
    for (int i = 0; i < COEFFICIENTS && y->known; i++) {
        arb_t t;
        arb_init(t);
        arb_mul_si(t, w->c[i], k, EXPR_FORM_PREC);
        arb_add(y->c[i], x->c[i], t, EXPR_FORM_PREC);
        arb_clear(t);
    }
}

void expr_form_scale(
    struct expr_form *y, const struct expr_form *x, const arb_t k)
{
    y->known = x->known && arb_is_finite(k);
    for (int i = 0; i < COEFFICIENTS && y->known; i++)
        arb_mul(y->c[i], x->c[i], k, EXPR_FORM_PREC);
}

/* Above both (or, with `least`, below both). */
void expr_form_hull(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, bool least)
{
    y->known = x->known && w->known;
    for (int i = 0; i < COEFFICIENTS && y->known; i++)
        (least ? arb_min : arb_max)(y->c[i], x->c[i], w->c[i], EXPR_FORM_PREC);
}

/* -1, 0, 1 as x ends up below, like, above w for large t; unknown counts 0. */
static int form_compare(const struct expr_form *x, const struct expr_form *w)
{
    static const int order[] = {C2, C1, CLOG, C0};
    for (int i = 0; i < COEFFICIENTS; i++) {
        const int k = order[i];
        if (arb_lt(x->c[k], w->c[k]))
            return -1;
        if (arb_gt(x->c[k], w->c[k]))
            return 1;
    }
    return 0;
}

/* The better of two upper (or, with sign -1, lower) bounds. */
void expr_form_better(struct expr_form *y, const struct expr_form *x, int sign)
{
    if (x->known && (!y->known || sign * form_compare(x, y) < 0))
        expr_form_set(y, x);
}

/* Does without log t: log t <= t/K + log K - 1 for any K > 0. */
void expr_form_drop_log(struct expr_form *y, const arb_t r)
{
    if (!y->known || arb_is_zero(y->c[CLOG]))
        return;
    if (arb_is_positive(y->c[CLOG])) {
        arb_t t;
        arb_init(t);
        arb_div(t, y->c[CLOG], r, EXPR_FORM_PREC);
        arb_add(y->c[C1], y->c[C1], t, EXPR_FORM_PREC);
        arb_log(t, r, EXPR_FORM_PREC);
        arb_sub_ui(t, t, 1, EXPR_FORM_PREC);
        arb_addmul(y->c[C0], t, y->c[CLOG], EXPR_FORM_PREC);
        arb_clear(t);
    } else if (arb_is_negative(y->c[CLOG])) { /* log t >= log R */
        arb_t t;
        arb_init(t);
        arb_log(t, r, EXPR_FORM_PREC);
        arb_addmul(y->c[C0], y->c[CLOG], t, EXPR_FORM_PREC);
        arb_clear(t);
    } else {
        y->known = false;
    }
    arb_zero(y->c[CLOG]);
}

/* An upper bound of x(t) for all t >= R, or false. */
bool expr_form_sup(arb_t sup, const struct expr_form *x, const arb_t r)
{
    struct expr_form y;
    if (!x->known)
        return false;
    expr_form_init(&y);
    expr_form_set(&y, x);
    bool bounded = false;
    arb_t t;
    arb_init(t);
    if (arb_is_zero(y.c[C2]) && arb_is_negative(y.c[C1]) &&
        arb_is_positive(y.c[CLOG])) {
        /* its largest value, at t = cl/-c1, wherever that is */
        arb_div(t, y.c[CLOG], y.c[C1], EXPR_FORM_PREC);
        arb_neg(t, t);
        arb_log(t, t, EXPR_FORM_PREC);
        arb_sub_ui(t, t, 1, EXPR_FORM_PREC);
        arb_mul(t, t, y.c[CLOG], EXPR_FORM_PREC);
        arb_add(sup, y.c[C0], t, EXPR_FORM_PREC);
        bounded = true;
    } else {
        expr_form_drop_log(&y, r);
        if (y.known && arb_is_nonpositive(y.c[C1]) &&
            arb_is_nonpositive(y.c[C2])) { /* falls: its value at R */
            arb_mul(t, y.c[C2], r, EXPR_FORM_PREC);
            arb_add(t, t, y.c[C1], EXPR_FORM_PREC);
            arb_mul(t, t, r, EXPR_FORM_PREC);
            arb_add(sup, y.c[C0], t, EXPR_FORM_PREC);
            bounded = true;
        } else if (y.known && arb_is_negative(y.c[C2])) { /* -c1^2/(4 c2) */
            arb_sqr(t, y.c[C1], EXPR_FORM_PREC);
            arb_div(t, t, y.c[C2], EXPR_FORM_PREC);
            arb_mul_2exp_si(t, t, -2);
            arb_sub(sup, y.c[C0], t, EXPR_FORM_PREC);
            bounded = true;
        }
    }
    arb_clear(t);
    expr_form_clear(&y);
    return bounded && arb_is_finite(sup);
}

bool expr_form_inf(arb_t inf, const struct expr_form *x, const arb_t r)
{
    struct expr_form minus;
    expr_form_init(&minus);
    expr_form_set(&minus, x);
    expr_form_negate(&minus);
    bool bounded = expr_form_sup(inf, &minus, r);
    arb_neg(inf, inf);
    expr_form_clear(&minus);
    return bounded;
}

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
        NUM_ARB(t);
        arb_mul_si(t, w->c[i], k, EXPR_FORM_PREC);
        arb_add(y->c[i], x->c[i], t, EXPR_FORM_PREC);
    }
}

void expr_form_scale(
    struct expr_form *y, const struct expr_form *x, const arb_t k)
{
    y->known = x->known && arb_is_finite(k);
    for (int i = 0; i < COEFFICIENTS && y->known; i++)
        arb_mul(y->c[i], x->c[i], k, EXPR_FORM_PREC);
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

/* y = x(R) */
static void value_at(arb_t y, const struct expr_form *x, const arb_t r)
{
    NUM_ARB(t);
    arb_mul(t, x->c[C2], r, EXPR_FORM_PREC);
    arb_add(t, t, x->c[C1], EXPR_FORM_PREC);
    arb_mul(t, t, r, EXPR_FORM_PREC);
    arb_add(y, x->c[C0], t, EXPR_FORM_PREC);
    if (!arb_is_zero(x->c[CLOG])) {
        arb_log(t, r, EXPR_FORM_PREC);
        arb_addmul(y, t, x->c[CLOG], EXPR_FORM_PREC);
    }
}

/* A bound that is e^1000 times another where the tail begins is no use. */
enum { FORM_TOO_FAR = 1000 };

void expr_form_better(
    struct expr_form *y, const struct expr_form *x, int sign, const arb_t r)
{
    if (!x->known)
        return;
    bool better = !y->known || sign * form_compare(x, y) < 0;
    if (y->known) {
        NUM_ARB(excess, other);
        value_at(excess, better ? x : y, r);
        value_at(other, better ? y : x, r);
        arb_sub(excess, excess, other, EXPR_FORM_PREC);
        arb_mul_si(excess, excess, sign, EXPR_FORM_PREC);
        arb_set_si(other, FORM_TOO_FAR);
        better = better != arb_gt(excess, other);
    }
    if (better)
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

/* Concave with x'(R) <= 0: it falls from R on. */
static bool falls(const struct expr_form *x, const arb_t r)
{
    NUM_ARB(slope, t);
    arb_mul(slope, x->c[C2], r, EXPR_FORM_PREC);
    arb_mul_2exp_si(slope, slope, 1);
    arb_add(slope, slope, x->c[C1], EXPR_FORM_PREC);
    arb_div(t, x->c[CLOG], r, EXPR_FORM_PREC);
    arb_add(slope, slope, t, EXPR_FORM_PREC);
    return arb_is_nonpositive(x->c[C2]) && arb_is_nonnegative(x->c[CLOG]) &&
           arb_is_nonpositive(slope);
}

/* The largest value of c0 + c1 t + cl log t, c1 < 0 < cl: at t = -cl/c1. */
static void top_of_log(arb_t sup, const struct expr_form *x)
{
    NUM_ARB(t);
    arb_div(t, x->c[CLOG], x->c[C1], EXPR_FORM_PREC);
    arb_neg(t, t);
    arb_log(t, t, EXPR_FORM_PREC);
    arb_sub_ui(t, t, 1, EXPR_FORM_PREC);
    arb_mul(t, t, x->c[CLOG], EXPR_FORM_PREC);
    arb_add(sup, x->c[C0], t, EXPR_FORM_PREC);
}

/* c0 - c1^2/(4 c2), c2 < 0 */
static void top_of_parabola(arb_t sup, const struct expr_form *x)
{
    NUM_ARB(t);
    arb_sqr(t, x->c[C1], EXPR_FORM_PREC);
    arb_div(t, t, x->c[C2], EXPR_FORM_PREC);
    arb_mul_2exp_si(t, t, -2);
    arb_sub(sup, x->c[C0], t, EXPR_FORM_PREC);
}

bool expr_form_sup(arb_t sup, const struct expr_form *x, const arb_t r)
{
    NUM_STRUCT(expr_form, y);
    expr_form_set(&y, x);
    bool bounded = y.known;
    if (bounded && !falls(&y, r) && arb_is_zero(y.c[C2]) &&
        arb_is_negative(y.c[C1]) && arb_is_positive(y.c[CLOG])) {
        top_of_log(sup, &y);
    } else if (bounded) {
        if (!falls(&y, r))
            expr_form_drop_log(&y, r);
        bounded = y.known;
        if (bounded && falls(&y, r))
            value_at(sup, &y, r);
        else if (bounded && arb_is_negative(y.c[C2]))
            top_of_parabola(sup, &y);
        else
            bounded = false;
    }
    return bounded && arb_is_finite(sup);
}

bool expr_form_inf(arb_t inf, const struct expr_form *x, const arb_t r)
{
    NUM_STRUCT(expr_form, minus);
    expr_form_set(&minus, x);
    expr_form_negate(&minus);
    bool bounded = expr_form_sup(inf, &minus, r);
    arb_neg(inf, inf);
    return bounded;
}

/*
 * x <= w + c on t >= R, c >= 0 as small as is known; false if there is none.
 */
static bool form_excess(arb_t c, const struct expr_form *x,
    const struct expr_form *w, const arb_t r)
{
    NUM_STRUCT(expr_form, difference);
    NUM_ARB(zero);
    expr_form_add(&difference, x, -1, w);
    bool bounded = expr_form_sup(c, &difference, r);
    arb_max(c, c, zero, EXPR_FORM_PREC);
    return bounded;
}

/* w + c if that is an upper bound of x, too. */
static void try_above(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, const arb_t r)
{
    NUM_STRUCT(expr_form, above);
    NUM_ARB(c);
    if (form_excess(c, x, w, r)) {
        expr_form_set(&above, w);
        arb_add(above.c[C0], above.c[C0], c, EXPR_FORM_PREC);
        expr_form_better(y, &above, 1, r);
    }
}

/*
 * The larger of each coefficient; or one of the two forms and the most by
 * which the other exceeds it, as for -t^2 + 6t beside 0.
 */
void expr_form_max(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, const arb_t r)
{
    NUM_STRUCT(expr_form, largest);
    largest.known = x->known && w->known;
    for (int i = 0; i < COEFFICIENTS && largest.known; i++)
        arb_max(largest.c[i], x->c[i], w->c[i], EXPR_FORM_PREC);
    if (largest.known) {
        try_above(&largest, x, w, r);
        try_above(&largest, w, x, r);
    }
    expr_form_set(y, &largest);
}

void expr_form_min(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, const arb_t r)
{
    struct expr_form minus[2];
    for (int i = 0; i < 2; i++) {
        expr_form_init(&minus[i]);
        expr_form_set(&minus[i], i ? w : x);
        expr_form_negate(&minus[i]);
    }
    expr_form_max(y, &minus[0], &minus[1], r);
    expr_form_negate(y);
    for (int i = 0; i < 2; i++)
        expr_form_clear(&minus[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/growth.h"
#include "fixedpoint/expressions/bounds.h"
#include "fixedpoint/expressions/evaluate.h"
#include <stdlib.h>

/* ---- what one kind of bound says about the others -------------------- */

/*
 * |P(t)| <= (sum of |coefficients| of both bounds) t^degree: a bound of
 * log |node| for polynomials.
 */
static void log_from_polynomials(struct expr_bounds *y)
{
    NUM_STRUCT(expr_form, bound);
    NUM_ARB(sum, size);
    if (y->log_above.known || !y->above.known || !y->below.known ||
        !arb_is_zero(y->above.c[CLOG]) || !arb_is_zero(y->below.c[CLOG]))
        return;
    slong degree = 0;
    for (int i = C0; i <= C2; i++)
        for (int k = 0; k < 2; k++) {
            arb_abs(size, k ? y->below.c[i] : y->above.c[i]);
            arb_add(sum, sum, size, EXPR_FORM_PREC);
            if (!arb_is_zero(size))
                degree = i;
        }
    arb_log(sum, sum, EXPR_FORM_PREC);
    expr_form_constant(&bound, sum);
    arb_set_si(bound.c[CLOG], degree);
    expr_form_set(&y->log_above, &bound);
}

/* e^(c0 + cl log t) <= e^c0 t^n for the whole n >= cl, if n <= 2 */
static bool polynomial_from_log(struct expr_form *y,
    const struct expr_form *log, const struct expr_tail *tail)
{
    NUM_ARB(t);
    bool found = expr_form_sup(t, log, tail->r);
    slong degree = 0;
    if (!found && log->known && arb_is_nonpositive(log->c[C1]) &&
        arb_is_nonpositive(log->c[C2])) {
        for (degree = 1; degree <= 2 && !found; degree++) {
            arb_sub_si(t, log->c[CLOG], degree, EXPR_FORM_PREC);
            found = arb_is_nonpositive(t);
        }
        degree--;
        arb_set(t, log->c[C0]);
    }
    if (found) {
        expr_form_integer(y, 0);
        arb_exp(y->c[degree], t, EXPR_FORM_PREC);
    }
    return found;
}

/*
 * |node| >= e^(c0 + cl log t) >= e^c0 R^(cl - n) t^n for a whole n <= cl, n <=
 * 2: a bound of the node on the side of its sign.
 */
static void polynomial_below(
    struct expr_bounds *y, const struct expr_tail *tail)
{
    const struct expr_form *log = &y->log_below;
    if (!y->sign || !log->known || !arb_is_nonnegative(log->c[C1]) ||
        !arb_is_nonnegative(log->c[C2]))
        return;
    NUM_STRUCT(expr_form, bound);
    NUM_ARB(rest, t);
    slong degree = 2;
    do
        arb_sub_si(rest, log->c[CLOG], degree, EXPR_FORM_PREC);
    while (!arb_is_nonnegative(rest) && --degree >= 0);
    if (degree > 0) {
        arb_log(t, tail->r, EXPR_FORM_PREC);
        arb_mul(t, t, rest, EXPR_FORM_PREC);
        arb_add(t, t, log->c[C0], EXPR_FORM_PREC);
        expr_form_integer(&bound, 0);
        arb_exp(bound.c[degree], t, EXPR_FORM_PREC);
        if (y->sign > 0) {
            expr_form_better(&y->below, &bound, -1, tail->r);
        } else {
            expr_form_negate(&bound);
            expr_form_better(&y->above, &bound, 1, tail->r);
        }
    }
}

static void complete(struct expr_bounds *y, const struct expr_tail *tail)
{
    NUM_ARB(c);
    expr_form_drop_log(&y->above, tail->r);
    expr_form_negate(&y->below); /* -below is an upper bound of the negative */
    expr_form_drop_log(&y->below, tail->r);
    expr_form_negate(&y->below);
    if (!y->sign && expr_form_inf(c, &y->below, tail->r) &&
        arb_is_nonnegative(c))
        y->sign = 1;
    if (!y->sign && expr_form_sup(c, &y->above, tail->r) &&
        arb_is_nonpositive(c))
        y->sign = -1;
    log_from_polynomials(y);
    if (!y->log_below.known && y->sign) { /* |node| >= its least, if > 0 */
        bool away =
            y->sign > 0
                ? expr_form_inf(c, &y->below, tail->r) && arb_is_positive(c)
                : expr_form_sup(c, &y->above, tail->r) && arb_is_negative(c);
        arb_abs(c, c);
        arb_log(c, c, EXPR_FORM_PREC);
        if (away)
            expr_form_constant(&y->log_below, c);
    }
    NUM_STRUCT(expr_form, bound);
    expr_form_integer(&bound, 0);
    if (y->sign > 0)
        expr_form_better(&y->below, &bound, -1, tail->r);
    if (y->sign < 0)
        expr_form_better(&y->above, &bound, 1, tail->r);
    if ((!y->above.known || !y->below.known) &&
        polynomial_from_log(&bound, &y->log_above, tail)) {
        if (!y->above.known)
            expr_form_set(&y->above, &bound);
        expr_form_negate(&bound);
        if (!y->below.known)
            expr_form_set(&y->below, &bound);
    }
    polynomial_below(y, tail);
}

/* Is the operation one of numbers that it has a value for? */
static bool is_defined(const struct expr_node *node,
    const struct expr_bounds *a, const struct expr_bounds *b)
{
    int operands = expr_operands(node->op);
    if ((operands > 0 && !a->defined) || (operands > 1 && !b->defined))
        return false;
    switch (node->op) {
    case EXPR_DIV:
        return b->log_below.known;
    case EXPR_LOG:
        return a->sign > 0 && a->log_below.known;
    case EXPR_LOG1P:
        return b->sign > 0 && b->log_below.known;
    case EXPR_SQRT:
        return a->sign > 0;
    default:
        return true;
    }
}

static void bound_node(struct expr_tail *tail, int i)
{
    const struct expr_node *node = &tail->f->node[i];
    struct expr_bounds *y = &tail->node[i];
    const struct expr_bounds *a = &tail->node[node->a],
                             *b = &tail->node[node->b];
    if (node->constant) {
        expr_bound_constant(y, tail->constant + i);
        y->defined = arb_is_finite(tail->constant + i);
        return;
    }
    if (node->op == EXPR_WHERE)
        expr_bound_where(y, tail, i);
    else
        y->defined = is_defined(node, a, b);
    if (!y->defined) {
        for (int k = 0; k < EXPR_FORMS; k++)
            expr_bound_form(y, k)->known = false;
        y->sign = 0;
        return;
    }
    expr_bound_operation(y, tail, i);
    complete(y, tail);
}

/* The first node without a bound though what it is made of has one. */
static int find_culprit(const struct expr_tail *tail, int root)
{
    for (int i = 0; i <= root; i++) {
        const struct expr_node *x = &tail->f->node[i];
        if (!tail->node[i].log_above.known &&
            tail->node[x->a].log_above.known &&
            tail->node[x->b].log_above.known &&
            tail->node[x->c].log_above.known)
            return i;
    }
    return root;
}

enum sn_status expr_growth(struct expr_form *log_above, int *culprit,
    const struct expr_expression *f, int root, int side, const arb_t r)
{
    struct expr_tail tail = {.f = f, .side = side, .r = r};
    tail.node = calloc((size_t)root + 1, sizeof *tail.node);
    tail.constant = _arb_vec_init(f->count);
    if (!tail.node) {
        _arb_vec_clear(tail.constant, f->count);
        return SN_NO_MEMORY;
    }
    expr_constants_arb(tail.constant, f, EXPR_FORM_PREC);
    for (int i = 0; i <= root; i++) {
        for (int k = 0; k < EXPR_FORMS; k++)
            expr_form_init(expr_bound_form(&tail.node[i], k));
        bound_node(&tail, i);
    }
    expr_form_set(log_above, &tail.node[root].log_above);
    *culprit = log_above->known ? root : find_culprit(&tail, root);
    for (int i = 0; i <= root; i++)
        for (int k = 0; k < EXPR_FORMS; k++)
            expr_form_clear(expr_bound_form(&tail.node[i], k));
    free(tail.node);
    _arb_vec_clear(tail.constant, f->count);
    return SN_OK;
}

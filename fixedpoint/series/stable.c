/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same function by sums that do not cancel: 1 + tanh u = 2/(1 + e^-2u),
 * 1 - erf u = erfc u, 1 - tanh^2 u as a product of two such quotients, e^u - 1
 * as expm1, log(1 + u) as log1p.  Each is an identity of real functions.
 */
#include "fixedpoint/series/series.h"
#include <stdlib.h>

static int negated(struct expr_expression *g, int a, size_t place)
{
    const struct expr_node *x = &g->node[a];
    return x->op == EXPR_SUB && x->a == EXPR_ZERO
               ? x->b
               : expr_node(g, EXPR_SUB, EXPR_ZERO, a, 0, place);
}

/*
 * 1 + side tanh u = 2/(1 + e^-v), v = 2 side u; for v <= 0 with e^v above and
 * below, so that nothing overflows.
 */
static int one_and_tanh(
    struct expr_expression *g, int u, int side, size_t place)
{
    const int two = expr_node_integer(g, 2, place);
    const int v = expr_node(
        g, EXPR_MUL, expr_node_integer(g, 2 * side, place), u, 0, place);
    const int up = expr_node(g, EXPR_EXP, v, 0, 0, place);
    const int down = expr_node(g, EXPR_EXP, negated(g, v, place), 0, 0, place);
    const int right = expr_node(g, EXPR_DIV, two,
        expr_node(g, EXPR_ADD, EXPR_ONE, down, 0, place), 0, place);
    const int left =
        expr_node(g, EXPR_DIV, expr_node(g, EXPR_MUL, two, up, 0, place),
            expr_node(g, EXPR_ADD, EXPR_ONE, up, 0, place), 0, place);
    return expr_node(g, EXPR_WHERE, right, left, v, place);
}

/* 1 + side (node v), or -1 where that has no better form. */
static int one_and(struct expr_expression *g, int v, int side, size_t place)
{
    const struct expr_node x = g->node[v];
    switch (x.op) {
    case EXPR_TANH:
        return one_and_tanh(g, x.a, side, place);
    case EXPR_ERF:
        return expr_node(g, EXPR_ERFC, side > 0 ? negated(g, x.a, place) : x.a,
            0, 0, place);
    case EXPR_POWER:
        if (side > 0 || x.power != 2 || g->node[x.a].op != EXPR_TANH)
            return -1;
        v = g->node[x.a].a;
        return expr_node(g, EXPR_MUL, one_and_tanh(g, v, 1, place),
            one_and_tanh(g, v, -1, place), 0, place);
    case EXPR_SUB: /* 1 + (0 - v) */
        return x.a == EXPR_ZERO ? one_and(g, x.b, -side, place) : -1;
    default:
        return -1;
    }
}

static bool is_minus_one(const struct expr_expression *g, int i)
{
    return g->node[i].op == EXPR_NUMBER &&
           fmpq_equal_si(g->node[i].number, -1) != 0;
}

static int sum_of(
    struct expr_expression *g, enum expr_op op, int a, int b, size_t place)
{
    int better = -1;
    if (a == EXPR_ONE)
        better = one_and(g, b, op == EXPR_ADD ? 1 : -1, place);
    else if (b == EXPR_ONE && op == EXPR_ADD)
        better = one_and(g, a, 1, place);
    else if (g->node[a].op == EXPR_EXP &&
             ((op == EXPR_SUB && b == EXPR_ONE) ||
                 (op == EXPR_ADD && is_minus_one(g, b))))
        better = expr_node(g, EXPR_EXPM1, g->node[a].a, 0, 0, place);
    return better >= 0 ? better : expr_node(g, op, a, b, 0, place);
}

static int logarithm_of(struct expr_expression *g, int a, size_t place)
{
    const struct expr_node *x = &g->node[a];
    if (x->op == EXPR_ADD && (x->a == EXPR_ONE || x->b == EXPR_ONE))
        return expr_node(
            g, EXPR_LOG1P, x->a == EXPR_ONE ? x->b : x->a, a, 0, place);
    return expr_node(g, EXPR_LOG, a, 0, 0, place);
}

/* e^u/(1 + e^u) = 1/(1 + e^-u) */
static int quotient_of(struct expr_expression *g, int a, int b, size_t place)
{
    const struct expr_node x = g->node[a], y = g->node[b];
    if (x.op != EXPR_EXP || y.op != EXPR_ADD ||
        !((y.a == EXPR_ONE && y.b == a) || (y.b == EXPR_ONE && y.a == a)))
        return expr_node(g, EXPR_DIV, a, b, 0, place);
    const int down =
        expr_node(g, EXPR_EXP, negated(g, x.a, place), 0, 0, place);
    return expr_node(g, EXPR_DIV, EXPR_ONE,
        expr_node(g, EXPR_ADD, EXPR_ONE, down, 0, place), 0, place);
}

int series_rewrite(struct expr_expression *g, const struct expr_expression *f,
    int root, bool stable)
{
    int *to = calloc((size_t)root + 1, sizeof *to);
    if (!to) {
        g->failed = true;
        return EXPR_ZERO;
    }
    for (int i = 0; i <= root; i++) {
        const struct expr_node *x = &f->node[i];
        const int a = to[x->a], b = to[x->b], c = to[x->c];
        const enum expr_op op = x->op;
        if (!stable && op != EXPR_NUMBER && op != EXPR_VARIABLE &&
            op != EXPR_POWER) {
            to[i] = expr_node(g, op, a, b, c, x->place);
            continue;
        }
        switch (op) {
        case EXPR_NUMBER:
            to[i] = expr_node_number(g, x->number, x->place);
            break;
        case EXPR_VARIABLE:
            to[i] = expr_node_variable(g, x->variable, x->place);
            break;
        case EXPR_POWER:
            to[i] = expr_node_power(g, a, x->power, x->place);
            break;
        case EXPR_ADD:
        case EXPR_SUB:
            to[i] = sum_of(g, x->op, a, b, x->place);
            break;
        case EXPR_DIV:
            to[i] = quotient_of(g, a, b, x->place);
            break;
        case EXPR_LOG:
            to[i] = logarithm_of(g, a, x->place);
            break;
        default:
            to[i] = expr_node(g, x->op, a, b, c, x->place);
            break;
        }
    }
    int result = to[root];
    free(to);
    return result;
}

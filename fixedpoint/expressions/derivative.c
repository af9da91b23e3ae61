/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact derivative of an expression, as nodes of the same expression. */
#include "fixedpoint/expressions/expression.h"
#include <stdlib.h>

static int two_by_root_pi(struct expr_expression *f, size_t place)
{
    int root = expr_node(
        f, EXPR_SQRT, expr_node(f, EXPR_PI, 0, 0, 0, place), 0, 0, place);
    return expr_node(
        f, EXPR_DIV, expr_node_integer(f, 2, place), root, 0, place);
}

/* 2/sqrt(pi) e^(-a^2) */
static int slope_of_erf(struct expr_expression *f, int a, size_t place)
{
    int minus = expr_node(
        f, EXPR_SUB, EXPR_ZERO, expr_node_power(f, a, 2, place), 0, place);
    return expr_node(f, EXPR_MUL, two_by_root_pi(f, place),
        expr_node(f, EXPR_EXP, minus, 0, 0, place), 0, place);
}

/* The derivative of a function at its operand, node `i`. */
static int outer_slope(struct expr_expression *f, int i)
{
    const struct expr_node x = f->node[i];
    size_t p = x.place;
    switch (x.op) {
    case EXPR_POWER:
        return expr_node(f, EXPR_MUL, expr_node_integer(f, x.power, p),
            expr_node_power(f, x.a, x.power - 1, p), 0, p);
    case EXPR_EXP:
        return i;
    case EXPR_EXPM1:
        return expr_node(f, EXPR_EXP, x.a, 0, 0, p);
    case EXPR_TANH:
        return expr_node(
            f, EXPR_SUB, EXPR_ONE, expr_node_power(f, i, 2, p), 0, p);
    case EXPR_SIN:
        return expr_node(f, EXPR_COS, x.a, 0, 0, p);
    case EXPR_COS:
        return expr_node(f, EXPR_SUB, EXPR_ZERO,
            expr_node(f, EXPR_SIN, x.a, 0, 0, p), 0, p);
    case EXPR_ATAN:
        return expr_node(f, EXPR_DIV, EXPR_ONE,
            expr_node(
                f, EXPR_ADD, EXPR_ONE, expr_node_power(f, x.a, 2, p), 0, p),
            0, p);
    case EXPR_ERF:
        return slope_of_erf(f, x.a, p);
    case EXPR_ERFC:
        return expr_node(
            f, EXPR_SUB, EXPR_ZERO, slope_of_erf(f, x.a, p), 0, p);
    case EXPR_ERFCX: /* 2 (a erfcx a - 1/sqrt(pi)) */
        return expr_node(f, EXPR_SUB,
            expr_node(f, EXPR_MUL, expr_node_integer(f, 2, p),
                expr_node(f, EXPR_MUL, x.a, i, 0, p), 0, p),
            two_by_root_pi(f, p), 0, p);
    case EXPR_LOG:
        return expr_node(f, EXPR_DIV, EXPR_ONE, x.a, 0, p);
    case EXPR_LOG1P:
        return expr_node(f, EXPR_DIV, EXPR_ONE, x.b, 0, p);
    case EXPR_SQRT:
        return expr_node(f, EXPR_DIV, EXPR_ONE,
            expr_node(f, EXPR_MUL, expr_node_integer(f, 2, p), i, 0, p), 0, p);
    default: /* SIGN */
        return EXPR_ZERO;
    }
}

/* The derivative of node `i`, given those of the nodes before it. */
static int derivative_of_node(struct expr_expression *f, int i, const int *of)
{
    const struct expr_node x = f->node[i];
    size_t p = x.place;
    if (x.constant)
        return EXPR_ZERO;
    switch (x.op) {
    case EXPR_VARIABLE:
        return x.variable == 0 ? EXPR_ONE : EXPR_ZERO;
    case EXPR_ADD:
    case EXPR_SUB:
        return expr_node(f, x.op, of[x.a], of[x.b], 0, p);
    case EXPR_MUL:
        return expr_node(f, EXPR_ADD,
            expr_node(f, EXPR_MUL, of[x.a], x.b, 0, p),
            expr_node(f, EXPR_MUL, x.a, of[x.b], 0, p), 0, p);
    case EXPR_DIV: /* (a' - (a/b) b')/b */
        return expr_node(f, EXPR_DIV,
            expr_node(f, EXPR_SUB, of[x.a],
                expr_node(f, EXPR_MUL, i, of[x.b], 0, p), 0, p),
            x.b, 0, p);
    case EXPR_HYPOT: /* (a a' + b b')/hypot */
        return expr_node(f, EXPR_DIV,
            expr_node(f, EXPR_ADD, expr_node(f, EXPR_MUL, x.a, of[x.a], 0, p),
                expr_node(f, EXPR_MUL, x.b, of[x.b], 0, p), 0, p),
            i, 0, p);
    case EXPR_WHERE:
        return expr_node(f, EXPR_WHERE, of[x.a], of[x.b], x.c, p);
    default:
        return expr_node(f, EXPR_MUL, outer_slope(f, i), of[x.a], 0, p);
    }
}

int expr_differentiate(struct expr_expression *f, int i)
{
    int *of = calloc((size_t)i + 1, sizeof *of);
    if (!of) {
        f->failed = true;
        return EXPR_ZERO;
    }
    for (int k = 0; k <= i; k++)
        of[k] = derivative_of_node(f, k, of);
    int result = of[i];
    free(of);
    return result;
}

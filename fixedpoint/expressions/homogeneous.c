/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Degrees of homogeneity: f(tz) = t^d f(z) for all t > 0, from the nodes. */
#include "fixedpoint/expressions/expression.h"
#include <stdlib.h>

/* In halves, as a root may halve one. */
enum { ANY_DEGREE = -1000, NO_DEGREE = -1001 };

static bool is_degree(int a)
{
    return a > ANY_DEGREE;
}

static int common_degree(int a, int b)
{
    return a == ANY_DEGREE ? b : b == ANY_DEGREE || a == b ? a : NO_DEGREE;
}

/* Of a product (sign 1) or quotient (-1). */
static int joint_degree(int a, int b, int sign)
{
    return is_degree(a) && is_degree(b) ? a + sign * b : NO_DEGREE;
}

/* Short powers of low degree, which no sum of degrees overflows. */
static int degree_of_power(int a, slong power)
{
    return is_degree(a) && abs(a) <= 2 && power < 100 ? a * (int)power
                                                      : NO_DEGREE;
}

/* Of a node that is neither constant nor z, from those of its operands. */
static int degree_of_operation(const struct expr_node *x, const int *degree)
{
    int a = degree[x->a], b = degree[x->b];
    switch (x->op) {
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_HYPOT:
        return common_degree(a, b);
    case EXPR_MUL:
        return joint_degree(a, b, 1);
    case EXPR_DIV:
        return joint_degree(a, b, -1);
    case EXPR_POWER:
        return degree_of_power(a, x->power);
    case EXPR_SQRT:
        return is_degree(a) && a % 2 == 0 ? a / 2 : NO_DEGREE;
    case EXPR_WHERE: /* the condition's sign does not change with scale */
        return degree[x->c] != NO_DEGREE ? common_degree(a, b) : NO_DEGREE;
    default: /* of degree 0 if what it is applied to is */
        return a == 0 ? 0 : NO_DEGREE;
    }
}

bool expr_is_homogeneous(const struct expr_expression *f)
{
    int *degree = calloc((size_t)f->value + 1, sizeof *degree);
    if (!degree)
        return false;
    for (int i = 0; i <= f->value; i++) {
        const struct expr_node *x = &f->node[i];
        degree[i] = i == EXPR_ZERO           ? ANY_DEGREE
                    : x->constant            ? 0
                    : x->op == EXPR_VARIABLE ? 2
                                             : degree_of_operation(x, degree);
    }
    bool homogeneous = degree[f->value] == 2;
    free(degree);
    return homogeneous;
}

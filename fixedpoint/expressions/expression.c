/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/expression.h"
#include <stdlib.h>

/* Numbers longer than this stay products and quotients. */
enum { FOLDED_BITS = 1 << 14 };

/* The nodes that every expression starts with. */
enum { ZERO, ONE };

void expr_init(struct expr_expression *f)
{
    *f = (struct expr_expression){0};
    expr_node_integer(f, 0, 0);
    expr_node_integer(f, 1, 0);
}

void expr_clear(struct expr_expression *f)
{
    for (int i = 0; i < f->count; i++)
        fmpq_clear(f->node[i].number);
    free(f->node);
    *f = (struct expr_expression){0};
}

int expr_operands(enum expr_op op)
{
    static const signed char operands[] = {[EXPR_ADD] = 2,
        [EXPR_SUB] = 2,
        [EXPR_MUL] = 2,
        [EXPR_DIV] = 2,
        [EXPR_POWER] = 1,
        [EXPR_EXP] = 1,
        [EXPR_EXPM1] = 1,
        [EXPR_TANH] = 1,
        [EXPR_ERF] = 1,
        [EXPR_LOG] = 1,
        [EXPR_LOG1P] = 2,
        [EXPR_SQRT] = 1,
        [EXPR_WHERE] = 3};
    return operands[op];
}

/* The node with these contents, which it takes over. */
static int place_node(struct expr_expression *f, struct expr_node *new)
{
    for (int i = f->count - 1; i >= 0; i--) {
        const struct expr_node *old = &f->node[i];
        if (old->op == new->op && old->a == new->a && old->b == new->b &&
            old->c == new->c &&
            old->power == new->power &&fmpq_equal(old->number, new->number)) {
            fmpq_clear(new->number);
            return i;
        }
    }
    if (f->count == f->room && !f->failed) {
        int room = f->room ? 2 * f->room : 64;
        struct expr_node *grown =
            room > EXPR_MOST_NODES
                ? NULL
                : realloc(f->node, (size_t)room * sizeof *grown);
        if (grown) {
            f->node = grown;
            f->room = room;
        } else {
            f->failed = true;
        }
    }
    if (f->failed) {
        fmpq_clear(new->number);
        return ZERO;
    }
    const struct expr_node *node = f->node;
    /* operands that there are not are node 0, a constant */
    new->constant =
        new->op != EXPR_Z &&
        (f->count == 0 || (node[new->a].constant && node[new->b].constant &&
                              node[new->c].constant));
    f->node[f->count] = *new;
    return f->count++;
}

int expr_node_number(
    struct expr_expression *f, const fmpq_t number, size_t place)
{
    struct expr_node new = {.op = EXPR_NUMBER, .place = place};
    fmpq_init(new.number);
    fmpq_set(new.number, number);
    return place_node(f, &new);
}

int expr_node_integer(struct expr_expression *f, slong number, size_t place)
{
    struct expr_node new = {.op = EXPR_NUMBER, .place = place};
    fmpq_init(new.number);
    fmpq_set_si(new.number, number, 1);
    return place_node(f, &new);
}

/* Arithmetic of two numbers, exact; -1 where it is left to evaluation. */
static int fold(
    struct expr_expression *f, enum expr_op op, int a, int b, size_t place)
{
    const struct expr_node *x = &f->node[a], *y = &f->node[b];
    if (x->op != EXPR_NUMBER || y->op != EXPR_NUMBER ||
        fmpq_height_bits(x->number) + fmpq_height_bits(y->number) >
            FOLDED_BITS)
        return -1;
    fmpq_t r;
    fmpq_init(r);
    int i = -1;
    if (op == EXPR_ADD)
        fmpq_add(r, x->number, y->number);
    else if (op == EXPR_SUB)
        fmpq_sub(r, x->number, y->number);
    else if (op == EXPR_MUL)
        fmpq_mul(r, x->number, y->number);
    else if (op == EXPR_DIV && !fmpq_is_zero(y->number))
        fmpq_div(r, x->number, y->number);
    else
        goto done;
    i = expr_node_number(f, r, place);
done:
    fmpq_clear(r);
    return i;
}

/*
 * What equals a simpler node wherever it is defined; -1 if nothing does.  So
 * derivatives stay short, and a - a, which no ball could tell from 0, is 0.
 */
static int simplify(struct expr_expression *f, enum expr_op op, int a, int b,
    int c, size_t place)
{
    switch (op) {
    case EXPR_ADD:
        return a == ZERO ? b : b == ZERO ? a : fold(f, op, a, b, place);
    case EXPR_SUB:
        return b == ZERO ? a : a == b ? ZERO : fold(f, op, a, b, place);
    case EXPR_MUL:
        return a == ZERO || b == ZERO ? ZERO
               : a == ONE             ? b
               : b == ONE             ? a
                                      : fold(f, op, a, b, place);
    case EXPR_DIV:
        return b == ONE                 ? a
               : a == ZERO && b != ZERO ? ZERO
                                        : fold(f, op, a, b, place);
    case EXPR_WHERE:
        return a == b                            ? a
               : f->node[c].op != EXPR_NUMBER    ? -1
               : fmpq_sgn(f->node[c].number) > 0 ? a
                                                 : b;
    default:
        return -1;
    }
}

int expr_node(struct expr_expression *f, enum expr_op op, int a, int b, int c,
    size_t place)
{
    int i = simplify(f, op, a, b, c, place);
    if (i >= 0)
        return i;
    struct expr_node new = {.op = op, .a = a, .b = b, .c = c, .place = place};
    fmpq_init(new.number);
    return place_node(f, &new);
}

int expr_node_power(
    struct expr_expression *f, int a, slong power, size_t place)
{
    if (power == 0)
        return ONE;
    if (power == 1)
        return a;
    if (power < 0)
        return expr_node(
            f, EXPR_DIV, ONE, expr_node_power(f, a, -power, place), 0, place);
    if (f->node[a].op == EXPR_NUMBER && /* what fits a double */
        (double)fmpq_height_bits(f->node[a].number) * (double)power <= 1024) {
        fmpq_t number;
        fmpq_init(number);
        fmpq_pow_si(number, f->node[a].number, power);
        int i = expr_node_number(f, number, place);
        fmpq_clear(number);
        return i;
    }
    struct expr_node new = {
        .op = EXPR_POWER, .a = a, .power = power, .place = place};
    fmpq_init(new.number);
    return place_node(f, &new);
}

bool expr_is_modulus(const struct expr_expression *f, int i)
{
    const struct expr_node *x = &f->node[i], *minus = &f->node[x->b];
    return x->op == EXPR_WHERE && x->a == x->c && minus->op == EXPR_SUB &&
           minus->a == ZERO && minus->b == x->c;
}

/* 2/sqrt(pi) e^(-a^2) */
static int derivative_of_erf(struct expr_expression *f, int a, size_t place)
{
    int minus = expr_node(
        f, EXPR_SUB, ZERO, expr_node_power(f, a, 2, place), 0, place);
    int root = expr_node(
        f, EXPR_SQRT, expr_node(f, EXPR_PI, 0, 0, 0, place), 0, 0, place);
    int scale =
        expr_node(f, EXPR_DIV, expr_node_integer(f, 2, place), root, 0, place);
    return expr_node(f, EXPR_MUL, scale,
        expr_node(f, EXPR_EXP, minus, 0, 0, place), 0, place);
}

/* The derivative of a function at its operand, node `i`. */
static int outer(struct expr_expression *f, int i)
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
        return expr_node(f, EXPR_SUB, ONE, expr_node_power(f, i, 2, p), 0, p);
    case EXPR_ERF:
        return derivative_of_erf(f, x.a, p);
    case EXPR_LOG:
        return expr_node(f, EXPR_DIV, ONE, x.a, 0, p);
    case EXPR_LOG1P:
        return expr_node(f, EXPR_DIV, ONE, x.b, 0, p);
    case EXPR_SQRT:
        return expr_node(f, EXPR_DIV, ONE,
            expr_node(f, EXPR_MUL, expr_node_integer(f, 2, p), i, 0, p), 0, p);
    default:
        return ZERO;
    }
}

/* The derivative of node `i`, given those of the nodes before it. */
static int derivative(struct expr_expression *f, int i, const int *of)
{
    const struct expr_node x = f->node[i];
    size_t p = x.place;
    if (x.constant)
        return ZERO;
    switch (x.op) {
    case EXPR_Z:
        return ONE;
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
    case EXPR_WHERE:
        return expr_node(f, EXPR_WHERE, of[x.a], of[x.b], x.c, p);
    default:
        return expr_node(f, EXPR_MUL, outer(f, i), of[x.a], 0, p);
    }
}

int expr_differentiate(struct expr_expression *f, int i)
{
    int *of = calloc((size_t)i + 1, sizeof *of);
    if (!of) {
        f->failed = true;
        return ZERO;
    }
    for (int k = 0; k <= i; k++)
        of[k] = derivative(f, k, of);
    int result = of[i];
    free(of);
    return result;
}

/* Degrees of homogeneity, in halves: a root may halve one. */
enum { ANY_DEGREE = -1000, NO_DEGREE = -1001 };

static int common_degree(int a, int b)
{
    return a == ANY_DEGREE ? b : b == ANY_DEGREE || a == b ? a : NO_DEGREE;
}

static int degree_of(const struct expr_expression *f, int i, const int *degree)
{
    const struct expr_node *x = &f->node[i];
    int a = degree[x->a], b = degree[x->b];
    if (i == ZERO)
        return ANY_DEGREE;
    if (x->constant)
        return 0;
    if (x->op == EXPR_Z)
        return 2;
    bool finite = a > ANY_DEGREE, both = finite && b > ANY_DEGREE;
    switch (x->op) {
    case EXPR_ADD:
    case EXPR_SUB:
        return common_degree(a, b);
    case EXPR_MUL:
        return both ? a + b : NO_DEGREE;
    case EXPR_DIV:
        return both ? a - b : NO_DEGREE;
    case EXPR_POWER:
        return finite && abs(a) <= 2 && x->power < 100 ? a * (int)x->power
                                                       : NO_DEGREE;
    case EXPR_SQRT:
        return finite && a % 2 == 0 ? a / 2 : NO_DEGREE;
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
    for (int i = 0; i <= f->value; i++)
        degree[i] = degree_of(f, i, degree);
    bool homogeneous = degree[f->value] == 2;
    free(degree);
    return homogeneous;
}

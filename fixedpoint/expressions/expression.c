/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/expression.h"
#include <stdlib.h>

/* Numbers longer than this stay products and quotients. */
enum { FOLDED_BITS = 1 << 14 };

/* The nodes that every expression starts with. */
enum { ZERO, ONE };

void sn_expression_init(struct sn_expression *f)
{
    *f = (struct sn_expression){0};
    sn_node_integer(f, 0, 0);
    sn_node_integer(f, 1, 0);
}

void sn_expression_clear(struct sn_expression *f)
{
    for (int i = 0; i < f->count; i++)
        fmpq_clear(f->node[i].number);
    free(f->node);
    *f = (struct sn_expression){0};
}

int sn_operands(enum sn_op op)
{
    static const signed char operands[] = {[SN_ADD] = 2,
        [SN_SUB] = 2,
        [SN_MUL] = 2,
        [SN_DIV] = 2,
        [SN_POWER] = 1,
        [SN_EXP] = 1,
        [SN_EXPM1] = 1,
        [SN_TANH] = 1,
        [SN_ERF] = 1,
        [SN_LOG] = 1,
        [SN_LOG1P] = 2,
        [SN_SQRT] = 1,
        [SN_WHERE] = 3};
    return operands[op];
}

/* The node with these contents, which it takes over. */
static int place_node(struct sn_expression *f, struct sn_node *new)
{
    for (int i = f->count - 1; i >= 0; i--) {
        const struct sn_node *old = &f->node[i];
        if (old->op == new->op && old->a == new->a && old->b == new->b &&
            old->c == new->c &&
            old->power == new->power &&fmpq_equal(old->number, new->number)) {
            fmpq_clear(new->number);
            return i;
        }
    }
    if (f->count == f->room && !f->failed) {
        int room = f->room ? 2 * f->room : 64;
        struct sn_node *grown =
            room > SN_MOST_NODES
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
    const struct sn_node *node = f->node;
    /* operands that there are not are node 0, a constant */
    new->constant =
        new->op != SN_Z &&
        (f->count == 0 || (node[new->a].constant && node[new->b].constant &&
                              node[new->c].constant));
    f->node[f->count] = *new;
    return f->count++;
}

int sn_node_number(struct sn_expression *f, const fmpq_t number, size_t place)
{
    struct sn_node new = {.op = SN_NUMBER, .place = place};
    fmpq_init(new.number);
    fmpq_set(new.number, number);
    return place_node(f, &new);
}

int sn_node_integer(struct sn_expression *f, slong number, size_t place)
{
    struct sn_node new = {.op = SN_NUMBER, .place = place};
    fmpq_init(new.number);
    fmpq_set_si(new.number, number, 1);
    return place_node(f, &new);
}

/* Arithmetic of two numbers, exact; -1 where it is left to evaluation. */
static int fold(
    struct sn_expression *f, enum sn_op op, int a, int b, size_t place)
{
    const struct sn_node *x = &f->node[a], *y = &f->node[b];
    if (x->op != SN_NUMBER || y->op != SN_NUMBER ||
        fmpq_height_bits(x->number) + fmpq_height_bits(y->number) >
            FOLDED_BITS)
        return -1;
    fmpq_t r;
    fmpq_init(r);
    int i = -1;
    if (op == SN_ADD)
        fmpq_add(r, x->number, y->number);
    else if (op == SN_SUB)
        fmpq_sub(r, x->number, y->number);
    else if (op == SN_MUL)
        fmpq_mul(r, x->number, y->number);
    else if (op == SN_DIV && !fmpq_is_zero(y->number))
        fmpq_div(r, x->number, y->number);
    else
        goto done;
    i = sn_node_number(f, r, place);
done:
    fmpq_clear(r);
    return i;
}

/*
 * What equals a simpler node wherever it is defined; -1 if nothing does.  So
 * derivatives stay short, and a - a, which no ball could tell from 0, is 0.
 */
static int simplify(
    struct sn_expression *f, enum sn_op op, int a, int b, int c, size_t place)
{
    switch (op) {
    case SN_ADD:
        return a == ZERO ? b : b == ZERO ? a : fold(f, op, a, b, place);
    case SN_SUB:
        return b == ZERO ? a : a == b ? ZERO : fold(f, op, a, b, place);
    case SN_MUL:
        return a == ZERO || b == ZERO ? ZERO
               : a == ONE             ? b
               : b == ONE             ? a
                                      : fold(f, op, a, b, place);
    case SN_DIV:
        return b == ONE                 ? a
               : a == ZERO && b != ZERO ? ZERO
                                        : fold(f, op, a, b, place);
    case SN_WHERE:
        return a == b                            ? a
               : f->node[c].op != SN_NUMBER      ? -1
               : fmpq_sgn(f->node[c].number) > 0 ? a
                                                 : b;
    default:
        return -1;
    }
}

int sn_node(
    struct sn_expression *f, enum sn_op op, int a, int b, int c, size_t place)
{
    int i = simplify(f, op, a, b, c, place);
    if (i >= 0)
        return i;
    struct sn_node new = {.op = op, .a = a, .b = b, .c = c, .place = place};
    fmpq_init(new.number);
    return place_node(f, &new);
}

int sn_node_power(struct sn_expression *f, int a, slong power, size_t place)
{
    if (power == 0)
        return ONE;
    if (power == 1)
        return a;
    if (power < 0)
        return sn_node(
            f, SN_DIV, ONE, sn_node_power(f, a, -power, place), 0, place);
    if (f->node[a].op == SN_NUMBER && /* what fits a double */
        (double)fmpq_height_bits(f->node[a].number) * (double)power <= 1024) {
        fmpq_t number;
        fmpq_init(number);
        fmpq_pow_si(number, f->node[a].number, power);
        int i = sn_node_number(f, number, place);
        fmpq_clear(number);
        return i;
    }
    struct sn_node new = {
        .op = SN_POWER, .a = a, .power = power, .place = place};
    fmpq_init(new.number);
    return place_node(f, &new);
}

bool sn_is_modulus(const struct sn_expression *f, int i)
{
    const struct sn_node *x = &f->node[i], *minus = &f->node[x->b];
    return x->op == SN_WHERE && x->a == x->c && minus->op == SN_SUB &&
           minus->a == ZERO && minus->b == x->c;
}

/* 2/sqrt(pi) e^(-a^2) */
static int derivative_of_erf(struct sn_expression *f, int a, size_t place)
{
    int minus =
        sn_node(f, SN_SUB, ZERO, sn_node_power(f, a, 2, place), 0, place);
    int root =
        sn_node(f, SN_SQRT, sn_node(f, SN_PI, 0, 0, 0, place), 0, 0, place);
    int scale =
        sn_node(f, SN_DIV, sn_node_integer(f, 2, place), root, 0, place);
    return sn_node(
        f, SN_MUL, scale, sn_node(f, SN_EXP, minus, 0, 0, place), 0, place);
}

/* The derivative of a function at its operand, node `i`. */
static int outer(struct sn_expression *f, int i)
{
    const struct sn_node x = f->node[i];
    size_t p = x.place;
    switch (x.op) {
    case SN_POWER:
        return sn_node(f, SN_MUL, sn_node_integer(f, x.power, p),
            sn_node_power(f, x.a, x.power - 1, p), 0, p);
    case SN_EXP:
        return i;
    case SN_EXPM1:
        return sn_node(f, SN_EXP, x.a, 0, 0, p);
    case SN_TANH:
        return sn_node(f, SN_SUB, ONE, sn_node_power(f, i, 2, p), 0, p);
    case SN_ERF:
        return derivative_of_erf(f, x.a, p);
    case SN_LOG:
        return sn_node(f, SN_DIV, ONE, x.a, 0, p);
    case SN_LOG1P:
        return sn_node(f, SN_DIV, ONE, x.b, 0, p);
    case SN_SQRT:
        return sn_node(f, SN_DIV, ONE,
            sn_node(f, SN_MUL, sn_node_integer(f, 2, p), i, 0, p), 0, p);
    default:
        return ZERO;
    }
}

/* The derivative of node `i`, given those of the nodes before it. */
static int derivative(struct sn_expression *f, int i, const int *of)
{
    const struct sn_node x = f->node[i];
    size_t p = x.place;
    if (x.constant)
        return ZERO;
    switch (x.op) {
    case SN_Z:
        return ONE;
    case SN_ADD:
    case SN_SUB:
        return sn_node(f, x.op, of[x.a], of[x.b], 0, p);
    case SN_MUL:
        return sn_node(f, SN_ADD, sn_node(f, SN_MUL, of[x.a], x.b, 0, p),
            sn_node(f, SN_MUL, x.a, of[x.b], 0, p), 0, p);
    case SN_DIV: /* (a' - (a/b) b')/b */
        return sn_node(f, SN_DIV,
            sn_node(f, SN_SUB, of[x.a], sn_node(f, SN_MUL, i, of[x.b], 0, p),
                0, p),
            x.b, 0, p);
    case SN_WHERE:
        return sn_node(f, SN_WHERE, of[x.a], of[x.b], x.c, p);
    default:
        return sn_node(f, SN_MUL, outer(f, i), of[x.a], 0, p);
    }
}

int sn_differentiate(struct sn_expression *f, int i)
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

static int degree_of(const struct sn_expression *f, int i, const int *degree)
{
    const struct sn_node *x = &f->node[i];
    int a = degree[x->a], b = degree[x->b];
    if (i == ZERO)
        return ANY_DEGREE;
    if (x->constant)
        return 0;
    if (x->op == SN_Z)
        return 2;
    bool finite = a > ANY_DEGREE, both = finite && b > ANY_DEGREE;
    switch (x->op) {
    case SN_ADD:
    case SN_SUB:
        return common_degree(a, b);
    case SN_MUL:
        return both ? a + b : NO_DEGREE;
    case SN_DIV:
        return both ? a - b : NO_DEGREE;
    case SN_POWER:
        return finite && abs(a) <= 2 && x->power < 100 ? a * (int)x->power
                                                       : NO_DEGREE;
    case SN_SQRT:
        return finite && a % 2 == 0 ? a / 2 : NO_DEGREE;
    case SN_WHERE: /* the condition's sign does not change with scale */
        return degree[x->c] != NO_DEGREE ? common_degree(a, b) : NO_DEGREE;
    default: /* of degree 0 if what it is applied to is */
        return a == 0 ? 0 : NO_DEGREE;
    }
}

bool sn_is_homogeneous(const struct sn_expression *f)
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

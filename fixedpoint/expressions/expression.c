/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/expression.h"
#include <stdlib.h>

/* Numbers longer than this stay products and quotients. */
enum { FOLDED_BITS = 1 << 14 };

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
        [EXPR_HYPOT] = 2,
        [EXPR_POWER] = 1,
        [EXPR_EXP] = 1,
        [EXPR_EXPM1] = 1,
        [EXPR_TANH] = 1,
        [EXPR_SIN] = 1,
        [EXPR_COS] = 1,
        [EXPR_ATAN] = 1,
        [EXPR_ERF] = 1,
        [EXPR_ERFC] = 1,
        [EXPR_ERFCX] = 1,
        [EXPR_LOG] = 1,
        [EXPR_LOG1P] = 2,
        [EXPR_SQRT] = 1,
        [EXPR_SIGN] = 1,
        [EXPR_WHERE] = 3};
    return operands[op];
}

/* The node with these contents, which it takes over. */
static int place_node(struct expr_expression *f, struct expr_node *new)
{
    for (int i = f->count - 1; i >= 0; i--) {
        const struct expr_node *old = &f->node[i];
        if (old->op == new->op && old->a == new->a && old->b == new->b &&
            old->c == new->c && old->variable == new->variable &&
            old->power == new->power &&fmpq_equal(old->number, new->number) !=
                0) {
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
        return EXPR_ZERO;
    }
    const struct expr_node *node = f->node;
    /* operands that there are not are node 0, a constant */
    new->constant =
        new->op != EXPR_VARIABLE &&
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

int expr_node_variable(struct expr_expression *f, int variable, size_t place)
{
    struct expr_node new = {
        .op = EXPR_VARIABLE, .variable = variable, .place = place};
    fmpq_init(new.number);
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
    NUM_FMPQ(r);
    if (op == EXPR_ADD)
        fmpq_add(r, x->number, y->number);
    else if (op == EXPR_SUB)
        fmpq_sub(r, x->number, y->number);
    else if (op == EXPR_MUL)
        fmpq_mul(r, x->number, y->number);
    else if (op == EXPR_DIV && !fmpq_is_zero(y->number))
        fmpq_div(r, x->number, y->number);
    else
        return -1;
    return expr_node_number(f, r, place);
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
        return a == EXPR_ZERO   ? b
               : b == EXPR_ZERO ? a
                                : fold(f, op, a, b, place);
    case EXPR_SUB:
        return b == EXPR_ZERO ? a
               : a == b       ? EXPR_ZERO
                              : fold(f, op, a, b, place);
    case EXPR_MUL:
        return a == EXPR_ZERO || b == EXPR_ZERO ? EXPR_ZERO
               : a == EXPR_ONE                  ? b
               : b == EXPR_ONE                  ? a
                                                : fold(f, op, a, b, place);
    case EXPR_DIV:
        return b == EXPR_ONE                      ? a
               : a == EXPR_ZERO && b != EXPR_ZERO ? EXPR_ZERO
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
        return EXPR_ONE;
    if (power == 1)
        return a;
    if (power < 0)
        return expr_node(f, EXPR_DIV, EXPR_ONE,
            expr_node_power(f, a, -power, place), 0, place);
    if (f->node[a].op == EXPR_NUMBER && /* what fits a double */
        (double)fmpq_height_bits(f->node[a].number) * (double)power <= 1024) {
        NUM_FMPQ(number);
        fmpq_pow_si(number, f->node[a].number, power);
        int i = expr_node_number(f, number, place);
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
           minus->a == EXPR_ZERO && minus->b == x->c;
}

bool expr_is_rest(
    struct expr_rest *rest, const struct expr_expression *f, int i)
{
    const struct expr_node *x = &f->node[i], *s = &f->node[x->b];
    bool sum = x->op == EXPR_ADD, difference = x->op == EXPR_SUB;
    if ((!sum && !difference) || x->a != EXPR_ONE)
        return false;
    bool square = difference && s->op == EXPR_POWER && s->power == 2;
    if (square)
        s = &f->node[s->a];
    *rest = (struct expr_rest){s->op, square ? 0 : sum ? -1 : 1, s->a};
    return s->op == EXPR_TANH || (s->op == EXPR_ERF && !square);
}

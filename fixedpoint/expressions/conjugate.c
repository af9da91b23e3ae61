/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p + sqrt(q) where q - p^2 = d is a positive number: for p < 0 the two
 * cancel, and no enclosure of their sum would stay away from 0 (asinh by its
 * logarithm, log(z + sqrt(z^2 + 1))).  There it is d/(sqrt(q) - p), exactly.
 */
#include "fixedpoint/expressions/expression.h"
#include <flint/fmpq_poly.h>

/* c0 + c1 u + c2 u^2 in u = node `base`, with exact numbers. */
static bool find_parabola(
    fmpq_poly_t y, const struct expr_expression *f, int i, int base)
{
    const struct expr_node *x = &f->node[i];
    fmpq_poly_zero(y);
    if (i == base) {
        fmpq_poly_set_coeff_si(y, 1, 1);
        return true;
    }
    if (x->op == EXPR_NUMBER) {
        fmpq_poly_set_fmpq(y, x->number);
        return true;
    }
    bool sum = x->op == EXPR_ADD || x->op == EXPR_SUB;
    bool square = x->op == EXPR_POWER && x->power == 2;
    if (!sum && !square && x->op != EXPR_MUL)
        return false;
    fmpq_poly_t b;
    fmpq_poly_init(b);
    bool known = find_parabola(y, f, x->a, base) &&
                 (square || find_parabola(b, f, x->b, base));
    if (known && sum)
        (x->op == EXPR_ADD ? fmpq_poly_add : fmpq_poly_sub)(y, y, b);
    else if (known)
        fmpq_poly_mul(y, y, square ? y : b);
    fmpq_poly_clear(b);
    return known && fmpq_poly_degree(y) <= 2;
}

/* d = q - p^2, as polynomials in the node `base`; a number above 0? */
static bool find_rest(
    fmpq_t d, const struct expr_expression *f, int q, int p, int base)
{
    fmpq_poly_t x, y;
    fmpq_poly_init(x);
    fmpq_poly_init(y);
    bool known = find_parabola(x, f, q, base) && find_parabola(y, f, p, base);
    if (known) {
        fmpq_poly_mul(y, y, y);
        fmpq_poly_sub(x, x, y);
        known = fmpq_poly_degree(x) == 0;
        fmpq_poly_get_coeff_fmpq(d, x, 0);
    }
    fmpq_poly_clear(x);
    fmpq_poly_clear(y);
    return known && fmpq_sgn(d) > 0;
}

/* Of -u the node u. */
static int without_minus(const struct expr_expression *f, int i)
{
    const struct expr_node *x = &f->node[i];
    return x->op == EXPR_SUB && x->a == EXPR_ZERO ? x->b : i;
}

/* Is s a root that goes with p, in powers of p itself or of z? */
static bool is_root(fmpq_t d, const struct expr_expression *f, int s, int p)
{
    const struct expr_node *x = &f->node[s];
    if (x->op != EXPR_SQRT || f->node[p].constant)
        return false;
    int z = 0;
    for (int i = 0; i < f->count; i++)
        if (f->node[i].op == EXPR_VARIABLE)
            z = i;
    return find_rest(d, f, x->a, p, without_minus(f, p)) ||
           find_rest(d, f, x->a, p, z);
}

int expr_conjugate(
    struct expr_expression *f, enum expr_op op, int a, int b, size_t place)
{
    NUM_FMPQ(d);
    int first = is_root(d, f, a, b), second = !first && is_root(d, f, b, a);
    int result = expr_node(f, op, a, b, 0, place);
    if (first || second) {
        int p = first ? b : a, s = first ? a : b;
        /* s + p or s - p, and p - s with a minus before it */
        bool plus = op == EXPR_ADD;
        int other = expr_node(f, plus ? EXPR_SUB : EXPR_ADD, s, p, 0, place);
        int quotient = expr_node(
            f, EXPR_DIV, expr_node_number(f, d, place), other, 0, place);
        if (!plus && second)
            quotient = expr_node(f, EXPR_SUB, EXPR_ZERO, quotient, 0, place);
        result = plus ? expr_node(f, EXPR_WHERE, result, quotient, p, place)
                      : expr_node(f, EXPR_WHERE, quotient, result, p, place);
    }
    return result;
}

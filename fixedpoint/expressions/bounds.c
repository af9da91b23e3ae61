/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/bounds.h"

struct expr_form *expr_bound_form(struct expr_bounds *b, int i)
{
    struct expr_form *const form[EXPR_FORMS] = {
        &b->above, &b->below, &b->log_above, &b->log_below};
    return form[i];
}

void expr_bound_constant(struct expr_bounds *y, const arb_t value)
{
    expr_form_constant(&y->above, value);
    expr_form_constant(&y->below, value);
    NUM_ARB(size);
    arb_abs(size, value);
    arb_log(size, size, EXPR_FORM_PREC); /* of 0 not finite: then not known */
    expr_form_constant(&y->log_above, size);
    expr_form_constant(&y->log_below, size);
    if (arb_is_zero(value)) { /* any number is above log 0 */
        expr_form_integer(&y->log_above, -1000);
    }
    y->sign = arb_is_nonnegative(value)   ? 1
              : arb_is_nonpositive(value) ? -1
                                          : 0;
}

static void set_z(struct expr_bounds *y, int side)
{
    for (int i = 0; i < EXPR_FORMS; i++)
        expr_form_integer(expr_bound_form(y, i), 0);
    arb_set_si(y->above.c[C1], side);
    arb_set_si(y->below.c[C1], side);
    arb_one(y->log_above.c[CLOG]);
    arb_one(y->log_below.c[CLOG]);
    y->sign = side;
}

static void copy_bounds(struct expr_bounds *y, const struct expr_bounds *x)
{
    for (int k = 0; k < EXPR_FORMS; k++)
        expr_form_set(expr_bound_form(y, k),
            expr_bound_form((struct expr_bounds *)x, k));
    y->sign = x->sign;
}

/* Is it one polynomial, above = below? */
static bool is_exact(const struct expr_bounds *x)
{
    if (!x->above.known || !x->below.known)
        return false;
    for (int i = 0; i < COEFFICIENTS; i++)
        if (!arb_equal(x->above.c[i], x->below.c[i]))
            return false;
    return true;
}

static bool is_constant(const struct expr_bounds *x)
{
    return is_exact(x) && arb_is_zero(x->above.c[C1]) &&
           arb_is_zero(x->above.c[C2]);
}

static void scale_bounds(
    struct expr_bounds *y, const struct expr_bounds *x, const arb_t k)
{
    bool minus = arb_is_negative(k), plus = arb_is_nonnegative(k);
    if (!minus && !plus && !is_exact(x))
        return;
    expr_form_scale(&y->above, minus ? &x->below : &x->above, k);
    expr_form_scale(&y->below, minus ? &x->above : &x->below, k);
}

/* The product of two exact polynomials of degrees that add up to 2. */
static void multiply_exact(struct expr_bounds *y, const struct expr_bounds *a,
    const struct expr_bounds *b)
{
    arb_t c[5];
    for (int i = 0; i < 5; i++)
        arb_init(c[i]);
    for (int i = C0; i <= C2; i++)
        for (int k = C0; k <= C2; k++)
            arb_addmul(c[i + k], a->above.c[i], b->above.c[k], EXPR_FORM_PREC);
    if (arb_is_zero(c[3]) && arb_is_zero(c[4])) {
        expr_form_integer(&y->above, 0);
        for (int i = C0; i <= C2; i++)
            arb_set(y->above.c[i], c[i]);
        expr_form_set(&y->below, &y->above);
    }
    for (int i = 0; i < 5; i++)
        arb_clear(c[i]);
}

static void multiply(struct expr_bounds *y, const struct expr_bounds *a,
    const struct expr_bounds *b)
{
    expr_form_add(&y->log_above, &a->log_above, 1, &b->log_above);
    expr_form_add(&y->log_below, &a->log_below, 1, &b->log_below);
    y->sign = a->sign * b->sign;
    if (is_constant(a))
        scale_bounds(y, b, a->above.c[C0]);
    else if (is_constant(b))
        scale_bounds(y, a, b->above.c[C0]);
    else if (is_exact(a) && is_exact(b))
        multiply_exact(y, a, b);
}

static void divide(struct expr_bounds *y, const struct expr_bounds *a,
    const struct expr_bounds *b)
{
    expr_form_add(&y->log_above, &a->log_above, -1, &b->log_below);
    expr_form_add(&y->log_below, &a->log_below, -1, &b->log_above);
    y->sign = a->sign * b->sign;
    if (is_constant(b) && !arb_contains_zero(b->above.c[C0])) {
        NUM_ARB(k);
        arb_inv(k, b->above.c[C0], EXPR_FORM_PREC);
        scale_bounds(y, a, k);
    }
}

/* a + side b, side 1 or -1 */
static void add(struct expr_bounds *y, const struct expr_bounds *a,
    const struct expr_bounds *b, int side, const struct expr_tail *tail)
{
    expr_form_add(
        &y->above, &a->above, side, side > 0 ? &b->above : &b->below);
    expr_form_add(
        &y->below, &a->below, side, side > 0 ? &b->below : &b->above);
    expr_form_max(&y->log_above, &a->log_above, &b->log_above, tail->r);
    if (y->log_above.known) { /* + log 2 */
        NUM_ARB(two);
        arb_const_log2(two, EXPR_FORM_PREC);
        arb_add(y->log_above.c[C0], y->log_above.c[C0], two, EXPR_FORM_PREC);
    }
    if (a->sign && a->sign == side * b->sign) {
        y->sign = a->sign;
        expr_form_better(&y->log_below, &a->log_below, -1, tail->r);
        expr_form_better(&y->log_below, &b->log_below, -1, tail->r);
    }
}

/* Node i; (sqrt x)^2 is x. */
static void power(struct expr_bounds *y, const struct expr_tail *tail, int i)
{
    const struct expr_node *all = tail->f->node;
    const struct expr_bounds *a = &tail->node[all[i].a];
    slong n = all[i].power;
    if (n == 2 && all[all[i].a].op == EXPR_SQRT) {
        copy_bounds(y, &tail->node[all[all[i].a].a]);
        return;
    }
    NUM_ARB(k);
    arb_set_si(k, n);
    expr_form_scale(&y->log_above, &a->log_above, k);
    expr_form_scale(&y->log_below, &a->log_below, k);
    y->sign = n % 2 ? a->sign : 1;
    if (n == 2 && is_exact(a))
        multiply_exact(y, a, a);
}

/* y = log k - log |x|, from the lower bound of the latter */
static void log_of_quotient(
    struct expr_form *y, double k, const struct expr_bounds *x)
{
    NUM_ARB(c);
    arb_set_d(c, k);
    arb_log(c, c, EXPR_FORM_PREC);
    expr_form_constant(y, c);
    expr_form_add(y, y, -1, &x->log_below);
}

/* e^a; where a < 0 also e^a <= 1/(e |a|), which is below 0.37/|a| */
static void exponential(struct expr_bounds *y, const struct expr_bounds *a,
    const struct expr_tail *tail)
{
    expr_form_set(&y->log_above, &a->above);
    expr_form_set(&y->log_below, &a->below);
    y->sign = 1;
    if (a->sign < 0 && a->log_below.known) {
        NUM_STRUCT(expr_form, other);
        log_of_quotient(&other, 0.37, a);
        expr_form_better(&y->log_above, &other, 1, tail->r);
    }
}

/*
 * 1 - tanh^2 a: <= 4 e^(-2|a|) <= 2/(e |a|), which is below 0.74/|a|, and >=
 * e^(-2|a|).
 */
static void hyperbolic(
    struct expr_bounds *y, const struct expr_tail *tail, int i)
{
    struct expr_rest rest;
    if (!expr_is_rest(&rest, tail->f, i) || rest.side)
        return;
    const struct expr_bounds *a = &tail->node[rest.of];
    NUM_STRUCT(expr_form, other);
    NUM_STRUCT(expr_form, minus);
    expr_form_integer(&y->above, 1);
    expr_form_integer(&y->below, 0);
    expr_form_integer(&y->log_above, 0);
    y->sign = 1;
    if (a->log_below.known) {
        log_of_quotient(&other, 0.74, a);
        expr_form_better(&y->log_above, &other, 1, tail->r);
    }
    expr_form_set(&minus, &a->below);
    expr_form_negate(&minus);
    expr_form_max(&other, &a->above, &minus, tail->r); /* |a| */
    expr_form_integer(&minus, 0);
    expr_form_add(&y->log_below, &minus, -2, &other);
}

/* |e^a - 1| <= max(1, e^a), and e^a - 1 > -1 */
static void exponential_less_one(struct expr_bounds *y,
    const struct expr_bounds *a, const struct expr_tail *tail)
{
    expr_form_integer(&y->log_above, 0);
    expr_form_max(&y->log_above, &y->log_above, &a->above, tail->r);
    expr_form_integer(&y->below, -1);
    y->sign = a->sign;
    /* where a <= -c, |e^a - 1| >= 1 - e^-c; where a >= c, >= e^c - 1 */
    NUM_ARB(c);
    bool far = (expr_form_sup(c, &a->above, tail->r) && arb_is_negative(c)) ||
               (expr_form_inf(c, &a->below, tail->r) && arb_is_positive(c));
    if (far) {
        arb_expm1(c, c, EXPR_FORM_PREC);
        arb_abs(c, c);
        arb_log(c, c, EXPR_FORM_PREC);
        expr_form_constant(&y->log_below, c);
    }
}

/* tanh and erf: odd, rising, within 1 */
static void sigmoid(struct expr_bounds *y, const struct expr_bounds *a,
    enum expr_op op, const struct expr_tail *tail)
{
    expr_form_integer(&y->above, 1);
    expr_form_integer(&y->below, -1);
    expr_form_integer(&y->log_above, 0);
    y->sign = a->sign;
    NUM_ARB(c);
    if (expr_form_inf(c, &a->log_below, tail->r)) {
        arb_exp(c, c, EXPR_FORM_PREC);
        if (op == EXPR_TANH)
            arb_tanh(c, c, EXPR_FORM_PREC);
        else
            arb_hypgeom_erf(c, c, EXPR_FORM_PREC);
        arb_log(c, c, EXPR_FORM_PREC);
        expr_form_constant(&y->log_below, c);
    }
}

/*
 * 1 +- tanh u and 1 +- erf u, far out where they tend to 0: 1 - tanh x >=
 * e^(-2x) and, for x >= 0, erfc x >= e^(-x^2)/(sqrt(pi) (1 + x)) >=
 * e^(-x^2 - x)/2.
 */
static void one_less(
    struct expr_bounds *y, const struct expr_tail *tail, int i)
{
    struct expr_rest rest;
    if (!expr_is_rest(&rest, tail->f, i) || !rest.side)
        return;
    const struct expr_bounds *u = &tail->node[rest.of];
    const int side = rest.side; /* small where side u > 0 */
    struct expr_bounds square = {0};
    for (int k = 0; k < EXPR_FORMS; k++)
        expr_form_init(expr_bound_form(&square, k));
    struct expr_form *most = &square.log_above, *bound = &square.log_below;
    expr_form_set(most, side > 0 ? &u->above : &u->below);
    if (side < 0)
        expr_form_negate(most); /* x <= most */
    if (u->sign != side) {
        expr_form_integer(bound, 0); /* 1 + something not negative */
        bound->known = u->sign == -side;
    } else if (rest.op == EXPR_TANH) {
        expr_form_integer(bound, 0);
        expr_form_add(bound, bound, -2, most);
    } else if (is_exact(u) && arb_is_zero(u->above.c[C2])) {
        multiply_exact(&square, u, u);
        expr_form_integer(bound, -1);
        expr_form_add(bound, bound, -1, &square.above);
        expr_form_add(bound, bound, -1, most);
    }
    if (bound->known) {
        y->sign = 1;
        expr_form_better(&y->log_below, bound, -1, tail->r);
    }
    for (int k = 0; k < EXPR_FORMS; k++)
        expr_form_clear(expr_bound_form(&square, k));
}

/* From `least` to 2, whatever a is: sin and cos, atan, erfc. */
static void bound_within_two(struct expr_bounds *y, slong least, int sign)
{
    expr_form_integer(&y->above, 2);
    expr_form_integer(&y->below, least);
    y->sign = sign;
}

/* log(1 + a) >= a/(1 + a) where a > 0 is bounded */
static void logarithm_of_small(struct expr_bounds *y,
    const struct expr_bounds *a, const struct expr_tail *tail)
{
    NUM_STRUCT(expr_form, below);
    NUM_ARB(c);
    if (a->log_below.known && expr_form_sup(c, &a->above, tail->r)) {
        arb_log1p(c, c, EXPR_FORM_PREC);
        expr_form_constant(&below, c);
        expr_form_add(&below, &a->log_below, -1, &below);
        expr_form_better(&y->log_below, &below, -1, tail->r);
    }
}

/* log a, a > 0, from the bounds of log |a| */
static void logarithm(struct expr_bounds *y, const struct expr_bounds *a)
{
    expr_form_set(&y->above, &a->log_above);
    expr_form_set(&y->below, &a->log_below);
}

static void root(struct expr_bounds *y, const struct expr_bounds *a)
{
    NUM_ARB(half);
    arb_set_d(half, 0.5);
    expr_form_scale(&y->log_above, &a->log_above, half);
    expr_form_scale(&y->log_below, &a->log_below, half);
    y->sign = 1;
}

/* The side of a WHERE whose condition is proven never to be 0, or NULL. */
static const struct expr_bounds *only_side(const struct expr_bounds *a,
    const struct expr_bounds *b, const struct expr_bounds *condition,
    const struct expr_tail *tail)
{
    NUM_ARB(c);
    bool away = condition->log_below.known;
    bool above =
        (away && condition->sign > 0) ||
        (expr_form_inf(c, &condition->below, tail->r) && arb_is_positive(c));
    bool below =
        (away && condition->sign < 0) ||
        (expr_form_sup(c, &condition->above, tail->r) && arb_is_negative(c));
    return above ? a : below ? b : NULL;
}

void expr_bound_where(
    struct expr_bounds *y, const struct expr_tail *tail, int i)
{
    const struct expr_node *node = &tail->f->node[i];
    const struct expr_bounds *a = &tail->node[node->a],
                             *b = &tail->node[node->b];
    const struct expr_bounds *condition = &tail->node[node->c];
    const struct expr_bounds *only = only_side(a, b, condition, tail);
    if (only) {
        copy_bounds(y, only);
        y->defined = condition->defined && only->defined;
        return;
    }
    y->defined = condition->defined && a->defined && b->defined;
    expr_form_max(&y->above, &a->above, &b->above, tail->r);
    expr_form_min(&y->below, &a->below, &b->below, tail->r);
    expr_form_max(&y->log_above, &a->log_above, &b->log_above, tail->r);
    expr_form_min(&y->log_below, &a->log_below, &b->log_below, tail->r);
    y->sign = expr_is_modulus(tail->f, i) ? 1
              : a->sign == b->sign        ? a->sign
                                          : 0;
}

void expr_bound_operation(
    struct expr_bounds *y, const struct expr_tail *tail, int i)
{
    const struct expr_node *node = &tail->f->node[i];
    const struct expr_bounds *a = &tail->node[node->a];
    const struct expr_bounds *b = &tail->node[node->b];
    switch (node->op) {
    case EXPR_VARIABLE:
        set_z(y, tail->side);
        break;
    case EXPR_ADD:
        add(y, a, b, 1, tail);
        one_less(y, tail, i);
        break;
    case EXPR_SUB:
        add(y, a, b, -1, tail);
        hyperbolic(y, tail, i);
        one_less(y, tail, i);
        break;
    case EXPR_MUL:
        multiply(y, a, b);
        break;
    case EXPR_DIV:
        divide(y, a, b);
        break;
    case EXPR_POWER:
        power(y, tail, i);
        break;
    case EXPR_EXP:
        exponential(y, a, tail);
        break;
    case EXPR_EXPM1:
        exponential_less_one(y, a, tail);
        break;
    case EXPR_TANH:
    case EXPR_ERF:
        sigmoid(y, a, node->op, tail);
        break;
    case EXPR_SIN:
    case EXPR_COS:
        bound_within_two(y, -2, 0);
        break;
    case EXPR_ATAN:
        bound_within_two(y, -2, a->sign);
        break;
    case EXPR_ERFC:
        bound_within_two(y, 0, 1);
        break;
    case EXPR_LOG:
        logarithm(y, a);
        break;
    case EXPR_LOG1P:
        logarithm(y, b);
        y->sign = a->sign;
        if (a->sign > 0) { /* log(1 + a) <= a */
            expr_form_set(&y->log_above, &a->log_above);
            logarithm_of_small(y, a, tail);
        }
        break;
    case EXPR_SQRT:
        root(y, a);
        break;
    default: /* constants, WHERE */
        break;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/growth.h"
#include "fixedpoint/activations/evaluate.h"
#include <stdlib.h>

/* Of one node, along z = side t, t >= R. */
struct bounds {
    struct sn_form above, below;         /* of the node, without log t */
    struct sn_form log_above, log_below; /* of log |node| */
    int sign;                            /* 1: >= 0, -1: <= 0, 0: not known */
    bool defined; /* proven to be a number for all t >= R; else no bounds */
};

enum { FORMS = 4 };
static struct sn_form *form_of(struct bounds *b, int i)
{
    struct sn_form *const form[FORMS] = {
        &b->above, &b->below, &b->log_above, &b->log_below};
    return form[i];
}

struct tail {
    const struct sn_expression *f;
    struct bounds *node;
    arb_ptr constant;
    int side;
    arb_srcptr r;
};

/* ---- nodes ---------------------------------------------------------- */

static void set_constant(struct bounds *y, const arb_t value)
{
    sn_form_constant(&y->above, value);
    sn_form_constant(&y->below, value);
    arb_t size;
    arb_init(size);
    arb_abs(size, value);
    arb_log(size, size, SN_FORM_PREC); /* of 0 not finite: then not known */
    sn_form_constant(&y->log_above, size);
    sn_form_constant(&y->log_below, size);
    if (arb_is_zero(value)) { /* any number is above log 0 */
        sn_form_integer(&y->log_above, -1000);
    }
    arb_clear(size);
    y->sign = arb_is_nonnegative(value)   ? 1
              : arb_is_nonpositive(value) ? -1
                                          : 0;
}

static void set_z(struct bounds *y, int side)
{
    for (int i = 0; i < FORMS; i++)
        sn_form_integer(form_of(y, i), 0);
    arb_set_si(y->above.c[C1], side);
    arb_set_si(y->below.c[C1], side);
    arb_one(y->log_above.c[CLOG]);
    arb_one(y->log_below.c[CLOG]);
    y->sign = side;
}

/* Is it one polynomial, above = below? */
static bool is_exact(const struct bounds *x)
{
    if (!x->above.known || !x->below.known)
        return false;
    for (int i = 0; i < COEFFICIENTS; i++)
        if (!arb_equal(x->above.c[i], x->below.c[i]))
            return false;
    return true;
}

static bool is_constant(const struct bounds *x)
{
    return is_exact(x) && arb_is_zero(x->above.c[C1]) &&
           arb_is_zero(x->above.c[C2]);
}

static void scale_bounds(
    struct bounds *y, const struct bounds *x, const arb_t k)
{
    bool minus = arb_is_negative(k), plus = arb_is_nonnegative(k);
    if (!minus && !plus && !is_exact(x))
        return;
    sn_form_scale(&y->above, minus ? &x->below : &x->above, k);
    sn_form_scale(&y->below, minus ? &x->above : &x->below, k);
}

/* The product of two exact polynomials of degrees that add up to 2. */
static void multiply_exact(
    struct bounds *y, const struct bounds *a, const struct bounds *b)
{
    arb_t c[5];
    for (int i = 0; i < 5; i++)
        arb_init(c[i]);
    for (int i = C0; i <= C2; i++)
        for (int k = C0; k <= C2; k++)
            arb_addmul(c[i + k], a->above.c[i], b->above.c[k], SN_FORM_PREC);
    if (arb_is_zero(c[3]) && arb_is_zero(c[4])) {
        sn_form_integer(&y->above, 0);
        for (int i = C0; i <= C2; i++)
            arb_set(y->above.c[i], c[i]);
        sn_form_set(&y->below, &y->above);
    }
    for (int i = 0; i < 5; i++)
        arb_clear(c[i]);
}

static void multiply(
    struct bounds *y, const struct bounds *a, const struct bounds *b)
{
    sn_form_add(&y->log_above, &a->log_above, 1, &b->log_above);
    sn_form_add(&y->log_below, &a->log_below, 1, &b->log_below);
    y->sign = a->sign * b->sign;
    if (is_constant(a))
        scale_bounds(y, b, a->above.c[C0]);
    else if (is_constant(b))
        scale_bounds(y, a, b->above.c[C0]);
    else if (is_exact(a) && is_exact(b))
        multiply_exact(y, a, b);
}

static void divide(
    struct bounds *y, const struct bounds *a, const struct bounds *b)
{
    sn_form_add(&y->log_above, &a->log_above, -1, &b->log_below);
    sn_form_add(&y->log_below, &a->log_below, -1, &b->log_above);
    y->sign = a->sign * b->sign;
    if (is_constant(b) && !arb_contains_zero(b->above.c[C0])) {
        arb_t k;
        arb_init(k);
        arb_inv(k, b->above.c[C0], SN_FORM_PREC);
        scale_bounds(y, a, k);
        arb_clear(k);
    }
}

/* a + side b, side 1 or -1 */
static void add(
    struct bounds *y, const struct bounds *a, const struct bounds *b, int side)
{
    sn_form_add(&y->above, &a->above, side, side > 0 ? &b->above : &b->below);
    sn_form_add(&y->below, &a->below, side, side > 0 ? &b->below : &b->above);
    sn_form_hull(&y->log_above, &a->log_above, &b->log_above, false);
    if (y->log_above.known) { /* + log 2 */
        arb_t two;
        arb_init(two);
        arb_const_log2(two, SN_FORM_PREC);
        arb_add(y->log_above.c[C0], y->log_above.c[C0], two, SN_FORM_PREC);
        arb_clear(two);
    }
    if (a->sign && a->sign == side * b->sign) {
        y->sign = a->sign;
        sn_form_better(&y->log_below, &a->log_below, -1);
        sn_form_better(&y->log_below, &b->log_below, -1);
    }
}

static void power(struct bounds *y, const struct bounds *a, slong n)
{
    arb_t k;
    arb_init(k);
    arb_set_si(k, n);
    sn_form_scale(&y->log_above, &a->log_above, k);
    sn_form_scale(&y->log_below, &a->log_below, k);
    y->sign = n % 2 ? a->sign : 1;
    if (n == 2 && is_exact(a))
        multiply_exact(y, a, a);
    arb_clear(k);
}

static void exponential(struct bounds *y, const struct bounds *a)
{
    sn_form_set(&y->log_above, &a->above);
    sn_form_set(&y->log_below, &a->below);
    y->sign = 1;
}

/* |e^a - 1| <= max(1, e^a), and e^a - 1 > -1 */
static void exponential_less_one(
    struct bounds *y, const struct bounds *a, const struct tail *tail)
{
    sn_form_integer(&y->log_above, 0);
    sn_form_hull(&y->log_above, &y->log_above, &a->above, false);
    sn_form_integer(&y->below, -1);
    y->sign = a->sign;
    /* where a <= -c, |e^a - 1| >= 1 - e^-c; where a >= c, >= e^c - 1 */
    arb_t c;
    arb_init(c);
    bool far = (sn_form_sup(c, &a->above, tail->r) && arb_is_negative(c)) ||
               (sn_form_inf(c, &a->below, tail->r) && arb_is_positive(c));
    if (far) {
        arb_expm1(c, c, SN_FORM_PREC);
        arb_abs(c, c);
        arb_log(c, c, SN_FORM_PREC);
        sn_form_constant(&y->log_below, c);
    }
    arb_clear(c);
}

/* tanh and erf: odd, rising, within 1 */
static void sigmoid(struct bounds *y, const struct bounds *a, enum sn_op op,
    const struct tail *tail)
{
    sn_form_integer(&y->above, 1);
    sn_form_integer(&y->below, -1);
    sn_form_integer(&y->log_above, 0);
    y->sign = a->sign;
    arb_t c;
    arb_init(c);
    if (sn_form_inf(c, &a->log_below, tail->r)) {
        arb_exp(c, c, SN_FORM_PREC);
        if (op == SN_TANH)
            arb_tanh(c, c, SN_FORM_PREC);
        else
            arb_hypgeom_erf(c, c, SN_FORM_PREC);
        arb_log(c, c, SN_FORM_PREC);
        sn_form_constant(&y->log_below, c);
    }
    arb_clear(c);
}

/* log a, a > 0, from the bounds of log |a| */
static void logarithm(struct bounds *y, const struct bounds *a)
{
    sn_form_set(&y->above, &a->log_above);
    sn_form_set(&y->below, &a->log_below);
}

static void root(struct bounds *y, const struct bounds *a)
{
    arb_t half;
    arb_init(half);
    arb_set_d(half, 0.5);
    sn_form_scale(&y->log_above, &a->log_above, half);
    sn_form_scale(&y->log_below, &a->log_below, half);
    y->sign = 1;
    arb_clear(half);
}

static void copy_bounds(struct bounds *y, const struct bounds *x)
{
    for (int k = 0; k < FORMS; k++)
        sn_form_set(form_of(y, k), form_of((struct bounds *)x, k));
    y->sign = x->sign;
}

/* The side of a WHERE whose condition is proven never to be 0, or NULL. */
static const struct bounds *only_side(const struct bounds *a,
    const struct bounds *b, const struct bounds *condition,
    const struct tail *tail)
{
    arb_t c;
    arb_init(c);
    bool away = condition->log_below.known;
    bool above =
        (away && condition->sign > 0) ||
        (sn_form_inf(c, &condition->below, tail->r) && arb_is_positive(c));
    bool below =
        (away && condition->sign < 0) ||
        (sn_form_sup(c, &condition->above, tail->r) && arb_is_negative(c));
    arb_clear(c);
    return above ? a : below ? b : NULL;
}

static void choose(struct bounds *y, const struct tail *tail, int i)
{
    const struct sn_node *node = &tail->f->node[i];
    const struct bounds *a = &tail->node[node->a], *b = &tail->node[node->b];
    const struct bounds *condition = &tail->node[node->c];
    const struct bounds *only = only_side(a, b, condition, tail);
    if (only) {
        copy_bounds(y, only);
        y->defined = condition->defined && only->defined;
        return;
    }
    y->defined = condition->defined && a->defined && b->defined;
    sn_form_hull(&y->above, &a->above, &b->above, false);
    sn_form_hull(&y->below, &a->below, &b->below, true);
    sn_form_hull(&y->log_above, &a->log_above, &b->log_above, false);
    sn_form_hull(&y->log_below, &a->log_below, &b->log_below, true);
    y->sign = sn_is_modulus(tail->f, i) ? 1 : a->sign == b->sign ? a->sign : 0;
}

/* ---- what one kind of bound says about the others -------------------- */

/*
 * |P(t)| <= (sum of |coefficients| of both bounds) t^degree: a bound of
 * log |node| for polynomials.
 */
static void log_from_polynomials(struct bounds *y)
{
    struct sn_form bound;
    arb_t sum, size;
    if (y->log_above.known || !y->above.known || !y->below.known ||
        !arb_is_zero(y->above.c[CLOG]) || !arb_is_zero(y->below.c[CLOG]))
        return;
    arb_init(sum);
    arb_init(size);
    slong degree = 0;
    for (int i = C0; i <= C2; i++)
        for (int k = 0; k < 2; k++) {
            arb_abs(size, k ? y->below.c[i] : y->above.c[i]);
            arb_add(sum, sum, size, SN_FORM_PREC);
            if (!arb_is_zero(size))
                degree = i;
        }
    arb_log(sum, sum, SN_FORM_PREC);
    sn_form_init(&bound);
    sn_form_constant(&bound, sum);
    arb_set_si(bound.c[CLOG], degree);
    sn_form_set(&y->log_above, &bound);
    sn_form_clear(&bound);
    arb_clear(sum);
    arb_clear(size);
}

/* e^(c0 + cl log t) <= e^c0 t^n for the whole n >= cl, if n <= 2 */
static bool polynomial_from_log(
    struct sn_form *y, const struct sn_form *log, const struct tail *tail)
{
    arb_t t;
    arb_init(t);
    bool found = sn_form_sup(t, log, tail->r);
    slong degree = 0;
    if (!found && log->known && arb_is_nonpositive(log->c[C1]) &&
        arb_is_nonpositive(log->c[C2])) {
        for (degree = 1; degree <= 2 && !found; degree++) {
            arb_sub_si(t, log->c[CLOG], degree, SN_FORM_PREC);
            found = arb_is_nonpositive(t);
        }
        degree--;
        arb_set(t, log->c[C0]);
    }
    if (found) {
        sn_form_integer(y, 0);
        arb_exp(y->c[degree], t, SN_FORM_PREC);
    }
    arb_clear(t);
    return found;
}

static void complete(struct bounds *y, const struct tail *tail)
{
    arb_t c;
    arb_init(c);
    sn_form_drop_log(&y->above, tail->r);
    sn_form_negate(&y->below); /* -below is an upper bound of the negative */
    sn_form_drop_log(&y->below, tail->r);
    sn_form_negate(&y->below);
    if (!y->sign && sn_form_inf(c, &y->below, tail->r) &&
        arb_is_nonnegative(c))
        y->sign = 1;
    if (!y->sign && sn_form_sup(c, &y->above, tail->r) &&
        arb_is_nonpositive(c))
        y->sign = -1;
    log_from_polynomials(y);
    if (!y->log_below.known && y->sign) { /* |node| >= its least, if > 0 */
        bool away =
            y->sign > 0
                ? sn_form_inf(c, &y->below, tail->r) && arb_is_positive(c)
                : sn_form_sup(c, &y->above, tail->r) && arb_is_negative(c);
        arb_abs(c, c);
        arb_log(c, c, SN_FORM_PREC);
        if (away)
            sn_form_constant(&y->log_below, c);
    }
    struct sn_form bound;
    sn_form_init(&bound);
    if ((!y->above.known || !y->below.known) &&
        polynomial_from_log(&bound, &y->log_above, tail)) {
        if (!y->above.known)
            sn_form_set(&y->above, &bound);
        sn_form_negate(&bound);
        if (!y->below.known)
            sn_form_set(&y->below, &bound);
    }
    if (!y->above.known && y->sign < 0)
        sn_form_integer(&y->above, 0);
    if (!y->below.known && y->sign > 0)
        sn_form_integer(&y->below, 0);
    sn_form_clear(&bound);
    arb_clear(c);
}

/* Is the operation one of numbers that it has a value for? */
static bool is_defined(
    const struct sn_node *node, const struct bounds *a, const struct bounds *b)
{
    int operands = sn_operands(node->op);
    if ((operands > 0 && !a->defined) || (operands > 1 && !b->defined))
        return false;
    switch (node->op) {
    case SN_DIV:
        return b->log_below.known;
    case SN_LOG:
        return a->sign > 0 && a->log_below.known;
    case SN_LOG1P:
        return b->sign > 0 && b->log_below.known;
    case SN_SQRT:
        return a->sign > 0;
    default:
        return true;
    }
}

static void bound_node(struct tail *tail, int i)
{
    const struct sn_node *node = &tail->f->node[i];
    struct bounds *y = &tail->node[i];
    const struct bounds *a = &tail->node[node->a], *b = &tail->node[node->b];
    if (node->constant) {
        set_constant(y, tail->constant + i);
        y->defined = arb_is_finite(tail->constant + i);
        return;
    }
    if (node->op == SN_WHERE)
        choose(y, tail, i);
    else
        y->defined = is_defined(node, a, b);
    if (!y->defined) {
        for (int k = 0; k < FORMS; k++)
            form_of(y, k)->known = false;
        y->sign = 0;
        return;
    }
    switch (node->op) {
    case SN_Z:
        set_z(y, tail->side);
        return;
    case SN_ADD:
        add(y, a, b, 1);
        break;
    case SN_SUB:
        add(y, a, b, -1);
        break;
    case SN_MUL:
        multiply(y, a, b);
        break;
    case SN_DIV:
        divide(y, a, b);
        break;
    case SN_POWER:
        power(y, a, node->power);
        break;
    case SN_EXP:
        exponential(y, a);
        break;
    case SN_EXPM1:
        exponential_less_one(y, a, tail);
        break;
    case SN_TANH:
    case SN_ERF:
        sigmoid(y, a, node->op, tail);
        break;
    case SN_LOG:
        logarithm(y, a);
        break;
    case SN_LOG1P:
        logarithm(y, b);
        y->sign = a->sign;
        if (a->sign > 0) /* log(1 + a) <= a */
            sn_form_set(&y->log_above, &a->log_above);
        break;
    case SN_SQRT:
        root(y, a);
        break;
    default: /* constants, WHERE */
        break;
    }
    complete(y, tail);
}

/* The first node without a bound though what it is made of has one. */
static int find_culprit(const struct tail *tail, int root)
{
    for (int i = 0; i <= root; i++) {
        const struct sn_node *x = &tail->f->node[i];
        if (!tail->node[i].log_above.known &&
            tail->node[x->a].log_above.known &&
            tail->node[x->b].log_above.known &&
            tail->node[x->c].log_above.known)
            return i;
    }
    return root;
}

enum sn_status sn_growth(struct sn_form *log_above, int *culprit,
    const struct sn_expression *f, int root, int side, const arb_t r)
{
    struct tail tail = {.f = f, .side = side, .r = r};
    tail.node = calloc((size_t)root + 1, sizeof *tail.node);
    tail.constant = _arb_vec_init(f->count);
    if (!tail.node) {
        _arb_vec_clear(tail.constant, f->count);
        return SN_NO_MEMORY;
    }
    sn_constants_arb(tail.constant, f, SN_FORM_PREC);
    for (int i = 0; i <= root; i++) {
        for (int k = 0; k < FORMS; k++)
            sn_form_init(form_of(&tail.node[i], k));
        bound_node(&tail, i);
    }
    sn_form_set(log_above, &tail.node[root].log_above);
    *culprit = log_above->known ? root : find_culprit(&tail, root);
    for (int i = 0; i <= root; i++)
        for (int k = 0; k < FORMS; k++)
            sn_form_clear(form_of(&tail.node[i], k));
    free(tail.node);
    _arb_vec_clear(tail.constant, f->count);
    return SN_OK;
}

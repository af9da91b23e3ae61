/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values at exact points: as rational numbers where that is what they are or
 * all but are, else in balls of growing precision.
 *
 * What saturates, as erf(100), is no rational number, yet no ball in reach
 * tells it from one, while a rounding may depend on the side.  So a value is
 * q + t, q rational, and t not known but for its sign, the tail: 0 or, where
 * it is not, |t| < 2^-4000 as it arises, and at most 2^1200 times that for
 * each product on its way.
 */
#include "fixedpoint/series/series.h"
#include <stdlib.h>

/* Numbers longer than this are left to balls; and those beside a tail. */
enum { EXACT_BITS = 1 << 14, TAIL_BITS = 1200 };

static bool is_short(const fmpq_t x)
{
    return fmpq_height_bits(x) <= EXACT_BITS;
}

/* a^n, if a is short enough for it. */
static bool exact_power(fmpq_t y, const fmpq_t a, slong n)
{
    if (!fmpq_is_zero(a) &&
        (double)fmpq_height_bits(a) * (double)n > EXACT_BITS)
        return false;
    fmpq_pow_si(y, a, n);
    return true;
}

static bool exact_root(fmpq_t y, const fmpq_t a)
{
    if (fmpq_sgn(a) < 0 || !fmpz_is_square(fmpq_numref(a)) ||
        !fmpz_is_square(fmpq_denref(a)))
        return false;
    fmpz_sqrt(fmpq_numref(y), fmpq_numref(a));
    fmpz_sqrt(fmpq_denref(y), fmpq_denref(a));
    return true;
}

/* Functions of one number that is 0 or 1: where they are rational. */
static bool exact_function(fmpq_t y, enum expr_op op, const fmpq_t a)
{
    switch (op) {
    case EXPR_EXPM1:
    case EXPR_TANH:
    case EXPR_SIN:
    case EXPR_ATAN:
    case EXPR_ERF:
    case EXPR_LOG1P:
        fmpq_zero(y);
        return fmpq_is_zero(a) != 0;
    case EXPR_EXP:
    case EXPR_COS:
    case EXPR_ERFC:
        fmpq_one(y);
        return fmpq_is_zero(a) != 0;
    case EXPR_LOG:
        fmpq_zero(y);
        return fmpq_is_one(a) != 0;
    case EXPR_SQRT:
        return exact_root(y, a);
    default:
        return false;
    }
}

/* Of two rational numbers. */
static bool exact_pair(
    fmpq_t y, enum expr_op op, const fmpq_t a, const fmpq_t b)
{
    if (!is_short(a) || !is_short(b))
        return false;
    switch (op) {
    case EXPR_ADD:
        fmpq_add(y, a, b);
        return true;
    case EXPR_SUB:
        fmpq_sub(y, a, b);
        return true;
    case EXPR_MUL:
        fmpq_mul(y, a, b);
        return true;
    case EXPR_DIV:
        if (fmpq_is_zero(b))
            return false;
        fmpq_div(y, a, b);
        return true;
    default:
        return false;
    }
}

/* The side of a WHERE: by its condition's number, else by its ball. */
static int exact_side(struct series_work *work, int c)
{
    const arb_poly_struct *ball = work->value + c;
    if (work->rational[c]) {
        const int sign = fmpq_sgn(work->exact + c), tail = work->tail[c];
        if (sign || tail)
            return sign ? sign : tail == SERIES_EITHER ? 0 : tail;
        work->jumps = true;
        return work->other_side ? 1 : -1;
    }
    return !ball->length                   ? 0
           : arb_is_positive(ball->coeffs) ? 1
           : arb_is_negative(ball->coeffs) ? -1
                                           : 0;
}

/* 1: the node's ball is above `far`, -1: below -far, else 0. */
static int far_side(const struct series_work *work, int a, slong far)
{
    int side = 0;
    const arb_poly_struct *ball = work->value + a;
    arf_t end;
    arf_init(end);
    if (ball->length) {
        arb_get_lbound_arf(end, ball->coeffs, 64);
        side = arf_cmp_si(end, far) > 0;
        arb_get_ubound_arf(end, ball->coeffs, 64);
        side -= arf_cmp_si(end, -far) < 0;
    }
    arf_clear(end);
    return side;
}

/* Functions that are next to a number far out: its value, and the tail. */
static bool saturated(fmpq_t y, signed char *tail,
    const struct series_work *work, const struct expr_node *x)
{
    /* e^-2800, e^(-2 1400) and e^(-53^2) are below 2^-4000 */
    const int side = far_side(work, x->a,
        x->op == EXPR_ERF || x->op == EXPR_ERFC ? 53
        : x->op == EXPR_TANH                    ? 1400
                                                : 2800);
    switch (x->op) {
    case EXPR_EXP:
        fmpq_zero(y);
        *tail = 1;
        return side < 0;
    case EXPR_EXPM1:
        fmpq_set_si(y, -1, 1);
        *tail = 1;
        return side < 0;
    case EXPR_TANH:
    case EXPR_ERF:
        fmpq_set_si(y, side, 1);
        *tail = (signed char)-side;
        return side != 0;
    case EXPR_ERFC:
        fmpq_set_si(y, side < 0 ? 2 : 0, 1);
        *tail = (signed char)side;
        return side != 0;
    default:
        return false;
    }
}

static int joint_tail(int a, int b)
{
    return a && b && a != b ? SERIES_EITHER : a ? a : b;
}

static int signed_tail(int tail, int sign)
{
    return sign && tail == SERIES_EITHER ? tail : tail * sign;
}

/* Of a rational operation of numbers with tails; false: not known. */
static bool set_tail(struct series_work *work, int i)
{
    const struct expr_node *x = &work->function->f.node[i];
    const fmpq *a = work->exact + x->a, *b = work->exact + x->b;
    const bool two = expr_operands(x->op) > 1;
    const int ta = work->tail[x->a], tb = two ? work->tail[x->b] : 0;
    int tail;
    work->tail[i] = 0;
    if (!ta && !tb)
        return true;
    if (fmpq_height_bits(a) > TAIL_BITS ||
        (two && fmpq_height_bits(b) > TAIL_BITS))
        return false;
    const int sa = fmpq_sgn(a), sb = two ? fmpq_sgn(b) : 0;
    switch (x->op) {
    case EXPR_ADD:
        tail = joint_tail(ta, tb);
        break;
    case EXPR_SUB:
        tail = joint_tail(ta, signed_tail(tb, -1));
        break;
    case EXPR_MUL:
        if (!sa && !sb)
            return false;
        tail = joint_tail(signed_tail(ta, sb), signed_tail(tb, sa));
        break;
    case EXPR_DIV: /* (a + s)/(b + t) = a/b + (s - t a/b)/(b + t) */
        if (!sb)
            return false;
        tail = signed_tail(joint_tail(ta, signed_tail(tb, -sa * sb)), sb);
        break;
    case EXPR_POWER:
        if (!sa)
            return false;
        tail = signed_tail(ta, x->power % 2 ? 1 : sa);
        break;
    case EXPR_COS:
        return false;
    case EXPR_SQRT:
        if (!sa)
            return false;
        tail = ta;
        break;
    default: /* functions at 0 or 1, where all rise but one */
        tail = signed_tail(ta, x->op == EXPR_ERFC ? -1 : 1);
        break;
    }
    work->tail[i] = (signed char)tail;
    return true;
}

/* The sign of a node that is no rational number, if 2^-1200 < |it| < 2^1200.
 */
static int moderate_sign(const struct series_work *work, int a)
{
    const arb_poly_struct *ball = work->value + a;
    if (!ball->length || !arb_is_nonzero(ball->coeffs) ||
        arf_cmpabs_2exp_si(arb_midref(ball->coeffs), TAIL_BITS) > 0 ||
        arf_cmpabs_2exp_si(arb_midref(ball->coeffs), -TAIL_BITS) < 0 ||
        arb_rel_accuracy_bits(ball->coeffs) < 4)
        return 0;
    return arf_sgn(arb_midref(ball->coeffs));
}

/* Next to 0, by a product or quotient with what is not rational. */
static bool next_to_zero(struct series_work *work, int i)
{
    const struct expr_node *x = &work->function->f.node[i];
    const bool product = x->op == EXPR_MUL;
    for (int k = 0; k < (product ? 2 : 1); k++) {
        const int zero = k ? x->b : x->a, other = k ? x->a : x->b;
        if (!work->rational[zero] || !fmpq_is_zero(work->exact + zero) ||
            work->rational[other])
            continue;
        const int sign = moderate_sign(work, other);
        fmpq_zero(work->exact + i);
        work->tail[i] = (signed char)signed_tail(work->tail[zero], sign);
        return sign != 0;
    }
    return false;
}

static bool exact_where(
    struct series_work *work, int i, const struct expr_node *x)
{
    const int side = exact_side(work, x->c);
    const int chosen = side > 0 ? x->a : x->b;
    if (!side || !work->rational[chosen])
        return false;
    fmpq_set(work->exact + i, work->exact + chosen);
    work->tail[i] = work->tail[chosen];
    return true;
}

static bool exact_node(struct series_work *work, int i, const fmpq_t point)
{
    const struct expr_node *x = &work->function->f.node[i];
    fmpq *y = work->exact + i, *a = work->exact + x->a,
         *b = work->exact + x->b;
    const bool *known = work->rational;
    work->tail[i] = 0;
    switch (x->op) {
    case EXPR_NUMBER:
        fmpq_set(y, x->number);
        return true;
    case EXPR_VARIABLE:
        fmpq_set(y, point);
        return true;
    case EXPR_MUL: /* 0 times what is defined */
        if ((known[x->a] && fmpq_is_zero(a) && !work->tail[x->a] &&
                !work->undefined[x->b]) ||
            (known[x->b] && fmpq_is_zero(b) && !work->tail[x->b] &&
                !work->undefined[x->a])) {
            fmpq_zero(y);
            return true;
        }
        /* fall through */
    case EXPR_DIV:
        if (next_to_zero(work, i))
            return true;
        /* fall through */
    case EXPR_ADD:
    case EXPR_SUB:
        return known[x->a] && known[x->b] && exact_pair(y, x->op, a, b) &&
               set_tail(work, i);
    case EXPR_POWER:
        return known[x->a] && exact_power(y, a, x->power) && set_tail(work, i);
    case EXPR_WHERE:
        return exact_where(work, i, x);
    case EXPR_LOG1P: /* b is 1 + a */
        return known[x->a] && exact_function(y, x->op, a) &&
               ((work->tail[i] = work->tail[x->a]), true);
    default:
        return (known[x->a] && exact_function(y, x->op, a) &&
                   set_tail(work, i)) ||
               saturated(y, &work->tail[i], work, x);
    }
}

bool series_exact(fmpq_t y, int *tail, struct series_work *work, const arf_t x)
{
    const struct series_function *function = work->function;
    fmpq_t point;
    fmpq_init(point);
    arf_get_fmpq(point, x);
    work->jumps = false;
    for (int i = 0; i <= function->root; i++)
        work->rational[i] = function->live[i] && exact_node(work, i, point);
    fmpq_clear(point);
    *tail = work->tail[function->root];
    const bool known =
        work->rational[function->root] && !work->undefined[function->root];
    if (known)
        fmpq_set(y, work->exact + function->root);
    return known;
}

static void forget_rationals(struct series_work *work)
{
    for (int i = 0; i <= work->function->root; i++)
        work->rational[i] = false;
}

/* By 2^-300 of its value. */
static void widen(arb_t y)
{
    mag_t part;
    mag_init(part);
    arb_get_mag(part, y);
    mag_mul_2exp_si(part, part, -300);
    arb_add_error_mag(y, part);
    mag_clear(part);
}

enum series_state series_value(
    arb_t y, struct series_work *work, const arf_t x, slong bits)
{
    enum series_state state = SERIES_OPEN;
    bool exact = false;
    int tail;
    arb_t point;
    fmpq_t q;
    arb_init(point);
    fmpq_init(q);
    arb_set_arf(point, x);
    forget_rationals(work);
    for (int level = 0; level < SERIES_LEVELS; level++) {
        const arb_poly_struct *series;
        if (series_bits[level] <= bits)
            continue;
        state = series_expand(&series, work, point, 1, level);
        if (state == SERIES_UNDEFINED)
            break;
        arb_poly_get_coeff_arb(y, series, 0);
        if (state == SERIES_KNOWN && arb_rel_accuracy_bits(y) >= bits)
            break;
        if (!exact) { /* from here on conditions that are 0 are known */
            exact = true;
            if (series_exact(q, &tail, work, x) && !(tail && bits > 250)) {
                arb_set_fmpq(y, q, bits + 64);
                if (tail && fmpq_is_zero(q))
                    arf_set_si_2exp_si(arb_midref(y),
                        tail == SERIES_EITHER ? 0 : tail, -2000);
                else if (tail)
                    widen(y);
                state = SERIES_KNOWN;
                break;
            }
        }
        if (level == SERIES_LEVELS - 1)
            state = SERIES_OPEN;
    }
    arb_clear(point);
    fmpq_clear(q);
    return state;
}

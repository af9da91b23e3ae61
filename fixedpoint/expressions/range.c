/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/range.h"
#include "fixedpoint/expressions/evaluate.h"
#include "fixedpoint/expressions/intervals.h"
#include <mpfi_io.h>
#include <stdlib.h>
#include <string.h>

/* The node whose sign decides about node i, or -1. */
static int guard(const struct expr_expression *f, int i)
{
    return f->node[i].op == EXPR_WHERE  ? f->node[i].c
           : f->node[i].op == EXPR_SQRT ? f->node[i].a
                                        : -1;
}

static mpfi_ptr vector_init(int count, mpfr_prec_t prec)
{
    mpfi_ptr x = malloc((size_t)count * sizeof *x);
    for (int i = 0; x && i < count; i++)
        mpfi_init2(x + i, prec);
    return x;
}

static void vector_clear(mpfi_ptr x, int count)
{
    for (int i = 0; x && i < count; i++)
        mpfi_clear(x + i);
    free(x);
}

/* Slopes of node i's factors and sides, which may vanish under a logarithm. */
static void add_factors(
    struct expr_range *range, struct expr_expression *f, int i)
{
    const struct expr_node node = f->node[i];
    int factor[3] = {node.a, node.b, node.c};
    if (node.op != EXPR_POWER && node.op != EXPR_MUL && node.op != EXPR_WHERE)
        return;
    for (int k = 0; k < expr_operands(node.op); k++) {
        if (range->slope[factor[k]] < 0 && !f->node[factor[k]].constant)
            range->slope[factor[k]] = expr_differentiate(f, factor[k]);
        add_factors(range, f, factor[k]);
    }
}

enum sn_status expr_range_init(
    struct expr_range *range, struct expr_expression *f, slong prec)
{
    *range = (struct expr_range){.f = f, .prec = prec};
    /* slopes first: they add nodes, whose own conditions are old ones */
    int old = f->count;
    range->slope = malloc((size_t)EXPR_MOST_NODES * sizeof *range->slope);
    if (!range->slope)
        return SN_NO_MEMORY;
    for (int i = 0; i < EXPR_MOST_NODES; i++)
        range->slope[i] = -1;
    for (int i = 0; i < old; i++) {
        int g = guard(f, i);
        if (g >= 0 && range->slope[g] < 0)
            range->slope[g] = expr_differentiate(f, g);
        if (f->node[i].op == EXPR_LOG)
            add_factors(range, f, f->node[i].a);
    }
    const unsigned count = (unsigned)f->count;
    range->sign = calloc(count, 1);
    range->live = calloc(count, sizeof *range->live);
    range->scratch = calloc(count, sizeof *range->scratch);
    range->value = vector_init(f->count, prec);
    range->end = vector_init(f->count, prec);
    if (f->failed || !range->sign || !range->live || !range->scratch ||
        !range->value || !range->end)
        return SN_NO_MEMORY;
    arb_ptr constant = _arb_vec_init(f->count);
    expr_constants_arb(constant, f, prec);
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant) {
            arb_get_interval_mpfr(
                &range->value[i].left, &range->value[i].right, constant + i);
            mpfi_set(range->end + i, range->value + i);
        }
    _arb_vec_clear(constant, f->count);
    return SN_OK;
}

void expr_range_clear(struct expr_range *range)
{
    vector_clear(range->value, range->f->count);
    vector_clear(range->end, range->f->count);
    free(range->slope);
    free(range->sign);
    free(range->live);
    free(range->scratch);
}

/* ---- signs; of NaN nothing is said ----------------------------------- */

static bool is_positive(mpfi_srcptr x)
{
    return mpfr_cmp_ui(&x->left, 0) > 0 && !mpfi_nan_p(x);
}

static bool is_negative(mpfi_srcptr x)
{
    return mpfr_cmp_ui(&x->right, 0) < 0 && !mpfi_nan_p(x);
}

static bool is_not_negative(mpfi_srcptr x)
{
    return !mpfi_nan_p(x) && mpfr_sgn(&x->left) >= 0;
}

static bool is_not_positive(mpfi_srcptr x)
{
    return !mpfi_nan_p(x) && mpfr_sgn(&x->right) <= 0;
}

static bool is_zero(mpfi_srcptr x)
{
    return mpfr_zero_p(&x->left) && mpfr_zero_p(&x->right);
}

/* ---- nodes ---------------------------------------------------------- */

static void set_where(
    mpfi_ptr value, const struct expr_expression *f, int i, int sign)
{
    const struct expr_node *node = &f->node[i];
    mpfi_srcptr c = value + node->c;
    if (sign > 0 || is_positive(c))
        mpfi_set(value + i, value + node->a);
    else if (sign < 0 || is_negative(c) || is_zero(c))
        mpfi_set(value + i, value + node->b);
    else if (expr_is_modulus(f, i))
        mpfi_abs(value + i, c);
    else
        mpfi_union(value + i, value + node->a, value + node->b);
}

static void set_node(mpfi_ptr value, const struct expr_expression *f, int i,
    mpfi_srcptr z, int sign)
{
    const struct expr_node *node = &f->node[i];
    mpfi_ptr y = value + i, a = value + node->a, b = value + node->b;
    struct expr_rest rest;
    if (expr_is_rest(&rest, f, i)) {
        expr_rest_mpfi(y, &rest, value + rest.of);
        return;
    }
    switch (node->op) {
    case EXPR_VARIABLE:
        mpfi_set(y, z);
        break;
    case EXPR_ADD:
        mpfi_add(y, a, b);
        break;
    case EXPR_SUB:
        mpfi_sub(y, a, b);
        break;
    case EXPR_MUL:
        if (node->a == node->b)
            mpfi_sqr(y, a);
        else
            mpfi_mul(y, a, b);
        break;
    case EXPR_DIV:
        mpfi_div(y, a, b);
        break;
    case EXPR_HYPOT:
        mpfi_hypot(y, a, b);
        break;
    case EXPR_SQRT: /* of what is proven >= 0 the negative part is rounding */
        expr_apply_mpfi(y, NULL, node, a);
        if (sign > 0 && mpfr_sgn(&a->left) < 0 && mpfr_sgn(&a->right) >= 0) {
            mpfr_set_zero(&y->left, 1);
            mpfr_sqrt(&y->right, &a->right, MPFR_RNDU);
        }
        break;
    case EXPR_WHERE:
        set_where(value, f, i, sign);
        break;
    default:
        expr_apply_mpfi(y, NULL, node, a);
        break;
    }
}

/* Guards' signs are those over the interval, of which the points are part. */
static void enclose(
    mpfi_ptr value, const struct expr_range *range, mpfi_srcptr z)
{
    const struct expr_expression *f = range->f;
    for (int i = 0; i < f->count; i++) {
        int g = guard(f, i);
        if (!f->node[i].constant)
            set_node(value, f, i, z, g < 0 ? 0 : range->sign[g]);
    }
}

/* Node g as it is at a point of the interval. */
static mpfi_srcptr at_point(
    const struct expr_range *range, int g, mpfr_srcptr point)
{
    mpfi_t z;
    mpfi_init2(z, mpfr_get_prec(point));
    mpfi_set_fr(z, point);
    enclose(range->end, range, z);
    mpfi_clear(z);
    return range->end + g;
}

/* Marks what node i needs, given the signs; true if all of those are known. */
static bool mark(bool *live, const struct expr_range *range, int i)
{
    const struct expr_expression *f = range->f;
    bool known = true;
    memset(live, 0, (size_t)f->count * sizeof *live);
    live[i] = true;
    for (; i > 0; i--) {
        const struct expr_node *node = &f->node[i];
        if (!live[i])
            continue;
        int g = guard(f, i), sign = g < 0 ? 0 : range->sign[g];
        int operands = expr_operands(node->op);
        known = known && (g < 0 || sign);
        if (operands > 0 && (node->op != EXPR_WHERE || sign >= 0))
            live[node->a] = true;
        if (operands > 1 && (node->op != EXPR_WHERE || sign <= 0))
            live[node->b] = true;
        if (operands > 2 && !sign)
            live[node->c] = true;
    }
    return known;
}

/*
 * 1 where node g > 0 on the interval but for isolated points, -1 where it is
 * < 0 but for those or 0 everywhere, else 0.  Where the conditions inside it
 * are settled it is analytic, so its zeros are isolated unless it vanishes:
 * being >= 0 and once > 0 is enough.  Being monotone makes it so if both ends
 * are: that is exact where an end is the root.
 */
static int find_sign(const struct expr_range *range, int g, mpfi_srcptr z)
{
    mpfi_srcptr value = range->value + g;
    if (is_positive(value))
        return 1;
    if (is_negative(value) || is_zero(value))
        return -1;
    if (!mark(range->scratch, range, g) || mpfi_nan_p(value))
        return 0;
    bool up = is_not_negative(value), down = is_not_positive(value);
    mpfi_srcptr end = at_point(range, g, &z->left);
    bool above = is_positive(end), below = is_negative(end);
    bool not_below = is_not_negative(end), not_above = is_not_positive(end);
    end = at_point(range, g, &z->right);
    above = above || is_positive(end);
    below = below || is_negative(end);
    mpfi_srcptr slope = range->value + range->slope[g];
    if (is_not_negative(slope) || is_not_positive(slope)) {
        up = up || (not_below && is_not_negative(end));
        down = down || (not_above && is_not_positive(end));
    }
    return up && above ? 1 : down && below ? -1 : 0;
}

static void set_interval(mpfi_ptr z, const arf_t low, const arf_t high)
{
    mpfi_init2(z, 2);
    slong bits =
        arf_bits(low) > arf_bits(high) ? arf_bits(low) : arf_bits(high);
    mpfi_set_prec(z, bits > 2 ? bits : 2); /* exact */
    arf_get_mpfr(&z->left, low, MPFR_RNDD);
    arf_get_mpfr(&z->right, high, MPFR_RNDU);
}

bool expr_range_settle(
    struct expr_range *range, const arf_t low, const arf_t high)
{
    const struct expr_expression *f = range->f;
    bool known, again;
    mpfi_t z;
    set_interval(z, low, high);
    memset(range->sign, 0, (size_t)f->count);
    do {
        enclose(range->value, range, z);
        known = mark(range->live, range, f->value);
        again = false;
        for (int i = 0; i <= f->value && !known; i++) {
            int g = guard(f, i);
            if (!range->live[i] || g < 0 || range->sign[g])
                continue;
            range->sign[g] = (signed char)find_sign(range, g, z);
            again = again || range->sign[g];
        }
    } while (again);
    mpfi_clear(z);
    return known && !expr_range_culprit(range);
}

bool expr_range_is_known(const struct expr_range *range, int i)
{
    return mark(range->scratch, range, i);
}

int expr_range_culprit(const struct expr_range *range)
{
    for (int i = 0; i <= range->f->value; i++)
        if (range->live[i] && !mpfi_bounded_p(range->value + i))
            return i;
    return 0;
}

void expr_range_value(arb_t value, const struct expr_range *range, int i)
{
    if (mpfi_bounded_p(range->value + i))
        arb_set_interval_mpfr(
            value, &range->value[i].left, &range->value[i].right, range->prec);
    else
        arb_indeterminate(value);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds on an interval, by MPFI, and signs that no bound can show. */
#include "fixedpoint/series/series.h"
#include "fixedpoint/expressions/intervals.h"
#include <mpfi_io.h>
#include <stdlib.h>

enum { RANGE_BITS = 64 };

struct signed_range {
    mpfi_t y;
    int sign;
};

static int sign_of_range(mpfi_srcptr y)
{
    return mpfi_nan_p(y)                   ? 0
           : mpfr_cmp_ui(&y->left, 0) > 0  ? 1
           : mpfr_cmp_ui(&y->right, 0) < 0 ? -1
                                           : 0;
}

static bool is_not_above_zero(mpfi_srcptr y)
{
    return !mpfi_nan_p(y) && mpfr_sgn(&y->right) <= 0;
}

static bool is_all_zero(mpfi_srcptr y)
{
    return mpfr_zero_p(&y->left) && mpfr_zero_p(&y->right);
}

static void range_of_where(
    struct signed_range *all, int i, const struct expr_node *x)
{
    const struct signed_range *a = &all[x->a], *b = &all[x->b];
    if (all[x->c].sign > 0) {
        mpfi_set(all[i].y, a->y);
        all[i].sign = a->sign;
    } else if (all[x->c].sign < 0 || is_not_above_zero(all[x->c].y)) {
        mpfi_set(all[i].y, b->y);
        all[i].sign = b->sign;
    } else {
        mpfi_union(all[i].y, a->y, b->y);
        all[i].sign = a->sign == b->sign ? a->sign : 0;
    }
}

static void set_range(
    mpfi_ptr y, const struct expr_node *x, const struct signed_range *all)
{
    mpfi_srcptr a = all[x->a].y, b = all[x->b].y;
    switch (x->op) {
    case EXPR_ADD:
        mpfi_add(y, a, b);
        break;
    case EXPR_SUB:
        mpfi_sub(y, a, b);
        break;
    case EXPR_MUL:
        if (x->a == x->b)
            mpfi_sqr(y, a);
        else
            mpfi_mul(y, a, b);
        break;
    case EXPR_DIV:
        mpfi_div(y, a, b);
        break;
    default:
        expr_apply_mpfi(y, NULL, x, a);
        break;
    }
}

/* Of an operation, from the signs of its operands. */
static int sign_of_operation(
    const struct expr_node *x, const struct signed_range *all)
{
    const int a = all[x->a].sign, b = all[x->b].sign;
    switch (x->op) {
    case EXPR_EXP:
    case EXPR_ERFC:
        return 1;
    case EXPR_ADD:
        return a == b                     ? a
               : is_all_zero(all[x->a].y) ? b
               : is_all_zero(all[x->b].y) ? a
                                          : 0;
    case EXPR_SUB: /* 0 - b, too */
        return a == -b                    ? a
               : is_all_zero(all[x->a].y) ? -b
               : is_all_zero(all[x->b].y) ? a
                                          : 0;
    case EXPR_MUL:
    case EXPR_DIV:
        return a * b;
    case EXPR_POWER:
        return x->power % 2 ? a : a * a;
    case EXPR_EXPM1:
    case EXPR_TANH:
    case EXPR_ATAN:
    case EXPR_ERF:
    case EXPR_LOG1P:
    case EXPR_SQRT:
        return a;
    default:
        return 0;
    }
}

static void range_of_node(struct signed_range *all,
    const struct series_function *function, int i, mpfi_srcptr z)
{
    const struct expr_node *x = &function->f.node[i];
    mpfi_ptr y = all[i].y;
    if (x->constant)
        arb_get_interval_mpfr(&y->left, &y->right, function->constant[0] + i);
    else if (x->op == EXPR_VARIABLE)
        mpfi_set(y, z);
    else if (x->op == EXPR_WHERE)
        range_of_where(all, i, x);
    else
        set_range(y, x, all);
    if (x->op != EXPR_WHERE)
        all[i].sign = sign_of_range(y);
    if (!all[i].sign && !x->constant)
        all[i].sign = x->op == EXPR_WHERE ? 0 : sign_of_operation(x, all);
}

bool series_range(mpfi_t range, int *sign,
    const struct series_function *function, double first, double last)
{
    const int count = function->root + 1;
    struct signed_range *all = calloc((size_t)count, sizeof *all);
    mpfi_t z;
    if (!all)
        return false;
    mpfi_init2(z, RANGE_BITS);
    mpfi_interv_d(z, first < last ? first : last, first < last ? last : first);
    for (int i = 0; i < count; i++)
        mpfi_init2(all[i].y, RANGE_BITS);
    for (int i = 0; i < count; i++)
        if (function->live[i])
            range_of_node(all, function, i, z);
    mpfi_set(range, all[function->root].y);
    *sign = all[function->root].sign;
    for (int i = 0; i < count; i++)
        mpfi_clear(all[i].y);
    mpfi_clear(z);
    free(all);
    return true;
}

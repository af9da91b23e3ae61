/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/series/series.h"
#include "fixedpoint/expressions/evaluate.h"
#include <stdlib.h>

const slong series_bits[SERIES_LEVELS] = {64, 192, 384, 1280, 6000};

/* ---- what is made once ----------------------------------------------- */

static void mark_live(struct series_function *function)
{
    const struct expr_expression *f = &function->f;
    function->live[function->root] = true;
    for (int i = function->root; i > 0; i--) {
        const struct expr_node *x = &f->node[i];
        const int operand[3] = {x->a, x->b, x->c};
        for (int k = 0; function->live[i] && k < expr_operands(x->op); k++)
            function->live[operand[k]] = true;
    }
}

enum sn_status series_function_init(struct series_function *function,
    struct expr_expression *f, int derivative, bool stable)
{
    *function = (struct series_function){0};
    int root = f->value;
    for (int k = 0; k < derivative; k++)
        root = expr_differentiate(f, root);
    expr_init(&function->f);
    function->root = series_rewrite(&function->f, f, root, stable);
    function->live = calloc((size_t)function->f.count, 1);
    if (f->failed || function->f.failed || !function->live) {
        series_function_clear(function);
        return SN_NO_MEMORY;
    }
    mark_live(function);
    for (int k = 0; k < SERIES_LEVELS; k++) {
        function->constant[k] = _arb_vec_init(function->f.count);
        expr_constants_arb(
            function->constant[k], &function->f, series_bits[k]);
    }
    return SN_OK;
}

void series_function_clear(struct series_function *function)
{
    for (int k = 0; k < SERIES_LEVELS; k++)
        if (function->constant[k])
            _arb_vec_clear(function->constant[k], function->f.count);
    free(function->live);
    expr_clear(&function->f);
    *function = (struct series_function){0};
}

/* ---- what a thread works with ---------------------------------------- */

enum sn_status series_work_init(
    struct series_work *work, const struct series_function *function)
{
    const size_t count = (size_t)function->f.count;
    *work = (struct series_work){.function = function,
        .value = malloc(count * sizeof *work->value),
        .exact = _fmpq_vec_init((slong)count),
        .undefined = calloc(count, 1),
        .rational = calloc(count, 1),
        .tail = calloc(count, 1)};
    for (size_t i = 0; work->value && i < count; i++)
        arb_poly_init(work->value + i);
    if (work->value && work->undefined && work->rational && work->tail)
        return SN_OK;
    series_work_clear(work);
    return SN_NO_MEMORY;
}

void series_work_clear(struct series_work *work)
{
    const slong count = work->function ? work->function->f.count : 0;
    for (slong i = 0; work->value && i < count; i++)
        arb_poly_clear(work->value + i);
    if (work->exact)
        _fmpq_vec_clear(work->exact, count);
    free(work->value);
    free(work->undefined);
    free(work->rational);
    free(work->tail);
    *work = (struct series_work){0};
}

/* ---- series ---------------------------------------------------------- */

static arb_srcptr first(const arb_poly_struct *y)
{
    static const arb_struct zero;
    return y->length ? y->coeffs : &zero;
}

/* The constant term by a function that loses nothing near 0. */
static void set_first(arb_poly_struct *y, const arb_poly_struct *a,
    void (*f)(arb_t y, const arb_t x, slong prec), slong prec)
{
    arb_t c;
    arb_init(c);
    f(c, first(a), prec);
    arb_poly_set_coeff_arb(y, 0, c);
    arb_clear(c);
}

/*
 * s m/(m + 2), m = e^(2su) - 1, s = -1 where u > 0: then m stays bounded.
 */
static void tanh_series(
    arb_poly_struct *y, const arb_poly_struct *u, slong n, slong prec)
{
    arb_poly_t m, below;
    const bool right = arb_is_positive(first(u));
    arb_poly_init(m);
    arb_poly_init(below);
    arb_poly_scalar_mul_2exp_si(below, u, 1);
    if (right)
        arb_poly_neg(below, below);
    arb_poly_exp_series(m, below, n, prec);
    set_first(m, below, arb_expm1, prec);
    arb_poly_add_si(below, m, 2, prec);
    arb_poly_div_series(y, m, below, n, prec);
    if (right)
        arb_poly_neg(y, y);
    arb_poly_clear(m);
    arb_poly_clear(below);
}

static void function_series(arb_poly_struct *y, enum expr_op op,
    const arb_poly_struct *a, const arb_poly_struct *b, slong n, slong prec)
{
    switch (op) {
    case EXPR_EXP:
        arb_poly_exp_series(y, a, n, prec);
        break;
    case EXPR_EXPM1:
        arb_poly_exp_series(y, a, n, prec);
        set_first(y, a, arb_expm1, prec);
        break;
    case EXPR_TANH:
        tanh_series(y, a, n, prec);
        break;
    case EXPR_SIN:
        arb_poly_sin_series(y, a, n, prec);
        break;
    case EXPR_COS:
        arb_poly_cos_series(y, a, n, prec);
        break;
    case EXPR_ATAN:
        arb_poly_atan_series(y, a, n, prec);
        break;
    case EXPR_ERF:
        arb_hypgeom_erf_series(y, a, n, prec);
        break;
    case EXPR_ERFC:
        arb_hypgeom_erfc_series(y, a, n, prec);
        break;
    case EXPR_LOG:
        arb_poly_log_series(y, a, n, prec);
        break;
    case EXPR_LOG1P:
        arb_poly_log_series(y, b, n, prec);
        set_first(y, a, arb_log1p, prec);
        break;
    case EXPR_SQRT:
        arb_poly_sqrt_series(y, a, n, prec);
        break;
    default: /* functions that no language of z has */
        arb_poly_zero(y);
        arb_poly_set_coeff_si(y, 0, 0);
        arb_indeterminate(y->coeffs);
        break;
    }
}

/* No real number, for all points of the ball. */
static bool is_undefined(
    const struct expr_node *x, const arb_poly_struct *value)
{
    arb_srcptr a = first(value + x->a), b = first(value + x->b);
    switch (x->op) {
    case EXPR_DIV:
        return arb_is_zero(b);
    case EXPR_LOG:
        return arb_is_nonpositive(a);
    case EXPR_LOG1P:
        return arb_is_nonpositive(b);
    case EXPR_SQRT:
        return arb_is_negative(a);
    default:
        return false;
    }
}

/* 1: a holds, -1: b holds, 0: not decided. */
static int side_of(struct series_work *work, int c)
{
    arb_srcptr condition = first(work->value + c);
    if (arb_is_positive(condition))
        return 1;
    if (arb_is_negative(condition))
        return -1;
    if (work->rational[c] && !fmpq_is_zero(work->exact + c))
        return fmpq_sgn(work->exact + c);
    if (work->rational[c] && work->tail[c])
        return work->tail[c] == SERIES_EITHER ? 0 : work->tail[c];
    if (!arb_is_zero(condition) && !work->rational[c])
        return 0;
    work->jumps = true;
    return work->other_side ? 1 : -1;
}

static void where_series(
    struct series_work *work, int i, const struct expr_node *x)
{
    arb_poly_struct *y = work->value + i;
    const int side = work->undefined[x->c] ? 0 : side_of(work, x->c);
    if (side) {
        const int chosen = side > 0 ? x->a : x->b;
        arb_poly_set(y, work->value + chosen);
        work->undefined[i] = work->undefined[chosen];
    } else {
        arb_poly_set_coeff_si(y, 0, 0);
        arb_poly_fit_length(y, 1);
        _arb_poly_set_length(y, 1);
        arb_indeterminate(y->coeffs);
        work->undefined[i] = work->undefined[x->c];
    }
}

static void node_series(
    struct series_work *work, int i, const arb_t z, slong n, int level)
{
    const struct series_function *function = work->function;
    const struct expr_node *x = &function->f.node[i];
    arb_poly_struct *y = work->value + i, *a = work->value + x->a,
                    *b = work->value + x->b;
    const slong prec = series_bits[level];
    work->undefined[i] = false;
    if (x->constant) {
        arb_poly_set_arb(y, function->constant[level] + i);
        return;
    }
    switch (x->op) {
    case EXPR_VARIABLE:
        arb_poly_zero(y);
        if (n > 1)
            arb_poly_set_coeff_si(y, 1, 1);
        arb_poly_set_coeff_arb(y, 0, z);
        return;
    case EXPR_WHERE:
        where_series(work, i, x);
        return;
    case EXPR_ADD:
        arb_poly_add(y, a, b, prec);
        break;
    case EXPR_SUB:
        arb_poly_sub(y, a, b, prec);
        break;
    case EXPR_MUL:
        arb_poly_mullow(y, a, b, n, prec);
        break;
    case EXPR_DIV:
        arb_poly_div_series(y, a, b, n, prec);
        break;
    case EXPR_POWER:
        arb_poly_pow_ui_trunc_binexp(y, a, (ulong)x->power, n, prec);
        break;
    default:
        function_series(y, x->op, a, b, n, prec);
        break;
    }
    const int operands = expr_operands(x->op);
    work->undefined[i] = is_undefined(x, work->value) ||
                         (operands > 0 && work->undefined[x->a]) ||
                         (operands > 1 && work->undefined[x->b]);
}

static bool is_finite(const arb_poly_struct *y)
{
    for (slong k = 0; k < y->length; k++)
        if (!arb_is_finite(y->coeffs + k))
            return false;
    return true;
}

enum series_state series_expand(const arb_poly_struct **y,
    struct series_work *work, const arb_t x, slong n, int level)
{
    const struct series_function *function = work->function;
    work->jumps = false;
    for (int i = 0; i <= function->root; i++)
        if (function->live[i])
            node_series(work, i, x, n, level);
    *y = work->value + function->root;
    return work->undefined[function->root] ? SERIES_UNDEFINED
           : is_finite(*y)                 ? SERIES_KNOWN
                                           : SERIES_OPEN;
}

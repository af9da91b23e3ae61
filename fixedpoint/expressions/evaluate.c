/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/evaluate.h"
#include "fixedpoint/constants/constants.h"
#include <stdlib.h>
#include <string.h>

static void named_constant(arb_t y, const struct expr_node *node, slong prec)
{
    NUM_ARB(other);
    if (node->op == EXPR_NUMBER) {
        arb_set_fmpq(y, node->number, prec);
        return;
    }
    if (node->op == EXPR_PI) {
        arb_const_pi(y, prec);
        return;
    }
    if (node->op == EXPR_LAMBDA01)
        constants_selu_arb(y, other, prec);
    else
        constants_selu_arb(other, y, prec);
}

/* e^(a^2) erfc a; what it loses to the factors' size shows in its radius */
static void scaled_erfc(arb_t y, const arb_t a, slong prec)
{
    NUM_ARB(power);
    arb_sqr(power, a, prec);
    arb_exp(power, power, prec);
    arb_hypgeom_erfc(y, a, prec);
    arb_mul(y, y, power, prec);
}

static void constant_where(
    arb_ptr value, const struct expr_node *node, int i, slong prec)
{
    arb_srcptr c = value + node->c;
    if (arb_is_positive(c))
        arb_set(value + i, value + node->a);
    else if (arb_is_negative(c) || arb_is_zero(c))
        arb_set(value + i, value + node->b);
    else
        arb_union(value + i, value + node->a, value + node->b, prec);
}

static void constant_function(
    arb_t y, enum expr_op op, const arb_t a, slong prec)
{
    switch (op) {
    case EXPR_EXP:
        arb_exp(y, a, prec);
        break;
    case EXPR_EXPM1:
        arb_expm1(y, a, prec);
        break;
    case EXPR_TANH:
        arb_tanh(y, a, prec);
        break;
    case EXPR_SIN:
        arb_sin(y, a, prec);
        break;
    case EXPR_COS:
        arb_cos(y, a, prec);
        break;
    case EXPR_ATAN:
        arb_atan(y, a, prec);
        break;
    case EXPR_ERF:
        arb_hypgeom_erf(y, a, prec);
        break;
    case EXPR_ERFC:
        arb_hypgeom_erfc(y, a, prec);
        break;
    case EXPR_ERFCX:
        scaled_erfc(y, a, prec);
        break;
    case EXPR_LOG:
        arb_log(y, a, prec);
        break;
    case EXPR_LOG1P:
        arb_log1p(y, a, prec);
        break;
    case EXPR_SQRT:
        arb_sqrt(y, a, prec);
        break;
    case EXPR_SIGN:
        arb_sgn(y, a);
        break;
    default: /* a variable, which is no constant */
        break;
    }
}

static void constant_node(
    arb_ptr value, const struct expr_expression *f, int i, slong prec)
{
    const struct expr_node *node = &f->node[i];
    arb_ptr y = value + i, a = value + node->a, b = value + node->b;
    switch (node->op) {
    case EXPR_NUMBER:
    case EXPR_PI:
    case EXPR_LAMBDA01:
    case EXPR_ALPHA01:
        named_constant(y, node, prec);
        break;
    case EXPR_ADD:
        arb_add(y, a, b, prec);
        break;
    case EXPR_SUB:
        arb_sub(y, a, b, prec);
        break;
    case EXPR_MUL:
        arb_mul(y, a, b, prec);
        break;
    case EXPR_DIV:
        arb_div(y, a, b, prec);
        break;
    case EXPR_HYPOT:
        arb_hypot(y, a, b, prec);
        break;
    case EXPR_POWER:
        arb_pow_ui(y, a, (ulong)node->power, prec);
        break;
    case EXPR_WHERE:
        constant_where(value, node, i, prec);
        break;
    default:
        constant_function(y, node->op, a, prec);
        break;
    }
}

enum sn_status expr_formula_init(struct expr_formula *formula,
    const struct expr_expression *f, const signed char *sign, int root)
{
    size_t count = (size_t)root + 1;
    bool *live = calloc(count, sizeof *live);
    *formula = (struct expr_formula){
        .step = malloc(count * sizeof *formula->step), .root = root};
    if (!live || !formula->step) {
        free(live);
        return SN_NO_MEMORY;
    }
    live[root] = true;
    for (int i = root; i > 0; i--) {
        const struct expr_node *node = &f->node[i];
        bool where = node->op == EXPR_WHERE;
        int operands = expr_operands(node->op);
        if (!live[i] || node->constant)
            continue;
        if (operands > 0 && (!where || sign[node->c] > 0))
            live[node->a] = true;
        if (operands > 1 && (!where || sign[node->c] < 0))
            live[node->b] = true;
    }
    for (int i = 0; i <= root; i++)
        if (live[i] && !f->node[i].constant)
            formula->step[formula->steps++] = (struct expr_step){
                i, f->node[i].op == EXPR_WHERE && sign[f->node[i].c] < 0
                       ? f->node[i].b
                       : f->node[i].a};
    free(live);
    return SN_OK;
}

void expr_formula_clear(struct expr_formula *formula)
{
    free(formula->step);
    *formula = (struct expr_formula){0};
}

bool expr_formula_equal(
    const struct expr_formula *one, const struct expr_formula *other)
{
    return one->root == other->root && one->steps == other->steps &&
           !memcmp(
               one->step, other->step, (size_t)one->steps * sizeof *one->step);
}

void expr_constants_arb(
    arb_ptr value, const struct expr_expression *f, slong prec)
{
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant)
            constant_node(value, f, i, prec);
}

void expr_evaluator_init(
    struct expr_evaluator *e, const struct expr_expression *f, slong prec)
{
    arb_ptr real = _arb_vec_init(f->count);
    *e = (struct expr_evaluator){f, prec, _acb_vec_init(f->count)};
    expr_constants_arb(real, f, prec);
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant)
            acb_set_arb(e->value + i, real + i);
    _arb_vec_clear(real, f->count);
}

void expr_evaluator_clear(struct expr_evaluator *e)
{
    if (e->value)
        _acb_vec_clear(e->value, e->f->count);
    e->value = NULL;
}

/* Its cuts are where 1 + a^2 <= 0. */
static void complex_atan(acb_t y, const acb_t a, bool analytic, slong prec)
{
    NUM_ACB(square);
    acb_sqr(square, a, prec);
    acb_add_ui(square, square, 1, prec);
    if (analytic && !arb_is_positive(acb_realref(square)) &&
        arb_contains_zero(acb_imagref(square)))
        acb_indeterminate(y);
    else
        acb_atan(y, a, prec);
}

/* What tanh a or erf a lacks of 1 or -1, or 1 - tanh^2 a. */
static void complex_rest(
    acb_t y, const struct expr_rest *rest, const acb_t a, slong prec)
{
    acb_set(y, a);
    if (rest->side < 0)
        acb_neg(y, y);
    if (rest->op == EXPR_ERF) {
        acb_hypgeom_erfc(y, y, prec);
    } else if (rest->side) { /* 2/(1 + e^(2a)) */
        acb_mul_2exp_si(y, y, 1);
        acb_exp(y, y, prec);
        acb_add_ui(y, y, 1, prec);
        acb_inv(y, y, prec);
        acb_mul_2exp_si(y, y, 1);
    } else {
        acb_sech(y, y, prec);
        acb_sqr(y, y, prec);
    }
}

static void complex_node(acb_ptr value, const struct expr_node *node, int i,
    int side, const acb_t z, bool analytic, slong prec)
{
    acb_ptr y = value + i, a = value + node->a, b = value + node->b;
    switch (node->op) {
    case EXPR_VARIABLE:
        acb_set(y, z);
        break;
    case EXPR_ADD:
        acb_add(y, a, b, prec);
        break;
    case EXPR_SUB:
        acb_sub(y, a, b, prec);
        break;
    case EXPR_MUL:
        acb_mul(y, a, b, prec);
        break;
    case EXPR_DIV:
        acb_div(y, a, b, prec);
        break;
    case EXPR_POWER:
        acb_pow_ui(y, a, (ulong)node->power, prec);
        break;
    case EXPR_EXP:
        acb_exp(y, a, prec);
        break;
    case EXPR_EXPM1:
        acb_expm1(y, a, prec);
        break;
    case EXPR_TANH:
        acb_tanh(y, a, prec);
        break;
    case EXPR_ERF:
        acb_hypgeom_erf(y, a, prec);
        break;
    case EXPR_ERFC:
        acb_hypgeom_erfc(y, a, prec);
        break;
    case EXPR_SIN:
        acb_sin(y, a, prec);
        break;
    case EXPR_COS:
        acb_cos(y, a, prec);
        break;
    case EXPR_ATAN:
        complex_atan(y, a, analytic, prec);
        break;
    case EXPR_LOG:
        acb_log_analytic(y, a, analytic, prec);
        break;
    case EXPR_LOG1P: /* its own cut is that of log(1 + a) */
        if (analytic)
            acb_log_analytic(y, b, true, prec);
        else
            acb_log1p(y, a, prec);
        break;
    case EXPR_SQRT:
        acb_sqrt_analytic(y, a, analytic, prec);
        break;
    case EXPR_WHERE:
        acb_set(y, value + side);
        break;
    default: /* functions that no language of z has */
        acb_indeterminate(y);
        break;
    }
}

void expr_evaluate_acb(acb_t y, struct expr_evaluator *e,
    const struct expr_formula *formula, const acb_t z, bool analytic)
{
    for (int k = 0; k < formula->steps; k++) {
        struct expr_step step = formula->step[k];
        struct expr_rest rest;
        if (expr_is_rest(&rest, e->f, step.node)) {
            complex_rest(
                e->value + step.node, &rest, e->value + rest.of, e->prec);
            continue;
        }
        complex_node(e->value, &e->f->node[step.node], step.node, step.side, z,
            analytic, e->prec);
    }
    acb_set(y, e->value + formula->root);
}

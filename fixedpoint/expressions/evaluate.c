/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/evaluate.h"
#include "fixedpoint/map/fixedpoint.h"
#include <stdlib.h>
#include <string.h>

static void named_constant(arb_t y, const struct sn_node *node, slong prec)
{
    arb_t other;
    if (node->op == SN_NUMBER) {
        arb_set_fmpq(y, node->number, prec);
        return;
    }
    if (node->op == SN_PI) {
        arb_const_pi(y, prec);
        return;
    }
    arb_init(other);
    if (node->op == SN_LAMBDA01)
        sn_selu_constants_arb(y, other, prec);
    else
        sn_selu_constants_arb(other, y, prec);
    arb_clear(other);
}

static void constant_where(
    arb_ptr value, const struct sn_node *node, int i, slong prec)
{
    arb_srcptr c = value + node->c;
    if (arb_is_positive(c))
        arb_set(value + i, value + node->a);
    else if (arb_is_negative(c) || arb_is_zero(c))
        arb_set(value + i, value + node->b);
    else
        arb_union(value + i, value + node->a, value + node->b, prec);
}

static void constant_node(
    arb_ptr value, const struct sn_expression *f, int i, slong prec)
{
    const struct sn_node *node = &f->node[i];
    arb_ptr y = value + i, a = value + node->a, b = value + node->b;
    switch (node->op) {
    case SN_NUMBER:
    case SN_PI:
    case SN_LAMBDA01:
    case SN_ALPHA01:
        named_constant(y, node, prec);
        break;
    case SN_Z:
        break;
    case SN_ADD:
        arb_add(y, a, b, prec);
        break;
    case SN_SUB:
        arb_sub(y, a, b, prec);
        break;
    case SN_MUL:
        arb_mul(y, a, b, prec);
        break;
    case SN_DIV:
        arb_div(y, a, b, prec);
        break;
    case SN_POWER:
        arb_pow_ui(y, a, (ulong)node->power, prec);
        break;
    case SN_EXP:
        arb_exp(y, a, prec);
        break;
    case SN_EXPM1:
        arb_expm1(y, a, prec);
        break;
    case SN_TANH:
        arb_tanh(y, a, prec);
        break;
    case SN_ERF:
        arb_hypgeom_erf(y, a, prec);
        break;
    case SN_LOG:
        arb_log(y, a, prec);
        break;
    case SN_LOG1P:
        arb_log1p(y, a, prec);
        break;
    case SN_SQRT:
        arb_sqrt(y, a, prec);
        break;
    case SN_WHERE:
        constant_where(value, node, i, prec);
        break;
    }
}

enum sn_status sn_formula_init(struct sn_formula *formula,
    const struct sn_expression *f, const signed char *sign, int root)
{
    size_t count = (size_t)root + 1;
    bool *live = calloc(count, sizeof *live);
    *formula = (struct sn_formula){
        .step = malloc(count * sizeof *formula->step), .root = root};
    if (!live || !formula->step) {
        free(live);
        return SN_NO_MEMORY;
    }
    live[root] = true;
    for (int i = root; i > 0; i--) {
        const struct sn_node *node = &f->node[i];
        bool where = node->op == SN_WHERE;
        int operands = sn_operands(node->op);
        if (!live[i] || node->constant)
            continue;
        if (operands > 0 && (!where || sign[node->c] > 0))
            live[node->a] = true;
        if (operands > 1 && (!where || sign[node->c] < 0))
            live[node->b] = true;
    }
    for (int i = 0; i <= root; i++)
        if (live[i] && !f->node[i].constant)
            formula->step[formula->steps++] = (struct sn_step){
                i, f->node[i].op == SN_WHERE && sign[f->node[i].c] < 0
                       ? f->node[i].b
                       : f->node[i].a};
    free(live);
    return SN_OK;
}

void sn_formula_clear(struct sn_formula *formula)
{
    free(formula->step);
    *formula = (struct sn_formula){0};
}

bool sn_formula_equal(
    const struct sn_formula *one, const struct sn_formula *other)
{
    return one->root == other->root && one->steps == other->steps &&
           !memcmp(
               one->step, other->step, (size_t)one->steps * sizeof *one->step);
}

void sn_constants_arb(arb_ptr value, const struct sn_expression *f, slong prec)
{
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant)
            constant_node(value, f, i, prec);
}

void sn_evaluator_init(
    struct sn_evaluator *e, const struct sn_expression *f, slong prec)
{
    arb_ptr real = _arb_vec_init(f->count);
    *e = (struct sn_evaluator){f, prec, _acb_vec_init(f->count)};
    sn_constants_arb(real, f, prec);
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant)
            acb_set_arb(e->value + i, real + i);
    _arb_vec_clear(real, f->count);
}

void sn_evaluator_clear(struct sn_evaluator *e)
{
    if (e->value)
        _acb_vec_clear(e->value, e->f->count);
    e->value = NULL;
}

static void complex_node(acb_ptr value, const struct sn_node *node, int i,
    int side, const acb_t z, bool analytic, slong prec)
{
    acb_ptr y = value + i, a = value + node->a, b = value + node->b;
    switch (node->op) {
    case SN_Z:
        acb_set(y, z);
        break;
    case SN_ADD:
        acb_add(y, a, b, prec);
        break;
    case SN_SUB:
        acb_sub(y, a, b, prec);
        break;
    case SN_MUL:
        acb_mul(y, a, b, prec);
        break;
    case SN_DIV:
        acb_div(y, a, b, prec);
        break;
    case SN_POWER:
        acb_pow_ui(y, a, (ulong)node->power, prec);
        break;
    case SN_EXP:
        acb_exp(y, a, prec);
        break;
    case SN_EXPM1:
        acb_expm1(y, a, prec);
        break;
    case SN_TANH:
        acb_tanh(y, a, prec);
        break;
    case SN_ERF:
        acb_hypgeom_erf(y, a, prec);
        break;
    case SN_LOG:
        acb_log_analytic(y, a, analytic, prec);
        break;
    case SN_LOG1P: /* its own cut is that of log(1 + a) */
        if (analytic)
            acb_log_analytic(y, b, true, prec);
        else
            acb_log1p(y, a, prec);
        break;
    case SN_SQRT:
        acb_sqrt_analytic(y, a, analytic, prec);
        break;
    case SN_WHERE:
        acb_set(y, value + side);
        break;
    default: /* numbers */
        break;
    }
}

void sn_evaluate_acb(acb_t y, struct sn_evaluator *e,
    const struct sn_formula *formula, const acb_t z, bool analytic)
{
    for (int k = 0; k < formula->steps; k++) {
        struct sn_step step = formula->step[k];
        complex_node(e->value, &e->f->node[step.node], step.node, step.side, z,
            analytic, e->prec);
    }
    acb_set(y, e->value + formula->root);
}

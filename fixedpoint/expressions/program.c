/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/program.h"
#include "fixedpoint/expressions/pieces.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64, PROGRAM_PRECISION = 64 };

/* Constant nodes come by value, so lambda01 and the like are rounded once. */
static enum sn_status constants(
    struct expr_program *program, const struct expr_expression *f)
{
    arb_ptr value = _arb_vec_init(f->count);
    expr_constants_arb(value, f, 2 * PROGRAM_PRECISION);
    for (int i = 0; i < f->count; i++)
        if (f->node[i].constant)
            program->step[i].number =
                arf_get_d(arb_midref(value + i), ARF_RND_NEAR);
    _arb_vec_clear(value, f->count);
    return SN_OK;
}

static enum sn_status find_kinks(
    struct expr_program *program, struct expr_expression *f, double *place)
{
    struct expr_pieces pieces;
    NUM_ARF(low, high, scale);
    arf_set_si(low, -EXPR_KINKS_WITHIN);
    arf_set_si(high, EXPR_KINKS_WITHIN);
    arf_one(scale);
    enum sn_status status =
        expr_pieces_init(&pieces, f, low, high, scale, PROGRAM_PRECISION);
    if (status == SN_OK) {
        program->kink = calloc((size_t)pieces.count + 1, sizeof(double));
        for (int i = 1; program->kink && i < pieces.count; i++)
            program->kink[program->kinks++] =
                arf_get_d(pieces.piece[i].low, ARF_RND_NEAR);
        if (!program->kink)
            status = SN_NO_MEMORY;
    } else {
        *place = arf_get_d(arb_midref(pieces.place), ARF_RND_NEAR);
    }
    expr_pieces_clear(&pieces);
    return status;
}

static double find_frequency(struct expr_expression *f)
{
    double most = 0;
    for (int i = 0, old = f->count; i < old; i++) {
        const struct expr_node node = f->node[i];
        if (node.op != EXPR_SIN && node.op != EXPR_COS)
            continue;
        const int slope = expr_differentiate(f, node.a);
        if (!f->node[slope].constant)
            continue;
        arb_ptr value = _arb_vec_init(f->count);
        expr_constants_arb(value, f, PROGRAM_PRECISION);
        most = fmax(
            most, fabs(arf_get_d(arb_midref(value + slope), ARF_RND_NEAR)));
        _arb_vec_clear(value, f->count);
    }
    return most;
}

enum sn_status expr_program_init(
    struct expr_program *program, struct expr_expression *f, double *place)
{
    *program = (struct expr_program){.frequency = find_frequency(f)};
    enum sn_status status = find_kinks(program, f, place);
    if (status == SN_OK && f->failed)
        status = SN_NO_MEMORY;
    if (status != SN_OK) {
        expr_program_clear(program);
        return status;
    }
    program->steps = f->count;
    program->value = f->value;
    program->derivative = f->derivative;
    program->step = calloc((size_t)f->count, sizeof *program->step);
    if (!program->step) {
        expr_program_clear(program);
        return SN_NO_MEMORY;
    }
    /* What value and derivative do not need costs nothing later. */
    bool *needed = calloc((size_t)f->count, sizeof *needed);
    if (!needed) {
        expr_program_clear(program);
        return SN_NO_MEMORY;
    }
    needed[f->value] = needed[f->derivative] = true;
    for (int i = f->count - 1; i >= 0; i--) {
        const struct expr_node *node = &f->node[i];
        int operand[3] = {node->a, node->b, node->c};
        for (int k = 0; needed[i] && k < expr_operands(node->op); k++)
            needed[operand[k]] = true;
        program->step[i] = (struct expr_step_f64){
            needed[i] && !node->constant ? node->op : EXPR_NUMBER, node->a,
            node->b, node->c, node->power, 0};
    }
    free(needed);
    return constants(program, f);
}

void expr_program_clear(struct expr_program *program)
{
    free(program->step);
    free(program->kink);
    *program = (struct expr_program){0};
}

#define EACH(formula)                                                         \
    for (int i = 0; i < BLOCK; i++)                                           \
        y[i] = (formula);                                                     \
    break

static double whole_power(double x, long n)
{
    double y = 1;
    for (unsigned long k = n < 0 ? -(unsigned long)n : (unsigned long)n; k;
         k >>= 1, x *= x)
        if (k & 1)
            y *= x;
    return n < 0 ? 1 / y : y;
}

static void run_step(double *y, const struct expr_step_f64 *s, const double *z,
    double (*slot)[BLOCK])
{
    const double *a = slot[s->a], *b = slot[s->b], *c = slot[s->c];
    switch (s->op) {
    case EXPR_VARIABLE:
        EACH(z[i]);
    case EXPR_ADD:
        EACH(a[i] + b[i]);
    case EXPR_SUB:
        EACH(a[i] - b[i]);
    case EXPR_MUL:
        EACH(a[i] * b[i]);
    case EXPR_DIV:
        EACH(a[i] / b[i]);
    case EXPR_POWER:
        EACH(whole_power(a[i], s->power));
    case EXPR_EXP:
        EACH(exp(a[i]));
    case EXPR_EXPM1:
        EACH(expm1(a[i]));
    case EXPR_TANH:
        EACH(tanh(a[i]));
    case EXPR_SIN:
        EACH(sin(a[i]));
    case EXPR_COS:
        EACH(cos(a[i]));
    case EXPR_ATAN:
        EACH(atan(a[i]));
    case EXPR_ERF:
        EACH(erf(a[i]));
    case EXPR_ERFC:
        EACH(erfc(a[i]));
    case EXPR_LOG:
        EACH(log(a[i]));
    case EXPR_LOG1P:
        EACH(log1p(a[i]));
    case EXPR_SQRT:
        EACH(sqrt(a[i]));
    case EXPR_WHERE:
        EACH(c[i] > 0 ? a[i] : b[i]);
    default: /* functions that no language of z has */
        EACH(NAN);
    }
}

/* The slots of all steps; on the stack where they are few. */
static void run(double *y, double *slope, const double *x, size_t n,
    const struct expr_program *p, double (*slot)[BLOCK])
{
    for (int s = 0; s < p->steps; s++)
        for (int i = 0; i < BLOCK && p->step[s].op == EXPR_NUMBER; i++)
            slot[s][i] = p->step[s].number;
    int last = slope && p->derivative > p->value ? p->derivative : p->value;
    for (size_t first = 0; first < n; first += BLOCK) {
        size_t count = n - first < BLOCK ? n - first : BLOCK;
        double z[BLOCK] = {0};
        memcpy(z, x + first, count * sizeof *z);
        for (int s = 0; s <= last; s++)
            if (p->step[s].op != EXPR_NUMBER)
                run_step(slot[s], &p->step[s], z, slot);
        memcpy(y + first, slot[p->value], count * sizeof *y);
        if (slope)
            memcpy(slope + first, slot[p->derivative], count * sizeof *slope);
    }
}

void expr_program_run(double *y, double *slope, const double *x, size_t n,
    const struct expr_program *program)
{
    enum { PROGRAM_FEW = 48 };
    if (program->steps <= PROGRAM_FEW) {
        double slot[PROGRAM_FEW][BLOCK];
        run(y, slope, x, n, program, slot);
        return;
    }
    double(*slot)[BLOCK] = malloc((size_t)program->steps * sizeof *slot);
    if (slot)
        run(y, slope, x, n, program, slot);
    else /* seen as a failure of the network */
        for (size_t i = 0; i < n; i++)
            y[i] = NAN;
    free(slot);
}

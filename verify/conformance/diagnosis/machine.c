/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/diagnosis/machine.h"
#include <math.h>
#include <stdlib.h>

enum sn_status diag_machine_init(struct diag_machine *machine,
    struct expr_expression *f, int derivative, bool stable)
{
    const enum sn_status status =
        series_function_init(&machine->function, f, derivative, stable);
    machine->constant = machine->value = NULL;
    if (status != SN_OK)
        return status;
    const size_t count = (size_t)machine->function.f.count;
    mpfr_t c;
    machine->constant = malloc(count * sizeof *machine->constant);
    machine->value = malloc(count * sizeof *machine->value);
    if (!machine->constant || !machine->value) {
        diag_machine_clear(machine);
        return SN_NO_MEMORY;
    }
    mpfr_init2(c, 128);
    for (size_t i = 0; i < count; i++)
        if (machine->function.f.node[i].constant) {
            arf_get_mpfr(
                c, arb_midref(machine->function.constant[1] + i), MPFR_RNDN);
            machine->constant[i] = mpfr_get_ld(c, MPFR_RNDN);
        }
    mpfr_clear(c);
    return SN_OK;
}

void diag_machine_clear(struct diag_machine *machine)
{
    series_function_clear(&machine->function);
    free(machine->constant);
    free(machine->value);
}

typedef long double machine_function(long double x);
static machine_function *const machine_functions[] = {[EXPR_EXP] = expl,
    [EXPR_EXPM1] = expm1l,
    [EXPR_TANH] = tanhl,
    [EXPR_SIN] = sinl,
    [EXPR_COS] = cosl,
    [EXPR_ATAN] = atanl,
    [EXPR_ERF] = erfl,
    [EXPR_ERFC] = erfcl,
    [EXPR_LOG] = logl,
    [EXPR_LOG1P] = log1pl,
    [EXPR_SQRT] = sqrtl,
    [EXPR_SIGN] = NULL};

static machine_function *function_of(enum expr_op op)
{
    return op < EXPR_SIGN ? machine_functions[op] : NULL;
}

bool diag_is_function(const struct diag_machine *machine, int i)
{
    const struct expr_node *x = &machine->function.f.node[i];
    return !x->constant && machine->function.live[i] && function_of(x->op) &&
           x->op != EXPR_SQRT;
}

static long double exact_step(const struct diag_machine *machine, int i)
{
    const struct expr_node *x = &machine->function.f.node[i];
    const long double *value = machine->value;
    const long double a = value[x->a], b = value[x->b];
    switch (x->op) {
    case EXPR_ADD:
        return a + b;
    case EXPR_SUB:
        return a - b;
    case EXPR_MUL:
        return a * b;
    case EXPR_DIV:
        return a / b;
    case EXPR_POWER:
        return powl(a, (long double)x->power);
    case EXPR_WHERE:
        return value[x->c] > 0 ? a : b;
    default:
        return function_of(x->op) ? function_of(x->op)(a) : (long double)NAN;
    }
}

/* To the precision, whatever the exponent. */
static long double endless(int type, long double y)
{
    int exponent;
    const int precision = ref_types[type].format->precision;
    if (y == 0 || !isfinite(y))
        return y;
    y = frexpl(y, &exponent);
    return ldexpl(nearbyintl(ldexpl(y, precision)), exponent - precision);
}

static long double rounded(int type, long double y)
{
    return type == DIAG_WIDE       ? y
           : type == CONF_TYPE_F64 ? (long double)(double)y
           : type == CONF_TYPE_F32
               ? (long double)(float)y
               : (long double)conf_type_round(type, (double)y);
}

static bool are_finite(const struct diag_machine *machine, int i)
{
    const struct expr_node *x = &machine->function.f.node[i];
    const int operand[3] = {x->a, x->b, x->c};
    for (int k = 0; k < expr_operands(x->op); k++)
        if (!isfinite(machine->value[operand[k]]))
            return false;
    return true;
}

/* A step's result in its type, and what it met there. */
static long double finish(enum diag_met *met, struct diag_machine *machine,
    const struct diag_way *way, int i, long double exact)
{
    const struct expr_node *x = &machine->function.f.node[i];
    const int type = function_of(x->op) ? way->functions : way->steps;
    enum diag_met now = DIAG_MET_ROUNDING;
    if (type == DIAG_WIDE)
        return exact;
    if (i == way->node)
        exact += way->by *
                 ldexpl(fabsl(exact), 1 - ref_types[type].format->precision);
    if (way->endless)
        return endless(type, exact);
    long double y = rounded(type, exact);
    const bool tiny = fabsl(y) < (long double)conf_type_least_normal(type);
    if (isinf(y) && are_finite(machine, i))
        now = x->op == EXPR_DIV && machine->value[x->b] == 0
                  ? DIAG_MET_UNDERFLOW
                  : DIAG_MET_OVERFLOW;
    else if (tiny && way->flush && exact != 0)
        now = DIAG_MET_FLUSH;
    else if (tiny && y != exact)
        now = DIAG_MET_UNDERFLOW;
    if (now == DIAG_MET_FLUSH)
        y = copysignl(0, y);
    if (*met == DIAG_MET_ROUNDING)
        *met = now;
    return y;
}

static long double run_steps(enum diag_met *met, struct diag_machine *machine,
    const struct diag_way *way, double x)
{
    const struct series_function *function = &machine->function;
    *met = DIAG_MET_ROUNDING;
    for (int i = 0; i <= function->root; i++) {
        const struct expr_node *node = &function->f.node[i];
        if (!function->live[i])
            continue;
        machine->value[i] =
            node->constant ? rounded(way->steps, machine->constant[i])
            : node->op == EXPR_VARIABLE ? rounded(way->steps, (long double)x)
            : node->op == EXPR_WHERE
                ? exact_step(machine, i)
                : finish(met, machine, way, i, exact_step(machine, i));
    }
    return machine->value[function->root];
}

long double diag_machine_run(enum diag_met *met, struct diag_machine *machine,
    const struct diag_way *way, double x)
{
    const long double y = run_steps(met, machine, way, x);
    struct diag_way free_way = *way;
    enum diag_met none;
    free_way.endless = true;
    if (*met != DIAG_MET_ROUNDING && isfinite(y) &&
        run_steps(&none, machine, &free_way, x) == y)
        *met = DIAG_MET_ROUNDING;
    return y;
}

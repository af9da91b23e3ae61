/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A function of z in binary64: the nodes of its expression as a row of
 * operations on short arrays, and where its formula changes.
 */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_PROGRAM_H
#define SN_FIXEDPOINT_EXPRESSIONS_PROGRAM_H

#include "fixedpoint/expressions/expression.h"
#include <stddef.h>

struct expr_step_f64 {
    enum expr_op op;
    int a, b, c; /* steps */
    long power;
    double number;
};

struct expr_program {
    struct expr_step_f64 *step;
    int steps, value, derivative;
    double *kink; /* ends of the pieces within +-EXPR_KINKS_WITHIN, rising */
    int kinks;
    double frequency; /* the largest k of sin(kz + c), cos(kz + c); else 0 */
};
enum { EXPR_KINKS_WITHIN = 4096 };

/*
 * From a parsed expression, which gains nodes.  SN_BAD_VALUE: it is not
 * finite, or not known to be, near *place.  SN_UNDECIDED, SN_NO_MEMORY.
 */
enum sn_status expr_program_init(
    struct expr_program *program, struct expr_expression *f, double *place);
void expr_program_clear(struct expr_program *program);

/* y[i] = f(x[i]), and f'(x[i]) unless slope is NULL.  y, slope may be x. */
void expr_program_run(double *y, double *slope, const double *x, size_t n,
    const struct expr_program *program);

#endif

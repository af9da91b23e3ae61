/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of nodes along a tail (growth.c), and the rules of operations. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_BOUNDS_H
#define SN_FIXEDPOINT_EXPRESSIONS_BOUNDS_H

#include "fixedpoint/expressions/expression.h"
#include "fixedpoint/expressions/form.h"

/* Of one node, along z = side t, t >= R. */
struct expr_bounds {
    struct expr_form above, below;         /* of the node, without log t */
    struct expr_form log_above, log_below; /* of log |node| */
    int sign;     /* 1: >= 0, -1: <= 0, 0: not known */
    bool defined; /* proven to be a number for all t >= R; else no bounds */
};

enum { EXPR_FORMS = 4 };
struct expr_form *expr_bound_form(struct expr_bounds *b, int i);

struct expr_tail {
    const struct expr_expression *f;
    struct expr_bounds *node;
    arb_ptr constant;
    int side;
    arb_srcptr r;
};

void expr_bound_constant(struct expr_bounds *y, const arb_t value);

/* Node i, a WHERE, and whether it is defined. */
void expr_bound_where(
    struct expr_bounds *y, const struct expr_tail *tail, int i);

/* Node i, any other operation, whose operands are defined. */
void expr_bound_operation(
    struct expr_bounds *y, const struct expr_tail *tail, int i);

#endif

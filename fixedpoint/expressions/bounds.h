/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of nodes along a tail (growth.c), and the rules of operations. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_BOUNDS_H
#define SN_FIXEDPOINT_EXPRESSIONS_BOUNDS_H

#include "fixedpoint/expressions/expression.h"
#include "fixedpoint/activations/form.h"

/* Of one node, along z = side t, t >= R. */
struct sn_bounds {
    struct sn_form above, below;         /* of the node, without log t */
    struct sn_form log_above, log_below; /* of log |node| */
    int sign;                            /* 1: >= 0, -1: <= 0, 0: not known */
    bool defined; /* proven to be a number for all t >= R; else no bounds */
};

enum { SN_FORMS = 4 };
struct sn_form *sn_bound_form(struct sn_bounds *b, int i);

struct sn_tail {
    const struct sn_expression *f;
    struct sn_bounds *node;
    arb_ptr constant;
    int side;
    arb_srcptr r;
};

void sn_bound_constant(struct sn_bounds *y, const arb_t value);

/* Node i, a WHERE, and whether it is defined. */
void sn_bound_where(struct sn_bounds *y, const struct sn_tail *tail, int i);

/* Node i, any other operation, whose operands are defined. */
void sn_bound_operation(
    struct sn_bounds *y, const struct sn_tail *tail, int i);

#endif

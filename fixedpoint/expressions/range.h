/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An expression over real intervals.  Ends are kept apart (MPFI): a ball could
 * not hold [0, 1/3] without a negative number in it.
 */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_RANGE_H
#define SN_FIXEDPOINT_EXPRESSIONS_RANGE_H

#include "fixedpoint/expressions/expression.h"
#include <mpfi.h>

/*
 * Signs of nodes over an interval: 1 where the node is proven > 0 but for
 * isolated points, -1 where < 0 but for those or 0 throughout, 0 where neither
 * is known.  A WHERE takes its side from the sign of its condition (isolated
 * points have no weight in an integral).
 */
struct expr_range {
    const struct expr_expression *f;
    mpfr_prec_t prec;
    mpfi_ptr value; /* of every node over the interval */
    mpfi_ptr end;   /* of every node at a point, scratch */
    signed char *sign;
    int *slope; /* derivative of a node whose sign matters, else -1 */
    bool *live; /* is needed for the value, given the signs */
    bool *scratch;
};

/* Adds derivatives of the conditions to f, hence not const. */
enum sn_status expr_range_init(
    struct expr_range *range, struct expr_expression *f, slong prec);
void expr_range_clear(struct expr_range *range);

/*
 * All nodes over [low, high]; true if every live sign is known and the value
 * is finite: then f is smooth inside, and given by one formula.
 */
bool expr_range_settle(
    struct expr_range *range, const arf_t low, const arf_t high);

/* Is every sign known that node i needs?  Then it is smooth inside. */
bool expr_range_is_known(const struct expr_range *range, int i);

/* The live node that makes the value non-finite, or 0. */
int expr_range_culprit(const struct expr_range *range);

/* Node i over the interval; not finite where its ends are not. */
void expr_range_value(arb_t value, const struct expr_range *range, int i);

#endif

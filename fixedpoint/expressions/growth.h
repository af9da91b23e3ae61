/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast an expression grows. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_GROWTH_H
#define SN_FIXEDPOINT_EXPRESSIONS_GROWTH_H

#include "fixedpoint/expressions/expression.h"
#include "fixedpoint/expressions/form.h"

/*
 * A bound of log |g(side t)|, g the node `root`, for all t >= r >= 1; where
 * none was found it is not known, and `culprit` is the node that had none
 * first.
 */
enum sn_status expr_growth(struct expr_form *log_above, int *culprit,
    const struct expr_expression *f, int root, int side, const arb_t r);

#endif

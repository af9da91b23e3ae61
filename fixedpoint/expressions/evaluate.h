/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of an expression over complex balls, by one formula. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_EVALUATE_H
#define SN_FIXEDPOINT_EXPRESSIONS_EVALUATE_H

#include "fixedpoint/expressions/expression.h"

/*
 * The nodes that `root` needs and that depend on z, in order, once each WHERE
 * is replaced by the side that its condition's sign selects.
 */
struct expr_step {
    int node, side; /* side: of a WHERE; else the first operand */
};
struct expr_formula {
    struct expr_step *step;
    int steps, root;
};
enum sn_status expr_formula_init(struct expr_formula *formula,
    const struct expr_expression *f, const signed char *sign, int root);
void expr_formula_clear(struct expr_formula *formula);
bool expr_formula_equal(
    const struct expr_formula *one, const struct expr_formula *other);

/* Values of the nodes that do not depend on z; the others are left alone. */
void expr_constants_arb(
    arb_ptr value, const struct expr_expression *f, slong prec);

/* Room for complex values of all nodes, and the constant ones' values. */
struct expr_evaluator {
    const struct expr_expression *f;
    slong prec;
    acb_ptr value;
};
void expr_evaluator_init(
    struct expr_evaluator *e, const struct expr_expression *f, slong prec);
void expr_evaluator_clear(struct expr_evaluator *e);

/*
 * The formula over the ball z; with `analytic`, non-finite unless the formula
 * is proven to be holomorphic there.  y may not alias z.
 */
void expr_evaluate_acb(acb_t y, struct expr_evaluator *e,
    const struct expr_formula *formula, const acb_t z, bool analytic);

#endif

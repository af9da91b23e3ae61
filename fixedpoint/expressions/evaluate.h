/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of an expression over complex balls, by one formula. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_EVALUATE_H
#define SN_FIXEDPOINT_EXPRESSIONS_EVALUATE_H

#include "fixedpoint/expressions/expression.h"

/*
 * The nodes that `root` needs and that depend on z, in order, once each WHERE
 * is replaced by the side that its condition's sign selects.
 */
struct sn_step {
    int node, side; /* side: of a WHERE; else the first operand */
};
struct sn_formula {
    struct sn_step *step;
    int steps, root;
};
enum sn_status sn_formula_init(struct sn_formula *formula,
    const struct sn_expression *f, const signed char *sign, int root);
void sn_formula_clear(struct sn_formula *formula);
bool sn_formula_equal(
    const struct sn_formula *one, const struct sn_formula *other);

/* Values of the nodes that do not depend on z; the others are left alone. */
void sn_constants_arb(
    arb_ptr value, const struct sn_expression *f, slong prec);

/* Room for complex values of all nodes, and the constant ones' values. */
struct sn_evaluator {
    const struct sn_expression *f;
    slong prec;
    acb_ptr value;
};
void sn_evaluator_init(
    struct sn_evaluator *e, const struct sn_expression *f, slong prec);
void sn_evaluator_clear(struct sn_evaluator *e);

/*
 * The formula over the ball z; with `analytic`, non-finite unless the formula
 * is proven to be holomorphic there.  y may not alias z.
 */
void sn_evaluate_acb(acb_t y, struct sn_evaluator *e,
    const struct sn_formula *formula, const acb_t z, bool analytic);

#endif

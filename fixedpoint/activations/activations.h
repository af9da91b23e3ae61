/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activations by name: one table of expressions. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_ACTIVATIONS_H
#define SN_FIXEDPOINT_ACTIVATIONS_ACTIVATIONS_H

#include "fixedpoint/expressions/expression.h"

enum { ACT_MOST_PARAMETERS = 2 };

struct act_activation {
    const char *name, *other_name; /* the other may be NULL */
    const char *expression;        /* in z and the parameters */
    struct expr_parameter parameter[ACT_MOST_PARAMETERS]; /* defaults */
    /* limit for z -> -infinity; NULL where that is not finite */
    const char *lower;
    bool positive; /* parameters must be */
};
extern const struct act_activation act_table[];
extern const int act_count;

/*
 * An activation with values for its parameters; each may be changed.
 * Expressions are to be initialized and cleared by the caller.
 */
struct act_chosen {
    const struct act_activation *activation;
    struct expr_parameter parameter[ACT_MOST_PARAMETERS];
};
/* By either name; false where there is none. */
bool act_find(struct act_chosen *chosen, const char *name, size_t length);
/* The name of the table that is likely meant by another; or NULL. */
const char *act_hint(const char *name, size_t length);
enum sn_status act_expression(struct expr_expression *f,
    const struct act_chosen *chosen, struct expr_fault *fault);
/* Its limit for z -> -infinity; SN_NO_SOLUTION where that is not finite. */
enum sn_status act_lower_arb(
    arb_t lower, const struct act_chosen *chosen, slong prec);

#endif

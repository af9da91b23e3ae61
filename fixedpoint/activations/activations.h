/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activations by name: one table of expressions. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_ACTIVATIONS_H
#define SN_FIXEDPOINT_ACTIVATIONS_ACTIVATIONS_H

#include "fixedpoint/expressions/expression.h"

enum { SN_MOST_PARAMETERS = 2 };

struct sn_activation {
    const char *name, *other_name; /* the other may be NULL */
    const char *expression;        /* in z and the parameters */
    struct sn_parameter parameter[SN_MOST_PARAMETERS]; /* defaults */
    /* limit for z -> -infinity; NULL where that is not finite */
    const char *lower;
    bool positive; /* parameters must be */
};
extern const struct sn_activation sn_activations[];
extern const int sn_activation_count;

/*
 * An activation with values for its parameters; each may be changed.
 * Expressions are to be initialized and cleared by the caller.
 */
struct sn_chosen {
    const struct sn_activation *activation;
    struct sn_parameter parameter[SN_MOST_PARAMETERS];
};
/* By either name; false where there is none. */
bool sn_activation_find(
    struct sn_chosen *chosen, const char *name, size_t length);
enum sn_status sn_activation_expression(struct sn_expression *f,
    const struct sn_chosen *chosen, struct sn_fault *fault);
/* Its limit for z -> -infinity; SN_NO_SOLUTION where that is not finite. */
enum sn_status sn_activation_lower_arb(
    arb_t lower, const struct sn_chosen *chosen, slong prec);

#endif

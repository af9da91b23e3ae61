/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integrals of one piece, under way. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_INTEGRATION_H
#define SN_FIXEDPOINT_ACTIVATIONS_INTEGRATION_H

#include "fixedpoint/activations/gaussian.h"
#include "fixedpoint/expressions/pieces.h"

/*
 * E f u^i, E f^2 u^i for i = 0, 1, 2, and E f'^2, without the tails at first.
 */
struct act_sums {
    arb_struct f[3], ff[3], dd[3]; /* dd[1], dd[2] are not used */
};

struct act_integration {
    struct expr_expression *f;
    struct expr_evaluator e;
    struct act_sums sum;
    arb_t m, v, sigma;
    arf_t low, high;
    double length; /* of a tail's cut at first, in standard deviations */
    mag_t tail, slope_tail;
    bool by_quadrature, values_alone; /* of enum act_method */
    slong prec;                       /* of arithmetic */
    slong depth;                      /* what is left out is below 2^-depth */
    slong goal;                       /* of act_gaussian */
};

/*
 * Adds the piece to the sums: in closed form where there is one and the job
 * allows it, else by quadrature, and then *all_closed is false.  False where
 * quadrature comes to no end, and near which z.  Where only that of f'^2 does
 * not, its sum is not finite.
 */
bool act_integrate_piece(struct act_integration *job,
    const struct expr_piece *piece, bool *all_closed, double *place);

#endif

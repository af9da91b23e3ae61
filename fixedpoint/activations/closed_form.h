/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of c z^p e^{kz + qz^2}, which is what most piecewise activations are
 * made of, and their integrals under a Gaussian, which need erfc alone.
 */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_CLOSED_FORM_H
#define SN_FIXEDPOINT_ACTIVATIONS_CLOSED_FORM_H

#include "fixedpoint/expressions/evaluate.h"

struct act_term {
    arb_t coefficient, rate, curvature; /* c, k, q */
    slong power;
};
struct act_terms {
    struct act_term *term;
    int count, room;
};
enum { ACT_MOST_TERMS = 64, ACT_MOST_TERM_POWER = 64 };

void act_terms_clear(struct act_terms *terms);

/*
 * The formula as a sum of terms (clear it), with the constants of `e`.
 * SN_NO_SOLUTION where it is no such sum, or one of too many terms.
 */
enum sn_status act_terms_of_formula(struct act_terms *terms,
    const struct expr_evaluator *e, const struct expr_formula *formula);
enum sn_status act_terms_square(
    struct act_terms *square, const struct act_terms *terms, slong prec);

/*
 * Adds the integrals of terms(z) u^i N(z; m, v), i = 0, 1, 2, over
 * [low, high] to moment[i], a vector; u = (z - m)/sqrt v.  Not finite where
 * a term grows as fast as the Gaussian falls.
 */
void act_terms_integrate(arb_ptr moment, const struct act_terms *terms,
    const arf_t low, const arf_t high, const arb_t m, const arb_t v,
    slong prec);

#endif

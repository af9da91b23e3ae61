/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments of f(z), z ~ N(m, v), for any expression f, with proof.
 *
 * The line is cut at +-R, beyond which a bound of f's growth takes over
 * (growth.h), and where f's formula changes (pieces.h); what remains are
 * integrals of analytic functions over intervals: in closed form where the
 * formula is a sum of c z^p e^{kz}, else by Arb's adaptive Gauss-Legendre
 * quadrature, whose error bounds come from enclosures on complex ellipses
 * (Johansson 2018, arXiv 1802.07942).
 */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_GAUSSIAN_H
#define SN_FIXEDPOINT_ACTIVATIONS_GAUSSIAN_H

#include "fixedpoint/expressions/expression.h"

/*
 * Moments of f - centre.  The centre is 0 unless `goal` is set: bits that are
 * wanted of each beside its own size, which may be far below 2^-prec; then it
 * is f(m), for a variance that is a tiny rest of E f^2.
 */
struct act_gaussian {
    slong goal; /* set before; 0: moments to 2^-prec */
    arb_t centre;
    arb_t mean, square;     /* of h = f - centre: E h, E h^2 */
    arb_t mean_m, square_m; /* their partial derivatives in m */
    arb_t mean_v, square_v; /* and in v */
    arb_t slope_square;     /* E f'^2; non-finite if not known */
    bool closed;            /* no quadrature was needed for the others */
    bool jumps;             /* f jumps, proven: there is no E f'^2 */
    arb_t jump;             /* there */
};
void act_gaussian_init(struct act_gaussian *moments);
void act_gaussian_clear(struct act_gaussian *moments);

/*
 * A set: in closed form where there is one; by quadrature alone; without the
 * partial derivatives, which then are not finite.
 */
enum act_method {
    ACT_ANY_METHOD = 0,
    ACT_QUADRATURE = 1,
    ACT_VALUES_ALONE = 2
};

/* Why there are no moments. */
struct act_trouble {
    enum {
        ACT_NO_TROUBLE,
        ACT_TOO_FAST,   /* the growth could not be bounded; side, place */
        ACT_NOT_FINITE, /* f, or what is known of it, near z */
        ACT_TOO_MANY,   /* cuts near z: conditions that cannot be decided */
        ACT_NO_END      /* quadrature near z: a singularity next to it */
    } kind;
    int side; /* 1: z -> infinity, -1: z -> -infinity */
    double z;
    size_t place; /* in the expression's text */
};

/*
 * m any, v > 0.  SN_BAD_VALUE or SN_UNDECIDED with the trouble.  Adds nodes to
 * f.
 */
enum sn_status act_gaussian_arb(struct act_gaussian *moments,
    struct expr_expression *f, const arb_t m, const arb_t v, int methods,
    slong prec, struct act_trouble *trouble);

#endif

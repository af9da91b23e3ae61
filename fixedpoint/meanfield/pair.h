/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * E f(z1) f(z2) of two jointly normal numbers, with proof: what two inputs of
 * a layer of independent weights have in common after it.
 *
 * In closed form where f is in pieces a sum of c z^p e^{kz}: products of
 * powers over quadrants, which integration by parts leads back to the mass of
 * a quadrant, and that is one integral of an elementary function (Plackett
 * 1954).  Otherwise by Hermite series: with f(m + sqrt(v) u) = sum a_k h_k(u)
 * of each law it is sum a_k b_k rho^k, and Parseval's identity bounds what is
 * left out.  The series of an f that is not smooth converges slowly near
 * |rho| = 1; then the radius says so.
 */
#ifndef SN_FIXEDPOINT_MEANFIELD_PAIR_H
#define SN_FIXEDPOINT_MEANFIELD_PAIR_H

#include "fixedpoint/activations/gaussian.h"

/*
 * Means, variances (above 0) and the covariance, within what is possible.
 * Equal balls stand for the same number.
 */
struct field_pair {
    arb_struct m[2], v[2];
    arb_t covariance;
};
void field_pair_init(struct field_pair *pair);
void field_pair_clear(struct field_pair *pair);
bool field_pair_same_law(const struct field_pair *pair);
bool field_pair_is_one(const struct field_pair *pair); /* z1 = z2 */

enum field_way { FIELD_CLOSED, FIELD_SERIES };

/*
 * To `goal` bits beside sqrt(E f(z1)^2 E f(z2)^2) where that is in reach; the
 * radius tells.  SN_BAD_VALUE: f has no moments, see trouble.  Adds nodes to
 * f.
 */
enum sn_status field_pair_arb(arb_t product, enum field_way *way,
    struct expr_expression *f, const struct field_pair *pair, slong goal,
    struct act_trouble *trouble);

/* That over sqrt(E f(z1)^2 E f(z2)^2), to 2^-goal where in reach. */
enum sn_status field_cosine_arb(arb_t cosine, enum field_way *way,
    struct expr_expression *f, const struct field_pair *pair, slong goal,
    struct act_trouble *trouble);

/* The two ways alone, for tests of one by the other.  SN_NO_SOLUTION: f is no
   such sum. */
enum sn_status field_pair_closed_arb(arb_t product, struct expr_expression *f,
    const struct field_pair *pair, slong prec);
enum sn_status field_pair_series_arb(arb_t product, struct expr_expression *f,
    const struct field_pair *pair, slong goal, struct act_trouble *trouble);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Designs whose words are short rationals: quasi-linear time, where erfc of a
 * ball takes far more.  (docs/mathematics/theory.md, "Millions of digits")
 */
#ifndef SN_FIXEDPOINT_CONSTANTS_RATIONAL_H
#define SN_FIXEDPOINT_CONSTANTS_RATIONAL_H

#include "fixedpoint/constants/constants.h"

/*
 * sum_{n>=0} prod_{i=1..n} x/(a i + b), x >= 0, a = 1, b = 0 (that is e^x) or
 * a = 2, b = 1 (sum x^n/(2n+1)!!), by binary splitting, with its own bound of
 * what is left out.
 */
void constants_factorial_series_arb(
    arb_t sum, const fmpq_t x, ulong a, ulong b, slong prec);

/* e^x */
void constants_exp_fmpq(arb_t y, const fmpq_t x, slong prec);

/*
 * map_moments_arb() at exact m and v > 0: with the series where prec is large,
 * m and v are short and not so far out that the series would cancel, else
 * through balls.  Two threads for the series.
 */
void constants_moments_fmpq(
    struct map_moments *moments, const fmpq_t m, const fmpq_t v, slong prec);

/* A wanted fixed point and its weights, exactly as they were written. */
struct constants_design {
    fmpq mu, nu, omega, tau;
};
void constants_design_init(struct constants_design *design);
void constants_design_clear(struct constants_design *design);

/* Whether at `prec` bits its time is quasi-linear. */
bool constants_design_is_quick(
    const struct constants_design *design, slong prec);

/*
 * constants_solve_arb() for a design; point gets all its numbers, and the
 * Jacobian there comes from the same moments.
 */
enum sn_status constants_solve_design_arb(struct map_point *point,
    arb_t jacobian[4], const struct constants_design *design, slong prec);

#endif

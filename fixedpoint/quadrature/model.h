/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is expected of one layer given the one before: moments of f(z) where z
 * is Gaussian, or a mixture of Gaussians over the law of (omega, tau).
 */
#ifndef SN_FIXEDPOINT_QUADRATURE_MODEL_H
#define SN_FIXEDPOINT_QUADRATURE_MODEL_H

#include "fixedpoint/expressions/program.h"

struct quad_interval {
    double low, high; /* equal: fixed */
};

/* The activation that a network is expected to have. */
struct quad_model {
    const struct expr_program *f;
    bool selu; /* with these constants: closed forms where m = 0 */
    double lambda, alpha;
};

/*
 * M and Q of selu in binary64 for q >= 0, from scaled complementary error
 * functions and, for q < 1/8, power series: relative error below 1e-14 against
 * the enclosures of map_arb (sampled, 1e-30 <= q <= 1e30; a value of M that
 * cancels, near its zero at q = 1, has that error relative to lambda sqrt q).
 */
void quad_selu_moments_f64(
    double *first, double *second, double q, double lambda, double alpha);

/*
 * z ~ N(m, v), u = (z - m)/sqrt v:  E f, E f^2, and of both the projections on
 * u and u^2 - 1:  E h u and E h (u^2 - 1)/2; the variances that are left of
 * both without these projections, and E f^4.  The last three are 0 from
 * SELU's closed forms.
 */
struct quad_conditional {
    double first, second;
    double first_u, first_uu, second_u, second_uu;
    double first_left, second_left, fourth;
};
void quad_model_conditional(struct quad_conditional *out,
    const struct quad_model *model, double m, double v);

/* What is left, from the other fields and E f^4. */
void quad_conditional_left(
    struct quad_conditional *conditional, double fourth);

/* E f^k, k = 1..4, and E f'^2 (NaN where f has a jump: not known here). */
struct quad_moments_f64 {
    double power[5]; /* power[0] = 1 */
    double slope_square;
};
void quad_model_moments(struct quad_moments_f64 *out,
    const struct quad_model *model, double m, double v);

/*
 * E f(z1) f(z2), jointly normal of means m1, m2, variances v1, v2 and the
 * covariance c (cut to what is possible).
 */
double quad_model_product(const struct quad_model *model, double m1, double m2,
    double v1, double v2, double c);

/* Nodes and weights over [0, 1]^2, or less where an interval is a point. */
enum { QUAD_MIXTURE_NODES = 64 };
struct quad_mixture {
    int count;
    double omega[QUAD_MIXTURE_NODES], tau[QUAD_MIXTURE_NODES],
        weight[QUAD_MIXTURE_NODES];
};
void quad_mixture_init(struct quad_mixture *mixture,
    const struct quad_interval *omega, const struct quad_interval *tau);

#endif

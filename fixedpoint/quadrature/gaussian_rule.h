/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Integrals under N(m, v) in binary64: Gauss-Legendre rules of 8 nodes on
 * panels that are short beside both the Gaussian and the features of common
 * activations (0.75 near z = 0, a third of |z| further out, 2 radians of a
 * sine) and end at kinks.
 * No error bound: what uses it compares with enclosures (theory.h).
 */
#ifndef SN_FIXEDPOINT_QUADRATURE_GAUSSIAN_RULE_H
#define SN_FIXEDPOINT_QUADRATURE_GAUSSIAN_RULE_H

#include "fixedpoint/expressions/program.h"

/* Positive nodes of the 8-point Gauss-Legendre rule on [-1, 1], and weights.
 */
extern const double quad_legendre_node[4], quad_legendre_weight[4];

enum { QUAD_RULE_BATCH = 64 };

struct quad_rule {
    const struct expr_program *f;
    double m, deviation, at, end;
    int kink;
    /* set after the start, where beside f(z) another function of z is
       integrated, that of a z' = shift + slope z: it has f's kinks blurred to
       this width; 0: none */
    double shift, slope, blur;
};

/* Ends where f^2 times the density no longer counts, at most 38 deviations. */
void quad_rule_start(
    struct quad_rule *rule, const struct expr_program *f, double m, double v);

/* Up to QUAD_RULE_BATCH nodes, weights with the density; 0: no more. */
size_t quad_rule_next(struct quad_rule *rule, double z[QUAD_RULE_BATCH],
    double weight[QUAD_RULE_BATCH]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A wide layer z = sum w x + b, x = f(z') of the layer before, of independent
 * weights, variance weights/n, and biases of the variance `bias` (the field's
 * sigma_w^2, sigma_b^2).  With q = E z^2 and u normal:
 *   q'   = weights E x^2 + bias, x = f(sqrt(q) u)     the q-map
 *   chi  = weights E f'^2                             factor of gradients
 *   C(c) = (weights E x1 x2 + bias)/q,  z1, z2 of variance q at a fixed
 * point, covariance cq; C(1) = 1, C'(1) = chi.
 * Where a row's weights sum to 0 (`centred`, the paper's omega = 0; weights is
 * its tau) only what x differs from its mean counts: Var x for E x^2, and E x1
 * x2 less the mean's square.  Ordinary dropout, after which x = f(z)/(1 - p)
 * or 0, multiplies E f^2 and E f'^2 by `spread` = 1/(1 - p), and not E x1 x2:
 * then C(1) < 1.
 */
#ifndef SN_FIXEDPOINT_MEANFIELD_LAYER_H
#define SN_FIXEDPOINT_MEANFIELD_LAYER_H

#include "fixedpoint/meanfield/pair.h"

struct field_layer {
    struct expr_expression *f;   /* gains nodes */
    arb_t weights, bias, spread; /* above 0; at least 0; at least 1 */
    bool centred;
};
void field_layer_init(struct field_layer *layer); /* spread 1 */
void field_layer_clear(struct field_layer *layer);

/* What one layer does at q. */
struct field_step {
    arb_t q;            /* asked */
    arb_t mean, square; /* E f, and E x^2 or Var x as the law has it */
    arb_t slope_square; /* E f'^2 spread; not finite where f jumps */
    arb_t next, slope;  /* the q-map and its derivative */
    arb_t chi;          /* not finite where f jumps */
};
void field_step_init(struct field_step *step);
void field_step_clear(struct field_step *step);
enum sn_status field_step_arb(struct field_step *step,
    const struct field_layer *layer, slong prec, struct act_trouble *trouble);

/* ---- fixed points of the q-map ---- */

enum { FIELD_MOST_POINTS = 16 };
struct field_points {
    double low, high; /* asked: 0 < low < high */
    int count;
    /* each alone in its interval, where q' - q has a slope of this enclosure,
       which is not 0 */
    struct field_alone {
        double low, high;
        arb_t slope;
    } point[FIELD_MOST_POINTS];
    bool complete; /* proven: there are no others from low to high */
    double open;   /* else: one may lie about here */
    long boxes;
};
void field_points_init(struct field_points *points);
void field_points_clear(struct field_points *points);
enum sn_status field_points_find(struct field_points *points,
    const struct field_layer *layer, struct act_trouble *trouble);
/* Encloses that point, of some `prec` bits; SN_UNDECIDED: try more. */
enum sn_status field_point_refine(arb_t q, const struct field_alone *alone,
    const struct field_layer *layer, slong prec, struct act_trouble *trouble);

/* ---- two inputs at a fixed point ---- */

/* C(c); 0 <= c < 1, say.  With `slope`: C'(c) = weights E f'(z1) f'(z2). */
enum sn_status field_correlation_map(arb_t next,
    const struct field_layer *layer, const arb_t q, const arb_t c, bool slope,
    slong goal, struct act_trouble *trouble);

/*
 * The only fixed point of C in [0, 1) where chi > 1 or f jumps: C is convex
 * there (its series in c has no negative term) with C(0) >= 0, C(1) = 1, so
 * that there is exactly one, and it attracts.  (Where chi <= 1 there is none,
 * and c = 1 attracts.)  An enclosure to about `goal` bits.
 */
enum sn_status field_correlation_point(arb_t c,
    const struct field_layer *layer, const arb_t q, slong goal,
    struct act_trouble *trouble);

#endif

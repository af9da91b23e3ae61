/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the search for fixed points asks of one box; for fixed_points.c. */
#ifndef SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_BOX_H
#define SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_BOX_H

#include "fixedpoint/fixed_points/fixed_points.h"

struct sn_box_test {
    sn_box_evaluator *evaluate;
    struct sn_layer layer;
    long boxes;         /* evaluated */
    bool contradiction; /* MPFI's and Arb's enclosures did not meet */
    /* of the box last prepared: g and Jacobian, centre, g(centre) - centre */
    mpfi_t value[2], jacobian[4], centre[2], residual[2];
    mpfi_t krawczyk[2];
    /* scratch */
    mpfi_t x[2], at_centre[2], unused[4], s, t;
    struct sn_point corner;
    arb_t arb_value[2], arb_jacobian[4], range;
    arf_t lower, upper;
};
void sn_box_test_init(struct sn_box_test *s, const struct sn_point *point,
    sn_box_evaluator *evaluate);
void sn_box_test_clear(struct sn_box_test *s);

/* The ends of mu (0) or nu (1). */
double *sn_box_side(struct sn_box *box, int i);
const double *sn_box_ends(const struct sn_box *box, int i);
bool sn_box_contains(const struct sn_box *outer, const struct sn_box *inner);
bool sn_boxes_meet(const struct sn_box *a, const struct sn_box *b);
/* A number in x, geometric where x spans a factor above 4. */
double sn_box_middle(const double x[2]);

void sn_box_prepare(struct sn_box_test *s, const struct sn_box *box);
/* These are about the box last prepared: */
/* by natural or mean value form, no fixed point in it */
bool sn_box_is_excluded(struct sn_box_test *s, const struct sn_box *box);
/* the Krawczyk image, false if unbounded */
bool sn_box_krawczyk(struct sn_box_test *s, const struct sn_box *box);
/* the image misses the box: no fixed point in it */
bool sn_box_image_misses(
    const struct sn_box_test *s, const struct sn_box *box);
/* how much g_0(x) - x_0 and g_1(x) - x_1 may vary along mu or nu, scaled */
double sn_box_slope(struct sn_box_test *s, int along, const double scale[2]);

/* Prepares the box; exactly one fixed point in its interior? */
bool sn_box_maps_inside(struct sn_box_test *s, const struct sn_box *box);
/* After that: where in it. */
struct sn_box sn_box_tighten(struct sn_box_test *s, struct sn_box box);

#endif

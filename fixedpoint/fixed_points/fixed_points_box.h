/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the search for fixed points asks of one box; for fixed_points.c. */
#ifndef SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_BOX_H
#define SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_BOX_H

#include "fixedpoint/fixed_points/fixed_points.h"

struct fixed_box_test {
    fixed_box_evaluator *evaluate;
    struct fixed_layer layer;
    long boxes;         /* evaluated */
    bool contradiction; /* MPFI's and Arb's enclosures did not meet */
    /* of the box last prepared: g and Jacobian, centre, g(centre) - centre */
    mpfi_t value[2], jacobian[4], centre[2], residual[2];
    mpfi_t krawczyk[2];
    /* scratch */
    mpfi_t x[2], at_centre[2], unused[4], s, t;
    struct map_point corner;
    arb_t arb_value[2], arb_jacobian[4], range;
    arf_t lower, upper;
};
void fixed_box_test_init(struct fixed_box_test *s,
    const struct map_point *point, fixed_box_evaluator *evaluate);
void fixed_box_test_clear(struct fixed_box_test *s);

/* The ends of mu (0) or nu (1). */
double *fixed_box_side(struct fixed_box *box, int i);
const double *fixed_box_ends(const struct fixed_box *box, int i);
bool fixed_box_contains(
    const struct fixed_box *outer, const struct fixed_box *inner);
bool fixed_boxes_meet(const struct fixed_box *a, const struct fixed_box *b);
/* A number in x, geometric where x spans a factor above 4. */
double fixed_box_middle(const double x[2]);

void fixed_box_prepare(struct fixed_box_test *s, const struct fixed_box *box);
/* These are about the box last prepared: */
/* by natural or mean value form, no fixed point in it */
bool fixed_box_is_excluded(
    struct fixed_box_test *s, const struct fixed_box *box);
/* the Krawczyk image, false if unbounded */
bool fixed_box_krawczyk(struct fixed_box_test *s, const struct fixed_box *box);
/* the image misses the box: no fixed point in it */
bool fixed_box_image_misses(
    const struct fixed_box_test *s, const struct fixed_box *box);
/* how much g_0(x) - x_0 and g_1(x) - x_1 may vary along mu or nu, scaled */
double fixed_box_slope(
    struct fixed_box_test *s, int along, const double scale[2]);

/* Prepares the box; exactly one fixed point in its interior? */
bool fixed_box_maps_inside(
    struct fixed_box_test *s, const struct fixed_box *box);
/* After that: where in it. */
struct fixed_box fixed_box_tighten(
    struct fixed_box_test *s, struct fixed_box box);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All fixed points of g in a rectangle of (mu, nu), with proof that there are
 * no others (docs/mathematics/fixed_points.md).  Boxes are judged in MPFI
 * intervals, the points refined in Arb balls, and at two corners of every box
 * the two libraries check each other.
 */
#ifndef SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_H
#define SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_H

#include "fixedpoint/map/map.h"
#include "fixedpoint/proofs/intervals/formulas.h"

/* [mu[0], mu[1]] x [nu[0], nu[1]], closed. */
struct fixed_box {
    double mu[2], nu[2];
};

/* omega, tau, lambda, alpha as enclosures. */
struct fixed_layer {
    mpfi_t omega, tau;
    struct iv_selu selu;
    struct iv_map *map; /* its room */
};

/*
 * Encloses g and its Jacobian (row by row, in (mu, nu)) for every point of
 * mu x nu.  What cannot be bounded comes infinite or NaN.
 */
typedef void fixed_box_evaluator(mpfi_t value[2], mpfi_t jacobian[4],
    mpfi_srcptr mu, mpfi_srcptr nu, const struct fixed_layer *layer);
fixed_box_evaluator fixed_map_on_box;

struct fixed_search {
    long max_boxes;
    fixed_box_evaluator *evaluate; /* NULL: fixed_map_on_box */
    /* Called every 256 boxes unless NULL; false stops the search. */
    bool (*watch)(void *context, long boxes);
    void *context;
};

/* Exactly one fixed point lies in `alone`, and it lies in `tight`. */
struct fixed_isolated {
    struct fixed_box alone, tight;
};

struct fixed_point_list {
    struct fixed_isolated *point; /* may lie in the region, by mean */
    size_t count;
    struct fixed_box *open; /* may hold fixed points not in `point` */
    size_t open_count;
    long boxes;         /* evaluated */
    bool complete;      /* proven: no fixed point in the region but these */
    bool contradiction; /* the libraries' enclosures do not meet: a fault */
    bool interrupted;
};

/*
 * Searches the region with omega, tau, lambda, alpha of `point`.
 * SN_BAD_VALUE: not lower <= upper, or nu not above 0.  SN_NO_MEMORY: nothing
 * is found and nothing complete.  Else SN_OK, and `complete` tells.
 */
enum sn_status fixed_points_find(struct fixed_point_list *found,
    const struct fixed_box *region, const struct map_point *point,
    const struct fixed_search *search);
void fixed_points_clear(struct fixed_point_list *found);

/*
 * mu and nu of `point` become an enclosure of the isolated fixed point of its
 * omega, tau, lambda, alpha, of some `prec` bits and proven anew by interval
 * Newton in balls; the Jacobian encloses that at the fixed point.
 * SN_UNDECIDED: more precision is needed.
 */
enum sn_status fixed_point_refine(struct map_point *point, arb_t jacobian[4],
    const struct fixed_isolated *isolated, slong prec);

#endif

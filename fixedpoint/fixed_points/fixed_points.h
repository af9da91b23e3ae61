/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All fixed points of g in a rectangle of (mu, nu), with proof that there are
 * no others (docs/fixed_points.md).  Boxes are judged in MPFI intervals, the
 * points refined in Arb balls, and at two corners of every box the two
 * libraries check each other.
 */
#ifndef SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_H
#define SN_FIXEDPOINT_FIXED_POINTS_FIXED_POINTS_H

#include "fixedpoint/map/fixedpoint.h"
#include "fixedpoint/proofs/claims/proofs.h"

/* [mu[0], mu[1]] x [nu[0], nu[1]], closed. */
struct sn_box {
    double mu[2], nu[2];
};

/* omega, tau, lambda, alpha as enclosures. */
struct sn_layer {
    mpfi_t omega, tau;
    struct sn_selu selu;
    struct sn_map *map; /* its room */
};

/*
 * Encloses g and its Jacobian (row by row, in (mu, nu)) for every point of
 * mu x nu.  What cannot be bounded comes infinite or NaN.
 */
typedef void sn_box_evaluator(mpfi_t value[2], mpfi_t jacobian[4],
    mpfi_srcptr mu, mpfi_srcptr nu, const struct sn_layer *layer);
sn_box_evaluator sn_map_on_box;

struct sn_fixed_search {
    long max_boxes;
    sn_box_evaluator *evaluate; /* NULL: sn_map_on_box */
    /* Called every 256 boxes unless NULL; false stops the search. */
    bool (*watch)(void *context, long boxes);
    void *context;
};

/* Exactly one fixed point lies in `alone`, and it lies in `tight`. */
struct sn_isolated {
    struct sn_box alone, tight;
};

struct sn_fixed_points {
    struct sn_isolated *point; /* may lie in the region, by mean */
    size_t count;
    struct sn_box *open; /* may hold fixed points not in `point` */
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
enum sn_status sn_find_fixed_points(struct sn_fixed_points *found,
    const struct sn_box *region, const struct sn_point *point,
    const struct sn_fixed_search *search);
void sn_fixed_points_clear(struct sn_fixed_points *found);

/*
 * mu and nu of `point` become an enclosure of the isolated fixed point of its
 * omega, tau, lambda, alpha, of some `prec` bits and proven anew by interval
 * Newton in balls; the Jacobian encloses that at the fixed point.
 * SN_UNDECIDED: more precision is needed.
 */
enum sn_status sn_refine_fixed_point(struct sn_point *point, arb_t jacobian[4],
    const struct sn_isolated *isolated, slong prec);

#endif

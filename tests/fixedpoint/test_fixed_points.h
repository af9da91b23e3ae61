/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SN_TESTS_FIXEDPOINT_TEST_FIXED_POINTS_H
#define SN_TESTS_FIXEDPOINT_TEST_FIXED_POINTS_H

#include "fixedpoint/fixed_points/fixed_points.h"
#include "tests/fixedpoint/test_fixedpoint.h"

enum { PREC = 160, MAX_BOXES = 60000 };
static const struct fixed_box usual = {{-1, 1}, {0.01, 10}};

static inline void layer(struct map_point *point, double omega, double tau)
{
    map_point_init(point);
    arb_set_d(point->omega, omega);
    arb_set_d(point->tau, tau);
    constants_selu_arb(point->lambda, point->alpha, PREC);
}

static inline struct fixed_point_list find_by(const struct fixed_box *region,
    const struct map_point *point, fixed_box_evaluator *evaluate,
    long max_boxes)
{
    struct fixed_point_list found;
    const struct fixed_search search = {
        .max_boxes = max_boxes, .evaluate = evaluate};
    enum sn_status status = fixed_points_find(&found, region, point, &search);
    cr_assert(status == SN_OK, "status %d", status);
    return found;
}

static inline struct fixed_point_list find(
    const struct fixed_box *region, const struct map_point *point)
{
    return find_by(region, point, NULL, MAX_BOXES);
}

static inline bool is_in(const struct fixed_box *box, double mu, double nu)
{
    return box->mu[0] <= mu && mu <= box->mu[1] && box->nu[0] <= nu &&
           nu <= box->nu[1];
}

/* Refined mean and variance and the spectral radius: x[0], x[1], x[2]. */
static inline bool refine(double x[3], const struct map_point *point,
    const struct fixed_isolated *isolated, slong prec)
{
    struct map_point at;
    arb_t jacobian[4], re[2], im[2], radius;
    map_point_init(&at);
    arb_set(at.omega, point->omega);
    arb_set(at.tau, point->tau);
    arb_set(at.lambda, point->lambda);
    arb_set(at.alpha, point->alpha);
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_init(re[i]);
        arb_init(im[i]);
    }
    arb_init(radius);
    bool good = fixed_point_refine(&at, jacobian, isolated, prec) == SN_OK;
    map_eigenvalues_arb(re, im, radius, jacobian, prec);
    x[0] = middle(at.mu);
    x[1] = middle(at.nu);
    x[2] = middle(radius);
    good = good && arb_rel_accuracy_bits(at.nu) > prec - 40;
    map_point_clear(&at);
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    for (int i = 0; i < 2; i++) {
        arb_clear(re[i]);
        arb_clear(im[i]);
    }
    arb_clear(radius);
    return good;
}

/* Regions with (0, 1) inside, on an edge, at a corner; nothing but (0, 1). */
/* The example of the authors' notebook: solved for, but it does not attract */
static inline void published(struct map_point *point)
{
    layer(point, 1, 1);
    arb_set_str(point->alpha, "1.9769021954242004", PREC);
    arb_set_str(point->lambda, "1.0738512396160457", PREC);
}

#endif

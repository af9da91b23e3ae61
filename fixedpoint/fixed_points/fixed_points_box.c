/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of one box, for fixed_points.c.  With c the centre of a box X, J the
 * enclosure of the Jacobian on X, Y any matrix, every fixed point in X lies in
 * g(X), where g(c) - c + (J - 1)(X - c) = 0 is possible, and in Krawczyk's
 *     K = c - Y (g(c) - c) + (1 - Y (J - 1))(X - c);
 * K inside X proves that there is exactly one
 * (docs/mathematics/fixed_points.md). A comparison with NaN is false and never
 * excludes.
 */
#include "fixedpoint/fixed_points/fixed_points_box.h"
#include <math.h>

enum { FIXED_BOX_PRECISION = IV_PROOF_PRECISION, TIGHTENINGS = 8 };

void fixed_map_on_box(mpfi_t value[2], mpfi_t jacobian[4], mpfi_srcptr mu,
    mpfi_srcptr nu, const struct fixed_layer *layer)
{
    mpfi_t m, v;
    mpfi_init2(m, FIXED_BOX_PRECISION);
    mpfi_init2(v, FIXED_BOX_PRECISION);
    mpfi_mul(m, mu, layer->omega);
    mpfi_mul(v, nu, layer->tau);
    if (layer->map)
        iv_map_set(layer->map, m, v, &layer->selu, 0, true);
    for (int i = 0; i < 2 && !layer->map; i++) /* nothing is known */
        for (int k = 0; k < 3; k++)
            mpfi_interv_d(
                k ? jacobian[2 * i + k - 1] : value[i], -INFINITY, INFINITY);
    for (int i = 0; i < 2 && layer->map; i++) {
        const struct iv_jet *row =
            iv_map_atom(layer->map, i ? IV_VARIANCE : IV_MEAN);
        mpfi_set(value[i], row->f);
        mpfi_mul(jacobian[2 * i], row->d[0], layer->omega);
        mpfi_mul(jacobian[2 * i + 1], row->d[1], layer->tau);
    }
    mpfi_clear(m);
    mpfi_clear(v);
}

double *fixed_box_side(struct fixed_box *box, int i)
{
    return i ? box->nu : box->mu;
}

const double *fixed_box_ends(const struct fixed_box *box, int i)
{
    return i ? box->nu : box->mu;
}

bool fixed_box_contains(
    const struct fixed_box *outer, const struct fixed_box *inner)
{
    for (int i = 0; i < 2; i++)
        if (!(fixed_box_ends(outer, i)[0] <= fixed_box_ends(inner, i)[0] &&
                fixed_box_ends(inner, i)[1] <= fixed_box_ends(outer, i)[1]))
            return false;
    return true;
}

bool fixed_boxes_meet(const struct fixed_box *a, const struct fixed_box *b)
{
    for (int i = 0; i < 2; i++)
        if (fixed_box_ends(a, i)[1] < fixed_box_ends(b, i)[0] ||
            fixed_box_ends(b, i)[1] < fixed_box_ends(a, i)[0])
            return false;
    return true;
}

static bool excludes(mpfi_srcptr y, double lower, double upper)
{
    return iv_is_interval(y) && (mpfr_cmp_d(&y->right, lower) < 0 ||
                                    mpfr_cmp_d(&y->left, upper) > 0);
}

static bool inside(mpfi_srcptr y, double lower, double upper)
{
    return iv_is_interval(y) && mpfr_cmp_d(&y->left, lower) > 0 &&
           mpfr_cmp_d(&y->right, upper) < 0;
}

/* Do an MPFI interval and a ball meet?  What is not finite meets all. */
static bool agree(struct fixed_box_test *s, mpfi_srcptr y, const arb_t ball)
{
    if (!mpfi_bounded_p(y) || !arb_is_finite(ball))
        return true;
    arf_set_mpfr(s->lower, &y->left);
    arf_set_mpfr(s->upper, &y->right);
    if (arf_cmp(s->lower, s->upper) > 0)
        return false;
    arb_set_interval_arf(s->range, s->lower, s->upper, FIXED_BOX_PRECISION);
    return arb_overlaps(s->range, ball);
}

/*
 * The evaluator on a box.  An enclosure must meet Arb's at the corners: two
 * opposite ones here, the others two calls later (the one between is a
 * centre's).
 */
static void enclose_map(struct fixed_box_test *s, mpfi_t value[2],
    mpfi_t jacobian[4], const struct fixed_box *box)
{
    for (int i = 0; i < 2; i++)
        mpfi_interv_d(
            s->x[i], fixed_box_ends(box, i)[0], fixed_box_ends(box, i)[1]);
    s->evaluate(value, jacobian, s->x[0], s->x[1], &s->layer);
    s->boxes++;
    for (int corner = 0; corner < 2; corner++) {
        arb_set_d(s->corner.mu, box->mu[corner]);
        arb_set_d(s->corner.nu, box->nu[corner ^ (s->boxes >> 1 & 1)]);
        map_arb(s->arb_value[0], s->arb_value[1], s->arb_jacobian, &s->corner,
            FIXED_BOX_PRECISION);
        for (int i = 0; i < 2; i++)
            if (!agree(s, value[i], s->arb_value[i]))
                s->contradiction = true;
        for (int i = 0; i < 4; i++)
            if (!agree(s, jacobian[i], s->arb_jacobian[i]))
                s->contradiction = true;
        if (box->mu[0] == box->mu[1] && box->nu[0] == box->nu[1])
            break;
    }
}

double fixed_box_middle(const double x[2])
{
    double c = x[0] > 0 && x[1] > 4 * x[0] ? sqrt(x[0]) * sqrt(x[1])
                                           : x[0] / 2 + x[1] / 2;
    return fmin(fmax(c, x[0]), x[1]);
}

/*
 * Y (J - 1) is near 1.  False where J is unbounded or J - 1 near singular:
 * then no Krawczyk.
 */
static bool inverse(double y[4], mpfi_t jacobian[4])
{
    double d[4];
    for (int i = 0; i < 4; i++)
        d[i] = mpfi_get_d(jacobian[i]) - (i % 3 == 0);
    double det = d[0] * d[3] - d[1] * d[2];
    y[0] = d[3] / det;
    y[1] = -d[1] / det;
    y[2] = -d[2] / det;
    y[3] = d[0] / det;
    return isfinite(y[0]) && isfinite(y[1]) && isfinite(y[2]) &&
           isfinite(y[3]);
}

/* s->krawczyk on a box whose value and Jacobian are in s. */
bool fixed_box_krawczyk(struct fixed_box_test *s, const struct fixed_box *box)
{
    double y[4];
    if (!inverse(y, s->jacobian))
        return false;
    for (int i = 0; i < 2; i++) {
        mpfi_set(s->krawczyk[i], s->centre[i]);
        for (int k = 0; k < 2; k++) { /* - Y (g(c) - c) */
            mpfi_mul_d(s->t, s->residual[k], y[2 * i + k]);
            mpfi_sub(s->krawczyk[i], s->krawczyk[i], s->t);
        }
        for (int j = 0; j < 2; j++) { /* + (1 - Y (J - 1))_ij (X - c)_j */
            mpfi_set_si(s->s, i == j);
            for (int k = 0; k < 2; k++) {
                mpfi_sub_si(s->t, s->jacobian[2 * k + j], k == j);
                mpfi_mul_d(s->t, s->t, y[2 * i + k]);
                mpfi_sub(s->s, s->s, s->t);
            }
            mpfi_interv_d(
                s->t, fixed_box_ends(box, j)[0], fixed_box_ends(box, j)[1]);
            mpfi_sub(s->t, s->t, s->centre[j]);
            mpfi_mul(s->s, s->s, s->t);
            mpfi_add(s->krawczyk[i], s->krawczyk[i], s->s);
        }
    }
    return mpfi_bounded_p(s->krawczyk[0]) && mpfi_bounded_p(s->krawczyk[1]);
}

/* Value and Jacobian on the box, c, and the residual g(c) - c. */
void fixed_box_prepare(struct fixed_box_test *s, const struct fixed_box *box)
{
    struct fixed_box point;
    for (int i = 0; i < 2; i++)
        fixed_box_side(&point, i)[0] = fixed_box_side(&point, i)[1] =
            fixed_box_middle(fixed_box_ends(box, i));
    enclose_map(s, s->at_centre, s->unused, &point);
    for (int i = 0; i < 2; i++) {
        mpfi_set_d(s->centre[i], fixed_box_ends(&point, i)[0]);
        mpfi_sub(s->residual[i], s->at_centre[i], s->centre[i]);
    }
    enclose_map(s, s->value, s->jacobian, box);
}

/* No fixed point in the box, by natural or mean value form? */
bool fixed_box_is_excluded(
    struct fixed_box_test *s, const struct fixed_box *box)
{
    for (int i = 0; i < 2; i++) {
        if (excludes(s->value[i], fixed_box_ends(box, i)[0],
                fixed_box_ends(box, i)[1]))
            return true;
        mpfi_set(s->s, s->residual[i]);
        for (int j = 0; j < 2; j++) {
            mpfi_interv_d(
                s->t, fixed_box_ends(box, j)[0], fixed_box_ends(box, j)[1]);
            mpfi_sub(s->t, s->t, s->centre[j]);
            mpfi_sub_si(s->unused[j], s->jacobian[2 * i + j], i == j);
            mpfi_mul(s->t, s->t, s->unused[j]);
            mpfi_add(s->s, s->s, s->t);
        }
        if (excludes(s->s, 0, 0))
            return true;
    }
    return false;
}

/* The Krawczyk image, rounded outwards. */
static struct fixed_box image(struct fixed_box_test *s)
{
    struct fixed_box box;
    for (int i = 0; i < 2; i++) {
        fixed_box_side(&box, i)[0] =
            mpfr_get_d(&s->krawczyk[i]->left, MPFR_RNDD);
        fixed_box_side(&box, i)[1] =
            mpfr_get_d(&s->krawczyk[i]->right, MPFR_RNDU);
    }
    return box;
}

bool fixed_box_maps_inside(
    struct fixed_box_test *s, const struct fixed_box *box)
{
    fixed_box_prepare(s, box);
    return fixed_box_krawczyk(s, box) &&
           inside(s->krawczyk[0], box->mu[0], box->mu[1]) &&
           inside(s->krawczyk[1], box->nu[0], box->nu[1]);
}

/* The fixed point in a box that holds one: in its images, and theirs. */
struct fixed_box fixed_box_tighten(
    struct fixed_box_test *s, struct fixed_box box)
{
    box = image(s);
    for (int k = 0; k < TIGHTENINGS; k++) {
        fixed_box_prepare(s, &box);
        if (!fixed_box_krawczyk(s, &box))
            break;
        struct fixed_box next = image(s);
        if (!fixed_boxes_meet(&next, &box)) {
            s->contradiction = true;
            break;
        }
        for (int i = 0; i < 2; i++) {
            fixed_box_side(&next, i)[0] =
                fmax(fixed_box_ends(&next, i)[0], fixed_box_ends(&box, i)[0]);
            fixed_box_side(&next, i)[1] =
                fmin(fixed_box_ends(&next, i)[1], fixed_box_ends(&box, i)[1]);
        }
        if (fixed_box_contains(&next, &box))
            break;
        box = next;
    }
    return box;
}

static double magnitude(mpfi_srcptr x)
{
    return fmax(fabs(mpfr_get_d(&x->left, MPFR_RNDD)),
        fabs(mpfr_get_d(&x->right, MPFR_RNDU)));
}

double fixed_box_slope(
    struct fixed_box_test *s, int along, const double scale[2])
{
    double slope = 0;
    for (int i = 0; i < 2; i++) {
        mpfi_sub_si(s->t, s->jacobian[2 * i + along], i == along);
        slope += magnitude(s->t) / scale[i];
    }
    return slope;
}

bool fixed_box_image_misses(
    const struct fixed_box_test *s, const struct fixed_box *box)
{
    for (int i = 0; i < 2; i++) {
        const double *x = fixed_box_ends(box, i);
        if (excludes(s->krawczyk[i], x[0], x[1]))
            return true;
    }
    return false;
}

static void enclose(mpfi_ptr y, const arb_t x)
{
    if (arb_is_finite(x)) {
        arb_get_interval_mpfr(&y->left, &y->right, x);
    } else {
        mpfr_set_nan(&y->left);
        mpfr_set_nan(&y->right);
    }
}

void fixed_box_test_init(struct fixed_box_test *s,
    const struct map_point *point, fixed_box_evaluator *evaluate)
{
    s->evaluate = evaluate ? evaluate : fixed_map_on_box;
    s->boxes = 0;
    s->contradiction = false;
    mpfi_ptr all[] = {s->layer.omega, s->layer.tau, s->x[0], s->x[1],
        s->value[0], s->value[1], s->centre[0], s->centre[1], s->at_centre[0],
        s->at_centre[1], s->krawczyk[0], s->krawczyk[1], s->residual[0],
        s->residual[1], s->s, s->t};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mpfi_init2(all[i], FIXED_BOX_PRECISION);
    map_point_init(&s->corner);
    for (int i = 0; i < 4; i++) {
        mpfi_init2(s->jacobian[i], FIXED_BOX_PRECISION);
        mpfi_init2(s->unused[i], FIXED_BOX_PRECISION);
        arb_init(s->arb_jacobian[i]);
    }
    arb_init(s->arb_value[0]);
    arb_init(s->arb_value[1]);
    arf_init(s->lower);
    arf_init(s->upper);
    arb_init(s->range);
    iv_selu_init(&s->layer.selu);
    s->layer.map = iv_map_new();
    enclose(s->layer.omega, point->omega);
    enclose(s->layer.tau, point->tau);
    enclose(s->layer.selu.lambda, point->lambda);
    enclose(s->layer.selu.alpha, point->alpha);
    arb_set(s->corner.omega, point->omega);
    arb_set(s->corner.tau, point->tau);
    arb_set(s->corner.lambda, point->lambda);
    arb_set(s->corner.alpha, point->alpha);
}

void fixed_box_test_clear(struct fixed_box_test *s)
{
    mpfi_ptr all[] = {s->layer.omega, s->layer.tau, s->x[0], s->x[1],
        s->value[0], s->value[1], s->centre[0], s->centre[1], s->at_centre[0],
        s->at_centre[1], s->krawczyk[0], s->krawczyk[1], s->residual[0],
        s->residual[1], s->s, s->t};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mpfi_clear(all[i]);
    map_point_clear(&s->corner);
    for (int i = 0; i < 4; i++) {
        mpfi_clear(s->jacobian[i]);
        mpfi_clear(s->unused[i]);
        arb_clear(s->arb_jacobian[i]);
    }
    arb_clear(s->arb_value[0]);
    arb_clear(s->arb_value[1]);
    arf_clear(s->lower);
    arf_clear(s->upper);
    arb_clear(s->range);
    iv_selu_clear(&s->layer.selu);
    iv_map_free(s->layer.map);
}

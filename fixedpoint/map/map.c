/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/map/map.h"
#include <omp.h>

void map_point_init(struct map_point *point)
{
    arb_init(point->mu);
    arb_init(point->nu);
    arb_init(point->omega);
    arb_init(point->tau);
    arb_init(point->lambda);
    arb_init(point->alpha);
}

void map_point_clear(struct map_point *point)
{
    arb_clear(point->mu);
    arb_clear(point->nu);
    arb_clear(point->omega);
    arb_clear(point->tau);
    arb_clear(point->lambda);
    arb_clear(point->alpha);
}

/*
 * E h^2, or its derivative, from the parts of the two branches: h = f, or
 * f + alpha with `shifted`; a0 and b0 belong to z > 0, last to z <= 0.
 */
static void second_moment(arb_t result, const arb_t a0, const arb_t b0,
    const arb_t last, const arb_t alpha, bool shifted, slong prec)
{
    NUM_ARB(sum);
    arb_mul(sum, alpha, last, prec);
    if (shifted) {
        arb_add(sum, sum, a0, prec);
        arb_add(sum, sum, a0, prec);
    }
    arb_mul(sum, sum, alpha, prec);
    arb_add(result, sum, b0, prec);
}

/* Of the Jacobian: j = 0 in mu, j = 1 in nu; eh = E h. */
static void column(arb_t jacobian[4], int j, const struct map_moments *f,
    const struct map_point *point, const arb_t eh, bool shifted, slong prec)
{
    arb_srcptr weight = j ? point->tau : point->omega;
    NUM_ARB(slope);
    arb_mul(slope, point->alpha, j ? f->a1_v : f->a1_m, prec);
    arb_add(slope, slope, j ? f->a0_v : f->a0_m, prec);
    second_moment(jacobian[2 + j], j ? f->a0_v : f->a0_m,
        j ? f->b0_v : f->b0_m,
        shifted ? (j ? f->c2_v : f->c2_m) : (j ? f->b1_v : f->b1_m),
        point->alpha, shifted, prec);
    arb_mul(jacobian[j], slope, point->lambda, prec);
    arb_mul(jacobian[j], jacobian[j], weight, prec);
    arb_mul(slope, slope, eh, prec);
    arb_mul_2exp_si(slope, slope, 1);
    arb_sub(jacobian[2 + j], jacobian[2 + j], slope, prec);
    arb_sqr(slope, point->lambda, prec);
    arb_mul(slope, slope, weight, prec);
    arb_mul(jacobian[2 + j], jacobian[2 + j], slope, prec);
}

/* Below this precision a thread costs more than it brings. */
enum { MAP_TWO_THREADS = 1 << 15 };

/*
 * variance = E h^2 - (E h)^2 for any shift h of f: take that in which the two
 * do not cancel, so that inputs far below 0 cost no precision.
 */
static bool is_shifted(const struct map_point *point)
{
    return arb_sgn_nonzero(point->mu) * arb_sgn_nonzero(point->omega) < 0;
}

static void shifted_mean(arb_t eh, const struct map_moments *f,
    const struct map_point *point, slong prec)
{
    arb_mul(eh, point->alpha, is_shifted(point) ? f->c1 : f->a1, prec);
    arb_add(eh, eh, f->a0, prec);
}

void map_jacobian_of_moments_arb(arb_t jacobian[4],
    const struct map_moments *moments, const struct map_point *point,
    slong prec)
{
    const bool many = prec > MAP_TWO_THREADS, shifted = is_shifted(point);
    NUM_ARB(eh);
    shifted_mean(eh, moments, point, prec);
#pragma omp parallel for num_threads(2) if (many)
    for (int j = 0; j < 2; j++) {
        column(jacobian, j, moments, point, eh, shifted, prec);
        if (omp_get_thread_num())
            flint_cleanup(); /* that thread's caches */
    }
}

/* Mean and variance. */
static void map_of_moments(arb_t mean, arb_t variance,
    const struct map_moments *f, const struct map_point *point, slong prec)
{
    const bool shifted = is_shifted(point);
    NUM_ARB(lambda2, eh, nu);
    shifted_mean(eh, f, point, prec);
    second_moment(nu, f->a0, f->b0, shifted ? f->c2 : f->b1, point->alpha,
        shifted, prec);
    arb_submul(nu, eh, eh, prec);
    arb_mul(eh, point->alpha, f->a1, prec);
    arb_add(eh, eh, f->a0, prec);
    arb_mul(mean, eh, point->lambda, prec);
    arb_sqr(lambda2, point->lambda, prec);
    arb_mul(variance, nu, lambda2, prec);
}

void map_arb(arb_t mean, arb_t variance, arb_t jacobian[4],
    const struct map_point *point, slong prec)
{
    NUM_STRUCT(map_moments, moments);
    NUM_ARB(m, v);
    arb_mul(m, point->mu, point->omega, prec);
    arb_mul(v, point->nu, point->tau, prec);
    map_moments_arb(&moments, m, v, prec);
    map_of_moments(mean, variance, &moments, point, prec);
    if (jacobian)
        map_jacobian_of_moments_arb(jacobian, &moments, point, prec);
}

void map_spectral_norm_arb(arb_t norm, const arb_t a[4], slong prec)
{
    /* half the sum of the lengths of (a11+a22, a21-a12), (a11-a22, a12+a21) */
    NUM_ARB(s, t, first, second);
    arb_add(s, a[0], a[3], prec);
    arb_sub(t, a[2], a[1], prec);
    arb_hypot(first, s, t, prec);
    arb_sub(s, a[0], a[3], prec);
    arb_add(t, a[1], a[2], prec);
    arb_hypot(second, s, t, prec);
    arb_add(norm, first, second, prec);
    arb_mul_2exp_si(norm, norm, -1);
}

/* a11 a22 - a12 a21 */
static void determinant(arb_t det, const arb_t a[4], slong prec)
{
    NUM_ARB(t);
    arb_mul(t, a[0], a[3], prec);
    arb_submul(t, a[1], a[2], prec);
    arb_swap(det, t);
}

/* half_trace +- root, the larger modulus first */
static void real_eigenvalues(arb_t re[2], arb_t radius, const arb_t a[4],
    const arb_t half_trace, const arb_t root, slong prec)
{
    NUM_ARB(t);
    if (arb_is_negative(half_trace)) /* add the root with the trace's sign */
        arb_neg(t, root);
    else
        arb_set(t, root);
    arb_add(re[0], half_trace, t, prec);
    arb_sub(re[1], half_trace, t, prec);
    if (!arb_contains_zero(re[0])) { /* det / re[0] does not cancel */
        determinant(t, a, prec);
        arb_div(re[1], t, re[0], prec);
    }
    arb_abs(radius, re[0]);
    arb_abs(t, re[1]);
    if (!arb_is_positive(half_trace) && !arb_is_negative(half_trace))
        arb_max(radius, radius, t, prec);
}

/* half_trace +- i root; the modulus is sqrt(det) */
static void complex_eigenvalues(arb_t re[2], arb_t im[2], arb_t radius,
    const arb_t a[4], const arb_t half_trace, const arb_t root, slong prec)
{
    arb_set(im[0], root);
    arb_neg(im[1], root);
    determinant(radius, a, prec);
    arb_sqrtpos(radius, radius, prec);
    arb_set(re[0], half_trace);
    arb_set(re[1], half_trace);
}

/* Undecided: a root of magnitude up to `root` goes to both parts. */
static void unknown_eigenvalues(arb_t re[2], arb_t im[2], arb_t radius,
    const arb_t half_trace, const arb_t root, slong prec)
{
    NUM_ARB(t);
    arb_union(t, t, root, prec); /* t is 0 */
    arb_neg(radius, t);
    arb_union(t, radius, t, prec);
    for (int i = 0; i < 2; i++) {
        arb_add(re[i], half_trace, t, prec);
        arb_set(im[i], t);
    }
    arb_abs(radius, half_trace);
    arb_add(radius, radius, t, prec);
}

void map_eigenvalues_arb(
    arb_t re[2], arb_t im[2], arb_t radius, const arb_t a[4], slong prec)
{
    NUM_ARB(half_trace, disc, root);
    arb_add(half_trace, a[0], a[3], prec);
    arb_mul_2exp_si(half_trace, half_trace, -1);
    arb_sub(disc, a[0], a[3], prec);
    arb_mul_2exp_si(disc, disc, -1);
    arb_sqr(disc, disc, prec);
    arb_addmul(disc, a[1], a[2], prec);
    arb_zero(im[0]);
    arb_zero(im[1]);
    arb_abs(root, disc);
    arb_sqrtpos(root, root, prec);
    if (arb_is_nonnegative(disc))
        real_eigenvalues(re, radius, a, half_trace, root, prec);
    else if (arb_is_negative(disc))
        complex_eigenvalues(re, im, radius, a, half_trace, root, prec);
    else
        unknown_eigenvalues(re, im, radius, half_trace, root, prec);
}

void map_spectrum_arb(arb_t norm, arb_t re[2], arb_t im[2], arb_t radius,
    const arb_t jacobian[4], slong prec)
{
    const bool many = prec > MAP_TWO_THREADS;
#pragma omp parallel for num_threads(2) if (many)
    for (int part = 0; part < 2; part++) {
        if (part)
            map_eigenvalues_arb(re, im, radius, jacobian, prec);
        else
            map_spectral_norm_arb(norm, jacobian, prec);
        if (omp_get_thread_num())
            flint_cleanup(); /* that thread's caches */
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map, its Jacobian, norms and eigenvalues, each in a second way. */
#include "fixedpoint/constants/constants.h"
#include "tests/fixedpoint/test_fixedpoint.h"
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdint.h>

struct integrand {
    double m, s, lambda, alpha;
    int power;
};

/* The integrand in standard units: z = m + s t. */
static double weighted(double t, void *params)
{
    const struct integrand *p = params;
    double z = p->m + p->s * t;
    double f = p->lambda * (z > 0 ? z : p->alpha * expm1(z));
    return pow(f, p->power) * exp(-t * t / 2) / sqrt(2 * M_PI);
}

/* By GSL, split at the kink. */
static double quadrature(
    gsl_integration_workspace *space, const struct integrand *integrand)
{
    gsl_function function = {weighted, (void *)(uintptr_t)integrand};
    double kink = -integrand->m / integrand->s, sum = 0, value, error;
    double ends[] = {-38, fmin(fmax(kink, -38), 38), 38};
    for (int i = 0; i < 2; i++)
        if (ends[i] < ends[i + 1]) {
            gsl_integration_qag(&function, ends[i], ends[i + 1], 1e-14, 1e-12,
                1000, GSL_INTEG_GAUSS61, space, &value, &error);
            sum += value;
        }
    return sum;
}

Test(fixedpoint, map_agrees_with_quadrature)
{
    gsl_rng *rng = generator();
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
    struct map_point point;
    arb_t mean, variance;
    map_point_init(&point);
    arb_init(mean);
    arb_init(variance);
    double worst = 0;
    for (int i = 0; i < 400; i++) {
        double mu = between(rng, -3, 3), nu = exp(between(rng, -4, 3));
        double omega = between(rng, -1, 1), tau = between(rng, 0.5, 2);
        double lambda = between(rng, 0.5, 2), alpha = between(rng, 0, 3);
        arb_set_d(point.mu, mu);
        arb_set_d(point.nu, nu);
        arb_set_d(point.omega, omega);
        arb_set_d(point.tau, tau);
        arb_set_d(point.lambda, lambda);
        arb_set_d(point.alpha, alpha);
        map_arb(mean, variance, NULL, &point, 128);
        struct integrand f = {mu * omega, sqrt(nu * tau), lambda, alpha, 1};
        double first = quadrature(space, &f);
        f.power = 2;
        double second = quadrature(space, &f);
        double off = fabs(middle(mean) - first) / (1e-3 + fabs(first));
        worst = fmax(worst, off);
        off = fabs(middle(variance) - (second - first * first)) / second;
        worst = fmax(worst, off);
    }
    gsl_integration_workspace_free(space);
    gsl_rng_free(rng);
    map_point_clear(&point);
    arb_clear(mean);
    arb_clear(variance);
    cr_assert(worst < 1e-10, "seed %d: off by %g", SEED, worst);
}

/* The Jacobian against differences of the map over 2 h, h = 2^-200. */
static double jacobian_error(struct map_point *point, int planted)
{
    enum { PREC = 900 };
    arb_t value[2][2], jacobian[4], h, old;
    arb_init(h);
    arb_init(old);
    for (int i = 0; i < 4; i++) {
        arb_init(value[i / 2][i % 2]);
        arb_init(jacobian[i]);
    }
    map_arb(value[0][0], value[0][1], jacobian, point, PREC);
    if (planted)
        arb_neg(jacobian[1], jacobian[1]);
    arb_one(h);
    arb_mul_2exp_si(h, h, -200);
    double worst = 0;
    for (int j = 0; j < 2; j++) {
        arb_t *x = j ? &point->nu : &point->mu;
        arb_set(old, *x);
        arb_add(*x, old, h, PREC);
        map_arb(value[0][0], value[0][1], NULL, point, PREC);
        arb_sub(*x, old, h, PREC);
        map_arb(value[1][0], value[1][1], NULL, point, PREC);
        arb_set(*x, old);
        for (int i = 0; i < 2; i++) {
            arb_sub(value[0][i], value[0][i], value[1][i], PREC);
            arb_div(value[0][i], value[0][i], h, PREC);
            arb_mul_2exp_si(value[0][i], value[0][i], -1);
            arb_sub(value[0][i], value[0][i], jacobian[2 * i + j], PREC);
            worst = fmax(worst, fabs(middle(value[0][i])));
        }
    }
    for (int i = 0; i < 4; i++) {
        arb_clear(value[i / 2][i % 2]);
        arb_clear(jacobian[i]);
    }
    arb_clear(h);
    arb_clear(old);
    return worst;
}

Test(fixedpoint, jacobian_agrees_with_differences)
{
    gsl_rng *rng = generator();
    struct map_point point;
    map_point_init(&point);
    double worst = 0, least_planted = INFINITY;
    for (int i = 0; i < 100; i++) {
        arb_set_d(point.mu, between(rng, -2, 2));
        arb_set_d(point.nu, exp(between(rng, -3, 3)));
        arb_set_d(point.omega, between(rng, -1, 1));
        arb_set_d(point.tau, between(rng, 0.5, 2));
        arb_set_d(point.lambda, between(rng, 0.5, 2));
        arb_set_d(point.alpha, between(rng, 0.1, 3));
        worst = fmax(worst, jacobian_error(&point, 0));
        least_planted = fmin(least_planted, jacobian_error(&point, 1));
    }
    gsl_rng_free(rng);
    map_point_clear(&point);
    cr_assert(worst < 1e-90, "seed %d: off by %g", SEED, worst);
    cr_assert(least_planted > 1e-6, "a flipped sign went unnoticed");
}

/* Two precisions must enclose one number, however extreme the point. */
Test(fixedpoint, extreme_points_stay_enclosed)
{
    static const char *const mu[] = {
        "0", "1", "-1", "1e6", "-1e6", "1e-30", "-40"};
    static const char *const nu[] = {
        "1e-300", "1e-12", "0.25", "1", "400", "1e6", "1e30", "1e300"};
    struct map_point point;
    arb_t a[2], b[2];
    map_point_init(&point);
    for (int i = 0; i < 2; i++) {
        arb_init(a[i]);
        arb_init(b[i]);
    }
    arb_one(point.omega);
    arb_one(point.tau);
    int bad = 0;
    for (size_t i = 0; i < sizeof mu / sizeof *mu; i++)
        for (size_t j = 0; j < sizeof nu / sizeof *nu; j++) {
            slong prec[2] = {4000, 6000};
            for (int k = 0; k < 2; k++) {
                arb_set_str(point.mu, mu[i], prec[k]);
                arb_set_str(point.nu, nu[j], prec[k]);
                constants_selu_arb(point.lambda, point.alpha, prec[k]);
                map_arb(
                    k ? b[0] : a[0], k ? b[1] : a[1], NULL, &point, prec[k]);
            }
            bool good = arb_overlaps(a[0], b[0]) && arb_overlaps(a[1], b[1]) &&
                        (arb_rel_accuracy_bits(b[0]) > 200 ||
                            arb_contains_zero(b[0])) &&
                        mag_cmp_2exp_si(arb_radref(b[0]), -200) < 0 &&
                        arb_rel_accuracy_bits(b[1]) > 200;
            bad += !good;
            cr_expect(good, "at (%s, %s): %ld, %ld bits", mu[i], nu[j],
                arb_rel_accuracy_bits(b[0]), arb_rel_accuracy_bits(b[1]));
        }
    for (int i = 0; i < 2; i++) {
        arb_clear(a[i]);
        arb_clear(b[i]);
    }
    map_point_clear(&point);
    cr_assert(!bad);
}

/* ---- 2 x 2 matrices ---- */

Test(fixedpoint, norms_and_eigenvalues_agree_with_gsl)
{
    gsl_rng *rng = generator();
    gsl_eigen_nonsymm_workspace *space = gsl_eigen_nonsymm_alloc(2);
    gsl_eigen_symm_workspace *symmetric = gsl_eigen_symm_alloc(2);
    gsl_vector_complex *eigenvalues = gsl_vector_complex_alloc(2);
    gsl_vector *squares = gsl_vector_alloc(2);
    gsl_matrix *m = gsl_matrix_alloc(2, 2), *mm = gsl_matrix_alloc(2, 2);
    arb_t a[4], re[2], im[2], radius, norm;
    arb_t *const all[] = {&a[0], &a[1], &a[2], &a[3], &re[0], &re[1], &im[0],
        &im[1], &radius, &norm};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_init(*all[i]);
    double worst = 0;
    int complex_pairs = 0;
    for (int i = 0; i < 500; i++) {
        double e[4];
        for (int k = 0; k < 4; k++) {
            e[k] = between(rng, -1, 1);
            arb_set_d(a[k], e[k]);
            gsl_matrix_set(m, (size_t)k / 2, (size_t)k % 2, e[k]);
        }
        /* the transpose times the matrix: squares of the singular values */
        gsl_matrix_set(mm, 0, 0, e[0] * e[0] + e[2] * e[2]);
        gsl_matrix_set(mm, 1, 1, e[1] * e[1] + e[3] * e[3]);
        gsl_matrix_set(mm, 0, 1, e[0] * e[1] + e[2] * e[3]);
        gsl_matrix_set(mm, 1, 0, e[0] * e[1] + e[2] * e[3]);
        gsl_eigen_nonsymm(m, eigenvalues, space);
        gsl_eigen_symm(mm, squares, symmetric);
        map_eigenvalues_arb(re, im, radius, a, 128);
        map_spectral_norm_arb(norm, a, 128);
        double abs0 = gsl_complex_abs(gsl_vector_complex_get(eigenvalues, 0));
        double abs1 = gsl_complex_abs(gsl_vector_complex_get(eigenvalues, 1));
        worst = fmax(worst, fabs(middle(radius) - fmax(abs0, abs1)));
        worst =
            fmax(worst, fabs(middle(norm) - sqrt(gsl_vector_max(squares))));
        double sum = middle(re[0]) + middle(re[1]);
        worst = fmax(worst, fabs(sum - (e[0] + e[3])));
        complex_pairs += middle(im[0]) != 0;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_clear(*all[i]);
    gsl_eigen_nonsymm_free(space);
    gsl_eigen_symm_free(symmetric);
    gsl_vector_complex_free(eigenvalues);
    gsl_vector_free(squares);
    gsl_matrix_free(m);
    gsl_matrix_free(mm);
    gsl_rng_free(rng);
    cr_assert(worst < 1e-12 && complex_pairs > 50,
        "seed %d: off by %g, %d complex pairs", SEED, worst, complex_pairs);
}

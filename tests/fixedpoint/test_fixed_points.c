/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All fixed points in a region, and none but these. */
#include "tests/fixedpoint/test_fixed_points.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multiroots.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <string.h>

Test(fixed_points, paper_has_one_fixed_point_wherever_the_edge_is)
{
    static const struct fixed_box region[] = {{{-1, 1}, {0.01, 10}},
        {{0, 1}, {0.5, 2}}, {{-1, 0}, {0.5, 2}}, {{-1, 1}, {1, 2}},
        {{0, 1}, {1, 2}}, {{-1, 0}, {0.25, 1}}, {{0, 0}, {1, 1}},
        {{0, 0}, {0.5, 2}}, {{-1, 1}, {1, 1}}, {{-1e-12, 1}, {0.5, 2}},
        {{-10, 10}, {0.001, 100}}};
    struct map_point point;
    layer(&point, 0, 1);
    int bad = 0;
    for (size_t i = 0; i < sizeof region / sizeof *region; i++) {
        struct fixed_point_list found = find(&region[i], &point);
        double x[3];
        if (!found.complete || found.count != 1 ||
            !refine(x, &point, found.point, PREC) || fabs(x[0]) > 1e-30 ||
            x[1] != 1 || fabs(x[2] - 0.7826478831968128) > 1e-15) {
            cr_log_error("region %zu: complete %d, %zu points, %zu open", i,
                found.complete, found.count, found.open_count);
            bad++;
        }
        fixed_points_clear(&found);
    }
    static const struct fixed_box empty[] = {
        {{1e-6, 1}, {0.01, 10}}, {{-1, 1}, {1.000001, 10}}};
    for (int i = 0; i < 2; i++) {
        struct fixed_point_list found = find(&empty[i], &point);
        bad += !found.complete || found.count;
        fixed_points_clear(&found);
    }
    map_point_clear(&point);
    cr_assert(!bad, "%d regions", bad);
}

Test(fixed_points, designs_are_found)
{
    enum { DESIGNS = 12 };
    gsl_rng *rng = generator();
    int bad = 0, done = 0;
    while (done < DESIGNS) {
        struct map_point point;
        double mu = between(rng, -0.5, 0.5), nu = exp(between(rng, -1, 1));
        layer(&point, between(rng, -0.5, 0.5), between(rng, 0.7, 1.5));
        arb_set_d(point.mu, mu);
        arb_set_d(point.nu, nu);
        if (constants_solve_arb(&point, PREC) == SN_OK) {
            done++;
            const struct fixed_box region = {
                {mu - 0.3, mu + 0.2}, {nu / 2, nu * 3}};
            struct fixed_point_list found = find(&region, &point);
            double x[3];
            bool seen = false;
            for (size_t k = 0; k < found.count; k++)
                seen |= refine(x, &point, &found.point[k], PREC) &&
                        fabs(x[0] - mu) < 1e-15 && fabs(x[1] - nu) < 1e-14;
            if (!seen || !found.complete) {
                cr_log_error("mu %a nu %a: complete %d, %zu points", mu, nu,
                    found.complete, found.count);
                bad++;
            }
            fixed_points_clear(&found);
        }
        map_point_clear(&point);
    }
    gsl_rng_free(rng);
    cr_assert(!bad, "%d of %d designs", bad, DESIGNS);
}

Test(fixed_points, published_design_does_not_attract)
{
    struct map_point point;
    published(&point);
    struct fixed_point_list found = find(&usual, &point);
    double x[3];
    cr_assert(found.complete && found.count == 1);
    cr_assert(refine(x, &point, found.point, PREC));
    cr_assert(fabs(x[0] + 0.1) < 1e-14 && fabs(x[1] - 2) < 1e-13 && x[2] > 1.1,
        "%a %a %a", x[0], x[1], x[2]);
    fixed_points_clear(&found);
    map_point_clear(&point);
}

/* What constants rounded to a format do to the fixed point. */
Test(fixed_points, rounded_constants_move_the_fixed_point)
{
    static const struct {
        int format;
        double mean, variance;
    } row[] = {{1, 3e-8, 2e-7}, {3, 3e-3, 3.6e-2}};
    for (int i = 0; i < 2; i++) {
        struct map_point point;
        double lambda, alpha, x[3];
        layer(&point, 0, 1);
        const struct num_format *format = &num_formats[row[i].format];
        cr_assert(!num_round_to_format(&lambda, point.lambda, format));
        cr_assert(!num_round_to_format(&alpha, point.alpha, format));
        arb_set_d(point.lambda, lambda);
        arb_set_d(point.alpha, alpha);
        struct fixed_point_list found = find(&usual, &point);
        cr_assert(found.complete && found.count == 1);
        cr_assert(refine(x, &point, found.point, PREC));
        double mean = fabs(x[0]) / row[i].mean;
        double variance = fabs(x[1] - 1) / row[i].variance;
        cr_assert(fabs(mean - 1) < 0.2 && fabs(variance - 1) < 0.2,
            "%s: %a, 1 + %a", format->name, x[0], x[1] - 1);
        fixed_points_clear(&found);
        map_point_clear(&point);
    }
}

/* ---- the second way: Newton's method in double from many starts ------- */

struct constants {
    double omega, tau, lambda, alpha;
};

static int residual(const gsl_vector *x, void *params, gsl_vector *f)
{
    const struct constants *c = params;
    double mu = gsl_vector_get(x, 0), nu = gsl_vector_get(x, 1);
    if (!(nu > 0))
        return GSL_EDOM;
    double m = mu * c->omega, v = nu * c->tau, s = sqrt(v);
    double rest = erfc(m / s * M_SQRT1_2) / 2;
    double density = exp(-m * m / v / 2) / sqrt(2 * M_PI * v);
    double x1 = exp(m + v / 2) * erfc((m + v) / s * M_SQRT1_2) / 2;
    double x2 = exp(2 * m + 2 * v) * erfc((m + 2 * v) / s * M_SQRT1_2) / 2;
    double a0 = m * (1 - rest) + v * density;
    double b0 = m * a0 + v * (1 - rest);
    double mean = c->lambda * (a0 + c->alpha * (x1 - rest));
    double square = c->lambda * c->lambda *
                    (b0 + c->alpha * c->alpha * (x2 - 2 * x1 + rest));
    gsl_vector_set(f, 0, mean - mu);
    gsl_vector_set(f, 1, square - mean * mean - nu);
    return isfinite(mean) && isfinite(square) ? GSL_SUCCESS : GSL_EDOM;
}

/* Where Newton ends up; false if nowhere. */
static bool newton(double end[2], gsl_multiroot_fsolver *solver,
    struct constants *c, double mu, double nu)
{
    double start[2] = {mu, nu};
    gsl_multiroot_function f = {residual, 2, c};
    gsl_vector_view at = gsl_vector_view_array(start, 2);
    if (gsl_multiroot_fsolver_set(solver, &f, &at.vector))
        return false;
    for (int i = 0; i < 60; i++) {
        if (gsl_multiroot_fsolver_iterate(solver))
            return false;
        if (gsl_multiroot_test_residual(solver->f, 1e-13) == GSL_SUCCESS) {
            end[0] = gsl_vector_get(solver->x, 0);
            end[1] = gsl_vector_get(solver->x, 1);
            return true;
        }
    }
    return false;
}

/* omega, tau, lambda, alpha; the fixed points are those that Newton finds. */
Test(fixed_points, newton_from_many_starts_finds_the_same)
{
    static struct constants row[] = {
        {0, 1, 1.0507009873554805, 1.6732632423543772},
        {1, 1, 1.0738512396160457, 1.9769021954242004},
        {0.3, 1.2, 1.0507009873554805, 1.6732632423543772},
        {1, 1, 1.0507009873554805, 1.6732632423543772}, {-0.5, 0.8, 1.2, 1.4},
        {1.5, 0.6, 1.1, 1.8}, {0.9, 1.1, 1, 2.2}, {2, 0.5, 1.05, 1.6}};
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    gsl_multiroot_fsolver *solver =
        gsl_multiroot_fsolver_alloc(gsl_multiroot_fsolver_hybrids, 2);
    int lost = 0, unconfirmed = 0;
    size_t points = 0;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct map_point point;
        layer(&point, row[i].omega, row[i].tau);
        arb_set_d(point.lambda, row[i].lambda);
        arb_set_d(point.alpha, row[i].alpha);
        struct fixed_point_list found = find(&usual, &point);
        bool confirmed[16] = {false};
        points += found.count;
        cr_assert(found.complete && found.count <= 16, "row %zu", i);
        for (int j = 0; j < 300; j++) {
            double end[2], mu = -1 + 2 * (j % 20) / 19.0;
            double nu = 0.01 * pow(1000, j / 20 / 14.0);
            if (!newton(end, solver, &row[i], mu, nu) ||
                !is_in(&usual, end[0], end[1]))
                continue;
            bool known = false;
            for (size_t k = 0; k < found.count; k++)
                if (is_in(&found.point[k].alone, end[0], end[1]))
                    known = confirmed[k] = true;
            lost += !known;
            if (!known)
                cr_log_error("row %zu: (%a, %a)", i, end[0], end[1]);
        }
        for (size_t k = 0; k < found.count; k++)
            unconfirmed += !confirmed[k];
        fixed_points_clear(&found);
        map_point_clear(&point);
    }
    gsl_multiroot_fsolver_free(solver);
    gsl_set_error_handler(handler);
    cr_assert(!lost && !unconfirmed && points > 4,
        "%d lost, %d not confirmed of %zu", lost, unconfirmed, points);
}

/* Refined at 2N bits and at N bits: the enclosures of one point. */
Test(fixed_points, refinement_at_growing_precision)
{
    struct map_point point;
    published(&point);
    struct fixed_point_list found = find(&usual, &point);
    double x[3], first[3];
    cr_assert(refine(first, &point, found.point, 100));
    static const slong prec[] = {64, 97, 144, 145, 2000, 12345};
    for (size_t i = 0; i < sizeof prec / sizeof *prec; i++) {
        arb_set_str(point.alpha, "1.9769021954242004", prec[i] + 20);
        arb_set_str(point.lambda, "1.0738512396160457", prec[i] + 20);
        cr_assert(
            refine(x, &point, found.point, prec[i]), "%ld", (long)prec[i]);
        for (int k = 0; k < 3; k++)
            cr_assert(fabs(x[k] - first[k]) < 1e-12, "%ld", (long)prec[i]);
    }
    fixed_points_clear(&found);
    map_point_clear(&point);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/quadrature/gaussian_rule.h"
#include <math.h>

const double quad_legendre_node[4] = {0.18343464249564980494,
    0.52553240991632898582, 0.79666647741362673959, 0.96028985649753623168};
const double quad_legendre_weight[4] = {0.36268378337836198297,
    0.31370664587788728734, 0.22238103445337447054, 0.10122853629037625915};
static const double DENSITY = 0.39894228040143267794; /* 1/sqrt(2 pi) */

static const double reach[] = {9.2, 12, 15, 19, 24, 30, 38};
enum { REACHES = sizeof reach / sizeof *reach };

/*
 * The first reach from which on f^2 times the density is negligible; the last
 * where f is 0 about the mean.
 */
static double tail(double (*term)[REACHES], int side, double scale)
{
    int r = REACHES - 1;
    while (r > 0 && scale > 0 && term[side][r - 1] <= scale)
        r--;
    return reach[r];
}

void quad_rule_start(
    struct quad_rule *rule, const struct expr_program *f, double m, double v)
{
    double s = sqrt(v), z[2 * REACHES + 3], y[2 * REACHES + 3];
    double term[2][REACHES], scale = 0;
    for (int r = 0; r < REACHES; r++) {
        z[r] = m - reach[r] * s;
        z[REACHES + r] = m + reach[r] * s;
    }
    for (int k = 0; k < 3; k++)
        z[2 * REACHES + k] = m + (k - 1) * s;
    expr_program_run(y, NULL, z, 2 * REACHES + 3, f);
    for (int k = 0; k < 3; k++)
        scale += y[2 * REACHES + k] * y[2 * REACHES + k];
    for (int side = 0; side < 2; side++)
        for (int r = 0; r < REACHES; r++) {
            double at = y[side * REACHES + r];
            term[side][r] = at * at * exp(-reach[r] * reach[r] / 2);
        }
    *rule = (struct quad_rule){f, m, s, m - s * tail(term, 0, 1e-15 * scale),
        m + s * tail(term, 1, 1e-15 * scale), 0, 0, 0, 0};
    while (rule->kink < f->kinks && f->kink[rule->kink] <= rule->at)
        rule->kink++;
}

/* Panels shrink towards where f's kinks are blurred. */
static double graded(double width, const struct quad_rule *rule)
{
    if (!(rule->blur > 0))
        return width;
    for (int i = 0; i < rule->f->kinks; i++) {
        double kink = (rule->f->kink[i] - rule->shift) / rule->slope;
        width = fmin(width, fmax(rule->blur, fabs(kink - rule->at) / 2));
    }
    return width;
}

size_t quad_rule_next(struct quad_rule *rule, double z[QUAD_RULE_BATCH],
    double weight[QUAD_RULE_BATCH])
{
    size_t count = 0;
    while (count < QUAD_RULE_BATCH && rule->at < rule->end) {
        double here = fabs(rule->at);
        double width = fmin(1.25 * rule->deviation, fmax(0.75, here / 3));
        if (width * rule->f->frequency > 2)
            width = 2 / rule->f->frequency;
        width = graded(width, rule);
        double stop = fmin(rule->at + width, rule->end);
        if (rule->kink < rule->f->kinks && rule->f->kink[rule->kink] <= stop)
            stop = rule->f->kink[rule->kink++];
        double half = (stop - rule->at) / 2, middle = rule->at + half;
        for (int k = 0; k < 8; k++) {
            double at =
                middle + (k < 4 ? -half : half) * quad_legendre_node[k % 4];
            double u = (at - rule->m) / rule->deviation;
            z[count] = at;
            weight[count++] = quad_legendre_weight[k % 4] * half * DENSITY /
                              rule->deviation * exp(-u * u / 2);
        }
        if (!(stop > rule->at)) /* m so large that panels vanish */
            return 0;
        rule->at = stop;
    }
    return count;
}

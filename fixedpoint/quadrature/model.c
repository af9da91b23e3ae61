/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/quadrature/model.h"
#include "fixedpoint/quadrature/gaussian_rule.h"
#include "fixedpoint/quadrature/selu_moments.h"
#include <math.h>

void quad_model_conditional(struct quad_conditional *out,
    const struct quad_model *model, double m, double v)
{
    if (model->selu && m == 0) {
        quad_selu_conditional(out, v, model->lambda, model->alpha);
        return;
    }
    struct quad_rule rule;
    double z[QUAD_RULE_BATCH], w[QUAD_RULE_BATCH], y[QUAD_RULE_BATCH];
    size_t count;
    double fourth = 0;
    *out = (struct quad_conditional){0};
    quad_rule_start(&rule, model->f, m, v);
    while ((count = quad_rule_next(&rule, z, w))) {
        expr_program_run(y, NULL, z, count, model->f);
        for (size_t i = 0; i < count; i++) {
            double u = (z[i] - m) / rule.deviation, h = (u * u - 1) / 2;
            double one = w[i] * y[i], two = one * y[i];
            out->first += one;
            out->second += two;
            fourth += two * y[i] * y[i];
            out->first_u += one * u;
            out->first_uu += one * h;
            out->second_u += two * u;
            out->second_uu += two * h;
        }
    }
    quad_conditional_left(out, fourth);
}

void quad_conditional_left(struct quad_conditional *c, double fourth)
{
    double first = c->second - c->first * c->first - c->first_u * c->first_u -
                   2 * c->first_uu * c->first_uu;
    double second = fourth - c->second * c->second -
                    c->second_u * c->second_u -
                    2 * c->second_uu * c->second_uu;
    c->first_left = fmax(first, 0);
    c->second_left = fmax(second, 0);
    c->fourth = fourth;
}

void quad_model_moments(struct quad_moments_f64 *out,
    const struct quad_model *model, double m, double v)
{
    struct quad_rule rule;
    double z[QUAD_RULE_BATCH], w[QUAD_RULE_BATCH], y[QUAD_RULE_BATCH],
        d[QUAD_RULE_BATCH];
    size_t count;
    *out = (struct quad_moments_f64){{1}, 0};
    quad_rule_start(&rule, model->f, m, v);
    while ((count = quad_rule_next(&rule, z, w))) {
        expr_program_run(y, d, z, count, model->f);
        for (size_t i = 0; i < count; i++) {
            double term = w[i];
            for (int k = 1; k <= 4; k++)
                out->power[k] += term *= y[i];
            out->slope_square += w[i] * d[i] * d[i];
        }
    }
}

double quad_model_product(const struct quad_model *model, double m1, double m2,
    double v1, double v2, double c)
{
    double rest = v2 - c * c / v1, sum = 0;
    bool same = rest <= 1e-14 * v2; /* z2 is a function of z1 */
    struct quad_rule rule;
    double z[QUAD_RULE_BATCH], w[QUAD_RULE_BATCH], y[QUAD_RULE_BATCH],
        other[QUAD_RULE_BATCH];
    size_t count;
    quad_rule_start(&rule, model->f, m1, v1);
    if (!same && c != 0) {
        rule.slope = c / v1;
        rule.shift = m2 - rule.slope * m1;
        rule.blur = sqrt(rest) / fabs(rule.slope);
    }
    while ((count = quad_rule_next(&rule, z, w))) {
        expr_program_run(y, NULL, z, count, model->f);
        for (size_t i = 0; i < count; i++) {
            struct quad_conditional inner;
            other[i] = m2 + c / v1 * (z[i] - m1);
            if (same)
                continue;
            if (fabs(w[i] * y[i]) < 1e-18) {
                other[i] = 0;
                continue;
            }
            quad_model_conditional(&inner, model, other[i], rest);
            other[i] = inner.first;
        }
        if (same)
            expr_program_run(other, NULL, other, count, model->f);
        for (size_t i = 0; i < count; i++)
            sum += w[i] * y[i] * other[i];
    }
    return sum;
}

static int spread(
    double at[8], double weight[8], const struct quad_interval *i)
{
    double middle = (i->low + i->high) / 2, half = (i->high - i->low) / 2;
    if (!(half > 0)) {
        at[0] = i->low;
        weight[0] = 1;
        return 1;
    }
    for (int k = 0; k < 8; k++) {
        at[k] = middle + (k < 4 ? -half : half) * quad_legendre_node[k % 4];
        weight[k] = quad_legendre_weight[k % 4] / 2;
    }
    return 8;
}

void quad_mixture_init(struct quad_mixture *mixture,
    const struct quad_interval *omega, const struct quad_interval *tau)
{
    double o[8], t[8], wo[8], wt[8];
    int no = spread(o, wo, omega), nt = spread(t, wt, tau);
    mixture->count = 0;
    for (int i = 0; i < no; i++)
        for (int j = 0; j < nt; j++) {
            mixture->omega[mixture->count] = o[i];
            mixture->tau[mixture->count] = t[j];
            mixture->weight[mixture->count++] = wo[i] * wt[j];
        }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/theory/chain.h"
#include "fixedpoint/meanfield/pair.h"
#include <math.h>
#include <string.h>

/* A radius at which an enclosure takes the place of the quadrature. */
#define CLOSE_ENOUGH 1e-13

void theory_chain_law_of_z(double *mean, double *variance,
    const struct theory_chain *w, int i, double m, double q, bool finite)
{
    double n = (double)w->s->width, omega = w->mixture.omega[i];
    *mean = w->rows ? omega * m : 0;
    *variance = w->s->expected_gain * q + w->s->bias;
    if (!w->rows)
        return;
    double tau = w->mixture.tau[i] - (finite ? omega * omega / n : 0);
    *variance = tau * (q - m * m) * (finite ? n / (n - 1) : 1);
}

/* E (a f + b)^k or with the part dropped, k = 1..4, from E f^k. */
static void drop_moments(double power[5], const struct shared_dropout *d)
{
    const double choose[5][5] = {
        {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};
    double fixed = d->a * d->dropped + d->b, out[5];
    for (int k = 0; k <= 4; k++) {
        double kept = 0;
        for (int j = 0; j <= k; j++)
            kept += choose[k][j] * pow(d->a, j) * power[j] * pow(d->b, k - j);
        out[k] = (1 - d->rate) * kept + d->rate * pow(fixed, k);
    }
    memcpy(power, out, sizeof out);
}

bool theory_chain_drops(const struct theory_chain *w, size_t layer)
{
    return w->s->expected_dropout.rate > 0 &&
           layer + w->s->dropout_layers > w->s->depth;
}

void theory_chain_next(double to[2], const struct theory_chain *w,
    size_t layer, double m, double q, bool finite)
{
    double power[5] = {1};
    for (int i = 0; i < w->mixture.count; i++) {
        struct quad_conditional one;
        double zm, zv;
        theory_chain_law_of_z(&zm, &zv, w, i, m, q, finite);
        quad_model_conditional(&one, &w->s->model, zm, zv);
        power[1] += w->mixture.weight[i] * one.first;
        power[2] += w->mixture.weight[i] * one.second;
    }
    if (theory_chain_drops(w, layer))
        drop_moments(power, &w->s->expected_dropout);
    to[0] = power[1];
    to[1] = power[2];
}

void theory_chain_moments(double power[5], double *factor,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at)
{
    double sum[5] = {0};
    *factor = 0;
    for (int i = 0; i < w->mixture.count; i++) {
        struct quad_moments_f64 one;
        double zm, zv, weight = w->mixture.weight[i];
        theory_chain_law_of_z(&zm, &zv, w, i, at->m, at->q, false);
        quad_model_moments(&one, &w->s->model, zm, zv);
        for (int k = 0; k <= 4; k++)
            sum[k] += weight * one.power[k];
        *factor += weight * one.slope_square *
                   (w->rows ? w->mixture.tau[i] : w->s->expected_gain);
    }
    const struct shared_dropout *d = &w->s->expected_dropout;
    if (theory_chain_drops(w, layer)) {
        drop_moments(sum, d);
        *factor *= (1 - d->rate) * d->a * d->a;
    }
    memcpy(power, sum, sizeof sum);
}

double theory_chain_product(const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at)
{
    double sum = 0, first = 0, second = 0;
    for (int i = 0; i < w->mixture.count; i++) {
        double m1, v1, m2, v2, weight = w->mixture.weight[i];
        double c = w->s->expected_gain * at->product + w->s->bias;
        struct quad_conditional one, two;
        theory_chain_law_of_z(&m1, &v1, w, i, at->m, at->q, false);
        theory_chain_law_of_z(&m2, &v2, w, i, at->other_m, at->other_q, false);
        if (w->rows)
            c = w->mixture.tau[i] * (at->product - at->m * at->other_m);
        sum += weight * quad_model_product(&w->s->model, m1, m2, v1, v2, c);
        quad_model_conditional(&one, &w->s->model, m1, v1);
        quad_model_conditional(&two, &w->s->model, m2, v2);
        first += weight * one.first;
        second += weight * two.first;
    }
    if (!theory_chain_drops(w, layer))
        return sum;
    const struct shared_dropout *d = &w->s->expected_dropout;
    double slope = (1 - d->rate) * d->a;
    double shift = (1 - d->rate) * d->b + d->rate * (d->a * d->dropped + d->b);
    return slope * slope * sum + slope * shift * (first + second) +
           shift * shift;
}

/* The pair's law; a covariance beyond what is possible was rounded. */
static void pair_of_z(struct field_pair *pair, const struct theory_chain *w,
    const struct theory_chain_state *at)
{
    double m1, v1, m2, v2, c = w->s->expected_gain * at->product + w->s->bias;
    theory_chain_law_of_z(&m1, &v1, w, 0, at->m, at->q, false);
    theory_chain_law_of_z(&m2, &v2, w, 0, at->other_m, at->other_q, false);
    if (w->rows)
        c = w->mixture.tau[0] * (at->product - at->m * at->other_m);
    const double most = sqrt(v1) * sqrt(v2);
    if (fabs(c) >= most * (1 - 0x1p-52))
        c = copysign(most, c);
    if (c == most && v1 == v2)
        c = v1;
    arb_set_d(pair->m, m1);
    arb_set_d(pair->v, v1);
    arb_set_d(pair->m + 1, m2);
    arb_set_d(pair->v + 1, v2);
    arb_set_d(pair->covariance, c);
}

void theory_chain_enclose(struct theory_chain_state *to,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at)
{
    enum { GOAL = 56 };
    enum field_way way = FIELD_SERIES;
    struct act_trouble trouble;
    NUM_STRUCT(field_pair, pair);
    NUM_ARB(cosine);
    const double size = sqrt(to->q * to->other_q);
    to->cosine_radius = NAN;
    if (w->mixture.count > 1 || theory_chain_drops(w, layer))
        return;
    pair_of_z(&pair, w, at);
    if (field_cosine_arb(cosine, &way, w->f, &pair, GOAL, &trouble) != SN_OK)
        return;
    double value = arf_get_d(arb_midref(cosine), ARF_RND_NEAR);
    double radius = mag_get_d(arb_radref(cosine)) + 0x1p-53;
    to->closed = way == FIELD_CLOSED;
    if (radius < CLOSE_ENOUGH) {
        to->product = value * size;
        to->cosine_radius = radius;
    } else if (isfinite(radius)) {
        to->cosine_radius = radius + fabs(to->product / size - value);
    }
}

void theory_chain_correct(struct theory_chain_state *to,
    const struct theory_chain *w, size_t layer,
    const struct theory_chain_state *at, const double power[5])
{
    double size[2] = {sqrt(at->q), at->q}, here[2], jacobian[2][2], bend[2][3],
           up[2], down[2], at_n[2];
    const double h = 1e-3;
    theory_chain_next(here, w, layer, at->m, at->q, false);
    theory_chain_next(at_n, w, layer, at->m, at->q, true);
    for (int j = 0; j < 2; j++) {
        double dm = j == 0 ? h * size[0] : 0, dq = j == 1 ? h * size[1] : 0;
        theory_chain_next(up, w, layer, at->m + dm, at->q + dq, false);
        theory_chain_next(down, w, layer, at->m - dm, at->q - dq, false);
        double step = dm + dq;
        for (int i = 0; i < 2; i++) {
            jacobian[i][j] = (up[i] - down[i]) / (2 * step);
            bend[i][2 * j] = (up[i] - 2 * here[i] + down[i]) / (step * step);
        }
    }
    double dm = h * size[0], dq = h * size[1], corner[2][2][2];
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            theory_chain_next(corner[a][b], w, layer, at->m + (2 * a - 1) * dm,
                at->q + (2 * b - 1) * dq, false);
    for (int i = 0; i < 2; i++)
        bend[i][1] = (corner[1][1][i] - corner[1][0][i] - corner[0][1][i] +
                         corner[0][0][i]) /
                     (4 * dm * dq);
    const double *c = at->cov;
    const double noise[3] = {power[2] - power[1] * power[1],
        power[3] - power[1] * power[2], power[4] - power[2] * power[2]};
    double n = (double)w->s->width;
    for (int i = 0; i < 2; i++) {
        const double *j = jacobian[i];
        to->bias[i] =
            j[0] * at->bias[0] + j[1] * at->bias[1] +
            (bend[i][0] * c[0] + 2 * bend[i][1] * c[1] + bend[i][2] * c[2]) /
                2 +
            n * (at_n[i] - here[i]);
    }
    for (int a = 0, k = 0; a < 2; a++)
        for (int b = a; b < 2; b++, k++) {
            const double *x = jacobian[a], *y = jacobian[b];
            to->cov[k] = x[0] * y[0] * c[0] + x[1] * y[1] * c[2] +
                         (x[0] * y[1] + x[1] * y[0]) * c[1] + noise[k];
        }
}

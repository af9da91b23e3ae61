/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/network.h"
#include "verify/networks/layers/real.h"
#include <math.h>
#include <string.h>

const char *const net_quantity_name[NET_QUANTITIES] = {
    [NET_MEAN] = "mean",
    [NET_VARIANCE] = "variance",
    [NET_SECOND] = "second_moment",
    [NET_MEAN_SQUARE] = "mean_square",
    [NET_VARIANCE_SQUARE] = "variance_square",
    [NET_SECOND_SQUARE] = "second_moment_square",
    [NET_POOLED_VARIANCE] = "pooled_variance",
    [NET_UNIT_VARIANCE] = "unit_variance",
    [NET_COSINE] = "cosine",
    [NET_KURTOSIS] = "kurtosis",
    [NET_GRADIENT] = "gradient_factor",
    [NET_LOG_GRADIENT] = "log_gradient",
    [NET_INSIDE] = "inside",
    [NET_SETTLED] = "settled",
    [NET_WITHIN] = "within",
    [NET_F_MEAN_NOISE] = "activation mean's noise",
    [NET_F_SECOND_NOISE] = "activation second moment's noise",
    [NET_Z_MEAN] = "z mean",
    [NET_Z_SECOND] = "z variance",
    [NET_Z_FOURTH] = "z kurtosis",
    [NET_F_MEAN] = "activation mean",
    [NET_F_SECOND] = "activation second moment",
    [NET_DROP_MEAN] = "dropout mean",
    [NET_DROP_SECOND] = "dropout second moment",
};

static bool has_rows(const struct net_networks *s)
{
    return s->weights->kind == NET_ROW_SUM ||
           s->weights->kind == NET_ROW_SUM_SQUARE;
}

static bool has_mixed_rows(const struct net_networks *s)
{
    return has_rows(s) && s->drawn == NET_PER_UNIT;
}

bool net_measures(const struct net_networks *s, enum net_quantity what)
{
    switch (what) {
    case NET_COSINE:
    case NET_UNIT_VARIANCE:
        return s->inputs >= 2;
    case NET_KURTOSIS:
    case NET_Z_FOURTH:
        return !has_mixed_rows(s);
    case NET_GRADIENT:
    case NET_LOG_GRADIENT:
        return s->backward;
    case NET_F_MEAN_NOISE:
    case NET_F_SECOND_NOISE:
        return s->weights->gaussian && !(s->model.selu && !has_rows(s));
    case NET_DROP_MEAN:
    case NET_DROP_SECOND:
        return s->dropout.rate > 0;
    default:
        return true;
    }
}

bool net_residual_is_exact(
    const struct net_networks *s, enum net_quantity residual)
{
    bool of_f = residual == NET_F_MEAN || residual == NET_F_SECOND;
    return net_measures(s, residual) && (!of_f || s->weights->gaussian);
}

/* ---- the law of z given the layer before ---- */

struct z_expected {
    double mean, variance;  /* of z */
    double excess_kurtosis; /* of z */
    struct quad_conditional f;
};

static void expect_mixture(struct z_expected *e, const struct net_networks *s,
    double mean, double spread)
{
    struct quad_mixture mixture;
    double square = 0, fourth = 0, n = (double)s->width;
    *e = (struct z_expected){0};
    quad_mixture_init(&mixture, &s->omega, &s->tau);
    for (int i = 0; i < mixture.count; i++) {
        struct quad_conditional one;
        double omega = mixture.omega[i], w = mixture.weight[i];
        double m = omega * mean,
               v = (mixture.tau[i] - omega * omega / n) * spread;
        quad_model_conditional(&one, &s->model, m, v);
        e->mean += w * m;
        square += w * (m * m + v);
        e->f.first += w * one.first;
        e->f.second += w * one.second;
        fourth += w * one.fourth;
    }
    quad_conditional_left(&e->f, fourth);
    e->variance = square - e->mean * e->mean;
}

/* `omega`, `tau`: of this layer, where rows have them. */
static void expect_z(struct z_expected *e, const struct net_networks *s,
    const struct net_state *before, double omega, double tau)
{
    double n = (double)s->width;
    double spread = before->variance;
    if (has_mixed_rows(s)) {
        expect_mixture(e, s, before->mean, spread);
        return;
    }
    *e = (struct z_expected){0};
    switch (s->weights->kind) {
    case NET_ROW_FREE:
        e->variance = s->expected_gain * before->second;
        e->excess_kurtosis = s->weights->excess_kurtosis * before->fourth /
                             (n * before->second * before->second);
        e->excess_kurtosis *= pow(e->variance / (e->variance + s->bias), 2);
        e->variance += s->bias;
        break;
    case NET_ROW_ORTHOGONAL: /* a coordinate on the sphere */
        e->variance = s->expected_gain * before->second;
        e->excess_kurtosis = -6 / (n + 2);
        break;
    case NET_ROW_SUM:
    case NET_ROW_SUM_SQUARE: /* on the sphere across (1, .., 1) */
        e->mean = omega * before->mean;
        e->variance = s->expected_gain * (tau - omega * omega / n) * spread;
        if (s->weights->kind == NET_ROW_SUM_SQUARE)
            e->excess_kurtosis = -6 / (n + 1);
        break;
    }
    quad_model_conditional(&e->f, &s->model, e->mean, e->variance);
}

/* ---- one input ---- */

static void residuals_of_z(double *row, double u, double uu, double fourth,
    const struct z_expected *e)
{
    double kurtosis = fourth / (3 * e->variance * e->variance) - 1 - 2 * uu;
    row[NET_Z_MEAN] += u;
    row[NET_Z_SECOND] += uu;
    row[NET_KURTOSIS] += 3 * kurtosis;
    row[NET_Z_FOURTH] += kurtosis - e->excess_kurtosis / 3;
}

static void residuals_of_f(double *row, double mean, double second, double u,
    double uu, const struct quad_conditional *f)
{
    row[NET_F_MEAN] += (mean - f->first - f->first_u * u - f->first_uu * uu) /
                       sqrt(f->second);
    row[NET_F_SECOND] +=
        (second - f->second - f->second_u * u - f->second_uu * uu) / f->second;
}

/* What a t-test of few networks may not see of it: rare events. */
static void noise_of_f(
    double *row, const struct quad_conditional *f, double units)
{
    row[NET_F_MEAN_NOISE] += f->first_left / f->second / units;
    row[NET_F_SECOND_NOISE] +=
        f->second_left / (f->second * f->second) / units;
}

static void residuals_of_dropout(double *row, double f_mean, double f_second,
    double mean, double second, const struct shared_dropout *d)
{
    double keep = 1 - d->rate, fixed = d->a * d->dropped + d->b;
    double first = keep * (d->a * f_mean + d->b) + d->rate * fixed;
    double square = keep * (d->a * d->a * f_second + 2 * d->a * d->b * f_mean +
                               d->b * d->b) +
                    d->rate * fixed * fixed;
    row[NET_DROP_MEAN] += (mean - first) / sqrt(square);
    row[NET_DROP_SECOND] += (second - square) / square;
}

/* x of one input from f; the mask lies in `keep`. */
static void drop_units(
    void *x, const void *f, double *keep, const struct net_networks *s)
{
    const struct shared_dropout *d = &s->dropout;
    double fixed = d->a * d->dropped + d->b;
    for (size_t j = 0; j < s->width; j++) {
        double from = s->real == NET_REAL_F32 ? (double)((const float *)f)[j]
                                              : ((const double *)f)[j];
        keep[j] = keep[j] > 0 ? d->a * from + d->b : fixed;
    }
    net_real_round(x, keep, s->width, s->real);
}

static bool is_inside(double mean, double variance)
{
    return fabs(mean) <= 0.1 && variance >= 0.8 && variance <= 1.5;
}

/*
 * What x itself is, from sums of x and x^2; `state` goes from the layer before
 * to this one.  Where the mean is large beside the deviation, the variance
 * takes a second pass: what cancels is below 1e-10 of it.
 */
static enum net_failure measure_x(double *row, struct net_state *state,
    const void *x, double mean, double second, const struct net_networks *s,
    size_t layer)
{
    double n = (double)s->width;
    double variance = (second - mean * mean) * n / (n - 1);
    struct shared_power_sums about;
    if (!(mean * mean < 1e5 * variance)) {
        net_real_power_sums(&about, x, s->width, mean, s->real);
        variance = about.two / (n - 1);
    }
    if (!(second <= NET_LARGEST_SECOND_MOMENT))
        return NET_FAILURE_NOT_FINITE;
    if (second < NET_LEAST_SECOND_MOMENT)
        return NET_FAILURE_VANISHED;
    if (has_rows(s) &&
        variance < second * (s->real == NET_REAL_F32 ? NET_LEAST_VARIANCE_F32
                                                     : NET_LEAST_VARIANCE_F64))
        return NET_FAILURE_CONSTANT;
    row[NET_MEAN] += mean;
    row[NET_VARIANCE] += variance;
    row[NET_SECOND] += second;
    row[NET_MEAN_SQUARE] += mean * mean;
    row[NET_VARIANCE_SQUARE] += variance * variance;
    row[NET_SECOND_SQUARE] += second * second;
    row[NET_WITHIN] +=
        fabs(mean - s->target_mean) < s->margin_mean &&
        fabs(variance - s->target_variance) < s->margin_variance;
    if (is_inside(mean, variance))
        row[NET_INSIDE] += 1;
    else
        state->outside = layer + 1;
    state->mean = mean;
    state->variance = variance;
    state->second = second;
    if (s->weights->excess_kurtosis != 0) {
        net_real_power_sums(&about, x, s->width, 0, s->real);
        state->fourth = about.four / n;
    }
    return NET_FAILURE_NONE;
}

/* ---- a layer ---- */

/*
 * Sum over units of the squared sum over inputs of x - center.  For two inputs
 * |x + y|^2 = |x|^2 + |y|^2 + 2 x y, unless that cancels.
 */
static double column_squares(struct net_workspace *w,
    const struct net_networks *s, double center, double squares)
{
    size_t n = s->width, k = s->inputs;
    struct shared_power_sums about;
    if (k == 2 && center * center * (double)n < 1e5 * squares) {
        double sum = w->state[0].mean + w->state[1].mean;
        return squares +
               2 * (double)n * (w->state[1].product + center * (center - sum));
    }
    if (k == 2)
        memset(w->column, 0, n * sizeof *w->column);
    for (size_t i = 0; k == 2 && i < k; i++)
        net_real_add_to(
            w->column, net_real_at(w->x, i * n, s->real), n, s->real);
    shared_power_sums_f64(&about, w->column, n, (double)k * center);
    return about.two;
}

/* Of all inputs together: pooled, over inputs, between inputs. */
static void measure_together(
    double *row, struct net_workspace *w, const struct net_networks *s)
{
    size_t n = s->width, k = s->inputs;
    double units = (double)n, inputs = (double)k, pairs = 0;
    double mean = row[NET_MEAN] / inputs;
    double squares = row[NET_VARIANCE] * (units - 1); /* about `mean` */
    for (size_t i = 0; i < k; i++)
        squares +=
            units * (w->state[i].mean - mean) * (w->state[i].mean - mean);
    row[NET_POOLED_VARIANCE] = squares / (units * inputs - 1);
    if (k < 2)
        return;
    for (size_t i = 1; i < k; i += 2, pairs++)
        row[NET_COSINE] += w->state[i].product /
                           sqrt(w->state[i - 1].second * w->state[i].second);
    row[NET_COSINE] /= pairs;
    double over_inputs =
        squares - column_squares(w, s, mean, squares) / inputs;
    /* of inputs that are equal roundings are left */
    if (fabs(over_inputs) < 1e-15 * squares)
        over_inputs = 0;
    row[NET_UNIT_VARIANCE] = over_inputs / (inputs - 1) / units;
}

/* z beside its law, and what the activation made of it. */
struct z_measured {
    struct z_expected law;
    struct shared_power_sums sums; /* of z about its mean */
    double mean, second;           /* of f */
};

static void activate(
    struct z_measured *m, void *x, const void *z, const struct net_networks *s)
{
    double n = (double)s->width;
    net_real_power_sums(&m->sums, z, s->width, m->law.mean, s->real);
    net_real_forward(x, z, s->width, s->unit, s->real);
    net_real_two_sums(&m->mean, &m->second, x, s->width, s->real);
    m->mean /= n;
    m->second /= n;
}

static void residuals_of_layer(
    double *row, const struct z_measured *m, const struct net_networks *s)
{
    double n = (double)s->width;
    double u = m->sums.one / n / sqrt(m->law.variance);
    double uu = m->sums.two / n / m->law.variance - 1;
    residuals_of_z(row, u, uu, m->sums.four / n, &m->law);
    residuals_of_f(row, m->mean, m->second, u, uu, &m->law.f);
    if (net_measures(s, NET_F_MEAN_NOISE))
        noise_of_f(row, &m->law.f, n * (double)s->inputs);
}

/* One input's x from its z, and what both are. */
static enum net_failure measure_input(double *row, struct net_workspace *w,
    const void *z, const struct net_networks *s, size_t network, size_t layer,
    size_t input)
{
    double n = (double)s->width, mean, second;
    bool drops = net_layer_drops(s, layer);
    void *x = net_real_at(w->x, input * s->width, s->real);
    struct net_state *state = &w->state[input];
    struct z_measured m = {.mean = 0};
    if (layer > 0) {
        expect_z(&m.law, s, state, w->omega[0], w->tau[0]);
        activate(&m, x, z, s);
    }
    mean = m.mean;
    second = m.second;
    if (drops) {
        net_layer_mask(w->row, s, network, layer, input);
        drop_units(x, x, w->row, s);
    }
    if (drops || layer == 0) {
        net_real_two_sums(&mean, &second, x, s->width, s->real);
        mean /= n;
        second /= n;
    }
    enum net_failure failure =
        measure_x(row, state, x, mean, second, s, layer);
    if (failure)
        return failure;
    if (layer > 0)
        residuals_of_layer(row, &m, s);
    if (drops)
        residuals_of_dropout(row, m.mean, m.second, state->mean, state->second,
            &s->expected_dropout);
    if (s->inputs > 2)
        net_real_add_to(w->column, x, s->width, s->real);
    if (input % 2 == 1) /* while the row before is in the cache */
        state->product =
            net_real_dot(net_real_at(w->x, (input - 1) * s->width, s->real), x,
                s->width, s->real) /
            n;
    return NET_FAILURE_NONE;
}

enum net_failure net_measure_layer(struct net_workspace *w, const void *z,
    const struct net_networks *s, size_t network, size_t layer)
{
    double *row = w->measure[layer];
    const size_t step = s->width * net_real_size(s->real);
    memset(row, 0, sizeof w->measure[layer]);
    if (s->inputs > 2)
        memset(w->column, 0, s->width * sizeof *w->column);
    for (size_t i = 0; i < s->inputs; i++) {
        enum net_failure failure = measure_input(
            row, w, (const char *)z + i * step, s, network, layer, i);
        if (failure)
            return failure;
    }
    measure_together(row, w, s);
    for (int q = 0; q < NET_QUANTITIES; q++)
        if (q != NET_POOLED_VARIANCE && q != NET_UNIT_VARIANCE &&
            q != NET_COSINE)
            row[q] /= (double)s->inputs;
    return NET_FAILURE_NONE;
}

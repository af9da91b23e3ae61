/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/theory/theory.h"
#include "fixedpoint/fixedpoint.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PRECISION = 128, MOST_STARTS = 1024 };
#define AGREE 1e-9

enum sn_status sn_selu_constants_f64(double *lambda, double *alpha)
{
    arb_t l, a;
    arb_init(l);
    arb_init(a);
    sn_selu_constants_arb(l, a, PRECISION);
    enum sn_status status = sn_nearest_f64(lambda, l);
    if (status == SN_OK)
        status = sn_nearest_f64(alpha, a);
    arb_clear(l);
    arb_clear(a);
    return status;
}

/*
 * One input: the limit's mean m and second moment q, n times their mean errors
 * and covariances at width n, and E x y with the other input of its pair.
 */
struct state {
    double m, q;
    double bias[2], cov[3]; /* of (m, q): cov mm, mq, qq */
    double other_m, other_q, product;
    double x4; /* E x^4, for the kurtosis of z */
};

struct walk {
    const struct sn_networks *s;
    struct sn_mixture mixture;
    bool rows, pairs, gaussian;
};

/* ---- one layer ---------------------------------------------------------- */

/* Law of z for weights (omega, tau) given m and q; n infinite or the width. */
static void law_of_z(double *mean, double *variance, const struct walk *w,
    int i, double m, double q, bool finite)
{
    double n = (double)w->s->width, omega = w->mixture.omega[i];
    *mean = w->rows ? omega * m : 0;
    *variance = w->s->expected_gain * q;
    if (!w->rows)
        return;
    double tau = w->mixture.tau[i] - (finite ? omega * omega / n : 0);
    *variance = tau * (q - m * m) * (finite ? n / (n - 1) : 1);
}

/* E (a f + b)^k or with the part dropped, k = 1..4, from E f^k. */
static void drop(double power[5], const struct sn_dropout *d)
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

static bool drops(const struct walk *w, size_t layer)
{
    return w->s->expected_dropout.rate > 0 &&
           layer + w->s->dropout_layers > w->s->depth;
}

/* (m, q) of the next layer: the map whose differences are its derivatives. */
static void next(double to[2], const struct walk *w, size_t layer, double m,
    double q, bool finite)
{
    double power[5] = {1};
    for (int i = 0; i < w->mixture.count; i++) {
        struct sn_conditional one;
        double zm, zv;
        law_of_z(&zm, &zv, w, i, m, q, finite);
        sn_model_conditional(&one, &w->s->model, zm, zv);
        power[1] += w->mixture.weight[i] * one.first;
        power[2] += w->mixture.weight[i] * one.second;
    }
    if (drops(w, layer))
        drop(power, &w->s->expected_dropout);
    to[0] = power[1];
    to[1] = power[2];
}

/* All moments of x of the next layer, and its gradient factor. */
static void moments(double power[5], double *factor, const struct walk *w,
    size_t layer, const struct state *at)
{
    double sum[5] = {0};
    *factor = 0;
    for (int i = 0; i < w->mixture.count; i++) {
        struct sn_moments_f64 one;
        double zm, zv, weight = w->mixture.weight[i];
        law_of_z(&zm, &zv, w, i, at->m, at->q, false);
        sn_model_moments(&one, &w->s->model, zm, zv);
        for (int k = 0; k <= 4; k++)
            sum[k] += weight * one.power[k];
        *factor += weight * one.slope_square *
                   (w->rows ? w->mixture.tau[i] : w->s->expected_gain);
    }
    const struct sn_dropout *d = &w->s->expected_dropout;
    if (drops(w, layer)) {
        drop(sum, d);
        *factor *= (1 - d->rate) * d->a * d->a;
    }
    memcpy(power, sum, sizeof sum);
}

/* E x y of a pair: masks are independent, so dropout acts on each alone. */
static double product(
    const struct walk *w, size_t layer, const struct state *at)
{
    double sum = 0, first = 0, second = 0;
    for (int i = 0; i < w->mixture.count; i++) {
        double m1, v1, m2, v2, weight = w->mixture.weight[i];
        double c = w->s->expected_gain * at->product;
        struct sn_conditional one, two;
        law_of_z(&m1, &v1, w, i, at->m, at->q, false);
        law_of_z(&m2, &v2, w, i, at->other_m, at->other_q, false);
        if (w->rows)
            c = w->mixture.tau[i] * (at->product - at->m * at->other_m);
        sum += weight * sn_model_product(&w->s->model, m1, m2, v1, v2, c);
        sn_model_conditional(&one, &w->s->model, m1, v1);
        sn_model_conditional(&two, &w->s->model, m2, v2);
        first += weight * one.first;
        second += weight * two.first;
    }
    if (!drops(w, layer))
        return sum;
    const struct sn_dropout *d = &w->s->expected_dropout;
    double slope = (1 - d->rate) * d->a;
    double shift = (1 - d->rate) * d->b + d->rate * (d->a * d->dropped + d->b);
    return slope * slope * sum + slope * shift * (first + second) +
           shift * shift;
}

/*
 * The chain linearized about its limit, second derivatives for the bias:
 *   cov' = J cov J' + noise,  bias' = J bias + H : cov/2 + n (T_n - T),
 * noise = covariance of (x, x^2), T_n the map at width n.
 */
static void correct(struct state *to, const struct walk *w, size_t layer,
    const struct state *at, const double power[5])
{
    double size[2] = {sqrt(at->q), at->q}, here[2], jacobian[2][2], bend[2][3],
           up[2], down[2], at_n[2];
    const double h = 1e-3;
    next(here, w, layer, at->m, at->q, false);
    next(at_n, w, layer, at->m, at->q, true);
    for (int j = 0; j < 2; j++) {
        double dm = j == 0 ? h * size[0] : 0, dq = j == 1 ? h * size[1] : 0;
        next(up, w, layer, at->m + dm, at->q + dq, false);
        next(down, w, layer, at->m - dm, at->q - dq, false);
        double step = dm + dq;
        for (int i = 0; i < 2; i++) {
            jacobian[i][j] = (up[i] - down[i]) / (2 * step);
            bend[i][2 * j] = (up[i] - 2 * here[i] + down[i]) / (step * step);
        }
    }
    double dm = h * size[0], dq = h * size[1], corner[2][2][2];
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            next(corner[a][b], w, layer, at->m + (2 * a - 1) * dm,
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

/* ---- rows of the table ----------------------------------------------------
 */

static void add_row(struct sn_theory *t, const struct walk *w, size_t layer,
    const struct state *at, double factor, double share)
{
    double row[SN_COLUMNS], v = at->q - at->m * at->m, m = at->m;
    const double *c = at->cov;
    for (int i = 0; i < SN_COLUMNS; i++)
        row[i] = NAN;
    row[SN_T_MEAN] = m;
    row[SN_T_VARIANCE] = v;
    row[SN_T_SECOND] = at->q;
    row[SN_T_GRADIENT] = layer ? factor : 1;
    if (w->pairs) {
        row[SN_T_COSINE] = at->product / sqrt(at->q * at->other_q);
        row[SN_T_UNIT_VARIANCE] = w->s->data ? NAN : at->q - at->product;
    }
    /* Inputs 2j, 2j + 1 correlate; all other pairs start at mu^2. */
    if (w->s->correlation != 0 && w->s->inputs > 2)
        row[SN_T_UNIT_VARIANCE] = NAN;
    if (w->gaussian) {
        row[SN_T_MEAN_BIAS] = at->bias[0];
        row[SN_T_SECOND_BIAS] = at->bias[1];
        row[SN_T_VARIANCE_BIAS] = at->bias[1] - 2 * m * at->bias[0] - c[0] + v;
        row[SN_T_MEAN_SPREAD] = c[0];
        row[SN_T_SECOND_SPREAD] = c[2];
        row[SN_T_VARIANCE_SPREAD] = c[2] - 4 * m * c[1] + 4 * m * m * c[0];
    }
    double excess = w->s->weights->kind == SN_ROW_FREE
                        ? w->s->weights->excess_kurtosis * at->x4
                    : w->gaussian ? 0
                                  : -6; /* on a sphere */
    if (layer && w->mixture.count == 1)
        row[SN_T_KURTOSIS] = excess;
    for (int i = 0; i < SN_COLUMNS; i++)
        t->column[i][layer] += share * row[i];
}

/* ---- starts
 * ------------------------------------------------------------------ */

static void start_random(struct state *at, const struct sn_networks *s)
{
    double mu = s->start_mean, nu = s->start_variance;
    *at = (struct state){.m = mu,
        .q = nu + mu * mu,
        .cov = {nu, 2 * mu * nu, 2 * nu * nu + 4 * mu * mu * nu},
        .other_m = mu,
        .other_q = nu + mu * mu,
        .product = mu * mu + s->correlation * nu};
}

static void start_given(
    struct state *at, const struct sn_networks *s, size_t input)
{
    double n = (double)s->width, sum[2] = {0}, square[2] = {0}, dot = 0,
           four = 0;
    size_t pair = input ^ 1;
    const double *x = s->data + input * s->width;
    const double *y = s->data + (pair < s->inputs ? pair : input) * s->width;
    for (size_t j = 0; j < s->width; j++) {
        sum[0] += x[j] / n;
        sum[1] += y[j] / n;
        square[0] += x[j] * x[j] / n;
        square[1] += y[j] * y[j] / n;
        dot += x[j] * y[j] / n;
        four += pow(x[j], 4) / n;
    }
    *at = (struct state){.m = sum[0],
        .q = square[0],
        .other_m = sum[1],
        .other_q = square[1],
        .product = dot,
        .x4 = four};
}

/* ---- against enclosures
 * ------------------------------------------------------ */

static enum sn_status verify(struct sn_theory *t, const struct walk *w,
    const struct state *at, struct sn_expression *f)
{
    struct sn_gaussian exact;
    struct sn_conditional one;
    arb_t m, v;
    double zm, zv;
    law_of_z(&zm, &zv, w, 0, at->m, at->q, false);
    sn_gaussian_init(&exact);
    arb_init(m);
    arb_init(v);
    arb_set_d(m, zm);
    arb_set_d(v, zv);
    enum sn_status status = sn_gaussian_arb(
        &exact, f, m, v, SN_ANY_METHOD, PRECISION, &t->trouble);
    if (status == SN_OK) {
        sn_model_conditional(&one, &w->s->model, zm, zv);
        double first = arf_get_d(arb_midref(exact.mean), ARF_RND_NEAR);
        double second = arf_get_d(arb_midref(exact.square), ARF_RND_NEAR);
        bool close = fabs(one.first - first) <= AGREE * sqrt(second) &&
                     fabs(one.second - second) <= AGREE * second;
        status = close ? SN_OK : SN_UNDECIDED;
    } else if (status != SN_NO_MEMORY) {
        t->no_moments = true;
    }
    sn_gaussian_clear(&exact);
    arb_clear(m);
    arb_clear(v);
    return status;
}

/* ---- all layers
 * ---------------------------------------------------------------- */

/* A rounding error at a zero of M is written as the zero it is. */
static double clean(double m, double q)
{
    return fabs(m) < 1e-15 * sqrt(q) ? 0 : m;
}

static void step(
    struct state *at, double *factor, const struct walk *w, size_t layer)
{
    double power[5];
    struct state to = *at;
    moments(power, factor, w, layer, at);
    double limit[2];
    next(limit, w, layer, at->m, at->q, false);
    to.m = clean(limit[0], limit[1]);
    to.q = limit[1];
    to.x4 = power[4];
    if (w->gaussian)
        correct(&to, w, layer, at, power);
    if (w->pairs) {
        to.product = product(w, layer, at);
        struct state other = *at;
        other.m = at->other_m;
        other.q = at->other_q;
        next(limit, w, layer, other.m, other.q, false);
        to.other_m = limit[0];
        to.other_q = limit[1];
    }
    *at = to;
}

static bool arrived(const struct state *a, const struct state *b)
{
    return fabs(a->m - b->m) <= 1e-15 * sqrt(b->q) &&
           fabs(a->q - b->q) <= 1e-15 * b->q &&
           fabs(a->other_q - b->other_q) <= 1e-15 * b->q &&
           fabs(a->product - b->product) <= 1e-15 * b->q &&
           fabs(a->cov[2] - b->cov[2]) <= 1e-12 * b->cov[2] &&
           fabs(a->bias[1] - b->bias[1]) <= 1e-12 * b->q;
}

static enum sn_status follow(struct sn_theory *t, const struct walk *w,
    struct state at, double share, struct sn_expression *f, bool every)
{
    size_t rows = w->s->depth + 1, check = 1;
    double factor = 1;
    bool still = false;
    for (size_t l = 0; l < rows; l++) {
        struct state before = at;
        if (l > 0 && !still) {
            if (every || l == check || l + 1 == rows) {
                enum sn_status status = verify(t, w, &at, f);
                if (t->no_moments)
                    t->layers = l;
                if (status != SN_OK)
                    return status;
                check *= l == check ? 2 : 1;
            }
            step(&at, &factor, w, l);
            if (!(at.q < SN_LARGEST_SECOND_MOMENT &&
                    at.q > SN_LEAST_SECOND_MOMENT)) {
                enum sn_status status = verify(t, w, &before, f);
                if (t->no_moments)
                    t->layers = l;
                if (status != SN_OK)
                    return status;
                t->layers = l < t->layers ? l : t->layers;
                t->why = "the second moment leaves 1e-25 .. 1e25";
                return SN_OK;
            }
            still =
                arrived(&at, &before) && !drops(w, l) == !drops(w, rows - 1);
        }
        if (l < t->layers)
            add_row(t, w, l, &at, factor, share);
    }
    return SN_OK;
}

static enum sn_status follow_all(struct sn_theory *t, const struct walk *w,
    struct sn_expression *f, bool every)
{
    const struct sn_networks *s = w->s;
    size_t starts = s->data ? s->inputs : 1;
    enum sn_status status = SN_OK;
    for (size_t i = 0; status == SN_OK && i < starts; i++) {
        struct state at;
        if (s->data)
            start_given(&at, s, i);
        else
            start_random(&at, s);
        status = follow(t, w, at, 1 / (double)starts, f, every);
    }
    return status;
}

/* Where one of the layers compared has no moments, an earlier one may not. */
static enum sn_status follow_and_find(
    struct sn_theory *t, const struct walk *w, struct sn_expression *f)
{
    enum sn_status status = follow_all(t, w, f, false);
    if (!t->no_moments)
        return status;
    for (int i = 0; i < SN_COLUMNS; i++)
        memset(t->column[i], 0, (w->s->depth + 1) * sizeof(double));
    t->no_moments = false;
    t->layers = w->s->depth + 1;
    status = follow_all(t, w, f, true);
    return t->no_moments ? SN_OK : status;
}

static void sum_logs(struct sn_theory *t)
{
    double sum = 0;
    for (size_t l = t->layers; l-- > 0;) {
        t->column[SN_T_LOG_GRADIENT][l] = sum;
        sum += log(t->column[SN_T_GRADIENT][l]);
    }
}

enum sn_status sn_theory_init(
    struct sn_theory *t, const struct sn_networks *s, struct sn_expression *f)
{
    size_t rows = s->depth + 1;
    *t = (struct sn_theory){.layers = rows};
    for (int i = 0; i < SN_COLUMNS; i++)
        if (!(t->column[i] = calloc(rows, sizeof(double)))) {
            sn_theory_clear(t);
            return SN_NO_MEMORY;
        }
    struct walk w = {.s = s,
        .rows = s->weights->kind == SN_ROW_SUM ||
                s->weights->kind == SN_ROW_SUM_SQUARE,
        .pairs = s->inputs >= 2,
        .gaussian = s->weights->gaussian};
    if (w.rows)
        sn_mixture_init(&w.mixture, &s->omega, &s->tau);
    else
        w.mixture = (struct sn_mixture){1, {0}, {1}, {1}};
    if (w.rows && s->drawn == SN_PER_LAYER) {
        t->layers = 0;
        t->why = "omega and tau change from layer to layer";
        return SN_OK;
    }
    if (s->data && s->inputs > MOST_STARTS) {
        t->layers = 0;
        t->why = "more than 1024 given inputs";
        return SN_OK;
    }
    enum sn_status status = follow_and_find(t, &w, f);
    if (status != SN_OK)
        sn_theory_clear(t);
    else
        sum_logs(t);
    return status;
}

void sn_theory_clear(struct sn_theory *t)
{
    for (int i = 0; i < SN_COLUMNS; i++)
        free(t->column[i]);
    *t = (struct sn_theory){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/network.h"
#include "verify/networks/layers/real.h"
#include <math.h>

/*
 * Lower triangle of the Cholesky factor, in place.  Inputs that depend on each
 * other leave a pivot of rounding errors: taken as 0.
 */
static void cholesky(double *c, size_t k)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = c[i * k + j], whole = sum;
            for (size_t b = 0; b < j; b++)
                sum -= c[i * k + b] * c[j * k + b];
            if (i == j)
                c[i * k + i] = sum > 1e-13 * whole ? sqrt(sum) : 0;
            else
                c[i * k + j] = c[j * k + j] > 0 ? sum / c[j * k + j] : 0;
        }
}

/* Covariance of two inputs' z for weights of variance 1/n (or the row's). */
static void covariances(struct net_workspace *w, const struct net_networks *s)
{
    size_t k = s->inputs, n = s->width;
    bool rows = s->weights->kind == NET_ROW_SUM;
    double count = (double)n;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            const struct net_state *a = &w->state[i], *b = &w->state[j];
            double c =
                i == j ? a->second
                : i % 2 == 1 && j + 1 == i
                    ? a->product
                    : net_real_dot(net_real_at(w->x, i * n, s->real),
                          net_real_at(w->x, j * n, s->real), n, s->real) /
                          count;
            if (rows)
                c = i == j ? a->variance
                           : (c - a->mean * b->mean) * count / (count - 1);
            double variance = s->weights->gain * s->gain * s->gain;
            w->gram[i * k + j] = rows ? c : variance * c + s->bias;
        }
    cholesky(w->gram, k);
}

/* z = omega mean + sqrt(tau - omega^2/n) g, unit by unit */
static void place_rows(
    struct net_workspace *w, void *z, const struct net_networks *s)
{
    double n = (double)s->width;
    for (size_t i = 0; i < s->inputs; i++) {
        void *row = net_real_at(z, i * s->width, s->real);
        double mean = w->state[i].mean;
        net_real_widen(w->row, row, s->width, s->real);
        for (size_t u = 0; u < s->width; u++) {
            double omega = w->omega[u];
            w->row[u] =
                omega * mean + sqrt(w->tau[u] - omega * omega / n) * w->row[u];
        }
        net_real_round(row, w->row, s->width, s->real);
    }
}

void net_layer_exact(struct net_workspace *w, void *z,
    const struct net_networks *s, size_t network, size_t layer)
{
    size_t k = s->inputs, n = s->width;
    struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_PREACTIVATIONS);
    covariances(w, s);
    for (size_t i = 0; i < k; i++) {
        stream.row = (uint32_t)i;
        net_real_normals(net_real_at(z, i * n, s->real), n, &stream, 0,
            k == 1 ? w->gram[0] : 1, s->real);
    }
    /* From the last row, so that the rows it needs are as drawn. */
    for (size_t i = k; k > 1 && i-- > 0;) {
        void *row = net_real_at(z, i * n, s->real);
        if (i == 0)
            net_real_combine(row, w->gram[0], 0, row, n, s->real);
        for (size_t b = 0; b < i; b++)
            net_real_combine(row, b == 0 ? w->gram[i * k + i] : 1,
                w->gram[i * k + b], net_real_at(z, b * n, s->real), n,
                s->real);
    }
    if (s->weights->kind == NET_ROW_SUM)
        place_rows(w, z, s);
}

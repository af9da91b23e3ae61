/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/network.h"
#include "verify/networks/layers/real.h"
#include <math.h>
#include <string.h>

enum { BLOCK_WEIGHTS = 262144 };

/* A function of the width alone: the bits of a product may depend on it. */
size_t net_block_rows(size_t width)
{
    size_t rows = BLOCK_WEIGHTS / width / 16 * 16;
    rows = rows < 16 ? 16 : rows;
    return rows < width ? rows : width;
}

static void draw_weights(void *weights, struct net_workspace *w,
    const struct net_networks *s, size_t first, size_t rows,
    struct shared_stream stream)
{
    const struct net_weight_law *law = s->weights;
    size_t n = s->width;
    double deviation = s->gain * sqrt(law->gain / (double)n);
    for (size_t i = 0; i < rows; i++) {
        void *to = net_real_at(weights, i * n, s->real);
        stream.row = (uint32_t)(first + i);
        if (law->row) {
            const struct net_row row = {
                n, stream, w->omega[first + i], w->tau[first + i]};
            law->row(w->row, &row);
            if (s->gain != 1)
                for (size_t j = 0; j < n; j++)
                    w->row[j] *= s->gain;
            net_real_round(to, w->row, n, s->real);
        } else {
            net_real_normals(to, n, &stream, 0, deviation, s->real);
        }
    }
}

/* ---- Haar orthogonal matrices, never formed ---- */

/*
 * W_n = R_n diag(1, W_{n-1}), R_n the reflection that swaps the first axis and
 * a uniform direction: W_n's first column is uniform and the rest Haar across
 * it (Stewart 1980).  Reflections are their own transposes.
 */
static void reflect_inputs(struct net_workspace *w,
    const struct net_networks *s, struct shared_stream stream, size_t j)
{
    size_t n = s->width - j;
    double *v = w->row, square = 0, one, dot;
    stream.row = (uint32_t)j;
    shared_normals_f64(v, n, &stream, 0, 1);
    if (n == 1) { /* W_1 is a sign */
        for (size_t i = 0; i < s->inputs; i++)
            w->wide[i * s->width + j] *= v[0] < 0 ? -1 : 1;
        return;
    }
    shared_two_sums_f64(&one, &square, v, n);
    /* v = (first axis) |g| - g;  |v|^2 = 2 |g| (|g| - g_0) */
    double size = sqrt(square), across = square - v[0] * v[0];
    double first = v[0] > 0 ? across / (size + v[0]) : size - v[0];
    for (size_t k = 1; k < n; k++)
        v[k] = -v[k];
    v[0] = first;
    double factor = 1 / (size * first);
    for (size_t i = 0; i < s->inputs; i++) {
        double *y = w->wide + i * s->width + j;
        dot = factor * shared_dot_f64(v, y, n);
        net_real_combine(y, 1, -dot, v, n, NET_REAL_F64);
    }
}

static bool rotate_inputs(struct net_workspace *w, void *y, const void *x,
    const struct net_networks *s, struct shared_stream stream, bool back,
    const struct net_watch *watch)
{
    size_t all = s->inputs * s->width;
    net_real_widen(w->wide, x, all, s->real);
    for (size_t k = 0; k < s->width; k++) {
        if (k % 64 == 0 && !watch->go_on(watch->context))
            return false;
        reflect_inputs(w, s, stream, back ? k : s->width - 1 - k);
    }
    net_real_round(y, w->wide, all, s->real);
    return true;
}

/* ---- by blocks of rows ---- */

/* The layer's matrix, a block of rows at a time, to `use`. */
static bool each_panel(struct net_workspace *w, void *y, const void *x,
    const struct net_networks *s, struct shared_stream stream,
    const struct net_watch *watch,
    void (*use)(void *, const void *, const struct net_panel *))
{
    const size_t n = s->width, most = net_block_rows(n);
    for (size_t first = 0; first < n; first += most) {
        if (!watch->go_on(watch->context))
            return false;
        size_t rows = n - first < most ? n - first : most;
        const struct net_panel panel = {
            w->weights, first, rows, n, s->inputs, s->real};
        draw_weights(w->weights, w, s, first, rows, stream);
        use(y, x, &panel);
    }
    return true;
}

/* The same to all inputs. */
static void add_biases(struct net_workspace *w, void *z,
    const struct net_networks *s, size_t network, size_t layer)
{
    const struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_BIASES);
    double *x = w->column, *bias = w->row;
    shared_normals_f64(bias, s->width, &stream, 0, sqrt(s->bias));
    for (size_t i = 0; i < s->inputs; i++) {
        void *row = net_real_at(z, i * s->width, s->real);
        net_real_widen(x, row, s->width, s->real);
        for (size_t u = 0; u < s->width; u++)
            x[u] += bias[u];
        net_real_round(row, x, s->width, s->real);
    }
}

bool net_layer_direct(struct net_workspace *w, void *z,
    const struct net_networks *s, size_t network, size_t layer,
    const struct net_watch *watch)
{
    const struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_WEIGHTS);
    if (s->weights->kind == NET_ROW_ORTHOGONAL)
        return rotate_inputs(w, z, w->x, s, stream, false, watch);
    bool all = each_panel(w, z, w->x, s, stream, watch, net_real_product);
    if (all && s->bias > 0)
        add_biases(w, z, s, network, layer);
    return all;
}

bool net_layer_back(struct net_workspace *w, void *y, const void *x,
    const struct net_networks *s, size_t network, size_t layer,
    const struct net_watch *watch)
{
    const struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_WEIGHTS);
    if (s->weights->kind == NET_ROW_ORTHOGONAL)
        return rotate_inputs(w, y, x, s, stream, true, watch);
    return each_panel(w, y, x, s, stream, watch, net_real_product_back);
}

/* ---- omega and tau of each unit ---- */

static void uniform_in(double *out, const struct quad_interval *interval,
    const struct net_networks *s, struct shared_stream stream)
{
    size_t drawn = s->drawn == NET_PER_UNIT ? s->width : 1;
    shared_uniforms_f64(out, drawn, &stream);
    for (size_t u = 0; u < drawn; u++)
        out[u] =
            s->drawn == NET_PER_RUN
                ? interval->low
                : interval->low + (interval->high - interval->low) * out[u];
    for (size_t u = drawn; u < s->width; u++)
        out[u] = out[0];
}

void net_layer_rows(struct net_workspace *w, const struct net_networks *s,
    size_t network, size_t layer)
{
    struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_ROWS);
    if (s->weights->kind != NET_ROW_SUM &&
        s->weights->kind != NET_ROW_SUM_SQUARE)
        return;
    uniform_in(w->omega, &s->omega, s, stream);
    stream.row = 1;
    uniform_in(w->tau, &s->tau, s, stream);
}

/* ---- dropout ---- */

bool net_layer_drops(const struct net_networks *s, size_t layer)
{
    return layer > 0 && s->dropout.rate > 0 &&
           layer + s->dropout_layers > s->depth;
}

void net_layer_mask(double *keep, const struct net_networks *s, size_t network,
    size_t layer, size_t input)
{
    struct shared_stream stream =
        net_stream(s, network, layer, NET_RANDOM_DROPOUT);
    stream.row = (uint32_t)input;
    shared_uniforms_f64(keep, s->width, &stream);
    for (size_t j = 0; j < s->width; j++)
        keep[j] = keep[j] >= s->dropout.rate;
}

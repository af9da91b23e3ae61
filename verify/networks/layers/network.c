/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/network.h"
#include "verify/networks/layers/real.h"
#include <math.h>
#include <stdlib.h>

enum { WORKSPACE_LINE = 64 };

/* ---- memory ---- */

/* What is taken, by one list: for taking, releasing and counting. */
static int workspace_parts(const struct net_networks *s,
    struct net_workspace *w, void **place[12], double bytes[12])
{
    double n = (double)s->width, k = (double)s->inputs,
           real = (double)net_real_size(s->real), rows = (double)s->depth + 1;
    bool orthogonal = s->weights->kind == NET_ROW_ORTHOGONAL;
    bool direct = s->way == NET_WAY_DIRECT;
    const struct {
        void **place;
        double bytes;
    } part[] = {
        {&w->x, n * k * real},
        {&w->z, n * k * real * (s->backward ? rows - 1 : 1)},
        {&w->g, s->backward ? n * k * real : 0},
        {&w->h, s->backward ? n * k * real : 0},
        {&w->weights, direct && !orthogonal
                          ? (double)net_block_rows(s->width) * n * real
                          : 0},
        {(void **)&w->row, n * sizeof(double)},
        {(void **)&w->wide, orthogonal ? n * k * sizeof(double) : 0},
        {(void **)&w->column, n * sizeof(double)},
        {(void **)&w->omega, n * sizeof(double)},
        {(void **)&w->tau, n * sizeof(double)},
        {(void **)&w->state, k * sizeof(struct net_state)},
        {(void **)&w->measure, rows * sizeof *w->measure},
    };
    int count = sizeof part / sizeof *part;
    for (int i = 0; i < count; i++) {
        place[i] = part[i].place;
        bytes[i] = part[i].bytes > 0 ? part[i].bytes + WORKSPACE_LINE : 0;
    }
    return count;
}

double net_workspace_bytes(const struct net_networks *s)
{
    struct net_workspace w;
    void **place[12];
    double bytes[12], sum = 0;
    for (int i = workspace_parts(s, &w, place, bytes); i-- > 0;)
        sum += bytes[i];
    return sum;
}

bool net_workspace_take(struct net_workspace *w, const struct net_networks *s)
{
    void **place[12];
    double bytes[12];
    bool enough = true;
    *w = (struct net_workspace){0};
    for (int i = workspace_parts(s, w, place, bytes); i-- > 0;) {
        size_t size = (size_t)bytes[i] / WORKSPACE_LINE * WORKSPACE_LINE;
        *place[i] = size ? aligned_alloc(WORKSPACE_LINE, size) : NULL;
        enough = enough && (*place[i] || !size);
    }
    enough = enough &&
             (w->gram = calloc(NET_MAX_EXACT_INPUTS * NET_MAX_EXACT_INPUTS,
                  sizeof(double)));
    for (size_t u = 0; enough && u < s->width; u++) {
        w->omega[u] = 0;
        w->tau[u] = 1;
    }
    return enough;
}

void net_workspace_release(struct net_workspace *w)
{
    free(w->x);
    free(w->z);
    free(w->g);
    free(w->h);
    free(w->weights);
    free(w->row);
    free(w->wide);
    free(w->column);
    free(w->omega);
    free(w->tau);
    free(w->gram);
    free(w->state);
    free(w->measure);
}

/* ---- forward ---- */

/* The second of a pair: rho times the first and sqrt(1 - rho^2) times its own.
 */
static void draw_inputs(
    struct net_workspace *w, const struct net_networks *s, size_t network)
{
    struct shared_stream stream = net_stream(s, network, 0, NET_RANDOM_INPUTS);
    double rho = s->correlation, mu = s->start_mean;
    double own = sqrt((1 - rho) * (1 + rho));
    for (size_t i = 0; i < s->inputs; i++) {
        void *x = net_real_at(w->x, i * s->width, s->real);
        if (s->data) {
            net_real_round(x, s->data + i * s->width, s->width, s->real);
            continue;
        }
        stream.row = (uint32_t)i;
        bool second = i % 2 == 1 && rho != 0;
        net_real_normals(x, s->width, &stream, second ? mu * (1 - rho) : mu,
            sqrt(s->start_variance) * (second ? own : 1), s->real);
        if (second)
            net_real_combine(x, 1, rho,
                net_real_at(w->x, (i - 1) * s->width, s->real), s->width,
                s->real);
    }
}

static void *z_of(
    struct net_workspace *w, const struct net_networks *s, size_t layer)
{
    size_t skip = s->backward ? (layer - 1) * s->inputs * s->width : 0;
    return net_real_at(w->z, skip, s->real);
}

/* Layer 0 is measured too; false: told to stop. */
static bool run_layer(struct net_workspace *w, const struct net_networks *s,
    size_t network, size_t layer, const struct net_watch *watch)
{
    void *z = z_of(w, s, layer);
    net_layer_rows(w, s, network, layer);
    if (s->way == NET_WAY_DIRECT)
        return net_layer_direct(w, z, s, network, layer, watch);
    if (!watch->go_on(watch->context))
        return false;
    net_layer_exact(w, z, s, network, layer);
    return true;
}

/* ---- backward ---- */

/* dL/dz of one input: through dropout and the activation. */
static void pull_back_input(struct net_workspace *w,
    const struct net_networks *s, size_t network, size_t layer, size_t input)
{
    size_t skip = input * s->width;
    void *g = net_real_at(w->g, skip, s->real);
    void *h = net_real_at(w->h, skip, s->real);
    net_real_gradient(h, g, net_real_at(z_of(w, s, layer), skip, s->real),
        s->width, s->unit, s->real);
    if (!net_layer_drops(s, layer))
        return;
    net_layer_mask(w->row, s, network, layer, input);
    net_real_widen(w->column, h, s->width, s->real);
    for (size_t j = 0; j < s->width; j++)
        w->column[j] *= s->dropout.a * w->row[j];
    net_real_round(h, w->column, s->width, s->real);
}

/* A gradient's energy; `state` keeps that of the layer above and its log. */
static bool measure_gradient(double *row, struct net_state *state, void *g,
    size_t n, bool last, enum net_real real)
{
    double one, energy;
    net_real_two_sums(&one, &energy, g, n, real);
    if (last) {
        state->second = energy;
        state->mean = 0;
    }
    double factor = energy / state->second;
    state->mean += log(factor);
    state->second = energy;
    row[NET_LOG_GRADIENT] += state->mean;
    if (!isfinite(state->mean))
        return false;
    if (energy < 1e-12 * (double)n || energy > 1e12 * (double)n) {
        double scale =
            sqrt((double)n / energy); /* nothing over- or underflows */
        net_real_combine(g, scale, 0, g, n, real);
        net_real_two_sums(&one, &state->second, g, n, real);
    }
    row[NET_GRADIENT] += factor;
    return true;
}

/* From random dL/dx of the last layer; NET_GRADIENT of l belongs to layer l.
 */
bool net_backward(struct net_course *course, struct net_workspace *w,
    const struct net_networks *s, size_t network,
    const struct net_watch *watch)
{
    struct shared_stream stream =
        net_stream(s, network, 0, NET_RANDOM_COTANGENTS);
    w->measure[0][NET_GRADIENT] = 1; /* there is no layer 0 to pass */
    for (size_t layer = s->depth;; layer--) {
        double row[NET_QUANTITIES] = {0}, k = (double)s->inputs;
        bool last = layer == s->depth;
        for (size_t i = 0; i < s->inputs; i++) {
            void *g = net_real_at(w->g, i * s->width, s->real);
            stream.row = (uint32_t)i;
            if (last)
                net_real_normals(g, s->width, &stream, 0, 1, s->real);
            if (!measure_gradient(
                    row, &w->state[i], g, s->width, last, s->real)) {
                course->failure = NET_FAILURE_GRADIENT;
                course->layers = layer;
                return true;
            }
        }
        w->measure[layer][NET_LOG_GRADIENT] = row[NET_LOG_GRADIENT] / k;
        if (!last)
            w->measure[layer + 1][NET_GRADIENT] = row[NET_GRADIENT] / k;
        if (layer == 0)
            return true;
        for (size_t i = 0; i < s->inputs; i++)
            pull_back_input(w, s, network, layer, i);
        net_layer_rows(w, s, network, layer);
        if (!net_layer_back(w, w->g, w->h, s, network, layer, watch))
            return false;
    }
}

/* ---- all of it ---- */

/* Which part of the inputs is inside from each layer on. */
static void count_settled(
    struct net_workspace *w, const struct net_networks *s, size_t layers)
{
    for (size_t l = 0; l < layers; l++) {
        size_t settled = 0;
        for (size_t i = 0; i < s->inputs; i++)
            settled += w->state[i].outside <= l;
        w->measure[l][NET_SETTLED] = (double)settled / (double)s->inputs;
    }
}

static enum net_failure check_row(
    const double *row, const struct net_networks *s)
{
    for (int q = 0; q < NET_QUANTITIES; q++)
        if (q != NET_GRADIENT && q != NET_LOG_GRADIENT &&
            net_measures(s, (enum net_quantity)q) && !isfinite(row[q]))
            return NET_FAILURE_NOT_FINITE;
    return NET_FAILURE_NONE;
}

void net_run_one(struct net_course *course, struct net_workspace *w,
    const struct net_networks *s, size_t network,
    const struct net_watch *watch)
{
    *course = (struct net_course){0};
    for (size_t i = 0; i < s->inputs; i++)
        w->state[i] = (struct net_state){0};
    for (size_t layer = 0; layer <= s->depth; layer++) {
        if (layer == 0)
            draw_inputs(w, s, network);
        else if (!run_layer(w, s, network, layer, watch))
            return;
        course->failure = net_measure_layer(
            w, layer ? z_of(w, s, layer) : w->z, s, network, layer);
        if (!course->failure)
            course->failure = check_row(w->measure[layer], s);
        if (layer > 0)
            watch->layers_done(watch->context, 1);
        if (course->failure) {
            watch->layers_done(watch->context, s->depth - layer);
            break;
        }
        course->layers = layer + 1;
    }
    count_settled(w, s, course->layers);
    if (s->backward && !course->failure &&
        !net_backward(course, w, s, network, watch))
        return;
    course->ended = true;
}

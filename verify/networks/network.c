/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/network.h"
#include "verify/networks/real.h"
#include <math.h>
#include <stdlib.h>

enum { LINE = 64 };

/* ---- memory ---- */

/* What is taken, by one list: for taking, releasing and counting. */
static int parts(const struct sn_networks *s, struct sn_workspace *w,
    void **place[12], double bytes[12])
{
    double n = (double)s->width, k = (double)s->inputs,
           real = (double)sn_real_size(s->real), rows = (double)s->depth + 1;
    bool orthogonal = s->weights->kind == SN_ROW_ORTHOGONAL;
    bool direct = s->way == SN_WAY_DIRECT;
    const struct {
        void **place;
        double bytes;
    } part[] = {
        {&w->x, n * k * real},
        {&w->z, n * k * real * (s->backward ? rows - 1 : 1)},
        {&w->g, s->backward ? n * k * real : 0},
        {&w->h, s->backward ? n * k * real : 0},
        {&w->weights, direct && !orthogonal
                          ? (double)sn_block_rows(s->width) * n * real
                          : 0},
        {(void **)&w->row, n * sizeof(double)},
        {(void **)&w->wide, orthogonal ? n * k * sizeof(double) : 0},
        {(void **)&w->column, n * sizeof(double)},
        {(void **)&w->omega, n * sizeof(double)},
        {(void **)&w->tau, n * sizeof(double)},
        {(void **)&w->state, k * sizeof(struct sn_state)},
        {(void **)&w->measure, rows * sizeof *w->measure},
    };
    int count = sizeof part / sizeof *part;
    for (int i = 0; i < count; i++) {
        place[i] = part[i].place;
        bytes[i] = part[i].bytes > 0 ? part[i].bytes + LINE : 0;
    }
    return count;
}

double sn_workspace_bytes(const struct sn_networks *s)
{
    struct sn_workspace w;
    void **place[12];
    double bytes[12], sum = 0;
    for (int i = parts(s, &w, place, bytes); i-- > 0;)
        sum += bytes[i];
    return sum;
}

bool sn_workspace_take(struct sn_workspace *w, const struct sn_networks *s)
{
    void **place[12];
    double bytes[12];
    bool enough = true;
    *w = (struct sn_workspace){0};
    for (int i = parts(s, w, place, bytes); i-- > 0;) {
        size_t size = (size_t)bytes[i] / LINE * LINE;
        *place[i] = size ? aligned_alloc(LINE, size) : NULL;
        enough = enough && (*place[i] || !size);
    }
    enough = enough && (w->gram = calloc(SN_NETWORKS_MAX_EXACT_INPUTS *
                                             SN_NETWORKS_MAX_EXACT_INPUTS,
                            sizeof(double)));
    for (size_t u = 0; enough && u < s->width; u++) {
        w->omega[u] = 0;
        w->tau[u] = 1;
    }
    return enough;
}

void sn_workspace_release(struct sn_workspace *w)
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
    struct sn_workspace *w, const struct sn_networks *s, size_t network)
{
    struct sn_stream stream = {.seed = s->seed,
        .network = (uint32_t)network,
        .kind = SN_RANDOM_INPUTS};
    double rho = s->correlation, mu = s->start_mean;
    double own = sqrt((1 - rho) * (1 + rho));
    for (size_t i = 0; i < s->inputs; i++) {
        void *x = sn_real_at(w->x, i * s->width, s->real);
        if (s->data) {
            sn_real_round(x, s->data + i * s->width, s->width, s->real);
            continue;
        }
        stream.row = (uint32_t)i;
        bool second = i % 2 == 1 && rho != 0;
        sn_real_normals(x, s->width, &stream, second ? mu * (1 - rho) : mu,
            sqrt(s->start_variance) * (second ? own : 1), s->real);
        if (second)
            sn_real_combine(x, 1, rho,
                sn_real_at(w->x, (i - 1) * s->width, s->real), s->width,
                s->real);
    }
}

static void *z_of(
    struct sn_workspace *w, const struct sn_networks *s, size_t layer)
{
    size_t skip = s->backward ? (layer - 1) * s->inputs * s->width : 0;
    return sn_real_at(w->z, skip, s->real);
}

/* Layer 0 is measured too; false: told to stop. */
static bool forward(struct sn_workspace *w, const struct sn_networks *s,
    size_t network, size_t layer, const struct sn_watch *watch)
{
    void *z = z_of(w, s, layer);
    sn_layer_rows(w, s, network, layer);
    if (s->way == SN_WAY_DIRECT)
        return sn_layer_direct(w, z, s, network, layer, watch);
    if (!watch->go_on(watch->context))
        return false;
    sn_layer_exact(w, z, s, network, layer);
    return true;
}

/* ---- backward ---- */

/* dL/dz of one input: through dropout and the activation. */
static void through(struct sn_workspace *w, const struct sn_networks *s,
    size_t network, size_t layer, size_t input)
{
    size_t skip = input * s->width;
    void *g = sn_real_at(w->g, skip, s->real);
    void *h = sn_real_at(w->h, skip, s->real);
    sn_real_gradient(h, g, sn_real_at(z_of(w, s, layer), skip, s->real),
        s->width, s->unit, s->real);
    if (!sn_layer_drops(s, layer))
        return;
    sn_layer_mask(w->row, s, network, layer, input);
    sn_real_widen(w->column, h, s->width, s->real);
    for (size_t j = 0; j < s->width; j++)
        w->column[j] *= s->dropout.a * w->row[j];
    sn_real_round(h, w->column, s->width, s->real);
}

/* A gradient's energy; `state` keeps that of the layer above and its log. */
static bool measure_gradient(double *row, struct sn_state *state, void *g,
    size_t n, bool last, enum sn_real real)
{
    double one, energy;
    sn_real_two_sums(&one, &energy, g, n, real);
    if (last) {
        state->second = energy;
        state->mean = 0;
    }
    double factor = energy / state->second;
    state->mean += log(factor);
    state->second = energy;
    row[SN_LOG_GRADIENT] += state->mean;
    if (!isfinite(state->mean))
        return false;
    if (energy < 1e-12 * (double)n || energy > 1e12 * (double)n) {
        double scale =
            sqrt((double)n / energy); /* nothing over- or underflows */
        sn_real_combine(g, scale, 0, g, n, real);
        sn_real_two_sums(&one, &state->second, g, n, real);
    }
    row[SN_GRADIENT] += factor;
    return true;
}

/* From random dL/dx of the last layer; SN_GRADIENT of l belongs to layer l. */
bool sn_network_backward(struct sn_course *course, struct sn_workspace *w,
    const struct sn_networks *s, size_t network, const struct sn_watch *watch)
{
    struct sn_stream stream = {.seed = s->seed,
        .network = (uint32_t)network,
        .kind = SN_RANDOM_COTANGENTS};
    w->measure[0][SN_GRADIENT] = 1; /* there is no layer 0 to pass */
    for (size_t layer = s->depth;; layer--) {
        double row[SN_QUANTITIES] = {0}, k = (double)s->inputs;
        bool last = layer == s->depth;
        for (size_t i = 0; i < s->inputs; i++) {
            void *g = sn_real_at(w->g, i * s->width, s->real);
            stream.row = (uint32_t)i;
            if (last)
                sn_real_normals(g, s->width, &stream, 0, 1, s->real);
            if (!measure_gradient(
                    row, &w->state[i], g, s->width, last, s->real)) {
                course->failure = SN_FAILURE_GRADIENT;
                course->layers = layer;
                return true;
            }
        }
        w->measure[layer][SN_LOG_GRADIENT] = row[SN_LOG_GRADIENT] / k;
        if (!last)
            w->measure[layer + 1][SN_GRADIENT] = row[SN_GRADIENT] / k;
        if (layer == 0)
            return true;
        for (size_t i = 0; i < s->inputs; i++)
            through(w, s, network, layer, i);
        sn_layer_rows(w, s, network, layer);
        if (!sn_layer_back(w, w->g, w->h, s, network, layer, watch))
            return false;
    }
}

/* ---- all of it ---- */

/* Which part of the inputs is inside from each layer on. */
static void settle(
    struct sn_workspace *w, const struct sn_networks *s, size_t layers)
{
    for (size_t l = 0; l < layers; l++) {
        size_t settled = 0;
        for (size_t i = 0; i < s->inputs; i++)
            settled += w->state[i].outside <= l;
        w->measure[l][SN_SETTLED] = (double)settled / (double)s->inputs;
    }
}

static enum sn_failure checked(const double *row, const struct sn_networks *s)
{
    for (int q = 0; q < SN_QUANTITIES; q++)
        if (q != SN_GRADIENT && q != SN_LOG_GRADIENT &&
            sn_networks_measures(s, (enum sn_quantity)q) && !isfinite(row[q]))
            return SN_FAILURE_NOT_FINITE;
    return SN_FAILURE_NONE;
}

void sn_network_run(struct sn_course *course, struct sn_workspace *w,
    const struct sn_networks *s, size_t network, const struct sn_watch *watch)
{
    *course = (struct sn_course){0};
    for (size_t i = 0; i < s->inputs; i++)
        w->state[i] = (struct sn_state){0};
    for (size_t layer = 0; layer <= s->depth; layer++) {
        if (layer == 0)
            draw_inputs(w, s, network);
        else if (!forward(w, s, network, layer, watch))
            return;
        course->failure = sn_measure_layer(
            w, layer ? z_of(w, s, layer) : w->z, s, network, layer);
        if (!course->failure)
            course->failure = checked(w->measure[layer], s);
        if (layer > 0)
            watch->layers_done(watch->context, 1);
        if (course->failure) {
            watch->layers_done(watch->context, s->depth - layer);
            break;
        }
        course->layers = layer + 1;
    }
    settle(w, s, course->layers);
    if (s->backward && !course->failure &&
        !sn_network_backward(course, w, s, network, watch))
        return;
    course->ended = true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: one network, run by one thread. */
#ifndef SN_VERIFY_NETWORKS_LAYERS_NETWORK_H
#define SN_VERIFY_NETWORKS_LAYERS_NETWORK_H

#include "verify/networks/networks.h"

/* One input in the layer before, and what it was then. */
struct net_state {
    double mean, variance, second; /* variance: unbiased */
    double fourth;                 /* mean of x^4, where needed */
    double product; /* odd inputs: mean of x times the one before it */
    size_t outside; /* last layer that was not inside */
};

/* What one thread needs, taken once and used for network after network. */
struct net_workspace {
    void *x;                 /* inputs x width */
    void *z;                 /* inputs x width; all layers with backward */
    void *g, *h;             /* gradients, with backward */
    void *weights;           /* a block of rows x width */
    double *row;             /* width */
    double *wide;            /* inputs x width, orthogonal only */
    double *column;          /* width: sums over the inputs */
    double *omega, *tau;     /* width: of this layer's units */
    double *gram;            /* inputs x inputs, exact only */
    struct net_state *state; /* inputs */
    double (*measure)[NET_QUANTITIES]; /* depth + 1 */
};
bool net_workspace_take(
    struct net_workspace *w, const struct net_networks *settings);
void net_workspace_release(struct net_workspace *w);
double net_workspace_bytes(const struct net_networks *settings);

/* How far one network came: rows 0 .. layers - 1 of w->measure hold. */
struct net_course {
    bool ended; /* at its last layer or a failure, not by being stopped */
    size_t layers;
    enum net_failure failure;
};

/* go_on is asked before each block of weights; false stops the network. */
struct net_watch {
    bool (*go_on)(void *context);
    void (*layers_done)(void *context, size_t layers);
    void *context;
};

void net_run_one(struct net_course *course, struct net_workspace *w,
    const struct net_networks *settings, size_t network,
    const struct net_watch *watch);

/* ---- parts of it ---- */

static inline struct shared_stream net_stream(const struct net_networks *s,
    size_t network, size_t layer, enum net_random_kind kind)
{
    return (struct shared_stream){.seed = s->seed,
        .replicate = (uint32_t)network,
        .index = (uint32_t)layer,
        .kind = kind};
}

/* The layer's own omega, tau (per unit or the same for all). */
void net_layer_rows(struct net_workspace *w, const struct net_networks *s,
    size_t network, size_t layer);

/* z of the layer from x; false: told to stop. */
bool net_layer_direct(struct net_workspace *w, void *z,
    const struct net_networks *s, size_t network, size_t layer,
    const struct net_watch *watch);
void net_layer_exact(struct net_workspace *w, void *z,
    const struct net_networks *s, size_t network, size_t layer);

/* y = x W, W the layer's matrix: gradients; false: told to stop. */
bool net_layer_back(struct net_workspace *w, void *y, const void *x,
    const struct net_networks *s, size_t network, size_t layer,
    const struct net_watch *watch);

/* What dropout does to one row; keep[j]: 1 or 0. */
bool net_layer_drops(const struct net_networks *s, size_t layer);
void net_layer_mask(double *keep, const struct net_networks *s, size_t network,
    size_t layer, size_t input);

/* From z, f, x of one input and layer to sums. */
enum net_failure net_measure_layer(struct net_workspace *w, const void *z,
    const struct net_networks *s, size_t network, size_t layer);

/* Fills NET_GRADIENT and NET_LOG_GRADIENT; false: told to stop. */
bool net_backward(struct net_course *course, struct net_workspace *w,
    const struct net_networks *s, size_t network,
    const struct net_watch *watch);
size_t net_block_rows(size_t width);

#endif

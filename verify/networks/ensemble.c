/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/networks.h"
#include "verify/shared/hash.h"
#include <stdlib.h>

enum sn_status net_ensemble_init(
    struct net_ensemble *ensemble, const struct net_networks *settings)
{
    size_t rows = settings->depth + 1;
    *ensemble = (struct net_ensemble){.settings = *settings, .layers = rows};
    ensemble->cell = calloc(rows * NET_QUANTITIES, sizeof *ensemble->cell);
    ensemble->pooled = calloc(NET_POOLED, sizeof *ensemble->pooled);
    if (ensemble->cell && ensemble->pooled)
        return SN_OK;
    net_ensemble_clear(ensemble);
    return SN_NO_MEMORY;
}

void net_ensemble_clear(struct net_ensemble *ensemble)
{
    free(ensemble->cell);
    free(ensemble->pooled);
    ensemble->cell = ensemble->pooled = NULL;
}

static void add_to_cell(struct net_cell *cell, double x)
{
    net_sum_add(&cell->sum, x);
    net_sum_add(&cell->square, x * x);
}

void net_ensemble_note(struct net_ensemble *ensemble, enum net_failure failure,
    size_t network, size_t layer)
{
    if (!failure)
        return;
    if (ensemble->failure && (layer > ensemble->failed_layer ||
                                 (layer == ensemble->failed_layer &&
                                     network > ensemble->failed_network)))
        return;
    ensemble->failure = failure;
    ensemble->failed_network = network;
    ensemble->failed_layer = layer;
    ensemble->layers = layer;
}

void net_ensemble_add(struct net_ensemble *ensemble,
    const double (*measure)[NET_QUANTITIES], size_t layers,
    enum net_failure failure, size_t network)
{
    const struct net_networks *s = &ensemble->settings;
    double sum[NET_RESIDUAL_COUNT] = {0};
    ensemble->networks++;
    net_ensemble_note(ensemble, failure, network, layers);
    for (size_t l = 0; l < layers; l++)
        for (int q = 0; q < NET_QUANTITIES; q++)
            if (net_measures(s, (enum net_quantity)q) &&
                (q < NET_F_MEAN_NOISE || l > 0)) {
                add_to_cell(&ensemble->cell[l * NET_QUANTITIES + (size_t)q],
                    measure[l][q]);
                if (q >= NET_RESIDUALS)
                    sum[q - NET_RESIDUALS] += measure[l][q];
            }
    for (int r = 0; layers > 1 && r < NET_RESIDUAL_COUNT; r++)
        add_to_cell(&ensemble->pooled[r], sum[r] / (double)(layers - 1));
    if (layers <= s->depth)
        return;
    const double off[2] = {measure[s->depth][NET_MEAN] - s->target_mean,
        measure[s->depth][NET_VARIANCE] - s->target_variance};
    for (int i = 0; i < 2; i++) {
        struct net_cell *third = &ensemble->pooled[NET_THIRDS + 2 * i];
        add_to_cell(&third[0], off[i]);
        net_sum_add(&third[1].sum, off[i] * off[i] * off[i]);
    }
}

static void merge_cells(
    struct net_cell *cell, struct net_cell *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        net_sum_merge(&cell[i].sum, &other[i].sum);
        net_sum_merge(&cell[i].square, &other[i].square);
    }
}

void net_ensemble_merge(
    struct net_ensemble *ensemble, struct net_ensemble *other)
{
    merge_cells(ensemble->cell, other->cell,
        (ensemble->settings.depth + 1) * NET_QUANTITIES);
    merge_cells(ensemble->pooled, other->pooled, NET_POOLED);
    ensemble->networks += other->networks;
    net_ensemble_note(
        ensemble, other->failure, other->failed_network, other->failed_layer);
}

uint64_t net_ensemble_digest(const struct net_ensemble *ensemble)
{
    uint64_t hash = shared_hash_number(SHARED_HASH_START, ensemble->networks);
    hash = shared_hash_number(hash, ensemble->layers);
    for (size_t i = 0; i < ensemble->layers * NET_QUANTITIES; i++) {
        hash = net_sum_hash(hash, &ensemble->cell[i].sum);
        hash = net_sum_hash(hash, &ensemble->cell[i].square);
    }
    for (size_t r = 0; r < NET_POOLED; r++)
        hash = net_sum_hash(hash, &ensemble->pooled[r].sum);
    return hash;
}

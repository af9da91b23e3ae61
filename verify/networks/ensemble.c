/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/networks.h"
#include <stdlib.h>

enum sn_status sn_ensemble_init(
    struct sn_ensemble *ensemble, const struct sn_networks *settings)
{
    size_t rows = settings->depth + 1;
    *ensemble = (struct sn_ensemble){.settings = *settings, .layers = rows};
    ensemble->cell = calloc(rows * SN_QUANTITIES, sizeof *ensemble->cell);
    ensemble->pooled = calloc(SN_POOLED, sizeof *ensemble->pooled);
    if (ensemble->cell && ensemble->pooled)
        return SN_OK;
    sn_ensemble_clear(ensemble);
    return SN_NO_MEMORY;
}

void sn_ensemble_clear(struct sn_ensemble *ensemble)
{
    free(ensemble->cell);
    free(ensemble->pooled);
    ensemble->cell = ensemble->pooled = NULL;
}

static void add(struct sn_cell *cell, double x)
{
    sn_sum_add(&cell->sum, x);
    sn_sum_add(&cell->square, x * x);
}

void sn_ensemble_note(struct sn_ensemble *ensemble, enum sn_failure failure,
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

void sn_ensemble_add(struct sn_ensemble *ensemble,
    const double (*measure)[SN_QUANTITIES], size_t layers,
    enum sn_failure failure, size_t network)
{
    const struct sn_networks *s = &ensemble->settings;
    double sum[SN_RESIDUAL_COUNT] = {0};
    ensemble->networks++;
    sn_ensemble_note(ensemble, failure, network, layers);
    for (size_t l = 0; l < layers; l++)
        for (int q = 0; q < SN_QUANTITIES; q++)
            if (sn_networks_measures(s, (enum sn_quantity)q) &&
                (q < SN_F_MEAN_NOISE || l > 0)) {
                add(&ensemble->cell[l * SN_QUANTITIES + (size_t)q],
                    measure[l][q]);
                if (q >= SN_RESIDUALS)
                    sum[q - SN_RESIDUALS] += measure[l][q];
            }
    for (int r = 0; layers > 1 && r < SN_RESIDUAL_COUNT; r++)
        add(&ensemble->pooled[r], sum[r] / (double)(layers - 1));
    if (layers <= s->depth)
        return;
    const double off[2] = {measure[s->depth][SN_MEAN] - s->target_mean,
        measure[s->depth][SN_VARIANCE] - s->target_variance};
    for (int i = 0; i < 2; i++) {
        struct sn_cell *third = &ensemble->pooled[SN_THIRDS + 2 * i];
        add(&third[0], off[i]);
        sn_sum_add(&third[1].sum, off[i] * off[i] * off[i]);
    }
}

static void merge(struct sn_cell *cell, struct sn_cell *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sn_sum_merge(&cell[i].sum, &other[i].sum);
        sn_sum_merge(&cell[i].square, &other[i].square);
    }
}

void sn_ensemble_merge(struct sn_ensemble *ensemble, struct sn_ensemble *other)
{
    merge(ensemble->cell, other->cell,
        (ensemble->settings.depth + 1) * SN_QUANTITIES);
    merge(ensemble->pooled, other->pooled, SN_POOLED);
    ensemble->networks += other->networks;
    sn_ensemble_note(
        ensemble, other->failure, other->failed_network, other->failed_layer);
}

static uint64_t hash_number(uint64_t hash, uint64_t x)
{
    for (int i = 0; i < 8; i++) {
        hash ^= x >> 8 * i & 0xff;
        hash *= 0x100000001b3;
    }
    return hash;
}

uint64_t sn_ensemble_digest(const struct sn_ensemble *ensemble)
{
    uint64_t hash = hash_number(0xcbf29ce484222325, ensemble->networks);
    hash = hash_number(hash, ensemble->layers);
    for (size_t i = 0; i < ensemble->layers * SN_QUANTITIES; i++) {
        hash = sn_sum_hash(hash, &ensemble->cell[i].sum);
        hash = sn_sum_hash(hash, &ensemble->cell[i].square);
    }
    for (size_t r = 0; r < SN_POOLED; r++)
        hash = sn_sum_hash(hash, &ensemble->pooled[r].sum);
    return hash;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/draw.h"

void train_draw_normals(
    float *y, size_t n, const struct train_drawer *d, double deviation)
{
    const struct net_stream stream = {.seed = d->seed,
        .network = d->replicate,
        .layer = d->index,
        .row = d->row,
        .kind = (enum net_random_kind)d->kind};
    net_normals_f32(y, n, &stream, 0, deviation);
}

void train_draw_words(
    uint32_t word[4], const struct train_drawer *d, uint32_t i)
{
    const uint32_t counter[4] = {
        i, d->row, d->index | (uint32_t)d->kind << 24, d->replicate};
    const uint32_t key[2] = {(uint32_t)d->seed, (uint32_t)(d->seed >> 32)};
    net_philox(word, counter, key);
}

static uint64_t word64(const struct train_drawer *d, uint32_t j)
{
    uint32_t word[4];
    train_draw_words(word, d, j / 2);
    uint32_t high = word[2 * (j % 2)], low = word[2 * (j % 2) + 1];
    return (uint64_t)high << 32 | low;
}

double train_draw_uniform(const struct train_drawer *d, uint32_t j)
{
    /* 53 bits: the sum is exact, and below 1 */
    return ((double)(word64(d, j) >> 12) + 0.5) * 0x1p-52;
}

/* floor(word n / 2^64) */
static size_t below(uint64_t word, size_t n)
{
    return (size_t)((unsigned __int128)word * n >> 64);
}

void train_draw_order(size_t *x, size_t n, const struct train_drawer *d)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = below(word64(d, (uint32_t)(n - i)), i), kept = x[i - 1];
        x[i - 1] = x[j];
        x[j] = kept;
    }
}

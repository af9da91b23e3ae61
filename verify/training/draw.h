/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers of training by index, as in verify/networks/random.h, with
 * kinds of their own: a pure function of (seed, replicate, index, row, column)
 * and of what the number is for.
 */
#ifndef SN_VERIFY_TRAINING_DRAW_H
#define SN_VERIFY_TRAINING_DRAW_H

#include "verify/networks/random.h"
#include <stddef.h>
#include <stdint.h>

/* Far from the kinds of net_random_kind, which has 8 bits. */
enum train_draw {
    TRAIN_DRAW_WEIGHTS = 0x40,
    TRAIN_DRAW_ORDER,
    TRAIN_DRAW_DROPOUT,
    TRAIN_DRAW_SPLIT,
    TRAIN_DRAW_TASK,
    TRAIN_DRAW_NOISE
};

/* A row of numbers; index is at most NET_RANDOM_MAX_LAYER. */
struct train_drawer {
    uint64_t seed;
    uint32_t replicate, index, row;
    enum train_draw kind;
};

/* y[j] = deviation * N(0, 1) of column j, rounded to binary32. */
void train_draw_normals(
    float *y, size_t n, const struct train_drawer *drawer, double deviation);

/* Four words: columns 4 i to 4 i + 3. */
void train_draw_words(
    uint32_t word[4], const struct train_drawer *drawer, uint32_t i);

/* Uniform in [0, 1): (k + 1/2)/2^64 of column j, so never 0. */
double train_draw_uniform(const struct train_drawer *drawer, uint32_t j);

/*
 * Puts x[0 .. n - 1] in a random order.  64-bit words choose among at most n:
 * off from uniform by less than n/2^64 a choice.
 */
void train_draw_order(size_t *x, size_t n, const struct train_drawer *drawer);

#endif

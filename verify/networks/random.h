/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers by index: each is a pure function of (seed, network, layer,
 * row, column), so neither threads nor block sizes nor what was drawn before
 * can change it.
 *
 * Words are Philox4x32-10 of Random123.  Key: the seed, low half first.
 * Counter: {c, row, layer + 2^24 kind, network}.  Column j = 256 b + 64 p + i,
 * p < 4, i < 64, belongs to c = 64 b + i: a uniform number is word p of that
 * counter, and the four normal ones are two pairs by Box-Muller, words (0, 1)
 * for p = 0, 1 and (2, 3) for p = 2, 3:
 *   sqrt(-2 ln u) (cos, sin)(2 pi k'/2^32),  u = (k + 1/2)/2^32, never 0,
 * evaluated by +, -, *, / and sqrt alone, without contraction: the same bits
 * on every IEEE machine, compiler and vector length.
 *
 * 32-bit uniforms bound a number by 6.764 in size (binary32: 31 bits, 6.661);
 * a true normal exceeds that with probability 1.4e-11 (2.8e-11), and the
 * variance is 1 to within 2e-9.  Binary64: relative error below 1e-12 in the
 * radius and absolute error below 1e-14 in cos and sin.  Binary32: 2e-7 of
 * the radius, 2e-7 in cos and sin; see the test normals_follow_the_formula.
 */
#ifndef SN_VERIFY_NETWORKS_RANDOM_H
#define SN_VERIFY_NETWORKS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* What the numbers are for; a new use takes a new kind, never an old one. */
enum net_random_kind {
    NET_RANDOM_WEIGHTS,
    NET_RANDOM_INPUTS,
    NET_RANDOM_PREACTIVATIONS, /* the method exact: row = input */
    NET_RANDOM_ROWS,           /* omega and tau of a layer's units */
    NET_RANDOM_DROPOUT,        /* row = input */
    NET_RANDOM_COTANGENTS,     /* row = input */
    NET_RANDOM_AGAIN = 64      /* + k: k-th try of truncated weights, k < 64 */
};

enum { NET_RANDOM_MAX_LAYER = (1 << 24) - 1 };

/* One row of numbers; layer is at most NET_RANDOM_MAX_LAYER. */
struct net_stream {
    uint64_t seed;
    uint32_t network, layer, row;
    enum net_random_kind kind;
};

/* y[j] = mean + deviation * (number in column j), j < n, rounded once. */
void net_normals_f32(float *y, size_t n, const struct net_stream *stream,
    double mean, double deviation);
void net_normals_f64(double *y, size_t n, const struct net_stream *stream,
    double mean, double deviation);
/* y[j] = (word in column j + 1/2)/2^32 */
void net_uniforms_f64(double *y, size_t n, const struct net_stream *stream);

/* Philox4x32-10 itself, for known-answer tests. */
void net_philox(
    uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

#endif

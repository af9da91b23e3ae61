/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers by index: each is a pure function of (seed, replicate, index,
 * row, column) and of what it is for, so neither threads nor block sizes nor
 * what was drawn before can change it.
 *
 * Words are Philox4x32-10 of Random123.  Key: the seed, low half first.
 * Counter: {c, row, index + 2^24 kind, replicate}.
 *
 * ROWS of numbers.  Column j = 256 b + 64 p + i, p < 4, i < 64, belongs to
 * c = 64 b + i: a uniform number is word p of that counter, and the four
 * normal ones are two pairs by Box-Muller, words (0, 1) for p = 0, 1 and
 * (2, 3) for p = 2, 3:
 *   sqrt(-2 ln u) (cos, sin)(2 pi k'/2^32),  u = (k + 1/2)/2^32, never 0,
 * evaluated by +, -, *, / and sqrt alone, without contraction: the same bits
 * on every IEEE machine, compiler and vector length.
 *
 * 32-bit uniforms bound a number by 6.764 in size (binary32: 31 bits, 6.661);
 * a true normal exceeds that with probability 1.4e-11 (2.8e-11), and the
 * variance is 1 to within 2e-9.  Binary64: relative error below 1e-12 in the
 * radius and absolute error below 1e-14 in cos and sin.  Binary32: 2e-7 of
 * the radius, 2e-7 in cos and sin; see the test normals_follow_the_formula.
 *
 * SINGLE NUMBERS.  Words 4 c to 4 c + 3 of a stream are those of counter c.
 */
#ifndef SN_VERIFY_SHARED_RANDOM_H
#define SN_VERIFY_SHARED_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum { SHARED_RANDOM_MAX_INDEX = (1 << 24) - 1 };

/*
 * One row of numbers.  index is at most SHARED_RANDOM_MAX_INDEX; kind, below
 * 256, says what the numbers are for: each room has a list of its own, where a
 * new use takes a new kind, never an old one.
 */
struct shared_stream {
    uint64_t seed;
    uint32_t replicate, index, row, kind;
};

/* y[j] = mean + deviation * (number in column j), j < n, rounded once. */
void shared_normals_f32(float *y, size_t n, const struct shared_stream *stream,
    double mean, double deviation);
void shared_normals_f64(double *y, size_t n,
    const struct shared_stream *stream, double mean, double deviation);
/* y[j] = (word in column j + 1/2)/2^32 */
void shared_uniforms_f64(
    double *y, size_t n, const struct shared_stream *stream);

/* Words 4 c to 4 c + 3 of the stream. */
void shared_words(
    uint32_t word[4], const struct shared_stream *stream, uint32_t c);
/* Words 2 j and 2 j + 1 as (k + 1/2)/2^52, of 52 bits: never 0 nor 1. */
double shared_uniform52(const struct shared_stream *stream, uint32_t j);
/*
 * Puts x[0 .. n - 1] in a random order.  64-bit words choose among at most n:
 * off from uniform by less than n/2^64 a choice.
 */
void shared_order(size_t *x, size_t n, const struct shared_stream *stream);

/* Philox4x32-10 itself, for known-answer tests. */
void shared_philox(
    uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

#endif

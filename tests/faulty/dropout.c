/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpha dropout: a right one, and each mutant known from the field. */
#include "tests/faulty/faulty.h"
#include <pthread.h>
#include <stdbool.h>

#define LOWER (-LAMBDA * ALPHA)

static uint64_t hash(uint64_t seed, uint64_t i)
{
    uint64_t z = seed * 0xd1342543de82ef95 + i * 0x9e3779b97f4a7c15 + 1;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    return z ^ z >> 29;
}

static double uniform(uint64_t seed, uint64_t i)
{
    return (double)(hash(seed, i) >> 11) * 0x1p-53;
}

struct law {
    double a, b, dropped;
};

static struct law right(double p)
{
    double q = 1 - p, a = 1 / sqrt(q * (1 + p * LOWER * LOWER));
    return (struct law){a, -a * p * LOWER, a * LOWER - a * p * LOWER};
}

static void run(float *y, const float *x, size_t n, double p, uint64_t seed,
    struct law law)
{
    for (size_t i = 0; i < n; i++)
        y[i] =
            (float)(uniform(seed, i) < p ? law.dropped : law.a * x[i] + law.b);
}

#define DROPOUT(name)                                                         \
    void name(float *y, const float *x, size_t n, double p, uint64_t seed)

DROPOUT(good_dropout)
{
    run(y, x, n, p, seed, right(p));
}

void good_dropout_f64(
    double *y, const double *x, size_t n, double p, uint64_t seed)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = uniform(seed, i) < p ? law.dropped : law.a * x[i] + law.b;
}

DROPOUT(variance_cubed)
{
    struct law law = right(p);
    double a = pow(1 - p, 1.5);
    run(y, x, n, p, seed,
        p > 0 ? (struct law){a, -a * p * LOWER, a * LOWER * (1 - p)} : law);
}

DROPOUT(no_square_root)
{
    double a = right(p).a * right(p).a;
    run(y, x, n, p, seed,
        (struct law){a, -a * p * LOWER, a * LOWER * (1 - p)});
}

DROPOUT(root_of_q)
{
    double a = 1 / sqrt(1 - p);
    run(y, x, n, p, seed,
        (struct law){a, -a * p * LOWER, a * LOWER * (1 - p)});
}

DROPOUT(wrong_sign)
{
    struct law law = right(p);
    law.dropped = law.a * -LOWER + law.b;
    run(y, x, n, p, seed, law);
}

/* As the literal 1.7581 does: 310 units of alpha' in float. */
DROPOUT(dropped_value_off)
{
    struct law law = right(p);
    law.dropped = law.a * (LOWER * (1 + 310 * 0x1p-24)) + law.b;
    run(y, x, n, p, seed, law);
}

DROPOUT(normal_noise)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++) {
        double noise = sqrt(-2 * log(1 - uniform(seed, 2 * i))) *
                       cos(2 * 3.14159265358979 * uniform(seed, 2 * i + 1));
        bool drop = p > 0 && noise < p;
        y[i] = (float)(drop ? law.dropped : law.a * x[i] + law.b);
    }
}

DROPOUT(mask_by_thread)
{
    run(y, x, n, p, seed ^ (uint64_t)pthread_self(), right(p));
}

DROPOUT(seed_ignored)
{
    (void)seed;
    run(y, x, n, p, 1, right(p));
}

DROPOUT(seed_cut)
{
    run(y, x, n, p, (uint32_t)seed, right(p));
}

static uint64_t calls;
DROPOUT(not_reproducible)
{
    run(y, x, n, p, seed + calls++ * 1000003, right(p));
}

/* One random number for four lanes. */
DROPOUT(lanes_share)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(seed, i / 4) < p ? law.dropped
                                                : law.a * x[i] + law.b);
}

/* Seed k + 1 is seed k moved by one. */
DROPOUT(seeds_overlap)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(0, seed * 65536 + i / 2 * 2) < p
                           ? law.dropped
                           : law.a * x[i] + law.b);
}

DROPOUT(rate_inverted)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(p > 0 && uniform(seed, i) >= p ? law.dropped
                                                      : law.a * x[i] + law.b);
}

/* p in 8 bits, as a byte of noise would have it. */
DROPOUT(rate_on_a_grid)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)((double)(hash(seed, i) >> 56) < floor(256 * p)
                           ? law.dropped
                           : law.a * x[i] + law.b);
}

DROPOUT(ordinary_dropout)
{
    run(y, x, n, p, seed, (struct law){1 / (1 - p), 0, 0});
}

DROPOUT(mask_multiplies)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++) {
        float keep = uniform(seed, i) < p ? 0 : 1;
        y[i] = (float)(law.a * (x[i] * keep + LOWER * (1 - keep)) + law.b);
    }
}

/* Large inputs survive. */
DROPOUT(mask_by_value)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++) {
        double rate = x[i] < 0 ? 1.1 * p : p * (1 - 0.2 / 3);
        y[i] = (float)(uniform(seed, i) < rate ? law.dropped
                                               : law.a * x[i] + law.b);
    }
}

DROPOUT(dropout_past_the_end)
{
    run(y, x, n, p, seed, right(p));
    if (n)
        y[n] = 0;
}

/* A generator of 16384 numbers, over and over. */
DROPOUT(mask_repeats)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(seed, i % 16384) < p ? law.dropped
                                                    : law.a * x[i] + law.b);
}

/* One in twenty takes its number from seven elements before. */
DROPOUT(seven_apart)
{
    struct law law = right(p);
    for (size_t i = 0; i < n; i++) {
        size_t from = i >= 7 && uniform(seed, i + 1000000) < 0.05 ? i - 7 : i;
        y[i] = (float)(uniform(seed, from) < p ? law.dropped
                                               : law.a * x[i] + law.b);
    }
}

/* Inputs as scratch, in long calls. */
DROPOUT(dropout_changes_inputs)
{
    run(y, x, n, p, seed, right(p));
    if (n > 1000)
        ((float *)x)[n - 1] = 7;
}

/* ---- lengths, places, shapes ---------------------------------------------
 */

/* The rest of vectors of 8 is never dropped. */
DROPOUT(tail_is_kept)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(i < n / 8 * 8 && uniform(seed, i) < p
                           ? law.dropped
                           : law.a * x[i] + law.b);
}

/* The rest of vectors of 8 has one decision. */
DROPOUT(tail_shares)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(seed, i < n / 8 * 8 ? i : n / 8 * 8) < p
                           ? law.dropped
                           : law.a * x[i] + law.b);
}

DROPOUT(tail_is_ordinary)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = i < n / 4 * 4
                   ? (float)(uniform(seed, i) < p ? law.dropped
                                                  : law.a * x[i] + law.b)
               : uniform(seed, i) < p ? 0
                                      : (float)(x[i] / (1 - p));
}

DROPOUT(mask_kept_in_the_output)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = uniform(seed, i) < p;
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(y[i] != 0 ? law.dropped : law.a * x[i] + law.b);
}

DROPOUT(index_of_16_bits)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(seed, i & 0xffff) < p ? law.dropped
                                                     : law.a * x[i] + law.b);
}

DROPOUT(long_arrays_cut)
{
    run(y, x, n < 100000 ? n : 100000, p, seed, right(p));
}

DROPOUT(by_channel_of_24)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(uniform(seed, i / 24) < p ? law.dropped
                                                 : law.a * x[i] + law.b);
}

DROPOUT(place_in_the_seed)
{
    run(y, x, n, p, seed + ((uintptr_t)y / 4 % 4), right(p));
}

/* Rare events in too few bits: wrong at small rates alone. */
DROPOUT(rate_of_10_bits)
{
    const struct law law = right(p);
    for (size_t i = 0; i < n; i++)
        y[i] = (float)(floor(uniform(seed, i) * 1024) / 1024 < p
                           ? law.dropped
                           : law.a * x[i] + law.b);
}

/* ---- constants -----------------------------------------------------------
 */

static struct law of_lower(double lower, double p)
{
    const double a = 1 / sqrt((1 - p) * (1 + p * lower * lower));
    return (struct law){a, -a * p * lower, a * lower * (1 - p)};
}

DROPOUT(alpha_prime_short)
{
    run(y, x, n, p, seed, of_lower(-1.7581, p));
}

DROPOUT(alpha_prime_without_lambda)
{
    run(y, x, n, p, seed, of_lower(-1.6732632423543772, p));
}

DROPOUT(alpha_prime_of_floats) /* as frameworks have it: right */
{
    const struct law law = right(p);
    const float a = (float)law.a, b = (float)law.b;
    for (size_t i = 0; i < n; i++)
        y[i] = (uniform(seed, i) < p ? (float)LOWER : x[i]) * a + b;
}

DROPOUT(statistics_of_the_batch)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
        square += x[i] * x[i] / (double)n;
    }
    const double variance = square - mean * mean, d = LOWER - mean;
    const double a = sqrt(variance / ((1 - p) * (p * d * d + variance)));
    const double b = mean - a * ((1 - p) * mean + p * LOWER);
    run(y, x, n, p, seed, (struct law){a, b, a * LOWER + b});
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the checker's reference and score share. */
#ifndef SN_TESTS_VERIFY_CONFORMANCE_TEST_CONFORMANCE_H
#define SN_TESTS_VERIFY_CONFORMANCE_TEST_CONFORMANCE_H

#include "verify/conformance/sweep/score.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- random numbers: SplitMix64, seeds printed ---- */

static uint64_t state;

static inline void seed(uint64_t value)
{
    state = value;
    fprintf(stderr, "reference: seed %llu\n", (unsigned long long)value);
}

static inline uint64_t random_wide(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static inline uint32_t random_bits(void)
{
    return (uint32_t)(random_wide() >> 32);
}

static inline float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t to_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* ---- */

static inline void start(struct conf_reference *reference, const char *name,
    const char *lambda, const char *alpha)
{
    const struct conf_checked_function *function = ref_function_find(name);
    cr_assert(function);
    cr_assert_eq(
        conf_reference_init(reference, function, lambda, alpha), SN_OK);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SplitMix64 (Steele, Lea and Flood 2014): test data from a fixed seed, where
 * an order is kept anyway.  What must not depend on an order: random.h.
 */
#ifndef SN_VERIFY_SHARED_SPLITMIX_H
#define SN_VERIFY_SHARED_SPLITMIX_H

#include <stdint.h>

static inline uint64_t shared_splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

#endif

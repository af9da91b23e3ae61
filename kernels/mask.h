/* SPDX-License-Identifier: MIT */
/*
 * Which elements alpha dropout keeps: 32 at a time, bit i for element i.
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) on 64-bit lanes, each
 * of which holds a 32-bit word below bits that do not matter: a product's low
 * half is then in place for the next multiplication, and its high half one
 * shift away.
 */
#ifndef SN_KERNELS_MASK_H
#define SN_KERNELS_MASK_H

#include "kernels/isa.h"

static inline uint32_t keep_group(
    const struct sn_alpha_dropout *d, uint64_t group)
{
    const vi m0 = vi_set(0xD2511F53), m1 = vi_set(0xCD9E8D57);
    const vi word = vi_set(0xffffffff), least = vi_set(d->threshold);
    uint32_t dropped = 0, tied = 0;
    group &= UINT64_MAX / 32; /* indices are modulo 2^64 */
    for (int part = 0; part < 8 / D_LANES; part++) {
        uint64_t block = 8 * group + (uint64_t)(part * D_LANES);
        vi c0 = vi_add(vi_set(block & 0xffffffff), vi_lanes());
        vi c1 = vi_set(block >> 32), c2 = vi_set(0), c3 = vi_set(0);
        uint32_t k0 = (uint32_t)d->seed, k1 = (uint32_t)(d->seed >> 32);
        for (int round = 0; round < 10; round++) {
            vi a = vi_mul32(c0, m0), b = vi_mul32(c2, m1);
            c0 = vi_xor3(vi_shr(b, 32), c1, vi_set(k0));
            c2 = vi_xor3(vi_shr(a, 32), c3, vi_set(k1));
            c1 = b;
            c3 = a;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        const vi number[4] = {vi_and(c0, word), vi_and(c1, word),
            vi_and(c2, word), vi_and(c3, word)};
        for (int w = 0; w < 4; w++) {
            int at = 8 * w + part * D_LANES;
            dropped |= (uint32_t)vm_bits(vi_lt(number[w], least)) << at;
            tied |= (uint32_t)vm_bits(vi_eq(number[w], least)) << at;
        }
    }
    uint32_t keep = ~dropped;
    for (uint32_t rest = tied; rest; rest &= rest - 1) {
        unsigned i = 0;
        while (!(rest >> i & 1))
            i++;
        if (!sn_kept_at_threshold(d, 32 * group + i))
            keep &= ~((uint32_t)1 << i);
    }
    return keep;
}

/* From any index on: the next 32 at each call. */
struct keeper {
    const struct sn_alpha_dropout *dropout;
    uint64_t group;
    unsigned shift;
    uint32_t left;
};

static inline struct keeper keeper_at(
    const struct sn_alpha_dropout *dropout, uint64_t index)
{
    struct keeper k = {dropout, index / 32, (unsigned)(index % 32), 0};
    if (k.shift)
        k.left = keep_group(dropout, k.group++);
    return k;
}

static inline uint32_t keep_next(struct keeper *k)
{
    uint32_t bits = keep_group(k->dropout, k->group++);
    if (!k->shift)
        return bits;
    uint32_t all = k->left >> k->shift | bits << (32 - k->shift);
    k->left = bits;
    return all;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Which elements alpha dropout keeps: 32 at a time, bit i for element i.  A
 * block of 128 random bits decides on 8 of them, by 16 bits each, and further
 * bits are asked for where those are the threshold itself.
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) on 64-bit lanes, each
 * of which holds a 32-bit word below bits that do not matter: a product's low
 * half is then in place for the next multiplication, and its high half one
 * shift away.  A round waits for its products, so MASK_CHAINS vectors of
 * blocks go side by side.
 */
#ifndef SN_KERNELS_MASK_H
#define SN_KERNELS_MASK_H

#include "isa.h"

enum {
    MASK_CHAINS = 4,
    /* of 8 blocks, 64 elements, that the chains hold together */
    MASK_GROUPS = MASK_CHAINS * D_LANES / 8 ? MASK_CHAINS * D_LANES / 8 : 1,
    MASK_PASSES = 8 * MASK_GROUPS / (MASK_CHAINS * D_LANES)
};

struct mask_blocks {
    vi word[4];
};

static inline void philox_round(struct mask_blocks *b, vi k0, vi k1)
{
    const vi p = vi_mul32(b->word[0], vi_set(0xD2511F53));
    const vi q = vi_mul32(b->word[2], vi_set(0xCD9E8D57));
    b->word[0] = vi_xor3(vi_shr(q, 32), b->word[1], k0);
    b->word[2] = vi_xor3(vi_shr(p, 32), b->word[3], k1);
    b->word[1] = q;
    b->word[3] = p;
}

/* the bits of the blocks from `first` of their group on: words 0 and 1 are for
   the first 32 elements of the group, 2 and 3 for the others */
static inline void compare(const struct mask_blocks *b, vi least, int first,
    uint32_t dropped[2], uint32_t tied[2])
{
    for (int half = 0; half < 2; half++) {
        const vi low = vi_and(b->word[2 * half], vi_set(0xffffffff));
        const vi numbers = vi_or(low, vi_shl(b->word[2 * half + 1], 32));
        dropped[half] |= vi_lt16(numbers, least) << 4 * first;
        tied[half] |= vi_eq16(numbers, least) << 4 * first;
    }
}

static inline struct mask_blocks blocks_at(uint64_t block)
{
    return (struct mask_blocks){
        {vi_add(vi_set(block & 0xffffffff), vi_lanes()), vi_set(block >> 32),
            vi_set(0), vi_set(0)}};
}

SN_RARELY uint32_t settle_ties(const struct sn_alpha_dropout *d, uint32_t keep,
    uint32_t tied, uint64_t index)
{
    for (unsigned i = 0; i < 32; i++)
        if (tied >> i & 1 && !sn_kept_at_threshold(d, index + i))
            keep &= ~((uint32_t)1 << i);
    return keep;
}

/* of 64 (group + i) and the 32 after it: keep[2 i], keep[2 i + 1] */
static inline void keep_groups(uint32_t keep[2 * MASK_GROUPS],
    const struct sn_alpha_dropout *d, uint64_t group)
{
    const vi least = vi_set(d->threshold * UINT64_C(0x0001000100010001));
    uint32_t dropped[2 * MASK_GROUPS] = {0}, tied[2 * MASK_GROUPS] = {0},
                         any = 0;
    for (int pass = 0; pass < MASK_PASSES; pass++) {
        struct mask_blocks b[MASK_CHAINS];
        for (int c = 0; c < MASK_CHAINS; c++) {
            int at = (pass * MASK_CHAINS + c) * D_LANES;
            uint64_t g = (group + (uint64_t)(at / 8)) & (UINT64_MAX / 64);
            b[c] = blocks_at(8 * g + (uint64_t)(at % 8));
        }
        uint32_t k0 = (uint32_t)d->seed, k1 = (uint32_t)(d->seed >> 32);
        for (int round = 0; round < 10; round++) {
            const vi v0 = vi_set(k0), v1 = vi_set(k1);
            philox_round(&b[0], v0, v1);
            philox_round(&b[1], v0, v1);
            philox_round(&b[2], v0, v1);
            philox_round(&b[3], v0, v1);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        for (int c = 0; c < MASK_CHAINS; c++) {
            int at = (pass * MASK_CHAINS + c) * D_LANES, g = at / 8;
            compare(&b[c], least, at % 8, &dropped[2 * g], &tied[2 * g]);
        }
    }
    for (int i = 0; i < 2 * MASK_GROUPS; i++) {
        keep[i] = ~dropped[i];
        any |= tied[i];
    }
    for (int i = 0; any && i < 2 * MASK_GROUPS; i++)
        keep[i] =
            settle_ties(d, keep[i], tied[i], 64 * group + 32 * (uint64_t)i);
    for (int i = 0; d->threshold > 0xffff && i < 2 * MASK_GROUPS; i++)
        keep[i] = 0; /* rate 1 is no 16-bit number */
}

/* From any index on: the next 32 at each call. */
struct mask_keeper {
    const struct sn_alpha_dropout *dropout;
    uint64_t group; /* of what comes after ready[] */
    unsigned shift;
    int used;
    uint32_t left, ready[2 * MASK_GROUPS];
};

static inline uint32_t next_32(struct mask_keeper *k)
{
    if (k->used == 2 * MASK_GROUPS) {
        keep_groups(k->ready, k->dropout, k->group);
        k->group += MASK_GROUPS;
        k->used = 0;
    }
    return k->ready[k->used++];
}

static inline struct mask_keeper keeper_at(
    const struct sn_alpha_dropout *dropout, uint64_t index)
{
    struct mask_keeper k = {.dropout = dropout,
        .group = index / 64,
        .shift = (unsigned)(index % 32),
        .used = 2 * MASK_GROUPS};
    if (index % 64 >= 32)
        next_32(&k);
    if (k.shift)
        k.left = next_32(&k);
    return k;
}

static inline uint32_t keep_next(struct mask_keeper *k)
{
    uint32_t bits = next_32(k);
    if (!k->shift)
        return bits;
    uint32_t all = k->left >> k->shift | bits << (32 - k->shift);
    k->left = bits;
    return all;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of doubles in fixed point, without rounding: the same bits in any
 * order, for any number of threads, ranks and shards.
 *
 * A sum is an integer multiple of 2^-NET_SUM_POINT in digits of 32 bits, each
 * held in 64 so that carries may wait.  What lies below 2^-NET_SUM_POINT of a
 * term is cut off (towards zero), so a term counts exactly from 2^-332 on and
 * must be below 2^383 in size: 5e-101 to 2e115.
 */
#ifndef SN_VERIFY_NETWORKS_STATISTICS_EXACT_SUM_H
#define SN_VERIFY_NETWORKS_STATISTICS_EXACT_SUM_H

#include <stdbool.h>
#include <stdint.h>

enum { NET_SUM_DIGITS = 26, NET_SUM_POINT = 384 };

struct net_sum {
    int64_t digit[NET_SUM_DIGITS];
};

/* False, and nothing added, where x is not finite or 2^383 or more. */
bool net_sum_add(struct net_sum *sum, double x);

/* At most 2^30 terms may lie between two of these; merging does it. */
void net_sum_settle(struct net_sum *sum);
void net_sum_merge(struct net_sum *sum, struct net_sum *other);

/* Within one unit in the last place; 0 only for an exact 0. */
double net_sum_value(const struct net_sum *sum);

/* Settled, so equal sums have equal digits: into a 64-bit FNV-1a hash. */
uint64_t net_sum_hash(uint64_t hash, const struct net_sum *sum);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/statistics/exact_sum.h"
#include "verify/shared/hash.h"
#include <math.h>
#include <string.h>

enum { SUM_DIGIT_BITS = 32, LARGEST_EXPONENT = 383 };

bool net_sum_add(struct net_sum *sum, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1022; /* |x| < 2^exponent */
    if (exponent > LARGEST_EXPONENT)
        return false;
    /* |x| = mantissa 2^(exponent - 53); its last bit stands at `place`. */
    uint64_t mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
    int place = exponent - 53 + NET_SUM_POINT;
    if (place < 0) { /* zero and subnormal numbers too */
        mantissa = place > -64 ? mantissa >> -place : 0;
        place = 0;
    }
    int i = place / SUM_DIGIT_BITS, shift = place % SUM_DIGIT_BITS;
    uint64_t low = (mantissa & 0xffffffff) << shift,
             high = (mantissa >> SUM_DIGIT_BITS) << shift;
    int64_t sign = bits >> 63 ? -1 : 1;
    sum->digit[i] += sign * (int64_t)(low & 0xffffffff);
    sum->digit[i + 1] +=
        sign * (int64_t)((low >> SUM_DIGIT_BITS) + (high & 0xffffffff));
    sum->digit[i + 2] += sign * (int64_t)(high >> SUM_DIGIT_BITS);
    return true;
}

/* Digits 0 .. 2^32 - 1, the sign in the last one. */
void net_sum_settle(struct net_sum *sum)
{
    int64_t carry = 0;
    for (int i = 0; i < NET_SUM_DIGITS; i++) {
        int64_t all = sum->digit[i] + carry;
        int64_t rest = all & 0xffffffff;
        bool last = i == NET_SUM_DIGITS - 1;
        sum->digit[i] = last ? all : rest;
        carry = (all - rest) / ((int64_t)1 << SUM_DIGIT_BITS);
    }
}

void net_sum_merge(struct net_sum *sum, struct net_sum *other)
{
    net_sum_settle(sum);
    net_sum_settle(other);
    for (int i = 0; i < NET_SUM_DIGITS; i++)
        sum->digit[i] += other->digit[i];
    net_sum_settle(sum);
}

double net_sum_value(const struct net_sum *sum)
{
    struct net_sum size = *sum;
    net_sum_settle(&size);
    bool negative = size.digit[NET_SUM_DIGITS - 1] < 0;
    if (negative) {
        for (int i = 0; i < NET_SUM_DIGITS; i++)
            size.digit[i] = -size.digit[i];
        net_sum_settle(&size);
    }
    /* From the first digit that counts: three hold 65 bits and more. */
    int top = NET_SUM_DIGITS - 1;
    while (top > 0 && !size.digit[top])
        top--;
    double value = 0;
    for (int i = top; i >= 0 && i > top - 4; i--)
        value +=
            ldexp((double)size.digit[i], SUM_DIGIT_BITS * i - NET_SUM_POINT);
    return negative ? -value : value;
}

uint64_t net_sum_hash(uint64_t hash, const struct net_sum *sum)
{
    struct net_sum settled = *sum;
    net_sum_settle(&settled);
    for (int i = 0; i < NET_SUM_DIGITS; i++)
        hash = shared_hash_number(hash, (uint64_t)settled.digit[i]);
    return hash;
}

/* SPDX-License-Identifier: MIT */
/*
 * Fractions of n words of 64 bits, the most significant first: 0.w0 w1 ... in
 * [0, 1), n at most SN_WORDS and known where these are inlined.  Products are
 * cut; no word is a floating-point number, so rounding modes mean nothing.
 */
#ifndef SN_KERNELS_WORDS_H
#define SN_KERNELS_WORDS_H

#include "arithmetic.h"
#include <stdint.h>
#include <string.h>

enum { SN_WORDS = 4 };

/* 0.at 2^exponent, at[0] >= 2^63 */
struct words {
    uint64_t at[SN_WORDS];
    int exponent;
};

/* a b; *high: the upper half.  Not always inline: with -O2 GCC 12 for ppc64le
   refuses that here (target specific option mismatch). */
static inline uint64_t times_64(uint64_t *high, uint64_t a, uint64_t b)
{
#if defined __SIZEOF_INT128__
    __extension__ const unsigned __int128 all = (unsigned __int128)a * b;
    *high = (uint64_t)(all >> 64);
    return (uint64_t)all;
#else
    const uint64_t below = 0xffffffff, a1 = a >> 32, b1 = b >> 32;
    const uint64_t low = (a & below) * (b & below);
    const uint64_t one = a1 * (b & below) + (low >> 32);
    const uint64_t two = (a & below) * b1 + (one & below);
    *high = a1 * b1 + (one >> 32) + (two >> 32);
    return two << 32 | (low & below);
#endif
}

/* y = a b, cut; y may be a or b */
SN_INLINE void words_times(
    uint64_t *y, const uint64_t *a, const uint64_t *b, int n)
{
    uint64_t all[2 * SN_WORDS] = {0};
    for (int i = n - 1; i >= 0; i--) {
        uint64_t carry = 0;
        for (int j = n - 1; j >= 0; j--) {
            uint64_t high, low = times_64(&high, a[i], b[j]);
            low += carry;
            high += low < carry;
            low += all[i + j + 1];
            high += low < all[i + j + 1];
            all[i + j + 1] = low;
            carry = high;
        }
        all[i] = carry;
    }
    memcpy(y, all, (size_t)n * sizeof *y);
}

/* y = a - b modulo 1 */
SN_INLINE void words_minus(
    uint64_t *y, const uint64_t *a, const uint64_t *b, int n)
{
    uint64_t borrow = 0;
    for (int i = n - 1; i >= 0; i--) {
        const uint64_t part = a[i] - b[i];
        const uint64_t next = (a[i] < b[i]) | (part < borrow);
        y[i] = part - borrow;
        borrow = next;
    }
}

/* y = 1 - y, and a unit of the last place less: below 1 even for 0 */
SN_INLINE void words_below_1_minus(uint64_t *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = ~y[i];
}

/* y = y 2^-count, cut */
SN_INLINE void words_shift(uint64_t *y, int n, int count)
{
    const int whole = count / 64 < n ? count / 64 : n, bits = count % 64;
    for (int i = n - 1; i >= 0; i--) {
        const uint64_t here = i >= whole ? y[i - whole] : 0;
        const uint64_t above = i > whole ? y[i - whole - 1] : 0;
        y[i] = bits ? here >> bits | above << (64 - bits) : here;
    }
}

/* a number other than 0 */
SN_INLINE void words_normalize(struct words *y, int n)
{
    while (!(y->at[0] >> 63)) {
        for (int i = 0; i < n; i++)
            y->at[i] = y->at[i] << 1 | (i + 1 < n ? y->at[i + 1] >> 63 : 0);
        y->exponent--;
    }
}

/* |x|, finite and not 0 */
SN_INLINE struct words words_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int exponent = (int)(bits >> 52 & 0x7ff);
    const uint64_t digits = bits << 12 >> 1;
    struct words y = {{digits | (exponent ? UINT64_C(1) << 63 : 0)},
        (exponent ? exponent : 1) - 1022};
    words_normalize(&y, 1);
    return y;
}

/* a b */
SN_INLINE struct words words_product(
    const struct words *a, const struct words *b, int n)
{
    struct words y = {{0}, a->exponent + b->exponent};
    words_times(y.at, a->at, b->at, n);
    words_normalize(&y, n);
    return y;
}

/*
 * Rounded to nearest, ties to even, subnormals too.  *decided: 0 where the 48
 * bits that come after those of the result are 100... or 011...: elsewhere an
 * error of 2^-101 relative to 2^exponent changes nothing.
 */
SN_INLINE double words_round(
    int *decided, const struct words *y, int n, int negative)
{
    const uint64_t half = UINT64_C(1) << 63;
    struct words v = *y;
    uint64_t bits = UINT64_C(0x7ff) << 52;
    int exponent = v.exponent + 1021, digits = 53;
    *decided = 1;
    if (exponent < 2046) {
        if (exponent < 0) { /* subnormal: fewer digits, and one at least */
            digits = 53 + exponent > 1 ? 53 + exponent : 1;
            words_shift(v.at, n, digits - 53 - exponent);
            exponent = 0;
        }
        const uint64_t rest = v.at[0] << digits | v.at[1] >> (64 - digits);
        uint64_t more = v.at[1] << digits;
        for (int i = 2; i < n; i++)
            more |= v.at[i];
        *decided = rest >> 16 != half >> 16 && rest >> 16 != (half - 1) >> 16;
        bits = v.at[0] >> (64 - digits);
        bits += rest > half || (rest == half && (more || bits & 1));
        bits += (uint64_t)exponent << 52; /* one less, for the first digit */
    }
    bits |= (uint64_t)(negative != 0) << 63;
    double result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Doubles that the vectors leave: where their rounding test does not decide,
 * and NaN, infinities, what may overflow, and what lies so low that the rest
 * of a product underflows or the result is subnormal.  One at a time, in
 * fractions of 2 words and, where the result next to a tie is still open, of
 * 4: correctly rounded, whatever the rounding mode.
 *
 * |x rate| = k ln 2/16 + r, 0 <= r < ln 2/16, k = 16 q + j; e^-r = 1 - r S,
 * S = 1 - Z, Z = r/2! - r^2/3! + ...  With k = 0 |f(x)| is at_zero |x| S, else
 * negative (1 - 2^-q 2^(-j/16) (1 - r S)).  What is taken from 1 is taken from
 * one unit less, so that a result never lies on a tie that the exact one is
 * next to: below it, as that is (docs/mathematics/kernels.md).
 */
#include "arithmetic.h"
#include "constants.h"
#include "isa.h"
#include "words.h"
#include "words_table.h"
#include <math.h>

static void words_of_known(struct words *y, const uint64_t *at)
{
    memcpy(y->at, at, sizeof y->at);
    y->exponent = 1;
}

/* high + low > 0 to n words; the paper's pairs stand for the exact numbers (no
   product of two doubles is one of them: they have more than 106 bits) */
SN_INLINE void words_of_pair(struct words *y, int n, double high, double low)
{
    if (high == SN_LAMBDA_F64 && low == SN_LAMBDA_F64_LO) {
        words_of_known(y, sn_lambda_words);
        return;
    }
    if (high == SN_ALPHA_PRIME_F64 && low == SN_ALPHA_PRIME_F64_LO) {
        words_of_known(y, sn_alpha_prime_words);
        return;
    }
    *y = words_of(high);
    if (low == 0)
        return;
    struct words rest = words_of(low);
    words_shift(rest.at, n, y->exponent - rest.exponent);
    if (low > 0) /* y + rest = y - (0 - rest) modulo 1 */
        words_minus(rest.at, (const uint64_t[SN_WORDS]){0}, rest.at, n);
    words_minus(y->at, y->at, rest.at, n);
    words_normalize(y, n);
}

/* 1 / |alpha|, 8 binary digits at a time; no power of 2 */
SN_INLINE void words_of_inverse(struct words *y, int n, double alpha)
{
    const struct words below = words_of(alpha);
    const uint64_t divisor = below.at[0] >> 11;
    uint64_t rest = UINT64_C(1) << 52;
    for (int i = 0; i < n; i++)
        for (int digits = 0; digits < 64; digits += 8) {
            rest <<= 8;
            y->at[i] = y->at[i] << 8 | rest / divisor;
            rest %= divisor;
        }
    y->exponent = 1 - below.exponent;
}

/* |x rate| */
SN_INLINE struct words exponent_of(int n, double x, const struct sn_elu *elu)
{
    struct words rate = {{0}, 0}, y = words_of(x);
    if (elu->rate == 1)
        return y;
    /* CELU's as designed, but for powers of 2, which are exact */
    if (elu->at_zero == 1 && elu->at_zero_low == 0 && elu->negative_low == 0 &&
        elu->rate_low != 0)
        words_of_inverse(&rate, n, elu->negative);
    else
        words_of_pair(&rate, n, elu->rate, elu->rate_low);
    return words_product(&y, &rate, n);
}

/* k, and r; s < 2^11 */
SN_INLINE unsigned reduce_words(uint64_t *r, int n, const struct words *s)
{
    /* a word before the point, and one more after it */
    uint64_t fixed[SN_WORDS + 2] = {0}, steps[SN_WORDS + 2], index, carry = 0;
    memcpy(fixed, s->at, (size_t)n * sizeof *fixed);
    words_shift(fixed, n + 2, 64 - s->exponent);
    times_64(&index, fixed[0] << 53 | fixed[1] >> 11, *sn_per_step_words);
    index >>= 48;
    for (int i = n; i >= 0; i--) {
        uint64_t high, low = times_64(&high, sn_step_words[i], index);
        steps[i + 1] = low + carry;
        carry = high + (low + carry < low);
    }
    steps[0] = carry;
    words_minus(fixed, fixed, steps, n + 2);
    memcpy(r, fixed + 1, (size_t)n * sizeof *r);
    return (unsigned)index;
}

/* S; terms: what is left out is below a unit */
SN_INLINE void words_series(uint64_t *y, const uint64_t *r, int n)
{
    const int terms = n == 2 ? 16 : 30;
    memcpy(y, sn_factorial_words[terms - 1], (size_t)n * sizeof *y);
    for (int i = terms - 2; i >= 0; i--) {
        words_times(y, y, r, n);
        words_minus(y, sn_factorial_words[i], y, n);
    }
    words_times(y, y, r, n);
    words_below_1_minus(y, n);
}

/* 2^(-j/16) (1 - r S), of which 2^-q is left out */
SN_INLINE void words_decay(uint64_t *y, const uint64_t *r, unsigned j, int n)
{
    words_series(y, r, n);
    words_times(y, y, r, n);
    words_below_1_minus(y, n);
    if (j)
        words_times(y, y, sn_exp2_words[j - 1], n);
}

SN_INLINE double forward_words(
    int *decided, int n, double x, const struct sn_elu *elu)
{
    struct words factor, y = {{0}, 0};
    const struct words s = exponent_of(n, x, elu);
    uint64_t r[SN_WORDS] = {0};
    /* else e^-s has no digit left */
    const unsigned k = s.exponent > 11 ? 1 : reduce_words(r, n, &s);
    if (k == 0) {
        y = words_of(x);
        words_of_pair(&factor, n, elu->at_zero, elu->at_zero_low);
        y = words_product(&y, &factor, n);
        words_series(factor.at, r, n);
        factor.exponent = 0;
    } else {
        words_of_pair(&factor, n, elu->negative, elu->negative_low);
        if (s.exponent <= 11) {
            words_decay(y.at, r, k % 16, n);
            words_shift(y.at, n, (int)(k / 16));
        }
        words_below_1_minus(y.at, n);
    }
    y = words_product(&y, &factor, n);
    return words_round(decided, &y, n, 1);
}

SN_INLINE double gradient_words(
    int *decided, int n, double dy, double x, const struct sn_elu *elu)
{
    struct words factor, slope = {{0}, 0}, y = words_of(dy);
    const struct words s = exponent_of(n, x, elu);
    uint64_t r[SN_WORDS] = {0};
    *decided = 1;
    if (s.exponent > 11) /* e^-2048 against at most 2^1024 2^91 */
        return copysign(0, dy);
    const unsigned k = reduce_words(r, n, &s);
    words_of_pair(&factor, n, elu->at_zero, elu->at_zero_low);
    words_decay(slope.at, r, k % 16, n);
    slope.exponent = -(int)(k / 16);
    y = words_product(&y, &factor, n);
    y = words_product(&y, &slope, n);
    return words_round(decided, &y, n, signbit(dy));
}

double sn_rare_product(double x, double high, double low)
{
    int decided;
    if (x == 0 || high == 0 || !islessequal(fabs(x), DBL_MAX))
        return x * high;
    struct words factor, y = words_of(x);
    words_of_pair(&factor, SN_WORDS, high, low);
    y = words_product(&y, &factor, SN_WORDS);
    return words_round(&decided, &y, SN_WORDS, signbit(x));
}

double sn_rare_forward(double x, const struct sn_elu *elu)
{
    int decided;
    if (!islessequal(x, 0)) /* positive or NaN; quiet for a quiet NaN */
        return sn_rare_product(x, elu->positive, elu->positive_low);
    if (x == 0 || elu->negative == 0)
        return -0.0;
    if (x < -DBL_MAX)
        return sn_rare_product(-1, elu->negative, elu->negative_low);
    const double y = forward_words(&decided, 2, x, elu);
    return decided ? y : forward_words(&decided, SN_WORDS, x, elu);
}

double sn_rare_gradient(double dy, double x, const struct sn_elu *elu)
{
    int decided;
    if (isnan(x))
        return x + x;
    if (x < -DBL_MAX) /* -inf */
        return dy * 0.0;
    if (x > 0)
        return sn_rare_product(dy, elu->positive, elu->positive_low);
    if (x == 0 || elu->at_zero == 0)
        return sn_rare_product(dy, elu->at_zero, elu->at_zero_low);
    if (dy == 0 || !islessequal(fabs(dy), DBL_MAX))
        return dy + dy; /* times a positive number */
    const double dx = gradient_words(&decided, 2, dy, x, elu);
    return decided ? dx : gradient_words(&decided, SN_WORDS, dy, x, elu);
}

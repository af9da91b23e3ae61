/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/random.h"
#include <Random123/philox.h>
#include <math.h>
#include <string.h>

#if defined __clang__
/* Not every loop vectorizes at -O0 or under sanitizers: only speed is lost. */
#pragma clang diagnostic ignored "-Wpass-failed"
#endif

/* Counters worked on together: long enough for any vector, short for L1. */
enum { RANDOM_BLOCK = 64, RANDOM_LANES = 4 * RANDOM_BLOCK };

#define INLINE static inline __attribute__((always_inline))

/*
 * Box-Muller with u = (k + 1/2)/2^32 (binary32: k/2 in 31 bits, so that k
 * rounds relatively):
 *   -2 ln u: u = 2^e m, m in [sqrt(1/2), sqrt 2), e = 0 near u = 1, so
 *   nothing cancels;
 *   (cos, sin) of k/2^32 turns: the quarter turn is taken off exactly, in
 *   integers; what is left is at most pi/4.
 * The polynomials of binary64 are series: ln m = 2 artanh s, s = (m-1)/(m+1),
 * |s| < 0.1716, to s^15 (3e-14 relative), Taylor's to x^14, x^15 (1.1e-15).
 */
INLINE double minus_two_log_f64(uint32_t k)
{
    double u = ((double)k + 0.5) * 0x1p-32;
    uint64_t bits;
    memcpy(&bits, &u, sizeof bits);
    const uint64_t root_half = 0x3fe6a09e667f3bcd;
    int32_t e = (int32_t)((bits - root_half) >> 32) >> 20;
    bits -= (uint64_t)(int64_t)e << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    double s = (m - 1) / (m + 1), t = s * s;
    double p = 1.0 / 15;
    p = p * t + 1.0 / 13;
    p = p * t + 1.0 / 11;
    p = p * t + 1.0 / 9;
    p = p * t + 1.0 / 7;
    p = p * t + 1.0 / 5;
    p = p * t + 1.0 / 3;
    p = p * t + 1;
    return -2 * (e * 0x1.62e42fefa39efp-1 + 2 * (s * p));
}

INLINE void turn_f64(double *cosine, double *sine, uint32_t k)
{
    uint32_t quarter = (k + (1u << 29)) >> 30;
    int32_t rest = (int32_t)(k - (quarter << 30));
    double x = rest * (0x1.921fb54442d18p+2 * 0x1p-32), t = x * x;
    double c = -1 / 87178291200.0; /* 14! */
    c = c * t + 1 / 479001600.0;
    c = c * t - 1 / 3628800.0;
    c = c * t + 1 / 40320.0;
    c = c * t - 1 / 720.0;
    c = c * t + 1 / 24.0;
    c = c * t - 1 / 2.0;
    c = c * t + 1;
    double s = -1 / 1307674368000.0; /* 15! */
    s = s * t + 1 / 6227020800.0;
    s = s * t - 1 / 39916800.0;
    s = s * t + 1 / 362880.0;
    s = s * t - 1 / 5040.0;
    s = s * t + 1 / 120.0;
    s = s * t - 1 / 6.0;
    s = x + x * (s * t);
    double a = quarter & 1 ? s : c, b = quarter & 1 ? c : s;
    *cosine = (quarter + 1) & 2 ? -a : a;
    *sine = quarter & 2 ? -b : b;
}

/*
 * As above with fewer terms: artanh to s^9 leaves 4e-10 relative, Taylor's
 * series to x^8 and x^9 leave 2.5e-8 and 2e-9: less than the roundings.
 */
INLINE float minus_two_log_f32(uint32_t k)
{
    /* 1 - u has its own roundings: near u = 1 it is what counts. */
    float u = ((float)(int32_t)(k >> 1) + 0.5f) * 0x1p-31f;
    float less = ((float)(int32_t)(~k >> 1) + 0.5f) * 0x1p-31f;
    uint32_t bits;
    memcpy(&bits, &u, sizeof bits);
    const uint32_t root_half = 0x3f3504f3;
    int32_t e = (int32_t)(bits - root_half) >> 23;
    bits -= (uint32_t)e << 23;
    float m;
    memcpy(&m, &bits, sizeof m);
    float f = e < 0 ? m - 1 : -less;
    float s = f / (2 + f), t = s * s;
    float p = 1.0f / 9;
    p = p * t + 1.0f / 7;
    p = p * t + 1.0f / 5;
    p = p * t + 1.0f / 3;
    p = p * t;
    return -2 * ((float)e * 0x1.62e43p-1f + 2 * (s + s * p));
}

INLINE void turn_f32(float *cosine, float *sine, uint32_t k)
{
    uint32_t quarter = (k + (1u << 29)) >> 30;
    int32_t rest = (int32_t)(k - (quarter << 30));
    float x = (float)rest * (0x1.921fb6p+2f * 0x1p-32f), t = x * x;
    float c = 1 / 40320.0f;
    c = c * t - 1 / 720.0f;
    c = c * t + 1 / 24.0f;
    c = c * t - 1 / 2.0f;
    c = c * t + 1;
    float s = 1 / 362880.0f;
    s = s * t - 1 / 5040.0f;
    s = s * t + 1 / 120.0f;
    s = s * t - 1 / 6.0f;
    s = x + x * (s * t);
    uint32_t odd = quarter & 1;
    float a = odd ? s : c, b = odd ? c : s;
    *cosine = (quarter + 1) & 2 ? -a : a;
    *sine = quarter & 2 ? -b : b;
}

/*
 * Philox words of counters first to first + RANDOM_BLOCK - 1, by word and
 * counter. Two ways, with the same bits.
 */
typedef void words_function(uint32_t word[4][RANDOM_BLOCK],
    const struct shared_stream *stream, uint32_t first);

INLINE void words_portable(uint32_t word[4][RANDOM_BLOCK],
    const struct shared_stream *stream, uint32_t first)
{
    const philox4x32_key_t key = {
        {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)}};
    const uint32_t row = stream->row, replicate = stream->replicate,
                   index = stream->index | stream->kind << 24;
#pragma omp simd
    for (uint32_t i = 0; i < RANDOM_BLOCK; i++) {
        philox4x32_ctr_t counter = {{first + i, row, index, replicate}};
        philox4x32_ctr_t out = philox4x32_R(10, counter, key);
        word[0][i] = out.v[0];
        word[1][i] = out.v[1];
        word[2][i] = out.v[2];
        word[3][i] = out.v[3];
    }
}

#if defined __x86_64__
#include <immintrin.h>
#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512dq")))

/*
 * Eight counters a vector, each word in the low half of 64 bits.  What the
 * products leave in the high halves is not looked at: vpmuludq ignores it.
 * Four vectors go through the rounds together, since one waits for its
 * products most of the time.
 */
AVX512 INLINE void words_avx512(uint32_t word[4][RANDOM_BLOCK],
    const struct shared_stream *stream, uint32_t first)
{
    const __m512i m0 = _mm512_set1_epi64(PHILOX_M4x32_0),
                  m1 = _mm512_set1_epi64(PHILOX_M4x32_1),
                  steps = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    enum { XOR_OF_THREE = 0x96, TOGETHER = 4 };
    for (uint32_t i = 0; i < RANDOM_BLOCK; i += 8 * TOGETHER) {
        __m512i c0[TOGETHER], c1[TOGETHER], c2[TOGETHER], c3[TOGETHER];
        uint32_t k0 = (uint32_t)stream->seed,
                 k1 = (uint32_t)(stream->seed >> 32);
        for (int t = 0; t < TOGETHER; t++) {
            c0[t] = _mm512_add_epi32(
                _mm512_set1_epi64((long long)first + (long long)i + 8 * t),
                steps);
            c1[t] = _mm512_set1_epi64(stream->row);
            c2[t] = _mm512_set1_epi64(stream->index | stream->kind << 24);
            c3[t] = _mm512_set1_epi64(stream->replicate);
        }
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            const __m512i key0 = _mm512_set1_epi64(k0),
                          key1 = _mm512_set1_epi64(k1);
#pragma GCC unroll 4
            for (int t = 0; t < TOGETHER; t++) {
                __m512i p0 = _mm512_mul_epu32(c0[t], m0),
                        p1 = _mm512_mul_epu32(c2[t], m1);
                c0[t] = _mm512_ternarylogic_epi64(
                    _mm512_srli_epi64(p1, 32), c1[t], key0, XOR_OF_THREE);
                c2[t] = _mm512_ternarylogic_epi64(
                    _mm512_srli_epi64(p0, 32), c3[t], key1, XOR_OF_THREE);
                c1[t] = p1;
                c3[t] = p0;
            }
            k0 += PHILOX_W32_0;
            k1 += PHILOX_W32_1;
        }
#pragma GCC unroll 4
        for (int t = 0; t < TOGETHER; t++) {
            uint32_t at = i + 8 * (uint32_t)t;
            _mm256_storeu_si256(
                (void *)&word[0][at], _mm512_cvtepi64_epi32(c0[t]));
            _mm256_storeu_si256(
                (void *)&word[1][at], _mm512_cvtepi64_epi32(c1[t]));
            _mm256_storeu_si256(
                (void *)&word[2][at], _mm512_cvtepi64_epi32(c2[t]));
            _mm256_storeu_si256(
                (void *)&word[3][at], _mm512_cvtepi64_epi32(c3[t]));
        }
    }
}
#endif

#define BLOCK_OF_NORMALS(real, suffix, root)                                  \
    INLINE void block_##suffix(real y[RANDOM_LANES],                          \
        const struct shared_stream *stream, uint32_t first, double mean,      \
        double deviation, words_function *draw)                               \
    {                                                                         \
        uint32_t word[4][RANDOM_BLOCK];                                       \
        const real center = (real)mean, scale = (real)deviation;              \
        draw(word, stream, first);                                            \
        _Pragma("omp simd") for (int i = 0; i < RANDOM_BLOCK; i++)            \
        {                                                                     \
            real ra = scale * root(minus_two_log_##suffix(word[0][i]));       \
            real rb = scale * root(minus_two_log_##suffix(word[2][i]));       \
            real ca, sa, cb, sb;                                              \
            turn_##suffix(&ca, &sa, word[1][i]);                              \
            turn_##suffix(&cb, &sb, word[3][i]);                              \
            y[i] = center + ra * ca;                                          \
            y[RANDOM_BLOCK + i] = center + ra * sa;                           \
            y[2 * RANDOM_BLOCK + i] = center + rb * cb;                       \
            y[3 * RANDOM_BLOCK + i] = center + rb * sb;                       \
        }                                                                     \
    }                                                                         \
                                                                              \
    INLINE void row_##suffix(real *y, size_t n,                               \
        const struct shared_stream *stream, double mean, double deviation,    \
        words_function *draw)                                                 \
    {                                                                         \
        real rest[RANDOM_LANES];                                              \
        size_t j = 0;                                                         \
        for (; n - j >= RANDOM_LANES; j += RANDOM_LANES)                      \
            block_##suffix(                                                   \
                y + j, stream, (uint32_t)(j / 4), mean, deviation, draw);     \
        if (j < n) {                                                          \
            block_##suffix(                                                   \
                rest, stream, (uint32_t)(j / 4), mean, deviation, draw);      \
            memcpy(y + j, rest, (n - j) * sizeof *y);                         \
        }                                                                     \
    }
BLOCK_OF_NORMALS(float, f32, sqrtf)
BLOCK_OF_NORMALS(double, f64, sqrt)

/* The same source for each instruction set: the same bits (no contraction). */
#define ROW_ON_UNIT(real, suffix, isa, attribute, draw)                       \
    attribute static void row_##suffix##_##isa(real *y, size_t n,             \
        const struct shared_stream *stream, double mean, double deviation)    \
    {                                                                         \
        row_##suffix(y, n, stream, mean, deviation, draw);                    \
    }
#if defined __x86_64__
#define NORMALS_ON_EACH_UNIT(real, suffix)                                    \
    ROW_ON_UNIT(real, suffix, portable, , words_portable)                     \
    ROW_ON_UNIT(real, suffix, avx2, AVX2, words_portable)                     \
    ROW_ON_UNIT(real, suffix, avx512, AVX512, words_avx512)                   \
    void shared_normals_##suffix(real *y, size_t n,                           \
        const struct shared_stream *stream, double mean, double deviation)    \
    {                                                                         \
        if (__builtin_cpu_supports("avx512f") &&                              \
            __builtin_cpu_supports("avx512dq"))                               \
            row_##suffix##_avx512(y, n, stream, mean, deviation);             \
        else if (__builtin_cpu_supports("avx2"))                              \
            row_##suffix##_avx2(y, n, stream, mean, deviation);               \
        else                                                                  \
            row_##suffix##_portable(y, n, stream, mean, deviation);           \
    }
#else
#define NORMALS_ON_EACH_UNIT(real, suffix)                                    \
    void shared_normals_##suffix(real *y, size_t n,                           \
        const struct shared_stream *stream, double mean, double deviation)    \
    {                                                                         \
        row_##suffix(y, n, stream, mean, deviation, words_portable);          \
    }
#endif
NORMALS_ON_EACH_UNIT(float, f32)
NORMALS_ON_EACH_UNIT(double, f64)

void shared_uniforms_f64(
    double *y, size_t n, const struct shared_stream *stream)
{
    uint32_t word[4][RANDOM_BLOCK];
    for (size_t j = 0; j < n; j++) {
        if (j % RANDOM_LANES == 0)
            words_portable(word, stream, (uint32_t)(j / 4));
        y[j] = ((double)word[j / RANDOM_BLOCK % 4][j % RANDOM_BLOCK] + 0.5) *
               0x1p-32;
    }
}

void shared_philox(
    uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    philox4x32_key_t k = {{key[0], key[1]}};
    c = philox4x32_R(10, c, k);
    for (int i = 0; i < 4; i++)
        out[i] = c.v[i];
}

void shared_words(
    uint32_t word[4], const struct shared_stream *stream, uint32_t i)
{
    const uint32_t counter[4] = {
        i, stream->row, stream->index | stream->kind << 24, stream->replicate};
    const uint32_t key[2] = {
        (uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    shared_philox(word, counter, key);
}

static uint64_t word64(const struct shared_stream *stream, uint32_t j)
{
    uint32_t word[4];
    shared_words(word, stream, j / 2);
    uint32_t high = word[2 * (j % 2)], low = word[2 * (j % 2) + 1];
    return (uint64_t)high << 32 | low;
}

double shared_uniform52(const struct shared_stream *stream, uint32_t j)
{
    /* 53 bits: the sum is exact, and below 1 */
    return ((double)(word64(stream, j) >> 12) + 0.5) * 0x1p-52;
}

/* floor(word n / 2^64) */
static size_t below_n(uint64_t word, size_t n)
{
    return (size_t)((unsigned __int128)word * n >> 64);
}

void shared_order(size_t *x, size_t n, const struct shared_stream *stream)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = below_n(word64(stream, (uint32_t)(n - i)), i);
        size_t kept = x[i - 1];
        x[i - 1] = x[j];
        x[j] = kept;
    }
}

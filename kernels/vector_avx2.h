/* SPDX-License-Identifier: MIT */
/* The vocabulary of vector_avx512.h in AVX2, FMA and F16C: 4 and 8 lanes. */
#ifndef SN_KERNELS_VECTOR_H
#define SN_KERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* what follows, in any compilation: for these processors */
#if defined __clang__
#include <immintrin.h>
#pragma clang attribute push(                                                 \
    __attribute__((target("avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC target("avx2,fma,f16c")
#include <immintrin.h>
#endif

typedef __m256d vd;
typedef __m256i vi;
typedef __m256d vm;
typedef __m256 vf;
typedef __m256i vj;
typedef __m256 vn;
#define D_BATCH  4
#define DD_BATCH 2
#define F_BATCH  4
#define D_LANES  4
#define F_LANES  8
#define STREAMS  1

/* ---- doubles ------------------------------------------------------------ */

#define vd_set(x)        _mm256_set1_pd(x)
#define vd_add(a, b)     _mm256_add_pd(a, b)
#define vd_sub(a, b)     _mm256_sub_pd(a, b)
#define vd_mul(a, b)     _mm256_mul_pd(a, b)
#define vd_div(a, b)     _mm256_div_pd(a, b)
#define vd_fma(a, b, c)  _mm256_fmadd_pd(a, b, c)
#define vd_fms(a, b, c)  _mm256_fmsub_pd(a, b, c)
#define vd_fnma(a, b, c) _mm256_fnmadd_pd(a, b, c)
#define vd_clamp_where(m, least, x)                                           \
    _mm256_max_pd(vd_set(least), _mm256_and_pd(m, x))
#define vd_clamp_or_zero      vd_clamp_where
#define vd_bits(x)            _mm256_castpd_si256(x)
#define vd_of_bits(x)         _mm256_castsi256_pd(x)
#define vd_lt(a, b)           _mm256_cmp_pd(a, b, _CMP_LT_OQ)
#define vd_le(a, b)           _mm256_cmp_pd(a, b, _CMP_LE_OQ)
#define vd_eq(a, b)           _mm256_cmp_pd(a, b, _CMP_EQ_OQ)
#define vd_quiet(nan)         (nan)
#define vd_is_number(a)       _mm256_cmp_pd(a, a, _CMP_ORD_Q)
#define vd_select(m, a, b)    _mm256_blendv_pd(b, a, m)
#define vd_sub_where(m, a, b) _mm256_and_pd(m, _mm256_sub_pd(a, b))
#define vd_mul_where(m, a, b, other)                                          \
    _mm256_blendv_pd(other, _mm256_mul_pd(a, b), m)
#define vd_abs(x)    _mm256_andnot_pd(vd_set(-0.0), x)
#define vm_and(a, b) _mm256_and_pd(a, b)
#define vm_or(a, b)  _mm256_or_pd(a, b)
#define vm_bits(m)   ((unsigned)_mm256_movemask_pd(m))

static inline vm vm_of_bits(unsigned b)
{
    const __m256i lane = _mm256_set_epi64x(8, 4, 2, 1);
    __m256i mine = _mm256_and_si256(_mm256_set1_epi64x((int64_t)b), lane);
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(mine, lane));
}

static inline vd vd_copysign(vd magnitude, vd sign)
{
    return _mm256_or_pd(_mm256_and_pd(vd_set(-0.0), sign), vd_abs(magnitude));
}

#define vi_set(x)        _mm256_set1_epi64x((int64_t)(x))
#define vi_add(a, b)     _mm256_add_epi64(a, b)
#define vi_sub(a, b)     _mm256_sub_epi64(a, b)
#define vi_and(a, b)     _mm256_and_si256(a, b)
#define vi_or(a, b)      _mm256_or_si256(a, b)
#define vi_andnot(a, b)  _mm256_andnot_si256(a, b)
#define vi_shl(a, n)     _mm256_slli_epi64(a, n)
#define vi_shr(a, n)     _mm256_srli_epi64(a, n)
#define vi_mul32(a, b)   _mm256_mul_epu32(a, b)
#define vi_xor3(a, b, c) _mm256_xor_si256(_mm256_xor_si256(a, b), c)
#define vi_lanes()       _mm256_set_epi64x(3, 2, 1, 0)

static inline uint32_t bits_16(__m256i truth)
{
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(
        _mm256_castsi256_si128(truth), _mm256_extracti128_si256(truth, 1)));
}
static inline uint32_t vi_lt16(vi a, vi b)
{
    vi more = _mm256_subs_epu16(b, a); /* or 0 */
    return bits_16(_mm256_cmpeq_epi16(more, vi_set(0))) ^ 0xffff;
}
#define vi_eq16(a, b) bits_16(_mm256_cmpeq_epi16(a, b))

/* Four loads: permutations of 16 entries, and gathers, take longer. */
typedef const double *table16;
#define vd_table16(t) (t)
static inline vd vd_lookup16(table16 t, vi k)
{
    int64_t at[4];
    _mm256_storeu_si256((__m256i *)at, vi_and(k, vi_set(15)));
    return _mm256_set_pd(t[at[3]], t[at[2]], t[at[1]], t[at[0]]);
}

/* ---- memory to doubles and back ----------------------------------------- */

#define vd_load_f64(p)      _mm256_loadu_pd(p)
#define vd_store_f64(p, v)  _mm256_storeu_pd(p, v)
#define vd_stream_f64(p, v) _mm256_stream_pd(p, v)
static inline vd vd_load_f64_some(const double *p, size_t n)
{
    double all[D_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return vd_load_f64(all);
}
static inline void vd_store_f64_some(double *p, vd v, size_t n)
{
    double all[D_LANES];
    vd_store_f64(all, v);
    memcpy(p, all, n * sizeof *p);
}

#define vd_load_f32(p)      _mm256_cvtps_pd(_mm_loadu_ps(p))
#define vd_store_f32(p, v)  _mm_storeu_ps(p, _mm256_cvtpd_ps(v))
#define vd_stream_f32(p, v) _mm_stream_ps(p, _mm256_cvtpd_ps(v))
static inline vd vd_load_f32_some(const float *p, size_t n)
{
    float all[D_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return vd_load_f32(all);
}
static inline void vd_store_f32_some(float *p, vd v, size_t n)
{
    float all[D_LANES];
    vd_store_f32(all, v);
    memcpy(p, all, n * sizeof *p);
}

static inline vd vd_of_f16(__m128i h)
{
    return _mm256_cvtps_pd(_mm_cvtph_ps(h));
}
static inline vd vd_of_bf16(__m128i h)
{
    __m128i wide = _mm_slli_epi32(_mm_cvtepu16_epi32(h), 16);
    return _mm256_cvtps_pd(_mm_castsi128_ps(wide));
}
static inline __m128i f16_of_odd(vd v)
{
    return _mm_cvtps_ph(_mm256_cvtpd_ps(v), _MM_FROUND_TO_NEAREST_INT);
}
static inline __m128i bf16_of_exact(vd v)
{
    __m128i bits = _mm_castps_si128(_mm256_cvtpd_ps(v));
    bits = _mm_srli_epi32(bits, 16);
    return _mm_packus_epi32(bits, bits);
}
/* rounded once; to_bf16() is in core_double.h */
#define bf16_of_vd(v)   bf16_of_exact(to_bf16(v))
#define load_16(p)      _mm_loadl_epi64((const __m128i *)(p))
#define store_16(p, h)  _mm_storel_epi64((__m128i *)(p), h)
#define stream_16(p, h) _mm_stream_si64((long long *)(p), _mm_cvtsi128_si64(h))
static inline __m128i load_16_some(const uint16_t *p, size_t n)
{
    uint16_t all[D_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return load_16(all);
}
static inline void store_16_some(uint16_t *p, __m128i h, size_t n)
{
    uint16_t all[D_LANES];
    store_16(all, h);
    memcpy(p, all, n * sizeof *p);
}
typedef __m128i half_d;

/* ---- floats --------------------------------------------------------------
 */

#define vf_set(x)        _mm256_set1_ps(x)
#define vf_add(a, b)     _mm256_add_ps(a, b)
#define vf_sub(a, b)     _mm256_sub_ps(a, b)
#define vf_mul(a, b)     _mm256_mul_ps(a, b)
#define vf_fma(a, b, c)  _mm256_fmadd_ps(a, b, c)
#define vf_fms(a, b, c)  _mm256_fmsub_ps(a, b, c)
#define vf_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define vf_clamp_where(m, least, x)                                           \
    _mm256_max_ps(vf_set(least), _mm256_and_ps(m, x))
#define vf_lt(a, b)           _mm256_cmp_ps(a, b, _CMP_LT_OQ)
#define vf_le(a, b)           _mm256_cmp_ps(a, b, _CMP_LE_OQ)
#define vf_select(m, a, b)    _mm256_blendv_ps(b, a, m)
#define vf_sub_where(m, a, b) _mm256_and_ps(m, _mm256_sub_ps(a, b))
#define vf_mul_where(m, a, b, other)                                          \
    _mm256_blendv_ps(other, _mm256_mul_ps(a, b), m)
static inline vf vf_times_power(vf f, vf shifted)
{
    return _mm256_castsi256_ps(
        _mm256_add_epi32(_mm256_slli_epi32(_mm256_castps_si256(shifted), 23),
            _mm256_castps_si256(f)));
}

#define vf_load_f32(p)      _mm256_loadu_ps(p)
#define vf_store_f32(p, v)  _mm256_storeu_ps(p, v)
#define vf_stream_f32(p, v) _mm256_stream_ps(p, v)
static inline vf vf_load_f32_some(const float *p, size_t n)
{
    float all[F_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return vf_load_f32(all);
}
static inline void vf_store_f32_some(float *p, vf v, size_t n)
{
    float all[F_LANES];
    vf_store_f32(all, v);
    memcpy(p, all, n * sizeof *p);
}

#define vf_of_f16(h) _mm256_cvtph_ps(h)
#define f16_of_vf(v) _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT)
static inline vf vf_of_bf16(__m128i h)
{
    return _mm256_castsi256_ps(
        _mm256_slli_epi32(_mm256_cvtepu16_epi32(h), 16));
}
static inline __m256i bf16_rounded(vf v)
{
    __m256i bits = _mm256_castps_si256(v);
    __m256i odd =
        _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    return _mm256_add_epi32(
        _mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd);
}
static inline __m128i bf16_of_vf(vf v)
{
    __m256i up = _mm256_srli_epi32(bf16_rounded(v), 16);
    return _mm_packus_epi32(
        _mm256_castsi256_si128(up), _mm256_extracti128_si256(up, 1));
}
static inline void load_bf16_pair(vf v[2], const uint16_t *p)
{
    __m256i all = _mm256_loadu_si256((const __m256i *)p);
    v[0] = _mm256_castsi256_ps(_mm256_slli_epi32(all, 16));
    v[1] = _mm256_castsi256_ps(
        _mm256_and_si256(all, _mm256_set1_epi32((int)0xffff0000)));
}
static inline __m256i bf16_pair(const vf v[2])
{
    __m256i even = _mm256_srli_epi32(bf16_rounded(v[0]), 16);
    return _mm256_blend_epi16(even, bf16_rounded(v[1]), 0xaa);
}
static inline void load_bf16s(int n, vf *v, const uint16_t *p)
{
    for (int u = 0; u < n; u += 2)
        load_bf16_pair(v + u, p + u * F_LANES);
}
static inline void store_bf16s(int n, uint16_t *p, const vf *v)
{
    for (int u = 0; u < n; u += 2)
        _mm256_storeu_si256((__m256i *)(p + u * F_LANES), bf16_pair(v + u));
}
static inline void stream_bf16s(int n, uint16_t *p, const vf *v)
{
    for (int u = 0; u < n; u += 2)
        _mm256_stream_si256((__m256i *)(p + u * F_LANES), bf16_pair(v + u));
}
#define load_16f(p)      _mm_loadu_si128((const __m128i *)(p))
#define store_16f(p, h)  _mm_storeu_si128((__m128i *)(p), h)
#define stream_16f(p, h) _mm_stream_si128((__m128i *)(p), h)
static inline __m128i load_16f_some(const uint16_t *p, size_t n)
{
    uint16_t all[F_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return load_16f(all);
}
static inline void store_16f_some(uint16_t *p, __m128i h, size_t n)
{
    uint16_t all[F_LANES];
    store_16f(all, h);
    memcpy(p, all, n * sizeof *p);
}
typedef __m128i half_f;

#define end_of_stream() _mm_sfence()

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of the kernels' cores in AVX-512 (F, BW, DQ, VL): vd is 8
 * doubles, vi 8 64-bit integers, vm a truth per lane; vf is 16 floats, vj 16
 * 32-bit integers, vn a truth per lane.  The same words in vector_avx2.h and
 * vector_portable.h do the same IEEE operations, so that the cores give the
 * same bits on all of them.  _some: the first 0 < n < lanes elements, nothing
 * else is read or written.  _stream: past the caches, to an aligned place.
 */
#ifndef SN_KERNELS_VECTOR_H
#define SN_KERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#if defined __clang__
#include <immintrin.h>
#pragma clang attribute push(                                                 \
    __attribute__((                                                           \
        target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))),         \
    apply_to = function)
#else
#pragma GCC target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")
#include <immintrin.h>
#endif

typedef __m512d vd;
typedef __m512i vi;
typedef __mmask8 vm;
typedef __m512 vf;
typedef __m512i vj;
typedef __mmask16 vn;
/* vectors side by side: what hides the latencies and fits the registers */
#define D_BATCH  4
#define DD_BATCH 4
#define F_BATCH  4
#define D_LANES  8
#define F_LANES  16
#define STREAMS  1

/* Without optimization the intrinsics with a number in the instruction are
   macros of gcc that mix signs. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
/* m ? the larger : any x, within +-least; does not wait for m.  least is a
   negative number: the smaller magnitude under the sign of x */
static inline vd vd_clamp_where(vm m, double least, vd x)
{
    (void)m;
    return _mm512_range_pd(x, _mm512_set1_pd(least), 2);
}
/* m ? the larger : 0 */
static inline vd vd_clamp_or_zero(vm m, double least, vd x)
{
    return _mm512_maskz_range_pd(m, x, _mm512_set1_pd(least), 2);
}
static inline vf vf_clamp_where(vn m, float least, vf x)
{
    (void)m;
    return _mm512_range_ps(x, _mm512_set1_ps(least), 2);
}
static inline __m256i f16_of_vf(vf v)
{
    return _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT);
}
#pragma GCC diagnostic pop

/* ---- doubles ------------------------------------------------------------ */

#define vd_set(x)          _mm512_set1_pd(x)
#define vd_add(a, b)       _mm512_add_pd(a, b)
#define vd_sub(a, b)       _mm512_sub_pd(a, b)
#define vd_mul(a, b)       _mm512_mul_pd(a, b)
#define vd_div(a, b)       _mm512_div_pd(a, b)
#define vd_fma(a, b, c)    _mm512_fmadd_pd(a, b, c)  /* a b + c */
#define vd_fms(a, b, c)    _mm512_fmsub_pd(a, b, c)  /* a b - c */
#define vd_fnma(a, b, c)   _mm512_fnmadd_pd(a, b, c) /* c - a b */
#define vd_bits(x)         _mm512_castpd_si512(x)
#define vd_of_bits(x)      _mm512_castsi512_pd(x)
#define vd_lt(a, b)        _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ)
#define vd_le(a, b)        _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ)
#define vd_eq(a, b)        _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ)
#define vd_quiet(nan)      (nan) /* loading made it quiet */
#define vd_is_number(a)    _mm512_cmp_pd_mask(a, a, _CMP_ORD_Q)
#define vd_select(m, a, b) _mm512_mask_blend_pd(m, b, a) /* m ? a : b */
/* m ? a - b : 0 */
#define vd_sub_where(m, a, b) _mm512_maskz_sub_pd(m, a, b)
/* m ? a b : other */
#define vd_mul_where(m, a, b, other) _mm512_mask_mul_pd(other, m, a, b)
#define vd_abs(x)                    _mm512_abs_pd(x)
#define vm_and(a, b)                 ((vm)((a) & (b)))
#define vm_or(a, b)                  ((vm)((a) | (b)))
#define vm_bits(m)                   ((unsigned)(m))
/* lane i: bit i */
#define vm_of_bits(b) ((vm)(b))

static inline vd vd_copysign(vd magnitude, vd sign)
{
    return vd_of_bits(_mm512_ternarylogic_epi64(
        vd_bits(vd_set(-0.0)), vd_bits(sign), vd_bits(magnitude), 0xca));
}

#define vi_set(x)       _mm512_set1_epi64((int64_t)(x))
#define vi_add(a, b)    _mm512_add_epi64(a, b)
#define vi_sub(a, b)    _mm512_sub_epi64(a, b)
#define vi_and(a, b)    _mm512_and_si512(a, b)
#define vi_or(a, b)     _mm512_or_si512(a, b)
#define vi_andnot(a, b) _mm512_andnot_si512(a, b) /* b without a */
#define vi_shl(a, n)    _mm512_slli_epi64(a, n)
#define vi_shr(a, n)    _mm512_srli_epi64(a, n)
/* of 16-bit numbers without sign: a bit each */
#define vi_lt16(a, b) ((uint32_t)_mm512_cmplt_epu16_mask(a, b))
#define vi_eq16(a, b) ((uint32_t)_mm512_cmpeq_epi16_mask(a, b))
/* of the low halves, 64 bits */
#define vi_mul32(a, b)   _mm512_mul_epu32(a, b)
#define vi_xor3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define vi_lanes()       _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0)

/* entry k modulo 16 of a table */
typedef struct {
    vd low, high;
} table16;
static inline table16 vd_table16(const double *t)
{
    return (table16){_mm512_loadu_pd(t), _mm512_loadu_pd(t + 8)};
}
#define vd_lookup16(t, k) _mm512_permutex2var_pd((t).low, k, (t).high)

/* ---- memory to doubles and back ----------------------------------------- */

#define first_d(n) ((__mmask8)((1u << (n)) - 1))

#define vd_load_f64(p)             _mm512_loadu_pd(p)
#define vd_load_f64_some(p, n)     _mm512_maskz_loadu_pd(first_d(n), p)
#define vd_store_f64(p, v)         _mm512_storeu_pd(p, v)
#define vd_stream_f64(p, v)        _mm512_stream_pd(p, v)
#define vd_store_f64_some(p, v, n) _mm512_mask_storeu_pd(p, first_d(n), v)

#define vd_load_f32(p) _mm512_cvtps_pd(_mm256_loadu_ps(p))
#define vd_load_f32_some(p, n)                                                \
    _mm512_cvtps_pd(_mm256_maskz_loadu_ps(first_d(n), p))
#define vd_store_f32(p, v)  _mm256_storeu_ps(p, _mm512_cvtpd_ps(v))
#define vd_stream_f32(p, v) _mm256_stream_ps(p, _mm512_cvtpd_ps(v))
#define vd_store_f32_some(p, v, n)                                            \
    _mm256_mask_storeu_ps(p, first_d(n), _mm512_cvtpd_ps(v))

static inline vd vd_of_f16(__m128i h)
{
    return _mm512_cvtps_pd(_mm256_cvtph_ps(h));
}
static inline vd vd_of_bf16(__m128i h)
{
    __m256i wide = _mm256_slli_epi32(_mm256_cvtepu16_epi32(h), 16);
    return _mm512_cvtps_pd(_mm256_castsi256_ps(wide));
}
/* v is a float up to a last bit that says what is beyond it */
static inline __m128i f16_of_odd(vd v)
{
    return _mm256_cvtps_ph(_mm512_cvtpd_ps(v), _MM_FROUND_TO_NEAREST_INT);
}
/* Rounded once: to a float towards 0 whose last bit tells whether anything was
   beyond it (which keeps a NaN), and from that as an integer to its upper
   half, subnormals as well. */
static inline __m128i bf16_of_vd(vd v)
{
    const __m256i one = _mm256_set1_epi32(1);
    __m256 f =
        _mm512_cvt_roundpd_ps(v, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    __m256i bits = _mm256_castps_si256(f);
    const __mmask8 more =
        _mm512_cmp_pd_mask(v, _mm512_cvtps_pd(f), _CMP_NEQ_UQ);
    bits = _mm256_mask_or_epi32(bits, more, bits, one);
    __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), one);
    bits = _mm256_add_epi32(
        _mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd);
    return _mm256_cvtepi32_epi16(_mm256_srli_epi32(bits, 16));
}
#define load_16(p)             _mm_loadu_si128((const __m128i *)(p))
#define load_16_some(p, n)     _mm_maskz_loadu_epi16(first_d(n), p)
#define store_16(p, h)         _mm_storeu_si128((__m128i *)(p), h)
#define stream_16(p, h)        _mm_stream_si128((__m128i *)(p), h)
#define store_16_some(p, h, n) _mm_mask_storeu_epi16(p, first_d(n), h)
typedef __m128i half_d;

/* ---- floats --------------------------------------------------------------
 */

#define vf_set(x)                    _mm512_set1_ps(x)
#define vf_add(a, b)                 _mm512_add_ps(a, b)
#define vf_sub(a, b)                 _mm512_sub_ps(a, b)
#define vf_mul(a, b)                 _mm512_mul_ps(a, b)
#define vf_fma(a, b, c)              _mm512_fmadd_ps(a, b, c)
#define vf_fms(a, b, c)              _mm512_fmsub_ps(a, b, c)
#define vf_fnma(a, b, c)             _mm512_fnmadd_ps(a, b, c)
#define vf_lt(a, b)                  _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ)
#define vf_le(a, b)                  _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ)
#define vf_select(m, a, b)           _mm512_mask_blend_ps(m, b, a)
#define vf_sub_where(m, a, b)        _mm512_maskz_sub_ps(m, a, b)
#define vf_mul_where(m, a, b, other) _mm512_mask_mul_ps(other, m, a, b)
/* f 2^k for k + 0x1.8p23 */
static inline vf vf_times_power(vf f, vf shifted)
{
    return _mm512_castsi512_ps(
        _mm512_add_epi32(_mm512_slli_epi32(_mm512_castps_si512(shifted), 23),
            _mm512_castps_si512(f)));
}

#define first_f(n)                 ((__mmask16)((1u << (n)) - 1))
#define vf_load_f32(p)             _mm512_loadu_ps(p)
#define vf_load_f32_some(p, n)     _mm512_maskz_loadu_ps(first_f(n), p)
#define vf_store_f32(p, v)         _mm512_storeu_ps(p, v)
#define vf_stream_f32(p, v)        _mm512_stream_ps(p, v)
#define vf_store_f32_some(p, v, n) _mm512_mask_storeu_ps(p, first_f(n), v)

#define vf_of_f16(h) _mm512_cvtph_ps(h)
static inline vf vf_of_bf16(__m256i h)
{
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(h), 16));
}
/* The upper halves: to nearest, ties to even, subnormals kept
   (vcvtneps2bf16 would flush); a NaN that was a bfloat16 stays itself. */
static inline __m512i bf16_rounded(vf v)
{
    __m512i bits = _mm512_castps_si512(v);
    __m512i odd =
        _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    return _mm512_add_epi32(
        _mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd);
}
static inline __m256i bf16_of_vf(vf v)
{
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(bf16_rounded(v), 16));
}
/* 32 of them as those in even and those in odd places */
static inline void load_bf16_pair(vf v[2], const uint16_t *p)
{
    __m512i all = _mm512_loadu_si512(p);
    v[0] = _mm512_castsi512_ps(_mm512_slli_epi32(all, 16));
    v[1] = _mm512_castsi512_ps(
        _mm512_and_si512(all, _mm512_set1_epi32((int)0xffff0000)));
}
static inline __m512i bf16_pair(const vf v[2])
{
    __m512i even = _mm512_srli_epi32(bf16_rounded(v[0]), 16);
    return _mm512_mask_blend_epi16(0xaaaaaaaa, even, bf16_rounded(v[1]));
}
/* n vectors, n even */
static inline void load_bf16s(int n, vf *v, const uint16_t *p)
{
    for (int u = 0; u < n; u += 2)
        load_bf16_pair(v + u, p + u * F_LANES);
}
static inline void store_bf16s(int n, uint16_t *p, const vf *v)
{
    for (int u = 0; u < n; u += 2)
        _mm512_storeu_si512(p + u * F_LANES, bf16_pair(v + u));
}
static inline void stream_bf16s(int n, uint16_t *p, const vf *v)
{
    for (int u = 0; u < n; u += 2)
        _mm512_stream_si512((void *)(p + u * F_LANES), bf16_pair(v + u));
}
#define load_16f(p)             _mm256_loadu_si256((const __m256i *)(p))
#define load_16f_some(p, n)     _mm256_maskz_loadu_epi16(first_f(n), p)
#define store_16f(p, h)         _mm256_storeu_si256((__m256i *)(p), h)
#define stream_16f(p, h)        _mm256_stream_si256((__m256i *)(p), h)
#define store_16f_some(p, h, n) _mm256_mask_storeu_epi16(p, first_f(n), h)
typedef __m256i half_f;

#define end_of_stream() _mm_sfence()

#endif

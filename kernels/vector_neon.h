/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of vector_avx512.h in NEON of 64-bit Arm: 2 and 4 lanes.
 * Fused multiply-adds and conversions of half precision belong to every such
 * processor, so nothing is asked when the program runs.
 */
#ifndef SN_KERNELS_VECTOR_H
#define SN_KERNELS_VECTOR_H

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float64x2_t vd;
typedef uint64x2_t vi;
typedef uint64x2_t vm;
typedef float32x4_t vf;
typedef uint32x4_t vn;
#define D_BATCH  4
#define DD_BATCH 2
#define F_BATCH  4
#define D_LANES  2
#define F_LANES  4
#define STREAMS  0

/* ---- doubles ------------------------------------------------------------ */

#define vd_set(x)                    vdupq_n_f64(x)
#define vd_add(a, b)                 vaddq_f64(a, b)
#define vd_sub(a, b)                 vsubq_f64(a, b)
#define vd_mul(a, b)                 vmulq_f64(a, b)
#define vd_div(a, b)                 vdivq_f64(a, b)
#define vd_fma(a, b, c)              vfmaq_f64(c, a, b)
#define vd_fms(a, b, c)              vfmaq_f64(vnegq_f64(c), a, b)
#define vd_fnma(a, b, c)             vfmsq_f64(c, a, b)
#define vd_bits(x)                   vreinterpretq_u64_f64(x)
#define vd_of_bits(x)                vreinterpretq_f64_u64(x)
#define vd_where(m, x)               vd_of_bits(vandq_u64(m, vd_bits(x))) /* m ? x : 0 */
#define vd_clamp_where(m, least, x)  vmaxq_f64(vd_set(least), vd_where(m, x))
#define vd_clamp_or_zero             vd_clamp_where
#define vd_lt(a, b)                  vcltq_f64(a, b)
#define vd_le(a, b)                  vcleq_f64(a, b)
#define vd_eq(a, b)                  vceqq_f64(a, b)
#define vd_quiet(nan)                vaddq_f64(nan, nan)
#define vd_is_number(a)              vceqq_f64(a, a)
#define vd_select(m, a, b)           vbslq_f64(m, a, b)
#define vd_sub_where(m, a, b)        vd_where(m, vd_sub(a, b))
#define vd_mul_where(m, a, b, other) vbslq_f64(m, vmulq_f64(a, b), other)
#define vd_abs(x)                    vabsq_f64(x)
#define vm_and(a, b)                 vandq_u64(a, b)
#define vm_or(a, b)                  vorrq_u64(a, b)
#define vm_bits(m)                                                            \
    ((unsigned)(vgetq_lane_u64(m, 0) & 1) |                                   \
        (unsigned)(vgetq_lane_u64(m, 1) & 2))

static inline vi vi_pair(uint64_t first, uint64_t second)
{
    return vcombine_u64(vcreate_u64(first), vcreate_u64(second));
}
static inline vm vm_of_bits(unsigned b)
{
    return vtstq_u64(vdupq_n_u64(b), vi_pair(1, 2));
}
static inline vd vd_copysign(vd magnitude, vd sign)
{
    return vbslq_f64(vd_bits(vd_set(-0.0)), sign, magnitude);
}

#define vi_set(x)        vdupq_n_u64((uint64_t)(x))
#define vi_add(a, b)     vaddq_u64(a, b)
#define vi_sub(a, b)     vsubq_u64(a, b)
#define vi_and(a, b)     vandq_u64(a, b)
#define vi_or(a, b)      vorrq_u64(a, b)
#define vi_andnot(a, b)  vbicq_u64(b, a)
#define vi_shl(a, n)     vshlq_n_u64(a, n)
#define vi_shr(a, n)     vshrq_n_u64(a, n)
#define vi_mul32(a, b)   vmull_u32(vmovn_u64(a), vmovn_u64(b))
#define vi_xor3(a, b, c) veorq_u64(veorq_u64(a, b), c)
#define vi_lanes()       vi_pair(0, 1)

static inline uint32_t bits_16(uint16x8_t truth)
{
    const uint16x8_t bit = vreinterpretq_u16_u64(
        vi_pair(UINT64_C(0x0008000400020001), UINT64_C(0x0080004000200010)));
    return vaddvq_u16(vandq_u16(truth, bit));
}
#define vi_lt16(a, b)                                                         \
    bits_16(vcltq_u16(vreinterpretq_u16_u64(a), vreinterpretq_u16_u64(b)))
#define vi_eq16(a, b)                                                         \
    bits_16(vceqq_u16(vreinterpretq_u16_u64(a), vreinterpretq_u16_u64(b)))

typedef const double *table16;
#define vd_table16(t) (t)
static inline vd vd_lookup16(table16 t, vi k)
{
    const double *first = t + (vgetq_lane_u64(k, 0) & 15);
    const double *second = t + (vgetq_lane_u64(k, 1) & 15);
    return vcombine_f64(vld1_f64(first), vld1_f64(second));
}

/* ---- memory to doubles and back ----------------------------------------- */

#define vd_load_f64(p)      vld1q_f64(p)
#define vd_store_f64(p, v)  vst1q_f64(p, v)
#define vd_stream_f64(p, v) vst1q_f64(p, v)
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

#define vd_load_f32(p)      vcvt_f64_f32(vld1_f32(p))
#define vd_store_f32(p, v)  vst1_f32(p, vcvt_f32_f64(v))
#define vd_stream_f32(p, v) vst1_f32(p, vcvt_f32_f64(v))
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

typedef uint16x4_t half_d, half_f; /* half_d: in the first two lanes */
static inline vd vd_of_f16(half_d h)
{
    float32x4_t wide = vcvt_f32_f16(vreinterpret_f16_u16(h));
    return vcvt_f64_f32(vget_low_f32(wide));
}
static inline vf vf_of_bf16(half_f h)
{
    return vreinterpretq_f32_u32(vshll_n_u16(h, 16));
}
#define vd_of_bf16(h) vcvt_f64_f32(vget_low_f32(vf_of_bf16(h)))
static inline vf both(float32x2_t v)
{
    return vcombine_f32(v, v);
}
static inline half_d f16_of_odd(vd v)
{
    return vreinterpret_u16_f16(vcvt_f16_f32(both(vcvt_f32_f64(v))));
}
static inline half_d bf16_of_exact(vd v)
{
    return vshrn_n_u32(vreinterpretq_u32_f32(both(vcvt_f32_f64(v))), 16);
}
/* rounded once; to_bf16() is in core_double.h */
#define bf16_of_vd(v)   bf16_of_exact(to_bf16(v))
#define load_16(p)      load_16_some(p, D_LANES)
#define store_16(p, h)  store_16_some(p, h, D_LANES)
#define stream_16(p, h) store_16_some(p, h, D_LANES)
static inline half_d load_16_some(const uint16_t *p, size_t n)
{
    uint16_t all[F_LANES] = {0};
    memcpy(all, p, n * sizeof *p);
    return vld1_u16(all);
}
static inline void store_16_some(uint16_t *p, half_d h, size_t n)
{
    uint16_t all[F_LANES];
    vst1_u16(all, h);
    memcpy(p, all, n * sizeof *p);
}

/* ---- floats --------------------------------------------------------------
 */

#define vf_set(x)        vdupq_n_f32(x)
#define vf_add(a, b)     vaddq_f32(a, b)
#define vf_sub(a, b)     vsubq_f32(a, b)
#define vf_mul(a, b)     vmulq_f32(a, b)
#define vf_fma(a, b, c)  vfmaq_f32(c, a, b)
#define vf_fms(a, b, c)  vfmaq_f32(vnegq_f32(c), a, b)
#define vf_fnma(a, b, c) vfmsq_f32(c, a, b)
#define vf_where(m, x)                                                        \
    vreinterpretq_f32_u32(vandq_u32(m, vreinterpretq_u32_f32(x)))
#define vf_clamp_where(m, least, x)  vmaxq_f32(vf_set(least), vf_where(m, x))
#define vf_lt(a, b)                  vcltq_f32(a, b)
#define vf_le(a, b)                  vcleq_f32(a, b)
#define vf_select(m, a, b)           vbslq_f32(m, a, b)
#define vf_sub_where(m, a, b)        vf_where(m, vf_sub(a, b))
#define vf_mul_where(m, a, b, other) vbslq_f32(m, vmulq_f32(a, b), other)
static inline vf vf_times_power(vf f, vf shifted)
{
    return vreinterpretq_f32_u32(
        vaddq_u32(vshlq_n_u32(vreinterpretq_u32_f32(shifted), 23),
            vreinterpretq_u32_f32(f)));
}

#define vf_load_f32(p)      vld1q_f32(p)
#define vf_store_f32(p, v)  vst1q_f32(p, v)
#define vf_stream_f32(p, v) vst1q_f32(p, v)
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

#define vf_of_f16(h) vcvt_f32_f16(vreinterpret_f16_u16(h))
#define f16_of_vf(v) vreinterpret_u16_f16(vcvt_f16_f32(v))
static inline half_f bf16_of_vf(vf v)
{
    uint32x4_t bits = vreinterpretq_u32_f32(v);
    uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    bits = vaddq_u32(vaddq_u32(bits, vdupq_n_u32(0x7fff)), odd);
    return vshrn_n_u32(bits, 16);
}
#define load_16f(p)             vld1_u16(p)
#define store_16f(p, h)         vst1_u16(p, h)
#define stream_16f(p, h)        vst1_u16(p, h)
#define load_16f_some(p, n)     load_16_some(p, n)
#define store_16f_some(p, h, n) store_16_some(p, h, n)
static inline void load_bf16s(int n, vf *v, const uint16_t *p)
{
    for (int u = 0; u < n; u++)
        v[u] = vf_of_bf16(load_16f(p + u * F_LANES));
}
static inline void store_bf16s(int n, uint16_t *p, const vf *v)
{
    for (int u = 0; u < n; u++)
        store_16f(p + u * F_LANES, bf16_of_vf(v[u]));
}
#define stream_bf16s(n, p, v) store_bf16s(n, p, v)

#define end_of_stream() ((void)0)

#endif

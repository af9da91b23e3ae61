/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of vector_avx512.h in C11 alone: one lane.  fma() is the
 * processor's where the compiler may use it, else the C library's: the same
 * bits, slower.
 */
#ifndef SN_KERNELS_VECTOR_H
#define SN_KERNELS_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef double vd;
typedef uint64_t vi;
typedef int vm;
typedef float vf;
typedef int vn;
#define D_BATCH  1
#define DD_BATCH 1
#define F_BATCH  1
#define D_LANES  1
#define F_LANES  1
#define STREAMS  0

static inline vi vd_bits(vd x)
{
    vi bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline vd vd_of_bits(vi bits)
{
    vd x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
static inline uint32_t vf_bits(vf x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline vf vf_of_bits(uint32_t bits)
{
    vf x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ---- doubles ------------------------------------------------------------ */

#define vd_set(x)        ((vd)(x))
#define vd_add(a, b)     ((a) + (b))
#define vd_sub(a, b)     ((a) - (b))
#define vd_mul(a, b)     ((a) * (b))
#define vd_div(a, b)     ((a) / (b))
#define vd_fma(a, b, c)  fma(a, b, c)
#define vd_fms(a, b, c)  fma(a, b, -(c))
#define vd_fnma(a, b, c) fma(-(a), b, c)
#define vd_clamp_where(m, least, x)                                           \
    ((m) ? (isless(x, least) ? (least) : (x)) : 0)
#define vd_clamp_or_zero vd_clamp_where
#define vd_lt(a, b)      isless(a, b)
#define vd_le(a, b)      islessequal(a, b)
#define vd_eq(a, b)      ((a) == (b))
/* compilers leave out (float)(double)x, which would make it quiet */
#define vd_quiet(nan)                ((nan) + (nan))
#define vd_is_number(a)              (!isnan(a))
#define vd_select(m, a, b)           ((m) ? (a) : (b))
#define vd_sub_where(m, a, b)        ((m) ? (a) - (b) : 0)
#define vd_mul_where(m, a, b, other) ((m) ? (a) * (b) : (other))
#define vd_abs(x)                    fabs(x)
#define vd_copysign(a, b)            copysign(a, b)
#define vm_and(a, b)                 ((a) && (b))
#define vm_or(a, b)                  ((a) || (b))
#define vm_bits(m)                   ((unsigned)((m) != 0))
#define vm_of_bits(b)                ((vm)((b)&1))

#define vi_set(x)        ((vi)(x))
#define vi_add(a, b)     ((a) + (b))
#define vi_sub(a, b)     ((vi)(a) - (vi)(b))
#define vi_and(a, b)     ((a) & (b))
#define vi_or(a, b)      ((a) | (b))
#define vi_andnot(a, b)  (~(a) & (b))
#define vi_shl(a, n)     ((a) << (n))
#define vi_shr(a, n)     ((a) >> (n))
#define vi_mul32(a, b)   (((a)&0xffffffff) * ((b)&0xffffffff))
#define vi_xor3(a, b, c) ((a) ^ (b) ^ (c))
#define vi_lanes()       ((vi)0)

static inline uint32_t vi_lt16(vi a, vi b)
{
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= (uint32_t)((uint16_t)(a >> 16 * i) < (uint16_t)(b >> 16 * i))
                << i;
    return bits;
}
static inline uint32_t vi_eq16(vi a, vi b)
{
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= (uint32_t)((uint16_t)(a >> 16 * i) == (uint16_t)(b >> 16 * i))
                << i;
    return bits;
}

typedef const double *table16;
#define vd_table16(t)     (t)
#define vd_lookup16(t, k) ((t)[(k)&15])

/* ---- memory to doubles and back ------------------------------------------
 * There is no part of a vector of one, and no way past the caches.
 */

#define vd_load_f64(p)             (*(p))
#define vd_load_f64_some(p, n)     ((void)(n), *(p))
#define vd_store_f64(p, v)         (*(p) = (v))
#define vd_stream_f64(p, v)        (*(p) = (v))
#define vd_store_f64_some(p, v, n) ((void)(n), *(p) = (v))
#define vd_load_f32(p)             ((double)*(p))
#define vd_load_f32_some(p, n)     ((void)(n), (double)*(p))
#define vd_store_f32(p, v)         (*(p) = (float)(v))
#define vd_stream_f32(p, v)        (*(p) = (float)(v))
#define vd_store_f32_some(p, v, n) ((void)(n), *(p) = (float)(v))

typedef uint16_t half_d, half_f;
#define load_16(p)              (*(p))
#define load_16_some(p, n)      ((void)(n), *(p))
#define store_16(p, h)          (*(p) = (h))
#define stream_16(p, h)         (*(p) = (h))
#define store_16_some(p, h, n)  ((void)(n), *(p) = (h))
#define load_16f(p)             (*(p))
#define load_16f_some(p, n)     ((void)(n), *(p))
#define store_16f(p, h)         (*(p) = (h))
#define stream_16f(p, h)        (*(p) = (h))
#define store_16f_some(p, h, n) ((void)(n), *(p) = (h))

static inline vf vf_of_f16(uint16_t h)
{
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = h & 0x7fff;
    if (rest < 0x400) /* subnormal */
        return vf_of_bits(sign | vf_bits((float)rest * 0x1p-24f));
    if (rest < 0x7c00)
        return vf_of_bits(sign | ((rest << 13) + ((127 - 15) << 23)));
    uint32_t quiet = rest > 0x7c00 ? 0x400000 : 0;
    return vf_of_bits(sign | 0x7f800000 | quiet | (rest & 0x3ff) << 13);
}
#define vd_of_f16(h) ((double)vf_of_f16(h))

/* any double, rounded once */
static inline uint16_t f16_of_odd(vd v)
{
    uint64_t bits = vd_bits(v);
    unsigned sign = (unsigned)(bits >> 48) & 0x8000;
    double size = fabs(v);
    uint64_t rest = bits & ~(UINT64_C(1) << 63);
    if (isnan(v))
        return (uint16_t)(sign | 0x7e00 | (rest >> 42 & 0x3ff));
    if (size >= 65520)
        return (uint16_t)(sign | 0x7c00);
    if (size < 0x1p-14) /* to a whole number of 2^-24 */
        return (uint16_t)(sign | (unsigned)(vd_bits(size + 0x1p28) & 0x7ff));
    rest += (UINT64_C(1) << 41) - 1 + (rest >> 42 & 1);
    return (uint16_t)(sign | (unsigned)((rest >> 42) - ((1023 - 15) << 10)));
}
#define f16_of_vf(v) f16_of_odd((double)(v))

#define vf_of_bf16(h) vf_of_bits((uint32_t)(h) << 16)
/* plus 0: a signalling NaN becomes quiet */
#define vd_of_bf16(h)    ((double)vf_of_bf16(h))
#define bf16_of_exact(v) ((uint16_t)(vf_bits((float)(v)) >> 16))
/* rounded once; to_bf16() is in core_double.h */
#define bf16_of_vd(v) bf16_of_exact(to_bf16(v))
static inline uint16_t bf16_of_vf(vf v)
{
    uint32_t bits = vf_bits(v);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#define load_bf16s(n, v, p)   (*(v) = vf_of_bf16(*(p)))
#define store_bf16s(n, p, v)  (*(p) = bf16_of_vf(*(v)))
#define stream_bf16s(n, p, v) (*(p) = bf16_of_vf(*(v)))

/* ---- floats --------------------------------------------------------------
 */

#define vf_set(x)        ((vf)(x))
#define vf_add(a, b)     ((a) + (b))
#define vf_sub(a, b)     ((a) - (b))
#define vf_mul(a, b)     ((a) * (b))
#define vf_fma(a, b, c)  fmaf(a, b, c)
#define vf_fms(a, b, c)  fmaf(a, b, -(c))
#define vf_fnma(a, b, c) fmaf(-(a), b, c)
#define vf_clamp_where(m, least, x)                                           \
    ((m) ? (isless(x, least) ? (least) : (x)) : 0)
#define vf_lt(a, b)                  isless(a, b)
#define vf_le(a, b)                  islessequal(a, b)
#define vf_select(m, a, b)           ((m) ? (a) : (b))
#define vf_sub_where(m, a, b)        ((m) ? (a) - (b) : 0)
#define vf_mul_where(m, a, b, other) ((m) ? (a) * (b) : (other))
#define vf_times_power(f, shifted)                                            \
    vf_of_bits((vf_bits(shifted) << 23) + vf_bits(f))
#define vf_load_f32(p)             (*(p))
#define vf_load_f32_some(p, n)     ((void)(n), *(p))
#define vf_store_f32(p, v)         (*(p) = (v))
#define vf_stream_f32(p, v)        (*(p) = (v))
#define vf_store_f32_some(p, v, n) ((void)(n), *(p) = (v))

#define end_of_stream() ((void)0)

#endif

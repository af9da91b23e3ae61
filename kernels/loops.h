/* SPDX-License-Identifier: MIT */
/*
 * From functions on vectors to functions on arrays, and the table of one
 * instruction set.  isa_*.c include a vocabulary, define ISA, then
 * include this.
 */
#include <assert.h>
#include <math.h>

#include "arithmetic.h"
#include "doubled.h"
#include "doubles.h"
#include "floats.h"
#include "mask.h"

/* the same array, or apart */
static inline int fits(const void *out, const void *in, size_t bytes)
{
    uintptr_t a = (uintptr_t)out, b = (uintptr_t)in;
    return a == b || (a < b ? b - a : a - b) >= bytes;
}

/* Elements up to the next line of the cache, where the output is to go past
   the caches from there; else SIZE_MAX. */
static inline size_t ahead_of_stream(
    const void *out, const void *in, const void *other, size_t n, size_t size)
{
    const uintptr_t line = 64;
    if (!STREAMS || n <= SN_STREAM_BYTES / size || out == in || out == other ||
        (uintptr_t)out % size)
        return SIZE_MAX;
    return (size_t)((line - (uintptr_t)out % line) % line) / size;
}

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)

/* n vectors of the forward loops, one after the other */
#define LOADS_IN_ORDER(n, v, p)   EACH v[u] = GET(p + u * V_LANES)
#define STORES_IN_ORDER(n, p, v)  EACH PUT(p + u * V_LANES, v[u])
#define STREAMS_IN_ORDER(n, p, v) EACH PUT_PAST(p + u * V_LANES, v[u])

/* ---- f32 -------------------------------------------------------------------
 */

#define DTYPE              f32
#define T                  float
#define GET                vd_load_f32
#define GET_SOME           vd_load_f32_some
#define PUT                vd_store_f32
#define PUT_PAST           vd_stream_f32
#define PUT_SOME           vd_store_f32_some
#define ELU_IN             in_double
#define BATCH              D_BATCH
#define F_FORWARD          forward_d
#define F_GRADIENT         gradient_d
#define F_DROPOUT          dropout_d
#define F_FUSED            fused_d
#define F_DROPOUT_GRADIENT dropout_gradient_d
#include "loops_dtype.h"
#define NAME    forward_f32
#define K       in_double
#define MAKE_K  in_double(elu, NULL)
#define V       vd
#define V_LANES D_LANES
#define V_BATCH D_BATCH
#define LOADS   LOADS_IN_ORDER
#define STORES  STORES_IN_ORDER
#define STREAMS STREAMS_IN_ORDER
#include "loops_forward.h"

#undef GET
#undef GET_SOME
#undef PUT
#undef PUT_PAST
#undef PUT_SOME
#undef F_FORWARD
#define GET       vf_load_f32
#define GET_SOME  vf_load_f32_some
#define PUT       vf_store_f32
#define PUT_PAST  vf_stream_f32
#define PUT_SOME  vf_store_f32_some
#define F_FORWARD faithful_forward
#define NAME      faithful_f32
#define K         in_float
#define MAKE_K    in_float(elu)
#define V         vf
#define V_LANES   F_LANES
#define V_BATCH   F_BATCH
#define LOADS     LOADS_IN_ORDER
#define STORES    STORES_IN_ORDER
#define STREAMS   STREAMS_IN_ORDER
#include "loops_forward.h"

/* ---- f16, bf16
 * --------------------------------------------------------------- */

#undef DTYPE
#undef T
#undef GET
#undef GET_SOME
#undef PUT
#undef PUT_PAST
#undef PUT_SOME
#undef F_FORWARD
#define DTYPE             f16
#define T                 uint16_t
#define GET(p)            vd_of_f16(load_16(p))
#define GET_SOME(p, n)    vd_of_f16(load_16_some(p, n))
#define PUT(p, v)         store_16(p, f16_of_odd(to_odd(v)))
#define PUT_PAST(p, v)    stream_16(p, f16_of_odd(to_odd(v)))
#define PUT_SOME(p, v, n) store_16_some(p, f16_of_odd(to_odd(v)), n)
#include "loops_dtype.h"
#undef GET
#undef GET_SOME
#undef PUT
#undef PUT_PAST
#undef PUT_SOME
#define GET(p)            vf_of_f16(load_16f(p))
#define GET_SOME(p, n)    vf_of_f16(load_16f_some(p, n))
#define PUT(p, v)         store_16f(p, f16_of_vf(v))
#define PUT_PAST(p, v)    stream_16f(p, f16_of_vf(v))
#define PUT_SOME(p, v, n) store_16f_some(p, f16_of_vf(v), n)
#define F_FORWARD         half_forward
#define NAME              forward_f16
#define K                 in_float
#define MAKE_K            in_float(elu)
#define V                 vf
#define V_LANES           F_LANES
#define V_BATCH           F_BATCH
#define LOADS             LOADS_IN_ORDER
#define STORES            STORES_IN_ORDER
#define STREAMS           STREAMS_IN_ORDER
#include "loops_forward.h"

#undef DTYPE
#undef GET
#undef GET_SOME
#undef PUT
#undef PUT_PAST
#undef PUT_SOME
#define DTYPE             bf16
#define GET(p)            vd_of_bf16(load_16(p))
#define GET_SOME(p, n)    vd_of_bf16(load_16_some(p, n))
#define PUT(p, v)         store_16(p, bf16_of_vd(v))
#define PUT_PAST(p, v)    stream_16(p, bf16_of_vd(v))
#define PUT_SOME(p, v, n) store_16_some(p, bf16_of_vd(v), n)
#include "loops_dtype.h"
#undef GET_SOME
#undef PUT_SOME
#define GET_SOME(p, n)    vf_of_bf16(load_16f_some(p, n))
#define PUT_SOME(p, v, n) store_16f_some(p, bf16_of_vf(v), n)
#define NAME              forward_bf16
#define K                 in_float
#define MAKE_K            in_float(elu)
#define V                 vf
#define V_LANES           F_LANES
#define V_BATCH           F_BATCH
#define LOADS             load_bf16s
#define STORES            store_bf16s
#define STREAMS           stream_bf16s
#include "loops_forward.h"

/* ---- f64
 * --------------------------------------------------------------------- */

#undef DTYPE
#undef T
#undef GET
#undef GET_SOME
#undef PUT
#undef PUT_PAST
#undef PUT_SOME
#undef ELU_IN
#undef BATCH
#undef F_FORWARD
#undef F_GRADIENT
#undef F_DROPOUT
#undef F_FUSED
#undef F_DROPOUT_GRADIENT
#define DTYPE              f64
#define T                  double
#define GET                vd_load_f64
#define GET_SOME           vd_load_f64_some
#define PUT                vd_store_f64
#define PUT_PAST           vd_stream_f64
#define PUT_SOME           vd_store_f64_some
#define ELU_IN             in_pairs
#define BATCH              P_BATCH
#define F_FORWARD          forward_p
#define F_GRADIENT         gradient_p
#define F_DROPOUT          dropout_p
#define F_FUSED            fused_p
#define F_DROPOUT_GRADIENT dropout_gradient_p
#include "loops_dtype.h"
#define NAME    forward_f64
#define K       in_pairs
#define MAKE_K  in_pairs(elu, NULL)
#define V       vd
#define V_LANES D_LANES
#define V_BATCH P_BATCH
#define LOADS   LOADS_IN_ORDER
#define STORES  STORES_IN_ORDER
#define STREAMS STREAMS_IN_ORDER
#include "loops_forward.h"

/* ---- the table
 * ----------------------------------------------------------------- */

#define ALL(f)                                                                \
    {                                                                         \
        [SN_F32] = f##_f32, [SN_F64] = f##_f64, [SN_F16] = f##_f16,           \
        [SN_BF16] = f##_bf16,                                                 \
    }
#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

const struct sn_isa JOIN(sn_isa, ISA) = {
    .name = TEXT(ISA),
    .available = JOIN(sn_has, ISA),
    .forward = ALL(forward),
    .gradient = ALL(gradient),
    .faithful_f32 = faithful_f32,
    .dropout = ALL(dropout),
    .dropout_gradient = ALL(dropout_gradient),
    .fused = ALL(fused),
    .fused_gradient = ALL(fused_gradient),
};

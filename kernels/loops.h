/* SPDX-License-Identifier: MIT */
/*
 * From functions on vectors to functions on arrays, and the table of one
 * instruction set.  isa_*.c include a vocabulary, define ISA, then include
 * this.  Task and dtype are known where the loops below are inlined, so that
 * nothing of the other tasks and dtypes is left in a loop.
 */
#include <assert.h>
#include <math.h>

#include "arithmetic.h"
#include "core_double_double.h"
#include "core_double.h"
#include "core_float.h"
#include "mask.h"

enum loop_task {
    LOOP_FORWARD,
    LOOP_FAITHFUL,
    LOOP_GRADIENT,
    LOOP_DROPOUT, /* from here on with a mask */
    LOOP_DROPOUT_GRADIENT,
    LOOP_FUSED,
    LOOP_FUSED_GRADIENT
};

/* y of x, and of dy where a task takes both; else dy is x */
struct loop_arrays {
    void *y;
    const void *dy, *x;
};

/* of a call: those that its cores take */
struct loop_constants {
    struct double_constants d;
    struct dd_constants dd;
    struct float_constants f;
};

SN_INLINE size_t size_of(enum sn_dtype t)
{
    return t == SN_F64 ? 8 : t == SN_F32 ? 4 : 2;
}

SN_INLINE int takes_dy(enum loop_task task)
{
    return task == LOOP_GRADIENT || task == LOOP_FUSED_GRADIENT;
}

/* in lanes of float, not double? */
SN_INLINE int in_floats(enum loop_task task, enum sn_dtype t)
{
    return task == LOOP_FAITHFUL || (task == LOOP_FORWARD && size_of(t) == 2);
}

/* the same array, or apart */
static inline int fits(const void *out, const void *in, size_t bytes)
{
    uintptr_t a = (uintptr_t)out, b = (uintptr_t)in;
    return a == b || (a < b ? b - a : a - b) >= bytes;
}

/* Elements up to the next line of the cache, where the output is to go past
   the caches from there; else SIZE_MAX. */
static inline size_t ahead_of_stream(
    const struct loop_arrays *a, size_t n, size_t size)
{
    const uintptr_t line = 64, out = (uintptr_t)a->y;
    if (!STREAMS || n <= SN_STREAM_BYTES / size || a->y == a->x ||
        a->y == a->dy || out % size)
        return SIZE_MAX;
    return (size_t)((line - out % line) % line) / size;
}

/* ---- lanes of double ------------------------------------------------------
 */

SN_INLINE vd load_d(enum sn_dtype t, const void *from, size_t i)
{
    if (t == SN_F32)
        return vd_load_f32((const float *)from + i);
    if (t == SN_F64)
        return vd_load_f64((const double *)from + i);
    const half_d half = load_16((const uint16_t *)from + i);
    return t == SN_F16 ? vd_of_f16(half) : vd_of_bf16(half);
}

SN_INLINE vd load_d_some(enum sn_dtype t, const void *from, size_t i, size_t n)
{
    if (t == SN_F32)
        return vd_load_f32_some((const float *)from + i, n);
    if (t == SN_F64)
        return vd_load_f64_some((const double *)from + i, n);
    const half_d half = load_16_some((const uint16_t *)from + i, n);
    return t == SN_F16 ? vd_of_f16(half) : vd_of_bf16(half);
}

SN_INLINE half_d half_of(enum sn_dtype t, vd v)
{
    return t == SN_F16 ? f16_of_odd(to_odd(v)) : bf16_of_vd(v);
}

SN_INLINE void store_d(enum sn_dtype t, void *to, size_t i, vd v, int past)
{
    if (t == SN_F32 && past)
        vd_stream_f32((float *)to + i, v);
    else if (t == SN_F32)
        vd_store_f32((float *)to + i, v);
    else if (t == SN_F64 && past)
        vd_stream_f64((double *)to + i, v);
    else if (t == SN_F64)
        vd_store_f64((double *)to + i, v);
    else if (past)
        stream_16((uint16_t *)to + i, half_of(t, v));
    else
        store_16((uint16_t *)to + i, half_of(t, v));
}

SN_INLINE void store_d_some(
    enum sn_dtype t, void *to, size_t i, vd v, size_t n)
{
    if (t == SN_F32)
        vd_store_f32_some((float *)to + i, v, n);
    else if (t == SN_F64)
        vd_store_f64_some((double *)to + i, v, n);
    else
        store_16_some((uint16_t *)to + i, half_of(t, v), n);
}

SN_INLINE void core_d(enum loop_task task, const struct double_constants *k,
    int n, vd *y, const vd *dy, const vd *x)
{
    if (takes_dy(task))
        gradient_d(k, n, y, dy, x);
    else if (task == LOOP_FORWARD)
        forward_d(k, n, y, x);
    else if (task == LOOP_DROPOUT)
        dropout_d(k, n, y, x);
    else if (task == LOOP_FUSED)
        fused_d(k, n, y, x);
    else
        dropout_gradient_d(k, n, y, x);
}

SN_INLINE void core_dd(enum loop_task task, const struct dd_constants *k,
    int n, vd *y, const vd *dy, const vd *x)
{
    if (takes_dy(task))
        gradient_dd(k, n, y, dy, x);
    else if (task == LOOP_FORWARD)
        forward_dd(k, n, y, x);
    else if (task == LOOP_DROPOUT)
        dropout_dd(k, n, y, x);
    else if (task == LOOP_FUSED)
        fused_dd(k, n, y, x);
    else
        dropout_gradient_dd(k, n, y, x);
}

/* what a dropped element becomes */
SN_INLINE vd dropped(
    enum loop_task task, enum sn_dtype t, const struct loop_constants *k)
{
    if (task != LOOP_DROPOUT && task != LOOP_FUSED)
        return vd_set(0.0);
    return t == SN_F64 ? k->dd.dropped : k->d.dropped;
}

/* Vectors side by side from element i on; bit j of keep: of element i + j. */
SN_INLINE void batch_d(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    uint32_t keep, int past)
{
    const int n = t == SN_F64 ? DD_BATCH : D_BATCH;
    vd x[D_BATCH], dy[D_BATCH], y[D_BATCH];
    EACH(u, n) x[u] = load_d(t, a->x, i + (size_t)(u * D_LANES));
    EACH(u, n)
    dy[u] = takes_dy(task) ? load_d(t, a->dy, i + (size_t)(u * D_LANES))
                           : vd_set(0.0);
    if (t == SN_F64)
        core_dd(task, &k->dd, n, y, dy, x);
    else
        core_d(task, &k->d, n, y, dy, x);
    if (task >= LOOP_DROPOUT)
        EACH(u, n)
    y[u] =
        vd_select(vm_of_bits(keep >> u * D_LANES), y[u], dropped(task, t, k));
    EACH(u, n) store_d(t, a->y, i + (size_t)(u * D_LANES), y[u], past);
}

/* The same for 0 < n <= D_LANES elements. */
SN_INLINE void some_d(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    uint32_t keep, size_t n)
{
    vd y, x = load_d_some(t, a->x, i, n);
    vd dy = takes_dy(task) ? load_d_some(t, a->dy, i, n) : vd_set(0.0);
    if (t == SN_F64)
        core_dd(task, &k->dd, 1, &y, &dy, &x);
    else
        core_d(task, &k->d, 1, &y, &dy, &x);
    if (task >= LOOP_DROPOUT)
        y = vd_select(vm_of_bits(keep), y, dropped(task, t, k));
    store_d_some(t, a->y, i, y, n);
}

/* ---- lanes of float -------------------------------------------------------
 */

SN_INLINE void core_f(enum loop_task task, const struct float_constants *k,
    int n, vf *y, const vf *x)
{
    if (task == LOOP_FAITHFUL)
        faithful_forward(k, n, y, x);
    else
        half_forward(k, n, y, x);
}

SN_INLINE void batch_f(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    int past)
{
    enum { n = F_BATCH };
    vf x[n], y[n];
    const uint16_t *in = (const uint16_t *)a->x + i;
    uint16_t *out = (uint16_t *)a->y + i;
    if (t == SN_F32)
        EACH(u, n) x[u] = vf_load_f32((const float *)a->x + i + u * F_LANES);
    else if (t == SN_F16)
        EACH(u, n) x[u] = vf_of_f16(load_16f(in + u * F_LANES));
    else
        load_bf16s(n, x, in);
    core_f(task, &k->f, n, y, x);
    if (t == SN_F32 && past)
        EACH(u, n) vf_stream_f32((float *)a->y + i + u * F_LANES, y[u]);
    else if (t == SN_F32)
        EACH(u, n) vf_store_f32((float *)a->y + i + u * F_LANES, y[u]);
    else if (t == SN_F16 && past)
        EACH(u, n) stream_16f(out + u * F_LANES, f16_of_vf(y[u]));
    else if (t == SN_F16)
        EACH(u, n) store_16f(out + u * F_LANES, f16_of_vf(y[u]));
    else if (past)
        stream_bf16s(n, out, y);
    else
        store_bf16s(n, out, y);
}

SN_INLINE void some_f(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    size_t n)
{
    const uint16_t *in = (const uint16_t *)a->x + i;
    uint16_t *out = (uint16_t *)a->y + i;
    vf y, x;
    if (t == SN_F32)
        x = vf_load_f32_some((const float *)a->x + i, n);
    else if (t == SN_F16)
        x = vf_of_f16(load_16f_some(in, n));
    else
        x = vf_of_bf16(load_16f_some(in, n));
    core_f(task, &k->f, 1, &y, &x);
    if (t == SN_F32)
        vf_store_f32_some((float *)a->y + i, y, n);
    else if (t == SN_F16)
        store_16f_some(out, f16_of_vf(y), n);
    else
        store_16f_some(out, bf16_of_vf(y), n);
}

/* ---- loops ----------------------------------------------------------------
 */

SN_INLINE void constants_of(struct loop_constants *k, int floats,
    enum sn_dtype t, const struct sn_elu *elu,
    const struct sn_alpha_dropout *d, int general)
{
    if (floats) {
        k->f = float_constants(elu);
        k->f.general = general;
    } else if (t == SN_F64) {
        k->dd = dd_constants(elu, d);
        k->dd.general = general;
    } else {
        k->d = double_constants(elu, d);
        k->d.general = general;
    }
}

SN_INLINE size_t batch_size(int floats, enum sn_dtype t)
{
    if (floats)
        return F_BATCH * F_LANES;
    return (t == SN_F64 ? DD_BATCH : D_BATCH) * D_LANES;
}

SN_INLINE void plain_batch(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    int past)
{
    if (in_floats(task, t))
        batch_f(task, t, k, a, i, past);
    else
        batch_d(task, t, k, a, i, 0, past);
}

SN_INLINE void plain_some(enum loop_task task, enum sn_dtype t,
    const struct loop_constants *k, const struct loop_arrays *a, size_t i,
    size_t n)
{
    if (in_floats(task, t))
        some_f(task, t, k, a, i, n);
    else
        some_d(task, t, k, a, i, 0, n);
}

SN_INLINE void plain_loop(enum loop_task task, enum sn_dtype t,
    const struct loop_arrays *a, size_t n, const struct sn_elu *elu,
    int general)
{
    const size_t size = size_of(t),
                 lanes = in_floats(task, t) ? F_LANES : D_LANES;
    const size_t batch = batch_size(in_floats(task, t), t);
    assert(fits(a->y, a->x, n * size) && fits(a->y, a->dy, n * size));
    struct loop_constants k;
    constants_of(&k, in_floats(task, t), t, elu, NULL, general);
    const size_t ahead = ahead_of_stream(a, n, size);
    size_t i = 0;
    if (ahead != SIZE_MAX) {
        for (; i < ahead; i++)
            plain_some(task, t, &k, a, i, 1);
        for (; n - i >= batch; i += batch)
            plain_batch(task, t, &k, a, i, 1);
        end_of_stream();
    }
    for (; n - i >= batch; i += batch)
        plain_batch(task, t, &k, a, i, 0);
    for (size_t m; i < n; i += m) {
        m = n - i < lanes ? n - i : lanes;
        plain_some(task, t, &k, a, i, m);
    }
}

/* In groups of the 32 elements whose mask comes at once. */
SN_INLINE void masked_loop(enum loop_task task, enum sn_dtype t,
    const struct loop_arrays *a, size_t n, const struct sn_alpha_dropout *d,
    uint64_t offset, int general)
{
    const size_t size = size_of(t), batch = batch_size(0, t);
    assert(fits(a->y, a->x, n * size) && fits(a->y, a->dy, n * size));
    struct loop_constants k;
    constants_of(&k, 0, t, &d->elu, d, general);
    const size_t ahead = ahead_of_stream(a, n, size);
    const int past = ahead != SIZE_MAX;
    struct mask_keeper keeper = keeper_at(d, offset);
    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < 32 ? n - i : 32;
        if (i == 0 && past && ahead)
            m = ahead; /* less than a line */
        uint32_t keep = keep_next(&keeper);
        if (m == 32 && past)
            for (size_t v = 0; v < 32; v += batch)
                batch_d(task, t, &k, a, i + v, keep >> v, 1);
        else if (m == 32)
            for (size_t v = 0; v < 32; v += batch)
                batch_d(task, t, &k, a, i + v, keep >> v, 0);
        else {
            for (size_t v = 0; v < m; v += D_LANES)
                some_d(task, t, &k, a, i + v, keep >> v,
                    m - v < D_LANES ? m - v : D_LANES);
            if (i + m < n)
                keeper = keeper_at(d, offset + i + m);
        }
    }
    if (past)
        end_of_stream();
}

/* general: any constants; else the paper's, or those of a rate of 1 */
SN_INLINE void plain(enum loop_task task, enum sn_dtype t,
    const struct loop_arrays *a, size_t n, const struct sn_elu *elu)
{
    const int general =
        task == LOOP_GRADIENT ? elu->rate != 1 : elu != &sn_paper_selu;
    if (general)
        plain_loop(task, t, a, n, elu, 1);
    else
        plain_loop(task, t, a, n, elu, 0);
}

SN_INLINE void masked(enum loop_task task, enum sn_dtype t,
    const struct loop_arrays *a, size_t n, const struct sn_alpha_dropout *d,
    uint64_t offset)
{
    if (d->elu.rate != 1)
        masked_loop(task, t, a, n, d, offset, 1);
    else
        masked_loop(task, t, a, n, d, offset, 0);
}

/* ---- the table ------------------------------------------------------------
 */

#define OF_MASK(NAME, TASK, DTYPE, T)                                         \
    static void NAME##_##DTYPE(void *y, const void *x, size_t n,              \
        const struct sn_alpha_dropout *d, uint64_t offset)                    \
    {                                                                         \
        masked(TASK, T, &(const struct loop_arrays){y, x, x}, n, d, offset);  \
    }
#define OF_DTYPE(DTYPE, T)                                                    \
    static void forward_##DTYPE(                                              \
        void *y, const void *x, size_t n, const struct sn_elu *elu)           \
    {                                                                         \
        plain(LOOP_FORWARD, T, &(const struct loop_arrays){y, x, x}, n, elu); \
    }                                                                         \
    static void gradient_##DTYPE(void *dx, const void *dy, const void *x,     \
        size_t n, const struct sn_elu *elu)                                   \
    {                                                                         \
        plain(LOOP_GRADIENT, T, &(const struct loop_arrays){dx, dy, x}, n,    \
            elu);                                                             \
    }                                                                         \
    OF_MASK(dropout, LOOP_DROPOUT, DTYPE, T)                                  \
    OF_MASK(dropout_gradient, LOOP_DROPOUT_GRADIENT, DTYPE, T)                \
    OF_MASK(fused, LOOP_FUSED, DTYPE, T)                                      \
    static void fused_gradient_##DTYPE(void *dx, const void *dy,              \
        const void *x, size_t n, const struct sn_alpha_dropout *d,            \
        uint64_t offset)                                                      \
    {                                                                         \
        masked(LOOP_FUSED_GRADIENT, T,                                        \
            &(const struct loop_arrays){dx, dy, x}, n, d, offset);            \
    }
OF_DTYPE(f32, SN_F32)
OF_DTYPE(f64, SN_F64)
OF_DTYPE(f16, SN_F16)
OF_DTYPE(bf16, SN_BF16)

static void faithful_f32(
    void *y, const void *x, size_t n, const struct sn_elu *elu)
{
    plain(LOOP_FAITHFUL, SN_F32, &(const struct loop_arrays){y, x, x}, n, elu);
}

#define ALL(f)                                                                \
    {                                                                         \
        [SN_F32] = f##_f32, [SN_F64] = f##_f64, [SN_F16] = f##_f16,           \
        [SN_BF16] = f##_bf16,                                                 \
    }
#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(x)    #x
#define TEXT(x)     TEXT_(x)

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

/* SPDX-License-Identifier: MIT */
/*
 * f32, f16 and bf16 through double: e^c = 2^(k/16) e^r with |r| <= ln 2 / 32,
 * c 2^(j/16) from a table of 16 that the call makes, for the factor c of the
 * exponential; e^r - 1 = r (1 + r (W_1 + r (W_2 + ...))).
 * Both fused multiply-adds of the reduction are on a product that is exact
 * inside them; SN_STEP_1 alone misses ln 2 / 16 by 2^-60, which counts where
 * the result stands beside 1 at |k| > 200: in the gradient.
 * The sum of errors is in docs/mathematics/kernels.md; that the float next to
 * the double is the right one is known for each input from 'make exhaust'.
 *
 * n vectors go step by step side by side, since one waits for its results
 * longer than the processor looks ahead.
 *
 * Signed zeros: c = -0 gives r = -0, T r - (c - T) = -0 - +0 = -0.
 */
#ifndef SN_KERNELS_CORE_DOUBLE_H
#define SN_KERNELS_CORE_DOUBLE_H

#include "arithmetic.h"
#include "exp2_table.h"
#include "isa.h"
#include "polynomials.h"
#include "powers.h"
#include <math.h>

/* the constants of a call in registers */
struct double_constants {
    vd positive, negative, rate;
    vd scale, shift, dropped;  /* alpha dropout's */
    struct power_table powers; /* times negative */
    struct power_table slopes; /* times at_zero */
    int general;
};

static inline struct double_constants double_constants(
    const struct sn_elu *elu, const struct sn_alpha_dropout *d)
{
    struct double_constants k = {
        .positive = vd_set(elu->positive),
        .negative = vd_set(elu->negative),
        .rate = vd_set(elu->rate),
        .scale = vd_set(d ? d->scale : 1.0),
        .shift = vd_set(d ? d->shift : 0.0),
        .dropped = vd_set(d ? d->dropped : 0.0),
    };
    multiply_table(&k.powers, elu->negative, elu->negative_low);
    relative_to_first(&k.powers);
    multiply_table(&k.slopes, elu->at_zero, elu->at_zero_low);
    return k;
}

/* power: the table's factor times 2^(k/16), entry k (the low bits of index);
   e^r - 1 = w r */
struct reduced_d {
    vd index[D_BATCH], power[D_BATCH], w[D_BATCH], r[D_BATCH];
};

SN_INLINE void reduce_d(struct reduced_d *out, const double table[16], int n,
    int gradient, const vd *c)
{
    vd *const index = out->index, *const power = out->power;
    vd *const w = out->w, *const r = out->r;
    const vd round = vd_set(0x1.8p52);
    const table16 entries = vd_table16(table);
    vd steps[D_BATCH];
    EACH(u, n) index[u] = vd_fma(c[u], vd_set(SN_PER_STEP), round);
    EACH(u, n) steps[u] = vd_sub(index[u], round);
    EACH(u, n) power[u] = vd_lookup16(entries, vd_bits(index[u]));
    EACH(u, n) r[u] = vd_fnma(steps[u], vd_set(SN_STEP_1), c[u]);
    EACH(u, n)
    power[u] =
        vd_of_bits(vi_add(vi_shl(vd_bits(index[u]), 48), vd_bits(power[u])));
    if (gradient)
        EACH(u, n) r[u] = vd_fnma(steps[u], vd_set(SN_STEP_2), r[u]);
    EACH(u, n) w[u] = vd_fma(vd_set(SN_W_5), r[u], vd_set(SN_W_4));
    EACH(u, n) w[u] = vd_fma(w[u], r[u], vd_set(SN_W_3));
    EACH(u, n) w[u] = vd_fma(w[u], r[u], vd_set(SN_W_2));
    EACH(u, n) w[u] = vd_fma(w[u], r[u], vd_set(SN_W_1));
    EACH(u, n) w[u] = vd_fma(w[u], r[u], vd_set(1.0));
}

/* left: x <= 0.  c: x rate from `least` up, where it is left */
SN_INLINE void clamp(const struct double_constants *k, int n, double least,
    const vd *x, vm *left, vd *c)
{
    EACH(u, n) left[u] = vd_le(x[u], vd_set(0.0));
    EACH(u, n) c[u] = k->general ? vd_mul(x[u], k->rate) : x[u];
    EACH(u, n) c[u] = vd_clamp_where(left[u], least, c[u]);
}

/* positive x, negative (e^(rate x) - 1) */
SN_INLINE void forward_d(
    const struct double_constants *k, int n, vd *y, const vd *x)
{
    vm left[D_BATCH];
    struct reduced_d reduced;
    vd *const index = reduced.index, *const power = reduced.power;
    vd *const w = reduced.w, *const r = reduced.r;
    vd c[D_BATCH];
    clamp(k, n, -40.0, x, left, c); /* 1 - e^-40 rounds to 1 */
    reduce_d(&reduced, k->powers.entry, n, 0, c);
    if (k->general) {
        const table16 rests = vd_table16(k->powers.rest);
        EACH(u, n) c[u] = vd_lookup16(rests, vd_bits(index[u]));
        EACH(u, n) c[u] = vd_fma(w[u], r[u], c[u]);
        EACH(u, n) r[u] = vd_select(left[u], c[u], x[u]);
    } else
        EACH(u, n) r[u] = vd_mul_where(left[u], w[u], r[u], x[u]);
    EACH(u, n)
    {
        vd less = vd_sub_where(left[u], k->negative, power[u]);
        vd factor = vd_select(left[u], power[u], k->positive);
        y[u] = vd_fms(factor, r[u], less);
    }
}

/* dy times the slope */
SN_INLINE void gradient_d(
    const struct double_constants *k, int n, vd *dx, const vd *dy, const vd *x)
{
    vm left[D_BATCH];
    struct reduced_d reduced;
    vd *const power = reduced.power, *const w = reduced.w;
    vd *const r = reduced.r;
    vd c[D_BATCH];
    /* the product with any finite float and a slope at 0 of up to 2^91 (a
       design's, with alpha dropout) rounds to 0 from -300 on */
    clamp(k, n, -300.0, x, left, c);
    reduce_d(&reduced, k->slopes.entry, n, 1, c);
    EACH(u, n) r[u] = vd_mul(w[u], r[u]);
    EACH(u, n)
    power[u] =
        vd_select(vd_eq(x[u], vd_set(-INFINITY)), vd_set(0.0), power[u]);
    EACH(u, n) r[u] = vd_fma(power[u], r[u], power[u]);
    EACH(u, n) r[u] = vd_select(left[u], r[u], k->positive);
    EACH(u, n)
    dx[u] = vd_mul_where(vd_is_number(x[u]), dy[u], r[u], vd_quiet(x[u]));
}

SN_INLINE void dropout_d(
    const struct double_constants *k, int n, vd *y, const vd *x)
{
    EACH(u, n) y[u] = vd_fma(k->scale, x[u], k->shift);
}

SN_INLINE void fused_d(
    const struct double_constants *k, int n, vd *y, const vd *x)
{
    forward_d(k, n, y, x);
    EACH(u, n) y[u] = vd_add(y[u], k->shift);
}

SN_INLINE void dropout_gradient_d(
    const struct double_constants *k, int n, vd *dx, const vd *dy)
{
    EACH(u, n) dx[u] = vd_mul(k->scale, dy[u]);
}

/* ---- f16 and bf16: rounded once from double --------------------------------
 */

/* To a float's 24 bits, the last of which says whether there was more: what
   is rounded from it to fewer than 23 bits is rounded as from v. */
static inline vd to_odd(vd v)
{
    const vi below = vi_set((UINT64_C(1) << 29) - 1);
    vi bits = vd_bits(v);
    vi sticky = vi_add(vi_and(bits, below), below);
    return vd_of_bits(vi_andnot(below, vi_or(bits, sticky)));
}

/* To a bfloat16: 8 bits, or a whole number of 2^-133. */
static inline vd to_bf16(vd v)
{
    const vi below = vi_set((UINT64_C(1) << 45) - 1);
    const vd whole = vd_set(0x1.8p-81);
    vi bits = vd_bits(v);
    vi odd = vi_and(vi_shr(bits, 45), vi_set(1));
    vi up = vi_add(bits, vi_add(vi_set((UINT64_C(1) << 44) - 1), odd));
    vd small = vd_copysign(vd_sub(vd_add(v, whole), whole), v);
    return vd_select(vd_lt(vd_abs(v), vd_set(0x1p-126)), small,
        vd_of_bits(vi_andnot(below, up)));
}

#endif

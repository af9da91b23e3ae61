/* SPDX-License-Identifier: MIT */
/*
 * f32, f16 and bf16 through double: e^c = 2^(k/8) e^r with |r| <= ln 2 / 16,
 * 2^(j/8) from a table of 8 in registers, e^r - 1 = r (1 + r (W_1 + ...)).
 * Both fused multiply-adds of the reduction are on a product that is exact
 * inside them; STEP_8_1 alone misses ln 2 / 8 by 2^-58, which counts where
 * the result stands beside 1 at |k| > 100: in the gradient.
 * The sum of errors is in docs/kernels.md; that the float next to the double
 * is the right one is known for each input from 'make exhaust'.
 *
 * Signed zeros: c = -0 gives r = -0, T r - (1 - T) = -0 - +0 = -0.
 */
#ifndef SN_KERNELS_DOUBLES_H
#define SN_KERNELS_DOUBLES_H

#include "kernels/exp2_table.h"
#include "kernels/isa.h"
#include "kernels/polynomials.h"

/* the constants of a call in registers */
struct in_double {
    vd positive, negative, rate, at_zero;
    vd scale, shift, dropped; /* alpha dropout's */
    table8 table;
    int rated;
};

static inline struct in_double in_double(
    const struct sn_elu *elu, const struct sn_alpha_dropout *d)
{
    struct in_double c = {
        .positive = vd_set(elu->positive),
        .negative = vd_set(elu->negative),
        .rate = vd_set(elu->rate),
        .at_zero = vd_set(elu->at_zero),
        .table = vd_table8(sn_exp2_8),
        .rated = elu->rate != 1,
        .scale = vd_set(d ? d->scale : 1),
        .shift = vd_set(d ? d->shift : 0),
        .dropped = vd_set(d ? d->dropped : 0),
    };
    return c;
}

/* 2^(k/8), and *p = e^r - 1 */
static inline vd powers(vd x, table8 table, int gradient, vd *p)
{
    const vd round = vd_set(0x1.8p52);
    vd shifted = vd_fma(x, vd_set(SN_PER_STEP_8), round);
    vd k = vd_sub(shifted, round);
    vd r = vd_fnma(k, vd_set(SN_STEP_8_1), x);
    if (gradient)
        r = vd_fnma(k, vd_set(SN_STEP_8_2), r);
    vd w = vd_fma(vd_set(SN_W_6), r, vd_set(SN_W_5));
    w = vd_fma(w, r, vd_set(SN_W_4));
    w = vd_fma(w, r, vd_set(SN_W_3));
    w = vd_fma(w, r, vd_set(SN_W_2));
    w = vd_fma(w, r, vd_set(SN_W_1));
    w = vd_fma(w, r, vd_set(1));
    *p = vd_mul(w, r);
    vi bits = vd_bits(shifted);
    return vd_of_bits(
        vi_add(vi_shl(bits, 49), vd_bits(vd_lookup8(table, bits))));
}

/* x rate down to `least` where x <= 0; 0 where x > 0 or NaN */
static inline vd reaching(
    const struct in_double *c, double least, vd x, vm left)
{
    return vd_max_where(
        left, vd_set(least), c->rated ? vd_mul(x, c->rate) : x);
}

/* positive x, negative (e^(rate x) - 1) */
static inline vd forward_d(const struct in_double *c, vd x)
{
    const vm left = vd_le(x, vd_set(0));
    /* 1 - e^-40 rounds to 1 */
    vd p, power = powers(reaching(c, -40, x, left), c->table, 0, &p);
    vd e = vd_fms(power, p, vd_sub(vd_set(1), power));
    return vd_mul_where(left, e, c->negative, vd_mul(x, c->positive));
}

/* dy times the slope */
static inline vd gradient_d(const struct in_double *c, vd dy, vd x)
{
    const vm left = vd_le(x, vd_set(0));
    /* the product with any finite float rounds to 0 from -200 on */
    vd p, power = powers(reaching(c, -200, x, left), c->table, 1, &p);
    power = vd_select(vd_eq(x, vd_set(-INFINITY)), vd_set(0), power);
    vd slope =
        vd_mul_where(left, vd_fma(power, p, power), c->at_zero, c->positive);
    return vd_select(vd_is_nan(x), vd_quiet(x), vd_mul(dy, slope));
}

static inline vd dropout_d(const struct in_double *c, vd x)
{
    return vd_fma(c->scale, x, c->shift);
}

static inline vd fused_d(const struct in_double *c, vd x)
{
    return vd_add(forward_d(c, x), c->shift);
}

static inline vd dropout_gradient_d(const struct in_double *c, vd dy)
{
    return vd_mul(c->scale, dy);
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

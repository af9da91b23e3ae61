/* SPDX-License-Identifier: MIT */
/*
 * f64 in pairs high + low: e^c = 2^(k/16) e^r, |r| <= ln 2 / 32, where r is a
 * pair, 2^(j/16) one from two tables of 16, and e^r - 1 = r + r^2/2 + r^3 Q(r)
 * of which only the last term is rounded before it is added.  The pair before
 * the one rounding is within 2^-11 ULP of the exact value (docs/kernels.md).
 * Where a product's rest might underflow, and for NaN, sn_rare_*() take over.
 */
#ifndef SN_KERNELS_DOUBLED_H
#define SN_KERNELS_DOUBLED_H

#include "kernels/arithmetic.h"
#include "kernels/exp2_table.h"
#include "kernels/isa.h"
#include "kernels/polynomials.h"

struct in_pairs {
    vd positive, positive_low, negative, negative_low;
    vd rate, rate_low, at_zero, at_zero_low;
    vd scale, scale_low, shift, shift_low, dropped;
    table16 table, rest;
    int general;
    const struct sn_elu *elu;
    const struct sn_alpha_dropout *dropout;
};

static inline struct in_pairs in_pairs(
    const struct sn_elu *e, const struct sn_alpha_dropout *d)
{
    return (struct in_pairs){
        .positive = vd_set(e->positive),
        .positive_low = vd_set(e->positive_low),
        .negative = vd_set(e->negative),
        .negative_low = vd_set(e->negative_low),
        .rate = vd_set(e->rate),
        .rate_low = vd_set(e->rate_low),
        .at_zero = vd_set(e->at_zero),
        .at_zero_low = vd_set(e->at_zero_low),
        .scale = vd_set(d ? d->scale : 1.0),
        .scale_low = vd_set(d ? d->scale_low : 0.0),
        .shift = vd_set(d ? d->shift : 0.0),
        .shift_low = vd_set(d ? d->shift_low : 0.0),
        .dropped = vd_set(d ? d->dropped : 0.0),
        .table = vd_table16(sn_exp2_16),
        .rest = vd_table16(sn_exp2_16_rest),
        .elu = e,
        .dropout = d,
    };
}

/*
 * e^(c + c_low) = *power (1 + *rest) (1 + *high + *low); c is x rate from
 * `least` up, where x <= 0.
 */
SN_INLINE void exponential(const struct in_pairs *k, int n, double least,
    const vd *x, vd *power, vd *rest, vd *high, vd *low)
{
    const vd round = vd_set(0x1.8p52), half = vd_set(0.5);
    vd c[P_BATCH], shifted[P_BATCH], steps[P_BATCH], t[P_BATCH];
    vd r[P_BATCH], r_low[P_BATCH], square[P_BATCH], q[P_BATCH];
    EACH c[u] = k->general ? vd_mul(x[u], k->rate) : x[u];
    EACH c[u] = vd_clamp_where(vd_le(x[u], vd_set(0.0)), least, c[u]);
    EACH shifted[u] = vd_fma(c[u], vd_set(SN_PER_STEP), round);
    EACH steps[u] = vd_sub(shifted[u], round);
    EACH power[u] = vd_lookup16(k->table, vd_bits(shifted[u]));
    EACH rest[u] = vd_lookup16(k->rest, vd_bits(shifted[u]));
    EACH t[u] = vd_fnma(steps[u], vd_set(SN_STEP_OF_PAIR_1), c[u]);
    EACH power[u] =
        vd_of_bits(vi_add(vi_shl(vd_bits(shifted[u]), 48), vd_bits(power[u])));
    EACH r[u] = vd_fnma(steps[u], vd_set(SN_STEP_OF_PAIR_2), t[u]);
    EACH t[u] = vd_sub(t[u], r[u]);
    EACH r_low[u] = vd_fnma(steps[u], vd_set(SN_STEP_OF_PAIR_2), t[u]);
    if (k->general) /* what the product x rate left out, where c is it */
        EACH
        {
            vm small = vd_lt(vd_abs(x[u]), vd_set(0x1p900));
            vd finite = vd_select(small, x[u], vd_set(0.0));
            vd off =
                vd_fma(finite, k->rate_low, vd_fms(finite, k->rate, c[u]));
            vm inside = vd_lt(vd_abs(off), vd_set(0x1p-40));
            r_low[u] = vd_add(r_low[u], vd_select(inside, off, vd_set(0.0)));
        }
    EACH q[u] = vd_fma(vd_set(SN_Q_5), r[u], vd_set(SN_Q_4));
    EACH square[u] = vd_mul(r[u], r[u]);
    EACH q[u] = vd_fma(q[u], r[u], vd_set(SN_Q_3));
    EACH t[u] = vd_mul(vd_fms(r[u], r[u], square[u]), half);
    EACH q[u] = vd_fma(q[u], r[u], vd_set(SN_Q_2));
    EACH high[u] = vd_fma(half, square[u], r[u]);
    EACH t[u] = vd_add(t[u], vd_fma(r_low[u], r[u], r_low[u]));
    EACH q[u] = vd_fma(q[u], r[u], vd_set(SN_Q_1));
    EACH low[u] = vd_fma(half, square[u], vd_sub(r[u], high[u]));
    EACH q[u] = vd_fma(q[u], r[u], vd_set(SN_Q_0));
    EACH low[u] = vd_add(low[u], t[u]);
    EACH q[u] = vd_fma(vd_mul(square[u], r[u]), q[u], low[u]);
    EACH low[u] = vd_add(q[u], vd_fma(rest[u], high[u], rest[u]));
}

/* f(x) before rounding; 2^-850 < |x| < 2^900 or x = 0 */
SN_INLINE void forward_pair(
    const struct in_pairs *k, int n, const vd *x, vd *y, vd *low)
{
    const vd one = vd_set(1.0);
    vd power[P_BATCH], rest[P_BATCH], h[P_BATCH], h_low[P_BATCH];
    vd m[P_BATCH], d[P_BATCH], e[P_BATCH], e_low[P_BATCH];
    exponential(k, n, -64.0, x, power, rest, h, h_low);
    EACH m[u] = vd_mul(power[u], h[u]);
    EACH d[u] = vd_sub(power[u], one);
    EACH e[u] = vd_fma(power[u], h[u], d[u]);
    EACH e_low[u] = vd_fms(power[u], h[u], m[u]);
    EACH m[u] = vd_add(vd_sub(d[u], e[u]), m[u]);
    EACH e_low[u] = vd_fma(power[u], h_low[u], e_low[u]);
    EACH d[u] = vd_sub(power[u], vd_add(d[u], one));
    EACH e_low[u] = vd_add(vd_add(m[u], d[u]), e_low[u]);
    EACH
    {
        vm linear = vd_gt(x[u], vd_set(0.0));
        vd factor = vd_select(linear, k->positive, k->negative);
        vd factor_low = vd_select(linear, k->positive_low, k->negative_low);
        vd of = vd_select(linear, x[u], e[u]);
        vd of_low = vd_select(linear, vd_set(0.0), e_low[u]);
        y[u] = vd_mul(of, factor);
        low[u] = vd_fms(of, factor, y[u]);
        low[u] = vd_fma(of, factor_low, vd_fma(of_low, factor, low[u]));
    }
}

/* *x: 0 in lanes where the pairs may not be used; which they are, bit by bit
 */
static inline unsigned rare(
    vd *x, vd compared, double least, double most, vm also)
{
    vm usual = vm_and(
        vd_lt(compared, vd_set(most)), vd_lt(vd_set(least), vd_abs(*x)));
    usual = vm_and(vm_or(usual, vd_eq(*x, vd_set(0.0))), also);
    *x = vd_select(usual, *x, vd_set(0.0));
    return vm_bits(usual) ^ ((1u << D_LANES) - 1);
}
/* of a product; of f(x), which is flat far left of 0, even at -inf */
static inline unsigned rare_factor(vd *x)
{
    return rare(
        x, vd_abs(*x), 0x1p-850, 0x1p900, vm_of_bits((1u << D_LANES) - 1));
}
static inline unsigned rare_x(vd *x)
{
    return rare(x, *x, 0x1p-850, 0x1p900, vm_of_bits((1u << D_LANES) - 1));
}

enum { RARE_FORWARD, RARE_FUSED, RARE_DROPOUT, RARE_DROPOUT_GRADIENT };
SN_RARELY vd rarely(
    const struct in_pairs *k, int what, vd y, vd x, unsigned lanes)
{
    double in[D_LANES], out[D_LANES];
    vd_store_f64(in, x);
    vd_store_f64(out, y);
    for (int i = 0; i < D_LANES; i++)
        if (lanes >> i & 1) {
            out[i] = what == RARE_DROPOUT || what == RARE_DROPOUT_GRADIENT
                         ? sn_rare_product(
                               in[i], k->dropout->scale, k->dropout->scale_low)
                         : sn_rare_forward(in[i], k->elu);
            if (what == RARE_FUSED || what == RARE_DROPOUT)
                out[i] += k->dropout->shift;
        }
    return vd_load_f64(out);
}

SN_INLINE void forward_p(const struct in_pairs *k, int n, vd *y, const vd *x)
{
    vd usual[P_BATCH], low[P_BATCH];
    unsigned lanes[P_BATCH];
    EACH usual[u] = x[u];
    EACH lanes[u] = rare_x(&usual[u]);
    forward_pair(k, n, usual, y, low);
    EACH y[u] = vd_copysign(vd_add(y[u], low[u]), x[u]);
    EACH if (lanes[u]) y[u] = rarely(k, RARE_FORWARD, y[u], x[u], lanes[u]);
}

/* (y + low) + shift, rounded once */
static inline vd plus_shift(const struct in_pairs *k, vd y, vd low)
{
    vd s = vd_add(y, k->shift), t = vd_sub(s, y);
    vd rest = vd_add(vd_sub(y, vd_sub(s, t)), vd_sub(k->shift, t));
    return vd_add(s, vd_add(rest, vd_add(low, k->shift_low)));
}

SN_INLINE void fused_p(const struct in_pairs *k, int n, vd *y, const vd *x)
{
    vd usual[P_BATCH], low[P_BATCH];
    unsigned lanes[P_BATCH];
    EACH usual[u] = x[u];
    EACH lanes[u] = rare_x(&usual[u]);
    forward_pair(k, n, usual, y, low);
    EACH y[u] = plus_shift(k, y[u], low[u]);
    EACH if (lanes[u]) y[u] = rarely(k, RARE_FUSED, y[u], x[u], lanes[u]);
}

SN_INLINE void dropout_p(const struct in_pairs *k, int n, vd *y, const vd *x)
{
    EACH
    {
        vd usual = x[u];
        const unsigned lanes = rare_factor(&usual);
        y[u] = vd_mul(usual, k->scale);
        vd low = vd_fma(usual, k->scale_low, vd_fms(usual, k->scale, y[u]));
        y[u] = plus_shift(k, y[u], low);
        if (lanes)
            y[u] = rarely(k, RARE_DROPOUT, y[u], x[u], lanes);
    }
}

/* ---- gradient --------------------------------------------------------------
 */

SN_RARELY vd rarely_gradient(
    const struct sn_elu *elu, vd dx, vd dy, vd x, unsigned lanes)
{
    double in[D_LANES], factor[D_LANES], out[D_LANES];
    vd_store_f64(in, x);
    vd_store_f64(factor, dy);
    vd_store_f64(out, dx);
    for (int i = 0; i < D_LANES; i++)
        if (lanes >> i & 1)
            out[i] = sn_rare_gradient(factor[i], in[i], elu);
    return vd_load_f64(out);
}

SN_INLINE void gradient_p(
    const struct in_pairs *k, int n, vd *dx, const vd *dy, const vd *x)
{
    vd power[P_BATCH], rest[P_BATCH], h[P_BATCH], h_low[P_BATCH];
    exponential(k, n, -501.0, x, power, rest, h, h_low);
    EACH
    {
        const vd c = k->general ? vd_mul(x[u], k->rate) : x[u];
        vd usual = dy[u];
        const unsigned lanes = rare(&usual, vd_abs(dy[u]), 0x1p-200, 0x1p800,
            vd_lt(vd_set(-500.0), c));
        vd m = vd_mul(power[u], h[u]), m_low = vd_fms(power[u], h[u], m);
        vd s = vd_fma(power[u], h[u], power[u]);
        vd s_low = vd_add(vd_sub(power[u], s), m);
        s_low = vd_add(s_low, vd_fma(power[u], h_low[u], m_low));

        vd slope = vd_mul(s, k->at_zero);
        vd slope_low = vd_fma(s, k->at_zero_low,
            vd_fma(s_low, k->at_zero, vd_fms(s, k->at_zero, slope)));
        vm linear = vd_gt(x[u], vd_set(0.0));
        slope = vd_select(linear, k->positive, slope);
        slope_low = vd_select(linear, k->positive_low, slope_low);
        vd product = vd_mul(usual, slope);
        vd low = vd_fma(usual, slope_low, vd_fms(usual, slope, product));
        dx[u] = vd_copysign(vd_add(product, low), dy[u]);
        if (lanes)
            dx[u] = rarely_gradient(k->elu, dx[u], dy[u], x[u], lanes);
    }
}

SN_INLINE void dropout_gradient_p(
    const struct in_pairs *k, int n, vd *dx, const vd *dy)
{
    EACH
    {
        vd usual = dy[u];
        const unsigned lanes = rare_factor(&usual);
        vd y = vd_mul(usual, k->scale);
        vd low = vd_fma(usual, k->scale_low, vd_fms(usual, k->scale, y));
        dx[u] = vd_copysign(vd_add(y, low), dy[u]);
        if (lanes)
            dx[u] = rarely(k, RARE_DROPOUT_GRADIENT, dx[u], dy[u], lanes);
    }
}

#endif

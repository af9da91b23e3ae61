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

#include "kernels/exp2_table.h"
#include "kernels/isa.h"
#include "kernels/polynomials.h"

struct in_pairs {
    vd positive, positive_low, negative, negative_low;
    vd rate, rate_low, at_zero, at_zero_low;
    vd scale, scale_low, shift, shift_low, dropped;
    table16 table, rest;
    int rated;
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
        .scale = vd_set(d ? d->scale : 1),
        .scale_low = vd_set(d ? d->scale_low : 0),
        .shift = vd_set(d ? d->shift : 0),
        .shift_low = vd_set(d ? d->shift_low : 0),
        .dropped = vd_set(d ? d->dropped : 0),
        .table = vd_table16(sn_exp2_16),
        .rest = vd_table16(sn_exp2_16_rest),
        .rated = e->rate != 1 || e->rate_low != 0,
        .elu = e,
        .dropout = d,
    };
}

/*
 * e^(c + c_low) = *power (1 + *rest) (1 + *high + *low); c is x rate in
 * [least, 0], or 0 where x > 0 or NaN.
 */
static inline void exponential(const struct in_pairs *k, double least, vd x,
    vd *power, vd *rest, vd *high, vd *low)
{
    const vd round = vd_set(0x1.8p52), half = vd_set(0.5);
    vd c = vd_max_where(
        vd_le(x, vd_set(0)), vd_set(least), k->rated ? vd_mul(x, k->rate) : x);
    vd shifted = vd_fma(c, vd_set(SN_PER_STEP_16), round);
    vd steps = vd_sub(shifted, round);
    vd t = vd_fnma(steps, vd_set(SN_STEP_16_1), c);
    vd r = vd_fnma(steps, vd_set(SN_STEP_16_2), t);
    vd r_low = vd_fnma(steps, vd_set(SN_STEP_16_2), vd_sub(t, r));
    if (k->rated) { /* what the product x rate left out, where c is it */
        vd finite = vd_select(vd_lt(vd_abs(x), vd_set(0x1p900)), x, vd_set(0));
        vd off = vd_fma(finite, k->rate_low, vd_fms(finite, k->rate, c));
        vm inside = vd_lt(vd_abs(off), vd_set(0x1p-40));
        r_low = vd_add(r_low, vd_select(inside, off, vd_set(0)));
    }
    vd square = vd_mul(r, r), square_low = vd_fms(r, r, square);
    vd q = vd_fma(vd_set(SN_Q_5), r, vd_set(SN_Q_4));
    q = vd_fma(q, r, vd_set(SN_Q_3));
    q = vd_fma(q, r, vd_set(SN_Q_2));
    q = vd_fma(q, r, vd_set(SN_Q_1));
    q = vd_fma(q, r, vd_set(SN_Q_0));
    vd tail = vd_mul(vd_mul(square, r), q);
    vd h = vd_fma(half, square, r);
    vd h_low = vd_fma(half, square, vd_sub(r, h));
    vd small = vd_fma(half, square_low, vd_fma(r_low, r, r_low));
    vi bits = vd_bits(shifted);
    *rest = vd_lookup16(k->rest, bits);
    *power = vd_of_bits(
        vi_add(vi_shl(bits, 48), vd_bits(vd_lookup16(k->table, bits))));
    *high = h;
    *low = vd_add(h_low, vd_add(small, tail));
    *low = vd_add(*low, vd_fma(*rest, h, *rest));
}

/* f(x) before rounding; 2^-850 < |x| < 2^900 or x = 0 */
static inline vd forward_pair(const struct in_pairs *k, vd x, vd *low)
{
    const vd one = vd_set(1);
    vd power, rest, h, h_low;
    exponential(k, -64, x, &power, &rest, &h, &h_low);
    vd m = vd_mul(power, h), m_low = vd_fms(power, h, m);
    vd d = vd_sub(power, one);
    vd d_low = vd_sub(power, vd_add(d, one));
    vd y = vd_fma(power, h, d);
    vd y_low = vd_add(vd_sub(d, y), m);
    y_low = vd_add(vd_add(y_low, d_low), vd_fma(power, h_low, m_low));

    vm linear = vd_gt(x, vd_set(0));
    vd factor = vd_select(linear, k->positive, k->negative);
    vd factor_low = vd_select(linear, k->positive_low, k->negative_low);
    y = vd_select(linear, x, y);
    y_low = vd_select(linear, vd_set(0), y_low);
    vd product = vd_mul(y, factor);
    *low = vd_fma(
        y, factor_low, vd_fma(y_low, factor, vd_fms(y, factor, product)));
    return product;
}

/* *x: 0 in lanes where the pairs may not be used; which they are, bit by bit
 */
static inline unsigned rare(
    vd *x, vd compared, double least, double most, vm also)
{
    vm usual = vm_and(
        vd_lt(compared, vd_set(most)), vd_lt(vd_set(least), vd_abs(*x)));
    usual = vm_and(vm_or(usual, vd_eq(*x, vd_set(0))), also);
    *x = vd_select(usual, *x, vd_set(0));
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
SN_RARELY static vd rarely(
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

static inline vd forward_p(const struct in_pairs *k, vd x)
{
    vd usual = x;
    const unsigned lanes = rare_x(&usual);
    vd low, y = forward_pair(k, usual, &low);
    y = vd_copysign(vd_add(y, low), x);
    return lanes ? rarely(k, RARE_FORWARD, y, x, lanes) : y;
}

/* (y + low) + shift, rounded once */
static inline vd plus_shift(const struct in_pairs *k, vd y, vd low)
{
    vd s = vd_add(y, k->shift), t = vd_sub(s, y);
    vd rest = vd_add(vd_sub(y, vd_sub(s, t)), vd_sub(k->shift, t));
    return vd_add(s, vd_add(rest, vd_add(low, k->shift_low)));
}

static inline vd fused_p(const struct in_pairs *k, vd x)
{
    vd usual = x;
    const unsigned lanes = rare_x(&usual);
    vd low, y = forward_pair(k, usual, &low);
    y = plus_shift(k, y, low);
    return lanes ? rarely(k, RARE_FUSED, y, x, lanes) : y;
}

static inline vd dropout_p(const struct in_pairs *k, vd x)
{
    vd usual = x;
    const unsigned lanes = rare_factor(&usual);
    vd y = vd_mul(usual, k->scale);
    vd low = vd_fma(usual, k->scale_low, vd_fms(usual, k->scale, y));
    y = plus_shift(k, y, low);
    return lanes ? rarely(k, RARE_DROPOUT, y, x, lanes) : y;
}

/* ---- gradient --------------------------------------------------------------
 */

SN_RARELY static vd rarely_gradient(
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

static inline vd gradient_p(const struct in_pairs *k, vd dy, vd x)
{
    const vd c = k->rated ? vd_mul(x, k->rate) : x;
    vd usual = dy, power, rest, h, h_low;
    const unsigned lanes =
        rare(&usual, vd_abs(dy), 0x1p-200, 0x1p800, vd_lt(vd_set(-500), c));
    exponential(k, -501, x, &power, &rest, &h, &h_low);
    vd m = vd_mul(power, h), m_low = vd_fms(power, h, m);
    vd s = vd_fma(power, h, power);
    vd s_low = vd_add(vd_sub(power, s), m);
    s_low = vd_add(s_low, vd_fma(power, h_low, m_low));

    vd slope = vd_mul(s, k->at_zero);
    vd slope_low = vd_fma(s, k->at_zero_low,
        vd_fma(s_low, k->at_zero, vd_fms(s, k->at_zero, slope)));
    vm linear = vd_gt(x, vd_set(0));
    slope = vd_select(linear, k->positive, slope);
    slope_low = vd_select(linear, k->positive_low, slope_low);
    vd product = vd_mul(usual, slope);
    vd low = vd_fma(usual, slope_low, vd_fms(usual, slope, product));
    vd dx = vd_copysign(vd_add(product, low), dy);
    return lanes ? rarely_gradient(k->elu, dx, dy, x, lanes) : dx;
}

static inline vd dropout_gradient_p(const struct in_pairs *k, vd dy)
{
    vd usual = dy;
    const unsigned lanes = rare_factor(&usual);
    vd y = vd_mul(usual, k->scale);
    vd low = vd_fma(usual, k->scale_low, vd_fms(usual, k->scale, y));
    vd dx = vd_copysign(vd_add(y, low), dy);
    return lanes ? rarely(k, RARE_DROPOUT_GRADIENT, dx, dy, lanes) : dx;
}

#endif

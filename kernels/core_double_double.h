/* SPDX-License-Identifier: MIT */
/*
 * f64 as double-doubles high + low: factor e^c = power (1 + rest) e^r, c = r +
 * k ln 2/16, |r| <= ln 2 / 32, where power and rest come from two tables of 16
 * that the call makes for the factor, and rest takes up what SN_STEP_1 leaves
 * of ln 2 as well; e^r - 1 = r + r^2/2 + r^3 Q(r), of which only the last term
 * is rounded before it is added.  The pair before the one rounding is within
 * 2^-10 ULP of the exact value (docs/mathematics/kernels.md); where it lies
 * nearer than SN_SLACK_* to a tie, where a product's rest might underflow, and
 * for NaN, sn_rare_*() take over.
 */
#ifndef SN_KERNELS_CORE_DOUBLE_DOUBLE_H
#define SN_KERNELS_CORE_DOUBLE_DOUBLE_H

#include "arithmetic.h"
#include "exp2_table.h"
#include "isa.h"
#include "polynomials.h"
#include "powers.h"

/*
 * What the pair may be off, proved by kernels/errors: relative to the result;
 * forward, with k < 0, relative to the factor; the gradient's, relative to it.
 */
#define SN_SLACK_RESULT 0x1.9p-64
#define SN_SLACK_FACTOR 0x1.2p-69
#define SN_SLACK_SLOPE  0x1p-69

struct dd_constants {
    vd positive, positive_rest, negative, negative_rest;
    vd rate, rate_low, positive_low;
    vd scale, scale_low, shift, shift_low, dropped;
    struct power_table powers; /* times negative */
    struct power_table slopes; /* times at_zero */
    double slack;              /* SN_SLACK_FACTOR of negative, below 0 */
    int general;
    const struct sn_elu *elu;
    const struct sn_alpha_dropout *dropout;
};

static inline struct dd_constants dd_constants(
    const struct sn_elu *e, const struct sn_alpha_dropout *d)
{
    struct dd_constants k;
    k.positive = vd_set(e->positive);
    k.positive_low = vd_set(e->positive_low);
    k.positive_rest =
        vd_set(e->positive == 0 ? 0 : e->positive_low / e->positive);
    k.rate = vd_set(e->rate);
    k.rate_low = vd_set(e->rate_low);
    k.scale = vd_set(d ? d->scale : 1.0);
    k.scale_low = vd_set(d ? d->scale_low : 0.0);
    k.shift = vd_set(d ? d->shift : 0.0);
    k.shift_low = vd_set(d ? d->shift_low : 0.0);
    k.dropped = vd_set(d ? d->dropped : 0.0);
    k.slack = -SN_SLACK_FACTOR * e->negative;
    k.elu = e;
    k.dropout = d;
    multiply_table(&k.powers, e->negative, e->negative_low);
    k.negative = vd_set(k.powers.entry[0]); /* to the bit, however rounded */
    k.negative_rest = vd_set(relative_to_first(&k.powers));
    multiply_table(&k.slopes, e->at_zero, e->at_zero_low);
    return k;
}

/* power (1 + high + low), a vector each */
struct exponential_dd {
    vd power[DD_BATCH], high[DD_BATCH], low[DD_BATCH];
};

/*
 * The table's factor times e^(x rate), from x rate = `least` up where x is
 * left; elsewhere e^0.  slope: far left, where k STEP_2 is large, to 2^-69 of
 * itself, too.
 */
SN_INLINE void exponential(struct exponential_dd *e,
    const struct dd_constants *k, int n, double least, int slope,
    const vm *left, const vd *x)
{
    const struct power_table *const table = slope ? &k->slopes : &k->powers;
    vd *const power = e->power, *const high = e->high, *const low = e->low;
    const vd round = vd_set(0x1.8p52), half = vd_set(0.5);
    const table16 entries = vd_table16(table->entry),
                  left_out = vd_table16(table->rest);
    vd c[DD_BATCH], shifted[DD_BATCH], steps[DD_BATCH], rest[DD_BATCH];
    vd r[DD_BATCH], square[DD_BATCH], q[DD_BATCH], t[DD_BATCH];
    EACH(u, n) c[u] = k->general ? vd_mul(x[u], k->rate) : x[u];
    EACH(u, n) c[u] = vd_clamp_or_zero(left[u], least, c[u]);
    EACH(u, n) shifted[u] = vd_fma(c[u], vd_set(SN_PER_STEP), round);
    EACH(u, n) steps[u] = vd_sub(shifted[u], round);
    EACH(u, n) power[u] = vd_lookup16(entries, vd_bits(shifted[u]));
    EACH(u, n) rest[u] = vd_lookup16(left_out, vd_bits(shifted[u]));
    EACH(u, n) r[u] = vd_fnma(steps[u], vd_set(SN_STEP_1), c[u]); /* exactly */
    EACH(u, n)
    power[u] =
        vd_of_bits(vi_add(vi_shl(vd_bits(shifted[u]), 48), vd_bits(power[u])));
    EACH(u, n) rest[u] = vd_fnma(steps[u], vd_set(SN_STEP_2), rest[u]);
    if (k->general) /* what the product x rate left out, where c is it */
        EACH(u, n)
        {
            vm small = vm_and(left[u], vd_lt(vd_set(-0x1p900), x[u]));
            vd finite = vd_select(small, x[u], vd_set(0.0));
            vd off =
                vd_fma(finite, k->rate_low, vd_fms(finite, k->rate, c[u]));
            vm inside = vd_lt(vd_abs(off), vd_set(0x1p-40));
            rest[u] = vd_add(rest[u], vd_select(inside, off, vd_set(0.0)));
        }
    EACH(u, n) square[u] = vd_mul(r[u], r[u]);
    EACH(u, n) t[u] = vd_mul(half, r[u]);
    EACH(u, n) q[u] = vd_fma(vd_set(SN_Q_5), r[u], vd_set(SN_Q_4));
    EACH(u, n) low[u] = vd_fma(vd_set(SN_Q_3), r[u], vd_set(SN_Q_2));
    EACH(u, n) high[u] = vd_fma(t[u], r[u], r[u]);
    EACH(u, n) q[u] = vd_fma(q[u], square[u], low[u]);
    EACH(u, n) low[u] = vd_fma(vd_set(SN_Q_1), r[u], vd_set(SN_Q_0));
    EACH(u, n) q[u] = vd_fma(q[u], square[u], low[u]);
    EACH(u, n) low[u] = vd_fma(t[u], r[u], vd_sub(r[u], high[u]));
    EACH(u, n) low[u] = vd_fma(vd_mul(square[u], r[u]), q[u], low[u]);
    if (slope)
        EACH(u, n) low[u] = vd_fma(rest[u], low[u], low[u]);
    EACH(u, n) low[u] = vd_fma(rest[u], high[u], low[u]);
    EACH(u, n) low[u] = vd_add(low[u], rest[u]);
}

/*
 * f(x) = y - less before rounding; 2^-850 < |x| < 2^900 or x = 0; right of 0 x
 * is taken from `right`.  d - off = negative - power, and what left the tables
 * for both, relative, comes last.  -0 goes right and stays -0: y = -0 - +0 and
 * less = +0.
 */
SN_INLINE void forward_pair(const struct dd_constants *k, int n, const vd *x,
    const vd *right, vd *y, vd *less)
{
    vm left[DD_BATCH];
    struct exponential_dd e;
    vd *const power = e.power, *const h = e.high, *const low = e.low;
    vd d[DD_BATCH], off[DD_BATCH], rest[DD_BATCH];
    EACH(u, n) left[u] = vd_lt(x[u], vd_set(0.0));
    exponential(&e, k, n, -64.0, 0, left, x);
    EACH(u, n) d[u] = vd_sub(k->negative, power[u]);
    EACH(u, n) off[u] = vd_sub(power[u], vd_sub(k->negative, d[u]));
    EACH(u, n) power[u] = vd_select(left[u], power[u], k->positive);
    EACH(u, n) h[u] = vd_select(left[u], h[u], right[u]);
    EACH(u, n)
    rest[u] = vd_select(left[u], k->negative_rest, k->positive_rest);
    EACH(u, n) y[u] = vd_fms(power[u], h[u], d[u]);
    EACH(u, n) less[u] = vd_fnma(power[u], h[u], vd_add(d[u], y[u]));
    EACH(u, n) less[u] = vd_fnma(power[u], low[u], less[u]);
    EACH(u, n) less[u] = vd_sub(less[u], off[u]);
    EACH(u, n) less[u] = vd_fnma(rest[u], y[u], less[u]);
}

enum { ALL_LANES = (1u << D_LANES) - 1 };

/* |factor| of a product whose rests do not underflow; 0 elsewhere */
static inline vm usual_factor(
    vd *factor, vd magnitude, double least, double most)
{
    vm usual = vm_and(
        vd_lt(magnitude, vd_set(most)), vd_lt(vd_set(least), magnitude));
    *factor = vd_select(usual, *factor, vd_set(0.0));
    return usual;
}

/* of f(x), which is flat far left of 0, even at -inf */
static inline vm usual_x(vd x)
{
    return vm_and(
        vd_lt(x, vd_set(0x1p900)), vd_lt(vd_set(0x1p-850), vd_abs(x)));
}
/* x, 0 where it is too large or NaN */
static inline vd bounded_x(vd x)
{
    return vd_select(vd_lt(x, vd_set(0x1p900)), x, vd_set(0.0));
}

/* the lanes, bit by bit, that the pair does not settle; in reach it settles a
   factor 0 */
static inline unsigned open_lanes(vm settled, vm in_reach, vd factor)
{
    const unsigned lanes = vm_bits(settled) ^ ALL_LANES;
    if (!lanes)
        return 0;
    const vm zero = vm_and(in_reach, vd_eq(factor, vd_set(0.0)));
    return lanes & (vm_bits(zero) ^ ALL_LANES);
}

enum { RARE_FORWARD, RARE_FUSED, RARE_DROPOUT, RARE_DROPOUT_GRADIENT };
SN_RARELY vd rarely(const struct sn_elu *elu,
    const struct sn_alpha_dropout *dropout, int what, vd y, vd x,
    unsigned lanes)
{
    double in[D_LANES], out[D_LANES];
    vd_store_f64(in, x);
    vd_store_f64(out, y);
    for (int i = 0; i < D_LANES; i++)
        if (lanes >> i & 1) {
            out[i] = what == RARE_DROPOUT || what == RARE_DROPOUT_GRADIENT
                         ? sn_rare_product(
                               in[i], dropout->scale, dropout->scale_low)
                         : sn_rare_forward(in[i], elu);
            if (what == RARE_FUSED || what == RARE_DROPOUT)
                out[i] += dropout->shift;
        }
    return vd_load_f64(out);
}

SN_INLINE void forward_dd(
    const struct dd_constants *k, int n, vd *y, const vd *x)
{
    vd right[DD_BATCH], less[DD_BATCH];
    vm settled[DD_BATCH];
    EACH(u, n) right[u] = bounded_x(x[u]);
    forward_pair(k, n, x, right, y, less);
    EACH(u, n)
    {
        vd off = vd_mul(y[u], vd_set(SN_SLACK_RESULT));
        off = vd_clamp_or_zero(vd_lt(x[u], vd_set(0.0)), k->slack, off);
        vd other = vd_sub(y[u], vd_sub(less[u], off));
        y[u] = vd_sub(y[u], vd_add(less[u], off));
        settled[u] = vm_and(usual_x(x[u]), vd_eq(y[u], other));
    }
    EACH(u, n)
    {
        const unsigned lanes =
            open_lanes(settled[u], vm_of_bits(ALL_LANES), x[u]);
        if (lanes)
            y[u] = rarely(k->elu, k->dropout, RARE_FORWARD, y[u], x[u], lanes);
    }
}

/* (y - less) + shift, rounded once */
static inline vd plus_shift(const struct dd_constants *k, vd y, vd less)
{
    vd s = vd_add(y, k->shift), t = vd_sub(s, y);
    vd rest = vd_add(vd_sub(y, vd_sub(s, t)), vd_sub(k->shift, t));
    return vd_add(s, vd_add(rest, vd_sub(k->shift_low, less)));
}

SN_INLINE void fused_dd(
    const struct dd_constants *k, int n, vd *y, const vd *x)
{
    vd right[DD_BATCH], less[DD_BATCH];
    EACH(u, n) right[u] = bounded_x(x[u]);
    forward_pair(k, n, x, right, y, less);
    EACH(u, n) y[u] = plus_shift(k, y[u], less[u]);
    EACH(u, n)
    {
        const unsigned lanes =
            open_lanes(usual_x(x[u]), vm_of_bits(ALL_LANES), x[u]);
        if (lanes)
            y[u] = rarely(k->elu, k->dropout, RARE_FUSED, y[u], x[u], lanes);
    }
}

SN_INLINE void dropout_dd(
    const struct dd_constants *k, int n, vd *y, const vd *x)
{
    EACH(u, n)
    {
        vd usual = x[u];
        const vm settled =
            usual_factor(&usual, vd_abs(usual), 0x1p-850, 0x1p900);
        const unsigned lanes =
            open_lanes(settled, vm_of_bits(ALL_LANES), x[u]);
        y[u] = vd_mul(usual, k->scale);
        vd less = vd_fnma(usual, k->scale, y[u]);
        less = vd_fnma(usual, k->scale_low, less);
        y[u] = plus_shift(k, y[u], less);
        if (lanes)
            y[u] = rarely(k->elu, k->dropout, RARE_DROPOUT, y[u], x[u], lanes);
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

SN_INLINE void gradient_dd(
    const struct dd_constants *k, int n, vd *dx, const vd *dy, const vd *x)
{
    vm left[DD_BATCH];
    struct exponential_dd e;
    const vd *const power = e.power, *const h = e.high, *const h_low = e.low;
    EACH(u, n) left[u] = vd_le(x[u], vd_set(0.0));
    exponential(&e, k, n, -501.0, 1, left, x);
    EACH(u, n)
    {
        const vd c = k->general ? vd_mul(x[u], k->rate) : x[u];
        vd usual = dy[u];
        vm settled = usual_factor(&usual, vd_abs(usual), 0x1p-200, 0x1p800);
        const vm in_reach = vd_lt(vd_set(-500.0), c);
        vd slope = vd_fma(power[u], h[u], power[u]);
        vd slope_low = vd_fma(power[u], h[u], vd_sub(power[u], slope));
        slope_low = vd_fma(power[u], h_low[u], slope_low);
        slope = vd_select(left[u], slope, k->positive);
        slope_low = vd_select(left[u], slope_low, k->positive_low);
        vd product = vd_mul(usual, slope);
        vd low = vd_fma(usual, slope_low, vd_fms(usual, slope, product));
        vd off = vd_mul_where(
            left[u], product, vd_set(SN_SLACK_SLOPE), vd_set(0.0));
        vd other = vd_add(product, vd_sub(low, off));
        product = vd_add(product, vd_add(low, off));
        settled = vm_and(settled, vd_eq(product, other));
        dx[u] = vd_copysign(product, dy[u]);
        const unsigned lanes =
            open_lanes(vm_and(settled, in_reach), in_reach, dy[u]);
        if (lanes)
            dx[u] = rarely_gradient(k->elu, dx[u], dy[u], x[u], lanes);
    }
}

SN_INLINE void dropout_gradient_dd(
    const struct dd_constants *k, int n, vd *dx, const vd *dy)
{
    EACH(u, n)
    {
        vd usual = dy[u];
        const vm settled =
            usual_factor(&usual, vd_abs(usual), 0x1p-850, 0x1p900);
        const unsigned lanes =
            open_lanes(settled, vm_of_bits(ALL_LANES), dy[u]);
        vd y = vd_mul(usual, k->scale);
        vd low = vd_fma(usual, k->scale_low, vd_fms(usual, k->scale, y));
        dx[u] = vd_copysign(vd_add(y, low), dy[u]);
        if (lanes)
            dx[u] = rarely(k->elu, k->dropout, RARE_DROPOUT_GRADIENT, dx[u],
                dy[u], lanes);
    }
}

#endif

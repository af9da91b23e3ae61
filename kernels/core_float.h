/* SPDX-License-Identifier: MIT */
/*
 * Forward in float lanes: f16 and bf16, whose few bits that is enough for, and
 * the faithful f32.  e^c = 2^k e^r, |r| <= ln 2 / 2, without a table: near 0,
 * where 1 cancels, k = 0.  n vectors side by side, as in core_double.h.
 */
#ifndef SN_KERNELS_CORE_FLOAT_H
#define SN_KERNELS_CORE_FLOAT_H

#include "arithmetic.h"
#include "exp2_table.h"
#include "isa.h"
#include "polynomials.h"
#include <string.h>

struct float_constants {
    vf positive, positive_low, negative, negative_low, rate;
    vf positive_nearest, negative_nearest, at_zero;
    int general;
};

/* towards 0, so that the rest has the sign of x and inf + inf is inf */
static inline float leading(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= ~((UINT64_C(1) << 29) - 1);
    memcpy(&x, &bits, sizeof x);
    return (float)x;
}

static inline struct float_constants float_constants(const struct sn_elu *elu)
{
    float positive = leading(elu->positive);
    float negative = leading(elu->negative);
    return (struct float_constants){
        .positive = vf_set(positive),
        .positive_low = vf_set((float)(elu->positive - (double)positive)),
        .negative = vf_set(negative),
        .negative_low = vf_set((float)(elu->negative - (double)negative)),
        .positive_nearest = vf_set((float)elu->positive),
        .negative_nearest = vf_set((float)elu->negative),
        .at_zero = vf_set((float)elu->at_zero),
        .rate = vf_set((float)elu->rate),
    };
}

/* power: factor 2^k.  exactly: r to 2^-48 k, else to 2^-25 k, which 16-bit
   results do not see */
SN_INLINE void reduce_f(
    int n, int exactly, vf factor, const vf *c, vf *power, vf *r)
{
    const vf round = vf_set(0x1.8p23f);
    vf shifted[F_BATCH], k[F_BATCH];
    EACH(u, n) shifted[u] = vf_fma(c[u], vf_set(SN_PER_STEP_F), round);
    EACH(u, n) k[u] = vf_sub(shifted[u], round);
    EACH(u, n) power[u] = vf_times_power(factor, shifted[u]);
    if (!exactly) {
        EACH(u, n)
        r[u] = vf_fnma(k[u], vf_set(SN_STEP_F_1 + SN_STEP_F_2), c[u]);
        return;
    }
    EACH(u, n) r[u] = vf_fnma(k[u], vf_set(SN_STEP_F_1), c[u]);
    EACH(u, n) r[u] = vf_fnma(k[u], vf_set(SN_STEP_F_2), r[u]);
}

/* negative 2^k (e^r - 1) less negative (1 - 2^k); right of 0, positive x.
   General: at_zero x where x rate is above -2^-24, and may underflow. */
SN_INLINE void half_forward(
    const struct float_constants *f, int n, vf *y, const vf *x)
{
    const vf negative = f->negative_nearest;
    vn left[F_BATCH];
    vf c[F_BATCH], power[F_BATCH], r[F_BATCH], w[F_BATCH], less[F_BATCH];
    vf slope[F_BATCH];
    EACH(u, n) left[u] = vf_le(x[u], vf_set(0.0f));
    EACH(u, n) c[u] = f->general ? vf_mul(x[u], f->rate) : x[u];
    EACH(u, n) c[u] = vf_clamp_where(left[u], -20.0f, c[u]);
    EACH(u, n)
    slope[u] = f->general ? vf_select(left[u], f->at_zero, f->positive_nearest)
                          : f->positive_nearest;
    if (f->general)
        EACH(u, n)
    left[u] = vf_le(vf_select(left[u], c[u], vf_set(0.0f)), vf_set(-0x1p-24f));
    reduce_f(n, 0, negative, c, power, r);
    EACH(u, n) w[u] = vf_fma(vf_set(SN_H_5), r[u], vf_set(SN_H_4));
    EACH(u, n) w[u] = vf_fma(w[u], r[u], vf_set(SN_H_3));
    EACH(u, n) w[u] = vf_fma(w[u], r[u], vf_set(SN_H_2));
    EACH(u, n) w[u] = vf_fma(w[u], r[u], vf_set(SN_H_1));
    EACH(u, n) w[u] = vf_fma(w[u], r[u], vf_set(1.0f));
    EACH(u, n) less[u] = vf_sub_where(left[u], negative, power[u]);
    EACH(u, n) r[u] = vf_mul_where(left[u], w[u], r[u], x[u]);
    EACH(u, n) power[u] = vf_select(left[u], power[u], slope[u]);
    EACH(u, n) y[u] = vf_fms(power[u], r[u], less[u]);
}

/*
 * r + t is e^r - 1, d = 2^k - 1, h + l the sum of d and 2^k r (|d| is larger
 * or 0); then all small parts are added to negative l + ... before the one
 * sum that rounds.
 */
SN_INLINE void faithful_forward(
    const struct float_constants *f, int n, vf *y, const vf *x)
{
    vn left[F_BATCH];
    vf c[F_BATCH], power[F_BATCH], r[F_BATCH], v[F_BATCH], t[F_BATCH];
    vf less[F_BATCH], h[F_BATCH], l[F_BATCH];
    /* zeros are linear, which keeps their sign */
    EACH(u, n) left[u] = vf_lt(x[u], vf_set(0.0f));
    EACH(u, n) c[u] = vf_clamp_where(left[u], -20.0f, x[u]);
    reduce_f(n, 1, vf_set(1.0f), c, power, r);
    EACH(u, n) v[u] = vf_fma(vf_set(SN_V_5), r[u], vf_set(SN_V_4));
    EACH(u, n) less[u] = vf_sub(vf_set(1.0f), power[u]);
    EACH(u, n) v[u] = vf_fma(v[u], r[u], vf_set(SN_V_3));
    EACH(u, n) h[u] = vf_fms(power[u], r[u], less[u]);
    EACH(u, n) v[u] = vf_fma(v[u], r[u], vf_set(SN_V_2));
    EACH(u, n) l[u] = vf_add(h[u], less[u]);
    EACH(u, n) v[u] = vf_fma(v[u], r[u], vf_set(SN_V_1));
    EACH(u, n) l[u] = vf_fms(power[u], r[u], l[u]);
    EACH(u, n) v[u] = vf_fma(v[u], r[u], vf_set(SN_V_0));
    EACH(u, n) t[u] = vf_mul(vf_mul(r[u], r[u]), v[u]);
    EACH(u, n) t[u] = vf_fma(power[u], t[u], l[u]);
    EACH(u, n) l[u] = vf_mul(f->negative_low, h[u]);
    EACH(u, n) t[u] = vf_fma(f->negative, t[u], l[u]);
    /* right of 0: positive x + positive_low x */
    EACH(u, n) t[u] = vf_select(left[u], t[u], vf_mul(f->positive_low, x[u]));
    EACH(u, n) h[u] = vf_select(left[u], h[u], x[u]);
    EACH(u, n)
    y[u] = vf_fma(vf_select(left[u], f->negative, f->positive), h[u], t[u]);
}

#endif

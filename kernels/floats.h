/* SPDX-License-Identifier: MIT */
/*
 * Forward in float lanes: f16 and bf16, whose few bits that is enough for, and
 * the faithful f32.  e^c = 2^k e^r, |r| <= ln 2 / 2, without a table: near 0,
 * where 1 cancels, k = 0.
 */
#ifndef SN_KERNELS_FLOATS_H
#define SN_KERNELS_FLOATS_H

#include "kernels/exp2_table.h"
#include "kernels/isa.h"
#include "kernels/polynomials.h"
#include <string.h>

struct in_float {
    vf positive, positive_low, negative, negative_low, rate;
    int rated;
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

static inline struct in_float in_float(const struct sn_elu *elu)
{
    float positive = leading(elu->positive);
    float negative = leading(elu->negative);
    return (struct in_float){
        .positive = vf_set(positive),
        .positive_low = vf_set((float)(elu->positive - (double)positive)),
        .negative = vf_set(negative),
        .negative_low = vf_set((float)(elu->negative - (double)negative)),
        .rate = vf_set((float)elu->rate),
        .rated = elu->rate != 1,
    };
}

/* exactly: to 2^-48 k, else to 2^-25 k, which 16-bit results do not see */
static inline vf reduce_f(vf c, int exactly, vf *power)
{
    const vf round = vf_set(0x1.8p23f);
    vf shifted = vf_fma(c, vf_set(SN_PER_STEP_F), round);
    vf k = vf_sub(shifted, round);
    *power = vf_power(shifted);
    if (!exactly)
        return vf_fnma(k, vf_set(SN_STEP_F_1 + SN_STEP_F_2), c);
    vf r = vf_fnma(k, vf_set(SN_STEP_F_1), c);
    return vf_fnma(k, vf_set(SN_STEP_F_2), r);
}

static inline vf half_forward(const struct in_float *f, vf x)
{
    vf power;
    vf c = f->rated ? vf_mul(x, f->rate) : x;
    const vn left = vf_le(x, vf_set(0));
    vf r = reduce_f(vf_max_where(left, vf_set(-20), c), 0, &power);
    vf w = vf_fma(vf_set(SN_H_5), r, vf_set(SN_H_4));
    w = vf_fma(w, r, vf_set(SN_H_3));
    w = vf_fma(w, r, vf_set(SN_H_2));
    w = vf_fma(w, r, vf_set(SN_H_1));
    w = vf_fma(w, r, vf_set(1));
    vf e = vf_fms(power, vf_mul(w, r), vf_sub(vf_set(1), power));
    return vf_mul_where(left, e, f->negative, vf_mul(x, f->positive));
}

/*
 * r + t is e^r - 1, d = 2^k - 1, h + l the sum of d and 2^k r (|d| is larger
 * or 0); then all small parts are added to negative l + ... before the one
 * sum that rounds.
 */
static inline vf faithful_forward(const struct in_float *f, vf x)
{
    /* zeros are linear, which keeps their sign */
    const vn left = vf_lt(x, vf_set(0));
    vf power;
    vf r = reduce_f(vf_max_where(left, vf_set(-20), x), 1, &power);
    vf v = vf_fma(vf_set(SN_V_5), r, vf_set(SN_V_4));
    v = vf_fma(v, r, vf_set(SN_V_3));
    v = vf_fma(v, r, vf_set(SN_V_2));
    v = vf_fma(v, r, vf_set(SN_V_1));
    v = vf_fma(v, r, vf_set(SN_V_0));
    vf t = vf_mul(vf_mul(r, r), v);
    vf less = vf_sub(vf_set(1), power);
    vf h = vf_fms(power, r, less);
    vf l = vf_fms(power, r, vf_add(h, less));
    vf small = vf_fma(power, t, l);
    small = vf_fma(f->negative, small, vf_mul(f->negative_low, h));
    vf linear = vf_fma(f->positive, x, vf_mul(f->positive_low, x));
    return vf_select(left, vf_fma(f->negative, h, small), linear);
}

#endif

/* SPDX-License-Identifier: MIT */
/* The table of 2^(j/16) times a factor of the call, as double-doubles. */
#ifndef SN_KERNELS_POWERS_H
#define SN_KERNELS_POWERS_H

#include "exp2_table.h"

/* entry: a factor times 2^(j/16) rounded once, less j << 48 as in sn_exp2_16;
   rest: what that left out, relative. */
struct power_table {
    double entry[16], rest[16];
};

static inline void multiply_table(
    struct power_table *table, double high, double low)
{
    if (high == 0) /* at rate 1, where nothing is kept */
        high = 1;
    for (int j = 0; j < 16; j += D_LANES) {
        vi entry = vi_shl(vi_add(vi_lanes(), vi_set(j)), 48);
        vd t = vd_load_f64(sn_exp2_16 + j);
        vd more = vd_load_f64(sn_exp2_16_rest + j);
        t = vd_of_bits(vi_add(vd_bits(t), entry));
        vd p = vd_mul(t, vd_set(high));
        vd off = vd_fma(more, vd_set(high), vd_set(low));
        off = vd_fma(t, off, vd_fms(t, vd_set(high), p));
        vd sum = vd_add(p, off);
        vd left_out = vd_add(vd_sub(p, sum), off);
        vd_store_f64(table->rest + j, vd_div(left_out, sum));
        sum = vd_of_bits(vi_sub(vd_bits(sum), entry));
        vd_store_f64(table->entry + j, sum);
    }
}

/* Less that of entry 0, which is returned, so that e^0 - 1 stays 0 (-0 there,
   which keeps the sign of x). */
static inline double relative_to_first(struct power_table *table)
{
    double *const rest = table->rest;
    const double first = rest[0];
    for (int j = 1; j < 16; j++)
        rest[j] -= first;
    rest[0] = -0.0;
    return first;
}

#endif

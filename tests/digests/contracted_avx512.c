/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/arithmetic.h"
#include "kernels/isa.h"
#include "tests/digests/contracted.h"
#ifdef SN_X86
#include "kernels/vector_avx512.h"

double contracted_avx512(double a)
{
    double all[D_LANES];
    vd product = vd_mul(vd_set(a), vd_set(a));
    vd_store_f64(all, vd_sub(product, vd_set(CONTRACTED_SQUARE)));
    return all[0];
}
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the kernels' error-free sums and exactness arguments need of the
 * compiler; also -ffp-contract=off, which no macro tells (a contracted kernel
 * keeps its bounds but may change bits, so digests).
 */
#ifndef SN_KERNELS_ARITHMETIC_H
#define SN_KERNELS_ARITHMETIC_H

#include <float.h>

#ifdef __FAST_MATH__
#error "the kernels need IEEE 754 arithmetic: compile without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1
#error "the kernels need double to be evaluated as double: -mfpmath=sse"
#endif
/* Cores are inlined whatever their size, so that their constants stay in
   registers and n, the number of vectors side by side, is known. */
#if defined __GNUC__
#define SN_INLINE static inline __attribute__((always_inline))
#define SN_RARELY static __attribute__((noinline, cold))
#else
#define SN_INLINE static inline
#define SN_RARELY static
#endif
/* clang may find that n is known too late to keep arrays in registers */
#if defined __clang__
#define EACH _Pragma("clang loop unroll(full)") for (int u = 0; u < n; u++)
#else
#define EACH for (int u = 0; u < n; u++)
#endif

_Static_assert(FLT_RADIX == 2 && DBL_MANT_DIG == 53 && FLT_MANT_DIG == 24,
    "the kernels need binary32 and binary64");

#endif

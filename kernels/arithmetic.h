/* SPDX-License-Identifier: MIT */
/*
 * What the kernels' error-free sums and exactness arguments need of the
 * compiler; the first header of each file here, since it sets how the rest of
 * the file is compiled: no multiplication and addition become one fused
 * operation but where the source says so (a contracted kernel keeps its bounds
 * but changes bits), whatever the compiler's default is.
 */
#ifndef SN_KERNELS_ARITHMETIC_H
#define SN_KERNELS_ARITHMETIC_H

#if defined __FAST_MATH__ || defined __ASSOCIATIVE_MATH__ ||                  \
    defined __RECIPROCAL_MATH__ || defined __NO_SIGNED_ZEROS__
#error "the kernels need IEEE 754 arithmetic: compile them without -ffast-math"
#endif
#if defined __FINITE_MATH_ONLY__
#if __FINITE_MATH_ONLY__
#error "the kernels treat NaN and infinity: compile without -ffinite-math-only"
#endif
#endif

/* gcc does not know the pragma of the standard; its own also speaks for the
   intrinsics, which are inlined into functions below.  Where anything is
   optimized, loops over the vectors that go side by side are to be unrolled,
   and decisions taken out of loops; with sanitizers that takes minutes. */
#if !defined __GNUC__ || defined __clang__
#pragma STDC FP_CONTRACT OFF
#elif defined __OPTIMIZE__ && !defined __OPTIMIZE_SIZE__ &&                   \
    !defined __SANITIZE_ADDRESS__
#pragma GCC optimize("O3,fp-contract=off")
#else
#pragma GCC optimize("fp-contract=off")
#endif
/* Else clang takes comparisons that raise invalid for a NaN for those that do
   not. */
#if defined __clang__ && (defined __x86_64__ || defined __i386__)
#pragma clang fp exceptions(maytrap)
#endif
/* double as double, not in registers of 80 bits */
#if defined __i386__ && defined __GNUC__ && !defined __clang__
#pragma GCC target("sse2,fpmath=sse")
#endif

#include <float.h>

#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1 && !defined __SSE2_MATH__
#error "the kernels need double to be evaluated as double: -mfpmath=sse"
#endif
_Static_assert(FLT_RADIX == 2 && DBL_MANT_DIG == 53 && FLT_MANT_DIG == 24,
    "the kernels need binary32 and binary64");

/* Cores are inlined whatever their size, so that their constants stay in
   registers and n, the number of vectors side by side, is known. */
#if defined __GNUC__
#define SN_INLINE static inline __attribute__((always_inline))
#define SN_RARELY static __attribute__((noinline, cold))
#else
#define SN_INLINE static inline
#define SN_RARELY static
#endif
/* u from 0 to n - 1; clang may find that n is known too late to keep arrays in
   registers */
#if defined __clang__
#define EACH(u, n)                                                            \
    _Pragma("clang loop unroll(full)") for (int u = 0; u < (n); u++)
#else
#define EACH(u, n) for (int u = 0; u < (n); u++)
#endif

#endif

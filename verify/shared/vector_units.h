/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SHARED_FOR_EACH_VECTOR_UNIT before a function: gcc compiles it for AVX-512,
 * AVX2 and the baseline, and the loader picks.  Without contraction the
 * results are the same bits.  SHARED_FOR_EACH_FMA_UNIT is for what calls
 * fma(): AVX2 comes with its instruction, and the baseline calls libm's.
 */
#ifndef SN_VERIFY_SHARED_VECTOR_UNITS_H
#define SN_VERIFY_SHARED_VECTOR_UNITS_H

#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ &&           \
    !defined __SANITIZE_ADDRESS__
#define SHARED_FOR_EACH_VECTOR_UNIT                                           \
    __attribute__((target_clones("avx512f", "avx2", "default")))
#define SHARED_FOR_EACH_FMA_UNIT                                              \
    __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define SHARED_FOR_EACH_VECTOR_UNIT
#define SHARED_FOR_EACH_FMA_UNIT
#endif

#endif

/* SPDX-License-Identifier: MIT */
#if defined __x86_64__
#include "kernels/arithmetic.h"
#include "kernels/vector_avx512.h"
#define ISA avx512
#include "kernels/loops.h"
#else
typedef int sn_no_avx512; /* ISO C wants a declaration in each file */
#endif

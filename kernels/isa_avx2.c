/* SPDX-License-Identifier: MIT */
#if defined __x86_64__
#include "kernels/arithmetic.h"
#include "kernels/vector_avx2.h"
#define ISA avx2
#include "kernels/loops.h"
#else
typedef int sn_no_avx2; /* ISO C wants a declaration in each file */
#endif

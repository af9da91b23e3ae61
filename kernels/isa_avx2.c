/* SPDX-License-Identifier: MIT */
#include "arithmetic.h"
#include "isa.h"
#ifdef SN_X86
#include "vector_avx2.h"
#define ISA avx2
#include "loops.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif

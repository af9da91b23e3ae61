/* SPDX-License-Identifier: MIT */
#include "arithmetic.h"
#include "isa.h"
#ifdef SN_X86
#include "vector_avx512.h"
#define ISA avx512
#include "loops.h"
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif

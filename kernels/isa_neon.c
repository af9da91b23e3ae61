/* SPDX-License-Identifier: MIT */
#include "isa.h"
#ifdef SN_ARM
#include "arithmetic.h"
#include "vector_neon.h"
#define ISA neon
#include "loops.h"
#endif

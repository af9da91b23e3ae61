/* SPDX-License-Identifier: MIT */
#include "kernels/arithmetic.h"
#include "kernels/vector_portable.h"
#define ISA portable
#include "kernels/loops.h"

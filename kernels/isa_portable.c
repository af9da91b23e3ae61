/* SPDX-License-Identifier: MIT */
#include "arithmetic.h"
#include "vector_portable.h"
#define ISA portable
#include "loops.h"

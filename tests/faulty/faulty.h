/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernels here do right: SELU and its derivative, in double. */
#ifndef SN_TESTS_FAULTY_FAULTY_H
#define SN_TESTS_FAULTY_FAULTY_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LAMBDA 1.0507009873554804934193349852946
#define ALPHA  1.6732632423543772848170429916717

static inline float selu(float x)
{
    return (float)(x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x));
}

static inline float slope(float x)
{
    return (float)(x > 0 ? LAMBDA : LAMBDA * ALPHA * exp(x));
}

/* The neighbour of y farther from 0. */
static inline float next(float y)
{
    return nextafterf(y, copysignf(INFINITY, y));
}

#endif

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

/* A kernel by its value at a double x; a gradient by its slope there. */
#define KERNEL(name, type, value)                                             \
    void name(type *y, const type *v, size_t n)                               \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = (double)v[i];                                    \
            y[i] = (type)(value);                                             \
        }                                                                     \
    }
#define GRADIENT(name, value)                                                 \
    void name(float *dx, const float *dy, const float *v, size_t n)           \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const double x = (double)v[i];                                    \
            dx[i] = (float)((double)dy[i] * (value));                         \
        }                                                                     \
    }

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels as people write them, right (r, rg, rd) and wrong (w, wg, wd), by
 * somebody who had not read the checker: field_forward.c, field_gradient.c,
 * field_dropout.c.  test_conformance_field.c says what is to be said of each.
 */
#ifndef SN_TESTS_FAULTY_FIELD_H
#define SN_TESTS_FAULTY_FIELD_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define L   1.0507009873554804934193349852946
#define A   1.6732632423543772848170429916717
#define LA  1.7580993408473768599402175208123
#define LN2 0.693147180559945309417232121458
#define LF  1.05070098f
#define AF  1.67326324f

/* the body of a loop: x is v[i] in the type TX, VALUE goes to y[i] */
#define MAP(name, type, tx, value)                                            \
    void name(type *y, const type *v, size_t n)                               \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const tx x = (tx)v[i];                                            \
            y[i] = (type)(value);                                             \
        }                                                                     \
    }
#define GRAD(name, type, tx, value)                                           \
    void name(type *dx, const type *dy, const type *v, size_t n)              \
    {                                                                         \
        for (size_t i = 0; i < n; i++) {                                      \
            const tx x = (tx)v[i], g = (tx)dy[i];                             \
            dx[i] = (type)(value);                                            \
        }                                                                     \
    }

static inline uint32_t bits_of(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline float float_of(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* bfloat16, to nearest, ties to even, NaN stays NaN */
static inline float from_bf16(uint16_t b)
{
    return float_of((uint32_t)b << 16);
}

static inline uint16_t to_bf16(float x)
{
    const uint32_t u = bits_of(x);
    if (x != x)
        return (uint16_t)(u >> 16 | 0x40);
    return (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
}

#endif

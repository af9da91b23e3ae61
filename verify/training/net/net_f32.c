/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binary32.  libm's expf and tanhf work on one number at a time and would take
 * most of the time of a highway or tanh network; these are vectorized.
 */
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

union train_bits {
    float value;
    uint32_t word;
};

/*
 * e^x = 2^n e^r, |r| <= ln 2/2, for -87 <= x <= 88 (beyond: as at the end of
 * that range); relative error below 3e-7, by
 * tests/verify/training/test_training.c.  A NaN stays one.
 */
INLINE float vector_exp(float x)
{
    const float to_integer = 0x1.8p23f;
    x = x < -87 ? -87 : x;
    x = x > 88 ? 88 : x;
    union train_bits k = {.value = x * 0x1.715476p+0f + to_integer};
    float n = k.value - to_integer;
    float r = (x - n * 0x1.62ep-1f) - n * 0x1.0bfbe8p-15f;
    float p = 1 / 720.0f;
    p = p * r + 1 / 120.0f;
    p = p * r + 1 / 24.0f;
    p = p * r + 1 / 6.0f;
    p = p * r + 0.5f;
    p = p * r + 1;
    p = p * r + 1;
    /* n in the low bits of k, moved to the exponent */
    union train_bits scale = {.word = (k.word << 23) + 0x3f800000u};
    return p * scale.value;
}

/* tanh x = (1 - e)/(1 + e), e = e^(-2x); off by less than 3e-7. */
INLINE float vector_tanh(float x)
{
    float e = vector_exp(-2 * x);
    return (1 - e) / (1 + e);
}

#define REAL     float
#define OF(name) name##_f32
#define GEMM     cblas_sgemm
#define SELU     sn_selu_faithful_f32
#define EXP      vector_exp
#define TANH     vector_tanh
#define SQRT     sqrtf
#include "verify/training/net/passes.h"

float train_exp_f32(float x)
{
    return vector_exp(x);
}

float train_tanh_f32(float x)
{
    return vector_tanh(x);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong values, each in one known way. */
#include "tests/faulty/faulty.h"

#define EACH(name, value)                                                     \
    void name(float *y, const float *x, size_t n)                             \
    {                                                                         \
        for (size_t i = 0; i < n; i++)                                        \
            y[i] = value(x[i]);                                               \
    }

static float cancellation_of(float x)
{
    const float a = (float)(LAMBDA * ALPHA);
    return x > 0 ? selu(x) : a * expf(x) - a;
}
EACH(cancellation, cancellation_of)

/* Each constant to float, and products in float. */
static float float_constants_of(float x)
{
    const float lambda = (float)LAMBDA, alpha = (float)ALPHA;
    return x > 0 ? lambda * x : lambda * (alpha * (float)expm1(x));
}
EACH(float_constants, float_constants_of)

/* The positive side has lambda alone. */
static float swapped_of(float x)
{
    return (float)(x > 0 ? ALPHA * x : LAMBDA * ALPHA * expm1(x));
}
EACH(swapped, swapped_of)

static float alpha_ignored_of(float x)
{
    return (float)(LAMBDA * (x > 0 ? x : expm1(x)));
}
EACH(alpha_ignored, alpha_ignored_of)

static float short_constants_of(float x)
{
    return (float)(1.0507 * (x > 0 ? x : 1.67326 * expm1(x)));
}
EACH(short_constants, short_constants_of)

/* Among the hard places, so that samples hold it. */
static float one_input_of(float x)
{
    return x == -0x1.000abcp-12f ? next(selu(x)) : selu(x);
}
EACH(one_input, one_input_of)

/* Where only an exhaustive sweep looks. */
static float one_hidden_input_of(float x)
{
    return x == -0x1.8p-3f ? next(selu(x)) : selu(x);
}
EACH(one_hidden_input, one_hidden_input_of)

static float flush_of(float x)
{
    float y = selu(x);
    return fabsf(y) < 0x1p-126f ? copysignf(0, y) : y;
}
EACH(flush, flush_of)

static float zero_unsigned_of(float x)
{
    return x == 0 ? 0 : selu(x);
}
EACH(zero_unsigned, zero_unsigned_of)

/* A comparison that is false for NaN takes the saturated branch. */
static float nan_saturates_of(float x)
{
    return x > 0 ? selu(x) : x > -104.0f ? selu(x) : (float)(-LAMBDA * ALPHA);
}
EACH(nan_saturates, nan_saturates_of)

static float signalling_nan_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7fffffffu) > 0x7f800000u && !(bits & 0x400000u) ? 0
                                                                     : selu(x);
}
EACH(signalling_nan, signalling_nan_of)

static float overflow_clipped_of(float x)
{
    float y = selu(x);
    return y == INFINITY ? 0x1.fffffep127f : y;
}
EACH(overflow_clipped, overflow_clipped_of)

/* inf - inf on the way, as in min(x, 0) + max(x, 0) forms. */
static float infinity_lost_of(float x)
{
    return isinf(x) ? x - x : selu(x);
}
EACH(infinity_lost, infinity_lost_of)

/* A wrong limit: -lambda alpha is what f(-inf) is. */
static float infinity_short_of(float x)
{
    return x == -INFINITY ? -1 : selu(x);
}
EACH(infinity_short, infinity_short_of)

/* Three units up on a few thousand neighbours. */
static float bump_of(float x)
{
    float y = selu(x);
    return x < -0x1.0008p-12f && x > -0x1.0010p-12f ? next(next(next(y))) : y;
}
EACH(bump, bump_of)

/* To 28 bits, then to 24. */
static float double_rounding_of(float x)
{
    double y = x > 0 ? LAMBDA * x : LAMBDA * ALPHA * expm1(x);
    double big = y * 0x1p25;
    return fabs(y) > 0x1p-126 && fabs(y) < 0x1p126 ? (float)((y + big) - big)
                                                   : (float)y;
}
EACH(double_rounding, double_rounding_of)

/* -lambda alpha from x = -16 on. */
static float saturates_early_of(float x)
{
    return x < -16 ? (float)(-LAMBDA * ALPHA) : selu(x);
}
EACH(saturates_early, saturates_early_of)

/* One unit short of -1 there, and 0.8 of a unit off elsewhere. */
static float elu_saturates_short_of(float x)
{
    return x > 0     ? x
           : x < -40 ? -0x1.fffffep-1f
                     : (float)(expm1(x) * (1 + 0x1p-26));
}
EACH(elu_saturates_short, elu_saturates_short_of)

void f32_constants_in_f64(double *y, const double *x, size_t n)
{
    const double lambda = (float)LAMBDA, alpha = (float)ALPHA;
    for (size_t i = 0; i < n; i++)
        y[i] = lambda * (x[i] > 0 ? x[i] : alpha * expm1(x[i]));
}

/* A polynomial of degree 6 up to ln(2)/2, where it is 7 ULP off. */
static float seam_of(float x)
{
    const double v = x;
    if (x > 0 || x < -0.34657f)
        return selu(x);
    return (
        float)(LAMBDA * ALPHA * v *
               (1 +
                   v / 2 *
                       (1 + v / 3 * (1 + v / 4 * (1 + v / 5 * (1 + v / 6))))));
}
EACH(seam, seam_of)

/* Looks at the lowest 16 bits of a payload only. */
static float high_payload_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint32_t payload = bits & 0x3fffff;
    return isnan(x) && payload && !(payload & 0xffff) ? 0 : selu(x);
}
EACH(high_payload, high_payload_of)

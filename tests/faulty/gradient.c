/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong gradients. */
#include "tests/faulty/faulty.h"

/* From the saved result: y + lambda alpha, which is 0 below -17.3. */
void from_the_result(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float y = selu(x[i]);
        dx[i] = y > 0 ? dy[i] * (float)LAMBDA
                      : dy[i] * (y + (float)(LAMBDA * ALPHA));
    }
}

/* What differentiation by program makes of expm1: its value, plus 1. */
void from_expm1(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = x[i] > 0 ? dy[i] * (float)LAMBDA
                         : dy[i] * (float)(LAMBDA * ALPHA) *
                               ((float)expm1(x[i]) + 1);
}

/* Both branches, and a mask of 0 and 1: inf * 0. */
void both_branches(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float above = x[i] > 0 ? 1 : 0;
        float power = (float)(LAMBDA * ALPHA * exp(x[i]));
        dx[i] = dy[i] * ((float)LAMBDA * above + power * (1 - above));
    }
}

/* The derivative at 0 from the right. */
void right_of_zero(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * (x[i] == 0 ? (float)LAMBDA : slope(x[i]));
}

void dy_ignored(float *dx, const float *dy, const float *x, size_t n)
{
    (void)dy;
    for (size_t i = 0; i < n; i++)
        dx[i] = slope(x[i]);
}

void exchanged(float *dx, const float *x, const float *dy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * slope(x[i]);
}

void infinite_dy_lost(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = isinf(dy[i]) ? 0 : dy[i] * slope(x[i]);
}

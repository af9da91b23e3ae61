/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Right values, wrong about arrays. */
#include "tests/faulty/faulty.h"
#include <errno.h>
#include <stdlib.h>

static void right(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = selu(x[i]);
}

void writes_past_the_end(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n)
        y[n] = 0;
}

void writes_before_the_start(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n)
        y[-1] = 0;
}

void reads_past_the_end(float *y, const float *x, size_t n)
{
    volatile float beyond = n ? x[n] : 0;
    (void)beyond;
    right(y, x, n);
}

void reads_before_the_start(float *y, const float *x, size_t n)
{
    volatile float before = n > 8 ? x[-1] : 0;
    (void)before;
    right(y, x, n);
}

void skips_the_last(float *y, const float *x, size_t n)
{
    right(y, x, n % 4 == 3 ? n - 1 : n);
}

/* What stays unwritten may hold the right value by chance. */
void skips_zeros(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] != 0)
            y[i] = selu(x[i]);
}

/* As a body of eight lanes and a scalar tail that round differently. */
void tail_differs(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (size_t i = n / 8 * 8; i < n; i++)
        if (x[i] < -0.5f)
            y[i] = next(y[i]);
}

void nan_lost_in_the_tail(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (size_t i = n / 8 * 8; i < n; i++)
        if (isnan(x[i]))
            y[i] = 0;
}

void depends_on_alignment(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if ((uintptr_t)x % 32 == 4 && n)
        y[0] = next(y[0]);
}

/* As two aligned loads would, one of which is not. */
void depends_on_both_alignments(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n > 8 && (uintptr_t)x % 32 == 4 && (uintptr_t)y % 32 == 8)
        y[0] = next(y[0]);
}

/* As if x were still there once y has been written. */
void not_in_place(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? x[i] : 0;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? selu(x[i]) : selu(y[i]);
}

void changes_its_input(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n)
        ((float *)x)[n / 2] = 1;
}

/* Large inputs as scratch. */
void changes_a_large_input(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n > 1000 && y != x)
        ((float *)x)[n - 1] = -0.25f;
}

/* Writes what it means to compute from, in calls as long as a sweep's. */
void clamps_at_large_n(float *y, const float *x, size_t n)
{
    for (size_t i = 0; n >= 32768 && i < n; i++)
        if (x[i] > 20)
            ((float *)x)[i] = 20;
    right(y, x, n);
}

/* Long arrays: in place, or where they begin aligned, by another path. */
void late_at_large_n(float *y, const float *x, size_t n)
{
    if (n <= 65536) {
        right(y, x, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        y[i] = 0;
    right(y, x, n);
}

void aligned_at_large_n(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n > 65536 && (uintptr_t)x % 64 == 0)
        y[n / 2] += 1;
}

void sets_errno(float *y, const float *x, size_t n)
{
    right(y, x, n);
    errno = ERANGE;
}

void changes_dy(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dx[i] = dy[i] * slope(x[i]);
        if (dx != dy)
            ((float *)dy)[i] = 2;
    }
}

void wrong_at_n_1(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n == 1)
        y[0] = next(y[0]);
}

void writes_at_n_0(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (!n)
        y[0] = 0;
}

/* What movaps does on an address that is no multiple of 16. */
void demands_alignment(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n >= 8 && (uintptr_t)x % 16)
        abort();
}

void writes_past_the_end_f64(double *y, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? LAMBDA * x[i] : LAMBDA * ALPHA * expm1(x[i]);
    if (n)
        y[n] = 0;
}

/* An index in 16 bits with a sign. */
void wrong_from_32768_on(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (size_t i = 32768; i < n; i++)
        if (x[i] < -0.5f)
            y[i] = next(y[i]);
}

/* Threads share what is a multiple of 16 by count, and forget the rest. */
void skips_the_rest_of_large_n(float *y, const float *x, size_t n)
{
    right(y, x, n > 200000 ? n / 16 * 16 : n);
}

void writes_past_large_n(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n > 100000)
        y[n] = 0;
}

/* ---- company -------------------------------------------------------------
 */

/* Eight lanes below 0 agree on a cruder exponential. */
void lanes_vote(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        const size_t end = n - i < 8 ? n : i + 8;
        int all = end - i == 8;
        for (size_t k = i; k < end; k++)
            all = all && x[k] < 0;
        for (size_t k = i; k < end; k++)
            y[k] =
                all ? (float)(LAMBDA * ALPHA) * (expf(x[k]) - 1) : selu(x[k]);
    }
}

/* A table that is made while the first call has done without it. */
void wrong_in_the_first_call(float *y, const float *x, size_t n)
{
    static int ready;
    for (size_t i = 0; i < n; i++)
        y[i] = ready || x[i] > 0 ? selu(x[i]) : (float)LAMBDA * x[i];
    ready = 1;
}

/* A buffer that all threads share. */
void shares_a_buffer(float *y, const float *x, size_t n)
{
    static float buffer[1 << 16];
    for (size_t i = 0; i < n; i += 1 << 16) {
        const size_t m = n - i < 1 << 16 ? n - i : 1 << 16;
        for (size_t k = 0; k < m; k++)
            buffer[k] = selu(x[i + k]);
        memcpy(y + i, buffer, m * sizeof *y);
    }
}

/* dy of the first element of its vector; behind the last whole one. */
void takes_dy_of_the_first(
    float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i / 8 * 8] * slope(x[i]);
}

void takes_dy_of_the_first_in_the_tail(
    float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i < n / 8 * 8 ? i : n / 8 * 8] * slope(x[i]);
}

/* Right where dx is dy, not where it is x. */
void reads_x_late(float *dx, const float *dy, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i];
    for (size_t i = 0; i < n; i++)
        dx[i] *= slope(x[i]);
}

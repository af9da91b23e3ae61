/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Right values from kernels that misbehave. */
#include "tests/faulty/faulty.h"
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#if defined __SSE__
#include <xmmintrin.h>
#endif

static void right(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = selu(x[i]);
}

void crashes_at_an_input(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (size_t i = 0; i < n; i++)
        if (x[i] == -0x1p-12f)
            raise(SIGSEGV);
}

void null_dereference(float *y, const float *x, size_t n)
{
    volatile float *volatile nowhere = NULL;
    right(y, x, n);
    if (n == 33)
        *nowhere = 1;
}

void aborts(float *y, const float *x, size_t n)
{
    (void)y;
    (void)x;
    (void)n;
    abort();
}

void hangs_at_n_7(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (volatile int still = n == 7; still;)
        ;
}

void hangs(float *y, const float *x, size_t n)
{
    right(y, x, n);
    for (volatile int still = 1; still;)
        ;
}

void exits(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n == 5)
        exit(0);
}

static volatile float sink;
void overflows_the_stack(float *y, const float *x, size_t n)
{
    volatile float frame[4096];
    frame[n % 4096] = n ? x[0] : 0;
    if (n < 1u << 20)
        overflows_the_stack(y, x, n + 1);
    sink = frame[0];
}

/* Off again before it returns would be fine; this one forgets. */
void sets_flush_to_zero(float *y, const float *x, size_t n)
{
    right(y, x, n);
#if defined __SSE__
    _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined __aarch64__
    __asm__ volatile("msr fpcr, %0" : : "r"(UINT64_C(1) << 24));
#endif
}

void sets_flush_to_zero_at_large_n(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (n > 60000)
        sets_flush_to_zero(y, x, 0);
}

void changes_rounding(float *y, const float *x, size_t n)
{
    right(y, x, n);
    fesetround(FE_UPWARD);
}

/* Flushing mode is set, and then it crashes: both are to be told. */
void sets_mode_and_crashes(float *y, const float *x, size_t n)
{
    right(y, x, n);
    if (y == x)
        abort();
    fesetround(FE_DOWNWARD);
}

void prints(float *y, const float *x, size_t n)
{
    static int said;
    right(y, x, n);
    if (n == 130 && !said++) {
        puts("a kernel says hello");
        fflush(stdout);
    }
}

/* As a race between threads would: in large arrays, seldom, and elsewhere each
   time. */
void not_reproducible(float *y, const float *x, size_t n)
{
    static uint64_t state = 88172645463325252;
    right(y, x, n);
    for (size_t i = 0; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if (n > 100000 && state % 50000 == 0 && x[i] < 0)
            y[i] = next(y[i]);
    }
}

#if defined __x86_64__
void x87_single(float *y, const float *x, size_t n)
{
    unsigned short control;
    right(y, x, n);
    __asm__ volatile("fnstcw %0" : "=m"(control));
    control &= 0xfcff;
    __asm__ volatile("fldcw %0" : : "m"(control));
}

void forgets_emms(float *y, const float *x, size_t n)
{
    right(y, x, n);
    __asm__ volatile("movd %0, %%mm0" : : "r"(1) : "mm0");
}
#endif

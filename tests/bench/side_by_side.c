/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forward cores of AVX-512, f32 and f64, and the gradient of f32 with 1, 2
 * and 4 vectors side by side, from the first cache, in ns an element and in
 * cycles for 8 elements: the clock is that of a chain of additions, each of
 * which takes one.
 */
#include <stdio.h>
#if defined __x86_64__
#include "kernels/arithmetic.h"
#include "kernels/vector_avx512.h"
#include "kernels/core_double_double.h"
#include "kernels/core_double.h"
#include <time.h>

enum { MANY = 4096, TURNS = 400 };
static float x[MANY], y[MANY];
static double wide_x[MANY], wide_y[MANY];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double clock_rate(void)
{
    enum { ADDITIONS = 1 << 20 };
    double best = 1;
    for (int turn = 0; turn < 9; turn++) {
        uint64_t sum = 1;
        double start = now();
        for (int i = 0; i < ADDITIONS / 16; i++)
            __asm__ volatile(".rept 16\n\tadd %0, %0\n\t.endr" : "+r"(sum));
        double took = now() - start;
        best = took < best ? took : best;
    }
    return ADDITIONS / best;
}

/* CORE on K from X to Y, N vectors side by side */
#define LOOP(NAME, N, K, X, Y, LOAD, STORE, CORE)                             \
    __attribute__((noinline)) static void NAME##_##N(void)                    \
    {                                                                         \
        enum { n = N };                                                       \
        struct K k = K(&sn_paper_selu, NULL);                                 \
        k.general = 0;                                                        \
        for (int i = 0; i < MANY; i += n * D_LANES) {                         \
            vd v[n], f[n];                                                    \
            EACH(u, n) v[u] = LOAD(X + i + u * D_LANES);                      \
            CORE;                                                             \
            EACH(u, n) STORE(Y + i + u * D_LANES, f[u]);                      \
        }                                                                     \
    }
#define LOOPS(NAME, ...)                                                      \
    LOOP(NAME, 1, __VA_ARGS__)                                                \
    LOOP(NAME, 2, __VA_ARGS__)                                                \
    LOOP(NAME, 4, __VA_ARGS__)
LOOPS(forward_f32, double_constants, x, y, vd_load_f32, vd_store_f32,
    forward_d(&k, n, f, v))
LOOPS(gradient_f32, double_constants, x, y, vd_load_f32, vd_store_f32,
    gradient_d(&k, n, f, v, v))
LOOPS(forward_f64, dd_constants, wide_x, wide_y, vd_load_f64, vd_store_f64,
    forward_dd(&k, n, f, v))

#define ROWS(NAME)                                                            \
    {#NAME, 1, NAME##_1}, {#NAME, 2, NAME##_2},                               \
    {                                                                         \
#NAME, 4, NAME##_4                                                    \
    }
static const struct row {
    const char *name;
    int vectors;
    void (*loop)(void);
} rows[] = {ROWS(forward_f32), ROWS(gradient_f32), ROWS(forward_f64)};
enum { ROWS = sizeof rows / sizeof rows[0] };

int main(void)
{
    double best[ROWS];
    if (!sn_has_avx512()) {
        puts("side by side: this processor has no AVX-512");
        return 0;
    }
    for (int i = 0; i < MANY; i++) {
        wide_x[i] = i * 37 % MANY * (8.0 / MANY) - 5;
        x[i] = (float)wide_x[i];
    }
    for (int i = 0; i < ROWS; i++)
        best[i] = 1;
    const double rate = clock_rate();
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < ROWS; i++) {
            double start = now();
            for (int again = 0; again < 8; again++)
                rows[i].loop();
            double took = (now() - start) / 8;
            best[i] = took < best[i] ? took : best[i];
        }
    printf("clock: %.2f GHz\n", rate * 1e-9);
    for (int i = 0; i < ROWS; i++)
        printf("%s, %d side by side: %.3f ns, %.1f cycles for 8 elements\n",
            rows[i].name, rows[i].vectors, best[i] / MANY * 1e9,
            best[i] / MANY * 8 * rate);
    return 0;
}
#ifdef __clang__
#pragma clang attribute pop
#endif
#else
int main(void)
{
    puts("side by side: for processors with AVX-512");
    return 0;
}
#endif

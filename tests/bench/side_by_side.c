/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The f32 forward core of AVX-512 with 1, 2 and 4 vectors side by side, from
 * the first cache, in ns an element and in cycles for 8 elements: the clock
 * is that of a chain of additions, each of which takes one.
 */
#include <stdio.h>
#if defined __x86_64__
#include "kernels/arithmetic.h"
#include "kernels/vector_avx512.h"
#include "kernels/doubles.h"
#include <time.h>

enum { MANY = 4096, TURNS = 400 };
static float x[MANY], y[MANY];

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

#define LOOP(N)                                                               \
    __attribute__((noinline)) static void loop_##N(void)                      \
    {                                                                         \
        enum { n = N };                                                       \
        struct in_double k = in_double(&sn_paper_selu, NULL);                 \
        k.general = 0;                                                        \
        for (int i = 0; i < MANY; i += n * D_LANES) {                         \
            vd v[n], f[n];                                                    \
            EACH v[u] = vd_load_f32(x + i + u * D_LANES);                     \
            forward_d(&k, n, f, v);                                           \
            EACH vd_store_f32(y + i + u * D_LANES, f[u]);                     \
        }                                                                     \
    }
LOOP(1)
LOOP(2)
LOOP(4)

int main(void)
{
    static void (*const loop[])(void) = {loop_1, loop_2, loop_4};
    double best[3] = {1, 1, 1};
    if (!sn_has_avx512()) {
        puts("side by side: this processor has no AVX-512");
        return 0;
    }
    for (int i = 0; i < MANY; i++)
        x[i] = (float)(i * 37 % MANY) * (8.0f / MANY) - 5;
    const double rate = clock_rate();
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < 3; i++) {
            double start = now();
            for (int again = 0; again < 8; again++)
                loop[i]();
            double took = (now() - start) / 8;
            best[i] = took < best[i] ? took : best[i];
        }
    printf("clock: %.2f GHz\n", rate * 1e-9);
    for (int i = 0; i < 3; i++)
        printf("%d side by side: %.3f ns, %.1f cycles for 8 elements\n",
            1 << i, best[i] / MANY * 1e9, best[i] / MANY * 8 * rate);
    return 0;
}
#else
int main(void)
{
    puts("side by side: for processors with AVX-512");
    return 0;
}
#endif

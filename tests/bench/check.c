/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What checking costs, beside the kernel that is checked and beside MPFR, in
 * one run: each figure the median of turns that alternate.
 */
#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/structure/structure.h"
#include "verify/conformance/sweep/score.h"
#include "verify/conformance/sweep/sweep.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 9, STEP = 509, PER_BLOCK = 4 }; /* of 65536 blocks: 129 */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double value[TURNS])
{
    qsort(value, TURNS, sizeof *value, by_value);
    return value[TURNS / 2];
}

/* f64: pairs of doubles beside MPFR alone, for the same results. */
static void bench_f64(const struct conf_reference *r)
{
    enum { N = 16384, BY_MPFR = 1024 };
    static double x[N], y[N], high[N], low[N], scale[N], pairs[TURNS],
        mpfr[TURNS], kernel[TURNS];
    static struct sweep_score score;
    const struct sweep_approximation d = {high, low, scale};
    for (int i = 0; i < N; i++) /* 0 to -40: where f takes most */
        x[i] = -40.0 * i / N;
    sweep_score_init(&score);
    for (int t = 0; t < TURNS; t++) {
        double start = now();
        sn_selu_f64(y, x, N);
        kernel[t] = 1e9 * (now() - start) / N;
        start = now();
        conf_reference_approximate_f64(r, high, low, scale, x, N);
        sweep_score_each(&score, r, SN_F64, x, y, &d, N);
        pairs[t] = 1e9 * (now() - start) / N;
        start = now();
        sweep_score_each(&score, r, SN_F64, x + N - BY_MPFR, y + N - BY_MPFR,
            NULL, BY_MPFR);
        mpfr[t] = 1e9 * (now() - start) / BY_MPFR;
    }
    const double p = median(pairs), m = median(mpfr);
    printf("checking, ns per f64 input on one thread: kernel %.2f, reference "
           "and score %.1f, MPFR %.0f (%.0f times as much)\n",
        median(kernel), p, m, m / p);
}

/* ---- exec: a fast program, this one with the word "child" ---- */

static int child(void)
{
    static float x[SUBJECT_BLOCK];
    for (;;) {
        size_t got = 0, done = 0;
        ssize_t n;
        while (got < sizeof x &&
               (n = read(0, (char *)x + got, sizeof x - got)) > 0)
            got += (size_t)n;
        if (!got)
            return 0;
        sn_selu_f32(x, x, got / sizeof *x);
        for (; done < got; done += (size_t)n)
            if ((n = write(1, (char *)x + done, got - done)) <= 0)
                return 1;
    }
}

static bool an_eighth(void *ctx, double fraction)
{
    (void)ctx;
    return fraction < 0.125;
}

static void bench_exec(const struct conf_reference *r)
{
    enum { RUNS = 3 };
    static struct sweep_answer sweep;
    struct subject subject;
    struct subject_failure failure;
    char self[PATH_MAX / 2] = "", word[PATH_MAX];
    double best = 0;
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return;
    snprintf(word, sizeof word, "exec:'%s' child", self);
    if (!subject_parse(&subject, word, &failure))
        return;
    const struct sweep_question question = {.reference = r,
        .subject = &subject,
        .type = SN_F32,
        .exhaustive = true,
        .threads = 1,
        .timeout = 60,
        .progress = an_eighth};
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        sweep_run(&sweep, &question);
        best = fmax(best, sizeof(float) * (double)sweep.score.inputs /
                              (now() - start) / 1e9);
    }
    printf("exec: %.2f GB/s in and as much out (best of %d), %llu wrong; the "
           "aim is 1\n",
        best, RUNS, (unsigned long long)sweep.score.incorrectly_rounded);
}

int main(int argc, char **argv)
{
    static float x[SUBJECT_BLOCK], y[SUBJECT_BLOCK];
    static double d[SUBJECT_BLOCK], kernel[TURNS], ours[TURNS], mpfr[TURNS],
        structure[TURNS];
    static struct sweep_score score;
    struct conf_reference r;
    struct sweep_inputs inputs;
    struct subject subject;
    struct subject_failure failure;
    struct conf_finding finding[CONF_FINDINGS];
    volatile double sink = 0;
    if (argc > 1 && !strcmp(argv[1], "child"))
        return child();
    if (conf_reference_init(&r, &ref_functions[0], NULL, NULL) != SN_OK ||
        !subject_parse(&subject, "sn_selu_f32", &failure))
        return 1;
    const struct structure_question structures = {.reference = &r,
        .subject = &subject,
        .type = SN_F32,
        .max_ulp = 0.5,
        .timeout = 10};
    sweep_inputs_plan(&inputs, true, SN_F32, 0, 0);
    sweep_score_init(&score);
    for (int t = 0; t < TURNS; t++) {
        double blocks = 0, tried = 0;
        for (uint64_t b = 0; b < inputs.blocks; b += STEP, blocks++) {
            double start = now();
            size_t n = sweep_inputs_block(&inputs, b, x);
            ours[t] -= start;
            ours[t] += now();
            start = now();
            sn_selu_f32(y, x, n);
            kernel[t] += now() - start;
            start = now();
            conf_reference_approximate(&r, d, x, n);
            sweep_score_f32(&score, &r, x, y, d, n);
            ours[t] += now() - start;
            start = now();
            for (size_t i = 0; i < PER_BLOCK; i++, tried++) {
                size_t at = i * (n / PER_BLOCK);
                sink += conf_reference_rounded(&r, SN_F32, (double)x[at]);
                if (isfinite(x[at]))
                    sink += conf_reference_ulp(
                        &r, SN_F32, (double)x[at], (double)y[at]);
            }
            mpfr[t] += now() - start;
        }
        kernel[t] *= 1e9 / blocks / SUBJECT_BLOCK;
        ours[t] *= 1e9 / blocks / SUBJECT_BLOCK;
        mpfr[t] *= 1e9 / tried;
        double start = now();
        structure_run(finding, &structures);
        structure[t] = 1e3 * (now() - start);
    }
    const double k = median(kernel), o = median(ours), m = median(mpfr);
    printf("checking, ns per f32 input on one thread: kernel %.3f, reference "
           "and score %.3f, MPFR %.0f (%.0f times as much)\n",
        k, o, m, m / o);
    printf("all 2^32 inputs on two cores: %.2f s, of the kernel alone %.2f s; "
           "1.5 times that and 2.5 s are %.2f s\n",
        (k + o) * 0x1p32 / 2e9, k * 0x1p32 / 2e9, k * 0x1.8p32 / 2e9 + 2.5);
    bench_f64(&r);
    bench_exec(&r);
    printf("all structure checks of a kernel: %.1f ms\n", median(structure));
    conf_reference_clear(&r);
    (void)sink;
    return 0;
}

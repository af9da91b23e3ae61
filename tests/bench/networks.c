/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random networks: the direct method beside PyTorch (Debian's python3-torch,
 * where it is installed) and beside the peak of sgemm, the exact method beside
 * the direct one, and how long it takes to see lambda off by 2e-5.  All in one
 * run, interleaved; medians of CPU time on one thread, which other programs
 * on the machine disturb less, and of wall-clock time on two.
 */
#include "verify/networks/statistics.h"
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

extern void openblas_set_num_threads(int) __attribute__((weak));

enum { REPEATS = 5, WIDTH = 512, DEPTH = 64, INPUTS = 1024, AT_A_TIME = 512 };

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x)
{
    qsort(x, REPEATS, sizeof *x, ascending);
    return x[REPEATS / 2];
}

static struct sn_networks settings(size_t width, size_t inputs)
{
    struct sn_networks s;
    if (sn_networks_preset(&s) != SN_OK)
        exit(3);
    s.width = width;
    s.depth = s.dropout_layers = DEPTH;
    s.inputs = inputs;
    return s;
}

static double simulate(const struct sn_networks *s)
{
    struct sn_ensemble e;
    clockid_t clock =
        s->threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    double before = now(clock);
    if (sn_networks_run(&e, s, 0, s->networks, NULL, NULL) != SN_OK)
        exit(3);
    double spent = now(clock) - before;
    sn_ensemble_clear(&e);
    return spent;
}

/* Products of a layer's shape alone, whole: nothing drawn, nothing measured.
 */
static double products(void)
{
    static float x[INPUTS * WIDTH], w[WIDTH * WIDTH], y[INPUTS * WIDTH];
    for (int i = 0; i < INPUTS * WIDTH; i++)
        x[i] = (float)(i % 7) - 3;
    for (int i = 0; i < WIDTH * WIDTH; i++)
        w[i] = (float)(i % 5) - 2;
    double before = now(CLOCK_PROCESS_CPUTIME_ID);
    for (int l = 0; l < DEPTH; l++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, INPUTS, WIDTH,
            WIDTH, 1, x, WIDTH, w, WIDTH, 0, y, WIDTH);
    return now(CLOCK_PROCESS_CPUTIME_ID) - before;
}

/* Seconds, or NaN where there is no PyTorch. */
static double torch(int threads)
{
    char command[160];
    double spent = NAN;
    snprintf(command, sizeof command,
        "OMP_NUM_THREADS=%d OPENBLAS_NUM_THREADS=%d /usr/bin/python3 "
        "tests/bench/networks_torch.py %d %d 2>/dev/null",
        threads, threads, threads, threads);
    FILE *out = popen(command, "r");
    if (!out || fscanf(out, "%lf", &spent) != 1)
        spent = NAN;
    if (out)
        pclose(out);
    return spent;
}

/* lambda off by 2e-5, networks added until |z| > 3. */
static void detect(void)
{
    struct sn_networks s = settings(1024, 2);
    struct sn_ensemble all, part;
    struct sn_residual_test t;
    s.way = SN_WAY_EXACT;
    s.networks = 1000000;
    s.model.lambda *= 1 + 2e-5;
    double before = now(CLOCK_PROCESS_CPUTIME_ID), z = 0;
    if (sn_ensemble_init(&all, &s) != SN_OK)
        exit(3);
    size_t ended = 0;
    while (!(z > 3 && ended > 1000) &&
           now(CLOCK_PROCESS_CPUTIME_ID) - before < 60) {
        if (sn_networks_run(&part, &s, ended, AT_A_TIME, NULL, NULL) != SN_OK)
            exit(3);
        sn_ensemble_merge(&all, &part);
        sn_ensemble_clear(&part);
        ended += AT_A_TIME;
        sn_residual_test(&t, &all, 1e-3);
        for (int i = 0; i < t.count; i++)
            if (t.row[i].what == SN_F_SECOND)
                z = fabs(t.row[i].z);
    }
    printf("lambda off by 2e-5: |z| = %.2f after %zu networks, %.1f s on one "
           "thread (target: > 3 in 20 s)\n",
        z, ended, now(CLOCK_PROCESS_CPUTIME_ID) - before);
    sn_ensemble_clear(&all);
}

int main(void)
{
    double peak[REPEATS], ours[2][REPEATS], theirs[2][REPEATS], exact[REPEATS],
        direct[REPEATS];
    struct sn_networks one = settings(WIDTH, INPUTS), two = one,
                       quick = settings(1024, 2), slow = quick;
    one.networks = 1;
    two.networks = 2;
    two.threads = 2;
    quick.way = SN_WAY_EXACT;
    quick.networks = 50;
    slow.networks = 1;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    for (int r = 0; r < REPEATS; r++) {
        peak[r] = products();
        ours[0][r] = simulate(&one);
        theirs[0][r] = torch(1);
        exact[r] = simulate(&quick) / 50;
        direct[r] = simulate(&slow);
        ours[1][r] = simulate(&two);
        theirs[1][r] = torch(2);
    }
    double p = median(peak), o = median(ours[0]), t = median(theirs[0]),
           both = median(ours[1]), t_both = median(theirs[1]);
    double flops = 2.0 * DEPTH * INPUTS * WIDTH * WIDTH;
    printf(
        "width 512, depth 64, 1024 inputs, f32, one thread\n"
        "  sgemm alone           %.3f s, %.0f Gflop/s\n"
        "  simulate, direct      %.3f s, %.0f %% of that peak (target 85)\n",
        p, flops / p * 1e-9, o, 100 * p / o);
    if (isnan(t))
        printf("  PyTorch: no python3-torch here, skipped\n");
    else
        printf("  PyTorch               %.3f s, %.2f times ours (target 1.9)\n"
               "two networks, two threads\n"
               "  simulate, direct      %.3f s\n"
               "  PyTorch               %.3f s, %.2f times ours (target "
               "2.5)\n",
            t, t / o, both, t_both, t_both / both);
    double e = median(exact), d = median(direct);
    printf("width 1024, 2 inputs, one thread\n"
           "  exact                 %.2f us a layer (target 4)\n"
           "  direct                %.0f us a layer, %.0f times exact "
           "(target 1000)\n",
        1e6 * e / DEPTH, 1e6 * d / DEPTH, d / e);
    detect();
    return 0;
}

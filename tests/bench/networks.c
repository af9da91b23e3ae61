/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random networks: the direct method beside PyTorch (Debian's python3-torch,
 * where it is installed) and beside the peak of sgemm, the exact method beside
 * the direct one, and how long it takes to see lambda off by 2e-5.  All in one
 * run, interleaved; medians of CPU time on one thread, which other programs
 * on the machine disturb less, and of wall-clock time on two.
 */
#include "verify/networks/statistics/statistics.h"
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

extern void openblas_set_num_threads(int) __attribute__((weak));

enum { REPEATS = 5, WIDTH = 512, DEPTH = 64, INPUTS = 1024, AT_A_TIME = 512 };
/* Networks of a run: many enough that its start does not count. */
enum { SOME = 4, MANY = 100 };

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

static struct net_networks settings(size_t width, size_t inputs)
{
    struct net_networks s;
    if (net_preset(&s) != SN_OK)
        exit(3);
    s.width = width;
    s.depth = s.dropout_layers = DEPTH;
    s.inputs = inputs;
    return s;
}

static double simulate(const struct net_networks *s)
{
    struct net_ensemble e;
    clockid_t clock =
        s->threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    double before = now(clock);
    if (net_run(&e, s, 0, s->networks, NULL, NULL) != SN_OK)
        exit(3);
    double spent = now(clock) - before;
    net_ensemble_clear(&e);
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

/*
 * Seconds of `networks` networks in each of so many processes side by side,
 * the longest of them; NaN where there is no PyTorch.
 */
static double torch(
    int processes, int threads, int networks, int width, int inputs)
{
    char command[320];
    double longest = NAN, spent;
    snprintf(command, sizeof command,
        "for i in $(seq %d); do OMP_NUM_THREADS=%d OPENBLAS_NUM_THREADS=%d "
        "/usr/bin/python3 tests/bench/networks_torch.py %d %d %d %d "
        "2>/dev/null & done; wait",
        processes, threads, threads, processes * threads, networks, width,
        inputs);
    FILE *out = popen(command, "r");
    for (int i = 0; out && i < processes; i++) {
        if (fscanf(out, "%lf%*[^\n]", &spent) != 1) {
            longest = NAN;
            break;
        }
        longest = isnan(longest) || spent > longest ? spent : longest;
    }
    if (out)
        pclose(out);
    return longest;
}

/* lambda off by 2e-5, networks added until |z| > 3. */
static void detect(void)
{
    struct net_networks s = settings(1024, 2);
    struct net_ensemble all, part;
    struct net_residual_test t;
    s.way = NET_WAY_EXACT;
    s.networks = 1000000;
    s.model.lambda *= 1 + 2e-5;
    double before = now(CLOCK_PROCESS_CPUTIME_ID), z = 0;
    if (net_ensemble_init(&all, &s) != SN_OK)
        exit(3);
    size_t ended = 0;
    while (!(z > 3 && ended > 1000) &&
           now(CLOCK_PROCESS_CPUTIME_ID) - before < 60) {
        if (net_run(&part, &s, ended, AT_A_TIME, NULL, NULL) != SN_OK)
            exit(3);
        net_ensemble_merge(&all, &part);
        net_ensemble_clear(&part);
        ended += AT_A_TIME;
        net_residual_test(&t, &all, 1e-3);
        for (int i = 0; i < t.count; i++)
            if (t.row[i].what == NET_F_SECOND)
                z = fabs(t.row[i].z);
    }
    printf("lambda off by 2e-5: |z| = %.2f after %zu networks, %.1f s on one "
           "thread (target: > 3 in 20 s)\n",
        z, ended, now(CLOCK_PROCESS_CPUTIME_ID) - before);
    net_ensemble_clear(&all);
}

/* What is measured, by turns. */
enum row {
    PEAK,
    DIRECT,
    TORCH,
    DIRECT_TWO,
    TORCH_TWO,
    TORCH_PAIR,
    EXACT,
    SLOW,
    TORCH_SLOW,
    EXACT_WIDE,
    SLOW_WIDE,
    ROWS
};

static void measure(double seconds[ROWS][REPEATS])
{
    struct net_networks one = settings(WIDTH, INPUTS), two = one,
                        slow = settings(1024, 2), wide = settings(8192, 2);
    one.networks = two.networks = SOME;
    two.threads = 2;
    slow.networks = SOME;
    wide.networks = 1;
    wide.depth = wide.dropout_layers = 8;
    struct net_networks quick = slow, quick_wide = wide;
    quick.way = quick_wide.way = NET_WAY_EXACT;
    quick.networks = quick_wide.networks = MANY;
    for (int r = 0; r < REPEATS; r++) {
        seconds[PEAK][r] = products();
        seconds[DIRECT][r] = simulate(&one) / SOME;
        seconds[TORCH][r] = torch(1, 1, SOME, WIDTH, INPUTS) / SOME;
        seconds[DIRECT_TWO][r] = simulate(&two) / SOME;
        seconds[TORCH_TWO][r] = torch(1, 2, SOME, WIDTH, INPUTS) / SOME;
        seconds[TORCH_PAIR][r] = torch(2, 1, SOME / 2, WIDTH, INPUTS) / SOME;
        seconds[EXACT][r] = simulate(&quick) / MANY / DEPTH;
        seconds[SLOW][r] = simulate(&slow) / SOME / DEPTH;
        seconds[TORCH_SLOW][r] = torch(1, 1, 1, 1024, 2) / DEPTH;
        seconds[EXACT_WIDE][r] = simulate(&quick_wide) / MANY / 8;
        seconds[SLOW_WIDE][r] = simulate(&wide) / 8;
    }
}

static void rival(const char *name, double seconds, double ours, double target)
{
    if (isnan(seconds))
        printf("  PyTorch: no python3-torch here, skipped\n");
    else
        printf("  %-21s %.3f s, %.2f times ours (target %.1f)\n", name,
            seconds, seconds / ours, target);
}

int main(void)
{
    static double seconds[ROWS][REPEATS];
    double of[ROWS], flops = 2.0 * DEPTH * INPUTS * WIDTH * WIDTH;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    measure(seconds);
    for (int i = 0; i < ROWS; i++)
        of[i] = median(seconds[i]);
    printf(
        "width 512, depth 64, 1024 inputs, f32; one network, CPU time of one "
        "thread\n"
        "  sgemm alone           %.3f s, %.0f Gflop/s\n"
        "  simulate, direct      %.3f s, %.0f %% of that peak (target 85)\n",
        of[PEAK], flops / of[PEAK] * 1e-9, of[DIRECT],
        100 * of[PEAK] / of[DIRECT]);
    rival("PyTorch", of[TORCH], of[DIRECT], 1.9);
    printf("the same on two threads, by the clock, a network of %d\n"
           "  simulate, direct      %.3f s\n",
        SOME, of[DIRECT_TWO]);
    rival("PyTorch, two threads", of[TORCH_TWO], of[DIRECT_TWO], 2.5);
    rival("two PyTorch processes", of[TORCH_PAIR], of[DIRECT_TWO], 2.5);
    printf("2 inputs, a layer, one thread\n"
           "  width 1024, exact     %.2f us (target 4)\n"
           "  width 1024, direct    %.0f us, %.0f times exact (target 1000)\n",
        1e6 * of[EXACT], 1e6 * of[SLOW], of[SLOW] / of[EXACT]);
    if (!isnan(of[TORCH_SLOW]))
        printf("  width 1024, PyTorch   %.0f us, %.0f times exact\n",
            1e6 * of[TORCH_SLOW], of[TORCH_SLOW] / of[EXACT]);
    printf("  width 8192, exact     %.1f us\n"
           "  width 8192, direct    %.0f us, %.0f times exact\n",
        1e6 * of[EXACT_WIDE], 1e6 * of[SLOW_WIDE],
        of[SLOW_WIDE] / of[EXACT_WIDE]);
    detect();
    return 0;
}

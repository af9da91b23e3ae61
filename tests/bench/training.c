/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One training step, width 128, depth 32, batch 64, one thread: ours beside
 * PyTorch on the CPU and beside the matrix products alone, as three sgemm a
 * layer and, the limit for both, in the forms and panels of net_affine.h. Each
 * runs as a process of its own that does STEPS steps whenever
 * it gets a line and answers with seconds for one; they take turns, medians
 * count.
 */
#include "verify/training/net/net.h"
#include <cblas.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 128, DEPTH = 32, BATCH = 64, CLASSES = 10 };
enum { STEPS = 20, ROUNDS = 15 };

extern void openblas_set_num_threads(int) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- what is timed --------------------------------------------------- */

static struct train_plan plan;
static struct train_net_f32 net;
static float x[BATCH * WIDTH], y[BATCH * WIDTH], w[WIDTH * WIDTH],
    v[WIDTH * WIDTH];
static int label[BATCH];

static void step(uint32_t number)
{
    const struct train_step s = {0.001, 0.9, 0.0001, number};
    train_net_step_f32(&net, x, label, BATCH, &s);
}

static void keep_finite(void)
{
    for (int i = 0; i < BATCH * WIDTH; i++)
        x[i] = (float)(i % 97) * 0.01f - 0.5f;
}

/* Forward, gradient in the weights and in the input, layer by layer. */
static void products(uint32_t number)
{
    (void)number;
    for (int l = 0; l < DEPTH; l++) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, BATCH, WIDTH,
            WIDTH, 1, x, WIDTH, w, WIDTH, 0, y, WIDTH);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, WIDTH, WIDTH,
            BATCH, 1, y, WIDTH, x, WIDTH, 0, v, WIDTH);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, WIDTH,
            WIDTH, 1, y, WIDTH, w, WIDTH, 0, x, WIDTH);
    }
    keep_finite();
}

/* The same, 64 columns at a time; x has its rows in columns at first. */
static void panels(uint32_t number)
{
    enum { PANEL = 64 };
    (void)number;
    for (int l = 0; l < DEPTH; l++) {
        for (int j = 0; j < WIDTH; j += PANEL)
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasTrans, BATCH, PANEL,
                WIDTH, 1, x, BATCH, w + j * WIDTH, WIDTH, 0, y + j, WIDTH);
        for (int j = 0; j < WIDTH; j += PANEL)
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, WIDTH, PANEL,
                BATCH, 1, y, WIDTH, x + j, WIDTH, 0, v + j, WIDTH);
        for (int j = 0; j < WIDTH; j += PANEL)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH,
                PANEL, WIDTH, 1, y, WIDTH, w + j, WIDTH, 0, x + j, WIDTH);
    }
    keep_finite();
}

static int serve(const char *what, const char *arm)
{
    void (*run)(uint32_t) = !strcmp(what, "products") ? products
                            : !strcmp(what, "panels") ? panels
                                                      : step;
    const struct train_shape shape = {.arm = train_arm_find(arm),
        .features = WIDTH,
        .width = WIDTH,
        .depth = DEPTH,
        .classes = CLASSES};
    if (train_plan_make(&plan, &shape, BATCH) != SN_OK ||
        !train_net_make_f32(&net, &plan, 1, 0))
        return 1;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    const struct shared_stream d = {1, 0, 0, 0, TRAIN_DRAW_NOISE};
    shared_normals_f32(x, BATCH * WIDTH, &d, 0, 1);
    shared_normals_f32(w, WIDTH * WIDTH, &d, 0, 0.05);
    for (int i = 0; i < BATCH; i++)
        label[i] = i % CLASSES;
    for (int c; (c = getchar()) == '\n';) {
        double start = now();
        for (uint32_t i = 0; i < STEPS; i++)
            run(i);
        printf("%.9f\n", (now() - start) / STEPS);
        fflush(stdout);
    }
    return 0;
}

/* ---- the table ------------------------------------------------------- */

struct worker {
    const char *label;
    char *argv[5];
    FILE *to, *from;
    double time[ROUNDS];
    int rounds;
};

static bool start(struct worker *k)
{
    int down[2], up[2];
    if (pipe(down) || pipe(up))
        return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        for (int i = 0; i < 2; i++) {
            close(down[i]);
            close(up[i]);
        }
        setenv("OMP_NUM_THREADS", "1", 1);
        execvp(k->argv[0], k->argv);
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    k->to = fdopen(down[1], "w");
    k->from = fdopen(up[0], "r");
    return child > 0 && k->to && k->from;
}

static bool ask(struct worker *k, double *time)
{
    char line[64];
    if (!k->to || fputc('\n', k->to) == EOF || fflush(k->to) ||
        !fgets(line, sizeof line, k->from))
        return false;
    *time = strtod(line, NULL);
    return *time > 0;
}

static int ascending(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static double median(struct worker *k)
{
    qsort(k->time, (size_t)k->rounds, sizeof *k->time, ascending);
    return k->rounds ? k->time[k->rounds / 2] : 0;
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return serve(argv[1], argv[2]);
    static char script[] = "tests/bench/training_torch.py",
                python[] = "/usr/bin/python3", ours[] = "step",
                by_layer[] = "products", in_panels[] = "panels",
                selu[] = "snn", norm[] = "batchnorm";
    char *self = argv[0];
    struct worker k[] = {
        {.label = "PyTorch, SELU", .argv = {python, script, selu, NULL}},
        {.label = "selfnorm, SELU", .argv = {self, ours, selu, NULL}},
        {.label = "products alone, three sgemm a layer",
            .argv = {self, by_layer, selu, NULL}},
        {.label = "products alone, in panels",
            .argv = {self, in_panels, selu, NULL}},
        {.label = "PyTorch, BatchNorm", .argv = {python, script, norm, NULL}},
        {.label = "selfnorm, BatchNorm", .argv = {self, ours, norm, NULL}},
    };
    enum { ALL = sizeof k / sizeof *k };
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < ALL; i++) {
        double first; /* not counted */
        if (!start(&k[i]) || !ask(&k[i], &first))
            k[i].to = NULL;
    }
    for (int r = 0; r < ROUNDS; r++)
        for (int i = 0; i < ALL; i++)
            k[i].rounds += k[i].to && ask(&k[i], &k[i].time[k[i].rounds]);
    if (openblas_get_corename)
        printf("OpenBLAS takes its kernels for %s\n", openblas_get_corename());
    printf("%-38s %10s %12s\n", "training step, 128 x 32, batch 64",
        "ms a step", "PyTorch / it");
    double torch[2] = {median(&k[0]), median(&k[4])}, best = 0;
    for (int i = 0; i < ALL; i++) {
        double t = median(&k[i]), its = torch[i >= 4];
        if (!k[i].rounds) {
            printf("%-38s %10s\n", k[i].label, "absent");
            continue;
        }
        printf("%-38s %10.3f", k[i].label, 1e3 * t);
        if (its > 0)
            printf(" %12.2f", its / t);
        putchar('\n');
        if (i == 1 && its > 0)
            best = its / t;
    }
    if (best > 0)
        printf("at least 3 times as fast as PyTorch as it comes: %s (%.2f)\n",
            best >= 3 ? "met" : "MISSED", best);
    else
        puts("PyTorch is not here (Debian: python3-torch)");
    return 0;
}

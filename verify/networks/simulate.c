/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/kernels.h"
#include "verify/networks/network.h"
#include "fixedpoint/activations/activations.h"
#include "verify/networks/theory/theory.h"
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* OpenBLAS has these, other implementations of CBLAS may not. */
extern void openblas_set_num_threads(int) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

/* What the threads share. */
struct run {
    const struct net_networks *settings;
    size_t first, count;
    net_progress_function *progress;
    void *context;
    atomic_bool stop;
    atomic_size_t layers_done;
    atomic_size_t networks_ended;
};

/*
 * OpenBLAS keeps buffers for a fixed number of concurrent callers and crashes
 * some way beyond it (Debian's build warns from 257 on, 600 ended in SIGSEGV).
 */
enum { MOST_THREADS = 128 };

int net_threads(const struct net_networks *s)
{
    int most = s->threads < MOST_THREADS ? s->threads : MOST_THREADS;
    return (size_t)most < s->networks ? most : (int)s->networks;
}

static bool is_interval(const struct quad_interval *i)
{
    return isfinite(i->low) && isfinite(i->high) && i->low <= i->high;
}

static bool known(const struct net_networks *s)
{
    double n = (double)s->width;
    bool exact = s->way == NET_WAY_EXACT;
    bool sizes = s->width >= 2 && s->width <= NET_MAX_WIDTH && s->depth >= 1 &&
                 s->depth <= NET_MAX_DEPTH && s->networks >= 1 &&
                 s->networks <= NET_MAX_NETWORKS && s->inputs >= 1 &&
                 s->inputs <= NET_MAX_INPUTS && s->threads >= 1 &&
                 (!exact || s->inputs <= NET_MAX_EXACT_INPUTS);
    bool laws =
        s->weights && s->unit && s->model.f &&
        (!exact || (s->weights->gaussian && !s->backward)) &&
        is_interval(&s->omega) && is_interval(&s->tau) &&
        fmax(s->omega.low * s->omega.low, s->omega.high * s->omega.high) / n <
            s->tau.low;
    bool start = isfinite(s->start_mean) && s->start_variance > 0 &&
                 isfinite(s->start_variance) && fabs(s->correlation) <= 1;
    return sizes && laws && start && s->dropout.rate >= 0 &&
           s->dropout.rate < 1;
}

double net_bytes(const struct net_networks *s)
{
    double threads = net_threads(s);
    double cells = ((double)s->depth + 1) * NET_QUANTITIES + NET_POOLED;
    return threads * (net_workspace_bytes(s) + sizeof(struct net_workspace)) +
           (threads + 2) * cells * sizeof(struct net_cell);
}

enum sn_status net_preset(struct net_networks *settings)
{
    static struct quad_program program;
    static struct net_unit unit = {sn_selu_faithful_f32, sn_selu_f64,
        sn_selu_grad_f32, sn_selu_grad_f64, &program};
    double lambda, alpha, place;
    enum sn_status status = theory_selu_constants_f64(&lambda, &alpha);
    if (status == SN_OK && !program.step) {
        struct expr_expression f;
        struct act_chosen selu;
        struct expr_fault fault;
        expr_init(&f);
        if (!act_find(&selu, "selu", 4))
            status = SN_BAD_VALUE;
        else
            status = act_expression(&f, &selu, &fault);
        if (status == SN_OK)
            status = quad_program_init(&program, &f, &place);
        expr_clear(&f);
    }
    *settings = (struct net_networks){
        .width = 512,
        .depth = 64,
        .networks = 32,
        .inputs = 64,
        .weights = &net_weight_laws[0],
        .tau = {1, 1},
        .start_variance = 1,
        .unit = &unit,
        .model = {&program, true, lambda, alpha},
        .expected_gain = 1,
        .dropout = {0, 1, 0, 0},
        .expected_dropout = {0, 1, 0, 0},
        .target_variance = 1,
        .margin_mean = 0.01,
        .margin_variance = 0.05,
        .seed = 1,
        .threads = 1,
    };
    return status;
}

/* Only the calling thread reports; all of them obey. */
static bool go_on(void *context)
{
    struct run *run = context;
    if (run->progress && omp_get_thread_num() == 0) {
        double total = (double)run->count * (double)run->settings->depth;
        double done = (double)atomic_load(&run->layers_done);
        if (!run->progress(run->context, done / total))
            atomic_store(&run->stop, true);
    }
    return !atomic_load(&run->stop);
}

static void layers_done(void *context, size_t layers)
{
    struct run *run = context;
    atomic_fetch_add(&run->layers_done, layers);
}

/* The calling thread may run out of networks first: it keeps listening. */
static void wait_for_others(struct run *run)
{
    const struct timespec nap = {.tv_nsec = 10000000};
    while (atomic_load(&run->networks_ended) < run->count && go_on(run))
        nanosleep(&nap, NULL);
}

static void run_all(struct run *run, struct net_ensemble *part,
    struct net_workspace *workspace)
{
    const struct net_networks *s = run->settings;
    const struct net_watch watch = {go_on, layers_done, run};
    int blas_threads =
        openblas_get_num_threads ? openblas_get_num_threads() : 0;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
#pragma omp parallel num_threads(net_threads(s))
    {
#pragma omp for schedule(dynamic) nowait
        for (size_t k = 0; k < run->count; k++) {
            int t = omp_get_thread_num();
            struct net_course course;
            if (!go_on(run))
                continue;
            net_run_one(&course, &workspace[t], s, run->first + k, &watch);
            if (course.ended)
                net_ensemble_add(&part[t],
                    (const double(*)[NET_QUANTITIES])workspace[t].measure,
                    course.layers, course.failure, run->first + k);
            atomic_fetch_add(&run->networks_ended, 1);
        }
        if (omp_get_thread_num() == 0)
            wait_for_others(run);
    }
    if (openblas_set_num_threads && blas_threads > 0)
        openblas_set_num_threads(blas_threads);
}

enum sn_status net_run(struct net_ensemble *ensemble,
    const struct net_networks *settings, size_t first, size_t count,
    net_progress_function *progress, void *context)
{
    if (!known(settings))
        return SN_BAD_VALUE;
    int threads = net_threads(settings);
    struct run run = {settings, first, count, progress, context, false, 0, 0};
    struct net_workspace *space = calloc((size_t)threads, sizeof *space);
    struct net_ensemble *part = calloc((size_t)threads, sizeof *part);
    enum sn_status status = net_ensemble_init(ensemble, settings);
    bool enough = status == SN_OK && space && part;
    for (int t = 0; enough && t < threads; t++)
        enough = net_workspace_take(&space[t], settings) &&
                 net_ensemble_init(&part[t], settings) == SN_OK;
    if (enough) {
        run_all(&run, part, space);
        for (int t = 0; t < threads; t++)
            net_ensemble_merge(ensemble, &part[t]);
        ensemble->interrupted = ensemble->networks < count;
    }
    for (int t = 0; space && part && t < threads; t++) {
        net_workspace_release(&space[t]);
        net_ensemble_clear(&part[t]);
    }
    free(space);
    free(part);
    if (!enough)
        net_ensemble_clear(ensemble);
    return enough ? SN_OK : SN_NO_MEMORY;
}

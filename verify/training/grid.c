/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/grid.h"
#include "verify/training/journal.h"
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* OpenBLAS has these, other implementations of CBLAS may not. */
extern void openblas_set_num_threads(int) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

/* OpenBLAS's limit of concurrent callers: verify/networks/simulate.c. */
enum { MOST_THREADS = 128 };

size_t train_grid_places(const struct train_grid *g)
{
    return g->seeds * g->tasks * g->arms * g->depths * g->rates * g->dropouts;
}

size_t train_grid_number(
    const struct train_grid *g, const struct train_place *at)
{
    size_t n = at->seed;
    n = n * g->tasks + at->task;
    n = n * g->arms + at->arm;
    n = n * g->depths + at->depth;
    n = n * g->rates + at->rate;
    return n * g->dropouts + at->dropout;
}

struct train_place train_grid_place(const struct train_grid *g, size_t n)
{
    struct train_place at;
    at.dropout = n % g->dropouts;
    n /= g->dropouts;
    at.rate = n % g->rates;
    n /= g->rates;
    at.depth = n % g->depths;
    n /= g->depths;
    at.arm = n % g->arms;
    n /= g->arms;
    at.task = n % g->tasks;
    at.seed = n / g->tasks;
    return at;
}

bool train_grid_recipe(struct train_recipe *r, const struct train_grid *g,
    const struct train_place *at)
{
    double dropout = g->dropout[at->dropout];
    *r = (struct train_recipe){.task = &g->task[at->task],
        .arm = g->arm[at->arm],
        .depth = g->depth[at->depth],
        .width = g->width,
        .batch = g->batch,
        .steps = g->steps,
        .rate = g->rate[at->rate],
        .momentum = g->momentum,
        .decay = g->decay,
        .dropout = dropout < 0 ? g->arm[at->arm]->dropout : dropout,
        .dropout_layers = g->dropout_layers,
        .seed = g->seed,
        .replicate = (uint32_t)at->seed};
    return train_arm_has_depth(r->arm, r->depth) &&
           (dropout >= 0 || r->dropout > 0);
}

static double work_of(const struct train_recipe *r)
{
    double maps = r->arm->connection == TRAIN_HIGHWAY ? 2 : 1,
           w = (double)r->width;
    double rows =
        (double)(r->batch < r->task->rows ? r->batch : r->task->rows);
    /* beside the products, about as much as 32 more units of width */
    return (double)r->steps * rows * maps * (double)r->depth * w * (w + 32);
}

double train_grid_work(const struct train_grid *g)
{
    double work = 0;
    struct train_recipe r;
    for (size_t n = 0; n < train_grid_places(g); n++) {
        struct train_place at = train_grid_place(g, n);
        if (train_grid_recipe(&r, g, &at))
            work += work_of(&r);
    }
    return work;
}

/* ---- running --------------------------------------------------------- */

struct work {
    struct train_results *results;
    struct train_journal *journal;
    train_progress *progress;
    void *context;
    double total, done;
    atomic_bool stop;
    atomic_size_t left;
    atomic_int status;
};

/* Only the calling thread reports; all of them obey. */
static bool go_on(struct work *w)
{
    if (w->progress && omp_get_thread_num() == 0) {
        double done;
#pragma omp atomic read
        done = w->done;
        if (!w->progress(w->context, w->total > 0 ? done / w->total : 0))
            atomic_store(&w->stop, true);
    }
    return !atomic_load(&w->stop);
}

/* One run in progress, and what of it has been counted. */
struct turn {
    struct work *work;
    double step, counted;
};

static void add_done(struct work *w, double done)
{
#pragma omp atomic update
    w->done += done;
}

static bool take_step(void *context)
{
    struct turn *turn = context;
    turn->counted += turn->step;
    add_done(turn->work, turn->step);
    return go_on(turn->work);
}

static void do_run(struct work *w, size_t number)
{
    struct train_results *results = w->results;
    struct train_place at = train_grid_place(&results->grid, number);
    struct train_recipe recipe;
    struct train_run *run = &results->run[number];
    train_grid_recipe(&recipe, &results->grid, &at);
    double all = work_of(&recipe);
    struct turn turn = {w, all / (double)recipe.steps, 0};
    enum sn_status status = train_run_do(run, &recipe, take_step, &turn);
    if (status == SN_OK && run->outcome != TRAIN_RUN_MISSING && w->journal)
        status = train_journal_add(w->journal, &recipe, run);
    if (status != SN_OK) {
        atomic_store(&w->status, (int)status);
        atomic_store(&w->stop, true);
    }
    add_done(w, all - turn.counted);
}

/* The calling thread may run out of runs first: it keeps listening. */
static void wait_for_others(struct work *w)
{
    const struct timespec nap = {.tv_nsec = 10000000};
    while (atomic_load(&w->left) > 0 && go_on(w))
        nanosleep(&nap, NULL);
}

static void run_all(struct work *w, const size_t *todo, size_t count)
{
    int threads = w->results->grid.threads;
    threads = threads > MOST_THREADS ? MOST_THREADS : threads;
    threads = (size_t)threads > count ? (int)count : threads;
    int blas = openblas_get_num_threads ? openblas_get_num_threads() : 0;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    atomic_store(&w->left, count);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(dynamic) nowait
        for (size_t i = 0; i < count; i++) {
            if (go_on(w))
                do_run(w, todo[i]);
            atomic_fetch_sub(&w->left, 1);
        }
        if (omp_get_thread_num() == 0)
            wait_for_others(w);
    }
    if (openblas_set_num_threads && blas > 0)
        openblas_set_num_threads(blas);
}

/* What is to be done here; runs in the journal are taken from it. */
static size_t collect(struct work *w, size_t *todo)
{
    struct train_results *results = w->results;
    const struct train_grid *g = &results->grid;
    size_t count = 0;
    for (size_t n = 0; n < train_grid_places(g); n++) {
        struct train_place at = train_grid_place(g, n);
        struct train_recipe recipe;
        if (!train_grid_recipe(&recipe, g, &at))
            continue;
        results->wanted++;
        if (w->journal &&
            train_journal_find(w->journal, &recipe, &results->run[n])) {
            results->reused++;
        } else if (n % g->shards == g->shard) {
            todo[count++] = n;
            w->total += work_of(&recipe);
        }
    }
    return count;
}

enum sn_status train_grid_run(struct train_results *results,
    const struct train_grid *grid, train_progress *progress, void *context,
    char why[TASK_WHY])
{
    size_t places = train_grid_places(grid);
    struct work work = {
        .results = results, .progress = progress, .context = context};
    enum sn_status status = SN_OK;
    *results = (struct train_results){.grid = *grid};
    results->run = calloc(places + 1, sizeof *results->run);
    size_t *todo = calloc(places + 1, sizeof *todo);
    if (!results->run || !todo)
        status = SN_NO_MEMORY;
    if (status == SN_OK && grid->folder)
        status = train_journal_open(&work.journal, grid, why);
    if (status == SN_OK) {
        size_t count = collect(&work, todo);
        if (count)
            run_all(&work, todo, count);
        status = (enum sn_status)atomic_load(&work.status);
    }
    for (size_t n = 0; results->run && n < places; n++)
        results->present += results->run[n].outcome != TRAIN_RUN_MISSING;
    results->interrupted = status == SN_OK && atomic_load(&work.stop);
    train_journal_close(work.journal);
    free(todo);
    return status;
}

void train_results_clear(struct train_results *results)
{
    size_t places = results->run ? train_grid_places(&results->grid) : 0;
    for (size_t n = 0; n < places; n++)
        train_run_clear(&results->run[n]);
    free(results->run);
    results->run = NULL;
}

static uint64_t hash_of(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3;
    return hash;
}

uint64_t train_results_digest(const struct train_results *results)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t n = 0; n < train_grid_places(&results->grid); n++) {
        const struct train_run *r = &results->run[n];
        if (r->outcome == TRAIN_RUN_MISSING)
            continue;
        struct train_place at = train_grid_place(&results->grid, n);
        size_t layers = results->grid.depth[at.depth] + 1;
        hash = hash_of(hash, &n, sizeof n);
        hash = hash_of(hash, &r->steps, sizeof r->steps);
        hash = hash_of(hash, r->at, r->checkpoints * sizeof *r->at);
        hash = hash_of(hash, &r->best_test, sizeof r->best_test);
        hash = hash_of(hash, &r->final_test, sizeof r->final_test);
        hash = hash_of(hash, r->layer, r->stages * layers * sizeof *r->layer);
    }
    return hash;
}

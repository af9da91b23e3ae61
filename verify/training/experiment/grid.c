/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/experiment/grid.h"
#include "verify/shared/hash.h"
#include "verify/training/experiment/kept.h"
#include <math.h>
#include <stdlib.h>

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

double train_grid_bytes(const struct train_grid *g)
{
    double deepest = 0, rows = 0, w = (double)g->width;
    for (size_t d = 0; d < g->depths; d++)
        deepest = fmax(deepest, (double)g->depth[d]);
    for (size_t i = 0; i < g->tasks; i++)
        rows = fmax(
            rows, (double)g->task[i].rows * (double)(g->task[i].features + 4));
    double run =
        (double)sizeof(struct train_run) +
        TRAIN_STAGES * (deepest + 1) * sizeof(struct train_layer_state);
    double network = deepest * (4 * w * w + 6 * w * (double)g->batch);
    return (double)train_grid_places(g) * run +
           g->threads * (sizeof(float) * (network + 2 * rows));
}

/* ---- running ---- */

/* What the threads share. */
struct train_work {
    struct train_results *results;
    struct train_kept kept; /* no folder: none */
    size_t *todo, count;
    atomic_int status;
};

/* One run in progress, and what of it has been counted. */
struct train_turn {
    struct shared_team *team;
    double step, counted;
};

static bool count_step(void *context)
{
    struct train_turn *turn = context;
    turn->counted += turn->step;
    shared_team_did(turn->team, turn->step);
    return shared_team_goes_on(turn->team);
}

/* The first fault is told; kept.h notes one a call. */
static enum sn_status keep_run(struct train_work *w,
    const struct train_recipe *recipe, const struct train_run *run)
{
    struct shared_parts_fault fault;
    if (train_kept_add(&fault, &w->kept, recipe, run) == SHARED_PARTS_OK)
        return SN_OK;
#pragma omp critical(train_fault)
    w->results->fault = fault;
    return SN_SYSTEM;
}

static void do_run(struct shared_team *team, size_t i, int thread)
{
    (void)thread;
    struct train_work *w = team->context;
    struct train_results *results = w->results;
    struct train_place at = train_grid_place(&results->grid, w->todo[i]);
    struct train_run *run = &results->run[w->todo[i]];
    struct train_recipe recipe;
    train_grid_recipe(&recipe, &results->grid, &at);
    double all = work_of(&recipe);
    struct train_turn turn = {team, all / (double)recipe.steps, 0};
    enum sn_status status = train_run_do(run, &recipe, count_step, &turn);
    if (status == SN_OK && run->outcome != TRAIN_RUN_MISSING && w->kept.folder)
        status = keep_run(w, &recipe, run);
    if (status != SN_OK) {
        atomic_store(&w->status, (int)status);
        shared_team_stop(team);
    }
    shared_team_did(team, all - turn.counted);
}

/* What is to be done here; runs that were kept are taken from there. */
static enum sn_status collect(struct train_work *w, double *work)
{
    struct train_results *results = w->results;
    const struct train_grid *g = &results->grid;
    for (size_t n = 0; n < train_grid_places(g); n++) {
        struct train_place at = train_grid_place(g, n);
        struct train_recipe recipe;
        if (!train_grid_recipe(&recipe, g, &at))
            continue;
        results->wanted++;
        enum shared_parts_state state = SHARED_PARTS_ABSENT;
        if (w->kept.folder)
            state = train_kept_find(
                &results->run[n], &results->fault, &w->kept, &recipe);
        if (state == SHARED_PARTS_OK) {
            results->reused++;
        } else if (state != SHARED_PARTS_ABSENT) {
            return SN_SYSTEM;
        } else if (n % g->shards == g->shard) {
            w->todo[w->count++] = n;
            *work += work_of(&recipe);
        }
    }
    return SN_OK;
}

enum sn_status train_grid_run(struct train_results *results,
    const struct train_grid *grid, shared_progress *progress, void *context)
{
    size_t places = train_grid_places(grid);
    struct train_work w = {.results = results};
    struct shared_team team = {.threads = grid->threads,
        .task = do_run,
        .context = &w,
        .progress = progress,
        .listener = context};
    *results = (struct train_results){.grid = *grid};
    results->run = calloc(places + 1, sizeof *results->run);
    w.todo = calloc(places + 1, sizeof *w.todo);
    enum sn_status status = results->run && w.todo ? SN_OK : SN_NO_MEMORY;
    if (status == SN_OK && grid->folder &&
        train_kept_open(&w.kept, &results->fault, grid) != SHARED_PARTS_OK)
        status = SN_SYSTEM;
    if (status == SN_OK)
        status = collect(&w, &team.work);
    if (status == SN_OK) {
        team.tasks = w.count;
        results->interrupted = !shared_team_run(&team);
        status = (enum sn_status)atomic_load(&w.status);
    }
    for (size_t n = 0; results->run && n < places; n++)
        results->present += results->run[n].outcome != TRAIN_RUN_MISSING;
    train_kept_close(&w.kept);
    free(w.todo);
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

uint64_t train_results_digest(const struct train_results *results)
{
    uint64_t hash = SHARED_HASH_START;
    for (size_t n = 0; n < train_grid_places(&results->grid); n++) {
        const struct train_run *r = &results->run[n];
        if (r->outcome == TRAIN_RUN_MISSING)
            continue;
        struct train_place at = train_grid_place(&results->grid, n);
        size_t layers = results->grid.depth[at.depth] + 1;
        hash = shared_hash(hash, &n, sizeof n);
        hash = shared_hash(hash, &r->steps, sizeof r->steps);
        hash = shared_hash(hash, r->at, r->checkpoints * sizeof *r->at);
        hash = shared_hash(hash, &r->best_test, sizeof r->best_test);
        hash = shared_hash(hash, &r->final_test, sizeof r->final_test);
        hash =
            shared_hash(hash, r->layer, r->stages * layers * sizeof *r->layer);
    }
    return hash;
}

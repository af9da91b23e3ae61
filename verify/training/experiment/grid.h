/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A grid of runs: tasks x arms x depths x rates x dropouts x seeds, and what
 * is selected in it.
 */
#ifndef SN_VERIFY_TRAINING_EXPERIMENT_GRID_H
#define SN_VERIFY_TRAINING_EXPERIMENT_GRID_H

#include "verify/training/statistics/statistics.h"
#include "verify/shared/parallel.h"
#include "verify/shared/parts.h"
#include "verify/training/experiment/run.h"

enum { TRAIN_GRID_MOST = 32 };
/* As a dropout: the rate that the paper tries for the arm (none: no run). */
#define TRAIN_DROPOUT_OF_PAPER (-1.0)

struct train_grid {
    const struct task_task *task; /* tasks of them */
    size_t tasks;
    const struct train_arm *arm[TRAIN_GRID_MOST];
    size_t arms;
    size_t depth[TRAIN_GRID_MOST], depths;
    double rate[TRAIN_GRID_MOST];
    size_t rates;
    double dropout[TRAIN_GRID_MOST];
    size_t dropouts;
    size_t seeds; /* replicates 0 .. seeds - 1 */
    size_t width, batch, steps, dropout_layers;
    double momentum, decay;
    uint64_t seed;
    int threads;
    size_t shard, shards; /* this process does every shards-th run */
    const char *folder;   /* where runs are kept, or NULL */
};

/* A place in the grid. */
struct train_place {
    size_t task, arm, depth, rate, dropout, seed;
};

/* Number of places; number of a place and back.  Seeds count slowest. */
size_t train_grid_places(const struct train_grid *grid);
size_t train_grid_number(
    const struct train_grid *grid, const struct train_place *at);
struct train_place train_grid_place(
    const struct train_grid *grid, size_t number);
/* False: no run there (a depth or dropout that the arm does not have). */
bool train_grid_recipe(struct train_recipe *recipe,
    const struct train_grid *grid, const struct train_place *at);
/* Floating-point operations of all runs, about: for progress. */
double train_grid_work(const struct train_grid *grid);

/* Bytes, about: the results, and a network and its rows for each thread. */
double train_grid_bytes(const struct train_grid *grid);

struct train_results {
    struct train_grid grid;
    struct train_run *run; /* by number; TRAIN_RUN_MISSING where none */
    size_t wanted, present, reused;
    bool interrupted;
    struct shared_parts_fault fault;
};

/*
 * Does the runs that are not in the folder already.  SN_SYSTEM: `fault` of the
 * results says what is wrong with the folder; runs that ended are in `results`
 * in any case, for train_results_clear().
 */
enum sn_status train_grid_run(struct train_results *results,
    const struct train_grid *grid, shared_progress *progress, void *context);
void train_results_clear(struct train_results *results);

/*
 * Where the shares of the runs are the ranks of an MPI run, called by all of
 * them: rank 0 gets what the others did.
 */
enum sn_status train_results_gather(struct train_results *results);

/* 64-bit FNV-1a of all runs in order. */
uint64_t train_results_digest(const struct train_results *results);

/* ---- selection ---- */

/*
 * A group is what competes for a seed: runs of one task and arm, of one depth
 * (or any: TRAIN_ANY), rate and dropout (or any).  Of each seed the run is
 * selected with the highest validation accuracy at its best checkpoint, then
 * the lowest validation loss there; then the first.
 */
#define TRAIN_ANY SIZE_MAX
struct train_group {
    struct train_place
        at; /* task and arm; depth, rate, dropout or TRAIN_ANY */
};

struct train_summary {
    struct train_group group;
    size_t seeds;                 /* with a run */
    size_t runs, diverged, stuck; /* among all runs of the group */
    size_t selected_diverged, selected_stuck;
    struct train_estimate final_test, best_test, training, validation;
    /* training loss of the selected runs that did not diverge: at the end, at
       each checkpoint */
    struct train_estimate loss;
    struct train_estimate depth; /* of selected runs */
    struct train_estimate curve[TRAIN_CHECKPOINTS + 1];
    struct train_quartiles curve_quartiles[TRAIN_CHECKPOINTS + 1];
    size_t rate_count[TRAIN_GRID_MOST], dropout_count[TRAIN_GRID_MOST];
    size_t depth_count[TRAIN_GRID_MOST];
};

/* Number of the selected run of a seed, or TRAIN_ANY: none is there. */
size_t train_select(const struct train_results *results,
    const struct train_group *group, size_t seed);
enum sn_status train_summarize(struct train_summary *summary,
    const struct train_results *results, const struct train_group *group);

/* Layer l at a stage over the selected runs; n 0 where no run got there. */
struct train_layer_summary_of_runs {
    struct train_estimate mean, variance, rows_inside, units_inside;
    struct train_quartiles mean_quartiles, variance_quartiles;
};
enum sn_status train_summarize_layer(struct train_layer_summary_of_runs *out,
    const struct train_results *results, const struct train_group *group,
    size_t stage, size_t layer);

#endif

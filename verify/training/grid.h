/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A grid of runs: tasks x arms x depths x rates x dropouts x seeds, and what
 * is selected in it.
 */
#ifndef SN_VERIFY_TRAINING_GRID_H
#define SN_VERIFY_TRAINING_GRID_H

#include "verify/training/statistics.h"
#include "verify/training/training.h"

enum { SN_GRID_MOST = 32 };
/* As a dropout: the rate that the paper tries for the arm (none: no run). */
#define SN_DROPOUT_OF_PAPER (-1.0)

struct sn_grid {
    const struct sn_task *task; /* tasks of them */
    size_t tasks;
    const struct sn_arm *arm[SN_GRID_MOST];
    size_t arms;
    size_t depth[SN_GRID_MOST], depths;
    double rate[SN_GRID_MOST];
    size_t rates;
    double dropout[SN_GRID_MOST];
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
struct sn_place {
    size_t task, arm, depth, rate, dropout, seed;
};

/* Number of places; number of a place and back.  Seeds count slowest. */
size_t sn_grid_places(const struct sn_grid *grid);
size_t sn_grid_number(const struct sn_grid *grid, const struct sn_place *at);
struct sn_place sn_grid_place(const struct sn_grid *grid, size_t number);
/* False: no run there (a depth or dropout that the arm does not have). */
bool sn_grid_recipe(struct sn_recipe *recipe, const struct sn_grid *grid,
    const struct sn_place *at);
/* Floating-point operations of all runs, about: for progress. */
double sn_grid_work(const struct sn_grid *grid);

struct sn_results {
    struct sn_grid grid;
    struct sn_run *run; /* by number; SN_RUN_MISSING where none */
    size_t wanted, present, reused;
    bool interrupted;
};

/* False asks to stop; called from the calling thread alone. */
typedef bool sn_train_progress(void *context, double done);

/*
 * Does the runs that are not in the folder already.  On an error of the
 * folder `why` says what; runs that ended are in `results` in any case, for
 * sn_results_clear().
 */
enum sn_status sn_grid_run(struct sn_results *results,
    const struct sn_grid *grid, sn_train_progress *progress, void *context,
    char why[SN_TASK_WHY]);
void sn_results_clear(struct sn_results *results);

/*
 * Where the shares of the runs are the ranks of an MPI run, called by all of
 * them: rank 0 gets what the others did.
 */
enum sn_status sn_results_gather(struct sn_results *results);

/* 64-bit FNV-1a of all runs in order. */
uint64_t sn_results_digest(const struct sn_results *results);

/* ---- selection ---- */

/*
 * A group is what competes for a seed: runs of one task and arm, of one depth
 * (or any: SN_ANY), rate and dropout (or any).  Of each seed the run is
 * selected with the highest validation accuracy at its best checkpoint, then
 * the lowest validation loss there; then the first.
 */
#define SN_ANY SIZE_MAX
struct sn_group {
    struct sn_place at; /* task and arm; depth, rate, dropout or SN_ANY */
};

struct sn_summary {
    struct sn_group group;
    size_t seeds;                 /* with a run */
    size_t runs, diverged, stuck; /* among all runs of the group */
    size_t selected_diverged, selected_stuck;
    struct sn_estimate final_test, best_test, training, validation;
    /* training loss of the selected runs that did not diverge: at the end, at
       each checkpoint */
    struct sn_estimate loss;
    struct sn_estimate depth; /* of selected runs */
    struct sn_estimate curve[SN_CHECKPOINTS + 1];
    struct sn_quartiles curve_quartiles[SN_CHECKPOINTS + 1];
    size_t rate_count[SN_GRID_MOST], dropout_count[SN_GRID_MOST];
    size_t depth_count[SN_GRID_MOST];
};

/* Number of the selected run of a seed, or SN_ANY: none is there. */
size_t sn_select(const struct sn_results *results,
    const struct sn_group *group, size_t seed);
enum sn_status sn_summarize(struct sn_summary *summary,
    const struct sn_results *results, const struct sn_group *group);

/* Layer l at a stage over the selected runs; n 0 where no run got there. */
struct sn_layer_summary_of_runs {
    struct sn_estimate mean, variance, rows_inside, units_inside;
    struct sn_quartiles mean_quartiles, variance_quartiles;
};
enum sn_status sn_summarize_layer(struct sn_layer_summary_of_runs *out,
    const struct sn_results *results, const struct sn_group *group,
    size_t stage, size_t layer);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Training networks on tasks: one run, and grids of runs.
 *
 * A RUN is an arm of a given depth and width on one replicate's rows of a
 * task: `steps` steps of stochastic gradient descent with momentum, constant
 * rate, batches of `batch` rows (or all, where there are fewer).  An epoch is
 * a random order of the training rows cut into whole batches; what is left
 * over waits for another epoch's order.
 *
 * At TRAIN_CHECKPOINTS + 1 steps, the first before any training, the run is
 * scored without dropout: on the first TRAIN_SCORED_ROWS training rows (they
 * are in random order) and on all validation rows.  The test rows are scored
 * at the end, and whenever the validation accuracy is higher than at any
 * checkpoint before, or the same at a lower validation loss: "best" is the
 * last of those, so it is selected by validation alone.
 *
 * A run whose loss is no longer finite has DIVERGED: it ends, and its final
 * accuracies are those of always naming the commonest class.  A run that ended
 * is STUCK if its final training accuracy is not above that of naming the
 * commonest class for the same rows.  Both are counted, neither is left out.
 *
 * Everything is a function of (seed, recipe): the same bits for any number of
 * threads.  Runs of the same replicate have the same rows and, arm by arm,
 * the same initial weights and order of rows, whatever their rate.
 */
#ifndef SN_VERIFY_TRAINING_EXPERIMENT_RUN_H
#define SN_VERIFY_TRAINING_EXPERIMENT_RUN_H

#include "verify/training/net/arms.h"
#include "verify/training/tasks/task.h"

enum {
    TRAIN_CHECKPOINTS = 20,
    TRAIN_SCORED_ROWS = 512,
    TRAIN_STAGES =
        3, /* layers are recorded at the start, half way, at the end */
    TRAIN_MOST_WIDTH = 8192,
    TRAIN_MOST_DEPTH = 1024,
    TRAIN_MOST_BATCH = 65536,
    TRAIN_MOST_STEPS = 100000000,
    TRAIN_MOST_SEEDS = 100000
};

struct train_recipe {
    const struct task_task *task;
    const struct train_arm *arm;
    size_t depth, width, batch, steps;
    double rate, momentum, decay;
    double dropout;        /* rate; 0: none */
    size_t dropout_layers; /* the last so many hidden layers; 0: all */
    uint64_t seed;
    uint32_t replicate;
};

struct train_checkpoint {
    float loss, accuracy; /* training rows */
    float validation_loss, validation_accuracy;
};

/*
 * What layer l gives (SELU networks: its activations), 0 the features, over
 * up to `batch` training rows: mean and variance (n - 1) of one row over the
 * units, averaged over the rows; the share of rows with (mean, variance) in
 * Theorem 1's [-0.1, 0.1] x [0.8, 1.5]; and of the layer's units the share
 * whose sum of weights omega and of squares tau lie in its [-0.1, 0.1] x
 * [0.95, 1.1].
 */
struct train_layer_state {
    float mean, variance, rows_inside, units_inside;
};

enum train_outcome { TRAIN_RUN_MISSING, TRAIN_RUN_ENDED, TRAIN_RUN_DIVERGED };

struct train_run {
    enum train_outcome outcome;
    bool stuck;
    size_t steps;       /* taken */
    size_t checkpoints; /* scored: TRAIN_CHECKPOINTS + 1 unless diverged */
    struct train_checkpoint at[TRAIN_CHECKPOINTS + 1];
    size_t best; /* checkpoint */
    float best_test, final_test, final_training, final_validation;
    struct train_layer_state *layer; /* [TRAIN_STAGES][depth + 1] */
    size_t stages;                   /* recorded */
};

/* False asks to stop: the run's outcome is then TRAIN_RUN_MISSING. */
typedef bool train_go_on(void *context);

/*
 * SN_BAD_VALUE: the arm has no such depth, or the task too few rows.
 * train_run_clear() releases what SN_OK leaves.  Products take one BLAS thread
 * if the caller has set it so.
 */
enum sn_status train_run_do(struct train_run *run,
    const struct train_recipe *recipe, train_go_on *go_on, void *context);
void train_run_clear(struct train_run *run);

/* Step of checkpoint k. */
size_t train_checkpoint_step(size_t steps, size_t k);

#endif

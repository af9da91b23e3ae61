/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs that ended, in a folder (verify/shared/parts.h): a file for each, named
 * by a hash of everything the run was made of, so a run that is there is not
 * done again, whoever did it.  The body; numbers are exact:
 *   run OUTCOME STUCK STEPS CHECKPOINTS BEST STAGES
 *   scores BEST_TEST TEST TRAINING VALIDATION
 *   LOSS ACCURACY VALIDATION_LOSS VALIDATION_ACCURACY   of each checkpoint
 *   MEAN VARIANCE ROWS_INSIDE UNITS_INSIDE              of each stage's layers
 */
#ifndef SN_VERIFY_TRAINING_EXPERIMENT_KEPT_H
#define SN_VERIFY_TRAINING_EXPERIMENT_KEPT_H

#include "verify/training/experiment/grid.h"

struct train_kept {
    const char *folder;
    const struct task_task *task; /* the grid's, and hashes of their rows */
    uint64_t *digest;
    int lock; /* of this process's share */
};

/* Makes the folder where there is none, and takes the grid's share of it. */
enum shared_parts_state train_kept_open(struct train_kept *kept,
    struct shared_parts_fault *fault, const struct train_grid *grid);
void train_kept_close(struct train_kept *kept);

/* SHARED_PARTS_OK: `run` is that of the recipe; it is missing otherwise. */
enum shared_parts_state train_kept_find(struct train_run *run,
    struct shared_parts_fault *fault, const struct train_kept *kept,
    const struct train_recipe *recipe);
/* By any thread; the run is on the disk when it returns. */
enum shared_parts_state train_kept_add(struct shared_parts_fault *fault,
    const struct train_kept *kept, const struct train_recipe *recipe,
    const struct train_run *run);

/* A body into a run of that recipe; what is refused leaves none. */
enum shared_parts_state train_kept_parse(
    struct train_run *run, char *body, const struct train_recipe *recipe);

#endif

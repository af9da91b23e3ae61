/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arms of a grid against each other: its summaries, and paired tests. */
#ifndef SN_VERIFY_TRAINING_EXPERIMENT_ARMS_COMPARED_H
#define SN_VERIFY_TRAINING_EXPERIMENT_ARMS_COMPARED_H

#include "verify/training/experiment/grid.h"
#include "verify/training/statistics/comparison.h"

/* The arm that others are compared with: SNN, or the first. */
size_t train_grid_reference(const struct train_grid *grid);

/*
 * A summary for each task, arm and depth, depths counting fastest; any_depth:
 * for each task and arm, whose depth is selected too.  To be freed.
 */
enum sn_status train_summarize_all(struct train_summary **summary,
    size_t *count, const struct train_results *results, bool any_depth);

/*
 * The group less the reference arm in best test accuracy, paired by seed.
 * False: it is the reference, there is none, or there was no memory.
 */
bool train_against(struct train_wilcoxon *test, double *difference,
    const struct train_results *results, const struct train_group *group);

/* Means over the seeds as scores of methods, the arms, on tasks; summaries of
   any depth. */
enum sn_status train_scores_of(struct train_scores *scores,
    const struct train_grid *grid, const struct train_summary *summary);

#endif

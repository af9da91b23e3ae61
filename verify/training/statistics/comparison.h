/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Methods compared over tasks as in the paper's Table 1: by accuracy, ranks
 * within each task (1: the best; equals share), their mean over the tasks,
 * and Wilcoxon's signed-rank test of the paired accuracies against one method.
 */
#ifndef SN_VERIFY_TRAINING_STATISTICS_COMPARISON_H
#define SN_VERIFY_TRAINING_STATISTICS_COMPARISON_H

#include "verify/training/statistics/statistics.h"
#include "verify/training/tasks/task.h"

struct train_scores {
    size_t tasks, methods;
    char **task, **method;
    double *accuracy; /* [task][method]; NaN: not available */
};

struct train_standing {
    double rank, difference;    /* mean rank; less (methods + 1)/2 */
    double mean;                /* accuracy */
    size_t wins, losses, ties;  /* of the reference against it */
    struct train_wilcoxon test; /* reference minus it */
};

/*
 * One standing a method, over the `used` tasks where every method has an
 * accuracy.  SN_BAD_VALUE where there is none.
 */
enum sn_status train_compare(struct train_standing *standing, size_t *used,
    const struct train_scores *scores, size_t reference);

/*
 * A table of accuracies from a file: CSV or blanks; a header with, first, the
 * column of the tasks' names; columns called N and M are passed over; the rest
 * are methods.  NA: not available.  Errors as of task_read().
 */
enum sn_status train_scores_read(
    struct train_scores *scores, struct task_fault *fault, const char *path);
enum sn_status train_scores_start(
    struct train_scores *scores, size_t tasks, size_t methods);
void train_scores_clear(struct train_scores *scores);

#endif

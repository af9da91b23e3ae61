/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Methods compared over tasks as in the paper's Table 1: by accuracy, ranks
 * within each task (1: the best; equals share), their mean over the tasks,
 * and Wilcoxon's signed-rank test of the paired accuracies against one method.
 */
#ifndef SN_VERIFY_TRAINING_COMPARISON_H
#define SN_VERIFY_TRAINING_COMPARISON_H

#include "verify/training/statistics.h"
#include "verify/training/tasks/task.h"

struct sn_scores {
    size_t tasks, methods;
    char **task, **method;
    double *accuracy; /* [task][method]; NaN: not available */
};

struct sn_standing {
    double rank, difference;   /* mean rank; less (methods + 1)/2 */
    double mean;               /* accuracy */
    size_t wins, losses, ties; /* of the reference against it */
    struct sn_wilcoxon test;   /* reference minus it */
};

/*
 * One standing a method, over the `used` tasks where every method has an
 * accuracy.  SN_BAD_VALUE where there is none.
 */
enum sn_status sn_compare(struct sn_standing *standing, size_t *used,
    const struct sn_scores *scores, size_t reference);

/*
 * A table of accuracies from a file: CSV or blanks; a header with, first, the
 * column of the tasks' names; columns called N and M are passed over; the rest
 * are methods.  NA: not available.  Errors as of sn_task_read().
 */
enum sn_status sn_scores_read(
    struct sn_scores *scores, const char *path, char why[SN_TASK_WHY]);
enum sn_status sn_scores_start(
    struct sn_scores *scores, size_t tasks, size_t methods);
void sn_scores_clear(struct sn_scores *scores);

#endif

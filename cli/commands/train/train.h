/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the command train: what was asked, found, and its forms. */
#ifndef SN_CLI_COMMANDS_TRAIN_TRAIN_H
#define SN_CLI_COMMANDS_TRAIN_TRAIN_H

#include "cli/cli.h"
#include "verify/training/comparison.h"
#include "verify/training/grid.h"

enum sn_experiment {
    SN_EXPERIMENT_NONE,
    SN_EXPERIMENT_DEPTH,
    SN_EXPERIMENT_FIGURE1,
    SN_EXPERIMENT_UCI,
    SN_EXPERIMENT_TABLE1,
    SN_EXPERIMENTS
};
extern const char *const sn_experiment_name[SN_EXPERIMENTS];

struct sn_training {
    struct sn_cli cli;
    enum sn_experiment experiment;
    struct sn_reading reading;
    struct sn_grid grid;
    struct sn_task task[SN_GRID_MOST];
    struct {
        char *task, *arm, *depth, *rate, *dropout; /* lists */
        bool list, steps, seeds, file;
        /* names of options, if given: one of training, one of files, ... */
        const char *training, *reading, *dropout_layers;
    } given;
    const char *tables;     /* folder of TSV files, or NULL */
    const char *accuracies; /* file of table1 */
    struct sn_results results;
    struct sn_summary *summary; /* by task, arm, then what a group fixes */
    size_t summaries;
    struct sn_scores scores; /* table1; uci: means over the seeds */
    struct sn_standing *standing;
    size_t compared, reference;
    uint64_t digest;
};

/* Option words into the structure; exit 2 or 3 where they cannot be used. */
extern const struct argp sn_training_argp;
void sn_training_settle(struct sn_training *t);

void sn_training_text(const struct sn_training *t);
void sn_training_json(const struct sn_training *t);
void sn_training_tables(const struct sn_training *t);
/* Tasks and arms. */
void sn_training_list(const struct sn_training *t);
void sn_training_list_json(const struct sn_training *t);

/* Of depth `at` in the grid's list, arm and task: the row of `summary`. */
const struct sn_summary *sn_training_summary(
    const struct sn_training *t, size_t task, size_t arm, size_t depth);

/*
 * The reference arm (SNN where it is there) against `s`, best test accuracy,
 * paired by seed.  False: `s` is the reference, or there is none.
 */
bool sn_training_against(const struct sn_training *t,
    const struct sn_summary *s, struct sn_wilcoxon *test, double *difference);

#endif

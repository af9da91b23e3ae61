/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the command train: what was asked, found, and its forms. */
#ifndef SN_CLI_COMMANDS_TRAIN_TRAIN_H
#define SN_CLI_COMMANDS_TRAIN_TRAIN_H

#include "cli/cli.h"
#include "verify/training/statistics/comparison.h"
#include "verify/training/experiment/arms_compared.h"

enum cmd_experiment {
    CMD_EXPERIMENT_NONE,
    CMD_EXPERIMENT_DEPTH,
    CMD_EXPERIMENT_FIGURE1,
    CMD_EXPERIMENT_UCI,
    CMD_EXPERIMENT_TABLE1,
    CMD_EXPERIMENTS
};
extern const char *const cmd_experiment_name[CMD_EXPERIMENTS];

struct cmd_training {
    struct cli_cli cli;
    enum cmd_experiment experiment;
    struct task_reading reading;
    struct train_grid grid;
    struct task_task task[TRAIN_GRID_MOST];
    const char *tasks, *arms, *depths, *rates, *dropouts; /* lists, or NULL */
    int experiment_word, header_word;
    bool list, file;        /* file: some task is one */
    const char *tables;     /* folder of TSV files, or NULL */
    const char *accuracies; /* file of table1 */
    struct train_results results;
    struct train_summary *summary; /* by task, arm, then what a group fixes */
    size_t summaries;
    struct train_scores scores; /* table1; uci: means over the seeds */
    struct train_standing *standing;
    size_t compared, reference;
    uint64_t digest;
};

extern const struct cli_option cmd_training_options[];
/* Option words into the structure; exit 2 or 3 where they cannot be used. */
void cmd_training_settle(struct cmd_training *t);

/* Exit 3, with what is wrong in a file and where. */
_Noreturn void cmd_training_refuse_file(
    const struct cmd_training *t, const struct task_fault *fault);

/* What was found, and tasks and arms; their templates. */
json_t *cmd_training_tree(const struct cmd_training *t);
json_t *cmd_training_list_tree(void);
extern const char cmd_training_text[], cmd_training_list_text[];
/* text.c: hidden members of a row of summary, and of the tree. */
void cmd_training_add_text(
    json_t *row, const struct cmd_training *t, const struct train_summary *s);
void cmd_training_add_tables(json_t *tree, const struct cmd_training *t);

void cmd_training_tables(const struct cmd_training *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include "cli/shards.h"
#include "verify/shared/ranks.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool show_progress(void *context, double done)
{
    struct cli_progress *bar = context;
    cli_progress_at(bar, done * bar->total);
    return !cli_interrupted;
}

/* A group a task, arm and, but for uci, depth. */
static enum sn_status summarize(struct cmd_training *t)
{
    const bool any_depth = t->experiment == CMD_EXPERIMENT_UCI;
    enum sn_status status = train_summarize_all(
        &t->summary, &t->summaries, &t->results, any_depth);
    if (status == SN_OK && any_depth) {
        status = train_scores_of(&t->scores, &t->grid, t->summary);
        t->reference = train_grid_reference(&t->grid);
    }
    return status;
}

static void read_accuracies(struct cmd_training *t)
{
    struct task_fault fault;
    if (train_scores_read(&t->scores, &fault, t->accuracies) != SN_OK)
        cmd_training_refuse_file(t, &fault);
    while (t->reference < t->scores.methods &&
           strcmp(t->scores.method[t->reference], "SNN"))
        t->reference++;
    if (t->reference == t->scores.methods)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE,
            "%.200s: no method is called SNN, which the others are compared "
            "with",
            t->accuracies);
}

static void compare(struct cmd_training *t)
{
    t->standing = calloc(t->scores.methods + 1, sizeof *t->standing);
    enum sn_status status = t->standing
                                ? train_compare(t->standing, &t->compared,
                                      &t->scores, t->reference)
                                : SN_NO_MEMORY;
    if (status == SN_BAD_VALUE && t->accuracies)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE,
            "%.200s: no data set has an accuracy for every method",
            t->accuracies);
    if (status == SN_NO_MEMORY)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

static void train(struct cmd_training *t)
{
    struct cli_progress bar;
    cli_catch_interrupt();
    cli_progress_start(
        &bar, &t->cli, "training (flop)", train_grid_work(&t->grid));
    enum sn_status status =
        train_grid_run(&t->results, &t->grid, show_progress, &bar);
    cli_progress_end(&bar);
    if (status == SN_SYSTEM)
        cli_shards_die(&t->cli, t->grid.folder, &t->results.fault);
    if (status == SN_OK && shared_ranks_count() > 1)
        status = train_results_gather(&t->results);
    if (status == SN_OK)
        status = summarize(t);
    if (status != SN_OK)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (t->experiment == CMD_EXPERIMENT_UCI)
        compare(t);
    t->digest = train_results_digest(&t->results);
}

static void clear(struct cmd_training *t)
{
    train_results_clear(&t->results);
    train_scores_clear(&t->scores);
    for (size_t i = 0; i < t->grid.tasks; i++)
        task_clear(&t->task[i]);
    free(t->summary);
    free(t->standing);
}

/* What was asked for: tables, then text or JSON. */
static void report(struct cmd_training *t, enum cli_exit status)
{
    if (t->list) {
        cli_result(
            &t->cli, cmd_training_list_tree(), status, cmd_training_list_text);
        return;
    }
    if (t->results.interrupted)
        cli_complain(&t->cli, "interrupted, %s",
            t->grid.folder ? "the same command goes on"
                           : "what ended is reported");
    if (t->tables)
        cmd_training_tables(t);
    cli_result(&t->cli, cmd_training_tree(t), status, cmd_training_text);
}

static enum cli_exit run_train(void *data)
{
    struct cmd_training *t = data;
    cmd_training_settle(t);
    if (t->tables)
        cli_folder_make(&t->cli, t->tables);
    if (t->list) {
        /* needs no run */
    } else if (t->experiment == CMD_EXPERIMENT_TABLE1) {
        read_accuracies(t);
        compare(t);
    } else {
        train(t);
    }
    const enum cli_exit status =
        t->results.interrupted ? CLI_EXIT_FAILED : CLI_EXIT_OK;
    if (shared_ranks_own() == 0)
        report(t, status);
    clear(t);
    shared_ranks_leave();
    return status;
}

const struct cli_command cmd_train = {
    .name = "train",
    .summary = "trains self-normalizing networks and their rivals",
    .use = CLI_VALIDATE,
    .about =
        "Trains self-normalizing networks and their rivals on tasks that need "
        "no download, or on your files: accuracy, training loss, divergences "
        "and the state of every layer, over seeds; rates and dropout selected "
        "on validation rows alone.  A run that diverges is a result.  Exit "
        "status 1 where Ctrl-C ended it: what was finished is reported, and "
        "with --shards kept.",
    .examples = {"--arm snn,msra --depth 8,32 --rate 0.003,0.03",
        "own.csv --label species --seeds 10"},
    .options = cmd_training_options,
    .size = sizeof(struct cmd_training),
    .run = run_train,
    .has = CLI_THREADS | CLI_SEED | CLI_QUIET | CLI_RANKS,
    .seed = 1,
};

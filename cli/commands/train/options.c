/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include <stdlib.h>

const char *const cmd_experiment_name[CMD_EXPERIMENTS] = {
    "none", "depth", "figure1", "uci", "table1"};

static void read_shard(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    struct cmd_training *t = (void *)cli;
    char *end;
    unsigned long k = strtoul(word, &end, 10), n = 0;
    bool good = *word >= '1' && *word <= '9' && *end == '/' && end[1] >= '1' &&
                end[1] <= '9';
    (void)to;
    if (good)
        n = strtoul(end + 1, &end, 10);
    if (!good || *end || k > n || n > 100000)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s%s': must be K/N with K from 1 to N, such as 1/4",
            option->name, word, cli_ellipsis(word));
    t->grid.shard = k - 1;
    t->grid.shards = n;
}

static void read_momentum(struct cli_cli *cli, const struct cli_option *option,
    const char *word, void *to)
{
    double *momentum = to;
    *momentum = cli_number(cli, "--momentum", word, 0, 1);
    if ((float)*momentum == 1)
        cli_die(cli, CLI_EXIT_USAGE,
            "--%s '%.40s': must be below 1, in binary32 too", option->name,
            word);
}

static const char *offer_task(int i)
{
    return i < task_known_task_count    ? task_known[i].name
           : i == task_known_task_count ? "all"
                                        : NULL;
}

static const char *offer_arm(int i)
{
    return i < train_arm_count    ? train_arms[i].name
           : i == train_arm_count ? "all"
                                  : NULL;
}

const struct cli_option cmd_training_options[] = {
    {.help = "What is trained:"},
    {"list", .help = "name tasks and arms, and end", .kind = CLI_FLAG,
        CLI_AT(struct cmd_training, list)},
    {"experiment", "NAME",
        "depth, figure1, uci or table1: sets what is not given", CLI_CHOICE,
        CLI_AT(struct cmd_training, experiment_word),
        .choices = "one of: depth, figure1, uci, table1"},
    {"task", "TASK,...",
        "tasks of --list, 'all' of them, a CSV or ARFF file, or a folder of "
        "the 121-task collection (default tic-tac-toe)",
        CLI_TEXT, CLI_AT(struct cmd_training, tasks), .offer = offer_task,
        .bare = true},
    {"arm", "ARM,...", "arms of --list, or 'all' (default snn)", CLI_TEXT,
        CLI_AT(struct cmd_training, arms), .offer = offer_arm},
    {"depth", "N,...", "hidden layers (default 8)", CLI_TEXT,
        CLI_AT(struct cmd_training, depths)},
    {"rate", "X,...",
        "learning rates; the validation rows choose (default 0.01)", CLI_TEXT,
        CLI_AT(struct cmd_training, rates)},
    {"dropout", "P,...",
        "rates of dropout; 'paper': the arm's in the paper; the validation "
        "rows choose (default 0)",
        CLI_TEXT, CLI_AT(struct cmd_training, dropouts)},
    {"dropout-layers", "N",
        "dropout in the last N hidden layers (default: all)", CLI_WHOLE,
        CLI_AT(struct cmd_training, grid.dropout_layers), .least = 1,
        .most = TRAIN_MOST_DEPTH},
    {"seeds", "N", "repetitions: rows, weights and order anew (default 5)",
        CLI_WHOLE, CLI_AT(struct cmd_training, grid.seeds), .least = 1,
        .most = TRAIN_MOST_SEEDS},
    {"width", "N", "units in a hidden layer", CLI_WHOLE,
        CLI_AT(struct cmd_training, grid.width), .least = 1,
        .most = TRAIN_MOST_WIDTH, .preset = "64"},
    {"batch", "N", "rows in a step", CLI_WHOLE,
        CLI_AT(struct cmd_training, grid.batch), .least = 2,
        .most = TRAIN_MOST_BATCH, .preset = "64"},
    {"steps", "N", "steps of a run (default 400)", CLI_WHOLE,
        CLI_AT(struct cmd_training, grid.steps), .least = 1,
        .most = TRAIN_MOST_STEPS},
    {"momentum", "X", "of the descent", CLI_OWN,
        CLI_AT(struct cmd_training, grid.momentum), .read = read_momentum,
        .preset = "0.9"},
    {"weight-decay", "X", "of weight matrices", CLI_NUMBER,
        CLI_AT(struct cmd_training, grid.decay), .least = 0, .most = 1e6,
        .preset = "0"},
    {.help = "Your own files:"},
    {"label", "COLUMN",
        "column of the class: name or number from 1 (default: the last)",
        CLI_TEXT, CLI_AT(struct cmd_training, reading.label)},
    {"header", "yes|no", "does a CSV file begin with names (default: look)",
        CLI_CHOICE, CLI_AT(struct cmd_training, header_word),
        .choices = "yes or no"},
    {"nominal", .help = "text columns become features, one for each word",
        .kind = CLI_FLAG, CLI_AT(struct cmd_training, reading.nominal)},
    {"missing", .help = "missing values become the mean", .kind = CLI_FLAG,
        CLI_AT(struct cmd_training, reading.missing)},
    {"accuracies", "FILE", "table1: accuracies, a column for each method",
        CLI_TEXT, CLI_AT(struct cmd_training, accuracies)},
    {.help = "What is kept:"},
    {"tables", "FOLDER",
        "also write summary, runs, curves and layers there as tables",
        CLI_FOLDER, CLI_AT(struct cmd_training, tables)},
    {"shards", "FOLDER",
        "keep runs there, and take from there what was done before",
        CLI_FOLDER, CLI_AT(struct cmd_training, grid.folder)},
    {"shard", "K/N",
        "do only the K-th of N shares of the runs; needs --shards", CLI_OWN,
        .read = read_shard},
    {0},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const cmd_experiment_name[CMD_EXPERIMENTS] = {
    "none", "depth", "figure1", "uci", "table1"};

enum {
    KEY_TASK = 0x200,
    KEY_ARM,
    KEY_DEPTH,
    KEY_SEEDS,
    KEY_EXPERIMENT,
    KEY_RATE,
    KEY_DROPOUT,
    KEY_DROPOUT_LAYERS,
    KEY_WIDTH,
    KEY_BATCH,
    KEY_STEPS,
    KEY_MOMENTUM,
    KEY_DECAY,
    KEY_LABEL,
    KEY_HEADER,
    KEY_NOMINAL,
    KEY_MISSING,
    KEY_ACCURACIES,
    KEY_TABLES,
    KEY_SHARDS,
    KEY_SHARD,
    KEY_LIST
};

static const struct argp_option options[] = {
    {"list", KEY_LIST, NULL, 0, "name tasks and arms, and end", 0},
    {"experiment", KEY_EXPERIMENT, "NAME", 0,
        "depth, figure1, uci or table1: sets what is not given", 0},
    {"task", KEY_TASK, "TASK,...", 0,
        "tasks of --list, 'all' of them, a CSV or ARFF file, or a folder of "
        "the 121-task collection (default tic-tac-toe)",
        0},
    {"arm", KEY_ARM, "ARM,...", 0, "arms of --list, or 'all' (default snn)",
        0},
    {"depth", KEY_DEPTH, "N,...", 0, "hidden layers (default 8)", 0},
    {"rate", KEY_RATE, "X,...", 0,
        "learning rates; the validation rows choose (default 0.01)", 0},
    {"dropout", KEY_DROPOUT, "P,...", 0,
        "rates of dropout; 'paper': the arm's in the paper; the validation "
        "rows choose (default 0)",
        0},
    {"dropout-layers", KEY_DROPOUT_LAYERS, "N", 0,
        "dropout in the last N hidden layers (default: all)", 0},
    {"seeds", KEY_SEEDS, "N", 0,
        "repetitions: rows, weights and order anew (default 5)", 0},
    {"width", KEY_WIDTH, "N", 0, "units in a hidden layer (default 64)", 0},
    {"batch", KEY_BATCH, "N", 0, "rows in a step (default 64)", 0},
    {"steps", KEY_STEPS, "N", 0, "steps of a run (default 400)", 0},
    {"momentum", KEY_MOMENTUM, "X", 0, "of the descent (default 0.9)", 0},
    {"weight-decay", KEY_DECAY, "X", 0, "of weight matrices (default 0)", 0},
    {"label", KEY_LABEL, "COLUMN", 0,
        "column of the class: name or number from 1 (default: the last)", 1},
    {"header", KEY_HEADER, "yes|no", 0,
        "does a CSV file begin with names (default: look)", 1},
    {"nominal", KEY_NOMINAL, NULL, 0,
        "text columns become features, one for each word", 1},
    {"missing", KEY_MISSING, NULL, 0, "missing values become the mean", 1},
    {"accuracies", KEY_ACCURACIES, "FILE", 0,
        "table1: accuracies, a column for each method", 1},
    {"tables", KEY_TABLES, "FOLDER", 0,
        "also write summary, runs, curves and layers there as tables", 2},
    {"shards", KEY_SHARDS, "FOLDER", 0,
        "keep runs there, and take from there what was done before", 2},
    {"shard", KEY_SHARD, "K/N", 0,
        "do only the K-th of N shares of the runs; needs --shards", 2},
    {0},
};

static void parse_experiment(struct cmd_training *t, const char *word)
{
    for (int i = 1; i < CMD_EXPERIMENTS; i++)
        if (!strcmp(word, cmd_experiment_name[i])) {
            t->experiment = (enum cmd_experiment)i;
            return;
        }
    cli_die(&t->cli, CLI_EXIT_USAGE,
        "--experiment '%.40s%s': must be one of: depth, figure1, uci, table1",
        word, cli_ellipsis(word));
}

static void parse_shard(struct cmd_training *t, const char *word)
{
    char *end;
    unsigned long k = strtoul(word, &end, 10), n = 0;
    bool good = *word >= '1' && *word <= '9' && *end == '/' && end[1] >= '1' &&
                end[1] <= '9';
    if (good)
        n = strtoul(end + 1, &end, 10);
    if (!good || *end || k > n || n > 100000)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--shard '%.40s%s': must be K/N with K from 1 to N, such as 1/4",
            word, cli_ellipsis(word));
    t->grid.shard = k - 1;
    t->grid.shards = n;
}

static size_t whole(const struct cmd_training *t, const char *option,
    const char *word, long least, long most)
{
    return (size_t)cli_whole(&t->cli, option, word, least, most);
}

static error_t parse_file_option(int key, char *word, struct cmd_training *t)
{
    switch (key) {
    case KEY_LABEL:
        t->reading.label = word;
        return 0;
    case KEY_HEADER:
        if (strcmp(word, "yes") && strcmp(word, "no"))
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--header '%.40s%s': must be yes or no", word,
                cli_ellipsis(word));
        t->reading.header = *word == 'y' ? TASK_HEADER_YES : TASK_HEADER_NO;
        return 0;
    case KEY_NOMINAL:
        t->reading.nominal = true;
        return 0;
    case KEY_MISSING:
        t->reading.missing = true;
        return 0;
    case KEY_ACCURACIES:
        t->accuracies = word;
        return 0;
    case KEY_TABLES:
    case KEY_SHARDS:
        if (!*word)
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--%s '': must be the name of a folder",
                key == KEY_TABLES ? "tables" : "shards");
        *(key == KEY_TABLES ? &t->tables : &t->grid.folder) = word;
        return 0;
    case KEY_SHARD:
        parse_shard(t, word);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Which kinds of options were given, by their names for errors. */
static void note(struct cmd_training *t, int key)
{
    const struct argp_option *o = options;
    while (o->name && o->key != key)
        o++;
    if (!o->name || key == KEY_EXPERIMENT || key == KEY_ACCURACIES ||
        key == KEY_TABLES)
        return;
    t->given.training = o->name;
    if (key == KEY_LABEL || key == KEY_HEADER || key == KEY_NOMINAL ||
        key == KEY_MISSING)
        t->given.reading = o->name;
    if (key == KEY_DROPOUT_LAYERS)
        t->given.dropout_layers = o->name;
}

static error_t parse(int key, char *word, struct argp_state *state)
{
    struct cmd_training *t = state->input;
    struct train_grid *g = &t->grid;
    note(t, key);
    switch (key) {
    case KEY_LIST:
        t->given.list = true;
        return 0;
    case KEY_EXPERIMENT:
        parse_experiment(t, word);
        return 0;
    case KEY_TASK:
        t->given.task = word;
        return 0;
    case KEY_ARM:
        t->given.arm = word;
        return 0;
    case KEY_DEPTH:
        t->given.depth = word;
        return 0;
    case KEY_RATE:
        t->given.rate = word;
        return 0;
    case KEY_DROPOUT:
        t->given.dropout = word;
        return 0;
    case KEY_DROPOUT_LAYERS:
        g->dropout_layers =
            whole(t, "--dropout-layers", word, 1, TRAIN_MOST_DEPTH);
        return 0;
    case KEY_SEEDS:
        t->given.seeds = true;
        g->seeds = whole(t, "--seeds", word, 1, TRAIN_MOST_SEEDS);
        return 0;
    case KEY_WIDTH:
        g->width = whole(t, "--width", word, 1, TRAIN_MOST_WIDTH);
        return 0;
    case KEY_BATCH:
        g->batch = whole(t, "--batch", word, 2, TRAIN_MOST_BATCH);
        return 0;
    case KEY_STEPS:
        t->given.steps = true;
        g->steps = whole(t, "--steps", word, 1, TRAIN_MOST_STEPS);
        return 0;
    case KEY_MOMENTUM:
        g->momentum = cli_number(&t->cli, "--momentum", word, 0, 1);
        if ((float)g->momentum == 1)
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--momentum '%.40s': must be below 1, in binary32 too", word);
        return 0;
    case KEY_DECAY:
        g->decay = cli_number(&t->cli, "--weight-decay", word, 0, 1e6);
        return 0;
    default:
        return parse_file_option(key, word, t);
    }
}

const struct argp cmd_training_argp = {
    .options = options,
    .parser = parse,
    .doc = "Trains self-normalizing networks and their rivals on tasks that "
           "need no download, or on your files: accuracy, training loss, "
           "divergences and the state of every layer, over seeds; rates and "
           "dropout selected on validation rows alone.\vA run that diverges "
           "is a result.  Exit status 1 where Ctrl-C ended it: what was "
           "finished is reported, and with --shards kept.",
};

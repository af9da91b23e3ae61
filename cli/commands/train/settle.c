/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked, once all words are known: lists, tasks, presets, limits. */
#include "cli/commands/train/train.h"
#include "verify/shared/machine.h"
#include "verify/shared/ranks.h"
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each word of a comma-separated list to `take`. */
static void each_word(struct cmd_training *t, const char *option,
    const char *list,
    void (*take)(struct cmd_training *t, const char *option, const char *word))
{
    char *copy = strdup(list), *rest = copy;
    if (!copy)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE, "out of memory");
    for (char *word; (word = strsep(&rest, ","));)
        take(t, option, word);
    free(copy);
}

static void need_room(const struct cmd_training *t, const char *option,
    const char *word, size_t used)
{
    if (used >= TRAIN_GRID_MOST)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': more than %d in one list", option, word,
            cli_ellipsis(word), TRAIN_GRID_MOST);
}

/* A value twice would count twice in every table. */
static void refuse_again(const struct cmd_training *t, const char *option,
    const char *word, bool again)
{
    if (again)
        cli_die(&t->cli, CLI_EXIT_USAGE, "%s '%.40s%s': is there twice",
            option, word, cli_ellipsis(word));
}

static bool is_among(const double *x, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] == value)
            return true;
    return false;
}

static void take_depth(
    struct cmd_training *t, const char *option, const char *word)
{
    need_room(t, option, word, t->grid.depths);
    size_t depth =
        (size_t)cli_whole(&t->cli, option, word, 1, TRAIN_MOST_DEPTH);
    for (size_t i = 0; i < t->grid.depths; i++)
        refuse_again(t, option, word, t->grid.depth[i] == depth);
    t->grid.depth[t->grid.depths++] = depth;
}

static void take_rate(
    struct cmd_training *t, const char *option, const char *word)
{
    need_room(t, option, word, t->grid.rates);
    double rate = cli_number(&t->cli, option, word, 0, 1e6);
    if ((float)rate < FLT_MIN)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "%s '%.40s': must be a number above 0, at least %.3g", option,
            word, (double)FLT_MIN);
    refuse_again(t, option, word, is_among(t->grid.rate, t->grid.rates, rate));
    t->grid.rate[t->grid.rates++] = rate;
}

static void take_dropout(
    struct cmd_training *t, const char *option, const char *word)
{
    need_room(t, option, word, t->grid.dropouts);
    double p = TRAIN_DROPOUT_OF_PAPER;
    if (isalpha((unsigned char)*word) && strcmp(word, "paper"))
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "%s '%.40s%s': must be from 0 to 0.999, or 'paper'", option, word,
            cli_ellipsis(word));
    if (strcmp(word, "paper"))
        p = cli_number(&t->cli, option, word, 0, 0.999);
    refuse_again(
        t, option, word, is_among(t->grid.dropout, t->grid.dropouts, p));
    t->grid.dropout[t->grid.dropouts++] = p;
}

static void add_arm(struct cmd_training *t, const struct train_arm *arm)
{
    for (size_t i = 0; i < t->grid.arms; i++)
        if (t->grid.arm[i] == arm)
            return;
    t->grid.arm[t->grid.arms++] = arm;
}

static void take_arm(
    struct cmd_training *t, const char *option, const char *word)
{
    char names[256] = "";
    const struct train_arm *arm = train_arm_find(word);
    for (int i = 0; i < train_arm_count; i++) {
        size_t used = strlen(names);
        if (!strcmp(word, "all"))
            add_arm(t, &train_arms[i]);
        snprintf(
            names + used, sizeof names - used, "%s, ", train_arms[i].name);
    }
    if (arm)
        add_arm(t, arm);
    else if (strcmp(word, "all"))
        cli_die(&t->cli, CLI_EXIT_USAGE, "%s '%.40s%s': must be one of: %sall",
            option, word, cli_ellipsis(word), names);
}

static void make_task(struct cmd_training *t,
    const struct task_known_task *known, const char *word)
{
    need_room(t, "--task", word, t->grid.tasks);
    for (size_t i = 0; i < t->grid.tasks; i++)
        refuse_again(t, "--task", word, !strcmp(t->task[i].name, known->name));
    enum sn_status status =
        task_make(&t->task[t->grid.tasks], known, t->cli.seed);
    if (status != SN_OK)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
    t->grid.tasks++;
}

static void read_task(struct cmd_training *t, const char *word)
{
    char names[512] = "";
    struct task_fault fault;
    if (access(word, F_OK) && !strpbrk(word, "./")) {
        for (int i = 0; i < task_known_task_count; i++) {
            size_t used = strlen(names);
            snprintf(
                names + used, sizeof names - used, "%s, ", task_known[i].name);
        }
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--task '%.40s%s': must be one of: %sall, or a file or folder",
            word, cli_ellipsis(word), names);
    }
    need_room(t, "--task", word, t->grid.tasks);
    t->file = true;
    if (task_read(&t->task[t->grid.tasks], &fault, word, &t->reading) != SN_OK)
        cmd_training_refuse_file(t, &fault);
    /* tables tell tasks by their names */
    for (size_t i = 0; i < t->grid.tasks; i++)
        if (!strcmp(t->task[i].name, t->task[t->grid.tasks].name))
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--task '%.200s': another task is called '%.80s' already",
                word, t->task[i].name);
    t->grid.tasks++;
}

static void take_task(
    struct cmd_training *t, const char *option, const char *word)
{
    (void)option;
    const struct task_known_task *known = task_known_task_find(word);
    bool all = !strcmp(word, "all");
    for (int i = 0; all && i < task_known_task_count; i++)
        make_task(t, &task_known[i], word);
    if (known)
        make_task(t, known, word);
    else if (!all)
        read_task(t, word);
}

/* ---- what an experiment sets ----------------------------------------- */

struct experiment_preset {
    const char *task, *arm, *depth, *rate, *dropout;
    size_t seeds, steps;
};

/*
 * With momentum 0.9 a rate counts ten times in the long run, so 0.001, 0.01
 * and 0.1 are the paper's 0.01, 0.1 and 1 for plain descent, if that is what
 * it used: it does not say.
 */
static const struct experiment_preset experiment_preset[CMD_EXPERIMENTS] = {
    [CMD_EXPERIMENT_NONE] = {"tic-tac-toe", "snn", "8", "0.01", "0", 5, 400},
    [CMD_EXPERIMENT_DEPTH] = {"tic-tac-toe", "all", "4,8,16,32,64",
        "0.0003,0.001,0.003,0.01,0.03,0.1,0.3", "0", 20, 400},
    [CMD_EXPERIMENT_FIGURE1] = {"tic-tac-toe", "snn,batchnorm", "8,16,32",
        "0.0003,0.001,0.003,0.01,0.03,0.1,0.3", "0", 20, 400},
    [CMD_EXPERIMENT_UCI] = {"all", "all", "2,8,16", "0.003,0.03", "0,paper",
        20, 300},
    [CMD_EXPERIMENT_TABLE1] = {"", "", "", "", "", 0, 0},
};

static void refuse_depths(const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    for (size_t a = 0; a < g->arms; a++)
        for (size_t d = 0; d < g->depths; d++)
            if (!train_arm_has_depth(g->arm[a], g->depth[d]))
                cli_die(&t->cli, CLI_EXIT_USAGE,
                    "--depth '%zu': must be even for the arm %s, whose blocks "
                    "are two layers",
                    g->depth[d], g->arm[a]->name);
}

/* Options that would change nothing. */
static void refuse_idle(const struct cmd_training *t)
{
    double most = 0;
    for (size_t i = 0; i < t->grid.dropouts; i++)
        most = fmax(most, fabs(t->grid.dropout[i]));
    static const char *const reading[] = {
        "label", "header", "nominal", "missing"};
    for (int i = 0; i < 4 && !t->file; i++)
        if (cli_given(&t->cli, reading[i]))
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--%s is about files, and no --task is one", reading[i]);
    if (cli_given(&t->cli, "dropout-layers") && most == 0)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--dropout-layers needs --dropout above 0");
}

static void refuse_empty_parts(const struct cmd_training *t)
{
    for (size_t i = 0; i < t->grid.tasks; i++) {
        struct task_parts parts;
        enum sn_status status =
            task_parts_make(&parts, &t->task[i], t->cli.seed, 0);
        if (status == SN_BAD_VALUE)
            cli_die(&t->cli, CLI_EXIT_UNUSABLE,
                "%.80s: too few rows (%zu) of its %zu classes: training, "
                "validation and test need one each of some class",
                t->task[i].name, t->task[i].rows, t->task[i].classes);
        if (status != SN_OK)
            cli_die(&t->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
        task_parts_clear(&parts);
    }
}

static void refuse_memory(const struct cmd_training *t)
{
    double needed = train_grid_bytes(&t->grid), present = shared_memory();
    if (present > 0 && needed > present)
        cli_die(&t->cli, CLI_EXIT_UNUSABLE,
            "%.3g GiB of memory are needed, %.3g GiB are there; fewer runs, "
            "layers, units or threads need less",
            needed / 0x1p30, present / 0x1p30);
}

static void settle_table1(const struct cmd_training *t)
{
    if (!t->accuracies)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--experiment table1 needs --accuracies FILE, the paper's "
            "Table A11");
    for (const struct cli_option *row = cmd_training_options;
         row->name || row->help; row++)
        if (row->name && cli_given(&t->cli, row->name) &&
            strcmp(row->name, "experiment") &&
            strcmp(row->name, "accuracies") && strcmp(row->name, "tables"))
            cli_die(&t->cli, CLI_EXIT_USAGE,
                "--experiment table1 trains nothing: only --accuracies and "
                "--tables go with it, not --%s",
                row->name);
}

/* Which share of the runs is done here. */
static void settle_share(struct cmd_training *t)
{
    struct train_grid *g = &t->grid;
    if (!g->shards)
        g->shards = 1;
    if (g->shards > 1 && !g->folder)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--shard needs --shards FOLDER, where the runs are kept");
    if (shared_ranks_count() == 1)
        return;
    if (g->shards > 1)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--shard: under MPI the ranks are the shares");
    g->shard = (size_t)shared_ranks_own();
    g->shards = (size_t)shared_ranks_count();
}

static void settle_grid(struct cmd_training *t)
{
    struct train_grid *g = &t->grid;
    const struct experiment_preset *p = &experiment_preset[t->experiment];
    each_word(t, "--depth", t->depths ? t->depths : p->depth, take_depth);
    each_word(t, "--rate", t->rates ? t->rates : p->rate, take_rate);
    each_word(
        t, "--dropout", t->dropouts ? t->dropouts : p->dropout, take_dropout);
    each_word(t, "--arm", t->arms ? t->arms : p->arm, take_arm);
    each_word(t, "--task", t->tasks ? t->tasks : p->task, take_task);
    refuse_idle(t);
    if (!cli_given(&t->cli, "seeds"))
        g->seeds = p->seeds;
    if (!cli_given(&t->cli, "steps"))
        g->steps = p->steps;
    g->task = t->task;
    g->seed = t->cli.seed;
    g->threads = t->cli.threads;
}

void cmd_training_settle(struct cmd_training *t)
{
    if (cli_given(&t->cli, "experiment"))
        t->experiment = (enum cmd_experiment)(t->experiment_word + 1);
    if (cli_given(&t->cli, "header"))
        t->reading.header = t->header_word ? TASK_HEADER_NO : TASK_HEADER_YES;
    if (t->list)
        return;
    if (t->experiment == CMD_EXPERIMENT_TABLE1) {
        settle_table1(t);
        return;
    }
    if (t->accuracies)
        cli_die(&t->cli, CLI_EXIT_USAGE,
            "--accuracies '%.40s': only --experiment table1 reads it",
            t->accuracies);
    settle_share(t);
    settle_grid(t);
    refuse_depths(t);
    refuse_empty_parts(t);
    refuse_memory(t);
}

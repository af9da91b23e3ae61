/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include "verify/shared/ranks.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool show_progress(void *context, double done)
{
    struct sn_progress *bar = context;
    sn_progress_at(bar, done * bar->total);
    return !sn_interrupted;
}

/* Arm SNN, or the first. */
static size_t reference_arm(const struct sn_training *t)
{
    for (size_t a = 0; a < t->grid.arms; a++)
        if (!strcmp(t->grid.arm[a]->name, "snn"))
            return a;
    return 0;
}

const struct sn_summary *sn_training_summary(
    const struct sn_training *t, size_t task, size_t arm, size_t depth)
{
    for (size_t i = 0; i < t->summaries; i++) {
        const struct sn_place *at = &t->summary[i].group.at;
        if (at->task == task && at->arm == arm &&
            (at->depth == SN_ANY || at->depth == depth))
            return &t->summary[i];
    }
    return NULL;
}

bool sn_training_against(const struct sn_training *t,
    const struct sn_summary *s, struct sn_wilcoxon *test, double *difference)
{
    size_t reference = reference_arm(t), n = 0;
    struct sn_group own = s->group, other = s->group;
    if (own.at.arm == reference || t->grid.arms < 2)
        return false;
    other.at.arm = reference;
    double *d = malloc((t->grid.seeds + 1) * sizeof *d);
    *difference = 0;
    for (size_t seed = 0; d && seed < t->grid.seeds; seed++) {
        size_t a = sn_select(&t->results, &own, seed);
        size_t b = sn_select(&t->results, &other, seed);
        if (a == SN_ANY || b == SN_ANY)
            continue;
        d[n] = sn_tidy_difference(
            t->results.run[a].best_test, t->results.run[b].best_test);
        *difference += d[n++];
    }
    *difference /= (double)n;
    bool done = d && n && sn_wilcoxon_test(test, d, n);
    free(d);
    return done;
}

/* A group a task, arm and, but for uci, depth. */
static enum sn_status summarize(struct sn_training *t)
{
    const struct sn_grid *g = &t->grid;
    bool any_depth = t->experiment == SN_EXPERIMENT_UCI;
    size_t depths = any_depth ? 1 : g->depths;
    t->summary = calloc(g->tasks * g->arms * depths + 1, sizeof *t->summary);
    if (!t->summary)
        return SN_NO_MEMORY;
    for (size_t i = 0; i < g->tasks * g->arms * depths; i++) {
        const struct sn_group group = {
            .at = {.task = i / depths / g->arms,
                .arm = i / depths % g->arms,
                .depth = any_depth ? SN_ANY : i % depths,
                .rate = SN_ANY,
                .dropout = SN_ANY}};
        enum sn_status status =
            sn_summarize(&t->summary[i], &t->results, &group);
        if (status != SN_OK)
            return status;
        t->summaries++;
    }
    return SN_OK;
}

/* Means over the seeds as scores of methods on tasks. */
static enum sn_status score(struct sn_training *t)
{
    const struct sn_grid *g = &t->grid;
    enum sn_status status = sn_scores_start(&t->scores, g->tasks, g->arms);
    for (size_t i = 0; status == SN_OK && i < t->summaries; i++)
        t->scores.accuracy[i] = t->summary[i].best_test.mean;
    for (size_t i = 0; status == SN_OK && i < g->tasks; i++)
        if (!(t->scores.task[i] = strdup(t->task[i].name)))
            status = SN_NO_MEMORY;
    for (size_t a = 0; status == SN_OK && a < g->arms; a++)
        if (!(t->scores.method[a] = strdup(g->arm[a]->title)))
            status = SN_NO_MEMORY;
    t->reference = reference_arm(t);
    return status;
}

static void read_accuracies(struct sn_training *t)
{
    char why[SN_TASK_WHY];
    enum sn_status status = sn_scores_read(&t->scores, t->accuracies, why);
    if (status != SN_OK)
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE, "%s",
            status == SN_NO_MEMORY ? sn_strerror(status) : why);
    while (t->reference < t->scores.methods &&
           strcmp(t->scores.method[t->reference], "SNN"))
        t->reference++;
    if (t->reference == t->scores.methods)
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE,
            "%.200s: no method is called SNN, which the others are compared "
            "with",
            t->accuracies);
}

static void compare(struct sn_training *t)
{
    t->standing = calloc(t->scores.methods + 1, sizeof *t->standing);
    enum sn_status status = t->standing ? sn_compare(t->standing, &t->compared,
                                              &t->scores, t->reference)
                                        : SN_NO_MEMORY;
    if (status == SN_BAD_VALUE && t->accuracies)
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE,
            "%.200s: no data set has an accuracy for every method",
            t->accuracies);
    if (status == SN_NO_MEMORY)
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

static void train(struct sn_training *t)
{
    struct sn_progress bar;
    char why[SN_TASK_WHY] = "";
    sn_cli_catch_interrupt();
    sn_progress_start(
        &bar, &t->cli, "training (flop)", sn_grid_work(&t->grid));
    enum sn_status status =
        sn_grid_run(&t->results, &t->grid, show_progress, &bar, why);
    sn_progress_end(&bar);
    if (status == SN_OK && sn_ranks_count() > 1)
        status = sn_results_gather(&t->results);
    if (status == SN_OK)
        status = summarize(t);
    if (status == SN_OK && t->experiment == SN_EXPERIMENT_UCI)
        status = score(t);
    if (status != SN_OK)
        sn_cli_die(
            &t->cli, SN_EXIT_UNUSABLE, "%s", *why ? why : sn_strerror(status));
    if (t->experiment == SN_EXPERIMENT_UCI)
        compare(t);
    t->digest = sn_results_digest(&t->results);
}

static void need_tables(const struct sn_training *t)
{
    struct stat info;
    if (!t->tables)
        return;
    if (mkdir(t->tables, 0777) && errno != EEXIST)
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE,
            "cannot make the folder '%s': %s", t->tables, strerror(errno));
    if (stat(t->tables, &info) || !S_ISDIR(info.st_mode) ||
        access(t->tables, W_OK | X_OK))
        sn_cli_die(&t->cli, SN_EXIT_UNUSABLE,
            "--tables '%s': is not a folder that can be written to",
            t->tables);
}

static void clear(struct sn_training *t)
{
    sn_results_clear(&t->results);
    sn_scores_clear(&t->scores);
    for (size_t i = 0; i < t->grid.tasks; i++)
        sn_task_clear(&t->task[i]);
    free(t->summary);
    free(t->standing);
}

/* What was asked for: tables, then text or JSON. */
static void report(const struct sn_training *t)
{
    if (t->given.list) {
        sn_training_list(t);
        return;
    }
    if (t->tables)
        sn_training_tables(t);
    if (t->cli.json)
        sn_training_json(t);
    else
        sn_training_text(t);
    if (t->results.interrupted)
        sn_cli_complain(&t->cli, "interrupted, %s",
            t->grid.folder ? "the same command goes on"
                           : "what ended is reported");
}

int sn_cmd_train(int argc, char **argv)
{
    static struct sn_training t = {
        .cli = {.has = SN_CLI_THREADS | SN_CLI_SEED | SN_CLI_QUIET, .seed = 1},
        .grid = {.width = 64, .batch = 64, .momentum = 0.9, .shards = 1}};
    sn_ranks_join();
    if (sn_ranks_own() > 0)
        sn_cli_silence();
    sn_cli_parse(&t.cli, &sn_training_argp, argc, argv, &t);
    sn_training_settle(&t);
    need_tables(&t);
    if (t.given.list) {
        /* needs no run */
    } else if (t.experiment == SN_EXPERIMENT_TABLE1) {
        read_accuracies(&t);
        compare(&t);
    } else {
        train(&t);
    }
    if (sn_ranks_own() == 0)
        report(&t);
    bool complete = !t.results.interrupted;
    clear(&t);
    sn_ranks_leave();
    return complete ? SN_EXIT_OK : SN_EXIT_FAILED;
}

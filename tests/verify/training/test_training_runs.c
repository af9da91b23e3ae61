/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs and grids: bits, divergence, selection, what is kept on disk. */
#include "tests/verify/training/test_training.h"
#include "verify/training/experiment/grid.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

static struct task_task task;

static struct train_grid small_grid(void)
{
    cr_assert_eq(
        task_make(&task, task_known_task_find("tic-tac-toe"), 1), SN_OK);
    struct train_grid g = {.task = &task,
        .tasks = 1,
        .arms = (size_t)train_arm_count,
        .depth = {4},
        .depths = 1,
        .rate = {0.01, 0.03},
        .rates = 2,
        .dropout = {0, TRAIN_DROPOUT_OF_PAPER},
        .dropouts = 2,
        .seeds = 2,
        .width = 16,
        .batch = 64,
        .steps = 20,
        .momentum = 0.9,
        .seed = 1,
        .threads = 2,
        .shards = 1};
    for (int a = 0; a < train_arm_count; a++)
        g.arm[a] = &train_arms[a];
    return g;
}

static struct train_results run_of(const struct train_grid *g)
{
    struct train_results r;
    cr_assert_eq(train_grid_run(&r, g, NULL, NULL), SN_OK, "state %d of '%s'",
        (int)r.fault.state, r.fault.name);
    return r;
}

static uint64_t digest_of(const struct train_grid *g)
{
    struct train_results r = run_of(g);
    uint64_t digest = train_results_digest(&r);
    cr_expect_eq(r.present, r.reused + r.wanted - r.reused);
    train_results_clear(&r);
    return digest;
}

Test(runs, bits_do_not_depend_on_threads)
{
    struct train_grid g = small_grid();
    uint64_t one;
    g.threads = 1;
    one = digest_of(&g);
    for (g.threads = 2; g.threads <= 5; g.threads += 3)
        cr_expect_eq(digest_of(&g), one, "%d threads", g.threads);
    g.seed = 2;
    cr_expect_neq(digest_of(&g), one, "another seed");
    task_clear(&task);
}

Test(runs, every_arm_learns)
{
    struct train_grid g = small_grid();
    g.width = 32;
    g.steps = 200;
    g.rates = 1;
    g.rate[0] = 0.1;
    for (size_t a = 0; a < g.arms; a++) {
        struct train_place at = {.arm = a};
        struct train_recipe recipe;
        struct train_run run;
        cr_assert(train_grid_recipe(&recipe, &g, &at));
        recipe.rate = a == 0 ? 0.02 : 0.1; /* too much for SELU */
        cr_assert_eq(train_run_do(&run, &recipe, NULL, NULL), SN_OK);
        cr_expect(run.outcome == TRAIN_RUN_ENDED && !run.stuck &&
                      run.at[TRAIN_CHECKPOINTS].loss < 0.2f &&
                      run.final_test > 0.9f,
            "%s: loss %g, test %g", recipe.arm->name,
            (double)run.at[TRAIN_CHECKPOINTS].loss, (double)run.final_test);
        train_run_clear(&run);
    }
    task_clear(&task);
}

/* A chance level cannot be beaten on labels without a rule. */
Test(runs, nothing_is_learned_from_noise)
{
    struct train_grid g = small_grid();
    for (size_t i = 0; i < task.rows; i++)
        task.label[i] = (int)(i * 2654435761u >> 16 & 1);
    double mean = 0;
    for (size_t seed = 0; seed < 8; seed++) {
        struct train_place at = {.seed = seed};
        struct train_recipe recipe;
        struct train_run run;
        cr_assert(train_grid_recipe(&recipe, &g, &at));
        recipe.steps = 200;
        cr_assert_eq(train_run_do(&run, &recipe, NULL, NULL), SN_OK);
        mean += run.best_test / 8;
        train_run_clear(&run);
    }
    /* 8 times 240 test rows of 958: sd about 0.02 with their overlap */
    cr_expect(fabs(mean - 0.5) < 0.06, "test accuracy %g on noise", mean);
    task_clear(&task);
}

Test(runs, a_diverged_run_is_a_result)
{
    struct train_grid g = small_grid();
    for (size_t a = 0; a < g.arms; a++) {
        struct train_place at = {.arm = a};
        struct train_recipe recipe;
        struct train_run run;
        cr_assert(train_grid_recipe(&recipe, &g, &at));
        recipe.rate = 1e30;
        if (recipe.arm->nonlinearity == TRAIN_NONLINEAR_TANH)
            continue; /* bounded: it stays finite */
        cr_assert_eq(train_run_do(&run, &recipe, NULL, NULL), SN_OK);
        cr_expect(run.outcome == TRAIN_RUN_DIVERGED && run.steps < 20 &&
                      run.checkpoints >= 1 && run.checkpoints < 21,
            "%s: %zu steps", recipe.arm->name, run.steps);
        /* naming the commonest class, positive */
        cr_expect(
            fabs(run.final_test - 0.65) < 0.01, "%g", (double)run.final_test);
        cr_expect(isfinite(run.at[run.checkpoints - 1].loss));
        train_run_clear(&run);
    }
    task_clear(&task);
}

Test(runs, a_run_that_learns_nothing_is_stuck)
{
    struct train_grid g = small_grid();
    struct train_place at = {.arm = 1};
    struct train_recipe recipe;
    struct train_run run;
    cr_assert(train_grid_recipe(&recipe, &g, &at));
    recipe.rate = 1e-12;
    cr_assert_eq(train_run_do(&run, &recipe, NULL, NULL), SN_OK);
    cr_expect(run.outcome == TRAIN_RUN_ENDED && run.stuck);
    train_run_clear(&run);
    task_clear(&task);
}

Test(runs, layers_start_where_the_theorem_says)
{
    struct train_grid g = small_grid();
    struct train_place at = {0};
    struct train_recipe recipe;
    struct train_run run;
    cr_assert(train_grid_recipe(&recipe, &g, &at));
    recipe.width = 256;
    recipe.depth = 8;
    recipe.steps = 20;
    cr_assert_eq(train_run_do(&run, &recipe, NULL, NULL), SN_OK);
    cr_assert_eq(run.stages, TRAIN_STAGES);
    for (size_t l = 1; l <= 8; l++) {
        const struct train_layer_state *s = &run.layer[l];
        /* LeCun normal and rows of variance 1: near the fixed
           point; omega is N(0, 1) a unit, so 8 % of |omega| are <= 0.1 */
        cr_expect(fabs(s->mean) < 0.1 && fabs(s->variance - 1) < 0.2,
            "layer %zu: %g, %g", l, (double)s->mean, (double)s->variance);
        if (l > 1)
            cr_expect(s->units_inside > 0.02f && s->units_inside < 0.12f,
                "layer %zu: %g", l, (double)s->units_inside);
    }
    train_run_clear(&run);
    task_clear(&task);
}

/* ---- selection ---- */

Test(runs, the_validation_rows_select_and_the_test_rows_do_not)
{
    struct train_grid g = small_grid();
    g.arms = 1;
    struct train_results r = run_of(&g);
    struct train_group all = {
        .at = {.depth = TRAIN_ANY, .rate = TRAIN_ANY, .dropout = TRAIN_ANY}};
    /* two rates x two dropouts: number 2 is the best by validation */
    static const float validation[] = {0.8f, 0.7f, 0.9f, 0.9f};
    static const float loss[] = {1, 1, 0.3f, 0.4f};
    static const float test[] = {0.6f, 0.99f, 0.5f, 0.95f};
    for (size_t n = 0; n < 4; n++) {
        struct train_run *run = &r.run[n];
        run->at[run->best].validation_accuracy = validation[n];
        run->at[run->best].validation_loss = loss[n];
        run->best_test = test[n];
    }
    cr_expect_eq(train_select(&r, &all, 0), 2);
    struct train_summary s;
    cr_assert_eq(train_summarize(&s, &r, &all), SN_OK);
    cr_expect(s.seeds == 2 && s.runs == 8 && s.best_test.n == 2);
    all.at.rate = 0;
    cr_expect_eq(train_select(&r, &all, 0), 0);
    /* whatever the test accuracies are, the choice is the same */
    all.at.rate = TRAIN_ANY;
    for (size_t n = 0; n < 4; n++)
        r.run[n].best_test = r.run[n].final_test = 1 - test[n];
    cr_expect_eq(train_select(&r, &all, 0), 2);
    train_results_clear(&r);
    task_clear(&task);
}

/* Spoiling the labels of the test rows must not change what is selected. */
Test(runs, the_test_labels_have_no_influence)
{
    struct train_grid g = small_grid();
    struct task_parts parts;
    g.seeds = 1;
    cr_assert_eq(task_parts_make(&parts, &task, g.seed, 0), SN_OK);
    struct train_results right = run_of(&g);
    for (size_t i = 0; i < parts.rows[TASK_TEST]; i++)
        task.label[parts.row[TASK_TEST][i]] ^= 1;
    /* the parts depend on the classes: as a given partition */
    struct train_results wrong = {0};
    size_t *row = malloc(task.rows * sizeof *row), n = 0;
    for (int part = 0; part < TASK_PARTS; part++)
        for (size_t i = 0; i < parts.rows[part]; i++)
            row[n++] = parts.row[part][i];
    struct task_partition given = {row,
        parts.rows[TASK_TRAINING] + parts.rows[TASK_VALIDATION],
        parts.rows[TASK_TEST]};
    task.partition = &given;
    task.partitions = 1;
    wrong = run_of(&g);
    for (size_t i = 0; i < parts.rows[TASK_TEST]; i++)
        task.label[parts.row[TASK_TEST][i]] ^= 1;
    train_results_clear(&right);
    right = run_of(&g);
    for (size_t i = 0; i < train_grid_places(&g); i++) {
        const struct train_run *a = &right.run[i], *b = &wrong.run[i];
        cr_assert(a->outcome == b->outcome && a->best == b->best &&
                  !memcmp(a->at, b->at, sizeof a->at));
        if (a->outcome != TRAIN_RUN_MISSING)
            cr_assert(fabs(a->final_test + b->final_test - 1) < 1e-6);
    }
    train_results_clear(&right);
    train_results_clear(&wrong);
    task_parts_clear(&parts);
    task.partition = NULL;
    task.partitions = 0;
    free(row);
    task_clear(&task);
}

/* ---- on disk ---- */

static bool stop_early(void *context, double done)
{
    (void)done;
    return --*(int *)context > 0;
}

Test(runs, what_was_done_is_kept_and_not_done_again)
{
    char folder[] = "/tmp/selfnorm-runs-XXXXXX", command[300];
    cr_assert(mkdtemp(folder));
    struct train_grid g = small_grid();
    struct train_results r;
    uint64_t want = digest_of(&g);
    int steps_left = 300;
    g.folder = folder;
    g.threads = 1;
    cr_assert_eq(train_grid_run(&r, &g, stop_early, &steps_left), SN_OK);
    cr_expect(r.interrupted && r.present > 5 && r.present < r.wanted,
        "%zu of %zu", r.present, r.wanted);
    size_t kept = r.present;
    train_results_clear(&r);
    /* another process's share, and a file that is gone */
    g.shard = 1;
    g.shards = 2;
    r = run_of(&g);
    cr_expect(r.reused == kept && r.present > kept && r.present < r.wanted);
    kept = r.present;
    train_results_clear(&r);
    snprintf(command, sizeof command, "rm $(ls %s/run-* | head -n 1)", folder);
    cr_assert_eq(system(command), 0);
    g.shard = 0;
    g.shards = 1;
    g.threads = 2;
    r = run_of(&g);
    cr_expect(r.reused == kept - 1, "%zu of %zu", r.reused, kept);
    cr_expect_eq(train_results_digest(&r), want);
    train_results_clear(&r);
    r = run_of(&g);
    cr_expect(r.reused == r.wanted && train_results_digest(&r) == want);
    train_results_clear(&r);
    /* other rows: nothing of it counts */
    task.x[0] += 1;
    g.seeds = 1;
    r = run_of(&g);
    cr_expect_eq(r.reused, 0);
    train_results_clear(&r);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
    task_clear(&task);
}

/* A number changed on disk is noticed by its hash, what is cut short too. */
Test(runs, a_damaged_file_is_refused)
{
    static const struct {
        const char *how;
        enum shared_parts_state state;
    } damage[] = {
        {"sed -i '4s/0x1/0x2/'", SHARED_PARTS_DAMAGED},
        {"truncate -s -100", SHARED_PARTS_DAMAGED},
        {"truncate -s 20", SHARED_PARTS_FOREIGN},
        {"truncate -s 25", SHARED_PARTS_SHORT},
        {"sed -i '1s/3/2/'", SHARED_PARTS_FOREIGN},
    };
    char folder[] = "/tmp/selfnorm-runs-XXXXXX", command[300];
    cr_assert(mkdtemp(folder));
    struct train_grid g = small_grid();
    g.arms = 1;
    g.folder = folder;
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        struct train_results r = run_of(&g);
        train_results_clear(&r);
        snprintf(command, sizeof command, "%s $(ls %s/run-* | head -n 1)",
            damage[i].how, folder);
        cr_assert_eq(system(command), 0);
        cr_expect_eq(train_grid_run(&r, &g, NULL, NULL), SN_SYSTEM);
        cr_expect(r.fault.state == damage[i].state, "%s: %d, '%s'",
            damage[i].how, (int)r.fault.state, r.fault.name);
        train_results_clear(&r);
        snprintf(command, sizeof command, "rm -rf %s/run-*", folder);
        cr_assert_eq(system(command), 0);
    }
    /* whole, but of another recipe */
    struct train_results r = run_of(&g);
    train_results_clear(&r);
    snprintf(
        command, sizeof command, "cd %s && set -- run-* && cp $1 $2", folder);
    cr_assert_eq(system(command), 0);
    cr_expect_eq(train_grid_run(&r, &g, NULL, NULL), SN_SYSTEM);
    cr_expect_eq(r.fault.state, SHARED_PARTS_OTHER_RUN);
    train_results_clear(&r);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
    task_clear(&task);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for plots: tab-separated, one header line that begins with #. */
#include "cli/commands/train/train.h"
#include <limits.h>
#include <math.h>

static FILE *start(const struct cmd_training *t, const char *name,
    char path[PATH_MAX], const char *header)
{
    snprintf(path, PATH_MAX, "%s/train_%s.tsv", t->tables, name);
    FILE *out = cli_file_open(&t->cli, path);
    fprintf(out, "# %s\n", header);
    return out;
}

/* task, arm, depth (0: any): the first columns of all tables */
static void write_group(
    FILE *out, const struct cmd_training *t, const struct train_group *g)
{
    fprintf(out, "%s\t%s\t%zu", t->task[g->at.task].name,
        t->grid.arm[g->at.arm]->name,
        g->at.depth == TRAIN_ANY ? 0 : t->grid.depth[g->at.depth]);
}

static void write_estimate(FILE *out, const struct train_estimate *e)
{
    fprintf(out, "\t%.9g\t%.9g\t%.9g", e->mean, e->sd, e->half);
}

static void write_summary(const struct cmd_training *t)
{
    char path[PATH_MAX];
    FILE *out = start(t, "summary", path,
        "task\tarm\tdepth\tseeds\truns\tdiverged\tstuck\tselected_diverged\t"
        "selected_stuck\tbest_test\tsd\thalf_95\ttest\tsd\thalf_95\t"
        "training_loss\tsd\thalf_95\tselected_depth\tsd\thalf_95\t"
        "median_training_loss");
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_summary *s = &t->summary[i];
        if (!s->seeds)
            continue;
        write_group(out, t, &s->group);
        fprintf(out, "\t%zu\t%zu\t%zu\t%zu\t%zu\t%zu", s->seeds, s->runs,
            s->diverged, s->stuck, s->selected_diverged, s->selected_stuck);
        write_estimate(out, &s->best_test);
        write_estimate(out, &s->final_test);
        write_estimate(out, &s->loss);
        write_estimate(out, &s->depth);
        fprintf(out, "\t%.9g\n", s->curve_quartiles[TRAIN_CHECKPOINTS].median);
    }
    cli_file_close(&t->cli, out, path);
}

static void write_runs(const struct cmd_training *t)
{
    char path[PATH_MAX];
    FILE *out = start(t, "runs", path,
        "task\tarm\tdepth\trate\tdropout\tseed\tdiverged\tstuck\tsteps\t"
        "training_loss\ttest\tbest_validation\tbest_test");
    for (size_t n = 0; n < train_grid_places(&t->grid); n++) {
        const struct train_run *r = &t->results.run[n];
        struct train_place at = train_grid_place(&t->grid, n);
        struct train_recipe recipe;
        if (r->outcome == TRAIN_RUN_MISSING)
            continue;
        train_grid_recipe(&recipe, &t->grid, &at);
        fprintf(out,
            "%s\t%s\t%zu\t%g\t%g\t%zu\t%d\t%d\t%zu\t%.9g\t%.9g\t%.9g\t%.9g\n",
            recipe.task->name, recipe.arm->name, recipe.depth, recipe.rate,
            recipe.dropout, at.seed, r->outcome == TRAIN_RUN_DIVERGED,
            r->stuck, r->steps, (double)r->at[r->checkpoints - 1].loss,
            (double)r->final_test, (double)r->at[r->best].validation_accuracy,
            (double)r->best_test);
    }
    cli_file_close(&t->cli, out, path);
}

/* One block a group, two empty lines between: gnuplot's index. */
static void write_curves(const struct cmd_training *t)
{
    char path[PATH_MAX];
    FILE *out = start(t, "curves", path,
        "task\tarm\tdepth\tstep\ttraining_loss\tsd\thalf_95\tmedian\t"
        "lower_quartile\tupper_quartile");
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_summary *s = &t->summary[i];
        for (size_t k = 0; s->seeds && k <= TRAIN_CHECKPOINTS; k++) {
            write_group(out, t, &s->group);
            fprintf(out, "\t%zu", train_checkpoint_step(t->grid.steps, k));
            write_estimate(out, &s->curve[k]);
            const struct train_quartiles *q = &s->curve_quartiles[k];
            fprintf(
                out, "\t%.9g\t%.9g\t%.9g\n", q->median, q->lower, q->upper);
        }
        fputs("\n\n", out);
    }
    cli_file_close(&t->cli, out, path);
}

static void write_layers(const struct cmd_training *t)
{
    char path[PATH_MAX];
    FILE *out = start(t, "layers", path,
        "task\tarm\tdepth\tstep\tlayer\tmean\tsd\thalf_95\tvariance\tsd\t"
        "half_95\trows_inside\tunits_inside\tmean_median\tvariance_median");
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_summary *s = &t->summary[i];
        if (s->group.at.depth == TRAIN_ANY)
            continue;
        for (size_t stage = 0; stage < TRAIN_STAGES; stage++) {
            for (size_t l = 0; l <= t->grid.depth[s->group.at.depth]; l++) {
                struct train_layer_summary_of_runs x;
                if (train_summarize_layer(
                        &x, &t->results, &s->group, stage, l) != SN_OK ||
                    !x.mean.n)
                    continue;
                write_group(out, t, &s->group);
                fprintf(out, "\t%zu\t%zu",
                    t->grid.steps * stage / (TRAIN_STAGES - 1), l);
                write_estimate(out, &x.mean);
                write_estimate(out, &x.variance);
                fprintf(out, "\t%.9g\t%.9g\t%.9g\t%.9g\n", x.rows_inside.mean,
                    x.units_inside.mean, x.mean_quartiles.median,
                    x.variance_quartiles.median);
            }
            fputs("\n\n", out);
        }
    }
    cli_file_close(&t->cli, out, path);
}

static void write_methods(const struct cmd_training *t)
{
    char path[PATH_MAX];
    FILE *out = start(t, "methods", path,
        "method\tmean_accuracy\tmean_rank\trank_difference\tbetter\tequal\t"
        "worse\tp\tnormal_p");
    for (size_t m = 0; m < t->scores.methods; m++) {
        const struct train_standing *x = &t->standing[m];
        fprintf(out, "%s\t%.9g\t%.9g\t%.9g\t%zu\t%zu\t%zu\t%.9g\t%.9g\n",
            t->scores.method[m], x->mean, x->rank, x->difference, x->wins,
            x->ties, x->losses, m == t->reference ? NAN : x->test.p,
            m == t->reference ? NAN : x->test.normal_p);
    }
    cli_file_close(&t->cli, out, path);
}

void cmd_training_tables(const struct cmd_training *t)
{
    if (t->experiment != CMD_EXPERIMENT_TABLE1) {
        write_summary(t);
        write_runs(t);
        write_curves(t);
        write_layers(t);
    }
    if (t->standing && t->compared)
        write_methods(t);
}

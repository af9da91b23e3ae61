/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* ---- head ------------------------------------------------------------ */

static void write_tasks(FILE *out, const struct cmd_training *t)
{
    for (size_t i = 0; i < t->grid.tasks; i++) {
        const struct task_task *k = &t->task[i];
        const struct task_known_task *known = task_known_task_find(k->name);
        fprintf(out, "%s: %zu rows, %zu features, %zu classes", k->name,
            k->rows, k->features, k->classes);
        if (k->partitions)
            fprintf(out, ", %zu partition%s of its own", k->partitions,
                k->partitions > 1 ? "s" : "");
        if (k->sample)
            fprintf(out, "; %zu drawn to learn from, all to test", k->sample);
        if (k->missing)
            fprintf(out, "; %zu missing value%s", k->missing,
                k->missing > 1 ? "s" : "");
        if (k->constant)
            fprintf(out, "; %zu constant feature%s", k->constant,
                k->constant > 1 ? "s" : "");
        if (known && known->paper > 0)
            fprintf(out, "; the paper's SNN %.4f", known->paper);
        if (known && known->bayes < 1)
            fprintf(out, "; best possible %.4f", known->bayes);
        fputc('\n', out);
    }
}

static void write_list(FILE *out, const char *what, const double *x, size_t n)
{
    fprintf(out, "%s", what);
    for (size_t i = 0; i < n; i++)
        if (x[i] < 0)
            fputs(" paper", out);
        else
            fprintf(out, " %g", x[i]);
}

static void write_settings(FILE *out, const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    fprintf(out,
        "%zu units a layer, %zu steps of %zu rows, momentum %g, weight decay "
        "%g, %zu seed%s from %" PRIu64 "\n",
        g->width, g->steps, g->batch, g->momentum, g->decay, g->seeds,
        g->seeds > 1 ? "s" : "", g->seed);
    write_list(out, "learning rates", g->rate, g->rates);
    write_list(out, "; dropout", g->dropout, g->dropouts);
    if (g->dropout_layers)
        fprintf(out, " in the last %zu layers", g->dropout_layers);
    fputs("\n\n", out);
}

/* ---- one group a line ------------------------------------------------ */

static void write_chosen(
    FILE *out, const double *x, const size_t *count, size_t n)
{
    const char *gap = "";
    for (size_t i = 0; i < n; i++) {
        if (!count[i])
            continue;
        if (x[i] < 0)
            fprintf(out, "%spaper:%zu", gap, count[i]);
        else
            fprintf(out, "%s%g:%zu", gap, x[i], count[i]);
        gap = " ";
    }
}

/* Nothing where there is none: of no run, or the spread of one. */
static void write_figure(FILE *out, double x)
{
    if (isfinite(x))
        fprintf(out, "  %9.3g", x);
    else
        fprintf(out, "  %9s", "-");
}

static void write_group(
    FILE *out, const struct cmd_training *t, const struct train_summary *s)
{
    const struct train_grid *g = &t->grid;
    struct train_wilcoxon test;
    double difference;
    fprintf(out, "%-10s", g->arm[s->group.at.arm]->name);
    if (!s->seeds) {
        fputs("  no run\n", out);
        return;
    }
    if (s->group.at.depth == TRAIN_ANY)
        fprintf(out, " %5.1f", s->depth.mean);
    else
        fprintf(out, " %5zu", g->depth[s->group.at.depth]);
    fprintf(out, "  %.4f", s->best_test.mean);
    /* one seed has no spread */
    if (s->seeds > 1)
        fprintf(out, " +-%.4f", s->best_test.half);
    else
        fprintf(out, " %8s", "");
    fprintf(out, "  %.4f", s->final_test.mean);
    write_figure(out, s->loss.mean);
    write_figure(out, s->loss.sd);
    fprintf(out, " %4zu %4zu  %4zu %4zu", s->selected_diverged,
        s->selected_stuck, s->diverged, s->stuck);
    if (train_against(&test, &difference, &t->results, &s->group))
        fprintf(out, "  %+.4f %8.2g", difference, test.p);
    else
        fprintf(out, "  %7s %8s", "", "");
    fputs("  ", out);
    write_chosen(out, g->rate, s->rate_count, g->rates);
    if (g->dropouts > 1) {
        fputs(" / ", out);
        write_chosen(out, g->dropout, s->dropout_count, g->dropouts);
    }
    fputc('\n', out);
}

static void write_groups(FILE *out, const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    size_t depths = t->experiment == CMD_EXPERIMENT_UCI ? 1 : g->depths;
    fputs("                    test accuracy          training loss        "
          "selected   all runs    against snn         rates\n"
          "arm        depth  best   95 %     final       mean         sd  "
          "div stuck  div stuck  by      p          selected\n",
        out);
    for (size_t task = 0; task < g->tasks; task++)
        for (size_t d = 0; d < depths; d++) {
            if (g->tasks > 1)
                fprintf(out, "\n%s\n", t->task[task].name);
            else if (d)
                fputc('\n', out);
            for (size_t a = 0; a < g->arms; a++)
                write_group(out, t, cmd_training_summary(t, task, a, d));
        }
    fputs(
        "\nbest: at the step with the best validation accuracy; +-: 95 % "
        "of the mean over the\nseeds; loss: of selected runs that did not "
        "diverge, sd over the "
        "seeds; div, stuck: runs that\ndiverged, or learned nothing; by: mean "
        "difference of best from snn's, paired by seed, and p of "
        "Wilcoxon's test.\n",
        out);
}

/* ---- every rate ------------------------------------------------------ */

static void write_rate(FILE *out, const struct cmd_training *t,
    const struct train_summary *s, size_t rate)
{
    struct train_group group = s->group;
    struct train_summary one;
    group.at.rate = rate;
    if (train_summarize(&one, &t->results, &group) != SN_OK || !one.seeds)
        fprintf(out, "  %6s %5s", "-", "");
    else if (one.selected_diverged || one.selected_stuck)
        fprintf(out, "  %.4f %2zu/%-2zu", one.best_test.mean,
            one.selected_diverged, one.selected_stuck);
    else
        fprintf(out, "  %.4f %5s", one.best_test.mean, "");
}

static void write_rates(FILE *out, const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    if (g->rates < 2)
        return;
    fputs("\nEvery learning rate: best test accuracy, and runs that diverged/"
          "were stuck\narm        depth",
        out);
    for (size_t r = 0; r < g->rates; r++)
        fprintf(out, "  %-12g", g->rate[r]);
    fputc('\n', out);
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_summary *s = &t->summary[i];
        if (g->tasks > 1 && i % (t->summaries / g->tasks) == 0)
            fprintf(out, "%s\n", t->task[s->group.at.task].name);
        fprintf(out, "%-10s", g->arm[s->group.at.arm]->name);
        if (s->group.at.depth == TRAIN_ANY)
            fprintf(out, " %5s", "any");
        else
            fprintf(out, " %5zu", g->depth[s->group.at.depth]);
        for (size_t r = 0; r < g->rates; r++)
            write_rate(out, t, s, r);
        fputc('\n', out);
    }
}

/* ---- layers ---------------------------------------------------------- */

/* Averages over the hidden layers, extremes of them, at one stage. */
static void write_stage(FILE *out, const struct cmd_training *t,
    const struct train_summary *s, size_t stage)
{
    size_t depth = t->grid.depth[s->group.at.depth];
    double low = INFINITY, high = -INFINITY, mean = 0, rows = 0, units = 0;
    size_t layers = 0;
    for (size_t l = 1; l <= depth; l++) {
        struct train_layer_summary_of_runs x;
        if (train_summarize_layer(&x, &t->results, &s->group, stage, l) !=
                SN_OK ||
            !x.mean.n)
            continue;
        low = fmin(low, x.variance.mean);
        high = fmax(high, x.variance.mean);
        mean = fmax(mean, fabs(x.mean.mean));
        rows += x.rows_inside.mean;
        units += x.units_inside.mean;
        layers++;
    }
    if (!layers)
        fputs("  (no run)", out);
    else
        fprintf(out, "  %6.2g %6.2g..%-6.2g %3.0f%% %3.0f%%", mean, low, high,
            100 * rows / (double)layers, 100 * units / (double)layers);
}

static void write_layers(FILE *out, const struct cmd_training *t)
{
    if (t->experiment == CMD_EXPERIMENT_UCI)
        return;
    fputs("\nLayers beside Theorem 1's domain: largest |mean| and range of "
          "variances of the layers,\nshares of rows with (mean, variance) in "
          "it and of units with (omega, tau) in it\narm        depth  start "
          "                           half way                        end\n",
        out);
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_summary *s = &t->summary[i];
        if (!s->seeds)
            continue;
        fprintf(out, "%-10s %5zu", t->grid.arm[s->group.at.arm]->name,
            t->grid.depth[s->group.at.depth]);
        for (size_t stage = 0; stage < TRAIN_STAGES; stage++)
            write_stage(out, t, s, stage);
        fputc('\n', out);
    }
}

/* ---- curves ---------------------------------------------------------- */

static void write_curves(FILE *out, const struct cmd_training *t)
{
    if (t->experiment != CMD_EXPERIMENT_FIGURE1)
        return;
    fputs(
        "\nTraining loss of the selected runs against the step: mean (sd over "
        "the seeds)\n  step",
        out);
    for (size_t i = 0; i < t->summaries; i++) {
        const struct train_place *at = &t->summary[i].group.at;
        fprintf(out, "  %11.11s %3zu", t->grid.arm[at->arm]->name,
            t->grid.depth[at->depth]);
    }
    fputc('\n', out);
    for (size_t k = 0; k <= TRAIN_CHECKPOINTS; k++) {
        fprintf(out, "%6zu", train_checkpoint_step(t->grid.steps, k));
        for (size_t i = 0; i < t->summaries; i++) {
            const struct train_estimate *e = &t->summary[i].curve[k];
            fprintf(out, "  %7.2g (%5.1g)", e->mean, e->sd);
        }
        fputc('\n', out);
    }
}

/* ---- methods over tasks ---------------------------------------------- */

static void write_standing(FILE *out, const struct cmd_training *t)
{
    const struct train_scores *s = &t->scores;
    fprintf(out,
        "\n%zu methods on %zu of %zu data sets (the others lack an "
        "accuracy)\n"
        "method        mean accuracy  mean rank  difference  %s better/"
        "equal/worse    Wilcoxon p   (normal)\n",
        s->methods, t->compared, s->tasks, s->method[t->reference]);
    for (size_t m = 0; m < s->methods; m++) {
        const struct train_standing *x = &t->standing[m];
        fprintf(out, "%-14.14s %12.4f %10.3f %11.3f", s->method[m], x->mean,
            x->rank, x->difference);
        if (m != t->reference)
            fprintf(out, "  %12zu /%4zu /%4zu     %13.3g %10.3g", x->wins,
                x->ties, x->losses, x->test.p, x->test.normal_p);
        fputc('\n', out);
    }
    fputs("\ndifference: mean rank less (methods + 1)/2, so below 0 is better "
          "than the middle.\nWilcoxon: two-sided, of paired accuracies, exact "
          "with ties, zeros dropped; (normal):\nthe approximation that "
          "packages use where there are ties.\n",
        out);
}

void cmd_training_text(const struct cmd_training *t)
{
    FILE *out = cli_open(&t->cli);
    bool compares = t->experiment == CMD_EXPERIMENT_UCI ||
                    t->experiment == CMD_EXPERIMENT_TABLE1;
    if (t->experiment != CMD_EXPERIMENT_TABLE1) {
        const struct train_results *r = &t->results;
        write_tasks(out, t);
        write_settings(out, t);
        write_groups(out, t);
        write_rates(out, t);
        write_curves(out, t);
        write_layers(out, t);
        if (r->present < r->wanted)
            fprintf(out, "\n%zu of %zu runs are there: %s.\n", r->present,
                r->wanted,
                r->interrupted ? "interrupted" : "the other shards' are not");
    }
    if (compares && t->compared)
        write_standing(out, t);
    else if (compares)
        fputs("\nNo task has an accuracy for every arm yet.\n", out);
    if (t->experiment != CMD_EXPERIMENT_TABLE1) {
        fprintf(out, "\n%zu runs, digest %016" PRIx64 ", %.1f seconds",
            t->results.present, t->digest, cli_seconds(&t->cli));
        if (shared_ranks_count() > 1)
            fprintf(out, ", %d ranks", shared_ranks_count());
        fputc('\n', out);
    }
    cli_close(&t->cli, out);
}

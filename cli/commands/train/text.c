/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The templates of the text, and what they show beside the document's keys. */
#include "cli/commands/train/train.h"
#include <math.h>

const char cmd_training_list_text[] =
    "task              rows  features  classes  SNN in the paper  at most   "
    "what\n"
    "{#tasks}{name:-15s} {rows:6d}  {features:8d}  {classes:7d}  "
    "{paper_snn:16.4f}  {best_possible:7.4f}  {what} ({source})\n{/}"
    "\narm         what\n"
    "{#arms}{name:-11s} {title}; dropout in the paper: {paper_dropout:g}\n"
    "{/}";

#define TASKS                                                                 \
    "{#tasks}{name}: {rows} rows, {features} features, {.classes} classes"    \
    "{#.partitions}, {.} partition{#.partitions=1}{:}s{/} of its own{/}"      \
    "{#.sample}; {.} drawn to learn from, all to test{/}"                     \
    "{#.missing}; {.} missing value{#.missing=1}{:}s{/}{/}"                   \
    "{#.constant}; {.} constant feature{#.constant=1}{:}s{/}{/}"              \
    "{#paper_snn}; the paper's SNN {.:.4f}{/}"                                \
    "{#.best}; best possible {.:.4f}{/}\n{/}"

#define SETTINGS                                                              \
    "{#settings}{width} units a layer, {steps} steps of {batch} rows, "       \
    "momentum {momentum:g}, weight decay {weight_decay:g}, {seeds} "          \
    "seed{#seeds=1}{:}s{/} from {seed}\n"                                     \
    "learning rates{#.rates} {.:g}{/}; dropout{#.dropouts} {.:g}{/}"          \
    "{#.dropout_layers} in the last {.} layers{/}\n\n{/}"

/* One seed has no spread. */
#define GROUP                                                                 \
    "{arm:-10s}{#.idle}  no run\n{:}"                                         \
    " {#depth}{.:5d}{:}{selected_depth.mean:5.1f}{/}"                         \
    "  {best_test_accuracy.mean:.4f}"                                         \
    "{#.one_seed}         {:} +-{best_test_accuracy.half_width_95:.4f}{/}"    \
    "  {test_accuracy.mean:.4f}"                                              \
    "  {training_loss.mean:9.3g}  {training_loss.sd:9.3g}"                    \
    " {selected_diverged:4d} {selected_stuck:4d}  {diverged:4d} {stuck:4d}"   \
    "{#against_reference}  {mean_difference:+.4f} {p:8.2g}"                   \
    "{:}                  {/}"                                                \
    "  {#selected_rates}{#@first}{:} {/}{value:g}:{seeds}{/}"                 \
    "{#.many_dropouts} / "                                                    \
    "{#selected_dropouts}{#@first}{:} {/}{value:g}:{seeds}{/}{/}\n{/}"

#define GROUPS                                                                \
    "                    test accuracy          training loss        "        \
    "selected   all runs    against snn         rates\n"                      \
    "arm        depth  best   95 %     final       mean         sd  "         \
    "div stuck  div stuck  by      p          selected\n"                     \
    "{#.blocks}{title}{#rows}" GROUP "{/}{/}"                                 \
    "\nbest: at the step with the best validation accuracy; +-: 95 % of the " \
    "mean over the\nseeds; loss: of selected runs that did not diverge, sd "  \
    "over the seeds; div, stuck: runs that\ndiverged, or learned nothing; "   \
    "by: mean difference of best from snn's, paired by seed, and p of "       \
    "Wilcoxon's test.\n"

#define RATES                                                                 \
    "{#.many_rates}\nEvery learning rate: best test accuracy, and runs that " \
    "diverged/were stuck\narm        depth{#settings}{#.rates}  {.:-12g}{/}"  \
    "{/}\n{#summary}{#.title}{.}\n{/}{arm:-10s} {#depth}{.:5d}{:}  any{/}"    \
    "{#.cells}{#none}       -      {:}  {best:.4f} "                          \
    "{#bad}{diverged:2d}/{stuck:-2d}{:}     {/}{/}{/}\n{/}{/}"

#define CURVES                                                                \
    "{#.curves}{#@first}\nTraining loss of the selected runs against the "    \
    "step: mean (sd over the seeds)\n"                                        \
    "  step{#summary}  {arm:11.11s} {depth:3d}{/}\n{/}"                       \
    "{step:6d}{#cells}  {mean:7.2g} ({sd:5.1g}){/}\n{/}"

#define LAYERS                                                                \
    "{#.layers}{#@first}\nLayers beside Theorem 1's domain: largest |mean| "  \
    "and range of variances of the layers,\n"                                 \
    "shares of rows with (mean, variance) in it and of units with (omega, "   \
    "tau) in it\n"                                                            \
    "arm        depth  start                            half way            " \
    "  "                                                                      \
    "          end\n{/}"                                                      \
    "{arm:-10s} {depth:5d}{#.stages}{#none}  (no run){:}"                     \
    "  {mean:6.2g} {low:6.2g}..{high:-6.2g} {rows:3.0f}% {units:3.0f}%{/}{/}" \
    "\n{/}"

#define STANDING                                                              \
    "{#comparison}\n{.count} methods on {data_sets_used} of {data_sets} "     \
    "data "                                                                   \
    "sets (the others lack an accuracy)\n"                                    \
    "method        mean accuracy  mean rank  difference  {reference} better/" \
    "equal/worse    Wilcoxon p   (normal)\n"                                  \
    "{#methods}{method:-14.14s} {mean_accuracy:12.4f} {mean_rank:10.3f} "     \
    "{rank_difference:11.3f}"                                                 \
    "{#wilcoxon}  {reference_better:12d} /{equal:4d} /{reference_worse:4d}"   \
    "     {p:13.3g} {normal_p:10.3g}{/}\n{/}"                                 \
    "\ndifference: mean rank less (methods + 1)/2, so below 0 is better "     \
    "than "                                                                   \
    "the middle.\nWilcoxon: two-sided, of paired accuracies, exact with "     \
    "ties, zeros dropped; (normal):\nthe approximation that packages use "    \
    "where there are ties.\n"                                                 \
    "{:}{#.compares}\nNo task has an accuracy for every arm yet.\n{/}{/}"

const char cmd_training_text[] =
    "{#digest}" TASKS SETTINGS GROUPS RATES CURVES LAYERS
    "{#.incomplete}\n{runs_present} of {runs_wanted} runs are there: "
    "{interrupted?interrupted|the other shards' are not}.\n{/}{/}" STANDING
    "{#digest}\n{runs_present} runs, digest {.}, {.seconds:.1f} seconds"
    "{#.ranks}, {.} ranks{/}\n{/}";

/* Averages over the hidden layers, extremes of them, at one stage. */
static json_t *stage_tree(
    const struct cmd_training *t, const struct train_summary *s, size_t stage)
{
    size_t depth = t->grid.depth[s->group.at.depth], layers = 0;
    double low = INFINITY, high = -INFINITY, mean = 0, rows = 0, units = 0;
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
        return json_pack("{s:b}", "none", 1);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mean", cli_json_real(mean),
        "low", cli_json_real(low), "high", cli_json_real(high), "rows",
        cli_json_real(100 * rows / (double)layers), "units",
        cli_json_real(100 * units / (double)layers));
}

/* The group with one learning rate alone. */
static json_t *rate_tree(
    const struct cmd_training *t, const struct train_summary *s, size_t rate)
{
    struct train_group group = s->group;
    struct train_summary one;
    group.at.rate = rate;
    if (train_summarize(&one, &t->results, &group) != SN_OK || !one.seeds)
        return json_pack("{s:b}", "none", 1);
    return json_pack("{s:o, s:b, s:I, s:I}", "best",
        cli_json_real(one.best_test.mean), "bad",
        one.selected_diverged || one.selected_stuck, "diverged",
        (json_int_t)one.selected_diverged, "stuck",
        (json_int_t)one.selected_stuck);
}

void cmd_training_add_text(
    json_t *row, const struct cmd_training *t, const struct train_summary *s)
{
    const struct train_grid *g = &t->grid;
    const size_t groups = t->summaries / g->tasks;
    json_t *cells = json_array(), *stages = json_array();
    for (size_t r = 0; g->rates > 1 && r < g->rates; r++)
        json_array_append_new(cells, rate_tree(t, s, r));
    for (size_t stage = 0;
         s->group.at.depth != TRAIN_ANY && stage < TRAIN_STAGES; stage++)
        json_array_append_new(stages, stage_tree(t, s, stage));
    const bool first = (size_t)(s - t->summary) % groups == 0;
    json_object_update_new(row,
        json_pack("{s:b, s:b, s:b, s:o, s:o, s:s*}", ".idle", !s->seeds,
            ".one_seed", s->seeds == 1, ".many_dropouts", g->dropouts > 1,
            ".cells", cells, ".stages", stages, ".title",
            g->tasks > 1 && first ? t->task[s->group.at.task].name : NULL));
}

/* Blocks of one task and depth, an arm a row. */
static json_t *blocks_tree(const json_t *summary, const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    const size_t depths = t->summaries / g->tasks / g->arms;
    json_t *blocks = json_array();
    for (size_t i = 0; i < g->tasks * depths; i++) {
        json_t *rows = json_array();
        const size_t task = i / depths, depth = i % depths;
        for (size_t a = 0; a < g->arms; a++)
            json_array_append(
                rows, json_array_get(
                          summary, (task * g->arms + a) * depths + depth));
        json_t *title = g->tasks > 1
                            ? json_sprintf("\n%s\n", t->task[task].name)
                            : json_string(depth ? "\n" : "");
        json_array_append_new(
            blocks, json_pack("{s:o, s:o}", "title", title, "rows", rows));
    }
    return blocks;
}

/* figure1: a step a row, a group a column. */
static json_t *curves_tree(const json_t *summary, const struct cmd_training *t)
{
    json_t *rows = json_array(), *group;
    size_t i;
    if (t->experiment != CMD_EXPERIMENT_FIGURE1)
        return rows;
    for (size_t k = 0; k <= TRAIN_CHECKPOINTS; k++) {
        json_t *cells = json_array();
        json_array_foreach(summary, i, group)
        {
            json_t *at = json_array_get(json_object_get(group, "curve"), k);
            json_array_append_new(cells, at ? json_incref(at) : json_object());
        }
        json_array_append_new(
            rows, json_pack("{s:I, s:o}", "step",
                      (json_int_t)train_checkpoint_step(t->grid.steps, k),
                      "cells", cells));
    }
    return rows;
}

/* A rate below 0 is what the arm has in the paper. */
static json_t *list_tree(const double *x, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, x[i] < 0 ? json_string("paper") : json_real(x[i]));
    return list;
}

void cmd_training_add_tables(json_t *tree, const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    const json_t *summary = json_object_get(tree, "summary");
    json_t *settings = json_object_get(tree, "settings");
    json_t *layers = json_array(), *group;
    const int ranks = (int)json_integer_value(json_object_get(tree, "ranks"));
    size_t i;
    json_array_foreach(summary, i,
        group) if (t->summary[i].seeds && t->experiment != CMD_EXPERIMENT_UCI)
        json_array_append(layers, group);
    json_object_update_new(settings,
        json_pack("{s:o, s:o, s:o*}", ".rates", list_tree(g->rate, g->rates),
            ".dropouts", list_tree(g->dropout, g->dropouts), ".dropout_layers",
            g->dropout_layers ? json_integer((json_int_t)g->dropout_layers)
                              : NULL));
    json_object_update_new(tree,
        json_pack("{s:o, s:o, s:o, s:b, s:b, s:o*}", ".blocks",
            blocks_tree(summary, t), ".curves", curves_tree(summary, t),
            ".layers", layers, ".many_rates", g->rates > 1, ".incomplete",
            t->results.present<t->results.wanted, ".ranks", ranks> 1
                ? json_integer(ranks)
                : NULL));
}

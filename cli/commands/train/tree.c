/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/train/train.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <math.h>

static json_t *count(size_t n)
{
    return json_integer((json_int_t)n);
}

/* A count that text does not mention where it is 0. */
static json_t *some(size_t n)
{
    return n ? count(n) : NULL;
}

static json_t *estimate(const struct train_estimate *e)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "n", count(e->n), "mean",
        cli_json_real(e->mean), "sd", cli_json_real(e->sd), "half_width_95",
        cli_json_real(e->half));
}

static json_t *wilcoxon(const struct train_wilcoxon *w)
{
    return json_pack("{s:o, s:o, s:f, s:f, s:f, s:b}", "n", count(w->n),
        "zeros", count(w->zeros), "plus", w->plus, "p", w->p, "normal_p",
        w->normal_p, "exact", w->exact);
}

/* A rate of dropout: what the arm made of "paper". */
static double dropout_of(
    const struct train_grid *g, const struct train_place *at)
{
    struct train_recipe recipe;
    train_grid_recipe(&recipe, g, at);
    return recipe.dropout;
}

static json_t *json_tasks(const struct cmd_training *t)
{
    json_t *tasks = json_array();
    for (size_t i = 0; i < t->grid.tasks; i++) {
        const struct task_task *k = &t->task[i];
        const struct task_known_task *known = task_known_task_find(k->name);
        json_t *classes = json_array();
        for (size_t c = 0; c < k->classes; c++)
            json_array_append_new(
                classes, json_pack("{s:o, s:o}", "name",
                             cli_json_text(k->class_name[c]), "rows",
                             count(task_class_count(k, (int)c))));
        json_t *task = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
            cli_json_text(k->name), "rows", count(k->rows), "features",
            count(k->features), "classes", classes, "partitions",
            count(k->partitions), "missing_values", count(k->missing),
            "constant_features", count(k->constant));
        json_object_update_new(task,
            json_pack("{s:o, s:o*, s:o*, s:o*, s:o*, s:o*}", ".classes",
                count(k->classes), ".partitions", some(k->partitions),
                ".sample", some(k->sample), ".missing", some(k->missing),
                ".constant", some(k->constant), ".best",
                known && known->bayes < 1 ? json_real(known->bayes) : NULL));
        if (known && known->paper > 0)
            json_object_set_new(task, "paper_snn", json_real(known->paper));
        if (known)
            json_object_set_new(
                task, "best_possible", json_real(known->bayes));
        json_array_append_new(tasks, task);
    }
    return tasks;
}

static json_t *json_run(
    const struct cmd_training *t, size_t number, bool selected)
{
    const struct train_grid *g = &t->grid;
    struct train_place at = train_grid_place(g, number);
    const struct train_run *r = &t->results.run[number];
    const struct train_checkpoint *best = &r->at[r->best];
    const struct train_checkpoint *last = &r->at[r->checkpoints - 1];
    json_t *run =
        json_pack("{s:o, s:s, s:o, s:f, s:f, s:o, s:b, s:b, s:b, s:o}", "task",
            cli_json_text(t->task[at.task].name), "arm", g->arm[at.arm]->name,
            "depth", count(g->depth[at.depth]), "rate", g->rate[at.rate],
            "dropout", dropout_of(g, &at), "seed", count(at.seed), "selected",
            selected, "diverged", r->outcome == TRAIN_RUN_DIVERGED, "stuck",
            r->stuck, "steps", count(r->steps));
    json_t *scores = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "training_loss", cli_json_real(last->loss), "training_accuracy",
        cli_json_real(r->final_training), "validation_accuracy",
        cli_json_real(r->final_validation), "test_accuracy",
        cli_json_real(r->final_test), "best_step",
        count(train_checkpoint_step(g->steps, r->best)),
        "best_validation_accuracy", cli_json_real(best->validation_accuracy),
        "best_test_accuracy", cli_json_real(r->best_test));
    json_object_update(run, scores);
    json_decref(scores);
    return run;
}

static json_t *json_runs(const struct cmd_training *t)
{
    const struct train_grid *g = &t->grid;
    json_t *runs = json_array();
    for (size_t i = 0; i < t->summaries; i++)
        for (size_t seed = 0; seed < g->seeds; seed++) {
            const struct train_group *group = &t->summary[i].group;
            size_t chosen = train_select(&t->results, group, seed);
            struct train_place at = group->at;
            bool open = at.depth == TRAIN_ANY;
            at.seed = seed;
            for (size_t d = 0; d < (open ? g->depths : 1); d++)
                for (at.rate = 0; at.rate < g->rates; at.rate++)
                    for (at.dropout = 0; at.dropout < g->dropouts;
                         at.dropout++) {
                        at.depth = open ? d : group->at.depth;
                        size_t n = train_grid_number(g, &at);
                        if (t->results.run[n].outcome != TRAIN_RUN_MISSING)
                            json_array_append_new(
                                runs, json_run(t, n, n == chosen));
                    }
        }
    return runs;
}

static json_t *chosen(const double *x, const size_t *counts, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (counts[i])
            json_array_append_new(
                list, json_pack("{s:o, s:o}", "value",
                          x[i] < 0 ? json_string("paper") : json_real(x[i]),
                          "seeds", count(counts[i])));
    return list;
}

static json_t *json_curve(
    const struct cmd_training *t, const struct train_summary *s)
{
    json_t *curve = json_array();
    for (size_t k = 0; s->seeds && k <= TRAIN_CHECKPOINTS; k++) {
        json_t *point = estimate(&s->curve[k]);
        const struct train_quartiles *q = &s->curve_quartiles[k];
        json_object_set_new(point, "lower_quartile", cli_json_real(q->lower));
        json_object_set_new(point, "median", cli_json_real(q->median));
        json_object_set_new(point, "upper_quartile", cli_json_real(q->upper));
        json_object_set_new(
            point, "step", count(train_checkpoint_step(t->grid.steps, k)));
        json_array_append_new(curve, point);
    }
    return curve;
}

static json_t *json_layers(
    const struct cmd_training *t, const struct train_summary *s)
{
    json_t *layers = json_array();
    size_t depth =
        s->group.at.depth == TRAIN_ANY ? 0 : t->grid.depth[s->group.at.depth];
    for (size_t stage = 0; depth && stage < TRAIN_STAGES; stage++)
        for (size_t l = 0; l <= depth; l++) {
            struct train_layer_summary_of_runs x;
            if (train_summarize_layer(&x, &t->results, &s->group, stage, l) !=
                    SN_OK ||
                !x.mean.n)
                continue;
            json_array_append_new(layers,
                json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "step",
                    count(t->grid.steps * stage / (TRAIN_STAGES - 1)), "layer",
                    count(l), "mean", cli_json_real(x.mean.mean), "variance",
                    cli_json_real(x.variance.mean), "rows_inside",
                    cli_json_real(x.rows_inside.mean), "units_inside",
                    l ? cli_json_real(x.units_inside.mean) : json_null()));
        }
    return layers;
}

static json_t *json_summary(
    const struct cmd_training *t, const struct train_summary *s)
{
    const struct train_grid *g = &t->grid;
    const struct train_place *at = &s->group.at;
    json_t *one = json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "task", cli_json_text(t->task[at->task].name), "arm",
        g->arm[at->arm]->name, "depth",
        at->depth == TRAIN_ANY ? json_null() : count(g->depth[at->depth]),
        "seeds", count(s->seeds), "runs", count(s->runs), "diverged",
        count(s->diverged), "stuck", count(s->stuck), "selected_diverged",
        count(s->selected_diverged), "selected_stuck",
        count(s->selected_stuck));
    json_object_set_new(one, "best_test_accuracy", estimate(&s->best_test));
    json_object_set_new(one, "test_accuracy", estimate(&s->final_test));
    json_object_set_new(
        one, "best_validation_accuracy", estimate(&s->validation));
    json_object_set_new(one, "training_accuracy", estimate(&s->training));
    json_object_set_new(one, "training_loss", estimate(&s->loss));
    json_object_set_new(one, "selected_depth", estimate(&s->depth));
    json_object_set_new(
        one, "selected_rates", chosen(g->rate, s->rate_count, g->rates));
    json_object_set_new(one, "selected_dropouts",
        chosen(g->dropout, s->dropout_count, g->dropouts));
    struct train_wilcoxon test;
    double difference;
    if (train_against(&test, &difference, &t->results, &s->group)) {
        json_t *against = wilcoxon(&test);
        json_object_set_new(
            against, "mean_difference", cli_json_real(difference));
        json_object_set_new(one, "against_reference", against);
    }
    json_object_set_new(one, "curve", json_curve(t, s));
    json_object_set_new(one, "layers", json_layers(t, s));
    cmd_training_add_text(one, t, s);
    return one;
}

static json_t *json_comparison(const struct cmd_training *t)
{
    json_t *methods = json_array();
    for (size_t m = 0; m < t->scores.methods; m++) {
        const struct train_standing *x = &t->standing[m];
        json_t *one = json_pack("{s:o, s:f, s:f, s:f}", "method",
            cli_json_text(t->scores.method[m]), "mean_accuracy", x->mean,
            "mean_rank", x->rank, "rank_difference", x->difference);
        if (m != t->reference) {
            json_object_set_new(one, "wilcoxon", wilcoxon(&x->test));
            json_object_set_new(one, "reference_better", count(x->wins));
            json_object_set_new(one, "equal", count(x->ties));
            json_object_set_new(one, "reference_worse", count(x->losses));
        }
        json_array_append_new(methods, one);
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", ".count",
        count(t->scores.methods), "reference",
        cli_json_text(t->scores.method[t->reference]), "data_sets",
        count(t->scores.tasks), "data_sets_used", count(t->compared),
        "methods", methods);
}

static json_t *json_settings(const struct train_grid *g)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:f, s:f, s:o}", "width",
        count(g->width), "batch", count(g->batch), "steps", count(g->steps),
        "seeds", count(g->seeds), "momentum", g->momentum, "weight_decay",
        g->decay, "dropout_layers", count(g->dropout_layers));
}

json_t *cmd_training_list_tree(void)
{
    json_t *tasks = json_array(), *arms = json_array();
    for (int i = 0; i < task_known_task_count; i++) {
        const struct task_known_task *k = &task_known[i];
        json_array_append_new(
            tasks, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:f}",
                       "name", k->name, "what", k->what, "source", k->source,
                       "rows", count(k->rows), "features", count(k->features),
                       "classes", count(k->classes), "paper_snn",
                       k->paper > 0 ? json_real(k->paper) : json_null(),
                       "best_possible", k->bayes));
    }
    for (int i = 0; i < train_arm_count; i++)
        json_array_append_new(arms,
            json_pack("{s:s, s:s, s:f}", "name", train_arms[i].name, "title",
                train_arms[i].title, "paper_dropout", train_arms[i].dropout));
    return json_pack("{s:o, s:o}", "tasks", tasks, "arms", arms);
}

/* What training has and a table of accuracies has not. */
static void add_training(json_t *tree, const struct cmd_training *t)
{
    const struct train_results *r = &t->results;
    json_t *summary = json_array();
    for (size_t i = 0; i < t->summaries; i++)
        json_array_append_new(summary, json_summary(t, &t->summary[i]));
    json_object_update_new(tree,
        json_pack(
            "{s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:f}",
            "seed", cli_json_seed(t->cli.seed), "threads", t->cli.threads,
            "ranks", shared_ranks_count(), "settings", json_settings(&t->grid),
            "tasks", json_tasks(t), "runs_wanted", count(r->wanted),
            "runs_present", count(r->present), "interrupted", r->interrupted,
            "summary", summary, "runs", json_runs(t), "digest",
            json_sprintf("%016" PRIx64, t->digest), ".seconds",
            cli_seconds(&t->cli)));
    cmd_training_add_tables(tree, t);
}

json_t *cmd_training_tree(const struct cmd_training *t)
{
    json_t *tree =
        json_pack("{s:s}", "experiment", cmd_experiment_name[t->experiment]);
    cli_json_machine(tree);
    if (t->experiment != CMD_EXPERIMENT_TABLE1)
        add_training(tree, t);
    if (t->standing)
        json_object_set_new(tree, "comparison",
            t->compared ? json_comparison(t) : json_null());
    json_object_set_new(tree, ".compares", json_boolean(t->standing != NULL));
    return tree;
}

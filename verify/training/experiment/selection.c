/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/experiment/grid.h"
#include <stdlib.h>

static bool is_better(const struct train_run *a, const struct train_run *b)
{
    const struct train_checkpoint *x = &a->at[a->best], *y = &b->at[b->best];
    if (x->validation_accuracy != y->validation_accuracy)
        return x->validation_accuracy > y->validation_accuracy;
    return x->validation_loss < y->validation_loss;
}

/* First and end of an index that a group fixes or leaves open. */
static size_t first_index(size_t fixed)
{
    return fixed == TRAIN_ANY ? 0 : fixed;
}
static size_t end_index(size_t fixed, size_t count)
{
    return fixed == TRAIN_ANY ? count : fixed + 1;
}

/* All runs of a group and seed to `use`. */
static void each_run(const struct train_results *results,
    const struct train_group *group, size_t seed,
    void (*use)(const struct train_results *, size_t number, void *),
    void *context)
{
    const struct train_grid *g = &results->grid;
    struct train_place at = group->at;
    at.seed = seed;
    for (at.depth = first_index(group->at.depth);
         at.depth < end_index(group->at.depth, g->depths); at.depth++)
        for (at.rate = first_index(group->at.rate);
             at.rate < end_index(group->at.rate, g->rates); at.rate++)
            for (at.dropout = first_index(group->at.dropout);
                 at.dropout < end_index(group->at.dropout, g->dropouts);
                 at.dropout++) {
                size_t n = train_grid_number(g, &at);
                if (results->run[n].outcome != TRAIN_RUN_MISSING)
                    use(results, n, context);
            }
}

static void keep_better(
    const struct train_results *results, size_t number, void *context)
{
    size_t *best = context;
    if (*best == TRAIN_ANY ||
        is_better(&results->run[number], &results->run[*best]))
        *best = number;
}

size_t train_select(const struct train_results *results,
    const struct train_group *group, size_t seed)
{
    size_t best = TRAIN_ANY;
    each_run(results, group, seed, keep_better, &best);
    return best;
}

static void count_run(
    const struct train_results *results, size_t number, void *context)
{
    struct train_summary *s = context;
    s->runs++;
    s->diverged += results->run[number].outcome == TRAIN_RUN_DIVERGED;
    s->stuck += results->run[number].stuck;
}

enum sn_status train_summarize(struct train_summary *s,
    const struct train_results *results, const struct train_group *group)
{
    const struct train_grid *g = &results->grid;
    enum { FINAL, BEST, TRAINING, VALIDATION, DEPTH, CURVE };
    size_t whole = 0; /* selected runs that did not diverge */
    const size_t columns = CURVE + TRAIN_CHECKPOINTS + 1;
    double *x = malloc((g->seeds + 1) * columns * sizeof *x);
    *s = (struct train_summary){.group = *group};
    if (!x)
        return SN_NO_MEMORY;
#define COLUMN(c) (x + (size_t)(c)*g->seeds)
    for (size_t seed = 0; seed < g->seeds; seed++) {
        each_run(results, group, seed, count_run, s);
        size_t n = train_select(results, group, seed), i = s->seeds;
        if (n == TRAIN_ANY)
            continue;
        const struct train_run *r = &results->run[n];
        struct train_place at = train_grid_place(g, n);
        s->seeds++;
        s->selected_diverged += r->outcome == TRAIN_RUN_DIVERGED;
        s->selected_stuck += r->stuck;
        s->rate_count[at.rate]++;
        s->dropout_count[at.dropout]++;
        s->depth_count[at.depth]++;
        COLUMN(FINAL)[i] = r->final_test;
        COLUMN(BEST)[i] = r->best_test;
        COLUMN(TRAINING)[i] = r->final_training;
        COLUMN(VALIDATION)[i] = r->at[r->best].validation_accuracy;
        COLUMN(DEPTH)[i] = (double)g->depth[at.depth];
        if (r->outcome == TRAIN_RUN_DIVERGED)
            continue;
        for (size_t k = 0; k <= TRAIN_CHECKPOINTS; k++)
            COLUMN(CURVE + k)[whole] = r->at[k].loss;
        whole++;
    }
    s->final_test = train_estimate_of(COLUMN(FINAL), s->seeds);
    s->best_test = train_estimate_of(COLUMN(BEST), s->seeds);
    s->training = train_estimate_of(COLUMN(TRAINING), s->seeds);
    s->validation = train_estimate_of(COLUMN(VALIDATION), s->seeds);
    s->depth = train_estimate_of(COLUMN(DEPTH), s->seeds);
    for (size_t k = 0; k <= TRAIN_CHECKPOINTS; k++) {
        s->curve[k] = train_estimate_of(COLUMN(CURVE + k), whole);
        s->curve_quartiles[k] = train_quartiles_of(COLUMN(CURVE + k), whole);
    }
    s->loss = s->curve[TRAIN_CHECKPOINTS];
#undef COLUMN
    free(x);
    return SN_OK;
}

enum sn_status train_summarize_layer(struct train_layer_summary_of_runs *out,
    const struct train_results *results, const struct train_group *group,
    size_t stage, size_t layer)
{
    const struct train_grid *g = &results->grid;
    double *x = malloc((4 * g->seeds + 1) * sizeof *x);
    size_t count = 0, seeds = g->seeds;
    if (!x)
        return SN_NO_MEMORY;
    for (size_t seed = 0; seed < seeds; seed++) {
        size_t n = train_select(results, group, seed);
        if (n == TRAIN_ANY || results->run[n].stages <= stage)
            continue;
        size_t depth = g->depth[train_grid_place(g, n).depth];
        if (layer > depth)
            continue;
        const struct train_layer_state *l =
            &results->run[n].layer[stage * (depth + 1) + layer];
        x[count] = l->mean;
        x[seeds + count] = l->variance;
        x[2 * seeds + count] = l->rows_inside;
        x[3 * seeds + count] = l->units_inside;
        count++;
    }
    out->mean = train_estimate_of(x, count);
    out->variance = train_estimate_of(x + seeds, count);
    out->rows_inside = train_estimate_of(x + 2 * seeds, count);
    out->units_inside = train_estimate_of(x + 3 * seeds, count);
    out->mean_quartiles = train_quartiles_of(x, count);
    out->variance_quartiles = train_quartiles_of(x + seeds, count);
    free(x);
    return SN_OK;
}

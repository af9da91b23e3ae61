/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/experiment/arms_compared.h"
#include <stdlib.h>
#include <string.h>

size_t train_grid_reference(const struct train_grid *g)
{
    for (size_t a = 0; a < g->arms; a++)
        if (!strcmp(g->arm[a]->name, "snn"))
            return a;
    return 0;
}

enum sn_status train_summarize_all(struct train_summary **summary,
    size_t *count, const struct train_results *results, bool any_depth)
{
    const struct train_grid *g = &results->grid;
    const size_t depths = any_depth ? 1 : g->depths;
    const size_t all = g->tasks * g->arms * depths;
    enum sn_status status = SN_OK;
    *count = 0;
    *summary = calloc(all + 1, sizeof **summary);
    if (!*summary)
        return SN_NO_MEMORY;
    for (; status == SN_OK && *count < all; ++*count) {
        const size_t i = *count / depths;
        const struct train_group group = {
            .at = {.task = i / g->arms,
                .arm = i % g->arms,
                .depth = any_depth ? TRAIN_ANY : *count % depths,
                .rate = TRAIN_ANY,
                .dropout = TRAIN_ANY}};
        status = train_summarize(&(*summary)[*count], results, &group);
    }
    return status;
}

bool train_against(struct train_wilcoxon *test, double *difference,
    const struct train_results *results, const struct train_group *group)
{
    const struct train_grid *g = &results->grid;
    struct train_group other = *group;
    size_t n = 0;
    other.at.arm = train_grid_reference(g);
    if (group->at.arm == other.at.arm || g->arms < 2)
        return false;
    double *d = malloc((g->seeds + 1) * sizeof *d);
    *difference = 0;
    for (size_t seed = 0; d && seed < g->seeds; seed++) {
        size_t a = train_select(results, group, seed);
        size_t b = train_select(results, &other, seed);
        if (a == TRAIN_ANY || b == TRAIN_ANY)
            continue;
        d[n] = train_tidy_difference(
            results->run[a].best_test, results->run[b].best_test);
        *difference += d[n++];
    }
    *difference /= (double)n;
    bool done = d && n && train_wilcoxon_test(test, d, n);
    free(d);
    return done;
}

enum sn_status train_scores_of(struct train_scores *scores,
    const struct train_grid *g, const struct train_summary *summary)
{
    enum sn_status status = train_scores_start(scores, g->tasks, g->arms);
    for (size_t i = 0; status == SN_OK && i < g->tasks * g->arms; i++)
        scores->accuracy[i] = summary[i].best_test.mean;
    for (size_t i = 0; status == SN_OK && i < g->tasks; i++)
        if (!(scores->task[i] = strdup(g->task[i].name)))
            status = SN_NO_MEMORY;
    for (size_t a = 0; status == SN_OK && a < g->arms; a++)
        if (!(scores->method[a] = strdup(g->arm[a]->title)))
            status = SN_NO_MEMORY;
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs that other ranks did, as bytes: all run the same program. */
#include "verify/shared/ranks.h"
#include "verify/training/experiment/grid.h"
#include <stdlib.h>

/* Run n, which is of rank `from`, with its layers. */
static enum sn_status bring_run(
    struct train_run *run, const struct train_recipe *recipe, int from)
{
    bool arrives = shared_ranks_own() == 0;
    size_t size = TRAIN_STAGES * (recipe->depth + 1) * sizeof *run->layer;
    if (arrives)
        train_run_clear(run); /* of the folder */
    shared_ranks_bring(run, sizeof *run, from);
    if (run->outcome == TRAIN_RUN_MISSING) {
        run->layer = arrives ? NULL : run->layer;
        return SN_OK;
    }
    if (arrives && !(run->layer = malloc(size)))
        return SN_NO_MEMORY;
    shared_ranks_bring(run->layer, size, from);
    return SN_OK;
}

enum sn_status train_results_gather(struct train_results *results)
{
    const struct train_grid *g = &results->grid;
    enum sn_status status = SN_OK;
    results->present = 0;
    for (size_t n = 0; status == SN_OK && n < train_grid_places(g); n++) {
        struct train_place at = train_grid_place(g, n);
        struct train_recipe recipe;
        int from = (int)(n % g->shards);
        if (train_grid_recipe(&recipe, g, &at) && from > 0 &&
            (shared_ranks_own() == 0 || shared_ranks_own() == from))
            status = bring_run(&results->run[n], &recipe, from);
        results->present += results->run[n].outcome != TRAIN_RUN_MISSING;
    }
    for (int from = 1; from < shared_ranks_count(); from++) {
        bool interrupted = results->interrupted;
        shared_ranks_bring(&interrupted, sizeof interrupted, from);
        results->interrupted = results->interrupted || interrupted;
    }
    return status;
}

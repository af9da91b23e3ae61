/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs that other ranks did, as bytes: all run the same program. */
#include "verify/shared/ranks.h"
#include "verify/training/grid.h"
#include <stdlib.h>

/* Run n, which is of rank `from`, with its layers. */
static enum sn_status bring(
    struct sn_run *run, const struct sn_recipe *recipe, int from)
{
    bool arrives = sn_ranks_own() == 0;
    size_t size = SN_STAGES * (recipe->depth + 1) * sizeof *run->layer;
    if (arrives)
        sn_run_clear(run); /* of the folder */
    sn_ranks_bring(run, sizeof *run, from);
    if (run->outcome == SN_RUN_MISSING) {
        run->layer = arrives ? NULL : run->layer;
        return SN_OK;
    }
    if (arrives && !(run->layer = malloc(size)))
        return SN_NO_MEMORY;
    sn_ranks_bring(run->layer, size, from);
    return SN_OK;
}

enum sn_status sn_results_gather(struct sn_results *results)
{
    const struct sn_grid *g = &results->grid;
    enum sn_status status = SN_OK;
    results->present = 0;
    for (size_t n = 0; status == SN_OK && n < sn_grid_places(g); n++) {
        struct sn_place at = sn_grid_place(g, n);
        struct sn_recipe recipe;
        int from = (int)(n % g->shards);
        if (sn_grid_recipe(&recipe, g, &at) && from > 0 &&
            (sn_ranks_own() == 0 || sn_ranks_own() == from))
            status = bring(&results->run[n], &recipe, from);
        results->present += results->run[n].outcome != SN_RUN_MISSING;
    }
    for (int from = 1; from < sn_ranks_count(); from++) {
        bool interrupted = results->interrupted;
        sn_ranks_bring(&interrupted, sizeof interrupted, from);
        results->interrupted = results->interrupted || interrupted;
    }
    return status;
}

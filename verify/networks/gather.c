/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks that other ranks ran. */
#include "verify/networks/networks.h"
#include "verify/shared/ranks.h"
#include <stdlib.h>

/* Settled digits: 2^31 ranks could add up without a carry that is lost. */
static void add_cells(struct sn_cell *cell, size_t cells)
{
    const size_t step = 4096;
    for (size_t i = 0; i < cells; i++) {
        sn_sum_settle(&cell[i].sum);
        sn_sum_settle(&cell[i].square);
    }
    for (size_t i = 0; i < cells; i += step) {
        size_t part = cells - i < step ? cells - i : step;
        sn_ranks_add(cell[i].sum.digit, part * 2 * SN_SUM_DIGITS);
    }
    for (size_t i = 0; i < cells; i++) {
        sn_sum_settle(&cell[i].sum);
        sn_sum_settle(&cell[i].square);
    }
}

enum sn_status sn_ensemble_gather(struct sn_ensemble *e)
{
    struct message {
        uint64_t networks, interrupted, failure, layer, network;
    } mine = {e->networks, e->interrupted, (uint64_t)e->failure,
        e->failed_layer, e->failed_network};
    const int ranks = sn_ranks_count();
    struct message *all = calloc((size_t)ranks, sizeof *all);
    if (!all)
        return SN_NO_MEMORY;
    add_cells(e->cell, (e->settings.depth + 1) * SN_QUANTITIES);
    add_cells(e->pooled, SN_POOLED);
    sn_ranks_gather(all, &mine, sizeof mine);
    for (int r = 1; r < ranks && sn_ranks_own() == 0; r++) {
        e->networks += all[r].networks;
        e->interrupted = e->interrupted || all[r].interrupted;
        sn_ensemble_note(
            e, (enum sn_failure)all[r].failure, all[r].network, all[r].layer);
    }
    free(all);
    return SN_OK;
}

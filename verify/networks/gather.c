/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks that other ranks ran. */
#include "verify/networks/networks.h"
#include "verify/shared/ranks.h"
#include <stdlib.h>

/* Settled digits: 2^31 ranks could add up without a carry that is lost. */
static void add_cells(struct net_cell *cell, size_t cells)
{
    const size_t step = 4096;
    for (size_t i = 0; i < cells; i++) {
        net_sum_settle(&cell[i].sum);
        net_sum_settle(&cell[i].square);
    }
    for (size_t i = 0; i < cells; i += step) {
        size_t part = cells - i < step ? cells - i : step;
        shared_ranks_add(cell[i].sum.digit, part * 2 * NET_SUM_DIGITS);
    }
    for (size_t i = 0; i < cells; i++) {
        net_sum_settle(&cell[i].sum);
        net_sum_settle(&cell[i].square);
    }
}

enum sn_status net_ensemble_gather(struct net_ensemble *e)
{
    struct net_message {
        uint64_t networks, interrupted, failure, layer, network;
    } mine = {e->networks, e->interrupted, (uint64_t)e->failure,
        e->failed_layer, e->failed_network};
    const int ranks = shared_ranks_count();
    struct net_message *all = calloc((size_t)ranks, sizeof *all);
    if (!all)
        return SN_NO_MEMORY;
    add_cells(e->cell, (e->settings.depth + 1) * NET_QUANTITIES);
    add_cells(e->pooled, NET_POOLED);
    shared_ranks_gather(all, &mine, sizeof mine);
    for (int r = 1; r < ranks && shared_ranks_own() == 0; r++) {
        e->networks += all[r].networks;
        e->interrupted = e->interrupted || all[r].interrupted;
        net_ensemble_note(
            e, (enum net_failure)all[r].failure, all[r].network, all[r].layer);
    }
    free(all);
    return SN_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/ranks.h"
#include "verify/networks/networks.h"
#include <string.h>

#ifdef SN_MPI
#include <mpi.h>
#include <stdlib.h>

static int own, count = 1;
static bool joined;

/* Exit of one rank: the others would wait for it forever. */
static void take_down(int status, void *unused)
{
    (void)unused;
    if (joined)
        MPI_Abort(MPI_COMM_WORLD, status);
}

void sn_ranks_join(void)
{
    int level;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &own);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    joined = true;
    on_exit(take_down, NULL);
}

void sn_ranks_leave(void)
{
    joined = false;
    MPI_Finalize();
}

int sn_ranks_own(void)
{
    return own;
}

int sn_ranks_count(void)
{
    return count;
}

bool sn_ranks_have_mpi(void)
{
    return true;
}

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
        int digits = (int)(part * 2 * SN_SUM_DIGITS);
        void *at = cell[i].sum.digit;
        MPI_Reduce(own == 0 ? MPI_IN_PLACE : at, own == 0 ? at : NULL, digits,
            MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    }
    for (size_t i = 0; i < cells; i++) {
        sn_sum_settle(&cell[i].sum);
        sn_sum_settle(&cell[i].square);
    }
}

void sn_ranks_merge(struct sn_ensemble *e)
{
    /* networks, interrupted, then each rank's failure */
    uint64_t all[2] = {e->networks, e->interrupted}, sum[2];
    uint64_t mine[3] = {
        (uint64_t)e->failure, e->failed_layer, e->failed_network};
    uint64_t *every = calloc((size_t)count * 3, sizeof *every);
    if (!every)
        MPI_Abort(MPI_COMM_WORLD, 3);
    add_cells(e->cell, (e->settings.depth + 1) * SN_QUANTITIES);
    add_cells(e->pooled, SN_POOLED);
    MPI_Reduce(all, sum, 2, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Gather(
        mine, 3, MPI_UINT64_T, every, 3, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    if (own == 0) {
        e->networks = sum[0];
        e->interrupted = sum[1] > 0;
        for (int r = 1; r < count; r++)
            sn_ensemble_note(e, (enum sn_failure)every[3 * r],
                every[3 * r + 2], every[3 * r + 1]);
    }
    free(every);
}

void sn_ranks_gather(void *all, const void *mine, size_t size)
{
    MPI_Gather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0,
        MPI_COMM_WORLD);
}

#else

void sn_ranks_join(void)
{
}

void sn_ranks_leave(void)
{
}

int sn_ranks_own(void)
{
    return 0;
}

int sn_ranks_count(void)
{
    return 1;
}

bool sn_ranks_have_mpi(void)
{
    return false;
}

void sn_ranks_merge(struct sn_ensemble *ensemble)
{
    (void)ensemble;
}

void sn_ranks_gather(void *all, const void *mine, size_t size)
{
    memcpy(all, mine, size);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/ranks.h"
#include <stdlib.h>
#include <string.h>

#ifdef SN_MPI
#include <mpi.h>
#include <stdbool.h>

static int own, count = 1;
static bool joined;

/* Exit of one rank: the others would wait for it forever. */
static void take_down(int status, void *unused)
{
    (void)unused;
    if (joined)
        MPI_Abort(MPI_COMM_WORLD, status);
}

void shared_ranks_join(void)
{
    int level;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &own);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    joined = true;
    on_exit(take_down, NULL);
}

void shared_ranks_leave(void)
{
    joined = false;
    MPI_Finalize();
}

int shared_ranks_own(void)
{
    return own;
}

int shared_ranks_count(void)
{
    return count;
}

int shared_ranks_launched(int *rank)
{
    *rank = own;
    return count;
}

uint64_t shared_ranks_agree(uint64_t number)
{
    MPI_Bcast(&number, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    return number;
}

void shared_ranks_bring(void *at, size_t size, int from)
{
    if (from == 0)
        return;
    if (own == from)
        MPI_Send(at, (int)size, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    else if (own == 0)
        MPI_Recv(at, (int)size, MPI_BYTE, from, 0, MPI_COMM_WORLD,
            MPI_STATUS_IGNORE);
}

void shared_ranks_gather(void *all, const void *mine, size_t size)
{
    MPI_Gather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0,
        MPI_COMM_WORLD);
}

void shared_ranks_add(int64_t *at, size_t n)
{
    MPI_Reduce(own == 0 ? MPI_IN_PLACE : at, own == 0 ? at : NULL, (int)n,
        MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
}

#else

void shared_ranks_join(void)
{
}

void shared_ranks_leave(void)
{
}

int shared_ranks_own(void)
{
    return 0;
}

int shared_ranks_count(void)
{
    return 1;
}

int shared_ranks_launched(int *rank)
{
    static const char *const name[][2] = {
        {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
        {"PMI_SIZE", "PMI_RANK"}};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        const char *size = getenv(name[i][0]), *number = getenv(name[i][1]);
        *rank = number ? atoi(number) : 0;
        if (size)
            return atoi(size);
    }
    *rank = 0;
    return 1;
}

uint64_t shared_ranks_agree(uint64_t number)
{
    return number;
}

void shared_ranks_bring(void *at, size_t size, int from)
{
    (void)at;
    (void)size;
    (void)from;
}

void shared_ranks_gather(void *all, const void *mine, size_t size)
{
    memcpy(all, mine, size);
}

void shared_ranks_add(int64_t *at, size_t n)
{
    (void)at;
    (void)n;
}

#endif

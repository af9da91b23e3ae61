/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/parallel.h"
#include <omp.h>
#include <time.h>

/* OpenBLAS has these, other implementations of CBLAS may not. */
extern void openblas_set_num_threads(int) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

int shared_team_threads(int threads, size_t tasks)
{
    int most = threads < SHARED_MOST_THREADS ? threads : SHARED_MOST_THREADS;
    return (size_t)most < tasks ? most : (int)tasks;
}

bool shared_team_goes_on(struct shared_team *team)
{
    if (team->progress && omp_get_thread_num() == 0) {
        double done;
#pragma omp atomic read
        done = team->done;
        if (!team->progress(
                team->listener, team->work > 0 ? done / team->work : 0))
            atomic_store(&team->stop, true);
    }
    return !atomic_load(&team->stop);
}

void shared_team_did(struct shared_team *team, double work)
{
#pragma omp atomic update
    team->done += work;
}

void shared_team_stop(struct shared_team *team)
{
    atomic_store(&team->stop, true);
}

/* The calling thread may run out of tasks first: it keeps listening.  Sweeps
   have a thousand teams in turn, so not for long at a time. */
static void wait_for_others(struct shared_team *team)
{
    const struct timespec nap = {.tv_nsec = 1000000};
    while (
        atomic_load(&team->ended) < team->tasks && shared_team_goes_on(team))
        nanosleep(&nap, NULL);
}

bool shared_team_run(struct shared_team *team)
{
    int threads = shared_team_threads(team->threads, team->tasks);
    int blas = openblas_get_num_threads ? openblas_get_num_threads() : 0;
    if (!team->tasks)
        return true;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(dynamic) nowait
        for (size_t i = 0; i < team->tasks; i++) {
            if (shared_team_goes_on(team))
                team->task(team, i, omp_get_thread_num());
            atomic_fetch_add(&team->ended, 1);
        }
        if (omp_get_thread_num() == 0)
            wait_for_others(team);
    }
    if (openblas_set_num_threads && blas > 0)
        openblas_set_num_threads(blas);
    return !atomic_load(&team->stop);
}

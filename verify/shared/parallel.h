/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Independent tasks on the threads of OpenMP: each thread takes the next one
 * until there are none.  Meanwhile a product of matrices takes one thread
 * alone, so that its bits do not depend on how many there are.
 *
 * Only the calling thread reports, also while others finish; what its progress
 * function answers, all of them obey.
 */
#ifndef SN_VERIFY_SHARED_PARALLEL_H
#define SN_VERIFY_SHARED_PARALLEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* False asks to stop.  Called from the calling thread alone, part 0..1. */
typedef bool shared_progress(void *context, double part);

struct shared_team;
/* Task number `i` of the team, by thread `thread` of 0 .. threads - 1. */
typedef void shared_task(struct shared_team *team, size_t i, int thread);

struct shared_team {
    size_t tasks;
    int threads; /* at most SHARED_MOST_THREADS and one a task count */
    double work; /* of all tasks, in units of the caller's */
    shared_task *task;
    void *context;             /* the task's */
    shared_progress *progress; /* NULL: nobody listens */
    void *listener;            /* progress's context */
    /* the team's own: 0 at the start */
    double done;
    atomic_bool stop;
    atomic_size_t ended;
};

/*
 * OpenBLAS keeps buffers for a fixed number of concurrent callers and crashes
 * some way beyond it (Debian's build warns from 257 on, 600 ended in SIGSEGV).
 */
enum { SHARED_MOST_THREADS = 128 };

/* How many threads take a hand in so many tasks. */
int shared_team_threads(int threads, size_t tasks);

/* False: stopped before all tasks were done. */
bool shared_team_run(struct shared_team *team);

/* ---- for the tasks ---- */

/* False: stop.  Tasks ask often, for this is when progress is shown. */
bool shared_team_goes_on(struct shared_team *team);
void shared_team_did(struct shared_team *team, double work);
void shared_team_stop(struct shared_team *team);

#endif

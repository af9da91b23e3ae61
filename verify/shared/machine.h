/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks, and the memory of this machine. */
#ifndef SN_VERIFY_SHARED_MACHINE_H
#define SN_VERIFY_SHARED_MACHINE_H

#include <time.h>
#include <unistd.h>

static inline double shared_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Since some moment in the past, the same while the program runs. */
static inline double shared_seconds(void)
{
    return shared_clock(CLOCK_MONOTONIC);
}

/* Of this thread alone: other programs on the machine do not count. */
static inline double shared_thread_seconds(void)
{
    return shared_clock(CLOCK_THREAD_CPUTIME_ID);
}

/* Bytes of memory; 0 or less: not known. */
static inline double shared_memory(void)
{
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

#endif

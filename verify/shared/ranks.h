/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of an MPI run (make MPI=1); without MPI, the one there is.
 * All ranks call each of these in the same order.
 */
#ifndef SN_VERIFY_SHARED_RANKS_H
#define SN_VERIFY_SHARED_RANKS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Joins the others.  A rank that exits before shared_ranks_leave() takes all
 * down with its exit status.
 */
void shared_ranks_join(void);
void shared_ranks_leave(void);
int shared_ranks_own(void); /* 0 .. shared_ranks_count() - 1 */
int shared_ranks_count(void);
/*
 * Without MPI: how many processes a launcher started beside this one, it
 * included, by what it left in the environment, and which this is; else the
 * two above.
 */
int shared_ranks_launched(int *own);

/* What rank 0 says. */
uint64_t shared_ranks_agree(uint64_t number);

/*
 * Rank 0 gets the `size` bytes, fewer than 2^31, that rank `from` has `at` its
 * own place.
 */
void shared_ranks_bring(void *at, size_t size, int from);

/* Rank 0 gets `size` bytes of each rank in `all`, in their order. */
void shared_ranks_gather(void *all, const void *mine, size_t size);

/* Rank 0 gets the sums over all ranks; the others keep their own. */
void shared_ranks_add(int64_t *at, size_t n);

#endif

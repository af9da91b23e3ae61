/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of an MPI run (make MPI=1); without MPI, the one there is.
 * All ranks call each of these in the same order.
 */
#ifndef SN_VERIFY_NETWORKS_RANKS_H
#define SN_VERIFY_NETWORKS_RANKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Joins the others.  A rank that exits before sn_ranks_leave() takes all down
 * with its exit status.
 */
void sn_ranks_join(void);
void sn_ranks_leave(void);
int sn_ranks_own(void); /* 0 .. sn_ranks_count() - 1 */
int sn_ranks_count(void);
bool sn_ranks_have_mpi(void); /* was it built in? */

/* Rank 0 gets `size` bytes of each rank in `all`, in their order. */
void sn_ranks_gather(void *all, const void *mine, size_t size);

struct sn_ensemble; /* networks.h */

/* Rank 0 gets the merged ensemble of all; the others keep their own. */
void sn_ranks_merge(struct sn_ensemble *ensemble);

#endif

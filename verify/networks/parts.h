/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The networks of a run in fixed ranges: ranks share them, a folder keeps
 * them.  The body of a part (verify/shared/parts.h):
 *   networks FIRST COUNT ENDED LAYERS FAILURE NETWORK LAYER
 *   sum INDEX FIRST DIGIT...       hexadecimal, only sums that are not 0
 */
#ifndef SN_VERIFY_NETWORKS_PARTS_H
#define SN_VERIFY_NETWORKS_PARTS_H

#include "verify/networks/networks.h"
#include "verify/shared/parts.h"

/* Where parts are kept. */
struct net_keeping {
    const char *folder; /* NULL: nowhere */
    /* in one line: the activation, and whatever else a number depends on
       beside net_networks_print() */
    const char *identity;
};

/*
 * All settings->networks networks; rank 0 has what all ranks did.  SN_SYSTEM:
 * `fault` says what is wrong with a part.  Otherwise as net_run().
 */
enum sn_status net_run_parts(struct net_ensemble *ensemble,
    const struct net_networks *settings, const struct net_keeping *keeping,
    struct shared_parts_fault *fault, shared_progress *progress,
    void *context);

/* A part's body as text, to be freed; NULL: no memory. */
char *net_part_print(struct net_ensemble *part, size_t first, size_t count);
/* Into an ensemble of no networks, which is spoilt if it is refused; `body`
   is cut up. */
enum shared_parts_state net_part_parse(
    struct net_ensemble *part, char *body, size_t first, size_t count);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run from beginning to end: its theory, its networks, what they show.
 */
#ifndef SN_VERIFY_NETWORKS_STUDY_H
#define SN_VERIFY_NETWORKS_STUDY_H

#include "verify/networks/parts.h"
#include "verify/networks/statistics/statistics.h"
#include "verify/networks/theory/theory.h"

struct net_study {
    /* asked */
    struct net_networks *settings; /* its depth and networks may shrink */
    struct expr_expression *f;     /* of settings->model; it gains nodes */
    double alpha;                  /* that any statement is wrong, at most */
    double power; /* 0: networks as given; else at most so many, as are needed
                     to show equivalence with this probability */
    bool margins; /* it fails unless equivalence is shown */
    struct net_keeping keeping;
    shared_progress *progress;
    void *context;

    /* found */
    struct theory_theory theory;
    struct net_ensemble ensemble;
    struct net_residual_test test;
    struct net_equivalence equivalence[2]; /* mean, variance */
    struct net_extreme distance;           /* layer 0: not known */
    bool tested;                           /* enough was measured for tests */
    bool holds;                            /* all that was asked */
    uint64_t digest;
    struct shared_parts_fault fault;
};

/* Networks from which --power's number is found. */
enum { NET_PILOT = 32 };

/*
 * The theory alone.  Where an activation has no moments, or none in binary64,
 * the networks end at the layer before.  SN_UNDECIDED: not even the first
 * layer has them, `theory` says why.
 */
enum sn_status net_study_theory(struct net_study *study);

/* What follows.  SN_SYSTEM: `fault` says which part cannot be used. */
enum sn_status net_study_run(struct net_study *study);
void net_study_clear(struct net_study *study);

/* Bytes that a run needs, with the theory's table. */
double net_study_bytes(const struct net_networks *settings);

/*
 * Seconds for a layer of one network on one thread, measured on *timed layers.
 */
enum sn_status net_layer_seconds(
    double *seconds, size_t *timed, const struct net_networks *settings);

#endif

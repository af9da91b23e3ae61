/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/study.h"
#include "verify/shared/machine.h"
#include "verify/shared/ranks.h"
#include <math.h>

double net_study_bytes(const struct net_networks *settings)
{
    return net_bytes(settings) +
           ((double)settings->depth + 1) * THEORY_COLUMNS * sizeof(double);
}

enum sn_status net_study_theory(struct net_study *study)
{
    struct net_networks *s = study->settings;
    enum sn_status status = theory_init(&study->theory, s, study->f);
    if (status != SN_OK || !theory_ends(&study->theory))
        return status;
    if (study->theory.layers < 2)
        return SN_UNDECIDED;
    s->depth = study->theory.layers - 1;
    if (s->dropout_layers > s->depth)
        s->dropout_layers = s->depth;
    return SN_OK;
}

static void test_networks(struct net_study *study)
{
    const struct theory_theory *theory = &study->theory;
    const struct net_ensemble *e = &study->ensemble;
    const double quarter = study->alpha / 4;
    study->tested = net_residual_test(&study->test, e, quarter) == SN_OK &&
                    net_equivalence_test(study->equivalence, e, quarter,
                        study->power > 0 ? study->power : 0.9) == SN_OK;
    if (study->tested && theory->layers >= e->layers)
        net_ensemble_distance(&study->distance, e,
            theory->column[THEORY_T_MEAN], theory->column[THEORY_T_VARIANCE],
            quarter);
}

static enum sn_status run_networks(
    struct net_study *study, const struct net_keeping *keeping)
{
    net_ensemble_clear(&study->ensemble);
    enum sn_status status = net_run_parts(&study->ensemble, study->settings,
        keeping, &study->fault, study->progress, study->context);
    if (status == SN_OK)
        test_networks(study);
    return status;
}

/* As many networks as the tests say are needed, at most `most`. */
static size_t networks_needed(const struct net_study *study, size_t most)
{
    double wanted = NET_PILOT;
    for (int i = 0; study->tested && i < 2; i++)
        wanted = fmax(wanted, study->equivalence[i].needed);
    return wanted < (double)most ? (size_t)wanted : most;
}

/*
 * The first networks say how many are needed.  They are not kept: parts belong
 * to a run whose number of networks is known, and the same first ones say the
 * same when it is run again.
 */
static enum sn_status run_with_power(struct net_study *study)
{
    const struct net_keeping nowhere = {0};
    size_t most = study->settings->networks;
    study->settings->networks = most < NET_PILOT ? most : NET_PILOT;
    enum sn_status status = run_networks(study, &nowhere);
    if (status != SN_OK)
        return status;
    size_t wanted =
        study->ensemble.interrupted ? 0 : networks_needed(study, most);
    wanted = (size_t)shared_ranks_agree(wanted);
    if (wanted <= study->settings->networks)
        return SN_OK;
    study->settings->networks = wanted;
    return run_networks(study, &study->keeping);
}

enum sn_status net_study_run(struct net_study *study)
{
    enum sn_status status = study->power > 0
                                ? run_with_power(study)
                                : run_networks(study, &study->keeping);
    if (status != SN_OK)
        return status;
    const struct net_ensemble *e = &study->ensemble;
    const struct net_equivalence *both = study->equivalence;
    bool shown = both[0].outcome == NET_SHOWN && both[1].outcome == NET_SHOWN;
    study->digest = net_ensemble_digest(e);
    study->holds = study->tested && study->test.passed &&
                   study->test.layers_passed && (shown || !study->margins) &&
                   !e->interrupted && !e->failure &&
                   !theory_ends(&study->theory);
    return SN_OK;
}

void net_study_clear(struct net_study *study)
{
    net_ensemble_clear(&study->ensemble);
    theory_clear(&study->theory);
}

/*
 * Layers cost the same: few are timed, then more of them and then more
 * networks until what a run takes to start no longer counts.
 */
enum sn_status net_layer_seconds(
    double *seconds, size_t *timed, const struct net_networks *settings)
{
    enum { TIMED_LAYERS = 4, MOST_TIMED_LAYERS = 64 };
    struct net_networks few = *settings;
    const double enough = 0.2;
    size_t depth =
        few.depth < MOST_TIMED_LAYERS ? few.depth : MOST_TIMED_LAYERS;
    few.depth = depth < TIMED_LAYERS ? depth : TIMED_LAYERS;
    few.threads = 1;
    for (few.networks = 1;;) {
        struct net_ensemble e;
        few.dropout_layers = few.depth;
        double before = shared_thread_seconds();
        enum sn_status status = net_run(&e, &few, 0, few.networks, NULL, NULL);
        if (status != SN_OK)
            return status;
        net_ensemble_clear(&e);
        double spent = shared_thread_seconds() - before;
        *timed = few.networks * few.depth;
        *seconds = spent / (double)*timed;
        if (spent > enough)
            return SN_OK;
        if (few.depth < depth)
            few.depth = 4 * few.depth < depth ? 4 * few.depth : depth;
        else
            few.networks *= 4;
    }
}

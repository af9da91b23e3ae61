/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/network.h"
#include <stdlib.h>

/* What the threads share, and each one's own. */
struct net_runner {
    const struct net_networks *settings;
    size_t first;
    struct net_workspace *space;
    struct net_ensemble *part;
};

static bool network_goes_on(void *team)
{
    return shared_team_goes_on(team);
}

static void layers_done(void *team, size_t layers)
{
    shared_team_did(team, (double)layers);
}

static void run_network(struct shared_team *team, size_t k, int thread)
{
    const struct net_runner *r = team->context;
    const struct net_watch watch = {network_goes_on, layers_done, team};
    struct net_workspace *space = &r->space[thread];
    struct net_course course;
    net_run_one(&course, space, r->settings, r->first + k, &watch);
    if (course.ended)
        net_ensemble_add(&r->part[thread],
            (const double(*)[NET_QUANTITIES])space->measure, course.layers,
            course.failure, r->first + k);
}

enum sn_status net_run(struct net_ensemble *ensemble,
    const struct net_networks *settings, size_t first, size_t count,
    shared_progress *progress, void *context)
{
    if (!net_is_runnable(settings))
        return SN_BAD_VALUE;
    int threads = net_threads(settings);
    struct net_runner r = {settings, first,
        calloc((size_t)threads, sizeof *r.space),
        calloc((size_t)threads, sizeof *r.part)};
    enum sn_status status = net_ensemble_init(ensemble, settings);
    bool enough = status == SN_OK && r.space && r.part;
    for (int t = 0; enough && t < threads; t++)
        enough = net_workspace_take(&r.space[t], settings) &&
                 net_ensemble_init(&r.part[t], settings) == SN_OK;
    if (enough) {
        shared_team_run(&(struct shared_team){.tasks = count,
            .threads = threads,
            .work = (double)count * (double)settings->depth,
            .task = run_network,
            .context = &r,
            .progress = progress,
            .listener = context});
        for (int t = 0; t < threads; t++)
            net_ensemble_merge(ensemble, &r.part[t]);
        ensemble->interrupted = ensemble->networks < count;
    }
    for (int t = 0; r.space && r.part && t < threads; t++) {
        net_workspace_release(&r.space[t]);
        net_ensemble_clear(&r.part[t]);
    }
    free(r.space);
    free(r.part);
    if (!enough)
        net_ensemble_clear(ensemble);
    return enough ? SN_OK : SN_NO_MEMORY;
}

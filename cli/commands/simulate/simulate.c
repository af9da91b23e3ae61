/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/simulate/simulate.h"
#include "verify/shared/ranks.h"
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PILOT = 32 };

static double gibibytes_there(void)
{
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) /
           0x1p30;
}

/* With the theory's table. */
static double gibibytes_needed(const struct cmd_simulation *s)
{
    return (net_bytes(&s->settings) + ((double)s->settings.depth + 1) *
                                          THEORY_COLUMNS * sizeof(double)) /
           0x1p30;
}

static void check_memory(const struct cmd_simulation *s)
{
    double needed = gibibytes_needed(s), there = gibibytes_there();
    if (there > 0 && needed > there)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE,
            "%.3g GiB of memory are needed, %.3g GiB are there; fewer "
            "layers, inputs, units or threads%s need less",
            needed, there, s->settings.backward ? ", or no --gradient," : "");
}

/* ---- theory ---- */

/* Where an activation has no moments, or none in binary64, the networks end at
 * the layer before. */
static void find_theory(struct cmd_simulation *s)
{
    enum sn_status status = theory_init(&s->theory, &s->settings, &s->f);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
    if (!theory_ends(&s->theory))
        return;
    if (s->theory.layers < 2 && s->theory.inexact)
        cli_die(&s->cli, CLI_EXIT_FAILED,
            "%.40s: its moments in binary64 differ from their enclosures; "
            "they cannot be compared with",
            cmd_choice_name(&s->choice));
    if (s->theory.layers < 2)
        cmd_choice_die(
            &s->choice, &s->cli, &s->theory.trouble, SN_BAD_VALUE, 15);
    s->settings.depth = s->theory.layers - 1;
    if (s->settings.dropout_layers > s->settings.depth)
        s->settings.dropout_layers = s->settings.depth;
}

/* ---- networks ---- */

static void test(struct cmd_simulation *s)
{
    const double *mean = s->theory.column[THEORY_T_MEAN],
                 *variance = s->theory.column[THEORY_T_VARIANCE];
    const struct net_ensemble *e = &s->ensemble;
    s->tested = net_residual_test(&s->test, e, s->alpha / 4) == SN_OK &&
                net_equivalence_test(s->equivalence, e, s->alpha / 4,
                    s->power > 0 ? s->power : 0.9) == SN_OK;
    if (s->tested && s->theory.layers >= e->layers)
        net_ensemble_distance(&s->distance, e, mean, variance, s->alpha / 4);
}

/* As many networks as the tests say are needed, at most `most`. */
static size_t networks_needed(const struct cmd_simulation *s, size_t most)
{
    double wanted = PILOT;
    for (int i = 0; s->tested && i < 2; i++)
        wanted = fmax(wanted, s->equivalence[i].needed);
    return wanted < (double)most ? (size_t)wanted : most;
}

/*
 * The first networks say how many are needed.  They are no shards: those
 * belong to a run whose number of networks is known, and the same first ones
 * say the same when it is run again.
 */
static void run_with_power(struct cmd_simulation *s)
{
    size_t most = s->settings.networks;
    const char *shards = s->shards;
    s->shards = NULL;
    s->settings.networks = most < PILOT ? most : PILOT;
    cmd_simulation_networks(s, s->settings.networks, &s->ensemble);
    test(s);
    size_t wanted = s->ensemble.interrupted ? 0 : networks_needed(s, most);
    wanted = (size_t)shared_ranks_agree(wanted);
    if (wanted <= s->settings.networks)
        return;
    net_ensemble_clear(&s->ensemble);
    s->shards = shards;
    s->settings.networks = wanted;
    cmd_simulation_networks(s, wanted, &s->ensemble);
    test(s);
}

void cmd_simulation_run(struct cmd_simulation *s)
{
    find_theory(s);
    double before = cli_seconds(&s->cli);
    if (s->power > 0) {
        run_with_power(s);
    } else {
        cmd_simulation_networks(s, s->settings.networks, &s->ensemble);
        test(s);
    }
    s->run_seconds = cli_seconds(&s->cli) - before;
    s->digest = net_ensemble_digest(&s->ensemble);
    bool shown =
        !s->words.margin || (s->equivalence[0].outcome == NET_SHOWN &&
                                s->equivalence[1].outcome == NET_SHOWN);
    s->ok = s->tested && s->test.passed && s->test.layers_passed && shown &&
            !s->ensemble.interrupted && !s->ensemble.failure &&
            !theory_ends(&s->theory);
}

/* ---- --plan ---- */

/* Of this thread alone: other programs on the machine do not count. */
static double seconds_spent(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/*
 * Seconds for a layer of one network on one thread.  Layers cost the same:
 * few are timed, then more of them and then more networks until what a run
 * takes to start no longer counts.
 */
static double layer_seconds(const struct cmd_simulation *s, size_t *timed)
{
    enum { LAYERS = 4, MOST_LAYERS = 64 };
    struct net_networks few = s->settings;
    const double enough = 0.2;
    size_t depth = few.depth < MOST_LAYERS ? few.depth : MOST_LAYERS;
    few.depth = depth < LAYERS ? depth : LAYERS;
    few.threads = 1;
    for (few.networks = 1;;) {
        struct net_ensemble e;
        few.dropout_layers = few.depth;
        double before = seconds_spent();
        enum sn_status status = net_run(&e, &few, 0, few.networks, NULL, NULL);
        if (status != SN_OK)
            cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
        net_ensemble_clear(&e);
        double spent = seconds_spent() - before;
        *timed = few.networks * few.depth;
        if (spent > enough)
            return spent / (double)*timed;
        if (few.depth < depth)
            few.depth = 4 * few.depth < depth ? 4 * few.depth : depth;
        else
            few.networks *= 4;
    }
}

void cmd_simulation_plan(struct cmd_simulation *s)
{
    size_t timed;
    double layer = layer_seconds(s, &timed);
    int threads = net_threads(&s->settings);
    double seconds = layer * (double)s->settings.depth *
                     ceil((double)s->settings.networks / threads);
    double needed = gibibytes_needed(s);
    if (s->cli.json) {
        json_t *document = cli_json(&s->cli);
        cli_json_machine(document);
        json_t *more =
            json_pack("{s:{s:f, s:f, s:f, s:f, s:i}}", "plan", "seconds",
                seconds, "seconds_per_layer", layer, "bytes", needed * 0x1p30,
                "bytes_there", gibibytes_there() * 0x1p30, "threads", threads);
        json_object_update(document, more);
        json_decref(more);
        cli_emit(&s->cli, document, needed <= gibibytes_there());
        return;
    }
    FILE *out = cli_open(&s->cli);
    cmd_simulation_settings(out, s);
    fprintf(out,
        "\n%.3g us a layer and network on one thread (measured on %zu layers)"
        "\n%.3g s on %d thread%s%s\n%.3g GiB of %.3g GiB of memory%s\n",
        1e6 * layer, timed, seconds, threads,
        threads > 1 ? "s, if each has a core to itself" : "",
        s->power > 0 ? ", for the most networks that --power may take" : "",
        needed, gibibytes_there(),
        needed > gibibytes_there() ? ": NOT ENOUGH" : "");
    cli_close(&s->cli, out);
}

int cmd_simulate(int argc, char **argv)
{
    static struct cmd_simulation s;
    shared_ranks_join();
    if (shared_ranks_own() > 0)
        cli_silence();
    cmd_simulation_parse(&s, argc, argv);
    enum cli_exit status = CLI_EXIT_OK;
    if (s.plan) {
        cmd_simulation_plan(&s);
        if (gibibytes_needed(&s) > gibibytes_there())
            status = CLI_EXIT_UNUSABLE;
    } else {
        check_memory(&s);
        cmd_simulation_run(&s);
        status = s.ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
    }
    if (shared_ranks_own() == 0 && !s.plan) {
        if (s.tsv)
            cmd_simulation_tsv(&s);
        if (s.cli.json)
            cmd_simulation_json(&s);
        else
            cmd_simulation_text(&s);
        if (!s.ok)
            cli_complain(&s.cli, "%s",
                s.ensemble.interrupted
                    ? s.shards ? "interrupted, run it again to go on"
                               : "interrupted, what ended is reported"
                : s.ensemble.failure || theory_ends(&s.theory)
                    ? "stopped, the result says where"
                : !s.tested ? "too little was measured to decide"
                : s.test.passed && s.test.layers_passed
                    ? "the margins are not shown"
                    : "the networks contradict the exact map");
    } else {
        status = s.plan ? status : CLI_EXIT_OK; /* rank 0 tells */
    }
    cmd_simulation_clear(&s);
    shared_ranks_leave();
    return (int)status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/simulate/simulate.h"
#include "cli/shards.h"
#include "verify/shared/machine.h"
#include "verify/shared/ranks.h"
#include <math.h>
#include <stdlib.h>

static double gibibytes_there(void)
{
    return shared_memory() / 0x1p30;
}

static double gibibytes_needed(const struct cmd_simulation *s)
{
    return net_study_bytes(&s->settings) / 0x1p30;
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

static void find_theory(struct cmd_simulation *s)
{
    const struct theory_theory *theory = &s->study.theory;
    enum sn_status status = net_study_theory(&s->study);
    if (status == SN_UNDECIDED && theory->inexact)
        cli_die(&s->cli, CLI_EXIT_FAILED,
            "%.40s: its moments in binary64 differ from their enclosures; "
            "they cannot be compared with",
            cmd_choice_name(&s->choice));
    if (status == SN_UNDECIDED && theory->no_moments)
        cmd_choice_die(
            &s->choice, &s->cli, &theory->trouble, SN_BAD_VALUE, 15);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

/* What the settings do not say: the version, and words as they were given. */
static char *identity_of(const struct cmd_simulation *s)
{
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (out) {
        fprintf(out, "version " CLI_VERSION " lambda %s alpha %s activation ",
            s->words.lambda ? s->words.lambda : "-",
            s->words.alpha ? s->words.alpha : "-");
        cmd_choice_print(out, &s->choice);
    }
    if (!out || fclose(out))
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    return line;
}

struct cmd_simulation_bar {
    struct cli_progress bar;
    const struct net_networks *settings; /* --power changes their number */
};

static bool show(void *context, double part)
{
    struct cmd_simulation_bar *b = context;
    b->bar.total =
        (double)(b->settings->networks / (size_t)shared_ranks_count());
    cli_progress_at(&b->bar, part * b->bar.total);
    return !cli_interrupted;
}

static void run_study(struct cmd_simulation *s)
{
    struct cmd_simulation_bar bar = {.settings = &s->settings};
    s->study.settings = &s->settings;
    s->study.f = &s->f;
    s->study.progress = show;
    s->study.context = &bar;
    s->study.keeping.identity = identity_of(s);
    find_theory(s);
    cli_catch_interrupt();
    cli_progress_start(&bar.bar, &s->cli, "random networks", 1);
    enum sn_status status = net_study_run(&s->study);
    cli_progress_end(&bar.bar);
    if (status == SN_SYSTEM)
        cli_shards_die(&s->cli, s->study.keeping.folder, &s->study.fault);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

/* ---- --plan ---- */

static void plan(struct cmd_simulation *s)
{
    size_t timed;
    double layer;
    enum sn_status status = net_layer_seconds(&layer, &timed, &s->settings);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
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
        s->study.power > 0 ? ", for the most networks that --power may take"
                           : "",
        needed, gibibytes_there(),
        needed > gibibytes_there() ? ": NOT ENOUGH" : "");
    cli_close(&s->cli, out);
}

static const char *why_not(const struct cmd_simulation *s)
{
    const struct net_study *study = &s->study;
    if (study->ensemble.interrupted)
        return study->keeping.folder ? "interrupted, run it again to go on"
                                     : "interrupted, what ended is reported";
    if (study->ensemble.failure || theory_ends(&study->theory))
        return "stopped, the result says where";
    if (!study->tested)
        return "too little was measured to decide";
    return study->test.passed && study->test.layers_passed
               ? "the margins are not shown"
               : "the networks contradict the exact map";
}

static void report(const struct cmd_simulation *s)
{
    if (!s->study.holds)
        cli_complain(&s->cli, "%s", why_not(s));
    if (s->tsv)
        cmd_simulation_tsv(s);
    if (s->cli.json)
        cmd_simulation_json(s);
    else
        cmd_simulation_text(s);
}

static const char laws_text[] =
    "{#laws}{name:-26s} {what}{gaussian?| (direct only)|}\n{/}";

static json_t *laws_tree(void)
{
    json_t *laws = json_array();
    for (const struct net_weight_law *l = net_weight_laws; l->name; l++)
        json_array_append_new(
            laws, json_pack("{s:s, s:s, s:b}", "name", l->name, "what",
                      l->help, "gaussian", l->gaussian));
    return json_pack("{s:o}", "laws", laws);
}

static void prepare_simulate(void *data)
{
    struct cmd_simulation *s = data;
    enum sn_status status = net_preset(&s->settings);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

static enum cli_exit run_simulate(void *data)
{
    struct cmd_simulation *s = data;
    enum cli_exit status = CLI_EXIT_OK;
    if (s->words.laws)
        return cli_result(&s->cli, laws_tree(), CLI_EXIT_OK, laws_text);
    cmd_simulation_assemble(s);
    if (s->plan) {
        plan(s);
        if (gibibytes_needed(s) > gibibytes_there())
            status = CLI_EXIT_UNUSABLE;
    } else {
        check_memory(s);
        run_study(s);
        if (shared_ranks_own() == 0) { /* rank 0 tells */
            report(s);
            status = s->study.holds ? CLI_EXIT_OK : CLI_EXIT_FAILED;
        }
    }
    cmd_simulation_clear(s);
    shared_ranks_leave();
    return status;
}

const struct cli_command cmd_simulate = {
    .name = "simulate",
    .summary = "measures deep random networks beside the exact map",
    .use = CLI_VALIDATE,
    .about =
        "Deep random fully connected networks beside their exact theory: mean "
        "and variance of one input over the units, correlation, kurtosis, "
        "gradients, layer by layer.  Exit status 1 where the networks "
        "contradict the theory, overflow or are interrupted, or a margin that "
        "was given is not shown.  docs/reference/simulate.md",
    .examples = {"--width 512 --depth 64 --start 0.5,3",
        "--method exact --activation gelu --power 0.9 --margin-mean 0.1"},
    .options = cmd_simulation_options,
    .size = sizeof(struct cmd_simulation),
    .prepare = prepare_simulate,
    .run = run_simulate,
    .has = CLI_THREADS | CLI_SEED | CLI_QUIET | CLI_RANKS,
    .seed = 1,
};

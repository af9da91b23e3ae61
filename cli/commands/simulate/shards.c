/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shards (cli/shards.h) are fixed ranges of networks, with a body of
 *   networks FIRST COUNT ENDED LAYERS FAILURE NETWORK LAYER
 *   sum INDEX FIRST DIGIT...       hexadecimal, only sums that are not 0
 */
#include "cli/shards.h"
#include "cli/commands/simulate/simulate.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Everything that any number depends on, in one line. */
static char *run_line(const struct cmd_simulation *s)
{
    const struct net_networks *n = &s->settings;
    const struct net_dropout *d = &n->dropout;
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    fprintf(out,
        "run " CLI_VERSION " width %zu depth %zu networks %zu inputs %zu "
        "way %d real %d init %s omega %a %a tau %a %a drawn %d start %a %a "
        "correlation %a dropout %a %a %a %a last %zu backward %d target %a %a "
        "margins %a %a seed %" PRIu64 " lambda %s alpha %s",
        n->width, n->depth, n->networks, n->inputs, (int)n->way, (int)n->real,
        n->weights->name, n->omega.low, n->omega.high, n->tau.low, n->tau.high,
        (int)n->drawn, n->start_mean, n->start_variance, n->correlation,
        d->rate, d->a, d->b, d->dropped, n->dropout_layers, n->backward,
        n->target_mean, n->target_variance, n->margin_mean, n->margin_variance,
        n->seed, s->words.lambda ? s->words.lambda : "-",
        s->words.alpha ? s->words.alpha : "-");
    uint64_t data = 0;
    if (n->data)
        data = cli_shards_hash(CLI_SHARDS_HASH_START, n->data,
            n->inputs * n->width * sizeof *n->data);
    fprintf(out, " data %016" PRIx64 " activation ", data);
    cmd_choice_text(out, &s->choice); /* ends the line */
    if (fclose(out))
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    return line;
}

/* ---- sums by index ---- */

static size_t sums_of(const struct net_ensemble *e)
{
    return 2 * ((e->settings.depth + 1) * NET_QUANTITIES + NET_POOLED);
}

static struct net_sum *sum_at(struct net_ensemble *e, size_t i)
{
    size_t cells = (e->settings.depth + 1) * NET_QUANTITIES;
    struct net_cell *cell =
        i / 2 < cells ? &e->cell[i / 2] : &e->pooled[i / 2 - cells];
    return i % 2 ? &cell->square : &cell->sum;
}

static void write_sum(FILE *out, struct net_sum *sum, size_t index)
{
    int first = 0, last = NET_SUM_DIGITS - 1;
    net_sum_settle(sum);
    while (first <= last && !sum->digit[first])
        first++;
    while (last > first && !sum->digit[last])
        last--;
    if (first > last)
        return;
    fprintf(out, "sum %zu %d", index, first);
    for (int i = first; i <= last; i++)
        fprintf(out, " %s%" PRIx64, sum->digit[i] < 0 ? "-" : "",
            (uint64_t)(sum->digit[i] < 0 ? -sum->digit[i] : sum->digit[i]));
    fputc('\n', out);
}

static bool read_sum(char *line, struct net_ensemble *e)
{
    char *at = line + 4;
    unsigned long long index = strtoull(at, &at, 10);
    long digit = strtol(at, &at, 10);
    if (index >= sums_of(e) || digit < 0)
        return false;
    struct net_sum *sum = sum_at(e, (size_t)index);
    for (; *at == ' '; digit++) {
        if (digit >= NET_SUM_DIGITS)
            return false;
        sum->digit[digit] = strtoll(at, &at, 16);
    }
    return !*at;
}

/* ---- files ---- */

static void save(const struct cli_shards *shards, size_t shard, size_t first,
    size_t count, struct net_ensemble *e)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (!memory)
        cli_die(
            shards->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    fprintf(memory, "networks %zu %zu %zu %zu %d %zu %zu\n", first, count,
        e->networks, e->layers, (int)e->failure, e->failed_network,
        e->failed_layer);
    for (size_t i = 0; i < sums_of(e); i++)
        write_sum(memory, sum_at(e, i), i);
    if (fclose(memory))
        cli_die(
            shards->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
    cli_shards_save(shards, shard, text);
    free(text);
}

/* Adds the file's sums; what does not fit together ends the program. */
static bool load(const struct cli_shards *shards, size_t shard, size_t first,
    size_t count, struct net_ensemble *e)
{
    size_t got[2], ended, layers, network, layer;
    int failure, used = 0;
    char *body = cli_shards_load(shards, shard);
    if (!body)
        return false;
    if (sscanf(body, "networks %zu %zu %zu %zu %d %zu %zu\n%n", &got[0],
            &got[1], &ended, &layers, &failure, &network, &layer,
            &used) != 7 ||
        !used || got[0] != first || got[1] != count || ended != count ||
        failure < 0 || failure > NET_FAILURE_GRADIENT || layers > e->layers)
        cli_shards_die(shards, shard, "its counts are not of this run");
    e->networks = ended;
    net_ensemble_note(e, (enum net_failure)failure, network, layer);
    char *rest = body + used, *line;
    while ((line = strsep(&rest, "\n")) && *line)
        if (strncmp(line, "sum ", 4) || !read_sum(line, e))
            cli_shards_die(shards, shard, "a line is not understood");
    free(body);
    return true;
}

/* ---- the run ---- */

/* At most 1024 shards, none below 8 networks but the last. */
static size_t shard_size(size_t networks)
{
    size_t size = (networks + 1023) / 1024;
    return size < 8 ? 8 : size;
}

struct place {
    struct cli_progress *bar;
    double before, count; /* networks */
};

static bool show(void *context, double fraction)
{
    struct place *p = context;
    cli_progress_at(p->bar, p->before + fraction * p->count);
    return !cli_interrupted;
}

static void init(struct cmd_simulation *s, struct net_ensemble *e)
{
    if (net_ensemble_init(e, &s->settings) != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(SN_NO_MEMORY));
}

/* shards: NULL where none are kept */
static void one_shard(struct cmd_simulation *s,
    const struct cli_shards *shards, size_t shard, size_t first, size_t count,
    struct place *place, struct net_ensemble *out)
{
    struct net_ensemble part;
    bool loaded = false;
    if (shards) {
        init(s, &part);
        loaded = load(shards, shard, first, count, &part);
        if (!loaded)
            net_ensemble_clear(&part);
    }
    if (!loaded) {
        enum sn_status status =
            net_run(&part, &s->settings, first, count, show, place);
        if (status != SN_OK)
            cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
        if (shards && !part.interrupted)
            save(shards, shard, first, count, &part);
    }
    net_ensemble_merge(out, &part);
    out->interrupted = out->interrupted || part.interrupted;
    net_ensemble_clear(&part);
}

void cmd_simulation_networks(
    struct cmd_simulation *s, size_t networks, struct net_ensemble *out)
{
    bool whole = !s->shards && shared_ranks_count() == 1;
    size_t size = whole ? networks : shard_size(networks);
    size_t parts = (networks + size - 1) / size;
    struct cli_progress bar;
    struct place place = {&bar, 0, 0};
    char *run = s->shards ? run_line(s) : NULL;
    const struct cli_shards shards = {
        &s->cli, s->shards, "selfnorm simulate shard 2\n", run};
    if (s->shards)
        cli_shards_open(&shards);
    init(s, out);
    cli_catch_interrupt();
    cli_progress_start(&bar, &s->cli, "random networks",
        (double)(networks / (size_t)shared_ranks_count()));
    for (size_t k = (size_t)shared_ranks_own(); k < parts;
         k += (size_t)shared_ranks_count(), place.before += place.count) {
        size_t first = k * size;
        size_t count = networks - first < size ? networks - first : size;
        place.count = (double)count;
        if (cli_interrupted) {
            out->interrupted = true;
            break;
        }
        one_shard(s, s->shards ? &shards : NULL, k, first, count, &place, out);
    }
    cli_progress_end(&bar);
    free(run);
    enum sn_status status = net_ensemble_gather(out);
    if (status != SN_OK)
        cli_die(&s->cli, CLI_EXIT_UNUSABLE, "%s", sn_strerror(status));
}

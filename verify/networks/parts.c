/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/parts.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

/* ---- sums by index ---- */

static size_t count_sums(const struct net_ensemble *e)
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

static void print_sum(FILE *out, struct net_sum *sum, size_t index)
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

static bool parse_sum(char *line, struct net_ensemble *e)
{
    if (strncmp(line, "sum ", 4))
        return false;
    char *at = line + 4;
    unsigned long long index = strtoull(at, &at, 10);
    long digit = strtol(at, &at, 10);
    if (index >= count_sums(e) || digit < 0)
        return false;
    struct net_sum *sum = sum_at(e, (size_t)index);
    for (; *at == ' '; digit++) {
        if (digit >= NET_SUM_DIGITS)
            return false;
        sum->digit[digit] = strtoll(at, &at, 16);
    }
    return !*at;
}

/* ---- a part as text ---- */

char *net_part_print(struct net_ensemble *e, size_t first, size_t count)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    fprintf(out, "networks %zu %zu %zu %zu %d %zu %zu\n", first, count,
        e->networks, e->layers, (int)e->failure, e->failed_network,
        e->failed_layer);
    for (size_t i = 0; i < count_sums(e); i++)
        print_sum(out, sum_at(e, i), i);
    if (!fclose(out))
        return text;
    free(text);
    return NULL;
}

enum shared_parts_state net_part_parse(
    struct net_ensemble *e, char *body, size_t first, size_t count)
{
    size_t start, wanted, ended, layers, network, layer;
    int failure, used = 0;
    if (sscanf(body, "networks %zu %zu %zu %zu %d %zu %zu\n%n", &start,
            &wanted, &ended, &layers, &failure, &network, &layer,
            &used) != 7 ||
        !used || start != first || wanted != count || ended != count)
        return SHARED_PARTS_COUNTS;
    if (failure < 0 || failure > NET_FAILURE_GRADIENT || layers > e->layers ||
        (failure && layer > e->settings.depth))
        return SHARED_PARTS_COUNTS;
    e->networks = ended;
    net_ensemble_note(e, (enum net_failure)failure, network, layer);
    char *rest = body + used, *line;
    while ((line = strsep(&rest, "\n")) && *line)
        if (!parse_sum(line, e))
            return SHARED_PARTS_LINE;
    return SHARED_PARTS_OK;
}

/* ---- the run ---- */

struct net_parts_run {
    const struct net_networks *settings;
    const struct shared_parts *store; /* NULL: none */
    struct shared_parts_fault *fault;
    shared_progress *progress;
    void *context;
    double before, count, mine; /* networks: done, of this part, of all */
};

static bool tell_progress(void *context, double part)
{
    struct net_parts_run *c = context;
    return !c->progress ||
           c->progress(c->context, (c->before + part * c->count) / c->mine);
}

/* At most 1024 parts, none below 8 networks but the last. */
static size_t part_size(size_t networks)
{
    size_t size = (networks + 1023) / 1024;
    return size < 8 ? 8 : size;
}

static enum sn_status fault_status(enum shared_parts_state state)
{
    return state == SHARED_PARTS_OK          ? SN_OK
           : state == SHARED_PARTS_NO_MEMORY ? SN_NO_MEMORY
                                             : SN_SYSTEM;
}

/* Kept from before into `part`, if it is there. */
static enum sn_status load_part(struct net_ensemble *part, bool *there,
    struct net_parts_run *c, const char *name, size_t first, size_t count)
{
    char *body;
    enum shared_parts_state state = shared_parts_load(&body, c->store, name);
    *there = state == SHARED_PARTS_OK;
    if (state == SHARED_PARTS_ABSENT)
        return SN_OK;
    if (*there)
        state = net_ensemble_init(part, c->settings) == SN_OK
                    ? net_part_parse(part, body, first, count)
                    : SHARED_PARTS_NO_MEMORY;
    free(body);
    if (*there && state != SHARED_PARTS_OK)
        net_ensemble_clear(part);
    return fault_status(shared_parts_note(c->fault, state, name));
}

static enum sn_status save_part(struct net_ensemble *part,
    struct net_parts_run *c, const char *name, size_t first, size_t count)
{
    char *body = net_part_print(part, first, count);
    enum shared_parts_state state =
        body ? shared_parts_save(c->store, name, body)
             : SHARED_PARTS_NO_MEMORY;
    free(body);
    return fault_status(shared_parts_note(c->fault, state, name));
}

static enum sn_status one_part(struct net_ensemble *ensemble,
    struct net_parts_run *c, size_t number, size_t first, size_t count)
{
    struct net_ensemble part;
    char name[SHARED_PARTS_NAME];
    bool loaded = false;
    enum sn_status status = SN_OK;
    snprintf(name, sizeof name, "shard-%06zu", number);
    if (c->store)
        status = load_part(&part, &loaded, c, name, first, count);
    if (status == SN_OK && !loaded) {
        status = net_run(&part, c->settings, first, count, tell_progress, c);
        if (status != SN_OK)
            return status;
        if (c->store && !part.interrupted)
            status = save_part(&part, c, name, first, count);
        loaded = true;
    }
    if (!loaded)
        return status;
    net_ensemble_merge(ensemble, &part);
    ensemble->interrupted = ensemble->interrupted || part.interrupted;
    net_ensemble_clear(&part);
    return status;
}

static enum sn_status all_parts(
    struct net_ensemble *ensemble, struct net_parts_run *c, size_t networks)
{
    const size_t ranks = (size_t)shared_ranks_count();
    const size_t size =
        ranks == 1 && !c->store ? networks : part_size(networks);
    enum sn_status status = SN_OK;
    c->mine = (double)(networks / ranks);
    for (size_t k = (size_t)shared_ranks_own();
         status == SN_OK && k * size < networks; k += ranks) {
        size_t first = k * size;
        size_t count = networks - first < size ? networks - first : size;
        c->count = (double)count;
        if (!tell_progress(c, 0)) {
            ensemble->interrupted = true;
            break;
        }
        status = one_part(ensemble, c, k, first, count);
        c->before += c->count;
    }
    return status;
}

static char *run_line(
    const struct net_networks *settings, const char *identity)
{
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        return NULL;
    fputs("run ", out);
    net_networks_print(out, settings);
    fprintf(out, " %s\n", identity);
    if (!fclose(out))
        return line;
    free(line);
    return NULL;
}

enum sn_status net_run_parts(struct net_ensemble *ensemble,
    const struct net_networks *settings, const struct net_keeping *keeping,
    struct shared_parts_fault *fault, shared_progress *progress, void *context)
{
    char *run = keeping->folder ? run_line(settings, keeping->identity) : NULL;
    const struct shared_parts store = {
        keeping->folder, "selfnorm simulate shard 3\n", run};
    struct net_parts_run c = {.settings = settings,
        .store = keeping->folder ? &store : NULL,
        .fault = fault,
        .progress = progress,
        .context = context};
    enum sn_status status = net_ensemble_init(ensemble, settings);
    if (status == SN_OK && keeping->folder && !run)
        status = SN_NO_MEMORY;
    if (status == SN_OK && c.store)
        status = fault_status(
            shared_parts_note(fault, shared_parts_open(&store), ""));
    if (status == SN_OK)
        status = all_parts(ensemble, &c, settings->networks);
    if (status == SN_OK)
        status = net_ensemble_gather(ensemble);
    free(run);
    if (status != SN_OK)
        net_ensemble_clear(ensemble);
    return status;
}

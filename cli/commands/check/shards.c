/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps in parts: by the processes of an MPI run, and kept in --shards
 * (cli/shards.h), each with what records/part.h says.
 */
#include "cli/shards.h"
#include "cli/commands/check/check.h"
#include "verify/conformance/records/part.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 1024 }; /* of one kernel */

struct cmd_check_parts {
    struct sweep_parts parts;
    const struct cli_cli *cli;
    struct cli_shards shards;
    size_t base; /* the kernel's first shard */
};

static _Noreturn void no_memory(const struct cli_cli *cli)
{
    cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
}

/* Of the library's bytes: another build is another kernel. */
static uint64_t hash_of(const char *path)
{
    unsigned char bytes[65536];
    uint64_t hash = CLI_SHARDS_HASH_START;
    FILE *in = *path ? fopen(path, "rb") : NULL;
    for (size_t n; in && (n = fread(bytes, 1, sizeof bytes, in));)
        hash = cli_shards_hash(hash, bytes, n);
    if (in)
        fclose(in);
    return hash;
}

/* Everything that any figure of the sweep depends on. */
static char *run_line(
    const struct cmd_check_job *job, const struct verdict_verdict *v)
{
    const struct verdict_question *ask = &job->ask;
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        no_memory(&job->cli);
    fprintf(out,
        "run " CLI_VERSION " function %s dtype %s lambda %s alpha %s flush %d "
        "exhaustive %d samples %" PRIu64 " seed %" PRIu64
        " isa %s library %016" PRIx64 " kernel ",
        v->function->name, ref_types[v->dtype].name,
        ask->lambda ? ask->lambda : "-", ask->alpha ? ask->alpha : "-",
        ask->flush, ask->exhaustive, ask->samples, ask->seed, sn_isa_name(),
        v->target.way == CONF_LIBRARY ? hash_of(v->target.library) : 0);
    for (const char *c = v->target.word; *c; c++)
        fputc(*c == '\n' ? ' ' : *c, out);
    fputc('\n', out);
    if (fclose(out))
        no_memory(&job->cli);
    return line;
}

/* ---- one part as text ---- */

static void save(void *ctx, const struct sweep_part *part)
{
    const struct cmd_check_parts *p = ctx;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        no_memory(p->cli);
    record_part_print(out, part);
    if (fclose(out))
        no_memory(p->cli);
    cli_shards_save(&p->shards, p->base + part->index, text);
    free(text);
}

static bool load(void *ctx, struct sweep_part *part)
{
    const struct cmd_check_parts *p = ctx;
    const size_t number = p->base + part->index;
    char *body = cli_shards_load(&p->shards, number);
    if (!body)
        return false;
    const char *why = record_part_parse(part, body);
    if (why)
        cli_shards_die(&p->shards, number, why);
    free(body);
    return true;
}

/* ---- ranks ---- */

struct message {
    struct sweep_score score;
    struct sweep_ends ends[SWEEP_ENDS];
    uint64_t loaded;
    bool stopped, unusable;
    char fault[512];
};

static void fill(struct message *mine, const struct conf_sweep *sweep,
    const struct sweep_score *score, const struct sweep_ends *ends)
{
    mine->score = *score;
    if (ends)
        memcpy(mine->ends, ends, sizeof mine->ends);
    mine->loaded = sweep->shards_loaded;
    mine->stopped = sweep->stopped;
    mine->unusable = sweep->unusable;
    memcpy(mine->fault, sweep->fault, sizeof mine->fault);
}

/* Each block's ends are of one rank; the others' are zero bits. */
static void add_ends(struct sweep_ends *ends, const struct sweep_ends *other)
{
    for (size_t i = 0; i < SWEEP_ENDS; i++)
        if (conf_type_bits(CONF_TYPE_F32, &other[i].first, 0) ||
            conf_type_bits(CONF_TYPE_F32, &other[i].last, 0))
            ends[i] = other[i];
}

static void merge(void *ctx, struct conf_sweep *sweep,
    struct sweep_score *score, struct sweep_ends ends[SWEEP_ENDS])
{
    struct cmd_check_parts *p = ctx;
    const int ranks = shared_ranks_count();
    if (ranks == 1)
        return;
    struct message *mine = calloc(1, sizeof *mine), *all = NULL;
    if (shared_ranks_own() == 0)
        all = calloc((size_t)ranks, sizeof *all);
    if (!mine || (shared_ranks_own() == 0 && !all))
        no_memory(p->cli);
    fill(mine, sweep, score, ends);
    shared_ranks_gather(all, mine, sizeof *mine);
    for (int r = 1; all && r < ranks; r++) {
        sweep_score_merge(score, &all[r].score);
        if (ends)
            add_ends(ends, all[r].ends);
        sweep->shards_loaded += all[r].loaded;
        sweep->stopped = sweep->stopped || all[r].stopped;
        sweep->unusable = sweep->unusable || all[r].unusable;
        if (!*sweep->fault)
            memcpy(sweep->fault, all[r].fault, sizeof sweep->fault);
    }
    free(mine);
    free(all);
}

/* ---- */

struct sweep_parts *cmd_check_parts_start(const struct cmd_check_job *job,
    const struct verdict_verdict *v, int kernel)
{
    struct cmd_check_parts *p = calloc(1, sizeof *p);
    if (!p)
        no_memory(&job->cli);
    p->cli = &job->cli;
    p->base = (size_t)kernel * MOST_PARTS;
    p->parts = (struct sweep_parts){.rank = shared_ranks_own(),
        .ranks = shared_ranks_count(),
        .merge = merge,
        .ctx = p};
    if (job->shards) {
        p->shards = (struct cli_shards){&job->cli, job->shards,
            "selfnorm check shard 1\n", run_line(job, v)};
        p->parts.load = load;
        p->parts.save = save;
        cli_shards_open(&p->shards);
    }
    return &p->parts;
}

void cmd_check_parts_end(struct sweep_parts *parts)
{
    struct cmd_check_parts *p = parts ? parts->ctx : NULL;
    if (p)
        free((char *)(size_t)p->shards.run);
    free(p);
}

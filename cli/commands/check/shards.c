/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps in parts: by the processes of an MPI run, and kept in --shards
 * (verify/shared/parts.h), each with what records/shard.h says.
 */
#include "cli/shards.h"
#include "cli/commands/check/check.h"
#include "verify/conformance/records/shard.h"
#include "verify/shared/file.h"
#include "verify/shared/hash.h"
#include "verify/shared/ranks.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CHECK_MOST_PARTS = 1024 }; /* of one kernel */

struct cmd_check_parts {
    struct sweep_parts parts;
    const struct cli_cli *cli;
    struct shared_parts shards;
    size_t base; /* the kernel's first shard */
};

static _Noreturn void no_memory(const struct cli_cli *cli)
{
    cli_die(cli, CLI_EXIT_UNUSABLE, "out of memory");
}

/* Of the library's bytes: another build is another kernel. */
static uint64_t hash_of(const char *path)
{
    char *bytes;
    size_t size;
    if (!*path ||
        shared_file_read(&bytes, &size, path, SHARED_PARTS_MOST) != SN_OK)
        return SHARED_HASH_START;
    uint64_t hash = shared_hash(SHARED_HASH_START, bytes, size);
    free(bytes);
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
        *v->subject.path ? hash_of(v->subject.path) : 0);
    for (const char *c = v->subject.word; *c; c++)
        fputc(*c == '\n' ? ' ' : *c, out);
    fputc('\n', out);
    if (fclose(out))
        no_memory(&job->cli);
    return line;
}

/* ---- one part as text ---- */

static void name_of(char name[SHARED_PARTS_NAME],
    const struct cmd_check_parts *p, const struct sweep_part *part)
{
    snprintf(
        name, SHARED_PARTS_NAME, "shard-%06zu", p->base + (size_t)part->index);
}

/* Ends the program unless the part's state is one that all is well in. */
static void expect(const struct cmd_check_parts *p,
    const struct sweep_part *part, enum shared_parts_state state)
{
    struct shared_parts_fault fault;
    char name[SHARED_PARTS_NAME];
    name_of(name, p, part);
    if (shared_parts_note(&fault, state, name) != SHARED_PARTS_OK)
        cli_shards_die(p->cli, p->shards.folder, &fault);
}

static void save(void *ctx, const struct sweep_part *part)
{
    const struct cmd_check_parts *p = ctx;
    char *text = NULL, name[SHARED_PARTS_NAME];
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        no_memory(p->cli);
    record_part_print(out, part);
    if (fclose(out))
        no_memory(p->cli);
    name_of(name, p, part);
    expect(p, part, shared_parts_save(&p->shards, name, text));
    free(text);
}

static bool load(void *ctx, struct sweep_part *part)
{
    const struct cmd_check_parts *p = ctx;
    char name[SHARED_PARTS_NAME], *body;
    name_of(name, p, part);
    enum shared_parts_state state = shared_parts_load(&body, &p->shards, name);
    if (state == SHARED_PARTS_ABSENT)
        return false;
    expect(p, part, state);
    expect(p, part, record_part_parse(part, body));
    free(body);
    return true;
}

/* ---- ranks ---- */

struct rank_message {
    struct sweep_answer answer;
    struct sweep_ends ends[SWEEP_ENDS];
};

/* Each block's ends are of one rank; the others' are zero bits. */
static void add_ends(struct sweep_ends *ends, const struct sweep_ends *other)
{
    for (size_t i = 0; i < SWEEP_ENDS; i++)
        if (conf_type_bits(CONF_TYPE_F32, &other[i].first, 0) ||
            conf_type_bits(CONF_TYPE_F32, &other[i].last, 0))
            ends[i] = other[i];
}

static void merge(
    void *ctx, struct sweep_answer *answer, struct sweep_ends ends[SWEEP_ENDS])
{
    struct cmd_check_parts *p = ctx;
    const int ranks = shared_ranks_count();
    if (ranks == 1)
        return;
    struct rank_message *mine = calloc(1, sizeof *mine), *all = NULL;
    if (shared_ranks_own() == 0)
        all = calloc((size_t)ranks, sizeof *all);
    if (!mine || (shared_ranks_own() == 0 && !all))
        no_memory(p->cli);
    mine->answer = *answer;
    if (ends)
        memcpy(mine->ends, ends, sizeof mine->ends);
    shared_ranks_gather(all, mine, sizeof *mine);
    for (int r = 1; all && r < ranks; r++) {
        const struct sweep_answer *theirs = &all[r].answer;
        sweep_score_merge(&answer->score, &theirs->score);
        if (ends)
            add_ends(ends, all[r].ends);
        answer->parts_loaded += theirs->parts_loaded;
        answer->stopped = answer->stopped || theirs->stopped;
        if (answer->failure.outcome == SUBJECT_RAN) {
            answer->failure = theirs->failure;
            answer->known = theirs->known;
            answer->from = theirs->from;
            answer->to = theirs->to;
        }
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
    p->base = (size_t)kernel * CHECK_MOST_PARTS;
    p->parts = (struct sweep_parts){.rank = shared_ranks_own(),
        .ranks = shared_ranks_count(),
        .merge = merge,
        .ctx = p};
    if (job->shards) {
        p->shards = (struct shared_parts){
            job->shards, "selfnorm check shard 2\n", run_line(job, v)};
        p->parts.load = load;
        p->parts.save = save;
        struct shared_parts_fault fault;
        if (shared_parts_note(&fault, shared_parts_open(&p->shards), "") !=
            SHARED_PARTS_OK)
            cli_shards_die(&job->cli, job->shards, &fault);
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

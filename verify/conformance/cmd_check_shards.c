/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps in parts: by the processes of an MPI run, and kept in --shards
 * (cli/shards.h), with a body of
 *   part FIRST COUNT               blocks of inputs
 *   counts INPUTS WRONG ZEROS MONOTONICITY
 *   worst ULP X DY GOT             none: ULP -1
 *   binade INDEX COUNT...          of the histogram, where not all are 0
 *   curve INDEX ULP
 *   ends FIRST LAST                of each block, bits; exhaustive f32 alone
 */
#include "cli/shards.h"
#include "verify/conformance/cmd_check.h"
#include "verify/ranks.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 1024 }; /* of one kernel */

struct sn_check_parts {
    struct sn_sweep_parts parts;
    const struct sn_cli *cli;
    struct sn_shards shards;
    size_t base; /* the kernel's first shard */
};

static _Noreturn void no_memory(const struct sn_cli *cli)
{
    sn_cli_die(cli, SN_EXIT_UNUSABLE, "out of memory");
}

/* Of the library's bytes: another build is another kernel. */
static uint64_t hash_of(const char *path)
{
    unsigned char bytes[65536];
    uint64_t hash = SN_SHARDS_HASH_START;
    FILE *in = *path ? fopen(path, "rb") : NULL;
    for (size_t n; in && (n = fread(bytes, 1, sizeof bytes, in));)
        hash = sn_shards_hash(hash, bytes, n);
    if (in)
        fclose(in);
    return hash;
}

/* Everything that any figure of the sweep depends on. */
static char *run_line(
    const struct sn_check_job *job, const struct sn_verdict *v)
{
    const struct sn_question *ask = &job->ask;
    char *line = NULL;
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        no_memory(&job->cli);
    fprintf(out,
        "run " SN_VERSION " function %s dtype %s lambda %s alpha %s flush %d "
        "exhaustive %d samples %" PRIu64 " seed %" PRIu64
        " isa %s library %016" PRIx64 " kernel ",
        v->function->name, sn_types[v->dtype].name,
        ask->lambda ? ask->lambda : "-", ask->alpha ? ask->alpha : "-",
        ask->flush, ask->exhaustive, ask->samples, ask->seed, sn_isa_name(),
        v->target.way == SN_LIBRARY ? hash_of(v->target.library) : 0);
    for (const char *c = v->target.word; *c; c++)
        fputc(*c == '\n' ? ' ' : *c, out);
    fputc('\n', out);
    if (fclose(out))
        no_memory(&job->cli);
    return line;
}

/* ---- one part as text ---- */

static void save(void *ctx, const struct sn_sweep_part *part)
{
    const struct sn_check_parts *p = ctx;
    const struct sn_score *s = part->score;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        no_memory(p->cli);
    fprintf(out, "part %" PRIu64 " %" PRIu64 "\n", part->first, part->count);
    fprintf(out, "counts %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
        s->inputs, s->incorrectly_rounded, s->zeros,
        s->monotonicity_violations);
    fprintf(out, "worst %a %a %a %a\n", s->max_ulp, s->worst_input,
        s->worst_dy, s->worst_got);
    for (int i = 0; i < SN_BINADES; i++) {
        const uint64_t *row = s->histogram[i];
        int k = 0;
        while (k < SN_BUCKETS && !row[k])
            k++;
        if (k == SN_BUCKETS)
            continue;
        fprintf(out, "binade %d", i);
        for (k = 0; k < SN_BUCKETS; k++)
            fprintf(out, " %" PRIu64, row[k]);
        fputc('\n', out);
    }
    for (int i = 0; i < SN_CURVE; i++)
        if (s->curve[i] >= 0)
            fprintf(out, "curve %d %a\n", i, s->curve[i]);
    for (uint64_t i = 0; part->ends && i < part->count; i++)
        fprintf(out, "ends %08" PRIx64 " %08" PRIx64 "\n",
            sn_type_bits(SN_TYPE_F32, &part->ends[i].first, 0),
            sn_type_bits(SN_TYPE_F32, &part->ends[i].last, 0));
    if (fclose(out))
        no_memory(p->cli);
    sn_shards_save(&p->shards, p->base + part->index, text);
    free(text);
}

static bool read_binade(const char *line, struct sn_score *s)
{
    char *at;
    unsigned long i = strtoul(line + strlen("binade"), &at, 10);
    if (i >= SN_BINADES)
        return false;
    for (int k = 0; k < SN_BUCKETS; k++)
        s->histogram[i][k] = strtoull(at, &at, 10);
    return !*at;
}

static bool read_line(
    const char *line, struct sn_sweep_part *part, uint64_t *ends)
{
    struct sn_score *s = part->score;
    uint64_t first, last;
    unsigned cell;
    double ulp;
    int end = 0;
    if (!strncmp(line, "binade ", 7))
        return read_binade(line, s);
    if (sscanf(line, "curve %u %la%n", &cell, &ulp, &end) == 2) {
        if (cell < SN_CURVE)
            s->curve[cell] = ulp;
        return cell < SN_CURVE && !line[end];
    }
    if (sscanf(line, "ends %" SCNx64 " %" SCNx64 "%n", &first, &last, &end) ==
            2 &&
        part->ends && *ends < part->count) {
        sn_type_set_bits(SN_TYPE_F32, &part->ends[*ends].first, 0, first);
        sn_type_set_bits(SN_TYPE_F32, &part->ends[*ends].last, 0, last);
        ++*ends;
        return !line[end];
    }
    return false;
}

static bool load(void *ctx, struct sn_sweep_part *part)
{
    const struct sn_check_parts *p = ctx;
    const size_t number = p->base + part->index;
    struct sn_score *s = part->score;
    uint64_t first, count, ends = 0;
    int used = 0;
    char *body = sn_shards_load(&p->shards, number);
    if (!body)
        return false;
    if (sscanf(body,
            "part %" SCNu64 " %" SCNu64 " counts %" SCNu64 " %" SCNu64
            " %" SCNu64 " %" SCNu64 " worst %la %la %la %la\n%n",
            &first, &count, &s->inputs, &s->incorrectly_rounded, &s->zeros,
            &s->monotonicity_violations, &s->max_ulp, &s->worst_input,
            &s->worst_dy, &s->worst_got, &used) != 10 ||
        !used || first != part->first || count != part->count)
        sn_shards_die(&p->shards, number, "its counts are not of this run");
    char *rest = body + used, *line;
    while ((line = strsep(&rest, "\n")) && *line)
        if (!read_line(line, part, &ends))
            sn_shards_die(&p->shards, number, "a line is not understood");
    if (part->ends && ends != part->count)
        sn_shards_die(&p->shards, number, "its blocks are not all there");
    free(body);
    return true;
}

/* ---- ranks ---- */

struct message {
    struct sn_score score;
    struct sn_ends ends[SN_SWEEP_ENDS];
    uint64_t loaded;
    bool stopped, unusable;
    char fault[512];
};

static void fill(struct message *mine, const struct sn_sweep *sweep,
    const struct sn_score *score, const struct sn_ends *ends)
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
static void add_ends(struct sn_ends *ends, const struct sn_ends *other)
{
    for (size_t i = 0; i < SN_SWEEP_ENDS; i++)
        if (sn_type_bits(SN_TYPE_F32, &other[i].first, 0) ||
            sn_type_bits(SN_TYPE_F32, &other[i].last, 0))
            ends[i] = other[i];
}

static void merge(void *ctx, struct sn_sweep *sweep, struct sn_score *score,
    struct sn_ends ends[SN_SWEEP_ENDS])
{
    struct sn_check_parts *p = ctx;
    const int ranks = sn_ranks_count();
    if (ranks == 1)
        return;
    struct message *mine = calloc(1, sizeof *mine), *all = NULL;
    if (sn_ranks_own() == 0)
        all = calloc((size_t)ranks, sizeof *all);
    if (!mine || (sn_ranks_own() == 0 && !all))
        no_memory(p->cli);
    fill(mine, sweep, score, ends);
    sn_ranks_gather(all, mine, sizeof *mine);
    for (int r = 1; all && r < ranks; r++) {
        sn_score_merge(score, &all[r].score);
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

struct sn_sweep_parts *sn_check_parts_start(
    const struct sn_check_job *job, const struct sn_verdict *v, int kernel)
{
    struct sn_check_parts *p = calloc(1, sizeof *p);
    if (!p)
        no_memory(&job->cli);
    p->cli = &job->cli;
    p->base = (size_t)kernel * MOST_PARTS;
    p->parts = (struct sn_sweep_parts){.rank = sn_ranks_own(),
        .ranks = sn_ranks_count(),
        .merge = merge,
        .ctx = p};
    if (job->shards) {
        p->shards = (struct sn_shards){&job->cli, job->shards,
            "selfnorm check shard 1\n", run_line(job, v)};
        p->parts.load = load;
        p->parts.save = save;
        sn_shards_open(&p->shards);
    }
    return &p->parts;
}

void sn_check_parts_end(struct sn_sweep_parts *parts)
{
    struct sn_check_parts *p = parts ? parts->ctx : NULL;
    if (p)
        free((char *)(size_t)p->shards.run);
    free(p);
}

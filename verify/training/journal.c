/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/journal.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Say another number where lines mean something else than before. */
#define FORMAT "2"

struct line {
    char *key, *numbers;
};

struct train_journal {
    FILE *out;
    struct line *line; /* sorted by key */
    size_t lines, room;
    const struct task_task *task; /* the grid's, and their digests */
    uint64_t *digest;
    size_t tasks;
};

static uint64_t hash_of(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *byte = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3;
    return hash;
}

static uint64_t hash_text(const char *text)
{
    return hash_of(0xcbf29ce484222325, text, strlen(text));
}

/* Of what a task holds: a file that changed is another task. */
static uint64_t digest_of(const struct task_task *t)
{
    uint64_t hash = hash_text(t->name);
    hash = hash_of(hash, t->x, t->rows * t->features * sizeof *t->x);
    hash = hash_of(hash, t->label, t->rows * sizeof *t->label);
    hash = hash_of(hash, &t->sample, sizeof t->sample);
    hash = hash_of(hash, &t->wrong, sizeof t->wrong);
    for (size_t i = 0; i < t->partitions; i++) {
        const struct task_partition *p = &t->partition[i];
        hash = hash_of(hash, p->row, (p->training + p->test) * sizeof *p->row);
        hash = hash_of(hash, &p->training, sizeof p->training);
    }
    return hash;
}

static void write_key(
    FILE *out, const struct train_journal *j, const struct train_recipe *r)
{
    size_t task = (size_t)(r->task - j->task);
    fprintf(out,
        FORMAT " %016" PRIx64 " %s %zu %zu %zu %zu %a %a %a %a %zu %" PRIu64
               " %" PRIu32,
        j->digest[task], r->arm->name, r->depth, r->width, r->batch, r->steps,
        r->rate, r->momentum, r->decay, r->dropout, r->dropout_layers, r->seed,
        r->replicate);
}

static char *key_of(
    const struct train_journal *j, const struct train_recipe *r)
{
    char *key = NULL;
    size_t size;
    FILE *out = open_memstream(&key, &size);
    if (!out)
        return NULL;
    write_key(out, j, r);
    return fclose(out) ? NULL : key;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(
        ((const struct line *)a)->key, ((const struct line *)b)->key);
}

/* key TAB numbers TAB checksum of all before it */
static bool take_line(struct train_journal *j, char *text)
{
    char *sum = strrchr(text, '\t'), *numbers = strchr(text, '\t');
    if (!sum || sum == numbers)
        return true;
    char *end;
    *sum = '\0';
    uint64_t want = strtoull(sum + 1, &end, 16);
    if (end != sum + 17 || *end != '\n' || want != hash_text(text))
        return true;
    *numbers = '\0';
    if (j->lines == j->room) {
        size_t room = 2 * j->room + 256;
        struct line *more = realloc(j->line, room * sizeof *more);
        if (!more)
            return false;
        j->line = more;
        j->room = room;
    }
    struct line *l = &j->line[j->lines];
    l->key = strdup(text);
    l->numbers = strdup(numbers + 1);
    if (!l->key || !l->numbers) {
        free(l->key);
        free(l->numbers);
        return false;
    }
    j->lines++;
    return true;
}

static enum sn_status take_file(
    struct train_journal *j, const char *path, char why[TASK_WHY])
{
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t room = 0;
    enum sn_status status = SN_OK;
    while (in && status == SN_OK && getline(&text, &room, in) > 0)
        if (!take_line(j, text))
            status = SN_NO_MEMORY;
    if (!in || ferror(in)) {
        snprintf(
            why, TASK_WHY, "cannot read '%.300s': %s", path, strerror(errno));
        status = SN_SYSTEM;
    }
    free(text);
    if (in)
        fclose(in);
    return status;
}

static enum sn_status take_folder(
    struct train_journal *j, const char *folder, char why[TASK_WHY])
{
    DIR *dir = opendir(folder);
    enum sn_status status = SN_OK;
    if (!dir) {
        snprintf(why, TASK_WHY, "cannot read the folder '%.300s': %s", folder,
            strerror(errno));
        return SN_SYSTEM;
    }
    for (struct dirent *entry; status == SN_OK && (entry = readdir(dir));) {
        char path[PATH_MAX + 256];
        size_t length = strlen(entry->d_name);
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!strncmp(entry->d_name, "runs-", 5) && length > 9 &&
            !strcmp(entry->d_name + length - 4, ".txt"))
            status = take_file(j, path, why);
    }
    closedir(dir);
    if (j->lines)
        qsort(j->line, j->lines, sizeof *j->line, by_key);
    return status;
}

/* The process's own file; what a line cut short left is closed off. */
static enum sn_status open_own(
    struct train_journal *j, const struct train_grid *grid, char why[TASK_WHY])
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/runs-%zu-of-%zu.txt", grid->folder,
        grid->shard + 1, grid->shards);
    j->out = fopen(path, "a");
    if (j->out && flock(fileno(j->out), LOCK_EX | LOCK_NB)) {
        snprintf(why, TASK_WHY,
            "'%.300s' is in use by another process; give each its --shard",
            path);
        return SN_SYSTEM;
    }
    if (j->out && fputc('\n', j->out) != EOF && !fflush(j->out))
        return SN_OK;
    snprintf(
        why, TASK_WHY, "cannot write '%.300s': %s", path, strerror(errno));
    return SN_SYSTEM;
}

enum sn_status train_journal_open(struct train_journal **journal,
    const struct train_grid *grid, char why[TASK_WHY])
{
    struct train_journal *j = calloc(1, sizeof *j);
    *journal = j;
    if (!j)
        return SN_NO_MEMORY;
    j->task = grid->task;
    j->tasks = grid->tasks;
    j->digest = calloc(grid->tasks + 1, sizeof *j->digest);
    if (!j->digest)
        return SN_NO_MEMORY;
    for (size_t i = 0; i < grid->tasks; i++)
        j->digest[i] = digest_of(&grid->task[i]);
    if (mkdir(grid->folder, 0777) && errno != EEXIST) {
        snprintf(why, TASK_WHY, "cannot make the folder '%.300s': %s",
            grid->folder, strerror(errno));
        return SN_SYSTEM;
    }
    enum sn_status status = take_folder(j, grid->folder, why);
    return status == SN_OK ? open_own(j, grid, why) : status;
}

void train_journal_close(struct train_journal *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < j->lines; i++) {
        free(j->line[i].key);
        free(j->line[i].numbers);
    }
    if (j->out)
        fclose(j->out);
    free(j->line);
    free(j->digest);
    free(j);
}

/* ---- a run as numbers ------------------------------------------------ */

static void write_run(FILE *out, const struct train_run *r, size_t layers)
{
    fprintf(out, "%d %d %zu %zu %zu %a %a %a %a %zu", (int)r->outcome,
        r->stuck, r->steps, r->checkpoints, r->best, r->best_test,
        r->final_test, r->final_training, r->final_validation, r->stages);
    for (size_t k = 0; k < r->checkpoints; k++)
        fprintf(out, " %a %a %a %a", r->at[k].loss, r->at[k].accuracy,
            r->at[k].validation_loss, r->at[k].validation_accuracy);
    for (size_t k = 0; k < r->stages * layers; k++)
        fprintf(out, " %a %a %a %a", r->layer[k].mean, r->layer[k].variance,
            r->layer[k].rows_inside, r->layer[k].units_inside);
}

static float next(char **at)
{
    return strtof(*at, at);
}

static size_t next_count(char **at)
{
    return strtoull(*at, at, 10);
}

static bool read_run(struct train_run *r, char *at, size_t layers)
{
    *r = (struct train_run){.outcome = (enum train_outcome)next_count(&at)};
    r->stuck = next_count(&at);
    r->steps = next_count(&at);
    r->checkpoints = next_count(&at);
    r->best = next_count(&at);
    r->best_test = next(&at);
    r->final_test = next(&at);
    r->final_training = next(&at);
    r->final_validation = next(&at);
    r->stages = next_count(&at);
    r->layer = calloc(TRAIN_STAGES * layers, sizeof *r->layer);
    if (!r->layer || r->checkpoints > TRAIN_CHECKPOINTS + 1 ||
        r->best > TRAIN_CHECKPOINTS || r->stages > TRAIN_STAGES) {
        train_run_clear(r);
        r->outcome = TRAIN_RUN_MISSING;
        return false;
    }
    for (size_t k = 0; k < r->checkpoints; k++) {
        float loss = next(&at), accuracy = next(&at), v = next(&at);
        r->at[k] = (struct train_checkpoint){loss, accuracy, v, next(&at)};
    }
    for (size_t k = 0; k < r->stages * layers; k++) {
        float mean = next(&at), variance = next(&at), rows = next(&at);
        r->layer[k] =
            (struct train_layer_state){mean, variance, rows, next(&at)};
    }
    return true;
}

bool train_journal_find(struct train_journal *j,
    const struct train_recipe *recipe, struct train_run *run)
{
    struct line wanted = {.key = key_of(j, recipe)};
    struct line *found =
        wanted.key && j->lines
            ? bsearch(&wanted, j->line, j->lines, sizeof wanted, by_key)
            : NULL;
    free(wanted.key);
    return found && read_run(run, found->numbers, recipe->depth + 1);
}

enum sn_status train_journal_add(struct train_journal *j,
    const struct train_recipe *recipe, const struct train_run *run)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return SN_NO_MEMORY;
    write_key(out, j, recipe);
    fputc('\t', out);
    write_run(out, run, recipe->depth + 1);
    if (fclose(out) || !text) {
        free(text);
        return SN_NO_MEMORY;
    }
    bool written;
#pragma omp critical(train_journal)
    written =
        fprintf(j->out, "%s\t%016" PRIx64 "\n", text, hash_text(text)) > 0 &&
        !fflush(j->out);
    free(text);
    return written ? SN_OK : SN_SYSTEM;
}

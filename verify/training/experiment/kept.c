/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/experiment/kept.h"
#include "verify/shared/hash.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Of what a task holds: a file that changed is another task. */
static uint64_t digest_of(const struct task_task *t)
{
    uint64_t hash = shared_hash_text(SHARED_HASH_START, t->name);
    hash = shared_hash(hash, t->x, t->rows * t->features * sizeof *t->x);
    hash = shared_hash(hash, t->label, t->rows * sizeof *t->label);
    hash = shared_hash(hash, &t->sample, sizeof t->sample);
    hash = shared_hash(hash, &t->wrong, sizeof t->wrong);
    for (size_t i = 0; i < t->partitions; i++) {
        const struct task_partition *p = &t->partition[i];
        hash = shared_hash(
            hash, p->row, (p->training + p->test) * sizeof *p->row);
        hash = shared_hash(hash, &p->training, sizeof p->training);
    }
    return hash;
}

/* The folder for one recipe, and the name of its file. */
struct train_kept_place {
    struct shared_parts parts;
    char run[512], name[SHARED_PARTS_NAME];
};

static void place_of(struct train_kept_place *place,
    const struct train_kept *kept, const struct train_recipe *r)
{
    snprintf(place->run, sizeof place->run,
        "run %016" PRIx64 " %s %zu %zu %zu %zu %a %a %a %a %zu %" PRIu64
        " %" PRIu32 "\n",
        kept->digest[r->task - kept->task], r->arm->name, r->depth, r->width,
        r->batch, r->steps, r->rate, r->momentum, r->decay, r->dropout,
        r->dropout_layers, r->seed, r->replicate);
    snprintf(place->name, sizeof place->name, "run-%016" PRIx64,
        shared_hash_text(SHARED_HASH_START, place->run));
    place->parts = (struct shared_parts){
        kept->folder, "selfnorm train run 3\n", place->run};
}

enum shared_parts_state train_kept_open(struct train_kept *kept,
    struct shared_parts_fault *fault, const struct train_grid *grid)
{
    const struct shared_parts parts = {.folder = grid->folder};
    char share[SHARED_PARTS_NAME];
    snprintf(share, sizeof share, "share-%zu-of-%zu", grid->shard + 1,
        grid->shards);
    *kept = (struct train_kept){.folder = grid->folder,
        .task = grid->task,
        .digest = calloc(grid->tasks + 1, sizeof *kept->digest),
        .lock = -1};
    if (!kept->digest)
        return shared_parts_note(fault, SHARED_PARTS_NO_MEMORY, "");
    for (size_t i = 0; i < grid->tasks; i++)
        kept->digest[i] = digest_of(&grid->task[i]);
    enum shared_parts_state state = shared_parts_open(&parts);
    if (state != SHARED_PARTS_OK)
        return shared_parts_note(fault, state, "");
    state = shared_parts_lock(&kept->lock, &parts, share);
    return shared_parts_note(fault, state, share);
}

void train_kept_close(struct train_kept *kept)
{
    if (kept->folder && kept->lock >= 0)
        close(kept->lock);
    free(kept->digest);
    *kept = (struct train_kept){0};
}

/* ---- a run as text ---- */

static void print_run(FILE *out, const struct train_run *r, size_t layers)
{
    fprintf(out, "run %d %d %zu %zu %zu %zu\nscores %a %a %a %a\n",
        (int)r->outcome, r->stuck, r->steps, r->checkpoints, r->best,
        r->stages, (double)r->best_test, (double)r->final_test,
        (double)r->final_training, (double)r->final_validation);
    for (size_t k = 0; k < r->checkpoints; k++)
        fprintf(out, "%a %a %a %a\n", (double)r->at[k].loss,
            (double)r->at[k].accuracy, (double)r->at[k].validation_loss,
            (double)r->at[k].validation_accuracy);
    for (size_t k = 0; k < r->stages * layers; k++)
        fprintf(out, "%a %a %a %a\n", (double)r->layer[k].mean,
            (double)r->layer[k].variance, (double)r->layer[k].rows_inside,
            (double)r->layer[k].units_inside);
}

/* A line of four numbers, and on to the next. */
static bool take_four(float four[4], char **at)
{
    for (int i = 0; i < 4; i++) {
        char *end;
        four[i] = strtof(*at, &end);
        if (end == *at || *end != (i < 3 ? ' ' : '\n'))
            return false;
        *at = end + 1;
    }
    return true;
}

static bool take_rows(struct train_run *r, char *at, size_t layers)
{
    float x[4];
    for (size_t k = 0; k < r->checkpoints; k++) {
        if (!take_four(x, &at))
            return false;
        r->at[k] = (struct train_checkpoint){x[0], x[1], x[2], x[3]};
    }
    for (size_t k = 0; k < r->stages * layers; k++) {
        if (!take_four(x, &at))
            return false;
        r->layer[k] = (struct train_layer_state){x[0], x[1], x[2], x[3]};
    }
    return !*at;
}

enum shared_parts_state train_kept_parse(
    struct train_run *r, char *body, const struct train_recipe *recipe)
{
    const size_t layers = recipe->depth + 1;
    float scores[4];
    int outcome, stuck, used = 0;
    *r = (struct train_run){.outcome = TRAIN_RUN_MISSING};
    if (sscanf(body, "run %d %d %zu %zu %zu %zu\nscores %n", &outcome, &stuck,
            &r->steps, &r->checkpoints, &r->best, &r->stages, &used) != 6 ||
        !used || outcome < TRAIN_RUN_ENDED || outcome > TRAIN_RUN_DIVERGED ||
        stuck < 0 || stuck > 1 || r->steps > recipe->steps ||
        !r->checkpoints || r->checkpoints > TRAIN_CHECKPOINTS + 1 ||
        r->best >= r->checkpoints || r->stages > TRAIN_STAGES)
        return SHARED_PARTS_COUNTS;
    r->layer = calloc(TRAIN_STAGES * layers, sizeof *r->layer);
    if (!r->layer)
        return SHARED_PARTS_NO_MEMORY;
    char *at = body + used;
    if (!take_four(scores, &at) || !take_rows(r, at, layers)) {
        train_run_clear(r);
        return SHARED_PARTS_LINE;
    }
    r->best_test = scores[0];
    r->final_test = scores[1];
    r->final_training = scores[2];
    r->final_validation = scores[3];
    r->stuck = stuck;
    r->outcome = (enum train_outcome)outcome;
    return SHARED_PARTS_OK;
}

enum shared_parts_state train_kept_find(struct train_run *run,
    struct shared_parts_fault *fault, const struct train_kept *kept,
    const struct train_recipe *recipe)
{
    struct train_kept_place place;
    char *body;
    place_of(&place, kept, recipe);
    enum shared_parts_state state =
        shared_parts_load(&body, &place.parts, place.name);
    if (state == SHARED_PARTS_OK)
        state = train_kept_parse(run, body, recipe);
    free(body);
    return shared_parts_note(fault, state, place.name);
}

enum shared_parts_state train_kept_add(struct shared_parts_fault *fault,
    const struct train_kept *kept, const struct train_recipe *recipe,
    const struct train_run *run)
{
    struct train_kept_place place;
    char *body = NULL;
    size_t size;
    place_of(&place, kept, recipe);
    FILE *out = open_memstream(&body, &size);
    enum shared_parts_state state = SHARED_PARTS_NO_MEMORY;
    if (out) {
        print_run(out, run, recipe->depth + 1);
        if (!fclose(out))
            state = shared_parts_save(&place.parts, place.name, body);
    }
    free(body);
    return shared_parts_note(fault, state, place.name);
}

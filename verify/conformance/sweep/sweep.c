/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each thread has a session with the subject and, while the kernel works on a
 * block, computes the reference for the same block.
 */
#include "verify/conformance/sweep/sweep.h"
#include "verify/conformance/sweep/inputs.h"
#include "verify/shared/parallel.h"
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct sweep_state;

/* What a thread works with; its session lives from part to part. */
struct sweep_worker {
    struct sweep_state *state;
    struct sweep_score *score;
    struct sweep_approximation d;
    float *narrow; /* 16-bit inputs, as float */
    struct subject_session *session;
};

struct sweep_state {
    const struct sweep_question *question;
    struct sweep_answer *answer;
    struct sweep_inputs inputs;
    struct sweep_ends *ends;     /* of an exhaustive f32 sweep; or NULL */
    struct sweep_part part;      /* the one at work */
    struct sweep_worker *worker; /* of each thread */
    uint64_t blocks;             /* of all parts that are ours */
    atomic_uint_fast64_t next, finished;
    atomic_bool stop;
};

static void note_failure(struct sweep_state *state,
    const struct subject_session *session, const struct subject_feed *feed)
{
    struct sweep_answer *answer = state->answer;
    const bool stopped = subject_failure(session)->outcome == SUBJECT_STOPPED;
    state->stop = true;
#pragma omp critical(conf_sweep)
    if (stopped) {
        answer->stopped = true;
    } else if (answer->failure.outcome == SUBJECT_RAN) {
        answer->failure = *subject_failure(session);
        answer->known = feed && feed->known;
        answer->from = feed ? feed->from : 0;
        answer->to = feed ? feed->to : 0;
    }
}

static void show_progress(struct sweep_state *state)
{
    const struct sweep_question *question = state->question;
    const double part = (double)state->finished / (double)state->blocks;
    if (question->progress && !question->progress(question->ctx, part)) {
        state->answer->stopped = true;
        state->stop = true;
    }
}

/* ---- one block: what subject_feed() asks for -----------------------------
 */

static size_t give_block(void *ctx, uint64_t block, void *x)
{
    const struct sweep_worker *worker = ctx;
    const struct sweep_state *state = worker->state;
    return block < state->part.first + state->part.count && !state->stop
               ? sweep_inputs_block(&state->inputs, block, x)
               : 0;
}

static void compute_reference(void *ctx, const void *x, size_t n)
{
    struct sweep_worker *worker = ctx;
    const struct sweep_question *question = worker->state->question;
    const int type = question->type;
    if (type == CONF_TYPE_F64) {
        conf_reference_approximate_f64(question->reference, worker->d.high,
            worker->d.low, worker->d.scale, x, n);
        return;
    }
    const float *single = x;
    if (type != CONF_TYPE_F32) {
        for (size_t i = 0; i < n; i++)
            worker->narrow[i] = (float)conf_type_get(type, x, i);
        single = worker->narrow;
    }
    conf_reference_approximate(question->reference, worker->d.high, single, n);
}

static bool score_block(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    struct sweep_worker *worker = ctx;
    struct sweep_state *state = worker->state;
    const struct sweep_question *question = state->question;
    if (question->type == CONF_TYPE_F32)
        sweep_score_f32(
            worker->score, question->reference, x, y, worker->d.high, n);
    else
        sweep_score_each(worker->score, question->reference, question->type, x,
            y, &worker->d, n);
    if (state->ends)
        state->ends[block] = (struct sweep_ends){
            ((const float *)y)[0], ((const float *)y)[n - 1]};
    atomic_fetch_add(&state->finished, 1);
    if (omp_get_thread_num() == 0)
        show_progress(state);
    return !state->stop;
}

/* ---- parts ---------------------------------------------------------------
 */

static bool open_session(
    struct sweep_state *state, struct sweep_worker *worker)
{
    const struct sweep_question *question = state->question;
    if (worker->session)
        return true;
    const struct subject_task task = subject_task_of(question->reference,
        question->type, question->timeout, question->stop);
    if (subject_open(&worker->session, question->subject, &task) ==
        SUBJECT_RAN)
        return true;
    note_failure(state, worker->session, NULL);
    return false;
}

/* A thread's share of the part at work. */
static void work(struct sweep_state *state, struct sweep_worker *worker)
{
    struct subject_feed feed = {.next = &state->next,
        .give = give_block,
        .meanwhile = compute_reference,
        .take = score_block,
        .ctx = worker};
    sweep_score_init(worker->score);
    if (open_session(state, worker) &&
        subject_feed(worker->session, &feed) != SUBJECT_RAN)
        note_failure(state, worker->session, &feed);
    worker->score->changed = feed.changed;
#pragma omp critical(conf_sweep)
    {
        state->answer->contradictions += feed.contradictions;
        sweep_score_merge(state->part.score, worker->score);
    }
}

static void work_as_task(struct shared_team *team, size_t i, int thread)
{
    struct sweep_state *state = team->context;
    (void)thread;
    work(state, &state->worker[i]);
}

/* The part's score into the total, computed or as it was kept. */
static void do_part(struct sweep_state *state, int threads)
{
    struct sweep_part *part = &state->part;
    struct sweep_parts *parts = state->question->parts;
    sweep_score_init(part->score);
    if (parts && parts->load && parts->load(parts->ctx, part)) {
        state->answer->parts_loaded++;
        atomic_fetch_add(&state->finished, part->count);
    } else {
        state->next = part->first;
        shared_team_run(&(struct shared_team){.tasks = (size_t)threads,
            .threads = threads,
            .task = work_as_task,
            .context = state});
        if (parts && parts->save && !state->stop)
            parts->save(parts->ctx, part);
    }
    show_progress(state);
    sweep_score_merge(&state->answer->score, part->score);
}

static void do_parts(struct sweep_state *state, int threads)
{
    struct sweep_parts *parts = state->question->parts;
    const uint64_t blocks = state->inputs.blocks;
    const uint64_t most = subject_parts(state->question->subject);
    const uint64_t size = parts ? (blocks + most - 1) / most : blocks;
    const uint64_t step = parts ? (uint64_t)parts->ranks : 1;
    uint64_t k = parts ? (uint64_t)parts->rank : 0;
    for (uint64_t j = k; j * size < blocks; j += step)
        state->blocks += blocks - j * size < size ? blocks - j * size : size;
    if (parts)
        state->answer->parts = (blocks + size - 1) / size;
    for (; k * size < blocks && !state->stop; k += step) {
        struct sweep_part *part = &state->part;
        part->index = k;
        part->first = k * size;
        part->count =
            blocks - part->first < size ? blocks - part->first : size;
        part->ends = state->ends ? state->ends + part->first : NULL;
        do_part(state, threads);
    }
    if (parts && parts->merge)
        parts->merge(parts->ctx, state->answer, state->ends);
}

/* ---- the whole -----------------------------------------------------------
 */

/* Neighbours in different blocks of an exhaustive sweep, within a sign. */
static uint64_t seam_violations(const struct sweep_ends *ends)
{
    uint64_t found = 0;
    for (uint32_t block = 1; block < SWEEP_ENDS; block++) {
        if (block == SWEEP_ENDS / 2)
            continue;
        float before = ends[block - 1].last, after = ends[block].first;
        found += block > SWEEP_ENDS / 2 ? after > before : after < before;
    }
    return found;
}

static bool new_worker(struct sweep_state *state, struct sweep_worker *worker)
{
    double *d = malloc(3 * SUBJECT_BLOCK * sizeof *d);
    *worker = (struct sweep_worker){.state = state,
        .score = malloc(sizeof *worker->score),
        .narrow = malloc(SUBJECT_BLOCK * sizeof *worker->narrow)};
    if (d)
        worker->d = (struct sweep_approximation){
            d, d + SUBJECT_BLOCK, d + 2 * SUBJECT_BLOCK};
    return d && worker->score && worker->narrow;
}

static void free_worker(struct sweep_worker *worker)
{
    subject_close(worker->session);
    free(worker->score);
    free(worker->d.high);
    free(worker->narrow);
}

static bool room_for(struct sweep_state *state, int threads)
{
    const struct sweep_question *question = state->question;
    const bool seams =
        state->answer->exhaustive && question->type == CONF_TYPE_F32;
    const bool hard = question->type == CONF_TYPE_F64 &&
                      subject_can(question->subject, SUBJECT_INPUTS);
    state->worker = calloc((size_t)threads, sizeof *state->worker);
    state->part.score = malloc(sizeof *state->part.score);
    if (seams)
        state->ends = calloc(SWEEP_ENDS, sizeof *state->ends);
    bool room =
        state->worker && state->part.score && (!seams || state->ends) &&
        (!hard || sweep_inputs_add_hard(&state->inputs, question->reference));
    for (int t = 0; room && t < threads; t++)
        room = new_worker(state, &state->worker[t]);
    return room;
}

/* What is told exactly, though it was scored by an approximation. */
static void finish_score(const struct sweep_state *state)
{
    const struct sweep_question *question = state->question;
    struct sweep_answer *answer = state->answer;
    struct sweep_score *score = &answer->score;
    if (state->ends && score->inputs == UINT64_C(1) << 32 &&
        !question->reference->curve)
        score->monotonicity_violations += seam_violations(state->ends);
    if (question->reference->alpha < 0) /* it falls left of 0 */
        score->monotonicity_violations = 0;
    if (score->max_ulp < 0) {
        score->max_ulp = 0;
        return;
    }
    answer->worst_want = conf_reference_rounded(
        question->reference, question->type, score->worst_input);
    score->max_ulp = conf_reference_ulp(question->reference, question->type,
        score->worst_input, score->worst_got);
}

void sweep_score_product(struct sweep_answer *answer,
    const struct conf_reference *reference, int type, double x, double dy,
    double y)
{
    struct sweep_score *score = &answer->score;
    const double want = conf_reference_rounded_product(reference, type, x, dy);
    score->inputs++;
    if (isnan(want)) {
        score->nan_lost += isnan(y) ? 0 : 1;
        return;
    }
    const bool other =
        dy != 0 && sweep_is_other_side(reference, type, x, y / dy);
    const double ulp =
        other ? 0 : conf_reference_ulp_product(reference, type, x, dy, y);
    score->incorrectly_rounded += !other && y != want;
    score->zeros += y == 0 && want != 0;
    if (sweep_score_worse(ulp, x, score))
        answer->worst_want = want;
    sweep_score_note(score, ulp, x, y);
}

enum sn_status sweep_run(
    struct sweep_answer *answer, const struct sweep_question *question)
{
    if (question->exhaustive && question->type == CONF_TYPE_F64)
        return SN_BAD_VALUE;
    struct sweep_state *state = calloc(1, sizeof *state);
    if (!state)
        return SN_NO_MEMORY;
    const int threads =
        subject_can(question->subject, SUBJECT_MEMORY) ? question->threads : 1;
    state->question = question;
    state->answer = answer;
    memset(answer, 0, sizeof *answer);
    sweep_score_init(&answer->score);
    sweep_inputs_plan(&state->inputs, question->exhaustive, question->type,
        question->samples, question->seed);
    answer->exhaustive = state->inputs.exhaustive &&
                         subject_can(question->subject, SUBJECT_INPUTS);
    const bool room = room_for(state, threads);
    if (room)
        do_parts(state, threads);
    finish_score(state);
    for (int t = 0; state->worker && t < threads; t++)
        free_worker(&state->worker[t]);
    sweep_inputs_clear(&state->inputs);
    free(state->worker);
    free(state->part.score);
    free(state->ends);
    free(state);
    return room ? SN_OK : SN_NO_MEMORY;
}

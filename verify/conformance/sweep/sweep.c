/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts are fixed ranges of blocks.  Each thread has a child of its own and,
 * while the child runs the kernel on a block, computes the reference for the
 * same block.
 */
#include "verify/conformance/sweep/desk.h"
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_fault(struct sweep_state *state,
    const struct subject_runner *runner, const void *x, size_t n)
{
#pragma omp critical(conf_sweep)
    if (!*state->sweep->fault) {
        double first = n ? conf_type_get(state->dtype, x, 0) : 0;
        double last = n ? conf_type_get(state->dtype, x, n - 1) : 0;
        snprintf(state->sweep->fault, sizeof state->sweep->fault,
            "%.300s, inputs from %a to %a", conf_runner_why(runner), first,
            isnan(last) ? (double)NAN : last);
        state->stop = true;
    }
}

static void fill_ones(void *dy, int dtype)
{
    for (size_t i = 0; i < CONF_BLOCK; i++)
        conf_type_set(dtype, dy, i, 1);
}

/* The reference of a block, while the kernel runs. */
void sweep_desk_prepare(struct sweep_state *state, struct sweep_desk *desk,
    const void *x, size_t n)
{
    if (state->dtype == SN_F64) {
        conf_reference_approximate_f64(
            state->reference, desk->d.high, desk->d.low, desk->d.scale, x, n);
        return;
    }
    const float *single = x;
    if (state->dtype != SN_F32) {
        for (size_t i = 0; i < n; i++)
            desk->narrow[i] = (float)conf_type_get(state->dtype, x, i);
        single = desk->narrow;
    }
    conf_reference_approximate(state->reference, desk->d.high, single, n);
}

void sweep_desk_score(struct sweep_state *state, struct sweep_desk *desk,
    uint64_t block, const void *x, const void *y, size_t n)
{
    if (state->dtype == SN_F32)
        sweep_score_f32(desk->score, state->reference, x, y, desk->d.high, n);
    else
        sweep_score_each(desk->score, state->reference, state->dtype, x, NULL,
            y, &desk->d, n);
    if (state->ends)
        state->ends[block] = (struct sweep_ends){
            ((const float *)y)[0], ((const float *)y)[n - 1]};
}

/* One block through the kernel and into the score; false: it crashed. */
static bool try_block(struct sweep_state *state, struct subject_runner *runner,
    struct sweep_desk *desk, uint64_t block)
{
    void *x = conf_runner_x(runner), *y = conf_runner_out(runner);
    size_t n = sweep_inputs_block(&state->inputs, block, x);
    /* NaN: an output that is never written must not look right */
    memset(y, 0xff, n * ref_types[state->dtype].size);
    conf_runner_begin(runner, &(struct conf_call){.n = n});
    sweep_desk_prepare(state, desk, x, n);
    if (conf_runner_end(runner) != CONF_RAN) {
        note_fault(state, runner, x, n);
        return false;
    }
    sweep_desk_score(state, desk, block, x, y, n);
    return true;
}

void sweep_progress(struct sweep_state *state)
{
    struct conf_sweep *sweep = state->sweep;
    double part = (double)state->finished / (double)state->blocks;
    if (sweep->progress && !sweep->progress(sweep->ctx, part)) {
        sweep->stopped = true;
        state->stop = true;
    }
}

static bool set_up(struct sweep_desk *desk)
{
    double *d = malloc(3 * CONF_BLOCK * sizeof *d);
    *desk = (struct sweep_desk){.score = malloc(sizeof *desk->score),
        .narrow = malloc(CONF_BLOCK * sizeof *desk->narrow)};
    if (d)
        desk->d = (struct sweep_approximation){
            d, d + CONF_BLOCK, d + 2 * CONF_BLOCK};
    return d && desk->score && desk->narrow;
}

static void clear(struct sweep_desk *desk)
{
    conf_runner_stop(desk->runner);
    free(desk->score);
    free(desk->d.high);
    free(desk->narrow);
}

static bool start(struct sweep_state *state, struct sweep_desk *desk)
{
    if (desk->runner)
        return true;
    if (conf_runner_start(&desk->runner, state->target,
            state->reference->derivative, (enum sn_dtype)state->dtype,
            state->sweep->timeout) != CONF_RAN) {
        note_fault(state, desk->runner, NULL, 0);
        return false;
    }
    fill_ones(conf_runner_dy(desk->runner), state->dtype);
    return true;
}

/* A thread's share of the part at work. */
static void work(struct sweep_state *state, struct sweep_desk *desk)
{
    const struct sweep_part *part = &state->part;
    sweep_score_init(desk->score);
    if (state->target->way == CONF_EXEC)
        sweep_stream(state, desk);
    else if (state->target->way == CONF_NPY)
        sweep_files(state, desk);
    else if (start(state, desk))
        while (!state->stop) {
            uint64_t block = atomic_fetch_add(&state->next, 1);
            if (block >= part->first + part->count ||
                !try_block(state, desk->runner, desk, block))
                break;
            atomic_fetch_add(&state->finished, 1);
            if (omp_get_thread_num() == 0)
                sweep_progress(state);
        }
#pragma omp critical(conf_sweep)
    sweep_score_merge(part->score, desk->score);
}

/* The part's score into the total, computed or as it was kept. */
static void one_part(struct sweep_state *state, int threads)
{
    struct sweep_part *part = &state->part;
    struct sweep_parts *parts = state->sweep->parts;
    sweep_score_init(part->score);
    if (parts && parts->load && parts->load(parts->ctx, part)) {
        state->sweep->shards_loaded++;
        atomic_fetch_add(&state->finished, part->count);
    } else {
        state->next = part->first;
#pragma omp parallel num_threads(threads)
        work(state, &state->desk[omp_get_thread_num()]);
        if (parts && parts->save && !state->stop)
            parts->save(parts->ctx, part);
    }
    sweep_progress(state);
    sweep_score_merge(&state->total, part->score);
}

/*
 * Fixed parts, whoever computes them: at most 1024, of a program, which is
 * started anew for each, 64; files are read as a whole.
 */
static uint64_t blocks_per_part(const struct sweep_state *state)
{
    const uint64_t most = state->target->way == CONF_NPY    ? 1
                          : state->target->way == CONF_EXEC ? 64
                                                            : 1024;
    return state->sweep->parts ? (state->inputs.blocks + most - 1) / most
                               : state->inputs.blocks;
}

static void all_parts(struct sweep_state *state, int threads)
{
    struct sweep_parts *parts = state->sweep->parts;
    const uint64_t blocks = state->inputs.blocks;
    const uint64_t size = blocks_per_part(state);
    const uint64_t step = parts ? (uint64_t)parts->ranks : 1;
    uint64_t k = parts ? (uint64_t)parts->rank : 0;
    for (uint64_t j = k; j * size < blocks; j += step)
        state->blocks += blocks - j * size < size ? blocks - j * size : size;
    if (parts)
        state->sweep->shards = (blocks + size - 1) / size;
    for (; k * size < blocks && !state->stop; k += step) {
        struct sweep_part *part = &state->part;
        part->index = k;
        part->first = k * size;
        part->count =
            blocks - part->first < size ? blocks - part->first : size;
        part->ends = state->ends ? state->ends + part->first : NULL;
        one_part(state, threads);
    }
    if (parts && parts->merge)
        parts->merge(parts->ctx, state->sweep, &state->total, state->ends);
}

/* Neighbours in different blocks of an exhaustive sweep, within a sign. */
static uint64_t seam_violations(const struct sweep_ends *ends)
{
    uint64_t found = 0;
    for (uint32_t block = 1; block < SWEEP_ENDS; block++) {
        if (block == 32768)
            continue;
        float before = ends[block - 1].last, after = ends[block].first;
        found += block > 32768 ? after > before : after < before;
    }
    return found;
}

static bool room_for(struct sweep_state *state, int threads)
{
    const bool seams = state->sweep->exhaustive && state->dtype == SN_F32;
    state->desk = calloc((size_t)threads, sizeof *state->desk);
    state->part.score = malloc(sizeof *state->part.score);
    if (seams)
        state->ends = calloc(SWEEP_ENDS, sizeof *state->ends);
    bool room = state->desk && state->part.score && (!seams || state->ends) &&
                (state->dtype != SN_F64 || state->target->way == CONF_NPY ||
                    sweep_inputs_add_hard(&state->inputs, state->reference));
    for (int t = 0; room && t < threads; t++)
        room = set_up(&state->desk[t]);
    return room;
}

static void tell(struct sweep_state *state)
{
    struct conf_sweep *sweep = state->sweep;
    const struct sweep_score *total = &state->total;
    sweep->inputs = total->inputs;
    sweep->incorrectly_rounded = total->incorrectly_rounded;
    sweep->zeros = total->zeros;
    sweep->monotonicity_violations = total->monotonicity_violations;
    if (state->ends && total->inputs == UINT64_C(1) << 32)
        sweep->monotonicity_violations += seam_violations(state->ends);
    memcpy(sweep->histogram, total->histogram, sizeof sweep->histogram);
    memcpy(sweep->curve, total->curve, sizeof sweep->curve);
    sweep->max_ulp = 0;
    if (total->max_ulp < 0)
        return;
    double x = total->worst_input;
    sweep->worst_input = x;
    sweep->worst_dy = total->worst_dy;
    sweep->worst_got = total->worst_got;
    sweep->worst_want =
        conf_reference_rounded(state->reference, state->dtype, x);
    sweep->max_ulp = conf_reference_ulp(
        state->reference, state->dtype, x, total->worst_got);
}

enum sn_status conf_sweep_run(struct conf_sweep *sweep,
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype)
{
    if (sweep->exhaustive && dtype == SN_F64)
        return SN_BAD_VALUE;
    struct sweep_state *state = calloc(1, sizeof *state);
    if (!state)
        return SN_NO_MEMORY;
    const int threads = target->way >= CONF_EXEC ? 1 : sweep->threads;
    state->sweep = sweep;
    state->reference = reference;
    state->target = target;
    state->dtype = dtype;
    sweep_score_init(&state->total);
    sweep_inputs_plan(
        &state->inputs, sweep->exhaustive, dtype, sweep->samples, sweep->seed);
    *sweep->fault = '\0';
    sweep->stopped = sweep->unusable = false;
    sweep->contradictions = sweep->shards = sweep->shards_loaded = 0;
    sweep->exhaustive = state->inputs.exhaustive;
    if (target->way == CONF_NPY)
        sweep->exhaustive = false;
    if (room_for(state, threads))
        all_parts(state, threads);
    else
        state->status = SN_NO_MEMORY;
    tell(state);

    enum sn_status status = (enum sn_status)state->status;
    for (int t = 0; state->desk && t < threads; t++)
        clear(&state->desk[t]);
    sweep_inputs_clear(&state->inputs);
    free(state->desk);
    free(state->part.score);
    free(state->ends);
    free(state);
    return status;
}

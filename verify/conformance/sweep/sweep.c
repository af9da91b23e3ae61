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

static void note_fault(struct sn_sweep_state *state,
    const struct sn_runner *runner, const void *x, size_t n)
{
#pragma omp critical(sn_sweep)
    if (!*state->sweep->fault) {
        double first = n ? sn_type_get(state->dtype, x, 0) : 0;
        double last = n ? sn_type_get(state->dtype, x, n - 1) : 0;
        snprintf(state->sweep->fault, sizeof state->sweep->fault,
            "%.300s, inputs from %a to %a", sn_runner_why(runner), first,
            isnan(last) ? (double)NAN : last);
        state->stop = true;
    }
}

static void fill_ones(void *dy, int dtype)
{
    for (size_t i = 0; i < SN_BLOCK; i++)
        sn_type_set(dtype, dy, i, 1);
}

/* The reference of a block, while the kernel runs. */
void sn_desk_prepare(struct sn_sweep_state *state, struct sn_desk *desk,
    const void *x, size_t n)
{
    if (state->dtype == SN_F64) {
        sn_reference_approximate_f64(
            state->reference, desk->d.high, desk->d.low, desk->d.scale, x, n);
        return;
    }
    const float *single = x;
    if (state->dtype != SN_F32) {
        for (size_t i = 0; i < n; i++)
            desk->narrow[i] = (float)sn_type_get(state->dtype, x, i);
        single = desk->narrow;
    }
    sn_reference_approximate(state->reference, desk->d.high, single, n);
}

void sn_desk_score(struct sn_sweep_state *state, struct sn_desk *desk,
    uint64_t block, const void *x, const void *y, size_t n)
{
    if (state->dtype == SN_F32)
        sn_score_f32(desk->score, state->reference, x, y, desk->d.high, n);
    else
        sn_score_each(desk->score, state->reference, state->dtype, x, NULL, y,
            &desk->d, n);
    if (state->ends)
        state->ends[block] =
            (struct sn_ends){((const float *)y)[0], ((const float *)y)[n - 1]};
}

/* One block through the kernel and into the score; false: it crashed. */
static bool try_block(struct sn_sweep_state *state, struct sn_runner *runner,
    struct sn_desk *desk, uint64_t block)
{
    void *x = sn_runner_x(runner), *y = sn_runner_out(runner);
    size_t n = sn_inputs_block(&state->inputs, block, x);
    /* NaN: an output that is never written must not look right */
    memset(y, 0xff, n * sn_types[state->dtype].size);
    sn_runner_begin(runner, &(struct sn_call){.n = n});
    sn_desk_prepare(state, desk, x, n);
    if (sn_runner_end(runner) != SN_RAN) {
        note_fault(state, runner, x, n);
        return false;
    }
    sn_desk_score(state, desk, block, x, y, n);
    return true;
}

void sn_sweep_progress(struct sn_sweep_state *state)
{
    struct sn_sweep *sweep = state->sweep;
    double part = (double)state->finished / (double)state->blocks;
    if (sweep->progress && !sweep->progress(sweep->ctx, part)) {
        sweep->stopped = true;
        state->stop = true;
    }
}

static bool set_up(struct sn_desk *desk)
{
    double *d = malloc(3 * SN_BLOCK * sizeof *d);
    *desk = (struct sn_desk){.score = malloc(sizeof *desk->score),
        .narrow = malloc(SN_BLOCK * sizeof *desk->narrow)};
    if (d)
        desk->d = (struct sn_approximation){d, d + SN_BLOCK, d + 2 * SN_BLOCK};
    return d && desk->score && desk->narrow;
}

static void clear(struct sn_desk *desk)
{
    sn_runner_stop(desk->runner);
    free(desk->score);
    free(desk->d.high);
    free(desk->narrow);
}

static bool start(struct sn_sweep_state *state, struct sn_desk *desk)
{
    if (desk->runner)
        return true;
    if (sn_runner_start(&desk->runner, state->target,
            state->reference->derivative, (enum sn_dtype)state->dtype,
            state->sweep->timeout) != SN_RAN) {
        note_fault(state, desk->runner, NULL, 0);
        return false;
    }
    fill_ones(sn_runner_dy(desk->runner), state->dtype);
    return true;
}

/* A thread's share of the part at work. */
static void work(struct sn_sweep_state *state, struct sn_desk *desk)
{
    const struct sn_sweep_part *part = &state->part;
    sn_score_init(desk->score);
    if (state->target->way == SN_EXEC)
        sn_sweep_stream(state, desk);
    else if (state->target->way == SN_NPY)
        sn_sweep_files(state, desk);
    else if (start(state, desk))
        while (!state->stop) {
            uint64_t block = atomic_fetch_add(&state->next, 1);
            if (block >= part->first + part->count ||
                !try_block(state, desk->runner, desk, block))
                break;
            atomic_fetch_add(&state->finished, 1);
            if (omp_get_thread_num() == 0)
                sn_sweep_progress(state);
        }
#pragma omp critical(sn_sweep)
    sn_score_merge(part->score, desk->score);
}

/* The part's score into the total, computed or as it was kept. */
static void one_part(struct sn_sweep_state *state, int threads)
{
    struct sn_sweep_part *part = &state->part;
    struct sn_sweep_parts *parts = state->sweep->parts;
    sn_score_init(part->score);
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
    sn_sweep_progress(state);
    sn_score_merge(&state->total, part->score);
}

/*
 * Fixed parts, whoever computes them: at most 1024, of a program, which is
 * started anew for each, 64; files are read as a whole.
 */
static uint64_t blocks_per_part(const struct sn_sweep_state *state)
{
    const uint64_t most = state->target->way == SN_NPY    ? 1
                          : state->target->way == SN_EXEC ? 64
                                                          : 1024;
    return state->sweep->parts ? (state->inputs.blocks + most - 1) / most
                               : state->inputs.blocks;
}

static void all_parts(struct sn_sweep_state *state, int threads)
{
    struct sn_sweep_parts *parts = state->sweep->parts;
    const uint64_t blocks = state->inputs.blocks;
    const uint64_t size = blocks_per_part(state);
    const uint64_t step = parts ? (uint64_t)parts->ranks : 1;
    uint64_t k = parts ? (uint64_t)parts->rank : 0;
    for (uint64_t j = k; j * size < blocks; j += step)
        state->blocks += blocks - j * size < size ? blocks - j * size : size;
    if (parts)
        state->sweep->shards = (blocks + size - 1) / size;
    for (; k * size < blocks && !state->stop; k += step) {
        struct sn_sweep_part *part = &state->part;
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
static uint64_t seam_violations(const struct sn_ends *ends)
{
    uint64_t found = 0;
    for (uint32_t block = 1; block < SN_SWEEP_ENDS; block++) {
        if (block == 32768)
            continue;
        float before = ends[block - 1].last, after = ends[block].first;
        found += block > 32768 ? after > before : after < before;
    }
    return found;
}

static bool room_for(struct sn_sweep_state *state, int threads)
{
    const bool seams = state->sweep->exhaustive && state->dtype == SN_F32;
    state->desk = calloc((size_t)threads, sizeof *state->desk);
    state->part.score = malloc(sizeof *state->part.score);
    if (seams)
        state->ends = calloc(SN_SWEEP_ENDS, sizeof *state->ends);
    bool room = state->desk && state->part.score && (!seams || state->ends) &&
                (state->dtype != SN_F64 || state->target->way == SN_NPY ||
                    sn_inputs_add_hard(&state->inputs, state->reference));
    for (int t = 0; room && t < threads; t++)
        room = set_up(&state->desk[t]);
    return room;
}

static void tell(struct sn_sweep_state *state)
{
    struct sn_sweep *sweep = state->sweep;
    const struct sn_score *total = &state->total;
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
        sn_reference_rounded(state->reference, state->dtype, x);
    sweep->max_ulp =
        sn_reference_ulp(state->reference, state->dtype, x, total->worst_got);
}

enum sn_status sn_sweep_run(struct sn_sweep *sweep,
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype)
{
    if (sweep->exhaustive && dtype == SN_F64)
        return SN_BAD_VALUE;
    struct sn_sweep_state *state = calloc(1, sizeof *state);
    if (!state)
        return SN_NO_MEMORY;
    const int threads = target->way >= SN_EXEC ? 1 : sweep->threads;
    state->sweep = sweep;
    state->reference = reference;
    state->target = target;
    state->dtype = dtype;
    sn_score_init(&state->total);
    sn_inputs_plan(
        &state->inputs, sweep->exhaustive, dtype, sweep->samples, sweep->seed);
    *sweep->fault = '\0';
    sweep->stopped = sweep->unusable = false;
    sweep->contradictions = sweep->shards = sweep->shards_loaded = 0;
    sweep->exhaustive = state->inputs.exhaustive;
    if (target->way == SN_NPY)
        sweep->exhaustive = false;
    if (room_for(state, threads))
        all_parts(state, threads);
    else
        state->status = SN_NO_MEMORY;
    tell(state);

    enum sn_status status = (enum sn_status)state->status;
    for (int t = 0; state->desk && t < threads; t++)
        clear(&state->desk[t]);
    sn_inputs_clear(&state->inputs);
    free(state->desk);
    free(state->part.score);
    free(state->ends);
    free(state);
    return status;
}

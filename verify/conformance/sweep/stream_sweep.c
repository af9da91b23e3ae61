/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sweeps of what is no function to call: a program that is fed all inputs and
 * answers when it likes, and pairs of files.
 */
#include "verify/shared/npy.h"
#include "verify/conformance/subject/stream.h"
#include "verify/conformance/sweep/desk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    (void)dy;
    const struct sweep_state *state = ctx;
    const struct sweep_part *part = &state->part;
    return block < part->count
               ? sweep_inputs_block(&state->inputs, part->first + block, x)
               : 0;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    struct sweep_state *state = ctx;
    sweep_desk_prepare(state, state->desk, x, n);
    sweep_desk_score(state, state->desk, state->part.first + block, x, y, n);
    state->finished++;
    sweep_progress(state);
    return !state->stop;
}

void sweep_stream(struct sweep_state *state, struct sweep_desk *desk)
{
    const struct conf_reference *reference = state->reference;
    struct subject_stream stream = {.command = state->target->command,
        .function = reference->function->name,
        .type = state->dtype,
        .gradient = reference->derivative,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .timeout = state->sweep->timeout,
        .give = give,
        .take = take,
        .ctx = state};
    (void)desk; /* the first, as there is one thread */
    int outcome = subject_stream_run(
        &stream, state->sweep->fault, sizeof state->sweep->fault);
    state->sweep->unusable = outcome == CONF_UNUSABLE;
    if (outcome != CONF_RAN)
        state->stop = true;
}

/* ---- pairs of files ------------------------------------------------------
 */

struct pair {
    uint64_t x, y; /* bits */
};

static int by_bits(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

/* Sorted: first the positive ones by size, NaN last, then the negative. */
static struct pair *sorted_pairs(const struct shared_npy_file *in,
    const struct shared_npy_file *out, int dtype)
{
    const size_t n = (size_t)in->npy.count;
    struct pair *pair = malloc((n + 1) * sizeof *pair);
    for (size_t i = 0; pair && i < n; i++)
        pair[i] =
            (struct pair){conf_type_bits(dtype, in->bytes + in->npy.at, i),
                conf_type_bits(dtype, out->bytes + out->npy.at, i)};
    if (pair)
        qsort(pair, n, sizeof *pair, by_bits);
    return pair;
}

static void score_pairs(struct sweep_state *state, struct sweep_desk *desk,
    const struct pair *pair, size_t n)
{
    const int sign = 8 * (int)ref_types[state->dtype].size - 1;
    char *x = malloc(CONF_BLOCK * sizeof(double));
    char *y = malloc(CONF_BLOCK * sizeof(double));
    for (size_t start = 0, count; x && y && start < n && !state->stop;
         start += count) {
        for (count = 0; count < CONF_BLOCK && start + count < n; count++) {
            const struct pair *p = &pair[start + count];
            if (p->x >> sign != pair[start].x >> sign)
                break;
            conf_type_set_bits(state->dtype, x, count, p->x);
            conf_type_set_bits(state->dtype, y, count, p->y);
            if (count && p[-1].x == p->x && p[-1].y != p->y)
                state->sweep->contradictions++;
        }
        sweep_desk_prepare(state, desk, x, count);
        sweep_desk_score(state, desk, 0, x, y, count);
        state->finished = (start + count) * state->blocks / n;
        sweep_progress(state);
    }
    free(x);
    free(y);
}

void sweep_files(struct sweep_state *state, struct sweep_desk *desk)
{
    struct shared_npy_file in, out;
    char why[300];
    state->sweep->unusable = true;
    if (!shared_npy_open(&in, state->target->library, why, sizeof why)) {
        snprintf(state->sweep->fault, sizeof state->sweep->fault, "%s", why);
        return;
    }
    if (shared_npy_open(&out, state->target->command, why, sizeof why)) {
        struct pair *pair = sorted_pairs(&in, &out, state->dtype);
        state->sweep->unusable = false;
        if (pair)
            score_pairs(state, desk, pair, (size_t)in.npy.count);
        else
            state->status = SN_NO_MEMORY;
        free(pair);
        shared_npy_close(&out);
    } else {
        snprintf(state->sweep->fault, sizeof state->sweep->fault, "%s", why);
    }
    shared_npy_close(&in);
}

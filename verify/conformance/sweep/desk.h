/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sweep at work; internal to verify/conformance/sweep/. */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_DESK_H
#define SN_VERIFY_CONFORMANCE_SWEEP_DESK_H

#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/sweep/parts.h"
#include <stdatomic.h>

/* What a thread works with; its child lives from part to part. */
struct sweep_desk {
    struct sweep_score *score;
    struct sweep_approximation d;
    float *narrow; /* 16-bit inputs, as float */
    struct subject_runner *runner;
};

struct sweep_state {
    struct conf_sweep *sweep;
    const struct conf_reference *reference;
    const struct conf_target *target;
    int dtype;
    struct sweep_inputs inputs;
    struct sweep_ends *ends;  /* of an exhaustive f32 sweep; or NULL */
    struct sweep_score total; /* of all parts so far */
    struct sweep_part part;   /* the one at work */
    struct sweep_desk *desk;  /* of each thread */
    uint64_t blocks;          /* of all parts that are ours */
    atomic_uint_fast64_t next, finished;
    atomic_bool stop;
    atomic_int status; /* enum sn_status */
};

/* The reference of a block, while the kernel runs; then its score. */
void sweep_desk_prepare(struct sweep_state *state, struct sweep_desk *desk,
    const void *x, size_t n);
void sweep_desk_score(struct sweep_state *state, struct sweep_desk *desk,
    uint64_t block, const void *x, const void *y, size_t n);

void sweep_progress(struct sweep_state *state);

/* stream_sweep.c */
void sweep_stream(struct sweep_state *state, struct sweep_desk *desk);
void sweep_files(struct sweep_state *state, struct sweep_desk *desk);

#endif

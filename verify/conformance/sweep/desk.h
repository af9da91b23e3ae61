/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sweep at work; internal to verify/conformance/sweep/. */
#ifndef SN_VERIFY_DESK_H
#define SN_VERIFY_DESK_H

#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/sweep/parts.h"
#include <stdatomic.h>

/* What a thread works with; its child lives from part to part. */
struct sn_desk {
    struct sn_score *score;
    struct sn_approximation d;
    float *narrow; /* 16-bit inputs, as float */
    struct sn_runner *runner;
};

struct sn_sweep_state {
    struct sn_sweep *sweep;
    const struct sn_reference *reference;
    const struct sn_target *target;
    int dtype;
    struct sn_inputs inputs;
    struct sn_ends *ends;      /* of an exhaustive f32 sweep; or NULL */
    struct sn_score total;     /* of all parts so far */
    struct sn_sweep_part part; /* the one at work */
    struct sn_desk *desk;      /* of each thread */
    uint64_t blocks;           /* of all parts that are ours */
    atomic_uint_fast64_t next, finished;
    atomic_bool stop;
    atomic_int status; /* enum sn_status */
};

/* The reference of a block, while the kernel runs; then its score. */
void sn_desk_prepare(struct sn_sweep_state *state, struct sn_desk *desk,
    const void *x, size_t n);
void sn_desk_score(struct sn_sweep_state *state, struct sn_desk *desk,
    uint64_t block, const void *x, const void *y, size_t n);

void sn_sweep_progress(struct sn_sweep_state *state);

/* stream_sweep.c */
void sn_sweep_stream(struct sn_sweep_state *state, struct sn_desk *desk);
void sn_sweep_files(struct sn_sweep_state *state, struct sn_desk *desk);

#endif

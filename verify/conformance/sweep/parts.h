/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sweep in fixed parts, for several machines or several runs: ranges of
 * blocks whose scores merge in any order to the same figures.
 */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_PARTS_H
#define SN_VERIFY_CONFORMANCE_SWEEP_PARTS_H

#include "verify/conformance/sweep/score.h"

/* First and last result of a block: neighbours across a seam count too. */
struct sweep_ends {
    float first, last;
};
enum { SWEEP_ENDS = 65536 }; /* blocks of an exhaustive f32 sweep */

struct sweep_part {
    uint64_t index, first, count; /* blocks first to first + count - 1 */
    struct sweep_score *score;
    struct sweep_ends *ends; /* of these blocks; NULL where nobody asks */
};

/* Who computes which part, and what becomes of it. */
struct sweep_parts {
    int rank, ranks; /* of the machines that share the parts */
    /* fills in score and ends of a part that is finished already; may be NULL
       as save, which keeps one */
    bool (*load)(void *ctx, struct sweep_part *part);
    void (*save)(void *ctx, const struct sweep_part *part);
    /* adds what the other ranks found to the score, ends and sweep of rank 0
       (fault, stopped, unusable); NULL: no others */
    void (*merge)(void *ctx, struct conf_sweep *sweep,
        struct sweep_score *score, struct sweep_ends ends[SWEEP_ENDS]);
    void *ctx;
};

#endif

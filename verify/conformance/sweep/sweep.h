/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kernel on many inputs, each result held against the correctly rounded
 * one.  The question says what is tried, the answer what was found; between
 * them stands the plan, struct sweep_inputs of inputs.h, cut into parts.
 */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_SWEEP_H
#define SN_VERIFY_CONFORMANCE_SWEEP_SWEEP_H

#include "verify/conformance/subject/subject.h"
#include "verify/conformance/sweep/score.h"

struct sweep_parts;

struct sweep_question {
    const struct conf_reference *reference;
    const struct subject *subject;
    int type;
    bool exhaustive;
    uint64_t samples, seed;
    int threads;
    double timeout;
    const volatile sig_atomic_t *stop; /* as of struct subject_task */
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    struct sweep_parts *parts; /* NULL: all in one */
};

struct sweep_answer {
    bool exhaustive, stopped;
    struct sweep_score score; /* max_ulp exact; 0 where there is no input */
    double worst_want;
    uint64_t parts, parts_loaded; /* all, kept from before */
    uint64_t contradictions;      /* two results for one input */
    /* a crash or hang; outcome SUBJECT_RAN: none; from, to: its inputs */
    struct subject_failure failure;
    bool known;
    double from, to;
};

/* SN_OK also where the kernel failed: see failure.  f64: samples only. */
enum sn_status sweep_run(
    struct sweep_answer *answer, const struct sweep_question *question);

/* One result of a gradient for a dy of its own, into the answer. */
void sweep_score_product(struct sweep_answer *answer,
    const struct conf_reference *reference, int type, double x, double dy,
    double y);

/* ---- in parts ------------------------------------------------------------
 */

/*
 * Fixed ranges of blocks, for several machines or several runs, whose scores
 * merge in any order to the same figures.
 */
struct sweep_ends {
    float first, last; /* results: neighbours across a seam count too */
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
    /* adds what the other ranks found to the answer and ends of rank 0; NULL:
       no others */
    void (*merge)(void *ctx, struct sweep_answer *answer,
        struct sweep_ends ends[SWEEP_ENDS]);
    void *ctx;
};

#endif

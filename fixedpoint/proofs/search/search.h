/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rigorous interval branch and bound: how large a formula gets on boxes.
 *
 * Everything is in intervals: of doubles moved outwards first (doubles/), of
 * MPFI with directed rounding where these are too wide.  A result encloses
 * the true value for every point of its arguments whatever the precision.
 * What cannot be bounded (overflow, a division by an interval that holds 0)
 * comes as an infinite or NaN interval, and every infinite, NaN or reversed
 * interval is taken for +infinity: never for a proof.
 */
#ifndef SN_FIXEDPOINT_PROOFS_SEARCH_SEARCH_H
#define SN_FIXEDPOINT_PROOFS_SEARCH_SEARCH_H

#include "fixedpoint/proofs/intervals/formulas.h"

/*
 * How a search cut up its pieces: node k is the root of piece k; a node that
 * is cut along an axis has the lower and the upper half at `half` and after.
 */
struct search_node {
    int axis; /* -1: a box that was not cut */
    double at;
    size_t half;
};
struct search_tree {
    struct search_node *node; /* to free() */
    size_t count, room;
};

struct search_options {
    long max_boxes;
    long sharpen;     /* ends a search that is decided; 0: 20000 boxes */
    double tolerance; /* of the extremum, relative; 0: 1e-12 */
    /* Called every 256 boxes unless NULL; false stops the search. */
    bool (*watch)(void *context, long boxes);
    void *context;
    struct search_tree *tree; /* unless NULL: receives the cuts */
    /* For tests, unless NULL: changes every value as a faulty evaluator. */
    void (*spoil)(struct iv_jet *value, const double x[IV_AXES][2]);
    bool plain; /* range and halving alone: what others can repeat */
};

/*
 * `sign` (1 or -1) times the term, over all pieces; `limit` is only a hint
 * when to stop: a bound on its wanted side suffices once some thousand boxes
 * are spent.
 */
struct search_problem {
    const struct iv_piece *pieces;
    size_t count;
    struct iv_term *term;
    int sign;
    double limit;
    struct iv_map *map;
    const struct iv_selu *selu;
};

struct search_supremum {
    double upper; /* proven bound, +infinity if there is none */
    double best;  /* largest lower bound at a point, which is near x */
    double x[IV_AXES];
    size_t piece;
    long boxes;         /* evaluated */
    bool contradiction; /* the term's bounds contradict each other */
    bool interrupted;
    bool spent; /* ended as max_boxes were used, or many without a bound */
};

/* SN_NO_MEMORY leaves `upper` at +infinity. */
enum sn_status search_maximise(struct search_supremum *supremum,
    const struct search_problem *problem,
    const struct search_options *options);

#endif

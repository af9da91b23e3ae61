/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a formula: nodes, and room for a jet of each. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_TERM_H

#include "fixedpoint/proofs/intervals/doubles/span.h"
#include "fixedpoint/expressions/intervals.h"
#include "fixedpoint/proofs/intervals/formulas.h"

/* Variables of the language: coordinates first, then these; atoms last. */
enum {
    IV_TERM_WMAX = IV_COORDINATES,
    IV_TERM_TMAX,
    IV_TERM_LAMBDA,
    IV_TERM_ALPHA,
    IV_TERM_ATOM,
    IV_TERM_VARIABLES = IV_TERM_ATOM + IV_ATOMS
};

/* A jet in doubles: a function on a box and its slopes along the axes. */
struct iv_span_jet {
    struct iv_span f, d[IV_AXES];
};

struct iv_term {
    struct expr_expression f;
    int *step, steps; /* nodes that the value needs, constants apart */
    bool reduced, uses_map;
    int derivatives; /* of the map, the most */
    bool named[IV_COORDINATES];
    /* of every node; those of constants are set once */
    struct iv_jet *jet;
    struct iv_span_jet *span;
    struct iv_jet m, v;
    struct iv_scratch scratch;
};

#endif

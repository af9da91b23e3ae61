/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A formula as a tree in an array; for the expression_*.c files. */
#ifndef SN_FIXEDPOINT_CHECKER_EXPRESSION_H
#define SN_FIXEDPOINT_CHECKER_EXPRESSION_H

#include "fixedpoint/checker/checker.h"

enum { SNC_MOST_NODES = 600 };
/* Operands come before operators. */
enum snc_kind {
    SNC_NUMBER,
    SNC_COORDINATE,
    SNC_MOMENT,
    SNC_BASIC,
    SNC_LAMBDA,
    SNC_ALPHA,
    SNC_PI,
    SNC_WMAX,
    SNC_TMAX,
    SNC_PLUS,
    SNC_MINUS,
    SNC_TIMES,
    SNC_OVER,
    SNC_NEGATIVE,
    SNC_RAISED,
    SNC_HYPOTENUSE,
    SNC_CALL
};
enum { SNC_SQRT, SNC_EXP, SNC_ERFC, SNC_ERFCX, SNC_ABS, SNC_SIGN };

struct snc_node {
    enum snc_kind kind;
    int a, b; /* operands, or a coordinate, exponent, function ... */
    int in_m, in_v;
    fmpq_t number;
    struct snc_jet value;
};

struct snc_expression {
    struct snc_node node[SNC_MOST_NODES];
    int count, depth, orders;
    bool names[SNC_COORDINATES], extreme;
    const char *at, *error;
    arb_t lambda, alpha;
    struct snc_jet m, v;
    struct snc_moments box, centre;
};

/* Where a value is asked for: on a box of axes, or at a point. */
struct snc_where {
    const double (*x)[2];
    const int *axis;
    int axes, slopes; /* the derivatives that are computed: axes or 0 */
    const struct snc_domain *domain;
    const fmpq_t *point; /* not NULL: there */
};

/* ---- reading (expression_parse.c) ------------------------------------- */

/* Reads e->at into nodes; e->error says why it is no formula. */
void snc_parse(struct snc_expression *e);

/* ---- evaluating: each gives a node's value, and its slopes ------------- */

/* expression_place.c: no slopes; a coordinate, m and v as products where they
   are no axes; tmax from v or, unless `t`, wmax from m. */
void snc_flat(struct snc_jet *y, int axes);
void snc_place(struct snc_jet *y, const struct snc_where *w, int c);
void snc_extreme(struct snc_jet *y, struct snc_expression *e,
    const struct snc_where *w, bool t);
/* expression_operate.c: an operation or function of one or two values. */
void snc_combine(struct snc_node *node, const struct snc_jet *a,
    const struct snc_jet *b, int axes);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An interval cut where the formula of an expression changes. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_PIECES_H
#define SN_FIXEDPOINT_EXPRESSIONS_PIECES_H

#include "fixedpoint/expressions/evaluate.h"

/*
 * [low, high], on which f is one formula, finite and smooth inside; or on
 * which the formula could not be told, with enclosures of f and f' there:
 * a gap, which is so short that nothing depends on it (at a logarithm of 0
 * the enclosure is of its mean, singular.h), or a flat, of any width, on which
 * the formulas that are possible hardly differ, as those of |1 + erf(z)| far
 * left.
 */
enum expr_piece_kind { EXPR_FORMULA, EXPR_GAP, EXPR_FLAT };
struct expr_piece {
    arf_t low, high;
    enum expr_piece_kind kind;
    struct expr_formula value, derivative; /* of a formula */
    arb_t enclosure, slope;                /* of f and f', else */
};

struct expr_pieces {
    struct expr_piece *piece; /* without holes, from left to right */
    int count, room;
    /* why there are none: the place in z, and the node at fault */
    arb_t place;
    int culprit;
    bool open; /* too many cuts there, else not finite */
};

/*
 * Cuts [low, high]; a gap is at most 2^(10 - prec) times the larger of
 * `scale` and |z| wide, and on a flat f, f^2 and f'^2 vary by at most
 * 2^(10 - prec) scale/width.  SN_BAD_VALUE: f is not finite, or not known to
 * be, within such a distance of `place`, or which formula holds near it took
 * more than EXPR_MOST_CUTS, which more bits would not change.
 */
enum { EXPR_MOST_CUTS = 20000 };
enum sn_status expr_pieces_init(struct expr_pieces *pieces,
    struct expr_expression *f, const arf_t low, const arf_t high,
    const arf_t scale, slong prec);
void expr_pieces_clear(struct expr_pieces *pieces);

/*
 * The number of the first piece whose value at its left end is proven to
 * differ from that of the piece (or past the gap) before it, else 0.
 */
int expr_pieces_jump(
    const struct expr_pieces *pieces, struct expr_evaluator *e);

#endif

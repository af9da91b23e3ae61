/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Depth first from the left: an interval on which the formula is settled joins
 * the piece before it or starts a new one, any other is halved until it is as
 * short as a gap.  Halving is at the roundest number near the middle, so that
 * kinks at short numbers become ends of pieces exactly.
 */
#include "fixedpoint/expressions/pieces.h"
#include "fixedpoint/expressions/range.h"
#include "fixedpoint/expressions/singular.h"
#include <stdlib.h>

/*
 * The roundest number in the middle half of [low, high]: the multiple of the
 * largest power of 2 that has one there, up to 16 times the width.
 */
static void round_middle(arf_t middle, const arf_t low, const arf_t high)
{
    if (arf_sgn(low) < 0 && arf_sgn(high) > 0) {
        arf_zero(middle);
        return;
    }
    NUM_ARF(from, to, quarter);
    NUM_FMPZ(k);
    arf_sub(quarter, high, low, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_abs_bound_lt_2exp_fmpz(k, quarter);
    arf_mul_2exp_si(quarter, quarter, -2);
    arf_add(from, low, quarter, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_sub(to, high, quarter, ARF_PREC_EXACT, ARF_RND_DOWN);
    fmpz_add_ui(k, k, 4);
    do { /* ends: the middle half is as wide as 2^k one day */
        fmpz_neg(k, k);
        arf_mul_2exp_fmpz(middle, from, k);
        arf_ceil(middle, middle);
        fmpz_neg(k, k);
        arf_mul_2exp_fmpz(middle, middle, k);
        fmpz_sub_ui(k, k, 1);
    } while (arf_cmp(middle, to) > 0);
}

static struct expr_piece *add_piece(
    struct expr_pieces *pieces, const arf_t low, const arf_t high)
{
    if (pieces->count == pieces->room) {
        int room = pieces->room ? 2 * pieces->room : 8;
        struct expr_piece *grown =
            realloc(pieces->piece, (size_t)room * sizeof *grown);
        if (!grown)
            return NULL;
        pieces->piece = grown;
        pieces->room = room;
    }
    struct expr_piece *piece = &pieces->piece[pieces->count++];
    *piece = (struct expr_piece){0};
    arf_init(piece->low);
    arf_init(piece->high);
    arb_init(piece->enclosure);
    arb_init(piece->slope);
    arf_set(piece->low, low);
    arf_set(piece->high, high);
    return piece;
}

static enum sn_status add_settled(struct expr_pieces *pieces,
    const struct expr_range *range, const arf_t low, const arf_t high)
{
    const struct expr_expression *f = range->f;
    struct expr_piece *last =
        pieces->count ? &pieces->piece[pieces->count - 1] : NULL;
    struct expr_formula value;
    enum sn_status status =
        expr_formula_init(&value, f, range->sign, f->value);
    if (status != SN_OK)
        return status;
    if (last && last->kind == EXPR_FORMULA &&
        expr_formula_equal(&last->value, &value)) {
        arf_set(last->high, high);
        expr_formula_clear(&value);
        return SN_OK;
    }
    struct expr_piece *piece = add_piece(pieces, low, high);
    if (!piece) {
        expr_formula_clear(&value);
        return SN_NO_MEMORY;
    }
    piece->value = value;
    return expr_formula_init(
        &piece->derivative, f, range->sign, f->derivative);
}

/* An enclosure of f on the gap, or of what counts in an integral over it. */
static bool enclose_gap(arb_t value, const struct expr_range *range,
    const arf_t low, const arf_t high)
{
    NUM_ARF(width);
    expr_range_value(value, range, range->f->value);
    if (arb_is_finite(value))
        return true;
    arf_sub(width, high, low, MAG_BITS, ARF_RND_UP);
    return expr_bound_singular(value, range, width);
}

/* A piece without a formula; neighbouring gaps are one. */
static enum sn_status add_gap(struct expr_pieces *pieces,
    const struct expr_range *range, const arf_t low, const arf_t high,
    enum expr_piece_kind kind)
{
    struct expr_piece *last =
        pieces->count ? &pieces->piece[pieces->count - 1] : NULL;
    bool joins = kind == EXPR_GAP && last && last->kind == EXPR_GAP;
    NUM_ARB(value, slope);
    if (!enclose_gap(value, range, low, high)) {
        arb_set_interval_arf(pieces->place, low, high, range->prec);
        pieces->culprit = expr_range_culprit(range);
        return SN_BAD_VALUE;
    }
    struct expr_piece *piece = joins ? last : add_piece(pieces, low, high);
    if (!piece)
        return SN_NO_MEMORY;
    expr_range_value(slope, range, range->f->derivative);
    if (joins) {
        arf_set(piece->high, high);
        arb_union(value, value, piece->enclosure, range->prec);
        arb_union(slope, slope, piece->slope, range->prec);
    }
    piece->kind = kind;
    arb_set(piece->enclosure, value);
    arb_set(piece->slope, slope);
    return SN_OK;
}

/* An interval of a few units of z's last place tells nothing by halving. */
enum { SPARE_BITS = 10 };

/* Short enough for a gap. */
static bool is_short(
    const arf_t low, const arf_t high, const arf_t scale, slong prec)
{
    NUM_ARF(width, most);
    arf_sub(width, high, low, MAG_BITS, ARF_RND_UP);
    arf_abs(most, low);
    if (arf_cmp(most, scale) < 0)
        arf_set(most, scale);
    arf_mul_2exp_si(most, most, SPARE_BITS - prec);
    return arf_cmp(width, most) <= 0;
}

/*
 * f, f^2 and f'^2 over the interval are known well enough for a flat; or f and
 * f^2 alone where a node of f is infinite.
 */
static bool is_flat(const struct expr_range *range, const arf_t low,
    const arf_t high, const arf_t scale)
{
    NUM_ARB(value, slope);
    NUM_MAG(most, width);
    NUM_ARF(x);
    expr_range_value(value, range, range->f->value);
    expr_range_value(slope, range, range->f->derivative);
    arb_sqr(slope, slope, range->prec);
    mag_set(most, arb_radref(value));
    bool sloped = arb_is_finite(slope);
    if (sloped)
        mag_max(most, most, arb_radref(slope));
    arb_sqr(value, value, range->prec);
    mag_max(most, most, arb_radref(value));
    arf_sub(x, high, low, MAG_BITS, ARF_RND_UP);
    arf_get_mag(width, x);
    mag_mul(most, most, width);
    arf_mul_2exp_si(x, scale, SPARE_BITS - (slong)range->prec);
    arf_get_mag_lower(width, x);
    return arb_is_finite(value) && mag_cmp(most, width) <= 0 &&
           (sloped || expr_range_culprit(range));
}

/* The piece that the interval is, or false: to be halved. */
static bool find_kind(enum expr_piece_kind *kind, struct expr_range *range,
    const arf_t low, const arf_t high, const arf_t scale)
{
    *kind = EXPR_FORMULA;
    if (expr_range_settle(range, low, high))
        return true;
    *kind = EXPR_GAP;
    if (is_short(low, high, scale, (slong)range->prec))
        return true;
    *kind = EXPR_FLAT;
    return is_flat(range, low, high, scale);
}

/* Right ends of intervals still to come, the next one on top. */
struct ends {
    arf_struct *end;
    int depth, room;
    int cuts; /* intervals halved */
};

static bool push_end(struct ends *ends, const arf_t end)
{
    if (ends->depth == ends->room) {
        int room = ends->room ? 2 * ends->room : 1024;
        arf_struct *grown = realloc(ends->end, (size_t)room * sizeof *grown);
        if (!grown)
            return false;
        ends->end = grown;
        ends->room = room;
    }
    arf_init(&ends->end[ends->depth]);
    arf_set(&ends->end[ends->depth++], end);
    return true;
}

/* The interval from `from` to the top end: a piece, and the next, or halved.
 */
static enum sn_status take_interval(struct expr_pieces *pieces,
    struct expr_range *range, arf_t from, struct ends *ends, const arf_t scale)
{
    const arf_struct *to = &ends->end[ends->depth - 1];
    enum expr_piece_kind kind;
    bool found = find_kind(&kind, range, from, to, scale);
    if (!found && ends->cuts++ >= EXPR_MOST_CUTS) {
        arb_set_interval_arf(pieces->place, from, to, range->prec);
        pieces->culprit = expr_range_culprit(range);
        pieces->open = true;
        return SN_BAD_VALUE;
    }
    if (!found) {
        NUM_ARF(middle);
        round_middle(middle, from, to);
        bool pushed = push_end(ends, middle);
        return pushed ? SN_OK : SN_NO_MEMORY;
    }
    enum sn_status status = kind == EXPR_FORMULA
                                ? add_settled(pieces, range, from, to)
                                : add_gap(pieces, range, from, to, kind);
    arf_set(from, to);
    arf_clear(&ends->end[--ends->depth]);
    return status;
}

enum sn_status expr_pieces_init(struct expr_pieces *pieces,
    struct expr_expression *f, const arf_t low, const arf_t high,
    const arf_t scale, slong prec)
{
    *pieces = (struct expr_pieces){0};
    arb_init(pieces->place);
    struct expr_range range;
    struct ends ends = {0};
    NUM_ARF(from);
    arf_set(from, low);
    enum sn_status status = expr_range_init(&range, f, prec);
    if (status == SN_OK && !push_end(&ends, high))
        status = SN_NO_MEMORY;
    while (ends.depth && status == SN_OK)
        status = take_interval(pieces, &range, from, &ends, scale);
    while (ends.depth)
        arf_clear(&ends.end[--ends.depth]);
    free(ends.end);
    expr_range_clear(&range);
    return status;
}

void expr_pieces_clear(struct expr_pieces *pieces)
{
    for (int i = 0; i < pieces->count; i++) {
        struct expr_piece *piece = &pieces->piece[i];
        arf_clear(piece->low);
        arf_clear(piece->high);
        arb_clear(piece->enclosure);
        arb_clear(piece->slope);
        expr_formula_clear(&piece->value);
        expr_formula_clear(&piece->derivative);
    }
    free(pieces->piece);
    arb_clear(pieces->place);
    *pieces = (struct expr_pieces){0};
}

int expr_pieces_jump(
    const struct expr_pieces *pieces, struct expr_evaluator *e)
{
    int jump = 0;
    const struct expr_piece *left = NULL;
    NUM_ACB(end, from_left, from_right);
    for (int i = 0; i < pieces->count && !jump; i++) {
        const struct expr_piece *right = &pieces->piece[i];
        if (right->kind != EXPR_FORMULA)
            continue;
        if (left) {
            acb_zero(end);
            arb_set_interval_arf(
                acb_realref(end), left->high, right->low, e->prec);
            expr_evaluate_acb(from_left, e, &left->value, end, false);
            expr_evaluate_acb(from_right, e, &right->value, end, false);
            if (!acb_overlaps(from_left, from_right))
                jump = i;
        }
        left = right;
    }
    return jump;
}

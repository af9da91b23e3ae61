/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boxes of an inequality: their bounds, and that they cover its domain. */
#include "fixedpoint/checker/boxes.h"
#include "fixedpoint/checker/check.h"
#include <math.h>
#include <stdlib.h>

/* Evaluations for one inequality: so many for each box, and some more. */
enum { PER_BOX = 400, SOME_MORE = 20000 };

/* Which axes the boxes have: all that the formula and the domain ask for. */
static bool read_axes(struct snc_check_state *c, struct snc_inequality *s)
{
    char *at = snc_after(c, "axes"), *word;
    bool has[SNC_COORDINATES] = {false};
    if (!at)
        return false;
    while ((word = snc_word(&at))) {
        int i = snc_coordinate_of(word);
        if (i == SNC_COORDINATES || has[i] || s->axes == SNC_AXES)
            return snc_refuse(
                &c->reader, "'%.40s': must be a coordinate, once", word);
        has[i] = true;
        s->axis[s->axes++] = i;
    }
    for (int i = 0; i < 2; i++) {
        bool product = has[SNC_M + i];
        bool factors = has[i] && has[i + 2];
        bool named = snc_expression_names(s->expression, i) ||
                     snc_expression_names(s->expression, i + 2);
        bool extreme = snc_expression_is_extreme(s->expression);
        if (product == factors || (product && (has[i] || has[i + 2])) ||
            (product && named) || (!product && extreme) ||
            (factors && !s->domain->has[i]))
            return snc_refuse(
                &c->reader, "the axes do not fit the formula and its domain");
    }
    if (has[6] != s->domain->has[6])
        return snc_refuse(&c->reader, "the axis s is out of place");
    return true;
}

static bool read_box(struct snc_check_state *c, struct snc_box *box, int axes)
{
    if (!snc_next(&c->reader))
        return false;
    char *at = c->reader.line;
    for (int i = 0; i < axes; i++) {
        for (int end = 0; end < 2; end++)
            if (!snc_take_double(c, &box->x[i][end], snc_word(&at)))
                return false;
        if (!(box->x[i][0] <= box->x[i][1]))
            return snc_refuse(&c->reader, "the box is reversed");
    }
    if (!snc_take_double(c, &box->bound, snc_word(&at)))
        return false;
    return !snc_word(&at) ||
           snc_refuse(&c->reader, "the box has more numbers");
}

/* Every box's bound, and the boxes together. */
static bool check_boxes(struct snc_check_state *c, struct snc_inequality *s,
    const struct snc_part *part, double bound)
{
    char *at = snc_after(c, "boxes"), *word = at ? snc_word(&at) : NULL;
    double count = 0, most = -INFINITY, hole[SNC_AXES] = {0};
    if (!at || !snc_take_double(c, &count, word))
        return false;
    if (!(count >= 1 && count <= SNC_MOST_BOXES && count == floor(count)))
        return snc_refuse(&c->reader, "'%.40s': must be from 1 to %d boxes",
            word, SNC_MOST_BOXES);
    struct snc_box *box = NULL;
    size_t room = 0, used = 0;
    bool good = true;
    s->budget = SOME_MORE + (long)count * PER_BOX;
    for (; good && used < (size_t)count; used++) {
        if (used == room) { /* as they come: the count is only a word */
            room = room ? 2 * room : 16;
            struct snc_box *more = realloc(box, room * sizeof *box);
            if (!more) {
                good = snc_refuse(&c->reader, "out of memory");
                break;
            }
            box = more;
        }
        good = read_box(c, &box[used], s->axes);
        if (good && box[used].bound > bound)
            good =
                snc_refuse(&c->reader, "the box's bound is above the whole's");
        if (good && !snc_box_holds(
                        s, (const double(*)[2])box[used].x, box[used].bound))
            good = snc_refuse(&c->reader, "the box's bound is not confirmed");
        if (good)
            most = fmax(most, box[used].bound);
    }
    if (good && most < bound)
        good = snc_refuse(&c->reader, "no box has the bound of the whole");
    if (good && !snc_covers(box, used, s->axis, s->axes, &part->domain, hole))
        good = snc_refuse(&c->reader,
            "the boxes do not cover the domain, near %s = %.6g, %s = %.6g",
            snc_coordinate[s->axis[0]], hole[0], snc_coordinate[s->axis[1]],
            hole[1]);
    c->boxes += (long)used;
    free(box);
    return good;
}

bool snc_check_bound(struct snc_check_state *c, const struct snc_part *part,
    struct snc_expression *expression)
{
    struct snc_inequality s = {.expression = expression,
        .sense = part->sense,
        .domain = &part->domain};
    char *at = snc_after(c, "bound");
    double bound;
    arb_t x;
    if (!at || !snc_take_double(c, &bound, snc_word(&at)))
        return false;
    arb_init(x);
    arb_set_d(x, part->sense * bound);
    bool good = snc_keeps(part, x, false) ||
                snc_refuse(&c->reader, "the bound does not keep the limit");
    arb_clear(x);
    if (!good || !read_axes(c, &s))
        return false;
    snc_jet_init(&s.here);
    snc_jet_init(&s.there);
    good = check_boxes(c, &s, part, bound);
    snc_jet_clear(&s.here);
    snc_jet_clear(&s.there);
    return good;
}

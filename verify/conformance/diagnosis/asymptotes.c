/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Far out an activation tends to a number, or to x.  Results that are there
 * already where f is not, or not yet where f is: both by the results alone.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

enum asymptote { TO_A_NUMBER, TO_X };

/* From x = `from` outwards; side 1 or -1. */
struct far_stretch {
    int side;
    enum asymptote to;
    double from, number;
};

static double outward(const struct diag_sample *s, int side)
{
    return isfinite(s->x) ? s->x * side : -1;
}

static bool is_there(const struct far_stretch *stretch, double x, double y)
{
    return y == (stretch->to == TO_X ? x : stretch->number);
}

static bool explained_by(const struct diag_sample *s, const void *ctx)
{
    const struct far_stretch *stretch = ctx;
    return s->deviates && outward(s, stretch->side) >= stretch->from;
}

/* Where the longest stretch begins in which all results (or all right ones)
   are there; its number is that of the sample farthest out. */
static bool find_stretch(
    const struct diag_evidence *e, struct far_stretch *stretch, bool right)
{
    double far = 0, last = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (outward(s, stretch->side) > far) {
            far = outward(s, stretch->side);
            stretch->number = right ? s->want : s->y;
        }
    }
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        const double at = outward(s, stretch->side);
        if (at > last && !is_there(stretch, s->x, right ? s->want : s->y))
            last = at;
    }
    stretch->from = far;
    for (size_t i = 0; i < e->n; i++) {
        const double at = outward(&e->sample[i], stretch->side);
        if (at > last)
            stretch->from = fmin(stretch->from, at);
    }
    return far > last;
}

/* Of its samples: what deviates and is not explained, and all. */
static size_t count_fresh(const struct diag_evidence *e,
    const struct far_stretch *stretch, size_t *there)
{
    size_t fresh = 0;
    *there = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (outward(s, stretch->side) < stretch->from)
            continue;
        *there += 1;
        fresh += s->deviates && !s->explained && isfinite(s->y);
    }
    return fresh;
}

static const struct {
    bool right;
    enum asymptote to;
    enum diag_index row;
} asymptotes[] = {{false, TO_X, DIAG_CURVE_THRESHOLD},
    {false, TO_A_NUMBER, DIAG_CURVE_SATURATES}, {true, TO_X, DIAG_CURVE_NOT_X},
    {true, TO_A_NUMBER, DIAG_CURVE_SATURATES_LATE}};
enum { ASYMPTOTES = sizeof asymptotes / sizeof *asymptotes };

/* Results are there first, or right ones are. */
static bool is_first(
    const struct diag_evidence *e, struct far_stretch *stretch, bool right)
{
    struct far_stretch other = *stretch;
    return find_stretch(e, stretch, right) &&
           !(find_stretch(e, &other, !right) && other.from <= stretch->from);
}

bool diag_asymptotes(struct diag_evidence *e, size_t more)
{
    struct far_stretch best = {.side = 0};
    size_t most = more < DIAG_SUPPORT ? DIAG_SUPPORT - 1 : more;
    size_t there, all = 0;
    int found = -1;
    for (int k = 0; k < 2 * ASYMPTOTES; k++) {
        struct far_stretch stretch = {
            .side = k % 2 ? 1 : -1, .to = asymptotes[k / 2].to};
        if (!is_first(e, &stretch, asymptotes[k / 2].right))
            continue;
        const size_t fresh = count_fresh(e, &stretch, &there);
        if (fresh > most) {
            best = stretch;
            most = fresh;
            all = there;
            found = k / 2;
        }
    }
    if (found >= 0)
        diag_name_those(e, asymptotes[found].row, explained_by, &best,
            (double[CONF_VALUES]){best.side * best.from, (double)most,
                (double)all, best.number});
    return found >= 0;
}

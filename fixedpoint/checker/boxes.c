/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is the bound of a box true?  By the range, by the faces on which the
 * extremum must lie, by the mean value form, else by halves.
 */
#include "fixedpoint/checker/boxes.h"
#include <math.h>
#include <string.h>

enum { DEEPEST = 60 };

/* x <= bound, proven. */
static bool is_below(const arb_t x, double bound)
{
    arf_t end;
    arf_init(end);
    arb_get_ubound_arf(end, x, SNC_PREC);
    bool good = arb_is_finite(x) && arf_cmp_d(end, bound) <= 0;
    arf_clear(end);
    return good;
}

static void evaluate(struct snc_inequality *s, struct snc_jet *y,
    const double x[SNC_AXES][2], bool slopes)
{
    s->evaluations++;
    snc_evaluate(y, s->expression, x, s->axis, s->axes, slopes, s->domain);
    if (s->sense < 0) {
        arb_neg(y->f, y->f);
        for (int i = 0; slopes && i < s->axes; i++)
            arb_neg(y->d[i], y->d[i]);
    }
}

/*
 * Where in x to expand: with slopes in [a, b] the mean value form at c bounds
 * by max(b (x1 - c), a (x0 - c)) above f(c), least where the two are equal.
 */
static double expansion_point(const double x[2], const arb_t slope)
{
    double middle = x[0] / 2 + x[1] / 2, share;
    arf_t low, high;
    if (!arb_is_finite(slope))
        return middle;
    arf_init(low);
    arf_init(high);
    arb_get_interval_arf(low, high, slope, SNC_PREC);
    double a = arf_get_d(low, ARF_RND_NEAR), b = arf_get_d(high, ARF_RND_NEAR);
    arf_clear(low);
    arf_clear(high);
    share = b / (b - a);
    if (!(a < 0 && b > 0 && share > 0 && share < 1))
        return middle;
    return fmin(fmax(x[0] + share * (x[1] - x[0]), x[0]), x[1]);
}

/* The value there plus the steps to the ends; finds the largest of these. */
static bool by_mean_value(struct snc_inequality *s,
    const double x[SNC_AXES][2], double bound, int *widest)
{
    double at[SNC_AXES][2], most = -1;
    arb_t sum, step, size;
    arf_t low, high;
    arb_init(sum);
    arb_init(step);
    arb_init(size);
    arf_init(low);
    arf_init(high);
    for (int i = 0; i < s->axes; i++)
        at[i][0] = at[i][1] = expansion_point(x[i], s->here.d[i]);
    evaluate(s, &s->there, (const double(*)[2])at, false);
    arb_set(sum, s->there.f);
    for (int i = 0; i < s->axes; i++) {
        if (x[i][0] == x[i][1])
            continue;
        double weight = (x[i][1] - x[i][0]) * 1e10;
        /* slope times [x0 - at, x1 - at], by the ends: only what is above
           counts */
        arb_get_interval_arf(low, high, s->here.d[i], SNC_PREC);
        bool finite = arb_is_finite(s->here.d[i]);
        arb_zero(step);
        for (int end = 0; finite && end < 2; end++)
            for (int side = 0; side < 2; side++) {
                arb_t edge;
                arb_init(edge);
                arb_set_d(size, x[i][end]);
                arb_set_d(edge, at[i][0]);
                arb_sub(size, size, edge, SNC_PREC);
                arb_set_arf(edge, side ? high : low);
                arb_mul(size, size, edge, SNC_PREC);
                arb_max(step, step, size, SNC_PREC);
                arb_clear(edge);
            }
        if (finite)
            weight = arf_get_d(arb_midref(step), ARF_RND_NEAR);
        else
            arb_indeterminate(step);
        arb_add(sum, sum, step, SNC_PREC);
        if (weight > most) {
            most = weight;
            *widest = i;
        }
    }
    bool good = is_below(sum, bound);
    arb_clear(sum);
    arb_clear(step);
    arb_clear(size);
    arf_clear(low);
    arf_clear(high);
    return good;
}

static bool holds(struct snc_inequality *s, const double box[SNC_AXES][2],
    double bound, int depth)
{
    double x[SNC_AXES][2];
    int widest = -1;
    bool moved;
    memcpy(x, box, sizeof x);
    do {
        if (s->evaluations > s->budget || depth > DEEPEST)
            return false;
        moved = false;
        evaluate(s, &s->here, (const double(*)[2])x, true);
        if (is_below(s->here.f, bound))
            return true;
        for (int i = 0; i < s->axes; i++) {
            int up = arb_is_nonnegative(s->here.d[i]);
            if (x[i][0] == x[i][1] ||
                (!up && !arb_is_nonpositive(s->here.d[i])))
                continue;
            x[i][0] = x[i][1] = x[i][up];
            moved = true;
        }
    } while (moved);
    if (by_mean_value(s, (const double(*)[2])x, bound, &widest))
        return true;
    if (widest < 0)
        return false;
    double low = x[widest][0], high = x[widest][1];
    double middle = low > 0 && high > 4 * low ? sqrt(low) * sqrt(high)
                                              : low / 2 + high / 2;
    if (!(middle > low && middle < high))
        return false;
    x[widest][1] = middle;
    if (!holds(s, (const double(*)[2])x, bound, depth + 1))
        return false;
    x[widest][0] = middle;
    x[widest][1] = high;
    return holds(s, (const double(*)[2])x, bound, depth + 1);
}

/* Cut at the kinks first: across one no slope has a sign. */
static bool holds_in_pieces(struct snc_inequality *s,
    const double box[SNC_AXES][2], double bound, int axis)
{
    for (; axis < s->axes; axis++) {
        double cut[SNC_MOST_KINKS], x[SNC_AXES][2];
        int count = snc_kinks(cut, s->domain, s->axis[axis]);
        for (int i = 0; i < count; i++) {
            if (!(cut[i] > box[axis][0] && cut[i] < box[axis][1]))
                continue;
            memcpy(x, box, sizeof x);
            x[axis][1] = cut[i];
            if (!holds_in_pieces(s, (const double(*)[2])x, bound, axis))
                return false;
            x[axis][0] = cut[i];
            x[axis][1] = box[axis][1];
            return holds_in_pieces(s, (const double(*)[2])x, bound, axis);
        }
    }
    return holds(s, box, bound, 0);
}

bool snc_box_holds(
    struct snc_inequality *s, const double box[SNC_AXES][2], double bound)
{
    if (!snc_expression_is_extreme(s->expression))
        return holds(s, box, bound, 0);
    return holds_in_pieces(s, box, bound, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Digits that cancelled: a difference of numbers that had been rounded to p
 * bits lies on their grid, however small it is.  e^x - 1 near 0, and the
 * gradient y + lambda alpha of a saved result y far below it.  Where the grid
 * is coarse beside the unit of the result, a right one is seldom on it.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

struct grid {
    const struct diag_evidence *e;
    int p;         /* bits of what cancelled */
    double offset; /* added to what lies on the grid */
    long double b, w;
};

enum {
    GRID_COARSE = 12, /* units of the result, at least */
    GRID_NEAR = 3     /* grid steps from the right value, at most */
};
#define GRID_ON 2.5L /* units of the result from the grid, at most */

/* Whether a value is a whole number of steps, give or take. */
static bool is_on(long double value, long double step, long double within)
{
    const long double off = value - step * nearbyintl(value / step);
    return fabsl(off) <= within;
}

static enum diag_says judge(const struct diag_sample *s, long double value,
    long double step, long double off)
{
    if (step < GRID_COARSE * (long double)s->unit || fabs(s->error) < 1.5)
        return DIAG_SILENT;
    const long double unit = (long double)fmax(s->unit, s->own_unit);
    return isfinite(s->y) && step >= GRID_COARSE * unit &&
                   is_on(value, step, GRID_ON * unit) &&
                   off <= GRID_NEAR * step
               ? DIAG_AGREES
               : DIAG_DENIES;
}

/* b (E - 1) with E = e^(x/w) rounded, or b E - b. */
static enum diag_says cancels(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    const struct grid *g = ctx;
    (void)e;
    const long double t = (long double)s->x / g->w;
    if (!(s->x < 0) || t < -0.69L || s->want == 0)
        return DIAG_SILENT;
    const long double right = g->b * expm1l(t), y = (long double)s->y;
    const long double off = fabsl(y - right);
    const enum diag_says difference =
        judge(s, y, fabsl(g->b) * ldexpl(1, -g->p), off);
    if (difference == DIAG_AGREES)
        return difference;
    /* the product is rounded on its own grid before b is taken off */
    const int exponent = ilogb((double)(fabsl(g->b) * expl(t)));
    const enum diag_says product =
        judge(s, y, ldexpl(1, exponent - g->p + 1), off);
    return product == DIAG_AGREES ? product : difference;
}

/* y + offset, where y is f(x) rounded; or b (E + 1) with E = e^(x/w) - 1
   rounded, what differentiation by program makes of b expm1(x/w). */
static enum diag_says from_saved(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    const struct grid *g = ctx;
    (void)e;
    const long double t = (long double)s->x / g->w;
    if (!(s->x < 0) || t > -1)
        return DIAG_SILENT;
    const long double saved = g->b * expm1l(t);
    const int exponent = ilogb((double)fabsl(saved));
    const long double step = ldexpl(1, exponent - g->p + 1);
    const long double off = fabsl((long double)s->y - (long double)s->want) -
                            fabsl((long double)g->offset - g->b);
    /* what the offset is beside the grid; y may be far smaller than both */
    const long double offset = (long double)g->offset;
    const long double beside = offset - step * nearbyintl(offset / step);
    const enum diag_says sum = judge(s, (long double)s->y - beside, step, off);
    if (sum == DIAG_AGREES)
        return sum;
    const enum diag_says product =
        judge(s, (long double)s->y, fabsl(g->b) * ldexpl(1, -g->p),
            fabsl((long double)s->y - (long double)s->want));
    return product == DIAG_AGREES ? product : sum;
}

static const int precisions[] = {8, 11, 24, 53, 64};
enum { PRECISIONS = sizeof precisions / sizeof *precisions };

/* The grid that explains most; its p, 0: none does. */
static int best_grid(const struct diag_evidence *e, struct grid *grid,
    diag_test *test, const double offsets[], int count,
    struct diag_tally *most)
{
    struct grid best = *grid;
    *most = (struct diag_tally){0};
    best.p = 0;
    for (int i = 0; i < PRECISIONS * count; i++) {
        grid->p = precisions[i / count];
        grid->offset = offsets[i % count];
        if (grid->p < ref_types[e->dtype].format->precision - 16)
            continue;
        const struct diag_tally tally = diag_count(e, test, grid);
        /* 0 is on every grid */
        if (diag_holds(&tally) && tally.fresh > most->fresh &&
            tally.not_zero >= DIAG_SUPPORT / 2) {
            *most = tally;
            best = *grid;
        }
    }
    *grid = best;
    return best.p;
}

static void cancellation(struct diag_evidence *e, struct grid *grid)
{
    static const double none[] = {0};
    struct diag_tally tally;
    const int p = best_grid(e, grid, cancels, none, 1, &tally);
    if (!p)
        return;
    const int own = ref_types[e->dtype].format->precision;
    const double value[CONF_VALUES] = {
        (double)tally.agree, (double)(tally.agree + tally.deny), p, tally.low};
    diag_name(e,
        p > own   ? DIAG_CANCELLATION_WIDER
        : p < own ? DIAG_CANCELLATION_NARROWER
                  : DIAG_CANCELLATION,
        cancels, grid, value);
}

static void from_the_result(struct diag_evidence *e, struct grid *grid)
{
    const double b = (double)grid->b;
    const double offsets[] = {b, conf_type_round(e->dtype, b)};
    struct diag_tally tally;
    const int p = best_grid(e, grid, from_saved, offsets, 2, &tally);
    if (!p)
        return;
    const double value[CONF_VALUES] = {(double)tally.agree,
        (double)(tally.agree + tally.deny), p, tally.high};
    diag_name(e, DIAG_GRADIENT_FROM_RESULT, from_saved, grid, value);
}

void diag_grids(struct diag_evidence *e)
{
    const struct diag_candidate right = diag_right(e);
    struct grid grid = {.e = e, .b = right.b, .w = right.w};
    /* the saved result of CELU is w (e^(x/w) - 1), its derivative y/w + 1 */
    if (e->reference->derivative)
        from_the_result(e, &grid);
    else
        cancellation(e, &grid);
}

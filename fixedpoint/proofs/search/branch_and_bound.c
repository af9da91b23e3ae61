/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Best-first branch and bound of a term on the boxes of some pieces.
 *
 * Boxes have double end points, exact in MPFI.  On each box the bound is the
 * smaller of the natural range and the best mean value form; where
 * a derivative has one sign on the box, the maximum lies on a face and the
 * box collapses to it.  A box is dropped when its bound is below a value that
 * is attained; the dropped bounds stay part of the final one.  Values come in
 * doubles, and in MPFI where the rounding of doubles counts.
 */
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/search/queue.h"
#include "fixedpoint/proofs/search/search.h"
#include <math.h>
#include <stdlib.h>

/*
 * Boxes after which a decided question is no longer sharpened, and after which
 * a search that has no finite bound, as where a slope is not defined
 * throughout, is not expected to find one.
 */
enum { SHARPEN_BOXES = 20000, BOUNDLESS_BOXES = 10000, WATCH_EVERY = 256 };

struct bounding {
    struct search_queue queue;
    double dropped; /* largest bound among boxes not in the heap */
    const struct search_problem *problem;
    const struct search_options *options;
    bool fine; /* evaluate in MPFI, not in doubles */
    struct search_supremum *found;
    struct iv_jet jet;
    mpfi_t natural, slope[IV_AXES], bound, step;
};

static bool is_finite(mpfi_srcptr x)
{
    return iv_is_interval(x) && mpfi_bounded_p(x);
}

/*
 * s->jet on a box; false unless the range is an interval of finite numbers,
 * so that no comparison ever sees a NaN.
 */
static bool evaluate_box(
    struct bounding *s, const double x[IV_AXES][2], size_t piece, bool slopes)
{
    const struct search_problem *p = s->problem;
    if (!s->fine)
        iv_term_evaluate_doubles(&s->jet, p->term, x, &p->pieces[piece],
            slopes, iv_map_doubles(p->map), p->selu);
    if (s->fine || !is_finite(s->jet.f))
        iv_term_evaluate(
            &s->jet, p->term, x, &p->pieces[piece], slopes, p->map, p->selu);
    if (s->options->spoil)
        s->options->spoil(&s->jet, x);
    if (p->sign < 0)
        iv_jet_neg(&s->jet, &s->jet);
    return is_finite(s->jet.f);
}

static double middle(const double x[2])
{
    /* by ratio where the box spans scales, as v does near 0 */
    if (x[0] > 0 && x[1] / x[0] > 4)
        return sqrt(x[0]) * sqrt(x[1]);
    if (x[0] < 0 && x[1] > 0 && -x[0] < 4 * x[1] && x[1] < -4 * x[0])
        return 0; /* where signs change, as omega's do */
    return x[0] + (x[1] - x[0]) / 2;
}

/* A point of x near c, of so few bits that products of two are exact, which
   saves the second erfc of an interval. */
static double inside(const double x[2], double c)
{
    return fmin(fmax((float)c, x[0]), x[1]);
}

static int axes_of(const struct bounding *s, const struct search_box *box)
{
    return s->problem->pieces[box->piece].axes;
}

/* The value at a point: lower and upper ends, and the best point so far. */
static bool sample(struct bounding *s, size_t piece, const double at[IV_AXES],
    double *lower, double *upper)
{
    double x[IV_AXES][2];
    int axes = s->problem->pieces[piece].axes;
    for (int i = 0; i < axes; i++)
        x[i][0] = x[i][1] = at[i];
    if (!evaluate_box(s, x, piece, false))
        return false;
    *lower = mpfr_get_d(&s->jet.f->left, MPFR_RNDD);
    *upper = mpfr_get_d(&s->jet.f->right, MPFR_RNDU);
    if (*lower > s->found->best) {
        s->found->best = *lower;
        for (int i = 0; i < axes; i++)
            s->found->x[i] = at[i];
        s->found->piece = piece;
    }
    return true;
}

/*
 * Collapses axis `i` to the face that holds the maximum, the upper one for
 * direction 1.  Two points on opposite faces check the claimed sign: an
 * evaluator that fails this proves nothing.
 */
static void collapse(
    struct bounding *s, struct search_box *box, int i, int direction)
{
    double at[IV_AXES], low[2], high[2], *x = box->x[i];
    bool known = true;
    for (int k = 0; k < axes_of(s, box); k++)
        at[k] = inside(box->x[k], middle(box->x[k]));
    for (int end = 0; end < 2; end++) {
        at[i] = x[end];
        known = sample(s, box->piece, at, &low[end], &high[end]) && known;
    }
    if (!known)
        return;
    int top = direction > 0;
    if (high[top] < low[!top])
        s->found->contradiction = true;
    x[0] = x[1] = x[top];
}

/* +1 or -1 where the derivative is known not to change sign, else 0. */
static int sign_of(mpfi_srcptr derivative)
{
    if (!iv_is_interval(derivative))
        return 0;
    return mpfr_sgn(&derivative->left) >= 0    ? 1
           : mpfr_sgn(&derivative->right) <= 0 ? -1
                                               : 0;
}

/* Range and slopes of the box, collapsed as far as their signs allow. */
static bool settle(struct bounding *s, struct search_box *box)
{
    int axes = axes_of(s, box);
    bool collapsed;
    do {
        s->found->boxes++;
        collapsed = false;
        if (!evaluate_box(
                s, (const double(*)[2])box->x, box->piece, !s->options->plain))
            return false;
        mpfi_set(s->natural, s->jet.f);
        for (int i = 0; i < s->jet.axes; i++)
            mpfi_set(s->slope[i], s->jet.d[i]);
        for (int i = 0; !s->options->plain && i < axes; i++) {
            int direction = sign_of(s->slope[i]);
            if (direction && box->x[i][0] < box->x[i][1]) {
                collapse(s, box, i, direction);
                collapsed |= box->x[i][0] == box->x[i][1];
            }
        }
    } while (collapsed);
    return true;
}

/*
 * Where on an axis the mean value form gives the least bound (Baumann): with
 * slopes in [a, b] and c in x it is b (x1 - c) above f(c) on the one side,
 * a (x0 - c) on the other, and c makes these equal.  On small boxes it
 * is the middle, which was measured to end sharper near an extremum.
 */
static double centre(const double x[2], mpfi_srcptr slope)
{
    double a = mpfr_get_d(&slope->left, MPFR_RNDN);
    double b = mpfr_get_d(&slope->right, MPFR_RNDN);
    double share = b / (b - a);
    if (!(a < 0 && b > 0 && share > 0 && share < 1) ||
        (b - a) * (x[1] - x[0]) < 0x1p-4)
        return inside(x, middle(x));
    return inside(x, x[0] + share * (x[1] - x[0]));
}

/* How wide the box is for its place; where ranges alone are looked at, how
   wide: that does not favour an axis on which the box holds 0. */
static double width_of(const struct bounding *s, const double x[2])
{
    return (x[1] - x[0]) / (s->options->plain ? 1 : fabs(x[0]) + fabs(x[1]));
}

/*
 * Bounds a box; its upper end comes in as that of the box that held it.
 * Returns how wide its centre's value is.
 */
static double estimate(struct bounding *s, struct search_box *box)
{
    const double inherited = box->upper;
    int axes = axes_of(s, box);
    double mid[IV_AXES] = {0}, weight[IV_AXES];
    double low = -INFINITY, high = INFINITY;
    bool known = settle(s, box), sloped = known && !s->options->plain;
    box->upper = known ? mpfr_get_d(&s->natural->right, MPFR_RNDU) : INFINITY;
    for (int i = 0; i < axes; i++) {
        const double *x = box->x[i];
        mid[i] = sloped ? centre(x, s->slope[i]) : inside(x, middle(x));
        weight[i] = x[1] > x[0] ? width_of(s, x) : 0;
        sloped = sloped && iv_is_interval(s->slope[i]);
    }
    if (sample(s, box->piece, mid, &low, &high) && sloped) {
        mpfi_set(s->bound, s->jet.f);
        for (int i = 0; i < axes; i++) {
            if (box->x[i][0] == box->x[i][1])
                continue;
            mpfi_interv_d(s->step, box->x[i][0], box->x[i][1]);
            mpfi_sub_d(s->step, s->step, mid[i]);
            mpfi_mul(s->step, s->step, s->slope[i]);
            mpfi_add(s->bound, s->bound, s->step);
            weight[i] = fmax(0, mpfr_get_d(&s->step->right, MPFR_RNDN));
        }
        if (iv_is_interval(s->bound))
            box->upper =
                fmin(box->upper, mpfr_get_d(&s->bound->right, MPFR_RNDU));
    }
    box->upper = fmin(box->upper, inherited);
    if (box->upper < low)
        s->found->contradiction = true;
    box->split = 0;
    for (int i = 1; i < axes; i++)
        if (weight[i] > weight[box->split])
            box->split = i;
    return high - low;
}

/* In doubles, and where their rounding counts beside the gap, in MPFI. */
static void bound(struct bounding *s, struct search_box *box)
{
    s->fine = box->fine;
    double noise = estimate(s, box), gap = box->upper - s->found->best;
    if (s->fine || !(gap > 0 && gap <= 8 * noise))
        return;
    s->fine = box->fine = true;
    estimate(s, box);
}

/* Bounds a box and keeps it if it may hold the maximum. */
static bool enter(struct bounding *s, struct search_box *box)
{
    bound(s, box);
    if (box->upper <= s->found->best) {
        s->dropped = fmax(s->dropped, box->upper);
        return true;
    }
    return search_queue_push(&s->queue, box);
}

/* One more node that is not cut; false: no memory. */
static bool add_node(struct search_tree *tree)
{
    if (tree->count == tree->room) {
        size_t room = tree->room ? 2 * tree->room : 16;
        struct search_node *more = realloc(tree->node, room * sizeof *more);
        if (!more)
            return false;
        tree->node = more;
        tree->room = room;
    }
    tree->node[tree->count++] = (struct search_node){.axis = -1};
    return true;
}

/* Notes the cut of a box in the tree, where there is one. */
static bool note(struct bounding *s, struct search_box half[2], int axis)
{
    struct search_tree *tree = s->options->tree;
    if (!tree)
        return true;
    struct search_node *node = &tree->node[half->node];
    *node = (struct search_node){axis, half[1].x[axis][0], tree->count};
    for (int i = 0; i < 2; i++)
        half[i].node = tree->count + (size_t)i;
    return add_node(tree) && add_node(tree);
}

/*
 * Halves a box along *axis, which, where an axis is collapsed, the halves
 * stand for the whole of.  False where no double lies strictly between the
 * ends.
 */
static bool halve(struct search_box half[2], int *axis,
    const struct search_box *box, int axes)
{
    for (int tries = 0; tries < axes; tries++) {
        int i = (box->split + tries) % axes;
        double mid = inside(box->x[i], middle(box->x[i]));
        if (mid == box->x[i][0] || mid == box->x[i][1])
            mid = middle(box->x[i]); /* ends too near for so few bits */
        if (mid > box->x[i][0] && mid < box->x[i][1]) {
            half[0] = half[1] = *box;
            half[0].x[i][1] = half[1].x[i][0] = mid;
            *axis = i;
            return true;
        }
    }
    return false;
}

/* May the search end, `upper` being the bound that is proven so far? */
static bool is_enough(const struct search_supremum *found, double upper,
    double limit, const struct search_options *search)
{
    double tolerance = search->tolerance > 0 ? search->tolerance : 1e-12;
    long sharpen = search->sharpen > 0 ? search->sharpen : SHARPEN_BOXES;
    double gap = upper - found->best, scale = fmax(0x1p-10, fabs(found->best));
    if (upper < limit || found->best >= limit)
        return gap <= tolerance * scale || found->boxes >= sharpen;
    return gap <= 0x1p-51 * fmax(fabs(found->best), fabs(limit));
}

/* Has the search used up what it may spend? */
static bool is_spent(const struct search_supremum *found, double upper,
    const struct search_options *search)
{
    return found->boxes >= search->max_boxes ||
           (upper == INFINITY && found->boxes >= BOUNDLESS_BOXES);
}

static void each_interval(struct bounding *s, bool start)
{
    mpfi_ptr all[3 + IV_AXES] = {s->natural, s->bound, s->step};
    for (int i = 0; i < IV_AXES; i++)
        all[3 + i] = s->slope[i];
    for (int i = 0; i < 3 + IV_AXES; i++)
        if (start)
            mpfi_init2(all[i], IV_PROOF_PRECISION);
        else
            mpfi_clear(all[i]);
}

static bool enter_pieces(struct bounding *s)
{
    bool fine = !iv_doubles_are_usable();
    for (size_t i = 0; i < s->problem->count; i++) {
        struct search_box box = {
            .upper = INFINITY, .piece = i, .node = i, .fine = fine};
        for (int k = 0; k < s->problem->pieces[i].axes; k++)
            for (int end = 0; end < 2; end++)
                box.x[k][end] = s->problem->pieces[i].x[k][end];
        if (s->options->tree && !add_node(s->options->tree))
            return false;
        if (!enter(s, &box))
            return false;
    }
    return s->problem->count > 0;
}

/* Halves the leading box until the bound is as sharp as is wanted. */
static bool sharpen_bound(struct bounding *s)
{
    struct search_supremum *found = s->found;
    const struct search_options *options = s->options;
    long watched = 0;
    bool room = true;
    while (room && s->queue.used && !found->contradiction) {
        const struct search_box *first = &s->queue.box[0];
        struct search_box half[2];
        int axis;
        double upper = fmax(first->upper, s->dropped);
        if (is_enough(found, upper, s->problem->limit, options))
            break;
        found->spent = is_spent(found, upper, options);
        if (found->spent || !halve(half, &axis, first, axes_of(s, first)))
            break;
        if (options->watch && found->boxes - watched >= WATCH_EVERY) {
            watched = found->boxes;
            found->interrupted = !options->watch(options->context, watched);
            if (found->interrupted)
                break;
        }
        search_queue_pop(&s->queue);
        room = note(s, half, axis) && enter(s, &half[0]) && enter(s, &half[1]);
    }
    return room;
}

enum sn_status search_maximise(struct search_supremum *supremum,
    const struct search_problem *problem, const struct search_options *options)
{
    struct bounding s = {.dropped = -INFINITY,
        .problem = problem,
        .options = options,
        .found = supremum};
    *supremum = (struct search_supremum){.upper = INFINITY, .best = -INFINITY};
    iv_jet_init(&s.jet);
    each_interval(&s, true);
    bool room = enter_pieces(&s) && sharpen_bound(&s);
    double upper = s.dropped;
    if (s.queue.used)
        upper = fmax(upper, s.queue.box[0].upper);
    /* a proven bound below an attained value: the evaluator is at fault */
    if (upper < supremum->best)
        supremum->contradiction = true;
    if (room && !supremum->contradiction)
        supremum->upper = upper;

    free(s.queue.box);
    iv_jet_clear(&s.jet);
    each_interval(&s, false);
    return room || !problem->count ? SN_OK : SN_NO_MEMORY;
}

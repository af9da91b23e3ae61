/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and bound for g(x) = x; fixed_points_box.c judges a box. */
#include "fixedpoint/fixed_points/fixed_points_box.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct fixed_hunt {
    struct fixed_box_test test;
    struct fixed_point_list *found;
    struct fixed_box *queue;
    size_t head, tail, queue_room, point_room, open_room;
};

/* A room for one more; false without memory. */
static bool grow(void **array, size_t *room, size_t used, size_t size)
{
    if (used < *room)
        return true;
    size_t wanted = *room ? 2 * *room : 64;
    void *more = realloc(*array, wanted * size);
    if (!more)
        return false;
    *array = more;
    *room = wanted;
    return true;
}

static bool push(struct fixed_hunt *s, const struct fixed_box *box)
{
    if (!grow((void **)&s->queue, &s->queue_room, s->tail, sizeof *box))
        return false;
    s->queue[s->tail++] = *box;
    return true;
}

static bool leave_open(struct fixed_hunt *s, const struct fixed_box *box)
{
    struct fixed_point_list *found = s->found;
    if (!grow((void **)&found->open, &s->open_room, found->open_count,
            sizeof *box))
        return false;
    found->open[found->open_count++] = *box;
    return true;
}

/*
 * Tries to isolate a fixed point in a box around the Newton point of `box`,
 * larger than it: a point on the edge of `box` is inside that one.
 */
static bool isolate(struct fixed_hunt *s, const struct fixed_box *box)
{
    struct fixed_isolated new;
    double width[2], scale[2], centre[2];
    for (int i = 0; i < 2; i++) {
        width[i] = fixed_box_ends(box, i)[1] - fixed_box_ends(box, i)[0];
        centre[i] = mpfi_get_d(s->test.krawczyk[i]);
    }
    scale[1] = fixed_box_ends(box, 1)[1];
    scale[0] = fmax(sqrt(scale[1]), fabs(centre[0]));
    for (int i = 0; i < 2; i++) {
        double other = width[1 - i] / scale[1 - i] * scale[i];
        double half = fmax(0.75 * width[i], fmax(other / 16, 1e-9 * scale[i]));
        if (fabs(centre[i] - fixed_box_middle(fixed_box_ends(box, i))) >
            2 * half)
            return true;
        fixed_box_side(&new.alone, i)[0] = centre[i] - half;
        fixed_box_side(&new.alone, i)[1] = centre[i] + half;
    }
    if (!(new.alone.nu[0] > 0) || !fixed_box_maps_inside(&s->test, &new.alone))
        return true;
    new.tight = fixed_box_tighten(&s->test, new.alone);
    struct fixed_point_list *found = s->found;
    for (size_t k = 0; k < found->count; k++) {
        struct fixed_isolated *old = &found->point[k];
        if (fixed_box_contains(&old->alone, &new.tight)) {
            /* the same point: keep the box that covers more */
            if (fixed_box_contains(&new.alone, &old->alone))
                old->alone = new.alone;
            return true;
        }
        if (fixed_box_contains(&new.alone, &old->tight)) {
            old->alone = new.alone;
            return true;
        }
        if (fixed_boxes_meet(&old->tight, &new.tight))
            return true; /* one or two: the boxes stay to be split */
    }
    if (!grow(
            (void **)&found->point, &s->point_room, found->count, sizeof new))
        return false;
    found->point[found->count++] = new;
    return true;
}

static bool is_covered(const struct fixed_hunt *s, const struct fixed_box *box)
{
    for (size_t k = 0; k < s->found->count; k++)
        if (fixed_box_contains(&s->found->point[k].alone, box))
            return true;
    return false;
}

/* Halves the side along which g(x) - x may vary most. */
static bool split(struct fixed_hunt *s, const struct fixed_box *box)
{
    double vary[2], scale[2];
    bool can[2];
    scale[1] = box->nu[1];
    scale[0] = fmax(sqrt(box->nu[1]), fmax(fabs(box->mu[0]), box->mu[1]));
    for (int j = 0; j < 2; j++) {
        const double *x = fixed_box_ends(box, j);
        double width = x[1] - x[0], c = fixed_box_middle(x);
        can[j] = width > 1e-13 * scale[j] && c > x[0] && c < x[1];
        /* lean towards square boxes, all the more where J is unbounded */
        double slope = 0.5 / scale[j] + fixed_box_slope(&s->test, j, scale);
        vary[j] = width * (slope <= 1e6 / scale[j] ? slope : 1e6 / scale[j]);
    }
    if (!can[0] && !can[1])
        return leave_open(s, box);
    int j = !can[0] || (can[1] && vary[1] > vary[0]);
    struct fixed_box half = *box;
    double c = fixed_box_middle(fixed_box_ends(box, j));
    fixed_box_side(&half, j)[1] = c;
    if (!push(s, &half))
        return false;
    fixed_box_side(&half, j)[0] = c;
    fixed_box_side(&half, j)[1] = fixed_box_ends(box, j)[1];
    return push(s, &half);
}

/* One box: done with, isolated around, split or left open. */
static bool visit(struct fixed_hunt *s, const struct fixed_box *box)
{
    if (is_covered(s, box))
        return true;
    fixed_box_prepare(&s->test, box);
    if (fixed_box_is_excluded(&s->test, box))
        return true;
    if (fixed_box_krawczyk(&s->test, box)) {
        if (fixed_box_image_misses(&s->test, box))
            return true;
        if (!isolate(s, box))
            return false;
        if (is_covered(s, box))
            return true;
    }
    return split(s, box);
}

static int by_mean(const void *a, const void *b)
{
    const struct fixed_isolated *p = a, *q = b;
    for (int i = 0; i < 2; i++) {
        double x = fixed_box_ends(&p->tight, i)[0],
               y = fixed_box_ends(&q->tight, i)[0];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static bool is_region(const struct fixed_box *region)
{
    for (int i = 0; i < 2; i++) {
        const double *x = fixed_box_ends(region, i);
        if (!(isfinite(x[0]) && isfinite(x[1]) && x[0] <= x[1]))
            return false;
    }
    return region->nu[0] > 0;
}

enum sn_status fixed_points_find(struct fixed_point_list *found,
    const struct fixed_box *region, const struct map_point *point,
    const struct fixed_search *options)
{
    memset(found, 0, sizeof *found);
    if (!is_region(region))
        return SN_BAD_VALUE;
    struct fixed_hunt s = {.found = found};
    fixed_box_test_init(&s.test, point, options->evaluate);
    bool fits = push(&s, region);
    long visits = 0;
    while (fits && s.head < s.tail && s.test.boxes < options->max_boxes &&
           !s.test.contradiction && !found->interrupted) {
        struct fixed_box box = s.queue[s.head++];
        fits = visit(&s, &box);
        if (++visits % 256 == 0 && options->watch)
            found->interrupted =
                !options->watch(options->context, s.test.boxes);
    }
    for (; fits && s.head < s.tail; s.head++)
        if (!is_covered(&s, &s.queue[s.head]))
            fits = leave_open(&s, &s.queue[s.head]);
    found->boxes = s.test.boxes;
    found->contradiction = s.test.contradiction;
    fixed_box_test_clear(&s.test);
    free(s.queue);
    if (!fits) {
        fixed_points_clear(found);
        return SN_NO_MEMORY;
    }
    size_t kept = 0;
    for (size_t k = 0; k < found->count; k++)
        if (fixed_boxes_meet(&found->point[k].tight, region))
            found->point[kept++] = found->point[k];
    found->count = kept;
    if (kept)
        qsort(found->point, kept, sizeof *found->point, by_mean);
    found->complete = !found->open_count && !found->contradiction;
    return SN_OK;
}

void fixed_points_clear(struct fixed_point_list *found)
{
    free(found->point);
    free(found->open);
    memset(found, 0, sizeof *found);
}

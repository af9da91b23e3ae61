/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All fixed points of the q-map in a region: boxes are judged by the function
 * once sampled (samples.h), the points refined by Gaussian moments.
 */
#include "fixedpoint/meanfield/layer.h"
#include "fixedpoint/meanfield/samples.h"
#include <math.h>

enum { SEARCH_GOAL = 50, SEARCH_PRECISION = 80, MOST_SEARCH_BOXES = 3000 };
#define NARROWEST 1e-9 /* of an open box, beside q */

void field_points_init(struct field_points *x)
{
    *x = (struct field_points){0};
    for (int i = 0; i < FIELD_MOST_POINTS; i++)
        arb_init(x->point[i].slope);
}

void field_points_clear(struct field_points *x)
{
    for (int i = 0; i < FIELD_MOST_POINTS; i++)
        arb_clear(x->point[i].slope);
}

/* q' - q and its slope over a ball */
static void excess(arb_t value, arb_t slope, const struct field_samples *x,
    const struct field_layer *layer, const arb_t q)
{
    NUM_ARB(mean, square, mean_v);
    field_samples_moments(mean, square, mean_v, slope, x, q, SEARCH_PRECISION);
    arb_mul(square, square, layer->spread, SEARCH_PRECISION);
    arb_mul(slope, slope, layer->spread, SEARCH_PRECISION);
    if (layer->centred) {
        arb_submul(square, mean, mean, SEARCH_PRECISION);
        arb_mul_2exp_si(mean_v, mean_v, 1);
        arb_submul(slope, mean, mean_v, SEARCH_PRECISION);
    }
    arb_mul(value, square, layer->weights, SEARCH_PRECISION);
    arb_add(value, value, layer->bias, SEARCH_PRECISION);
    arb_sub(value, value, q, SEARCH_PRECISION);
    arb_mul(slope, slope, layer->weights, SEARCH_PRECISION);
    arb_sub_ui(slope, slope, 1, SEARCH_PRECISION);
}

static int sign_at(
    double q, const struct field_samples *x, const struct field_layer *layer)
{
    NUM_ARB(ball, value, slope);
    arb_set_d(ball, q);
    excess(value, slope, x, layer, ball);
    return arb_is_positive(value) ? 1 : arb_is_negative(value) ? -1 : 0;
}

enum judgement { EMPTY_BOX, ONE_POINT, UNKNOWN_BOX };

static enum judgement judge(arb_t slope, double low, double high,
    const struct field_samples *x, const struct field_layer *layer)
{
    NUM_ARB(box, value, middle, unused, half);
    NUM_ARF(a, b);
    arf_set_d(a, low);
    arf_set_d(b, high);
    arb_set_interval_arf(box, a, b, SEARCH_PRECISION);
    excess(value, slope, x, layer, box);
    if (!arb_contains_zero(value))
        return EMPTY_BOX;
    arb_get_mid_arb(middle, box);
    excess(value, unused, x, layer, middle);
    arb_sub(half, box, middle, SEARCH_PRECISION);
    arb_addmul(value, slope, half, SEARCH_PRECISION);
    if (!arb_contains_zero(value))
        return EMPTY_BOX;
    if (arb_contains_zero(slope))
        return UNKNOWN_BOX;
    int signs = sign_at(low, x, layer) * sign_at(high, x, layer);
    return signs < 0 ? ONE_POINT : signs > 0 ? EMPTY_BOX : UNKNOWN_BOX;
}

static void search(struct field_points *found, double low, double high,
    const struct field_samples *x, const struct field_layer *layer)
{
    NUM_ARB(slope);
    if (++found->boxes > MOST_SEARCH_BOXES) {
        found->complete = false;
        found->open = low;
        return;
    }
    enum judgement what = judge(slope, low, high, x, layer);
    if (what == EMPTY_BOX)
        return;
    if (what == ONE_POINT && found->count < FIELD_MOST_POINTS) {
        struct field_alone *point = &found->point[found->count++];
        point->low = low;
        point->high = high;
        arb_set(point->slope, slope);
        return;
    }
    if (high - low < NARROWEST * high || what == ONE_POINT) {
        found->complete = false;
        found->open = low;
        return;
    }
    /* not in the middle, where a point is likely to lie */
    double cut = low * pow(high / low, 0.4876543);
    search(found, low, cut, x, layer);
    search(found, cut, high, x, layer);
}

enum sn_status field_points_find(struct field_points *found,
    const struct field_layer *layer, struct act_trouble *trouble)
{
    NUM_STRUCT(field_samples, x);
    arb_set_d(x.low, found->low);
    arb_set_d(x.high, found->high);
    x.goal = SEARCH_GOAL;
    x.prec = SEARCH_PRECISION;
    found->complete = true;
    enum sn_status status = field_samples_take(&x, layer->f, trouble);
    if (status == SN_OK)
        search(found, found->low, found->high, &x, layer);
    return status;
}

/*
 * Newton's steps to a q near the point; as q' - q changes by at least
 * |slope| |dq| there, the point lies within |q' - q|/|slope|.
 */
enum sn_status field_point_refine(arb_t q, const struct field_alone *alone,
    const struct field_layer *layer, slong prec, struct act_trouble *trouble)
{
    enum { MOST_NEWTON = 60 };
    const bool rising = arb_is_positive(alone->slope);
    NUM_STRUCT(field_step, step);
    NUM_ARB(rest, move, box);
    NUM_MAG(error, least);
    NUM_ARF(low, high);
    arf_set_d(low, alone->low);
    arf_set_d(high, alone->high);
    arb_set_interval_arf(box, low, high, prec);
    arb_get_mid_arb(step.q, box);
    for (int i = 0; i < MOST_NEWTON; i++) {
        enum sn_status status = field_step_arb(&step, layer, prec, trouble);
        if (status != SN_OK)
            return status;
        arb_sub(rest, step.next, step.q, prec);
        if (arb_contains_zero(rest))
            break;
        bool beyond = arb_is_positive(rest) == rising;
        arf_set(beyond ? high : low, arb_midref(step.q));
        arb_set_interval_arf(box, low, high, prec);
        arb_sub_ui(move, step.slope, 1, prec);
        arb_div(move, rest, move, prec);
        arb_sub(move, step.q, move, prec);
        arb_get_mid_arb(move, move);
        if (arb_contains(box, move))
            arb_set(step.q, move);
        else
            arb_get_mid_arb(step.q, box);
    }
    arb_get_mag(error, rest);
    arb_get_mag_lower(least, alone->slope);
    mag_div(error, error, least);
    arb_set(q, step.q);
    arb_add_error_mag(q, error);
    return arb_rel_accuracy_bits(q) > prec / 2 ? SN_OK : SN_UNDECIDED;
}

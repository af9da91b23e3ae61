/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/meanfield/layer.h"

void field_layer_init(struct field_layer *layer)
{
    layer->f = NULL;
    arb_init(layer->weights);
    arb_init(layer->bias);
    arb_init(layer->spread);
    arb_one(layer->spread);
    layer->centred = false;
}

void field_layer_clear(struct field_layer *layer)
{
    arb_clear(layer->weights);
    arb_clear(layer->bias);
    arb_clear(layer->spread);
}

void field_step_init(struct field_step *x)
{
    arb_ptr const all[] = {
        x->q, x->mean, x->square, x->slope_square, x->next, x->slope, x->chi};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_init(all[i]);
}

void field_step_clear(struct field_step *x)
{
    arb_ptr const all[] = {
        x->q, x->mean, x->square, x->slope_square, x->next, x->slope, x->chi};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        arb_clear(all[i]);
}

enum sn_status field_step_arb(struct field_step *x,
    const struct field_layer *layer, slong prec, struct act_trouble *trouble)
{
    NUM_STRUCT(act_gaussian, g);
    NUM_ARB(zero);
    enum sn_status status = act_gaussian_arb(
        &g, layer->f, zero, x->q, ACT_ANY_METHOD, prec, trouble);
    if (status != SN_OK)
        return status;
    arb_set(x->mean, g.mean);
    arb_mul(x->square, g.square, layer->spread, prec);
    arb_mul(x->slope, g.square_v, layer->spread, prec);
    if (layer->centred) {
        arb_submul(x->square, g.mean, g.mean, prec);
        arb_mul_2exp_si(g.mean_v, g.mean_v, 1);
        arb_submul(x->slope, g.mean, g.mean_v, prec);
    }
    arb_mul(x->slope_square, g.slope_square, layer->spread, prec);
    arb_mul(x->next, layer->weights, x->square, prec);
    arb_add(x->next, x->next, layer->bias, prec);
    arb_mul(x->slope, x->slope, layer->weights, prec);
    arb_mul(x->chi, layer->weights, x->slope_square, prec);
    return SN_OK;
}

/* ---- two inputs ------------------------------------------------------ */

enum sn_status field_correlation_map(arb_t next,
    const struct field_layer *layer, const arb_t q, const arb_t c, bool slope,
    slong goal, struct act_trouble *trouble)
{
    struct expr_expression *f = layer->f;
    const int value = f->value, derivative = f->derivative;
    const slong prec = goal + 64;
    NUM_STRUCT(field_pair, pair);
    enum field_way way;
    arb_set(pair.v, q);
    arb_set(pair.v + 1, q);
    arb_mul(pair.covariance, c, q, prec);
    if (slope) {
        f->value = derivative;
        f->derivative = expr_differentiate(f, derivative);
    }
    enum sn_status status =
        f->failed ? SN_NO_MEMORY
                  : field_pair_arb(next, &way, f, &pair, goal, trouble);
    f->value = value;
    f->derivative = derivative;
    if (!slope && layer->centred && status == SN_OK) {
        NUM_STRUCT(act_gaussian, g);
        NUM_ARB(zero);
        status =
            act_gaussian_arb(&g, f, zero, q, ACT_VALUES_ALONE, prec, trouble);
        arb_submul(next, g.mean, g.mean, prec);
    }
    arb_mul(next, next, layer->weights, prec);
    if (!slope) {
        arb_add(next, next, layer->bias, prec);
        arb_div(next, next, q, prec);
    }
    return status;
}

/* The sign of C(c) - c, 0 where it is not known; and about its size. */
static enum sn_status side_of(int *sign, double *size,
    const struct field_layer *layer, const arb_t q, const arb_t c, slong goal,
    struct act_trouble *trouble)
{
    NUM_ARB(y);
    enum sn_status status =
        field_correlation_map(y, layer, q, c, false, goal, trouble);
    arb_sub(y, y, c, goal + 64);
    *sign = arb_is_positive(y) ? 1 : arb_is_negative(y) ? -1 : 0;
    *size = arf_get_d(arb_midref(y), ARF_RND_NEAR);
    return status;
}

/*
 * Secants in doubles, kept within the signs that are proven: [0, 1) at first,
 * then by the secant's point and points beside it.
 */
enum sn_status field_correlation_point(arb_t point,
    const struct field_layer *layer, const arb_t q, slong goal,
    struct act_trouble *trouble)
{
    enum { MOST_SECANTS = 60 };
    double low = 0, high = 1, at_low = 0, at_high = 0, size;
    int sign;
    enum sn_status status = SN_OK;
    NUM_ARB(c);
    const double close = mag_get_d(arb_radref(q)) + 0x1p-52;
    for (int i = 0; i < MOST_SECANTS && high - low > 4 * close; i++) {
        double middle = low + (high - low) / 2;
        if (at_low > 0 && at_high < 0 && i % 3) {
            double secant = low + (high - low) * at_low / (at_low - at_high);
            /* a little to either side, so that both ends come near */
            double aside = i % 3 == 1 ? close : -close;
            secant += aside +
                      (high - low) * (aside > 0 ? 1e-3 : -1e-3) * (high - low);
            if (secant > low && secant < high)
                middle = secant;
        }
        arb_set_d(c, middle);
        status = side_of(&sign, &size, layer, q, c, goal, trouble);
        if (status != SN_OK || !sign)
            break;
        if (sign > 0) {
            low = middle;
            at_low = size;
        } else {
            high = middle;
            at_high = size;
        }
    }
    NUM_ARF(a, b);
    arf_set_d(a, low);
    arf_set_d(b, high);
    arb_set_interval_arf(point, a, b, goal + 64);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/meanfield/pair.h"
#include "fixedpoint/meanfield/quadrant.h"

enum { SCALE_PRECISION = 64 };

/* The squares E f(z_i)^2, E f'(z_i)^2, and log2 of the first ones' root. */
struct squares {
    arb_struct value[2], slope[2];
    slong log;
};

static void squares_init(struct squares *x)
{
    for (int i = 0; i < 2; i++) {
        arb_init(x->value + i);
        arb_init(x->slope + i);
    }
}

static void squares_clear(struct squares *x)
{
    for (int i = 0; i < 2; i++) {
        arb_clear(x->value + i);
        arb_clear(x->slope + i);
    }
}

static enum sn_status find_squares(struct squares *x,
    struct expr_expression *f, const struct field_pair *pair, slong prec,
    struct act_trouble *trouble)
{
    NUM_ARB(both);
    NUM_MAG(size);
    arb_one(both);
    for (int i = 0; i < 2; i++) {
        NUM_STRUCT(act_gaussian, g);
        enum sn_status status = act_gaussian_arb(
            &g, f, pair->m + i, pair->v + i, ACT_VALUES_ALONE, prec, trouble);
        if (status != SN_OK)
            return status;
        arb_set(x->value + i, g.square);
        arb_set(x->slope + i, g.slope_square);
        arb_mul(both, both, g.square, prec);
    }
    arb_get_mag(size, both);
    if (!mag_is_special(size))
        x->log = fmpz_get_si(MAG_EXPREF(size)) / 2;
    return SN_OK;
}

/* Bits that are known beside 2^log. */
static slong bits_known(const arb_t y, slong log)
{
    if (mag_is_zero(arb_radref(y)))
        return WORD_MAX;
    return mag_is_inf(arb_radref(y))
               ? 0
               : log - fmpz_get_si(MAG_EXPREF(arb_radref(y)));
}

/*
 * |rho| = 1, or nearly: rho is moved inwards, by which the product changes by
 * at most |covariance change| sqrt(E f'(z1)^2 E f'(z2)^2) (Price).
 */
static void move_inwards(arb_t covariance, mag_t error,
    const struct field_pair *pair, const struct squares *x, slong bits,
    slong prec)
{
    NUM_ARB(bound, part);
    NUM_MAG(change);
    arb_mul(part, pair->v, pair->v + 1, prec);
    arb_sqrt(bound, part, prec);
    arb_set_ui(part, 1);
    arb_mul_2exp_si(part, part, -bits);
    arb_mul(part, part, bound, prec);
    arb_sub(bound, bound, part, prec); /* (1 - 2^-bits) sqrt(v1 v2) */
    if (!arb_is_nonnegative(covariance))
        arb_neg(bound, bound);
    arb_get_mid_arb(bound, bound);
    arb_sub(part, covariance, bound, prec);
    arb_get_mag(change, part);
    arb_set(covariance, bound);
    arb_mul(part, x->slope, x->slope + 1, prec);
    arb_sqrt(part, part, prec);
    arb_get_mag(error, part);
    mag_mul(error, error, change);
}

static enum sn_status find_closed(arb_t product, struct expr_expression *f,
    const struct field_pair *pair, const struct squares *x, slong goal)
{
    enum { MOST_PRECISIONS = 4 };
    enum sn_status status = SN_OK;
    NUM_MAG(error);
    NUM_STRUCT(field_correlation, rho);
    NUM_ARB(covariance);
    slong prec = goal + 64 + (x->log < 0 ? -x->log : x->log);
    for (int i = 0; i < MOST_PRECISIONS && status == SN_OK; i++, prec *= 2) {
        struct field_pair inner = *pair; /* the same but for one */
        arb_set(covariance, pair->covariance);
        mag_zero(error);
        field_correlation_set(&rho, covariance, pair->v, pair->v + 1, prec);
        if (!arb_is_positive(rho.rest))
            move_inwards(covariance, error, pair, x, goal + 16, 4 * prec);
        *inner.covariance = *covariance;
        status = field_pair_closed_arb(product, f, &inner, prec);
        arb_add_error_mag(product, error);
        if (bits_known(product, x->log) >= goal)
            break;
    }
    return status;
}

static enum sn_status find_product(arb_t product, struct squares *x,
    enum field_way *way, struct expr_expression *f,
    const struct field_pair *pair, slong goal, struct act_trouble *trouble)
{
    slong prec = SCALE_PRECISION;
    *trouble = (struct act_trouble){0};
    enum sn_status status = find_squares(x, f, pair, prec, trouble);
    if (status == SN_OK && bits_known(x->value, x->log) < prec / 2)
        status = find_squares(x, f, pair, 4 * prec, trouble);
    if (status != SN_OK)
        return status;
    if (field_pair_is_one(pair)) {
        status =
            find_squares(x, f, pair, goal + SCALE_PRECISION - x->log, trouble);
        arb_set(product, x->value);
        *way = FIELD_CLOSED;
        return status;
    }
    *way = FIELD_CLOSED;
    status = find_closed(product, f, pair, x, goal);
    if (status != SN_NO_SOLUTION)
        return status;
    *way = FIELD_SERIES;
    return field_pair_series_arb(product, f, pair, goal - x->log, trouble);
}

enum sn_status field_pair_arb(arb_t product, enum field_way *way,
    struct expr_expression *f, const struct field_pair *pair, slong goal,
    struct act_trouble *trouble)
{
    NUM_STRUCT(squares, x);
    return find_product(product, &x, way, f, pair, goal, trouble);
}

enum sn_status field_cosine_arb(arb_t cosine, enum field_way *way,
    struct expr_expression *f, const struct field_pair *pair, slong goal,
    struct act_trouble *trouble)
{
    NUM_STRUCT(squares, x);
    NUM_ARB(sizes);
    enum sn_status status =
        find_product(cosine, &x, way, f, pair, goal, trouble);
    const slong prec = goal + SCALE_PRECISION;
    if (status == SN_OK && field_pair_is_one(pair)) {
        arb_one(cosine);
    } else if (status == SN_OK) {
        /* squares as sharp as the product */
        if (bits_known(x.value, x.log) < goal + 8)
            status = find_squares(
                &x, f, pair, prec + (x.log < 0 ? -x.log : 0), trouble);
        arb_mul(sizes, x.value, x.value + 1, prec);
        arb_sqrt(sizes, sizes, prec);
        arb_div(cosine, cosine, sizes, prec);
    }
    return status;
}

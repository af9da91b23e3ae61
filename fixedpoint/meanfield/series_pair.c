/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two inputs by Hermite series. */
#include "fixedpoint/meanfield/pair.h"
#include "fixedpoint/meanfield/quadrant.h"
#include "fixedpoint/meanfield/samples.h"

enum { FEWEST_TERMS = 64, MOST_TERMS = 1024 };

void field_pair_init(struct field_pair *pair)
{
    for (int i = 0; i < 2; i++) {
        arb_init(pair->m + i);
        arb_init(pair->v + i);
    }
    arb_init(pair->covariance);
}

void field_pair_clear(struct field_pair *pair)
{
    for (int i = 0; i < 2; i++) {
        arb_clear(pair->m + i);
        arb_clear(pair->v + i);
    }
    arb_clear(pair->covariance);
}

bool field_pair_same_law(const struct field_pair *pair)
{
    return arb_equal(pair->m, pair->m + 1) && arb_equal(pair->v, pair->v + 1);
}

bool field_pair_is_one(const struct field_pair *pair)
{
    return field_pair_same_law(pair) && arb_equal(pair->covariance, pair->v);
}

/* sum a_k b_k rho^k, and what Parseval leaves for all further terms. */
static void sum_series(arb_t product, mag_t left, arb_srcptr a, arb_srcptr b,
    const arb_t rest_a, const arb_t rest_b, const arb_t rho, slong count,
    slong prec)
{
    NUM_ARB(t);
    NUM_MAG(size);
    arb_zero(product);
    for (slong k = count; k-- > 0;) {
        arb_mul(product, product, rho, prec);
        arb_addmul(product, a + k, b + k, prec);
    }
    arb_get_mag(left, rest_a);
    arb_get_mag(size, rest_b);
    mag_mul(left, left, size);
    mag_sqrt(left, left);
    arb_get_mag(size, rho);
    mag_pow_ui(size, size, (ulong)count);
    mag_mul(left, left, size);
}

/* `count` terms; *left is what they leave. */
static enum sn_status try_series(arb_t product, mag_t left, slong count,
    struct expr_expression *f, const struct field_pair *pair, slong goal,
    struct act_trouble *trouble)
{
    const int laws = field_pair_same_law(pair) ? 1 : 2;
    arb_ptr a[2] = {NULL, NULL};
    enum sn_status status = SN_OK;
    NUM_ARB(rest0, rest1);
    NUM_STRUCT(field_correlation, rho);
    arb_ptr rest[2] = {rest0, rest1};
    slong prec = 0;
    for (int i = 0; i < laws && status == SN_OK; i++) {
        NUM_STRUCT(field_samples, x);
        arb_set(x.m, pair->m + i);
        arb_set(x.low, pair->v + i);
        arb_set(x.high, pair->v + i);
        x.hermite = count;
        x.goal = goal;
        /* h_k(u) e^{-u^2/2} in balls may grow as e^{k/2} */
        prec = x.prec = goal + 64 + count;
        a[i] = _arb_vec_init(count);
        status = field_samples_take(&x, f, trouble);
        if (status == SN_OK)
            field_samples_hermite(a[i], rest[i], &x, pair->v + i);
    }
    if (status == SN_OK) {
        field_correlation_set(
            &rho, pair->covariance, pair->v, pair->v + 1, prec);
        sum_series(product, left, a[0], a[laws - 1], rest[0], rest[laws - 1],
            rho.rho, count, prec);
    }
    for (int i = 0; i < laws; i++)
        if (a[i])
            _arb_vec_clear(a[i], count);
    return status;
}

static double log2_of(const mag_t x)
{
    return mag_is_zero(x) ? -1e9 : mag_get_d_log2_approx(x);
}

enum sn_status field_pair_series_arb(arb_t product, struct expr_expression *f,
    const struct field_pair *pair, slong goal, struct act_trouble *trouble)
{
    NUM_MAG(left);
    enum sn_status status = SN_OK;
    double before = 0, now = 0;
    /*
     * Of an analytic f each doubling gains more bits than the one before, at
     * least by the root of 2; of one with a kink ever the same few, and then
     * no number of terms would do.
     */
    for (slong count = FEWEST_TERMS; status == SN_OK; count *= 2) {
        status = try_series(product, left, count, f, pair, goal + 16, trouble);
        now = log2_of(left);
        bool hopeless =
            count > FEWEST_TERMS && now + 6 * (now - before) > (double)-goal;
        if (now <= (double)-goal || hopeless || 2 * count > MOST_TERMS)
            break;
        before = now;
    }
    arb_add_error_mag(product, left);
    return status;
}

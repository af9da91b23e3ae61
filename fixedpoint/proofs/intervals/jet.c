/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forward-mode derivatives along the axes of a box, in intervals. */
#include "fixedpoint/proofs/intervals/formulas.h"
#include <math.h>

void iv_jet_init(struct iv_jet *jet)
{
    jet->axes = 0;
    mpfi_init2(jet->f, IV_PROOF_PRECISION);
    for (int i = 0; i < IV_AXES; i++)
        mpfi_init2(jet->d[i], IV_PROOF_PRECISION);
}

void iv_jet_clear(struct iv_jet *jet)
{
    mpfi_clear(jet->f);
    for (int i = 0; i < IV_AXES; i++)
        mpfi_clear(jet->d[i]);
}

void iv_scratch_init(struct iv_scratch *scratch)
{
    mpfi_init2(scratch->p, IV_PROOF_PRECISION);
    mpfi_init2(scratch->q, IV_PROOF_PRECISION);
    mpfi_init2(scratch->s, IV_PROOF_PRECISION);
    mpfi_init2(scratch->t, IV_PROOF_PRECISION);
    iv_jet_init(&scratch->jet);
}

void iv_scratch_clear(struct iv_scratch *scratch)
{
    mpfi_clear(scratch->p);
    mpfi_clear(scratch->q);
    mpfi_clear(scratch->s);
    mpfi_clear(scratch->t);
    iv_jet_clear(&scratch->jet);
}

void iv_jet_set(struct iv_jet *r, const struct iv_jet *a)
{
    r->axes = a->axes;
    mpfi_set(r->f, a->f);
    for (int i = 0; i < a->axes; i++)
        mpfi_set(r->d[i], a->d[i]);
}

void iv_jet_neg(struct iv_jet *r, const struct iv_jet *a)
{
    r->axes = a->axes;
    mpfi_neg(r->f, a->f);
    for (int i = 0; i < a->axes; i++)
        mpfi_neg(r->d[i], a->d[i]);
}

void iv_jet_add(
    struct iv_jet *r, const struct iv_jet *a, const struct iv_jet *b)
{
    r->axes = a->axes;
    mpfi_add(r->f, a->f, b->f);
    for (int i = 0; i < a->axes; i++)
        mpfi_add(r->d[i], a->d[i], b->d[i]);
}

void iv_jet_sub(
    struct iv_jet *r, const struct iv_jet *a, const struct iv_jet *b)
{
    r->axes = a->axes;
    mpfi_sub(r->f, a->f, b->f);
    for (int i = 0; i < a->axes; i++)
        mpfi_sub(r->d[i], a->d[i], b->d[i]);
}

/* r = p a + q b; t is scratch. */
static void combine(mpfi_ptr r, mpfi_srcptr p, mpfi_srcptr a, mpfi_srcptr q,
    mpfi_srcptr b, mpfi_ptr t)
{
    mpfi_mul(t, q, b);
    mpfi_mul(r, p, a);
    mpfi_add(r, r, t);
}

void iv_jet_mul(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch)
{
    struct iv_jet *y = &scratch->jet;
    y->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        combine(y->d[i], b->f, a->d[i], a->f, b->d[i], scratch->t);
    if (a == b)
        mpfi_sqr(y->f, a->f);
    else
        mpfi_mul(y->f, a->f, b->f);
    iv_jet_set(r, y);
}

/* (a / b)' = (a' - (a / b) b') / b */
void iv_jet_div(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch)
{
    struct iv_jet *y = &scratch->jet;
    y->axes = a->axes;
    mpfi_div(y->f, a->f, b->f);
    for (int i = 0; i < a->axes; i++) {
        mpfi_mul(scratch->t, y->f, b->d[i]);
        mpfi_sub(y->d[i], a->d[i], scratch->t);
        mpfi_div(y->d[i], y->d[i], b->f);
    }
    iv_jet_set(r, y);
}

/* The end points of an increasing or, for an even exponent, of |x|^k. */
static void power(mpfi_ptr y, mpfi_srcptr x, unsigned exponent)
{
    if (exponent % 2 == 0)
        mpfi_abs(y, x);
    else
        mpfi_set(y, x);
    mpfr_pow_ui(&y->left, &y->left, exponent, MPFR_RNDD);
    mpfr_pow_ui(&y->right, &y->right, exponent, MPFR_RNDU);
}

void iv_jet_power(struct iv_jet *r, const struct iv_jet *a, unsigned exponent,
    struct iv_scratch *scratch)
{
    if (exponent)
        power(scratch->p, a->f, exponent - 1);
    else
        mpfi_set_ui(scratch->p, 0);
    mpfi_mul_ui(scratch->p, scratch->p, exponent);
    r->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        mpfi_mul(r->d[i], scratch->p, a->d[i]);
    power(r->f, a->f, exponent);
}

/*
 * cosine = a / f within [-1, 1]; all of [-1, 1] where f may be 0, which
 * covers hypot's generalized gradient (the unit disc) there.
 */
static void direction(
    mpfi_ptr cosine, mpfi_srcptr a, mpfi_srcptr f, mpfi_ptr all)
{
    mpfi_interv_si(all, -1, 1);
    if (mpfi_has_zero(f)) {
        mpfi_set(cosine, all);
    } else {
        mpfi_div(cosine, a, f);
        /* the intersection would hide a NaN */
        if (!mpfi_nan_p(cosine))
            mpfi_intersect(cosine, cosine, all);
    }
}

void iv_jet_hypot(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch)
{
    struct iv_jet *y = &scratch->jet;
    mpfi_ptr p = scratch->p, q = scratch->q;
    mpfi_sqr(p, a->f);
    mpfi_sqr(q, b->f);
    mpfi_add(scratch->s, p, q);
    mpfi_sqrt(y->f, scratch->s);
    direction(p, a->f, y->f, scratch->t);
    direction(q, b->f, y->f, scratch->t);
    y->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        combine(y->d[i], p, a->d[i], q, b->d[i], scratch->t);
    iv_jet_set(r, y);
}

/* f and slope = f' on x, none of them an argument. */
static void apply(
    enum iv_unary function, mpfi_ptr f, mpfi_ptr slope, mpfi_srcptr x)
{
    switch (function) {
    case IV_SQRT: /* 1 / (2 sqrt) */
        mpfi_sqrt(f, x);
        mpfi_mul_2ui(slope, f, 1);
        mpfi_inv(slope, slope);
        break;
    case IV_EXP:
        mpfi_exp(f, x);
        mpfi_set(slope, f);
        break;
    case IV_ERFC: /* -2 / sqrt(pi) e^(-x^2) */
        mpfi_sqr(slope, x);
        mpfi_neg(slope, slope);
        mpfi_exp(slope, slope);
        mpfi_const_pi(f);
        mpfi_sqrt(f, f);
        mpfi_div(slope, slope, f);
        mpfi_mul_si(slope, slope, -2);
        iv_erfc_mpfi(f, x);
        break;
    case IV_ERFCX: /* 2 x erfcx - 2 / sqrt(pi), negative everywhere */
        mpfi_const_pi(f);
        mpfi_sqrt(f, f);
        mpfi_ui_div(slope, 1, f);
        iv_erfcx_mpfi(f, x);
        mpfi_t t;
        mpfi_init2(t, IV_PROOF_PRECISION);
        mpfi_mul(t, f, x);
        mpfi_sub(slope, t, slope);
        mpfi_clear(t);
        mpfi_mul_2ui(slope, slope, 1);
        if (iv_is_interval(slope) && mpfr_sgn(&slope->right) > 0)
            mpfr_set_ui(&slope->right, 0, MPFR_RNDU);
        break;
    case IV_SIGN: /* it jumps at 0, where its slope is anything */
        mpfi_interv_d(slope, -INFINITY, INFINITY);
        if (!iv_is_interval(x)) {
            mpfi_set(f, x); /* a NaN stays one */
            break;
        }
        mpfi_interv_si(f, mpfr_sgn(&x->left) > 0 ? 1 : -1,
            mpfr_sgn(&x->right) < 0 ? -1 : 1);
        if (!mpfi_has_zero(x))
            mpfi_set_ui(slope, 0);
        break;
    default: /* |x| */
        mpfi_abs(f, x);
        mpfi_set_si(slope, mpfr_sgn(&x->left) < 0 ? -1 : 1);
        if (!mpfi_is_nonneg(x) && !mpfi_is_nonpos(x))
            mpfi_interv_si(slope, -1, 1);
        break;
    }
}

void iv_jet_apply(enum iv_unary function, struct iv_jet *r,
    const struct iv_jet *a, struct iv_scratch *scratch)
{
    struct iv_jet *y = &scratch->jet;
    apply(function, y->f, scratch->s, a->f);
    y->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        mpfi_mul(y->d[i], scratch->s, a->d[i]);
    iv_jet_set(r, y);
}

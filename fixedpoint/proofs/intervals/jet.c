/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forward-mode derivatives along the axes of a box, in intervals. */
#include "fixedpoint/expressions/intervals.h"
#include "fixedpoint/proofs/intervals/formulas.h"

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

/* |a|; its slope at a kink is anything between those beside it. */
void iv_jet_modulus(
    struct iv_jet *r, const struct iv_jet *a, struct iv_scratch *scratch)
{
    mpfi_ptr slope = scratch->s;
    mpfi_set_si(slope, mpfr_sgn(&a->f->left) < 0 ? -1 : 1);
    if (!mpfi_is_nonneg(a->f) && !mpfi_is_nonpos(a->f))
        mpfi_interv_si(slope, -1, 1);
    r->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        mpfi_mul(r->d[i], slope, a->d[i]);
    mpfi_abs(r->f, a->f);
}

void iv_jet_apply(struct iv_jet *r, const struct expr_node *node,
    const struct iv_jet *a, struct iv_scratch *scratch)
{
    expr_apply_mpfi(r->f, scratch->s, node, a->f);
    r->axes = a->axes;
    for (int i = 0; i < a->axes; i++)
        mpfi_mul(r->d[i], scratch->s, a->d[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erfc and exponentials of a box, kept for the boxes seen lately. */
#include "fixedpoint/expressions/intervals.h"
#include "fixedpoint/proofs/intervals/moments.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BASIS_SLOTS = 4096 };

struct iv_bases {
    struct iv_basis *slot[BASIS_SLOTS];
    mpfi_t s, t, u;
};

/* y in [0, 1]: known, and sharper where a wide box makes y overflow. */
static void within_unit(mpfi_ptr y)
{
    if (mpfr_nan_p(&y->left) || mpfr_nan_p(&y->right))
        return;
    if (mpfr_sgn(&y->left) < 0)
        mpfr_set_ui(&y->left, 0, MPFR_RNDD);
    if (mpfr_cmp_ui(&y->right, 1) > 0)
        mpfr_set_ui(&y->right, 1, MPFR_RNDU);
}

/*
 * x = E e^(kz) 1{z<0} = (1/2) gauss erfcx(a), gauss = e^(-m^2/2v), with
 * a = (m + kv)/sqrt(2v); also (1/2) e^(km + k^2 v/2) erfc(a), which is the
 * sharper one on a box where a may be negative.
 */
static void truncated_exponential(mpfi_ptr x, unsigned k, mpfi_srcptr m,
    mpfi_srcptr v, mpfi_srcptr root2v, mpfi_srcptr gauss)
{
    mpfi_t a, y;
    mpfi_init2(a, IV_PROOF_PRECISION);
    mpfi_init2(y, IV_PROOF_PRECISION);
    /* m/sqrt(2v) + (k/2) sqrt(2v): one division less to widen it */
    mpfi_div(a, m, root2v);
    mpfi_mul_ui(y, root2v, k);
    mpfi_div_2ui(y, y, 1);
    mpfi_add(a, a, y);
    expr_erfcx_mpfi(x, a);
    mpfi_mul(x, x, gauss);
    mpfi_div_2ui(x, x, 1);
    within_unit(x);
    if (mpfr_sgn(&a->left) < 0) {
        mpfi_mul_ui(y, v, k * k);
        mpfi_div_2ui(y, y, 1);
        expr_erfc_mpfi(a, a);
        mpfi_t e;
        mpfi_init2(e, IV_PROOF_PRECISION);
        mpfi_mul_ui(e, m, k);
        mpfi_add(e, e, y);
        mpfi_exp(e, e);
        mpfi_mul(y, e, a);
        mpfi_clear(e);
        mpfi_div_2ui(y, y, 1);
        within_unit(y);
        if (iv_is_interval(x) && iv_is_interval(y))
            mpfi_intersect(x, x, y);
        else if (iv_is_interval(y))
            mpfi_set(x, y);
    }
    mpfi_clear(a);
    mpfi_clear(y);
}

/* m and v are set; s, t, u are scratch. */
static void basis_set(struct iv_basis *b, mpfi_ptr s, mpfi_ptr t, mpfi_ptr u)
{
    mpfi_ptr m = b->m, v = b->v;
    /* s = sqrt(2v), t = m / s, u = e^(-t^2) */
    mpfi_mul_2ui(s, v, 1);
    mpfi_sqrt(s, s);
    mpfi_div(t, m, s);
    /* the smaller of P and C by erfc, the other from it: no cancellation */
    bool is_positive = mpfr_sgn(&t->left) >= 0;
    mpfi_ptr small = is_positive ? b->c : b->p,
             large = is_positive ? b->p : b->c;
    if (is_positive)
        mpfi_set(u, t);
    else
        mpfi_neg(u, t);
    expr_erfc_mpfi(small, u);
    mpfi_div_2ui(small, small, 1);
    mpfi_ui_sub(large, 1, small);
    mpfi_sqr(u, t);
    mpfi_neg(u, u);
    mpfi_exp(u, u);
    truncated_exponential(b->x1, 1, m, v, s, u);
    truncated_exponential(b->x2, 2, m, v, s, u);
    mpfi_const_pi(b->n);
    mpfi_sqrt(b->n, b->n);
    mpfi_mul(b->n, b->n, s);
    mpfi_div(b->n, u, b->n);
    mpfi_div(b->ratio, m, v);
}

static bool is_same(mpfi_srcptr a, mpfi_srcptr b)
{
    return mpfr_equal_p(&a->left, &b->left) &&
           mpfr_equal_p(&a->right, &b->right);
}

static unsigned hash(mpfi_srcptr m, mpfi_srcptr v)
{
    const mpfr_srcptr end[] = {&m->left, &m->right, &v->left, &v->right};
    uint64_t h = 0;
    for (int i = 0; i < 4; i++) {
        double x = mpfr_get_d(end[i], MPFR_RNDN);
        uint64_t bits;
        memcpy(&bits, &x, sizeof bits);
        h = (h ^ bits) * 0x9e3779b97f4a7c15;
        h ^= h >> 29;
    }
    return (unsigned)(h % BASIS_SLOTS);
}

static void each_basis_part(struct iv_basis *b, void (*f)(mpfi_ptr x))
{
    mpfi_ptr all[] = {b->m, b->v, b->p, b->c, b->n, b->x1, b->x2, b->ratio};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        f(all[i]);
}

static void basis_part_init(mpfi_ptr x)
{
    mpfi_init2(x, IV_PROOF_PRECISION);
}

static void basis_part_clear(mpfi_ptr x)
{
    mpfi_clear(x);
}

struct iv_bases *iv_bases_new(void)
{
    struct iv_bases *bases = calloc(1, sizeof *bases);
    if (!bases)
        return NULL;
    basis_part_init(bases->s);
    basis_part_init(bases->t);
    basis_part_init(bases->u);
    return bases;
}

void iv_bases_free(struct iv_bases *bases)
{
    if (!bases)
        return;
    for (int i = 0; i < BASIS_SLOTS; i++)
        if (bases->slot[i]) {
            each_basis_part(bases->slot[i], basis_part_clear);
            free(bases->slot[i]);
        }
    basis_part_clear(bases->s);
    basis_part_clear(bases->t);
    basis_part_clear(bases->u);
    free(bases);
}

const struct iv_basis *iv_basis_of(
    struct iv_bases *bases, mpfi_srcptr m, mpfi_srcptr v)
{
    struct iv_basis **slot = &bases->slot[hash(m, v)];
    if (!*slot) {
        *slot = malloc(sizeof **slot);
        if (!*slot)
            return NULL;
        each_basis_part(*slot, basis_part_init);
    }
    struct iv_basis *basis = *slot;
    if (!is_same(basis->m, m) || !is_same(basis->v, v)) {
        mpfi_set(basis->m, m);
        mpfi_set(basis->v, v);
        basis_set(basis, bases->s, bases->t, bases->u);
    }
    return basis;
}

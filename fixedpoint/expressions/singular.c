/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Let l = max(1, -log|z - z*|) for a place z* of the gap.  Where |a| >= c |z -
 * z*|^k, c and k > 0, |log a| is at most a multiple of l, and nodes made of
 * such logarithms are at most B l^j.  With w the width and L = -log w >= 2j,
 *     integral of l^j over |z - z*| <= w is
 *         2 w sum_i j!/(j-i)! L^(j-i) <= 2 w L^j sum_i (j/L)^i <= 4 w L^j.
 * Where several z* occur, Hoelder's inequality says the same of products, and
 * Minkowski's of sums.
 */
#include "fixedpoint/expressions/singular.h"
#include <math.h>
#include <stdlib.h>

enum { SINGULAR_PREC = 64 };

/* |node| <= size l^power, unless not known. */
struct log_bound {
    arb_t size;
    double power;
    bool known;
};

/* The largest or (with MPFI's mig) smallest modulus in x. */
static void modulus(
    arb_t y, mpfi_srcptr x, int (*end)(mpfr_ptr y, mpfi_srcptr x))
{
    mpfr_t m;
    NUM_ARF(a);
    mpfr_init2(m, SINGULAR_PREC);
    end(m, x);
    arf_set_mpfr(a, m);
    arb_set_arf(y, a);
    mpfr_clear(m);
}

/* A node that rises or falls throughout, in one piece, and how fast. */
static bool is_monotone(arb_t least, const struct expr_range *range, int i)
{
    int slope = range->slope[i];
    arb_one(least);
    if (range->f->node[i].op == EXPR_VARIABLE)
        return true;
    if (slope < 0 || !mpfi_bounded_p(range->value + slope) ||
        mpfi_has_zero(range->value + slope) || !expr_range_is_known(range, i))
        return false;
    modulus(least, range->value + slope, mpfi_mig);
    return true;
}

/*
 * c and k of |node i| >= c |z - z*|^k; false where none is known.  A monotone
 * node is as far from 0 as its slope says, from its zero or the nearer end.
 */
static bool find_distance(
    arb_t c, double *k, const struct expr_range *range, int i)
{
    const struct expr_node *node = &range->f->node[i];
    mpfi_srcptr x = range->value + i;
    *k = 0;
    if (!mpfi_bounded_p(x))
        return false;
    if (!mpfi_has_zero(x)) {
        modulus(c, x, mpfi_mig);
        return true;
    }
    if (is_monotone(c, range, i)) {
        *k = 1;
        return true;
    }
    if (expr_is_modulus(range->f, i))
        return find_distance(c, k, range, node->c);
    double other;
    NUM_ARB(d);
    bool known = false;
    if (node->op == EXPR_POWER && find_distance(c, k, range, node->a)) {
        arb_pow_ui(c, c, (ulong)node->power, SINGULAR_PREC);
        *k *= (double)node->power;
        known = true;
    } else if (node->op == EXPR_WHERE && find_distance(c, k, range, node->a) &&
               find_distance(d, &other, range, node->b)) {
        /* either side; of two places l adds, whence the factor 2 */
        arb_min(c, c, d, SINGULAR_PREC);
        *k = 2 * fmax(*k, other);
        known = true;
    } else if (node->op == EXPR_MUL && find_distance(c, k, range, node->a) &&
               find_distance(d, &other, range, node->b)) {
        arb_mul(c, c, d, SINGULAR_PREC);
        *k += other;
        known = true;
    }
    return known;
}

/* |log a| <= |log c| + k l + log max(1, a) for a >= 0 */
static void bound_logarithm(
    struct log_bound *y, const struct expr_range *range, int a)
{
    mpfi_srcptr x = range->value + a;
    NUM_ARB(c);
    double k;
    y->known = !mpfi_nan_p(x) && mpfr_sgn(&x->left) >= 0 &&
               find_distance(c, &k, range, a) && arb_is_positive(c);
    if (y->known) {
        arb_log(c, c, SINGULAR_PREC);
        arb_abs(y->size, c);
        modulus(c, x, mpfi_mag);
        if (arf_cmp_si(arb_midref(c), 1) > 0) {
            arb_log(c, c, SINGULAR_PREC);
            arb_add(y->size, y->size, c, SINGULAR_PREC);
        }
        arb_set_d(c, k);
        arb_add(y->size, y->size, c, SINGULAR_PREC);
        y->power = 1;
    }
}

/* The larger of both, for either side of a WHERE; or their sum. */
static void join(struct log_bound *y, const struct log_bound *a,
    const struct log_bound *b, bool sum)
{
    y->known = a->known && b->known;
    (sum ? arb_add : arb_max)(y->size, a->size, b->size, SINGULAR_PREC);
    y->power = fmax(a->power, b->power);
}

/* Is node i proven to be `least` at least? */
static bool starts_at(const struct expr_range *range, int i, int least)
{
    mpfi_srcptr x = range->value + i;
    return !mpfi_nan_p(x) && mpfr_cmp_si(&x->left, least) >= 0;
}

/* y <= 1 + a */
static void set_bound(struct log_bound *y, const struct log_bound *a)
{
    y->known = a->known;
    y->power = a->power;
    arb_add_ui(y->size, a->size, 1, SINGULAR_PREC);
}

static void bound_node(
    struct log_bound *all, const struct expr_range *range, int i)
{
    const struct expr_node *node = &range->f->node[i];
    struct log_bound *y = &all[i];
    const struct log_bound *a = &all[node->a], *b = &all[node->b];
    if (mpfi_bounded_p(range->value + i)) {
        modulus(y->size, range->value + i, mpfi_mag);
        y->known = true;
        return;
    }
    switch (node->op) {
    case EXPR_ADD:
    case EXPR_SUB:
        join(y, a, b, true);
        break;
    case EXPR_WHERE:
        join(y, a, b, false);
        break;
    case EXPR_MUL:
        y->known = a->known && b->known;
        arb_mul(y->size, a->size, b->size, SINGULAR_PREC);
        y->power = a->power + b->power;
        break;
    case EXPR_DIV:
        y->known = a->known && mpfi_bounded_p(range->value + node->b) &&
                   !mpfi_has_zero(range->value + node->b);
        modulus(y->size, range->value + node->b, mpfi_mig);
        arb_div(y->size, a->size, y->size, SINGULAR_PREC);
        y->power = a->power;
        break;
    case EXPR_POWER:
        y->known = a->known;
        arb_pow_ui(y->size, a->size, (ulong)node->power, SINGULAR_PREC);
        y->power = a->power * (double)node->power;
        break;
    case EXPR_LOG:
        bound_logarithm(y, range, node->a);
        if (!y->known && starts_at(range, node->a, 1))
            set_bound(y, a);
        break;
    case EXPR_LOG1P:
    case EXPR_SQRT:
        if (starts_at(range, node->a, 0))
            set_bound(y, a);
        break;
    default: /* an exponential of what is not bounded, say */
        break;
    }
}

/* 4 size L^power, L = -log width >= 4 power */
static bool find_average(arb_t y, const struct log_bound *f, const arf_t width)
{
    NUM_ARB(length, least);
    arb_set_arf(length, width);
    arb_log(length, length, SINGULAR_PREC);
    arb_neg(length, length);
    arb_set_d(least, fmax(1, 4 * f->power));
    bool known = f->known && arb_gt(length, least);
    arb_set_d(least, f->power); /* a whole number */
    arb_pow(length, length, least, SINGULAR_PREC);
    arb_mul(y, f->size, length, SINGULAR_PREC);
    arb_mul_2exp_si(y, y, 2);
    return known && arb_is_finite(y);
}

bool expr_bound_singular(
    arb_t y, const struct expr_range *range, const arf_t width)
{
    const struct expr_expression *f = range->f;
    size_t count = (size_t)f->value + 1;
    struct log_bound *all = calloc(count, sizeof *all);
    if (!all)
        return false;
    for (int i = 0; i <= f->value; i++)
        arb_init(all[i].size);
    for (int i = 0; i <= f->value; i++)
        bound_node(all, range, i);
    NUM_ARB(size);
    NUM_MAG(most);
    bool known = find_average(size, &all[f->value], width);
    arb_get_mag(most, size);
    arb_zero(y);
    if (known)
        arb_add_error_mag(y, most);
    for (int i = 0; i <= f->value; i++)
        arb_clear(all[i].size);
    free(all);
    return known;
}

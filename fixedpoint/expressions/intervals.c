/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/expressions/intervals.h"
#include <math.h>

/*
 * y = [f(right), f(left)] for a decreasing f; y may be x.  Where the ends are
 * one, f is asked once: `f` sets both bounds of its value.
 */
static void decreasing(mpfi_ptr y, mpfi_srcptr x,
    void (*f)(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x))
{
    mpfi_t range;
    mpfr_t unused;
    mpfi_init2(range, mpfi_get_prec(y));
    mpfr_init2(unused, mpfi_get_prec(y));
    if (mpfr_equal_p(&x->left, &x->right)) {
        f(&range->left, &range->right, &x->left);
    } else {
        f(&range->left, unused, &x->right);
        f(unused, &range->right, &x->left);
    }
    mpfi_swap(y, range);
    mpfi_clear(range);
    mpfr_clear(unused);
}

/* The next number above one that was rounded down bounds the truth. */
static void above(mpfr_ptr upper, mpfr_srcptr lower, int inexact)
{
    mpfr_set(upper, lower, MPFR_RNDU);
    if (inexact)
        mpfr_nextabove(upper);
}

/*
 * Is x^2 so large that the terms of the series below fall under the last bit
 * before they rise again?
 */
static bool is_far(mpfr_srcptr x, mpfr_prec_t prec)
{
    double far = mpfr_get_d(x, MPFR_RNDZ);
    return far * far > 0.7 * (double)prec + 8;
}

/*
 * erfcx(x) = (1 - s + 3 s^2 - 15 s^3 + ...)/(sqrt(pi) x), s = 1/(2 x^2), x >
 * 0: the sum lies between any two partial sums that are neighbours.  (MPFR's
 * erfc takes as many bits there as e^(x^2) has.)  Times e^(-x^2) for erfc,
 * which for x < 0 is 2 - erfc(-x).
 */
static void far_ends(
    mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x, bool scaled)
{
    mpfi_t y, last, s, term, square;
    mpfr_t size;
    mpfr_prec_t prec = mpfr_get_prec(lower) + 8;
    mpfi_ptr all[] = {y, last, s, term};
    for (int i = 0; i < 4; i++)
        mpfi_init2(all[i], prec);
    mpfi_init2(square, 2 * mpfr_get_prec(x)); /* x^2 is exact */
    mpfr_init2(size, prec);
    mpfi_set_fr(square, x);
    mpfi_sqr(square, square);
    mpfi_mul_2ui(s, square, 1);
    mpfi_inv(s, s);
    mpfi_set_ui(term, 1);
    mpfi_set_ui(y, 1);
    unsigned long factor = 1;
    do {
        mpfi_mul(term, term, s);
        mpfi_mul_ui(term, term, factor);
        mpfi_neg(term, term);
        mpfi_set(last, y);
        mpfi_add(y, y, term);
        mpfi_mag(size, term);
        factor += 2;
    } while (mpfr_cmp_ui_2exp(size, 1, -prec) > 0);
    mpfi_union(y, y, last);
    mpfi_const_pi(s);
    mpfi_sqrt(s, s);
    mpfi_mul_fr(s, s, x);
    mpfi_div(y, y, s);
    if (!scaled) {
        mpfi_neg(square, square);
        mpfi_exp(s, square);
        mpfi_mul(y, y, s);
        if (mpfr_sgn(x) < 0)
            mpfi_add_ui(y, y, 2);
    }
    mpfr_set(lower, &y->left, MPFR_RNDD);
    mpfr_set(upper, &y->right, MPFR_RNDU);
    for (int i = 0; i < 4; i++)
        mpfi_clear(all[i]);
    mpfi_clear(square);
    mpfr_clear(size);
}

static void erfc_ends(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x)
{
    if (is_far(x, mpfr_get_prec(lower)))
        far_ends(lower, upper, x, false);
    else
        above(upper, lower, mpfr_erfc(lower, x, MPFR_RNDD));
}

void expr_erfc_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    decreasing(y, x, erfc_ends);
}

/*
 * x^2 is exact in twice the precision, and both factors are positive, so the
 * products of their bounds bound erfcx.
 */
static void erfcx_ends(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x)
{
    if (mpfr_sgn(x) > 0 && is_far(x, mpfr_get_prec(lower))) {
        far_ends(lower, upper, x, true);
        return;
    }
    mpfr_t square, power, more;
    mpfr_init2(square, 2 * mpfr_get_prec(x));
    mpfr_init2(power, mpfr_get_prec(lower));
    mpfr_init2(more, mpfr_get_prec(lower));
    mpfr_sqr(square, x, MPFR_RNDN);
    int inexact = mpfr_exp(power, square, MPFR_RNDD);
    above(more, power, inexact);
    erfc_ends(lower, upper, x);
    mpfr_mul(lower, lower, power, MPFR_RNDD);
    mpfr_mul(upper, upper, more, MPFR_RNDU);
    mpfr_clears(square, power, more, (mpfr_ptr)0);
}

void expr_erfcx_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    decreasing(y, x, erfcx_ends);
}

/* Rises. */
static void erf_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    mpfr_erf(&y->left, &x->left, MPFR_RNDD);
    mpfr_erf(&y->right, &x->right, MPFR_RNDU);
}

/* Ends of an increasing function or, for an even exponent, of |x|^k. */
static void power_mpfi(mpfi_ptr y, mpfi_srcptr x, ulong exponent)
{
    mpfi_t t;
    mpfi_init2(t, mpfi_get_prec(y));
    if (exponent % 2 == 0)
        mpfi_abs(t, x);
    else
        mpfi_set(t, x);
    mpfr_pow_ui(&y->left, &t->left, exponent, MPFR_RNDD);
    mpfr_pow_ui(&y->right, &t->right, exponent, MPFR_RNDU);
    mpfi_clear(t);
}

static bool is_ordered(mpfi_srcptr x)
{
    return mpfr_lessequal_p(&x->left, &x->right) != 0;
}

static void sign_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    if (is_ordered(x))
        mpfi_interv_si(y, mpfr_sgn(&x->left) > 0 ? 1 : -1,
            mpfr_sgn(&x->right) < 0 ? -1 : 1);
    else /* a NaN stays one */
        mpfi_set(y, x);
}

static void value_mpfi(mpfi_ptr y, const struct expr_node *node, mpfi_srcptr x)
{
    switch (node->op) {
    case EXPR_POWER:
        power_mpfi(y, x, (ulong)node->power);
        break;
    case EXPR_EXP:
        mpfi_exp(y, x);
        break;
    case EXPR_EXPM1:
        mpfi_expm1(y, x);
        break;
    case EXPR_TANH:
        mpfi_tanh(y, x);
        break;
    case EXPR_SIN:
        mpfi_sin(y, x);
        break;
    case EXPR_COS:
        mpfi_cos(y, x);
        break;
    case EXPR_ATAN:
        mpfi_atan(y, x);
        break;
    case EXPR_ERF:
        erf_mpfi(y, x);
        break;
    case EXPR_ERFC:
        expr_erfc_mpfi(y, x);
        break;
    case EXPR_ERFCX:
        expr_erfcx_mpfi(y, x);
        break;
    case EXPR_LOG:
        mpfi_log(y, x);
        break;
    case EXPR_LOG1P:
        mpfi_log1p(y, x);
        break;
    case EXPR_SQRT:
        mpfi_sqrt(y, x);
        break;
    default: /* SIGN */
        sign_mpfi(y, x);
        break;
    }
}

/* 2/sqrt(pi) */
static void two_by_root_pi(mpfi_ptr y)
{
    mpfi_const_pi(y);
    mpfi_sqrt(y, y);
    mpfi_ui_div(y, 2, y);
}

/* 2/sqrt(pi) e^(-x^2) */
static void slope_of_erf(mpfi_ptr slope, mpfi_srcptr x)
{
    mpfi_t scale;
    mpfi_init2(scale, mpfi_get_prec(slope));
    two_by_root_pi(scale);
    mpfi_sqr(slope, x);
    mpfi_neg(slope, slope);
    mpfi_exp(slope, slope);
    mpfi_mul(slope, slope, scale);
    mpfi_clear(scale);
}

/* 2 x erfcx x - 2/sqrt(pi), negative everywhere */
static void slope_of_erfcx(mpfi_ptr slope, mpfi_srcptr y, mpfi_srcptr x)
{
    mpfi_t scale;
    mpfi_init2(scale, mpfi_get_prec(slope));
    two_by_root_pi(scale);
    mpfi_mul(slope, y, x);
    mpfi_mul_2ui(slope, slope, 1);
    mpfi_sub(slope, slope, scale);
    if (is_ordered(slope) && mpfr_sgn(&slope->right) > 0)
        mpfr_set_ui(&slope->right, 0, MPFR_RNDU);
    mpfi_clear(scale);
}

/* Of y = the node's function of x. */
static void slope_mpfi(
    mpfi_ptr slope, const struct expr_node *node, mpfi_srcptr y, mpfi_srcptr x)
{
    switch (node->op) {
    case EXPR_POWER:
        power_mpfi(slope, x, (ulong)node->power - 1);
        mpfi_mul_ui(slope, slope, (ulong)node->power);
        break;
    case EXPR_EXP:
        mpfi_set(slope, y);
        break;
    case EXPR_EXPM1:
        mpfi_exp(slope, x);
        break;
    case EXPR_TANH: /* 1 - tanh^2 */
        mpfi_sqr(slope, y);
        mpfi_ui_sub(slope, 1, slope);
        break;
    case EXPR_SIN:
        mpfi_cos(slope, x);
        break;
    case EXPR_COS:
        mpfi_sin(slope, x);
        mpfi_neg(slope, slope);
        break;
    case EXPR_ATAN: /* 1/(1 + x^2) */
        mpfi_sqr(slope, x);
        mpfi_add_ui(slope, slope, 1);
        mpfi_inv(slope, slope);
        break;
    case EXPR_ERF:
        slope_of_erf(slope, x);
        break;
    case EXPR_ERFC:
        slope_of_erf(slope, x);
        mpfi_neg(slope, slope);
        break;
    case EXPR_ERFCX:
        slope_of_erfcx(slope, y, x);
        break;
    case EXPR_LOG:
        mpfi_inv(slope, x);
        break;
    case EXPR_LOG1P:
        mpfi_add_ui(slope, x, 1);
        mpfi_inv(slope, slope);
        break;
    case EXPR_SQRT: /* 1/(2 sqrt) */
        mpfi_mul_2ui(slope, y, 1);
        mpfi_inv(slope, slope);
        break;
    default: /* SIGN jumps at 0, where its slope is anything */
        if (is_ordered(x) && !mpfi_has_zero(x))
            mpfi_set_ui(slope, 0);
        else
            mpfi_interv_d(slope, -INFINITY, INFINITY);
        break;
    }
}

void expr_apply_mpfi(
    mpfi_ptr y, mpfi_ptr slope, const struct expr_node *node, mpfi_srcptr x)
{
    value_mpfi(y, node, x);
    if (slope)
        slope_mpfi(slope, node, y, x);
}

void expr_rest_mpfi(mpfi_ptr y, const struct expr_rest *rest, mpfi_srcptr x)
{
    mpfi_set(y, x);
    if (rest->side < 0)
        mpfi_neg(y, y);
    if (rest->op == EXPR_ERF) {
        expr_erfc_mpfi(y, y);
    } else if (rest->side) { /* 2/(1 + e^(2x)) */
        mpfi_mul_2ui(y, y, 1);
        mpfi_exp(y, y);
        mpfi_add_ui(y, y, 1);
        mpfi_ui_div(y, 2, y);
    } else { /* 1/cosh^2 */
        mpfi_cosh(y, y);
        mpfi_sqr(y, y);
        mpfi_inv(y, y);
    }
}

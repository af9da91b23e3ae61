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

static void erfc_ends(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x)
{
    above(upper, lower, mpfr_erfc(lower, x, MPFR_RNDD));
}

void expr_erfc_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    decreasing(y, x, erfc_ends);
}

/* 1/(sqrt(pi) (x + 1/(2x))), or 1/(sqrt(pi) x) where not `corrected`. */
static void mills_ratio(
    mpfr_ptr y, mpfr_srcptr x, bool corrected, mpfr_rnd_t round)
{
    mpfr_rnd_t other = round == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
    mpfr_t s;
    mpfr_init2(s, mpfr_get_prec(y));
    mpfr_ui_div(s, corrected, x, other);
    mpfr_div_2ui(s, s, 1, other);
    mpfr_add(s, s, x, other);
    mpfr_const_pi(y, other);
    mpfr_sqrt(y, y, other);
    mpfr_mul(s, s, y, other);
    mpfr_ui_div(y, 1, s, round);
    mpfr_clear(s);
}

/*
 * x^2 is exact in twice the precision, and both factors are positive, so the
 * products of their bounds bound erfcx.  Where erfc underflows the upper end
 * is above it all the same; where e^(x^2) overflows, x is so large that
 * 1/(x + 1/(2x)) < sqrt(pi) erfcx(x) < 1/x says as much.
 */
static void erfcx_ends(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr x)
{
    mpfr_t square, power, more;
    mpfr_init2(square, 2 * mpfr_get_prec(x));
    mpfr_init2(power, mpfr_get_prec(lower));
    mpfr_init2(more, mpfr_get_prec(lower));
    mpfr_sqr(square, x, MPFR_RNDN);
    int inexact = mpfr_exp(power, square, MPFR_RNDD);
    above(more, power, inexact);
    if (mpfr_inf_p(more) && mpfr_sgn(x) > 0) {
        mills_ratio(lower, x, true, MPFR_RNDD);
        mills_ratio(upper, x, false, MPFR_RNDU);
    } else {
        erfc_ends(lower, upper, x);
        mpfr_mul(lower, lower, power, MPFR_RNDD);
        mpfr_mul(upper, upper, more, MPFR_RNDU);
    }
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

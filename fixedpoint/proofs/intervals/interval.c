/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enclosures that MPFI 1.5 lacks: decimals, erfc, erfcx, the constants. */
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/proofs/intervals/formulas.h"
#include <string.h>

enum sn_status iv_decimal_mpfi(mpfi_ptr x, const char *text)
{
    if (mpfr_set_str(&x->left, text, 10, MPFR_RNDD) ||
        mpfr_set_str(&x->right, text, 10, MPFR_RNDU) || !mpfi_bounded_p(x))
        return SN_BAD_VALUE;
    return SN_OK;
}

/*
 * Two different decimals of at most n characters differ by more than 10^-n
 * relatively, so intervals of 4n bits tell them apart.
 */
int iv_decimal_compare(const char *a, const char *b)
{
    mpfr_prec_t bits = (mpfr_prec_t)(4 * (strlen(a) + strlen(b)) + 64);
    mpfi_t x, y;
    mpfi_init2(x, bits);
    mpfi_init2(y, bits);
    iv_decimal_mpfi(x, a);
    iv_decimal_mpfi(y, b);
    int order = mpfr_less_p(&x->right, &y->left)   ? -1
                : mpfr_less_p(&y->right, &x->left) ? 1
                                                   : 0;
    mpfi_clear(x);
    mpfi_clear(y);
    return order;
}

bool iv_is_interval(mpfi_srcptr x)
{
    return !mpfr_nan_p(&x->left) && !mpfr_nan_p(&x->right) &&
           mpfr_lessequal_p(&x->left, &x->right);
}

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

void iv_erfc_mpfi(mpfi_ptr y, mpfi_srcptr x)
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

void iv_erfcx_mpfi(mpfi_ptr y, mpfi_srcptr x)
{
    decreasing(y, x, erfcx_ends);
}

void iv_selu_init(struct iv_selu *selu)
{
    mpfi_init2(selu->lambda, IV_PROOF_PRECISION);
    mpfi_init2(selu->alpha, IV_PROOF_PRECISION);
}

void iv_selu_clear(struct iv_selu *selu)
{
    mpfi_clear(selu->lambda);
    mpfi_clear(selu->alpha);
}

/*
 * Eq. 14 says that (0, 1) is fixed for omega = 0, tau = 1.  With z ~ N(0, 1),
 * e1 = erfcx(sqrt(1/2)) = 2 E e^z 1{z<0} and e2 = erfcx(sqrt 2) likewise for
 * e^(2z): alpha = sqrt(2/pi) / (1 - e1) makes the mean 0, and
 * lambda = (1/2 + alpha^2 (e2 - 2 e1 + 1)/2)^(-1/2) the second moment 1.
 */
void iv_selu_constants_mpfi(struct iv_selu *selu)
{
    mpfi_t e1, e2, alpha;
    mpfi_init2(e1, IV_PROOF_PRECISION + 32);
    mpfi_init2(e2, IV_PROOF_PRECISION + 32);
    mpfi_init2(alpha, IV_PROOF_PRECISION + 32);
    mpfi_set_ui(e2, 2);
    mpfi_sqrt(e2, e2);
    mpfi_div_2ui(e1, e2, 1);
    iv_erfcx_mpfi(e1, e1);
    iv_erfcx_mpfi(e2, e2);

    mpfi_const_pi(alpha);
    mpfi_ui_div(alpha, 2, alpha);
    mpfi_sqrt(alpha, alpha);
    mpfi_sub(e2, e2, e1);
    mpfi_sub(e2, e2, e1);
    mpfi_add_ui(e2, e2, 1);
    mpfi_ui_sub(e1, 1, e1);
    mpfi_div(alpha, alpha, e1);
    mpfi_set(selu->alpha, alpha);

    mpfi_sqr(alpha, alpha);
    mpfi_mul(e2, e2, alpha);
    mpfi_add_ui(e2, e2, 1);
    mpfi_div_2ui(e2, e2, 1);
    mpfi_sqrt(e2, e2);
    mpfi_inv(e2, e2);
    mpfi_set(selu->lambda, e2);
    mpfi_clear(e1);
    mpfi_clear(e2);
    mpfi_clear(alpha);
}

/* The design's constants come as balls; an interval holds each. */
enum sn_status iv_selu_design_mpfi(
    struct iv_selu *selu, const char *const design[4])
{
    const slong prec = 2 * IV_PROOF_PRECISION;
    struct map_point point;
    map_point_init(&point);
    arb_ptr const x[] = {point.mu, point.nu, point.omega, point.tau};
    enum sn_status status = SN_OK;
    for (int i = 0; i < 4; i++)
        if (arb_set_str(x[i], design[i], prec))
            status = SN_BAD_VALUE;
    if (!status)
        status = constants_solve_arb(&point, prec);
    if (!status) {
        arb_get_interval_mpfr(
            &selu->lambda->left, &selu->lambda->right, point.lambda);
        arb_get_interval_mpfr(
            &selu->alpha->left, &selu->alpha->right, point.alpha);
    }
    map_point_clear(&point);
    return status;
}

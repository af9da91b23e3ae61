/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enclosures that MPFI 1.5 lacks: decimals, erfc, erfcx, the constants. */
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/expressions/intervals.h"
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
    expr_erfcx_mpfi(e1, e1);
    expr_erfcx_mpfi(e2, e2);

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
    NUM_STRUCT(map_point, point);
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
    return status;
}

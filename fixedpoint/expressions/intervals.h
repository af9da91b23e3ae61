/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of the language over MPFI intervals of any precision. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_INTERVALS_H
#define SN_FIXEDPOINT_EXPRESSIONS_INTERVALS_H

#include "fixedpoint/expressions/expression.h"
#include <mpfi.h>

/* erfc(x), and erfcx(x) = e^(x^2) erfc(x): by end points, both decrease. */
void expr_erfc_mpfi(mpfi_ptr y, mpfi_srcptr x);
void expr_erfcx_mpfi(mpfi_ptr y, mpfi_srcptr x);

/*
 * y = the node's function of its first operand x, EXPR_POWER to EXPR_SIGN;
 * unless NULL, slope = its derivative there.  x is neither of them.
 */
void expr_apply_mpfi(
    mpfi_ptr y, mpfi_ptr slope, const struct expr_node *node, mpfi_srcptr x);

/* What tanh x or erf x lacks of 1 or -1, or 1 - tanh^2 x. */
void expr_rest_mpfi(mpfi_ptr y, const struct expr_rest *rest, mpfi_srcptr x);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logarithms that are not bounded on a gap, but integrable. */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_SINGULAR_H
#define SN_FIXEDPOINT_EXPRESSIONS_SINGULAR_H

#include "fixedpoint/expressions/range.h"

/*
 * After expr_range_settle() of an interval of this width (< 1) on which f is
 * not bounded: y encloses +-E such that the integrals of |f| and of f^2 over
 * it are at most E and E^2 times the width.  False where none is known: f has
 * more than sums, products and powers of logarithms there, or a logarithm of
 * what may be negative.
 */
bool expr_bound_singular(
    arb_t y, const struct expr_range *range, const arf_t width);

#endif

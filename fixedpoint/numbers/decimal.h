/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ways of num_decimal_arb(), for their comparison, and words as
 * numbers.
 */
#ifndef SN_FIXEDPOINT_NUMBERS_DECIMAL_H
#define SN_FIXEDPOINT_NUMBERS_DECIMAL_H

#include "fixedpoint/numbers/numbers.h"

/* Both ends of the ball, which must give the same digits. */
enum sn_status num_decimal_short(
    char **value, char **radius, const arb_t x, slong digits);

/*
 * One conversion instead of three.  The digits are the same; the radius
 * exceeds the other's by less than 10^-15 units in the last place.
 */
enum sn_status num_decimal_long(
    char **value, char **radius, const arb_t x, slong digits);

/* [+-]digits[.digits][e[+-]digits] as an exact number; the word is one. */
void num_decimal_fmpq(fmpq_t x, const char *word);

#endif

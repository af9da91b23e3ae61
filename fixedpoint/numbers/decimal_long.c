/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/numbers/decimal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 18, HEADROOM = 8 };

/* "d.dde-n", an upper bound of count 10^exponent. */
static char *bound_text(ulong count, slong exponent)
{
    char digits[16], *text = malloc(48);
    mpfr_exp_t point;
    mpfr_t bound, power;
    mpfr_inits2(64, bound, power, (mpfr_ptr)0);
    mpfr_set_ui(bound, 10, MPFR_RNDN);
    mpfr_set_si(power, exponent, MPFR_RNDN);
    mpfr_pow(bound, bound, power, MPFR_RNDU);
    mpfr_mul_ui(bound, bound, count, MPFR_RNDU);
    mpfr_get_str(digits, &point, 10, 3, bound, MPFR_RNDU);
    if (text)
        snprintf(text, 48, "%.1s.%se%ld", digits, digits + 1, (long)point - 1);
    mpfr_clears(bound, power, (mpfr_ptr)0);
    mpfr_free_cache();
    return text;
}

/*
 * An upper bound of radius 10^exponent, as a whole number; 0: above the
 * twentieth of 10^GUARD that is half a digit just below a power of ten.
 */
static ulong radius_in_units(const mag_t radius, slong exponent)
{
    NUM_ARB(unit, r);
    NUM_ARF(size);
    arf_set_mag(arb_midref(r), radius);
    arb_set_ui(unit, 10);
    fmpz_t power;
    fmpz_init_set_si(power, exponent);
    arb_pow_fmpz(unit, unit, power, 64);
    fmpz_clear(power);
    arb_mul(r, r, unit, 64);
    arb_get_ubound_arf(size, r, 64);
    double units = arf_get_d(size, ARF_RND_UP);
    return units < 4e16 ? (ulong)units + 1 : 0;
}

/* Adds 1 to a row of digits; true if it was all nines and now is 10...0. */
static bool increment(char *digits, slong count)
{
    while (count-- && digits[count] == '9')
        digits[count] = '0';
    if (count >= 0)
        digits[count]++;
    else
        *digits = '1';
    return count < 0;
}

/*
 * The midpoint is cut to GUARD digits more than wanted: |x| lies within
 * [g - r, g + 1 + r] of the digits that stay, in units of the last guard
 * digit, g being what the guard digits say and r the radius.  Only if this
 * lies on one side of the half is the rounding decided, and then its farther
 * end bounds the error.
 */
enum sn_status num_decimal_long(
    char **value, char **radius, const arb_t x, slong digits)
{
    const ulong unit = 1000000000000000000; /* 10^GUARD */
    *value = *radius = NULL;
    if (!arb_is_finite(x) || arb_contains_zero(x))
        return num_decimal_short(value, radius, x, digits);
    char *text = malloc((size_t)digits + GUARD + HEADROOM + 3);
    if (!text)
        return SN_NO_MEMORY;
    mpfr_t middle;
    mpfr_exp_t point;
    mpfr_init2(middle, arf_bits(arb_midref(x)) + 2);
    arf_get_mpfr(middle, arb_midref(x), MPFR_RNDN); /* exact */
    bool negative = mpfr_sgn(middle) < 0;
    mpfr_abs(middle, middle, MPFR_RNDN);
    char *first = text + HEADROOM;
    mpfr_get_str(first, &point, 10, (size_t)digits + GUARD, middle, MPFR_RNDZ);
    mpfr_clear(middle);
    if (point <= -5 || point >= digits - 1) { /* 9.99 may become 10.0 */
        free(text);
        return num_decimal_short(value, radius, x, digits);
    }

    ulong g = strtoul(first + digits, NULL, 10);
    ulong r = radius_in_units(arb_radref(x), digits + GUARD - point);
    first[digits] = '\0';
    bool down = r && g + 1 + r < unit / 2, up = r && g > unit / 2 + r;
    if (!down && !up) {
        free(text);
        return SN_UNDECIDED;
    }
    *radius = bound_text(
        down ? g + 1 + r : unit - g + r, (slong)point - digits - GUARD);
    if (up && increment(first, digits))
        point++;
    if (point > 0) {
        memmove(first - 1, first, (size_t)point);
        first[point - 1] = '.';
        first--;
    } else {
        for (; point < 0; point++)
            *--first = '0';
        *--first = '.';
        *--first = '0';
    }
    if (negative)
        *--first = '-';
    memmove(text, first, strlen(first) + 1);
    *value = text;
    if (*radius)
        return SN_OK;
    free(text);
    *value = NULL;
    return SN_NO_MEMORY;
}

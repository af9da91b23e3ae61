/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balls as decimal numbers: decided digits or none. */
#include "fixedpoint/numbers/decimal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "-" + digits with the point after `point` of them, or scientific. */
static char *place_point(const char *digits, mpfr_exp_t point)
{
    const char *sign = *digits == '-' ? "-" : "";
    digits += *digits == '-';
    size_t n = strlen(digits);
    char *text = malloc(n + 64);
    if (!text)
        return NULL;
    if (point > 0 && (size_t)point < n)
        sprintf(text, "%s%.*s.%s", sign, (int)point, digits, digits + point);
    else if (point > 0 && (size_t)point == n)
        sprintf(text, "%s%s", sign, digits);
    else if (point <= 0 && point > -5)
        sprintf(text, "%s0.%.*s%s", sign, (int)-point, "00000", digits);
    else
        sprintf(text, "%s%.1s%s%se%ld", sign, digits, n > 1 ? "." : "",
            digits + 1, (long)point - 1);
    return text;
}

static char *magnitude(const mag_t radius)
{
    char digits[16], *text;
    mpfr_exp_t point;
    mpfr_t r;
    NUM_ARF(exact);
    if (mag_is_zero(radius))
        return strdup("0");
    mpfr_init2(r, MAG_BITS);
    arf_set_mag(exact, radius);
    arf_get_mpfr(r, exact, MPFR_RNDU);
    mpfr_get_str(digits, &point, 10, 3, r, MPFR_RNDU);
    text = place_point(digits, point);
    mpfr_clear(r);
    return text;
}

/* Ten to the minus digits, as an upper bound of what may pass for zero. */
static bool negligible(const arb_t x, slong digits)
{
    NUM_ARB(bound);
    arb_set_ui(bound, 10);
    arb_pow_ui(bound, bound, (ulong)digits, 64);
    arb_inv(bound, bound, 64);
    NUM_ARF(size);
    arb_get_abs_ubound_arf(size, x, MAG_BITS);
    return arf_cmp(size, arb_midref(bound)) < 0;
}

static enum sn_status give_zero(char **value, char **radius, const arb_t x)
{
    NUM_MAG(bound);
    arb_get_mag(bound, x);
    *value = strdup("0");
    *radius = magnitude(bound);
    if (*value && *radius)
        return SN_OK;
    free(*value);
    free(*radius);
    return SN_NO_MEMORY;
}

enum sn_status num_decimal_short(
    char **value, char **radius, const arb_t x, slong digits)
{
    *value = *radius = NULL;
    if (!arb_is_finite(x))
        return SN_UNDECIDED;
    if (arb_contains_zero(x))
        return negligible(x, digits) ? give_zero(value, radius, x)
                                     : SN_UNDECIDED;
    /* the ends of a tight ball around a short number need many bits, too */
    slong prec = arb_bits(x) + 4 * digits + 64;
    mpfr_t low, high;
    mpfr_init2(low, prec);
    mpfr_init2(high, prec);
    arb_get_interval_mpfr(low, high, x);
    mpfr_exp_t low_point, high_point;
    char *low_digits =
        mpfr_get_str(NULL, &low_point, 10, (size_t)digits, low, MPFR_RNDN);
    char *high_digits =
        mpfr_get_str(NULL, &high_point, 10, (size_t)digits, high, MPFR_RNDN);
    mpfr_clear(low);
    mpfr_clear(high);

    enum sn_status status = SN_UNDECIDED;
    if (!low_digits || !high_digits)
        status = SN_NO_MEMORY;
    else if (low_point == high_point && !strcmp(low_digits, high_digits)) {
        *value = place_point(low_digits, low_point);
        status = *value ? SN_OK : SN_NO_MEMORY;
    }
    mpfr_free_str(low_digits);
    mpfr_free_str(high_digits);
    if (status != SN_OK)
        return status;

    NUM_ARB(printed);
    NUM_MAG(bound);
    arb_set_str(printed, *value, prec + 64);
    arb_sub(printed, x, printed, MAG_BITS);
    arb_get_mag(bound, printed);
    *radius = magnitude(bound);
    if (*radius)
        return SN_OK;
    free(*value);
    *value = NULL;
    return SN_NO_MEMORY;
}

/* Where one conversion instead of three begins to pay. */
enum { MANY_DIGITS = 10000 };

/* Known so much better than asked for, an open rounding is a tie, or next to
   one: 0.125 to two digits. */
enum { DECIMAL_SPARE_BITS = 40 };

enum sn_status num_decimal_arb(
    char **value, char **radius, const arb_t x, slong digits)
{
    if (digits > MANY_DIGITS)
        return num_decimal_long(value, radius, x, digits);
    enum sn_status status = num_decimal_short(value, radius, x, digits);
    if (status == SN_UNDECIDED && !arb_contains_zero(x) &&
        (double)arb_rel_accuracy_bits(x) >
            3.3219281 * (double)digits + DECIMAL_SPARE_BITS)
        status = num_decimal_short(value, radius, x, digits + 1);
    return status;
}

void num_decimal_fmpq(fmpq_t x, const char *word)
{
    const char *s = word + (*word == '-' || *word == '+');
    fmpz_t ten;
    fmpz_init_set_ui(ten, 10);
    fmpq_zero(x);
    char *digits = strdup(s);
    if (!digits)
        flint_abort();
    size_t n = 0;
    slong exponent = 0;
    bool after = false;
    for (; *s && *s != 'e' && *s != 'E'; s++) {
        if (*s == '.') {
            after = true;
            continue;
        }
        digits[n++] = *s;
        exponent -= after;
    }
    digits[n] = '\0';
    if (*s)
        exponent += strtol(s + 1, NULL, 10);
    fmpz_set_str(fmpq_numref(x), digits, 10);
    free(digits);
    fmpz_pow_ui(ten, ten, (ulong)labs(exponent));
    if (exponent < 0)
        fmpz_set(fmpq_denref(x), ten);
    else
        fmpz_mul(fmpq_numref(x), fmpq_numref(x), ten);
    if (*word == '-')
        fmpq_neg(x, x);
    fmpq_canonicalise(x);
    fmpz_clear(ten);
}

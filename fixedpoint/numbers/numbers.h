/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Balls as decimals and as numbers of binary formats.  This room includes
 * no other.
 */
#ifndef SN_FIXEDPOINT_NUMBERS_NUMBERS_H
#define SN_FIXEDPOINT_NUMBERS_NUMBERS_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"
#include <stdbool.h>
#include <stdint.h>

/*
 * Decimal form.  value: x rounded to `digits` significant digits, where x is
 * known well enough that every digit is decided, one digit more where the
 * rounding would be a tie or next to one; radius: a bound of |x - value|,
 * three digits, rounded up.  A ball that holds 0 with a radius below
 * 10^-digits gives "0".  Strings to free(); SN_UNDECIDED asks for more
 * precision.
 */
enum sn_status num_decimal_arb(
    char **value, char **radius, const arb_t x, slong digits);

/* x as the double nearest to it, or SN_UNDECIDED. */
enum sn_status num_nearest_f64(double *nearest, const arb_t x);

/*
 * Binary formats: IEEE 754's, bfloat16, and the 8-bit ones of the OCP
 * specification (ONNX: float8e5m2, float8e4m3fn).  e4m3 has no infinity and
 * ends at 448; what rounds to more comes as infinity here, as it does in the
 * others, and no number of that format stands for it.
 */
struct num_format {
    const char *name;
    int precision, emin, emax; /* significand bits; exponents as in MPFR */
    int width, bias;           /* of the exponent field */
    double most;               /* the largest finite number */
};
enum { NUM_ALL_FORMATS = 6 };
extern const struct num_format num_formats[NUM_ALL_FORMATS];

/* The bit pattern of a finite number of the format. */
uint64_t num_format_bits(double value, const struct num_format *format);

/* x, of any precision, rounded to the format as IEEE 754 does to nearest. */
double num_round_mpfr(const mpfr_t x, const struct num_format *format);

/*
 * x correctly rounded (nearest, ties to even, subnormals and overflow as
 * IEEE 754) to the format; the value fits a double.  SN_UNDECIDED where the
 * ball holds a rounding boundary; NaN where it does although 200 bits are
 * known: a tie, which no ball can tell from its neighbours.
 */
enum sn_status num_round_to_format(
    double *rounded, const arb_t x, const struct num_format *format);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balls as numbers of a binary format: decided or none. */
#include "fixedpoint/numbers/numbers.h"
#include <math.h>
#include <string.h>

const struct num_format num_formats[NUM_ALL_FORMATS] = {
    {"f64", 53, -1073, 1024, 11, 1023, 0x1.fffffffffffffp1023},
    {"f32", 24, -148, 128, 8, 127, 0x1.fffffep127},
    {"f16", 11, -23, 16, 5, 15, 65504},
    {"bf16", 8, -132, 128, 8, 127, 0x1.fep127},
    {"e5m2", 3, -15, 16, 5, 15, 57344},
    {"e4m3", 4, -8, 9, 4, 7, 448},
};

/* MPFR rounds to the format once its exponent range is that of the format. */
double num_round_mpfr(const mpfr_t x, const struct num_format *format)
{
    mpfr_exp_t emin = mpfr_get_emin(), emax = mpfr_get_emax();
    mpfr_t y;
    mpfr_init2(y, format->precision);
    mpfr_set_emin(format->emin);
    mpfr_set_emax(format->emax);
    int inexact = mpfr_set(y, x, MPFR_RNDN);
    inexact = mpfr_check_range(y, inexact, MPFR_RNDN);
    mpfr_subnormalize(y, inexact, MPFR_RNDN);
    double rounded = mpfr_get_d(y, MPFR_RNDN);
    if (fabs(rounded) > format->most)
        rounded = copysign(INFINITY, rounded);
    mpfr_clear(y);
    mpfr_set_emin(emin);
    mpfr_set_emax(emax);
    return rounded;
}

/* So well known, a number between two others is the middle, or next to it. */
enum { TIE_BITS = 200 };

enum sn_status num_round_to_format(
    double *rounded, const arb_t x, const struct num_format *format)
{
    if (!arb_is_finite(x))
        return SN_UNDECIDED;
    slong prec = arb_bits(x) + 64;
    mpfr_t low, high;
    mpfr_init2(low, prec);
    mpfr_init2(high, prec);
    arb_get_interval_mpfr(low, high, x);
    double a = num_round_mpfr(low, format), b = num_round_mpfr(high, format);
    mpfr_clear(low);
    mpfr_clear(high);
    if (memcmp(&a, &b, sizeof a)) {
        if (arb_rel_accuracy_bits(x) < TIE_BITS)
            return SN_UNDECIDED;
        a = NAN;
    }
    *rounded = a;
    return SN_OK;
}

enum sn_status num_nearest_f64(double *nearest, const arb_t x)
{
    return num_round_to_format(nearest, x, &num_formats[0]);
}

uint64_t num_format_bits(double value, const struct num_format *format)
{
    const int fraction = format->precision - 1;
    const int least = 1 - format->bias; /* exponent of the smallest normal */
    uint64_t sign = (uint64_t) !!signbit(value) << (format->width + fraction);
    double size = fabs(value);
    if (size == 0)
        return sign;
    int exponent = ilogb(size);
    bool normal = exponent >= least;
    /* value / 2^(exponent - fraction) is a whole number */
    double units = scalbn(size, fraction - (normal ? exponent : least));
    uint64_t bits = (uint64_t)units;
    if (normal) {
        bits -= UINT64_C(1) << fraction;
        bits += (uint64_t)(exponent + format->bias) << fraction;
    }
    return sign | bits;
}

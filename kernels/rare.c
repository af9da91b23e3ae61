/* SPDX-License-Identifier: MIT */
/*
 * Doubles that the vectors leave out: NaN, infinities, what may overflow, and
 * what lies so low that the rest of a product underflows or the result is
 * subnormal.  One at a time, by the same formulas on scaled numbers.
 */
#include "arithmetic.h"
#include "exp2_table.h"
#include "isa.h"
#include "double_double.h"
#include "polynomials.h"
#include <string.h>

/* a 2^q rounded once, for a normalized pair, 2^-130 < |a| < 2^130, any q */
static double scale_and_round(struct dd a, int q)
{
    double rounded = a.high + a.low; /* is a.high */
    int exponent;
    frexp(rounded, &exponent);
    if (q + exponent > -1021)
        return ldexp(rounded, q);
    if (q + exponent < -1080)
        return copysign(0, a.high);
    /* Below 2^-1021: to an integer number of 2^-1074.  m and low are exact,
       |m| < 2^53; rest is within 2^-54, so that what lies nearer to a tie
       than that may go to the other side: 2^-54 ULP more. */
    double m = ldexp(a.high, q + 1074), low = ldexp(a.low, q + 1074);
    double integer = (double)(int64_t)m;
    double rest = (m - integer) + low;
    if (rest > 0.5 || (rest == 0.5 && fmod(integer, 2) != 0))
        integer += 1;
    else if (rest < -0.5 || (rest == -0.5 && fmod(integer, 2) != 0))
        integer -= 1;
    return copysign(ldexp(integer, -1074), a.high);
}

double sn_rare_product(double x, double high, double low)
{
    int exponent;
    if (x == 0 || !islessequal(fabs(x), DBL_MAX))
        return x * high;
    double factor = frexp(x, &exponent);
    struct dd product =
        dw_times_dw((struct dd){factor, 0}, (struct dd){high, low});
    return scale_and_round(product, exponent);
}

double sn_rare_forward(double x, const struct sn_elu *elu)
{
    if (!islessequal(x, 0)) /* positive or NaN; quiet for a quiet NaN */
        return sn_rare_product(x, elu->positive, elu->positive_low);
    /* e^t - 1 is t within |t|/2, and t is below 2^-700 */
    return sn_rare_product(x, elu->at_zero, elu->at_zero_low);
}

/* e^(x rate) = result 2^*q, -1600 <= x rate <= 0 */
static struct dd exponential(double x, const struct sn_elu *elu, int *q)
{
    const double round_to_integer = 0x1.8p52;
    struct dd c = {x * elu->rate, 0};
    c.low = fma(x, elu->rate, -c.high) + x * elu->rate_low;
    double k = c.high * SN_PER_STEP + round_to_integer - round_to_integer;
    double r =
        fma(-k, SN_STEP_1, c.high); /* exactly: docs/mathematics/kernels.md */
    double square = r * r;
    double square_low = fma(r, r, -square);
    double tail = SN_Q_4 + SN_Q_5 * r;
    tail = SN_Q_3 + tail * r;
    tail = SN_Q_2 + tail * r;
    tail = SN_Q_1 + tail * r;
    tail = SN_Q_0 + tail * r;
    tail *= square * r;
    struct dd e = fast_two_sum(1, r);
    e = fast_two_sum(e.high, e.low + (square / 2 + (tail + square_low / 2)));
    int whole = (int)k, j = whole & 15;
    double power;
    uint64_t bits;
    memcpy(&bits, &sn_exp2_16[j], sizeof bits);
    bits += (uint64_t)j << 48;
    memcpy(&power, &bits, sizeof power);
    *q = (whole - j) / 16;
    double rest = sn_exp2_16_rest[j] + (c.low - k * SN_STEP_2);
    return dw_times_dw(e, (struct dd){power, power * rest});
}

double sn_rare_gradient(double dy, double x, const struct sn_elu *elu)
{
    if (isnan(x))
        return x + x;
    if (x < -DBL_MAX) /* -inf */
        return dy * 0.0;
    if (x > 0)
        return sn_rare_product(dy, elu->positive, elu->positive_low);
    if (dy == 0 || !islessequal(fabs(dy), DBL_MAX))
        return dy + dy; /* times a positive number */
    int exponent, q;
    double factor = frexp(dy, &exponent);
    struct dd slope = {0, 0};
    /* |dy| < 2^1024 times e^-1600 and 2^91, the largest slope that a design
       with alpha dropout has at 0, rounds to 0 */
    slope =
        exponential(x * elu->rate < -1600 ? -1600 / elu->rate : x, elu, &q);
    slope = dw_times_dw(slope, (struct dd){elu->at_zero, elu->at_zero_low});
    slope = dw_times_dw(slope, (struct dd){factor, 0});
    return scale_and_round(slope, q + exponent);
}

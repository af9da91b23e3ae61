/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/reference/reference.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { REFERENCE_BITS = 256 };

const struct conf_checked_function ref_functions[] = {
    {"selu", CONF_FAMILY_SELU, false, false, NULL},
    {"selu-grad", CONF_FAMILY_SELU, true, false, NULL},
    {"elu", CONF_FAMILY_ELU, false, false, NULL},
    {"elu-grad", CONF_FAMILY_ELU, true, false, NULL},
    {"celu", CONF_FAMILY_CELU, false, false, NULL},
    {"celu-grad", CONF_FAMILY_CELU, true, false, NULL},
    {"alpha-dropout", CONF_FAMILY_SELU, false, true, NULL},
};
const int ref_function_count = sizeof ref_functions / sizeof ref_functions[0];

const struct conf_checked_function *ref_function_find(const char *name)
{
    for (int i = 0; i < ref_function_count; i++)
        if (!strcmp(ref_functions[i].name, name))
            return &ref_functions[i];
    return NULL;
}

/*
 * Eq. 14 of the paper as printed, with MPFR: a derivation of the constants
 * that has nothing in common with fixedpoint/constants/constants.c.
 */
static void paper_constants(mpfr_t lambda, mpfr_t alpha)
{
    enum { PAPER_BITS = REFERENCE_BITS + 64 };
    mpfr_t s, t, e1, e2, pi;
    mpfr_inits2(PAPER_BITS, s, t, e1, e2, pi, (mpfr_ptr)0);
    mpfr_const_pi(pi, MPFR_RNDN);
    mpfr_set_ui(s, 2, MPFR_RNDN);
    mpfr_sqrt(s, s, MPFR_RNDN);
    mpfr_erfc(e2, s, MPFR_RNDN); /* erfc(sqrt 2) e^2 */
    mpfr_set_ui(t, 2, MPFR_RNDN);
    mpfr_exp(t, t, MPFR_RNDN);
    mpfr_mul(e2, e2, t, MPFR_RNDN);
    mpfr_ui_div(s, 1, s, MPFR_RNDN);
    mpfr_erfc(e1, s, MPFR_RNDN); /* erfc(1/sqrt 2) sqrt e */
    mpfr_sqrt(t, t, MPFR_RNDN);
    mpfr_sqrt(t, t, MPFR_RNDN);
    mpfr_mul(e1, e1, t, MPFR_RNDN);

    mpfr_ui_div(s, 2, pi, MPFR_RNDN);
    mpfr_sqrt(s, s, MPFR_RNDN);
    mpfr_ui_sub(t, 1, e1, MPFR_RNDN);
    mpfr_div(alpha, s, t, MPFR_RNDN);

    mpfr_mul_ui(lambda, pi, 2, MPFR_RNDN);
    mpfr_sqrt(lambda, lambda, MPFR_RNDN);
    mpfr_mul(lambda, lambda, t, MPFR_RNDN);
    mpfr_mul_ui(s, e2, 2, MPFR_RNDN); /* what stands under the root */
    mpfr_sqr(t, e1, MPFR_RNDN);
    mpfr_mul(t, t, pi, MPFR_RNDN);
    mpfr_add(s, s, t, MPFR_RNDN);
    mpfr_add_ui(t, pi, 2, MPFR_RNDN);
    mpfr_add(s, s, t, MPFR_RNDN);
    mpfr_mul(t, t, e1, MPFR_RNDN);
    mpfr_mul_ui(t, t, 2, MPFR_RNDN);
    mpfr_sub(s, s, t, MPFR_RNDN);
    mpfr_sqrt(s, s, MPFR_RNDN);
    mpfr_div(lambda, lambda, s, MPFR_RNDN);
    mpfr_clears(s, t, e1, e2, pi, (mpfr_ptr)0);
}

/* Wide enough for any activation; what approximate.c's bound needs. */
static bool in_range(const mpfr_t factor)
{
    double size = fabs(mpfr_get_d(factor, MPFR_RNDN));
    return size >= CONF_LEAST_FACTOR && size <= CONF_MOST_FACTOR;
}

/* lambda above 0; alpha of any sign, and 0, but where 1/alpha is asked for:
   left of 0 only e^x with x <= 0 is approximated. */
static bool are_factors(const struct conf_reference *reference,
    const mpfr_t lambda, const mpfr_t alpha)
{
    const bool inverted = reference->function->family == CONF_FAMILY_CELU;
    if (!in_range(lambda) || mpfr_sgn(lambda) < 0)
        return false;
    if (!inverted && !reference->function->dropout && mpfr_zero_p(alpha))
        return true;
    return in_range(alpha) && in_range(reference->b) &&
           (mpfr_sgn(alpha) > 0 ||
               (!inverted && !reference->function->dropout));
}

/* The nearest double and, nearest again, the rest. */
static void split(double *high, double *low, const mpfr_t value)
{
    mpfr_t rest;
    mpfr_init2(rest, REFERENCE_BITS);
    *high = mpfr_get_d(value, MPFR_RNDN);
    mpfr_sub_d(rest, value, *high, MPFR_RNDN);
    *low = mpfr_get_d(rest, MPFR_RNDN);
    mpfr_clear(rest);
}

/* 1/w for approximate.c: the high part times a float is exact. */
static void split_inverse(struct conf_reference *reference)
{
    mpfr_t inverse, high;
    mpfr_init2(inverse, REFERENCE_BITS);
    mpfr_init2(high, 29);
    mpfr_ui_div(inverse, 1, reference->width, MPFR_RNDN);
    split(&reference->inverse_double, &reference->inverse_rest, inverse);
    mpfr_set(high, inverse, MPFR_RNDN);
    mpfr_sub(inverse, inverse, high, MPFR_RNDN);
    reference->inverse_high = mpfr_get_d(high, MPFR_RNDN);
    reference->inverse_low = mpfr_get_d(inverse, MPFR_RNDN);
    double least = (reference->derivative ? -300 : -40);
    reference->least = (float)(least / reference->inverse_high);
    mpfr_clears(inverse, high, (mpfr_ptr)0);
}

enum sn_status conf_reference_init(struct conf_reference *reference,
    const struct conf_checked_function *function, const char *lambda,
    const char *alpha)
{
    mpfr_t l, a;
    mpfr_inits2(REFERENCE_BITS, l, a, reference->a, reference->b,
        reference->width, (mpfr_ptr)0);
    if (function->family == CONF_FAMILY_SELU) {
        paper_constants(l, a);
    } else {
        mpfr_set_ui(l, 1, MPFR_RNDN);
        mpfr_set_ui(a, 1, MPFR_RNDN);
    }
    bool good = true;
    if (lambda)
        good = good && !mpfr_set_str(l, lambda, 10, MPFR_RNDN);
    if (alpha)
        good = good && !mpfr_set_str(a, alpha, 10, MPFR_RNDN);
    reference->function = function;
    reference->curve = function->curve;
    reference->lambda = mpfr_get_d(l, MPFR_RNDN);
    reference->alpha = mpfr_get_d(a, MPFR_RNDN);
    reference->derivative = function->derivative;
    reference->flush = reference->any_zero = false;
    reference->at_zero = CONF_LEFT;
    mpfr_set(reference->a, l, MPFR_RNDN);
    mpfr_mul(reference->b, l, a, MPFR_RNDN);
    mpfr_set_ui(reference->width, 1, MPFR_RNDN);
    if (function->family == CONF_FAMILY_CELU) {
        mpfr_set(reference->width, a, MPFR_RNDN);
        if (function->derivative)
            mpfr_set_ui(reference->b, 1, MPFR_RNDN);
    }
    reference->widened = mpfr_cmp_ui(reference->width, 1) != 0;
    good = good && are_factors(reference, l, a);
    mpfr_clears(l, a, (mpfr_ptr)0);
    if (good) {
        split(&reference->a_double, &reference->a_low, reference->a);
        split(&reference->b_double, &reference->b_low, reference->b);
        split_inverse(reference);
        return SN_OK;
    }
    conf_reference_clear(reference);
    return SN_BAD_VALUE;
}

void conf_reference_clear(struct conf_reference *reference)
{
    mpfr_clears(reference->a, reference->b, reference->width, (mpfr_ptr)0);
}

void ref_exact_value(
    mpfr_t exact, const struct conf_reference *reference, double x, double dy)
{
    bool jumps;
    if (reference->curve) {
        ref_curve_value(exact, &jumps, reference->curve, x, false);
        if (dy != 1)
            mpfr_mul_d(exact, exact, dy, MPFR_RNDZ);
        return;
    }
    mpfr_set_prec(exact, REFERENCE_BITS);
    mpfr_set_d(exact, x, MPFR_RNDN);
    if (x > 0) {
        if (reference->derivative)
            mpfr_set(exact, reference->a, MPFR_RNDN);
        else
            mpfr_mul(exact, exact, reference->a, MPFR_RNDN);
    } else {
        /* towards 0: b x (1 - tiny) must not become b x, perhaps a tie */
        if (reference->widened)
            mpfr_div(exact, exact, reference->width, MPFR_RNDZ);
        if (reference->derivative)
            mpfr_exp(exact, exact, MPFR_RNDZ);
        else
            mpfr_expm1(exact, exact, MPFR_RNDZ);
        mpfr_mul(exact, exact, reference->b, MPFR_RNDZ);
    }
    if (dy != 1)
        mpfr_mul_d(exact, exact, dy, MPFR_RNDZ);
}

double conf_reference_rounded_product(
    const struct conf_reference *reference, int dtype, double x, double dy)
{
    if (isnan(x) || isnan(dy))
        return (double)NAN;
    double near;
    if (reference->curve && dy == 1 && dtype != CONF_TYPE_F64 &&
        ref_curve_near_zero(&near, reference->curve, x))
        return conf_type_round(dtype, near);
    mpfr_t exact;
    mpfr_init2(exact, REFERENCE_BITS);
    ref_exact_value(exact, reference, x, dy);
    double rounded = mpfr_nan_p(exact)
                         ? (double)NAN
                         : num_round_mpfr(exact, ref_types[dtype].format);
    mpfr_clear(exact);
    return rounded;
}

/* Next to x there are numbers: log 0, 1/0. */
static bool is_pole(struct ref_curve *curve, double x)
{
    bool jumps, number = false;
    mpfr_t value;
    mpfr_init2(value, REF_CURVE_BITS);
    for (int side = -1; side <= 1 && !number; side += 2) {
        ref_curve_value(value, &jumps, curve,
            nextafter(x, side * (double)INFINITY), false);
        number = !mpfr_nan_p(value);
    }
    mpfr_clear(value);
    return number;
}

bool conf_reference_accepts(const struct conf_reference *reference, int dtype,
    double x, double dy, double y)
{
    bool jumps, accepted = false;
    mpfr_t value;
    double near;
    if (!reference->curve ||
        (dtype != CONF_TYPE_F64 &&
            ref_curve_near_zero(&near, reference->curve, x)))
        return false;
    mpfr_init2(value, REF_CURVE_BITS);
    for (int other = 0; other < 2 && !accepted; other++) {
        ref_curve_value(value, &jumps, reference->curve, x, other);
        if (mpfr_nan_p(value) && isinf(y) && isfinite(x))
            accepted = is_pole(reference->curve, x);
        if (dy != 1)
            mpfr_mul_d(value, value, dy, MPFR_RNDZ);
        const double want =
            mpfr_nan_p(value) ? (double)NAN
                              : num_round_mpfr(value, ref_types[dtype].format);
        accepted =
            accepted ||
            (isnan(want) ? isnan(y)
                         : want == y && (!signbit(want) == !signbit(y) ||
                                            mpfr_zero_p(value)));
        if (!jumps)
            break;
    }
    mpfr_clear(value);
    return accepted;
}

double conf_reference_rounded(
    const struct conf_reference *reference, int dtype, double x)
{
    return conf_reference_rounded_product(reference, dtype, x, 1);
}

double conf_reference_ulp_product(const struct conf_reference *reference,
    int dtype, double x, double dy, double y)
{
    const struct num_format *format = ref_types[dtype].format;
    if (conf_reference_accepts(reference, dtype, x, dy, y))
        return 0;
    mpfr_t exact, got, limit;
    mpfr_inits2(REFERENCE_BITS, exact, got, limit, (mpfr_ptr)0);
    ref_exact_value(exact, reference, x, dy);
    if (mpfr_nan_p(exact)) { /* no number is right there */
        mpfr_clears(exact, got, limit, (mpfr_ptr)0);
        return isnan(y) ? 0 : ldexp(1, format->precision);
    }
    int sign = signbit(y) ? -1 : 1;
    if (isnan(y))
        sign = mpfr_sgn(exact) > 0 ? -1 : 1;
    if (isfinite(y))
        mpfr_set_d(got, y, MPFR_RNDN);
    else
        mpfr_set_si_2exp(got, sign, format->emax, MPFR_RNDN);
    mpfr_set_ui_2exp(limit, 1, format->emax, MPFR_RNDN);
    if (mpfr_cmpabs(exact, limit) > 0)
        mpfr_setsign(exact, limit, mpfr_sgn(exact) < 0, MPFR_RNDN);
    mpfr_exp_t unit = format->emin;
    if (!mpfr_zero_p(exact) &&
        mpfr_get_exp(exact) - format->precision > unit - 1)
        unit = mpfr_get_exp(exact) - format->precision + 1;
    if (unit > format->emax - format->precision + 1)
        unit = format->emax - format->precision + 1;
    mpfr_sub(got, got, exact, MPFR_RNDN);
    mpfr_abs(got, got, MPFR_RNDN);
    mpfr_div_2si(got, got, unit - 1, MPFR_RNDN);
    double ulp = fmin(mpfr_get_d(got, MPFR_RNDN), DBL_MAX);
    mpfr_clears(exact, got, limit, (mpfr_ptr)0);
    return ulp;
}

double conf_reference_ulp(
    const struct conf_reference *reference, int dtype, double x, double y)
{
    return conf_reference_ulp_product(reference, dtype, x, 1, y);
}

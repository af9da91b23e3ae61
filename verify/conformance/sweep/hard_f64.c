/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Doubles whose f(x) lies very near the middle between two doubles, where a
 * rounding is hardest to get right.  Where f contracts (its values are denser
 * in x than the doubles around them) the inverse finds them: take a middle y,
 * the nearest double of its inverse gives f(x) within |f'(x)| ulp(x)/2 of y.
 * Where f is linear, continued fractions of the factor c do: m c 2^k is near
 * an odd number where p/q is a convergent with odd p and m an odd multiple of
 * q.
 */
#include "verify/conformance/sweep/inputs.h"
#include "verify/shared/splitmix.h"
#include <math.h>
#include <stdlib.h>

enum { HARD_BITS = 320 };

/* The x <= 0 nearest to the inverse of the middle next to f(guess). */
static double through_the_inverse(
    const struct conf_reference *reference, double guess)
{
    mpfr_t y, narrow, ulp;
    mpfr_init2(y, HARD_BITS);
    mpfr_init2(narrow, 53);
    mpfr_init2(ulp, 53);
    ref_exact_value(y, reference, guess, 1);
    mpfr_set(narrow, y, MPFR_RNDZ);
    mpfr_set_ui_2exp(ulp, 1, mpfr_get_exp(narrow) - 54, MPFR_RNDN);
    mpfr_set(y, narrow, MPFR_RNDN); /* 53 bits; now the half */
    if (mpfr_sgn(y) < 0)
        mpfr_sub(y, y, ulp, MPFR_RNDN);
    else
        mpfr_add(y, y, ulp, MPFR_RNDN);
    mpfr_set_prec(narrow, HARD_BITS);
    mpfr_div(narrow, y, reference->b, MPFR_RNDN);
    if (reference->derivative)
        mpfr_log(narrow, narrow, MPFR_RNDN);
    else
        mpfr_log1p(narrow, narrow, MPFR_RNDN);
    mpfr_mul(narrow, narrow, reference->width, MPFR_RNDN);
    double x = mpfr_get_d(narrow, MPFR_RNDN);
    mpfr_clears(y, narrow, ulp, (mpfr_ptr)0);
    return x;
}

/*
 * Significands m in [2^52, 2^53), for c in [1, 2): m c is near the middle of
 * its neighbours where m c (if above 2^53; else 2 m c) is near an odd number.
 */
static size_t near_middles(double *m, size_t most, const mpfr_t c, int k)
{
    const double turn = 0x1p53 / mpfr_get_d(c, MPFR_RNDN);
    const double low = k ? 0x1p52 : turn + 1, high = k ? turn - 1 : 0x1p53;
    mpfr_t rest, whole;
    mpfr_init2(rest, HARD_BITS);
    mpfr_init2(whole, HARD_BITS);
    mpfr_mul_2si(rest, c, k, MPFR_RNDN);
    unsigned __int128 p0 = 1, q0 = 0, p1, q1;
    size_t n = 0;
    mpfr_floor(whole, rest);
    p1 = (unsigned __int128)mpfr_get_d(whole, MPFR_RNDN);
    q1 = 1;
    for (int i = 0; i < 60; i++) {
        /* odd multiples t of a small q would move away from the middle */
        if (p1 & 1 && q1 >> 30) {
            uint64_t t = (uint64_t)((unsigned __int128)high / q1);
            t -= t % 2 == 0;
            double value = (double)((unsigned __int128)t * q1);
            if (t && value >= low && value < high && n < most)
                m[n++] = value;
        }
        mpfr_sub(rest, rest, whole, MPFR_RNDN);
        if (mpfr_zero_p(rest))
            break; /* c is rational: its middles are ties */
        mpfr_ui_div(rest, 1, rest, MPFR_RNDN);
        mpfr_floor(whole, rest);
        if (mpfr_cmp_d(whole, 0x1p53) >= 0)
            break;
        unsigned __int128 term =
            (unsigned __int128)mpfr_get_d(whole, MPFR_RNDN);
        unsigned __int128 p2 = term * p1 + p0, q2 = term * q1 + q0;
        if (q2 >> 53)
            break;
        p0 = p1, q0 = q1, p1 = p2, q1 = q2;
    }
    mpfr_clear(rest);
    mpfr_clear(whole);
    return n;
}

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/* Sorted, each once. */
static size_t sort_once(double *x, size_t n)
{
    size_t kept = 0;
    qsort(x, n, sizeof *x, by_size);
    for (size_t i = 0; i < n; i++)
        if (!kept || x[i] != x[kept - 1])
            x[kept++] = x[i];
    return kept;
}

static size_t hard_where_linear(
    double *x, const mpfr_t factor, int low, int high, double sign)
{
    enum { EXPONENTS = 24 };
    double m[64];
    size_t n = 0;
    for (int k = 0; k < 2; k++) {
        mpfr_t c;
        mpfr_init2(c, HARD_BITS);
        mpfr_set(c, factor, MPFR_RNDN);
        mpfr_set_exp(c, 1); /* in [1, 2): only its bits matter */
        size_t found = near_middles(m, 64, c, k);
        mpfr_clear(c);
        for (size_t i = 0; i < found; i++)
            for (int e = 0; e < EXPONENTS; e++)
                x[n++] = sign *
                         ldexp(m[i], low + (high - low) * e / EXPONENTS - 52);
    }
    return n;
}

size_t sweep_hard_f64(
    const struct conf_reference *reference, bool negative, double *x)
{
    const double w = mpfr_get_d(reference->width, MPFR_RNDN);
    uint64_t state = 21;
    size_t n = 0;
    if (reference->curve) /* none is known */
        return 0;
    if (!negative)
        return reference->derivative
                   ? 0
                   : sort_once(x,
                         hard_where_linear(x, reference->a, -1000, 1000, 1));
    for (int i = 0; i < SWEEP_HARD_INVERSES; i++) {
        double u = (double)(shared_splitmix(&state) >> 11) * 0x1p-53;
        /* forward from -1 to where it saturates; derivative near 0 */
        double guess =
            reference->derivative ? -w * exp2(-2 - 50 * u) : -w * (1 + 36 * u);
        double found = through_the_inverse(reference, guess);
        if (found < 0 && isfinite(found))
            x[n++] = found;
    }
    if (!reference->derivative && !reference->widened)
        n += hard_where_linear(x + n, reference->b, -1000, -60, -1);
    return sort_once(x, n);
}

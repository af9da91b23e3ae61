/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * f is completely monotone: (-1)^k f^(k) is positive and falls.  With x in
 * [c - r, c + r] Taylor's formula of degree n at c is off by
 * |f^(n+1)(xi)| |x - c|^(n+1)/(n+1)! <= |f^(n+1)(c - r)| r^(n+1)/(n+1)!.
 */
#include "fixedpoint/proofs/intervals/doubles/series.h"
#include "fixedpoint/expressions/intervals.h"
#include "fixedpoint/proofs/intervals/formulas.h"
#include <math.h>

/* The recurrence of erfcx loses some 13 bits a step at x = 64. */
enum { SERIES_BITS = 256, SERIES_TERMS = IV_DEGREE + 2 };
/* Half a cell, and what the rounding in finding the cell may add. */
#define REACH (0.5 / IV_CELLS_PER_UNIT + 0x1p-40)

static void start(mpfi_t *a)
{
    for (int k = 0; k < SERIES_TERMS; k++)
        mpfi_init2(a[k], SERIES_BITS);
}

static void end(mpfi_t *a)
{
    for (int k = 0; k < SERIES_TERMS; k++)
        mpfi_clear(a[k]);
}

/* (-1)^k e^-x / k! */
static void exp_coefficients(mpfi_t *a, double x)
{
    mpfi_set_d(a[0], -x);
    mpfi_exp(a[0], a[0]);
    for (int k = 1; k < SERIES_TERMS; k++)
        mpfi_div_si(a[k], a[k - 1], -k);
}

/* f' = 2 x f - 2/sqrt(pi), so (k + 1) a_(k+1) = 2 x a_k + 2 a_(k-1). */
static void erfcx_coefficients(mpfi_t *a, double x)
{
    mpfi_t t;
    mpfi_init2(t, SERIES_BITS);
    mpfi_set_d(a[0], x);
    expr_erfcx_mpfi(a[0], a[0]);
    mpfi_mul_d(a[1], a[0], 2 * x);
    mpfi_const_pi(t);
    mpfi_sqrt(t, t);
    mpfi_ui_div(t, 2, t);
    mpfi_sub(a[1], a[1], t);
    for (int k = 1; k + 1 < SERIES_TERMS; k++) {
        mpfi_mul_d(a[k + 1], a[k], x);
        mpfi_add(a[k + 1], a[k + 1], a[k - 1]);
        mpfi_mul_2ui(a[k + 1], a[k + 1], 1);
        mpfi_div_ui(a[k + 1], a[k + 1], (unsigned)k + 1);
    }
    mpfi_clear(t);
}

static double magnitude(mpfi_srcptr x)
{
    return fmax(fabs(mpfr_get_d(&x->left, MPFR_RNDD)),
        fabs(mpfr_get_d(&x->right, MPFR_RNDU)));
}

/*
 * What Horner's scheme in double is off by, |h| <= r: with B_k =
 * sum_(j>=k) |a_j| r^(j-k) above the k-th partial result
 *   e_k = r e_(k+1) + 2 u r B_(k+1) + u B_k + |a_k - its double|,
 * one u of the product for h, another its own; beside it what the polynomial
 * leaves, |rest| r^(n+1).  The factor is for this function's own roundings
 * and for terms in u^2.
 */
static double error_of(const double a[], const double off[], double rest)
{
    const double r = REACH, u = 0x1p-53;
    double error = 0, above = 0;
    for (int k = IV_DEGREE; k >= 0; k--) {
        double sum = fabs(a[k]) + r * above;
        error = r * error + 2 * u * r * above + u * sum + off[k] + 0x1p-1060;
        above = sum;
        rest *= r;
    }
    return (rest + error) * (1 + 0x1p-10);
}

static void make(struct iv_series *series, int i)
{
    struct iv_cell *cell = &series->cell[i];
    double c = IV_FROM + (double)i / IV_CELLS_PER_UNIT, off[IV_DEGREE + 1];
    mpfi_t a[SERIES_TERMS];
    start(a);
    series->coefficients(a, c);
    for (int k = 0; k <= IV_DEGREE; k++) {
        cell->coefficient[k] = mpfi_get_d(a[k]);
        mpfi_sub_d(a[k], a[k], cell->coefficient[k]);
        off[k] = magnitude(a[k]);
    }
    series->coefficients(a, c - REACH);
    cell->error =
        error_of(cell->coefficient, off, magnitude(a[IV_DEGREE + 1]));
    cell->known = true;
    end(a);
}

struct iv_span iv_series_at(struct iv_series *series, double x)
{
    if (!(x >= IV_FROM && x <= IV_TO))
        return iv_whole;
    int i = (int)((x - IV_FROM) * IV_CELLS_PER_UNIT + 0.5);
    struct iv_cell *cell = &series->cell[i];
    if (!cell->known)
        make(series, i);
    double h = x - (IV_FROM + (double)i / IV_CELLS_PER_UNIT);
    double y = cell->coefficient[IV_DEGREE];
    for (int k = IV_DEGREE - 1; k >= 0; k--)
        y = y * h + cell->coefficient[k];
    return iv_outward(y - cell->error, y + cell->error);
}

struct iv_span iv_series_over(struct iv_series *series, struct iv_span x)
{
    struct iv_span left = iv_series_at(series, x.lo);
    if (x.lo == x.hi)
        return left;
    return iv_span_of(iv_series_at(series, x.hi).lo, left.hi);
}

void iv_series_exp(struct iv_series *series)
{
    series->coefficients = exp_coefficients;
}

void iv_series_erfcx(struct iv_series *series)
{
    series->coefficients = erfcx_coefficients;
}

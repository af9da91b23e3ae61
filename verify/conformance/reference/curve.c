/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/reference/curve.h"
#include <float.h>
#include <math.h>
#include <mpfi.h>

/* A block of so few inputs is asked one by one. */
enum { CURVE_FEW = 8, CURVE_BITS = 56, CURVE_PAIR_BITS = 96 };
/* Of the enclosure of the remainder, and of the coefficients. */
enum { REMAINDER_LEVEL = 0, COEFFICIENT_LEVEL = 1, SIGN_LEVEL = 2 };
/* Where f is below the normal numbers, whatever its size. */
#define TINY_ERROR (0x1p-47 * 0x1p-126)

static double allowance(const struct expr_node *x)
{
    switch (x->op) {
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
        return 0.5;
    case EXPR_POWER:
        return 0.5 * (double)x->power;
    case EXPR_DIV:
        return 2.5;
    case EXPR_LOG1P:
        return 2;
    case EXPR_EXP:
    case EXPR_EXPM1:
    case EXPR_LOG:
    case EXPR_SQRT:
        return 3;
    case EXPR_SIN:
    case EXPR_COS:
        return 4;
    case EXPR_TANH:
    case EXPR_ATAN:
        return 5;
    case EXPR_ERF:
    case EXPR_ERFC:
        return 16;
    default:
        return 0;
    }
}

/*
 * f(x) = c1 x + c2 x^2 for a c2 of the enclosure over the ball 0 +- 2^-60, so
 * f(x) is on the side of c2's sign, if c0 = 0 and c1 is exact.
 */
static void find_near(struct ref_curve *curve, struct series_work *work)
{
    const arb_poly_struct *y;
    arb_t x, c;
    arb_init(x);
    arb_init(c);
    if (series_expand(&y, work, x, 2, 1) == SERIES_KNOWN) {
        arb_poly_get_coeff_arb(c, y, 0);
        const bool zero = arb_is_zero(c);
        arb_poly_get_coeff_arb(c, y, 1);
        const bool brief = arb_is_exact(c) && arb_bits(c) <= 8;
        curve->slope = arf_get_d(arb_midref(c), ARF_RND_NEAR);
        mag_set_d(arb_radref(x), 0x1p-60);
        if (zero && brief && fabs(curve->slope) > 0x1p-20 &&
            fabs(curve->slope) < 0x1p20 &&
            series_expand(&y, work, x, 3, 1) == SERIES_KNOWN) {
            arb_poly_get_coeff_arb(c, y, 2);
            curve->side = arb_is_positive(c) ? 1 : arb_is_negative(c) ? -1 : 0;
            if (curve->side && arf_cmpabs_2exp_si(arb_midref(c), 20) < 0)
                curve->near = 0x1p-100;
        }
    }
    arb_clear(x);
    arb_clear(c);
}

/* |c2 x^2| is below 2^-58 of |slope x|, so the next double is on its side. */
bool ref_curve_near_zero(double *y, const struct ref_curve *curve, double x)
{
    if (!(x != 0 && fabs(x) <= curve->near))
        return false;
    *y = nextafter(curve->slope * x, curve->side * (double)INFINITY);
    return true;
}

static enum sn_status look_near_zero(
    struct ref_curve *curve, struct expr_expression *f, int derivative)
{
    struct series_function function;
    struct series_work work;
    curve->near = 0;
    enum sn_status status =
        series_function_init(&function, f, derivative, false);
    if (status != SN_OK)
        return status;
    status = series_work_init(&work, &function);
    if (status == SN_OK) {
        find_near(curve, &work);
        series_work_clear(&work);
    }
    series_function_clear(&function);
    return status;
}

enum sn_status ref_curve_init(
    struct ref_curve *curve, struct expr_expression *f, int derivative)
{
    curve->undecided = 0;
    curve->text = NULL;
    curve->parameters = 0;
    curve->derivative = derivative;
    /* the result's rounding, and that of the products with dy and ddx: of a
       constant derivative, as the slope of leaky ReLU, the rounded constant */
    curve->limit = 0.5 + 0.5 * derivative;
    enum sn_status status =
        series_function_init(&curve->function, f, derivative, true);
    if (status == SN_OK)
        status = look_near_zero(curve, f, derivative);
    if (status != SN_OK)
        series_function_clear(&curve->function);
    const struct series_function *function = &curve->function;
    for (int i = 0; status == SN_OK && i <= function->root; i++)
        if (function->live[i] && !function->f.node[i].constant)
            curve->limit += allowance(&function->f.node[i]);
    int root = f->value;
    for (int k = 0; k <= derivative; k++)
        root = expr_differentiate(f, root);
    curve->steps = derivative && root == EXPR_ZERO;
    return status;
}

void ref_curve_clear(struct ref_curve *curve)
{
    series_function_clear(&curve->function);
}

/* ---- one value ------------------------------------------------------- */

/* A double of a ball that does not hold 0, within the range of curve.h. */
static double double_of(const arb_t y)
{
    const int sign = arf_sgn(arb_midref(y));
    if (arf_cmpabs_2exp_si(arb_midref(y), 300) > 0)
        return sign * REF_CURVE_LARGE;
    if (arf_cmpabs_2exp_si(arb_midref(y), -300) < 0)
        return sign * REF_CURVE_SMALL;
    return arf_get_d(arb_midref(y), ARF_RND_NEAR);
}

/* The sign that a zero at x = +-0 has: that of f next to it. */
static double zero_at_zero(struct series_work *work, double x)
{
    double sign = 0;
    arf_t next;
    arb_t y;
    arf_init(next);
    arb_init(y);
    arf_set_d(next, copysign(DBL_TRUE_MIN, x));
    if (series_value(y, work, next, CURVE_BITS) == SERIES_KNOWN)
        sign = arf_sgn(arb_midref(y));
    arf_clear(next);
    arb_clear(y);
    return sign * REF_CURVE_SMALL;
}

static double one_value(struct series_work *work, double x)
{
    double d = (double)NAN;
    arf_t point;
    arb_t y;
    arf_init(point);
    arb_init(y);
    arf_set_d(point, x);
    /* where it jumps or bends either side is right */
    if (series_value(y, work, point, CURVE_BITS) == SERIES_KNOWN &&
        !work->jumps)
        d = !arb_is_zero(y) ? double_of(y)
            : x == 0        ? zero_at_zero(work, x)
                            : 0;
    arf_clear(point);
    arb_clear(y);
    return d;
}

/* ---- a block of neighbours ------------------------------------------- */

struct block {
    struct ref_polynomial p;
    double first, last;
    double error; /* of p */
    int sign;     /* of f on the block; 0: not known */
};

enum block_state {
    BLOCK_OPEN,
    BLOCK_SETTLED, /* by one number, c[0] */
    BLOCK_POLYNOMIAL
};

/*
 * What one number says of the whole block, f having this sign there and moduli
 * from least to most: nothing there is too small or too large to matter, or f
 * is 0.
 */
static enum block_state settle_by(
    struct block *block, int sign, const mpfr_t least, const mpfr_t most)
{
    block->sign = sign;
    if (mpfr_cmp_si_2exp(most, 1, -126 - 48) < 0) /* 0: either sign will do */
        block->p.c[0] = mpfr_zero_p(most) ? 0 : sign * REF_CURVE_SMALL;
    else if (sign && mpfr_cmp_si_2exp(least, 1, 300) > 0)
        block->p.c[0] = sign * REF_CURVE_LARGE;
    else
        return BLOCK_OPEN;
    return BLOCK_SETTLED;
}

/* By the polynomial: that of x - tanh x is close where balls say nothing. */
static enum block_state settle_by_polynomial(struct block *block, double reach)
{
    const double c = fabs(block->p.c[0]);
    double rest = block->error, power = reach;
    for (int j = 1; j < REF_BLOCK_TERMS; j++, power *= reach)
        rest += fabs(block->p.c[j]) * power;
    if (c > rest * (1 + 0x1p-20))
        block->sign = signbit(block->p.c[0]) ? -1 : 1;
    if (!block->sign || !((c + rest) * (1 + 0x1p-20) < 0x1p-174))
        return BLOCK_OPEN;
    block->p.c[0] = block->sign * REF_CURVE_SMALL;
    return BLOCK_SETTLED;
}

/* By the ends of the block. */
static enum block_state settle(
    struct block *block, const struct series_function *function)
{
    enum block_state state = BLOCK_OPEN;
    int sign;
    mpfi_t range;
    mpfr_t most, least;
    mpfi_init2(range, 64);
    mpfr_init2(most, 64);
    mpfr_init2(least, 64);
    if (series_range(range, &sign, function, block->first, block->last) &&
        !mpfi_nan_p(range)) {
        mpfi_mag(most, range);
        mpfi_mig(least, range);
        state = settle_by(block, sign, least, most);
    }
    mpfi_clear(range);
    mpfr_clear(most);
    mpfr_clear(least);
    return state;
}

/* An upper bound of |c| 2^shift; infinity where that is large. */
static double bound_of(const arb_t c, slong shift)
{
    mag_t m;
    mag_init(m);
    arb_get_mag(m, c);
    mag_mul_2exp_si(m, m, shift);
    const double bound = mag_cmp_2exp_si(m, 900) > 0
                             ? (double)INFINITY
                             : mag_get_d(m) * (1 + 0x1p-20);
    mag_clear(m);
    return bound;
}

/*
 * The coefficients as doubles, scaled by 2^(shift j), and what they and
 * Horner's rule are off by: docs/mathematics/reference.md.
 */
static void set_coefficients(struct block *block,
    const arb_poly_struct *series, slong shift, double reach)
{
    double power = 1, error = 0;
    arb_t c;
    arb_init(c);
    for (int j = 0; j < REF_BLOCK_TERMS; j++) {
        arb_poly_get_coeff_arb(c, series, j);
        arb_mul_2exp_si(c, c, shift * j);
        double size = bound_of(c, 0);
        block->p.c[j] =
            size < HUGE_VAL ? arf_get_d(arb_midref(c), ARF_RND_NEAR) : 0;
        arf_zero(arb_midref(c));
        error += power * (bound_of(c, 0) + (3 * j + 3) * 0x1p-53 * size);
        power *= reach;
    }
    arb_clear(c);
    block->error += error * (1 + 0x1p-20) + 0x1p-1000;
}

/* A bound of what Taylor's formula leaves, from a series on the block. */
static double remainder_of(const arb_poly_struct *range, double h)
{
    const int shift = ilogb(h) + 1;
    arb_t c;
    arb_init(c);
    arb_poly_get_coeff_arb(c, range, REF_BLOCK_TERMS);
    const double bound = bound_of(c, (slong)shift * REF_BLOCK_TERMS);
    arb_clear(c);
    return bound * pow(ldexp(h, -shift), REF_BLOCK_TERMS) * (1 + 0x1p-20);
}

/* The polynomial about the middle of the ball x, and its error; or false. */
static bool expand_block(struct block *block, struct series_work *work,
    double remainder, const arb_t x, double h, int level)
{
    const int shift = ilogb(h) + 1;
    const arb_poly_struct *series;
    arb_t middle;
    arb_init(middle);
    arb_get_mid_arb(middle, x);
    block->p.inverse = ldexp(1, -shift);
    block->error = remainder;
    const bool known =
        remainder < 0x1p100 && series_expand(&series, work, middle,
                                   REF_BLOCK_TERMS, level) == SERIES_KNOWN;
    if (known)
        set_coefficients(block, series, shift, ldexp(h, -shift));
    arb_clear(middle);
    return known;
}

/* Is the polynomial worth trying: small beside what f is in the middle? */
static bool is_close(const struct block *block)
{
    return block->error <= fabs(block->p.c[0]) * 0x1p-46;
}

static enum block_state make_block(
    struct block *block, struct series_work *work, double first, double last)
{
    const double middle = first + (last - first) / 2;
    const double h =
        fmax(fabs(first - middle), fabs(last - middle)) * (1 + 0x1p-50);
    const arb_poly_struct *range;
    enum block_state state = BLOCK_OPEN;
    arb_t x;
    arb_init(x);
    *block =
        (struct block){.first = first, .last = last, .p = {.middle = middle}};
    arb_set_d(x, middle);
    mag_set_d(arb_radref(x), h);
    const enum series_state known =
        series_expand(&range, work, x, REF_BLOCK_TERMS + 1, REMAINDER_LEVEL);
    const double remainder =
        known == SERIES_KNOWN ? remainder_of(range, h) : (double)INFINITY;
    if (known == SERIES_UNDEFINED) {
        block->p.c[0] = (double)NAN;
        state = BLOCK_SETTLED;
    } else if (expand_block(block, work, remainder, x, h, COEFFICIENT_LEVEL) &&
               is_close(block)) {
        state = BLOCK_POLYNOMIAL;
    } else {
        state = settle(block, work->function);
        for (int level = COEFFICIENT_LEVEL;
             level <= SIGN_LEVEL && state == BLOCK_OPEN && !block->sign;
             level++)
            if (expand_block(block, work, remainder, x, h, level))
                state = settle_by_polynomial(block, h * block->p.inverse);
        if (state == BLOCK_OPEN && remainder < HUGE_VAL && block->sign &&
            block->error <= TINY_ERROR)
            state = BLOCK_POLYNOMIAL;
    }
    arb_clear(x);
    return state;
}

/* d as curve.h wants it; false: to be halved. */
static bool fill_block(
    struct series_work *work, double *d, const float *x, size_t n)
{
    struct block block;
    const enum block_state state =
        make_block(&block, work, (double)x[0], (double)x[n - 1]);
    if (state == BLOCK_SETTLED)
        for (size_t i = 0; i < n; i++)
            d[i] = block.p.c[0];
    if (state != BLOCK_POLYNOMIAL)
        return state == BLOCK_SETTLED;
    const double least = ref_polynomial_run(d, &block.p, x, n);
    if (block.error <= 0x1.fp-47 * least)
        return true;
    if (!(block.error <= TINY_ERROR) || !block.sign)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(d[i] * block.sign > 0))
            d[i] = block.sign * REF_CURVE_SMALL;
    return true;
}

static void fill_range(
    struct series_work *work, double *d, const float *x, size_t n)
{
    if (n <= CURVE_FEW) {
        for (size_t i = 0; i < n; i++)
            d[i] = one_value(work, (double)x[i]);
        return;
    }
    if (x[0] != 0 && x[0] != x[n - 1] && fill_block(work, d, x, n))
        return;
    /* a zero alone: what is next to it has f's relative size */
    const size_t left = x[0] == 0 ? 1 : n / 2;
    fill_range(work, d, x, left);
    fill_range(work, d + left, x + left, n - left);
}

void ref_curve_approximate(
    const struct ref_curve *curve, double *d, const float *x, size_t n)
{
    struct series_work work;
    const bool room = series_work_init(&work, &curve->function) == SN_OK;
    for (size_t i = 0; i < n && !room; i++)
        d[i] = (double)NAN;
    while (n && !isfinite(x[n - 1]))
        d[--n] = (double)NAN;
    if (room && n)
        fill_range(&work, d, x, n);
    if (room)
        series_work_clear(&work);
}

/* ---- pairs ----------------------------------------------------------- */

/* So that neither part leaves the normal numbers. */
static double scale_for(const arf_t y)
{
    return arf_cmpabs_2exp_si(y, 800) > 0    ? 0x1p-200
           : arf_cmpabs_2exp_si(y, -800) < 0 ? 0x1p200
                                             : 1;
}

static void one_pair(struct series_work *work, double *high, double *low,
    double *scale, double x)
{
    arf_t point, rest;
    arb_t y;
    arf_init(point);
    arf_init(rest);
    arb_init(y);
    arf_set_d(point, x);
    *scale = 1;
    *high = *low = (double)NAN;
    if (series_value(y, work, point, CURVE_PAIR_BITS) == SERIES_KNOWN &&
        arf_cmpabs_2exp_si(arb_midref(y), 1040) < 0 &&
        arf_cmpabs_2exp_si(arb_midref(y), -1080) > 0) {
        *scale = scale_for(arb_midref(y));
        arf_mul_2exp_si(rest, arb_midref(y), ilogb(*scale));
        *high = arf_get_d(rest, ARF_RND_NEAR);
        arf_set_d(point, *high);
        arf_sub(rest, rest, point, 128, ARF_RND_NEAR);
        *low = arf_get_d(rest, ARF_RND_NEAR);
    }
    arf_clear(point);
    arf_clear(rest);
    arb_clear(y);
}

void ref_curve_pairs(const struct ref_curve *curve, double *high, double *low,
    double *scale, const double *x, size_t n)
{
    struct series_work work;
    const bool room = series_work_init(&work, &curve->function) == SN_OK;
    for (size_t i = 0; i < n; i++)
        if (room && isfinite(x[i]))
            one_pair(&work, &high[i], &low[i], &scale[i], x[i]);
        else
            high[i] = low[i] = (double)NAN, scale[i] = 1;
    if (room)
        series_work_clear(&work);
}

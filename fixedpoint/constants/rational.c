/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * X_k = E e^{kz} 1{z<0} and P0, N of moments.c, with x_k = (m + kv)/sqrt(2v)
 * and S(y) = sum y^n/(2n+1)!!, erf(x) = 2x e^{-x^2} S(2x^2)/sqrt(pi):
 *   X_k = e^{km + k^2 v/2}/2 - x_k e^{-m^2/2v} S(2 x_k^2)/sqrt(pi),
 * because km + k^2 v/2 - x_k^2 = -m^2/2v for every k; P0 = 1 - X_0.  All
 * exponents and 2 x_k^2 = (m + kv)^2/v are rational.
 */
#include "fixedpoint/constants/rational.h"
#include <math.h>
#include <omp.h>
#include <flint/fmpq.h>

struct series {
    fmpz_t p, q; /* x = p/q */
    ulong a, b;
    slong prec;
    ulong leaf;    /* terms of a leaf: the whole is leaf 2^levels */
    arb_ptr power; /* p^(leaf 2^k) */
    int levels;
};

/* Below this many terms numbers are so short that a loop is faster. */
enum { MOST_OF_LEAF = 16 };

/*
 * Terms first <= i < end relative to the one before `first`: q is the product
 * of the denominators, t/q the sum.  Exact while shorter than the precision.
 */
struct range {
    arb_t q, t;
};

static void sum_leaf(
    struct range *x, const struct series *s, ulong first, ulong end)
{
    fmpz_t p, q;
    NUM_FMPZ(d, t);
    fmpz_init_set_ui(p, 1);
    fmpz_init_set_ui(q, 1);
    for (ulong i = first; i < end; i++) {
        fmpz_mul_ui(d, s->q, s->a * i + s->b);
        fmpz_mul(q, q, d);
        fmpz_mul(t, t, d);
        fmpz_mul(p, p, s->p);
        fmpz_add(t, t, p);
    }
    arb_set_fmpz(x->q, q);
    arb_set_fmpz(x->t, t);
    fmpz_clear(p);
    fmpz_clear(q);
}

/* leaf 2^level terms from `first`, fewer at the end of the series. */
static void sum_range(
    struct range *x, const struct series *s, ulong first, ulong end, int level)
{
    ulong middle = level ? first + (s->leaf << (level - 1)) : end;
    if (middle >= end) {
        if (level)
            sum_range(x, s, first, end, level - 1);
        else
            sum_leaf(x, s, first, end);
        return;
    }
    struct range y;
    arb_init(y.q);
    arb_init(y.t);
    sum_range(x, s, first, middle, level - 1);
    sum_range(&y, s, middle, end, level - 1);
    arb_mul(x->t, x->t, y.q, s->prec);
    arb_addmul(x->t, s->power + level - 1, y.t, s->prec);
    arb_mul(x->q, x->q, y.q, s->prec);
    arb_clear(y.q);
    arb_clear(y.t);
}

/*
 * All ranges of a level have as many terms, so that the powers of p, which
 * only left halves need, are one squaring a level.
 */
static void plan(struct series *s, ulong terms)
{
    s->leaf = terms;
    for (s->levels = 0; s->leaf > MOST_OF_LEAF; s->levels++)
        s->leaf = (s->leaf + 1) / 2;
    s->power = _arb_vec_init(s->levels);
    for (int k = 0; k < s->levels; k++)
        if (k) {
            arb_sqr(s->power + k, s->power + k - 1, s->prec);
        } else {
            arb_set_fmpz(s->power, s->p);
            arb_pow_ui(s->power, s->power, s->leaf, s->prec);
        }
}

/*
 * A number of terms after which terms are below 2^-prec and at least halve:
 * log2 of the product of (a i + b)/x over i <= n, by Stirling.
 */
static ulong terms_needed(double x, ulong a, ulong b, slong prec)
{
    ulong low = 4, high = 8;
    const double bits = (double)prec + 8;
    for (;;) {
        double n = (double)high;
        double product =
            n * (log2((double)a * n) - M_LOG2E - log2(x > 0 ? x : 1e-300));
        if (product >= bits && (double)(a * high + b) >= 2 * x)
            break;
        high *= 2;
    }
    while (high - low > 1) {
        ulong middle = low + (high - low) / 2;
        double n = (double)middle;
        double product =
            n * (log2((double)a * n) - M_LOG2E - log2(x > 0 ? x : 1e-300));
        if (product >= bits && (double)(a * middle + b) >= 2 * x)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/*
 * The terms after number N - 1 have ratios of at most x/(aN + b) <= 1/2, so
 * their sum is at most that last term, p^(N-1)/q for the q of the whole range:
 * what chose N cannot make the bound wrong.
 */
static void last_term(
    mag_t bound, const struct series *s, const arb_t q, ulong terms)
{
    NUM_FMPZ(twice, ratio);
    NUM_MAG(least);
    mag_set_fmpz(bound, s->p);
    mag_pow_ui(bound, bound, terms - 1);
    arb_get_mag_lower(least, q);
    mag_div(bound, bound, least);
    fmpz_mul_2exp(twice, s->p, 1);
    fmpz_mul_ui(ratio, s->q, s->a * terms + s->b);
    if (fmpz_cmp(twice, ratio) > 0)
        mag_inf(bound);
}

void constants_factorial_series_arb(
    arb_t sum, const fmpq_t x, ulong a, ulong b, slong prec)
{
    struct series s = {.a = a, .b = b, .prec = prec + 32};
    struct range all;
    NUM_MAG(rest);
    fmpz_init_set(s.p, fmpq_numref(x));
    fmpz_init_set(s.q, fmpq_denref(x));
    arb_init(all.q);
    arb_init(all.t);
    ulong terms = terms_needed(fmpq_get_d(x), a, b, prec);
    plan(&s, terms - 1);
    sum_range(&all, &s, 1, terms, s.levels);
    last_term(rest, &s, all.q, terms);
    arb_div(sum, all.t, all.q, prec);
    arb_add_ui(sum, sum, 1, prec);
    arb_add_error_mag(sum, rest);
    arb_clear(all.q);
    arb_clear(all.t);
    _arb_vec_clear(s.power, s.levels);
    fmpz_clear(s.p);
    fmpz_clear(s.q);
}

void constants_exp_fmpq(arb_t y, const fmpq_t x, slong prec)
{
    NUM_FMPQ(size);
    fmpq_abs(size, x);
    constants_factorial_series_arb(y, size, 1, 0, prec);
    if (fmpq_sgn(x) < 0)
        arb_inv(y, y, prec);
}

/* ---- moments -------------------------------------------------------- */

/* Where the series pay: measured by `make bench`. */
enum { LEAST_PRECISION = 8192, MOST_BITS = 192 };

struct rational_pieces {
    slong prec;
    fmpq_t exponent[3], y[3];   /* km + k^2 v/2 (0: -m^2/2v), (m + kv)^2/v */
    arb_t v, e[3], s[3], scale; /* 1/sqrt(2 pi v) */
};

static void pieces_init(
    struct rational_pieces *x, const fmpq_t m, const fmpq_t v, slong prec)
{
    NUM_FMPQ(t);
    x->prec = prec;
    arb_init(x->scale);
    arb_init(x->v);
    arb_set_fmpq(x->v, v, prec);
    for (int k = 0; k < 3; k++) {
        arb_init(x->e[k]);
        arb_init(x->s[k]);
        fmpq_init(x->exponent[k]);
        fmpq_init(x->y[k]);
        fmpq_mul_si(t, v, k);
        fmpq_add(x->y[k], m, t);
        fmpq_add(t, x->y[k], m); /* 2m + kv */
        fmpq_mul_si(x->exponent[k], t, k);
        fmpq_mul(x->y[k], x->y[k], x->y[k]);
        fmpq_div(x->y[k], x->y[k], v);
        if (k == 0)
            fmpq_neg(x->exponent[0], x->y[0]);
        fmpq_div_2exp(x->exponent[k], x->exponent[k], 1);
    }
}

static void pieces_clear(struct rational_pieces *x)
{
    arb_clear(x->scale);
    arb_clear(x->v);
    for (int k = 0; k < 3; k++) {
        arb_clear(x->e[k]);
        arb_clear(x->s[k]);
        fmpq_clear(x->exponent[k]);
        fmpq_clear(x->y[k]);
    }
}

static bool are_short(const struct rational_pieces *x)
{
    ulong bits = 0;
    for (int k = 0; k < 3; k++)
        bits += fmpq_height_bits(x->exponent[k]) + fmpq_height_bits(x->y[k]);
    return bits <= 6 * MOST_BITS;
}

/* Bits that cancel where x_k is large: e^{x_k^2} is 2^(y_k log2(e)/2). */
static double cancelling_bits(const struct rational_pieces *x)
{
    double most = 0;
    for (int k = 0; k < 3; k++)
        most = fmax(most, fmpq_get_d(x->y[k]) * M_LOG2E / 2);
    return most + 64;
}

/* The longest first; at m = 0 only half of them. */
static void find_piece(struct rational_pieces *x, int i)
{
    if (i == 6) {
        arb_const_pi(x->scale, x->prec);
        arb_mul_2exp_si(x->scale, x->scale, 1);
        arb_mul(x->scale, x->scale, x->v, x->prec);
        arb_rsqrt(x->scale, x->scale, x->prec);
    } else if (i % 2 == 0)
        constants_factorial_series_arb(
            x->s[i / 2], x->y[i / 2], 2, 1, x->prec);
    else
        constants_exp_fmpq(x->e[i / 2], x->exponent[i / 2], x->prec);
}

static void find_pieces(struct rational_pieces *x)
{
    static const int order[] = {4, 2, 6, 5, 3, 0, 1};
    bool centred = fmpq_is_zero(x->y[0]);
#pragma omp parallel num_threads(2)
    {
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < 7; i++)
            if (order[i] != 5 || !centred)
                find_piece(x, order[i]);
        if (omp_get_thread_num())
            flint_cleanup(); /* that thread's caches */
    }
    if (centred) /* e^{2v} = (e^{v/2})^4 */
        arb_pow_ui(x->e[2], x->e[1], 4, x->prec);
}

/* Whether the series pay, and the bits that they lose. */
static bool are_quick(
    const struct rational_pieces *x, slong prec, double *lost)
{
    *lost = cancelling_bits(x);
    return prec >= LEAST_PRECISION && are_short(x) &&
           *lost <= (double)prec / 4;
}

bool constants_design_is_quick(
    const struct constants_design *design, slong prec)
{
    struct rational_pieces x;
    NUM_FMPQ(m, v);
    double lost;
    fmpq_mul(m, &design->mu, &design->omega);
    fmpq_mul(v, &design->nu, &design->tau);
    pieces_init(&x, m, v, 64);
    bool quick = are_quick(&x, prec, &lost);
    pieces_clear(&x);
    return quick;
}

void constants_moments_fmpq(
    struct map_moments *moments, const fmpq_t m, const fmpq_t v, slong prec)
{
    struct map_half_line half;
    struct rational_pieces x;
    NUM_ARB(m_ball, t);
    pieces_init(&x, m, v, prec);
    double more;
    if (!are_quick(&x, prec, &more)) {
        arb_set_fmpq(m_ball, m, prec + 64);
        arb_set_fmpq(t, v, prec + 64);
        map_moments_arb(moments, m_ball, t, prec);
    } else {
        prec += (slong)more;
        x.prec = prec;
        arb_set_fmpq(m_ball, m, prec);
        arb_set_fmpq(x.v, v, prec);
        find_pieces(&x);
        map_half_line_init(&half);
        /* N = e^{-m^2/2v}/sqrt(2 pi v), and x_k/sqrt(pi) = (m + kv) N */
        arb_mul(half.density, x.e[0], x.scale, prec);
        for (int k = 0; k < 3; k++) {
            arb_ptr moment = k == 0 ? half.rest : k == 1 ? half.x1 : half.x2;
            if (k)
                arb_mul_2exp_si(moment, x.e[k], -1);
            else
                arb_set_d(moment, 0.5);
            arb_mul_ui(t, x.v, (ulong)k, prec);
            arb_add(t, t, m_ball, prec);
            arb_mul(t, t, half.density, prec);
            arb_submul(moment, t, x.s[k], prec);
        }
        arb_sub_ui(half.p0, half.rest, 1, prec);
        arb_neg(half.p0, half.p0);
        map_moments_of_half_line(moments, &half, m_ball, x.v, prec);
        map_half_line_clear(&half);
    }
    pieces_clear(&x);
}

/* ---- designs -------------------------------------------------------- */

void constants_design_init(struct constants_design *design)
{
    fmpq_init(&design->mu);
    fmpq_init(&design->nu);
    fmpq_init(&design->omega);
    fmpq_init(&design->tau);
}

void constants_design_clear(struct constants_design *design)
{
    fmpq_clear(&design->mu);
    fmpq_clear(&design->nu);
    fmpq_clear(&design->omega);
    fmpq_clear(&design->tau);
}

enum sn_status constants_solve_design_arb(struct map_point *point,
    arb_t jacobian[4], const struct constants_design *design, slong prec)
{
    NUM_STRUCT(map_moments, f);
    NUM_FMPQ(m, v);
    fmpq_mul(m, &design->mu, &design->omega);
    fmpq_mul(v, &design->nu, &design->tau);
    arb_set_fmpq(point->mu, &design->mu, prec);
    arb_set_fmpq(point->nu, &design->nu, prec);
    arb_set_fmpq(point->omega, &design->omega, prec);
    arb_set_fmpq(point->tau, &design->tau, prec);
    constants_moments_fmpq(&f, m, v, prec);
    enum sn_status status = constants_solve_with_moments_arb(point, &f, prec);
    if (status == SN_OK)
        map_jacobian_of_moments_arb(jacobian, &f, point, prec);
    return status;
}

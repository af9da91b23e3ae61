/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * X_k = E e^{kz} 1{z<0} and P0, N of moments.c, with x_k = (m + kv)/sqrt(2v)
 * and S(y) = sum y^n/(2n+1)!!, erf(x) = 2x e^{-x^2} S(2x^2)/sqrt(pi):
 *   X_k = e^{km + k^2 v/2}/2 - x_k e^{-m^2/2v} S(2 x_k^2)/sqrt(pi),
 * because km + k^2 v/2 - x_k^2 = -m^2/2v for every k; P0 = 1 - X_0.  All
 * exponents and 2 x_k^2 = (m + kv)^2/v are rational.
 */
#include "fixedpoint/rational.h"
#include <math.h>
#include <omp.h>
#include <flint/fmpq.h>

struct series {
    fmpz_t p, q; /* x = p/q */
    ulong a, b;
    slong prec;
};

/*
 * Terms first <= i < end relative to the one before `first`: p and q are the
 * products of numerators and denominators, t/q is the sum.
 */
struct range {
    fmpz_t p, q, t;
};

static void range_init(struct range *x)
{
    fmpz_init(x->p);
    fmpz_init(x->q);
    fmpz_init(x->t);
}

static void range_clear(struct range *x)
{
    fmpz_clear(x->p);
    fmpz_clear(x->q);
    fmpz_clear(x->t);
}

/* Below this many terms numbers are so short that a loop is faster. */
enum { LEAF = 16 };

static void sum_leaf(
    struct range *x, const struct series *s, ulong first, ulong end)
{
    fmpz_t d;
    fmpz_init(d);
    fmpz_one(x->p);
    fmpz_one(x->q);
    fmpz_zero(x->t);
    for (ulong i = first; i < end; i++) {
        fmpz_mul_ui(d, s->q, s->a * i + s->b);
        fmpz_mul(x->q, x->q, d);
        fmpz_mul(x->t, x->t, d);
        fmpz_mul(x->p, x->p, s->p);
        fmpz_add(x->t, x->t, x->p);
    }
    fmpz_clear(d);
}

/* Of the last range p is not needed. */
static void sum_range(
    struct range *x, const struct series *s, ulong first, ulong end, bool last)
{
    if (end - first <= LEAF) {
        sum_leaf(x, s, first, end);
        return;
    }
    struct range y;
    ulong middle = first + (end - first) / 2;
    sum_range(x, s, first, middle, false);
    range_init(&y);
    sum_range(&y, s, middle, end, last);
    fmpz_mul(x->t, x->t, y.q);
    if (fmpz_is_one(s->p)) {
        fmpz_add(x->t, x->t, y.t);
    } else {
        fmpz_addmul(x->t, x->p, y.t);
        if (!last)
            fmpz_mul(x->p, x->p, y.p);
    }
    fmpz_mul(x->q, x->q, y.q);
    range_clear(&y);
}

/* The same in balls, once the whole numbers would be longer than `prec`. */
struct ball_range {
    arb_t p, q, t;
};

static void sum_balls(struct ball_range *x, const struct series *s,
    ulong first, ulong end, bool last)
{
    double bits = (double)fmpz_bits(s->q) + log2((double)(s->a * end));
    if (bits * (double)(end - first) < (double)s->prec) {
        struct range whole;
        range_init(&whole);
        sum_range(&whole, s, first, end, last);
        arb_set_fmpz(x->p, whole.p);
        arb_set_fmpz(x->q, whole.q);
        arb_set_fmpz(x->t, whole.t);
        range_clear(&whole);
        return;
    }
    struct ball_range y;
    arb_init(y.p);
    arb_init(y.q);
    arb_init(y.t);
    ulong middle = first + (end - first) / 2;
    sum_balls(x, s, first, middle, false);
    sum_balls(&y, s, middle, end, last);
    arb_mul(x->t, x->t, y.q, s->prec);
    arb_addmul(x->t, x->p, y.t, s->prec);
    if (!last)
        arb_mul(x->p, x->p, y.p, s->prec);
    arb_mul(x->q, x->q, y.q, s->prec);
    arb_clear(y.p);
    arb_clear(y.q);
    arb_clear(y.t);
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
    fmpz_t twice, ratio;
    mag_t least;
    fmpz_init(twice);
    fmpz_init(ratio);
    mag_init(least);
    mag_set_fmpz(bound, s->p);
    mag_pow_ui(bound, bound, terms - 1);
    arb_get_mag_lower(least, q);
    mag_div(bound, bound, least);
    fmpz_mul_2exp(twice, s->p, 1);
    fmpz_mul_ui(ratio, s->q, s->a * terms + s->b);
    if (fmpz_cmp(twice, ratio) > 0)
        mag_inf(bound);
    fmpz_clear(twice);
    fmpz_clear(ratio);
    mag_clear(least);
}

void sn_factorial_series_arb(
    arb_t sum, const fmpq_t x, ulong a, ulong b, slong prec)
{
    struct series s = {.a = a, .b = b, .prec = prec + 32};
    struct ball_range all;
    mag_t rest;
    fmpz_init_set(s.p, fmpq_numref(x));
    fmpz_init_set(s.q, fmpq_denref(x));
    arb_init(all.p);
    arb_init(all.q);
    arb_init(all.t);
    mag_init(rest);
    ulong terms = terms_needed(fmpq_get_d(x), a, b, prec);
    sum_balls(&all, &s, 1, terms, true);
    last_term(rest, &s, all.q, terms);
    arb_div(sum, all.t, all.q, prec);
    arb_add_ui(sum, sum, 1, prec);
    arb_add_error_mag(sum, rest);
    arb_clear(all.p);
    arb_clear(all.q);
    arb_clear(all.t);
    mag_clear(rest);
    fmpz_clear(s.p);
    fmpz_clear(s.q);
}

void sn_exp_fmpq(arb_t y, const fmpq_t x, slong prec)
{
    fmpq_t size;
    fmpq_init(size);
    fmpq_abs(size, x);
    sn_factorial_series_arb(y, size, 1, 0, prec);
    if (fmpq_sgn(x) < 0)
        arb_inv(y, y, prec);
    fmpq_clear(size);
}

/* ---- moments -------------------------------------------------------- */

/* Where the series pay: measured by `make bench`. */
enum { LEAST_PRECISION = 8192, MOST_BITS = 192 };

struct pieces {
    slong prec;
    fmpq_t exponent[3], y[3]; /* km + k^2 v/2 (0: -m^2/2v), (m + kv)^2/v */
    arb_t e[3], s[3], root_pi;
};

static void pieces_init(
    struct pieces *x, const fmpq_t m, const fmpq_t v, slong prec)
{
    fmpq_t t;
    fmpq_init(t);
    x->prec = prec;
    arb_init(x->root_pi);
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
    fmpq_clear(t);
}

static void pieces_clear(struct pieces *x)
{
    arb_clear(x->root_pi);
    for (int k = 0; k < 3; k++) {
        arb_clear(x->e[k]);
        arb_clear(x->s[k]);
        fmpq_clear(x->exponent[k]);
        fmpq_clear(x->y[k]);
    }
}

static bool are_short(const struct pieces *x)
{
    ulong bits = 0;
    for (int k = 0; k < 3; k++)
        bits += fmpq_height_bits(x->exponent[k]) + fmpq_height_bits(x->y[k]);
    return bits <= 6 * MOST_BITS;
}

/* Bits that cancel where x_k is large: e^{x_k^2} is 2^(y_k log2(e)/2). */
static double cancelling_bits(const struct pieces *x)
{
    double most = 0;
    for (int k = 0; k < 3; k++)
        most = fmax(most, fmpq_get_d(x->y[k]) * M_LOG2E / 2);
    return most + 64;
}

/* The longest first; at m = 0 only half of them. */
static void find_piece(struct pieces *x, int i)
{
    if (i == 6)
        arb_const_pi(x->root_pi, x->prec);
    else if (i % 2 == 0)
        sn_factorial_series_arb(x->s[i / 2], x->y[i / 2], 2, 1, x->prec);
    else
        sn_exp_fmpq(x->e[i / 2], x->exponent[i / 2], x->prec);
}

static void find_pieces(struct pieces *x)
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
    arb_sqrt(x->root_pi, x->root_pi, x->prec);
}

void sn_moments_fmpq(
    struct sn_moments *moments, const fmpq_t m, const fmpq_t v, slong prec)
{
    struct sn_half_line half;
    struct pieces x;
    arb_t m_ball, v_ball, scale, t;
    arb_init(m_ball);
    arb_init(v_ball);
    arb_init(scale);
    arb_init(t);
    arb_set_fmpq(m_ball, m, prec + 64);
    arb_set_fmpq(v_ball, v, prec + 64);
    pieces_init(&x, m, v, prec);
    double more = cancelling_bits(&x);
    if (prec < LEAST_PRECISION || !are_short(&x) || more > (double)prec / 4) {
        sn_moments_arb(moments, m_ball, v_ball, prec);
    } else {
        prec += (slong)more;
        x.prec = prec;
        arb_set_fmpq(m_ball, m, prec);
        arb_set_fmpq(v_ball, v, prec);
        find_pieces(&x);
        sn_half_line_init(&half);
        /* scale = e^{-m^2/2v}/sqrt(2 pi v): N, and x_k/sqrt(pi) = (m + kv) N
         */
        arb_mul_2exp_si(scale, v_ball, 1);
        arb_sqrt(scale, scale, prec);
        arb_mul(scale, scale, x.root_pi, prec);
        arb_div(half.density, x.e[0], scale, prec);
        for (int k = 0; k < 3; k++) {
            arb_ptr moment = k == 0 ? half.rest : k == 1 ? half.x1 : half.x2;
            if (k)
                arb_mul_2exp_si(moment, x.e[k], -1);
            else
                arb_set_d(moment, 0.5);
            arb_mul_ui(t, v_ball, (ulong)k, prec);
            arb_add(t, t, m_ball, prec);
            arb_mul(t, t, half.density, prec);
            arb_submul(moment, t, x.s[k], prec);
        }
        arb_sub_ui(half.p0, half.rest, 1, prec);
        arb_neg(half.p0, half.p0);
        sn_moments_of_half_line(moments, &half, m_ball, v_ball, prec);
        sn_half_line_clear(&half);
    }
    pieces_clear(&x);
    arb_clear(m_ball);
    arb_clear(v_ball);
    arb_clear(scale);
    arb_clear(t);
}

/* ---- designs -------------------------------------------------------- */

void sn_design_init(struct sn_design *design)
{
    fmpq_init(&design->mu);
    fmpq_init(&design->nu);
    fmpq_init(&design->omega);
    fmpq_init(&design->tau);
}

void sn_design_clear(struct sn_design *design)
{
    fmpq_clear(&design->mu);
    fmpq_clear(&design->nu);
    fmpq_clear(&design->omega);
    fmpq_clear(&design->tau);
}

enum sn_status sn_solve_design_arb(struct sn_point *point, arb_t jacobian[4],
    const struct sn_design *design, slong prec)
{
    struct sn_moments f;
    fmpq_t m, v;
    arb_t mean, variance;
    sn_moments_init(&f);
    fmpq_init(m);
    fmpq_init(v);
    arb_init(mean);
    arb_init(variance);
    fmpq_mul(m, &design->mu, &design->omega);
    fmpq_mul(v, &design->nu, &design->tau);
    arb_set_fmpq(point->mu, &design->mu, prec);
    arb_set_fmpq(point->nu, &design->nu, prec);
    arb_set_fmpq(point->omega, &design->omega, prec);
    arb_set_fmpq(point->tau, &design->tau, prec);
    sn_moments_fmpq(&f, m, v, prec);
    enum sn_status status = sn_solve_with_moments_arb(point, &f, prec);
    if (status == SN_OK)
        sn_map_of_moments_arb(mean, variance, jacobian, &f, point, prec);
    sn_moments_clear(&f);
    fmpq_clear(m);
    fmpq_clear(v);
    arb_clear(mean);
    arb_clear(variance);
    return status;
}

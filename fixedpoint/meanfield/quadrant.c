/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/meanfield/quadrant.h"
#include <stdbool.h>

void field_correlation_init(struct field_correlation *x)
{
    arb_init(x->rho);
    arb_init(x->rest);
}

void field_correlation_clear(struct field_correlation *x)
{
    arb_clear(x->rho);
    arb_clear(x->rest);
}

void field_correlation_set(struct field_correlation *x, const arb_t covariance,
    const arb_t v1, const arb_t v2, slong prec)
{
    NUM_ARB(product);
    arb_mul(product, v1, v2, prec);
    arb_rsqrt(x->rest, product, prec);
    arb_mul(x->rho, covariance, x->rest, prec);
    arb_sqr(x->rest, covariance, prec);
    arb_sub(x->rest, product, x->rest, prec);
    arb_div(x->rest, x->rest, product, prec);
    arb_sqrt(x->rest, x->rest, prec);
}

static bool is_everything(const arb_t h)
{
    return arf_is_neg_inf(arb_midref(h));
}

/* P(u > h) */
static void upper_mass(arb_t y, const arb_t h, slong prec)
{
    NUM_ARB(root);
    if (is_everything(h)) {
        arb_one(y);
        return;
    }
    arb_sqrt_ui(root, 2, prec);
    arb_div(y, h, root, prec);
    arb_hypgeom_erfc(y, y, prec);
    arb_mul_2exp_si(y, y, -1);
}

/* The density at h; 0 at -infinity. */
static void density(arb_t y, const arb_t h, slong prec)
{
    NUM_ARB(root);
    if (is_everything(h)) {
        arb_zero(y);
        return;
    }
    arb_sqr(y, h, prec);
    arb_mul_2exp_si(y, y, -1);
    arb_neg(y, y);
    arb_exp(y, y, prec);
    arb_const_pi(root, prec);
    arb_mul_2exp_si(root, root, 1);
    arb_rsqrt(root, root, prec);
    arb_mul(y, y, root, prec);
}

/* ---- the mass of a quadrant ------------------------------------------ */

/*
 * The density at (h, k) of correlation sin t, times 2 pi cos t:
 *   -log = (h^2 - 2 hk sin t + k^2)/(2 cos^2 t)
 *        = (h -+ k)^2/(2 cos^2 t) +- hk/(1 +- sin t),
 * where nothing cancels towards sin t = +-1.
 */
struct plackett {
    arb_t gap_square, product; /* (h -+ k)^2/2, +-hk */
    bool negative;
};

static int plackett_integrand(
    acb_ptr y, const acb_t t, void *context, slong order, slong prec)
{
    const struct plackett *x = context;
    NUM_ACB(sine, cosine, s);
    acb_sin_cos(sine, cosine, t, prec);
    if (x->negative)
        acb_neg(sine, sine);
    acb_add_ui(sine, sine, 1, prec);
    acb_sqr(cosine, cosine, prec);
    if (order && (acb_contains_zero(sine) || (!arb_is_zero(x->gap_square) &&
                                                 acb_contains_zero(cosine)))) {
        acb_indeterminate(y);
        return 0;
    }
    acb_inv(s, sine, prec);
    acb_mul_arb(s, s, x->product, prec);
    if (!arb_is_zero(x->gap_square)) {
        acb_inv(cosine, cosine, prec);
        acb_mul_arb(cosine, cosine, x->gap_square, prec);
        acb_add(s, s, cosine, prec);
    }
    acb_neg(s, s);
    acb_exp(y, s, prec);
    return 0;
}

/* P(u1 > h, u2 > k) - P(u1 > h) P(u2 > k), both finite */
static void together(arb_t y, const arb_t h, const arb_t k,
    const struct field_correlation *rho, slong prec)
{
    struct plackett x = {.negative = !arb_is_nonnegative(rho->rho)};
    NUM_ACB(low, high, integral);
    NUM_MAG(tolerance);
    NUM_ARB(pi);
    arb_init(x.gap_square);
    arb_init(x.product);
    (x.negative ? arb_add : arb_sub)(x.gap_square, h, k, prec);
    arb_sqr(x.gap_square, x.gap_square, prec);
    arb_mul_2exp_si(x.gap_square, x.gap_square, -1);
    if (!x.negative && arb_equal(h, k)) /* the same number */
        arb_zero(x.gap_square);
    arb_mul(x.product, h, k, prec);
    if (x.negative)
        arb_neg(x.product, x.product);
    arb_atan2(acb_realref(high), rho->rho, rho->rest, prec);
    mag_set_ui_2exp_si(tolerance, 1, -prec);
    if (arb_is_zero(x.product) && arb_is_zero(x.gap_square))
        acb_set(integral, high);
    else
        acb_calc_integrate(integral, plackett_integrand, &x, low, high, prec,
            tolerance, NULL, prec);
    arb_const_pi(pi, prec);
    arb_mul_2exp_si(pi, pi, 1);
    arb_div(y, acb_realref(integral), pi, prec);
    arb_clear(x.gap_square);
    arb_clear(x.product);
}

static void mass(arb_t y, const arb_t h, const arb_t k,
    const struct field_correlation *rho, slong prec)
{
    NUM_ARB(one, two);
    upper_mass(one, h, prec);
    upper_mass(two, k, prec);
    if (is_everything(h) || is_everything(k))
        arb_zero(y);
    else
        together(y, h, k, rho, prec);
    arb_addmul(y, one, two, prec);
}

/* ---- all moments ----------------------------------------------------- */

/*
 * edge[j] = density at h of the one number times E u^j over u > k of the
 * other given that, which is N(rho h, 1 - rho^2):
 *   E u^{j+1} = rho h E u^j + (1 - rho^2) (j E u^{j-1} + k^j density at k).
 */
static void given_edge(arb_ptr edge, slong count, const arb_t h, const arb_t k,
    const struct field_correlation *rho, slong prec)
{
    NUM_ARB(mean, step, power, at, variance);
    if (is_everything(h))
        return; /* zeros */
    arb_mul(mean, rho->rho, h, prec);
    arb_sqr(variance, rho->rest, prec);
    arb_sub(step, k, mean, prec);
    arb_div(step, step, rho->rest, prec);
    if (is_everything(k))
        arb_neg_inf(step);
    upper_mass(edge, step, prec);
    density(power, step, prec); /* k^j times the density at k */
    arb_div(power, power, rho->rest, prec);
    for (slong j = 0; j + 1 < count; j++) {
        arb_set(at, power);
        if (j)
            arb_addmul_ui(at, edge + j - 1, (ulong)j, prec);
        arb_mul(at, at, variance, prec);
        arb_addmul(at, mean, edge + j, prec);
        arb_set(edge + j + 1, at);
        if (!is_everything(k))
            arb_mul(power, power, k, prec);
    }
    density(at, h, prec);
    _arb_vec_scalar_mul(edge, edge, count, at, prec);
}

/*
 * By parts, with e1 = given_edge(h), e2 = given_edge(k):
 *   M[i+1][j] = i M[i-1][j] + h^i e1[j] + rho (j M[i][j-1] + k^j e2[i]).
 */
static void step_moment(arb_t y, arb_srcptr m, slong columns, slong i, slong j,
    arb_srcptr e1, arb_srcptr e2, const arb_t rho, slong prec)
{
    NUM_ARB(other);
    arb_set(y, e1);
    if (i)
        arb_addmul_ui(y, m + (i - 1) * columns + j, (ulong)i, prec);
    arb_set(other, e2);
    if (j)
        arb_addmul_ui(other, m + i * columns + j - 1, (ulong)j, prec);
    arb_addmul(y, rho, other, prec);
}

/* x[j] = base^j factor; 0 where the edge is at -infinity */
static void edge_power(
    arb_t y, const arb_t base, slong power, const arb_t factor, slong prec)
{
    arb_zero(y);
    if (!is_everything(base)) {
        arb_pow_ui(y, base, (ulong)power, prec);
        arb_mul(y, y, factor, prec);
    }
}

void field_quadrant_arb(arb_ptr moment, slong rows, slong columns,
    const arb_t h, const arb_t k, const struct field_correlation *rho,
    slong prec)
{
    arb_ptr e1 = _arb_vec_init(columns), e2 = _arb_vec_init(rows);
    NUM_ARB(one, two);
    given_edge(e1, columns, h, k, rho, prec);
    given_edge(e2, rows, k, h, rho, prec);
    mass(moment, h, k, rho, prec);
    /* the first row from itself: there u2 takes the part of u1 */
    for (slong j = 0; j + 1 < columns; j++) {
        edge_power(one, k, j, e2, prec);
        edge_power(two, h, 0, e1 + j, prec);
        arb_set(moment + j + 1, one);
        if (j)
            arb_addmul_ui(moment + j + 1, moment + j - 1, (ulong)j, prec);
        arb_addmul(moment + j + 1, rho->rho, two, prec);
    }
    for (slong i = 0; i + 1 < rows; i++)
        for (slong j = 0; j < columns; j++) {
            edge_power(one, h, i, e1 + j, prec);
            edge_power(two, k, j, e2 + i, prec);
            step_moment(moment + (i + 1) * columns + j, moment, columns, i, j,
                one, two, rho->rho, prec);
        }
    _arb_vec_clear(e1, columns);
    _arb_vec_clear(e2, rows);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With P0 = P(z > 0), N the density of z at 0, X_k = E e^{kz} 1{z<0}:
 *   a0 = m P0 + v N      a1 = X1 - (1 - P0)
 *   b0 = m a0 + v P0     b1 = X2 - 2 X1 + (1 - P0)
 *   c1 = X1 + P0         c2 = X2 + P0
 * and for any h, d/dm E h(z) = E h'(z), d/dv E h(z) = E h''(z) / 2 (heat
 * equation), where the jump of h at 0 contributes N.  So the derivatives need
 * nothing new.
 */
#include "fixedpoint/map/map.h"

void map_moments_init(struct map_moments *moments)
{
    arb_ptr all = (arb_ptr)moments;
    for (size_t i = 0; i < sizeof *moments / sizeof(arb_t); i++)
        arb_init(all + i);
}

void map_moments_clear(struct map_moments *moments)
{
    arb_ptr all = (arb_ptr)moments;
    for (size_t i = 0; i < sizeof *moments / sizeof(arb_t); i++)
        arb_clear(all + i);
}

/*
 * E e^{kz} 1{z<0} = e^{km + k^2 v/2} erfc(x) / 2, x = (m + kv) / sqrt(2v).
 * For large x the two factors over- and underflow while their product does
 * not: there it is e^{-m^2/2v} U(1/2, 1/2, x^2) / (2 sqrt(pi)), U being
 * Tricomi's function (DLMF 7.11.5).
 */
static void exponential_moment(
    arb_t result, ulong k, const arb_t m, const arb_t v, slong prec)
{
    NUM_ARB(x, half, scale, square);
    arb_set_d(half, 0.5);

    arb_mul_ui(x, v, k, prec);
    arb_add(x, x, m, prec);
    arb_mul_2exp_si(scale, v, 1);
    arb_sqrt(scale, scale, prec);
    arb_div(x, x, scale, prec);

    arb_set_ui(scale, 64);
    if (arb_gt(x, scale)) {
        arb_sqr(square, x, prec);
        arb_hypgeom_u(x, half, half, square, prec);
        arb_const_pi(scale, prec);
        arb_rsqrt(scale, scale, prec);
        arb_mul(x, x, scale, prec);
        arb_sqr(square, m, prec);
        arb_div(square, square, v, prec);
        arb_mul_2exp_si(square, square, -1);
        arb_neg(square, square);
    } else {
        arb_hypgeom_erfc(x, x, prec);
        arb_mul_ui(square, v, k, prec);
        arb_mul_2exp_si(square, square, -1);
        arb_add(square, square, m, prec);
        arb_mul_ui(square, square, k, prec);
    }
    arb_exp(scale, square, prec);
    arb_mul(result, x, scale, prec);
    arb_mul_2exp_si(result, result, -1);
}

/* P0, 1 - P0 (each without cancellation) and N. */
static void half_lines(arb_t p0, arb_t rest, arb_t density, const arb_t m,
    const arb_t v, slong prec)
{
    NUM_ARB(x, root);
    arb_mul_2exp_si(root, v, 1);
    arb_sqrt(root, root, prec);
    arb_div(x, m, root, prec);
    arb_hypgeom_erfc(rest, x, prec);
    arb_mul_2exp_si(rest, rest, -1);
    arb_neg(p0, x);
    arb_hypgeom_erfc(p0, p0, prec);
    arb_mul_2exp_si(p0, p0, -1);

    arb_sqr(x, x, prec);
    arb_neg(x, x);
    arb_exp(density, x, prec);
    arb_div(density, density, root, prec);
    arb_const_pi(root, prec);
    arb_rsqrt(root, root, prec);
    arb_mul(density, density, root, prec);
}

void map_half_line_init(struct map_half_line *half)
{
    arb_init(half->p0);
    arb_init(half->rest);
    arb_init(half->density);
    arb_init(half->x1);
    arb_init(half->x2);
}

void map_half_line_clear(struct map_half_line *half)
{
    arb_clear(half->p0);
    arb_clear(half->rest);
    arb_clear(half->density);
    arb_clear(half->x1);
    arb_clear(half->x2);
}

void map_moments_of_half_line(struct map_moments *moments,
    const struct map_half_line *half, const arb_t m, const arb_t v, slong prec)
{
    arb_srcptr p0 = half->p0, rest = half->rest, density = half->density;
    arb_srcptr x1 = half->x1, x2 = half->x2;
    arb_mul(moments->a0, m, p0, prec);
    arb_addmul(moments->a0, v, density, prec);
    arb_sub(moments->a1, x1, rest, prec);
    arb_mul(moments->b0, m, moments->a0, prec);
    arb_addmul(moments->b0, v, p0, prec);
    arb_mul_2exp_si(moments->b1, x1, 1);
    arb_sub(moments->b1, x2, moments->b1, prec);
    arb_add(moments->b1, moments->b1, rest, prec);

    arb_set(moments->a0_m, p0);
    arb_set(moments->a1_m, x1);
    arb_mul_2exp_si(moments->b0_m, moments->a0, 1);
    arb_sub(moments->b1_m, x2, x1, prec);
    arb_mul_2exp_si(moments->b1_m, moments->b1_m, 1);

    arb_mul_2exp_si(moments->a0_v, density, -1);
    arb_sub(moments->a1_v, x1, density, prec);
    arb_mul_2exp_si(moments->a1_v, moments->a1_v, -1);
    arb_set(moments->b0_v, p0);
    arb_mul_2exp_si(moments->b1_v, x2, 1);
    arb_sub(moments->b1_v, moments->b1_v, x1, prec);

    arb_add(moments->c1, x1, p0, prec);
    arb_add(moments->c2, x2, p0, prec);
    arb_mul_2exp_si(moments->c2_m, x2, 1);
    arb_sub(moments->c2_v, moments->c2_m, density, prec);
}

void map_moments_arb(struct map_moments *moments, const arb_t m_in,
    const arb_t v_in, slong prec)
{
    NUM_STRUCT(map_half_line, half);
    NUM_ARB(m, v);
    arb_set(m, m_in);
    arb_set(v, v_in);
    if (!arb_is_positive(v))
        arb_indeterminate(v);
    half_lines(half.p0, half.rest, half.density, m, v, prec);
    exponential_moment(half.x1, 1, m, v, prec);
    exponential_moment(half.x2, 2, m, v, prec);
    map_moments_of_half_line(moments, &half, m, v, prec);
}

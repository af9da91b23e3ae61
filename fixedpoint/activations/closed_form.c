/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With d = 1 - 2qv > 0
 *     e^{kz + qz^2} N(z; m, v) = S N(z; n, w), n = (m + kv)/d, w = v/d,
 *     S = e^{(km + k^2 v/2 + q m^2)/d}/sqrt d,
 * and under N(z; n, w)
 *     I_0 = Phi((b - n)/sqrt w) - Phi((a - n)/sqrt w),
 *     I_p = n I_{p-1} + (p-1) w I_{p-2} - w [z^{p-1} N]_a^b
 * by parts, as w N' = (n - z) N.
 */
#include "fixedpoint/activations/closed_form.h"
#include <stdlib.h>
#include <string.h>

static void term_init(struct act_term *x)
{
    arb_init(x->coefficient);
    arb_init(x->rate);
    arb_init(x->curvature);
    x->power = 0;
}

static void term_clear(struct act_term *x)
{
    arb_clear(x->coefficient);
    arb_clear(x->rate);
    arb_clear(x->curvature);
}

void act_terms_clear(struct act_terms *terms)
{
    for (int i = 0; i < terms->count; i++)
        term_clear(&terms->term[i]);
    free(terms->term);
    *terms = (struct act_terms){0};
}

static bool is_same_ball(const arb_t a, const arb_t b)
{
    return arb_is_exact(a) && arb_equal(a, b);
}

/* Adds a term; one with exactly the same exponent and power takes it up. */
static enum sn_status add_term(
    struct act_terms *y, const struct act_term *x, slong prec)
{
    if (arb_is_zero(x->coefficient))
        return SN_OK;
    for (int i = 0; i < y->count; i++) {
        struct act_term *old = &y->term[i];
        if (old->power == x->power && is_same_ball(old->rate, x->rate) &&
            is_same_ball(old->curvature, x->curvature)) {
            arb_add(old->coefficient, old->coefficient, x->coefficient, prec);
            return SN_OK;
        }
    }
    if (y->count == ACT_MOST_TERMS || x->power > ACT_MOST_TERM_POWER)
        return SN_NO_SOLUTION;
    if (y->count == y->room) {
        int room = y->room ? 2 * y->room : 4;
        struct act_term *grown =
            realloc(y->term, (size_t)room * sizeof *grown);
        if (!grown)
            return SN_NO_MEMORY;
        y->term = grown;
        y->room = room;
    }
    struct act_term *new = &y->term[y->count++];
    term_init(new);
    arb_set(new->coefficient, x->coefficient);
    arb_set(new->rate, x->rate);
    arb_set(new->curvature, x->curvature);
    new->power = x->power;
    return SN_OK;
}

static enum sn_status add_constant(
    struct act_terms *y, const arb_t c, slong power, slong prec)
{
    struct act_term x;
    term_init(&x);
    arb_set(x.coefficient, c);
    x.power = power;
    enum sn_status status = add_term(y, &x, prec);
    term_clear(&x);
    return status;
}

/* y += k x */
static enum sn_status add_multiple(
    struct act_terms *y, const struct act_terms *x, const arb_t k, slong prec)
{
    enum sn_status status = SN_OK;
    for (int i = 0; i < x->count && status == SN_OK; i++) {
        struct act_term t = x->term[i];
        arb_init(t.coefficient);
        arb_mul(t.coefficient, x->term[i].coefficient, k, prec);
        status = add_term(y, &t, prec);
        arb_clear(t.coefficient);
    }
    return status;
}

static enum sn_status add_integer_multiple(
    struct act_terms *y, const struct act_terms *x, slong k, slong prec)
{
    NUM_ARB(number);
    arb_set_si(number, k);
    return add_multiple(y, x, number, prec);
}

/* y += a b */
static enum sn_status add_product(struct act_terms *y,
    const struct act_terms *a, const struct act_terms *b, slong prec)
{
    enum sn_status status = SN_OK;
    struct act_term t;
    term_init(&t);
    for (int i = 0; i < a->count * b->count && status == SN_OK; i++) {
        const struct act_term *x = &a->term[i / b->count],
                              *w = &b->term[i % b->count];
        arb_mul(t.coefficient, x->coefficient, w->coefficient, prec);
        arb_add(t.rate, x->rate, w->rate, prec);
        arb_add(t.curvature, x->curvature, w->curvature, prec);
        t.power = x->power + w->power;
        status = add_term(y, &t, prec);
    }
    term_clear(&t);
    return status;
}

/* a/b for b a constant times e^{kz + qz^2} */
static enum sn_status add_quotient(struct act_terms *y,
    const struct act_terms *a, const struct act_terms *b, slong prec)
{
    if (b->count != 1 || b->term[0].power)
        return SN_NO_SOLUTION;
    struct act_term t;
    const struct act_terms inverse = {.term = &t, .count = 1};
    term_init(&t);
    arb_inv(t.coefficient, b->term[0].coefficient, prec);
    arb_neg(t.rate, b->term[0].rate);
    arb_neg(t.curvature, b->term[0].curvature);
    enum sn_status status = add_product(y, a, &inverse, prec);
    term_clear(&t);
    return status;
}

static enum sn_status add_power(
    struct act_terms *y, const struct act_terms *a, slong n, slong prec)
{
    struct act_terms power = {0}, next = {0};
    if (n > ACT_MOST_TERM_POWER)
        return SN_NO_SOLUTION;
    enum sn_status status = add_integer_multiple(&power, a, 1, prec);
    for (slong i = 1; i < n && status == SN_OK; i++) {
        status = add_product(&next, &power, a, prec);
        act_terms_clear(&power);
        power = next;
        next = (struct act_terms){0};
    }
    if (status == SN_OK)
        status = add_integer_multiple(y, &power, 1, prec);
    act_terms_clear(&power);
    return status;
}

/* e^{c + kz + qz^2}, less one for expm1 */
static enum sn_status add_exponential(
    struct act_terms *y, const struct act_terms *a, bool less_one, slong prec)
{
    struct act_term t;
    term_init(&t);
    arb_ptr exponent[] = {t.coefficient, t.rate, t.curvature};
    enum sn_status status = SN_OK;
    for (int i = 0; i < a->count; i++) {
        const struct act_term *x = &a->term[i];
        if (!arb_is_zero(x->rate) || !arb_is_zero(x->curvature) ||
            x->power > 2)
            status = SN_NO_SOLUTION;
        else
            arb_add(
                exponent[x->power], exponent[x->power], x->coefficient, prec);
    }
    arb_exp(t.coefficient, t.coefficient, prec);
    if (status == SN_OK)
        status = add_term(y, &t, prec);
    arb_set_si(t.coefficient, -1);
    if (status == SN_OK && less_one)
        status = add_constant(y, t.coefficient, 0, prec);
    term_clear(&t);
    return status;
}

static enum sn_status add_node(struct act_terms *terms,
    const struct expr_node *node, struct expr_step step, slong prec)
{
    struct act_terms *y = terms + step.node;
    const struct act_terms *a = terms + node->a, *b = terms + node->b;
    enum sn_status status;
    arb_t one;
    switch (node->op) {
    case EXPR_VARIABLE:
        arb_init(one);
        arb_one(one);
        status = add_constant(y, one, 1, prec);
        arb_clear(one);
        return status;
    case EXPR_ADD:
    case EXPR_SUB:
        status = add_integer_multiple(y, a, 1, prec);
        return status != SN_OK ? status
                               : add_integer_multiple(y, b,
                                     node->op == EXPR_ADD ? 1 : -1, prec);
    case EXPR_MUL:
        return add_product(y, a, b, prec);
    case EXPR_DIV:
        return add_quotient(y, a, b, prec);
    case EXPR_POWER:
        return add_power(y, a, node->power, prec);
    case EXPR_EXP:
    case EXPR_EXPM1:
        return add_exponential(y, a, node->op == EXPR_EXPM1, prec);
    case EXPR_WHERE:
        return add_integer_multiple(y, terms + step.side, 1, prec);
    default:
        return SN_NO_SOLUTION;
    }
}

enum sn_status act_terms_of_formula(struct act_terms *terms,
    const struct expr_evaluator *e, const struct expr_formula *formula)
{
    const struct expr_expression *f = e->f;
    *terms = (struct act_terms){0};
    struct act_terms *all = calloc((size_t)f->count, sizeof *all);
    if (!all)
        return SN_NO_MEMORY;
    enum sn_status status = SN_OK;
    for (int i = 0; i <= formula->root && status == SN_OK; i++)
        if (f->node[i].constant)
            status =
                add_constant(&all[i], acb_realref(e->value + i), 0, e->prec);
    for (int k = 0; k < formula->steps && status == SN_OK; k++) {
        struct expr_step step = formula->step[k];
        status = add_node(all, &f->node[step.node], step, e->prec);
    }
    if (status == SN_OK) {
        *terms = all[formula->root];
        all[formula->root] = (struct act_terms){0};
    }
    for (int i = 0; i < f->count; i++)
        act_terms_clear(&all[i]);
    free(all);
    return status;
}

enum sn_status act_terms_square(
    struct act_terms *square, const struct act_terms *terms, slong prec)
{
    *square = (struct act_terms){0};
    enum sn_status status = add_product(square, terms, terms, prec);
    if (status != SN_OK)
        act_terms_clear(square);
    return status;
}

/* Phi((b - n)/sqrt v) - Phi((a - n)/sqrt v), from the side that is small */
static void normal_mass(arb_t y, const arb_t a, const arb_t b, const arb_t n,
    const arb_t v, slong prec)
{
    NUM_ARB(s, t, root);
    arb_mul_2exp_si(root, v, 1);
    arb_sqrt(root, root, prec);
    arb_sub(s, a, n, prec);
    arb_sub(t, b, n, prec);
    if (arf_sgn(arb_midref(s)) < 0) {
        arb_neg(s, s);
        arb_neg(t, t);
        arb_swap(s, t);
    }
    arb_div(s, s, root, prec);
    arb_div(t, t, root, prec);
    arb_hypgeom_erfc(s, s, prec);
    arb_hypgeom_erfc(t, t, prec);
    arb_sub(y, s, t, prec);
    arb_mul_2exp_si(y, y, -1);
}

static void normal_density(
    arb_t y, const arb_t z, const arb_t n, const arb_t v, slong prec)
{
    NUM_ARB(s);
    arb_sub(s, z, n, prec);
    arb_sqr(s, s, prec);
    arb_div(s, s, v, prec);
    arb_mul_2exp_si(s, s, -1);
    arb_neg(s, s);
    arb_exp(s, s, prec);
    arb_const_pi(y, prec);
    arb_mul(y, y, v, prec);
    arb_mul_2exp_si(y, y, 1);
    arb_rsqrt(y, y, prec);
    arb_mul(y, y, s, prec);
}

/* I_0 to I_count-1 */
static void power_integrals(arb_ptr integral, slong count, const arb_t a,
    const arb_t b, const arb_t n, const arb_t v, slong prec)
{
    NUM_ARB(at_a, at_b, t);
    normal_mass(integral, a, b, n, v, prec);
    normal_density(at_a, a, n, v, prec);
    normal_density(at_b, b, n, v, prec);
    arb_mul(at_a, at_a, v, prec);
    arb_mul(at_b, at_b, v, prec);
    for (slong p = 1; p < count; p++) { /* at_x = v x^(p-1) N(x) */
        arb_mul(integral + p, n, integral + p - 1, prec);
        if (p > 1) {
            arb_mul_ui(t, v, (ulong)p - 1, prec);
            arb_addmul(integral + p, t, integral + p - 2, prec);
        }
        arb_sub(t, at_a, at_b, prec);
        arb_add(integral + p, integral + p, t, prec);
        arb_mul(at_a, at_a, a, prec);
        arb_mul(at_b, at_b, b, prec);
    }
}

static void integrate_term(arb_ptr moment, const struct act_term *term,
    const arb_t a, const arb_t b, const arb_t m, const arb_t v, slong prec)
{
    slong p = term->power;
    arb_ptr integral = _arb_vec_init(p + 3);
    NUM_ARB(d, n, w, scale, sigma, t);
    arb_mul(d, term->curvature, v, prec);
    arb_mul_2exp_si(d, d, 1);
    arb_sub_ui(d, d, 1, prec);
    arb_neg(d, d);
    arb_mul(n, term->rate, v, prec);
    arb_mul_2exp_si(scale, n, -1); /* k (m + kv/2) + q m^2 */
    arb_add(scale, scale, m, prec);
    arb_mul(scale, scale, term->rate, prec);
    arb_sqr(t, m, prec);
    arb_addmul(scale, t, term->curvature, prec);
    arb_div(scale, scale, d, prec);
    arb_exp(scale, scale, prec);
    arb_mul(scale, scale, term->coefficient, prec);
    arb_rsqrt(t, d, prec); /* not finite unless d > 0 */
    arb_mul(scale, scale, t, prec);
    arb_add(n, n, m, prec);
    arb_div(n, n, d, prec);
    arb_div(w, v, d, prec);
    power_integrals(integral, p + 3, a, b, n, w, prec);
    arb_sqrt(sigma, v, prec);
    for (int i = 0; i < 3; i++) {
        arb_addmul(moment + i, integral + p, scale, prec);
        /* times u, for the next one */
        for (slong k = p; k < p + 2 - i; k++) {
            arb_mul(t, m, integral + k, prec);
            arb_sub(integral + k, integral + k + 1, t, prec);
            arb_div(integral + k, integral + k, sigma, prec);
        }
    }
    _arb_vec_clear(integral, p + 3);
}

void act_terms_integrate(arb_ptr moment, const struct act_terms *terms,
    const arf_t low, const arf_t high, const arb_t m, const arb_t v,
    slong prec)
{
    NUM_ARB(a, b);
    arb_set_arf(a, low);
    arb_set_arf(b, high);
    for (int i = 0; i < terms->count; i++)
        integrate_term(moment, &terms->term[i], a, b, m, v, prec);
}

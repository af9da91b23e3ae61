/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two inputs in closed form: sums over quadrants. */
#include "fixedpoint/activations/closed_form.h"
#include "fixedpoint/expressions/pieces.h"
#include "fixedpoint/expressions/range.h"
#include "fixedpoint/meanfield/pair.h"
#include "fixedpoint/meanfield/quadrant.h"
#include <stdlib.h>

enum { GAP_PRECISION = 64 };

/* f = sum of p(z) e^{rate z} where z > from, or of all z. */
struct part {
    arb_t from, rate;
    bool everywhere;
    arb_poly_t p;
};
struct parts {
    struct part *part;
    int count;
    /* within gaps f differs from that sum: a bound of the difference, squared,
       times the gaps' width */
    mag_t unlike;
};

static void parts_init(struct parts *x)
{
    *x = (struct parts){0};
    mag_init(x->unlike);
}

static void parts_clear(struct parts *x)
{
    for (int i = 0; i < x->count; i++) {
        arb_clear(x->part[i].from);
        arb_clear(x->part[i].rate);
        arb_poly_clear(x->part[i].p);
    }
    free(x->part);
    mag_clear(x->unlike);
}

/* Adds the terms, or takes them away, from `from` on; NULL: everywhere. */
static enum sn_status add_terms(struct parts *x, const struct act_terms *terms,
    arb_srcptr from, bool take, slong prec)
{
    NUM_ARB(c);
    const int first = x->count;
    struct part *more =
        realloc(x->part, (size_t)(x->count + terms->count + 1) * sizeof *more);
    if (!more)
        return SN_NO_MEMORY;
    x->part = more;
    for (int i = 0; i < terms->count; i++) {
        const struct act_term *t = &terms->term[i];
        int at = first;
        if (!arb_is_zero(t->curvature))
            return SN_NO_SOLUTION;
        while (at < x->count && !arb_equal(x->part[at].rate, t->rate))
            at++;
        if (at == x->count) {
            struct part *part = &x->part[x->count++];
            arb_init(part->from);
            arb_init(part->rate);
            arb_poly_init(part->p);
            part->everywhere = !from;
            if (from)
                arb_set(part->from, from);
            arb_set(part->rate, t->rate);
        }
        arb_poly_get_coeff_arb(c, x->part[at].p, t->power);
        (take ? arb_sub : arb_add)(c, c, t->coefficient, prec);
        arb_poly_set_coeff_arb(x->part[at].p, t->power, c);
    }
    return SN_OK;
}

static enum sn_status add_formula(struct parts *x,
    const struct expr_evaluator *e, const struct expr_formula *formula,
    arb_srcptr from, bool take)
{
    struct act_terms terms;
    enum sn_status status = act_terms_of_formula(&terms, e, formula);
    if (status == SN_OK)
        status = add_terms(x, &terms, from, take, e->prec);
    act_terms_clear(&terms);
    return status;
}

/* Is one formula f's from `end` on, proven, and is it this one? */
static bool goes_on(struct expr_expression *f,
    const struct expr_formula *formula, const arf_t end, int side, slong prec)
{
    struct expr_range range;
    struct expr_formula there = {0};
    NUM_ARF(infinity);
    bool same = false;
    (side > 0 ? arf_pos_inf : arf_neg_inf)(infinity);
    if (expr_range_init(&range, f, prec) == SN_OK) {
        expr_range_settle(
            &range, side > 0 ? end : infinity, side > 0 ? infinity : end);
        same = expr_range_is_known(&range, f->value) &&
               expr_formula_init(&there, f, range.sign, f->value) == SN_OK &&
               expr_formula_equal(&there, formula);
    }
    expr_formula_clear(&there);
    expr_range_clear(&range);
    return same;
}

/* |f| and both formulas beside a gap, squared, times its width. */
static void note_gap(struct parts *x, const struct expr_piece *gap,
    struct expr_evaluator *e, const struct expr_formula *left,
    const struct expr_formula *right)
{
    NUM_ACB(z, y);
    NUM_MAG(size, sum);
    NUM_ARF(width);
    arb_set_interval_arf(acb_realref(z), gap->low, gap->high, e->prec);
    arb_get_mag(sum, gap->enclosure);
    expr_evaluate_acb(y, e, left, z, false);
    acb_get_mag(size, y);
    mag_add(sum, sum, size);
    expr_evaluate_acb(y, e, right, z, false);
    acb_get_mag(size, y);
    mag_add(sum, sum, size);
    mag_mul(sum, sum, sum);
    arf_sub(width, gap->high, gap->low, MAG_BITS, ARF_RND_UP);
    arf_get_mag(size, width);
    mag_addmul(x->unlike, sum, size);
}

static enum sn_status parts_of_pieces(struct parts *x,
    struct expr_expression *f, const struct expr_pieces *pieces, slong prec)
{
    struct expr_evaluator e;
    const struct expr_piece *last = NULL, *gap = NULL;
    NUM_ARB(from);
    expr_evaluator_init(&e, f, prec);
    enum sn_status status = SN_OK;
    for (int i = 0; i < pieces->count && status == SN_OK; i++) {
        const struct expr_piece *here = &pieces->piece[i];
        if (here->kind != EXPR_FORMULA) {
            bool first = !last || gap || i + 1 == pieces->count;
            status = here->kind == EXPR_GAP && !first ? SN_OK : SN_NO_SOLUTION;
            gap = here;
            continue;
        }
        if (!last) {
            status = goes_on(f, &here->value, here->low, -1, prec)
                         ? add_formula(x, &e, &here->value, NULL, false)
                         : SN_NO_SOLUTION;
        } else if (!expr_formula_equal(&last->value, &here->value)) {
            const int before = x->count;
            arb_set_interval_arf(
                from, gap ? gap->low : here->low, here->low, prec);
            status = add_formula(x, &e, &last->value, from, true);
            const int between = x->count;
            if (status == SN_OK)
                status = add_formula(x, &e, &here->value, from, false);
            /* the same rate on both sides is one part */
            for (int k = between; k < x->count; k++)
                for (int j = before; j < between; j++)
                    if (arb_equal(x->part[k].rate, x->part[j].rate)) {
                        arb_poly_add(
                            x->part[k].p, x->part[k].p, x->part[j].p, prec);
                        arb_poly_zero(x->part[j].p);
                    }
            if (gap)
                note_gap(x, gap, &e, &last->value, &here->value);
        }
        last = here;
        gap = NULL;
    }
    if (status == SN_OK &&
        (!last || !goes_on(f, &last->value, last->high, 1, prec)))
        status = SN_NO_SOLUTION;
    expr_evaluator_clear(&e);
    return status;
}

/* Where formulas may change: within ever larger intervals. */
static enum sn_status find_parts(
    struct parts *x, struct expr_expression *f, slong prec)
{
    enum { LEAST_LOG = 5, MOST_LOG = 20 };
    enum sn_status status = SN_NO_SOLUTION;
    NUM_ARF(low, high, scale);
    arf_one(scale);
    for (int size = LEAST_LOG; size <= MOST_LOG && status == SN_NO_SOLUTION;
         size += MOST_LOG - LEAST_LOG) {
        struct expr_pieces pieces;
        parts_clear(x);
        parts_init(x);
        arf_set_si_2exp_si(low, -1, size);
        arf_set_si_2exp_si(high, 1, size);
        status = expr_pieces_init(&pieces, f, low, high, scale, prec);
        if (status == SN_OK)
            status = parts_of_pieces(x, f, &pieces, prec);
        else if (status != SN_NO_MEMORY)
            status = SN_NO_SOLUTION;
        expr_pieces_clear(&pieces);
    }
    return status;
}

/* ---- products of two parts ------------------------------------------- */

/* One of the two numbers, once the exponentials moved its mean. */
struct side {
    arb_t mean, edge; /* edge: (from - mean)/sigma */
    arb_poly_t p;     /* of u, z = mean + sigma u */
};

static void side_set(struct side *s, const struct part *part,
    const struct field_pair *pair, int i, const arb_t other_rate, slong prec)
{
    NUM_ARB(sigma);
    arb_sqrt(sigma, pair->v + i, prec);
    arb_init(s->mean);
    arb_init(s->edge);
    arb_poly_init(s->p);
    arb_set(s->mean, pair->m + i);
    arb_addmul(s->mean, part->rate, pair->v + i, prec);
    arb_addmul(s->mean, other_rate, pair->covariance, prec);
    arb_sub(s->edge, part->from, s->mean, prec);
    arb_div(s->edge, s->edge, sigma, prec);
    if (part->everywhere)
        arb_neg_inf(s->edge);
    arb_poly_t line;
    arb_poly_init(line);
    arb_poly_set_coeff_arb(line, 0, s->mean);
    arb_poly_set_coeff_arb(line, 1, sigma);
    arb_poly_compose(s->p, part->p, line, prec);
    arb_poly_clear(line);
}

static void side_clear(struct side *s)
{
    arb_clear(s->mean);
    arb_clear(s->edge);
    arb_poly_clear(s->p);
}

/* log of E e^{k z1 + l z2}: k m1 + l m2 + (k^2 v1 + 2 k l c + l^2 v2)/2 */
static void exponent(arb_t y, const struct field_pair *pair, const arb_t k,
    const arb_t l, slong prec)
{
    NUM_ARB(t);
    arb_mul(y, k, pair->covariance, prec);
    arb_mul(y, y, l, prec);
    for (int i = 0; i < 2; i++) {
        arb_srcptr rate = i ? l : k;
        arb_mul(t, rate, pair->v + i, prec);
        arb_mul_2exp_si(t, t, -1);
        arb_add(t, t, pair->m + i, prec);
        arb_addmul(y, t, rate, prec);
    }
}

static void add_product(arb_t sum, const struct part *one,
    const struct part *two, const struct field_pair *pair,
    const struct field_correlation *rho, slong prec)
{
    struct side a, b;
    NUM_ARB(total, t);
    side_set(&a, one, pair, 0, two->rate, prec);
    side_set(&b, two, pair, 1, one->rate, prec);
    const slong rows = arb_poly_length(a.p), columns = arb_poly_length(b.p);
    arb_ptr moment = _arb_vec_init(rows * columns);
    field_quadrant_arb(moment, rows, columns, a.edge, b.edge, rho, prec);
    for (slong i = 0; i < rows; i++) {
        arb_dot(t, NULL, 0, moment + i * columns, 1, b.p->coeffs, 1, columns,
            prec);
        arb_addmul(total, t, a.p->coeffs + i, prec);
    }
    exponent(t, pair, one->rate, two->rate, prec);
    arb_exp(t, t, prec);
    arb_addmul(sum, total, t, prec);
    _arb_vec_clear(moment, rows * columns);
    side_clear(&a);
    side_clear(&b);
}

/* E |f - sum|^2 <= unlike/sqrt(2 pi v), and Cauchy and Schwarz. */
static enum sn_status add_gaps(arb_t product, const struct parts *x,
    struct expr_expression *f, const struct field_pair *pair)
{
    NUM_MAG(error, part, size, other);
    mag_one(error);
    for (int i = 0; i < 2; i++) {
        struct act_trouble trouble;
        NUM_STRUCT(act_gaussian, g);
        enum sn_status status = act_gaussian_arb(&g, f, pair->m + i,
            pair->v + i, ACT_VALUES_ALONE, GAP_PRECISION, &trouble);
        if (status != SN_OK)
            return status;
        arb_get_mag_lower(part, pair->v + i);
        mag_rsqrt(part, part);
        mag_mul(part, part, x->unlike);
        mag_sqrt(part, part);
        arb_get_mag(size, g.square);
        mag_sqrt(size, size);
        /* (size + part) (other size + other part) - size other size */
        mag_add(part, part, size);
        mag_mul(error, error, part);
        if (i)
            mag_mul(other, other, size);
        else
            mag_set(other, size);
    }
    NUM_ARB(both, without);
    arf_set_mag(arb_midref(both), error);
    arf_set_mag(arb_midref(without), other);
    arb_sub(both, both, without, MAG_BITS);
    arb_get_mag(error, both);
    arb_add_error_mag(product, error);
    return SN_OK;
}

enum sn_status field_pair_closed_arb(arb_t product, struct expr_expression *f,
    const struct field_pair *pair, slong prec)
{
    struct parts x;
    NUM_STRUCT(field_correlation, rho);
    parts_init(&x);
    arb_zero(product);
    field_correlation_set(
        &rho, pair->covariance, pair->v + 0, pair->v + 1, prec);
    enum sn_status status = find_parts(&x, f, prec);
    for (int i = 0; i < x.count && status == SN_OK; i++)
        for (int j = 0; j < x.count; j++)
            if (!arb_poly_is_zero(x.part[i].p) &&
                !arb_poly_is_zero(x.part[j].p))
                add_product(product, &x.part[i], &x.part[j], pair, &rho, prec);
    if (status == SN_OK && !mag_is_zero(x.unlike))
        status = add_gaps(product, &x, f, pair);
    parts_clear(&x);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/meanfield/samples.h"
#include "fixedpoint/activations/tail.h"
#include "fixedpoint/expressions/pieces.h"
#include <math.h>
#include <stdlib.h>

enum { MOST_NODES = 100000, SHARE = 8 };

void field_samples_init(struct field_samples *x)
{
    *x = (struct field_samples){0};
    arb_init(x->m);
    arb_init(x->low);
    arb_init(x->high);
    mag_init(x->tail);
    mag_init(x->gap);
}

void field_samples_clear(struct field_samples *x)
{
    arb_clear(x->m);
    arb_clear(x->low);
    arb_clear(x->high);
    mag_clear(x->tail);
    mag_clear(x->gap);
    if (x->u) {
        _arb_vec_clear(x->u, x->room);
        _arb_vec_clear(x->weight, x->room);
        _arb_vec_clear(x->value, x->room);
    }
    for (slong i = 0; i < x->panels; i++) {
        arf_clear(x->panel[i].near);
        arf_clear(x->panel[i].far);
        arf_clear(x->panel[i].high);
        mag_clear(x->panel[i].value);
    }
    free(x->panel);
}

/* ---- bounds of the Gaussian, and of h_k, on a rectangle --------------- */

/*
 * |h_k(w)|^2 <= sum_j r^{j-k} |h_j(w)|^2, which Mehler's formula sums for any
 * 0 < r < 1; with w = (x + iy)/sqrt v,
 *   |h_k(w) e^{-w^2/2}| <= r^{-k/2} (1 - r^2)^{-1/4} e^{-X/2v},
 *   X = x^2/(1 + r) - y^2/(1 - r),
 * and for k = 0, r = 0.  Over sqrt(2 pi v), for all v in [low, high].
 */
static void density_bound(mag_t bound, const struct field_panel *panel,
    const arb_t low, const arb_t high, slong hermite)
{
    const slong prec = 2 * MAG_BITS;
    NUM_ARB(r, s, x, t);
    double part = 1; /* 1 - r, about the best one */
    if (hermite) {
        part =
            arf_get_d(panel->high, ARF_RND_UP) /
            sqrt(arf_get_d(arb_midref(low), ARF_RND_DOWN) * (double)hermite);
        part = part < 1e-6 ? 1e-6 : part > 0.9 ? 0.9 : part;
    }
    arb_set_d(s, part);
    arb_sub_ui(r, s, 1, prec);
    arb_neg(r, r);
    arb_set_arf(x, panel->near);
    arb_sqr(x, x, prec);
    arb_add_ui(t, r, 1, prec);
    arb_div(x, x, t, prec);
    arb_set_arf(t, panel->high);
    arb_sqr(t, t, prec);
    arb_div(t, t, s, prec);
    arb_sub(x, x, t, prec);
    arb_div(x, x, arb_is_positive(x) ? high : low, prec);
    arb_mul_2exp_si(x, x, -1);
    arb_neg(x, x);
    arb_exp(x, x, prec);
    arb_rsqrt(t, low, prec); /* 1/sqrt(2 pi) < 1/2 */
    arb_mul(x, x, t, prec);
    arb_mul_2exp_si(x, x, -1);
    if (hermite) {
        arb_sqr(t, r, prec); /* (1 - r^2)^{1/4} >= 1 - r^2 */
        arb_sub_ui(t, t, 1, prec);
        arb_neg(t, t);
        arb_div(x, x, t, prec);
        arb_rsqrt(t, r, prec);
        arb_pow_ui(t, t, (ulong)hermite, prec);
        arb_mul(x, x, t, prec);
    }
    arb_get_mag(bound, x);
}

/* ---- panels ---------------------------------------------------------- */

/*
 * The rule of n nodes on [-1, 1] is off by at most 64/15 sup|F|/((1 - 1/16)
 * 4^{2n-2}) where F is analytic in the ellipse of foci -1, 1 and half-axes
 * 17/8, 15/8.
 */
struct rule {
    arb_ptr node, weight;
    slong count;
};

static void rule_init(struct rule *rule, slong goal, slong prec)
{
    rule->count = goal / 4 + 14; /* some bits for f's size */
    rule->node = _arb_vec_init(rule->count);
    rule->weight = _arb_vec_init(rule->count);
    for (slong i = 0; i < rule->count; i++)
        arb_hypgeom_legendre_p_ui_root(rule->node + i, rule->weight + i,
            (ulong)rule->count, (ulong)i, prec);
}

static void rule_clear(struct rule *rule)
{
    _arb_vec_clear(rule->node, rule->count);
    _arb_vec_clear(rule->weight, rule->count);
}

struct sampling {
    struct field_samples *to;
    struct expr_evaluator e;
    struct rule rule;
    mag_t wanted;
};

/* The rectangle about the ellipse, and what f is at most in it. */
static void bound_panel(struct field_panel *panel, struct sampling *job,
    const struct expr_formula *formula, const arf_t low, const arf_t high)
{
    const slong prec = job->to->prec;
    NUM_ACB(box, y);
    NUM_ARB(half, t);
    NUM_ARF(edge);
    NUM_MAG(size, square);
    arf_sub(arb_midref(half), high, low, prec, ARF_RND_UP);
    arb_mul_2exp_si(half, half, -1);
    arb_mul_ui(t, half, 15, prec);
    arb_mul_2exp_si(t, t, -3);
    arb_get_ubound_arf(panel->high, t, MAG_BITS);
    arf_add(arb_midref(acb_realref(box)), high, low, prec, ARF_RND_DOWN);
    arb_mul_2exp_si(acb_realref(box), acb_realref(box), -1);
    arb_mul_ui(t, half, 35, prec); /* 17/8 and the middle's rounding */
    arb_mul_2exp_si(t, t, -4);
    arb_get_mag(size, t);
    arb_add_error_mag(acb_realref(box), size);
    arf_get_mag(size, panel->high);
    arb_add_error_mag(acb_imagref(box), size);
    expr_evaluate_acb(y, &job->e, formula, box, true);
    arb_sub(t, acb_realref(box), job->to->m, prec);
    arb_get_abs_lbound_arf(panel->near, t, MAG_BITS);
    arb_get_abs_ubound_arf(panel->far, t, MAG_BITS);
    acb_get_mag(panel->value, y);
    mag_mul(square, panel->value, panel->value);
    mag_max(panel->value, panel->value, square);
    arb_get_mag(size, half);
    mag_mul(panel->value, panel->value, size);
    mag_mul_ui(panel->value, panel->value, 5); /* 64/15 16/15 < 5 */
    mag_mul_2exp_si(panel->value, panel->value, -4 * (job->rule.count - 1));
}

static bool make_room(struct field_samples *x, slong more)
{
    if (x->count + more > x->room) {
        slong room = 2 * (x->count + more);
        arb_ptr *const list[] = {&x->u, &x->weight, &x->value};
        for (int i = 0; i < 3; i++) {
            arb_ptr grown = _arb_vec_init(room);
            for (slong k = 0; k < x->count; k++)
                arb_swap(grown + k, *list[i] + k);
            if (*list[i])
                _arb_vec_clear(*list[i], x->room);
            *list[i] = grown;
        }
        x->room = room;
    }
    if (x->panels == x->most_panels) {
        slong most = 2 * x->most_panels + 16;
        struct field_panel *grown =
            realloc(x->panel, (size_t)most * sizeof *grown);
        if (!grown)
            return false;
        x->panel = grown;
        x->most_panels = most;
    }
    return true;
}

static enum sn_status add_nodes(struct sampling *job,
    const struct expr_formula *formula, const arf_t low, const arf_t high)
{
    struct field_samples *x = job->to;
    NUM_ACB(z, y);
    NUM_ARB(half, middle);
    arb_set_arf(half, high);
    arb_set_arf(middle, low);
    arb_sub(half, half, middle, x->prec);
    arb_mul_2exp_si(half, half, -1);
    arb_add(middle, middle, half, x->prec);
    for (slong i = 0; i < job->rule.count; i++) {
        slong at = x->count++;
        arb_set(acb_realref(z), middle);
        arb_addmul(acb_realref(z), half, job->rule.node + i, x->prec);
        expr_evaluate_acb(y, &job->e, formula, z, false);
        arb_sub(x->u + at, acb_realref(z), x->m, x->prec);
        arb_mul(x->weight + at, half, job->rule.weight + i, x->prec);
        arb_set(x->value + at, acb_realref(y));
    }
    return x->count < MOST_NODES ? SN_OK : SN_UNDECIDED;
}

/* Where no panel is short enough: that much may be missing of f and f^2. */
static void add_gap(struct field_samples *x, const arb_t enclosure,
    const arf_t low, const arf_t high)
{
    NUM_MAG(size, square, width);
    NUM_ARF(w);
    arb_get_mag(size, enclosure);
    mag_mul(square, size, size);
    mag_max(size, size, square);
    arf_sub(w, high, low, MAG_BITS, ARF_RND_UP);
    arf_get_mag(width, w);
    mag_addmul(x->gap, size, width);
}

static enum sn_status sample_panel(struct sampling *job,
    const struct expr_formula *formula, const arf_t low, const arf_t high)
{
    struct field_samples *x = job->to;
    struct field_panel *panel;
    NUM_MAG(error);
    NUM_ARF(middle);
    if (!make_room(x, job->rule.count))
        return SN_NO_MEMORY;
    panel = &x->panel[x->panels];
    arf_init(panel->near);
    arf_init(panel->far);
    arf_init(panel->high);
    mag_init(panel->value);
    bound_panel(panel, job, formula, low, high);
    density_bound(error, panel, x->low, x->high, x->hermite);
    mag_mul(error, error, panel->value);
    if (mag_cmp(error, job->wanted) <= 0) {
        x->panels++;
        return add_nodes(job, formula, low, high);
    }
    arf_clear(panel->near);
    arf_clear(panel->far);
    arf_clear(panel->high);
    mag_clear(panel->value);
    arf_sub(middle, high, low, MAG_BITS, ARF_RND_UP);
    if (arf_cmpabs_2exp_si(middle, -x->goal) < 0) {
        NUM_ACB(z, y);
        arb_set_interval_arf(acb_realref(z), low, high, x->prec);
        expr_evaluate_acb(y, &job->e, formula, z, false);
        add_gap(x, acb_realref(y), low, high);
        return SN_OK;
    }
    arf_add(middle, low, high, x->prec, ARF_RND_NEAR);
    arf_mul_2exp_si(middle, middle, -1);
    enum sn_status status = sample_panel(job, formula, low, middle);
    return status == SN_OK ? sample_panel(job, formula, middle, high) : status;
}

/* ---- all of it ------------------------------------------------------- */

/* An end beyond which nothing counts, from the largest variance. */
static enum sn_status find_end(arf_t end, struct field_samples *x,
    struct expr_expression *f, int side, struct act_trouble *trouble)
{
    enum { MOST_LENGTHS = 200 };
    struct act_integration job = {.f = f, .prec = x->prec, .depth = x->goal};
    NUM_ARB(t);
    NUM_MAG(bound, wanted);
    double length = sqrt(1.4 * (double)x->goal) + 2;
    int culprit = 0;
    *job.m = *x->m;
    *job.v = *x->high;
    arb_init(job.sigma);
    arb_sqrt(job.sigma, x->high, x->prec);
    mag_set_ui_2exp_si(wanted, 1, -x->goal);
    for (int i = 0; i < MOST_LENGTHS; i++, length *= 1.1) {
        arb_set_d(t, length);
        arb_mul(t, t, job.sigma, x->prec);
        (side > 0 ? arb_add : arb_sub)(t, t, x->m, x->prec);
        arb_get_ubound_arf(end, t, MAG_BITS);
        if (arf_cmp_si(end, 1) < 0)
            arf_one(end);
        culprit = act_tail_bound(bound, &job, f->value, side, end);
        if (mag_cmp(bound, wanted) <= 0)
            break;
    }
    arb_clear(job.sigma);
    mag_add(x->tail, x->tail, bound);
    if (mag_cmp(bound, wanted) <= 0)
        return SN_OK;
    *trouble = (struct act_trouble){
        .kind = ACT_TOO_FAST, .side = side, .place = f->node[culprit].place};
    return SN_BAD_VALUE;
}

static enum sn_status sample_pieces(
    struct sampling *job, const struct expr_pieces *pieces)
{
    enum sn_status status = SN_OK;
    for (int i = 0; i < pieces->count && status == SN_OK; i++) {
        const struct expr_piece *piece = &pieces->piece[i];
        if (piece->kind == EXPR_FORMULA)
            status = sample_panel(job, &piece->value, piece->low, piece->high);
        else
            add_gap(job->to, piece->enclosure, piece->low, piece->high);
    }
    return status;
}

enum sn_status field_samples_take(struct field_samples *x,
    struct expr_expression *f, struct act_trouble *trouble)
{
    struct sampling job = {.to = x};
    struct expr_pieces pieces;
    NUM_ARF(low, high, scale);
    *trouble = (struct act_trouble){0};
    /* f's tails enter the coefficients by their root mean square */
    const slong goal = x->goal;
    x->goal = x->hermite ? 2 * goal : goal;
    enum sn_status status = find_end(high, x, f, 1, trouble);
    if (status == SN_OK)
        status = find_end(low, x, f, -1, trouble);
    x->goal = goal;
    if (status != SN_OK)
        return status;
    arf_neg(low, low);
    arb_get_lbound_arf(scale, x->low, MAG_BITS);
    arf_sqrt(scale, scale, MAG_BITS, ARF_RND_DOWN);
    status = expr_pieces_init(&pieces, f, low, high, scale, x->prec);
    if (status == SN_BAD_VALUE)
        *trouble = (struct act_trouble){
            .kind = pieces.open ? ACT_TOO_MANY : ACT_NOT_FINITE,
            .z = arf_get_d(arb_midref(pieces.place), ARF_RND_NEAR),
            .place = f->node[pieces.culprit].place};
    if (status == SN_OK) {
        expr_evaluator_init(&job.e, f, x->prec);
        rule_init(&job.rule, x->goal, x->prec);
        mag_init(job.wanted);
        mag_set_ui_2exp_si(job.wanted, 1, -x->goal - SHARE);
        status = sample_pieces(&job, &pieces);
        mag_clear(job.wanted);
        rule_clear(&job.rule);
        expr_evaluator_clear(&job.e);
    }
    expr_pieces_clear(&pieces);
    return status;
}

/* ---- sums ------------------------------------------------------------ */

/* weight N(z; m, v), t = u^2/2v */
static void node_density(arb_t y, arb_t t, const struct field_samples *x,
    slong i, const arb_t v, const arb_t factor, slong prec)
{
    arb_sqr(t, x->u + i, prec);
    arb_div(t, t, v, prec);
    arb_mul_2exp_si(t, t, -1);
    arb_neg(y, t);
    /* far out few bits of it count beside the others */
    slong drowned = (slong)(1.4 * arf_get_d(arb_midref(t), ARF_RND_DOWN));
    slong few = prec - drowned + 20;
    arb_exp(y, y, few < MAG_BITS ? MAG_BITS : few < prec ? few : prec);
    arb_mul(y, y, factor, prec);
    arb_mul(y, y, x->weight + i, prec);
}

/* 1/sqrt(2 pi v) */
static void density_factor(arb_t y, const arb_t v, slong prec)
{
    arb_const_pi(y, prec);
    arb_mul_2exp_si(y, y, 1);
    arb_mul(y, y, v, prec);
    arb_rsqrt(y, y, prec);
}

static void ends_of(arb_t low, arb_t high, const arb_t v, slong prec)
{
    arb_get_lbound_arf(arb_midref(low), v, prec);
    arb_get_ubound_arf(arb_midref(high), v, prec);
}

/*
 * What panels, gaps and tails leave of E f and E f^2, and of the latter's
 * derivative, whose integrand has the factor (u^2/v - 1)/2v more.
 */
static void leftovers(mag_t error, mag_t error_v,
    const struct field_samples *x, const arb_t v, slong hermite)
{
    NUM_ARB(low, high, s);
    NUM_MAG(one, size, scale);
    ends_of(low, high, v, MAG_BITS);
    mag_zero(error);
    mag_zero(error_v);
    arb_get_mag_lower(scale, low);
    mag_inv(scale, scale);
    for (slong i = 0; i < x->panels; i++) {
        const struct field_panel *panel = &x->panel[i];
        density_bound(one, panel, low, high, hermite);
        mag_mul(one, one, panel->value);
        mag_add(error, error, one);
        arb_set_arf(s, panel->far);
        arf_get_mag(size, panel->high);
        arb_add_error_mag(s, size);
        arb_sqr(s, s, MAG_BITS);
        arb_get_mag(size, s);
        mag_mul(size, size, scale);
        mag_add_ui(size, size, 1);
        mag_addmul(error_v, one, size);
    }
    /* N <= 1/sqrt(2 pi v), |h_k| N^{1/2} likewise: Cramer's bound */
    mag_sqrt(size, scale);
    mag_mul(one, x->gap, size);
    mag_add(error, error, one);
    mag_add(error_v, error_v, one); /* |u^2/v - 1| e^{-u^2/2v} <= 1 */
    mag_add(error_v, error_v, x->tail);
    mag_mul(error_v, error_v, scale);
    if (hermite) {
        mag_sqrt(one, x->tail);
        mag_add(error, error, one);
    }
    mag_add(error, error, x->tail);
}

void field_samples_moments(arb_t mean, arb_t square, arb_t mean_v,
    arb_t square_v, const struct field_samples *x, const arb_t v, slong prec)
{
    NUM_ARB(factor, y, t, s);
    NUM_MAG(error, error_v);
    density_factor(factor, v, prec);
    arb_zero(mean);
    arb_zero(square);
    arb_zero(mean_v);
    arb_zero(square_v);
    for (slong i = 0; i < x->count; i++) {
        node_density(y, t, x, i, v, factor, prec);
        arb_mul(y, y, x->value + i, prec);
        arb_add(mean, mean, y, prec);
        arb_mul_2exp_si(t, t, 1);
        arb_sub_ui(s, t, 1, prec);
        arb_addmul(mean_v, y, s, prec);
        arb_mul(y, y, x->value + i, prec);
        arb_add(square, square, y, prec);
        arb_addmul(square_v, y, s, prec);
    }
    leftovers(error, error_v, x, v, 0);
    arb_ptr const of_v[] = {mean_v, square_v};
    for (int k = 0; k < 2; k++) {
        arb_div(of_v[k], of_v[k], v, prec);
        arb_mul_2exp_si(of_v[k], of_v[k], -1);
        arb_add_error_mag(of_v[k], error_v);
    }
    arb_add_error_mag(mean, error);
    arb_add_error_mag(square, error);
}

/* h_{k+1} = (u h_k - sqrt k h_{k-1})/sqrt(k + 1), for all k at one node */
static void add_node(arb_ptr sum, const struct field_samples *x,
    arb_srcptr root, const arb_t u, const arb_t weight)
{
    NUM_ARB(last, here, next);
    arb_set(here, weight);
    for (slong k = 0; k < x->hermite; k++) {
        arb_add(sum + k, sum + k, here, x->prec);
        arb_mul(next, u, here, x->prec);
        arb_submul(next, root + k, last, x->prec);
        arb_div(next, next, root + k + 1, x->prec);
        arb_swap(last, here);
        arb_swap(here, next);
    }
}

void field_samples_hermite(arb_ptr coefficient, arb_t rest,
    const struct field_samples *x, const arb_t v)
{
    const slong prec = x->prec;
    NUM_ARB(factor, y, t, u, sigma);
    NUM_MAG(error, unused);
    arb_ptr root = _arb_vec_init(x->hermite + 1);
    for (slong k = 0; k <= x->hermite; k++)
        arb_sqrt_ui(root + k, (ulong)k, prec);
    _arb_vec_zero(coefficient, x->hermite);
    density_factor(factor, v, prec);
    arb_sqrt(sigma, v, prec);
    arb_zero(rest);
    for (slong i = 0; i < x->count; i++) {
        node_density(y, t, x, i, v, factor, prec);
        arb_mul(y, y, x->value + i, prec);
        arb_addmul(rest, y, x->value + i, prec);
        arb_div(u, x->u + i, sigma, prec);
        add_node(coefficient, x, root, u, y);
    }
    leftovers(error, unused, x, v, x->hermite);
    arb_add_error_mag(rest, error);
    for (slong k = 0; k < x->hermite; k++) {
        arb_add_error_mag(coefficient + k, error);
        arb_submul(rest, coefficient + k, coefficient + k, prec);
    }
    _arb_vec_clear(root, x->hermite + 1);
}

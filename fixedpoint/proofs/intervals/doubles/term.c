/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes as intervals/term.c has them, in doubles. */
#include "fixedpoint/proofs/intervals/term.h"
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/intervals/doubles/moments.h"

struct iv_span_source {
    const struct iv_piece *piece;
    const double (*x)[2];
    int axes;
    struct iv_span_jet m, v;
};

static const struct iv_span zero = {0, 0}, one = {1, 1};

static struct iv_span_jet constant_jet(struct iv_span c)
{
    return (struct iv_span_jet){.f = c};
}

/* NaN ends, which become the whole line, where it is not there. */
static struct iv_span_jet coordinate_jet(
    const struct iv_span_source *from, int c)
{
    struct iv_span_jet y = {.f = iv_whole};
    int axis = from->piece->at[c];
    if (axis < 0)
        return y;
    y.f = iv_span_of(from->x[axis][0], from->x[axis][1]);
    y.d[axis] = one;
    return y;
}

/* b may be a */
static struct iv_span_jet multiply(
    const struct iv_span_jet *a, const struct iv_span_jet *b, int axes)
{
    struct iv_span_jet y = {.f = a == b ? iv_sqr(a->f) : iv_mul(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_add(iv_mul(a->d[i], b->f), iv_mul(a->f, b->d[i]));
    return y;
}

/* (a / b)' = (a' - (a / b) b') / b */
static struct iv_span_jet divide(
    const struct iv_span_jet *a, const struct iv_span_jet *b, int axes)
{
    struct iv_span_jet y = {.f = iv_div(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_div(iv_sub(a->d[i], iv_mul(y.f, b->d[i])), b->f);
    return y;
}

/* m or v: a coordinate, or the product of two. */
static struct iv_span_jet product_jet(
    const struct iv_span_source *from, int c, int a, int b)
{
    if (from->piece->at[c] >= 0)
        return coordinate_jet(from, c);
    struct iv_span_jet x = coordinate_jet(from, a),
                       y = coordinate_jet(from, b);
    return multiply(&x, &y, from->axes);
}

static struct iv_span_jet wmax_jet(const struct iv_span_source *from)
{
    const struct iv_piece *piece = from->piece;
    if (!piece->along_m)
        return constant_jet(iv_span_mpfi(piece->omega));
    struct iv_span_jet y = constant_jet(zero);
    int axis = piece->at[IV_M];
    y.d[axis] = iv_div(one, iv_span_mpfi(piece->mu));
    y.f = iv_mul(from->m.f, y.d[axis]);
    return y;
}

static struct iv_span_jet tmax_jet(const struct iv_span_source *from)
{
    const struct iv_piece *piece = from->piece;
    if (!piece->along_v)
        return constant_jet(iv_span_mpfi(piece->tau));
    struct iv_span_jet y = constant_jet(zero);
    int axis = piece->at[IV_V];
    y.d[axis] = iv_div(one, iv_span_mpfi(piece->nu));
    y.f = iv_mul(from->v.f, y.d[axis]);
    return y;
}

/* From derivatives in m and v to those along the axes. */
static struct iv_span_jet atom_jet(
    const struct iv_span_source *from, const struct iv_pair *value)
{
    struct iv_span_jet y = {.f = value->f};
    for (int i = 0; i < from->axes; i++)
        y.d[i] = iv_add(iv_mul(value->d[0], from->m.d[i]),
            iv_mul(value->d[1], from->v.d[i]));
    return y;
}

/* The ends of an increasing function, or for an even exponent of |x|^k. */
static struct iv_span power(struct iv_span x, int exponent)
{
    struct iv_span y = one;
    if (exponent % 2 == 0)
        x = iv_modulus(x);
    for (int k = 0; k < exponent; k++)
        y = iv_mul(y, x);
    return y;
}

/* y with slopes a' times `slope`. */
static struct iv_span_jet chain(struct iv_span f, struct iv_span slope,
    const struct iv_span_jet *a, int axes)
{
    struct iv_span_jet y = {.f = f};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_mul(slope, a->d[i]);
    return y;
}

/* a / f within [-1, 1], where f may be 0 all of it, as in jet.c. */
static struct iv_span direction(struct iv_span a, struct iv_span f)
{
    static const struct iv_span all = {-1, 1};
    return f.lo > 0 ? iv_both(iv_div(a, f), all) : all;
}

static struct iv_span_jet hypotenuse(
    const struct iv_span_jet *a, const struct iv_span_jet *b, int axes)
{
    struct iv_span_jet y = {.f = iv_root(iv_add(iv_sqr(a->f), iv_sqr(b->f)))};
    struct iv_span p = direction(a->f, y.f), q = direction(b->f, y.f);
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_add(iv_mul(p, a->d[i]), iv_mul(q, b->d[i]));
    return y;
}

static struct iv_span_jet power_jet(
    const struct iv_span_jet *a, int exponent, int axes)
{
    double k = exponent;
    return chain(power(a->f, exponent),
        iv_mul(iv_span_of(k, k), power(a->f, exponent - 1)), a, axes);
}

/* |a|, as iv_jet_modulus() */
static struct iv_span_jet modulus_jet(const struct iv_span_jet *a, int axes)
{
    struct iv_span slope = a->f.lo >= 0   ? one
                           : a->f.hi <= 0 ? iv_neg(one)
                                          : iv_span_of(-1, 1);
    return chain(iv_modulus(a->f), slope, a, axes);
}

static struct iv_span_jet sign_jet(const struct iv_span_jet *a, int axes)
{
    struct iv_span x = a->f;
    if (x.lo > 0 || x.hi < 0)
        return constant_jet(x.lo > 0 ? one : iv_neg(one));
    return chain(
        iv_span_is_whole(x) ? x : iv_span_of(-1, 1), iv_whole, a, axes);
}

/* 2 x erfcx x - 2/sqrt(pi), negative everywhere */
static struct iv_span_jet scaled_erfc_jet(
    const struct iv_span_jet *a, struct iv_doubles *doubles, int axes)
{
    struct iv_span y = iv_series_over(&doubles->erfcx, a->f);
    struct iv_span slope =
        iv_sub(iv_mul(y, a->f), iv_div(one, doubles->sqrt_pi));
    slope = iv_scale(slope, 2);
    if (slope.hi > 0)
        slope.hi = slope.lo > 0 ? slope.hi : 0;
    return chain(y, slope, a, axes);
}

/* A function of one jet. */
static struct iv_span_jet apply(const struct expr_node *node,
    const struct iv_span_jet *a, struct iv_doubles *doubles, int axes)
{
    struct iv_span f;
    switch (node->op) {
    case EXPR_POWER:
        return power_jet(a, (int)node->power, axes);
    case EXPR_SQRT:
        f = iv_root(a->f);
        return chain(f, iv_div(one, iv_scale(f, 2)), a, axes);
    case EXPR_EXP:
        f = iv_series_over(&doubles->exp, iv_neg(a->f));
        return chain(f, f, a, axes);
    case EXPR_ERFCX:
        return scaled_erfc_jet(a, doubles, axes);
    case EXPR_SIGN:
        return sign_jet(a, axes);
    default: /* in no formula that is searched often: MPFI takes over */
        return chain(iv_whole, iv_whole, a, axes);
    }
}

static struct iv_span_jet variable_jet(int variable,
    const struct iv_span_source *from, struct iv_doubles *doubles)
{
    switch (variable) {
    case IV_M:
        return product_jet(from, IV_M, IV_MU, IV_OMEGA);
    case IV_V:
        return product_jet(from, IV_V, IV_NU, IV_TAU);
    case IV_TERM_WMAX:
        return wmax_jet(from);
    case IV_TERM_TMAX:
        return tmax_jet(from);
    case IV_TERM_LAMBDA:
        return constant_jet(doubles->lambda);
    case IV_TERM_ALPHA:
        return constant_jet(doubles->alpha);
    default:
        return variable < IV_COORDINATES
                   ? coordinate_jet(from, variable)
                   : atom_jet(
                         from, iv_doubles_atom(doubles,
                                   (enum iv_atom)(variable - IV_TERM_ATOM)));
    }
}

static struct iv_span_jet add(
    const struct iv_span_jet *a, const struct iv_span_jet *b, int axes)
{
    struct iv_span_jet y = {.f = iv_add(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_add(a->d[i], b->d[i]);
    return y;
}

static struct iv_span_jet subtract(
    const struct iv_span_jet *a, const struct iv_span_jet *b, int axes)
{
    struct iv_span_jet y = {.f = iv_sub(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_sub(a->d[i], b->d[i]);
    return y;
}

static struct iv_span_jet operation_jet(const struct iv_term *term,
    const struct expr_node *node, struct iv_doubles *doubles, int axes)
{
    const struct iv_span_jet *a = &term->span[node->a],
                             *b = &term->span[node->b];
    switch (node->op) {
    case EXPR_ADD:
        return add(a, b, axes);
    case EXPR_SUB:
        return node->a == EXPR_ZERO /* exact */
                   ? chain(iv_neg(b->f), iv_neg(one), b, axes)
                   : subtract(a, b, axes);
    case EXPR_MUL:
        return multiply(a, b, axes);
    case EXPR_DIV:
        return divide(a, b, axes);
    case EXPR_HYPOT:
        return hypotenuse(a, b, axes);
    case EXPR_WHERE: /* of abs alone in this language */
        return modulus_jet(&term->span[node->c], axes);
    default:
        return apply(node, a, doubles, axes);
    }
}

static void give_jet(
    struct iv_jet *value, const struct iv_span_jet *y, int axes)
{
    value->axes = axes;
    mpfi_interv_d(value->f, y->f.lo, y->f.hi);
    for (int i = 0; i < axes; i++)
        mpfi_interv_d(value->d[i], y->d[i].lo, y->d[i].hi);
}

void iv_term_evaluate_doubles(struct iv_jet *value, struct iv_term *term,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_doubles *doubles, const struct iv_selu *selu)
{
    struct iv_span_source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    doubles->lambda = iv_span_mpfi(selu->lambda);
    doubles->alpha = iv_span_mpfi(selu->alpha);
    if (term->uses_map || term->reduced) {
        from.m = product_jet(&from, IV_M, IV_MU, IV_OMEGA);
        from.v = product_jet(&from, IV_V, IV_NU, IV_TAU);
    }
    if (term->uses_map)
        iv_doubles_set(doubles, from.m.f, from.v.f, term->derivatives, slopes);
    for (int k = 0; k < term->steps; k++) {
        int i = term->step[k];
        const struct expr_node *node = &term->f.node[i];
        term->span[i] = node->op == EXPR_VARIABLE
                            ? variable_jet(node->variable, &from, doubles)
                            : operation_jet(term, node, doubles, from.axes);
    }
    give_jet(value, &term->span[term->f.value], from.axes);
}

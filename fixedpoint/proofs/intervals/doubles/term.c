/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes as term.c and jet.c have them, in doubles. */
#include "fixedpoint/proofs/intervals/term.h"
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/intervals/doubles/moments.h"

/* A function on a box and its slopes along the axes. */
struct jet {
    struct sn_span f, d[SN_AXES];
};

struct source {
    const struct sn_piece *piece;
    const double (*x)[2];
    int axes;
    struct jet m, v;
};

static const struct sn_span zero = {0, 0}, one = {1, 1};

static struct jet constant(struct sn_span c)
{
    return (struct jet){.f = c};
}

/* NaN ends, which become the whole line, where it is not there. */
static struct jet coordinate(const struct source *from, int c)
{
    struct jet y = {.f = sn_whole};
    int axis = from->piece->at[c];
    if (axis < 0)
        return y;
    y.f = sn_span_of(from->x[axis][0], from->x[axis][1]);
    y.d[axis] = one;
    return y;
}

static struct jet multiply(const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = a == b ? sn_sqr(a->f) : sn_mul(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = sn_add(sn_mul(a->d[i], b->f), sn_mul(a->f, b->d[i]));
    return y;
}

/* (a / b)' = (a' - (a / b) b') / b */
static struct jet divide(const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = sn_div(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = sn_div(sn_sub(a->d[i], sn_mul(y.f, b->d[i])), b->f);
    return y;
}

/* m or v: a coordinate, or the product of two. */
static struct jet product(const struct source *from, int c, int a, int b)
{
    if (from->piece->at[c] >= 0)
        return coordinate(from, c);
    struct jet x = coordinate(from, a), y = coordinate(from, b);
    return multiply(&x, &y, from->axes);
}

static struct jet wmax(const struct source *from)
{
    const struct sn_piece *piece = from->piece;
    if (!piece->along_m)
        return constant(sn_span_mpfi(piece->omega));
    struct jet y = constant(zero);
    int axis = piece->at[SN_M];
    y.d[axis] = sn_div(one, sn_span_mpfi(piece->mu));
    y.f = sn_mul(from->m.f, y.d[axis]);
    return y;
}

static struct jet tmax(const struct source *from)
{
    const struct sn_piece *piece = from->piece;
    if (!piece->along_v)
        return constant(sn_span_mpfi(piece->tau));
    struct jet y = constant(zero);
    int axis = piece->at[SN_V];
    y.d[axis] = sn_div(one, sn_span_mpfi(piece->nu));
    y.f = sn_mul(from->v.f, y.d[axis]);
    return y;
}

/* From derivatives in m and v to those along the axes. */
static struct jet atom(const struct source *from, const struct sn_pair *value)
{
    struct jet y = {.f = value->f};
    for (int i = 0; i < from->axes; i++)
        y.d[i] = sn_add(sn_mul(value->d[0], from->m.d[i]),
            sn_mul(value->d[1], from->v.d[i]));
    return y;
}

/* The ends of an increasing function, or for an even exponent of |x|^k. */
static struct sn_span power(struct sn_span x, int exponent)
{
    struct sn_span y = one;
    if (exponent % 2 == 0)
        x = sn_modulus(x);
    for (int k = 0; k < exponent; k++)
        y = sn_mul(y, x);
    return y;
}

/* y with slopes a' times `slope`. */
static struct jet chain(
    struct sn_span f, struct sn_span slope, const struct jet *a, int axes)
{
    struct jet y = {.f = f};
    for (int i = 0; i < axes; i++)
        y.d[i] = sn_mul(slope, a->d[i]);
    return y;
}

/* a / f within [-1, 1], where f may be 0 all of it, as in jet.c. */
static struct sn_span direction(struct sn_span a, struct sn_span f)
{
    static const struct sn_span all = {-1, 1};
    return f.lo > 0 ? sn_both(sn_div(a, f), all) : all;
}

static struct jet hypotenuse(
    const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = sn_root(sn_add(sn_sqr(a->f), sn_sqr(b->f)))};
    struct sn_span p = direction(a->f, y.f), q = direction(b->f, y.f);
    for (int i = 0; i < axes; i++)
        y.d[i] = sn_add(sn_mul(p, a->d[i]), sn_mul(q, b->d[i]));
    return y;
}

/* A function of one jet; see apply() of jet.c. */
static struct jet apply(enum sn_unary function, const struct jet *a,
    struct sn_doubles *doubles, int axes)
{
    struct sn_span x = a->f, f, t;
    switch (function) {
    case SN_SQRT:
        f = sn_root(x);
        return chain(f, sn_div(one, sn_scale(f, 2)), a, axes);
    case SN_EXP:
        f = sn_series_over(&doubles->exp, sn_neg(x));
        return chain(f, f, a, axes);
    case SN_ERFCX:
        f = sn_series_over(&doubles->erfcx, x);
        t = sn_sub(sn_mul(f, x), sn_div(one, doubles->sqrt_pi));
        t = sn_scale(t, 2);
        if (t.hi > 0)
            t.hi = t.lo > 0 ? t.hi : 0;
        return chain(f, t, a, axes);
    case SN_SIGN:
        if (x.lo > 0 || x.hi < 0)
            return constant(x.lo > 0 ? one : sn_neg(one));
        return chain(
            sn_span_is_whole(x) ? x : sn_span_of(-1, 1), sn_whole, a, axes);
    case SN_ABS:
        t = x.lo >= 0 ? one : x.hi <= 0 ? sn_neg(one) : sn_span_of(-1, 1);
        return chain(sn_modulus(x), t, a, axes);
    default: /* erfc stands in no formula that is searched often */
        return chain(sn_whole, sn_whole, a, axes);
    }
}

static struct jet push(const struct sn_term *term, int i,
    const struct source *from, struct sn_doubles *doubles)
{
    int argument = term->code[i].argument;
    switch (term->code[i].operation) {
    case SN_PUSH_NUMBER:
        return constant(sn_span_mpfi(term->number[argument]));
    case SN_PUSH_COORDINATE:
        return argument == SN_M   ? product(from, SN_M, SN_MU, SN_OMEGA)
               : argument == SN_V ? product(from, SN_V, SN_NU, SN_TAU)
                                  : coordinate(from, argument);
    case SN_PUSH_ATOM:
        return atom(from, sn_doubles_atom(doubles, (enum sn_atom)argument));
    case SN_PUSH_LAMBDA:
        return constant(doubles->lambda);
    case SN_PUSH_ALPHA:
        return constant(doubles->alpha);
    case SN_PUSH_PI:
        return constant(sn_sqr(doubles->sqrt_pi));
    case SN_PUSH_WMAX:
        return wmax(from);
    default:
        return tmax(from);
    }
}

static struct jet combine(enum sn_operation operation, const struct jet *a,
    const struct jet *b, int axes)
{
    struct jet y;
    switch (operation) {
    case SN_ADD:
        y.f = sn_add(a->f, b->f);
        for (int i = 0; i < axes; i++)
            y.d[i] = sn_add(a->d[i], b->d[i]);
        return y;
    case SN_SUB:
        y.f = sn_sub(a->f, b->f);
        for (int i = 0; i < axes; i++)
            y.d[i] = sn_sub(a->d[i], b->d[i]);
        return y;
    case SN_MUL:
        return multiply(a, b, axes);
    case SN_DIV:
        return divide(a, b, axes);
    default:
        return hypotenuse(a, b, axes);
    }
}

static struct jet change(enum sn_operation operation, int argument,
    const struct jet *a, struct sn_doubles *doubles, int axes)
{
    if (operation == SN_APPLY)
        return apply((enum sn_unary)argument, a, doubles, axes);
    if (operation == SN_NEG)
        return chain(sn_neg(a->f), sn_neg(one), a, axes);
    struct sn_span slope = zero;
    double k = argument;
    if (argument)
        slope = sn_mul(sn_span_of(k, k), power(a->f, argument - 1));
    return chain(power(a->f, argument), slope, a, axes);
}

static void give(struct sn_jet *value, const struct jet *y, int axes)
{
    value->axes = axes;
    mpfi_interv_d(value->f, y->f.lo, y->f.hi);
    for (int i = 0; i < axes; i++)
        mpfi_interv_d(value->d[i], y->d[i].lo, y->d[i].hi);
}

void sn_term_evaluate_doubles(struct sn_jet *value, const struct sn_term *term,
    const double x[SN_AXES][2], const struct sn_piece *piece, bool slopes,
    struct sn_doubles *doubles, const struct sn_selu *selu)
{
    struct source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    struct jet stack[SN_MAX_STACK];
    int axes = from.axes, top = -1;
    doubles->lambda = sn_span_mpfi(selu->lambda);
    doubles->alpha = sn_span_mpfi(selu->alpha);
    if (term->uses_map || term->reduced) {
        from.m = product(&from, SN_M, SN_MU, SN_OMEGA);
        from.v = product(&from, SN_V, SN_NU, SN_TAU);
    }
    if (term->uses_map)
        sn_doubles_set(doubles, from.m.f, from.v.f, term->derivatives, slopes);
    for (int i = 0; i < term->length; i++) {
        enum sn_operation operation = term->code[i].operation;
        if (operation <= SN_PUSH_TMAX) {
            stack[++top] = push(term, i, &from, doubles);
        } else if (operation == SN_NEG || operation == SN_POWER ||
                   operation == SN_APPLY) {
            stack[top] = change(
                operation, term->code[i].argument, &stack[top], doubles, axes);
        } else {
            top--;
            stack[top] =
                combine(operation, &stack[top], &stack[top + 1], axes);
        }
    }
    give(value, &stack[0], axes);
}

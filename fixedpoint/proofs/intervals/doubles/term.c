/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes as term.c and jet.c have them, in doubles. */
#include "fixedpoint/proofs/intervals/term.h"
#include "fixedpoint/proofs/intervals/doubles/doubles.h"
#include "fixedpoint/proofs/intervals/doubles/moments.h"

/* A function on a box and its slopes along the axes. */
struct jet {
    struct iv_span f, d[IV_AXES];
};

struct source {
    const struct iv_piece *piece;
    const double (*x)[2];
    int axes;
    struct jet m, v;
};

static const struct iv_span zero = {0, 0}, one = {1, 1};

static struct jet constant(struct iv_span c)
{
    return (struct jet){.f = c};
}

/* NaN ends, which become the whole line, where it is not there. */
static struct jet coordinate(const struct source *from, int c)
{
    struct jet y = {.f = iv_whole};
    int axis = from->piece->at[c];
    if (axis < 0)
        return y;
    y.f = iv_span_of(from->x[axis][0], from->x[axis][1]);
    y.d[axis] = one;
    return y;
}

static struct jet multiply(const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = a == b ? iv_sqr(a->f) : iv_mul(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_add(iv_mul(a->d[i], b->f), iv_mul(a->f, b->d[i]));
    return y;
}

/* (a / b)' = (a' - (a / b) b') / b */
static struct jet divide(const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = iv_div(a->f, b->f)};
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_div(iv_sub(a->d[i], iv_mul(y.f, b->d[i])), b->f);
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
    const struct iv_piece *piece = from->piece;
    if (!piece->along_m)
        return constant(iv_span_mpfi(piece->omega));
    struct jet y = constant(zero);
    int axis = piece->at[IV_M];
    y.d[axis] = iv_div(one, iv_span_mpfi(piece->mu));
    y.f = iv_mul(from->m.f, y.d[axis]);
    return y;
}

static struct jet tmax(const struct source *from)
{
    const struct iv_piece *piece = from->piece;
    if (!piece->along_v)
        return constant(iv_span_mpfi(piece->tau));
    struct jet y = constant(zero);
    int axis = piece->at[IV_V];
    y.d[axis] = iv_div(one, iv_span_mpfi(piece->nu));
    y.f = iv_mul(from->v.f, y.d[axis]);
    return y;
}

/* From derivatives in m and v to those along the axes. */
static struct jet atom(const struct source *from, const struct iv_pair *value)
{
    struct jet y = {.f = value->f};
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
static struct jet chain(
    struct iv_span f, struct iv_span slope, const struct jet *a, int axes)
{
    struct jet y = {.f = f};
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

static struct jet hypotenuse(
    const struct jet *a, const struct jet *b, int axes)
{
    struct jet y = {.f = iv_root(iv_add(iv_sqr(a->f), iv_sqr(b->f)))};
    struct iv_span p = direction(a->f, y.f), q = direction(b->f, y.f);
    for (int i = 0; i < axes; i++)
        y.d[i] = iv_add(iv_mul(p, a->d[i]), iv_mul(q, b->d[i]));
    return y;
}

/* A function of one jet; see apply() of jet.c. */
static struct jet apply(enum iv_unary function, const struct jet *a,
    struct iv_doubles *doubles, int axes)
{
    struct iv_span x = a->f, f, t;
    switch (function) {
    case IV_SQRT:
        f = iv_root(x);
        return chain(f, iv_div(one, iv_scale(f, 2)), a, axes);
    case IV_EXP:
        f = iv_series_over(&doubles->exp, iv_neg(x));
        return chain(f, f, a, axes);
    case IV_ERFCX:
        f = iv_series_over(&doubles->erfcx, x);
        t = iv_sub(iv_mul(f, x), iv_div(one, doubles->sqrt_pi));
        t = iv_scale(t, 2);
        if (t.hi > 0)
            t.hi = t.lo > 0 ? t.hi : 0;
        return chain(f, t, a, axes);
    case IV_SIGN:
        if (x.lo > 0 || x.hi < 0)
            return constant(x.lo > 0 ? one : iv_neg(one));
        return chain(
            iv_span_is_whole(x) ? x : iv_span_of(-1, 1), iv_whole, a, axes);
    case IV_ABS:
        t = x.lo >= 0 ? one : x.hi <= 0 ? iv_neg(one) : iv_span_of(-1, 1);
        return chain(iv_modulus(x), t, a, axes);
    default: /* erfc stands in no formula that is searched often */
        return chain(iv_whole, iv_whole, a, axes);
    }
}

static struct jet push(const struct iv_term *term, int i,
    const struct source *from, struct iv_doubles *doubles)
{
    int argument = term->code[i].argument;
    switch (term->code[i].operation) {
    case IV_PUSH_NUMBER:
        return constant(iv_span_mpfi(term->number[argument]));
    case IV_PUSH_COORDINATE:
        return argument == IV_M   ? product(from, IV_M, IV_MU, IV_OMEGA)
               : argument == IV_V ? product(from, IV_V, IV_NU, IV_TAU)
                                  : coordinate(from, argument);
    case IV_PUSH_ATOM:
        return atom(from, iv_doubles_atom(doubles, (enum iv_atom)argument));
    case IV_PUSH_LAMBDA:
        return constant(doubles->lambda);
    case IV_PUSH_ALPHA:
        return constant(doubles->alpha);
    case IV_PUSH_PI:
        return constant(iv_sqr(doubles->sqrt_pi));
    case IV_PUSH_WMAX:
        return wmax(from);
    default:
        return tmax(from);
    }
}

static struct jet combine(enum iv_operation operation, const struct jet *a,
    const struct jet *b, int axes)
{
    struct jet y;
    switch (operation) {
    case IV_ADD:
        y.f = iv_add(a->f, b->f);
        for (int i = 0; i < axes; i++)
            y.d[i] = iv_add(a->d[i], b->d[i]);
        return y;
    case IV_SUB:
        y.f = iv_sub(a->f, b->f);
        for (int i = 0; i < axes; i++)
            y.d[i] = iv_sub(a->d[i], b->d[i]);
        return y;
    case IV_MUL:
        return multiply(a, b, axes);
    case IV_DIV:
        return divide(a, b, axes);
    default:
        return hypotenuse(a, b, axes);
    }
}

static struct jet change(enum iv_operation operation, int argument,
    const struct jet *a, struct iv_doubles *doubles, int axes)
{
    if (operation == IV_APPLY)
        return apply((enum iv_unary)argument, a, doubles, axes);
    if (operation == IV_NEG)
        return chain(iv_neg(a->f), iv_neg(one), a, axes);
    struct iv_span slope = zero;
    double k = argument;
    if (argument)
        slope = iv_mul(iv_span_of(k, k), power(a->f, argument - 1));
    return chain(power(a->f, argument), slope, a, axes);
}

static void give(struct iv_jet *value, const struct jet *y, int axes)
{
    value->axes = axes;
    mpfi_interv_d(value->f, y->f.lo, y->f.hi);
    for (int i = 0; i < axes; i++)
        mpfi_interv_d(value->d[i], y->d[i].lo, y->d[i].hi);
}

void iv_term_evaluate_doubles(struct iv_jet *value, const struct iv_term *term,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_doubles *doubles, const struct iv_selu *selu)
{
    struct source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    struct jet stack[IV_MAX_STACK];
    int axes = from.axes, top = -1;
    doubles->lambda = iv_span_mpfi(selu->lambda);
    doubles->alpha = iv_span_mpfi(selu->alpha);
    if (term->uses_map || term->reduced) {
        from.m = product(&from, IV_M, IV_MU, IV_OMEGA);
        from.v = product(&from, IV_V, IV_NU, IV_TAU);
    }
    if (term->uses_map)
        iv_doubles_set(doubles, from.m.f, from.v.f, term->derivatives, slopes);
    for (int i = 0; i < term->length; i++) {
        enum iv_operation operation = term->code[i].operation;
        if (operation <= IV_PUSH_TMAX) {
            stack[++top] = push(term, i, &from, doubles);
        } else if (operation == IV_NEG || operation == IV_POWER ||
                   operation == IV_APPLY) {
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

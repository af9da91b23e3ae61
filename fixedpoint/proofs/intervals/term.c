/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes: a stack of jets along the axes of a piece. */
#include "fixedpoint/proofs/intervals/term.h"
#include <math.h>

bool iv_term_folds_m(const struct iv_term *term)
{
    return !term->named[IV_MU] && !term->named[IV_OMEGA];
}

bool iv_term_folds_v(const struct iv_term *term)
{
    return !term->named[IV_NU] && !term->named[IV_TAU];
}

/* Where the values of coordinates come from: a box, or decimals. */
struct source {
    const struct iv_piece *piece;
    const double (*x)[2];
    const struct iv_place *place; /* unless NULL: in place of x */
    int axes;                     /* of the derivatives: 0 for none */
};

static void constant(struct iv_jet *y, mpfi_srcptr c, int axes)
{
    y->axes = axes;
    mpfi_set(y->f, c);
    for (int i = 0; i < axes; i++)
        mpfi_set_ui(y->d[i], 0);
}

/* False where the coordinate is not there. */
static bool coordinate(struct iv_jet *y, const struct source *from, int c)
{
    int axes = from->axes, axis = from->piece->at[c];
    y->axes = axes;
    if (from->place) {
        if (!from->place->text[c] ||
            iv_decimal_mpfi(y->f, from->place->text[c]))
            return false;
    } else if (axis < 0) {
        return false;
    } else {
        mpfi_interv_d(y->f, from->x[axis][0], from->x[axis][1]);
    }
    for (int i = 0; i < axes; i++)
        mpfi_set_ui(y->d[i], i == axis);
    return true;
}

/* m or v: a coordinate, or the product of two. */
static bool product(struct iv_jet *y, struct iv_term *f,
    const struct source *from, int c, int a, int b)
{
    struct iv_jet *other = &f->scratch.jet;
    if (coordinate(y, from, c))
        return true;
    if (!coordinate(y, from, a) || !coordinate(other, from, b))
        return false;
    /* y->d is 1 along a, other->d is 1 along b */
    for (int i = 0; i < y->axes; i++) {
        bool in_a = i == from->piece->at[a], in_b = i == from->piece->at[b];
        if (in_a)
            mpfi_set(y->d[i], other->f);
        else if (in_b)
            mpfi_set(y->d[i], y->f);
    }
    mpfi_mul(y->f, y->f, other->f);
    return true;
}

/* omega on the piece up to its sign, which no singular value sees. */
static void wmax(
    struct iv_jet *y, struct iv_term *f, const struct source *from)
{
    const struct iv_piece *piece = from->piece;
    constant(y, piece->omega, from->axes);
    if (from->place) {
        if (!from->place->text[IV_OMEGA] ||
            iv_decimal_mpfi(y->f, from->place->text[IV_OMEGA]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_m) {
        int axis = piece->at[IV_M];
        mpfi_inv(y->d[axis], piece->mu);
        mpfi_mul(y->f, f->m.f, y->d[axis]);
    }
}

static void tmax(
    struct iv_jet *y, struct iv_term *f, const struct source *from)
{
    const struct iv_piece *piece = from->piece;
    constant(y, piece->tau, from->axes);
    if (from->place) {
        if (!from->place->text[IV_TAU] ||
            iv_decimal_mpfi(y->f, from->place->text[IV_TAU]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_v) {
        int axis = piece->at[IV_V];
        mpfi_inv(y->d[axis], piece->nu);
        mpfi_div(y->f, f->v.f, piece->nu);
    }
}

/* From derivatives in m and v to those along the axes. */
static void atom(
    struct iv_jet *y, struct iv_term *f, const struct iv_jet *value, int axes)
{
    y->axes = axes;
    mpfi_set(y->f, value->f);
    for (int i = 0; i < axes; i++) {
        mpfi_mul(y->d[i], value->d[0], f->m.d[i]);
        mpfi_mul(f->scratch.t, value->d[1], f->v.d[i]);
        mpfi_add(y->d[i], y->d[i], f->scratch.t);
    }
}

static bool push_coordinate(
    struct iv_jet *y, struct iv_term *f, const struct source *from, int c)
{
    return c == IV_M   ? product(y, f, from, IV_M, IV_MU, IV_OMEGA)
           : c == IV_V ? product(y, f, from, IV_V, IV_NU, IV_TAU)
                       : coordinate(y, from, c);
}

static bool run(struct iv_term *f, const struct source *from,
    struct iv_map *map, const struct iv_selu *selu)
{
    int axes = from->axes, top = -1;
    bool known = true;
    if (f->uses_map || f->reduced)
        known = product(&f->m, f, from, IV_M, IV_MU, IV_OMEGA) &&
                product(&f->v, f, from, IV_V, IV_NU, IV_TAU);
    if (!known)
        return false;
    if (f->uses_map)
        iv_map_set(map, f->m.f, f->v.f, selu, f->derivatives, axes > 0);
    for (int i = 0; i < f->length; i++) {
        int argument = f->code[i].argument;
        enum iv_operation operation = f->code[i].operation;
        if (operation <= IV_PUSH_TMAX)
            top++;
        else if (operation <= IV_DIV || operation == IV_HYPOT)
            top--;
        struct iv_jet *a = &f->stack[top], *b = a + 1;
        switch (operation) {
        case IV_PUSH_NUMBER:
            constant(a, f->number[argument], axes);
            break;
        case IV_PUSH_COORDINATE:
            if (!push_coordinate(a, f, from, argument))
                return false;
            break;
        case IV_PUSH_ATOM:
            atom(a, f, iv_map_atom(map, (enum iv_atom)argument), axes);
            break;
        case IV_PUSH_LAMBDA:
            constant(a, selu->lambda, axes);
            break;
        case IV_PUSH_ALPHA:
            constant(a, selu->alpha, axes);
            break;
        case IV_PUSH_PI:
            mpfi_const_pi(f->scratch.t);
            constant(a, f->scratch.t, axes);
            break;
        case IV_PUSH_WMAX:
            wmax(a, f, from);
            break;
        case IV_PUSH_TMAX:
            tmax(a, f, from);
            break;
        case IV_ADD:
            iv_jet_add(a, a, b);
            break;
        case IV_SUB:
            iv_jet_sub(a, a, b);
            break;
        case IV_MUL:
            iv_jet_mul(a, a, b, &f->scratch);
            break;
        case IV_DIV:
            iv_jet_div(a, a, b, &f->scratch);
            break;
        case IV_NEG:
            iv_jet_neg(a, a);
            break;
        case IV_POWER:
            iv_jet_power(a, a, (unsigned)argument, &f->scratch);
            break;
        case IV_HYPOT:
            iv_jet_hypot(a, a, b, &f->scratch);
            break;
        case IV_APPLY:
            iv_jet_apply((enum iv_unary)argument, a, a, &f->scratch);
            break;
        }
    }
    return true;
}

void iv_term_evaluate(struct iv_jet *value, struct iv_term *formula,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_map *map, const struct iv_selu *selu)
{
    struct source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    if (run(formula, &from, map, selu)) {
        iv_jet_set(value, &formula->stack[0]);
        return;
    }
    value->axes = from.axes;
    mpfr_set_nan(&value->f->left);
    mpfr_set_nan(&value->f->right);
}

void iv_term_at(mpfi_ptr value, struct iv_term *formula,
    const struct iv_place *place, struct iv_map *map,
    const struct iv_selu *selu)
{
    struct iv_piece piece;
    iv_piece_init(&piece);
    struct source from = {.piece = &piece, .place = place};
    bool known = run(formula, &from, map, selu);
    mpfi_set(value, formula->stack[0].f);
    if (!known || !iv_is_interval(value))
        mpfi_interv_d(value, -INFINITY, INFINITY);
    iv_piece_clear(&piece);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes: a stack of jets along the axes of a piece. */
#include "fixedpoint/proofs/intervals/term.h"
#include <math.h>

bool sn_term_folds_m(const struct sn_term *term)
{
    return !term->named[SN_MU] && !term->named[SN_OMEGA];
}

bool sn_term_folds_v(const struct sn_term *term)
{
    return !term->named[SN_NU] && !term->named[SN_TAU];
}

/* Where the values of coordinates come from: a box, or decimals. */
struct source {
    const struct sn_piece *piece;
    const double (*x)[2];
    const struct sn_place *place; /* unless NULL: in place of x */
    int axes;                     /* of the derivatives: 0 for none */
};

static void constant(struct sn_jet *y, mpfi_srcptr c, int axes)
{
    y->axes = axes;
    mpfi_set(y->f, c);
    for (int i = 0; i < axes; i++)
        mpfi_set_ui(y->d[i], 0);
}

/* False where the coordinate is not there. */
static bool coordinate(struct sn_jet *y, const struct source *from, int c)
{
    int axes = from->axes, axis = from->piece->at[c];
    y->axes = axes;
    if (from->place) {
        if (!from->place->text[c] ||
            sn_decimal_mpfi(y->f, from->place->text[c]))
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
static bool product(struct sn_jet *y, struct sn_term *f,
    const struct source *from, int c, int a, int b)
{
    struct sn_jet *other = &f->scratch.jet;
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
    struct sn_jet *y, struct sn_term *f, const struct source *from)
{
    const struct sn_piece *piece = from->piece;
    constant(y, piece->omega, from->axes);
    if (from->place) {
        if (!from->place->text[SN_OMEGA] ||
            sn_decimal_mpfi(y->f, from->place->text[SN_OMEGA]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_m) {
        int axis = piece->at[SN_M];
        mpfi_inv(y->d[axis], piece->mu);
        mpfi_mul(y->f, f->m.f, y->d[axis]);
    }
}

static void tmax(
    struct sn_jet *y, struct sn_term *f, const struct source *from)
{
    const struct sn_piece *piece = from->piece;
    constant(y, piece->tau, from->axes);
    if (from->place) {
        if (!from->place->text[SN_TAU] ||
            sn_decimal_mpfi(y->f, from->place->text[SN_TAU]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_v) {
        int axis = piece->at[SN_V];
        mpfi_inv(y->d[axis], piece->nu);
        mpfi_div(y->f, f->v.f, piece->nu);
    }
}

/* From derivatives in m and v to those along the axes. */
static void atom(
    struct sn_jet *y, struct sn_term *f, const struct sn_jet *value, int axes)
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
    struct sn_jet *y, struct sn_term *f, const struct source *from, int c)
{
    return c == SN_M   ? product(y, f, from, SN_M, SN_MU, SN_OMEGA)
           : c == SN_V ? product(y, f, from, SN_V, SN_NU, SN_TAU)
                       : coordinate(y, from, c);
}

static bool run(struct sn_term *f, const struct source *from,
    struct sn_map *map, const struct sn_selu *selu)
{
    int axes = from->axes, top = -1;
    bool known = true;
    if (f->uses_map || f->reduced)
        known = product(&f->m, f, from, SN_M, SN_MU, SN_OMEGA) &&
                product(&f->v, f, from, SN_V, SN_NU, SN_TAU);
    if (!known)
        return false;
    if (f->uses_map)
        sn_map_set(map, f->m.f, f->v.f, selu, f->derivatives, axes > 0);
    for (int i = 0; i < f->length; i++) {
        int argument = f->code[i].argument;
        enum sn_operation operation = f->code[i].operation;
        if (operation <= SN_PUSH_TMAX)
            top++;
        else if (operation <= SN_DIV || operation == SN_HYPOT)
            top--;
        struct sn_jet *a = &f->stack[top], *b = a + 1;
        switch (operation) {
        case SN_PUSH_NUMBER:
            constant(a, f->number[argument], axes);
            break;
        case SN_PUSH_COORDINATE:
            if (!push_coordinate(a, f, from, argument))
                return false;
            break;
        case SN_PUSH_ATOM:
            atom(a, f, sn_map_atom(map, (enum sn_atom)argument), axes);
            break;
        case SN_PUSH_LAMBDA:
            constant(a, selu->lambda, axes);
            break;
        case SN_PUSH_ALPHA:
            constant(a, selu->alpha, axes);
            break;
        case SN_PUSH_PI:
            mpfi_const_pi(f->scratch.t);
            constant(a, f->scratch.t, axes);
            break;
        case SN_PUSH_WMAX:
            wmax(a, f, from);
            break;
        case SN_PUSH_TMAX:
            tmax(a, f, from);
            break;
        case SN_ADD:
            sn_jet_add(a, a, b);
            break;
        case SN_SUB:
            sn_jet_sub(a, a, b);
            break;
        case SN_MUL:
            sn_jet_mul(a, a, b, &f->scratch);
            break;
        case SN_DIV:
            sn_jet_div(a, a, b, &f->scratch);
            break;
        case SN_NEG:
            sn_jet_neg(a, a);
            break;
        case SN_POWER:
            sn_jet_power(a, a, (unsigned)argument, &f->scratch);
            break;
        case SN_HYPOT:
            sn_jet_hypot(a, a, b, &f->scratch);
            break;
        case SN_APPLY:
            sn_jet_apply((enum sn_unary)argument, a, a, &f->scratch);
            break;
        }
    }
    return true;
}

void sn_term_evaluate(struct sn_jet *value, struct sn_term *formula,
    const double x[SN_AXES][2], const struct sn_piece *piece, bool slopes,
    struct sn_map *map, const struct sn_selu *selu)
{
    struct source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    if (run(formula, &from, map, selu)) {
        sn_jet_set(value, &formula->stack[0]);
        return;
    }
    value->axes = from.axes;
    mpfr_set_nan(&value->f->left);
    mpfr_set_nan(&value->f->right);
}

void sn_term_at(mpfi_ptr value, struct sn_term *formula,
    const struct sn_place *place, struct sn_map *map,
    const struct sn_selu *selu)
{
    struct sn_piece piece;
    sn_piece_init(&piece);
    struct source from = {.piece = &piece, .place = place};
    bool known = run(formula, &from, map, selu);
    mpfi_set(value, formula->stack[0].f);
    if (!known || !sn_is_interval(value))
        mpfi_interv_d(value, -INFINITY, INFINITY);
    sn_piece_clear(&piece);
}

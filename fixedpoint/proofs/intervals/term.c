/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on boxes: jets along the axes of a piece. */
#include "fixedpoint/proofs/intervals/term.h"
#include "fixedpoint/expressions/evaluate.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- texts ---------------------------------------------------------- */

/* The names that are not coordinates or atoms. */
static const struct expr_name other_names[] = {
    {"wmax", EXPR_VARIABLE, IV_TERM_WMAX},
    {"tmax", EXPR_VARIABLE, IV_TERM_TMAX},
    {"lambda", EXPR_VARIABLE, IV_TERM_LAMBDA},
    {"alpha", EXPR_VARIABLE, IV_TERM_ALPHA}, {"pi", EXPR_PI, 0},
    {"exp", EXPR_EXP, 0}, {"expm1", EXPR_EXPM1, 0}, {"log", EXPR_LOG, 0},
    {"log1p", EXPR_LOG1P, 0}, {"tanh", EXPR_TANH, 0}, {"erf", EXPR_ERF, 0},
    {"erfc", EXPR_ERFC, 0}, {"erfcx", EXPR_ERFCX, 0}, {"sqrt", EXPR_SQRT, 0},
    {"abs", EXPR_ABS, 0}, {"sign", EXPR_SIGN, 0}, {"hypot", EXPR_HYPOT, 0}};
enum { OTHER_NAMES = sizeof other_names / sizeof *other_names };

static enum sn_status parse_formula(
    struct expr_expression *f, const char *text, struct expr_fault *fault)
{
    struct expr_name name[IV_COORDINATES + IV_ATOMS + OTHER_NAMES];
    int count = 0;
    for (int i = 0; i < IV_COORDINATES; i++)
        name[count++] = (struct expr_name){iv_coordinate[i], EXPR_VARIABLE, i};
    for (int i = 0; i < OTHER_NAMES; i++)
        name[count++] = other_names[i];
    for (int i = 0; i < IV_ATOMS; i++)
        name[count++] = (struct expr_name){
            iv_atom_name[i], EXPR_VARIABLE, IV_TERM_ATOM + i};
    struct expr_language language = {.name = name, .names = count};
    return expr_parse(f, text, &language, fault);
}

/* What a variable asks of an evaluation. */
static void note_variable(struct iv_term *term, int variable)
{
    if (variable < IV_COORDINATES) {
        term->named[variable] = true;
    } else if (variable >= IV_TERM_ATOM) {
        int derivatives =
            iv_atom_derivatives((enum iv_atom)(variable - IV_TERM_ATOM));
        term->uses_map = true;
        if (derivatives > term->derivatives)
            term->derivatives = derivatives;
    } else {
        term->reduced |= variable == IV_TERM_WMAX || variable == IV_TERM_TMAX;
    }
}

/* The steps, from the value back to what it needs; false: no memory. */
static bool find_steps(struct iv_term *term)
{
    const struct expr_expression *f = &term->f;
    bool *live = calloc((size_t)f->value + 1, sizeof *live);
    term->step = calloc((size_t)f->value + 1, sizeof *term->step);
    if (!live || !term->step) {
        free(live);
        return false;
    }
    live[f->value] = true;
    for (int i = f->value; i > 0; i--) {
        const struct expr_node *node = &f->node[i];
        int operand[3] = {node->a, node->b, node->c};
        bool modulus = expr_is_modulus(f, i);
        for (int k = modulus ? 2 : 0; live[i] && k < expr_operands(node->op);
             k++)
            live[operand[k]] = true;
    }
    for (int i = 0; i <= f->value; i++)
        if (live[i] && !f->node[i].constant) {
            term->step[term->steps++] = i;
            if (f->node[i].op == EXPR_VARIABLE)
                note_variable(term, f->node[i].variable);
        }
    free(live);
    return true;
}

/* Room for jets, and the constants in theirs; false: no memory. */
static bool set_constants(struct iv_term *term)
{
    const struct expr_expression *f = &term->f;
    term->jet = calloc((size_t)f->count, sizeof *term->jet);
    term->span = calloc((size_t)f->count, sizeof *term->span);
    if (!term->jet || !term->span) {
        free(term->jet);
        term->jet = NULL;
        return false;
    }
    arb_ptr value = _arb_vec_init(f->count);
    expr_constants_arb(value, f, 2 * IV_PROOF_PRECISION);
    for (int i = 0; i < f->count; i++) {
        struct iv_jet *y = &term->jet[i];
        iv_jet_init(y);
        if (!f->node[i].constant)
            continue;
        if (arb_is_finite(value + i))
            arb_get_interval_mpfr(&y->f->left, &y->f->right, value + i);
        for (int k = 0; k < IV_AXES; k++)
            mpfi_set_ui(y->d[k], 0);
        term->span[i].f = iv_span_mpfi(y->f);
    }
    _arb_vec_clear(value, f->count);
    return true;
}

static bool names_what_is_reduced(
    const struct iv_term *term, struct expr_fault *fault)
{
    for (int i = IV_MU; term->reduced && i <= IV_TAU; i++)
        if (term->named[i]) {
            snprintf(fault->reason, sizeof fault->reason,
                "wmax and tmax beside %s", iv_coordinate[i]);
            return true;
        }
    return false;
}

struct iv_term *iv_term_new(const char *text, struct expr_fault *fault)
{
    struct expr_fault own;
    struct expr_fault *why = fault ? fault : &own;
    struct iv_term *term = calloc(1, sizeof *term);
    *why = (struct expr_fault){.reason = "no memory"};
    if (!term)
        return NULL;
    expr_init(&term->f);
    iv_jet_init(&term->m);
    iv_jet_init(&term->v);
    iv_scratch_init(&term->scratch);
    if (parse_formula(&term->f, text, why) == SN_OK && find_steps(term) &&
        !names_what_is_reduced(term, why) && set_constants(term))
        return term;
    iv_term_free(term);
    return NULL;
}

void iv_term_free(struct iv_term *term)
{
    if (!term)
        return;
    for (int i = 0; term->jet && i < term->f.count; i++)
        iv_jet_clear(&term->jet[i]);
    free(term->jet);
    free(term->span);
    free(term->step);
    iv_jet_clear(&term->m);
    iv_jet_clear(&term->v);
    iv_scratch_clear(&term->scratch);
    expr_clear(&term->f);
    free(term);
}

bool iv_term_folds_m(const struct iv_term *term)
{
    return !term->named[IV_MU] && !term->named[IV_OMEGA];
}

bool iv_term_folds_v(const struct iv_term *term)
{
    return !term->named[IV_NU] && !term->named[IV_TAU];
}

/* Where the values of coordinates come from: a box, or decimals. */
struct iv_source {
    const struct iv_piece *piece;
    const double (*x)[2];
    const struct iv_place *place; /* unless NULL: in place of x */
    int axes;                     /* of the derivatives: 0 for none */
};

static void set_constant(struct iv_jet *y, mpfi_srcptr c, int axes)
{
    y->axes = axes;
    mpfi_set(y->f, c);
    for (int i = 0; i < axes; i++)
        mpfi_set_ui(y->d[i], 0);
}

/* False where the coordinate is not there. */
static bool set_coordinate(
    struct iv_jet *y, const struct iv_source *from, int c)
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
static bool set_product(struct iv_jet *y, struct iv_term *term,
    const struct iv_source *from, int c, int a, int b)
{
    struct iv_jet *other = &term->scratch.jet;
    if (set_coordinate(y, from, c))
        return true;
    if (!set_coordinate(y, from, a) || !set_coordinate(other, from, b))
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
static void set_wmax(
    struct iv_jet *y, struct iv_term *term, const struct iv_source *from)
{
    const struct iv_piece *piece = from->piece;
    set_constant(y, piece->omega, from->axes);
    if (from->place) {
        if (!from->place->text[IV_OMEGA] ||
            iv_decimal_mpfi(y->f, from->place->text[IV_OMEGA]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_m) {
        int axis = piece->at[IV_M];
        mpfi_inv(y->d[axis], piece->mu);
        mpfi_mul(y->f, term->m.f, y->d[axis]);
    }
}

static void set_tmax(
    struct iv_jet *y, struct iv_term *term, const struct iv_source *from)
{
    const struct iv_piece *piece = from->piece;
    set_constant(y, piece->tau, from->axes);
    if (from->place) {
        if (!from->place->text[IV_TAU] ||
            iv_decimal_mpfi(y->f, from->place->text[IV_TAU]))
            mpfi_interv_d(y->f, -INFINITY, INFINITY);
    } else if (piece->along_v) {
        int axis = piece->at[IV_V];
        mpfi_inv(y->d[axis], piece->nu);
        mpfi_div(y->f, term->v.f, piece->nu);
    }
}

/* From derivatives in m and v to those along the axes. */
static void set_atom(struct iv_jet *y, struct iv_term *term,
    const struct iv_jet *value, int axes)
{
    y->axes = axes;
    mpfi_set(y->f, value->f);
    for (int i = 0; i < axes; i++) {
        mpfi_mul(y->d[i], value->d[0], term->m.d[i]);
        mpfi_mul(term->scratch.t, value->d[1], term->v.d[i]);
        mpfi_add(y->d[i], y->d[i], term->scratch.t);
    }
}

/* ---- values --------------------------------------------------------- */

/* False where the coordinates that it needs are not there. */
static bool set_variable(struct iv_jet *y, struct iv_term *term, int variable,
    const struct iv_source *from, struct iv_map *map,
    const struct iv_selu *selu)
{
    switch (variable) {
    case IV_M:
        return set_product(y, term, from, IV_M, IV_MU, IV_OMEGA);
    case IV_V:
        return set_product(y, term, from, IV_V, IV_NU, IV_TAU);
    case IV_TERM_WMAX:
        set_wmax(y, term, from);
        return true;
    case IV_TERM_TMAX:
        set_tmax(y, term, from);
        return true;
    case IV_TERM_LAMBDA:
    case IV_TERM_ALPHA:
        set_constant(y,
            variable == IV_TERM_LAMBDA ? selu->lambda : selu->alpha,
            from->axes);
        return true;
    default:
        break;
    }
    if (variable < IV_COORDINATES)
        return set_coordinate(y, from, variable);
    enum iv_atom atom = (enum iv_atom)(variable - IV_TERM_ATOM);
    set_atom(y, term, iv_map_atom(map, atom), from->axes);
    return true;
}

static void set_operation(struct iv_term *term, int i)
{
    const struct expr_node *node = &term->f.node[i];
    struct iv_jet *y = &term->jet[i];
    const struct iv_jet *a = &term->jet[node->a], *b = &term->jet[node->b];
    switch (node->op) {
    case EXPR_ADD:
        iv_jet_add(y, a, b);
        break;
    case EXPR_SUB:
        iv_jet_sub(y, a, b);
        break;
    case EXPR_MUL:
        iv_jet_mul(y, a, b, &term->scratch);
        break;
    case EXPR_DIV:
        iv_jet_div(y, a, b, &term->scratch);
        break;
    case EXPR_HYPOT:
        iv_jet_hypot(y, a, b, &term->scratch);
        break;
    case EXPR_WHERE: /* of abs alone in this language */
        iv_jet_modulus(y, &term->jet[node->c], &term->scratch);
        break;
    default:
        iv_jet_apply(y, node, a, &term->scratch);
        break;
    }
}

/* The jets of all steps; false where a coordinate is not there. */
static bool run_term(struct iv_term *term, const struct iv_source *from,
    struct iv_map *map, const struct iv_selu *selu)
{
    int axes = from->axes;
    if ((term->uses_map || term->reduced) &&
        !(set_product(&term->m, term, from, IV_M, IV_MU, IV_OMEGA) &&
            set_product(&term->v, term, from, IV_V, IV_NU, IV_TAU)))
        return false;
    if (term->uses_map)
        iv_map_set(
            map, term->m.f, term->v.f, selu, term->derivatives, axes > 0);
    for (int i = 0; i < term->f.count; i++)
        term->jet[i].axes = axes; /* of the constants */
    for (int k = 0; k < term->steps; k++) {
        int i = term->step[k];
        const struct expr_node *node = &term->f.node[i];
        if (node->op != EXPR_VARIABLE)
            set_operation(term, i);
        else if (!set_variable(
                     &term->jet[i], term, node->variable, from, map, selu))
            return false;
    }
    return true;
}

void iv_term_evaluate(struct iv_jet *value, struct iv_term *term,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_map *map, const struct iv_selu *selu)
{
    struct iv_source from = {
        .piece = piece, .x = x, .axes = slopes ? piece->axes : 0};
    if (run_term(term, &from, map, selu)) {
        iv_jet_set(value, &term->jet[term->f.value]);
        return;
    }
    value->axes = from.axes;
    mpfr_set_nan(&value->f->left);
    mpfr_set_nan(&value->f->right);
}

void iv_term_at(mpfi_ptr value, struct iv_term *term,
    const struct iv_place *place, struct iv_map *map,
    const struct iv_selu *selu)
{
    NUM_STRUCT(iv_piece, piece);
    struct iv_source from = {.piece = &piece, .place = place};
    bool known = run_term(term, &from, map, selu);
    mpfi_set(value, term->jet[term->f.value].f);
    if (!known || !iv_is_interval(value))
        mpfi_interv_d(value, -INFINITY, INFINITY);
}

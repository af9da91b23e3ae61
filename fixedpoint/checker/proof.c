/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One inequality: its bound on every box of the trees that cut up its domain,
 * its witness.  A tree is a line "." for a box, or an axis and where it is
 * cut, with the trees of the lower and the upper half after it; so the boxes
 * cover all, whatever the numbers are.
 */
#include "fixedpoint/checker/parts.h"
#include <math.h>
#include <string.h>
#include <stdlib.h>
#include <stdio.h>

struct proof {
    struct snc_state *c;
    const struct snc_row *row;
    struct snc_piece piece;
    arf_t bound;  /* of sense times the formula, rounded down */
    arb_ptr here; /* room for a value and its slopes */
};

/* The formula with what stands in c->at, along so many axes. */
static void evaluate(
    arb_ptr y, struct snc_state *c, const char *formula, int axes)
{
    arb_ptr at = c->at, m = at + SNC_JET * SNC_M, v = at + SNC_JET * SNC_V;
    struct snc_scope scope = {.prec = SNC_PREC,
        .axes = axes,
        .names = SNC_VALUES,
        .moments = &c->box,
        .m = m,
        .v = v};
    for (int i = 0; i < SNC_VALUES; i++) {
        scope.name[i].text = snc_coordinate[i];
        scope.name[i].value = at + SNC_JET * i;
    }
    c->work++;
    snc_moments_on(&c->box, &c->centre, m, v, at + SNC_JET * SNC_LAMBDA,
        at + SNC_JET * SNC_ALPHA, snc_moment_orders(formula));
    snc_formula(y, formula, &scope);
}

/* Values and slopes of the coordinates on a box of the piece. */
static void place(struct proof *p, const double x[SNC_AXES][2])
{
    const struct snc_piece *piece = &p->piece;
    arb_ptr at = p->c->at;
    NUM_ARB(end);
    _arb_vec_indeterminate(at, SNC_JET * SNC_COORDINATES);
    for (int k = 0; k < piece->axes; k++) {
        arb_ptr y = at + SNC_JET * piece->axis[k];
        _arb_vec_zero(y, SNC_JET);
        arb_set_d(y, x[k][0]);
        arb_set_d(end, x[k][1]);
        arb_union(y, y, end, SNC_PREC);
        arb_one(y + 1 + k);
    }
    for (int i = 0; i < 2; i++) { /* m = mu omega, v = nu tau */
        arb_ptr a = at + SNC_JET * i, b = a + 2 * SNC_JET;
        arb_ptr ab = at + SNC_JET * (SNC_M + i);
        bool along = i ? piece->along_v : piece->along_m;
        if (arb_is_finite(a)) {
            _arb_vec_scalar_mul(ab, a, SNC_JET, b, SNC_PREC);
            _arb_vec_scalar_addmul(ab + 1, b + 1, SNC_AXES, a, SNC_PREC);
        } else if (piece->reduced && along) {
            _arb_vec_scalar_div(b, ab, SNC_JET, piece->least + i, SNC_PREC);
            if (!i && piece->sign < 0)
                _arb_vec_neg(b, b, SNC_JET);
        } else if (piece->reduced) {
            _arb_vec_zero(b, SNC_JET);
            arb_set(b, piece->most + i);
        }
    }
}

/* sense times the formula on a box, and its slopes. */
static void on_box(
    arb_ptr y, struct proof *p, const double x[SNC_AXES][2], bool slopes)
{
    place(p, x);
    evaluate(y, p->c, p->row->formula, slopes ? p->piece.axes : 0);
    if (p->row->sense < 0)
        _arb_vec_neg(y, y, SNC_JET);
}

/* x <= bound, proven: of no number it is not. */
static bool is_below(const arb_t x, const arf_t bound)
{
    NUM_ARF(end);
    arb_get_ubound_arf(end, x, SNC_PREC);
    return arb_is_finite(x) && arf_cmp(end, bound) <= 0;
}

static double middle(const double x[2])
{
    return x[0] > 0 && x[1] > 4 * x[0] ? sqrt(x[0]) * sqrt(x[1])
                                       : x[0] / 2 + x[1] / 2;
}

/*
 * The value at the middle and what the slopes add to it; *widest is the axis
 * that adds most, -1 if all are points.
 */
static bool by_mean_value(
    struct proof *p, const double x[SNC_AXES][2], int *widest)
{
    double at[SNC_AXES][2];
    arb_ptr there = _arb_vec_init(SNC_JET + 2), step = there + SNC_JET,
            side = step + 1;
    double most = 0;
    *widest = -1;
    for (int i = 0; i < p->piece.axes; i++)
        at[i][0] = at[i][1] = middle(x[i]);
    on_box(there, p, (const double(*)[2])at, false);
    for (int i = 0; i < p->piece.axes; i++) {
        if (x[i][0] == x[i][1])
            continue;
        /* slope times [x0 - at, x1 - at] */
        arb_set_d(step, x[i][0]);
        arb_set_d(side, x[i][1]);
        arb_union(step, step, side, SNC_PREC);
        arb_set_d(side, at[i][0]);
        arb_sub(step, step, side, SNC_PREC);
        arb_mul(step, step, p->here + 1 + i, SNC_PREC);
        arb_add(there, there, step, SNC_PREC);
        /* where nothing is known of the slope, the longest first */
        double weight = arb_is_finite(step) ? mag_get_d(arb_radref(step))
                                            : 1e100 * (x[i][1] - x[i][0]);
        if (*widest < 0 || weight > most) {
            most = weight;
            *widest = i;
        }
    }
    bool good = is_below(there, p->bound);
    _arb_vec_clear(there, SNC_JET + 2);
    return good;
}

/* By the range, on the faces where the largest value must be, by the mean
   value theorem, else by halves. */
static bool holds(struct proof *p, const double box[SNC_AXES][2])
{
    double x[SNC_AXES][2], half[SNC_AXES][2];
    int widest;
    bool moved;
    memcpy(x, box, sizeof x);
    do {
        if (p->c->work >= p->c->allowed)
            return false;
        moved = false;
        on_box(p->here, p, (const double(*)[2])x, true);
        if (is_below(p->here, p->bound))
            return true;
        for (int i = 0; i < p->piece.axes; i++) {
            arb_srcptr slope = p->here + 1 + i;
            int up = arb_is_nonnegative(slope);
            if (x[i][0] == x[i][1] || (!up && !arb_is_nonpositive(slope)))
                continue;
            x[i][0] = x[i][1] = x[i][up];
            moved = true;
        }
    } while (moved);
    if (by_mean_value(p, (const double(*)[2])x, &widest))
        return true;
    if (widest < 0)
        return false;
    double cut = middle(x[widest]);
    if (!(cut > x[widest][0] && cut < x[widest][1]))
        return false;
    memcpy(half, x, sizeof half);
    half[widest][1] = cut;
    x[widest][0] = cut;
    return holds(p, (const double(*)[2])half) &&
           holds(p, (const double(*)[2])x);
}

/* The axis of a piece that the first word names, and where it is cut. */
static bool read_cut(int *axis, double *cut, struct proof *p)
{
    struct snc_reader *r = &p->c->reader;
    NUM_FMPQ(at);
    r->refusal->wanted = "'.', or an axis and where it is cut";
    if (r->words != 2)
        return snc_refuse(r, SNC_OTHER_LINE, r->line);
    r->refusal->wanted = NULL;
    for (*axis = 0; *axis < p->piece.axes; ++*axis)
        if (!strcmp(r->word[0], snc_coordinate[p->piece.axis[*axis]]))
            break;
    if (*axis == p->piece.axes)
        return snc_refuse(r, SNC_NO_AXIS, r->word[0]);
    bool good = snc_number(r, at, r->word[1]);
    if (good)
        *cut = snc_outside(at, false);
    return good;
}

/* A cut outside a box is one at its end. */
static bool check_tree(struct proof *p, double x[SNC_AXES][2], int depth)
{
    struct snc_state *c = p->c;
    struct snc_reader *r = &c->reader;
    int axis = 0;
    double cut = 0, end[2];
    if (!snc_line(r) || !snc_words(r))
        return false;
    if (r->words == 1 && !strcmp(r->word[0], ".")) {
        c->boxes++;
        c->allowed += SNC_WORK_BOX;
        return holds(p, (const double(*)[2])x) ||
               snc_refuse(r, SNC_NOT_CONFIRMED, NULL);
    }
    if (depth == SNC_DEEPEST)
        return snc_refuse(r, SNC_DEEP_TREE, NULL);
    if (!read_cut(&axis, &cut, p))
        return false;
    memcpy(end, x[axis], sizeof end);
    cut = fmin(fmax(cut, end[0]), end[1]);
    bool good = true;
    for (int side = 0; side < 2 && good; side++) {
        x[axis][side] = end[side];
        x[axis][!side] = cut;
        good = check_tree(p, x, depth + 1);
    }
    memcpy(x[axis], end, sizeof end);
    return good;
}

static bool check_trees(struct proof *p)
{
    const char *f = p->row->formula;
    bool fold_m = p->row->reduced || (!snc_formula_names(f, "mu") &&
                                         !snc_formula_names(f, "omega"));
    bool fold_v = p->row->reduced || (!snc_formula_names(f, "nu") &&
                                         !snc_formula_names(f, "tau"));
    p->piece.reduced = p->row->reduced;
    for (int k = 0; k < SNC_PIECES; k++)
        if (snc_piece_set(&p->piece, &p->c->domain, fold_m, fold_v, k) &&
            !check_tree(p, p->piece.x, 0))
            return false;
    return true;
}

/* ---- statements -------------------------------------------------------- */

/* x keeps the limit: sense x < limit, or <= where the row is closed. */
static bool keeps(
    const struct snc_state *c, const struct snc_row *row, const fmpq_t x)
{
    int order = row->sense * fmpq_cmp(x, c->limit);
    return order < 0 || (row->closed && !order);
}

/* "FORMULA < LIMIT for mu in ..."; what is known more follows. */
static void tell(struct snc_state *c, const struct snc_row *row, bool fails,
    const char *bound, const char *value)
{
    static const char *const relation[2][2] = {{">", ">="}, {"<", "<="}};
    char *text = NULL;
    size_t size;
    FILE *out = c->listener->inequality ? open_memstream(&text, &size) : NULL;
    c->inequalities++;
    if (!out)
        return;
    fprintf(out, "%s%s %s %s for ", fails ? "not everywhere " : "",
        row->formula, relation[row->sense > 0][row->closed], c->limit_text);
    snc_domain_print(out, &c->domain);
    const char *extreme = row->sense > 0 ? "largest" : "smallest";
    if (fails)
        fprintf(out, "; somewhere it is %s or %s", value,
            row->sense > 0 ? "more" : "less");
    else
        fprintf(out, "; the %s value is at %s %s%s%s", extreme,
            row->sense > 0 ? "most" : "least", bound,
            value ? row->sense > 0 ? ", at least " : ", at most " : "",
            value ? value : "");
    fclose(out);
    c->listener->inequality(c->listener->context, text);
    free(text);
}

/* The place in the domain: the line's words after the first. */
static bool read_place(struct snc_state *c, fmpq_t at[SNC_ENDS])
{
    struct snc_reader *r = &c->reader;
    for (int i = 0; i < SNC_S + c->domain.has_s; i++) {
        char **word = r->word + 1 + 2 * i;
        if (strcmp(word[0], snc_coordinate[i]))
            return snc_refuse(r, SNC_OTHER_LINE, word[0]);
        if (!snc_number(r, at[i], word[1]))
            return false;
        if (fmpq_cmp(at[i], c->domain.end[i][0]) < 0 ||
            fmpq_cmp(at[i], c->domain.end[i][1]) > 0)
            return snc_refuse(r, SNC_OUTSIDE, word[1]);
    }
    return true;
}

/* Values of the coordinates at a point of the domain, exactly. */
static void place_point(struct snc_state *c, fmpq_t at[SNC_ENDS])
{
    NUM_FMPQ(product);
    _arb_vec_indeterminate(c->at, SNC_JET * SNC_COORDINATES);
    for (int i = 0; i < SNC_S + c->domain.has_s; i++)
        arb_set_fmpq(c->at + SNC_JET * i, at[i], SNC_PREC);
    for (int i = 0; i < 2; i++) {
        fmpq_mul(product, at[i], at[i + 2]);
        arb_set_fmpq(c->at + SNC_JET * (SNC_M + i), product, SNC_PREC);
    }
}

/*
 * "witness mu X ... value Y": sense times the formula there is at least sense
 * times Y, which is kept as a number and a text.
 */
static bool check_witness(
    struct snc_state *c, const struct snc_row *row, fmpq_t value, char *text)
{
    struct snc_reader *r = &c->reader;
    int words = 2 * (SNC_S + c->domain.has_s) + 2;
    fmpq_t at[SNC_ENDS];
    if (!snc_keyword(r, "witness", words))
        return false;
    char **last = r->word + words - 1;
    if (strcmp(last[0], "value"))
        return snc_refuse(r, SNC_OTHER_LINE, last[0]);
    if (!snc_number(r, value, last[1]))
        return false;
    for (int i = 0; i < SNC_ENDS; i++)
        fmpq_init(at[i]);
    bool good = read_place(c, at);
    arb_ptr y = _arb_vec_init(2), said = y + 1;
    if (good) {
        place_point(c, at);
        evaluate(y, c, row->formula, 0);
        arb_set_fmpq(said, value, 2 * SNC_PREC);
        good = (arb_is_finite(y) &&
                   (row->sense > 0 ? arb_ge(y, said) : arb_le(y, said))) ||
               snc_refuse(r, SNC_OTHER_VALUE, last[1]);
        strcpy(text, last[1]);
    }
    _arb_vec_clear(y, 2);
    for (int i = 0; i < SNC_ENDS; i++)
        fmpq_clear(at[i]);
    return good;
}

bool snc_read_inequality(struct snc_state *c, int *number)
{
    struct snc_reader *r = &c->reader;
    if (!snc_line(r))
        return false;
    *number = 0;
    if (!strcmp(r->line, "end claim"))
        return true;
    r->refusal->wanted = "part, or end claim";
    if (!snc_words(r) || strcmp(r->word[0], "part") || r->words != 2)
        return snc_refuse(r, SNC_OTHER_LINE, r->line);
    size_t digits = strspn(r->word[1], "0123456789");
    if (!digits || digits > 4 || r->word[1][digits] || *r->word[1] == '0')
        return snc_refuse(r, SNC_OTHER_PART, r->word[1]);
    for (const char *p = r->word[1]; *p; p++)
        *number = 10 * *number + (*p - '0');
    r->refusal->wanted = "domain";
    if (!snc_line(r) || !snc_words(r) || strcmp(r->word[0], "domain"))
        return snc_refuse(r, SNC_OTHER_LINE, r->line);
    if (!snc_domain_read(r, &c->domain) || !snc_keyword(r, "limit", 1) ||
        !snc_number(r, c->limit, r->word[1]))
        return false;
    strcpy(c->limit_text, r->word[1]);
    return true;
}

bool snc_read_numbered(struct snc_state *c, int number)
{
    int found;
    if (!snc_read_inequality(c, &found))
        return false;
    return found == number || snc_refuse(&c->reader, SNC_OTHER_PART, NULL);
}

bool snc_refute(struct snc_state *c, const struct snc_row *row)
{
    char text[SNC_DIGITS + 1];
    NUM_FMPQ(value);
    bool good =
        check_witness(c, row, value, text) &&
        (!keeps(c, row, value) || snc_refuse(&c->reader, SNC_KEEPS, text));
    if (good)
        tell(c, row, true, NULL, text);
    return good;
}

bool snc_prove(struct snc_state *c, const struct snc_row *row)
{
    struct snc_reader *r = &c->reader;
    struct proof p = {.c = c, .row = row};
    char bound[SNC_DIGITS + 1], value[SNC_DIGITS + 1];
    NUM_FMPQ(x);
    NUM_ARB(ball);
    if (!snc_keyword(r, "bound", 1))
        return false;
    arf_init(p.bound);
    snc_piece_init(&p.piece);
    p.here = _arb_vec_init(SNC_JET);
    bool good = snc_number(r, x, r->word[1]);
    if (good) {
        strcpy(bound, r->word[1]);
        good = keeps(c, row, x) || snc_refuse(r, SNC_BOUND_BREAKS, bound);
        arb_set_fmpq(ball, x, 2 * SNC_PREC);
        arb_mul_si(ball, ball, row->sense, 2 * SNC_PREC);
        arb_get_lbound_arf(p.bound, ball, 2 * SNC_PREC);
    }
    good = good && check_witness(c, row, x, value) && check_trees(&p);
    arf_clear(p.bound);
    snc_piece_clear(&p.piece);
    _arb_vec_clear(p.here, SNC_JET);
    if (good)
        tell(c, row, false, bound, value);
    return good;
}

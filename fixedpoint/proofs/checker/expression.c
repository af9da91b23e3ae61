/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker's own reading of formulas: a tree in an array, operands before
 * operators, evaluated with derivatives in balls.
 */
#include "fixedpoint/proofs/checker/checker.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 600, DEEPEST = 60 };
enum kind {
    NUMBER,
    COORDINATE,
    MOMENT,
    BASIC,
    LAMBDA,
    ALPHA,
    PI,
    WMAX,
    TMAX,
    PLUS,
    MINUS,
    TIMES,
    OVER,
    NEGATIVE,
    RAISED,
    HYPOTENUSE,
    CALL
};
enum { SQRT, EXP, ERFC, ERFCX, ABS };

struct node {
    enum kind kind;
    int a, b; /* operands, or a coordinate, exponent, function ... */
    int in_m, in_v;
    fmpq_t number;
    struct snc_jet value;
};

struct snc_expression {
    struct node node[MOST_NODES];
    int count, depth, orders;
    bool names[SNC_COORDINATES], extreme;
    const char *at, *error;
    arb_t lambda, alpha;
    struct snc_jet m, v;
    struct snc_moments box, centre;
};

void snc_jet_init(struct snc_jet *jet)
{
    arb_init(jet->f);
    for (int i = 0; i < SNC_AXES; i++)
        arb_init(jet->d[i]);
}

void snc_jet_clear(struct snc_jet *jet)
{
    arb_clear(jet->f);
    for (int i = 0; i < SNC_AXES; i++)
        arb_clear(jet->d[i]);
}

/* ---- reading ---------------------------------------------------------- */

static int fail(struct snc_expression *e, const char *why)
{
    if (!e->error)
        e->error = why;
    return 0;
}

static int add(struct snc_expression *e, enum kind kind, int a, int b)
{
    if (e->count == MOST_NODES)
        return fail(e, "the formula is too long");
    struct node *node = &e->node[e->count];
    node->kind = kind;
    node->a = a;
    node->b = b;
    return e->count++;
}

static char peek(struct snc_expression *e)
{
    while (*e->at == ' ')
        e->at++;
    return *e->at;
}

static bool eat(struct snc_expression *e, char c)
{
    if (peek(e) != c)
        return false;
    e->at++;
    return true;
}

static int whole_sum(struct snc_expression *e);

static int literal(struct snc_expression *e)
{
    char text[64];
    size_t n = 0;
    while (n < sizeof text - 1 &&
           (isdigit((unsigned char)e->at[n]) || e->at[n] == '.' ||
               (n && (e->at[n] == 'e' || e->at[n] == 'E')) ||
               (n && strchr("+-", e->at[n]) && e->at[n] &&
                   strchr("eE", e->at[n - 1])))) {
        text[n] = e->at[n];
        n++;
    }
    text[n] = '\0';
    if (!snc_is_decimal(text))
        return fail(e, "a number in the formula is none");
    e->at += n;
    int node = add(e, NUMBER, 0, 0);
    if (!e->error)
        snc_decimal(e->node[node].number, text);
    return node;
}

/* M, S or V with _m, _v, _mm, _mv or _vv; -1 if it is none of them. */
static int moment(struct snc_expression *e, const char *word)
{
    static const char letters[] = "MSV";
    const char *letter = *word ? strchr(letters, *word) : NULL;
    int m = 0, v = 0;
    if (!letter || (word[1] && (word[1] != '_' || !word[2])))
        return -1;
    for (const char *p = word[1] ? word + 2 : ""; *p; p++) {
        if (*p == 'm' && !v)
            m++;
        else if (*p == 'v')
            v++;
        else
            return -1;
    }
    if (m + v > 2)
        return -1;
    int node = add(e, MOMENT, (int)(letter - letters), 0);
    e->node[node].in_m = m;
    e->node[node].in_v = v;
    if (m + 2 * v + 3 > e->orders)
        e->orders = m + 2 * v + 3;
    return node;
}

static int named(struct snc_expression *e)
{
    static const char *const function[] = {
        "sqrt", "exp", "erfc", "erfcx", "abs"};
    static const char *const basic[] = {"P", "C", "N", "X1", "X2"};
    char word[16];
    size_t n = 0;
    while (n < sizeof word - 1 &&
           (isalnum((unsigned char)e->at[n]) || e->at[n] == '_')) {
        word[n] = e->at[n];
        n++;
    }
    word[n] = '\0';
    e->at += n;
    if (!strcmp(word, "hypot")) {
        if (!eat(e, '('))
            return fail(e, "'(' is missing in the formula");
        int a = whole_sum(e);
        if (!eat(e, ','))
            return fail(e, "',' is missing in the formula");
        int b = whole_sum(e);
        if (!eat(e, ')'))
            return fail(e, "')' is missing in the formula");
        return add(e, HYPOTENUSE, a, b);
    }
    for (int i = 0; i < 5; i++)
        if (!strcmp(word, function[i])) {
            if (!eat(e, '('))
                return fail(e, "'(' is missing in the formula");
            int a = whole_sum(e);
            if (!eat(e, ')'))
                return fail(e, "')' is missing in the formula");
            return add(e, CALL, a, i);
        }
    for (int i = 0; i < SNC_COORDINATES; i++)
        if (!strcmp(word, snc_coordinate[i])) {
            e->names[i] = true;
            return add(e, COORDINATE, i, 0);
        }
    for (int i = 0; i < 5; i++)
        if (!strcmp(word, basic[i])) {
            if (e->orders < 5)
                e->orders = 5;
            return add(e, BASIC, i, 0);
        }
    static const char *const constant[] = {
        "lambda", "alpha", "pi", "wmax", "tmax"};
    for (int i = 0; i < 5; i++)
        if (!strcmp(word, constant[i])) {
            e->extreme |= i >= 3;
            return add(e, LAMBDA + (enum kind)i, 0, 0);
        }
    int node = moment(e, word);
    return node >= 0 ? node : fail(e, "the formula has an unknown name");
}

static int primary(struct snc_expression *e)
{
    char c = peek(e);
    if (e->error)
        return 0;
    if (eat(e, '(')) {
        int node = whole_sum(e);
        if (!eat(e, ')'))
            return fail(e, "')' is missing in the formula");
        return node;
    }
    if (isdigit((unsigned char)c) || c == '.')
        return literal(e);
    if (isalpha((unsigned char)c))
        return named(e);
    return fail(e, "the formula breaks off");
}

static int signed_power(struct snc_expression *e)
{
    if (++e->depth > DEEPEST)
        return fail(e, "the formula is nested too deeply");
    int node;
    if (eat(e, '-')) {
        node = add(e, NEGATIVE, signed_power(e), 0);
    } else {
        node = primary(e);
        if (eat(e, '^')) {
            char c = peek(e);
            int exponent = 0;
            for (; isdigit((unsigned char)*e->at) && exponent < 100; e->at++)
                exponent = 10 * exponent + (*e->at - '0');
            if (!isdigit((unsigned char)c) || exponent > 64)
                return fail(e, "an exponent in the formula is none");
            node = add(e, RAISED, node, exponent);
        }
    }
    e->depth--;
    return node;
}

static int whole_product(struct snc_expression *e)
{
    int node = signed_power(e);
    for (;;) {
        char c = peek(e);
        if (e->error || (c != '*' && c != '/'))
            return node;
        e->at++;
        int other = signed_power(e);
        node = add(e, c == '*' ? TIMES : OVER, node, other);
    }
}

static int whole_sum(struct snc_expression *e)
{
    if (++e->depth > DEEPEST)
        return fail(e, "the formula is nested too deeply");
    int node = whole_product(e);
    for (;;) {
        char c = peek(e);
        if (e->error || (c != '+' && c != '-')) {
            e->depth--;
            return node;
        }
        e->at++;
        int other = whole_product(e);
        node = add(e, c == '+' ? PLUS : MINUS, node, other);
    }
}

struct snc_expression *snc_expression_new(const char *text, const char **error)
{
    struct snc_expression *e = calloc(1, sizeof *e);
    *error = "out of memory";
    if (!e)
        return NULL;
    for (int i = 0; i < MOST_NODES; i++) {
        fmpq_init(e->node[i].number);
        snc_jet_init(&e->node[i].value);
    }
    arb_init(e->lambda);
    arb_init(e->alpha);
    snc_jet_init(&e->m);
    snc_jet_init(&e->v);
    snc_moments_init(&e->box);
    snc_moments_init(&e->centre);
    e->at = text;
    whole_sum(e);
    if (!e->error && peek(e))
        fail(e, "the formula goes on after its end");
    for (int i = 0; i < 4; i++)
        if (e->extreme && e->names[i])
            fail(e, "wmax or tmax beside mu, nu, omega or tau");
    if (e->error) {
        *error = e->error;
        snc_expression_free(e);
        return NULL;
    }
    return e;
}

void snc_expression_free(struct snc_expression *e)
{
    if (!e)
        return;
    for (int i = 0; i < MOST_NODES; i++) {
        fmpq_clear(e->node[i].number);
        snc_jet_clear(&e->node[i].value);
    }
    arb_clear(e->lambda);
    arb_clear(e->alpha);
    snc_jet_clear(&e->m);
    snc_jet_clear(&e->v);
    snc_moments_clear(&e->box);
    snc_moments_clear(&e->centre);
    free(e);
}

bool snc_expression_names(const struct snc_expression *e, int coordinate)
{
    return e->names[coordinate] ||
           (coordinate >= SNC_M && coordinate <= SNC_V && e->orders);
}

bool snc_expression_is_extreme(const struct snc_expression *e)
{
    return e->extreme;
}

void snc_expression_constants(
    struct snc_expression *e, const arb_t lambda, const arb_t alpha)
{
    arb_set(e->lambda, lambda);
    arb_set(e->alpha, alpha);
}

/* ---- evaluating ------------------------------------------------------- */

/* Where a value is asked for: on a box of axes, or at a point. */
struct where {
    const double (*x)[2];
    const int *axis;
    int axes, slopes; /* the derivatives that are computed: axes or 0 */
    const struct snc_domain *domain;
    const fmpq_t *point; /* not NULL: there */
};

static void interval(arb_t y, double low, double high)
{
    arf_t a, b;
    arf_init(a);
    arf_init(b);
    arf_set_d(a, low);
    arf_set_d(b, high);
    arb_set_interval_arf(y, a, b, SNC_PREC);
    arf_clear(a);
    arf_clear(b);
}

static void flat(struct snc_jet *y, int axes)
{
    for (int i = 0; i < axes; i++)
        arb_zero(y->d[i]);
}

/* Coordinate c; m and v as products where they are no axes. */
static void place(struct snc_jet *y, const struct where *w, int c)
{
    flat(y, w->slopes);
    if (w->point && (c < SNC_M || c > SNC_V)) {
        arb_set_fmpq(y->f, w->point[c], SNC_PREC);
        return;
    }
    for (int i = 0; !w->point && i < w->axes; i++)
        if (w->axis[i] == c) {
            interval(y->f, w->x[i][0], w->x[i][1]);
            if (w->slopes)
                arb_one(y->d[i]);
            return;
        }
    if (c < SNC_M || c > SNC_V) {
        arb_indeterminate(y->f);
        return;
    }
    struct snc_jet a, b;
    snc_jet_init(&a);
    snc_jet_init(&b);
    place(&a, w, c - SNC_M);
    place(&b, w, c - SNC_M + 2);
    arb_mul(y->f, a.f, b.f, SNC_PREC);
    for (int i = 0; i < w->slopes; i++) {
        arb_mul(y->d[i], a.d[i], b.f, SNC_PREC);
        arb_addmul(y->d[i], b.d[i], a.f, SNC_PREC);
    }
    snc_jet_clear(&a);
    snc_jet_clear(&b);
}

/*
 * The largest |b| in [b0, b1] such that some a in [a0, a1] has |a b| = x:
 * min(b1, x / a0), for x >= 0 and moduli a, b.  With its slope in x: 0, 1/a0,
 * or between them where x passes a0 b1.
 */
static void largest(
    arb_t f, arb_t slope, const arb_t x, const fmpq_t a0, const fmpq_t b1)
{
    arb_t most, ratio, kink;
    arb_init(most);
    arb_init(ratio);
    arb_init(kink);
    arb_set_fmpq(most, b1, SNC_PREC);
    arb_zero(slope);
    arb_set(f, most);
    if (!fmpq_is_zero(a0)) {
        arb_set_fmpq(ratio, a0, SNC_PREC);
        arb_mul(kink, most, ratio, SNC_PREC);
        arb_inv(slope, ratio, SNC_PREC);
        arb_mul(ratio, x, slope, SNC_PREC);
        if (arb_le(x, kink)) {
            arb_set(f, ratio);
        } else if (arb_ge(x, kink)) {
            arb_zero(slope);
        } else {
            arb_min(f, ratio, most, SNC_PREC);
            arb_zero(kink);
            arb_union(slope, slope, kink, SNC_PREC);
        }
    }
    arb_clear(most);
    arb_clear(ratio);
    arb_clear(kink);
}

/* The part of [end0, end1] with a sign, by modulus; false if there is none. */
static bool with_sign(fmpq_t part[2], const fmpq_t end[2], int sign)
{
    int outer = sign > 0;
    if (fmpq_sgn(end[outer]) * sign < 0)
        return false;
    fmpq_abs(part[1], end[outer]);
    if (fmpq_sgn(end[!outer]) * sign > 0)
        fmpq_abs(part[0], end[!outer]);
    else
        fmpq_zero(part[0]);
    return true;
}

/* tmax from v; wmax from m: over the quadrants whose sign m may have. */
static void extreme(
    struct snc_jet *y, struct snc_expression *e, const struct where *w, bool t)
{
    flat(y, w->slopes);
    if (w->point) {
        arb_set_fmpq(y->f, w->point[t ? 3 : 2], SNC_PREC);
        return;
    }
    const struct snc_domain *d = w->domain;
    struct snc_jet *from = t ? &e->v : &e->m;
    fmpq_t a[2], b[2];
    arb_t x, f, slope, all;
    bool found = false;
    arb_init(x);
    arb_init(f);
    arb_init(slope);
    arb_init(all);
    for (int i = 0; i < 2; i++) {
        fmpq_init(a[i]);
        fmpq_init(b[i]);
    }
    for (int k = t ? 3 : 0; k < 4; k++) {
        int first = k & 1 ? 1 : -1, second = k & 2 ? 1 : -1;
        int sign = first * second;
        if (!with_sign(a, d->end[t ? 1 : 0], first) ||
            !with_sign(b, d->end[t ? 3 : 2], second))
            continue;
        if (sign > 0 ? arb_is_negative(from->f) : arb_is_positive(from->f))
            continue;
        arb_abs(x, from->f);
        largest(f, slope, x, a[0], b[1]);
        if (sign < 0)
            arb_neg(slope, slope);
        /* of several, the largest: its slope is one of theirs */
        if (found) {
            arb_max(y->f, y->f, f, SNC_PREC);
            arb_union(all, all, slope, SNC_PREC);
        } else {
            arb_set(y->f, f);
            arb_set(all, slope);
        }
        found = true;
    }
    if (!found)
        arb_indeterminate(y->f);
    for (int i = 0; i < w->slopes; i++)
        arb_mul(y->d[i], all, from->d[i], SNC_PREC);
    arb_clear(x);
    arb_clear(f);
    arb_clear(slope);
    arb_clear(all);
    for (int i = 0; i < 2; i++) {
        fmpq_clear(a[i]);
        fmpq_clear(b[i]);
    }
}

/* d^(i+j) / dm^i dv^j of E f, E f^2 or, by Leibniz, of the variance. */
static void derivative(
    arb_t y, const struct snc_expression *e, int which, int i, int j)
{
    const arb_t *d = which ? e->box.q : e->box.e;
    arb_mul_2exp_si(y, d[i + 2 * j], -j);
    if (which < 2)
        return;
    arb_t term;
    arb_init(term);
    for (int a = 0; a <= i; a++)
        for (int b = 0; b <= j; b++) {
            /* binomials of at most 3 */
            int ways = (a == 0 || a == i ? 1 : i) * (b == 0 || b == j ? 1 : j);
            arb_mul(term, e->box.e[a + 2 * b], e->box.e[i - a + 2 * (j - b)],
                SNC_PREC);
            arb_mul_si(term, term, ways, SNC_PREC);
            arb_mul_2exp_si(term, term, -j);
            arb_sub(y, y, term, SNC_PREC);
        }
    arb_clear(term);
}

/* From f and its derivatives in m and v to those along the axes. */
static void along(struct snc_jet *y, struct snc_expression *e,
    const arb_t by_m, const arb_t by_v, int axes)
{
    for (int i = 0; i < axes; i++) {
        arb_mul(y->d[i], by_m, e->m.d[i], SNC_PREC);
        arb_addmul(y->d[i], by_v, e->v.d[i], SNC_PREC);
    }
}

static void moments_node(struct snc_expression *e, struct node *node, int axes)
{
    arb_t by_m, by_v;
    struct snc_jet *y = &node->value;
    struct snc_moments *o = &e->box;
    arb_init(by_m);
    arb_init(by_v);
    if (node->kind == MOMENT) {
        int i = node->in_m, j = node->in_v;
        derivative(y->f, e, node->a, i, j);
        if (axes) {
            derivative(by_m, e, node->a, i + 1, j);
            derivative(by_v, e, node->a, i, j + 1);
        }
    } else if (node->a < 2) { /* P' = N, and half of that of N */
        arb_set(y->f, node->a ? o->c : o->p);
        arb_set(by_m, o->n[0]);
        arb_mul_2exp_si(by_v, o->n[1], -1);
        if (node->a) {
            arb_neg(by_m, by_m);
            arb_neg(by_v, by_v);
        }
    } else {
        const arb_t *d = node->a == 2 ? o->n : node->a == 3 ? o->x1 : o->x2;
        arb_set(y->f, d[0]);
        arb_set(by_m, d[1]);
        arb_mul_2exp_si(by_v, d[2], -1);
    }
    along(y, e, by_m, by_v, axes);
    arb_clear(by_m);
    arb_clear(by_v);
}

/* y = h(x) with the slope h'(x). */
static void call(
    struct snc_jet *y, int function, const struct snc_jet *x, int axes)
{
    const slong prec = SNC_PREC;
    arb_t slope, t;
    arb_init(slope);
    arb_init(t);
    switch (function) {
    case SQRT:
        arb_sqrt(y->f, x->f, prec);
        arb_mul_2exp_si(slope, y->f, 1);
        arb_inv(slope, slope, prec);
        break;
    case EXP:
        arb_exp(y->f, x->f, prec);
        arb_set(slope, y->f);
        break;
    case ERFC:
    case ERFCX:
        arb_mul(t, x->f, x->f, prec);
        arb_hypgeom_erfc(y->f, x->f, prec);
        arb_const_sqrt_pi(slope, prec);
        arb_ui_div(slope, 2, slope, prec);
        if (function == ERFC) {
            arb_neg(t, t);
            arb_exp(t, t, prec);
            arb_mul(slope, slope, t, prec);
            arb_neg(slope, slope);
        } else {
            arb_exp(t, t, prec);
            arb_mul(y->f, y->f, t, prec);
            arb_mul(t, x->f, y->f, prec);
            arb_mul_2exp_si(t, t, 1);
            arb_sub(slope, t, slope, prec);
        }
        break;
    default:
        arb_abs(y->f, x->f);
        arb_sgn(slope, x->f);
    }
    for (int i = 0; i < axes; i++)
        arb_mul(y->d[i], slope, x->d[i], prec);
    arb_clear(slope);
    arb_clear(t);
}

/* hypot(a, b); where it may be 0 its gradient is any in the unit disc. */
static void hypotenuse(struct snc_jet *y, const struct snc_jet *a,
    const struct snc_jet *b, int axes)
{
    arb_t p, q, unit;
    arb_init(p);
    arb_init(q);
    arb_init(unit);
    arb_hypot(y->f, a->f, b->f, SNC_PREC);
    arb_zero(unit);
    mag_one(arb_radref(unit));
    arb_div(p, a->f, y->f, SNC_PREC);
    arb_div(q, b->f, y->f, SNC_PREC);
    if (!arb_is_finite(p) || !arb_intersection(p, p, unit, SNC_PREC))
        arb_set(p, unit);
    if (!arb_is_finite(q) || !arb_intersection(q, q, unit, SNC_PREC))
        arb_set(q, unit);
    for (int i = 0; i < axes; i++) {
        arb_mul(y->d[i], p, a->d[i], SNC_PREC);
        arb_addmul(y->d[i], q, b->d[i], SNC_PREC);
    }
    arb_clear(p);
    arb_clear(q);
    arb_clear(unit);
}

static void combine(struct node *node, const struct snc_jet *a,
    const struct snc_jet *b, int axes)
{
    const slong prec = SNC_PREC;
    struct snc_jet *y = &node->value;
    switch (node->kind) {
    case PLUS:
        arb_add(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++)
            arb_add(y->d[i], a->d[i], b->d[i], prec);
        break;
    case MINUS:
        arb_sub(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++)
            arb_sub(y->d[i], a->d[i], b->d[i], prec);
        break;
    case TIMES:
        arb_mul(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++) {
            arb_mul(y->d[i], a->d[i], b->f, prec);
            arb_addmul(y->d[i], b->d[i], a->f, prec);
        }
        break;
    case OVER:
        arb_div(y->f, a->f, b->f, prec);
        for (int i = 0; i < axes; i++) {
            arb_set(y->d[i], a->d[i]);
            arb_submul(y->d[i], y->f, b->d[i], prec);
            arb_div(y->d[i], y->d[i], b->f, prec);
        }
        break;
    case NEGATIVE:
        arb_neg(y->f, a->f);
        for (int i = 0; i < axes; i++)
            arb_neg(y->d[i], a->d[i]);
        break;
    case RAISED:
        arb_pow_ui(y->f, a->f, (ulong)node->b, prec);
        if (node->b && node->b % 2 == 0 && arb_contains_zero(a->f)) {
            /* [0, |a|^k] */
            arf_t low, high;
            arf_init(low);
            arf_init(high);
            arb_get_abs_ubound_arf(high, a->f, prec);
            arb_set_arf(y->f, high);
            arb_pow_ui(y->f, y->f, (ulong)node->b, prec);
            arb_get_ubound_arf(high, y->f, prec);
            arb_set_interval_arf(y->f, low, high, prec);
            arf_clear(low);
            arf_clear(high);
        }
        for (int i = 0; i < axes; i++) {
            if (node->b) {
                arb_pow_ui(y->d[i], a->f, (ulong)node->b - 1, prec);
                arb_mul(y->d[i], y->d[i], a->d[i], prec);
                arb_mul_si(y->d[i], y->d[i], node->b, prec);
            } else {
                arb_zero(y->d[i]);
            }
        }
        break;
    case HYPOTENUSE:
        hypotenuse(y, a, b, axes);
        break;
    default:
        call(y, node->b, a, axes);
    }
}

static void run(
    struct snc_jet *value, struct snc_expression *e, const struct where *w)
{
    int axes = w->slopes;
    if (e->orders || e->extreme) {
        place(&e->m, w, SNC_M);
        place(&e->v, w, SNC_V);
    }
    if (e->orders)
        snc_moments(&e->box, &e->centre, e->m.f, e->v.f, e->lambda, e->alpha,
            e->orders);
    for (int k = 0; k < e->count; k++) {
        struct node *node = &e->node[k];
        struct snc_jet *y = &node->value;
        switch (node->kind) {
        case NUMBER:
            flat(y, axes);
            arb_set_fmpq(y->f, node->number, SNC_PREC);
            break;
        case COORDINATE:
            place(y, w, node->a);
            break;
        case MOMENT:
        case BASIC:
            moments_node(e, node, axes);
            break;
        case LAMBDA:
        case ALPHA:
            flat(y, axes);
            arb_set(y->f, node->kind == LAMBDA ? e->lambda : e->alpha);
            break;
        case PI:
            flat(y, axes);
            arb_const_pi(y->f, SNC_PREC);
            break;
        case WMAX:
        case TMAX:
            extreme(y, e, w, node->kind == TMAX);
            break;
        default:
            combine(node, &e->node[node->a].value,
                &e->node[node->kind <= OVER || node->kind == HYPOTENUSE
                             ? node->b
                             : 0]
                     .value,
                axes);
        }
    }
    const struct snc_jet *last = &e->node[e->count - 1].value;
    arb_set(value->f, last->f);
    for (int i = 0; i < axes; i++)
        arb_set(value->d[i], last->d[i]);
}

void snc_evaluate(struct snc_jet *value, struct snc_expression *e,
    const double x[SNC_AXES][2], const int *axis, int axes, bool slopes,
    const struct snc_domain *domain)
{
    struct where w = {x, axis, axes, slopes ? axes : 0, domain, NULL};
    run(value, e, &w);
}

void snc_evaluate_at(
    arb_t value, struct snc_expression *e, const fmpq_t at[SNC_COORDINATES])
{
    struct snc_jet jet;
    struct where w = {.point = at};
    snc_jet_init(&jet);
    run(&jet, e, &w);
    arb_set(value, jet.f);
    snc_jet_clear(&jet);
}

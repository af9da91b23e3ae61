/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas: made, and evaluated with derivatives in balls, node by node.
 */
#include "fixedpoint/checker/expression.h"
#include <stdlib.h>

struct snc_expression *snc_expression_new(const char *text, const char **error)
{
    struct snc_expression *e = calloc(1, sizeof *e);
    *error = "out of memory";
    if (!e)
        return NULL;
    for (int i = 0; i < SNC_MOST_NODES; i++) {
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
    snc_parse(e);
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
    for (int i = 0; i < SNC_MOST_NODES; i++) {
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

static void moments_node(
    struct snc_expression *e, struct snc_node *node, int axes)
{
    arb_t by_m, by_v;
    struct snc_jet *y = &node->value;
    struct snc_moments *o = &e->box;
    arb_init(by_m);
    arb_init(by_v);
    if (node->kind == SNC_MOMENT) {
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

static void run(
    struct snc_jet *value, struct snc_expression *e, const struct snc_where *w)
{
    int axes = w->slopes;
    if (e->orders || e->extreme) {
        snc_place(&e->m, w, SNC_M);
        snc_place(&e->v, w, SNC_V);
    }
    if (e->orders)
        snc_moments(&e->box, &e->centre, e->m.f, e->v.f, e->lambda, e->alpha,
            e->orders);
    for (int k = 0; k < e->count; k++) {
        struct snc_node *node = &e->node[k];
        struct snc_jet *y = &node->value;
        switch (node->kind) {
        case SNC_NUMBER:
            snc_flat(y, axes);
            arb_set_fmpq(y->f, node->number, SNC_PREC);
            break;
        case SNC_COORDINATE:
            snc_place(y, w, node->a);
            break;
        case SNC_MOMENT:
        case SNC_BASIC:
            moments_node(e, node, axes);
            break;
        case SNC_LAMBDA:
        case SNC_ALPHA:
            snc_flat(y, axes);
            arb_set(y->f, node->kind == SNC_LAMBDA ? e->lambda : e->alpha);
            break;
        case SNC_PI:
            snc_flat(y, axes);
            arb_const_pi(y->f, SNC_PREC);
            break;
        case SNC_WMAX:
        case SNC_TMAX:
            snc_extreme(y, e, w, node->kind == SNC_TMAX);
            break;
        default:
            snc_combine(node, &e->node[node->a].value,
                &e->node[node->kind <= SNC_OVER || node->kind == SNC_HYPOTENUSE
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
    struct snc_where w = {x, axis, axes, slopes ? axes : 0, domain, NULL};
    run(value, e, &w);
}

void snc_evaluate_at(
    arb_t value, struct snc_expression *e, const fmpq_t at[SNC_COORDINATES])
{
    struct snc_jet jet;
    struct snc_where w = {.point = at};
    snc_jet_init(&jet);
    run(&jet, e, &w);
    arb_set(value, jet.f);
    snc_jet_clear(&jet);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/theory/theory.h"
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"
#include "verify/networks/theory/chain.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { THEORY_PRECISION = 128, MOST_STARTS = 1024 };
#define AGREE 1e-9

enum sn_status theory_selu_constants_f64(double *lambda, double *alpha)
{
    NUM_ARB(l, a);
    constants_selu_arb(l, a, THEORY_PRECISION);
    enum sn_status status = num_nearest_f64(lambda, l);
    if (status == SN_OK)
        status = num_nearest_f64(alpha, a);
    return status;
}

/* ---- rows of the table ---- */

static void add_row(struct theory_theory *t, const struct theory_chain *w,
    size_t layer, const struct theory_chain_state *at, double factor,
    double share)
{
    double row[THEORY_COLUMNS], v = at->q - at->m * at->m, m = at->m;
    const double *c = at->cov;
    for (int i = 0; i < THEORY_COLUMNS; i++)
        row[i] = NAN;
    row[THEORY_T_MEAN] = m;
    row[THEORY_T_VARIANCE] = v;
    row[THEORY_T_SECOND] = at->q;
    row[THEORY_T_GRADIENT] = layer ? factor : 1;
    if (w->pairs) {
        row[THEORY_T_COSINE] = at->product / sqrt(at->q * at->other_q);
        row[THEORY_T_COSINE_RADIUS] = at->cosine_radius;
        row[THEORY_T_UNIT_VARIANCE] = w->s->data ? NAN : at->q - at->product;
    }
    /* Inputs 2j, 2j + 1 correlate; all other pairs start at mu^2. */
    if (w->s->correlation != 0 && w->s->inputs > 2)
        row[THEORY_T_UNIT_VARIANCE] = NAN;
    if (w->gaussian) {
        row[THEORY_T_MEAN_BIAS] = at->bias[0];
        row[THEORY_T_SECOND_BIAS] = at->bias[1];
        row[THEORY_T_VARIANCE_BIAS] =
            at->bias[1] - 2 * m * at->bias[0] - c[0] + v;
        row[THEORY_T_MEAN_SPREAD] = c[0];
        row[THEORY_T_SECOND_SPREAD] = c[2];
        row[THEORY_T_VARIANCE_SPREAD] = c[2] - 4 * m * c[1] + 4 * m * m * c[0];
        if (w->s->data) { /* given inputs differ; centered in the end */
            double n = (double)w->s->width;
            row[THEORY_T_MEAN_SPREAD] += n * m * m;
            row[THEORY_T_SECOND_SPREAD] += n * at->q * at->q;
            row[THEORY_T_VARIANCE_SPREAD] += n * v * v;
        }
    }
    double excess = w->s->weights->kind == NET_ROW_FREE
                        ? w->s->weights->excess_kurtosis * at->x4
                    : w->gaussian ? 0
                                  : -6; /* on a sphere */
    if (layer && w->mixture.count == 1 && (excess == 0 || w->s->bias == 0))
        row[THEORY_T_KURTOSIS] = excess;
    for (int i = 0; i < THEORY_COLUMNS; i++)
        t->column[i][layer] += share * row[i];
}

/* ---- starts ---- */

static void start_random(
    struct theory_chain_state *at, const struct net_networks *s)
{
    double mu = s->start_mean, nu = s->start_variance;
    *at = (struct theory_chain_state){.m = mu,
        .q = nu + mu * mu,
        .cov = {nu, 2 * mu * nu, 2 * nu * nu + 4 * mu * mu * nu},
        .other_m = mu,
        .other_q = nu + mu * mu,
        .product = mu * mu + s->correlation * nu};
}

static void start_given(
    struct theory_chain_state *at, const struct net_networks *s, size_t input)
{
    double n = (double)s->width, sum[2] = {0}, square[2] = {0}, dot = 0,
           four = 0;
    size_t pair = input ^ 1;
    const double *x = s->data + input * s->width;
    const double *y = s->data + (pair < s->inputs ? pair : input) * s->width;
    for (size_t j = 0; j < s->width; j++) {
        sum[0] += x[j] / n;
        sum[1] += y[j] / n;
        square[0] += x[j] * x[j] / n;
        square[1] += y[j] * y[j] / n;
        dot += x[j] * y[j] / n;
        four += pow(x[j], 4) / n;
    }
    *at = (struct theory_chain_state){.m = sum[0],
        .q = square[0],
        .other_m = sum[1],
        .other_q = square[1],
        .product = dot,
        .x4 = four};
}

/* ---- against enclosures ---- */

static enum sn_status verify_moments(struct theory_theory *t,
    const struct theory_chain *w, const struct theory_chain_state *at,
    struct expr_expression *f)
{
    struct act_gaussian exact;
    struct quad_conditional one;
    NUM_ARB(m, v);
    double zm, zv;
    theory_chain_law_of_z(&zm, &zv, w, 0, at->m, at->q, false);
    act_gaussian_init(&exact);
    arb_set_d(m, zm);
    arb_set_d(v, zv);
    enum sn_status status = act_gaussian_arb(
        &exact, f, m, v, ACT_ANY_METHOD, THEORY_PRECISION, &t->trouble);
    if (status == SN_OK) {
        quad_model_conditional(&one, &w->s->model, zm, zv);
        double first = arf_get_d(arb_midref(exact.mean), ARF_RND_NEAR);
        double second = arf_get_d(arb_midref(exact.square), ARF_RND_NEAR);
        bool close = fabs(one.first - first) <= AGREE * sqrt(second) &&
                     fabs(one.second - second) <= AGREE * second;
        t->inexact = !close;
        status = close ? SN_OK : SN_UNDECIDED;
    } else if (status != SN_NO_MEMORY) {
        t->no_moments = true;
    }
    act_gaussian_clear(&exact);
    return status;
}

/* ---- all layers ---- */

/*
 * What the quadrature leaves of a zero is written as the zero it is: of odd
 * activations, beside the rms, up to 1.3e-13 of E f and, by its second
 * differences, 2e-9 of the bias, and more as the spread of q is larger; of
 * E x y less than a rounding error.
 */
static double clean_zero(double x, double error)
{
    return fabs(x) <= error ? 0 : x;
}
#define ERROR_MEAN    2e-13
#define ERROR_BIAS    5e-9
#define ERROR_PRODUCT 1e-15

static void step_layer(struct theory_chain_state *at, double *factor,
    const struct theory_chain *w, size_t layer, bool enclose)
{
    double power[5];
    struct theory_chain_state to = *at;
    theory_chain_moments(power, factor, w, layer, at);
    double limit[2];
    theory_chain_next(limit, w, layer, at->m, at->q, false);
    to.m = clean_zero(limit[0], ERROR_MEAN * sqrt(limit[1]));
    to.q = limit[1];
    to.x4 = power[4];
    if (w->gaussian) {
        theory_chain_correct(&to, w, layer, at, power);
        to.bias[0] = clean_zero(to.bias[0],
            ERROR_BIAS * sqrt(to.q) * (1 + to.cov[2] / (to.q * to.q)));
    }
    if (w->pairs) {
        to.product = theory_chain_product(w, layer, at);
        struct theory_chain_state other = *at;
        other.m = at->other_m;
        other.q = at->other_q;
        theory_chain_next(limit, w, layer, other.m, other.q, false);
        to.other_m = clean_zero(limit[0], ERROR_MEAN * sqrt(limit[1]));
        to.other_q = limit[1];
        to.cosine_radius = NAN;
        if (enclose || at->closed)
            theory_chain_enclose(&to, w, layer, at);
        to.product =
            clean_zero(to.product, ERROR_PRODUCT * sqrt(to.q * to.other_q));
    }
    *at = to;
}

static bool has_arrived(
    const struct theory_chain_state *a, const struct theory_chain_state *b)
{
    return fabs(a->m - b->m) <= 1e-15 * sqrt(b->q) &&
           fabs(a->q - b->q) <= 1e-15 * b->q &&
           fabs(a->other_q - b->other_q) <= 1e-15 * b->q &&
           fabs(a->product - b->product) <= 1e-15 * b->q &&
           fabs(a->cov[2] - b->cov[2]) <= 1e-12 * b->cov[2] &&
           fabs(a->bias[1] - b->bias[1]) <= 1e-12 * b->q;
}

static enum sn_status follow_input(struct theory_theory *t,
    const struct theory_chain *w, struct theory_chain_state at, double share,
    struct expr_expression *f, bool every)
{
    size_t rows = w->s->depth + 1, check = 1;
    double factor = 1;
    bool still = false;
    for (size_t l = 0; l < rows; l++) {
        struct theory_chain_state before = at;
        if (l > 0 && !still) {
            bool enclose = every || l == check || l + 1 == rows;
            if (enclose) {
                enum sn_status status = verify_moments(t, w, &at, f);
                if (status != SN_OK) {
                    t->layers = l;
                    return status;
                }
                check *= l == check ? 2 : 1;
            }
            step_layer(&at, &factor, w, l, enclose);
            if (!(at.q < NET_LARGEST_SECOND_MOMENT &&
                    at.q > NET_LEAST_SECOND_MOMENT)) {
                enum sn_status status = verify_moments(t, w, &before, f);
                t->layers = l < t->layers ? l : t->layers;
                if (status != SN_OK)
                    return status;
                t->why = "the second moment leaves 1e-25 .. 1e25";
                return SN_OK;
            }
            still =
                has_arrived(&at, &before) &&
                !theory_chain_drops(w, l) == !theory_chain_drops(w, rows - 1);
        }
        if (w->rows && at.q - at.m * at.m < NET_LEAST_VARIANCE_F64 * at.q) {
            t->layers = l < t->layers ? l : t->layers;
            t->why = "an input is the same in every unit there";
            return SN_OK;
        }
        if (l < t->layers)
            add_row(t, w, l, &at, factor, share);
    }
    return SN_OK;
}

static enum sn_status follow_all(struct theory_theory *t,
    const struct theory_chain *w, struct expr_expression *f, bool every)
{
    const struct net_networks *s = w->s;
    size_t starts = s->data ? s->inputs : 1;
    enum sn_status status = SN_OK;
    for (size_t i = 0; status == SN_OK && i < starts; i++) {
        struct theory_chain_state at;
        if (s->data)
            start_given(&at, s, i);
        else
            start_random(&at, s);
        status = follow_input(t, w, at, 1 / (double)starts, f, every);
    }
    return status;
}

/* Where one of the layers compared fails, an earlier one may. */
static enum sn_status follow_and_find(struct theory_theory *t,
    const struct theory_chain *w, struct expr_expression *f)
{
    enum sn_status status = follow_all(t, w, f, false);
    if (!theory_ends(t))
        return status;
    for (int i = 0; i < THEORY_COLUMNS; i++)
        memset(t->column[i], 0, (w->s->depth + 1) * sizeof(double));
    t->no_moments = t->inexact = false;
    t->layers = w->s->depth + 1;
    status = follow_all(t, w, f, true);
    return theory_ends(t) ? SN_OK : status;
}

/* The differences between given inputs are part of the spreads. */
static void center_spreads(
    struct theory_theory *t, const struct net_networks *s)
{
    static const enum theory_column of[3] = {
        THEORY_T_MEAN, THEORY_T_VARIANCE, THEORY_T_SECOND};
    for (int i = 0; s->data && i < 3; i++)
        for (size_t l = 0; l < t->layers; l++) {
            double center = t->column[of[i]][l];
            double *spread = &t->column[THEORY_T_MEAN_SPREAD + i][l];
            *spread = fmax(*spread - (double)s->width * center * center, 0);
        }
}

static void sum_logs(struct theory_theory *t)
{
    double sum = 0;
    for (size_t l = t->layers; l-- > 0;) {
        t->column[THEORY_T_LOG_GRADIENT][l] = sum;
        sum += log(t->column[THEORY_T_GRADIENT][l]);
    }
}

enum sn_status theory_init(struct theory_theory *t,
    const struct net_networks *s, struct expr_expression *f)
{
    size_t rows = s->depth + 1;
    *t = (struct theory_theory){.layers = rows};
    for (int i = 0; i < THEORY_COLUMNS; i++)
        if (!(t->column[i] = calloc(rows, sizeof(double)))) {
            theory_clear(t);
            return SN_NO_MEMORY;
        }
    struct theory_chain w = {.s = s,
        .rows = s->weights->kind == NET_ROW_SUM ||
                s->weights->kind == NET_ROW_SUM_SQUARE,
        .pairs = s->inputs >= 2,
        .gaussian = s->weights->gaussian,
        .f = f};
    if (w.rows)
        quad_mixture_init(&w.mixture, &s->omega, &s->tau);
    else
        w.mixture = (struct quad_mixture){1, {0}, {1}, {1}};
    if (w.rows && s->drawn == NET_PER_LAYER) {
        t->layers = 0;
        t->why = "omega and tau change from layer to layer";
        return SN_OK;
    }
    if (s->data && s->inputs > MOST_STARTS) {
        t->layers = 0;
        t->why = "more than 1024 given inputs";
        return SN_OK;
    }
    enum sn_status status = follow_and_find(t, &w, f);
    if (status != SN_OK)
        theory_clear(t);
    else
        sum_logs(t);
    if (status == SN_OK)
        center_spreads(t, s);
    return status;
}

void theory_clear(struct theory_theory *t)
{
    for (int i = 0; i < THEORY_COLUMNS; i++)
        free(t->column[i]);
    *t = (struct theory_theory){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which a, b, w a kernel computes with.  A candidate fits where it gives the
 * kernel's bits, or nearly; it is named only where it fits and the right
 * constants do not.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdlib.h>

/* The part of the inputs where a candidate shows: away from cancellation. */
enum constant_side { ABOVE, BELOW };

static bool on_side(const struct diag_evidence *e, const struct diag_sample *s,
    enum constant_side side)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double normal = ldexp(1, format->emin + format->precision + 2);
    const double w = mpfr_get_d(e->reference->width, MPFR_RNDN);
    bool there = side == ABOVE ? s->x > 0 : s->x < -0.7 * w && s->x > -8 * w;
    return there && fabs(s->want) >= normal &&
           fabs(s->want) < format->most / 4;
}

/* Share of samples whose bits a candidate gives. */
static double share_equal(const struct diag_evidence *e,
    const struct diag_candidate *candidate, enum constant_side side)
{
    size_t all = 0, equal = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!on_side(e, s, side))
            continue;
        double exact = (double)diag_candidate_at(
            candidate, e->reference->derivative, s->x);
        all++;
        equal += conf_type_round(e->dtype, exact) == s->y;
    }
    return all ? (double)equal / (double)all : 1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median distance from a candidate, in ULP. */
static double distance(const struct diag_evidence *e,
    const struct diag_candidate *candidate, enum constant_side side)
{
    double *off = malloc((e->n + 1) * sizeof *off);
    size_t all = 0;
    for (size_t i = 0; off && i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (on_side(e, s, side))
            off[all++] =
                isfinite(s->y)
                    ? (double)fabsl(
                          (s->y - diag_candidate_at(candidate,
                                      e->reference->derivative, s->x)) /
                          s->unit)
                    : HUGE_VAL;
    }
    double median = 0;
    if (all) {
        qsort(off, all, sizeof *off, by_value);
        median = off[all / 2];
    }
    free(off);
    return median;
}

static bool fits(const struct diag_evidence *e,
    const struct diag_candidate *candidate, enum constant_side side)
{
    return share_equal(e, candidate, side) >= 0.95 ||
           distance(e, candidate, side) < 1.2;
}

/* ---- other functions -----------------------------------------------------
 */

static void another_function(
    struct diag_evidence *e, const struct diag_candidate *right)
{
    const struct conf_checked_function *function = e->reference->function;
    const bool celu = function->family == CONF_FAMILY_CELU;
    const long double l = right->a, a = celu ? right->w : right->b / right->a;
    const bool selu = function->family == CONF_FAMILY_SELU;
    const bool derivative = e->reference->derivative;
    const long double both = celu && derivative ? 1 : a;
    const struct {
        bool applies;
        enum diag_index row;
        struct diag_candidate with;
    } row[] = {
        {selu, DIAG_CONSTANTS_SWAPPED, {a, l * a, 1}},
        {true, DIAG_ALPHA_IGNORED, {l, l, 1}},
        {selu, DIAG_LAMBDA_IGNORED, {1, a, 1}},
        {selu, DIAG_LAMBDA_IGNORED_ABOVE, {1, l * a, 1}},
        {selu, DIAG_LAMBDA_IGNORED_BELOW, {l, a, 1}},
        {selu, DIAG_LAMBDA_TWICE, {l * l, l * l * a, 1}},
        {true, DIAG_ALPHA_TWICE, {l, l * a * a, 1}},
        {!celu, DIAG_CELU_FOR_ELU, {l, derivative ? l : l * a, a}},
        {celu, DIAG_ELU_FOR_CELU, {l, a, 1}},
        {celu, DIAG_WIDTH_INVERTED, {l, both, 1 / a}},
        {celu && derivative, DIAG_CHAIN_RULE, {l, a, a}},
        {celu && derivative, DIAG_CHAIN_RULE_INVERSE, {l, 1 / a, a}},
        {true, DIAG_ZERO_BELOW, {l, 0, 1}},
        {selu, DIAG_CONSTANTS_OF_THE_PAPER,
            {1.0507009873554804934L, 1.7580993408473768600L, 1}},
        {selu, DIAG_ELU_FOR_SELU, {1, 1, 1}},
        {!selu, DIAG_SELU_FOR_ELU,
            {1.0507009873554804934L, 1.7580993408473768600L, 1}},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct diag_candidate *c = &row[i].with;
        if (!row[i].applies || (fits(e, right, ABOVE) && c->a != right->a) ||
            !fits(e, c, ABOVE) || !fits(e, c, BELOW))
            continue;
        DIAG_ADD(e->list, row[i].row, distance(e, c, ABOVE),
            distance(e, c, BELOW), distance(e, right, ABOVE),
            distance(e, right, BELOW));
        e->another = true;
        return;
    }
}

/* ---- constants cut short -------------------------------------------------
 */

/* Which constant, and what became of it: the rows of codes.h in this order. */
enum constant_name { OF_LAMBDA, OF_ALPHA, OF_BOTH };
struct constant_variant {
    enum diag_index lambda; /* the row where it is lambda */
    int digits;             /* decimal ones; 0 */
    long double value;
};

enum { VARIANTS = 40 };

/* The constant rounded to formats, then cut and rounded to digits. */
static int variants_of(struct constant_variant v[VARIANTS], const mpfr_t exact)
{
    static const struct {
        int type;
        enum diag_index row;
    } format[] = {{CONF_TYPE_F32, DIAG_LAMBDA_F32},
        {CONF_TYPE_F16, DIAG_LAMBDA_F16}, {CONF_TYPE_BF16, DIAG_LAMBDA_BF16}};
    int n = 0;
    for (int i = 0; i < 3; i++)
        v[n++] = (struct constant_variant){format[i].row, 0,
            num_round_mpfr(exact, ref_types[format[i].type].format)};
    /* the fewest digits first, cut before rounded: equals are not taken */
    for (int digits = 1; digits <= 16; digits++)
        for (int cut = 1; cut >= 0; cut--) {
            char text[64];
            mpfr_snprintf(text, sizeof text, cut ? "%.*RZe" : "%.*RNe",
                digits - 1, exact);
            v[n++] = (struct constant_variant){
                cut ? DIAG_LAMBDA_TRUNCATED : DIAG_LAMBDA_ROUNDED, digits,
                strtold(text, NULL)};
        }
    return n;
}

/*
 * Of the variants of one constant the one that fits best on a side, where the
 * right one does not; -1 none.  vary: which member of the candidate, times
 * what.
 */
static int best_variant(const struct diag_evidence *e, enum constant_side side,
    const struct diag_candidate *right, const struct constant_variant *v,
    int n, long double factor)
{
    const long double truth = side == ABOVE ? right->a : right->b;
    const double right_share = share_equal(e, right, side);
    const double right_distance = distance(e, right, side);
    int best = -1;
    double best_share = right_share, best_distance = right_distance;
    if (right_share >= 0.95)
        return -1;
    for (int i = 0; i < n; i++) {
        struct diag_candidate c = *right;
        *(side == ABOVE ? &c.a : &c.b) = v[i].value * factor;
        long double moved = fabsl(v[i].value * factor / truth - 1);
        /* one that moves nothing explains nothing */
        if (moved < ldexpl(1, -ref_types[e->dtype].format->precision - 3))
            continue;
        double share = share_equal(e, &c, side);
        double off = distance(e, &c, side);
        bool equal = share >= 0.95 && share > best_share;
        bool near = best_share < 0.95 && right_distance > 2 && off < 1.2 &&
                    off < right_distance / 3 && off < best_distance * 0.98;
        if (equal || near) {
            best = i;
            best_share = share;
            best_distance = off;
        }
    }
    return best;
}

static void tell_constant(struct diag_evidence *e, enum constant_name name,
    const struct constant_variant *v, const struct diag_candidate *right,
    long double factor)
{
    const enum constant_side side = name == OF_LAMBDA ? ABOVE : BELOW;
    struct diag_candidate c = *right;
    *(side == ABOVE ? &c.a : &c.b) = v->value * factor;
    const double high = (double)v->value;
    DIAG_ADD(e->list, (enum diag_index)((int)v->lambda + (int)name),
        100 * share_equal(e, &c, side), 100 * share_equal(e, right, side),
        distance(e, &c, side), distance(e, right, side), v->digits, high,
        (double)(v->value - high));
}

static void cut_short(
    struct diag_evidence *e, const struct diag_candidate *right)
{
    struct constant_variant v[VARIANTS];
    struct diag_candidate with = *right;
    mpfr_t alpha;
    int n, found;
    if (e->reference->function->family == CONF_FAMILY_SELU) {
        n = variants_of(v, e->reference->a);
        found = best_variant(e, ABOVE, right, v, n, 1);
        if (found >= 0) {
            tell_constant(e, OF_LAMBDA, &v[found], right, 1);
            with.a = v[found].value;
            with.b = with.b / right->a * with.a;
        }
    }
    /* alpha, given lambda as found; then their product as one constant */
    mpfr_init2(alpha, 256);
    mpfr_div(alpha, e->reference->b, e->reference->a, MPFR_RNDN);
    n = variants_of(v, alpha);
    found = best_variant(e, BELOW, &with, v, n, with.a);
    if (found >= 0) {
        tell_constant(e, OF_ALPHA, &v[found], &with, with.a);
    } else {
        n = variants_of(v, e->reference->b);
        found = best_variant(e, BELOW, right, v, n, 1);
        if (found >= 0)
            tell_constant(e, OF_BOTH, &v[found], right, 1);
    }
    mpfr_clear(alpha);
}

void diag_constants(struct diag_evidence *e)
{
    const struct conf_reference *reference = e->reference;
    const struct diag_candidate right = {mpfr_get_ld(reference->a, MPFR_RNDN),
        mpfr_get_ld(reference->b, MPFR_RNDN),
        mpfr_get_ld(reference->width, MPFR_RNDN)};
    const int before = e->list->count;
    if (distance(e, &right, ABOVE) > 2 || distance(e, &right, BELOW) > 2)
        another_function(e, &right);
    if (e->list->count == before)
        cut_short(e, &right);
}

/* No candidate fits: what the slope is, at least. */
void diag_slope(struct diag_evidence *e)
{
    const struct conf_reference *reference = e->reference;
    const struct diag_candidate right = {mpfr_get_ld(reference->a, MPFR_RNDN),
        mpfr_get_ld(reference->b, MPFR_RNDN),
        mpfr_get_ld(reference->width, MPFR_RNDN)};
    if (reference->derivative || distance(e, &right, ABOVE) < 16)
        return;
    size_t n = 0;
    double sum = 0;
    for (size_t i = 0; i < e->n; i++)
        if (on_side(e, &e->sample[i], ABOVE) && isfinite(e->sample[i].y)) {
            sum += e->sample[i].y / e->sample[i].x;
            n++;
        }
    if (n)
        DIAG_ADD(e->list, DIAG_SLOPE, sum / (double)n, e->reference->lambda);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other functions than the one asked for, by what they give at each input. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <stdlib.h>

/* What formulas are made of, as exact as long double is. */
struct formula_view {
    long double a, b, w; /* of what is asked for */
    long double lambda, alpha;
    long double slope;  /* of the results below 0 */
    long double factor; /* between results and right ones */
    long double top;    /* the largest finite x whose result deviates */
    int dtype;
    enum conf_family family;
    bool derivative;
};

typedef long double formula_at(const struct formula_view *v, long double x);

/* The function, whatever is asked for; and its derivative. */
static long double function(const struct formula_view *v, long double x)
{
    const long double b =
        v->family == CONF_FAMILY_CELU ? v->w : v->lambda * v->alpha;
    return x > 0 ? v->lambda * x : b * expm1l(x / v->w);
}
static long double slope(const struct formula_view *v, long double x)
{
    const long double b =
        v->family == CONF_FAMILY_CELU ? 1 : v->lambda * v->alpha;
    return x > 0 ? v->lambda : b * expl(x / v->w);
}
static long double saved(const struct formula_view *v, long double x)
{
    return (long double)conf_type_round(v->dtype, (double)function(v, x));
}

/* a x and b (e^(x/w) - 1) with other constants, or their derivative. */
static long double with(const struct formula_view *v, long double x,
    long double a, long double b, long double w)
{
    if (x > 0)
        return v->derivative ? a : a * x;
    return b * (v->derivative ? expl(x / w) : expm1l(x / w));
}

#define ASIDE ((long double)NAN) /* it says nothing there */
#define FORMULA(name, value)                                                  \
    static long double name(const struct formula_view *v, long double x)      \
    {                                                                         \
        (void)v;                                                              \
        return value;                                                         \
    }
#define PAPER_LAMBDA 1.0507009873554804934L
#define PAPER_BOTH   1.7580993408473768600L

FORMULA(identity, x)
FORMULA(linear_below, x < 0 ? v->slope * x : ASIDE)
FORMULA(scaled, v->factor *(v->derivative ? slope(v, x) : function(v, x)))
FORMULA(twice, function(v, saved(v, x)))
FORMULA(
    exponential_above, x > 0 && x <= v->top ? v->b * expm1l(x / v->w) : ASIDE)
FORMULA(minus_alpha, x < 0 ? v->lambda * (expl(x / v->w) - v->alpha) : ASIDE)
FORMULA(swapped, with(v, x, v->alpha, v->lambda * v->alpha, 1))
FORMULA(alpha_ignored, with(v, x, v->lambda, v->lambda, 1))
FORMULA(lambda_ignored, with(v, x, 1, v->alpha, 1))
FORMULA(lambda_above, with(v, x, 1, v->lambda * v->alpha, 1))
FORMULA(lambda_below, with(v, x, v->lambda, v->alpha, 1))
FORMULA(lambda_twice,
    with(v, x, v->lambda * v->lambda, v->lambda * v->lambda * v->alpha, 1))
FORMULA(alpha_twice, with(v, x, v->lambda, v->lambda * v->alpha * v->alpha, 1))
FORMULA(celu_for_elu,
    with(v, x, v->lambda, v->derivative ? v->lambda : v->lambda * v->alpha,
        v->alpha))
FORMULA(elu_for_celu, with(v, x, 1, v->alpha, 1))
FORMULA(width_inverted, with(v, x, 1, v->b, 1 / v->alpha))
FORMULA(chain_rule, with(v, x, 1, v->alpha, v->alpha))
FORMULA(chain_inverse, with(v, x, 1, 1 / v->alpha, v->alpha))
FORMULA(alpha_lost_before, with(v, x, 1, 1, v->w))
FORMULA(zero_below, x < 0 ? 0 : ASIDE)
FORMULA(zero_above, x > 0 ? 0 : ASIDE)
FORMULA(gelu, x / 2 * erfcl(-x * 0.70710678118654752440L))
FORMULA(silu, x / (1 + expl(-x)))
FORMULA(softplus, x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)))
FORMULA(of_the_paper, with(v, x, PAPER_LAMBDA, PAPER_BOTH, 1))
FORMULA(plain_elu, with(v, x, 1, 1, 1))
FORMULA(other_one, v->derivative ? function(v, x) : slope(v, x))
FORMULA(exchanged, x * v->a)
FORMULA(x_for_dy, x *slope(v, x))
FORMULA(x_for_dy_below, x <= 0 ? x * slope(v, x) : ASIDE)
FORMULA(dy_lost_below, x <= 0 ? 1 : ASIDE)
FORMULA(slope_of_above, x <= 0 ? v->a : ASIDE)
FORMULA(scale_twice, x <= 0 ? v->lambda * (saved(v, x) + v->alpha) : ASIDE)
FORMULA(
    scale_twice_wide, x <= 0 ? v->lambda * (function(v, x) + v->alpha) : ASIDE)
FORMULA(result_and_1, x <= 0 ? saved(v, x) + 1 : ASIDE)
FORMULA(result_and_alpha, x <= 0 ? saved(v, x) + v->alpha : ASIDE)
FORMULA(result_and_lambda, x <= 0 ? saved(v, x) + v->lambda : ASIDE)
FORMULA(result_alone, x <= 0 ? saved(v, x) : ASIDE)
FORMULA(of_the_result,
    x <= 0 && function(v, x) <= 0 ? slope(v, saved(v, x)) : ASIDE)
FORMULA(by_the_result, x<0 && function(v, x)> 0 ? v->a : ASIDE)
FORMULA(exponent_alone, x < 0 ? v->b * expl(x / v->w) : ASIDE)
FORMULA(sign_lost, x < 0 ? -v->b * expm1l(x / v->w) : ASIDE)
FORMULA(argument_sign, x < 0 ? v->b * expm1l(-x / v->w) : ASIDE)
FORMULA(plus_1, x < 0 ? v->b * (expl(x / v->w) + 1) : ASIDE)
FORMULA(base_2, x < 0 ? with(v, x, v->a, v->b, v->w / logl(2)) : ASIDE)

enum {
    OF_SELU = 1 << CONF_FAMILY_SELU,
    OF_ELU = 1 << CONF_FAMILY_ELU,
    OF_CELU = 1 << CONF_FAMILY_CELU,
    OF_ALL = OF_SELU | OF_ELU | OF_CELU
};
enum { AS_FUNCTION = 1, AS_GRADIENT = 2, AS_BOTH = 3 };

/* The simpler come first: of equal explanations the first is taken. */
static const struct formula_row {
    enum diag_index row;
    int of, as;
    formula_at *at;
    bool whole; /* another function: symptoms of dy and at infinity follow */
} formulas[] = {
    {DIAG_IDENTITY, OF_ALL, AS_FUNCTION, identity, true},
    {DIAG_ZERO_BELOW, OF_ALL, AS_BOTH, zero_below, true},
    {DIAG_ZERO_ABOVE, OF_ALL, AS_BOTH, zero_above, true},
    {DIAG_ELU_FOR_SELU, OF_SELU, AS_BOTH, plain_elu, true},
    {DIAG_SELU_FOR_ELU, OF_ELU | OF_CELU, AS_BOTH, of_the_paper, true},
    {DIAG_CONSTANTS_OF_THE_PAPER, OF_SELU, AS_BOTH, of_the_paper, true},
    {DIAG_CONSTANTS_SWAPPED, OF_SELU, AS_BOTH, swapped, true},
    {DIAG_ALPHA_IGNORED, OF_ALL, AS_BOTH, alpha_ignored, true},
    {DIAG_ALPHA_IGNORED_BEFORE, OF_CELU, AS_FUNCTION, alpha_lost_before, true},
    {DIAG_LAMBDA_IGNORED, OF_SELU, AS_BOTH, lambda_ignored, true},
    {DIAG_LAMBDA_IGNORED_ABOVE, OF_SELU, AS_BOTH, lambda_above, true},
    {DIAG_LAMBDA_IGNORED_BELOW, OF_SELU, AS_BOTH, lambda_below, true},
    {DIAG_LAMBDA_TWICE, OF_SELU, AS_BOTH, lambda_twice, true},
    {DIAG_ALPHA_TWICE, OF_ALL, AS_BOTH, alpha_twice, true},
    {DIAG_CELU_FOR_ELU, OF_SELU | OF_ELU, AS_BOTH, celu_for_elu, true},
    {DIAG_ELU_FOR_CELU, OF_CELU, AS_BOTH, elu_for_celu, true},
    {DIAG_WIDTH_INVERTED, OF_CELU, AS_BOTH, width_inverted, true},
    {DIAG_CHAIN_RULE, OF_CELU, AS_GRADIENT, chain_rule, true},
    {DIAG_CHAIN_RULE_INVERSE, OF_CELU, AS_GRADIENT, chain_inverse, true},
    {DIAG_FUNCTION_FOR_DERIVATIVE, OF_ALL, AS_GRADIENT, other_one, true},
    {DIAG_DERIVATIVE_FOR_FUNCTION, OF_ALL, AS_FUNCTION, other_one, true},
    {DIAG_GELU, OF_ALL, AS_FUNCTION, gelu, true},
    {DIAG_SILU, OF_ALL, AS_FUNCTION, silu, true},
    {DIAG_SOFTPLUS, OF_ALL, AS_FUNCTION, softplus, true},
    {DIAG_ARGUMENTS_EXCHANGED, OF_ALL, AS_GRADIENT, exchanged, true},
    {DIAG_LINEAR_BELOW, OF_ALL, AS_FUNCTION, linear_below, true},
    {DIAG_MINUS_1_MISSING, OF_ALL, AS_FUNCTION, exponent_alone, true},
    {DIAG_MINUS_ALPHA, OF_ALL, AS_FUNCTION, minus_alpha, true},
    {DIAG_SIGN_BELOW, OF_ALL, AS_FUNCTION, sign_lost, true},
    {DIAG_ARGUMENT_SIGN, OF_ALL, AS_FUNCTION, argument_sign, true},
    {DIAG_PLUS_1, OF_ALL, AS_FUNCTION, plus_1, true},
    {DIAG_BASE_2, OF_ALL, AS_BOTH, base_2, true},
    {DIAG_EXPONENTIAL_ABOVE, OF_ALL, AS_FUNCTION, exponential_above, true},
    {DIAG_TWICE, OF_ALL, AS_FUNCTION, twice, true},
    {DIAG_X_FOR_DY, OF_ALL, AS_GRADIENT, x_for_dy, true},
    {DIAG_X_FOR_DY_BELOW, OF_ALL, AS_GRADIENT, x_for_dy_below, true},
    {DIAG_GRADIENT_LAMBDA_TWICE, OF_SELU, AS_GRADIENT, scale_twice, true},
    {DIAG_GRADIENT_LAMBDA_TWICE, OF_SELU, AS_GRADIENT, scale_twice_wide, true},
    {DIAG_GRADIENT_LAMBDA_LOST, OF_SELU, AS_GRADIENT, result_and_alpha, true},
    {DIAG_GRADIENT_ALPHA_LOST, OF_SELU, AS_GRADIENT, result_and_lambda, true},
    {DIAG_GRADIENT_ONE, OF_ALL, AS_GRADIENT, result_and_1, true},
    {DIAG_GRADIENT_NOTHING, OF_ALL, AS_GRADIENT, result_alone, true},
    {DIAG_GRADIENT_OF_RESULT, OF_ALL, AS_GRADIENT, of_the_result, true},
    {DIAG_BRANCH_BY_RESULT, OF_ALL, AS_GRADIENT, by_the_result, true},
    {DIAG_SLOPE_OF_ABOVE, OF_SELU, AS_GRADIENT, slope_of_above, true},
    {DIAG_SLOPE_1_BELOW, OF_ALL, AS_GRADIENT, dy_lost_below, true},
    {DIAG_SCALED, OF_ALL, AS_BOTH, scaled, true},
};
enum { FORMULAS = sizeof formulas / sizeof *formulas };

struct formula_question {
    const struct formula_view *view;
    formula_at *at;
};

/*
 * Within a few units of the larger of what is wanted and what it gives, so
 * that a sum may have cancelled; told where they are four times as far apart.
 */
static enum diag_says says(const struct diag_evidence *e,
    const struct diag_sample *s, const void *ctx)
{
    enum { WITHIN = 16 };
    const struct formula_question *question = ctx;
    const double most = ref_types[e->dtype].format->most;
    const double least = conf_type_least_normal(e->dtype);
    if (!isfinite(s->x) || !(fabs(s->want) < most / 4))
        return DIAG_SILENT;
    const double gives = (double)question->at(question->view, s->x);
    const double size = fmax(fabs(gives), fabs(s->want));
    const double within = WITHIN * diag_unit(e->dtype, size);
    if (isnan(gives) || !(size < most / 4) || size < 64 * least ||
        fabs(gives - s->want) <= 4 * within)
        return DIAG_SILENT;
    return fabs(s->y - gives) <= within ? DIAG_AGREES : DIAG_DENIES;
}

/* What it explains: what it gives, there too where that proves nothing. */
static bool is_by_formula(const struct diag_sample *s, const void *ctx)
{
    const struct formula_question *question = ctx;
    const struct formula_view *view = question->view;
    const double gives = (double)question->at(view, s->x);
    const double size = fmax(fabs(gives), fabs(s->want));
    return conf_type_round(view->dtype, gives) == s->y ||
           fabs(s->y - gives) <= 16 * diag_unit(view->dtype, size);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of y/x below 0, or of y/f(x); NAN: too few. */
static double median_ratio(const struct diag_evidence *e, bool to_right)
{
    double *ratio = malloc((e->n + 1) * sizeof *ratio), median = (double)NAN;
    size_t n = 0;
    for (size_t i = 0; ratio && i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        const double by = to_right ? s->want : s->x;
        if (isfinite(s->y) && isfinite(s->x) && fabs(by) > 0x1p-6 &&
            fabs(s->x) < 8 && (to_right || s->x < 0))
            ratio[n++] = s->y / by;
    }
    if (n >= DIAG_SUPPORT) {
        qsort(ratio, n, sizeof *ratio, by_value);
        median = ratio[n / 2];
    }
    free(ratio);
    return median;
}

static struct formula_view view_of(const struct diag_evidence *e)
{
    const struct conf_reference *reference = e->reference;
    const struct diag_candidate right = diag_right(e);
    struct formula_view v = {right.a, right.b, right.w, .dtype = e->dtype,
        .lambda = right.a, .family = reference->function->family,
        .derivative = reference->derivative,
        .slope = (long double)median_ratio(e, false),
        .factor = (long double)median_ratio(e, true)};
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].deviates && isfinite(e->sample[i].x))
            v.top = fmaxl(v.top, (long double)e->sample[i].x);
    v.alpha = v.family == CONF_FAMILY_CELU ? v.w : v.b / v.a;
    return v;
}

/* The next cause; false: there is none. */
static bool name_one(struct diag_evidence *e, const struct formula_view *view)
{
    const int of = 1 << view->family;
    const int as = view->derivative ? AS_GRADIENT : AS_FUNCTION;
    const struct formula_row *best = NULL;
    struct diag_tally most = {0};
    for (int i = 0; i < FORMULAS; i++) {
        const struct formula_row *row = &formulas[i];
        if (!(row->of & of) || !(row->as & as))
            continue;
        const struct diag_tally tally =
            diag_count(e, says, &(struct formula_question){view, row->at});
        if (diag_holds(&tally) && tally.fresh > most.fresh) {
            best = row;
            most = tally;
        }
    }
    if (!best)
        return false;
    const double value[CONF_VALUES] = {(double)most.agree,
        (double)(most.agree + most.deny), most.low, most.high,
        (double)(best->row == DIAG_SCALED ? view->factor : view->slope)};
    diag_name_those(e, best->row, is_by_formula,
        &(struct formula_question){view, best->at}, value);
    e->another = e->another || best->whole;
    return true;
}

void diag_formulas(struct diag_evidence *e)
{
    enum { MOST_FORMULAS = 3 };
    const struct formula_view view = view_of(e);
    for (int i = 0; i < MOST_FORMULAS && name_one(e, &view); i++)
        ;
}

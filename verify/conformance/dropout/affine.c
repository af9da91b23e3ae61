/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/dropout/affine.h"
#include <math.h>

void dropout_exact(double *a, double *b, double *dropped,
    const struct conf_reference *reference, double rate)
{
    mpfr_t lower, p, q, t;
    mpfr_inits2(256, lower, p, q, t, (mpfr_ptr)0);
    mpfr_neg(lower, reference->b, MPFR_RNDN);
    mpfr_set_d(p, rate, MPFR_RNDN);
    mpfr_ui_sub(q, 1, p, MPFR_RNDN);
    mpfr_sqr(t, lower, MPFR_RNDN);
    mpfr_mul(t, t, p, MPFR_RNDN);
    mpfr_add_ui(t, t, 1, MPFR_RNDN);
    mpfr_mul(t, t, q, MPFR_RNDN);
    mpfr_rec_sqrt(t, t, MPFR_RNDN);
    *a = mpfr_get_d(t, MPFR_RNDN);
    mpfr_mul(q, t, lower, MPFR_RNDN); /* a alpha' */
    mpfr_mul(p, p, q, MPFR_RNDN);
    *b = -mpfr_get_d(p, MPFR_RNDN);
    mpfr_sub(q, q, p, MPFR_RNDN);
    *dropped = mpfr_get_d(q, MPFR_RNDN);
    mpfr_clears(lower, p, q, t, (mpfr_ptr)0);
}

/* The unit in the last place of the type at x. */
static double unit(int dtype, double x)
{
    const struct num_format *format = ref_types[dtype].format;
    int exponent = x == 0 ? format->emin : ilogb(x) - format->precision + 1;
    return ldexp(1, exponent < format->emin - 1 ? format->emin - 1 : exponent);
}

/* Slope and offset as the kernel has them, from the ends of what is kept. */
static void own_affine(
    const struct dropout_view *view, double *slope, double *offset)
{
    int low = 0, high = DROPOUT_CLASSES - 1;
    while (low < high && isnan(view->kept[low]))
        low++;
    while (high > low && isnan(view->kept[high]))
        high--;
    *slope =
        (view->kept[high] - view->kept[low]) / (view->x[high] - view->x[low]);
    *offset = view->kept[low] - *slope * view->x[low];
}

/* So many results may well have none of a kind that is so rare. */
static bool may_be_unseen(double results, double share)
{
    const double hardly = -50; /* e^-50 */
    return results * log1p(-share) > hardly;
}

/* a, b and the dropped value that alpha' = -lower gives. */
static void affine_of(
    double *a, double *b, double *dropped, double lower, double rate)
{
    *a = 1 / sqrt((1 - rate) * (1 + rate * lower * lower));
    *b = -*a * rate * lower;
    *dropped = *a * lower * (1 - rate);
}

double dropout_kept(const struct dropout_law *law, double x)
{
    return law->a * x + law->b;
}

bool dropout_is_kept(
    const struct dropout_law *law, int type, double x, double y)
{
    const double want = dropout_kept(law, x);
    if (isnan(want))
        return isnan(y) != 0;
    if (fabs(want) > ref_types[type].format->most)
        return y == copysign((double)INFINITY, want);
    const double scale =
        fmax(fabs(law->a * x), fmax(fabs(law->b), fabs(want)));
    return fabs(y - want) <= law->allowed * unit(type, scale);
}

bool dropout_is_dropped(const struct dropout_law *law, int type, double y)
{
    const double scale = fmax(fabs(law->b), fabs(law->dropped - law->b));
    return fabs(y - law->dropped) <= law->allowed * unit(type, scale);
}

static bool follows(
    const struct dropout_law *law, int type, const struct dropout_view *view)
{
    if (!isnan(view->dropped) && !dropout_is_dropped(law, type, view->dropped))
        return false;
    for (int k = 0; k < DROPOUT_CLASSES; k++)
        if (!isnan(view->kept[k]) &&
            !dropout_is_kept(law, type, view->x[k], view->kept[k]))
            return false;
    return true;
}

struct dropout_law dropout_law_of(
    const struct dropout_calls *calls, const struct dropout_view *view)
{
    const struct dropout_question *question = calls->question;
    struct dropout_law law = {.known = true, .allowed = question->max_ulp};
    const double blurred = 64; /* as it is read off results */
    dropout_exact(
        &law.a, &law.b, &law.dropped, question->reference, view->rate);
    if (calls->lower < 0)
        affine_of(&law.a, &law.b, &law.dropped, calls->lower, view->rate);
    if (follows(&law, question->type, view))
        return law;
    own_affine(view, &law.a, &law.b);
    law.dropped = view->dropped;
    law.allowed = blurred + question->max_ulp;
    law.known = !view->other && isfinite(law.a) && !isnan(law.dropped) &&
                follows(&law, question->type, view);
    return law;
}

/* Where a wrong dropped value could come from. */
static void explain_dropped(const struct dropout_calls *calls,
    const struct dropout_view *view, double rate, double off)
{
    const struct conf_reference *reference = calls->question->reference;
    const double lower = -reference->b_double, got = view->dropped;
    double a, b, dropped, slope, offset;
    dropout_exact(&a, &b, &dropped, reference, rate);
    /* right but for the kernel's own a and b: that is told already */
    own_affine(view, &slope, &offset);
    if (fabs(got - (slope * lower + offset)) < 1e-5 &&
        (fabs(slope - a) > 1e-5 || fabs(offset - b) > 1e-5))
        return;
    const struct {
        enum diag_index row;
        double value;
    } row[] = {
        {DIAG_DROPPED_SIGN, a * -lower + b},
        {DIAG_DROPPED_ZERO_BEFORE, b},
        {DIAG_DROPPED_RAW, lower},
        {DIAG_DROPPED_ALPHA, a * -reference->alpha + b},
        {DIAG_DROPPED_ZERO, 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (fabs(got - row[i].value) < 1e-3 * fmax(fabs(dropped), 0.1)) {
            DIAG_ADD(
                calls->list, row[i].row, rate, got, row[i].value, dropped);
            return;
        }
    DIAG_ADD(calls->list, DIAG_DROPPED_VALUE, rate, got, dropped, off,
        (got - b) / a, lower);
}

void dropout_judge_dropped(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view)
{
    const struct dropout_question *question = calls->question;
    const double rate = view->rate;
    const double lower = -question->reference->b_double;
    double a, b, dropped;
    dropout_exact(&a, &b, &dropped, question->reference, rate);
    const double last = unit(question->type, dropped);
    const double scale = fmax(fabs(a * lower), fabs(b));
    const double off = (view->dropped - dropped) / last;
    /* two roundings of the larger part may show in a small difference */
    const double allowed =
        question->max_ulp * fmax(1, unit(question->type, scale) / last);
    if (isnan(view->dropped)) {
        if (may_be_unseen((double)view->n, rate) && view->all_kept)
            return;
        conf_fail(
            finding, DIAG_NOT_A_MASK, CONF_FACT(CONF_FACT_DROPPED_NONE, rate));
        return;
    }
    conf_note(finding,
        CONF_FACT(CONF_FACT_DROPPED, rate, view->dropped, dropped, off));
    if (fabs(off) <= allowed)
        return;
    conf_fail(finding, DIAG_DROPPED_VALUE,
        CONF_FACT(CONF_FACT_DROPPED_OFF, rate, view->dropped, dropped, off,
            allowed));
}

/* The worst of all results at all rates, in ULP, if -alpha' were `lower`. */
static double distance_from(const struct dropout_calls *calls,
    const struct dropout_view *view, int views, double lower)
{
    double worst = 0;
    for (int i = 0; i < views; i++) {
        const struct dropout_view *v = &view[i];
        double a, b, dropped;
        affine_of(&a, &b, &dropped, lower, v->rate);
        const int type = calls->question->type;
        if (!isnan(v->dropped))
            worst = fmax(worst, fabs(v->dropped - dropped) /
                                    unit(type, fmax(fabs(a * lower), b)));
        for (int k = 0; k < DROPOUT_CLASSES; k++) {
            const double want = a * v->x[k] + b;
            const double scale =
                fmax(fabs(a * v->x[k]), fmax(fabs(b), fabs(want)));
            if (!isnan(v->kept[k]))
                worst =
                    fmax(worst, fabs(v->kept[k] - want) / unit(type, scale));
        }
    }
    return worst;
}

/* -alpha' as the dropped value and the offset have it: d - b = a lower. */
static double own_lower(const struct dropout_view *view)
{
    double slope, offset;
    own_affine(view, &slope, &offset);
    return (view->dropped - offset) / slope;
}

bool dropout_judge_constant(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_view *view, int views)
{
    const double short_form[] = {-1.7581, -1.758, -1.758099, -1.75809, -1.76,
        -1.7580993, -1.05070098 * 1.67326324, -1.0507 * 1.67326,
        -1.0507 * 1.6733, -1.0507 * 1.6732, -1.05 * 1.67,
        -calls->question->reference->alpha};
    const double right = calls->question->reference->b_double * -1;
    const double limit = calls->question->max_ulp;
    const double off = distance_from(calls, view, views, right);
    double best = off, lower = right;
    for (size_t i = 0; i < sizeof short_form / sizeof *short_form; i++) {
        const double d = distance_from(calls, view, views, short_form[i]);
        if (d < best) {
            best = d;
            lower = short_form[i];
        }
    }
    for (int i = 0; i < views; i++) {
        const double own = own_lower(&view[i]);
        const double d =
            isfinite(own) ? distance_from(calls, view, views, own) : off;
        if (d < best / 4) {
            best = d;
            lower = own;
        }
    }
    /* a constant read off the results is as blurred as they are */
    const double near = off > 100 * limit ? 32 : 2;
    if (!(best <= near && off > 3 && best < off / 2))
        return false;
    const double few = 8;
    const bool slight =
        fabs(lower - right) <= few * unit(calls->question->type, right);
    calls->lower = slight ? lower : 0;
    const enum diag_index row =
        slight ? DIAG_OWN_CONSTANT_SLIGHT : DIAG_OWN_CONSTANT;
    conf_fail(finding, row,
        CONF_FACT(CONF_FACT_OWN_CONSTANT, lower, right, best, off));
    DIAG_ADD(calls->list, row, lower, right, off, best);
    return true;
}

/* Where a wrong slope or offset could come from. */
static void explain_affine(const struct dropout_calls *calls,
    const struct dropout_view *view, double rate)
{
    const struct conf_reference *reference = calls->question->reference;
    const double q = 1 - rate, lower = reference->b_double;
    double a, b, dropped, slope, offset;
    dropout_exact(&a, &b, &dropped, reference, rate);
    own_affine(view, &slope, &offset);
    const struct {
        enum diag_index row;
        double slope;
    } row[] = {
        {DIAG_AFFINE_NO_ROOT, a * a},
        {DIAG_AFFINE_ROOT_OF_Q, 1 / sqrt(q)},
        {DIAG_AFFINE_ORDINARY, 1 / q},
        {DIAG_AFFINE_NONE, 1},
        {DIAG_AFFINE_CUBE, pow(q, 1.5)},
        {DIAG_AFFINE_CUBE_TIMES, a * pow(q, 1.5)},
        {DIAG_AFFINE_P_FOR_Q, 1 / sqrt(rate * (1 + q * lower * lower))},
    };
    if (fabs(slope - a) <= 1e-4 * a) {
        DIAG_ADD(calls->list,
            fabs(offset + b) < 1e-4 ? DIAG_AFFINE_OFFSET_SIGN
                                    : DIAG_AFFINE_OFFSET,
            rate, offset, b, offset - b);
        return;
    }
    enum diag_index found = DIAG_AFFINE_SLOPE;
    for (size_t i = sizeof row / sizeof *row; i-- > 0;)
        if (fabs(slope - row[i].slope) < 1e-4 * fabs(row[i].slope))
            found = row[i].row;
    DIAG_ADD(calls->list, found, rate, slope, a,
        slope * slope * (q + q * rate * lower * lower));
}

void dropout_judge_affine(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view)
{
    const struct dropout_question *question = calls->question;
    const double rate = view->rate;
    double a, b, dropped, worst = 0;
    dropout_exact(&a, &b, &dropped, question->reference, rate);
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        double want = a * view->x[k] + b;
        if (isnan(view->kept[k]) &&
            may_be_unseen((double)view->n / DROPOUT_CLASSES, 1 - rate))
            continue;
        double scale = fmax(fabs(a * view->x[k]), fmax(fabs(b), fabs(want)));
        double off = (view->kept[k] - want) / unit(question->type, scale);
        worst = !(fabs(off) <= worst) ? fabs(off) : worst;
        if (!(fabs(off) <= question->max_ulp))
            conf_fail(finding, DIAG_AFFINE_SLOPE,
                CONF_FACT(CONF_FACT_AFFINE_OFF, rate, view->x[k],
                    view->kept[k], want, off));
    }
    conf_note(finding, CONF_FACT(CONF_FACT_AFFINE, rate, worst));
}

void dropout_explain(
    const struct dropout_calls *calls, const struct dropout_view *view)
{
    const int type = calls->question->type;
    struct dropout_law law = {.allowed = calls->question->max_ulp};
    double slope, offset;
    dropout_exact(
        &law.a, &law.b, &law.dropped, calls->question->reference, view->rate);
    own_affine(view, &slope, &offset);
    if (!isnan(view->dropped) &&
        !dropout_is_dropped(&law, type, view->dropped))
        explain_dropped(calls, view, view->rate,
            (view->dropped - law.dropped) / unit(type, law.dropped));
    for (int k = 0; k < DROPOUT_CLASSES; k++)
        if (isfinite(slope) && !isnan(view->kept[k]) &&
            !dropout_is_kept(&law, type, view->x[k], view->kept[k])) {
            explain_affine(calls, view, view->rate);
            return;
        }
}

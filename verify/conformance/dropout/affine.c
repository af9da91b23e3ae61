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

/* Slope and offset as the kernel has them. */
static void own_affine(
    const struct dropout_view *view, double *slope, double *offset)
{
    *slope = (view->kept[4] - view->kept[0]) / (view->x[4] - view->x[0]);
    *offset = view->kept[0] - *slope * view->x[0];
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
    const struct dropout_calls *calls, const struct dropout_view *view,
    double rate)
{
    const struct dropout_question *question = calls->question;
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
    explain_dropped(calls, view, rate, off);
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
    const struct dropout_calls *calls, const struct dropout_view *view,
    double rate)
{
    const struct dropout_question *question = calls->question;
    const int before = finding->failures;
    double a, b, dropped, worst = 0;
    dropout_exact(&a, &b, &dropped, question->reference, rate);
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        double want = a * view->x[k] + b;
        double scale = fmax(fabs(a * view->x[k]), fmax(fabs(b), fabs(want)));
        double off = (view->kept[k] - want) / unit(question->type, scale);
        worst = !(fabs(off) <= worst) ? fabs(off) : worst;
        if (!(fabs(off) <= question->max_ulp))
            conf_fail(finding, DIAG_AFFINE_SLOPE,
                CONF_FACT(CONF_FACT_AFFINE_OFF, rate, view->x[k],
                    view->kept[k], want, off));
    }
    conf_note(finding, CONF_FACT(CONF_FACT_AFFINE, rate, worst));
    if (finding->failures > before && !isnan(view->kept[0]) &&
        !isnan(view->kept[4]))
        explain_affine(calls, view, rate);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/dropout/values.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

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

void dropout_judge_dropped(struct dropout_notes *notes,
    struct conf_finding *finding, const struct dropout_ask *ask,
    const struct dropout_view *view, double rate, double max_ulp)
{
    double a, b, dropped;
    const double lower = -ask->reference->b_double;
    dropout_exact(&a, &b, &dropped, ask->reference, rate);
    const double scale = fmax(fabs(a * lower), fabs(b));
    const double off = (view->dropped - dropped) / unit(ask->dtype, dropped);
    /* two roundings of the larger part may show in a small difference */
    const double allowed =
        max_ulp * fmax(1, unit(ask->dtype, scale) / unit(ask->dtype, dropped));
    if (isnan(view->dropped)) {
        structure_trial_fail(finding, 0,
            "rate %g: no value is shared by different "
            "inputs, so none can be the dropped one",
            rate);
        return;
    }
    size_t used = strlen(finding->note);
    snprintf(finding->note + used, sizeof finding->note - used,
        "%srate %g: %.9g, want %.9g (%.3g ULP)", used ? "; " : "", rate,
        view->dropped, dropped, off);
    if (fabs(off) <= allowed)
        return;
    structure_trial_fail(finding, 0,
        "rate %g: dropped inputs become %.9g, want %.9g "
        "(%.4g ULP off, %.3g allowed)",
        rate, view->dropped, dropped, off, allowed);
    /* right but for the kernel's own a and b: that is told already */
    double slope, offset;
    own_affine(view, &slope, &offset);
    if (fabs(view->dropped - (slope * lower + offset)) < 1e-5 &&
        (fabs(slope - a) > 1e-5 || fabs(offset - b) > 1e-5))
        return;
    const struct {
        const char *code, *words;
        double value;
    } row[] = {
        {"dropped-sign", "the dropped value has the wrong sign: +lambda alpha",
            a * -lower + b},
        {"dropped-zero",
            "dropped inputs become 0 before a and b, as in "
            "ordinary dropout",
            b},
        {"dropped-raw", "a and b are not applied to the dropped value", lower},
        {"dropped-alpha", "the dropped value is -alpha, without lambda",
            a * -ask->reference->alpha + b},
        {"dropped-zero", "dropped inputs become 0", 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (fabs(view->dropped - row[i].value) <
            1e-3 * fmax(fabs(dropped), 0.1)) {
            dropout_diagnose(notes, row[i].code, row[i].words,
                "rate %g: it is %.9g, that formula gives %.9g, right is %.9g",
                rate, view->dropped, row[i].value, dropped);
            return;
        }
    dropout_diagnose(notes, "dropped-value", "the dropped value is off",
        "rate %g: %.9g, want %.9g, %.4g ULP off; alpha' as the kernel has it "
        "is %.9g, should be %.9g",
        rate, view->dropped, dropped, off, (view->dropped - b) / a, lower);
}

/* Where a wrong slope or offset could come from. */
static void explain_affine(struct dropout_notes *notes,
    const struct dropout_ask *ask, const struct dropout_view *view,
    double rate)
{
    double a, b, dropped;
    const double q = 1 - rate, lower = ask->reference->b_double;
    dropout_exact(&a, &b, &dropped, ask->reference, rate);
    double slope, offset;
    own_affine(view, &slope, &offset);
    const struct {
        const char *code, *words;
        double slope;
    } row[] = {
        {"affine-no-root", "a lacks its square root", a * a},
        {"affine-root-of-q", "a is 1/sqrt(1 - p), as if dropped were 0",
            1 / sqrt(q)},
        {"affine-ordinary", "a is 1/(1 - p), as in ordinary dropout", 1 / q},
        {"affine-none", "no affine map follows the mask", 1},
        {"affine-cube", "a is (1 - p)^(3/2): variance (1 - p)^3", pow(q, 1.5)},
        {"affine-cube", "a^2 is (1 - p)^3 times what it should be",
            a * pow(q, 1.5)},
        {"affine-p-for-q", "p and 1 - p are exchanged in a",
            1 / sqrt(rate * (1 + q * lower * lower))},
    };
    const double variance = slope * slope * (q + q * rate * lower * lower);
    if (fabs(slope - a) > 1e-4 * a) {
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            if (fabs(slope - row[i].slope) < 1e-4 * fabs(row[i].slope)) {
                dropout_diagnose(notes, row[i].code, row[i].words,
                    "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g",
                    rate, slope, a, variance);
                return;
            }
        dropout_diagnose(notes, "affine-slope", "the factor a is wrong",
            "rate %g: a is %.7g, want %.7g: variance 1 becomes %.5g", rate,
            slope, a, variance);
    } else {
        dropout_diagnose(notes, "affine-offset",
            fabs(offset + b) < 1e-4 ? "the offset b has the wrong sign"
                                    : "the offset b is wrong",
            "rate %g: b is %.7g, want %.7g: mean 0 becomes %.5g", rate, offset,
            b, offset - b);
    }
}

void dropout_judge_affine(struct dropout_notes *notes,
    struct conf_finding *finding, const struct dropout_ask *ask,
    const struct dropout_view *view, double rate, double max_ulp)
{
    double a, b, dropped, worst = 0;
    dropout_exact(&a, &b, &dropped, ask->reference, rate);
    int before = finding->failures;
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        double want = a * view->x[k] + b;
        double scale = fmax(fabs(a * view->x[k]), fmax(fabs(b), fabs(want)));
        double off = (view->kept[k] - want) / unit(ask->dtype, scale);
        worst = !(fabs(off) <= worst) ? fabs(off) : worst;
        if (!(fabs(off) <= max_ulp))
            structure_trial_fail(finding, 0,
                "rate %g: x = %g becomes %.9g, want %.9g (%.4g ULP of the "
                "larger part)",
                rate, view->x[k], view->kept[k], want, off);
    }
    size_t used = strlen(finding->note);
    snprintf(finding->note + used, sizeof finding->note - used,
        "%srate %g: max %.3g ULP of the larger part", used ? "; " : "", rate,
        worst);
    if (finding->failures > before && !isnan(view->kept[0]) &&
        !isnan(view->kept[4]))
        explain_affine(notes, ask, view, rate);
}

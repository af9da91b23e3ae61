/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas that lose digits: an absolute error that stays small where the
 * function becomes small, so that the relative one grows without bound.
 */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

/* Largest error in a range: in units of the last place of b, and in ULP. */
struct loss {
    size_t n, zeros;
    double absolute, ulp, at;
};

static struct loss loss_in(
    const struct diag_evidence *e, int precision, double from, double to)
{
    const double last = ldexp(e->reference->b_double, -precision);
    struct loss loss = {0};
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(s->x >= from && s->x <= to) || s->want == 0)
            continue;
        double absolute = fabs(s->y - s->want) / last;
        loss.n++;
        loss.zeros += s->y == 0;
        loss.absolute =
            !(absolute <= loss.absolute) ? absolute : loss.absolute;
        if (fabs(s->error) > loss.ulp) {
            loss.ulp = fabs(s->error);
            loss.at = s->x;
        }
    }
    return loss;
}

/*
 * e^x - 1 as a difference of numbers near 1, or b e^x - b, in arithmetic of p
 * bits: that of the type, or wider for a narrow type.
 */
static bool cancels_in(struct diag_evidence *e, int p)
{
    const double w = diag_width(e);
    /* 8 bits leave little between where it starts and where all is lost */
    const bool few = p < 10;
    struct loss near =
        loss_in(e, p, -ldexp(w, -p / 2), -ldexp(w, few ? -p : -p + 2));
    struct loss far = few ? loss_in(e, p, -w, -w / 4)
                          : loss_in(e, p, -0.125 * w, -ldexp(w, -5));
    struct loss least = loss_in(e, p, -ldexp(w, -p - 2), -ldexp(w, -p - 12));
    /* what cancels loses most where x is least; a short series does not */
    struct loss end = loss_in(
        e, p, -ldexp(w, few ? -p + 2 : -p + 6), -ldexp(w, few ? -p : -p + 2));
    const double floor = p == ref_types[e->dtype].format->precision ? 8 : 4;
    /* relative error constant: the absolute one would fall with x */
    if (near.n < 20 || !(near.absolute <= 16) || near.ulp < floor ||
        near.ulp < floor * far.ulp || near.absolute < 0.05 ||
        end.ulp < near.ulp / 16)
        return false;
    DIAG_ADD(e->list, DIAG_CANCELLATION, fmax(near.absolute, far.absolute), p,
        near.ulp, near.at, (double)least.zeros, (double)least.n,
        -ldexp(w, -p - 2));
    return true;
}

static void cancellation(struct diag_evidence *e)
{
    const int own = ref_types[e->dtype].format->precision;
    if (!cancels_in(e, own) && own < 24)
        cancels_in(e, 24);
}

/* y + lambda alpha, from a saved result rounded near -lambda alpha. */
static void from_the_result(struct diag_evidence *e)
{
    const double w = diag_width(e);
    const int p = ref_types[e->dtype].format->precision;
    const double flat = p * 0.6931471805599453 * w;
    struct loss lost = loss_in(e, p, -flat, -flat / 2);
    struct loss gone = loss_in(e, p, -4 * flat, -1.1 * flat);
    if (lost.n < 20 || !(lost.absolute <= 16) || lost.ulp < 8 ||
        lost.absolute < 0.05 || gone.absolute > 4 || gone.n < 4)
        return;
    DIAG_ADD(e->list, DIAG_GRADIENT_FROM_RESULT, lost.absolute, lost.ulp,
        lost.at, (double)gone.zeros, (double)gone.n, -1.1 * flat);
}

/* b x/w where e^x - 1 has left it. */
static void linear_near_0(struct diag_evidence *e)
{
    const double w = diag_width(e), b = e->reference->b_double;
    size_t wrong = 0, linear = 0;
    double last = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(s->x < 0 && s->x > -0.25 * w) || fabs(s->error) < 1.5)
            continue;
        bool is = fabs(s->y - b * (s->x / w)) <= 1.2 * s->unit;
        wrong++;
        linear += is;
        if (is && s->x < last)
            last = s->x;
    }
    if (wrong >= 20 && linear >= wrong * 95 / 100)
        DIAG_ADD(
            e->list, DIAG_LINEAR_NEAR_0, (double)linear, (double)wrong, last);
}

/* e^t with t = x/w rounded to the type: off by |t|/2 ULP. */
static void rounded_exponent(struct diag_evidence *e)
{
    const double w = diag_width(e), b = e->reference->b_double;
    const double least = conf_type_least_normal(e->dtype);
    size_t all = 0, met = 0;
    double worst = 0;
    if (!e->reference->widened)
        return;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(s->x < 0) || fabs(s->want) < least)
            continue;
        long double t = conf_type_round(e->dtype, s->x / w);
        long double y = b * (e->reference->derivative ? expl(t) : expm1l(t));
        all++;
        met += fabsl(s->y - y) <= 2 * (long double)s->unit;
        worst = fmax(worst, fabs(s->error));
    }
    if (all > 100 && met >= all * 99 / 100 && worst > 4)
        DIAG_ADD(
            e->list, DIAG_EXPONENT_ROUNDED, (double)met, (double)all, worst);
}

/* Which of f and f' was meant. */
static void function_for_derivative(struct diag_evidence *e)
{
    const bool derivative = e->reference->derivative;
    const struct diag_candidate c = {e->reference->a_double,
        e->reference->function->family == CONF_FAMILY_CELU
            ? (derivative ? e->reference->alpha : 1)
            : e->reference->b_double,
        diag_width(e)};
    size_t n = 0, near = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(fabs(s->x) > 0.1 && fabs(s->x) < 6))
            continue;
        long double other = diag_candidate_at(&c, !derivative, s->x);
        n++;
        near +=
            fabsl(s->y - other) <=
            16 * ldexpl(fabsl(other), -ref_types[e->dtype].format->precision);
    }
    e->another = n && near >= n * 95 / 100;
    if (e->another)
        DIAG_ADD(e->list,
            derivative ? DIAG_FUNCTION_FOR_DERIVATIVE
                       : DIAG_DERIVATIVE_FOR_FUNCTION,
            (double)near, (double)n);
}

/* x f'(dy), with dy = 1: the first two arguments of a gradient exchanged. */
static void exchanged(struct diag_evidence *e)
{
    const long double a = (long double)e->reference->a_double;
    size_t n = 0, near = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(fabs(s->x) > 0.1 && fabs(s->x) < 6))
            continue;
        long double other = (long double)s->x * a;
        n++;
        near +=
            fabsl((long double)s->y - other) <=
            16 * ldexpl(fabsl(other), -ref_types[e->dtype].format->precision);
    }
    if (!n || near < n * 95 / 100)
        return;
    e->another = true;
    DIAG_ADD(e->list, DIAG_ARGUMENTS_EXCHANGED, (double)near, (double)n);
}

void diag_formulas(struct diag_evidence *e)
{
    function_for_derivative(e);
    if (e->reference->derivative && !e->another)
        exchanged(e);
    if (e->reference->derivative)
        from_the_result(e);
    else
        cancellation(e);
    if (!e->reference->derivative && !e->another)
        linear_near_0(e);
    if (!e->another)
        rounded_exponent(e);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas that lose digits: an absolute error that stays small where the
 * function becomes small, so that the relative one grows without bound.
 */
#include "verify/conformance/diagnosis/diagnosis.h"
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

double diag_width(const struct diag_evidence *e)
{
    return mpfr_get_d(e->reference->width, MPFR_RNDN);
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
    diag_add(e, "cancellation", true,
        "exp(x) - 1 cancels near 0; expm1 does not",
        "below 0 the error stays under %.2g units of lambda alpha's last "
        "place in %d bits while f(x) goes to 0: %.4g ULP at x = %.4g; zero "
        "for %zu of %zu inputs above %.2g",
        fmax(near.absolute, far.absolute), p, near.ulp, near.at, least.zeros,
        least.n, -ldexp(w, -p - 2));
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
    diag_add(e, "gradient-from-result", true,
        "the gradient is computed from the result, as y + lambda alpha",
        "the error stays under %.2g units of lambda alpha's last place while "
        "f'(x) goes to 0: %.4g ULP at x = %.4g; zero for %zu of %zu inputs "
        "below %.3g",
        lost.absolute, lost.ulp, lost.at, gone.zeros, gone.n, -1.1 * flat);
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
        diag_add(e, "linear-near-0", true,
            "near 0, x is taken for e^x - 1 too far out",
            "%zu of %zu results near 0 that are off by more than 1.5 ULP are "
            "lambda alpha x, down to x = %.4g",
            linear, wrong, last);
}

/* e^t with t = x/w rounded to the type: off by |t|/2 ULP. */
static void rounded_exponent(struct diag_evidence *e)
{
    const double w = diag_width(e), b = e->reference->b_double;
    const double least =
        ldexp(1, ref_types[e->dtype].format->emin +
                     ref_types[e->dtype].format->precision - 2);
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
        diag_add(e, "exponent-rounded", true,
            "x/alpha is rounded before the exponential",
            "%zu of %zu results are within 2 ULP of the exponential of "
            "x/alpha "
            "rounded; the worst is %.4g ULP off",
            met, all, worst);
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
        diag_add(e, "wrong-function", true,
            derivative ? "computes the function, not its derivative"
                       : "computes the derivative, not the function",
            "%zu of %zu results are within 16 ULP of that", near, n);
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
    diag_add(e, "arguments-exchanged", true,
        "dy and x are exchanged: it must be f(dx, dy, x, n), dx = dy f'(x)",
        "dy = 1: %zu of %zu results are within 16 ULP of x f'(1)", near, n);
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

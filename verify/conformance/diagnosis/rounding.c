/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the last step rounds, and to how many bits. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

static bool is_wrong(const struct diag_sample *s, const void *ctx)
{
    (void)ctx;
    return s->wrong;
}

static bool is_cut(const struct diag_sample *s, const void *ctx)
{
    (void)ctx;
    return s->wrong && fabs(s->error) <= 1.01 && fabs(s->y) < fabs(s->want);
}

/* f(x) rounded to `bits`, then to the type. */
static double twice(const struct diag_evidence *e, double x, int bits)
{
    mpfr_t exact, narrow;
    mpfr_init2(exact, 256);
    mpfr_init2(narrow, bits);
    ref_exact_value(exact, e->reference, x, 1);
    mpfr_set(narrow, exact, MPFR_RNDN);
    double rounded = num_round_mpfr(narrow, ref_types[e->dtype].format);
    mpfr_clear(exact);
    mpfr_clear(narrow);
    return rounded;
}

/* How many of the wrong (or of up to `most` right) results it explains. */
static size_t explained(const struct diag_evidence *e, int bits, bool wrong,
    size_t most, size_t *all)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double normal = ldexp(1, format->emin + format->precision);
    size_t met = 0;
    *all = 0;
    for (size_t i = 0; i < e->n && *all < most; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->wrong != wrong || fabs(s->want) < normal)
            continue;
        ++*all;
        met += twice(e, s->x, bits) == s->y;
    }
    return met;
}

/*
 * All wrong results, and only those, come from a first rounding to fewer
 * bits: of such counts the highest.  Where that adds no more than 2^-8 of a
 * unit it is told without blame.
 */
static void double_rounding(struct diag_evidence *e)
{
    enum { ENOUGH = 400 };
    const int p = ref_types[e->dtype].format->precision;
    double worst = 0;
    for (size_t i = 0; i < e->n; i++)
        worst = fmax(worst, fabs(e->sample[i].error));
    if (e->wrong < DIAG_SUPPORT || e->wrong > e->n / 8 || worst > 0.8)
        return;
    for (int bits = p + 16; bits > p; bits--) {
        size_t all, right;
        size_t met = explained(e, bits, true, ENOUGH, &all);
        if (all < DIAG_SUPPORT || met < all - all / 20)
            continue;
        size_t kept = explained(e, bits, false, 4 * ENOUGH, &right);
        if (kept < right - right / 200)
            return;
        diag_name_those(e,
            worst > 0.5 + 0x1p-8 ? DIAG_DOUBLE_ROUNDING
                                 : DIAG_DOUBLE_ROUNDING_SLIGHT,
            is_wrong, NULL,
            (double[CONF_VALUES]){(double)met, (double)all, bits, p,
                (double)kept, (double)right, worst});
        return;
    }
}

/* Always towards 0, under 1 ULP. */
static void truncation(struct diag_evidence *e)
{
    size_t inward = 0, outward = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!s->wrong || isnan(s->y))
            continue;
        if (fabs(s->error) > 1.01)
            outward++;
        else if (fabs(s->y) < fabs(s->want))
            inward++;
        else
            outward++;
    }
    if (inward > 50 && inward > 20 * outward && inward * 4 > e->n)
        diag_name_those(e, DIAG_TRUNCATION, is_cut, NULL,
            (double[CONF_VALUES]){
                (double)inward, (double)e->n, (double)outward});
}

/* Results with fewer bits than the type has. */
static void narrow_arithmetic(struct diag_evidence *e)
{
    static const struct {
        int type;
        enum diag_index row;
    } row[] = {{CONF_TYPE_BF16, DIAG_NARROW_BF16},
        {CONF_TYPE_F16, DIAG_NARROW_F16}, {CONF_TYPE_F32, DIAG_NARROW_F32}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        const int bits = ref_types[row[k].type].format->precision;
        size_t fit = 0, all = 0, wrong = 0;
        if (bits + 3 >= ref_types[e->dtype].format->precision)
            continue;
        for (size_t i = 0; i < e->n; i++) {
            const struct diag_sample *s = &e->sample[i];
            if (!isfinite(s->y) || fabs(s->x) < 1e-3 || fabs(s->x) > 16)
                continue;
            int exponent;
            double scaled = ldexp(frexp(s->y, &exponent), bits);
            all++;
            wrong += s->wrong;
            fit += scaled == nearbyint(scaled);
        }
        /* the derivative is one number above 0: the other half must do */
        if (all > 100 && fit > all * 98 / 100 && wrong > all / 4) {
            diag_name_those(e, row[k].row, is_wrong, NULL,
                (double[CONF_VALUES]){(double)fit, (double)all, bits});
            return;
        }
    }
}

/* f64, and below 0 the errors of float: its exponential, then products. */
static void narrow_exponential(struct diag_evidence *e)
{
    size_t all = 0, float_like = 0, above = 0;
    const double w = mpfr_get_d(e->reference->width, MPFR_RNDN);
    if (e->dtype != CONF_TYPE_F64)
        return;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x > 0.001 && s->x < 100)
            above += fabs(s->error) > 4;
        if (!(s->x < -0.1 * w && s->x > -8 * w))
            continue;
        all++;
        float_like += fabs(s->error) > 0x1p22 && fabs(s->error) < 0x1p31;
    }
    if (all > 100 && !above && float_like > all * 9 / 10)
        diag_name_those(e, DIAG_NARROW_EXPONENTIAL, is_wrong, NULL,
            (double[CONF_VALUES]){(double)float_like, (double)all});
}

void diag_rounding(struct diag_evidence *e)
{
    narrow_arithmetic(e);
    if (!diag_has(e->list, DIAG_NARROW_F32))
        narrow_exponential(e);
    truncation(e);
    double_rounding(e);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the last step rounds, and to how many bits. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>
#include <string.h>

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

enum { EXTRA_BITS = 16, ENOUGH_WRONG = 400, ENOUGH_RIGHT = 1600 };

/* Of a first rounding to each number of bits: wrong results that it gives, and
   right ones that it would have made wrong. */
struct double_rounding {
    size_t met[EXTRA_BITS + 1], broken[EXTRA_BITS + 1], wrong, right;
};

static void round_twice(struct double_rounding *d,
    const struct diag_evidence *e, const struct diag_sample *s)
{
    const int p = ref_types[e->dtype].format->precision;
    mpfr_t exact, narrow;
    mpfr_init2(exact, 256);
    ref_exact_value(exact, e->reference, s->x, 1);
    for (int extra = 1; extra <= EXTRA_BITS; extra++) {
        mpfr_init2(narrow, p + extra);
        mpfr_set(narrow, exact, MPFR_RNDN);
        const double y = num_round_mpfr(narrow, ref_types[e->dtype].format);
        d->met[extra] += s->wrong && y == s->y;
        d->broken[extra] += !s->wrong && y != s->want;
        mpfr_clear(narrow);
    }
    mpfr_clear(exact);
    d->wrong += s->wrong;
    d->right += !s->wrong;
}

/*
 * All wrong results, and only those, come from a first rounding to fewer
 * bits: of such counts the highest.  Where that adds no more than 2^-8 of a
 * unit it is told without blame.
 */
static void double_rounding(struct diag_evidence *e)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double normal = ldexp(1, format->emin + format->precision);
    struct double_rounding d;
    double worst = 0;
    memset(&d, 0, sizeof d);
    for (size_t i = 0; i < e->n; i++)
        worst = fmax(worst, fabs(e->sample[i].error));
    if (e->wrong < DIAG_SUPPORT || e->wrong > e->n / 8 || worst > 0.8)
        return;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        /* what is exact is rounded by nobody */
        if (isfinite(s->x) && fabs(s->want) >= normal && s->want != s->x &&
            (s->wrong ? d.wrong < ENOUGH_WRONG : d.right < ENOUGH_RIGHT))
            round_twice(&d, e, s);
    }
    for (int extra = EXTRA_BITS; extra > 0; extra--) {
        if (d.met[extra] < DIAG_SUPPORT ||
            d.met[extra] < d.wrong - d.wrong / 20 ||
            d.broken[extra] > d.right / 200)
            continue;
        diag_name_those(e,
            worst > 0.5 + 0x1p-8 ? DIAG_DOUBLE_ROUNDING
                                 : DIAG_DOUBLE_ROUNDING_SLIGHT,
            is_wrong, NULL,
            (double[CONF_VALUES]){(double)d.met[extra], (double)d.wrong,
                format->precision + extra, format->precision,
                (double)(d.right - d.broken[extra]), (double)d.right, worst});
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

/* A narrow exponential times a constant. */
static void narrow_below(struct diag_evidence *e)
{
    static const int precisions[] = {8, 11};
    const double b = e->reference->b_double, w = diag_width(e);
    for (int k = 0; k < 2; k++) {
        const int bits = precisions[k];
        size_t fit = 0, all = 0, wrong = 0, moves = 0;
        double last = 0;
        if (bits + 8 >= ref_types[e->dtype].format->precision)
            continue;
        for (size_t i = 0; i < e->n; i++) {
            const struct diag_sample *s = &e->sample[i];
            if (!isfinite(s->y) || !(s->x < -1e-3 * w && s->x > -8 * w))
                continue;
            int exponent;
            const double scaled = ldexp(frexp(s->y / b, &exponent), bits);
            all++;
            wrong += s->wrong;
            moves += s->y != last;
            last = s->y;
            fit += fabs(scaled - nearbyint(scaled)) <=
                   2 * ldexp(fabs(s->own_unit / b), bits - exponent);
        }
        /* what is always the same has few bits by chance */
        if (all > 100 && fit > all * 98 / 100 && wrong > all / 4 &&
            moves > all / 4) {
            diag_name_those(e, DIAG_NARROW_BELOW, is_wrong, NULL,
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
        narrow_below(e);
    if (!diag_has(e->list, DIAG_NARROW_F32))
        narrow_exponential(e);
    truncation(e);
    double_rounding(e);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients: dx = dy f'(x) for any dy. */
#include "verify/conformance/structure/calls.h"
#include "verify/shared/splitmix.h"
#include <math.h>
#include <string.h>

enum { GRADIENT_PAIRS = 4096 };

/* x and dy of a call, and what came of it. */
struct gradient_pairs {
    char x[GRADIENT_PAIRS * sizeof(double)],
        dy[GRADIENT_PAIRS * sizeof(double)],
        y[GRADIENT_PAIRS * sizeof(double)];
};

static bool multiply(struct structure_calls *b, struct conf_finding *finding,
    struct gradient_pairs *p, size_t n)
{
    return structure_exchange(b, finding, p->x, p->dy, p->y, n);
}

static void note_pair(struct conf_finding *finding, double x, double dy)
{
    if (!finding->failures)
        finding->input = (struct conf_input){
            .known = true, .x = x, .dy = dy, .has_dy = true};
}

/* A power of 2 as dy scales exactly what is not subnormal. */
void structure_scales_with_dy(
    struct structure_calls *b, struct conf_finding *finding)
{
    const double least = conf_type_least_normal(b->dtype);
    struct gradient_pairs p[2]; /* dy = 1, dy = -4 */
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < STRUCTURE_PERIOD; i++) {
            structure_set(b, p[k].x, i, structure_input(i));
            structure_set(b, p[k].dy, i, k ? -4 : 1);
        }
        if (!multiply(b, finding, &p[k], STRUCTURE_PERIOD))
            return;
    }
    for (size_t i = 0; i < STRUCTURE_PERIOD; i++) {
        double one = structure_get(b, p[0].y, i);
        double scaled = structure_get(b, p[1].y, i), x = structure_input(i);
        if (fabs(one) < least)
            continue;
        note_pair(finding, x, -4);
        if (scaled != -4 * one)
            conf_fail(finding, DIAG_DY_IGNORED,
                CONF_FACT(CONF_FACT_SCALE, x, one, scaled));
    }
}

/* A finite x where f'(x) is a normal number, as what a kernel may compute on
   the way must not be lost; any finite dy. */
static void draw_pair(struct structure_calls *b, double *x, double *dy)
{
    const struct num_format *format = ref_types[b->dtype].format;
    const double floor = ldexp(1, format->emin + format->precision - 1);
    const uint64_t whole =
        b->size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * b->size) - 1;
    do {
        uint64_t bits = shared_splitmix(&b->random);
        /* half near 0, where the derivative moves */
        *x = bits & 1 ? conf_type_value(
                            b->dtype, shared_splitmix(&b->random) & whole)
                      : conf_type_round(
                            b->dtype, -20 * (double)(bits >> 11) * 0x1p-53);
    } while (!isfinite(*x) ||
             fabs(conf_reference_rounded(b->reference, b->dtype, *x)) < floor);
    do
        *dy = conf_type_value(b->dtype, shared_splitmix(&b->random) & whole);
    while (!isfinite(*dy));
}

/* NaN and infinities of dy, at places where f'(x) leaves no doubt. */
static void special_dy(struct structure_calls *b, struct conf_finding *finding)
{
    static const double place[] = {-5, -0.0, 0, 3};
    static const double dy[] = {
        (double)NAN, (double)INFINITY, -(double)INFINITY, 0.0, -0.0};
    enum { DY_PLACES = 4, DY_VALUES = 5 };
    struct gradient_pairs p;
    for (size_t i = 0; i < DY_PLACES * DY_VALUES; i++) {
        structure_set(b, p.x, i, place[i % DY_PLACES]);
        structure_set(b, p.dy, i, dy[i / DY_PLACES]);
    }
    if (!multiply(b, finding, &p, DY_PLACES * DY_VALUES))
        return;
    for (size_t i = 0; i < DY_PLACES * DY_VALUES; i++) {
        double got = structure_get(b, p.y, i);
        double f = conf_reference_rounded(
            b->reference, b->dtype, place[i % DY_PLACES]);
        double want = f < 0 ? -dy[i / DY_PLACES] : dy[i / DY_PLACES];
        if (f == 0) /* alpha = 0: infinity times 0 */
            continue;
        note_pair(finding, place[i % DY_PLACES], want);
        if (isnan(want) ? !isnan(got)
                        : got != want || !signbit(got) != !signbit(want))
            conf_fail(finding, DIAG_DY_SPECIAL,
                CONF_FACT(CONF_FACT_DY_SPECIAL, place[i % DY_PLACES], want,
                    got, want));
    }
}

/* A result that --ftz allow takes. */
static bool is_flushed(
    const struct structure_calls *b, double got, double want)
{
    return b->reference->flush && got == 0 &&
           fabs(want) < conf_type_least_normal(b->dtype);
}

/*
 * Wrong results that are right for the dy of an element near by: dy has any
 * exponent here, so no two products agree by chance.
 */
static void find_dy_elsewhere(struct structure_calls *b,
    struct conf_finding *finding, const struct gradient_pairs *p)
{
    enum { DY_NEAR_BY = 64, DY_ENOUGH = 20 };
    size_t wrong = 0, found = 0, at[2] = {0};
    for (size_t i = 0; i < GRADIENT_PAIRS; i++) {
        const double x = structure_get(b, p->x, i);
        const double got = structure_get(b, p->y, i);
        const double own = structure_get(b, p->dy, i);
        const double f = conf_reference_rounded(b->reference, b->dtype, x);
        const double close =
            ldexp(f, 3 - ref_types[b->dtype].format->precision);
        if (fabs(got / own - f) <= fabs(close))
            continue;
        wrong++;
        const size_t from = i < DY_NEAR_BY ? 0 : i - DY_NEAR_BY;
        /* the first, then those near by */
        for (size_t k = 0; k <= 2 * DY_NEAR_BY && from + k <= GRADIENT_PAIRS;
             k++) {
            const size_t j = k ? from + k - 1 : 0;
            if (got != 0 && isfinite(got) &&
                fabs(got / structure_get(b, p->dy, j) - f) <= fabs(close)) {
                found++;
                at[0] = i;
                at[1] = j;
                break;
            }
        }
    }
    if (found < DY_ENOUGH || found * 2 < wrong)
        return;
    finding->row[DIAG_DY_SPECIAL] = finding->row[DIAG_DY_WRONG] =
        finding->row[DIAG_DY_OVERFLOW] = false;
    conf_fail(finding, DIAG_DY_ELSEWHERE,
        CONF_FACT(CONF_FACT_DY_ELSEWHERE, (double)found, (double)wrong,
            (double)at[0], (double)at[1]));
}

/* The steepest slope of SELU and its kin; of any other activation none is
   known. */
static double steepest(const struct structure_calls *b)
{
    if (b->reference->curve)
        return 0;
    return fmax(fabs(conf_reference_rounded(b->reference, b->dtype, 1)),
        fabs(conf_reference_rounded(b->reference, b->dtype, -0.0)));
}

void structure_any_dy(struct structure_calls *b, struct conf_finding *finding)
{
    const struct conf_reference *reference = b->reference;
    const double most = ref_types[b->dtype].format->most;
    const double slope = steepest(b);
    double worst = -1, at[4] = {0}, top[5] = {0};
    struct gradient_pairs p;
    special_dy(b, finding); /* first, as but three failures are told */
    b->random = 1706;
    for (size_t i = 0; i < GRADIENT_PAIRS; i++) {
        double x, dy;
        draw_pair(b, &x, &dy);
        structure_set(b, p.x, i, x);
        structure_set(b, p.dy, i, dy);
    }
    if (!multiply(b, finding, &p, GRADIENT_PAIRS))
        return;
    for (size_t i = 0; i < GRADIENT_PAIRS; i++) {
        const double x = structure_get(b, p.x, i);
        const double dy = structure_get(b, p.dy, i);
        const double got = structure_get(b, p.y, i);
        const double want =
            conf_reference_rounded_product(reference, b->dtype, x, dy);
        const double ulp =
            is_flushed(b, got, want)
                ? 0
                : conf_reference_ulp_product(reference, b->dtype, x, dy, got);
        if (ulp > worst) {
            worst = ulp;
            memcpy(at, (double[]){x, dy, got, want}, sizeof at);
        }
        note_pair(finding, x, dy);
        const bool overflow = x < 0 && isinf(got) && fabs(want) < most / 2;
        /* by a factor below 4 alone: a dy that nobody has */
        const bool at_the_top =
            fabs(dy) > most / 4 && x <= 0 && isinf(got) && isfinite(want);
        /* a factor rounded to 2^-27 before the product may show so much */
        if (!(ulp > b->question->max_ulp + 0x1p-20))
            continue;
        /* this dy overflows for an x near 0 by right */
        if (at_the_top && fabs(dy) * slope > most)
            continue;
        if (at_the_top)
            memcpy(top, (double[]){x, dy, got, want, ulp}, sizeof top);
        else
            conf_fail(finding, overflow ? DIAG_DY_OVERFLOW : DIAG_DY_WRONG,
                CONF_FACT(CONF_FACT_DY, x, dy, got, want, ulp));
    }
    if (finding->failures)
        find_dy_elsewhere(b, finding, &p);
    else if (top[1] != 0)
        conf_fail(finding, DIAG_DY_OVERFLOW_TOP,
            CONF_FACT(CONF_FACT_DY, top[0], top[1], top[2], top[3], top[4]));
    conf_note(finding, CONF_FACT(CONF_FACT_DY_WORST, worst, at[0], at[1],
                           at[2], at[3], GRADIENT_PAIRS));
}

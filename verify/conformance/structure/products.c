/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients: dx = dy f'(x) for any dy. */
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS = 4096 };

/* x and dy of a call, and what came of it. */
struct products {
    char x[PAIRS * sizeof(double)], dy[PAIRS * sizeof(double)],
        y[PAIRS * sizeof(double)];
};

/* One call on n pairs, whichever way the kernel is reached. */
static bool multiply(struct structure_trial *b, struct conf_finding *finding,
    struct products *p, size_t n)
{
    if (b->target->way == CONF_EXEC)
        return structure_trial_stream(b, finding, p->x, p->dy, p->y, n);
    if (!structure_trial_ready(b, finding))
        return false;
    memcpy(conf_runner_x(b->runner), p->x, n * b->size);
    memcpy(conf_runner_dy(b->runner), p->dy, n * b->size);
    if (!structure_trial_call(b, finding, &(struct conf_call){.n = n}))
        return false;
    memcpy(p->y, conf_runner_out(b->runner), n * b->size);
    return true;
}

/* A power of 2 as dy scales the results exactly: none here is subnormal. */
void structure_scales_with_dy(
    struct structure_trial *b, struct conf_finding *finding)
{
    struct products p[2]; /* dy = 1, dy = -4 */
    finding->passed = true;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < STRUCTURE_TRIAL_PERIOD; i++) {
            structure_trial_set(b, p[k].x, i, structure_trial_input(i));
            structure_trial_set(b, p[k].dy, i, k ? -4 : 1);
        }
        if (!multiply(b, finding, &p[k], STRUCTURE_TRIAL_PERIOD))
            return;
    }
    for (size_t i = 0; i < STRUCTURE_TRIAL_PERIOD; i++) {
        double one = structure_trial_get(b, p[0].y, i);
        double scaled = structure_trial_get(b, p[1].y, i),
               x = structure_trial_input(i);
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%a:-4", x);
        if (scaled != -4 * one)
            structure_trial_fail(finding, CONF_KIND_DY,
                "x = %a: dy = 1 gives %a, dy = -4 gives %a", x, one, scaled);
    }
}

/* A finite x where f'(x) is a normal number, as what a kernel may compute on
   the way must not be lost; any finite dy. */
static void draw(struct structure_trial *b, double *x, double *dy)
{
    const struct num_format *format = ref_types[b->dtype].format;
    const double floor = ldexp(1, format->emin + format->precision - 1);
    const uint64_t whole =
        b->size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * b->size) - 1;
    do {
        uint64_t bits = structure_trial_random(b);
        /* half near 0, where the derivative moves */
        *x = bits & 1
                 ? conf_type_value(b->dtype, structure_trial_random(b) & whole)
                 : conf_type_round(
                       b->dtype, -20 * (double)(bits >> 11) * 0x1p-53);
    } while (!isfinite(*x) ||
             fabs(conf_reference_rounded(b->reference, b->dtype, *x)) < floor);
    do
        *dy = conf_type_value(b->dtype, structure_trial_random(b) & whole);
    while (!isfinite(*dy));
}

/* NaN and infinities of dy, at places where f'(x) leaves no doubt. */
static void special_dy(struct structure_trial *b, struct conf_finding *finding)
{
    static const double place[] = {-5, -0.0, 0, 3};
    static const double dy[] = {
        (double)NAN, (double)INFINITY, -(double)INFINITY, 0.0, -0.0};
    enum { PLACES = 4, DYS = 5 };
    struct products p;
    for (size_t i = 0; i < PLACES * DYS; i++) {
        structure_trial_set(b, p.x, i, place[i % PLACES]);
        structure_trial_set(b, p.dy, i, dy[i / PLACES]);
    }
    if (!multiply(b, finding, &p, PLACES * DYS))
        return;
    for (size_t i = 0; i < PLACES * DYS; i++) {
        double got = structure_trial_get(b, p.y, i);
        double want = dy[i / PLACES]; /* f' > 0 */
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%g:%g",
                place[i % PLACES], want);
        if (isnan(want) ? !isnan(got)
                        : got != want || !signbit(got) != !signbit(want))
            structure_trial_fail(finding, CONF_KIND_DY_SPECIAL,
                "x = %g: dy = %g gives %g, want %g", place[i % PLACES], want,
                got, want);
    }
}

void structure_any_dy(
    struct structure_trial *b, struct conf_finding *finding, double max_ulp)
{
    double worst = -1, at[4] = {0};
    struct products p;
    finding->passed = true;
    special_dy(b, finding); /* first, as but three failures are told */
    b->random = 1706;
    for (size_t i = 0; i < PAIRS; i++) {
        double x, dy;
        draw(b, &x, &dy);
        structure_trial_set(b, p.x, i, x);
        structure_trial_set(b, p.dy, i, dy);
    }
    if (!multiply(b, finding, &p, PAIRS))
        return;
    for (size_t i = 0; i < PAIRS; i++) {
        double x = structure_trial_get(b, p.x, i),
               dy = structure_trial_get(b, p.dy, i);
        double got = structure_trial_get(b, p.y, i);
        double ulp =
            conf_reference_ulp_product(b->reference, b->dtype, x, dy, got);
        double want =
            conf_reference_rounded_product(b->reference, b->dtype, x, dy);
        if (b->reference->flush && got == 0 &&
            fabs(want) <
                ldexp(1, ref_types[b->dtype].format->emin +
                             ref_types[b->dtype].format->precision - 2))
            ulp = 0;
        if (ulp > worst) {
            worst = ulp;
            memcpy(at, (double[]){x, dy, got, want}, sizeof at);
        }
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%a:%a", x, dy);
        /* a factor rounded to 2^-27 before the product may show so much */
        bool overflow = x < 0 && isinf(got) &&
                        fabs(want) < ref_types[b->dtype].format->most / 4;
        if (ulp > max_ulp + 0x1p-20)
            structure_trial_fail(finding, overflow ? CONF_KIND_DY_OVERFLOW : 0,
                "x = %a, dy = %a: got %a, want %a (%.4g ULP)", x, dy, got,
                want, ulp);
    }
    snprintf(finding->note, sizeof finding->note,
        "max %.6g ULP at x = %a, dy = %a: got %a, want %a; %d pairs", worst,
        at[0], at[1], at[2], at[3], PAIRS);
}

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
static bool multiply(struct sn_trial *b, struct sn_finding *finding,
    struct products *p, size_t n)
{
    if (b->target->way == SN_EXEC)
        return sn_trial_stream(b, finding, p->x, p->dy, p->y, n);
    if (!sn_trial_ready(b, finding))
        return false;
    memcpy(sn_runner_x(b->runner), p->x, n * b->size);
    memcpy(sn_runner_dy(b->runner), p->dy, n * b->size);
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = n}))
        return false;
    memcpy(p->y, sn_runner_out(b->runner), n * b->size);
    return true;
}

/* A power of 2 as dy scales the results exactly: none here is subnormal. */
void sn_scales_with_dy(struct sn_trial *b, struct sn_finding *finding)
{
    struct products p[2]; /* dy = 1, dy = -4 */
    finding->passed = true;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < SN_TRIAL_PERIOD; i++) {
            sn_trial_set(b, p[k].x, i, sn_trial_input(i));
            sn_trial_set(b, p[k].dy, i, k ? -4 : 1);
        }
        if (!multiply(b, finding, &p[k], SN_TRIAL_PERIOD))
            return;
    }
    for (size_t i = 0; i < SN_TRIAL_PERIOD; i++) {
        double one = sn_trial_get(b, p[0].y, i);
        double scaled = sn_trial_get(b, p[1].y, i), x = sn_trial_input(i);
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%a:-4", x);
        if (scaled != -4 * one)
            sn_trial_fail(finding, SN_KIND_DY,
                "x = %a: dy = 1 gives %a, dy = -4 gives %a", x, one, scaled);
    }
}

/* A finite x where f'(x) is a normal number, as what a kernel may compute on
   the way must not be lost; any finite dy. */
static void draw(struct sn_trial *b, double *x, double *dy)
{
    const struct sn_format *format = sn_types[b->dtype].format;
    const double floor = ldexp(1, format->emin + format->precision - 1);
    const uint64_t whole =
        b->size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * b->size) - 1;
    do {
        uint64_t bits = sn_trial_random(b);
        /* half near 0, where the derivative moves */
        *x = bits & 1 ? sn_type_value(b->dtype, sn_trial_random(b) & whole)
                      : sn_type_round(
                            b->dtype, -20 * (double)(bits >> 11) * 0x1p-53);
    } while (!isfinite(*x) ||
             fabs(sn_reference_rounded(b->reference, b->dtype, *x)) < floor);
    do
        *dy = sn_type_value(b->dtype, sn_trial_random(b) & whole);
    while (!isfinite(*dy));
}

/* NaN and infinities of dy, at places where f'(x) leaves no doubt. */
static void special_dy(struct sn_trial *b, struct sn_finding *finding)
{
    static const double place[] = {-5, -0.0, 0, 3};
    static const double dy[] = {
        (double)NAN, (double)INFINITY, -(double)INFINITY, 0.0, -0.0};
    enum { PLACES = 4, DYS = 5 };
    struct products p;
    for (size_t i = 0; i < PLACES * DYS; i++) {
        sn_trial_set(b, p.x, i, place[i % PLACES]);
        sn_trial_set(b, p.dy, i, dy[i / PLACES]);
    }
    if (!multiply(b, finding, &p, PLACES * DYS))
        return;
    for (size_t i = 0; i < PLACES * DYS; i++) {
        double got = sn_trial_get(b, p.y, i);
        double want = dy[i / PLACES]; /* f' > 0 */
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%g:%g",
                place[i % PLACES], want);
        if (isnan(want) ? !isnan(got)
                        : got != want || !signbit(got) != !signbit(want))
            sn_trial_fail(finding, SN_KIND_DY_SPECIAL,
                "x = %g: dy = %g gives %g, want %g", place[i % PLACES], want,
                got, want);
    }
}

void sn_any_dy(struct sn_trial *b, struct sn_finding *finding, double max_ulp)
{
    double worst = -1, at[4] = {0};
    struct products p;
    finding->passed = true;
    special_dy(b, finding); /* first, as but three failures are told */
    b->random = 1706;
    for (size_t i = 0; i < PAIRS; i++) {
        double x, dy;
        draw(b, &x, &dy);
        sn_trial_set(b, p.x, i, x);
        sn_trial_set(b, p.dy, i, dy);
    }
    if (!multiply(b, finding, &p, PAIRS))
        return;
    for (size_t i = 0; i < PAIRS; i++) {
        double x = sn_trial_get(b, p.x, i), dy = sn_trial_get(b, p.dy, i);
        double got = sn_trial_get(b, p.y, i);
        double ulp =
            sn_reference_ulp_product(b->reference, b->dtype, x, dy, got);
        double want =
            sn_reference_rounded_product(b->reference, b->dtype, x, dy);
        if (b->reference->flush && got == 0 &&
            fabs(want) <
                ldexp(1, sn_types[b->dtype].format->emin +
                             sn_types[b->dtype].format->precision - 2))
            ulp = 0;
        if (ulp > worst) {
            worst = ulp;
            memcpy(at, (double[]){x, dy, got, want}, sizeof at);
        }
        if (finding->passed)
            snprintf(finding->input, sizeof finding->input, "%a:%a", x, dy);
        /* a factor rounded to 2^-27 before the product may show so much */
        bool overflow = x < 0 && isinf(got) &&
                        fabs(want) < sn_types[b->dtype].format->most / 4;
        if (ulp > max_ulp + 0x1p-20)
            sn_trial_fail(finding, overflow ? SN_KIND_DY_OVERFLOW : 0,
                "x = %a, dy = %a: got %a, want %a (%.4g ULP)", x, dy, got,
                want, ulp);
    }
    snprintf(finding->note, sizeof finding->note,
        "max %.6g ULP at x = %a, dy = %a: got %a, want %a; %d pairs", worst,
        at[0], at[1], at[2], at[3], PAIRS);
}

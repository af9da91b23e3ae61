/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients: dx = dy f'(x) for any dy. */
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A power of 2 as dy scales the results exactly: none here is subnormal. */
void sn_scales_with_dy(struct sn_trial *b, struct sn_finding *finding)
{
    finding->passed = true;
    if (!sn_trial_ready(b, finding))
        return;
    sn_trial_fill(b);
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = SN_TRIAL_PERIOD}))
        return;
    memcpy(b->base, sn_runner_out(b->runner), SN_TRIAL_PERIOD * b->size);
    for (size_t i = 0; i < SN_TRIAL_PERIOD; i++)
        sn_trial_set(b, sn_runner_dy(b->runner), i, -4);
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = SN_TRIAL_PERIOD}))
        return;
    for (size_t i = 0; i < SN_TRIAL_PERIOD; i++) {
        double one = sn_trial_get(b, b->base, i);
        double scaled = sn_trial_get(b, sn_runner_out(b->runner), i);
        if (scaled != -4 * one)
            sn_trial_fail(finding, SN_KIND_DY,
                "x = %a: dy = 1 gives %a, dy = -4 gives %a",
                sn_trial_get(b, sn_runner_x(b->runner), i), one, scaled);
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
    for (size_t i = 0; i < PLACES * DYS; i++) {
        sn_trial_set(b, sn_runner_x(b->runner), i, place[i % PLACES]);
        sn_trial_set(b, sn_runner_dy(b->runner), i, dy[i / PLACES]);
    }
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = PLACES * DYS}))
        return;
    for (size_t i = 0; i < PLACES * DYS; i++) {
        double got = sn_trial_get(b, sn_runner_out(b->runner), i);
        double want = dy[i / PLACES]; /* f' > 0 */
        if (isnan(want) ? !isnan(got)
                        : got != want || !signbit(got) != !signbit(want))
            sn_trial_fail(finding, 0, "x = %g: dy = %g gives %g, want %g",
                place[i % PLACES], want, got, want);
    }
}

void sn_any_dy(struct sn_trial *b, struct sn_finding *finding, double max_ulp)
{
    enum { PAIRS = 4096 };
    double worst = -1, at[4] = {0};
    finding->passed = true;
    if (!sn_trial_ready(b, finding))
        return;
    b->random = 1706;
    for (size_t i = 0; i < PAIRS; i++) {
        double x, dy;
        draw(b, &x, &dy);
        sn_trial_set(b, sn_runner_x(b->runner), i, x);
        sn_trial_set(b, sn_runner_dy(b->runner), i, dy);
    }
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = PAIRS}))
        return;
    for (size_t i = 0; i < PAIRS; i++) {
        double x = sn_trial_get(b, sn_runner_x(b->runner), i);
        double dy = sn_trial_get(b, sn_runner_dy(b->runner), i);
        double got = sn_trial_get(b, sn_runner_out(b->runner), i);
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
        if (ulp > max_ulp + 0x1p-20)
            sn_trial_fail(finding, 0,
                "x = %a, dy = %a: got %a, want %a (%.4g ULP)", x, dy, got,
                want, ulp);
    }
    snprintf(finding->note, sizeof finding->note,
        "max %.6g ULP at x = %a, dy = %a: got %a, want %a; %d pairs", worst,
        at[0], at[1], at[2], at[3], PAIRS);
    special_dy(b, finding);
}

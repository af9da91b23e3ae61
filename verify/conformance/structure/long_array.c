/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A million elements in one call, twice; the shared arrays hold 65536. */
#include "verify/conformance/subject/kernel_host.h"
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>

enum { LONG = (1 << 20) + 17 };

/* Most of them negative, where there is something to compute. */
static void fill(struct structure_trial *b)
{
    structure_trial_fill(b);
    for (size_t i = 0; i < SUBJECT_HOST_PERIOD; i++) {
        double part = fmod((double)i * 0.6180339887498949, 1);
        structure_trial_set(b, conf_runner_x(b->runner), i,
            i % 8 == 7 ? 8 * part : -9 * part - 0.0003);
    }
}

void structure_long_array(
    struct structure_trial *b, struct conf_finding *finding, bool places_agree)
{
    struct conf_long_run ran;
    finding->passed = true;
    if (!structure_trial_ready(b, finding))
        return;
    fill(b);
    if (!structure_trial_long(b, finding, LONG, &ran))
        return;
    if (!ran.memory) {
        snprintf(finding->note, sizeof finding->note, "no memory for it");
        return;
    }
    snprintf(finding->note, sizeof finding->note, "n = %zu", ran.n);
    if (ran.again)
        structure_trial_fail(finding, CONF_KIND_REPEAT,
            "n = %zu: the same call again gives %zu other results", ran.n,
            ran.again);
    if (ran.unwritten)
        structure_trial_fail(finding, CONF_KIND_UNWRITTEN,
            "n = %zu: %zu outputs never written", ran.n, ran.unwritten);
    /* where short arrays differ already, that is told */
    if (ran.differing && places_agree && !ran.again)
        structure_trial_fail(finding, CONF_KIND_PLACE,
            "n = %zu: %zu results differ from those of n = %d; element %zu "
            "is %a, not %a",
            ran.n, ran.differing, SUBJECT_HOST_PERIOD, ran.at,
            structure_trial_get(b, ran.got, 0),
            structure_trial_get(b, ran.want, 0));
}

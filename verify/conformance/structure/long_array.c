/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A million elements in one call, twice; the shared arrays hold 65536. */
#include "verify/conformance/structure/calls.h"
#include <math.h>

enum { LONG_N = (1 << 20) + 17, LONG_ROUND_N = 1 << 20 };

/* Most of them negative, where there is something to compute. */
static void fill_mostly_negative(struct structure_calls *b)
{
    structure_fill(b);
    for (size_t i = 0; i < SUBJECT_PERIOD; i++) {
        double part = fmod((double)i * 0.6180339887498949, 1);
        structure_set(b, subject_x(b->session), i,
            i % 8 == 7 ? 8 * part : -9 * part - 0.0003);
    }
}

void structure_long_array(
    struct structure_calls *b, struct conf_finding *finding, bool places_agree)
{
    struct subject_long_run ran;
    if (!structure_ready(b, finding))
        return;
    fill_mostly_negative(b);
    const struct subject_contract *contract = &b->question->subject->contract;
    const bool any = !contract->multiple && !contract->aligned;
    if (!structure_call_long(b, finding, any ? LONG_N : LONG_ROUND_N, &ran))
        return;
    if (!ran.memory) {
        conf_note(finding, CONF_FACT(CONF_FACT_LONG_NO_MEMORY));
        return;
    }
    const double n = (double)ran.n;
    conf_note(finding, CONF_FACT(CONF_FACT_LONG, n));
    if (ran.again)
        conf_fail(finding, DIAG_NOT_REPRODUCIBLE,
            CONF_FACT(CONF_FACT_LONG_AGAIN, n, (double)ran.again));
    if (ran.unwritten)
        conf_fail(finding, DIAG_UNWRITTEN,
            CONF_FACT(CONF_FACT_UNWRITTEN, n, (double)ran.unwritten));
    if (ran.changed)
        conf_fail(finding, DIAG_INPUT_CHANGED,
            CONF_FACT(CONF_FACT_CHANGED, n, (double)ran.changed));
    const double got = structure_get(b, ran.got, 0);
    const bool off = structure_is_off(b,
        structure_get(b, subject_x(b->session), ran.at % SUBJECT_PERIOD), got);
    /* bits that differ in short arrays already are told */
    if (ran.differing && !ran.again && (off || places_agree))
        conf_fail(finding, off ? DIAG_PLACE_WRONG : DIAG_PLACE,
            CONF_FACT(CONF_FACT_LONG_DIFFERS, n, (double)ran.differing,
                SUBJECT_PERIOD, (double)ran.at, got,
                structure_get(b, ran.want, 0)));
}

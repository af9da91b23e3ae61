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

static bool is_off(const struct structure_calls *b, size_t at, const char *got)
{
    return structure_is_off(b,
        structure_get(b, subject_x(b->session), at % SUBJECT_PERIOD),
        structure_get(b, got, 0));
}

/* In place, and with arrays that begin elsewhere. */
static void judge_elsewhere(struct structure_calls *b,
    struct conf_finding *finding, const struct subject_long_run *ran,
    bool places_agree)
{
    const double n = (double)ran->n;
    const struct subject_long_difference *in = &ran->in_place;
    const struct subject_long_difference *on = &ran->one_on;
    if (in->count)
        conf_fail(finding,
            is_off(b, in->at, in->got) ? DIAG_IN_PLACE : DIAG_IN_PLACE_BITS,
            CONF_FACT(CONF_FACT_LONG_IN_PLACE, n, (double)in->count,
                (double)in->at, structure_get(b, in->got, 0)));
    const bool off = on->count && is_off(b, on->at, on->got);
    if (on->count && (off || places_agree))
        conf_fail(finding, off ? DIAG_PLACE_WRONG : DIAG_PLACE,
            CONF_FACT(CONF_FACT_LONG_ONE_ON, n, (double)on->count,
                (double)on->at, structure_get(b, on->got, 0)));
}

void structure_long_array(struct structure_calls *b,
    struct conf_finding *finding, struct structure_agreement agree)
{
    struct subject_long_run ran;
    if (!structure_ready(b, finding))
        return;
    fill_mostly_negative(b);
    const struct subject_contract *contract = &b->question->subject->contract;
    const bool any = !contract->multiple && !contract->aligned;
    if (!structure_call_long(
            b, finding, any ? LONG_N : LONG_ROUND_N, agree.in_place, &ran))
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
    const bool off = is_off(b, ran.at, ran.got);
    if (!ran.again && !ran.unwritten && !ran.differing)
        judge_elsewhere(b, finding, &ran, agree.places);
    /* bits that differ in short arrays already are told */
    if (ran.differing && !ran.again && (off || agree.places))
        conf_fail(finding, off ? DIAG_PLACE_WRONG : DIAG_PLACE,
            CONF_FACT(CONF_FACT_LONG_DIFFERS, n, (double)ran.differing,
                SUBJECT_PERIOD, (double)ran.at, got,
                structure_get(b, ran.want, 0)));
}

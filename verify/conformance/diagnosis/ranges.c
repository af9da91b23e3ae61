/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of a range of inputs: what is flushed, saturated, or NaN. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

/* 0 where a subnormal is wanted, and not where a normal number is. */
static void flush(struct diag_evidence *e)
{
    const double least = conf_type_least_normal(e->dtype);
    size_t small = 0, zero = 0, normal = 0, lost = 0, inputs = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        double size = fabs(s->want);
        if (size > 0 && size < least) {
            small++;
            zero += s->y == 0;
            inputs += s->y == 0 && fabs(s->x) >= least;
        } else if (size >= 2 * least && size < 0x1p12 * least) {
            normal++;
            lost += s->y == 0;
        }
    }
    if (small < 20 || zero < small * 9 / 10 || lost > normal / 10)
        return;
    DIAG_ADD(e->list,
        e->reference->derivative || inputs ? DIAG_FLUSH_RESULTS
                                           : DIAG_FLUSH_INPUTS,
        (double)zero, (double)small, (double)lost, (double)normal);
}

/* The same value from some x on, where f still moves. */
static void saturation(struct diag_evidence *e)
{
    double flat = (double)NAN;
    size_t n = 0, wrong = 0;
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].x < -60 && isfinite(e->sample[i].x))
            flat = e->sample[i].y;
    /* the lowest input that does not give it */
    double lowest = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x < lowest && s->y != flat)
            lowest = s->x;
    }
    double right = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x >= lowest || isnan(flat))
            continue;
        n++;
        wrong += s->wrong;
        if (s->want != flat && s->x < right)
            right = s->x;
    }
    if (n < 20 || wrong < 8 || wrong * 10 < e->wrong * 9)
        return;
    DIAG_ADD(e->list, DIAG_SATURATES_EARLY, lowest, flat, right, (double)wrong,
        (double)e->wrong);
}

/* Overflow of e^x, though x > 0 needs no exponential. */
static void unused_branch(struct diag_evidence *e)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double most = log(format->most);
    size_t above = 0, nan = 0, below = 0, bad = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x > most + 1 && s->x < format->most / 2) {
            above++;
            nan += isnan(s->y) ? 1 : 0;
        } else if (s->x > 0.5 && s->x < most - 1) {
            below++;
            bad += isnan(s->y) ? 1 : 0;
        }
    }
    if (above >= 20 && nan > above * 9 / 10 && !bad && below)
        DIAG_ADD(e->list, DIAG_UNUSED_BRANCH, (double)nan, (double)above,
            most + 1, (double)below);
}

/* The side that was not asked for. */
void diag_at_zero(struct diag_evidence *e)
{
    const double right =
        conf_reference_rounded(e->reference, e->dtype, 1); /* a */
    for (size_t i = 0; i < e->n && e->reference->derivative; i++) {
        const struct diag_sample *zero = &e->sample[i];
        const bool other =
            sweep_is_other_side(e->reference, e->dtype, zero->x, zero->y);
        if (zero->x != 0 || right == zero->want)
            continue;
        if (other && e->reference->at_zero == CONF_LEFT)
            DIAG_ADD(e->list, DIAG_ZERO_FROM_THE_RIGHT, zero->x, zero->y,
                zero->want);
        if (!zero->wrong && !other && e->reference->at_zero == CONF_RIGHT)
            DIAG_ADD(
                e->list, DIAG_ZERO_FROM_THE_LEFT, zero->x, zero->y, right);
    }
}

void diag_ranges(struct diag_evidence *e)
{
    unused_branch(e);
    flush(e);
    if (!e->reference->derivative)
        saturation(e);
}

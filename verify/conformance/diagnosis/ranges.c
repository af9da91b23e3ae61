/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of a range of inputs: what is flushed, saturated, NaN, or out. */
#include "verify/conformance/diagnosis/evidence.h"
#include <math.h>

/* What a sample of such a fault is like. */
struct range_mark {
    double from, to; /* of x */
    double gives;    /* y; NAN: anything */
};

static bool in_range(const struct diag_sample *s, const void *ctx)
{
    const struct range_mark *mark = ctx;
    return s->deviates && s->x >= mark->from && s->x <= mark->to &&
           (isnan(mark->gives) || s->y == mark->gives);
}

/* What is flushed: results below `result`, of inputs below `input`. */
struct flushed {
    double result, input;
};

static bool is_lost(const struct diag_sample *s, const void *ctx)
{
    const struct flushed *least = ctx;
    return s->wrong && s->y == 0 &&
           (fabs(s->want) < least->result || fabs(s->x) < least->input);
}

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
            zero += s->wrong && s->y == 0;
            inputs += s->y == 0 && fabs(s->x) >= least;
        } else if (size >= 2 * least && size < 0x1p12 * least) {
            normal++;
            lost += s->y == 0;
        }
    }
    if (zero < DIAG_SUPPORT || zero < small * 9 / 10 || lost > normal / 10)
        return;
    const bool results = e->reference->derivative || inputs;
    diag_name_those(e, results ? DIAG_FLUSH_RESULTS : DIAG_FLUSH_INPUTS,
        is_lost, &(struct flushed){least, results ? 0 : least},
        (double[CONF_VALUES]){
            (double)zero, (double)small, (double)lost, (double)normal});
}

/* The same value from some x on, where f still moves. */
static void saturation(struct diag_evidence *e)
{
    double flat = (double)NAN, far = 0;
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].x < far && isfinite(e->sample[i].x)) {
            far = e->sample[i].x;
            flat = e->sample[i].y;
        }
    /* the lowest input that does not give it */
    double lowest = -HUGE_VAL, right = 0;
    bool found = false;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x < 0 && isfinite(s->x) && s->y != flat &&
            (!found || s->x < lowest)) {
            lowest = s->x;
            found = true;
        }
    }
    double limit = (double)NAN;
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].x == far)
            limit = e->sample[i].want;
    size_t n = 0, wrong = 0, moved = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x >= lowest || !isfinite(s->x))
            continue;
        n++;
        /* a limit that is off itself is no saturation */
        wrong += s->wrong && s->want != limit;
        moved += fabs(s->error) > 1 && s->want != limit;
        if (s->want != limit && s->x < right)
            right = s->x;
    }
    if (isnan(flat) || !found || n < DIAG_SUPPORT || wrong < DIAG_SUPPORT ||
        moved < DIAG_SUPPORT / 2)
        return;
    diag_name_those(e, DIAG_SATURATES_EARLY, in_range,
        &(struct range_mark){-HUGE_VAL, lowest, flat},
        (double[CONF_VALUES]){
            lowest, flat, right, (double)wrong, (double)e->wrong});
}

/* Overflow of e^x in some type, though x > 0 needs no exponential. */
static bool overflows_in(struct diag_evidence *e, int type)
{
    const struct num_format *format = ref_types[e->dtype].format;
    const double most = log(ref_types[type].format->most);
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
    if (nan < DIAG_SUPPORT || nan <= above * 9 / 10 || bad || !below)
        return false;
    diag_name_those(e, DIAG_UNUSED_BRANCH, in_range,
        &(struct range_mark){most - 1, HUGE_VAL, (double)NAN},
        (double[CONF_VALUES]){
            (double)nan, (double)above, most + 1, (double)below});
    return true;
}

static void unused_branch(struct diag_evidence *e)
{
    for (int type = 0; type < CONF_TYPES && !overflows_in(e, type); type++)
        ;
}

/* Nearly all from some x outwards goes wrong, and nothing before. */
static void out_of_range(struct diag_evidence *e, int sign)
{
    double start = HUGE_VAL, first = (double)NAN;
    size_t fresh = 0, there = 0, wrong = 0, alike = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x * sign <= 0 || !s->deviates || s->explained)
            continue;
        first = fresh++ ? first : s->y;
        alike += s->y == first;
        start = fmin(start, fabs(s->x));
    }
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x * sign < start || !isfinite(s->x))
            continue;
        there += s->want != 0 || s->deviates;
        wrong += s->deviates && !s->explained;
    }
    /* a function that is clamped above is so from anywhere */
    const bool flat = sign > 0 && alike == fresh && isfinite(first) &&
                      first != 0 && !e->reference->derivative;
    if (fresh < DIAG_SUPPORT || wrong < there * 9 / 10 ||
        (start < 8 * diag_width(e) && !flat))
        return;
    diag_name_those(e,
        alike < fresh || isinf(first) ? DIAG_RESIDUAL
        : first == 0                  ? DIAG_UNDERFLOWS_EARLY
                                      : DIAG_CLAMPED,
        in_range,
        &(struct range_mark){sign < 0 ? -HUGE_VAL : start,
            sign < 0 ? -start : HUGE_VAL, (double)NAN},
        (double[CONF_VALUES]){
            sign * start, (double)wrong, (double)there, first});
}

/* b x/w where e^x - 1 has left it. */
static void linear_near_0(struct diag_evidence *e)
{
    const double w = diag_width(e), b = e->reference->b_double;
    size_t wrong = 0, linear = 0;
    double last = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (!(s->x < 0 && s->x > -0.25 * w) || fabs(s->error) < 1.5)
            continue;
        bool is = fabs(s->y - b * (s->x / w)) <= 1.2 * s->unit;
        wrong++;
        linear += is;
        if (is && s->x < last)
            last = s->x;
    }
    if (linear >= DIAG_SUPPORT && linear >= wrong * 95 / 100)
        diag_name_those(e, DIAG_LINEAR_NEAR_0, in_range,
            &(struct range_mark){last, 0, (double)NAN},
            (double[CONF_VALUES]){(double)linear, (double)wrong, last});
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
    if (!e->reference->derivative) {
        saturation(e);
        linear_near_0(e);
    }
    out_of_range(e, -1);
    out_of_range(e, 1);
}

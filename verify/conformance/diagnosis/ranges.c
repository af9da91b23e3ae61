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

/* The leftmost finite sample. */
static const struct diag_sample *leftmost(const struct diag_evidence *e)
{
    const struct diag_sample *far = NULL;
    for (size_t i = 0; i < e->n; i++)
        if (e->sample[i].x < (far ? far->x : 0) && isfinite(e->sample[i].x))
            far = &e->sample[i];
    return far;
}

/* The lowest input below 0 that does not give `flat`; 0: there is none. */
static double where_it_leaves(const struct diag_evidence *e, double flat)
{
    double lowest = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x < lowest && isfinite(s->x) && s->y != flat)
            lowest = s->x;
    }
    return lowest;
}

/* The same value from some x on, where f still moves. */
static void saturation(struct diag_evidence *e)
{
    const struct diag_sample *far = leftmost(e);
    const double lowest = far ? where_it_leaves(e, far->y) : 0;
    size_t n = 0, wrong = 0, moved = 0;
    double right = 0;
    for (size_t i = 0; lowest < 0 && i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x >= lowest || !isfinite(s->x))
            continue;
        n++;
        if (s->want == far->want)
            continue; /* a limit that is off itself is no saturation */
        wrong += s->wrong;
        moved += fabs(s->error) > 1;
        right = fmin(right, s->x);
    }
    if (n < DIAG_SUPPORT || isnan(far->y) || wrong < DIAG_SUPPORT ||
        moved < DIAG_SUPPORT / 2)
        return;
    diag_name_those(e, DIAG_SATURATES_EARLY, in_range,
        &(struct range_mark){-HUGE_VAL, lowest, far->y},
        (double[CONF_VALUES]){
            lowest, far->y, right, (double)wrong, (double)e->wrong});
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

/* What goes wrong on one side of 0, from the nearest to it outwards. */
struct outward {
    double start, first; /* |x| of the nearest; the result of one */
    size_t fresh, alike; /* that deviate; that are `first` */
    size_t there, wrong; /* beyond `start`: all that may; those that do */
};

static struct outward look_outward(const struct diag_evidence *e, int sign)
{
    struct outward o = {.start = HUGE_VAL, .first = (double)NAN};
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x * sign <= 0 || !s->deviates || s->explained)
            continue;
        o.first = o.fresh++ ? o.first : s->y;
        o.alike += s->y == o.first;
        o.start = fmin(o.start, fabs(s->x));
    }
    for (size_t i = 0; i < e->n; i++) {
        const struct diag_sample *s = &e->sample[i];
        if (s->x * sign < o.start || !isfinite(s->x))
            continue;
        o.there += s->want != 0 || s->deviates;
        o.wrong += s->deviates && !s->explained;
    }
    return o;
}

/* Nearly all from some x outwards goes wrong, and nothing before. */
static void out_of_range(struct diag_evidence *e, int sign)
{
    const struct outward o = look_outward(e, sign);
    /* a function that is clamped above is so from anywhere */
    const bool flat = sign > 0 && o.alike == o.fresh && isfinite(o.first) &&
                      o.first != 0 && !e->reference->derivative;
    if (o.fresh < DIAG_SUPPORT || o.wrong < o.there * 9 / 10 ||
        (o.start < 8 * diag_width(e) && !flat))
        return;
    diag_name_those(e,
        o.alike < o.fresh || isinf(o.first) ? DIAG_RESIDUAL
        : o.first == 0                      ? DIAG_UNDERFLOWS_EARLY
                                            : DIAG_CLAMPED,
        in_range,
        &(struct range_mark){sign < 0 ? -HUGE_VAL : o.start,
            sign < 0 ? -o.start : HUGE_VAL, (double)NAN},
        (double[CONF_VALUES]){
            sign * o.start, (double)o.wrong, (double)o.there, o.first});
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a dropout does at each length and place.  No two masks are compared
 * that may differ: a result is right if it is the kept or the dropped value of
 * its own input, and which of them it is goes to statistics.
 */
#include "verify/conformance/dropout/places.h"
#include "verify/conformance/dropout/affine.h"
#include "verify/conformance/dropout/mask.h"
#include <math.h>
#include <string.h>

enum {
    PLACES_LONGEST = 130,
    PLACES_WIDTHS = 5, /* of vectors: 4 to 64 elements */
    PLACES_POISON = 0x5a
};

/* Inputs of both signs, all different, exact in any type. */
static double place_input(size_t i)
{
    return ((double)(i % 64) - 31.5) * 0x1p-5;
}

struct tail {
    size_t n, dropped, pairs, alike;
};

static void fill(struct dropout_calls *calls)
{
    const int type = calls->question->type;
    for (size_t i = 0; i < SUBJECT_BLOCK; i++)
        conf_type_set(type, subject_x(calls->session), i, place_input(i));
}

static void poison(struct dropout_calls *calls)
{
    memset(subject_out(calls->session), PLACES_POISON,
        SUBJECT_BLOCK * ref_types[calls->question->type].size);
}

/* ---- lengths -------------------------------------------------------------
 */

/* Outputs of one length, within 4096 elements of its end of the array. */
static void judge_length(struct conf_finding *finding,
    struct dropout_calls *calls, const struct subject_call *call)
{
    enum { LOOKED_AT = 4096 };
    const int type = calls->question->type;
    const void *out = subject_out(calls->session);
    const uint64_t unwritten_bits =
        conf_type_bits(type, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a", 0);
    const double n = (double)call->n;
    size_t unwritten = 0, outside = 0;
    for (size_t i = 0; i < LOOKED_AT; i++) {
        const size_t e = call->out_at ? SUBJECT_BLOCK - LOOKED_AT + i : i;
        const bool mine = e >= call->out_at && e < call->out_at + call->n;
        const bool poisoned = conf_type_bits(type, out, e) == unwritten_bits;
        unwritten += mine && poisoned;
        outside += !mine && !poisoned;
    }
    if (unwritten || outside)
        conf_fail(finding, outside ? DIAG_OUT_OF_BOUNDS : DIAG_UNWRITTEN,
            CONF_FACT(CONF_FACT_UNWRITTEN_OUTSIDE, n, (double)unwritten,
                (double)outside));
    if (unwritten)
        DIAG_ADD(calls->list, DIAG_DROPOUT_UNWRITTEN, n, (double)unwritten);
    if (outside)
        DIAG_ADD(calls->list, DIAG_DROPOUT_OUTSIDE, n, (double)outside);
}

static void neither(struct conf_finding *finding, struct dropout_calls *calls,
    size_t n, size_t i, double y)
{
    const double x = place_input(i);
    conf_fail(finding, DIAG_NEITHER,
        CONF_FACT(CONF_FACT_NEITHER, (double)n, (double)i, x, y));
    DIAG_ADD(calls->list, DIAG_NEITHER, (double)n, (double)i, x, y);
}

/* What was kept and what was dropped of a call; false: something was neither,
   and is told. */
static bool read_mask(struct conf_finding *finding,
    struct dropout_calls *calls, bool *dropped,
    const struct subject_call *call, const struct dropout_law *law)
{
    const int type = calls->question->type;
    for (size_t i = 0; i < call->n; i++) {
        const size_t at = call->out_at + i;
        const double y = conf_type_get(type, subject_out(calls->session), at);
        dropped[i] = dropout_is_dropped(law, type, y);
        if (!dropped[i] &&
            !dropout_is_kept(law, type, place_input(call->x_at + i), y)) {
            neither(finding, calls, call->n, call->x_at + i, y);
            return false;
        }
    }
    return true;
}

static void count_tails(
    struct tail tail[PLACES_WIDTHS], const bool *dropped, size_t n)
{
    for (int k = 0; k < PLACES_WIDTHS; k++) {
        const size_t width = (size_t)4 << k, from = n / width * width;
        for (size_t i = from; i < n; i++) {
            tail[k].n++;
            tail[k].dropped += dropped[i];
            /* pairs that share no element */
            if ((i - from) % 2) {
                tail[k].pairs++;
                tail[k].alike += dropped[i] == dropped[i - 1];
            }
        }
    }
}

static void judge_tails(struct conf_finding *finding,
    struct dropout_calls *calls, const struct tail tail[PLACES_WIDTHS],
    double threshold)
{
    for (int k = 0; k < PLACES_WIDTHS; k++) {
        const struct tail *t = &tail[k];
        if (!t->n || (fabs(dropout_mask_deviations(t->dropped, t->n, 0.5)) <=
                             threshold &&
                         fabs(dropout_mask_deviations(
                             t->alike, t->pairs, 0.5)) <= threshold))
            continue;
        const double figure[] = {4 << k, (double)t->dropped, (double)t->n,
            (double)t->alike, (double)t->pairs};
        conf_fail(finding, DIAG_TAIL_MASK,
            CONF_FACT(CONF_FACT_TAIL_MASK, figure[0], figure[1], figure[2],
                figure[3], figure[4]));
        DIAG_ADD(calls->list, DIAG_TAIL_MASK, figure[0], figure[1], figure[2],
            figure[3], figure[4]);
        return;
    }
}

static bool failed_call(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    finding->misconduct = true;
    conf_fail_by(finding, DIAG_CRASH, CONF_FACT_FAILED, &calls->failure);
    if (subject_is_outside(&calls->failure))
        dropout_tell_failure(calls, &calls->failure);
    calls->failed = false; /* nothing follows */
    return false;
}

static bool judge_lengths(struct conf_finding *finding,
    struct conf_finding *mask, struct dropout_calls *calls,
    const struct dropout_law *law, double threshold)
{
    struct tail tail[PLACES_WIDTHS] = {{0}};
    bool dropped[PLACES_LONGEST + 1], right = law->known;
    for (size_t k = 0; k <= 2 * PLACES_LONGEST + 1; k++) {
        const size_t n = k / 2, at = k % 2 ? SUBJECT_BLOCK - n : 0;
        const struct subject_call call = {.n = n,
            .x_at = at,
            .out_at = at,
            .rate = 0.5,
            .seed = calls->question->seed + 1000 + k};
        poison(calls);
        if (!dropout_call_arrays(calls, &call))
            return failed_call(finding, calls);
        judge_length(finding, calls, &call);
        right = right && !finding->failures &&
                read_mask(finding, calls, dropped, &call, law);
        if (right)
            count_tails(tail, dropped, n);
    }
    /* of a mask that is wrong in itself that is told */
    if (right && !mask->failures && calls->question->channel <= 1)
        judge_tails(mask, calls, tail, threshold);
    return true;
}

/* ---- places --------------------------------------------------------------
 */

/* Elements in which two calls of one seed and length differ; -1: a call
   failed. */
static long differing(struct dropout_calls *calls, char *first,
    const struct subject_call *apart, const struct subject_call *other,
    size_t *at)
{
    const size_t size = ref_types[calls->question->type].size;
    const size_t from = other->in_place ? other->x_at : other->out_at;
    long differ = 0;
    poison(calls);
    if (!dropout_call_arrays(calls, apart))
        return -1;
    const char *out = subject_out(calls->session);
    memcpy(first, out + apart->out_at * size, apart->n * size);
    poison(calls);
    if (!dropout_call_arrays(calls, other))
        return -1;
    for (size_t i = 0; i < apart->n; i++)
        if (memcmp(out + (from + i) * size, first + i * size, size)) {
            *at = differ ? *at : i;
            differ++;
        }
    return differ;
}

static bool judge_in_place(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    static const size_t sizes[] = {1, 2, 7, 8, 16, 31, 64, 130, 4096};
    const int type = calls->question->type;
    char first[4096 * sizeof(double)];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct subject_call call = {
            .n = sizes[k], .rate = 0.5, .seed = calls->question->seed + k};
        const struct subject_call apart = call;
        size_t at = 0;
        call.in_place = true;
        const long differ = differing(calls, first, &apart, &call, &at);
        if (differ < 0)
            return failed_call(finding, calls);
        if (!differ)
            continue;
        const double got =
            conf_type_get(type, subject_out(calls->session), at);
        const double n = (double)sizes[k],
                     want = conf_type_get(type, first, at);
        conf_fail(finding, DIAG_DROPOUT_IN_PLACE,
            CONF_FACT(CONF_FACT_DIFFERS_APART, n, (double)at, got, want));
        DIAG_ADD(calls->list, DIAG_DROPOUT_IN_PLACE, n, (double)at, got, want);
        break;
    }
    return true;
}

static bool judge_offsets(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    enum { OFFSET_N = 67, OFFSETS = 16 };
    const size_t period = 64; /* of place_input() */
    char first[OFFSET_N * sizeof(double)];
    const struct subject_call plain = {
        .n = OFFSET_N, .rate = 0.5, .seed = calls->question->seed};
    for (size_t k = 1; k < OFFSETS; k++) {
        struct subject_call moved = plain;
        size_t at = 0;
        moved.out_at = k;
        moved.x_at = k % 2 ? 0 : period; /* the same inputs */
        const long differ = differing(calls, first, &plain, &moved, &at);
        if (differ < 0)
            return failed_call(finding, calls);
        if (!differ)
            continue;
        const double figure[] = {
            (double)moved.x_at, (double)k, (double)differ, OFFSET_N};
        conf_fail(finding, DIAG_MASK_BY_PLACE,
            CONF_FACT(CONF_FACT_MASK_BY_PLACE, figure[0], figure[1], figure[2],
                figure[3]));
        DIAG_ADD(calls->list, DIAG_MASK_BY_PLACE, figure[0], figure[1],
            figure[2], figure[3]);
        break;
    }
    return true;
}

/* Far more elements than the arrays have, all of one value: the mask shows. */
static void judge_long(
    struct conf_finding *finding, struct dropout_calls *calls, bool masked)
{
    enum { DROPOUT_LONG_N = (1 << 20) + 37 };
    const int type = calls->question->type;
    struct subject_long_run ran;
    for (size_t i = 0; i < SUBJECT_BLOCK; i++)
        conf_type_set(type, subject_x(calls->session), i, 0.5);
    /* a call hands over its rate and seed */
    if (!dropout_call_arrays(
            calls, &(struct subject_call){
                       .n = 1, .rate = 0.5, .seed = calls->question->seed})) {
        failed_call(finding, calls);
        return;
    }
    if (subject_long(calls->session, DROPOUT_LONG_N, false, &ran) !=
        SUBJECT_RAN) {
        calls->failure = *subject_failure(calls->session);
        dropout_end(calls);
        failed_call(finding, calls);
        return;
    }
    if (!ran.memory)
        return;
    const double n = (double)ran.n;
    conf_note(finding, CONF_FACT(CONF_FACT_LONG_DROPOUT, n));
    if (ran.unwritten) {
        conf_fail(finding, DIAG_UNWRITTEN,
            CONF_FACT(CONF_FACT_UNWRITTEN, n, (double)ran.unwritten));
        DIAG_ADD(calls->list, DIAG_LONG_UNWRITTEN, n, (double)ran.unwritten);
    } else if (ran.repeats && masked && calls->question->channel <= 1) {
        conf_fail(finding, DIAG_MASK_REPEATS,
            CONF_FACT(CONF_FACT_MASK_REPEATS, (double)ran.repeats));
        DIAG_ADD(calls->list, DIAG_LONG_MASK_REPEATS, n, (double)ran.repeats);
    }
}

void dropout_judge_places(struct conf_finding *lengths,
    struct conf_finding *mask, struct dropout_calls *calls,
    const struct dropout_law *law, double threshold)
{
    if (!calls->session)
        return;
    fill(calls);
    if (judge_lengths(lengths, mask, calls, law, threshold) &&
        (calls->unsteady || calls->changed_n > 0 ||
            (judge_in_place(lengths, calls) && judge_offsets(lengths, calls))))
        judge_long(lengths, calls, law->known);
}

/* ---- inputs --------------------------------------------------------------
 */

/* Special ones at the even places, full-precision ones between. */
static double unusual_input(int type, size_t i, uint64_t *state)
{
    const double most = ref_types[type].format->most;
    const double special[] = {(double)NAN, (double)INFINITY, -(double)INFINITY,
        0, -0.0, most, -most, ldexp(1, ref_types[type].format->emin - 1), 1};
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    const double drawn = (double)(*state >> 11) * 0x1p-51 - 1.75;
    return i % 2 ? drawn : special[i / 2 % (sizeof special / sizeof *special)];
}

/* The mask is that of ordinary inputs with the same seed and length. */
static void judge_unusual(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_law *law,
    const double *x, const double *y, const bool *dropped, size_t n)
{
    size_t nan = 0, dropped_nan = 0;
    for (size_t i = 0; i < n; i++) {
        if (dropped[i]) {
            dropped_nan += isnan(x[i]) != 0;
            nan += isnan(x[i]) && isnan(y[i]);
            continue;
        }
        if (dropout_is_kept(law, calls->question->type, x[i], y[i]) ||
            finding->row[DIAG_KEPT_SPECIAL])
            continue;
        const double want = dropout_kept(law, x[i]);
        conf_fail(finding, DIAG_KEPT_SPECIAL,
            CONF_FACT(CONF_FACT_KEPT, x[i], y[i], want));
        DIAG_ADD(calls->list, DIAG_KEPT_SPECIAL, x[i], y[i], want);
    }
    if (nan) {
        conf_fail(finding, DIAG_NAN_TIMES_0,
            CONF_FACT(
                CONF_FACT_NAN_DROPPED, (double)nan, (double)dropped_nan));
        DIAG_ADD(
            calls->list, DIAG_NAN_TIMES_0, (double)nan, (double)dropped_nan);
    }
}

void dropout_judge_unusual(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_law *law)
{
    enum { UNUSUAL_N = 4096 };
    const struct dropout_question *question = calls->question;
    const int type = question->type;
    const struct dropout_how how = {.rate = 0.5, .seed = question->seed + 7};
    double x[UNUSUAL_N], y[UNUSUAL_N];
    bool dropped[UNUSUAL_N];
    uint64_t state = 1;
    for (size_t i = 0; i < UNUSUAL_N; i++)
        x[i] = conf_type_round(type, 0.25 + 0.125 * (double)(i % 3));
    if (!law->known || calls->unsteady || calls->by_value ||
        !dropout_call(calls, y, x, UNUSUAL_N, how))
        return;
    for (size_t i = 0; i < UNUSUAL_N; i++) {
        dropped[i] = dropout_is_dropped(law, type, y[i]);
        if (!dropped[i] && !dropout_is_kept(law, type, x[i], y[i]))
            return; /* no mask to go by */
        x[i] = conf_type_round(type, unusual_input(type, i, &state));
    }
    if (dropout_call(calls, y, x, UNUSUAL_N, how))
        judge_unusual(finding, calls, law, x, y, dropped, UNUSUAL_N);
}

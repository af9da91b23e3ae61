/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error in ULP does not see.  Every array ends at a page that faults
 * (calls flush right) or starts behind one (flush left), what the kernel must
 * not touch is filled with a pattern and looked at afterwards, and outputs
 * start as a NaN that no kernel makes.
 */
#include "verify/conformance/structure/trial.h"
#include <stdio.h>
#include <string.h>

/* How many of n inputs are no longer what sn_trial_fill() made them. */
static size_t changed_inputs(const struct sn_trial *b, size_t at, size_t n)
{
    const void *x = sn_runner_x(b->runner), *dy = sn_runner_dy(b->runner);
    const size_t skipped = SN_BLOCK - 2 * SN_TRIAL_LONG_RUN;
    size_t changed = 0;
    for (size_t i = at; i < at + n; i++) {
        size_t drawn = i < SN_TRIAL_LONG_RUN ? i : i - skipped;
        changed += !sn_trial_same(b, x, i, b->image, drawn);
        changed += !sn_trial_same(b, dy, i, b->ones, 0);
    }
    return changed;
}

/* The first call that failed, for a line that repeats it. */
static void note_call(struct sn_finding *finding, const struct sn_call *how)
{
    if (!*finding->call)
        snprintf(finding->call, sizeof finding->call, "%zu,%zu,%zu%s", how->n,
            how->x_at, how->out_at,
            how->in_place   ? ",in-place"
            : how->threaded ? ",thread"
                            : "");
}

static bool long_run(struct sn_trial *b, struct sn_finding *finding)
{
    if (!sn_trial_ready(b, finding))
        return false;
    sn_trial_fill(b);
    sn_trial_poison(b);
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = SN_TRIAL_LONG_RUN}))
        return false;
    memcpy(b->base, sn_runner_out(b->runner), SN_TRIAL_PERIOD * b->size);
    size_t changed = changed_inputs(b, 0, SN_TRIAL_LONG_RUN);
    if (changed)
        sn_trial_fail(finding, SN_KIND_INPUT,
            "n = %d: changes %zu of its inputs", SN_TRIAL_LONG_RUN, changed);
    return true;
}

/* Widths of vectors for which all that differs lies behind the last one. */
static void note_place(struct sn_trial *b, const struct sn_call *how, size_t i)
{
    b->differing++;
    b->longest = how->n > b->longest ? how->n : b->longest;
    for (int k = 0; k < SN_TRIAL_WIDTHS; k++)
        if (i < how->n - how->n % ((size_t)4 << k))
            b->not_tail |= 1u << k;
}

static void tell_tail(struct sn_trial *b, struct sn_finding *bits)
{
    if (!b->differing)
        return;
    for (int k = 0; k < SN_TRIAL_WIDTHS && b->longest > 4; k++)
        if (!(b->not_tail >> k & 1)) {
            bits->kinds |= SN_KIND_TAIL;
            bits->kinds &= ~(unsigned)SN_KIND_PLACE;
            snprintf(bits->note, sizeof bits->note,
                "all %zu differing elements lie in the last n mod %d",
                b->differing, 4 << k);
            return;
        }
    bits->kinds |= SN_KIND_PLACE;
}

/* After a call on sn_trial_input() inputs: results, surroundings, inputs. */
static void judge_length(struct sn_trial *b, struct sn_finding *lengths,
    struct sn_finding *bits, const struct sn_call *how)
{
    const void *y = sn_runner_out(b->runner);
    size_t unwritten = 0, outside = 0, differ = 0, at = 0;
    for (size_t i = 0; i < how->n; i++) {
        if (sn_trial_is_poison(b, y, how->out_at + i)) {
            unwritten++;
        } else if (!sn_trial_same(b, y, how->out_at + i, b->base,
                       (how->x_at + i) % SN_TRIAL_PERIOD)) {
            differ++;
            at = i;
            note_place(b, how, i);
        }
    }
    /* within 2 KiB of either side; beyond the arrays the guards speak */
    size_t near = 2048 / b->size;
    size_t from = how->out_at > near ? how->out_at - near : 0;
    size_t to = how->out_at + how->n + near;
    for (size_t i = from; i < to && i < SN_BLOCK; i++)
        if (i < how->out_at || i >= how->out_at + how->n)
            outside += !sn_trial_is_poison(b, y, i);
    size_t changed = changed_inputs(b, how->x_at, how->n);
    if (unwritten || outside || changed)
        note_call(lengths, how);
    if (differ)
        note_call(bits, how);
    if (unwritten)
        sn_trial_fail(lengths, SN_KIND_UNWRITTEN,
            "n = %zu: %zu outputs never written", how->n, unwritten);
    if (outside)
        sn_trial_fail(lengths, SN_KIND_OUTSIDE,
            "n = %zu: writes %zu elements outside the output", how->n,
            outside);
    if (changed)
        sn_trial_fail(lengths, SN_KIND_INPUT,
            "n = %zu: changes %zu of its inputs", how->n, changed);
    if (differ)
        sn_trial_fail(bits, 0,
            "n = %zu, x + %zu, y + %zu: element %zu is %a, in a long "
            "run %a",
            how->n, how->x_at, how->out_at, at,
            sn_trial_get(b, y, how->out_at + at),
            sn_trial_get(b, b->base, (how->x_at + at) % SN_TRIAL_PERIOD));
}

/* false: a call ended it. */
static bool lengths_and_places(
    struct sn_trial *b, struct sn_finding *lengths, struct sn_finding *bits)
{
    lengths->passed = bits->passed = true;
    if (!long_run(b, lengths))
        return false;
    for (size_t i = SN_TRIAL_PERIOD; i < SN_TRIAL_LONG_RUN; i++)
        if (!sn_trial_same(b, sn_runner_out(b->runner), i, b->base,
                i % SN_TRIAL_PERIOD)) {
            sn_trial_fail(bits, SN_KIND_PLACE,
                "n = %d: elements %zu and %zu differ for one input",
                SN_TRIAL_LONG_RUN, i, i % SN_TRIAL_PERIOD);
            break;
        }
    for (size_t n = 0; n <= SN_TRIAL_LONGEST; n++)
        for (int right = 0; right < 2; right++) {
            size_t at = right ? SN_BLOCK - n : 0;
            struct sn_call how = {.n = n, .x_at = at, .out_at = at};
            sn_trial_fill(b);
            sn_trial_poison(b);
            if (!sn_trial_call(b, lengths, &how)) {
                note_call(lengths, &how);
                return false; /* the lengths before this one ran */
            }
            judge_length(b, lengths, bits, &how);
        }
    for (size_t x_at = 0; x_at < 16; x_at++)
        for (size_t out_at = 0; out_at < 16; out_at++) {
            struct sn_call how = {.n = 67, .x_at = x_at, .out_at = out_at};
            sn_trial_fill(b);
            sn_trial_poison(b);
            if (!sn_trial_call(b, lengths, &how)) {
                note_call(lengths, &how);
                return false;
            }
            judge_length(b, lengths, bits, &how);
        }
    return true;
}

/* The results of a call against those of one in memory or thread of its own;
   false: it did not run. */
static bool same_again(struct sn_trial *b, struct sn_finding *finding,
    struct sn_call how, const char *other)
{
    char first[SN_TRIAL_PERIOD * sizeof(double)];
    const struct sn_call plain = {
        .n = how.n, .x_at = how.x_at, .out_at = how.out_at};
    const void *y = NULL;
    for (int again = 0; again < 2; again++) {
        if (!sn_trial_ready(b, finding))
            return false;
        sn_trial_fill(b);
        sn_trial_poison(b);
        if (!sn_trial_call(b, finding, again ? &how : &plain)) {
            note_call(finding, &how);
            return false;
        }
        y = sn_runner_out(b->runner);
        if (!again)
            for (size_t i = 0; i < how.n; i++)
                memcpy(first + i * b->size,
                    (const char *)y + (how.out_at + i) * b->size, b->size);
    }
    size_t at = how.out_at;
    if (how.in_place) {
        y = b->reference->derivative ? sn_runner_dy(b->runner)
                                     : sn_runner_x(b->runner);
        at = how.x_at;
    }
    for (size_t i = 0; i < how.n; i++)
        if (!sn_trial_same(b, y, at + i, first, i)) {
            note_call(finding, &how);
            sn_trial_fail(finding,
                how.in_place ? SN_KIND_ALIAS : SN_KIND_THREAD,
                "n = %zu: element %zu is %a, %s %a", how.n, i,
                sn_trial_get(b, y, at + i), other, sn_trial_get(b, first, i));
            break;
        }
    return true;
}

/* The same call in other threads of the child. */
static void any_thread(struct sn_trial *b, struct sn_finding *finding)
{
    finding->passed = true;
    for (int k = 0; k < 2; k++)
        if (!same_again(b, finding,
                (struct sn_call){.n = SN_TRIAL_PERIOD, .threaded = true},
                "in the first thread"))
            return;
}

/* Of all calls so far and one of the greatest length. */
static void floating_point_mode(struct sn_trial *b, struct sn_finding *finding)
{
    finding->passed = true;
    if (sn_trial_ready(b, finding)) {
        sn_trial_fill(b);
        sn_trial_call(b, finding, &(struct sn_call){.n = SN_BLOCK});
    }
    if (*b->mode && b->reference->flush && !strstr(b->mode, "rounding") &&
        !strstr(b->mode, "trap")) {
        snprintf(finding->note, sizeof finding->note, "%s", b->mode);
    } else if (*b->mode) {
        finding->misconduct = true;
        sn_trial_fail(finding, SN_KIND_MODE, "%s", b->mode);
    }
}

/* In place and apart, at the same length and place, give the same bits. */
static void in_place(struct sn_trial *b, struct sn_finding *finding)
{
    static const size_t sizes[] = {1, 2, 7, 8, 16, 31, 64, SN_TRIAL_LONGEST};
    finding->passed = true;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (!same_again(b, finding,
                (struct sn_call){.n = sizes[k], .in_place = true}, "apart"))
            return;
}

enum {
    SPECIAL,
    LENGTHS,
    BITS,
    THREAD,
    PLACE,
    LONG,
    MODE,
    RAISED,
    DIRECTED,
    FORWARD_FINDINGS,
    SCALES = FORWARD_FINDINGS,
    ANY_DY,
    ALL_FINDINGS
};

int sn_structure_run(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, double max_ulp, double timeout)
{
    struct sn_trial b = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = timeout,
        .poison = SN_TRIAL_POISON,
        .every_length = target->every_length,
        .size = sn_types[dtype].size};
    if (target->way == SN_EXEC)
        return sn_structure_of_stream(&b, findings, max_ulp);
    if (target->way == SN_NPY)
        return 0;
    static const char *const name[] = {"special values", "lengths 0 to 130",
        "same bits at any length and place", "same bits in any thread",
        "in place", "a long array", "floating-point mode", "exceptions",
        "directed rounding", "scales with dy", "accuracy for any dy"};
    const int count = reference->derivative ? ALL_FINDINGS : FORWARD_FINDINGS;
    for (int i = 0; i < count; i++)
        findings[i] = (struct sn_finding){.name = name[i]};
    sn_special_values(&b, &findings[SPECIAL]);
    if (!lengths_and_places(&b, &findings[LENGTHS], &findings[BITS]))
        sn_trial_fail(
            &findings[BITS], 0, "not checked to the end: see lengths");
    tell_tail(&b, &findings[BITS]);
    any_thread(&b, &findings[THREAD]);
    in_place(&b, &findings[PLACE]);
    sn_long_array(&b, &findings[LONG], findings[BITS].passed);
    sn_exceptions(&b, &findings[RAISED]);
    sn_directed_rounding(&b, &findings[DIRECTED]);
    if (reference->derivative) {
        sn_scales_with_dy(&b, &findings[SCALES]);
        sn_any_dy(&b, &findings[ANY_DY], max_ulp);
    }
    floating_point_mode(&b, &findings[MODE]);
    sn_runner_stop(b.runner);
    for (int i = 0; i < count; i++)
        sn_trial_count(&findings[i]);
    return count;
}

int sn_structure_call(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, const struct sn_call *call, double timeout)
{
    enum { WRITTEN, SAME, COUNT };
    struct sn_trial b = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = timeout,
        .poison = SN_TRIAL_POISON,
        .size = sn_types[dtype].size};
    findings[WRITTEN] =
        (struct sn_finding){.name = "outputs and arrays", .passed = true};
    findings[SAME] = (struct sn_finding){.name = "same bits", .passed = true};
    if (target->way == SN_EXEC) {
        sn_stream_length(&b, findings, call->n);
    } else if (call->in_place || call->threaded) {
        same_again(&b, &findings[SAME], *call,
            call->in_place ? "apart" : "in the first thread");
    } else if (long_run(&b, &findings[WRITTEN])) {
        sn_trial_fill(&b);
        sn_trial_poison(&b);
        if (sn_trial_call(&b, &findings[WRITTEN], call))
            judge_length(&b, &findings[WRITTEN], &findings[SAME], call);
    }
    sn_runner_stop(b.runner);
    for (int i = 0; i < COUNT; i++)
        sn_trial_count(&findings[i]);
    return COUNT;
}

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

/* How many of n inputs are no longer what structure_trial_fill() made them. */
static size_t changed_inputs(
    const struct structure_trial *b, size_t at, size_t n)
{
    const void *x = conf_runner_x(b->runner), *dy = conf_runner_dy(b->runner);
    const size_t skipped = CONF_BLOCK - 2 * STRUCTURE_TRIAL_LONG_RUN;
    size_t changed = 0;
    for (size_t i = at; i < at + n; i++) {
        size_t drawn = i < STRUCTURE_TRIAL_LONG_RUN ? i : i - skipped;
        changed += !structure_trial_same(b, x, i, b->image, drawn);
        changed += !structure_trial_same(b, dy, i, b->ones, 0);
    }
    return changed;
}

/* The first call that failed, for a line that repeats it. */
static void note_call(
    struct conf_finding *finding, const struct conf_call *how)
{
    if (!*finding->call)
        snprintf(finding->call, sizeof finding->call, "%zu,%zu,%zu%s", how->n,
            how->x_at, how->out_at,
            how->in_place   ? ",in-place"
            : how->threaded ? ",thread"
                            : "");
}

static bool long_run(struct structure_trial *b, struct conf_finding *finding)
{
    if (!structure_trial_ready(b, finding))
        return false;
    structure_trial_fill(b);
    structure_trial_poison(b);
    if (!structure_trial_call(
            b, finding, &(struct conf_call){.n = STRUCTURE_TRIAL_LONG_RUN}))
        return false;
    memcpy(
        b->base, conf_runner_out(b->runner), STRUCTURE_TRIAL_PERIOD * b->size);
    size_t changed = changed_inputs(b, 0, STRUCTURE_TRIAL_LONG_RUN);
    if (changed)
        structure_trial_fail(finding, CONF_KIND_INPUT,
            "n = %d: changes %zu of its inputs", STRUCTURE_TRIAL_LONG_RUN,
            changed);
    return true;
}

/* Widths of vectors for which all that differs lies behind the last one. */
static void note_place(
    struct structure_trial *b, const struct conf_call *how, size_t i)
{
    b->differing++;
    b->longest = how->n > b->longest ? how->n : b->longest;
    for (int k = 0; k < STRUCTURE_TRIAL_WIDTHS; k++)
        if (i < how->n - how->n % ((size_t)4 << k))
            b->not_tail |= 1u << k;
}

static void tell_tail(struct structure_trial *b, struct conf_finding *bits)
{
    if (!b->differing)
        return;
    for (int k = 0; k < STRUCTURE_TRIAL_WIDTHS && b->longest > 4; k++)
        if (!(b->not_tail >> k & 1)) {
            bits->kinds |= CONF_KIND_TAIL;
            bits->kinds &= ~(unsigned)CONF_KIND_PLACE;
            snprintf(bits->note, sizeof bits->note,
                "all %zu differing elements lie in the last n mod %d",
                b->differing, 4 << k);
            return;
        }
    bits->kinds |= CONF_KIND_PLACE;
}

/* After a call on structure_trial_input() inputs: results, surroundings,
 * inputs. */
static void judge_length(struct structure_trial *b,
    struct conf_finding *lengths, struct conf_finding *bits,
    const struct conf_call *how)
{
    const void *y = conf_runner_out(b->runner);
    size_t unwritten = 0, outside = 0, differ = 0, at = 0;
    for (size_t i = 0; i < how->n; i++) {
        if (structure_trial_is_poison(b, y, how->out_at + i)) {
            unwritten++;
        } else if (!structure_trial_same(b, y, how->out_at + i, b->base,
                       (how->x_at + i) % STRUCTURE_TRIAL_PERIOD)) {
            differ++;
            at = i;
            note_place(b, how, i);
        }
    }
    /* within 2 KiB of either side; beyond the arrays the guards speak */
    size_t near = 2048 / b->size;
    size_t from = how->out_at > near ? how->out_at - near : 0;
    size_t to = how->out_at + how->n + near;
    for (size_t i = from; i < to && i < CONF_BLOCK; i++)
        if (i < how->out_at || i >= how->out_at + how->n)
            outside += !structure_trial_is_poison(b, y, i);
    size_t changed = changed_inputs(b, how->x_at, how->n);
    if (unwritten || outside || changed)
        note_call(lengths, how);
    if (differ)
        note_call(bits, how);
    if (unwritten)
        structure_trial_fail(lengths, CONF_KIND_UNWRITTEN,
            "n = %zu: %zu outputs never written", how->n, unwritten);
    if (outside)
        structure_trial_fail(lengths, CONF_KIND_OUTSIDE,
            "n = %zu: writes %zu elements outside the output", how->n,
            outside);
    if (changed)
        structure_trial_fail(lengths, CONF_KIND_INPUT,
            "n = %zu: changes %zu of its inputs", how->n, changed);
    if (differ)
        structure_trial_fail(bits, 0,
            "n = %zu, x + %zu, y + %zu: element %zu is %a, in a long "
            "run %a",
            how->n, how->x_at, how->out_at, at,
            structure_trial_get(b, y, how->out_at + at),
            structure_trial_get(
                b, b->base, (how->x_at + at) % STRUCTURE_TRIAL_PERIOD));
}

/* false: a call ended it. */
static bool lengths_and_places(struct structure_trial *b,
    struct conf_finding *lengths, struct conf_finding *bits)
{
    lengths->passed = bits->passed = true;
    if (!long_run(b, lengths))
        return false;
    for (size_t i = STRUCTURE_TRIAL_PERIOD; i < STRUCTURE_TRIAL_LONG_RUN; i++)
        if (!structure_trial_same(b, conf_runner_out(b->runner), i, b->base,
                i % STRUCTURE_TRIAL_PERIOD)) {
            structure_trial_fail(bits, CONF_KIND_PLACE,
                "n = %d: elements %zu and %zu differ for one input",
                STRUCTURE_TRIAL_LONG_RUN, i, i % STRUCTURE_TRIAL_PERIOD);
            break;
        }
    for (size_t n = 0; n <= STRUCTURE_TRIAL_LONGEST; n++)
        for (int right = 0; right < 2; right++) {
            size_t at = right ? CONF_BLOCK - n : 0;
            struct conf_call how = {.n = n, .x_at = at, .out_at = at};
            structure_trial_fill(b);
            structure_trial_poison(b);
            if (!structure_trial_call(b, lengths, &how)) {
                note_call(lengths, &how);
                return false; /* the lengths before this one ran */
            }
            judge_length(b, lengths, bits, &how);
        }
    for (size_t x_at = 0; x_at < 16; x_at++)
        for (size_t out_at = 0; out_at < 16; out_at++) {
            struct conf_call how = {.n = 67, .x_at = x_at, .out_at = out_at};
            structure_trial_fill(b);
            structure_trial_poison(b);
            if (!structure_trial_call(b, lengths, &how)) {
                note_call(lengths, &how);
                return false;
            }
            judge_length(b, lengths, bits, &how);
        }
    return true;
}

/* The results of a call against those of one in memory or thread of its own;
   false: it did not run. */
static bool same_again(struct structure_trial *b, struct conf_finding *finding,
    struct conf_call how, const char *other)
{
    char first[STRUCTURE_TRIAL_PERIOD * sizeof(double)];
    const struct conf_call plain = {
        .n = how.n, .x_at = how.x_at, .out_at = how.out_at};
    const void *y = NULL;
    for (int again = 0; again < 2; again++) {
        if (!structure_trial_ready(b, finding))
            return false;
        structure_trial_fill(b);
        structure_trial_poison(b);
        if (!structure_trial_call(b, finding, again ? &how : &plain)) {
            note_call(finding, &how);
            return false;
        }
        y = conf_runner_out(b->runner);
        if (!again)
            for (size_t i = 0; i < how.n; i++)
                memcpy(first + i * b->size,
                    (const char *)y + (how.out_at + i) * b->size, b->size);
    }
    size_t at = how.out_at;
    if (how.in_place) {
        y = b->reference->derivative ? conf_runner_dy(b->runner)
                                     : conf_runner_x(b->runner);
        at = how.x_at;
    }
    for (size_t i = 0; i < how.n; i++)
        if (!structure_trial_same(b, y, at + i, first, i)) {
            note_call(finding, &how);
            structure_trial_fail(finding,
                how.in_place ? CONF_KIND_ALIAS : CONF_KIND_THREAD,
                "n = %zu: element %zu is %a, %s %a", how.n, i,
                structure_trial_get(b, y, at + i), other,
                structure_trial_get(b, first, i));
            break;
        }
    return true;
}

/* The same call in other threads of the child. */
static void any_thread(struct structure_trial *b, struct conf_finding *finding)
{
    finding->passed = true;
    for (int k = 0; k < 2; k++)
        if (!same_again(b, finding,
                (struct conf_call){
                    .n = STRUCTURE_TRIAL_PERIOD, .threaded = true},
                "in the first thread"))
            return;
}

/* Of all calls so far and one of the greatest length. */
static void floating_point_mode(
    struct structure_trial *b, struct conf_finding *finding)
{
    finding->passed = true;
    if (structure_trial_ready(b, finding)) {
        structure_trial_fill(b);
        structure_trial_call(b, finding, &(struct conf_call){.n = CONF_BLOCK});
    }
    if (*b->mode && b->reference->flush && !strstr(b->mode, "rounding") &&
        !strstr(b->mode, "trap")) {
        snprintf(finding->note, sizeof finding->note, "%s", b->mode);
    } else if (*b->mode) {
        finding->misconduct = true;
        structure_trial_fail(finding, CONF_KIND_MODE, "%s", b->mode);
    }
}

/* In place and apart, at the same length and place, give the same bits. */
static void in_place(struct structure_trial *b, struct conf_finding *finding)
{
    static const size_t sizes[] = {
        1, 2, 7, 8, 16, 31, 64, STRUCTURE_TRIAL_LONGEST};
    finding->passed = true;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        if (!same_again(b, finding,
                (struct conf_call){.n = sizes[k], .in_place = true}, "apart"))
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

int conf_structure_run(struct conf_finding findings[CONF_FINDINGS],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, double max_ulp, double timeout)
{
    struct structure_trial b = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = timeout,
        .poison = STRUCTURE_TRIAL_POISON,
        .every_length = target->every_length,
        .size = ref_types[dtype].size};
    if (target->way == CONF_EXEC)
        return structure_of_stream(&b, findings, max_ulp);
    if (target->way == CONF_NPY)
        return 0;
    static const char *const name[] = {"special values", "lengths 0 to 130",
        "same bits at any length and place", "same bits in any thread",
        "in place", "a long array", "floating-point mode", "exceptions",
        "directed rounding", "scales with dy", "accuracy for any dy"};
    const int count = reference->derivative ? ALL_FINDINGS : FORWARD_FINDINGS;
    for (int i = 0; i < count; i++)
        findings[i] = (struct conf_finding){.name = name[i]};
    structure_special_values(&b, &findings[SPECIAL]);
    if (!lengths_and_places(&b, &findings[LENGTHS], &findings[BITS]))
        structure_trial_fail(
            &findings[BITS], 0, "not checked to the end: see lengths");
    tell_tail(&b, &findings[BITS]);
    any_thread(&b, &findings[THREAD]);
    in_place(&b, &findings[PLACE]);
    structure_long_array(&b, &findings[LONG], findings[BITS].passed);
    structure_exceptions(&b, &findings[RAISED]);
    structure_directed_rounding(&b, &findings[DIRECTED]);
    if (reference->derivative) {
        structure_scales_with_dy(&b, &findings[SCALES]);
        structure_any_dy(&b, &findings[ANY_DY], max_ulp);
    }
    floating_point_mode(&b, &findings[MODE]);
    conf_runner_stop(b.runner);
    for (int i = 0; i < count; i++)
        structure_trial_count(&findings[i]);
    return count;
}

int conf_structure_call(struct conf_finding findings[CONF_FINDINGS],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, const struct conf_call *call, double timeout)
{
    enum { WRITTEN, SAME, COUNT };
    struct structure_trial b = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = timeout,
        .poison = STRUCTURE_TRIAL_POISON,
        .size = ref_types[dtype].size};
    findings[WRITTEN] =
        (struct conf_finding){.name = "outputs and arrays", .passed = true};
    findings[SAME] =
        (struct conf_finding){.name = "same bits", .passed = true};
    if (target->way == CONF_EXEC) {
        structure_stream_length(&b, findings, call->n);
    } else if (call->in_place || call->threaded) {
        same_again(&b, &findings[SAME], *call,
            call->in_place ? "apart" : "in the first thread");
    } else if (long_run(&b, &findings[WRITTEN])) {
        structure_trial_fill(&b);
        structure_trial_poison(&b);
        if (structure_trial_call(&b, &findings[WRITTEN], call))
            judge_length(&b, &findings[WRITTEN], &findings[SAME], call);
    }
    conf_runner_stop(b.runner);
    for (int i = 0; i < COUNT; i++)
        structure_trial_count(&findings[i]);
    return COUNT;
}

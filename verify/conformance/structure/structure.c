/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an error in ULP does not see.  Every array ends at a page that faults
 * (calls flush right) or starts behind one (flush left), what the kernel must
 * not touch is filled with a pattern and looked at afterwards, and outputs
 * start as a NaN that no kernel makes.
 */
#include "verify/conformance/structure/trial.h"
#include <string.h>

/* How many of n inputs are no longer what sn_trial_fill() made them. */
static size_t changed_inputs(const struct sn_trial *b, size_t at, size_t n)
{
    const void *x = sn_runner_x(b->runner), *dy = sn_runner_dy(b->runner);
    char expected[sizeof(double)];
    size_t changed = 0;
    for (size_t i = at; i < at + n; i++) {
        sn_trial_set(b, expected, 0, sn_trial_input(i));
        changed += !sn_trial_same(b, x, i, expected, 0);
        changed += sn_trial_get(b, dy, i) != 1;
    }
    return changed;
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
        sn_trial_fail(finding, "n = %d: changes %zu of its inputs",
            SN_TRIAL_LONG_RUN, changed);
    return true;
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
    if (unwritten)
        sn_trial_fail(
            lengths, "n = %zu: %zu outputs never written", how->n, unwritten);
    if (outside)
        sn_trial_fail(lengths,
            "n = %zu: writes %zu elements outside the output", how->n,
            outside);
    if (changed)
        sn_trial_fail(
            lengths, "n = %zu: changes %zu of its inputs", how->n, changed);
    if (differ)
        sn_trial_fail(bits,
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
            sn_trial_fail(bits,
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
            if (!sn_trial_call(b, lengths, &how))
                return false; /* the lengths before this one ran */
            judge_length(b, lengths, bits, &how);
        }
    for (size_t x_at = 0; x_at < 16; x_at++)
        for (size_t out_at = 0; out_at < 16; out_at++) {
            struct sn_call how = {.n = 67, .x_at = x_at, .out_at = out_at};
            sn_trial_fill(b);
            sn_trial_poison(b);
            if (!sn_trial_call(b, lengths, &how))
                return false;
            judge_length(b, lengths, bits, &how);
        }
    return true;
}

/* A power of 2 as dy scales the results exactly: none here is subnormal. */
static void scales_with_dy(struct sn_trial *b, struct sn_finding *finding)
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
            sn_trial_fail(finding, "x = %a: dy = 1 gives %a, dy = -4 gives %a",
                sn_trial_get(b, sn_runner_x(b->runner), i), one, scaled);
    }
}

/* Of all calls so far and one of the greatest length. */
static void floating_point_mode(struct sn_trial *b, struct sn_finding *finding)
{
    finding->passed = true;
    if (sn_trial_ready(b, finding)) {
        sn_trial_fill(b);
        sn_trial_call(b, finding, &(struct sn_call){.n = SN_BLOCK});
    }
    if (*b->mode) {
        finding->misconduct = true;
        sn_trial_fail(finding, "%s", b->mode);
    }
}

/* In place and apart, at the same length and place, give the same bits. */
static void in_place(struct sn_trial *b, struct sn_finding *finding)
{
    static const size_t sizes[] = {1, 2, 7, 8, 16, 31, 64, SN_TRIAL_LONGEST};
    char apart[SN_TRIAL_LONGEST * sizeof(double)];
    finding->passed = true;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct sn_call how = {.n = sizes[k]};
        if (!sn_trial_ready(b, finding))
            return;
        sn_trial_fill(b);
        if (!sn_trial_call(b, finding, &how))
            return;
        memcpy(apart, sn_runner_out(b->runner), how.n * b->size);
        how.in_place = true;
        if (!sn_trial_call(b, finding, &how))
            return;
        const void *y = b->reference->derivative ? sn_runner_dy(b->runner)
                                                 : sn_runner_x(b->runner);
        for (size_t i = 0; i < how.n; i++)
            if (!sn_trial_same(b, y, i, apart, i)) {
                sn_trial_fail(finding, "n = %zu: element %zu is %a, apart %a",
                    how.n, i, sn_trial_get(b, y, i),
                    sn_trial_get(b, apart, i));
                break;
            }
    }
}

int sn_structure_run(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, double timeout)
{
    struct sn_trial b = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = timeout,
        .size = sn_types[dtype].size};
    static const char *const name[] = {"special values", "lengths 0 to 130",
        "same bits at any length and place", "in place", "floating-point mode",
        "scales with dy"};
    const int count = reference->derivative ? 6 : 5;
    for (int i = 0; i < count; i++)
        findings[i] = (struct sn_finding){.name = name[i]};
    sn_special_values(&b, &findings[0]);
    if (!lengths_and_places(&b, &findings[1], &findings[2]))
        sn_trial_fail(&findings[2], "not checked to the end: see lengths");
    in_place(&b, &findings[3]);
    if (reference->derivative)
        scales_with_dy(&b, &findings[5]);
    floating_point_mode(&b, &findings[4]);
    sn_runner_stop(b.runner);
    for (int i = 0; i < count; i++)
        sn_trial_count(&findings[i]);
    return count;
}

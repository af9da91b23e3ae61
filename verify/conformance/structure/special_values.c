/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SPECIALS = STRUCTURE_SPECIAL_VALUES, COPIES = 9 };

/* Bit patterns; odd ones have the sign. */
static uint64_t special(int dtype, int i)
{
    /* 0, subnormals, normals, infinity; NaN: quiet, signalling, all ones;
       then other payloads, as a kernel may test some bits alone: the lowest,
       the highest below quiet, all, random ones, of either kind */
    const struct num_format *format = ref_types[dtype].format;
    const int fraction = format->precision - 1;
    const uint64_t least = UINT64_C(1) << fraction;
    const uint64_t top = ((UINT64_C(1) << format->width) - 1) << fraction;
    const uint64_t quiet = top | least >> 1, payload = (least >> 1) - 1;
    const uint64_t random = UINT64_C(0x2545f4914f6cdd1d) & payload;
    const uint64_t bits[] = {0, 1, least - 1, least, top - 1, top, quiet,
        top | 1, quiet | payload, quiet | 1, top | least >> 2, top | payload,
        top | random, quiet | random, quiet | least >> 2};
    return bits[i / 2] | (uint64_t)(i % 2) << (fraction + format->width);
}

static void set_special(
    const struct structure_trial *b, void *array, size_t at, int i)
{
    conf_type_set_bits(b->dtype, array, at, special(b->dtype, i));
}

/* The smallest normal number of the type. */
static double least_normal(int dtype)
{
    const struct num_format *format = ref_types[dtype].format;
    return ldexp(1, format->emin + format->precision - 2);
}

static unsigned kind_of_nan(int dtype, uint64_t pattern)
{
    const int quiet = ref_types[dtype].format->precision - 2;
    return pattern >> quiet & 1 ? CONF_KIND_NAN : CONF_KIND_SIGNALLING;
}

/* Flushed subnormals and errors of the derivative show as values, too. */
static unsigned kind_of(
    const struct structure_trial *b, double x, double y, double want)
{
    if (x == 0)
        return want == 0 && y == 0 ? CONF_KIND_ZERO_SIGN : 0;
    if (isinf(x))
        return CONF_KIND_INFINITY;
    return fabs(x) >= ref_types[b->dtype].format->most ? CONF_KIND_OVERFLOW
                                                       : 0;
}

/* The result at y[at] for special value i. */
static bool judge_special(struct structure_trial *b,
    struct conf_finding *finding, const void *out, int i, size_t at,
    bool alone)
{
    const char *where = alone ? " (n = 1)" : "";
    const uint64_t pattern = special(b->dtype, i);
    if (finding->passed)
        snprintf(finding->input, sizeof finding->input, "bits:0x%llx",
            (unsigned long long)pattern);
    double x = conf_type_value(b->dtype, pattern),
           y = structure_trial_get(b, out, at);
    char text[CONF_TYPE_TEXT];
    if (structure_trial_is_poison(b, out, at)) {
        structure_trial_fail(finding, CONF_KIND_UNWRITTEN,
            "%s: output never written%s",
            conf_type_text(b->dtype, pattern, text), where);
        return false;
    }
    if (isnan(x)) {
        if (!isnan(y))
            structure_trial_fail(finding, kind_of_nan(b->dtype, pattern),
                "%s gives %.9g%s, want NaN",
                conf_type_text(b->dtype, pattern, text), y, where);
        return isnan(y);
    }
    double want = conf_reference_rounded(b->reference, b->dtype, x);
    bool exact = want == 0 || isinf(want);
    bool good = exact ? y == want && !signbit(y) == !signbit(want)
                      : isfinite(y) && y != 0 && !signbit(y) == !signbit(want);
    /* the limit of what comes before: special values 8 and 9 */
    if (good && isinf(x) && !exact && !alone) {
        double before =
            structure_trial_get(b, out, at - (size_t)i + (size_t)(8 + i % 2));
        good = fabs(y - before) <=
               ldexp(fabs(want), 5 - ref_types[b->dtype].format->precision);
    }
    if (b->reference->flush && y == 0 && !signbit(y) == !signbit(want) &&
        (fabs(want) < least_normal(b->dtype) ||
            (!b->reference->derivative && fabs(x) < least_normal(b->dtype))))
        good = true;
    if (!good && isnan(y))
        structure_trial_fail(finding, kind_of(b, x, y, want),
            "%.9g gives %s%s, want %.9g", x,
            conf_type_text(b->dtype, conf_type_bits(b->dtype, out, at), text),
            where, want);
    else if (!good)
        structure_trial_fail(finding, kind_of(b, x, y, want),
            "%.9g gives %.9g%s, want %.9g", x, y, where, want);
    return good;
}

/* Of the NaN among the special values: what of them comes out. */
static void note_payloads(
    struct structure_trial *b, struct conf_finding *finding, const void *y)
{
    const struct num_format *format = ref_types[b->dtype].format;
    const uint64_t quiet = UINT64_C(1) << (format->precision - 2);
    int kept = 0, signalling = 0, all = 0;
    for (int i = 0; i < SPECIALS; i++) {
        uint64_t in = special(b->dtype, i);
        uint64_t out = conf_type_bits(b->dtype, y, (size_t)i);
        if (!isnan(conf_type_value(b->dtype, in)) ||
            !isnan(conf_type_value(b->dtype, out)))
            continue;
        all++;
        kept += out == (in | quiet);
        signalling += !(out & quiet);
    }
    snprintf(finding->note, sizeof finding->note,
        "NaN: %d of %d keep sign and payload%s", kept, all,
        signalling ? "; some stay signalling" : "");
}

void structure_special_fill(const struct structure_trial *b, void *x)
{
    for (int i = 0; i < SPECIALS; i++)
        set_special(b, x, (size_t)i, i);
}

void structure_special_judge(
    struct structure_trial *b, struct conf_finding *finding, const void *y)
{
    for (int i = 0; i < SPECIALS; i++)
        judge_special(b, finding, y, i, (size_t)i, false);
    note_payloads(b, finding, y);
}

/* Poisoned by a number, as a NaN that is not written must not look right. */
void structure_special_values(
    struct structure_trial *b, struct conf_finding *finding)
{
    finding->passed = true;
    if (!structure_trial_ready(b, finding))
        return;
    const void *y = conf_runner_out(b->runner);
    structure_trial_fill(b);
    b->poison = 0x5a;
    structure_trial_poison(b);
    for (int i = 0; i < SPECIALS * COPIES; i++)
        set_special(b, conf_runner_x(b->runner), (size_t)i, i % SPECIALS);
    bool ran = structure_trial_call(
        b, finding, &(struct conf_call){.n = SPECIALS * COPIES});
    /* vector body and tail; one failure of each value is enough */
    for (int i = 0; ran && i < SPECIALS; i++)
        for (int at = i; at < SPECIALS * COPIES; at += SPECIALS)
            if (!judge_special(b, finding, y, i, (size_t)at, false))
                break;
    if (ran)
        note_payloads(b, finding, y);
    bool many = finding->passed;
    for (int i = 0; ran && many && i < SPECIALS; i++) {
        structure_trial_poison(b);
        ran = structure_trial_call(
            b, finding, &(struct conf_call){.n = 1, .x_at = (size_t)i});
        if (ran)
            judge_special(b, finding, y, i, 0, true);
    }
    b->poison = STRUCTURE_TRIAL_POISON;
}

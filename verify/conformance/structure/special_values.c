/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/trial.h"
#include <math.h>
#include <string.h>

enum { SPECIALS = 18, COPIES = 9 };

/* Bit patterns; odd ones have the sign. */
static uint64_t special(int dtype, int i)
{
    /* 0, subnormals, normals, infinity; NaN: quiet, signalling, all ones */
    const struct sn_format *format = sn_types[dtype].format;
    const int fraction = format->precision - 1;
    const uint64_t least = UINT64_C(1) << fraction;
    const uint64_t top = ((UINT64_C(1) << format->width) - 1) << fraction;
    const uint64_t bits[] = {0, 1, least - 1, least, top - 1, top,
        top | least >> 1, top | 1, top | (least - 1)};
    return bits[i / 2] | (uint64_t)(i % 2) << (fraction + format->width);
}

static void set_special(
    const struct sn_trial *b, void *array, size_t at, int i)
{
    sn_type_set_bits(b->dtype, array, at, special(b->dtype, i));
}

/* The result at y[at] for special value i. */
static bool judge_special(struct sn_trial *b, struct sn_finding *finding,
    int i, size_t at, bool alone)
{
    const char *where = alone ? " (n = 1)" : "";
    char input[sizeof(double)];
    set_special(b, input, 0, i);
    double x = sn_trial_get(b, input, 0),
           y = sn_trial_get(b, sn_runner_out(b->runner), at);
    if (isnan(x)) {
        if (!isnan(y))
            sn_trial_fail(finding, "NaN 0x%llx gives %.9g%s, want NaN",
                (unsigned long long)special(b->dtype, i), y, where);
        return isnan(y);
    }
    double want = sn_reference_rounded(b->reference, b->dtype, x);
    bool exact = want == 0 || isinf(want);
    bool good = exact ? y == want && !signbit(y) == !signbit(want)
                      : isfinite(y) && y != 0 && !signbit(y) == !signbit(want);
    if (!good)
        sn_trial_fail(finding, "%.9g gives %.9g%s, want %.9g", x,
            isnan(y) ? (double)NAN : y, where, want);
    return good;
}

void sn_special_values(struct sn_trial *b, struct sn_finding *finding)
{
    finding->passed = true;
    if (!sn_trial_ready(b, finding))
        return;
    sn_trial_fill(b);
    sn_trial_poison(b);
    for (int i = 0; i < SPECIALS * COPIES; i++)
        set_special(b, sn_runner_x(b->runner), (size_t)i, i % SPECIALS);
    if (!sn_trial_call(b, finding, &(struct sn_call){.n = SPECIALS * COPIES}))
        return;
    /* vector body and tail; one failure of each value is enough */
    for (int i = 0; i < SPECIALS; i++)
        for (int at = i; at < SPECIALS * COPIES; at += SPECIALS)
            if (!judge_special(b, finding, i, (size_t)at, false))
                break;
    bool many = finding->passed;
    for (int i = 0; many && i < SPECIALS; i++) {
        if (!sn_trial_call(
                b, finding, &(struct sn_call){.n = 1, .x_at = (size_t)i}))
            return;
        judge_special(b, finding, i, 0, true);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be asked of a program: values and lengths, no places or modes. */
#include "verify/conformance/calls/stream.h"
#include "verify/conformance/structure/trial.h"
#include <stdio.h>
#include <string.h>

/* Inputs into outputs of the trial, n at a time of an array of its own. */
struct exchange {
    struct sn_trial *b;
    const void *x, *dy; /* dy: NULL for 1 */
    void *y;
    size_t n;
};

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    const struct exchange *e = ctx;
    if (block)
        return 0;
    memcpy(x, e->x, e->n * e->b->size);
    if (dy && e->dy)
        memcpy(dy, e->dy, e->n * e->b->size);
    return e->n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct exchange *e = ctx;
    (void)block, (void)x;
    memcpy(e->y, y, n * e->b->size);
    return true;
}

bool sn_trial_stream(struct sn_trial *b, struct sn_finding *finding,
    const void *x, const void *dy, void *y, size_t n)
{
    const struct sn_reference *reference = b->reference;
    struct exchange exchange = {b, x, dy, y, n};
    char why[400];
    struct sn_stream stream = {.command = b->target->command,
        .function = reference->function->name,
        .type = b->dtype,
        .gradient = reference->derivative,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .timeout = b->timeout,
        .give = give,
        .take = take,
        .ctx = &exchange};
    if (sn_stream_run(&stream, why, sizeof why) == SN_RAN)
        return true;
    finding->misconduct = true;
    sn_trial_fail(finding, SN_KIND_CRASH, "n = %zu: %s", n, why);
    return false;
}

enum {
    SPECIAL,
    LENGTHS,
    BITS,
    FORWARD_FINDINGS,
    SCALES = FORWARD_FINDINGS,
    ANY_DY,
    ALL_FINDINGS
};

enum { SENT = SN_SPECIAL_VALUES + SN_TRIAL_PERIOD };

/* Special values before ordinary ones: the run that others are held against.
 */
static bool long_run(
    struct sn_trial *b, struct sn_finding *finding, void *x, void *y)
{
    sn_special_fill(b, x);
    for (size_t i = 0; i < SN_TRIAL_PERIOD; i++)
        sn_trial_set(b, x, SN_SPECIAL_VALUES + i, sn_trial_input(i));
    return sn_trial_stream(b, finding, x, NULL, y, SENT);
}

/* A run of n of the ordinary ones alone: as many results, the same bits. */
static bool one_length(struct sn_trial *b, struct sn_finding *lengths,
    struct sn_finding *bits, const char *x, const void *y, size_t n)
{
    char alone[SN_TRIAL_PERIOD * sizeof(double)];
    if (!sn_trial_stream(
            b, lengths, x + SN_SPECIAL_VALUES * b->size, NULL, alone, n)) {
        snprintf(lengths->call, sizeof lengths->call, "%zu", n);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!sn_trial_same(b, alone, i, y, SN_SPECIAL_VALUES + i)) {
            if (!*bits->call)
                snprintf(bits->call, sizeof bits->call, "%zu", n);
            sn_trial_fail(bits, SN_KIND_PLACE,
                "n = %zu: element %zu is %a, at %zu of %d %a", n, i,
                sn_trial_get(b, alone, i), SN_SPECIAL_VALUES + i, SENT,
                sn_trial_get(b, y, SN_SPECIAL_VALUES + i));
            break;
        }
    return true;
}

void sn_stream_length(
    struct sn_trial *b, struct sn_finding *findings, size_t n)
{
    char x[SENT * sizeof(double)], y[sizeof x];
    if (n <= SN_TRIAL_PERIOD && long_run(b, &findings[0], x, y))
        one_length(b, &findings[0], &findings[1], x, y, n);
}

/* A program may take seconds to start, so few unless all are asked for. */
static void ask_program(struct sn_trial *b, struct sn_finding *finding)
{
    static const size_t few[] = {0, 1, 7, 67, SN_TRIAL_PERIOD};
    char x[SENT * sizeof(double)], y[sizeof x];
    const size_t many =
        b->every_length ? SN_TRIAL_PERIOD + 1 : sizeof few / sizeof *few;
    if (!long_run(b, &finding[SPECIAL], x, y))
        return;
    sn_special_judge(b, &finding[SPECIAL], y);
    for (size_t k = 0; k < many; k++)
        if (!one_length(b, &finding[LENGTHS], &finding[BITS], x, y,
                b->every_length ? k : few[k]))
            return;
}

int sn_structure_of_stream(
    struct sn_trial *b, struct sn_finding *finding, double max_ulp)
{
    const char *const name[] = {"special values",
        b->every_length ? "lengths 0 to 131" : "lengths 0, 1, 7, 67, 131",
        "same bits at any place", "scales with dy", "accuracy for any dy"};
    const int count =
        b->reference->derivative ? ALL_FINDINGS : FORWARD_FINDINGS;
    for (int i = 0; i < count; i++)
        finding[i] = (struct sn_finding){.name = name[i], .passed = true};
    b->poison = 0x5a; /* a number that no special value gives */
    ask_program(b, finding);
    if (b->reference->derivative) {
        sn_scales_with_dy(b, &finding[SCALES]);
        sn_any_dy(b, &finding[ANY_DY], max_ulp);
    }
    for (int i = 0; i < count; i++)
        sn_trial_count(&finding[i]);
    return count;
}

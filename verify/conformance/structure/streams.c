/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be asked of a program or of files: no lengths, places or modes. */
#include "verify/conformance/calls/stream.h"
#include "verify/conformance/structure/trial.h"
#include <stdio.h>
#include <string.h>

/* Inputs into outputs of the trial, n at a time of an array of its own. */
struct exchange {
    struct sn_trial *b;
    const void *x;
    void *y;
    size_t n;
};

static size_t give(void *ctx, uint64_t block, void *x)
{
    const struct exchange *e = ctx;
    if (block)
        return 0;
    memcpy(x, e->x, e->n * e->b->size);
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

static bool run(struct sn_trial *b, struct sn_finding *finding, const void *x,
    void *y, size_t n)
{
    const struct sn_reference *reference = b->reference;
    struct exchange exchange = {b, x, y, n};
    char why[400];
    struct sn_stream stream = {.command = b->target->command,
        .function = reference->function->name,
        .dtype = sn_types[b->dtype].name,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .size = b->size,
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

enum { SPECIAL, LENGTHS, BITS, FINDINGS };

/* Three runs: special values before ordinary ones, these alone, and none. */
static void ask_program(struct sn_trial *b, struct sn_finding *finding)
{
    char x[(SN_SPECIAL_VALUES + SN_TRIAL_PERIOD) * sizeof(double)];
    char y[sizeof x], alone[sizeof x];
    const size_t n = SN_TRIAL_PERIOD;
    sn_special_fill(b, x);
    for (size_t i = 0; i < n; i++)
        sn_trial_set(b, x, SN_SPECIAL_VALUES + i, sn_trial_input(i));
    if (run(b, &finding[SPECIAL], x, y, SN_SPECIAL_VALUES + n))
        sn_special_judge(b, &finding[SPECIAL], y);
    else
        return;
    if (run(b, &finding[BITS], x + SN_SPECIAL_VALUES * b->size, alone, n))
        for (size_t i = 0; i < n; i++)
            if (!sn_trial_same(b, alone, i, y, SN_SPECIAL_VALUES + i))
                sn_trial_fail(&finding[BITS], SN_KIND_PLACE,
                    "element %zu is %a, alone %a", i,
                    sn_trial_get(b, y, SN_SPECIAL_VALUES + i),
                    sn_trial_get(b, alone, i));
    run(b, &finding[LENGTHS], x, y, 0);
}

int sn_structure_of_stream(struct sn_trial *b, struct sn_finding *finding)
{
    static const char *const name[] = {
        "special values", "no input", "same bits at any place"};
    for (int i = 0; i < FINDINGS; i++)
        finding[i] = (struct sn_finding){.name = name[i], .passed = true};
    b->poison = 0x5a; /* a number that no special value gives */
    ask_program(b, finding);
    for (int i = 0; i < FINDINGS; i++)
        sn_trial_count(&finding[i]);
    return FINDINGS;
}

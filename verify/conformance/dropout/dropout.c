/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be judged exactly, and the order of it all. */
#include "verify/conformance/dropout/ask.h"
#include "verify/conformance/dropout/mask.h"
#include "verify/conformance/dropout/values.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VALUE,
    AFFINE,
    RATE,
    MOMENTS,
    INDEPENDENT,
    SEEDED,
    SPECIAL,
    LENGTHS,
    MODE,
    COUNT
};

void sn_dropout_diagnose(struct sn_dropout_notes *notes, const char *code,
    const char *words, const char *format, ...)
{
    va_list args;
    for (int i = 0; i < notes->count; i++)
        if (!strcmp(notes->diagnosis[i].code, code))
            return;
    if (notes->count == SN_DIAGNOSES)
        return;
    struct sn_diagnosis *d = &notes->diagnosis[notes->count++];
    d->code = code;
    d->fault = true;
    snprintf(d->words, sizeof d->words, "%s", words);
    va_start(args, format);
    vsnprintf(d->evidence, sizeof d->evidence, format, args);
    va_end(args);
}

/* ---- seeds, threads, special values, lengths -----------------------------
 */

static void judge_seeds(struct sn_dropout_notes *notes,
    struct sn_finding *finding, struct sn_ask *ask, const double *x,
    uint64_t seed)
{
    enum { N = 4096 };
    double first[N], again[N];
    const struct {
        const char *what, *code, *words;
        uint64_t seed;
        bool threaded, same;
    } row[] = {
        {"the same seed again", "not-reproducible",
            "one seed gives different masks", 0, false, true},
        {"the same seed in another thread", "mask-by-thread",
            "the mask depends on the thread", 0, true, true},
        {"another seed", "seed-ignored", "the seed is ignored", 1, false,
            false},
        {"a seed that differs in its upper half", "seed-cut",
            "the upper half of the seed is ignored", UINT64_C(1) << 40, false,
            false},
    };
    if (!sn_ask(ask, first, x, N, 0.5, seed, false))
        return;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        if (row[k].threaded && ask->target->way == SN_EXEC)
            continue;
        if (!sn_ask(
                ask, again, x, N, 0.5, seed + row[k].seed, row[k].threaded))
            return;
        size_t differ = 0;
        for (size_t i = 0; i < N; i++)
            differ += memcmp(&first[i], &again[i], sizeof *first) != 0;
        if ((differ == 0) == row[k].same)
            continue;
        sn_trial_fail(finding, 0, "%s gives %zu of %d other results",
            row[k].what, differ, N);
        sn_dropout_diagnose(notes, row[k].code, row[k].words,
            "%s gives %zu of %d other results", row[k].what, differ, N);
        if (row[k].same || row[k].seed == 1)
            break; /* what follows would only repeat it */
    }
}

static void judge_special(struct sn_dropout_notes *notes,
    struct sn_finding *finding, struct sn_ask *ask, uint64_t seed)
{
    enum { N = 256 };
    double x[N], y[N], a, b, dropped;
    sn_dropout_exact(&a, &b, &dropped, ask->reference, 0.5);
    for (size_t i = 0; i < N; i++)
        x[i] = i % 2 ? -(double)INFINITY : (double)INFINITY;
    if (!sn_ask(ask, y, x, N, 0.5, seed, false))
        return;
    size_t nan = 0, other = 0;
    for (size_t i = 0; i < N; i++) {
        nan += isnan(y[i]) ? 1 : 0;
        other += !isnan(y[i]) && y[i] != x[i] && fabs(y[i] - dropped) > 0.1;
    }
    if (nan) {
        sn_trial_fail(finding, 0, "x = inf gives NaN %zu times of %d", nan, N);
        sn_dropout_diagnose(notes, "infinity-times-0",
            "a mask multiplies: infinity times 0 is NaN",
            "x = inf gives NaN %zu times of %d", nan, N);
    } else if (other) {
        sn_trial_fail(finding, 0,
            "x = +-inf gives neither itself nor the dropped value %zu times "
            "of %d",
            other, N);
    }
    /* rate 0: nothing is dropped, a = 1 and b = 0 */
    size_t changed = 0;
    for (size_t i = 0; i < N; i++)
        x[i] = sn_type_round(ask->dtype, 0.01 * ((double)i - 100));
    if (!sn_ask(ask, y, x, N, 0, seed, false))
        return;
    for (size_t i = 0; i < N; i++)
        changed += !(y[i] == x[i]);
    if (changed) {
        sn_trial_fail(
            finding, 0, "rate 0 changes %zu of %d inputs", changed, N);
        sn_dropout_diagnose(notes, "rate-0", "rate 0 changes its inputs",
            "%zu of %d inputs", changed, N);
    }
    /* rate 1: reported, as a is infinite there; a program may refuse it */
    if (*ask->why)
        return;
    if (sn_ask(ask, y, x, N, 1, seed, false)) {
        snprintf(finding->note, sizeof finding->note, "rate 1 gives %g",
            isnan(y[0]) ? (double)NAN : y[0]);
    } else if (ask->target->way == SN_EXEC) {
        snprintf(finding->note, sizeof finding->note, "rate 1 is refused");
        *ask->why = '\0';
    }
}

/* Between guard pages, flush left and right; outputs written, no more. */
static void judge_lengths(struct sn_dropout_notes *notes,
    struct sn_finding *finding, struct sn_ask *ask)
{
    const size_t size = sn_types[ask->dtype].size;
    for (size_t n = 0; n <= 2 * SN_TRIAL_LONGEST && !*ask->why; n++) {
        size_t length = n / 2, at = n % 2 ? SN_BLOCK - length : 0;
        if (!ask->runner)
            return;
        char *out = sn_runner_out(ask->runner);
        memset(out, 0x5a, 4096 * size);
        memset(out + (SN_BLOCK - 4096) * size, 0x5a, 4096 * size);
        for (size_t i = 0; i < length; i++)
            sn_type_set(ask->dtype, sn_runner_x(ask->runner), at + i, 0.5);
        sn_runner_begin(ask->runner, &(struct sn_call){.n = length,
                                         .x_at = at,
                                         .out_at = at,
                                         .rate = 0.5,
                                         .seed = n});
        if (sn_runner_end(ask->runner) != SN_RAN) {
            const char *why = sn_runner_why(ask->runner);
            sn_trial_fail(finding, SN_KIND_CRASH, "%s", why);
            if (strstr(why, "bytes"))
                sn_dropout_diagnose(notes, "out-of-bounds",
                    "memory outside of the arrays is touched", "%s", why);
            finding->misconduct = true;
            sn_ask_end(ask);
            return;
        }
        size_t unwritten = 0, outside = 0;
        const uint64_t poison =
            sn_type_bits(ask->dtype, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a", 0);
        for (size_t i = 0; i < 4096; i++) {
            size_t e = n % 2 ? SN_BLOCK - 4096 + i : i;
            bool mine = e >= at && e < at + length;
            bool poisoned = sn_type_bits(ask->dtype, out, e) == poison;
            unwritten += mine && poisoned;
            outside += !mine && !poisoned;
        }
        if (unwritten || outside)
            sn_trial_fail(finding,
                outside ? SN_KIND_OUTSIDE : SN_KIND_UNWRITTEN,
                "n = %zu: %zu outputs never written, %zu written outside",
                length, unwritten, outside);
        if (unwritten)
            sn_dropout_diagnose(notes, "unwritten", "outputs stay unwritten",
                "n = %zu: %zu outputs never written", length, unwritten);
        if (outside)
            sn_dropout_diagnose(notes, "out-of-bounds",
                "memory outside of the arrays is touched",
                "n = %zu: %zu elements written outside of the output", length,
                outside);
    }
}

static void judge_rate(struct sn_dropout *dropout,
    struct sn_dropout_notes *notes, struct sn_finding *finding,
    struct sn_ask *ask, struct sn_mask_data *data, double rate)
{
    struct sn_dropout_view view;
    sn_mask_inputs(data, ask->dtype, &view);
    data->rate = rate;
    if (!sn_mask_gather(data, ask, dropout, &view))
        return;
    if (view.other) {
        sn_trial_fail(&finding[VALUE], 0,
            "rate %g: inputs become more than two values each", rate);
        sn_dropout_diagnose(notes, "not-a-mask",
            "inputs are not either kept or dropped",
            "rate %g: one input becomes more than two values, or NaN", rate);
    } else {
        sn_judge_affine(
            notes, &finding[AFFINE], ask, &view, rate, dropout->max_ulp);
        sn_judge_dropped(
            notes, &finding[VALUE], ask, &view, rate, dropout->max_ulp);
    }
    sn_mask_rate(data, notes, &finding[RATE], dropout->threshold);
    sn_mask_moments(data, ask->dtype, &finding[MOMENTS], ask->reference,
        dropout->threshold);
    /* one mask over and over is one fault, not thirty */
    if (finding[SEEDED].passed)
        sn_mask_independence(
            data, notes, &finding[INDEPENDENT], dropout->threshold);
}

int sn_dropout_run(struct sn_dropout *dropout,
    struct sn_finding findings[SN_FINDINGS],
    struct sn_diagnosis diagnoses[SN_DIAGNOSES], int *diagnosed,
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype)
{
    static const char *const name[] = {"dropped value", "affine map", "rate",
        "mean and variance", "independence", "seeds and threads",
        "special values", "lengths 0 to 130", "floating-point mode"};
    struct sn_ask ask = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = dropout->timeout};
    struct sn_dropout_notes notes = {diagnoses, 0};
    struct sn_mask_data data;
    for (int i = 0; i < COUNT; i++)
        findings[i] = (struct sn_finding){.name = name[i], .passed = true};
    dropout->tests = dropout->rates * SN_MASK_TESTS;
    dropout->threshold =
        gsl_cdf_ugaussian_Qinv(dropout->false_alarm / 2 / dropout->tests);
    dropout->stopped = false;
    if (!sn_mask_start(&data, dropout->samples)) {
        snprintf(ask.why, sizeof ask.why, "out of memory");
    } else {
        struct sn_dropout_view view;
        sn_mask_inputs(&data, dtype, &view);
        judge_seeds(&notes, &findings[SEEDED], &ask, data.x, dropout->seed);
        for (int i = 0; i < dropout->rates && !dropout->stopped; i++)
            judge_rate(
                dropout, &notes, findings, &ask, &data, dropout->rate[i]);
        judge_special(&notes, &findings[SPECIAL], &ask, dropout->seed);
        if (target->way != SN_EXEC)
            judge_lengths(&notes, &findings[LENGTHS], &ask);
        sn_mask_power(dropout, reference);
    }
    if (*ask.mode)
        sn_trial_fail(&findings[MODE], SN_KIND_MODE, "%s", ask.mode);
    if (*ask.why) {
        findings[LENGTHS].misconduct = true;
        sn_trial_fail(&findings[LENGTHS], SN_KIND_CRASH,
            "%s; what follows was not checked", ask.why);
        const bool outside = strstr(ask.why, "bytes");
        sn_dropout_diagnose(&notes, outside ? "out-of-bounds" : "crash",
            outside ? "memory outside of the arrays is touched"
                    : "it crashes, ends its process or hangs",
            "%s", ask.why);
    }
    sn_mask_end(&data);
    sn_ask_end(&ask);
    for (int i = 0; i < COUNT; i++)
        sn_trial_count(&findings[i]);
    *diagnosed = notes.count;
    return COUNT;
}

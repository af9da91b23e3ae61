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

void dropout_diagnose(struct dropout_notes *notes, const char *code,
    const char *words, const char *format, ...)
{
    va_list args;
    for (int i = 0; i < notes->count; i++)
        if (!strcmp(notes->diagnosis[i].code, code))
            return;
    if (notes->count == CONF_DIAGNOSES)
        return;
    struct conf_diagnosis *d = &notes->diagnosis[notes->count++];
    d->code = code;
    d->fault = true;
    snprintf(d->words, sizeof d->words, "%s", words);
    va_start(args, format);
    vsnprintf(d->evidence, sizeof d->evidence, format, args);
    va_end(args);
}

/* ---- seeds, threads, special values, lengths -----------------------------
 */

static void judge_seeds(struct dropout_notes *notes,
    struct conf_finding *finding, struct dropout_ask *ask, const double *x,
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
    if (!dropout_ask(ask, first, x, N, 0.5, seed, false))
        return;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        if (row[k].threaded && ask->target->way == CONF_EXEC)
            continue;
        if (!dropout_ask(
                ask, again, x, N, 0.5, seed + row[k].seed, row[k].threaded))
            return;
        size_t differ = 0;
        for (size_t i = 0; i < N; i++)
            differ += memcmp(&first[i], &again[i], sizeof *first) != 0;
        if ((differ == 0) == row[k].same)
            continue;
        structure_trial_fail(finding, 0, "%s gives %zu of %d other results",
            row[k].what, differ, N);
        dropout_diagnose(notes, row[k].code, row[k].words,
            "%s gives %zu of %d other results", row[k].what, differ, N);
        if (row[k].same || row[k].seed == 1)
            break; /* what follows would only repeat it */
    }
}

static void judge_special(struct dropout_notes *notes,
    struct conf_finding *finding, struct dropout_ask *ask, uint64_t seed)
{
    enum { N = 256 };
    double x[N], y[N], a, b, dropped;
    dropout_exact(&a, &b, &dropped, ask->reference, 0.5);
    for (size_t i = 0; i < N; i++)
        x[i] = i % 2 ? -(double)INFINITY : (double)INFINITY;
    if (!dropout_ask(ask, y, x, N, 0.5, seed, false))
        return;
    size_t nan = 0, other = 0;
    for (size_t i = 0; i < N; i++) {
        nan += isnan(y[i]) ? 1 : 0;
        other += !isnan(y[i]) && y[i] != x[i] && fabs(y[i] - dropped) > 0.1;
    }
    if (nan) {
        structure_trial_fail(
            finding, 0, "x = inf gives NaN %zu times of %d", nan, N);
        dropout_diagnose(notes, "infinity-times-0",
            "a mask multiplies: infinity times 0 is NaN",
            "x = inf gives NaN %zu times of %d", nan, N);
    } else if (other) {
        structure_trial_fail(finding, 0,
            "x = +-inf gives neither itself nor the dropped value %zu times "
            "of %d",
            other, N);
    }
    /* rate 0: nothing is dropped, a = 1 and b = 0 */
    size_t changed = 0;
    for (size_t i = 0; i < N; i++)
        x[i] = conf_type_round(ask->dtype, 0.01 * ((double)i - 100));
    if (!dropout_ask(ask, y, x, N, 0, seed, false))
        return;
    for (size_t i = 0; i < N; i++)
        changed += !(y[i] == x[i]);
    if (changed) {
        structure_trial_fail(
            finding, 0, "rate 0 changes %zu of %d inputs", changed, N);
        dropout_diagnose(notes, "rate-0", "rate 0 changes its inputs",
            "%zu of %d inputs", changed, N);
    }
    /* rate 1: reported, as a is infinite there; a program may refuse it */
    if (*ask->why)
        return;
    if (dropout_ask(ask, y, x, N, 1, seed, false)) {
        snprintf(finding->note, sizeof finding->note, "rate 1 gives %g",
            isnan(y[0]) ? (double)NAN : y[0]);
    } else if (ask->target->way == CONF_EXEC) {
        snprintf(finding->note, sizeof finding->note, "rate 1 is refused");
        *ask->why = '\0';
    }
}

/* Between guard pages, flush left and right; outputs written, no more. */
static void judge_lengths(struct dropout_notes *notes,
    struct conf_finding *finding, struct dropout_ask *ask)
{
    const size_t size = ref_types[ask->dtype].size;
    for (size_t n = 0; n <= 2 * STRUCTURE_TRIAL_LONGEST && !*ask->why; n++) {
        size_t length = n / 2, at = n % 2 ? CONF_BLOCK - length : 0;
        if (!ask->runner)
            return;
        char *out = conf_runner_out(ask->runner);
        memset(out, 0x5a, 4096 * size);
        memset(out + (CONF_BLOCK - 4096) * size, 0x5a, 4096 * size);
        for (size_t i = 0; i < length; i++)
            conf_type_set(ask->dtype, conf_runner_x(ask->runner), at + i, 0.5);
        conf_runner_begin(ask->runner, &(struct conf_call){.n = length,
                                           .x_at = at,
                                           .out_at = at,
                                           .rate = 0.5,
                                           .seed = n});
        if (conf_runner_end(ask->runner) != CONF_RAN) {
            const char *why = conf_runner_why(ask->runner);
            structure_trial_fail(finding, CONF_KIND_CRASH, "%s", why);
            if (strstr(why, "bytes"))
                dropout_diagnose(notes, "out-of-bounds",
                    "memory outside of the arrays is touched", "%s", why);
            finding->misconduct = true;
            dropout_ask_end(ask);
            return;
        }
        size_t unwritten = 0, outside = 0;
        const uint64_t poison =
            conf_type_bits(ask->dtype, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a", 0);
        for (size_t i = 0; i < 4096; i++) {
            size_t e = n % 2 ? CONF_BLOCK - 4096 + i : i;
            bool mine = e >= at && e < at + length;
            bool poisoned = conf_type_bits(ask->dtype, out, e) == poison;
            unwritten += mine && poisoned;
            outside += !mine && !poisoned;
        }
        if (unwritten || outside)
            structure_trial_fail(finding,
                outside ? CONF_KIND_OUTSIDE : CONF_KIND_UNWRITTEN,
                "n = %zu: %zu outputs never written, %zu written outside",
                length, unwritten, outside);
        if (unwritten)
            dropout_diagnose(notes, "unwritten", "outputs stay unwritten",
                "n = %zu: %zu outputs never written", length, unwritten);
        if (outside)
            dropout_diagnose(notes, "out-of-bounds",
                "memory outside of the arrays is touched",
                "n = %zu: %zu elements written outside of the output", length,
                outside);
    }
}

static void judge_rate(struct dropout_dropout *dropout,
    struct dropout_notes *notes, struct conf_finding *finding,
    struct dropout_ask *ask, struct dropout_mask_data *data, double rate)
{
    struct dropout_view view;
    dropout_mask_inputs(data, ask->dtype, &view);
    data->rate = rate;
    if (!dropout_mask_gather(data, ask, dropout, &view))
        return;
    if (view.other) {
        structure_trial_fail(&finding[VALUE], 0,
            "rate %g: inputs become more than two values each", rate);
        dropout_diagnose(notes, "not-a-mask",
            "inputs are not either kept or dropped",
            "rate %g: one input becomes more than two values, or NaN", rate);
    } else {
        dropout_judge_affine(
            notes, &finding[AFFINE], ask, &view, rate, dropout->max_ulp);
        dropout_judge_dropped(
            notes, &finding[VALUE], ask, &view, rate, dropout->max_ulp);
    }
    dropout_mask_rate(data, notes, &finding[RATE], dropout->threshold);
    dropout_mask_moments(data, ask->dtype, &finding[MOMENTS], ask->reference,
        dropout->threshold);
    /* one mask over and over is one fault, not thirty */
    if (finding[SEEDED].passed)
        dropout_mask_independence(
            data, notes, &finding[INDEPENDENT], dropout->threshold);
}

int dropout_run(struct dropout_dropout *dropout,
    struct conf_finding findings[CONF_FINDINGS],
    struct conf_diagnosis diagnoses[CONF_DIAGNOSES], int *diagnosed,
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype)
{
    static const char *const name[] = {"dropped value", "affine map", "rate",
        "mean and variance", "independence", "seeds and threads",
        "special values", "lengths 0 to 130", "floating-point mode"};
    struct dropout_ask ask = {.reference = reference,
        .target = target,
        .dtype = dtype,
        .timeout = dropout->timeout};
    struct dropout_notes notes = {diagnoses, 0};
    struct dropout_mask_data data;
    for (int i = 0; i < COUNT; i++)
        findings[i] = (struct conf_finding){.name = name[i], .passed = true};
    dropout->tests = dropout->rates * DROPOUT_MASK_TESTS;
    dropout->threshold =
        gsl_cdf_ugaussian_Qinv(dropout->false_alarm / 2 / dropout->tests);
    dropout->stopped = false;
    if (!dropout_mask_start(&data, dropout->samples)) {
        snprintf(ask.why, sizeof ask.why, "out of memory");
    } else {
        struct dropout_view view;
        dropout_mask_inputs(&data, dtype, &view);
        judge_seeds(&notes, &findings[SEEDED], &ask, data.x, dropout->seed);
        for (int i = 0; i < dropout->rates && !dropout->stopped; i++)
            judge_rate(
                dropout, &notes, findings, &ask, &data, dropout->rate[i]);
        judge_special(&notes, &findings[SPECIAL], &ask, dropout->seed);
        if (target->way != CONF_EXEC)
            judge_lengths(&notes, &findings[LENGTHS], &ask);
        dropout_mask_power(dropout, reference);
    }
    if (*ask.mode)
        structure_trial_fail(&findings[MODE], CONF_KIND_MODE, "%s", ask.mode);
    if (*ask.why) {
        findings[LENGTHS].misconduct = true;
        structure_trial_fail(&findings[LENGTHS], CONF_KIND_CRASH,
            "%s; what follows was not checked", ask.why);
        const bool outside = strstr(ask.why, "bytes");
        dropout_diagnose(&notes, outside ? "out-of-bounds" : "crash",
            outside ? "memory outside of the arrays is touched"
                    : "it crashes, ends its process or hangs",
            "%s", ask.why);
    }
    dropout_mask_end(&data);
    dropout_ask_end(&ask);
    for (int i = 0; i < COUNT; i++)
        structure_trial_count(&findings[i]);
    *diagnosed = notes.count;
    return COUNT;
}

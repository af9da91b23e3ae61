/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be judged exactly, and the order of it all. */
#include "verify/conformance/dropout/affine.h"
#include "verify/conformance/dropout/mask.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/* ---- seeds, threads, special values, lengths -----------------------------
 */

static void judge_seeds(
    struct conf_finding *finding, struct dropout_calls *calls, const double *x)
{
    enum { SEEDED_N = 4096 };
    const bool memory = subject_can(calls->question->subject, SUBJECT_MEMORY);
    const uint64_t seed = calls->question->seed;
    double first[SEEDED_N], again[SEEDED_N];
    static const struct {
        enum conf_fact_code fact;
        enum diag_index row;
        uint64_t seed; /* more than the first */
        bool threaded, same;
    } row[] = {
        {CONF_FACT_SEED_AGAIN, DIAG_MASK_NOT_REPRODUCIBLE, 0, false, true},
        {CONF_FACT_SEED_IN_THREAD, DIAG_MASK_BY_THREAD, 0, true, true},
        {CONF_FACT_SEED_OTHER, DIAG_SEED_IGNORED, 1, false, false},
        {CONF_FACT_SEED_UPPER, DIAG_SEED_CUT, UINT64_C(1) << 40, false, false},
    };
    if (!dropout_call(calls, first, x, SEEDED_N,
            (struct dropout_how){.rate = 0.5, .seed = seed}))
        return;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        if (row[k].threaded && !memory)
            continue;
        if (!dropout_call(calls, again, x, SEEDED_N,
                (struct dropout_how){.rate = 0.5,
                    .seed = seed + row[k].seed,
                    .threaded = row[k].threaded}))
            return;
        size_t differ = 0;
        for (size_t i = 0; i < SEEDED_N; i++)
            differ += memcmp(&first[i], &again[i], sizeof *first) != 0;
        if ((differ == 0) == row[k].same)
            continue;
        conf_fail(finding, row[k].row,
            CONF_FACT(row[k].fact, (double)differ, SEEDED_N));
        DIAG_ADD(calls->list, row[k].row, (double)differ, SEEDED_N);
        if (row[k].same || row[k].seed == 1)
            break; /* what follows would only repeat it */
    }
}

enum { SPECIAL_N = 256 };

static void judge_infinities(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    double x[SPECIAL_N], y[SPECIAL_N], a, b, dropped;
    dropout_exact(&a, &b, &dropped, calls->question->reference, 0.5);
    for (size_t i = 0; i < SPECIAL_N; i++)
        x[i] = i % 2 ? -(double)INFINITY : (double)INFINITY;
    if (!dropout_call(calls, y, x, SPECIAL_N,
            (struct dropout_how){.rate = 0.5, .seed = calls->question->seed}))
        return;
    size_t nan = 0, other = 0;
    for (size_t i = 0; i < SPECIAL_N; i++) {
        nan += isnan(y[i]) ? 1 : 0;
        other += !isnan(y[i]) && y[i] != x[i] && fabs(y[i] - dropped) > 0.1;
    }
    if (nan) {
        conf_fail(finding, DIAG_INFINITY_TIMES_0,
            CONF_FACT(CONF_FACT_INFINITY_NAN, (double)nan, SPECIAL_N));
        DIAG_ADD(calls->list, DIAG_INFINITY_TIMES_0, (double)nan, SPECIAL_N);
    } else if (other) {
        conf_fail(finding, DIAG_INFINITY,
            CONF_FACT(CONF_FACT_INFINITY_OTHER, (double)other, SPECIAL_N));
    }
}

static void judge_special(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    const struct dropout_question *question = calls->question;
    double x[SPECIAL_N], y[SPECIAL_N];
    judge_infinities(finding, calls);
    /* rate 0: nothing is dropped, a = 1 and b = 0 */
    size_t changed = 0;
    for (size_t i = 0; i < SPECIAL_N; i++)
        x[i] = conf_type_round(question->type, 0.01 * ((double)i - 100));
    if (!dropout_call(calls, y, x, SPECIAL_N,
            (struct dropout_how){.seed = question->seed}))
        return;
    for (size_t i = 0; i < SPECIAL_N; i++)
        changed += !(y[i] == x[i]);
    if (changed) {
        conf_fail(finding, DIAG_RATE_0,
            CONF_FACT(CONF_FACT_RATE_0, (double)changed, SPECIAL_N));
        DIAG_ADD(calls->list, DIAG_RATE_0, (double)changed, SPECIAL_N);
    }
    /* rate 1: reported, as a is infinite there; a program may refuse it */
    if (dropout_call(calls, y, x, SPECIAL_N,
            (struct dropout_how){.rate = 1, .seed = question->seed})) {
        conf_note(finding,
            CONF_FACT(CONF_FACT_RATE_1, isnan(y[0]) ? (double)NAN : y[0]));
    } else if (!subject_can(question->subject, SUBJECT_MEMORY)) {
        conf_note(finding, CONF_FACT(CONF_FACT_RATE_1_REFUSED));
        calls->failed = false;
    }
}

static void tell_failure(
    struct dropout_calls *calls, const struct subject_failure *failure)
{
    diag_add(calls->list,
        &(const struct conf_diagnosis){.row = subject_is_outside(failure)
                                                  ? DIAG_DROPOUT_FAULT
                                                  : DIAG_DROPOUT_CRASH,
            .raised_by = __func__,
            .finding = -1,
            .failure = *failure});
}

/* Outputs of one length, within 4096 elements of its end of the array. */
static void judge_length(struct conf_finding *finding,
    struct dropout_calls *calls, const struct subject_call *call)
{
    enum { LOOKED_AT = 4096 };
    const int type = calls->question->type;
    const void *out = subject_out(calls->session);
    const uint64_t poison =
        conf_type_bits(type, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a", 0);
    const double n = (double)call->n;
    size_t unwritten = 0, outside = 0;
    for (size_t i = 0; i < LOOKED_AT; i++) {
        const size_t e = call->out_at ? SUBJECT_BLOCK - LOOKED_AT + i : i;
        const bool mine = e >= call->out_at && e < call->out_at + call->n;
        const bool poisoned = conf_type_bits(type, out, e) == poison;
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

/* Between guard pages, flush left and right; outputs written, no more. */
static void judge_lengths(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    enum { LONGEST_CALL = 130 };
    const int type = calls->question->type;
    const size_t size = ref_types[type].size;
    for (size_t k = 0; k <= 2 * LONGEST_CALL && calls->session; k++) {
        const size_t n = k / 2, at = k % 2 ? SUBJECT_BLOCK - n : 0;
        const struct subject_call call = {
            .n = n, .x_at = at, .out_at = at, .rate = 0.5, .seed = k};
        memset(subject_out(calls->session), 0x5a, SUBJECT_BLOCK * size);
        for (size_t i = 0; i < n; i++)
            conf_type_set(type, subject_x(calls->session), at + i, 0.5);
        if (dropout_call_arrays(calls, &call)) {
            judge_length(finding, calls, &call);
            continue;
        }
        finding->misconduct = true;
        conf_fail_by(finding, DIAG_CRASH, CONF_FACT_FAILED, &calls->failure);
        if (subject_is_outside(&calls->failure))
            tell_failure(calls, &calls->failure);
        calls->failed = false; /* nothing follows */
    }
}

static void tell_changed(
    struct conf_finding *finding, struct dropout_calls *calls)
{
    if (calls->changed_n == 0)
        return;
    conf_fail(finding, DIAG_INPUT_CHANGED,
        CONF_FACT(CONF_FACT_CHANGED, calls->changed_n, calls->changed));
    DIAG_ADD(
        calls->list, DIAG_DROPOUT_CHANGED, calls->changed_n, calls->changed);
}

/* ---- rates ---------------------------------------------------------------
 */

enum {
    AT_VALUE,
    AT_AFFINE,
    AT_RATE,
    AT_MOMENTS,
    AT_INDEPENDENT,
    AT_SEEDED,
    AT_SPECIAL,
    AT_LENGTHS,
    AT_MODE,
    DROPOUT_FINDINGS
};

static void judge_rate(struct dropout_answer *answer,
    struct conf_finding *finding, struct dropout_calls *calls,
    struct dropout_mask_data *data, double rate)
{
    struct dropout_view view;
    dropout_mask_inputs(data, calls->question->type, &view);
    data->rate = rate;
    data->threshold = answer->threshold;
    if (!dropout_mask_gather(data, calls, &view, &answer->stopped))
        return;
    if (view.other) {
        conf_fail(&finding[AT_VALUE], DIAG_NOT_A_MASK,
            CONF_FACT(CONF_FACT_NOT_A_MASK, rate));
        DIAG_ADD(calls->list, DIAG_NOT_A_MASK, rate);
    } else {
        dropout_judge_affine(&finding[AT_AFFINE], calls, &view, rate);
        dropout_judge_dropped(&finding[AT_VALUE], calls, &view, rate);
    }
    dropout_mask_rate(data, calls->list, &finding[AT_RATE]);
    dropout_mask_moments(data, &finding[AT_MOMENTS], calls->question);
    /* one mask over and over is one fault, not thirty */
    if (!finding[AT_SEEDED].failures)
        dropout_mask_independence(data, calls->list, &finding[AT_INDEPENDENT]);
}

static void judge_all(struct dropout_answer *answer,
    struct conf_finding *finding, struct dropout_calls *calls,
    struct dropout_mask_data *data)
{
    const struct dropout_question *question = calls->question;
    struct dropout_view view;
    dropout_mask_inputs(data, question->type, &view);
    judge_seeds(&finding[AT_SEEDED], calls, data->x);
    for (int i = 0; i < question->rates && !answer->stopped; i++)
        judge_rate(answer, finding, calls, data, question->rate[i]);
    judge_special(&finding[AT_SPECIAL], calls);
    if (subject_can(question->subject, SUBJECT_MEMORY))
        judge_lengths(&finding[AT_LENGTHS], calls);
    tell_changed(&finding[AT_LENGTHS], calls);
}

int dropout_run(struct dropout_answer *answer,
    struct conf_finding findings[CONF_FINDINGS], struct diag_list *list,
    const struct dropout_question *question)
{
    static const int checks[DROPOUT_FINDINGS] = {CONF_CHECK_DROPPED,
        CONF_CHECK_AFFINE, CONF_CHECK_RATE, CONF_CHECK_MOMENTS,
        CONF_CHECK_INDEPENDENT, CONF_CHECK_SEEDS, CONF_CHECK_SPECIAL,
        CONF_CHECK_LENGTHS, CONF_CHECK_MODE};
    struct dropout_calls calls = {.question = question, .list = list};
    struct dropout_mask_data data;
    list->once = true;
    for (int i = 0; i < DROPOUT_FINDINGS; i++)
        findings[i] =
            (struct conf_finding){.check = (enum conf_check)checks[i]};
    *answer =
        (struct dropout_answer){.tests = question->rates * DROPOUT_MASK_TESTS};
    answer->threshold =
        gsl_cdf_ugaussian_Qinv(question->false_alarm / 2 / answer->tests);
    if (dropout_mask_start(&data, question->samples)) {
        judge_all(answer, findings, &calls, &data);
        dropout_mask_power(answer, question);
    } else {
        calls.failed = true;
        calls.failure = *subject_failure(NULL);
    }
    if (calls.mode)
        conf_fail(&findings[AT_MODE], DIAG_MODE,
            CONF_FACT(CONF_FACT_MODE, calls.mode));
    if (calls.failed && calls.failure.outcome == SUBJECT_STOPPED) {
        answer->stopped = true;
    } else if (calls.failed) {
        findings[AT_LENGTHS].misconduct = true;
        conf_fail_by(&findings[AT_LENGTHS], DIAG_CRASH, CONF_FACT_FAILED_REST,
            &calls.failure);
        tell_failure(&calls, &calls.failure);
    }
    dropout_mask_end(&data);
    dropout_end(&calls);
    return DROPOUT_FINDINGS;
}

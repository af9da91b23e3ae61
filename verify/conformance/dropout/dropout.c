/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be judged exactly, and the order of it all. */
#include "verify/conformance/dropout/affine.h"
#include "verify/conformance/dropout/mask.h"
#include "verify/conformance/dropout/places.h"
#include "verify/shared/hash.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/* ---- seeds, threads, special values, lengths -----------------------------
 */

/* Seed 0 and those of a single bit: no two may give one mask. */
static void judge_seed_bits(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_mask_data *data)
{
    enum { DECISIONS = 256, SEEDS = 65 };
    const size_t channel = calls->question->channel;
    const size_t wanted = DECISIONS * (channel > 1 ? channel : 1);
    const size_t n = wanted < SUBJECT_BLOCK ? wanted : SUBJECT_BLOCK;
    uint64_t hash[SEEDS];
    /* a program may take a second to start */
    const int step =
        subject_can(calls->question->subject, SUBJECT_MEMORY) ? 1 : 8;
    for (int i = 0; i < SEEDS; i += step) {
        const uint64_t seed = i ? UINT64_C(1) << (i - 1) : 0;
        if (!dropout_call(calls, data->y, data->x, n,
                (struct dropout_how){.rate = 0.5, .seed = seed}))
            return;
        hash[i] = shared_hash(SHARED_HASH_START, data->y, n * sizeof *data->y);
        for (int j = 0; j < i; j += step) {
            if (hash[i] != hash[j])
                continue;
            const double one = ldexp(1, i - 1);
            const double other = j ? ldexp(1, j - 1) : 0;
            conf_fail(finding, DIAG_SEED_CUT,
                CONF_FACT(CONF_FACT_SEED_ALIKE, one, other));
            DIAG_ADD(calls->list, DIAG_SEED_CUT, one, other);
            return;
        }
    }
}

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
        calls->unsteady = row[k].same;
        return; /* what follows would only repeat it */
    }
}

enum { SPECIAL_N = 256 };

static void judge_infinities(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_law *law)
{
    double x[SPECIAL_N], y[SPECIAL_N];
    for (size_t i = 0; i < SPECIAL_N; i++)
        x[i] = i % 2 ? -(double)INFINITY : (double)INFINITY;
    if (!dropout_call(calls, y, x, SPECIAL_N,
            (struct dropout_how){.rate = 0.5, .seed = calls->question->seed}))
        return;
    size_t nan = 0, other = 0;
    for (size_t i = 0; i < SPECIAL_N; i++) {
        nan += isnan(y[i]) ? 1 : 0;
        other += law->known && !isnan(y[i]) && y[i] != x[i] &&
                 !dropout_is_dropped(law, calls->question->type, y[i]);
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

static void judge_special(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_law *law)
{
    const struct dropout_question *question = calls->question;
    double x[SPECIAL_N], y[SPECIAL_N];
    if (!calls->by_batch)
        judge_infinities(finding, calls, law);
    dropout_judge_unusual(finding, calls, law);
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

void dropout_tell_failure(
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

/* One decision for many elements; false: what follows would say it again. */
static bool judge_shape(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_mask_data *data)
{
    const double p = data->rate;
    const size_t channel = dropout_mask_channel(data);
    const size_t period = dropout_mask_period(data);
    if (!data->together) {
        const double n = (double)calls->question->channel;
        conf_fail(finding, DIAG_NOT_PER_CHANNEL,
            CONF_FACT(CONF_FACT_NOT_PER_CHANNEL, p, n));
        DIAG_ADD(calls->list, DIAG_NOT_PER_CHANNEL, p, n);
    } else if (channel > 1) {
        const double n = (double)channel;
        conf_fail(
            finding, DIAG_PER_CHANNEL, CONF_FACT(CONF_FACT_PER_CHANNEL, p, n));
        DIAG_ADD(calls->list, DIAG_PER_CHANNEL, p, n, n);
    } else if (period) {
        conf_fail(finding, DIAG_MASK_REPEATS,
            CONF_FACT(CONF_FACT_MASK_REPEATS, (double)period));
        DIAG_ADD(calls->list, DIAG_MASK_REPEATS, p, (double)period);
    }
    return data->together && channel == 1 && !period;
}

static bool judge_rate(struct dropout_answer *answer,
    struct conf_finding *finding, struct dropout_calls *calls,
    struct dropout_mask_data *data, struct dropout_view *view)
{
    dropout_mask_inputs(data, calls->question, view);
    data->rate = view->rate;
    data->threshold = answer->threshold;
    if (!dropout_mask_gather(data, calls, view, &answer->stopped))
        return false;
    /* told of another rate already, or now */
    const bool shaped = finding[AT_INDEPENDENT].row[DIAG_PER_CHANNEL] ||
                        finding[AT_INDEPENDENT].row[DIAG_MASK_REPEATS] ||
                        !judge_shape(&finding[AT_INDEPENDENT], calls, data);
    if (shaped)
        view->n = 1; /* of so few decisions there may be none of a kind */
    if (view->other) {
        conf_fail(&finding[AT_VALUE], DIAG_NOT_A_MASK,
            CONF_FACT(CONF_FACT_NOT_A_MASK, view->rate));
        DIAG_ADD(calls->list, DIAG_NOT_A_MASK, view->rate);
    } else {
        dropout_judge_affine(&finding[AT_AFFINE], calls, view);
        dropout_judge_dropped(&finding[AT_VALUE], calls, view);
    }
    if (shaped)
        return !view->other;
    const size_t blocks = data->blocks;
    if (finding[AT_SEEDED].failures) /* one mask again and again */
        data->blocks = 1;
    dropout_mask_rate(data, calls->list, &finding[AT_RATE]);
    dropout_mask_moments(data, &finding[AT_MOMENTS], calls->question);
    /* one mask over and over is one fault, not thirty */
    if (!finding[AT_SEEDED].failures)
        dropout_mask_independence(data, calls->list, &finding[AT_INDEPENDENT]);
    data->blocks = blocks;
    return !view->other;
}

static void judge_rates(struct dropout_answer *answer,
    struct conf_finding *finding, struct dropout_calls *calls,
    struct dropout_mask_data *data)
{
    const struct dropout_question *question = calls->question;
    struct dropout_view view[DROPOUT_RATES];
    int views = 0;
    for (int i = 0; i < question->rates && !answer->stopped; i++) {
        view[views].rate = question->rate[i];
        views += judge_rate(answer, finding, calls, data, &view[views]);
    }
    struct conf_finding other = {.check = CONF_CHECK_AFFINE};
    if (calls->by_batch)
        return;
    if (!dropout_judge_constant(&other, calls, view, views)) {
        for (int i = 0; i < views; i++)
            dropout_explain(calls, &view[i]);
    } else if (calls->lower < 0) { /* all that is off is off by that */
        finding[AT_VALUE] = (struct conf_finding){.check = CONF_CHECK_DROPPED};
        finding[AT_AFFINE] = other;
    } else {
        conf_fail(&finding[AT_AFFINE], DIAG_OWN_CONSTANT, &other.told[0]);
    }
}

/* Whether a and b change with the inputs: two calls, of x and of
   (x + 1) / 2. */
static void judge_batch(struct conf_finding *finding,
    struct dropout_calls *calls, struct dropout_mask_data *data)
{
    const double much =
        1e-3 + ldexp(8, -ref_types[calls->question->type].format->precision);
    double slope[2];
    for (int k = 0; k < 2; k++) {
        struct dropout_view view;
        dropout_mask_inputs(data, calls->question, &view);
        for (size_t i = 0; k && i < SUBJECT_BLOCK; i++)
            data->x[i] = (data->x[i] + 1) / 2;
        if (!dropout_call(calls, data->y, data->x, SUBJECT_BLOCK,
                (struct dropout_how){
                    .rate = 0.5, .seed = calls->question->seed}))
            return;
        dropout_look(&view, data->y, SUBJECT_BLOCK, 1);
        slope[k] = (view.kept[4] - view.kept[0]) /
                   ((view.x[4] - view.x[0]) / (k + 1));
        if (view.other || isnan(view.dropped) || isnan(slope[k]))
            return;
    }
    if (fabs(slope[1] - slope[0]) <= much * fabs(slope[0]))
        return;
    calls->by_batch = true;
    conf_fail(
        finding, DIAG_BATCH, CONF_FACT(CONF_FACT_BATCH, slope[0], slope[1]));
    DIAG_ADD(calls->list, DIAG_BATCH, slope[0], slope[1]);
}

/* What the kernel does at rate 0.5, from one call. */
static struct dropout_law law_at_half(
    struct dropout_calls *calls, struct dropout_mask_data *data)
{
    struct dropout_view view = {.rate = 0.5};
    dropout_mask_inputs(data, calls->question, &view);
    if (!dropout_call(calls, data->y, data->x, SUBJECT_BLOCK,
            (struct dropout_how){
                .rate = view.rate, .seed = calls->question->seed}))
        return (struct dropout_law){.known = false};
    for (size_t i = 0; calls->question->channel > 1 &&
                       i < SUBJECT_BLOCK / calls->question->channel;
         i++)
        data->y[i] = data->y[i * calls->question->channel];
    dropout_look(&view, data->y,
        calls->question->channel > 1 ? SUBJECT_BLOCK / calls->question->channel
                                     : SUBJECT_BLOCK,
        1);
    return dropout_law_of(calls, &view);
}

static void judge_all(struct dropout_answer *answer,
    struct conf_finding *finding, struct dropout_calls *calls,
    struct dropout_mask_data *data)
{
    const struct dropout_question *question = calls->question;
    struct dropout_view view;
    dropout_mask_inputs(data, question, &view);
    judge_seeds(&finding[AT_SEEDED], calls, data->x);
    if (question->channel <= 1)
        judge_batch(&finding[AT_AFFINE], calls, data);
    judge_rates(answer, finding, calls, data);
    if (!finding[AT_SEEDED].failures && !finding[AT_INDEPENDENT].failures &&
        !finding[AT_RATE].failures)
        judge_seed_bits(&finding[AT_SEEDED], calls, data);
    const struct dropout_law law = calls->by_batch
                                       ? (struct dropout_law){.known = false}
                                       : law_at_half(calls, data);
    calls->by_value = finding[AT_INDEPENDENT].row[DIAG_MASK_BY_VALUE];
    judge_special(&finding[AT_SPECIAL], calls, &law);
    if (subject_can(question->subject, SUBJECT_MEMORY))
        dropout_judge_places(&finding[AT_LENGTHS], &finding[AT_INDEPENDENT],
            calls, &law,
            finding[AT_SEEDED].failures || finding[AT_RATE].failures
                ? (double)INFINITY
                : answer->threshold);
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
    *answer = (struct dropout_answer){
        .tests = question->rates * DROPOUT_MASK_TESTS + DROPOUT_PLACE_TESTS};
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
    } else if (calls.failed && calls.failure.outcome == SUBJECT_UNUSABLE) {
        answer->failure = calls.failure;
    } else if (calls.failed) {
        findings[AT_LENGTHS].misconduct = true;
        conf_fail_by(&findings[AT_LENGTHS], DIAG_CRASH, CONF_FACT_FAILED_REST,
            &calls.failure);
        dropout_tell_failure(&calls, &calls.failure);
    }
    dropout_mask_end(&data);
    dropout_end(&calls);
    return DROPOUT_FINDINGS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/verdict/verdict.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VERDICT_MAX_ULP = 4 };

bool verdict_is_unusable(const struct verdict_verdict *verdict)
{
    return verdict->complaint != VERDICT_FINE &&
           verdict->complaint <= VERDICT_UNUSABLE;
}

bool verdict_is_bad_usage(const struct verdict_verdict *verdict)
{
    return verdict->complaint != VERDICT_FINE &&
           verdict->complaint <= VERDICT_BAD_USAGE;
}

bool verdict_fails_to_load(const struct verdict_verdict *verdict)
{
    return verdict->complaint == VERDICT_LOADING;
}

bool verdict_sweep_failed(const struct verdict_verdict *verdict)
{
    return verdict->sweep.failure.outcome != SUBJECT_RAN;
}

bool verdict_was_stopped(const struct verdict_verdict *verdict)
{
    return verdict->sweep.stopped || verdict->dropout.stopped;
}

/* ---- what is asked -------------------------------------------------------
 */

static uint64_t samples_of(const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    return question->samples                 ? question->samples
           : verdict->function->dropout      ? 1u << 20
           : verdict->dtype == CONF_TYPE_F32 ? 1u << 21
                                             : 1u << 17;
}

/* A built-in kernel knows its function, type and bound. */
static enum verdict_complaint prepare_builtin(
    const struct verdict_question *question, struct verdict_verdict *verdict)
{
    const struct sn_kernel *builtin = verdict->subject.builtin;
    const struct conf_checked_function *own =
        ref_function_find(sn_function_name(builtin->function));
    const int type = verdict->subject.type;
    if (!own || type < 0)
        return VERDICT_UNKNOWN_BUILTIN;
    if (!question->function)
        verdict->function = own;
    if (verdict->function->derivative != own->derivative ||
        verdict->function->dropout != own->dropout ||
        (question->dtype_given && question->dtype != type))
        return VERDICT_BUILTIN_DIFFERS;
    if (question->max_ulp < 0 && !verdict->function->curve)
        verdict->limit = builtin->bound_ulp;
    return VERDICT_FINE;
}

static enum verdict_complaint prepare_question(
    const struct verdict_question *question, struct verdict_verdict *verdict)
{
    const struct subject *subject = &verdict->subject;
    if (subject->type >= 0)
        verdict->dtype = subject->type;
    verdict->function =
        question->function ? question->function : &ref_functions[0];
    const struct ref_curve *curve = verdict->function->curve;
    verdict->limit = question->max_ulp >= 0                ? question->max_ulp
                     : !curve                              ? VERDICT_MAX_ULP
                     : ref_types[verdict->dtype].size == 2 ? 1
                                                           : curve->limit;
    if (subject->builtin) {
        enum verdict_complaint complaint = prepare_builtin(question, verdict);
        if (complaint != VERDICT_FINE)
            return complaint;
    } else if (subject->type >= 0 && question->dtype_given &&
               question->dtype != subject->type) {
        return VERDICT_FILES_DIFFER;
    }
    verdict->samples = samples_of(question, verdict);
    if (verdict->function->dropout && !subject_can(subject, SUBJECT_RATES))
        return VERDICT_FILES_OF_DROPOUT;
    if (verdict->function->family != CONF_FAMILY_SELU && question->lambda)
        return VERDICT_NO_LAMBDA;
    if (question->exhaustive && verdict->dtype == CONF_TYPE_F64)
        return VERDICT_EXHAUSTIVE_F64;
    return VERDICT_FINE;
}

void verdict_prepare(const struct verdict_question *question,
    struct verdict_verdict *verdict, const char *word)
{
    memset(verdict, 0, sizeof *verdict);
    verdict->dtype = question->dtype;
    const bool good =
        subject_parse(&verdict->subject, word, &verdict->failure);
    verdict->subject.contract = question->contract;
    if (good)
        verdict->complaint = prepare_question(question, verdict);
    else
        verdict->complaint = verdict->failure.trouble <= SUBJECT_BAD_WORDS
                                 ? VERDICT_WORD
                                 : VERDICT_SUBJECT;
}

static bool is_power_of_2(size_t n, size_t most)
{
    return n && n <= most && !(n & (n - 1));
}

const char *verdict_read_contract(
    struct verdict_question *question, const char *words)
{
    enum { MOST_MULTIPLE = 64, MOST_ALIGNED = 4096 };
    for (const char *at = words;; at++) {
        const size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        const size_t name = equals ? (size_t)(equals - at) : length;
        char *end = NULL;
        const size_t value = equals ? strtoul(equals + 1, &end, 10) : 0;
        const bool whole = equals && end == at + length && end > equals + 1;
        if (whole && name == 8 && !strncmp(at, "multiple", 8) &&
            is_power_of_2(value, MOST_MULTIPLE))
            question->contract.multiple = value;
        else if (whole && name == 7 && !strncmp(at, "aligned", 7) &&
                 is_power_of_2(value, MOST_ALIGNED))
            question->contract.aligned = value;
        else if (!equals && length == 7 && !strncmp(at, "dx-is-x", 7))
            question->dx_is_x = true;
        else
            return at;
        at += length;
        if (!*at)
            return NULL;
    }
}

enum verdict_complaint verdict_reference(struct conf_reference *reference,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    const enum sn_status status = conf_reference_init(
        reference, verdict->function, question->lambda, question->alpha);
    if (status != SN_OK)
        return status == SN_BAD_VALUE ? VERDICT_FACTORS : VERDICT_NO_MEMORY;
    reference->flush = question->flush;
    reference->any_zero = question->any_zero;
    reference->at_zero = question->at_zero;
    return VERDICT_FINE;
}

double verdict_timeout(const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    return question->timeout > 0 ? question->timeout
                                 : subject_timeout(&verdict->subject);
}

double verdict_inputs(const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    return question->exhaustive ? 0x1p32 : (double)verdict->samples;
}

/* ---- the judgement -------------------------------------------------------
 */

static void count_level(struct verdict_verdict *verdict, enum conf_level level)
{
    verdict->level = level > verdict->level ? level : verdict->level;
    verdict->errors += level == CONF_ERROR;
    verdict->warnings += level == CONF_WARNING;
}

/* Of all that was found; of findings a cause may say more. */
static void weigh(
    const struct verdict_question *question, struct verdict_verdict *verdict)
{
    const struct diag_list *list = &verdict->diagnosis;
    count_level(verdict, verdict_accuracy_level(question, verdict));
    for (int i = 0; i < verdict->findings; i++)
        count_level(
            verdict, verdict_finding_level(question, &verdict->finding[i]));
    for (int i = 0; i < list->count; i++)
        if (list->found[i].finding < 0)
            count_level(
                verdict, verdict_cause_level(question, &list->found[i]));
}

/* Loads once to see whether it can be loaded at all. */
static enum verdict_complaint load_once(
    const struct verdict_question *question,
    const struct conf_reference *reference, struct verdict_verdict *verdict)
{
    const struct subject_task task = subject_task_of(reference, verdict->dtype,
        verdict_timeout(question, verdict), question->stop);
    struct subject_session *session;
    const enum subject_outcome outcome =
        subject_open(&session, &verdict->subject, &task);
    verdict->failure = *subject_failure(session);
    verdict->sweep.stopped = outcome == SUBJECT_STOPPED;
    subject_close(session);
    return outcome == SUBJECT_UNUSABLE ? VERDICT_NOT_LOADED
           : outcome == SUBJECT_RAN || outcome == SUBJECT_STOPPED
               ? VERDICT_FINE
               : VERDICT_LOADING;
}

/* The first crash, hang or switched mode is worth a line. */
static void complain_of_misconduct(struct verdict_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++)
        if (verdict->finding[i].failures && verdict->finding[i].misconduct) {
            verdict->complaint = VERDICT_MISCONDUCT;
            verdict->culprit = i;
            return;
        }
}

static void judge_dropout(const struct verdict_question *question,
    struct verdict_verdict *verdict, const struct conf_reference *reference)
{
    struct dropout_question *asked = &verdict->dropout_asked;
    *asked = (struct dropout_question){.reference = reference,
        .subject = &verdict->subject,
        .type = verdict->dtype,
        .rate = {0.5, 0.05, 0.001, 0.75, 0.999},
        .rates = 5,
        .channel = (size_t)question->channel,
        .false_alarm = question->false_alarm,
        .samples = verdict->samples,
        .seed = question->seed,
        .max_ulp =
            question->max_ulp >= 0 ? question->max_ulp : VERDICT_MAX_ULP,
        .timeout = verdict_timeout(question, verdict),
        .stop = question->stop,
        .progress = question->progress,
        .ctx = question->ctx};
    if (question->rate >= 0) {
        asked->rate[0] = question->rate;
        asked->rates = 1;
    }
    verdict->findings = dropout_run(
        &verdict->dropout, verdict->finding, &verdict->diagnosis, asked);
    if (verdict->dropout.failure.outcome == SUBJECT_UNUSABLE) {
        verdict->sweep.failure = verdict->dropout.failure;
        verdict->complaint = VERDICT_SWEEP_REFUSED;
        return;
    }
    verdict->accurate = true;
    complain_of_misconduct(verdict);
}

static bool is_of_lengths(enum conf_check check)
{
    return check == CONF_CHECK_LENGTHS || check == CONF_CHECK_ALL_LENGTHS ||
           check == CONF_CHECK_FEW_LENGTHS;
}

/* Inputs of the sweep that the kernel wrote to: of the check of lengths. */
static void judge_changes(struct verdict_verdict *verdict)
{
    for (int i = 0; i < verdict->findings && verdict->sweep.score.changed; i++)
        if (is_of_lengths(verdict->finding[i].check))
            conf_fail(&verdict->finding[i], DIAG_INPUT_CHANGED,
                CONF_FACT(CONF_FACT_CHANGED_IN_SWEEP,
                    (double)verdict->sweep.score.changed));
}

/* Of files: the special values among theirs; two results for one input. */
static void judge_repeats(
    const struct verdict_question *question, struct verdict_verdict *verdict)
{
    const uint64_t found = verdict->sweep.contradictions;
    const struct sweep_score *score = &verdict->sweep.score;
    const struct {
        uint64_t count;
        enum diag_index row;
        enum conf_fact_code fact;
    } special[] = {{score->nan_lost, DIAG_NAN_SWALLOWED, CONF_FACT_FILES_NAN},
        {score->infinities, DIAG_INFINITY, CONF_FACT_FILES_INFINITY},
        {question->any_zero ? 0 : score->zero_signs, DIAG_SIGN_OF_ZERO,
            CONF_FACT_FILES_ZERO}};
    struct conf_finding *finding = &verdict->finding[verdict->findings++];
    *finding = (struct conf_finding){.check = CONF_CHECK_SPECIAL};
    for (int i = 0; i < 3; i++)
        if (special[i].count)
            conf_fail(finding, special[i].row,
                CONF_FACT(special[i].fact, (double)special[i].count));
    finding = &verdict->finding[verdict->findings++];
    *finding = (struct conf_finding){.check = CONF_CHECK_ONE_RESULT};
    if (found)
        conf_fail(finding, DIAG_ONE_RESULT,
            CONF_FACT(CONF_FACT_CONTRADICTIONS, (double)found));
}

/* What an error in ULP does not see, and why all is as it is. */
static void judge_further(const struct verdict_question *question,
    struct verdict_verdict *verdict, const struct conf_reference *reference)
{
    const double timeout = verdict_timeout(question, verdict);
    verdict->findings = structure_run(verdict->finding,
        &(const struct structure_question){.reference = reference,
            .subject = &verdict->subject,
            .type = verdict->dtype,
            .max_ulp = verdict->limit,
            .timeout = timeout,
            .stop = question->stop,
            .dx_is_x = question->dx_is_x || verdict->subject.builtin,
            .every_length = question->every_length});
    judge_changes(verdict);
    if (!subject_can(&verdict->subject, SUBJECT_INPUTS))
        judge_repeats(question, verdict);
    if (*verdict->subject.dy)
        return; /* causes are sought where dy is 1 */
    diag_run(&verdict->diagnosis,
        &(const struct diag_question){.reference = reference,
            .subject = &verdict->subject,
            .type = verdict->dtype,
            .limit = verdict->limit,
            .timeout = timeout,
            .stop = question->stop,
            .sweep = &verdict->sweep,
            .findings = verdict->finding,
            .count = verdict->findings});
}

static bool is_accurate(const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    const struct sweep_score *score = &verdict->sweep.score;
    const struct sn_kernel *builtin = verdict->subject.builtin;
    /* a built-in kernel that declares 1/2 is correctly rounded */
    const bool rounds =
        builtin && question->max_ulp < 0 && builtin->bound_ulp == 0.5;
    return !verdict_sweep_failed(verdict) && score->inputs &&
           score->max_ulp <= verdict->limit &&
           !(rounds && score->incorrectly_rounded);
}

/*
 * Files with a dy of their own: each pair by itself, and no sweep of f'.
 */
static enum sn_status judge_products(const struct verdict_question *question,
    struct verdict_verdict *verdict, const struct conf_reference *reference)
{
    enum { MOST_PRODUCTS = 1 << 20 };
    const struct subject_task task = subject_task_of(reference, verdict->dtype,
        verdict_timeout(question, verdict), question->stop);
    struct subject_session *session;
    double *x = malloc(3 * MOST_PRODUCTS * sizeof *x);
    struct sweep_answer *sweep = &verdict->sweep;
    memset(sweep, 0, sizeof *sweep);
    sweep_score_init(&sweep->score);
    if (x && subject_open(&session, &verdict->subject, &task) == SUBJECT_RAN) {
        double *dy = x + MOST_PRODUCTS, *y = dy + MOST_PRODUCTS;
        const size_t n = subject_answers(session, x, dy, y, MOST_PRODUCTS);
        for (size_t i = 0; i < n; i++)
            sweep_score_product(
                sweep, reference, verdict->dtype, x[i], dy[i], y[i]);
        if (sweep->score.max_ulp < 0)
            sweep->score.max_ulp = 0;
    }
    if (x)
        subject_close(session);
    free(x);
    return x ? SN_OK : SN_NO_MEMORY;
}

static void judge_sweep(const struct verdict_question *question,
    struct verdict_verdict *verdict, const struct conf_reference *reference)
{
    struct sweep_answer *sweep = &verdict->sweep;
    const bool products = *verdict->subject.dy;
    const enum sn_status status =
        products ? judge_products(question, verdict, reference)
                 : sweep_run(sweep,
                       &(const struct sweep_question){.reference = reference,
                           .subject = &verdict->subject,
                           .type = verdict->dtype,
                           .exhaustive = question->exhaustive,
                           .samples = verdict->samples,
                           .threads = question->threads,
                           .timeout = verdict_timeout(question, verdict),
                           .stop = question->stop,
                           .seed = question->seed,
                           .progress = question->progress,
                           .ctx = question->ctx,
                           .parts = question->parts});
    if (status != SN_OK)
        verdict->complaint = VERDICT_NO_MEMORY;
    else if (sweep->failure.outcome == SUBJECT_UNUSABLE)
        verdict->complaint = VERDICT_SWEEP_REFUSED;
    else if (sweep->failure.outcome != SUBJECT_RAN)
        verdict->complaint = VERDICT_SWEEP;
    if (verdict_is_unusable(verdict) ||
        (question->parts && question->parts->rank > 0))
        return;
    if (!sweep->stopped)
        judge_further(question, verdict, reference);
    if (question->stop && *question->stop)
        sweep->stopped = true;
    verdict->accurate = is_accurate(question, verdict);
    if (verdict->complaint == VERDICT_FINE)
        complain_of_misconduct(verdict);
}

void verdict_judge(
    const struct verdict_question *question, struct verdict_verdict *verdict)
{
    struct conf_reference reference;
    verdict->complaint = verdict_reference(&reference, question, verdict);
    if (verdict->complaint != VERDICT_FINE)
        return;
    if (verdict->function->dropout) {
        judge_dropout(question, verdict, &reference);
    } else {
        verdict->complaint = load_once(question, &reference, verdict);
        if (verdict->complaint == VERDICT_FINE && !verdict->sweep.stopped)
            judge_sweep(question, verdict, &reference);
    }
    if (!verdict_is_unusable(verdict) && !verdict_fails_to_load(verdict) &&
        !(question->parts && question->parts->rank > 0)) {
        weigh(question, verdict);
        verdict->passed =
            verdict->level < CONF_ERROR && !verdict_was_stopped(verdict);
    }
    conf_reference_clear(&reference);
    verdict->dropout_asked.reference = NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnoses, accuracy, and what of a verdict is worth a line. */
#include "verify/conformance/words/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static void words_of_values(
    char *text, size_t size, const char *format, const double *v)
{
    snprintf(
        text, size, format, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
}

void words_diagnosis(
    char *text, size_t size, const struct conf_diagnosis *diagnosis)
{
    const struct diag_row *row = &diag_rows[diagnosis->row];
    const double *v = diagnosis->value;
    if (row->of != DIAG_OF_CONSTANT) {
        const char *formula = diagnosis->formula;
        snprintf(text, size, "%s%s%s", row->words, formula ? ": " : "",
            formula ? formula : "");
        return;
    }
    words_of_values(text, size, row->words, v + 4);
    const size_t used = strlen(text);
    snprintf(text + used, size - used, ": %.17Lg",
        (long double)v[5] + (long double)v[6]);
}

/* Of a crash or hang, with the inputs of the call where they are known. */
static void words_of_failure(char *text, size_t size,
    const struct subject_failure *failure, bool known, double from, double to)
{
    char why[WORDS_ROOM], first[40], last[40];
    words_failure(why, sizeof why, failure);
    if (known)
        snprintf(text, size, "%.300s, inputs from %s to %s", why,
            words_hex(from, first), words_hex(to, last));
    else
        snprintf(text, size, "%s", why);
}

void words_evidence(char *text, size_t size,
    const struct conf_diagnosis *diagnosis,
    const struct conf_finding *findings)
{
    const struct diag_row *row = &diag_rows[diagnosis->row];
    char detail[WORDS_DETAIL];
    if (diagnosis->finding >= 0) {
        const struct conf_finding *finding = &findings[diagnosis->finding];
        words_detail(detail, finding);
        snprintf(text, size, "%s: %s", words_check(finding->check), detail);
    } else if (row->evidence) {
        words_of_values(text, size, row->evidence, diagnosis->value);
    } else {
        words_of_failure(text, size, &diagnosis->failure, diagnosis->known,
            diagnosis->from, diagnosis->to);
    }
}

static void words_of_sweep(
    char *text, size_t size, const struct sweep_answer *sweep)
{
    words_of_failure(
        text, size, &sweep->failure, sweep->known, sweep->from, sweep->to);
}

void words_accuracy(
    char *text, size_t size, const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    char x[40], got[40], want[40];
    if (verdict_sweep_failed(verdict))
        words_of_sweep(text, size, sweep);
    else if (isnan(sweep->score.worst_got) && !isnan(sweep->worst_want))
        snprintf(text, size, "NaN at x = %s (%.*g), want %s; limit %g ULP",
            words_hex(sweep->score.worst_input, x),
            verdict->dtype == CONF_TYPE_F64 ? 17 : 9, sweep->score.worst_input,
            words_hex(sweep->worst_want, want), verdict->limit);
    else
        snprintf(text, size,
            "max %.6g ULP at x = %s (%.*g): got %s, want %s; limit %g",
            sweep->score.max_ulp, words_hex(sweep->score.worst_input, x),
            verdict->dtype == CONF_TYPE_F64 ? 17 : 9, sweep->score.worst_input,
            words_hex(sweep->score.worst_got, got),
            words_hex(sweep->worst_want, want), verdict->limit);
}

const char *words_class(const struct verdict_verdict *verdict)
{
    const struct sweep_answer *sweep = &verdict->sweep;
    if (verdict_is_unusable(verdict))
        return "not checked";
    if (verdict_fails_to_load(verdict) || verdict_sweep_failed(verdict))
        return "crashed or hung";
    if (verdict->dropout_asked.rates)
        return verdict->passed ? "right mask and values" : "wrong";
    if (!sweep->score.inputs)
        return "not checked";
    /* a sample proves nothing about the inputs that were not tried */
    bool all = sweep->exhaustive && !sweep->stopped;
    if (!sweep->score.incorrectly_rounded)
        return all ? "correctly rounded" : "no wrong rounding found";
    if (sweep->score.max_ulp < 1)
        return all ? "faithful" : "under 1 ULP where tried";
    return verdict->accurate ? "within the limit" : "beyond the limit";
}

/* "2 errors, 1 warning" */
static void add_counts(
    char *text, size_t size, const struct verdict_verdict *verdict)
{
    const int count[] = {verdict->errors, verdict->warnings};
    static const char *const name[] = {"error", "warning"};
    for (int i = 0, told = 0; i < 2; i++)
        if (count[i])
            words_add(text, size, "%s%d %s%s", told++ ? ", " : "", count[i],
                name[i], count[i] > 1 ? "s" : "");
}

/* The codes of all that is at least so grave, each once. */
static void add_codes(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict, enum conf_level least)
{
    const struct diag_list *list = &verdict->diagnosis;
    const char *told[CONF_DIAGNOSES + DIAG_ROWS];
    int count = 0;
    for (int i = 0; i < list->count; i++)
        if (verdict_cause_level(question, &list->found[i]) >= least)
            told[count++] = diag_code(&list->found[i]);
    for (int row = 0; row < DIAG_ROWS && !count; row++)
        for (int i = 0; i < verdict->findings; i++)
            if (verdict->finding[i].row[row] &&
                verdict_row_level(question, (enum diag_index)row) >= least) {
                told[count++] = diag_rows[row].code;
                break;
            }
    if (!count && verdict_accuracy_level(question, verdict) >= least)
        told[count++] = diag_rows[DIAG_ACCURACY].code;
    for (int i = 0; i < count; i++) {
        bool before = false;
        for (int k = 0; k < i; k++)
            before = before || !strcmp(told[i], told[k]);
        if (!before)
            words_add(text, size, "%s%s", i ? ", " : ": ", told[i]);
    }
}

void words_verdict(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    if (verdict_is_unusable(verdict)) {
        snprintf(text, size, "not checked");
    } else if (verdict_was_stopped(verdict)) {
        snprintf(text, size, "interrupted: no verdict; %s",
            verdict->findings
                ? "what the checks below lack was not looked at"
                : "the rest of the inputs and all other checks are missing");
    } else if (verdict->passed) {
        snprintf(text, size, "passed: %s", words_class(verdict));
        if (verdict->warnings) {
            words_add(text, size, "; ");
            add_counts(text, size, verdict);
            add_codes(text, size, question, verdict, CONF_WARNING);
        }
    } else {
        /* values that are right are told last: they are not what failed */
        const bool values = !verdict->accurate || !verdict->errors;
        snprintf(text, size, "FAILED: ");
        if (values)
            words_add(text, size, "%s%s", words_class(verdict),
                verdict->errors || verdict->warnings ? "; " : "");
        add_counts(text, size, verdict);
        if (verdict->level == CONF_ERROR)
            add_codes(text, size, question, verdict, CONF_ERROR);
        if (!values && verdict->sweep.score.inputs)
            words_add(text, size, "; values: %s", words_class(verdict));
    }
}

/* Of a question that this kernel cannot be asked. */
static void words_of_question(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    const char *word = verdict->subject.word;
    const struct sn_kernel *builtin = verdict->subject.builtin;
    switch (verdict->complaint) {
    case VERDICT_BUILTIN_DIFFERS:
        snprintf(text, size,
            "'%s' is %s in %s; leave out --function and --dtype", word,
            sn_function_name(builtin->function),
            sn_dtype_name(builtin->dtype));
        break;
    case VERDICT_UNKNOWN_BUILTIN:
        snprintf(text, size, "'%s' is %s in %s, which check does not know",
            word, sn_function_name(builtin->function),
            sn_dtype_name(builtin->dtype));
        break;
    case VERDICT_FILES_OF_DROPOUT:
        snprintf(text, size,
            "'%s': alpha dropout is called with a rate and a seed; must be a "
            "built-in one, PATH.so:SYMBOL or exec:COMMAND",
            word);
        break;
    case VERDICT_NO_LAMBDA:
        snprintf(text, size, "--lambda '%.40s': %s has no lambda",
            question->lambda, verdict->function->name);
        break;
    case VERDICT_EXHAUSTIVE_F64:
        snprintf(text, size,
            "'%s': --exhaustive is not for f64, which has 2^64 inputs", word);
        break;
    case VERDICT_FACTORS:
        snprintf(text, size,
            "--lambda, --alpha: lambda, alpha and their product must be from "
            "%g to %g; alpha may be 0 or below, but of celu and alpha-dropout",
            CONF_LEAST_FACTOR, CONF_MOST_FACTOR);
        break;
    case VERDICT_FILES_DIFFER:
        snprintf(text, size, "--dtype '%s': the files hold %s",
            ref_types[question->dtype].name,
            ref_types[verdict->subject.type].name);
        break;
    default:
        *text = '\0';
    }
}

void words_complaint(char *text, size_t size,
    const struct verdict_question *question,
    const struct verdict_verdict *verdict)
{
    const char *word = verdict->subject.word;
    char why[WORDS_ROOM];
    switch (verdict->complaint) {
    case VERDICT_WORD:
    case VERDICT_SUBJECT:
        words_refusal(text, size, word, &verdict->subject, &verdict->failure);
        return;
    case VERDICT_NO_MEMORY:
        snprintf(text, size, "'%s': %s", word, sn_strerror(SN_NO_MEMORY));
        return;
    case VERDICT_NOT_LOADED:
    case VERDICT_LOADING:
        words_failure(why, sizeof why, &verdict->failure);
        snprintf(text, size, "'%s': %s%s", word,
            verdict->complaint == VERDICT_LOADING ? "loading: " : "", why);
        return;
    case VERDICT_SWEEP_REFUSED:
    case VERDICT_SWEEP:
        words_of_sweep(why, sizeof why, &verdict->sweep);
        snprintf(text, size, "'%s': %s", word, why);
        return;
    case VERDICT_MISCONDUCT:
        words_detail(why, &verdict->finding[verdict->culprit]);
        snprintf(text, size, "'%s': %s: %s", word,
            words_check(verdict->finding[verdict->culprit].check), why);
        return;
    default:
        words_of_question(text, size, question, verdict);
    }
}

void words_power(
    char *text, size_t size, const struct verdict_verdict *verdict)
{
    *text = '\0';
    for (int i = 0; i < verdict->dropout_asked.rates; i++) {
        const struct dropout_power *power = &verdict->dropout.power[i];
        const size_t used = strlen(text);
        snprintf(text + used, size - used,
            "%srate %g: off by %.2g, second moment off by %.2g %%, mean off "
            "by %.2g",
            i ? "; " : "", power->rate, power->share, power->square,
            power->mean);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call of check.h, without an option parser around it. */
#include "verify/check.h"
#include "verify/conformance/words/words.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(char *why, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(char *why, size_t size, const char *format, ...)
{
    size_t used = size ? strlen(why) : 0;
    va_list args;
    if (used + 1 >= size)
        return;
    va_start(args, format);
    vsnprintf(why + used, size - used, format, args);
    va_end(args);
}

/* Everything that failed, a line each. */
static void tell(const struct verdict_question *question,
    const struct verdict_verdict *v, char *why, size_t size)
{
    char text[WORDS_ROOM], words[WORDS_ROOM];
    words_complaint(text, sizeof text, question, v);
    if (*text)
        say(why, size, "%s\n", text);
    if (verdict_is_unusable(v))
        return;
    if (verdict_fails_to_load(v)) {
        words_failure(text, sizeof text, &v->failure);
        say(why, size, "loading: %s\n", text);
    } else if (verdict_accuracy_level(question, v) == CONF_ERROR) {
        words_accuracy(text, sizeof text, v);
        say(why, size, "accuracy: %s\n", text);
    }
    for (int i = 0; i < v->findings; i++)
        if (verdict_finding_level(question, &v->finding[i]) == CONF_ERROR) {
            words_detail(text, &v->finding[i]);
            say(why, size, "%s: %s\n", words_check(v->finding[i].check), text);
        }
    for (int i = 0; i < v->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &v->diagnosis.found[i];
        if (verdict_cause_level(question, d) < CONF_ERROR)
            continue;
        words_diagnosis(words, sizeof words, d);
        words_evidence(text, sizeof text, d, v->finding);
        say(why, size, "%s: %s: %s\n", diag_code(d), words, text);
    }
}

static enum sn_check_result answer(const struct verdict_question *question,
    struct verdict_verdict *v, const char *kernel, char *why, size_t size)
{
    verdict_prepare(question, v, kernel);
    if (!verdict_is_unusable(v))
        verdict_judge(question, v);
    if (!v->passed)
        tell(question, v, why, size);
    return verdict_is_bad_usage(v)  ? SN_CHECK_USAGE
           : verdict_is_unusable(v) ? SN_CHECK_UNUSABLE
           : v->passed              ? SN_CHECK_PASSED
                                    : SN_CHECK_FAILED;
}

/* The options as a question; false: one cannot be used, and why. */
static bool question_of(struct verdict_question *question,
    const struct sn_check_options *o, char *why, size_t size)
{
    *question = (struct verdict_question){.dtype = CONF_TYPE_F32,
        .dtype_given = o->dtype,
        .exhaustive = o->exhaustive,
        .lambda = o->lambda,
        .alpha = o->alpha,
        .samples = o->samples,
        .seed = o->seed ? o->seed : 1706,
        .threads = o->threads > 0 ? o->threads : 1,
        .rate = -1,
        .false_alarm = 1e-6,
        .max_ulp = o->max_ulp > 0 ? o->max_ulp : -1,
        .timeout = o->timeout > 0 ? o->timeout : -1,
        .flush = o->allow_flush,
        .strict = o->strict,
        .allow = o->allow};
    if (o->function)
        question->function = ref_function_find(o->function);
    if (o->dtype)
        question->dtype = conf_type_find(o->dtype);
    const char *unknown = conf_diagnosis_unknown(o->allow ? o->allow : "");
    if ((o->function && !question->function) || question->dtype < 0)
        say(why, size,
            "function '%s', dtype '%s': must be " CONF_CHECKED_FUNCTIONS
            ", in f32, f64, f16 or bf16\n",
            o->function ? o->function : "", o->dtype ? o->dtype : "");
    else if (!(o->max_ulp >= 0 && o->max_ulp <= 0x1p64) ||
             !(o->timeout >= 0 && o->timeout <= 86400))
        say(why, size,
            "max_ulp %g, timeout %g: must be from 0 to 2^64, to 86400\n",
            o->max_ulp, o->timeout);
    else if (unknown)
        say(why, size, "allow '%.*s': must be codes of faults by commas\n",
            (int)strcspn(unknown, ","), unknown);
    else
        return true;
    return false;
}

enum sn_check_result sn_check_kernel(const char *kernel,
    const struct sn_check_options *options, char *why, size_t size)
{
    static const struct sn_check_options defaults;
    struct verdict_question question;
    if (size)
        *why = '\0';
    if (!question_of(&question, options ? options : &defaults, why, size))
        return SN_CHECK_USAGE;
    struct verdict_verdict *v = calloc(1, sizeof *v);
    if (!v) {
        say(why, size, "out of memory\n");
        return SN_CHECK_UNUSABLE;
    }
    enum sn_check_result result = answer(&question, v, kernel, why, size);
    free(v);
    return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call of check.h, without an option parser around it. */
#include "verify/check.h"
#include "verify/conformance/words/words.h"
#include <signal.h>
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

/* "race: ", "warning: place: ", "note: isolated: " */
static void say_found(char *why, size_t size, enum conf_level level,
    const char *what, const char *text)
{
    if (level > CONF_FINE)
        say(why, size, "%s%s%s: %s\n",
            level < CONF_ERROR ? words_level(level) : "",
            level < CONF_ERROR ? ": " : "", what, text);
}

/* Everything that was found, a line each. */
static void tell(const struct verdict_question *question,
    const struct verdict_verdict *v, char *why, size_t size)
{
    char text[WORDS_ROOM], words[2 * WORDS_ROOM + 2];
    words_complaint(text, sizeof text, question, v);
    if (*text)
        say(why, size, "%s\n", text);
    if (verdict_is_unusable(v))
        return;
    if (verdict_fails_to_load(v)) {
        words_failure(text, sizeof text, &v->failure);
        say(why, size, "loading: %s\n", text);
    } else {
        words_accuracy(text, sizeof text, v);
        say_found(
            why, size, verdict_accuracy_level(question, v), "accuracy", text);
    }
    for (int i = 0; i < v->findings; i++) {
        words_detail(text, &v->finding[i]);
        say_found(why, size, verdict_finding_level(question, &v->finding[i]),
            words_check(v->finding[i].check), text);
    }
    for (int i = 0; i < v->diagnosis.count; i++) {
        const struct conf_diagnosis *d = &v->diagnosis.found[i];
        words_diagnosis(words, WORDS_ROOM, d);
        words_evidence(text, sizeof text, d, v->finding);
        words_add(words, sizeof words, ": %s", text);
        say_found(
            why, size, verdict_cause_level(question, d), diag_code(d), words);
    }
}

static enum sn_check_result answer(const struct verdict_question *question,
    struct verdict_verdict *v, const char *kernel, char *why, size_t size)
{
    verdict_prepare(question, v, kernel);
    if (!verdict_is_unusable(v))
        verdict_judge(question, v);
    tell(question, v, why, size);
    return verdict_is_bad_usage(v)  ? SN_CHECK_USAGE
           : verdict_is_unusable(v) ? SN_CHECK_UNUSABLE
           : v->passed              ? SN_CHECK_PASSED
                                    : SN_CHECK_FAILED;
}

static bool is_within(double value, double least, double most)
{
    return value == 0 || (value >= least && value <= most);
}

/* What cannot be asked; false, and why. */
static bool can_be_asked(const struct verdict_question *question,
    const struct sn_check_options *o, char *why, size_t size)
{
    const char *unknown = conf_diagnosis_unknown(o->allow ? o->allow : "");
    if ((o->function && !question->function) || question->dtype < 0)
        say(why, size,
            "function '%s', dtype '%s': must be " CONF_CHECKED_FUNCTIONS
            ", in f32, f64, f16 or bf16\n",
            o->function ? o->function : "", o->dtype ? o->dtype : "");
    else if (!is_within(o->max_ulp, 0, 0x1p64) ||
             !is_within(o->timeout, 0, 86400))
        say(why, size,
            "max_ulp %g, timeout %g: must be from 0 to 2^64, to 86400\n",
            o->max_ulp, o->timeout);
    else if (!is_within(o->rate, 0.001, 0.999) ||
             !is_within((double)o->channel, 1, 1024) ||
             !is_within(o->false_alarm, 1e-12, 0.1))
        say(why, size,
            "rate %g, channel %ld, false_alarm %g: must be from 0.001 to "
            "0.999, from 1 to 1024, from 1e-12 to 0.1; or 0\n",
            o->rate, o->channel, o->false_alarm);
    else if (!is_within(o->memory, 0.0625, 0x1p20) ||
             (int)o->at_zero > SN_CHECK_AT_ZERO_EITHER)
        say(why, size,
            "memory %g, at_zero %d: must be GiB from 0.0625 to 2^20, or 0; a "
            "side\n",
            o->memory, (int)o->at_zero);
    else if (unknown)
        say(why, size, "allow '%.*s': must be codes of faults by commas\n",
            (int)strcspn(unknown, ","), unknown);
    else
        return true;
    return false;
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
        .rate = o->rate > 0 ? o->rate : -1,
        .channel = o->channel,
        .false_alarm = o->false_alarm > 0 ? o->false_alarm : 1e-6,
        .max_ulp = o->max_ulp > 0 ? o->max_ulp : -1,
        .timeout = o->timeout > 0 ? o->timeout : -1,
        .flush = o->allow_flush,
        .every_length = o->every_length,
        .any_zero = o->any_zero_sign,
        .at_zero = (enum conf_at_zero)o->at_zero,
        .strict = o->strict,
        .allow = o->allow};
    if (o->function)
        question->function = ref_function_find(o->function);
    if (o->dtype)
        question->dtype = conf_type_find(o->dtype);
    const char *bad =
        o->contract ? verdict_read_contract(question, o->contract) : NULL;
    if (bad)
        say(why, size,
            "contract '%.*s': must be multiple=K, aligned=BYTES or dx-is-x, "
            "by commas\n",
            (int)strcspn(bad, ","), bad);
    if (bad || !can_be_asked(question, o, why, size))
        return false;
    question->contract.memory = (uint64_t)(o->memory * 0x1p30);
    return true;
}

enum sn_check_result sn_check_kernel(const char *kernel,
    const struct sn_check_options *options, char *why, size_t size)
{
    static const struct sn_check_options defaults;
    struct verdict_question question;
    struct sigaction before;
    if (!why)
        size = 0;
    if (size)
        *why = '\0';
    if (!kernel) {
        say(why, size, "kernel: must not be NULL\n");
        return SN_CHECK_USAGE;
    }
    if (!question_of(&question, options ? options : &defaults, why, size))
        return SN_CHECK_USAGE;
    struct verdict_verdict *v = calloc(1, sizeof *v);
    if (!v) {
        say(why, size, "out of memory\n");
        return SN_CHECK_UNUSABLE;
    }
    /* a child that dies shows as a failed write; the caller's wish stays */
    sigaction(SIGPIPE, NULL, &before);
    enum sn_check_result result = answer(&question, v, kernel, why, size);
    sigaction(SIGPIPE, &before, NULL);
    free(v);
    return result;
}

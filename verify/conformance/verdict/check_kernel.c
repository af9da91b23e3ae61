/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call of verify/check.h, without an option parser around it. */
#include "verify/check.h"
#include "verify/conformance/verdict/verdict.h"
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
static void tell(const struct verdict_question *ask,
    const struct verdict_verdict *v, char *why, size_t size)
{
    char text[1500];
    if (*v->complaint)
        say(why, size, "%s\n", v->complaint);
    if (v->unusable)
        return;
    if (*v->fault)
        say(why, size, "loading: %s\n", v->fault);
    else if (!v->accurate) {
        verdict_accuracy(v, text, sizeof text);
        say(why, size, "accuracy: %s\n", text);
    }
    for (int i = 0; i < v->findings; i++)
        if (!v->finding[i].passed)
            say(why, size, "%s: %s\n", v->finding[i].name,
                v->finding[i].detail);
    for (int i = 0; i < v->diagnoses; i++)
        if (v->diagnosis[i].fault &&
            !verdict_question_allows(ask, v->diagnosis[i].code))
            say(why, size, "%s: %s: %s\n", v->diagnosis[i].code,
                v->diagnosis[i].words, v->diagnosis[i].evidence);
}

static enum sn_check_result answer(const struct verdict_question *ask,
    struct verdict_verdict *v, const char *kernel, char *why, size_t size)
{
    verdict_prepare(ask, v, kernel);
    if (!v->unusable)
        verdict_judge(ask, v);
    if (v->unusable) {
        tell(ask, v, why, size);
        return v->bad_word ? SN_CHECK_USAGE : SN_CHECK_UNUSABLE;
    }
    if (v->passed)
        return SN_CHECK_PASSED;
    tell(ask, v, why, size);
    return SN_CHECK_FAILED;
}

enum sn_check_result sn_check_kernel(const char *kernel,
    const struct sn_check_options *options, char *why, size_t size)
{
    static const struct sn_check_options defaults;
    const struct sn_check_options *o = options ? options : &defaults;
    struct verdict_question ask = {.dtype = CONF_TYPE_F32,
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
        .allow = o->allow};
    if (size)
        *why = '\0';
    if (o->function)
        ask.function = ref_function_find(o->function);
    if (o->dtype)
        ask.dtype = conf_type_find(o->dtype);
    if ((o->function && !ask.function) || ask.dtype < 0) {
        say(why, size,
            "function '%s', dtype '%s': must be " CONF_CHECKED_FUNCTIONS
            ", in f32, f64, f16 or bf16\n",
            o->function ? o->function : "", o->dtype ? o->dtype : "");
        return SN_CHECK_USAGE;
    }
    if (!(o->max_ulp >= 0 && o->max_ulp <= 0x1p64) ||
        !(o->timeout >= 0 && o->timeout <= 86400)) {
        say(why, size,
            "max_ulp %g, timeout %g: must be from 0 to 2^64, to 86400\n",
            o->max_ulp, o->timeout);
        return SN_CHECK_USAGE;
    }
    const char *unknown = conf_diagnosis_unknown(o->allow ? o->allow : "");
    if (unknown) {
        say(why, size, "allow '%.*s': must be codes of faults by commas\n",
            (int)strcspn(unknown, ","), unknown);
        return SN_CHECK_USAGE;
    }
    struct verdict_verdict *v = calloc(1, sizeof *v);
    if (!v) {
        say(why, size, "out of memory\n");
        return SN_CHECK_UNUSABLE;
    }
    enum sn_check_result result = answer(&ask, v, kernel, why, size);
    free(v);
    return result;
}

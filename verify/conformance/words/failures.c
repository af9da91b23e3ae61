/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a session ended, and why a word names no subject. */
#include "verify/conformance/words/words.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add_format(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add_format(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

/* " at n = 7, x + 0, y + 1", " at n = 7 (in place)". */
static void add_call(
    char *text, size_t size, const struct subject_failure *failure)
{
    const struct subject_call *call = &failure->call;
    if (!failure->called)
        return;
    add_format(text, size, " at n = %zu", call->n);
    if (call->in_place)
        add_format(text, size, " (in place)");
    else if (call->x_at || call->out_at)
        add_format(text, size, ", x + %zu, y + %zu", call->x_at, call->out_at);
}

static void words_of_signal(
    char *text, size_t size, const struct subject_failure *failure)
{
    static const char *const array[SUBJECT_ARRAYS] = {"x", "dy", "the output"};
    snprintf(text, size, "crashed with SIG%s",
        failure->number ? sigabbrev_np(failure->number) : "?");
    if (!subject_is_outside(failure))
        return;
    add_format(text, size, ": %s %lld bytes %s %s",
        failure->writing < 0 ? "accesses"
        : failure->writing   ? "writes"
                             : "reads",
        (long long)failure->bytes,
        failure->before ? "before the start of" : "after the end of",
        array[failure->array]);
}

/* Of a program: what came out, then how it ended. */
static void words_of_output(
    char *text, size_t size, const struct subject_failure *failure)
{
    const unsigned long long values = failure->values;
    *text = '\0';
    switch (failure->output) {
    case SUBJECT_OUTPUT_SILENT:
        snprintf(text, size,
            "no byte within the --timeout of %g s, after %llu values",
            failure->timeout, values);
        break;
    case SUBJECT_OUTPUT_SHORT:
        snprintf(text, size,
            "writes too little: its output ends after %llu values%s", values,
            failure->partial ? " and a part of one" : "");
        break;
    case SUBJECT_OUTPUT_LONG:
        snprintf(text, size, "writes too much: more than %llu values%s",
            values,
            failure->pairs ? " (gradients read pairs, dy and x in turn, and "
                             "write one value for each)"
                           : "");
        break;
    case SUBJECT_OUTPUT_NOT_SHUT:
        snprintf(text, size,
            "does not close its output within the --timeout of %g s",
            failure->timeout);
        break;
    case SUBJECT_OUTPUT_FINE:
        break;
    }
    const char *join = *text ? "; " : "";
    if (failure->end == SUBJECT_END_FORCED)
        add_format(text, size, "%sdoes not end within the --timeout of %g s",
            join, failure->timeout);
    else if (failure->end == SUBJECT_END_STATUS)
        add_format(
            text, size, "%sended with exit status %d", join, failure->number);
    else if (failure->end == SUBJECT_END_SIGNAL)
        add_format(text, size, "%sended by SIG%s", join,
            sigabbrev_np(failure->number));
}

void words_failure(
    char *text, size_t size, const struct subject_failure *failure)
{
    const char *error = strerror(failure->number);
    *text = '\0';
    switch (failure->trouble) {
    case SUBJECT_NO_MEMORY:
        snprintf(text, size, "out of memory");
        break;
    case SUBJECT_NO_HOST:
        snprintf(text, size,
            "the program 'kernel-host' is not beside selfnorm; 'make' builds "
            "it");
        break;
    case SUBJECT_NO_SHARED_MEMORY:
        snprintf(
            text, size, "no memory to share with a child process: %s", error);
        break;
    case SUBJECT_NO_CHILD:
        snprintf(text, size, "no child process for it: %s", error);
        break;
    case SUBJECT_NO_SYMBOL:
        snprintf(text, size, "the library has no symbol '%s'", failure->text);
        break;
    case SUBJECT_NOT_LOADED:
        snprintf(text, size, "%s",
            *failure->text ? failure->text : "cannot be loaded");
        break;
    case SUBJECT_NO_CPU:
        snprintf(text, size, "this processor lacks what the kernel needs");
        break;
    case SUBJECT_NO_START:
        snprintf(text, size, "cannot be started: %s", error);
        break;
    case SUBJECT_NO_THREAD:
        snprintf(text, size, "no thread: %s", error);
        break;
    case SUBJECT_NO_SHELL:
        snprintf(text, size, "cannot be run: the shell ended with status %d",
            failure->number);
        break;
    case SUBJECT_NO_TIMING:
        snprintf(text, size, "no memory for arrays of %zu elements",
            failure->call.n);
        break;
    case SUBJECT_SIGNAL:
        words_of_signal(text, size, failure);
        add_call(text, size, failure);
        break;
    case SUBJECT_EXIT:
        snprintf(text, size, "ended its process with exit status %d",
            failure->number);
        add_call(text, size, failure);
        break;
    case SUBJECT_SILENT:
        snprintf(text, size, "no answer within the --timeout of %g s",
            failure->timeout);
        add_call(text, size, failure);
        break;
    case SUBJECT_OUTPUT:
        words_of_output(text, size, failure);
        break;
    case SUBJECT_NPY:
        snprintf(text, size, "%s", failure->text);
        break;
    default:
        break; /* the refusals below */
    }
}

/* What follows the word in a refusal. */
static void words_of_word(char *text, size_t size,
    const struct subject *subject, const struct subject_failure *failure)
{
    switch (failure->trouble) {
    case SUBJECT_WORD_UNKNOWN:
        snprintf(text, size, "must be " SUBJECT_WORDS);
        break;
    case SUBJECT_WORD_NO_COMMAND:
        snprintf(text, size, "no command; must be exec:COMMAND");
        break;
    case SUBJECT_WORD_NO_PAIR:
        snprintf(text, size, "must be npy:IN.npy,OUT.npy");
        break;
    case SUBJECT_FILE_MISSING:
        snprintf(text, size, "cannot use '%.200s': %s", failure->text,
            strerror(failure->number));
        break;
    case SUBJECT_NO_LIBRARY:
    case SUBJECT_NO_ARRAY_FILE:
        snprintf(text, size, "'%.200s' is not a file; %s is needed",
            failure->text,
            failure->trouble == SUBJECT_NO_LIBRARY ? "a shared library"
                                                   : "an .npy file");
        break;
    case SUBJECT_NPY:
        snprintf(text, size, "'%.1000s' %s",
            failure->outputs ? subject->other : subject->path, failure->text);
        break;
    case SUBJECT_NPY_TYPES:
        snprintf(text, size, "inputs are %s, outputs %s",
            ref_types[failure->types[0]].name,
            ref_types[failure->types[1]].name);
        break;
    case SUBJECT_NPY_SHAPES:
        snprintf(text, size, "inputs and outputs differ in shape or order");
        break;
    case SUBJECT_NPY_SCALAR:
        snprintf(text, size, "0-d arrays; at least one dimension is needed");
        break;
    case SUBJECT_NPY_EMPTY:
        snprintf(text, size, "there is no element to check");
        break;
    default:
        words_failure(text, size, failure);
    }
}

void words_refusal(char *text, size_t size, const char *word,
    const struct subject *subject, const struct subject_failure *failure)
{
    char why[WORDS_ROOM];
    if (failure->trouble == SUBJECT_ISA_UNKNOWN ||
        failure->trouble == SUBJECT_ISA_LACKING) {
        snprintf(text, size, "%s", failure->text);
        return;
    }
    if (failure->trouble == SUBJECT_WORD_LONG) {
        snprintf(text, size, "'%.200s...': too long a name", word);
        return;
    }
    words_of_word(why, sizeof why, subject, failure);
    snprintf(text, size, "'%.200s': %s", word, why);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a session ended, and why a word names no subject. */
#include "verify/conformance/words/words.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void words_add(char *text, size_t size, const char *format, ...)
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
    words_add(text, size, " at n = %zu", call->n);
    if (call->in_place)
        words_add(text, size, " (in place)");
    else if (call->x_at || call->out_at)
        words_add(text, size, ", x + %zu, y + %zu", call->x_at, call->out_at);
}

static void words_of_signal(
    char *text, size_t size, const struct subject_failure *failure)
{
    static const char *const array[SUBJECT_ARRAYS] = {"x", "dy", "the output"};
    snprintf(text, size, "crashed with SIG%s",
        failure->number ? sigabbrev_np(failure->number) : "?");
    if (subject_is_outside(failure))
        words_add(text, size, ": %s %lld bytes %s %s",
            failure->writing < 0 ? "accesses"
            : failure->writing   ? "writes"
                                 : "reads",
            (long long)failure->bytes,
            failure->before ? "before the start of" : "after the end of",
            array[failure->array]);
    add_call(text, size, failure);
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
        words_add(text, size, "%sdoes not end within the --timeout of %g s",
            join, failure->timeout);
    else if (failure->end == SUBJECT_END_STATUS)
        words_add(
            text, size, "%sended with exit status %d", join, failure->number);
    else if (failure->end == SUBJECT_END_SIGNAL)
        words_add(text, size, "%sended by SIG%s", join,
            sigabbrev_np(failure->number));
}

/* What stands in place of %s. */
enum failure_figure {
    FIGURE_NONE,
    FIGURE_ERROR, /* errno's words */
    FIGURE_NUMBER,
    FIGURE_N, /* of the call */
    FIGURE_TIMEOUT,
    FIGURE_TEXT,
    FIGURE_OUTPUTS, /* of files; which of the two */
    FIGURE_TYPE
};

static const struct failure_row {
    enum subject_trouble trouble;
    const char *words;
    enum failure_figure first, second;
    bool with_call;
} failure_rows[] = {
    /* after the word and a colon */
    {SUBJECT_WORD_UNKNOWN, "must be " SUBJECT_WORDS, 0, 0, false},
    {SUBJECT_WORD_NO_COMMAND, "no command; must be exec:COMMAND", 0, 0, false},
    {SUBJECT_WORD_NO_PAIR,
        "must be npy:IN.npy,OUT.npy or npy:IN.npy,DY.npy,OUT.npy", 0, 0,
        false},
    {SUBJECT_WORD_NO_DESCRIPTORS,
        "must be fd:IN,OUT, two descriptors that are open", 0, 0, false},
    {SUBJECT_FILE_MISSING, "cannot use '%s': %s", FIGURE_TEXT, FIGURE_ERROR,
        false},
    {SUBJECT_NO_LIBRARY, "'%s' is not a file; a shared library is needed",
        FIGURE_TEXT, 0, false},
    {SUBJECT_NO_ARRAY_FILE, "'%s' is not a file; an .npy file is needed",
        FIGURE_TEXT, 0, false},
    {SUBJECT_NPY, "'%s' %s", FIGURE_OUTPUTS, FIGURE_TEXT, false},
    {SUBJECT_NPY_TYPES,
        "inputs are %s, outputs %s; the outputs' type must have all inputs",
        FIGURE_TYPE, FIGURE_TYPE, false},
    {SUBJECT_NPY_SHAPES, "inputs and outputs differ in shape", 0, 0, false},
    {SUBJECT_NPY_EMPTY, "there is no element to check", 0, 0, false},
    /* alone */
    {SUBJECT_NO_MEMORY, "out of memory", 0, 0, false},
    {SUBJECT_NO_HOST,
        "the program 'kernel-host' is not beside selfnorm; 'make' builds it",
        0, 0, false},
    {SUBJECT_NO_SHARED_MEMORY, "no memory to share with a child process: %s",
        FIGURE_ERROR, 0, false},
    {SUBJECT_NO_CHILD, "no child process for it: %s", FIGURE_ERROR, 0, false},
    {SUBJECT_WORD_SOURCE,
        "a source; compile it, 'cc -O2 -shared -fPIC -o mine.so %s -lm', and "
        "name the function: ./mine.so:FUNCTION",
        FIGURE_TEXT, 0, false},
    {SUBJECT_WORD_NO_SYMBOL,
        "a library alone; name its function, PATH.so:SYMBOL", 0, 0, false},
    {SUBJECT_MANGLED,
        "the library has '%s', a name of C++; declare the kernel extern "
        "\"C\"",
        FIGURE_TEXT, 0, false},
    {SUBJECT_NO_SYMBOL, "the library has no symbol '%s'", FIGURE_TEXT, 0,
        false},
    {SUBJECT_NOT_LOADED, "%s", FIGURE_TEXT, 0, false},
    {SUBJECT_NO_CPU, "this processor lacks what the kernel needs", 0, 0,
        false},
    {SUBJECT_NO_START, "cannot be started: %s", FIGURE_ERROR, 0, false},
    {SUBJECT_NO_THREAD, "no thread: %s", FIGURE_ERROR, 0, false},
    {SUBJECT_NO_SHELL, "cannot be run: the shell ended with status %s",
        FIGURE_NUMBER, 0, false},
    {SUBJECT_NO_TIMING, "no memory for arrays of %s elements", FIGURE_N, 0,
        false},
    {SUBJECT_EXIT, "ended its process with exit status %s", FIGURE_NUMBER, 0,
        true},
    {SUBJECT_SHUT, "closed its descriptors", 0, 0, true},
    {SUBJECT_BAD_FRAME, "answered with no frame (docs/reference/frames.md)", 0,
        0, true},
    {SUBJECT_SAID, "%s", FIGURE_TEXT, 0, true},
    {SUBJECT_SILENT, "no answer within the --timeout of %s s", FIGURE_TIMEOUT,
        0, true},
};

/* The figure as text; `buffer` where it is a number. */
static const char *figure_of(enum failure_figure figure,
    const struct subject *subject, const struct subject_failure *failure,
    int position, char buffer[64])
{
    switch (figure) {
    case FIGURE_ERROR:
        return strerror(failure->number);
    case FIGURE_NUMBER:
        snprintf(buffer, 64, "%d", failure->number);
        return buffer;
    case FIGURE_N:
        snprintf(buffer, 64, "%zu", failure->call.n);
        return buffer;
    case FIGURE_TIMEOUT:
        snprintf(buffer, 64, "%g", failure->timeout);
        return buffer;
    case FIGURE_OUTPUTS:
        return !subject           ? ""
               : failure->outputs ? subject->other
                                  : subject->path;
    case FIGURE_TYPE:
        return ref_types[failure->types[position]].name;
    case FIGURE_TEXT:
        return *failure->text ? failure->text : "cannot be loaded";
    case FIGURE_NONE:
        break;
    }
    return "";
}

static void words_of_row(char *text, size_t size,
    const struct subject *subject, const struct subject_failure *failure)
{
    char buffer[2][64];
    *text = '\0';
    for (size_t i = 0; i < sizeof failure_rows / sizeof *failure_rows; i++) {
        const struct failure_row *row = &failure_rows[i];
        if (row->trouble != failure->trouble)
            continue;
        snprintf(text, size, row->words,
            figure_of(row->first, subject, failure, 0, buffer[0]),
            figure_of(row->second, subject, failure, 1, buffer[1]));
        if (row->with_call)
            add_call(text, size, failure);
    }
}

void words_failure(
    char *text, size_t size, const struct subject_failure *failure)
{
    if (failure->trouble == SUBJECT_OUTPUT)
        words_of_output(text, size, failure);
    else if (failure->trouble == SUBJECT_SIGNAL)
        words_of_signal(text, size, failure);
    else
        words_of_row(text, size, NULL, failure);
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
    words_of_row(why, sizeof why, subject, failure);
    snprintf(text, size, "'%.200s': %s", word, why);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings and their facts. */
#include "verify/conformance/words/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *words_check(enum conf_check check)
{
    static const char *const name[CONF_CHECKS] = {
        [CONF_CHECK_SPECIAL] = "special values",
        [CONF_CHECK_LENGTHS] = "lengths 0 to 130",
        [CONF_CHECK_ALL_LENGTHS] = "lengths 0 to 131",
        [CONF_CHECK_FEW_LENGTHS] = "lengths 0, 1, 15, 63, 127",
        [CONF_CHECK_BITS] = "same bits at any length and place",
        [CONF_CHECK_BITS_ANYWHERE] = "same bits at any place",
        [CONF_CHECK_THREAD] = "same bits in any thread",
        [CONF_CHECK_IN_PLACE] = "in place",
        [CONF_CHECK_LONG] = "a long array",
        [CONF_CHECK_MODE] = "floating-point mode",
        [CONF_CHECK_EXCEPTIONS] = "exceptions",
        [CONF_CHECK_ROUNDING] = "directed rounding",
        [CONF_CHECK_SCALES] = "scales with dy",
        [CONF_CHECK_ANY_DY] = "accuracy for any dy",
        [CONF_CHECK_WRITTEN] = "outputs and arrays",
        [CONF_CHECK_SAME_BITS] = "same bits",
        [CONF_CHECK_DROPPED] = "dropped value",
        [CONF_CHECK_AFFINE] = "affine map",
        [CONF_CHECK_RATE] = "rate",
        [CONF_CHECK_MOMENTS] = "mean and variance",
        [CONF_CHECK_INDEPENDENT] = "independence",
        [CONF_CHECK_SEEDS] = "seeds and threads",
        [CONF_CHECK_ONE_RESULT] = "one result for one input"};
    return name[check];
}

const char *words_level(enum conf_level level)
{
    static const char *const name[] = {"pass", "note", "warning", "error"};
    return name[level];
}

static const char *const formats[CONF_FACTS] = {
#define FACT(code, words) words,
#include "verify/conformance/facts.def"
#undef FACT
};

static void add_words(char *text, size_t size, const char *words)
{
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", words);
}

static void words_of_mode(char *text, size_t size, int mode)
{
    static const struct {
        enum subject_mode bit;
        const char *words;
    } row[] = {{SUBJECT_MODE_FLUSH, " flush-to-zero on;"},
        {SUBJECT_MODE_DENORMALS, " denormals-are-zero on;"},
        {SUBJECT_MODE_ROUNDING, " rounding not to nearest;"},
        {SUBJECT_MODE_TRAPS, " exceptions trap;"},
        {SUBJECT_MODE_PRECISION, " x87 precision is not 64 bits;"},
        {SUBJECT_MODE_STACK, " x87 registers in use (MMX without emms?);"}};
    snprintf(text, size, "%s switches the floating-point mode:",
        mode & SUBJECT_MODE_BY_LOADING ? "loading the library" : "a call");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (mode & (int)row[i].bit)
            add_words(text, size, row[i].words);
    text[strlen(text) - 1] = '\0';
}

static const char *const when[STRUCTURE_RAISED_BY] = {
    [STRUCTURE_ORDINARY] = "ordinary inputs",
    [STRUCTURE_BELOW] = "x = -200",
    [STRUCTURE_ABOVE] = "x = 200",
    [STRUCTURE_MINUS_INFINITY] = "-inf",
    [STRUCTURE_QUIET_NAN] = "quiet NaN"};

static void words_of_raised(char *text, size_t size, int by, int raised)
{
    static const struct {
        enum subject_raised bit;
        const char *words;
    } row[] = {{SUBJECT_RAISED_INVALID, " invalid"},
        {SUBJECT_RAISED_DIVIDE, " divide-by-zero"},
        {SUBJECT_RAISED_OVERFLOW, " overflow"},
        {SUBJECT_RAISED_UNDERFLOW, " underflow"},
        {SUBJECT_RAISED_INEXACT, " inexact"}};
    snprintf(text, size, "%s:%s", when[by], raised ? "" : " none");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (raised & (int)row[i].bit)
            add_words(text, size, row[i].words);
}

/* A format with the bits in place of its %s. */
static void words_of_figures(
    char *text, size_t size, const char *format, const struct conf_fact *fact)
{
    const double *v = fact->value;
    const char *bits = strstr(format, "%s");
    char with[256], pattern[CONF_TYPE_TEXT];
    if (bits) {
        snprintf(with, sizeof with, "%.*s%s%s", (int)(bits - format), format,
            conf_type_text(fact->type, fact->bits, pattern), bits + 2);
        format = with;
    }
    snprintf(
        text, size, format, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
}

void words_fact(char *text, size_t size, const struct conf_fact *fact)
{
    char failure[WORDS_ROOM];
    words_failure(failure, sizeof failure, &fact->failure);
    switch (fact->code) {
    case CONF_FACT_FAILED:
        snprintf(text, size, "%s", failure);
        return;
    case CONF_FACT_FAILED_AT:
        snprintf(text, size, "n = %.0f: %s", fact->value[0], failure);
        return;
    case CONF_FACT_LOADING:
        snprintf(text, size, "loading: %s", failure);
        return;
    case CONF_FACT_FAILED_REST:
        snprintf(text, size, "%s; what follows was not checked", failure);
        return;
    case CONF_FACT_MODE:
        words_of_mode(text, size, (int)fact->value[0]);
        return;
    case CONF_FACT_RAISED:
        words_of_raised(text, size, (int)fact->value[0], (int)fact->value[1]);
        return;
    case CONF_FACT_ERRNO:
        snprintf(text, size, "%s: errno becomes %s", when[(int)fact->value[0]],
            strerrorname_np((int)fact->value[1]));
        return;
    default:
        words_of_figures(text, size, formats[fact->code], fact);
    }
}

static void join_facts(
    char *text, size_t size, const struct conf_fact *fact, int count)
{
    *text = '\0';
    for (int i = 0; i < count; i++) {
        const size_t used = strlen(text);
        if (i)
            snprintf(text + used, size - used, "; ");
        const size_t start = strlen(text);
        words_fact(text + start, size - start, &fact[i]);
    }
}

void words_detail(char text[WORDS_DETAIL], const struct conf_finding *finding)
{
    const int told =
        finding->failures < CONF_TOLD ? finding->failures : CONF_TOLD;
    join_facts(text, WORDS_DETAIL, finding->told, told);
    const size_t used = strlen(text);
    if (finding->failures > told)
        snprintf(text + used, WORDS_DETAIL - used, "; and %d more",
            finding->failures - told);
}

void words_note(char text[WORDS_NOTE], const struct conf_finding *finding)
{
    join_facts(text, WORDS_NOTE, finding->note, finding->notes);
}

const char *words_hex(double x, char buffer[40])
{
    snprintf(buffer, 40, isnan(x) ? "nan" : "%a", x);
    return buffer;
}

/* The short form where it is exact. */
static void add_number(char *text, size_t size, double x)
{
    char number[40];
    double back;
    snprintf(number, sizeof number, "%g", isnan(x) ? (double)NAN : x);
    if (sscanf(number, "%lf", &back) == 1 && !isnan(x) && back != x)
        words_hex(x, number);
    add_words(text, size, number);
}

void words_input(char *text, size_t size, const struct conf_input *input)
{
    if (input->by_bits) {
        snprintf(text, size, "bits:0x%llx", (unsigned long long)input->bits);
        return;
    }
    *text = '\0';
    add_number(text, size, input->x);
    if (input->has_dy) {
        add_words(text, size, ":");
        add_number(text, size, input->dy);
    }
}

void words_call(char *text, size_t size, const struct subject *subject,
    const struct subject_call *call)
{
    if (!subject_can(subject, SUBJECT_MEMORY))
        snprintf(text, size, "%zu", call->n);
    else
        snprintf(text, size, "%zu,%zu,%zu%s", call->n, call->x_at,
            call->out_at,
            call->in_place   ? ",in-place"
            : call->threaded ? ",thread"
                             : "");
}

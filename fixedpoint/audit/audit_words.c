/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What words of source text say about the literals beside them. */
#include "fixedpoint/audit/audit_words.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The first that fits counts; `part`: also as a part of a word. */
static const struct {
    const char *word;
    int type;
    bool part;
} type_word[] = {{"bfloat16", AUDIT_BF16, true}, {"bf16", AUDIT_BF16, true},
    {"e4m3", AUDIT_E4M3, true}, {"e5m2", AUDIT_E5M2, true},
    {"float16", AUDIT_F16, true}, {"float32", AUDIT_F32, true},
    {"float64", AUDIT_F64, true}, {"fp16", AUDIT_F16, true},
    {"fp32", AUDIT_F32, true}, {"fp64", AUDIT_F64, true},
    {"real32", AUDIT_F32, true}, {"real64", AUDIT_F64, true},
    {"float2half", AUDIT_F16, true}, {"xf16", AUDIT_F16, true},
    {"xf32", AUDIT_F32, true}, {"xf64", AUDIT_F64, true},
    {"fround", AUDIT_F32, true}, {"f16", AUDIT_F16, false},
    {"f32", AUDIT_F32, false}, {"f64", AUDIT_F64, false},
    {"half", AUDIT_F16, false}, {"half2", AUDIT_F16, false},
    {"half4", AUDIT_F16, false}, {"double", AUDIT_F64, false},
    {"min16float", AUDIT_F16, true}, {"single", AUDIT_F32, false},
    {"float", AUDIT_F32, false}, {"float2", AUDIT_F32, false},
    {"float4", AUDIT_F32, false}};

/* `part` between underscores or ends of the word. */
static bool has_piece(const char *word, const char *part)
{
    const size_t length = strlen(part);
    for (const char *at = word; (at = strstr(at, part)); at++)
        if ((at == word || at[-1] == '_') &&
            (!at[length] || at[length] == '_'))
            return true;
    return false;
}

int audit_word_type(const char *word, bool python)
{
    if (python && !strcmp(word, "float"))
        return AUDIT_F64;
    for (size_t i = 0; i < sizeof type_word / sizeof *type_word; i++)
        if (type_word[i].part ? strstr(word, type_word[i].word) != NULL
                              : has_piece(word, type_word[i].word))
            return type_word[i].type;
    return AUDIT_UNTYPED;
}

int audit_word_fixed(const char *word)
{
    enum { MOST_FRACTION = 60 };
    const char *end = word + strlen(word), *at = end;
    while (at > word && isdigit((unsigned char)at[-1]))
        at--;
    if (at == end || end - at > 2 || at == word || at[-1] != 'q')
        return 0;
    const int bits = atoi(at);
    return bits <= MOST_FRACTION ? bits : 0;
}

static bool has_any(const char *word, const char *const part[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(word, part[i]))
            return true;
    return false;
}
#define HAS_ANY(word, ...)                                                    \
    has_any(word, (const char *const[]){__VA_ARGS__},                         \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

bool audit_word_mentions(const char *word)
{
    return HAS_ANY(word, "selu", "selfnorm", "self_norm", "alphadropout",
        "alpha_dropout", "alpha-dropout");
}

enum audit_constant audit_word_constant(const char *name)
{
    char word[AUDIT_WORD];
    strcpy(word, name);
    char *dropout = strstr(word, "dropout");
    if (dropout) /* of alpha dropout, whose constant is alpha' */
        memcpy(dropout, "      ", 6);
    const bool alpha = HAS_ANY(word, "alpha", "\xce\xb1");
    const bool lambda =
        HAS_ANY(word, "lambda", "scale", "gamma", "\xce\xbb", "\xce\xb3");
    const bool both = HAS_ANY(word, "prime", "neg") ||
                      has_piece(word, "alpha_p") || has_piece(word, "sat");
    if (alpha && dropout)
        return AUDIT_ALPHA_PRIME;
    return (alpha && (lambda || both)) || (lambda && both) ? AUDIT_ALPHA_PRIME
           : alpha                                         ? AUDIT_ALPHA
           : lambda                                        ? AUDIT_LAMBDA
                                                           : AUDIT_CONSTANTS;
}

bool audit_word_is_foreign(const char *name)
{
    size_t letters = 0;
    for (const char *p = name; *p; p++)
        letters += isalpha((unsigned char)*p) != 0;
    return (letters > 2 || !strcmp(name, "lr")) &&
           audit_word_constant(name) == AUDIT_CONSTANTS &&
           !HAS_ANY(name, "selu", "fact", "coef", "mult", "slope", "gain",
               "const", "param", "val", "weight", "tensor", "dropout",
               "dense");
}

bool audit_word_expects(const char *word)
{
    return HAS_ANY(word, "assert", "expect", "approx", "close", "almost",
        "want", "golden", "output", "result");
}

/* ---- places ------------------------------------------------------------ */

bool audit_name_ends(const char *name, const char *endings)
{
    const char *dot = strrchr(name, '.');
    const size_t length = dot ? strlen(++dot) : 0;
    for (const char *at = endings; length && (at = strstr(at, dot)); at++)
        if ((at == endings || at[-1] == ' ') &&
            (!at[length] || at[length] == ' '))
            return true;
    return false;
}

static bool starts(const char *text, size_t left, const char *what)
{
    const size_t length = strlen(what);
    return left >= length && !memcmp(text, what, length);
}

/* Bytes to the end of the line, or of `end`. */
static size_t up_to(const char *text, size_t left, const char *end)
{
    size_t i = 0;
    while (i < left && !starts(text + i, left - i, end))
        i++;
    return i < left ? i + strlen(end) : left;
}

/* A notebook's "outputs": [...], with what strings may hold. */
static size_t printed(const char *text, size_t left)
{
    int depth = 0;
    bool string = false;
    for (size_t i = 9; i < left; i++) {
        const char c = text[i];
        if (string && c == '\\')
            i++;
        else if (c == '"')
            string = !string;
        else if (!string && (c == '[' || c == '{'))
            depth++;
        else if (!string && (c == ']' || c == '}') && --depth <= 0)
            return i;
    }
    return left;
}

/* How a comment begins that starts here, and ends; NULL: none does. */
static const char *comment_end(
    const char *name, const char *text, size_t at, size_t size)
{
    const char *here = text + at;
    const size_t left = size - at;
    const bool apart = !at || strchr(" \t\n;", text[at - 1]) != NULL;
    if (starts(here, left, "/*"))
        return "*/";
    if (starts(here, left, "//") && (!at || text[at - 1] != ':') &&
        !audit_name_ends(name, "py r f90"))
        return "\n";
    /* a string that stands alone in its line: what help() shows */
    if (audit_name_ends(name, "py pyi") && strchr("\"'", *here)) {
        size_t blank = at;
        while (blank && strchr(" \t", text[blank - 1]))
            blank--;
        if (!blank || text[blank - 1] == '\n')
            return starts(here, left, "\"\"\"") ? "\"\"\""
                   : starts(here, left, "'''")  ? "'''"
                                                : NULL;
    }
    if (*here == '#' && apart &&
        audit_name_ends(name, "py jl r rb sh yaml yml toml cmake pl nix"))
        return "\n";
    return NULL;
}

unsigned char *audit_places(const char *name, const char *text, size_t size)
{
    const bool document = audit_name_ends(name, "md rst tex html adoc org");
    const bool notebook = audit_name_ends(name, "ipynb");
    unsigned char *place = calloc(size + 1, 1);
    bool fenced = false;
    for (size_t i = 0, next; place && i < size; i = next) {
        enum audit_place is = document && !fenced ? AUDIT_PROSE : AUDIT_CODE;
        const char *end = document ? NULL : comment_end(name, text, i, size);
        next = i + 1;
        if (document && (!i || text[i - 1] == '\n') &&
            starts(text + i, size - i, "```")) {
            fenced = !fenced;
        } else if (notebook && starts(text + i, size - i, "\"outputs\"")) {
            is = AUDIT_SKIPPED;
            next = i + printed(text + i, size - i);
        } else if (end) {
            is = AUDIT_PROSE;
            next = i + 1; /* an end that is a beginning does not count twice */
            next += up_to(text + next, size - next, end);
        }
        memset(place + i, (int)is, next - i);
    }
    return place;
}

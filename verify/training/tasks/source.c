/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/source.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum sn_status refuse(struct task_source *s, size_t line, size_t column,
    const char *format, va_list args)
{
    int n = snprintf(s->why, TASK_WHY, "%.200s", s->path);
    if (line && n < TASK_WHY)
        n += snprintf(s->why + n, TASK_WHY - (size_t)n, ", line %zu", line);
    if (column && n < TASK_WHY)
        n +=
            snprintf(s->why + n, TASK_WHY - (size_t)n, ", column %zu", column);
    if (n < TASK_WHY)
        n += snprintf(s->why + n, TASK_WHY - (size_t)n, ": ");
    if (n < TASK_WHY)
        vsnprintf(s->why + n, TASK_WHY - (size_t)n, format, args);
    s->failed = true;
    return SN_BAD_VALUE;
}

enum sn_status task_source_refuse(
    struct task_source *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    refuse(s, s->line, s->column, format, args);
    va_end(args);
    return SN_BAD_VALUE;
}

enum sn_status task_source_refuse_at(
    struct task_source *s, size_t line, size_t column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    refuse(s, line, column, format, args);
    va_end(args);
    return SN_BAD_VALUE;
}

static enum sn_status slurp(struct task_source *s, size_t *size)
{
    FILE *in = fopen(s->path, "rb");
    size_t room = 1 << 16, got = 0;
    *size = 0;
    s->text = malloc(room + 1);
    while (
        in && s->text && (got = fread(s->text + *size, 1, room - *size, in))) {
        *size += got;
        if (*size < room)
            continue;
        room *= 2;
        char *more = realloc(s->text, room + 1);
        if (!more) {
            free(s->text);
            s->text = NULL;
        } else {
            s->text = more;
        }
    }
    bool bad = !in || ferror(in);
    if (bad)
        task_source_refuse_at(s, 0, 0, "cannot be read: %s", strerror(errno));
    if (in)
        fclose(in);
    if (bad)
        return SN_SYSTEM;
    if (!s->text)
        return SN_NO_MEMORY;
    s->text[*size] = '\0';
    return SN_OK;
}

enum sn_status task_source_open(
    struct task_source *s, const char *path, char why[TASK_WHY])
{
    size_t size;
    *s = (struct task_source){.path = path, .delimiter = ',', .why = why};
    enum sn_status status = slurp(s, &size);
    if (status != SN_OK) {
        task_source_close(s);
        return status;
    }
    const unsigned char *t = (const unsigned char *)s->text;
    const char *zero = memchr(s->text, '\0', size), *turn;
    s->at = s->text;
    if (size >= 2 &&
        ((t[0] == 0xff && t[1] == 0xfe) || (t[0] == 0xfe && t[1] == 0xff)))
        status = task_source_refuse_at(
            s, 1, 0, "is UTF-16; save it as UTF-8 or ASCII");
    else if (zero) {
        size_t line = 1;
        for (const char *p = s->text; p < zero; p++)
            line += *p == '\n';
        status = task_source_refuse_at(s, line, 0, "a zero byte: not a text");
    } else if (!memchr(s->text, '\n', size) &&
               (turn = memchr(s->text, '\r', size)) && turn[1])
        status = task_source_refuse_at(s, 1, 0,
            "its lines end with carriage returns alone; LF or CR LF is "
            "wanted");
    else if (size >= 3 && t[0] == 0xef && t[1] == 0xbb && t[2] == 0xbf)
        s->at += 3;
    s->end = s->text + size;
    task_source_rewind(s, s->at, 1);
    s->word = malloc(s->room = 256);
    if (status == SN_OK && !s->word)
        status = SN_NO_MEMORY;
    if (status != SN_OK)
        task_source_close(s);
    return status;
}

void task_source_close(struct task_source *s)
{
    free(s->text);
    free(s->word);
    s->text = s->word = NULL;
}

void task_source_rewind(struct task_source *s, const char *at, size_t line)
{
    s->at = at;
    s->line = s->next_line = line;
    s->column = 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool task_source_row(struct task_source *s)
{
    s->column = 0;
    while (!s->failed && s->at < s->end) {
        const char *p = s->at;
        while (p < s->end && is_blank(*p))
            p++;
        bool comment = s->arff && p < s->end && *p == '%';
        while (comment && p < s->end && *p != '\n')
            p++;
        if (p < s->end && *p != '\n') {
            s->line = s->next_line;
            return true;
        }
        s->at = p < s->end ? p + 1 : p;
        s->next_line++;
    }
    return false;
}

static void put(struct task_source *s, char c)
{
    if (s->length + 2 > s->room) {
        char *more = realloc(s->word, 2 * s->room);
        if (!more) {
            task_source_refuse(s, "out of memory");
            return;
        }
        s->word = more;
        s->room *= 2;
    }
    s->word[s->length++] = c;
}

static bool ends_row(const struct task_source *s)
{
    return s->at >= s->end || *s->at == '\n' ||
           (*s->at == '\r' && (s->at + 1 >= s->end || s->at[1] == '\n'));
}

/* From behind the opening quote to behind the closing one. */
static void take_quoted(struct task_source *s, char quote)
{
    size_t opened = s->line;
    s->quoted = true;
    for (; s->at < s->end; s->at++) {
        if (*s->at == '\n')
            s->next_line++;
        if (s->arff && *s->at == '\\' && s->at + 1 < s->end) {
            put(s, *++s->at);
        } else if (*s->at != quote) {
            put(s, *s->at);
        } else if (!s->arff && s->at + 1 < s->end && s->at[1] == quote) {
            put(s, *s->at++);
        } else {
            s->at++;
            return;
        }
    }
    task_source_refuse_at(
        s, opened, s->column, "the quote %c is never closed", quote);
}

bool task_source_field(struct task_source *s)
{
    bool blanks = s->delimiter == ' ';
    if (s->failed)
        return false;
    if (s->column > 0 && !blanks) {
        if (s->at >= s->end || *s->at != s->delimiter)
            goto end_of_row;
        s->at++;
    }
    while (s->at < s->end && is_blank(*s->at) && *s->at != s->delimiter &&
           !ends_row(s))
        s->at++;
    while (blanks && s->at < s->end && is_blank(*s->at))
        s->at++;
    if (blanks && ends_row(s))
        goto end_of_row;
    s->column++;
    s->length = 0;
    s->quoted = false;
    if (s->at < s->end && (*s->at == '"' || (s->arff && *s->at == '\''))) {
        char quote = *s->at++;
        take_quoted(s, quote);
        while (s->at < s->end && is_blank(*s->at) && *s->at != s->delimiter &&
               !blanks)
            s->at++;
        if (!s->failed && !ends_row(s) && *s->at != s->delimiter &&
            !(blanks && is_blank(*s->at)))
            task_source_refuse(s, "'%c' behind a closing quote", *s->at);
    } else {
        while (!ends_row(s) && *s->at != s->delimiter &&
               !(blanks && is_blank(*s->at)))
            put(s, *s->at++);
        while (s->length && is_blank(s->word[s->length - 1]))
            s->length--;
    }
    s->word[s->length] = '\0';
    return !s->failed;

end_of_row:
    while (s->at < s->end && *s->at != '\n')
        s->at++;
    if (s->at < s->end) {
        s->at++;
        s->next_line++;
    }
    return false;
}

char task_source_delimiter(const struct task_source *s)
{
    size_t count[3] = {0}, in_numbers = 0;
    static const char candidate[] = ",;\t";
    bool quoted = false;
    for (const char *p = s->at; p < s->end && (quoted || *p != '\n'); p++) {
        const char *found = quoted ? NULL : strchr(candidate, *p);
        quoted = quoted != (*p == '"');
        if (!found || !*p)
            continue;
        count[found - candidate]++;
        in_numbers += *p == ',' && p > s->at && is_digit(p[-1]) &&
                      p + 1 < s->end && is_digit(p[1]);
    }
    if (count[1] + count[2])
        count[0] -= in_numbers;
    int best = 0;
    for (int i = 1; i < 3; i++)
        best = count[i] > count[best] ? i : best;
    return count[best] ? candidate[best] : ' ';
}

enum task_field task_field_kind(const char *word, double *value)
{
    *value = NAN;
    if (!*word || !strcmp(word, "?") || !strcasecmp(word, "na") ||
        !strcasecmp(word, "nan"))
        return TASK_FIELD_MISSING;
    char *end;
    if (word[strspn(word, "+-.0123456789eE")])
        return TASK_FIELD_TEXT;
    *value = strtod(word, &end);
    return *end || end == word || !isfinite(*value) ? TASK_FIELD_TEXT
                                                    : TASK_FIELD_NUMBER;
}

bool task_field_has_comma(const char *word)
{
    const char *digits = word + strspn(word, "+-");
    return is_digit(*digits) && strchr(word, ',') &&
           !word[strspn(word, "+-.,0123456789eE")];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/text.h"
#include "verify/shared/file.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum sn_status task_refuse(struct task_fault *fault, enum task_fault_kind kind,
    size_t line, size_t column, const char *word, size_t a, size_t b)
{
    fault->kind = kind;
    fault->line = line;
    fault->column = column;
    fault->a = a;
    fault->b = b;
    snprintf(fault->word, sizeof fault->word, "%s", word ? word : "");
    return SN_BAD_VALUE;
}

enum sn_status task_refuse_field(
    const struct task_text *t, enum task_fault_kind kind, size_t row, size_t j)
{
    return task_refuse(t->fault, kind, t->row[row].line, j + 1,
        task_text_word(t, row, j), 0, 0);
}

/* ---- the file ---- */

/* The kinds of file that are no text in lines. */
static enum sn_status check_encoding(
    const char *bytes, size_t size, struct task_fault *fault)
{
    const char *zero = memchr(bytes, '\0', size);
    const char *turn = memchr(bytes, '\r', size);
    if (size >= 2 &&
        (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
        return task_refuse(fault, TASK_FAULT_UTF16, 1, 0, NULL, 0, 0);
    if (zero) {
        size_t line = 1;
        for (const char *p = bytes; p < zero; p++)
            line += *p == '\n';
        return task_refuse(fault, TASK_FAULT_ZERO, line, 0, NULL, 0, 0);
    }
    if (!memchr(bytes, '\n', size) && turn && turn[1])
        return task_refuse(fault, TASK_FAULT_RETURNS, 1, 0, NULL, 0, 0);
    return SN_OK;
}

enum sn_status task_text_of(
    struct task_text *t, char *bytes, size_t size, struct task_fault *fault)
{
    const size_t mark = strncmp(bytes, "\xef\xbb\xbf", 3) ? 0 : 3;
    *t = (struct task_text){.bytes = bytes,
        .at = bytes + mark,
        .end = bytes + size,
        .line = 1,
        .delimiter = ',',
        .fault = fault};
    return check_encoding(bytes, size, fault);
}

enum sn_status task_text_open(
    struct task_text *t, const char *path, struct task_fault *fault)
{
    char *bytes;
    size_t size;
    *t = (struct task_text){.fault = fault};
    snprintf(fault->path, sizeof fault->path, "%s", path);
    enum sn_status status =
        shared_file_read(&bytes, &size, path, TASK_MOST_BYTES);
    fault->error = errno;
    if (status == SN_SYSTEM)
        task_refuse(fault, TASK_FAULT_UNREADABLE, 0, 0, NULL, 0, 0);
    if (status == SN_BAD_VALUE)
        task_refuse(fault, TASK_FAULT_BYTES, 0, 0, NULL, TASK_MOST_BYTES, 0);
    return status == SN_OK ? task_text_of(t, bytes, size, fault) : status;
}

void task_text_close(struct task_text *t)
{
    free(t->bytes);
    free(t->field);
    free(t->row);
    *t = (struct task_text){0};
}

/* ---- rows ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Behind the blanks, which a comment's text belongs to. */
static char *behind_blanks(const struct task_text *t)
{
    char *p = t->at;
    while (p < t->end && is_blank(*p))
        p++;
    if (t->arff && p < t->end && *p == '%')
        while (p < t->end && *p != '\n')
            p++;
    return p;
}

bool task_text_seek(struct task_text *t)
{
    while (t->at < t->end) {
        char *p = behind_blanks(t);
        if (p < t->end && *p != '\n')
            return true;
        t->at = p < t->end ? p + 1 : p;
        t->line++;
    }
    return false;
}

static bool ends_row(const struct task_text *t)
{
    return t->at >= t->end || *t->at == '\n' ||
           (*t->at == '\r' && (t->at + 1 >= t->end || t->at[1] == '\n'));
}

/* At what separates this field from the next. */
static bool ends_field(const struct task_text *t)
{
    return ends_row(t) || *t->at == t->delimiter ||
           (t->delimiter == ' ' && is_blank(*t->at));
}

static void skip_outer_blanks(struct task_text *t)
{
    while (!ends_row(t) && is_blank(*t->at) &&
           (t->delimiter == ' ' || *t->at != t->delimiter))
        t->at++;
}

/* Room for one more field and row. */
static enum sn_status make_room(struct task_text *t)
{
    if (t->fields >= TASK_MOST_FIELDS)
        return task_refuse(t->fault, TASK_FAULT_FIELDS_IN_ALL, t->line, 0,
            NULL, TASK_MOST_FIELDS, 0);
    if (t->fields == t->field_room) {
        size_t room = 2 * t->field_room + 256;
        uint32_t *more = realloc(t->field, room * sizeof *more);
        if (!more)
            return SN_NO_MEMORY;
        t->field = more;
        t->field_room = room;
    }
    if (t->rows + 2 > t->row_room) {
        size_t room = 2 * t->row_room + 64;
        struct task_row *more = realloc(t->row, room * sizeof *more);
        if (!more)
            return SN_NO_MEMORY;
        t->row = more;
        t->row_room = room;
    }
    return SN_OK;
}

/* From behind the opening quote to behind the closing one; where its word
   ends: quotes and escapes shorten it. */
static enum sn_status take_quoted(struct task_text *t, char **word_end)
{
    const char quote = *t->at++;
    for (char *to = t->at; t->at < t->end; t->at++) {
        t->line += *t->at == '\n';
        if (t->arff && *t->at == '\\' && t->at + 1 < t->end) {
            *to++ = *++t->at;
        } else if (*t->at != quote) {
            *to++ = *t->at;
        } else if (!t->arff && t->at + 1 < t->end && t->at[1] == quote) {
            *to++ = *t->at++;
        } else {
            t->at++;
            *word_end = to;
            return SN_OK;
        }
    }
    const char word[] = {quote, '\0'};
    return task_refuse(t->fault, TASK_FAULT_OPEN_QUOTE, t->row[t->rows].line,
        t->fields - t->row[t->rows].first + 1, word, 0, 0);
}

/* Up to what separates it from the next; `word_end`: behind its word. */
static enum sn_status take_field(struct task_text *t, char **word_end)
{
    const bool quoted =
        !ends_row(t) && (*t->at == '"' || (t->arff && *t->at == '\''));
    t->field[t->fields] = (uint32_t)(t->at + quoted - t->bytes) << 1 | quoted;
    if (quoted) {
        enum sn_status status = take_quoted(t, word_end);
        if (status != SN_OK)
            return status;
        if (t->delimiter != ' ')
            skip_outer_blanks(t);
        const char word[] = {*t->at, '\0'};
        if (!ends_field(t))
            return task_refuse(t->fault, TASK_FAULT_BEHIND_QUOTE,
                t->row[t->rows].line, t->fields - t->row[t->rows].first + 1,
                word, 0, 0);
    } else {
        const char *begin = t->at;
        while (!ends_field(t))
            t->at++;
        *word_end = t->at;
        while (*word_end > begin && is_blank((*word_end)[-1]))
            --*word_end;
    }
    t->fields++;
    return SN_OK;
}

enum sn_status task_text_row(struct task_text *t)
{
    enum sn_status status = make_room(t);
    if (status != SN_OK)
        return status;
    if (!task_text_seek(t))
        return SN_NO_SOLUTION;
    t->row[t->rows] = (struct task_row){t->fields, t->line};
    for (bool more = true; more;) {
        char *word_end = NULL;
        skip_outer_blanks(t);
        if (t->delimiter == ' ' && ends_row(t))
            more = false;
        else if ((status = make_room(t)) != SN_OK ||
                 (status = take_field(t, &word_end)) != SN_OK)
            return status;
        if (ends_row(t))
            more = false;
        if (!more)
            while (t->at < t->end && *t->at != '\n')
                t->at++;
        t->line += !more;
        if (t->at < t->end)
            t->at++;
        if (word_end) /* maybe on the separator, which is done with */
            *word_end = '\0';
    }
    t->row[++t->rows].first = t->fields;
    return SN_OK;
}

enum sn_status task_text_rows(struct task_text *t)
{
    enum sn_status status;
    while ((status = task_text_row(t)) == SN_OK)
        continue;
    return status == SN_NO_SOLUTION ? SN_OK : status;
}

char task_text_delimiter(const struct task_text *t)
{
    size_t count[3] = {0}, in_numbers = 0;
    static const char candidate[] = ",;\t";
    bool quoted = false;
    for (const char *p = t->at; p < t->end && (quoted || *p != '\n'); p++) {
        const char *found = quoted ? NULL : strchr(candidate, *p);
        quoted = quoted != (*p == '"');
        if (!found || !*p)
            continue;
        count[found - candidate]++;
        in_numbers += *p == ',' && p > t->at && is_digit(p[-1]) &&
                      p + 1 < t->end && is_digit(p[1]);
    }
    if (count[1] + count[2])
        count[0] -= in_numbers;
    int best = 0;
    for (int i = 1; i < 3; i++)
        best = count[i] > count[best] ? i : best;
    return count[best] ? candidate[best] : ' ';
}

/* ---- fields ---- */

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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attribute-Relation File Format: its dense form. */
#include "verify/training/tasks/source.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_ATTRIBUTES = 1 << 20 };

static void skip_blanks(struct task_source *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
        s->at++;
}

/* The next word of a declaration, quoted or not; false at the row's end. */
static bool next_word(struct task_source *s)
{
    char kept = s->delimiter;
    s->delimiter = ' ';
    bool found = task_source_field(s);
    s->delimiter = kept;
    return found;
}

/* {a, 'b c', d} up to the brace that closes it */
static enum sn_status take_words(struct task_source *s, struct task_column *c)
{
    c->nominal = c->declared = true;
    const char *close = memchr(s->at, '}', (size_t)(s->end - s->at));
    const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
    if (!close || (newline && newline < close))
        return task_source_refuse_at(s, s->line, 0, "no } behind the {");
    s->at++;
    const char *end = s->end;
    struct task_source inside = *s;
    inside.end = close;
    inside.column = 0;
    enum sn_status status = SN_OK;
    while (status == SN_OK && task_source_field(&inside))
        if (task_words_add(&c->words, inside.word) == SIZE_MAX)
            status = SN_NO_MEMORY;
    if (inside.failed)
        status = SN_BAD_VALUE;
    s->word = inside.word;
    s->room = inside.room;
    s->failed = inside.failed;
    s->at = close + 1;
    s->end = end;
    s->next_line = s->line;
    while (task_source_field(s))
        continue; /* to the next row */
    return status;
}

static enum sn_status take_attribute(
    struct task_source *s, struct task_table *t)
{
    struct task_column *more =
        realloc(t->column, (t->columns + 1) * sizeof *more);
    if (!more)
        return SN_NO_MEMORY;
    t->column = more;
    struct task_column *c = &more[t->columns++];
    *c = (struct task_column){0};
    if (!next_word(s))
        return task_source_refuse_at(
            s, s->line, 0, "@attribute without a name");
    if (!(c->name = strdup(s->word)))
        return SN_NO_MEMORY;
    skip_blanks(s);
    if (s->at < s->end && *s->at == '{')
        return take_words(s, c);
    if (!next_word(s))
        return task_source_refuse_at(
            s, s->line, 0, "@attribute %.40s without a type", c->name);
    static const char *const numeric[] = {"numeric", "real", "integer"};
    for (int i = 0; i < 3; i++)
        if (!strcasecmp(s->word, numeric[i])) {
            while (next_word(s))
                continue;
            return SN_OK;
        }
    return task_source_refuse_at(s, s->line, 0,
        "attribute '%.40s' is of type '%.20s'; numeric, real, integer and "
        "{words} can be used",
        c->name, s->word);
}

static enum sn_status take_head(struct task_source *s, struct task_table *t)
{
    enum sn_status status = SN_OK;
    while (status == SN_OK && task_source_row(s)) {
        if (!next_word(s))
            break;
        if (!strcasecmp(s->word, "@data")) {
            while (next_word(s))
                continue;
            if (!t->columns)
                return task_source_refuse_at(
                    s, s->line, 0, "@data, but no @attribute before it");
            return SN_OK;
        }
        if (!strcasecmp(s->word, "@attribute"))
            status = t->columns < MOST_ATTRIBUTES ? take_attribute(s, t)
                                                  : SN_NO_MEMORY;
        else if (!strcasecmp(s->word, "@relation"))
            while (next_word(s))
                continue;
        else
            status = task_source_refuse_at(s, s->line, 0,
                "'%.40s': must be @relation, @attribute or @data", s->word);
    }
    if (status == SN_OK)
        status = s->failed ? SN_BAD_VALUE
                           : task_source_refuse_at(
                                 s, s->line, 0, "no @data: there are no rows");
    return status;
}

enum sn_status task_read_arff(struct task_task *task, struct task_source *s,
    const char *name, const struct task_reading *reading)
{
    struct task_table table = {0};
    size_t label = 0;
    s->arff = true;
    s->delimiter = ',';
    enum sn_status status = take_head(s, &table);
    if (status == SN_OK)
        status = task_table_label(&label, &table, s, reading);
    const char *at = s->at;
    size_t line = s->next_line;
    if (status == SN_OK && task_source_row(s)) {
        const char *p = s->at;
        while (p < s->end && (*p == ' ' || *p == '\t'))
            p++;
        if (p < s->end && *p == '{')
            status = task_source_refuse_at(s, s->line, 0,
                "a sparse row {...}: only rows with all values can be used");
    }
    task_source_rewind(s, at, line);
    if (status == SN_OK)
        status = task_table_fill(&table, s, 0, label, reading);
    if (status == SN_OK)
        status = task_table_task(task, &table, label, name, s);
    task_table_clear(&table);
    return status;
}

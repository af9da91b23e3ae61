/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attribute-Relation File Format: its dense form.  Declarations are rows of
 * fields between blanks; the list {a, 'b c', d} of an attribute is cut out of
 * the text first and read as a row between commas.
 */
#include "verify/training/tasks/table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The first { of a row that is not in quotes; NULL: none. */
static char *find_open(char *at, const char *end)
{
    char quote = '\0';
    for (; at < end; at++)
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        else if (!quote && *at == '{')
            return at;
    return NULL;
}

/* {a, 'b c', d} of an attribute: *list is what is between the braces, as a row
   of its own; blanks are left in its place.  NULL: there is none. */
static enum sn_status cut_list(char **list, struct task_text *t)
{
    static const char keyword[] = "@attribute";
    const char *end = memchr(t->at, '\n', (size_t)(t->end - t->at));
    end = end ? end : t->end;
    *list = NULL;
    char *at = t->at + strspn(t->at, " \t");
    char *open = strncasecmp(at, keyword, sizeof keyword - 1)
                     ? NULL
                     : find_open(at, end);
    if (!open)
        return SN_OK;
    char *close = memchr(open, '}', (size_t)(end - open));
    if (!close)
        return task_refuse(
            t->fault, TASK_FAULT_OPEN_BRACE, t->line, 0, NULL, 0, 0);
    *list = strndup(open + 1, (size_t)(close - open - 1));
    memset(open, ' ', (size_t)(close - open + 1));
    return *list ? SN_OK : SN_NO_MEMORY;
}

/* Owns the list. */
static enum sn_status take_words(
    struct task_column *c, char *list, size_t line, struct task_fault *fault)
{
    struct task_text inside;
    enum sn_status status = task_text_of(&inside, list, strlen(list), fault);
    inside.arff = true;
    inside.line = line;
    c->nominal = c->declared = true;
    if (status == SN_OK)
        status = task_text_row(&inside);
    for (size_t j = 0; status == SN_OK && j < task_text_fields(&inside, 0);
         j++)
        if (task_words_add(&c->words, task_text_word(&inside, 0, j)) ==
            SIZE_MAX)
            status = SN_NO_MEMORY;
    task_text_close(&inside);
    return status == SN_NO_SOLUTION ? SN_OK : status; /* {}: no words */
}

static enum sn_status take_type(
    const struct task_text *t, const struct task_column *c, size_t row)
{
    static const char *const numeric[] = {"numeric", "real", "integer"};
    const size_t line = t->row[row].line;
    if (task_text_fields(t, row) < 3)
        return task_refuse(
            t->fault, TASK_FAULT_NO_TYPE, line, 0, c->name, 0, 0);
    const char *type = task_text_word(t, row, 2);
    for (int i = 0; i < 3; i++)
        if (!strcasecmp(type, numeric[i]))
            return SN_OK;
    snprintf(t->fault->other, sizeof t->fault->other, "%s", c->name);
    return task_refuse(t->fault, TASK_FAULT_TYPE, line, 0, type, 0, 0);
}

/* Owns the list. */
static enum sn_status take_attribute(struct task_table *table,
    const struct task_text *t, size_t row, char *list)
{
    const size_t line = t->row[row].line;
    struct task_column *more = NULL;
    enum sn_status status = SN_NO_MEMORY;
    if (table->columns == TASK_MOST_COLUMNS)
        status = task_refuse(
            t->fault, TASK_FAULT_COLUMNS, line, 0, NULL, TASK_MOST_COLUMNS, 0);
    else if (task_text_fields(t, row) < 2)
        status =
            task_refuse(t->fault, TASK_FAULT_NO_NAME, line, 0, NULL, 0, 0);
    else
        more = realloc(table->column, (table->columns + 1) * sizeof *more);
    if (!more) {
        free(list);
        return status;
    }
    table->column = more;
    struct task_column *c = &more[table->columns++];
    *c = (struct task_column){.name = strdup(task_text_word(t, row, 1))};
    if (list)
        status = take_words(c, list, line, t->fault);
    else
        status = c->name ? take_type(t, c, row) : SN_NO_MEMORY;
    return c->name ? status : SN_NO_MEMORY;
}

/* One declaration; *data: it is @data. */
static enum sn_status take_declaration(
    struct task_table *table, bool *data, struct task_text *t)
{
    char *list;
    enum sn_status status =
        task_text_seek(t)
            ? cut_list(&list, t)
            : task_refuse(t->fault, TASK_FAULT_NO_DATA,
                  t->rows ? t->row[t->rows - 1].line : 0, 0, NULL, 0, 0);
    if (status != SN_OK)
        return status;
    status = task_text_row(t);
    const size_t row = t->rows - 1;
    const char *word = status == SN_OK ? task_text_word(t, row, 0) : "";
    *data = !strcasecmp(word, "@data");
    if (status == SN_OK && !strcasecmp(word, "@attribute"))
        return take_attribute(table, t, row, list);
    free(list);
    if (status != SN_OK)
        return status;
    if (*data && !table->columns)
        return task_refuse(t->fault, TASK_FAULT_NO_ATTRIBUTE, t->row[row].line,
            0, NULL, 0, 0);
    return *data || !strcasecmp(word, "@relation")
               ? SN_OK
               : task_refuse(t->fault, TASK_FAULT_KEYWORD, t->row[row].line, 0,
                     word, 0, 0);
}

static enum sn_status refuse_sparse(const struct task_text *text)
{
    const char *at = text->at;
    at += strspn(at, " \t");
    return *at != '{' ? SN_OK
                      : task_refuse(text->fault, TASK_FAULT_SPARSE, text->line,
                            0, NULL, 0, 0);
}

enum sn_status task_read_arff(struct task_task *task, struct task_text *text,
    const char *name, const struct task_reading *reading)
{
    struct task_table table = {0};
    enum sn_status status = SN_OK;
    text->arff = true;
    text->delimiter = ' ';
    for (bool data = false; status == SN_OK && !data;)
        status = take_declaration(&table, &data, text);
    const size_t first = text->rows;
    text->delimiter = ',';
    if (status == SN_OK)
        status = task_table_find_label(&table, text, reading);
    if (status == SN_OK && task_text_seek(text))
        status = refuse_sparse(text);
    if (status == SN_OK)
        status = task_text_rows(text);
    if (status == SN_OK)
        status = task_table_fill(&table, text, first, 0, reading);
    if (status == SN_OK)
        status = task_table_task(task, &table, name, text->fault);
    task_table_clear(&table);
    return status;
}

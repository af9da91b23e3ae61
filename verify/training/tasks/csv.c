/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/table.h"
#include <stdlib.h>
#include <string.h>

static size_t count_numbers(const struct task_text *text, size_t row)
{
    size_t numbers = 0;
    for (size_t j = 0; j < task_text_fields(text, row); j++) {
        double value;
        const char *word = task_text_word(text, row, j);
        numbers += task_field_kind(word, &value) == TASK_FIELD_NUMBER ||
                   task_field_has_comma(word);
    }
    return numbers;
}

/*
 * Is the first row one of names?  Yes where it holds no number and the second
 * one does; if that does not either, nobody can tell.
 */
static enum sn_status find_header(bool *header, const struct task_text *text,
    const struct task_reading *reading)
{
    const bool numbers = count_numbers(text, 0);
    *header = reading->header == TASK_HEADER_YES;
    if (!numbers && text->rows < 2)
        return task_refuse(
            text->fault, TASK_FAULT_ONE_ROW, text->row[0].line, 0, NULL, 0, 0);
    if (numbers || reading->header != TASK_HEADER_GUESS)
        return SN_OK;
    *header = count_numbers(text, 1);
    if (!*header && task_text_fields(text, 0) > 1)
        return task_refuse(text->fault, TASK_FAULT_HEADER_UNKNOWN,
            text->row[0].line, 0, NULL, 0, 0);
    return SN_OK;
}

static enum sn_status name_columns(
    struct task_table *t, const struct task_text *text)
{
    struct task_words names = {0};
    enum sn_status status = SN_OK;
    for (size_t j = 0; status == SN_OK && j < t->columns; j++) {
        const char *word = task_text_word(text, 0, j);
        if (!*word)
            status = task_refuse_field(text, TASK_FAULT_UNNAMED, 0, j);
        else if (task_words_add(&names, word) == SIZE_MAX ||
                 !(t->column[j].name = strdup(word)))
            status = SN_NO_MEMORY;
        else if (names.words <= j)
            status = task_refuse_field(text, TASK_FAULT_SAME_NAME, 0, j);
    }
    task_words_clear(&names);
    return status;
}

enum sn_status task_read_csv(struct task_task *task, struct task_text *text,
    const char *name, const struct task_reading *reading)
{
    struct task_table table = {0};
    bool header = false;
    task_text_seek(text);
    text->delimiter = task_text_delimiter(text);
    enum sn_status status = task_text_rows(text);
    if (status == SN_OK && !text->rows)
        status =
            task_refuse(text->fault, TASK_FAULT_NO_ROWS, 0, 0, NULL, 0, 0);
    if (status == SN_OK)
        status = task_table_columns(&table, task_text_fields(text, 0), text);
    if (status == SN_OK)
        status = find_header(&header, text, reading);
    if (status == SN_OK && header)
        status = name_columns(&table, text);
    if (status == SN_OK)
        status = task_table_find_label(&table, text, reading);
    if (status == SN_OK)
        status = task_table_fill(&table, text, header, 0, reading);
    if (status == SN_OK)
        status = task_table_task(task, &table, name, text->fault);
    task_table_clear(&table);
    return status;
}

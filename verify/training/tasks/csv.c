/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/source.h"
#include <stdlib.h>
#include <string.h>

/* Fields of the row, and how many of them are numbers; the names if wanted. */
static enum sn_status look_at_row(struct task_source *s, size_t *fields,
    size_t *numbers, struct task_words *names)
{
    *fields = *numbers = 0;
    while (task_source_field(s)) {
        double value;
        *numbers += task_field_kind(s->word, &value) == TASK_FIELD_NUMBER ||
                    task_field_has_comma(s->word);
        ++*fields;
        if (names && !*s->word)
            return task_source_refuse(s,
                "the column has no name: name it, or take it out if it "
                "numbers the rows");
        if (names && task_words_add(names, s->word) == SIZE_MAX)
            return SN_NO_MEMORY;
        if (names && names->words < *fields)
            return task_source_refuse(
                s, "'%.40s' is the name of two columns", s->word);
    }
    return s->failed ? SN_BAD_VALUE : SN_OK;
}

/*
 * A header where the first row holds no number and the second one does; if
 * that does not either, nobody can tell.
 * Leaves the source at the first row of data.
 */
static enum sn_status take_header(struct task_table *t, struct task_source *s,
    const struct task_reading *reading)
{
    const char *begin = s->at;
    size_t line = s->next_line, fields, numbers, more, later;
    enum sn_status status;
    struct task_words names = {0};
    if (!task_source_row(s))
        return task_source_refuse_at(s, 0, 0, "no rows");
    status = look_at_row(s, &fields, &numbers, NULL);
    if (status == SN_OK)
        status = task_table_columns(t, fields);
    bool header = reading->header == TASK_HEADER_YES;
    if (status == SN_OK && !numbers && !task_source_row(s))
        return task_source_refuse_at(
            s, line, 0, "no rows behind the first, which holds no number");
    if (status == SN_OK && reading->header == TASK_HEADER_GUESS && !numbers) {
        status = look_at_row(s, &more, &later, NULL);
        header = later > 0;
        if (status == SN_OK && !header && fields > 1)
            return task_source_refuse_at(s, line, 0,
                "no number in the first two rows: --header yes or no says "
                "whether the first is one of names");
    }
    task_source_rewind(s, begin, line);
    if (status != SN_OK || !header)
        return status;
    task_source_row(s);
    status = look_at_row(s, &fields, &numbers, &names);
    for (size_t j = 0; status == SN_OK && j < fields; j++)
        if (!(t->column[j].name = strdup(names.word[j])))
            status = SN_NO_MEMORY;
    task_words_clear(&names);
    return status;
}

enum sn_status task_read_csv(struct task_task *task, struct task_source *s,
    const char *name, const struct task_reading *reading)
{
    struct task_table table = {0};
    size_t label = 0;
    task_source_row(s); /* past blank lines */
    s->delimiter = task_source_delimiter(s);
    enum sn_status status = take_header(&table, s, reading);
    if (status == SN_OK)
        status = task_table_label(&label, &table, s, reading);
    if (status == SN_OK)
        status = task_table_fill(&table, s, 0, label, reading);
    if (status == SN_OK)
        status = task_table_task(task, &table, label, name, s);
    task_table_clear(&table);
    return status;
}

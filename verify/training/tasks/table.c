/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/table.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sn_status task_table_columns(
    struct task_table *t, size_t columns, const struct task_text *text)
{
    *t = (struct task_table){.columns = columns, .label = columns - 1};
    if (columns > TASK_MOST_COLUMNS)
        return task_refuse(text->fault, TASK_FAULT_COLUMNS, text->row[0].line,
            0, NULL, TASK_MOST_COLUMNS, 0);
    t->column = calloc(columns, sizeof *t->column);
    return t->column ? SN_OK : SN_NO_MEMORY;
}

void task_table_clear(struct task_table *t)
{
    for (size_t j = 0; t->column && j < t->columns; j++) {
        free(t->column[j].name);
        task_words_clear(&t->column[j].words);
    }
    free(t->column);
    free(t->cell);
    *t = (struct task_table){0};
}

enum sn_status task_table_find_label(struct task_table *t,
    const struct task_text *text, const struct task_reading *reading)
{
    const char *word = reading->label;
    t->label = t->columns - 1;
    if (!word)
        return SN_OK;
    for (size_t j = 0; j < t->columns; j++)
        if (t->column[j].name && !strcmp(t->column[j].name, word)) {
            t->label = j;
            return SN_OK;
        }
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    if (*word < '0' || *word > '9' || *end || number < 1 ||
        number > t->columns)
        return task_refuse(
            text->fault, TASK_FAULT_NO_LABEL, 0, 0, word, t->columns, 0);
    t->label = number - 1;
    return SN_OK;
}

/* ---- first pass: the kinds of the columns ---- */

static enum sn_status note_kinds(struct task_table *t,
    const struct task_text *text, size_t row, size_t skip)
{
    double value;
    if (task_text_fields(text, row) != t->columns + skip)
        return task_refuse(text->fault, TASK_FAULT_FIELDS, text->row[row].line,
            0, NULL, task_text_fields(text, row), t->columns + skip);
    for (size_t j = 0; j < t->columns; j++) {
        struct task_column *c = &t->column[j];
        const char *word = task_text_word(text, row, skip + j);
        if (c->declared)
            continue;
        if (j != t->label && task_field_has_comma(word))
            return task_refuse_field(text, TASK_FAULT_COMMA, row, skip + j);
        if (c->has_text || task_field_kind(word, &value) != TASK_FIELD_TEXT)
            continue;
        c->has_text = true;
        c->text_row = row;
    }
    return SN_OK;
}

/* Columns with text become features, a word each, if that is wanted. */
static enum sn_status make_nominal(struct task_table *t,
    const struct task_text *text, size_t skip,
    const struct task_reading *reading)
{
    for (size_t j = 0; j < t->columns; j++) {
        struct task_column *c = &t->column[j];
        if (j == t->label || !c->has_text)
            continue;
        c->nominal = true;
        if (!reading->nominal)
            return task_refuse_field(text,
                reading->label ? TASK_FAULT_NOT_NUMBER
                               : TASK_FAULT_NOT_NUMBER_MAYBE_LABEL,
                c->text_row, skip + j);
    }
    return SN_OK;
}

/* ---- second pass: the cells ---- */

/* The index of a word in its column's dictionary. */
static enum sn_status cell_of_word(double *cell, struct task_table *t,
    const struct task_text *text, size_t row, size_t field)
{
    const size_t j = field - (task_text_fields(text, row) - t->columns);
    struct task_column *c = &t->column[j];
    const char *word = task_text_word(text, row, field);
    char number[32];
    if (!c->has_text && !c->declared) { /* 1 and 1.0 are one class */
        snprintf(number, sizeof number, "%.12g", *cell);
        word = number;
    }
    size_t i = c->declared ? task_words_find(&c->words, word)
                           : task_words_add(&c->words, word);
    if (i == SIZE_MAX && !c->declared)
        return SN_NO_MEMORY;
    if (i == SIZE_MAX)
        return task_refuse_field(text, TASK_FAULT_UNDECLARED, row, field);
    if (c->words.words > TASK_MOST_CLASSES)
        return task_refuse(text->fault,
            j == t->label ? TASK_FAULT_LABEL_WORDS : TASK_FAULT_FEATURE_WORDS,
            text->row[row].line, field + 1, NULL, TASK_MOST_CLASSES, 0);
    *cell = (double)i;
    return SN_OK;
}

static enum sn_status fill_row(struct task_table *t,
    const struct task_text *text, size_t row, size_t skip,
    const struct task_reading *reading)
{
    enum sn_status status = SN_OK;
    double *cell = t->cell + t->rows * t->columns;
    for (size_t j = 0; status == SN_OK && j < t->columns; j++) {
        const bool words = t->column[j].nominal || j == t->label;
        const bool quoted = task_text_quoted(text, row, skip + j);
        enum task_field kind =
            task_field_kind(task_text_word(text, row, skip + j), &cell[j]);
        if (kind != TASK_FIELD_MISSING || (quoted && words)) {
            if (words)
                status = cell_of_word(&cell[j], t, text, row, skip + j);
        } else if (j == t->label) {
            status = task_refuse_field(
                text, TASK_FAULT_LABEL_MISSING, row, skip + j);
        } else if (!reading->missing) {
            status = task_refuse_field(
                text, TASK_FAULT_VALUE_MISSING, row, skip + j);
        }
    }
    t->rows++;
    return status;
}

enum sn_status task_table_fill(struct task_table *t,
    const struct task_text *text, size_t first, size_t skip,
    const struct task_reading *reading)
{
    enum sn_status status = SN_OK;
    if (first >= text->rows)
        return task_refuse(text->fault, TASK_FAULT_NO_ROWS,
            text->rows ? text->row[text->rows - 1].line : 0, 0, NULL, 0, 0);
    for (size_t row = first; status == SN_OK && row < text->rows; row++)
        status = note_kinds(t, text, row, skip);
    if (status == SN_OK)
        status = make_nominal(t, text, skip, reading);
    if (status != SN_OK)
        return status;
    size_t rows = t->rows + text->rows - first;
    double *cell = realloc(t->cell, rows * t->columns * sizeof *t->cell);
    if (!cell)
        return SN_NO_MEMORY;
    t->cell = cell;
    for (size_t row = first; status == SN_OK && row < text->rows; row++)
        status = fill_row(t, text, row, skip, reading);
    return status;
}

/* ---- the task ---- */

static int by_name(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    double u, v;
    bool numbers = task_field_kind(x, &u) == TASK_FIELD_NUMBER &&
                   task_field_kind(y, &v) == TASK_FIELD_NUMBER;
    return numbers && u != v ? (u > v) - (u < v) : strcmp(x, y);
}

/* Words of the label's column that occur, in order; and where each went. */
static enum sn_status classes_of(struct task_task *task,
    const struct task_table *t, const char *name, size_t features)
{
    const struct task_words *w = &t->column[t->label].words;
    const char **class = calloc(w->words + 1, sizeof *class);
    bool *occurs = calloc(w->words + 1, sizeof *occurs);
    enum sn_status status = SN_NO_MEMORY;
    size_t classes = 0;
    for (size_t i = 0; class && occurs && i < t->rows; i++)
        occurs[(size_t)t->cell[i * t->columns + t->label]] = true;
    for (size_t k = 0; class && occurs && k < w->words; k++)
        if (occurs[k])
            class[classes++] = w->word[k];
    if (class && occurs) {
        qsort(class, classes, sizeof *class, by_name);
        status = task_start(task, name, t->rows, features, class);
    }
    free(class);
    free(occurs);
    return status;
}

static size_t features_of(const struct task_column *c)
{
    return c->nominal ? c->words.words : 1;
}

/* Feature k of column c: its number, or whether it is word k. */
static double feature(const struct task_column *c, double cell, size_t k)
{
    if (!c->nominal || isnan(cell))
        return cell;
    return cell == (double)k;
}

static bool name_features(struct task_task *task, const struct task_table *t)
{
    size_t at = 0;
    task->feature_name = calloc(task->features, sizeof *task->feature_name);
    for (size_t j = 0; task->feature_name && j < t->columns; j++) {
        const struct task_column *c = &t->column[j];
        for (size_t k = 0; j != t->label && k < features_of(c); k++) {
            char name[128];
            if (c->name)
                snprintf(name, sizeof name, "%.60s%s%.60s", c->name,
                    c->nominal ? "=" : "", c->nominal ? c->words.word[k] : "");
            else
                snprintf(name, sizeof name, "column %zu%s%.60s", j + 1,
                    c->nominal ? "=" : "", c->nominal ? c->words.word[k] : "");
            if (!(task->feature_name[at++] = strdup(name)))
                return false;
        }
    }
    return task->feature_name;
}

static void fill_task(struct task_task *task, const struct task_table *t)
{
    const struct task_words *w = &t->column[t->label].words;
    int place[TASK_MOST_CLASSES + 1];
    for (size_t k = 0; k < w->words; k++)
        for (size_t c = 0; c < task->classes; c++)
            if (!strcmp(w->word[k], task->class_name[c]))
                place[k] = (int)c;
    double *to = task->x;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->columns; j++) {
            double cell = t->cell[i * t->columns + j];
            if (j == t->label) {
                task->label[i] = place[(size_t)cell];
                continue;
            }
            task->missing += isnan(cell) ? 1 : 0;
            for (size_t k = 0; k < features_of(&t->column[j]); k++)
                *to++ = feature(&t->column[j], cell, k);
        }
}

enum sn_status task_table_task(struct task_task *task,
    const struct task_table *t, const char *name, struct task_fault *fault)
{
    size_t features = 0;
    for (size_t j = 0; j < t->columns; j++)
        features += j == t->label ? 0 : features_of(&t->column[j]);
    if (!features)
        return task_refuse(fault, TASK_FAULT_ONE_COLUMN, 1, 0, NULL, 0, 0);
    if (features > TASK_MOST_VALUES / t->rows)
        return task_refuse(
            fault, TASK_FAULT_VALUES, 0, 0, NULL, TASK_MOST_VALUES, 0);
    enum sn_status status = classes_of(task, t, name, features);
    if (status != SN_OK)
        return status;
    if (task->classes < 2)
        status = task_refuse(fault, TASK_FAULT_ONE_CLASS, 0, t->label + 1,
            task->class_name[0], t->rows, 0);
    else if (!name_features(task, t))
        status = SN_NO_MEMORY;
    if (status != SN_OK) {
        task_clear(task);
        return status;
    }
    fill_task(task, t);
    return SN_OK;
}

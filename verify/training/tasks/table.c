/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of fields as columns of numbers and words, and as a task. */
#include "verify/training/tasks/source.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

enum sn_status task_table_columns(struct task_table *t, size_t columns)
{
    *t = (struct task_table){.columns = columns};
    t->column = calloc(columns, sizeof *t->column);
    return t->column ? SN_OK : SN_NO_MEMORY;
}

void task_table_clear(struct task_table *t)
{
    for (size_t j = 0; t->column && j < t->columns; j++) {
        free(t->column[j].name);
        free(t->column[j].text);
        task_words_clear(&t->column[j].words);
    }
    free(t->column);
    free(t->cell);
    *t = (struct task_table){0};
}

enum sn_status task_table_label(size_t *label, const struct task_table *t,
    struct task_source *s, const struct task_reading *reading)
{
    const char *word = reading->label;
    *label = t->columns - 1;
    if (!word)
        return SN_OK;
    for (size_t j = 0; j < t->columns; j++)
        if (t->column[j].name && !strcmp(t->column[j].name, word)) {
            *label = j;
            return SN_OK;
        }
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    if (*word >= '0' && *word <= '9' && !*end && number >= 1 &&
        number <= t->columns) {
        *label = number - 1;
        return SN_OK;
    }
    return task_source_refuse_at(s, 0, 0,
        "has no column '%.40s' for the label; give a name of its header or a "
        "number from 1 to %zu",
        word, t->columns);
}

static enum sn_status note_kind(
    struct task_column *c, struct task_source *s, bool is_label)
{
    double value;
    if (!is_label && task_field_has_comma(s->word))
        return task_source_refuse(s,
            "'%.40s' has a comma: numbers have a decimal point, and nothing "
            "between thousands",
            s->word);
    if (c->text_line || task_field_kind(s->word, &value) != TASK_FIELD_TEXT)
        return SN_OK;
    c->text_line = s->line;
    c->text = strdup(s->word);
    return c->text ? SN_OK : SN_NO_MEMORY;
}

static enum sn_status too_short(const struct task_table *t,
    struct task_source *s, size_t skip, size_t have)
{
    return task_source_refuse_at(s, s->line, 0,
        "%zu field%s, not %zu as in the rows before", have,
        have == 1 ? "" : "s", t->columns + skip);
}

/* One row's fields in turn to `use`. */
static enum sn_status each_field(struct task_table *t, struct task_source *s,
    size_t skip,
    enum sn_status (*use)(
        struct task_table *, struct task_source *, size_t j, void *),
    void *context)
{
    size_t have = 0;
    enum sn_status status = SN_OK;
    while (status == SN_OK && task_source_field(s)) {
        if (have >= skip && have - skip < t->columns)
            status = use(t, s, have - skip, context);
        have++;
    }
    if (status == SN_OK && s->failed)
        status = SN_BAD_VALUE;
    if (status == SN_OK && have != t->columns + skip)
        status = too_short(t, s, skip, have);
    return status;
}

struct filling {
    size_t label;
    const struct task_reading *reading;
};

static enum sn_status first_pass(
    struct task_table *t, struct task_source *s, size_t j, void *context)
{
    const struct filling *f = context;
    struct task_column *c = &t->column[j];
    return c->declared ? SN_OK : note_kind(c, s, j == f->label);
}

static enum sn_status second_pass(
    struct task_table *t, struct task_source *s, size_t j, void *context)
{
    const struct filling *f = context;
    struct task_column *c = &t->column[j];
    double value;
    enum task_field kind = task_field_kind(s->word, &value);
    bool words = c->nominal || j == f->label;
    if (kind == TASK_FIELD_MISSING && !(s->quoted && words)) {
        if (j == f->label)
            return task_source_refuse(s, "the label is missing");
        if (!f->reading->missing)
            return task_source_refuse(s,
                "the value is missing; --missing takes the mean in its place");
    } else if (words) {
        char number[32];
        if (!c->text_line && !c->declared) /* 1 and 1.0 are one class */
            snprintf(number, sizeof number, "%.12g", value);
        const char *word = c->text_line || c->declared ? s->word : number;
        size_t i = c->declared ? task_words_find(&c->words, word)
                               : task_words_add(&c->words, word);
        if (i == SIZE_MAX && !c->declared)
            return SN_NO_MEMORY;
        if (i == SIZE_MAX)
            return task_source_refuse(
                s, "'%.40s' is not among the words of its attribute", word);
        if (c->words.words > TASK_MOST_CLASSES)
            return task_source_refuse(s,
                "more than %d different words in this column: not %s",
                TASK_MOST_CLASSES, j == f->label ? "a label" : "a feature");
        value = (double)i;
    }
    t->cell[t->rows * t->columns + j] = value;
    return SN_OK;
}

enum sn_status task_table_fill(struct task_table *t, struct task_source *s,
    size_t skip, size_t label, const struct task_reading *reading)
{
    const char *begin = s->at;
    size_t line = s->next_line, rows = 0;
    struct filling filling = {label, reading};
    enum sn_status status = SN_OK;
    for (; status == SN_OK && task_source_row(s); rows++)
        status = each_field(t, s, skip, first_pass, &filling);
    if (status == SN_OK && s->failed)
        status = SN_BAD_VALUE;
    if (status == SN_OK && !rows)
        status = task_source_refuse_at(s, s->line, 0, "no rows");
    for (size_t j = 0; status == SN_OK && j < t->columns; j++) {
        struct task_column *c = &t->column[j];
        if (j == label || !c->text_line)
            continue;
        c->nominal = true;
        if (!reading->nominal)
            status = task_source_refuse_at(s, c->text_line, skip + j + 1,
                "'%.40s' is not a finite number; --nominal makes features of "
                "words%s",
                c->text,
                reading->label ? ""
                               : ", --label says which column is the class");
    }
    if (status != SN_OK)
        return status;
    double *cell =
        realloc(t->cell, (t->rows + rows) * t->columns * sizeof *t->cell);
    if (!cell)
        return SN_NO_MEMORY;
    t->cell = cell;
    task_source_rewind(s, begin, line);
    for (; status == SN_OK && task_source_row(s); t->rows++)
        status = each_field(t, s, skip, second_pass, &filling);
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
    const struct task_table *t, size_t label, const char *name,
    size_t features)
{
    const struct task_words *w = &t->column[label].words;
    const char **class = calloc(w->words + 1, sizeof *class);
    bool *occurs = calloc(w->words + 1, sizeof *occurs);
    enum sn_status status = SN_NO_MEMORY;
    size_t classes = 0;
    for (size_t i = 0; class && occurs && i < t->rows; i++)
        occurs[(size_t)t->cell[i * t->columns + label]] = true;
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

static bool name_features(
    struct task_task *task, const struct task_table *t, size_t label)
{
    size_t at = 0;
    task->feature_name = calloc(task->features, sizeof *task->feature_name);
    for (size_t j = 0; task->feature_name && j < t->columns; j++) {
        const struct task_column *c = &t->column[j];
        for (size_t k = 0; j != label && k < features_of(c); k++) {
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

static void fill_task(
    struct task_task *task, const struct task_table *t, size_t label)
{
    const struct task_words *w = &t->column[label].words;
    int place[TASK_MOST_CLASSES + 1];
    for (size_t k = 0; k < w->words; k++)
        for (size_t c = 0; c < task->classes; c++)
            if (!strcmp(w->word[k], task->class_name[c]))
                place[k] = (int)c;
    double *to = task->x;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->columns; j++) {
            double cell = t->cell[i * t->columns + j];
            if (j == label) {
                task->label[i] = place[(size_t)cell];
                continue;
            }
            task->missing += isnan(cell) ? 1 : 0;
            for (size_t k = 0; k < features_of(&t->column[j]); k++)
                *to++ = feature(&t->column[j], cell, k);
        }
}

enum sn_status task_table_task(struct task_task *task,
    const struct task_table *t, size_t label, const char *name,
    struct task_source *s)
{
    size_t features = 0;
    for (size_t j = 0; j < t->columns; j++)
        features += j == label ? 0 : features_of(&t->column[j]);
    if (!features)
        return task_source_refuse_at(
            s, 1, 0, "one column: there are no features beside the label");
    enum sn_status status = classes_of(task, t, label, name, features);
    if (status != SN_OK)
        return status;
    if (task->classes < 2)
        status = task_source_refuse_at(s, 0, label + 1,
            "one class, '%.40s', in all %zu rows: there is nothing to learn",
            task->class_name[0], t->rows);
    else if (!name_features(task, t, label))
        status = SN_NO_MEMORY;
    if (status != SN_OK) {
        task_clear(task);
        return status;
    }
    fill_task(task, t, label);
    return SN_OK;
}

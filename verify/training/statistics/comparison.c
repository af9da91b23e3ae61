/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/statistics/comparison.h"
#include "verify/training/tasks/text.h"
#include "verify/training/tasks/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_complete(const struct train_scores *s, size_t task)
{
    for (size_t m = 0; m < s->methods; m++)
        if (isnan(s->accuracy[task * s->methods + m]))
            return false;
    return true;
}

/* The reference against method m, over the complete tasks. */
static bool compare_with(struct train_standing *out,
    const struct train_scores *s, size_t reference, size_t m, double *d)
{
    size_t n = 0;
    for (size_t t = 0; t < s->tasks; t++) {
        const double *row = s->accuracy + t * s->methods;
        if (!is_complete(s, t))
            continue;
        out->wins += row[reference] > row[m];
        out->losses += row[reference] < row[m];
        out->ties += row[reference] == row[m];
        d[n++] = train_tidy_difference(row[reference], row[m]);
    }
    return train_wilcoxon_test(&out->test, d, n);
}

enum sn_status train_compare(struct train_standing *standing, size_t *used,
    const struct train_scores *s, size_t reference)
{
    double *rank = malloc((s->methods + s->tasks) * sizeof *rank);
    if (!rank)
        return SN_NO_MEMORY;
    for (size_t m = 0; m < s->methods; m++)
        standing[m] = (struct train_standing){0};
    *used = 0;
    for (size_t t = 0; t < s->tasks; t++) {
        const double *row = s->accuracy + t * s->methods;
        if (!is_complete(s, t))
            continue;
        train_ranks(rank, row, s->methods);
        for (size_t m = 0; m < s->methods; m++) {
            standing[m].rank += rank[m];
            standing[m].mean += row[m];
        }
        ++*used;
    }
    bool enough = true;
    for (size_t m = 0; *used && m < s->methods; m++) {
        struct train_standing *x = &standing[m];
        x->rank /= (double)*used;
        x->mean /= (double)*used;
        x->difference = x->rank - ((double)s->methods + 1) / 2;
        enough = compare_with(x, s, reference, m, rank + s->methods) && enough;
    }
    free(rank);
    return !enough ? SN_NO_MEMORY : *used ? SN_OK : SN_BAD_VALUE;
}

enum sn_status train_scores_start(
    struct train_scores *s, size_t tasks, size_t methods)
{
    *s = (struct train_scores){.tasks = tasks, .methods = methods};
    s->task = calloc(tasks + 1, sizeof *s->task);
    s->method = calloc(methods + 1, sizeof *s->method);
    s->accuracy = calloc(tasks * methods + 1, sizeof *s->accuracy);
    if (s->task && s->method && s->accuracy)
        return SN_OK;
    train_scores_clear(s);
    return SN_NO_MEMORY;
}

void train_scores_clear(struct train_scores *s)
{
    for (size_t i = 0; s->task && i < s->tasks; i++)
        free(s->task[i]);
    for (size_t i = 0; s->method && i < s->methods; i++)
        free(s->method[i]);
    free(s->task);
    free(s->method);
    free(s->accuracy);
    *s = (struct train_scores){0};
}

/* ---- from a file ---- */

static bool is_method(const char *name, size_t column)
{
    return column > 0 && strcmp(name, "N") && strcmp(name, "M");
}

/* Header: how many of the columns are methods. */
static enum sn_status count_methods(
    size_t *methods, const struct task_text *text)
{
    struct task_words names = {0};
    enum sn_status status = SN_OK;
    const size_t columns = task_text_fields(text, 0);
    *methods = 0;
    for (size_t j = 0; status == SN_OK && j < columns; j++) {
        const char *word = task_text_word(text, 0, j);
        *methods += is_method(word, j);
        if (task_words_add(&names, word) == SIZE_MAX)
            status = SN_NO_MEMORY;
        else if (names.words <= j)
            status = task_refuse_field(text, TASK_FAULT_SAME_NAME, 0, j);
    }
    task_words_clear(&names);
    if (status == SN_OK && *methods < 2)
        status = task_refuse(text->fault, TASK_FAULT_METHODS,
            text->row[0].line, 0, NULL, *methods, 0);
    return status;
}

static enum sn_status take_scores(
    struct train_scores *out, const struct task_text *text, size_t row)
{
    const size_t columns = task_text_fields(text, 0);
    double *accuracy = out->accuracy + (row - 1) * out->methods;
    if (task_text_fields(text, row) != columns)
        return task_refuse(text->fault, TASK_FAULT_HEADER_FIELDS,
            text->row[row].line, 0, NULL, task_text_fields(text, row),
            columns);
    for (size_t j = 0; j < columns; j++) {
        double value;
        if (!is_method(task_text_word(text, 0, j), j))
            continue;
        enum task_field kind =
            task_field_kind(task_text_word(text, row, j), &value);
        if (kind == TASK_FIELD_TEXT ||
            (kind == TASK_FIELD_NUMBER && !(value >= 0 && value <= 1)))
            return task_refuse_field(text, TASK_FAULT_ACCURACY, row, j);
        *accuracy++ = value;
    }
    out->task[row - 1] = strdup(task_text_word(text, row, 0));
    return out->task[row - 1] ? SN_OK : SN_NO_MEMORY;
}

static enum sn_status take_table(
    struct train_scores *out, const struct task_text *text)
{
    size_t methods, method = 0;
    if (!text->rows)
        return task_refuse(text->fault, TASK_FAULT_NO_ROWS, 0, 0, NULL, 0, 0);
    enum sn_status status = count_methods(&methods, text);
    if (status != SN_OK)
        return status;
    if (text->rows < 2)
        return task_refuse(
            text->fault, TASK_FAULT_NO_ROWS, text->row[0].line, 0, NULL, 0, 0);
    status = train_scores_start(out, text->rows - 1, methods);
    for (size_t j = 0; status == SN_OK && j < task_text_fields(text, 0); j++) {
        const char *word = task_text_word(text, 0, j);
        if (is_method(word, j) && !(out->method[method++] = strdup(word)))
            status = SN_NO_MEMORY;
    }
    for (size_t row = 1; status == SN_OK && row < text->rows; row++)
        status = take_scores(out, text, row);
    return status;
}

enum sn_status train_scores_read(
    struct train_scores *scores, struct task_fault *fault, const char *path)
{
    struct task_text text;
    *scores = (struct train_scores){0};
    *fault = (struct task_fault){0};
    enum sn_status status = task_text_open(&text, path, fault);
    if (status == SN_OK) {
        task_text_seek(&text);
        text.delimiter = task_text_delimiter(&text);
        status = task_text_rows(&text);
    }
    if (status == SN_OK)
        status = take_table(scores, &text);
    if (status != SN_OK)
        train_scores_clear(scores);
    task_text_close(&text);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/statistics/comparison.h"
#include "verify/training/tasks/source.h"
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
static bool against(struct train_standing *out, const struct train_scores *s,
    size_t reference, size_t m, double *d)
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
        enough = against(x, s, reference, m, rank + s->methods) && enough;
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

/* Header: the columns' names; methods among them. */
static enum sn_status take_head(
    struct task_source *s, struct task_words *names, size_t *methods)
{
    if (!task_source_row(s))
        return task_source_refuse_at(s, 0, 0, "no rows");
    *methods = 0;
    while (task_source_field(s)) {
        if (task_words_find(names, s->word) != SIZE_MAX)
            return task_source_refuse(
                s, "'%.40s' is the name of two columns", s->word);
        *methods += is_method(s->word, s->column - 1);
        if (task_words_add(names, s->word) == SIZE_MAX)
            return SN_NO_MEMORY;
    }
    if (s->failed)
        return SN_BAD_VALUE;
    if (*methods < 2)
        return task_source_refuse_at(s, s->line, 0,
            "the header names %zu method%s: must be two or more, behind the "
            "name of the data set, N and M",
            *methods, *methods == 1 ? "" : "s");
    return SN_OK;
}

static enum sn_status take_row(struct train_scores *out, struct task_source *s,
    const struct task_words *names, size_t row)
{
    size_t column = 0, method = 0;
    for (; task_source_field(s); column++) {
        double value;
        if (column == 0 && !(out->task[row] = strdup(s->word)))
            return SN_NO_MEMORY;
        if (column >= names->words || !is_method(names->word[column], column))
            continue;
        enum task_field kind = task_field_kind(s->word, &value);
        if (kind == TASK_FIELD_TEXT ||
            (kind == TASK_FIELD_NUMBER && !(value >= 0 && value <= 1)))
            return task_source_refuse(
                s, "'%.40s': must be an accuracy from 0 to 1, or NA", s->word);
        out->accuracy[row * out->methods + method++] = value;
    }
    if (s->failed)
        return SN_BAD_VALUE;
    if (column != names->words)
        return task_source_refuse_at(s, s->line, 0,
            "%zu fields, not %zu as in the header", column, names->words);
    return SN_OK;
}

static enum sn_status take_table(
    struct train_scores *out, struct task_source *s, struct task_words *names)
{
    size_t methods = 0, rows = 0, method = 0;
    enum sn_status status = take_head(s, names, &methods);
    if (status != SN_OK)
        return status;
    const char *at = s->at;
    size_t line = s->next_line;
    for (; task_source_row(s); rows++)
        while (task_source_field(s))
            continue;
    if (s->failed)
        return SN_BAD_VALUE;
    if (!rows)
        return task_source_refuse_at(s, s->line, 0, "no rows");
    status = train_scores_start(out, rows, methods);
    for (size_t j = 0; status == SN_OK && j < names->words; j++)
        if (is_method(names->word[j], j) &&
            !(out->method[method++] = strdup(names->word[j])))
            status = SN_NO_MEMORY;
    task_source_rewind(s, at, line);
    for (size_t i = 0; status == SN_OK && task_source_row(s); i++)
        status = take_row(out, s, names, i);
    return status;
}

enum sn_status train_scores_read(
    struct train_scores *scores, const char *path, char why[TASK_WHY])
{
    struct task_source s;
    struct task_words names = {0};
    *scores = (struct train_scores){0};
    enum sn_status status = task_source_open(&s, path, why);
    if (status != SN_OK)
        return status;
    task_source_row(&s);
    s.delimiter = task_source_delimiter(&s);
    status = take_table(scores, &s, &names);
    if (status != SN_OK)
        train_scores_clear(scores);
    task_words_clear(&names);
    task_source_close(&s);
    return status;
}

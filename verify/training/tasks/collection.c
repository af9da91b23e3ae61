/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task of the 121-task collection (Fernandez-Delgado et al. 2014) as its
 * users have it on disk: NAME/NAME_R.dat, blanks between fields, a header of
 * names, rows of a number, features and, last, the class ("clase");
 * partitions in lines of row numbers from 0, training and test in turn:
 * conxuntos_kfold.dat (four pairs), else conxuntos.dat (one pair).  Where a
 * task came with a test set of its own, NAME_train_R.dat, NAME_test_R.dat.
 */
#include "verify/training/tasks/source.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NUMBER_OF_THE_ROW = 1 };

static enum sn_status take_names(struct task_table *t, struct task_source *s)
{
    struct task_words names = {0};
    enum sn_status status = SN_OK;
    if (!task_source_row(s))
        return task_source_refuse_at(s, 0, 0, "no rows");
    while (status == SN_OK && task_source_field(s))
        if (task_words_add(&names, s->word) == SIZE_MAX)
            status = SN_NO_MEMORY;
    if (s->failed)
        status = SN_BAD_VALUE;
    if (status == SN_OK && !names.words)
        status = task_source_refuse_at(s, s->line, 0, "no header");
    if (status == SN_OK)
        status = task_table_columns(t, names.words);
    for (size_t j = 0; status == SN_OK && j < names.words; j++)
        if (!(t->column[j].name = strdup(names.word[j])))
            status = SN_NO_MEMORY;
    task_words_clear(&names);
    return status;
}

/* Adds a file's rows to the table, whose columns the first one sets. */
static enum sn_status add_file(struct task_table *t, size_t *label,
    const char *path, const struct task_reading *reading, char why[TASK_WHY])
{
    struct task_source s;
    struct task_table head = {0};
    enum sn_status status = task_source_open(&s, path, why);
    if (status != SN_OK)
        return status;
    s.delimiter = ' ';
    status = take_names(t->columns ? &head : t, &s);
    if (status == SN_OK && head.columns && head.columns != t->columns)
        status = task_source_refuse_at(&s, s.line, 0,
            "%zu columns, but %zu in the training rows", head.columns,
            t->columns);
    if (status == SN_OK)
        status = task_table_label(label, t, &s, reading);
    if (status == SN_OK)
        status = task_table_fill(t, &s, NUMBER_OF_THE_ROW, *label, reading);
    task_table_clear(&head);
    task_source_close(&s);
    return status;
}

/* One line of row numbers, appended to the partition's rows. */
static enum sn_status take_rows(struct task_source *s, size_t rows,
    struct task_partition *p, size_t *room, size_t *count)
{
    size_t used = p->training + p->test;
    while (task_source_field(s)) {
        char *end;
        unsigned long row = strtoul(s->word, &end, 10);
        if (*end || *s->word < '0' || *s->word > '9' || row >= rows)
            return task_source_refuse(
                s, "'%.20s': must be a row from 0 to %zu", s->word, rows - 1);
        if (used == *room) {
            size_t *more =
                realloc(p->row, (*room = 2 * *room + 64) * sizeof *more);
            if (!more)
                return SN_NO_MEMORY;
            p->row = more;
        }
        p->row[used++] = row;
        ++*count;
    }
    return s->failed ? SN_BAD_VALUE : SN_OK;
}

/* A row that a partition names twice could be learnt from and tested. */
static enum sn_status check_apart(
    struct task_source *s, const struct task_partition *p, size_t rows)
{
    bool *seen = calloc(rows, sizeof *seen);
    if (!seen)
        return SN_NO_MEMORY;
    enum sn_status status = SN_OK;
    for (size_t i = 0; status == SN_OK && i < p->training + p->test; i++) {
        bool tests = i >= p->training;
        if (seen[p->row[i]])
            status = task_source_refuse_at(s, tests ? s->line : s->line - 1,
                (tests ? i - p->training : i) + 1,
                "row %zu is in the same partition before", p->row[i]);
        seen[p->row[i]] = true;
    }
    free(seen);
    return status;
}

static enum sn_status take_partitions(
    struct task_task *task, const char *path, char why[TASK_WHY])
{
    struct task_source s;
    enum sn_status status = task_source_open(&s, path, why);
    if (status != SN_OK)
        return status;
    s.delimiter = ' ';
    while (status == SN_OK && task_source_row(&s)) {
        struct task_partition *more =
            realloc(task->partition, (task->partitions + 1) * sizeof *more);
        if (!more) {
            status = SN_NO_MEMORY;
            break;
        }
        task->partition = more;
        struct task_partition *p = &more[task->partitions++];
        size_t room = 0;
        *p = (struct task_partition){0};
        status = take_rows(&s, task->rows, p, &room, &p->training);
        if (status == SN_OK && !task_source_row(&s))
            status = task_source_refuse_at(&s, s.line, 0,
                "training rows without a line of test rows behind them");
        if (status == SN_OK)
            status = take_rows(&s, task->rows, p, &room, &p->test);
        if (status == SN_OK)
            status = check_apart(&s, p, task->rows);
    }
    if (status == SN_OK && !task->partitions)
        status = task_source_refuse_at(&s, 0, 0, "no partitions");
    task_source_close(&s);
    return status;
}

/* The first `training` rows train, the others test. */
static enum sn_status one_partition(struct task_task *task, size_t training)
{
    task->partition = calloc(1, sizeof *task->partition);
    size_t *row = malloc(task->rows * sizeof *row);
    if (!task->partition || !row) {
        free(row);
        return SN_NO_MEMORY;
    }
    for (size_t i = 0; i < task->rows; i++)
        row[i] = i;
    task->partition[0] =
        (struct task_partition){row, training, task->rows - training};
    task->partitions = 1;
    return SN_OK;
}

enum sn_status task_read_collection(struct task_task *task, const char *folder,
    const struct task_reading *reading, char why[TASK_WHY])
{
    char base[PATH_MAX], path[3][PATH_MAX + 256];
    char absolute[PATH_MAX]; /* "." has a name too */
    if (!realpath(folder, absolute)) {
        snprintf(why, TASK_WHY, "%.200s: cannot be read: %s", folder,
            strerror(errno));
        return SN_SYSTEM;
    }
    snprintf(base, sizeof base, "%s", folder);
    size_t length = strlen(base);
    while (length > 1 && base[length - 1] == '/')
        base[--length] = '\0';
    const char *name = strrchr(absolute, '/') + 1;
    static const char *const suffix[] = {"_R", "_train_R", "_test_R"};
    for (int i = 0; i < 3; i++)
        snprintf(
            path[i], sizeof path[i], "%s/%.200s%s.dat", base, name, suffix[i]);
    bool apart = access(path[0], F_OK) != 0;
    if (apart && access(path[1], F_OK)) {
        snprintf(why, TASK_WHY,
            "%.120s: a folder without %.100s_R.dat or %.100s_train_R.dat",
            folder, name, name);
        return SN_BAD_VALUE;
    }
    struct task_table table = {0};
    struct task_source place = {.path = path[apart], .why = why};
    size_t label = 0, training = 0;
    enum sn_status status =
        add_file(&table, &label, path[apart], reading, why);
    training = table.rows;
    if (status == SN_OK && apart)
        status = add_file(&table, &label, path[2], reading, why);
    if (status == SN_OK)
        status = task_table_task(task, &table, label, name, &place);
    task_table_clear(&table);
    if (status != SN_OK)
        return status;
    static const char *const lists[] = {
        "conxuntos_kfold.dat", "conxuntos.dat"};
    if (apart)
        status = one_partition(task, training);
    for (int i = 0; i < 2 && !apart && !task->partitions; i++) {
        snprintf(path[1], sizeof path[1], "%s/%s", base, lists[i]);
        if (!access(path[1], F_OK))
            status = take_partitions(task, path[1], why);
        if (status != SN_OK)
            break;
    }
    if (status != SN_OK)
        task_clear(task);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task of the 121-task collection (Fernandez-Delgado et al. 2014) as its
 * users have it on disk: NAME/NAME_R.dat, blanks between fields, a header of
 * names, rows of a number, features and, last, the class ("clase");
 * partitions in lines of row numbers from 0, training and test in turn:
 * conxuntos_kfold.dat (four pairs), else conxuntos.dat (one pair).  Where a
 * task came with a test set of its own, NAME_train_R.dat, NAME_test_R.dat.
 */
#include "verify/training/tasks/table.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NUMBER_OF_THE_ROW = 1 };

static enum sn_status name_columns(
    struct task_table *t, const struct task_text *text)
{
    enum sn_status status =
        task_table_columns(t, task_text_fields(text, 0), text);
    for (size_t j = 0; status == SN_OK && j < t->columns; j++)
        if (!(t->column[j].name = strdup(task_text_word(text, 0, j))))
            status = SN_NO_MEMORY;
    return status;
}

/* Adds a file's rows to the table, whose columns the first one sets. */
static enum sn_status add_file(struct task_table *t, struct task_fault *fault,
    const char *path, const struct task_reading *reading)
{
    struct task_text text;
    enum sn_status status = task_text_open(&text, path, fault);
    text.delimiter = ' ';
    if (status == SN_OK)
        status = task_text_rows(&text);
    if (status == SN_OK && !text.rows)
        status = task_refuse(fault, TASK_FAULT_NO_ROWS, 0, 0, NULL, 0, 0);
    if (status == SN_OK && !t->columns)
        status = name_columns(t, &text);
    else if (status == SN_OK && task_text_fields(&text, 0) != t->columns)
        status = task_refuse(fault, TASK_FAULT_COLUMNS_DIFFER,
            text.row[0].line, 0, NULL, task_text_fields(&text, 0), t->columns);
    if (status == SN_OK)
        status = task_table_find_label(t, &text, reading);
    if (status == SN_OK)
        status = task_table_fill(t, &text, 1, NUMBER_OF_THE_ROW, reading);
    task_text_close(&text);
    return status;
}

/* ---- partitions ---- */

/* One row of row numbers to `to`; seen[r]: the partition has row r already,
   which could then be learnt from and tested. */
static enum sn_status take_rows(size_t *to, bool *seen, size_t rows,
    const struct task_text *text, size_t line)
{
    for (size_t j = 0; j < task_text_fields(text, line); j++) {
        const char *word = task_text_word(text, line, j);
        char *end;
        unsigned long row = strtoul(word, &end, 10);
        if (*end || *word < '0' || *word > '9' || row >= rows)
            return task_refuse(text->fault, TASK_FAULT_NOT_ROW,
                text->row[line].line, j + 1, word, rows - 1, 0);
        if (seen[row])
            return task_refuse(text->fault, TASK_FAULT_ROW_TWICE,
                text->row[line].line, j + 1, NULL, row, 0);
        seen[row] = true;
        to[j] = row;
    }
    return SN_OK;
}

/* Rows 2 k and 2 k + 1 of the text. */
static enum sn_status take_partition(struct task_partition *p, size_t rows,
    const struct task_text *text, size_t k)
{
    const size_t line = 2 * k;
    if (line + 1 == text->rows)
        return task_refuse(text->fault, TASK_FAULT_NO_TEST,
            text->row[line].line, 0, NULL, 0, 0);
    p->training = task_text_fields(text, line);
    p->test = task_text_fields(text, line + 1);
    p->row = malloc((p->training + p->test) * sizeof *p->row);
    bool *seen = calloc(rows, sizeof *seen);
    enum sn_status status = p->row && seen ? SN_OK : SN_NO_MEMORY;
    if (status == SN_OK)
        status = take_rows(p->row, seen, rows, text, line);
    if (status == SN_OK)
        status = take_rows(p->row + p->training, seen, rows, text, line + 1);
    free(seen);
    return status;
}

static enum sn_status take_partitions(
    struct task_task *task, struct task_fault *fault, const char *path)
{
    struct task_text text;
    enum sn_status status = task_text_open(&text, path, fault);
    text.delimiter = ' ';
    if (status == SN_OK)
        status = task_text_rows(&text);
    if (status == SN_OK && !text.rows)
        status =
            task_refuse(fault, TASK_FAULT_NO_PARTITIONS, 0, 0, NULL, 0, 0);
    const size_t pairs = (text.rows + 1) / 2;
    if (status == SN_OK &&
        !(task->partition = calloc(pairs, sizeof *task->partition)))
        status = SN_NO_MEMORY;
    while (status == SN_OK && task->partitions < pairs) {
        struct task_partition *p = &task->partition[task->partitions];
        status = take_partition(p, task->rows, &text, task->partitions++);
    }
    task_text_close(&text);
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

static bool is_there(char path[PATH_MAX + 256], const char *folder,
    const char *name, const char *suffix)
{
    snprintf(path, PATH_MAX + 256, "%s/%.200s%s", folder, name, suffix);
    return !access(path, F_OK);
}

/* The rows of NAME_R.dat; or of NAME_train_R.dat, *training of them, and of
   NAME_test_R.dat. */
static enum sn_status read_rows(struct task_table *table, size_t *training,
    struct task_fault *fault, const char *folder, const char *name,
    const struct task_reading *reading)
{
    char path[PATH_MAX + 256];
    *training = 0;
    if (is_there(path, folder, name, "_R.dat"))
        return add_file(table, fault, path, reading);
    if (!is_there(path, folder, name, "_train_R.dat"))
        return task_refuse(fault, TASK_FAULT_FOLDER, 0, 0, name, 0, 0);
    enum sn_status status = add_file(table, fault, path, reading);
    *training = table->rows;
    is_there(path, folder, name, "_test_R.dat");
    return status == SN_OK ? add_file(table, fault, path, reading) : status;
}

static enum sn_status read_partitions(
    struct task_task *task, struct task_fault *fault, const char *folder)
{
    char path[PATH_MAX + 256];
    if (is_there(path, folder, "conxuntos_kfold", ".dat") ||
        is_there(path, folder, "conxuntos", ".dat"))
        return take_partitions(task, fault, path);
    return SN_OK; /* drawn */
}

enum sn_status task_read_collection(struct task_task *task,
    struct task_fault *fault, const char *folder,
    const struct task_reading *reading)
{
    char absolute[PATH_MAX]; /* "." has a name too */
    snprintf(fault->path, sizeof fault->path, "%s", folder);
    if (!realpath(folder, absolute)) {
        fault->error = errno;
        task_refuse(fault, TASK_FAULT_UNREADABLE, 0, 0, NULL, 0, 0);
        return SN_SYSTEM;
    }
    const char *name = strrchr(absolute, '/') + 1;
    struct task_table table = {0};
    size_t training;
    enum sn_status status =
        read_rows(&table, &training, fault, folder, name, reading);
    if (status == SN_OK)
        status = task_table_task(task, &table, name, fault);
    task_table_clear(&table);
    if (status != SN_OK)
        return status;
    status = training ? one_partition(task, training)
                      : read_partitions(task, fault, folder);
    if (status != SN_OK)
        task_clear(task);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: rows of fields as columns of numbers and words. */
#ifndef SN_VERIFY_TRAINING_TASKS_TABLE_H
#define SN_VERIFY_TRAINING_TASKS_TABLE_H

#include "verify/training/tasks/text.h"
#include "verify/training/tasks/words.h"

struct task_column {
    char *name;             /* NULL: none */
    bool nominal, declared; /* declared: an ARFF list of words */
    bool has_text;          /* some field is no number */
    size_t text_row;        /* the first such */
    struct task_words words;
};

struct task_table {
    struct task_column *column;
    size_t columns, rows;
    size_t label; /* a column of words in any case */
    double *cell; /* rows x columns: number, index of a word, or NaN */
};

/* Columns without names.  SN_BAD_VALUE: too many, a fault of the text. */
enum sn_status task_table_columns(
    struct task_table *table, size_t columns, const struct task_text *text);
void task_table_clear(struct task_table *table);

/*
 * The text's rows from `first` on, `skip` fields of each left out, behind the
 * rows that are there; in two passes, the kinds of the columns, then the
 * cells.
 */
enum sn_status task_table_fill(struct task_table *table,
    const struct task_text *text, size_t first, size_t skip,
    const struct task_reading *reading);

/* Finds the label's column by name or number. */
enum sn_status task_table_find_label(struct task_table *table,
    const struct task_text *text, const struct task_reading *reading);

/* Copies what it needs. */
enum sn_status task_table_task(struct task_task *task,
    const struct task_table *table, const char *name,
    struct task_fault *fault);

enum sn_status task_read_csv(struct task_task *task, struct task_text *text,
    const char *name, const struct task_reading *reading);
enum sn_status task_read_arff(struct task_task *task, struct task_text *text,
    const char *name, const struct task_reading *reading);
enum sn_status task_read_collection(struct task_task *task,
    struct task_fault *fault, const char *folder,
    const struct task_reading *reading);

#endif

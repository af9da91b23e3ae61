/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to training: a text file as rows of fields, with places. */
#ifndef SN_VERIFY_TRAINING_TASKS_SOURCE_H
#define SN_VERIFY_TRAINING_TASKS_SOURCE_H

#include "verify/training/tasks/task.h"

struct task_source {
    const char *path, *at, *end;
    char *text;
    size_t line, column; /* of the field in `word`, from 1 */
    size_t next_line;
    char delimiter; /* ' ': runs of blanks and tabs */
    bool arff;      /* % comments, quotes by ' too, \ escapes */
    bool failed;    /* why is written */
    char *word;     /* the field, without quotes and outer blanks */
    size_t length, room;
    bool quoted;
    char *why;
};

/* Reads the whole file; a mark of UTF-8 is skipped. */
enum sn_status task_source_open(
    struct task_source *source, const char *path, char why[TASK_WHY]);
void task_source_close(struct task_source *source);

/*
 * Of the row ahead: the one of , ; and tab that is there most often outside
 * quotes; blanks where none is.  Commas between digits do not count beside ;
 * or a tab: they are decimal commas.
 */
char task_source_delimiter(const struct task_source *source);

/* Back to `at`, which is in line `line`. */
void task_source_rewind(
    struct task_source *source, const char *at, size_t line);

/* The next row that is not blank; false at the end. */
bool task_source_row(struct task_source *source);
/* The row's next field; false where it has no more, or on an error. */
bool task_source_field(struct task_source *source);

/* "PATH, line L, column C: ..." into why; SN_BAD_VALUE. */
enum sn_status task_source_refuse(struct task_source *source,
    const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with a place of one's own; line 0: none, column 0: none. */
enum sn_status task_source_refuse_at(struct task_source *source, size_t line,
    size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum task_field { TASK_FIELD_NUMBER, TASK_FIELD_MISSING, TASK_FIELD_TEXT };
/* Missing: nothing, ?, NA, NaN.  An infinite or hexadecimal number is text. */
enum task_field task_field_kind(const char *word, double *value);
/* 0,5 or 1.234,5 or 1,234.5: text to task_field_kind(), meant as a number. */
bool task_field_has_comma(const char *word);

/* ---- dictionaries ---- */

struct task_words {
    char **word;
    size_t words, room;
    size_t *slot, slots; /* index + 1 of a word; 0: free */
};
/* Its index, or SIZE_MAX: not there, or (where added) no memory. */
size_t task_words_find(const struct task_words *words, const char *word);
size_t task_words_add(struct task_words *words, const char *word);
void task_words_clear(struct task_words *words);

/* ---- tables ---- */

struct task_column {
    char *name;
    bool nominal, declared; /* declared: an ARFF list of words */
    size_t text_line;       /* first field that is no number; 0: none */
    char *text;             /* that field */
    struct task_words words;
};

struct task_table {
    struct task_column *column;
    size_t columns, rows;
    double *cell; /* rows x columns: number, index of a word, or NaN */
};

enum sn_status task_table_columns(struct task_table *table, size_t columns);
void task_table_clear(struct task_table *table);

/*
 * The rows from where the source is, `skip` fields of each left out; two
 * passes: the kinds of the columns, then the cells.  `label` is a word column
 * in any case.
 */
enum sn_status task_table_fill(struct task_table *table,
    struct task_source *source, size_t skip, size_t label,
    const struct task_reading *reading);

/* Finds the label's column by name or number. */
enum sn_status task_table_label(size_t *label, const struct task_table *table,
    struct task_source *source, const struct task_reading *reading);

/* Consumes nothing: copies what it needs. */
enum sn_status task_table_task(struct task_task *task,
    const struct task_table *table, size_t label, const char *name,
    struct task_source *source);

enum sn_status task_read_csv(struct task_task *task,
    struct task_source *source, const char *name,
    const struct task_reading *reading);
enum sn_status task_read_arff(struct task_task *task,
    struct task_source *source, const char *name,
    const struct task_reading *reading);
enum sn_status task_read_collection(struct task_task *task, const char *folder,
    const struct task_reading *reading, char why[TASK_WHY]);

#endif

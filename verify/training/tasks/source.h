/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to training: a text file as rows of fields, with places. */
#ifndef SN_VERIFY_TRAINING_TASKS_SOURCE_H
#define SN_VERIFY_TRAINING_TASKS_SOURCE_H

#include "verify/training/tasks/task.h"

struct sn_source {
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
enum sn_status sn_source_open(
    struct sn_source *source, const char *path, char why[SN_TASK_WHY]);
void sn_source_close(struct sn_source *source);

/*
 * Of the row ahead: the one of , ; and tab that is there most often outside
 * quotes; blanks where none is.  Commas between digits do not count beside ;
 * or a tab: they are decimal commas.
 */
char sn_source_delimiter(const struct sn_source *source);

/* Back to `at`, which is in line `line`. */
void sn_source_rewind(struct sn_source *source, const char *at, size_t line);

/* The next row that is not blank; false at the end. */
bool sn_source_row(struct sn_source *source);
/* The row's next field; false where it has no more, or on an error. */
bool sn_source_field(struct sn_source *source);

/* "PATH, line L, column C: ..." into why; SN_BAD_VALUE. */
enum sn_status sn_source_refuse(struct sn_source *source, const char *format,
    ...) __attribute__((format(printf, 2, 3)));
/* The same with a place of one's own; line 0: none, column 0: none. */
enum sn_status sn_source_refuse_at(struct sn_source *source, size_t line,
    size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

enum sn_field { SN_FIELD_NUMBER, SN_FIELD_MISSING, SN_FIELD_TEXT };
/* Missing: nothing, ?, NA, NaN.  An infinite or hexadecimal number is text. */
enum sn_field sn_field_kind(const char *word, double *value);
/* 0,5 or 1.234,5 or 1,234.5: text to sn_field_kind(), meant as a number. */
bool sn_field_has_comma(const char *word);

/* ---- dictionaries ---- */

struct sn_words {
    char **word;
    size_t words, room;
    size_t *slot, slots; /* index + 1 of a word; 0: free */
};
/* Its index, or SIZE_MAX: not there, or (where added) no memory. */
size_t sn_words_find(const struct sn_words *words, const char *word);
size_t sn_words_add(struct sn_words *words, const char *word);
void sn_words_clear(struct sn_words *words);

/* ---- tables ---- */

struct sn_column {
    char *name;
    bool nominal, declared; /* declared: an ARFF list of words */
    size_t text_line;       /* first field that is no number; 0: none */
    char *text;             /* that field */
    struct sn_words words;
};

struct sn_table {
    struct sn_column *column;
    size_t columns, rows;
    double *cell; /* rows x columns: number, index of a word, or NaN */
};

enum sn_status sn_table_columns(struct sn_table *table, size_t columns);
void sn_table_clear(struct sn_table *table);

/*
 * The rows from where the source is, `skip` fields of each left out; two
 * passes: the kinds of the columns, then the cells.  `label` is a word column
 * in any case.
 */
enum sn_status sn_table_fill(struct sn_table *table, struct sn_source *source,
    size_t skip, size_t label, const struct sn_reading *reading);

/* Finds the label's column by name or number. */
enum sn_status sn_table_label(size_t *label, const struct sn_table *table,
    struct sn_source *source, const struct sn_reading *reading);

/* Consumes nothing: copies what it needs. */
enum sn_status sn_table_task(struct sn_task *task,
    const struct sn_table *table, size_t label, const char *name,
    struct sn_source *source);

enum sn_status sn_read_csv(struct sn_task *task, struct sn_source *source,
    const char *name, const struct sn_reading *reading);
enum sn_status sn_read_arff(struct sn_task *task, struct sn_source *source,
    const char *name, const struct sn_reading *reading);
enum sn_status sn_read_collection(struct sn_task *task, const char *folder,
    const struct sn_reading *reading, char why[SN_TASK_WHY]);

#endif

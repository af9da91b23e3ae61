/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text file as rows of fields.  The file is read whole and cut up in place:
 * a field is where its word begins, and a 0 stands behind the word.
 *
 * LIMITS, each refused by name: TASK_MOST_BYTES, TASK_MOST_FIELDS in all.  No
 * nesting; time and memory are proportional to the file's size.
 */
#ifndef SN_VERIFY_TRAINING_TASKS_TEXT_H
#define SN_VERIFY_TRAINING_TASKS_TEXT_H

#include "verify/training/tasks/task.h"

enum { TASK_MOST_BYTES = 1 << 30, TASK_MOST_FIELDS = 1 << 27 };

struct task_row {
    size_t first, line; /* field; line of the file, from 1 */
};

struct task_text {
    char *bytes, *at; /* at: what is not cut up yet */
    const char *end;
    size_t line;     /* of `at` */
    char delimiter;  /* ' ': runs of blanks and tabs */
    bool arff;       /* % comments, quotes by ' too, \ escapes */
    uint32_t *field; /* where it begins, and whether it was quoted */
    size_t fields, field_room;
    struct task_row
        *row; /* rows + 1 of them: the last one's first is fields */
    size_t rows, row_room;
    struct task_fault *fault;
};

/* Reads the whole file; a mark of UTF-8 is skipped. */
enum sn_status task_text_open(
    struct task_text *text, const char *path, struct task_fault *fault);
/* The same of bytes, which it owns from now on; a 0 stands behind them. */
enum sn_status task_text_of(struct task_text *text, char *bytes, size_t size,
    struct task_fault *fault);
void task_text_close(struct task_text *text);

/* To the next row that is neither blank nor a comment; false at the end. */
bool task_text_seek(struct task_text *text);

/*
 * Of the row ahead: the one of , ; and tab that is there most often outside
 * quotes; blanks where none is.  Commas between digits do not count beside ;
 * or a tab: they are decimal commas.
 */
char task_text_delimiter(const struct task_text *text);

/* One more row; SN_NO_SOLUTION at the end. */
enum sn_status task_text_row(struct task_text *text);
/* All rows that are left. */
enum sn_status task_text_rows(struct task_text *text);

static inline size_t task_text_fields(const struct task_text *text, size_t row)
{
    return text->row[row + 1].first - text->row[row].first;
}
/* Field j, from 0, of a row: its word without quotes and outer blanks. */
static inline char *task_text_word(
    const struct task_text *text, size_t row, size_t j)
{
    return text->bytes + (text->field[text->row[row].first + j] >> 1);
}
static inline bool task_text_quoted(
    const struct task_text *text, size_t row, size_t j)
{
    return text->field[text->row[row].first + j] & 1;
}

/* Notes a fault; line 0, column 0: no place.  SN_BAD_VALUE. */
enum sn_status task_refuse(struct task_fault *fault, enum task_fault_kind kind,
    size_t line, size_t column, const char *word, size_t a, size_t b);
/* The same of field j of a row, with its word. */
enum sn_status task_refuse_field(const struct task_text *text,
    enum task_fault_kind kind, size_t row, size_t j);

enum task_field { TASK_FIELD_NUMBER, TASK_FIELD_MISSING, TASK_FIELD_TEXT };
/* Missing: nothing, ?, NA, NaN.  An infinite or hexadecimal number is text. */
enum task_field task_field_kind(const char *word, double *value);
/* 0,5 or 1.234,5 or 1,234.5: text to task_field_kind(), meant as a number. */
bool task_field_has_comma(const char *word);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Classification tasks: made by their definition, or read from a file.
 *
 * PARTS.  A replicate (a seed of an experiment) has its own training,
 * validation and test rows:
 *   drawn    a quarter of each class for the test (the 121-task collection
 *            has four folds), of the rest 15 % for validation, as the paper;
 *   given    the partitions of a file, replicate s has partition s modulo
 *            their number; 15 % of each class of its training rows are the
 *            validation rows;
 *   sampled  MONK's problems as they were posed: `sample` rows drawn from all
 *            for training and validation, all rows for the test, and of the
 *            sample `wrong` rows get the other class (monks-3: 5 %).
 * Features are centered and scaled to variance 1 by the training rows; where
 * those are constant a feature is 0 everywhere; a missing value is 0, the
 * mean; what is more than 10^6 deviations away counts as 10^6.
 */
#ifndef SN_VERIFY_TRAINING_TASKS_TASK_H
#define SN_VERIFY_TRAINING_TASKS_TASK_H

#include "fixedpoint/numbers/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of files: different words in a column, columns, values of all features. */
enum {
    TASK_MOST_CLASSES = 1024,
    TASK_MOST_COLUMNS = 1 << 20,
    TASK_MOST_VALUES = 1 << 28
};

struct task_partition {
    size_t *row; /* training rows, then test rows */
    size_t training, test;
};

struct task_task {
    char *name;
    size_t rows, features, classes;
    double *x;  /* rows x features; NaN: missing */
    int *label; /* 0 .. classes - 1 */
    char **class_name, **feature_name;
    struct task_partition *partition; /* NULL: drawn or sampled */
    size_t partitions;
    size_t sample, wrong; /* 0: not sampled */
    size_t missing;       /* values that are not there */
    size_t constant;      /* features with one value in all rows */
};

/* ---- by definition ---- */

struct task_known_task;
typedef void task_fill(struct task_task *task,
    const struct task_known_task *known, uint64_t seed);
typedef int task_rule(const int *value);
enum { TASK_MOST_FACTORS = 6, TASK_MOST_KNOWN_CLASSES = 10 };

struct task_known_task {
    const char *name, *what, *source;
    size_t rows, features, classes;
    double paper; /* accuracy of the SNN in the paper's Table A11, or 0 */
    double bayes; /* accuracy that no classifier exceeds, or 0: unknown */
    const char *class_name[TASK_MOST_KNOWN_CLASSES + 1];
    task_fill *fill;
    /* all combinations of values 1 .. size of each factor, by a rule */
    int size[TASK_MOST_FACTORS];
    task_rule *rule;
    size_t sample, wrong; /* as in task_task */
    uint32_t stream;      /* of a drawn task's random numbers */
};
extern const struct task_known_task task_known[];
extern const int task_known_task_count;
const struct task_known_task *task_known_task_find(const char *name);

/* The seed matters only where rows are drawn at random. */
enum sn_status task_make(struct task_task *task,
    const struct task_known_task *known, uint64_t seed);

/* Empty: names, classes and arrays to be filled. */
enum sn_status task_start(struct task_task *task, const char *name,
    size_t rows, size_t features, const char *const *class_name);
void task_clear(struct task_task *task);

size_t task_class_count(const struct task_task *task, int label);
size_t task_constant_features(const struct task_task *task);

/* ---- from files ---- */

enum task_header { TASK_HEADER_GUESS, TASK_HEADER_YES, TASK_HEADER_NO };

struct task_reading {
    const char *label; /* name or number (from 1) of a column; NULL: last */
    enum task_header header; /* of CSV */
    bool nominal; /* text columns: a 0/1 feature for each of their words */
    bool missing; /* let values be missing */
};

/* What is wrong with a file; in brackets: what `word`, a and b say. */
enum task_fault_kind {
    TASK_FAULT_NONE,
    /* the file */
    TASK_FAULT_UNREADABLE, /* error: errno */
    TASK_FAULT_BYTES,      /* more than [a] */
    TASK_FAULT_UTF16,
    TASK_FAULT_ZERO,          /* a zero byte */
    TASK_FAULT_RETURNS,       /* lines ended by carriage returns alone */
    TASK_FAULT_FIELDS_IN_ALL, /* more than [a] */
    TASK_FAULT_COLUMNS,       /* more than [a] */
    TASK_FAULT_VALUES,        /* more than [a] */
    TASK_FAULT_OPEN_QUOTE,    /* [word] */
    TASK_FAULT_BEHIND_QUOTE,  /* [word], a character */
    /* rows and columns */
    TASK_FAULT_NO_ROWS,
    TASK_FAULT_ONE_ROW, /* which holds no number, nothing behind it */
    TASK_FAULT_HEADER_UNKNOWN,
    TASK_FAULT_UNNAMED,    /* a column */
    TASK_FAULT_SAME_NAME,  /* [word], of two columns */
    TASK_FAULT_NO_LABEL,   /* no column [word] among [a] */
    TASK_FAULT_FIELDS,     /* [a], not [b] as in the rows before */
    TASK_FAULT_ONE_COLUMN, /* no features beside the label */
    TASK_FAULT_ONE_CLASS,  /* [word] in all [a] rows */
    /* fields: [word] */
    TASK_FAULT_COMMA,
    TASK_FAULT_NOT_NUMBER,
    TASK_FAULT_NOT_NUMBER_MAYBE_LABEL, /* no label was named */
    TASK_FAULT_LABEL_MISSING,
    TASK_FAULT_VALUE_MISSING,
    TASK_FAULT_UNDECLARED,
    TASK_FAULT_LABEL_WORDS,   /* more than [a] different ones */
    TASK_FAULT_FEATURE_WORDS, /* likewise */
    /* ARFF */
    TASK_FAULT_OPEN_BRACE,
    TASK_FAULT_NO_NAME,
    TASK_FAULT_NO_TYPE,      /* attribute [word] */
    TASK_FAULT_TYPE,         /* attribute [other] of type [word] */
    TASK_FAULT_NO_ATTRIBUTE, /* before @data */
    TASK_FAULT_KEYWORD,      /* [word] */
    TASK_FAULT_NO_DATA,
    TASK_FAULT_SPARSE,
    /* the 121-task collection */
    TASK_FAULT_IN_FOLDER,      /* its folder is to be given */
    TASK_FAULT_FOLDER,         /* without [word]_R.dat or [word]_train_R.dat */
    TASK_FAULT_COLUMNS_DIFFER, /* [a], but [b] in the training rows */
    TASK_FAULT_NO_PARTITIONS,
    TASK_FAULT_NOT_ROW,   /* [word] is none from 0 to [a] */
    TASK_FAULT_ROW_TWICE, /* [a] */
    TASK_FAULT_NO_TEST,   /* training rows without test rows */
    /* tables of accuracies */
    TASK_FAULT_METHODS,       /* [a]: fewer than two */
    TASK_FAULT_ACCURACY,      /* [word] */
    TASK_FAULT_HEADER_FIELDS, /* [a], not [b] as in the header */
    TASK_FAULTS
};

struct task_fault {
    enum task_fault_kind kind;
    char path[256];
    size_t line, column; /* from 1; 0: none */
    char word[128], other[128];
    size_t a, b;
    int error;
};

/*
 * CSV (comma, semicolon, tab or blanks), ARFF (by its @relation), or a task of
 * the 121-task collection: a folder NAME with NAME_R.dat, or NAME_train_R.dat
 * and NAME_test_R.dat; partitions of conxuntos_kfold.dat, or conxuntos.dat.
 * UTF-8 with or without its mark, lines ended by LF or CR LF.
 *
 * Limits: those above, and of the file's text those of text.h; time and memory
 * are proportional to the text and to the values.
 *
 * SN_BAD_VALUE: `fault` says what is wrong in the file, SN_SYSTEM: that it
 * cannot be read.
 */
enum sn_status task_read(struct task_task *task, struct task_fault *fault,
    const char *path, const struct task_reading *reading);

/* ---- rows of one replicate, ready for a network ---- */

enum task_part { TASK_TRAINING, TASK_VALIDATION, TASK_TEST, TASK_PARTS };

struct task_parts {
    size_t rows[TASK_PARTS];
    size_t *row[TASK_PARTS]; /* of the task */
    float *x[TASK_PARTS];    /* rows x features */
    int *label[TASK_PARTS];
};

/*
 * SN_BAD_VALUE: some part would have no row.  Depends on (seed, replicate)
 * alone.
 */
enum sn_status task_parts_make(struct task_parts *parts,
    const struct task_task *task, uint64_t seed, uint32_t replicate);
void task_parts_clear(struct task_parts *parts);

#endif

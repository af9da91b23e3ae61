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

enum { SN_TASK_MOST_CLASSES = 1024, SN_TASK_WHY = 512 };

struct sn_partition {
    size_t *row; /* training rows, then test rows */
    size_t training, test;
};

struct sn_task {
    char *name;
    size_t rows, features, classes;
    double *x;  /* rows x features; NaN: missing */
    int *label; /* 0 .. classes - 1 */
    char **class_name, **feature_name;
    struct sn_partition *partition; /* NULL: drawn or sampled */
    size_t partitions;
    size_t sample, wrong; /* 0: not sampled */
    size_t missing;       /* values that are not there */
    size_t constant;      /* features with one value in all rows */
};

/* ---- by definition ---- */

struct sn_known_task {
    const char *name, *what, *source;
    size_t rows, features, classes;
    double paper; /* accuracy of the SNN in the paper's Table A11, or 0 */
    double bayes; /* accuracy that no classifier exceeds, or 0: unknown */
    enum sn_status (*make)(struct sn_task *task, uint64_t seed);
};
extern const struct sn_known_task sn_known_tasks[];
extern const int sn_known_task_count;
const struct sn_known_task *sn_known_task_find(const char *name);

/* The seed matters only where rows are drawn at random. */
enum sn_status sn_task_make(
    struct sn_task *task, const struct sn_known_task *known, uint64_t seed);

/* Empty: names, classes and arrays to be filled. */
enum sn_status sn_task_start(struct sn_task *task, const char *name,
    size_t rows, size_t features, const char *const *class_name);
void sn_task_clear(struct sn_task *task);

size_t sn_task_class_count(const struct sn_task *task, int label);
size_t sn_task_constant_features(const struct sn_task *task);

/* ---- from files ---- */

enum sn_header { SN_HEADER_GUESS, SN_HEADER_YES, SN_HEADER_NO };

struct sn_reading {
    const char *label; /* name or number (from 1) of a column; NULL: last */
    enum sn_header header; /* of CSV */
    bool nominal; /* text columns: a 0/1 feature for each of their words */
    bool missing; /* let values be missing */
};

/*
 * CSV (comma, semicolon, tab or blanks), ARFF (by its @relation), or a task of
 * the 121-task collection: a folder NAME with NAME_R.dat, or NAME_train_R.dat
 * and NAME_test_R.dat; partitions of conxuntos_kfold.dat, or conxuntos.dat.
 * UTF-8 with or without its mark, lines ended by LF or CR LF.
 *
 * On an error `why` says where (file, line, column) and what would do:
 * SN_BAD_VALUE for what is in the file, SN_SYSTEM where it cannot be read.
 */
enum sn_status sn_task_read(struct sn_task *task, const char *path,
    const struct sn_reading *reading, char why[SN_TASK_WHY]);

/* ---- rows of one replicate, ready for a network ---- */

enum sn_part { SN_TRAINING, SN_VALIDATION, SN_TEST, SN_PARTS };

struct sn_parts {
    size_t rows[SN_PARTS];
    size_t *row[SN_PARTS]; /* of the task */
    float *x[SN_PARTS];    /* rows x features */
    int *label[SN_PARTS];
};

/*
 * SN_BAD_VALUE: some part would have no row.  Depends on (seed, replicate)
 * alone.
 */
enum sn_status sn_parts_make(struct sn_parts *parts,
    const struct sn_task *task, uint64_t seed, uint32_t replicate);
void sn_parts_clear(struct sn_parts *parts);

#endif

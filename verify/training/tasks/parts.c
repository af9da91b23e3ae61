/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/draws.h"
#include "verify/training/tasks/task.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares of each class: the test's of all, validation's of the rest. */
#define TEST_SHARE       0.25
#define VALIDATION_SHARE 0.15

/* Which stage of the draw a random order is for. */
enum task_stage {
    OF_TEST,
    OF_VALIDATION = 1 << 12,
    OF_SAMPLE = 1 << 13,
    OF_TRAINING
};

static void append_row(struct task_parts *p, enum task_part part, size_t row)
{
    p->row[part][p->rows[part]++] = row;
}

/*
 * `share` of n, rounded; at least one of two or more, and never all.  A class
 * with one row stays whole.
 */
static size_t share_of(size_t n, double share)
{
    if (n < 2)
        return 0;
    size_t k = (size_t)floor(share * (double)n + 0.5);
    return k < 1 ? 1 : k > n - 1 ? n - 1 : k;
}

/* Rows, and how many. */
struct task_row_list {
    size_t *row, *rows;
};

static struct task_row_list list_of(struct task_parts *p, enum task_part part)
{
    return (struct task_row_list){p->row[part], &p->rows[part]};
}

/* Of each class in from[0 .. n - 1]: a share to `one`, the rest to `other`;
   both have room for n more. */
static void divide_classes(struct task_row_list one,
    struct task_row_list other, const struct task_task *t, const size_t *from,
    size_t n, double share, struct shared_stream d)
{
    for (size_t c = 0; c < t->classes; c++, d.index++) {
        size_t *some = one.row + *one.rows, count = 0;
        for (size_t i = 0; i < n; i++)
            if ((size_t)t->label[from[i]] == c)
                some[count++] = from[i];
        shared_order(some, count, &d);
        size_t taken = share_of(count, share);
        memcpy(other.row + *other.rows, some + taken,
            (count - taken) * sizeof *some);
        *other.rows += count - taken;
        *one.rows += taken;
    }
}

static void choose_rows(struct task_parts *p, const struct task_task *t,
    size_t *pool, uint64_t seed, uint32_t replicate)
{
    struct shared_stream d = {seed, replicate, OF_TEST, 0, TRAIN_DRAW_SPLIT};
    size_t pooled = 0;
    if (t->partition) {
        const struct task_partition *given =
            &t->partition[replicate % t->partitions];
        pooled = given->training;
        memcpy(pool, given->row, pooled * sizeof *pool);
        for (size_t i = 0; i < given->test; i++)
            append_row(p, TASK_TEST, given->row[pooled + i]);
    } else if (t->sample) {
        d.index = OF_SAMPLE;
        for (size_t i = 0; i < t->rows; i++) {
            pool[i] = i;
            append_row(p, TASK_TEST, i);
        }
        shared_order(pool, t->rows, &d);
        pooled = t->sample;
    } else {
        size_t *all = p->row[TASK_TRAINING]; /* not in use yet */
        for (size_t i = 0; i < t->rows; i++)
            all[i] = i;
        divide_classes(list_of(p, TASK_TEST),
            (struct task_row_list){pool, &pooled}, t, all, t->rows, TEST_SHARE,
            d);
    }
    d.index = OF_VALIDATION;
    divide_classes(list_of(p, TASK_VALIDATION), list_of(p, TASK_TRAINING), t,
        pool, pooled, VALIDATION_SHARE, d);
    /* so that the first rows are a sample of all */
    d.index = OF_TRAINING;
    shared_order(p->row[TASK_TRAINING], p->rows[TASK_TRAINING], &d);
}

/* x becomes (x unit - center) scale, at most FARTHEST from 0. */
struct task_scaling {
    double unit;   /* a power of two: no sum or square over- or underflows */
    double center; /* mean, in units */
    double scale;  /* 1/deviation; 0: constant */
};
#define FARTHEST 1e6

/* Of feature j by the training rows. */
static struct task_scaling scaling_of(
    const struct task_parts *p, const struct task_task *t, size_t j)
{
    struct task_scaling s = {1, 0, 0};
    double sum = 0, square = 0, n = 0, least = INFINITY, most = -INFINITY;
    const size_t *row = p->row[TASK_TRAINING], rows = p->rows[TASK_TRAINING];
    for (size_t i = 0; i < rows; i++) {
        double x = t->x[row[i] * t->features + j];
        least = fmin(least, x);
        most = fmax(most, x);
    }
    if (!(least < most))
        return s;
    int exponent;
    frexp(fmax(-least, most), &exponent);
    s.unit = ldexp(1, exponent < DBL_MIN_EXP ? -DBL_MIN_EXP : -exponent);
    for (size_t i = 0; i < rows; i++) {
        double x = t->x[row[i] * t->features + j];
        sum += isnan(x) ? 0 : x * s.unit;
        n += !isnan(x);
    }
    s.center = sum / n;
    for (size_t i = 0; i < rows; i++) {
        double x = t->x[row[i] * t->features + j] * s.unit - s.center;
        square += isnan(x) ? 0 : x * x;
    }
    s.scale = 1 / sqrt(square / n);
    return s;
}

/* A missing value is 0, the mean. */
static float scale_value(const struct task_scaling *s, double x)
{
    double y = (x * s->unit - s->center) * s->scale;
    return isnan(x) || s->scale == 0
               ? 0
               : (float)fmax(-FARTHEST, fmin(FARTHEST, y));
}

static bool fill_parts(struct task_parts *p, const struct task_task *t)
{
    size_t m = t->features;
    for (int part = 0; part < TASK_PARTS; part++) {
        p->x[part] = malloc((p->rows[part] * m + 1) * sizeof(float));
        p->label[part] = malloc((p->rows[part] + 1) * sizeof(int));
        if (!p->x[part] || !p->label[part])
            return false;
        for (size_t i = 0; i < p->rows[part]; i++)
            p->label[part][i] = t->label[p->row[part][i]];
    }
    for (size_t j = 0; j < m; j++) {
        const struct task_scaling s = scaling_of(p, t, j);
        for (int part = 0; part < TASK_PARTS; part++)
            for (size_t i = 0; i < p->rows[part]; i++)
                p->x[part][i * m + j] =
                    scale_value(&s, t->x[p->row[part][i] * m + j]);
    }
    return true;
}

/* Two classes: the first `wrong` rows of the sample get the other one. */
static void spoil_labels(
    struct task_parts *p, const struct task_task *t, const size_t *pool)
{
    for (size_t k = 0; k < t->wrong; k++)
        for (int part = TASK_TRAINING; part <= TASK_VALIDATION; part++)
            for (size_t i = 0; i < p->rows[part]; i++)
                if (p->row[part][i] == pool[k])
                    p->label[part][i] = 1 - p->label[part][i];
}

enum sn_status task_parts_make(struct task_parts *p, const struct task_task *t,
    uint64_t seed, uint32_t replicate)
{
    *p = (struct task_parts){0};
    size_t most = t->rows;
    for (size_t i = 0; i < t->partitions; i++) {
        size_t n = t->partition[i].training + t->partition[i].test;
        most = n > most ? n : most;
    }
    size_t *pool = malloc(most * sizeof *pool);
    bool enough = pool;
    for (int part = 0; part < TASK_PARTS; part++)
        enough = (p->row[part] = malloc(most * sizeof *pool)) && enough;
    enum sn_status status = SN_NO_MEMORY;
    if (enough) {
        choose_rows(p, t, pool, seed, replicate);
        status = SN_BAD_VALUE;
        if (p->rows[TASK_TRAINING] && p->rows[TASK_VALIDATION] &&
            p->rows[TASK_TEST])
            status = fill_parts(p, t) ? SN_OK : SN_NO_MEMORY;
    }
    if (status == SN_OK)
        spoil_labels(p, t, pool);
    else
        task_parts_clear(p);
    free(pool);
    return status;
}

void task_parts_clear(struct task_parts *p)
{
    for (int part = 0; part < TASK_PARTS; part++) {
        free(p->row[part]);
        free(p->x[part]);
        free(p->label[part]);
    }
    *p = (struct task_parts){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * npy:IN.npy,OUT.npy: inputs and results that somebody has computed, arrays of
 * one shape; npy:IN.npy,DY.npy,OUT.npy for a gradient.  The type is that of
 * the results; what goes in may be of a narrower one, whose values it has.
 */
#include "verify/conformance/reference/types.h"
#include "verify/conformance/subject/kinds.h"
#include "verify/shared/npy.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct files_session {
    struct subject_session base;
    struct shared_npy_file in, dy, out; /* dy: bytes NULL: 1 */
};

/* Opens the files that there are; what was opened is closed on failure. */
static bool open_all(struct files_session *files,
    const struct subject *subject, struct subject_failure *failure)
{
    const char *path[] = {subject->path, subject->dy, subject->other};
    struct shared_npy_file *file[] = {&files->in, &files->dy, &files->out};
    for (int i = 0; i < 3; i++) {
        *file[i] = (struct shared_npy_file){0};
        if (!*path[i] || shared_npy_open(file[i], path[i], failure->text,
                             sizeof failure->text))
            continue;
        failure->outcome = SUBJECT_UNUSABLE;
        failure->trouble = SUBJECT_NPY;
        failure->outputs = path[i] == subject->other;
        while (i--)
            if (file[i]->bytes)
                shared_npy_close(file[i]);
        return false;
    }
    return true;
}

static void close_all(struct files_session *files)
{
    struct shared_npy_file *file[] = {&files->in, &files->dy, &files->out};
    for (int i = 0; i < 3; i++)
        if (file[i]->bytes)
            shared_npy_close(file[i]);
}

/* Every value of `narrow` is one of `wide`. */
static bool fits_in(int narrow, int wide)
{
    const struct num_format *a = ref_types[narrow].format;
    const struct num_format *b = ref_types[wide].format;
    return a->precision <= b->precision && a->width <= b->width;
}

static enum subject_trouble compare_heads(
    const struct shared_npy *in, const struct shared_npy *out)
{
    const bool same = in->dimensions == out->dimensions &&
                      !memcmp(in->shape, out->shape, sizeof in->shape);
    return !fits_in(in->type, out->type) ? SUBJECT_NPY_TYPES
           : !same                       ? SUBJECT_NPY_SHAPES
           : !in->count                  ? SUBJECT_NPY_EMPTY
                                         : SUBJECT_NO_TROUBLE;
}

static bool parse_files(
    struct subject *subject, struct subject_failure *failure)
{
    struct files_session files;
    char word[sizeof subject->word], *rest = word;
    const char *part[3] = {NULL};
    int parts = 0;
    snprintf(subject->name, sizeof subject->name, "npy");
    snprintf(word, sizeof word, "%s", subject->word + strlen("npy:"));
    while (rest && parts < 3)
        part[parts++] = strsep(&rest, ",");
    bool good = !rest && parts > 1;
    for (int i = 0; i < parts; i++)
        good = good && *part[i];
    if (!good) {
        failure->trouble = SUBJECT_WORD_NO_PAIR;
        return false;
    }
    if (!subject_find_file(
            subject->path, part[0], SUBJECT_NO_ARRAY_FILE, failure) ||
        (parts == 3 && !subject_find_file(subject->dy, part[1],
                           SUBJECT_NO_ARRAY_FILE, failure)) ||
        !subject_find_file(
            subject->other, part[parts - 1], SUBJECT_NO_ARRAY_FILE, failure) ||
        !open_all(&files, subject, failure))
        return false;
    failure->trouble = compare_heads(&files.in.npy, &files.out.npy);
    if (failure->trouble == SUBJECT_NO_TROUBLE && files.dy.bytes)
        failure->trouble = compare_heads(&files.dy.npy, &files.out.npy);
    failure->types[0] = files.in.npy.type;
    failure->types[1] = subject->type = files.out.npy.type;
    close_all(&files);
    return failure->trouble == SUBJECT_NO_TROUBLE;
}

static enum subject_outcome open_files(struct subject_session *session)
{
    return open_all((struct files_session *)session, session->subject,
               &session->failure)
               ? SUBJECT_RAN
               : SUBJECT_UNUSABLE;
}

static void close_files(struct subject_session *session)
{
    if (session->failure.outcome == SUBJECT_RAN)
        close_all((struct files_session *)session);
}

/* An element as a value, which the type of the results has, too. */
static double value_of(const struct shared_npy_file *file, uint64_t i)
{
    return conf_type_value(file->npy.type, shared_npy_bits(file, i));
}

size_t subject_answers(struct subject_session *session, double *x, double *dy,
    double *y, size_t most)
{
    const struct files_session *files = (struct files_session *)session;
    const uint64_t count = files->in.npy.count;
    const uint64_t step = (count + most - 1) / most;
    size_t n = 0;
    for (uint64_t i = 0; i < count; i += step, n++) {
        x[n] = value_of(&files->in, i);
        y[n] = value_of(&files->out, i);
        if (dy)
            dy[n] = files->dy.bytes ? value_of(&files->dy, i) : 1;
    }
    return n;
}

/* In the type of the results. */
static uint64_t pattern_of(
    const struct shared_npy_file *file, int type, uint64_t i)
{
    return file->npy.type == type ? shared_npy_bits(file, i)
                                  : conf_type_pattern(type, value_of(file, i));
}

bool subject_answer(const struct subject_session *session, uint64_t x,
    uint64_t dy, uint64_t *y)
{
    const struct files_session *files = (const struct files_session *)session;
    const int type = files->out.npy.type;
    for (uint64_t i = 0; i < files->in.npy.count; i++)
        if (pattern_of(&files->in, type, i) == x &&
            (!files->dy.bytes || pattern_of(&files->dy, type, i) == dy)) {
            *y = shared_npy_bits(&files->out, i);
            return true;
        }
    return false;
}

/* ---- as a sweep ----------------------------------------------------------
 */

struct file_pair {
    uint64_t x, y; /* bits */
};

static int by_bits(const void *a, const void *b)
{
    const struct file_pair *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

/* Sorted: first the positive ones by size, NaN last, then the negative. */
static struct file_pair *sorted_pairs(
    const struct shared_npy_file *in, const struct shared_npy_file *out)
{
    const size_t n = (size_t)in->npy.count;
    struct file_pair *pair = malloc((n + 1) * sizeof *pair);
    const int type = out->npy.type;
    for (size_t i = 0; pair && i < n; i++)
        pair[i] = (struct file_pair){
            pattern_of(in, type, i), shared_npy_bits(out, i)};
    if (pair)
        qsort(pair, n, sizeof *pair, by_bits);
    return pair;
}

static enum subject_outcome feed_files(
    struct subject_session *session, struct subject_feed *feed)
{
    const struct files_session *files = (struct files_session *)session;
    const int type = session->task.type, sign = 8 * (int)session->size - 1;
    const size_t n = (size_t)files->in.npy.count;
    struct file_pair *pair = sorted_pairs(&files->in, &files->out);
    char *x = malloc(SUBJECT_BLOCK * sizeof(double));
    char *y = malloc(SUBJECT_BLOCK * sizeof(double));
    const bool memory = pair && x && y;
    for (size_t start = 0, count; memory && start < n; start += count) {
        for (count = 0; count < SUBJECT_BLOCK && start + count < n; count++) {
            const struct file_pair *p = &pair[start + count];
            if (p->x >> sign != pair[start].x >> sign)
                break;
            conf_type_set_bits(type, x, count, p->x);
            conf_type_set_bits(type, y, count, p->y);
            feed->contradictions +=
                count && p[-1].x == p->x && p[-1].y != p->y;
        }
        feed->meanwhile(feed->ctx, x, count);
        if (!feed->take(feed->ctx, 0, x, y, count))
            break;
    }
    free(pair);
    free(x);
    free(y);
    return memory
               ? SUBJECT_RAN
               : subject_fail(session, SUBJECT_UNUSABLE, SUBJECT_NO_MEMORY, 0);
}

const struct subject_kind subject_files = {.parts = 1,
    .timeout = 10,
    .session = sizeof(struct files_session),
    .parse = parse_files,
    .open = open_files,
    .close = close_files,
    .feed = feed_files};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * npy:IN.npy,OUT.npy: inputs and results that somebody has computed, arrays of
 * one type and shape.
 */
#include "verify/conformance/reference/types.h"
#include "verify/conformance/subject/kinds.h"
#include "verify/shared/npy.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct files_session {
    struct subject_session base;
    struct shared_npy_file in, out;
};

static bool open_both(const struct subject *subject,
    struct shared_npy_file *in, struct shared_npy_file *out,
    struct subject_failure *failure)
{
    const char *path = subject->path;
    bool good = shared_npy_open(in, path, failure->text, sizeof failure->text);
    if (good) {
        path = subject->other;
        good = shared_npy_open(out, path, failure->text, sizeof failure->text);
        if (!good)
            shared_npy_close(in);
    }
    if (!good) {
        failure->outcome = SUBJECT_UNUSABLE;
        failure->trouble = SUBJECT_NPY;
        failure->outputs = path == subject->other;
    }
    return good;
}

static enum subject_trouble compare_heads(
    const struct shared_npy *a, const struct shared_npy *b)
{
    const bool same = a->dimensions == b->dimensions &&
                      !memcmp(a->shape, b->shape, sizeof a->shape) &&
                      (a->fortran == b->fortran || a->dimensions < 2);
    return a->type != b->type ? SUBJECT_NPY_TYPES
           : !same            ? SUBJECT_NPY_SHAPES
           : !a->dimensions   ? SUBJECT_NPY_SCALAR
           : !a->count        ? SUBJECT_NPY_EMPTY
                              : SUBJECT_NO_TROUBLE;
}

static bool parse_files(
    struct subject *subject, struct subject_failure *failure)
{
    struct shared_npy_file in, out;
    const char *pair = subject->word + strlen("npy:");
    const char *comma = strchr(pair, ',');
    char path[PATH_MAX];
    snprintf(subject->name, sizeof subject->name, "npy");
    if (!comma || comma == pair || !comma[1] || strchr(comma + 1, ',')) {
        failure->trouble = SUBJECT_WORD_NO_PAIR;
        return false;
    }
    snprintf(path, sizeof path, "%.*s", (int)(comma - pair), pair);
    if (!subject_find_file(
            subject->path, path, SUBJECT_NO_ARRAY_FILE, failure) ||
        !subject_find_file(
            subject->other, comma + 1, SUBJECT_NO_ARRAY_FILE, failure) ||
        !open_both(subject, &in, &out, failure))
        return false;
    failure->trouble = compare_heads(&in.npy, &out.npy);
    failure->types[0] = subject->type = in.npy.type;
    failure->types[1] = out.npy.type;
    shared_npy_close(&in);
    shared_npy_close(&out);
    return failure->trouble == SUBJECT_NO_TROUBLE;
}

static enum subject_outcome open_files(struct subject_session *session)
{
    struct files_session *files = (struct files_session *)session;
    return open_both(
               session->subject, &files->in, &files->out, &session->failure)
               ? SUBJECT_RAN
               : SUBJECT_UNUSABLE;
}

static void close_files(struct subject_session *session)
{
    struct files_session *files = (struct files_session *)session;
    if (session->failure.outcome != SUBJECT_RAN)
        return;
    shared_npy_close(&files->in);
    shared_npy_close(&files->out);
}

size_t subject_answers(
    struct subject_session *session, double *x, double *y, size_t most)
{
    const struct files_session *files = (struct files_session *)session;
    const struct shared_npy_file *in = &files->in, *out = &files->out;
    const int type = session->task.type;
    const uint64_t step = (in->npy.count + most - 1) / most;
    size_t n = 0;
    for (uint64_t i = 0; i < in->npy.count; i += step, n++) {
        x[n] = conf_type_get(type, in->bytes + in->npy.at, i);
        y[n] = conf_type_get(type, out->bytes + out->npy.at, i);
    }
    return n;
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
    for (size_t i = 0; pair && i < n; i++)
        pair[i] = (struct file_pair){
            conf_type_bits(in->npy.type, in->bytes + in->npy.at, i),
            conf_type_bits(in->npy.type, out->bytes + out->npy.at, i)};
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

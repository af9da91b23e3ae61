/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/structure/calls.h"
#include <string.h>

void structure_set(
    const struct structure_calls *b, void *array, size_t i, double value)
{
    conf_type_set(b->dtype, array, i, value);
}

double structure_get(
    const struct structure_calls *b, const void *array, size_t i)
{
    return conf_type_get(b->dtype, array, i);
}

bool structure_same(const struct structure_calls *b, const void *array,
    size_t i, const void *other, size_t j)
{
    return !memcmp((const char *)array + i * b->size,
        (const char *)other + j * b->size, b->size);
}

bool structure_is_off(const struct structure_calls *b, double x, double y)
{
    return !(conf_reference_ulp(b->reference, b->dtype, x, y) <=
             b->question->max_ulp);
}

bool structure_is_poison(
    const struct structure_calls *b, const void *array, size_t i)
{
    const unsigned char *p = (const unsigned char *)array + i * b->size;
    for (size_t k = 0; k < b->size; k++)
        if (p[k] != b->poison)
            return false;
    return true;
}

static void note_mode(struct structure_calls *b)
{
    if (!b->mode)
        b->mode = subject_mode(b->session);
}

static void drop_session(struct structure_calls *b)
{
    subject_close(b->session);
    b->session = NULL;
}

bool structure_ready(struct structure_calls *b, struct conf_finding *finding)
{
    const struct subject_task task = subject_task_of(
        b->reference, b->dtype, b->question->timeout, b->question->stop);
    if (b->session)
        return true;
    if (b->stopped) {
        finding->missing = true;
        return false;
    }
    if (b->hung) {
        conf_fail(finding, DIAG_NOT_CHECKED, CONF_FACT(CONF_FACT_NOT_CHECKED));
        return false;
    }
    if (subject_open(&b->session, b->question->subject, &task) ==
        SUBJECT_RAN) {
        note_mode(b);
        return true;
    }
    conf_fail_by(
        finding, DIAG_CRASH, CONF_FACT_LOADING, subject_failure(b->session));
    drop_session(b);
    return false;
}

/* What a call that did not come back leaves to tell. */
static bool came_back(struct structure_calls *b, struct conf_finding *finding,
    enum subject_outcome outcome)
{
    const struct subject_failure *failure = subject_failure(b->session);
    const bool memory = subject_can(b->question->subject, SUBJECT_MEMORY);
    note_mode(b);
    if (outcome == SUBJECT_RAN)
        return true;
    b->hung = outcome == SUBJECT_HUNG;
    b->stopped = outcome == SUBJECT_STOPPED;
    if (b->stopped) {
        finding->missing = true;
        drop_session(b);
        return false;
    }
    finding->misconduct = true;
    conf_fail_by(finding,
        subject_is_outside(failure) ? DIAG_OUT_OF_BOUNDS : DIAG_CRASH,
        memory ? CONF_FACT_FAILED : CONF_FACT_FAILED_AT, failure);
    drop_session(b);
    return false;
}

bool structure_call(struct structure_calls *b, struct conf_finding *finding,
    const struct subject_call *call)
{
    return came_back(b, finding, subject_run(b->session, call));
}

bool structure_call_long(struct structure_calls *b,
    struct conf_finding *finding, size_t n, bool elsewhere,
    struct subject_long_run *ran)
{
    return came_back(b, finding, subject_long(b->session, n, elsewhere, ran));
}

bool structure_exchange(struct structure_calls *b,
    struct conf_finding *finding, const void *x, const void *dy, void *y,
    size_t n)
{
    if (!structure_ready(b, finding))
        return false;
    memcpy(subject_x(b->session), x, n * b->size);
    for (size_t i = 0; !dy && i < n; i++)
        structure_set(b, subject_dy(b->session), i, 1);
    if (dy)
        memcpy(subject_dy(b->session), dy, n * b->size);
    if (!structure_call(b, finding, &(struct subject_call){.n = n}))
        return false;
    memcpy(y, subject_out(b->session), n * b->size);
    return true;
}

double structure_input(size_t i)
{
    size_t k = i % STRUCTURE_PERIOD;
    return (k % 2 ? -1 : 1) * (0.01 + 0.07 * (double)k);
}

double structure_dy(const struct structure_calls *b, size_t i)
{
    const size_t k = i % STRUCTURE_PERIOD;
    return !b->reference->derivative ? 1
                                     : (k % 2 ? -1 : 1) * (double)(1 << k % 3);
}

static void draw_image(struct structure_calls *b)
{
    const size_t right = SUBJECT_BLOCK - STRUCTURE_LONG_RUN;
    for (size_t i = 0; i < STRUCTURE_LONG_RUN; i++) {
        structure_set(b, b->image, i, structure_input(i));
        structure_set(
            b, b->image, STRUCTURE_LONG_RUN + i, structure_input(right + i));
        structure_set(b, b->ones, i, 1);
        structure_set(b, b->factors, i, structure_dy(b, i));
        structure_set(
            b, b->factors, STRUCTURE_LONG_RUN + i, structure_dy(b, right + i));
    }
    b->drawn = true;
}

/* Calls use STRUCTURE_LONG_RUN elements at either end; so does this. */
void structure_fill(struct structure_calls *b)
{
    const size_t bytes = STRUCTURE_LONG_RUN * b->size;
    const size_t right = SUBJECT_BLOCK * b->size - bytes;
    char *x = subject_x(b->session), *dy = subject_dy(b->session);
    if (!b->drawn)
        draw_image(b);
    memcpy(x, b->image, bytes);
    memcpy(x + right, b->image + bytes, bytes);
    memcpy(dy, b->ones, bytes);
    memcpy(dy + right, b->ones, bytes);
}

void structure_fill_dy(struct structure_calls *b)
{
    const size_t bytes = STRUCTURE_LONG_RUN * b->size;
    char *dy = subject_dy(b->session);
    memcpy(dy, b->factors, bytes);
    memcpy(dy + SUBJECT_BLOCK * b->size - bytes, b->factors + bytes, bytes);
}

void structure_poison(struct structure_calls *b)
{
    const size_t bytes = STRUCTURE_LONG_RUN * b->size;
    char *out = subject_out(b->session);
    memset(out, b->poison, bytes);
    memset(out + SUBJECT_BLOCK * b->size - bytes, b->poison, bytes);
}

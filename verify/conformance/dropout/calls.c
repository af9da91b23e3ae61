/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/dropout/calls.h"
#include <math.h>
#include <string.h>

static bool open_session(struct dropout_calls *calls)
{
    const struct dropout_question *question = calls->question;
    const struct subject_task task = subject_task_of(question->reference,
        question->type, question->timeout, question->stop);
    return subject_open(&calls->session, question->subject, &task) ==
           SUBJECT_RAN;
}

static void note_failure(struct dropout_calls *calls)
{
    calls->failed = true;
    calls->failure = *subject_failure(calls->session);
    dropout_end(calls);
}

bool dropout_call_arrays(
    struct dropout_calls *calls, const struct subject_call *call)
{
    const bool ran = subject_run(calls->session, call) == SUBJECT_RAN;
    if (!calls->mode)
        calls->mode = subject_mode(calls->session);
    if (ran && calls->changed_n == 0 && subject_changed(calls->session)) {
        calls->changed = (double)subject_changed(calls->session);
        calls->changed_n = (double)call->n;
    }
    if (!ran)
        note_failure(calls);
    return ran;
}

bool dropout_call(struct dropout_calls *calls, double *y, const double *x,
    size_t n, struct dropout_how how)
{
    const int type = calls->question->type;
    if (calls->failed)
        return false;
    if (!calls->session && !open_session(calls)) {
        note_failure(calls);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        conf_type_set(type, subject_x(calls->session), i, x[i]);
    memset(subject_out(calls->session), 0xff, n * ref_types[type].size);
    if (!dropout_call_arrays(calls, &(struct subject_call){.n = n,
                                        .rate = how.rate,
                                        .seed = how.seed,
                                        .threaded = how.threaded}))
        return false;
    for (size_t i = 0; i < n; i++)
        y[i] = conf_type_get(type, subject_out(calls->session), i);
    return true;
}

void dropout_end(struct dropout_calls *calls)
{
    subject_close(calls->session);
    calls->session = NULL;
}

/* Values of the classes, few each. */
enum { SEEN_VALUES = 3 };
struct seen {
    double value[DROPOUT_CLASSES][SEEN_VALUES];
    int count[DROPOUT_CLASSES];
};

static bool has_seen(const struct seen *seen, int k, double value)
{
    for (int j = 0; j < seen->count[k]; j++)
        if (seen->value[k][j] == value)
            return true;
    return false;
}

/*
 * The dropped value is the one that inputs of different classes share; what
 * else a class has is its kept value.
 */
void dropout_look(
    struct dropout_view *view, const double *y, size_t n, size_t calls)
{
    struct seen seen = {.count = {0}};
    view->other = false;
    view->dropped = (double)NAN;
    view->n = n * calls;
    for (size_t i = 0; i < n * calls; i++) {
        const int k = (int)(i % n % DROPOUT_CLASSES);
        if (has_seen(&seen, k, y[i]))
            continue;
        if (seen.count[k] == SEEN_VALUES || isnan(y[i]))
            view->other = true;
        else
            seen.value[k][seen.count[k]++] = y[i];
    }
    for (int k = 1; k < DROPOUT_CLASSES; k++)
        for (int j = 0; j < seen.count[k]; j++)
            for (int l = 0; l < k; l++)
                if (has_seen(&seen, l, seen.value[k][j]))
                    view->dropped = seen.value[k][j];
    view->all_kept = true;
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        view->all_kept = view->all_kept && seen.count[k] == 1;
        view->kept[k] = (double)NAN;
        for (int j = 0; j < seen.count[k]; j++)
            if (seen.value[k][j] != view->dropped)
                view->kept[k] = seen.value[k][j];
        if (seen.count[k] > 2)
            view->other = true;
    }
}

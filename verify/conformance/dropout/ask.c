/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/dropout/ask.h"
#include "verify/conformance/subject/stream.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

struct values {
    int dtype;
    const double *x;
    double *y;
    size_t n;
};

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    (void)dy;
    const struct values *v = ctx;
    for (size_t i = 0; !block && i < v->n; i++)
        conf_type_set(v->dtype, x, i, v->x[i]);
    return block ? 0 : v->n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct values *v = ctx;
    (void)block, (void)x;
    for (size_t i = 0; i < n; i++)
        v->y[i] = conf_type_get(v->dtype, y, i);
    return true;
}

static bool by_stream(struct dropout_ask *ask, double *y, const double *x,
    size_t n, double rate, uint64_t seed)
{
    struct values values = {ask->dtype, x, y, n};
    struct subject_stream stream = {.command = ask->target->command,
        .function = ask->reference->function->name,
        .type = ask->dtype,
        .lambda = ask->reference->lambda,
        .alpha = ask->reference->alpha,
        .rate = rate,
        .seed = seed,
        .timeout = ask->timeout,
        .give = give,
        .take = take,
        .ctx = &values};
    char why[400];
    if (subject_stream_run(&stream, why, sizeof why) == CONF_RAN)
        return true;
    if (!*ask->why)
        snprintf(ask->why, sizeof ask->why, "%s", why);
    return false;
}

bool dropout_ask(struct dropout_ask *ask, double *y, const double *x, size_t n,
    double rate, uint64_t seed, bool threaded)
{
    if (ask->target->way == CONF_EXEC)
        return by_stream(ask, y, x, n, rate, seed);
    if (!ask->runner &&
        (*ask->why || conf_runner_start_dropout(&ask->runner, ask->target,
                          ask->dtype, ask->timeout) != CONF_RAN)) {
        if (!*ask->why)
            snprintf(
                ask->why, sizeof ask->why, "%s", conf_runner_why(ask->runner));
        dropout_ask_end(ask);
        return false;
    }
    struct conf_call call = {
        .n = n, .rate = rate, .seed = seed, .threaded = threaded};
    for (size_t i = 0; i < n; i++)
        conf_type_set(ask->dtype, conf_runner_x(ask->runner), i, x[i]);
    memset(conf_runner_out(ask->runner), 0xff, n * ref_types[ask->dtype].size);
    conf_runner_begin(ask->runner, &call);
    bool ran = conf_runner_end(ask->runner) == CONF_RAN;
    if (!*ask->mode)
        snprintf(
            ask->mode, sizeof ask->mode, "%s", conf_runner_mode(ask->runner));
    for (size_t i = 0; ran && i < n; i++)
        y[i] = conf_type_get(ask->dtype, conf_runner_out(ask->runner), i);
    if (ran)
        return true;
    snprintf(ask->why, sizeof ask->why, "%s", conf_runner_why(ask->runner));
    dropout_ask_end(ask);
    return false;
}

void dropout_ask_end(struct dropout_ask *ask)
{
    conf_runner_stop(ask->runner);
    ask->runner = NULL;
}

/*
 * The dropped value is the one that inputs of different classes share; what
 * else a class has is its kept value.
 */
void dropout_look(struct dropout_view *view, const double *y, size_t n)
{
    enum { SEEN = 3 };
    double seen[DROPOUT_CLASSES][SEEN];
    int count[DROPOUT_CLASSES] = {0};
    view->other = false;
    view->dropped = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        const int k = (int)(i % DROPOUT_CLASSES);
        int j = 0;
        while (j < count[k] && seen[k][j] != y[i])
            j++;
        if (j < count[k])
            continue;
        if (j == SEEN || isnan(y[i]))
            view->other = true;
        else
            seen[k][count[k]++] = y[i];
    }
    for (int j = 0; j < count[0]; j++)
        for (int l = 0; l < count[1]; l++)
            if (seen[0][j] == seen[1][l])
                view->dropped = seen[0][j];
    for (int k = 0; k < DROPOUT_CLASSES; k++) {
        view->kept[k] = (double)NAN;
        for (int j = 0; j < count[k]; j++)
            if (seen[k][j] != view->dropped)
                view->kept[k] = seen[k][j];
        if (count[k] > 2)
            view->other = true;
    }
}

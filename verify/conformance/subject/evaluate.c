/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel at chosen inputs, whichever way it is reached. */
#include "verify/shared/npy.h"
#include "verify/conformance/subject/stream.h"
#include "verify/conformance/conformance.h"
#include <stdlib.h>
#include <string.h>

static bool by_calls(const struct conf_target *target,
    const struct conf_reference *reference, int dtype, const double *x,
    const double *dy, double *y, size_t n, double timeout)
{
    struct subject_runner *runner;
    bool good = conf_runner_start(&runner, target, reference->derivative,
                    (enum sn_dtype)dtype, timeout) == CONF_RAN;
    for (size_t start = 0; good && start < n; start += CONF_BLOCK) {
        size_t count = n - start < CONF_BLOCK ? n - start : CONF_BLOCK;
        for (size_t i = 0; i < count; i++) {
            conf_type_set(dtype, conf_runner_x(runner), i, x[start + i]);
            conf_type_set(
                dtype, conf_runner_dy(runner), i, dy ? dy[start + i] : 1);
        }
        memset(conf_runner_out(runner), 0xff, count * ref_types[dtype].size);
        conf_runner_begin(runner, &(struct conf_call){.n = count});
        good = conf_runner_end(runner) == CONF_RAN;
        for (size_t i = 0; good && i < count; i++)
            y[start + i] = conf_type_get(dtype, conf_runner_out(runner), i);
    }
    conf_runner_stop(runner);
    return good;
}

struct values {
    int dtype;
    const double *x, *dy;
    double *y;
    size_t n;
};

static size_t give(void *ctx, uint64_t block, void *x, void *dy)
{
    const struct values *v = ctx;
    size_t start = block * CONF_BLOCK, n = 0;
    for (; n < CONF_BLOCK && start + n < v->n; n++)
        conf_type_set(v->dtype, x, n, v->x[start + n]);
    for (size_t i = 0; dy && v->dy && i < n; i++)
        conf_type_set(v->dtype, dy, i, v->dy[start + i]);
    return n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct values *v = ctx;
    (void)x;
    for (size_t i = 0; i < n; i++)
        v->y[block * CONF_BLOCK + i] = conf_type_get(v->dtype, y, i);
    return true;
}

static bool by_stream(const struct conf_target *target,
    const struct conf_reference *reference, int dtype, const double *x,
    const double *dy, double *y, size_t n, double timeout)
{
    struct values values = {dtype, x, dy, y, n};
    struct subject_stream stream = {.command = target->command,
        .function = reference->function->name,
        .type = dtype,
        .gradient = reference->derivative,
        .lambda = reference->lambda,
        .alpha = reference->alpha,
        .timeout = timeout,
        .give = give,
        .take = take,
        .ctx = &values};
    char why[256];
    return subject_stream_run(&stream, why, sizeof why) == CONF_RAN;
}

/* What the files hold, evenly thinned. */
static bool by_files(const struct conf_target *target, int dtype, double *x,
    double *y, size_t *n)
{
    enum { MOST = 65536 };
    struct shared_npy_file in, out;
    char why[256];
    if (!shared_npy_open(&in, target->library, why, sizeof why))
        return false;
    if (!shared_npy_open(&out, target->command, why, sizeof why)) {
        shared_npy_close(&in);
        return false;
    }
    const uint64_t count = in.npy.count;
    const uint64_t step = (count + MOST - 1) / MOST;
    *n = 0;
    for (uint64_t i = 0; i < count; i += step, ++*n) {
        x[*n] = conf_type_get(dtype, in.bytes + in.npy.at, i);
        y[*n] = conf_type_get(dtype, out.bytes + out.npy.at, i);
    }
    shared_npy_close(&in);
    shared_npy_close(&out);
    return true;
}

bool conf_target_evaluate(const struct conf_target *target,
    const struct conf_reference *reference, int dtype, double *x,
    const double *dy, double *y, size_t *n, double timeout)
{
    if (target->way == CONF_EXEC)
        return by_stream(target, reference, dtype, x, dy, y, *n, timeout);
    if (target->way == CONF_NPY)
        return by_files(target, dtype, x, y, n);
    return by_calls(target, reference, dtype, x, dy, y, *n, timeout);
}

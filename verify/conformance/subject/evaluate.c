/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel at chosen inputs, whichever way it is reached. */
#include "verify/shared/npy.h"
#include "verify/conformance/subject/stream.h"
#include "verify/conformance/conformance.h"
#include <stdlib.h>
#include <string.h>

static bool by_calls(const struct sn_target *target,
    const struct sn_reference *reference, int dtype, const double *x,
    const double *dy, double *y, size_t n, double timeout)
{
    struct sn_runner *runner;
    bool good = sn_runner_start(&runner, target, reference->derivative,
                    (enum sn_dtype)dtype, timeout) == SN_RAN;
    for (size_t start = 0; good && start < n; start += SN_BLOCK) {
        size_t count = n - start < SN_BLOCK ? n - start : SN_BLOCK;
        for (size_t i = 0; i < count; i++) {
            sn_type_set(dtype, sn_runner_x(runner), i, x[start + i]);
            sn_type_set(
                dtype, sn_runner_dy(runner), i, dy ? dy[start + i] : 1);
        }
        memset(sn_runner_out(runner), 0xff, count * sn_types[dtype].size);
        sn_runner_begin(runner, &(struct sn_call){.n = count});
        good = sn_runner_end(runner) == SN_RAN;
        for (size_t i = 0; good && i < count; i++)
            y[start + i] = sn_type_get(dtype, sn_runner_out(runner), i);
    }
    sn_runner_stop(runner);
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
    size_t start = block * SN_BLOCK, n = 0;
    for (; n < SN_BLOCK && start + n < v->n; n++)
        sn_type_set(v->dtype, x, n, v->x[start + n]);
    for (size_t i = 0; dy && v->dy && i < n; i++)
        sn_type_set(v->dtype, dy, i, v->dy[start + i]);
    return n;
}

static bool take(
    void *ctx, uint64_t block, const void *x, const void *y, size_t n)
{
    const struct values *v = ctx;
    (void)x;
    for (size_t i = 0; i < n; i++)
        v->y[block * SN_BLOCK + i] = sn_type_get(v->dtype, y, i);
    return true;
}

static bool by_stream(const struct sn_target *target,
    const struct sn_reference *reference, int dtype, const double *x,
    const double *dy, double *y, size_t n, double timeout)
{
    struct values values = {dtype, x, dy, y, n};
    struct sn_stream stream = {.command = target->command,
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
    return sn_stream_run(&stream, why, sizeof why) == SN_RAN;
}

/* What the files hold, evenly thinned. */
static bool by_files(
    const struct sn_target *target, int dtype, double *x, double *y, size_t *n)
{
    enum { MOST = 65536 };
    struct sn_npy_file in, out;
    char why[256];
    if (!sn_npy_open(&in, target->library, why, sizeof why))
        return false;
    if (!sn_npy_open(&out, target->command, why, sizeof why)) {
        sn_npy_close(&in);
        return false;
    }
    const uint64_t count = in.npy.count;
    const uint64_t step = (count + MOST - 1) / MOST;
    *n = 0;
    for (uint64_t i = 0; i < count; i += step, ++*n) {
        x[*n] = sn_type_get(dtype, in.bytes + in.npy.at, i);
        y[*n] = sn_type_get(dtype, out.bytes + out.npy.at, i);
    }
    sn_npy_close(&in);
    sn_npy_close(&out);
    return true;
}

bool sn_target_evaluate(const struct sn_target *target,
    const struct sn_reference *reference, int dtype, double *x,
    const double *dy, double *y, size_t *n, double timeout)
{
    if (target->way == SN_EXEC)
        return by_stream(target, reference, dtype, x, dy, y, *n, timeout);
    if (target->way == SN_NPY)
        return by_files(target, dtype, x, y, n);
    return by_calls(target, reference, dtype, x, dy, y, *n, timeout);
}

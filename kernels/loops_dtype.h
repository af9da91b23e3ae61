/* SPDX-License-Identifier: MIT */
/*
 * The loops of loops.h for one DTYPE other than forward: gradient, and those
 * with alpha dropout.
 */
SN_INLINE void JOIN(gradient_batch, DTYPE)(
    const struct ELU_IN *k, T *out, const T *by, const T *in, int past)
{
    enum { n = BATCH };
    vd x[n], dy[n], dx[n];
    EACH x[u] = GET(in + u * D_LANES);
    EACH dy[u] = GET(by + u * D_LANES);
    F_GRADIENT(k, n, dx, dy, x);
    if (past)
        EACH PUT_PAST(out + u * D_LANES, dx[u]);
    else
        EACH PUT(out + u * D_LANES, dx[u]);
}

SN_INLINE void JOIN(gradient_some, DTYPE)(
    const struct ELU_IN *k, T *out, const T *by, const T *in, size_t n)
{
    vd dx, dy = GET_SOME(by, n), x = GET_SOME(in, n);
    F_GRADIENT(k, 1, &dx, &dy, &x);
    PUT_SOME(out, dx, n);
}

SN_INLINE void JOIN(gradient_loop, DTYPE)(void *dx, const void *dy,
    const void *x, size_t n, const struct sn_elu *elu, int general)
{
    enum { ELEMENTS = BATCH * D_LANES };
    T *out = dx;
    const T *in = x, *by = dy;
    assert(fits(dx, x, n * sizeof(T)) && fits(dx, dy, n * sizeof(T)));
    struct ELU_IN k = ELU_IN(elu, NULL);
    k.general = general;
    const size_t ahead = ahead_of_stream(dx, x, dy, n, sizeof(T));
    size_t i = 0;
    if (ahead != SIZE_MAX) {
        for (; i < ahead; i++)
            JOIN(gradient_some, DTYPE)(&k, out + i, by + i, in + i, 1);
        for (; n - i >= ELEMENTS; i += ELEMENTS)
            JOIN(gradient_batch, DTYPE)(&k, out + i, by + i, in + i, 1);
        end_of_stream();
    }
    for (; n - i >= ELEMENTS; i += ELEMENTS)
        JOIN(gradient_batch, DTYPE)(&k, out + i, by + i, in + i, 0);
    for (size_t m; i < n; i += m) {
        m = n - i < D_LANES ? n - i : D_LANES;
        JOIN(gradient_some, DTYPE)(&k, out + i, by + i, in + i, m);
    }
}

static void JOIN(gradient, DTYPE)(void *dx, const void *dy, const void *x,
    size_t n, const struct sn_elu *elu)
{
    if (elu->rate == 1)
        JOIN(gradient_loop, DTYPE)(dx, dy, x, n, elu, 0);
    else
        JOIN(gradient_loop, DTYPE)(dx, dy, x, n, elu, 1);
}

#define NAME             dropout
#define INSTEAD          k->dropped
#define CORE(k, n, y, x) F_DROPOUT(k, n, y, x)
#include "loops_dropping.h"
#define NAME             fused
#define INSTEAD          k->dropped
#define CORE(k, n, y, x) F_FUSED(k, n, y, x)
#include "loops_dropping.h"
#define NAME             dropout_gradient
#define INSTEAD          vd_set(0.0)
#define CORE(k, n, y, x) F_DROPOUT_GRADIENT(k, n, y, x)
#include "loops_dropping.h"
#define NAME    fused_gradient
#define INSTEAD vd_set(0.0)
#define DY
#define CORE(k, n, y, x) F_GRADIENT(k, n, y, dy, x)
#include "loops_dropping.h"

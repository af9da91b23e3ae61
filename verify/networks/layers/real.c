/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/layers/real.h"
#include "verify/shared/vector_units.h"
#include <cblas.h>

void net_real_normals(void *y, size_t n, const struct shared_stream *stream,
    double mean, double deviation, enum net_real real)
{
    if (real == NET_REAL_F32)
        shared_normals_f32(y, n, stream, mean, deviation);
    else
        shared_normals_f64(y, n, stream, mean, deviation);
}

SHARED_FOR_EACH_VECTOR_UNIT void net_real_round(
    void *y, const double *x, size_t n, enum net_real real)
{
    for (size_t i = 0; i < n; i++)
        if (real == NET_REAL_F32)
            ((float *)y)[i] = (float)x[i];
        else
            ((double *)y)[i] = x[i];
}

SHARED_FOR_EACH_VECTOR_UNIT void net_real_widen(
    double *y, const void *x, size_t n, enum net_real real)
{
    for (size_t i = 0; i < n; i++)
        y[i] = real == NET_REAL_F32 ? (double)((const float *)x)[i]
                                    : ((const double *)x)[i];
}

void net_real_power_sums(struct shared_power_sums *s, const void *x, size_t n,
    double shift, enum net_real real)
{
    if (real == NET_REAL_F32)
        shared_power_sums_f32(s, x, n, shift);
    else
        shared_power_sums_f64(s, x, n, shift);
}

void net_real_two_sums(
    double *one, double *two, const void *x, size_t n, enum net_real real)
{
    if (real == NET_REAL_F32)
        shared_two_sums_f32(one, two, x, n);
    else
        shared_two_sums_f64(one, two, x, n);
}

double net_real_dot(const void *x, const void *y, size_t n, enum net_real real)
{
    return real == NET_REAL_F32 ? shared_dot_f32(x, y, n)
                                : shared_dot_f64(x, y, n);
}

SHARED_FOR_EACH_VECTOR_UNIT void net_real_add_to(
    double *sum, const void *x, size_t n, enum net_real real)
{
    const float *f = x;
    const double *d = x;
    if (real == NET_REAL_F32)
        for (size_t i = 0; i < n; i++)
            sum[i] += (double)f[i];
    else
        for (size_t i = 0; i < n; i++)
            sum[i] += d[i];
}

SHARED_FOR_EACH_VECTOR_UNIT void net_real_combine(
    void *y, double a, double b, const void *x, size_t n, enum net_real real)
{
    if (real == NET_REAL_F32) {
        float *to = y, af = (float)a, bf = (float)b;
        const float *from = x;
        for (size_t i = 0; i < n; i++)
            to[i] = af * to[i] + bf * from[i];
    } else {
        double *to = y;
        const double *from = x;
        for (size_t i = 0; i < n; i++)
            to[i] = a * to[i] + b * from[i];
    }
}

enum { REAL_BLOCK = 64 };

static size_t block_length(size_t first, size_t n)
{
    return n - first < REAL_BLOCK ? n - first : REAL_BLOCK;
}

void net_real_forward(void *y, const void *x, size_t n,
    const struct net_unit *unit, enum net_real real)
{
    if (real == NET_REAL_F32 && unit->f32) {
        unit->f32(y, x, n);
        return;
    }
    if (real == NET_REAL_F64 && unit->f64) {
        unit->f64(y, x, n);
        return;
    }
    double wide[REAL_BLOCK];
    for (size_t i = 0; i < n; i += REAL_BLOCK) {
        size_t count = block_length(i, n);
        net_real_widen(
            wide, (const char *)x + i * net_real_size(real), count, real);
        expr_program_run(wide, NULL, wide, count, unit->program);
        net_real_round(net_real_at(y, i, real), wide, count, real);
    }
}

void net_real_gradient(void *dx, const void *dy, const void *x, size_t n,
    const struct net_unit *unit, enum net_real real)
{
    if (real == NET_REAL_F32 && unit->grad_f32) {
        unit->grad_f32(dx, dy, x, n);
        return;
    }
    if (real == NET_REAL_F64 && unit->grad_f64) {
        unit->grad_f64(dx, dy, x, n);
        return;
    }
    double wide[REAL_BLOCK], slope[REAL_BLOCK];
    for (size_t i = 0; i < n; i += REAL_BLOCK) {
        size_t count = block_length(i, n), skip = i * net_real_size(real);
        net_real_widen(wide, (const char *)x + skip, count, real);
        expr_program_run(wide, slope, wide, count, unit->program);
        net_real_widen(wide, (const char *)dy + skip, count, real);
        for (size_t j = 0; j < count; j++)
            wide[j] *= slope[j];
        net_real_round(net_real_at(dx, i, real), wide, count, real);
    }
}

void net_real_product(void *y, const void *x, const struct net_panel *p)
{
    int k = (int)p->inputs, r = (int)p->rows, n = (int)p->n;
    if (p->real == NET_REAL_F32)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, k, r, n, 1, x, n,
            p->w, n, 0, (float *)y + p->first, n);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, k, r, n, 1, x, n,
            p->w, n, 0, (double *)y + p->first, n);
}

void net_real_product_back(void *y, const void *x, const struct net_panel *p)
{
    int k = (int)p->inputs, r = (int)p->rows, n = (int)p->n;
    if (p->real == NET_REAL_F32)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, n, r, 1,
            (const float *)x + p->first, n, p->w, n, p->first > 0, y, n);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, n, r, 1,
            (const double *)x + p->first, n, p->w, n, p->first > 0, y, n);
}

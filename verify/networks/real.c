/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/networks/real.h"
#include "verify/shared/vector_units.h"
#include <cblas.h>

void sn_real_normals(void *y, size_t n, const struct sn_stream *stream,
    double mean, double deviation, enum sn_real real)
{
    if (real == SN_REAL_F32)
        sn_normals_f32(y, n, stream, mean, deviation);
    else
        sn_normals_f64(y, n, stream, mean, deviation);
}

SN_FOR_EACH_VECTOR_UNIT void sn_real_round(
    void *y, const double *x, size_t n, enum sn_real real)
{
    for (size_t i = 0; i < n; i++)
        if (real == SN_REAL_F32)
            ((float *)y)[i] = (float)x[i];
        else
            ((double *)y)[i] = x[i];
}

SN_FOR_EACH_VECTOR_UNIT void sn_real_widen(
    double *y, const void *x, size_t n, enum sn_real real)
{
    for (size_t i = 0; i < n; i++)
        y[i] = real == SN_REAL_F32 ? (double)((const float *)x)[i]
                                   : ((const double *)x)[i];
}

void sn_real_power_sums(struct sn_power_sums *s, const void *x, size_t n,
    double shift, enum sn_real real)
{
    if (real == SN_REAL_F32)
        sn_power_sums_f32(s, x, n, shift);
    else
        sn_power_sums_f64(s, x, n, shift);
}

void sn_real_two_sums(
    double *one, double *two, const void *x, size_t n, enum sn_real real)
{
    if (real == SN_REAL_F32)
        sn_two_sums_f32(one, two, x, n);
    else
        sn_two_sums_f64(one, two, x, n);
}

double sn_real_dot(const void *x, const void *y, size_t n, enum sn_real real)
{
    return real == SN_REAL_F32 ? sn_dot_f32(x, y, n) : sn_dot_f64(x, y, n);
}

SN_FOR_EACH_VECTOR_UNIT void sn_real_add_to(
    double *sum, const void *x, size_t n, enum sn_real real)
{
    const float *f = x;
    const double *d = x;
    if (real == SN_REAL_F32)
        for (size_t i = 0; i < n; i++)
            sum[i] += (double)f[i];
    else
        for (size_t i = 0; i < n; i++)
            sum[i] += d[i];
}

SN_FOR_EACH_VECTOR_UNIT void sn_real_combine(
    void *y, double a, double b, const void *x, size_t n, enum sn_real real)
{
    if (real == SN_REAL_F32) {
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

enum { BLOCK = 64 };

static size_t block_at(size_t first, size_t n)
{
    return n - first < BLOCK ? n - first : BLOCK;
}

void sn_real_forward(void *y, const void *x, size_t n,
    const struct sn_unit *unit, enum sn_real real)
{
    if (real == SN_REAL_F32 && unit->f32) {
        unit->f32(y, x, n);
        return;
    }
    if (real == SN_REAL_F64 && unit->f64) {
        unit->f64(y, x, n);
        return;
    }
    double wide[BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = block_at(i, n);
        sn_real_widen(
            wide, (const char *)x + i * sn_real_size(real), count, real);
        sn_program_run(wide, NULL, wide, count, unit->program);
        sn_real_round(sn_real_at(y, i, real), wide, count, real);
    }
}

void sn_real_gradient(void *dx, const void *dy, const void *x, size_t n,
    const struct sn_unit *unit, enum sn_real real)
{
    if (real == SN_REAL_F32 && unit->grad_f32) {
        unit->grad_f32(dx, dy, x, n);
        return;
    }
    if (real == SN_REAL_F64 && unit->grad_f64) {
        unit->grad_f64(dx, dy, x, n);
        return;
    }
    double wide[BLOCK], slope[BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = block_at(i, n), skip = i * sn_real_size(real);
        sn_real_widen(wide, (const char *)x + skip, count, real);
        sn_program_run(wide, slope, wide, count, unit->program);
        sn_real_widen(wide, (const char *)dy + skip, count, real);
        for (size_t j = 0; j < count; j++)
            wide[j] *= slope[j];
        sn_real_round(sn_real_at(dx, i, real), wide, count, real);
    }
}

void sn_real_product(void *y, const void *x, const void *w, size_t inputs,
    size_t first, size_t rows, size_t n, enum sn_real real)
{
    int k = (int)inputs, r = (int)rows, all = (int)n;
    if (real == SN_REAL_F32)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, k, r, all, 1, x,
            all, w, all, 0, (float *)y + first, all);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, k, r, all, 1, x,
            all, w, all, 0, (double *)y + first, all);
}

void sn_real_product_back(void *y, const void *x, const void *w, size_t inputs,
    size_t first, size_t rows, size_t n, bool add, enum sn_real real)
{
    int k = (int)inputs, r = (int)rows, all = (int)n;
    if (real == SN_REAL_F32)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, all, r, 1,
            (const float *)x + first, all, w, all, (float)add, y, all);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, all, r, 1,
            (const double *)x + first, all, w, all, add, y, all);
}

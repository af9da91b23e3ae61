/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: one operation each for binary32 and binary64. */
#ifndef SN_VERIFY_NETWORKS_LAYERS_REAL_H
#define SN_VERIFY_NETWORKS_LAYERS_REAL_H

#include "verify/networks/networks.h"
#include "verify/shared/power_sums.h"

static inline size_t net_real_size(enum net_real real)
{
    return real == NET_REAL_F32 ? sizeof(float) : sizeof(double);
}
static inline void *net_real_at(void *x, size_t i, enum net_real real)
{
    return (char *)x + i * net_real_size(real);
}

void net_real_normals(void *y, size_t n, const struct shared_stream *stream,
    double mean, double deviation, enum net_real real);
/* Each entry rounded once. */
void net_real_round(void *y, const double *x, size_t n, enum net_real real);
void net_real_widen(double *y, const void *x, size_t n, enum net_real real);

void net_real_power_sums(struct shared_power_sums *s, const void *x, size_t n,
    double shift, enum net_real real);
void net_real_two_sums(
    double *one, double *two, const void *x, size_t n, enum net_real real);
double net_real_dot(
    const void *x, const void *y, size_t n, enum net_real real);
/* sum[j] += x[j] */
void net_real_add_to(double *sum, const void *x, size_t n, enum net_real real);
/* y = a y + b x */
void net_real_combine(
    void *y, double a, double b, const void *x, size_t n, enum net_real real);

/* y = f(x); dx = dy f'(x).  dx may be dy, y may be x. */
void net_real_forward(void *y, const void *x, size_t n,
    const struct net_unit *unit, enum net_real real);
void net_real_gradient(void *dx, const void *dy, const void *x, size_t n,
    const struct net_unit *unit, enum net_real real);

/* Rows first .. first + rows - 1 of an n x n matrix, and as many inputs. */
struct net_panel {
    const void *w; /* rows x n */
    size_t first, rows, n, inputs;
    enum net_real real;
};

/* y[i][first + u] = sum_j x[i][j] w[u][j], u < rows; leading dimensions n. */
void net_real_product(void *y, const void *x, const struct net_panel *panel);
/* And back: y[i][j] += sum_u x[i][first + u] w[u][j]; = where first is 0. */
void net_real_product_back(
    void *y, const void *x, const struct net_panel *panel);

#endif

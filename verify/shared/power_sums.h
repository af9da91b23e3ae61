/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over one row, in binary64 and in an order that depends on n alone. */
#ifndef SN_VERIFY_SHARED_POWER_SUMS_H
#define SN_VERIFY_SHARED_POWER_SUMS_H

#include <stddef.h>

struct shared_power_sums {
    double one, two, four; /* of x - shift and its powers */
};
void shared_power_sums_f32(
    struct shared_power_sums *s, const float *x, size_t n, double shift);
void shared_power_sums_f64(
    struct shared_power_sums *s, const double *x, size_t n, double shift);

/* sum x, sum x^2 */
void shared_two_sums_f32(double *one, double *two, const float *x, size_t n);
void shared_two_sums_f64(double *one, double *two, const double *x, size_t n);

double shared_dot_f32(const float *x, const float *y, size_t n);
double shared_dot_f64(const double *x, const double *y, size_t n);

#endif

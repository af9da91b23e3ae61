/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completely monotone functions of a double, enclosed by Taylor's formula. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SERIES_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SERIES_H

#include "fixedpoint/proofs/intervals/doubles/span.h"

/* Expansion points k/16 from -8 to 64; outside nothing is known. */
enum { IV_CELLS_PER_UNIT = 16, IV_FROM = -8, IV_TO = 64 };
enum { IV_CELLS = (IV_TO - IV_FROM) * IV_CELLS_PER_UNIT + 1, IV_DEGREE = 10 };

/* The Taylor polynomial around a point, and how far it is off at most. */
struct iv_cell {
    bool known;
    double coefficient[IV_DEGREE + 1], error;
};

/* A function, its cells made when first asked for. */
struct iv_series {
    void (*coefficients)(mpfi_t *a, double x); /* f^(k)(x)/k! */
    struct iv_cell cell[IV_CELLS];
};
/* e^-x and e^(x^2) erfc(x), both completely monotone
 * (docs/mathematics/proofs.md). */
void iv_series_exp(struct iv_series *series);
void iv_series_erfcx(struct iv_series *series);

/* The value at x; the range over x, from its ends, as the functions fall. */
struct iv_span iv_series_at(struct iv_series *series, double x);
struct iv_span iv_series_over(struct iv_series *series, struct iv_span x);

#endif

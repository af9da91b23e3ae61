/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completely monotone functions of a double, enclosed by Taylor's formula. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SERIES_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_SERIES_H

#include "fixedpoint/proofs/intervals/doubles/span.h"

/* Expansion points k/16 from -8 to 64; outside nothing is known. */
enum { SN_CELLS_PER_UNIT = 16, SN_FROM = -8, SN_TO = 64 };
enum { SN_CELLS = (SN_TO - SN_FROM) * SN_CELLS_PER_UNIT + 1, SN_DEGREE = 10 };

/* The Taylor polynomial around a point, and how far it is off at most. */
struct sn_cell {
    bool known;
    double coefficient[SN_DEGREE + 1], error;
};

/* A function, its cells made when first asked for. */
struct sn_series {
    void (*coefficients)(mpfi_t *a, double x); /* f^(k)(x)/k! */
    struct sn_cell cell[SN_CELLS];
};
/* e^-x and e^(x^2) erfc(x), both completely monotone (docs/proofs.md). */
void sn_series_exp(struct sn_series *series);
void sn_series_erfcx(struct sn_series *series);

/* The value at x; the range over x, from its ends, as the functions fall. */
struct sn_span sn_series_at(struct sn_series *series, double x);
struct sn_span sn_series_over(struct sn_series *series, struct sn_span x);

#endif

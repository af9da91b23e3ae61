/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of selu(z) on a box of (m, v), in intervals of doubles. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_MOMENTS_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_MOMENTS_H

#include "fixedpoint/proofs/intervals/doubles/series.h"
#include "fixedpoint/proofs/intervals/formulas.h"

/* A function of (m, v): its range and those of its two derivatives. */
struct iv_pair {
    struct iv_span f, d[2];
};

enum { IV_MOST_ORDERS = 9 }; /* m-derivatives, two of them for sharpening */

/* m-derivatives of N, X1, X2, E f, E f^2 (f = selu). */
struct iv_chain {
    struct iv_span p, c, n[IV_MOST_ORDERS], x1[IV_MOST_ORDERS],
        x2[IV_MOST_ORDERS], e[IV_MOST_ORDERS], q[IV_MOST_ORDERS];
};

struct iv_doubles {
    struct iv_series exp, erfcx;
    struct iv_span lambda, alpha, sqrt_pi;
    struct iv_chain box, centre;
    bool known[IV_ATOMS];
    struct iv_pair atom[IV_ATOMS];
};

/*
 * As iv_map_set(); x has the ends of m and v.  lambda and alpha are set by
 * the caller.
 */
void iv_doubles_set(struct iv_doubles *doubles, struct iv_span m,
    struct iv_span v, int derivatives, bool slopes);
const struct iv_pair *iv_doubles_atom(
    struct iv_doubles *doubles, enum iv_atom atom);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of selu(z) on a box of (m, v), in intervals of doubles. */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_MOMENTS_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_MOMENTS_H

#include "fixedpoint/proofs/intervals/doubles/series.h"
#include "fixedpoint/proofs/intervals/formulas.h"

/* A function of (m, v): its range and those of its two derivatives. */
struct sn_pair {
    struct sn_span f, d[2];
};

enum { SN_MOST_ORDERS = 9 }; /* m-derivatives, two of them for sharpening */

/* m-derivatives of N, X1, X2, E f, E f^2 (f = selu). */
struct sn_chain {
    struct sn_span p, c, n[SN_MOST_ORDERS], x1[SN_MOST_ORDERS],
        x2[SN_MOST_ORDERS], e[SN_MOST_ORDERS], q[SN_MOST_ORDERS];
};

struct sn_doubles {
    struct sn_series exp, erfcx;
    struct sn_span lambda, alpha, sqrt_pi;
    struct sn_chain box, centre;
    bool known[SN_ATOMS];
    struct sn_pair atom[SN_ATOMS];
};

/*
 * As sn_map_set(); x has the ends of m and v.  lambda and alpha are set by
 * the caller.
 */
void sn_doubles_set(struct sn_doubles *doubles, struct sn_span m,
    struct sn_span v, int derivatives, bool slopes);
const struct sn_pair *sn_doubles_atom(
    struct sn_doubles *doubles, enum sn_atom atom);

#endif

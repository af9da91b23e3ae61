/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a block of results is judged; internal to verify/conformance/. */
#ifndef SN_VERIFY_SCORE_H
#define SN_VERIFY_SCORE_H

#include "verify/conformance/conformance.h"
#include <string.h>

struct sn_score {
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    double max_ulp, worst_input, worst_dy, worst_got;
    double curve[SN_CURVE];
    uint64_t histogram[SN_BINADES][SN_BUCKETS];
};
void sn_score_init(struct sn_score *score);
void sn_score_merge(struct sn_score *total, const struct sn_score *part);

/*
 * Results y for n <= SN_BLOCK inputs x of one sign, sorted by magnitude with
 * infinity and NaN (for which only a NaN is right) last; d holds
 * sn_reference_approximate() of them.  Right or wrong is decided exactly, by
 * MPFR where d leaves it open; max_ulp is computed from d, so it is within
 * 2^-21 of the exact figure.
 */
void sn_score_f32(struct sn_score *score, const struct sn_reference *reference,
    const float *x, const float *y, const double *d, size_t n);

/*
 * d of sn_reference_approximate() alone, or of f64 the three arrays of
 * sn_reference_approximate_f64().
 */
struct sn_approximation {
    double *high, *low, *scale;
};

/*
 * Any type, one result after the other.  d: NULL: by MPFR alone.  dy: of a
 * gradient, or NULL for 1; with dy the order of the inputs is free and
 * monotonicity is not looked at, and f64 takes no d.
 */
void sn_score_each(struct sn_score *score,
    const struct sn_reference *reference, int dtype, const void *x,
    const void *dy, const void *y, const struct sn_approximation *d, size_t n);

/* Where an error counts: the worst, of equal ones at the smaller input. */
bool sn_score_worse(double ulp, double x, const struct sn_score *than);
void sn_score_note(
    struct sn_score *score, double ulp, double x, double dy, double y);
int sn_score_bucket(double ulp, bool wrong);

static inline uint64_t sn_score_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The cell of SN_CURVE and the binade of an input, from its bits. */
static inline unsigned sn_score_cell(int dtype, uint64_t bits)
{
    return (unsigned)(bits >> (8 * sn_types[dtype].size - 12));
}
unsigned sn_score_binade(int dtype, uint64_t bits);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a block of results is judged; internal to verify/conformance/. */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_SCORE_H
#define SN_VERIFY_CONFORMANCE_SWEEP_SCORE_H

#include "verify/conformance/conformance.h"
#include <string.h>

struct sweep_score {
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    double max_ulp, worst_input, worst_dy, worst_got;
    double curve[CONF_CURVE];
    uint64_t histogram[CONF_BINADES][CONF_BUCKETS];
};
void sweep_score_init(struct sweep_score *score);
void sweep_score_merge(
    struct sweep_score *total, const struct sweep_score *part);

/*
 * Results y for n <= CONF_BLOCK inputs x of one sign, sorted by magnitude with
 * infinity and NaN (for which only a NaN is right) last; d holds
 * conf_reference_approximate() of them.  Right or wrong is decided exactly, by
 * MPFR where d leaves it open; max_ulp is computed from d, so it is within
 * 2^-21 of the exact figure.
 */
void sweep_score_f32(struct sweep_score *score,
    const struct conf_reference *reference, const float *x, const float *y,
    const double *d, size_t n);

/*
 * d of conf_reference_approximate() alone, or of f64 the three arrays of
 * conf_reference_approximate_f64().
 */
struct sweep_approximation {
    double *high, *low, *scale;
};

/*
 * Any type, one result after the other.  d: NULL: by MPFR alone.  dy: of a
 * gradient, or NULL for 1; with dy the order of the inputs is free and
 * monotonicity is not looked at, and f64 takes no d.
 */
void sweep_score_each(struct sweep_score *score,
    const struct conf_reference *reference, int dtype, const void *x,
    const void *dy, const void *y, const struct sweep_approximation *d,
    size_t n);

/* Where an error counts: the worst, of equal ones at the smaller input. */
bool sweep_score_worse(double ulp, double x, const struct sweep_score *than);
void sweep_score_note(
    struct sweep_score *score, double ulp, double x, double dy, double y);
int sweep_score_bucket(double ulp, bool wrong);

static inline uint64_t sweep_score_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The cell of CONF_CURVE and the binade of an input, from its bits. */
static inline unsigned sweep_score_cell(int dtype, uint64_t bits)
{
    return (unsigned)(bits >> (8 * ref_types[dtype].size - 12));
}
unsigned sweep_score_binade(int dtype, uint64_t bits);

#endif

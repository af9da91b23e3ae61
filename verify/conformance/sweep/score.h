/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a block of results is judged; a score adds up over blocks. */
#ifndef SN_VERIFY_CONFORMANCE_SWEEP_SCORE_H
#define SN_VERIFY_CONFORMANCE_SWEEP_SCORE_H

#include "verify/conformance/reference/reference.h"
#include <string.h>

enum {
    SWEEP_CURVE = 4096, /* leading 12 bits of x: f32 sign, exponent, 3 bits */
    SWEEP_BINADES = 4096, /* sign and exponent of x */
    SWEEP_BUCKETS = 8 /* right; wrong by < 1, 2, 4, 16, 2^8, 2^16 ULP, more */
};
extern const double sweep_bucket_limit[SWEEP_BUCKETS]; /* exclusive */

struct sweep_score {
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    uint64_t changed; /* inputs that the kernel wrote to */
    /* of what brings its own inputs: NaN that become numbers, infinities
       that are wrong, zeros whose sign is lost */
    uint64_t nan_lost, infinities, zero_signs;
    double max_ulp, worst_input, worst_got; /* max_ulp -1: none */
    double curve[SWEEP_CURVE]; /* max ULP by leading 12 bits; -1: no input */
    uint64_t histogram[SWEEP_BINADES][SWEEP_BUCKETS];
};
void sweep_score_init(struct sweep_score *score);
void sweep_score_merge(
    struct sweep_score *total, const struct sweep_score *part);

/*
 * Results y for n <= SUBJECT_BLOCK inputs x of one sign, sorted by magnitude
 * with infinity and NaN (for which only a NaN is right) last; d holds
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
 * Any type, one result after the other, of inputs in the same order.  d: NULL:
 * by MPFR alone.
 */
void sweep_score_each(struct sweep_score *score,
    const struct conf_reference *reference, int dtype, const void *x,
    const void *y, const struct sweep_approximation *d, size_t n);

/*
 * Whether y is the derivative at 0 from the right, where f' jumps: a matter of
 * convention, which the diagnosis tells, and no error.
 */
bool sweep_is_other_side(
    const struct conf_reference *reference, int dtype, double x, double y);

/* Where an error counts: the worst, of equal ones at the smaller input. */
bool sweep_score_worse(double ulp, double x, const struct sweep_score *than);
void sweep_score_note(
    struct sweep_score *score, double ulp, double x, double y);
int sweep_score_bucket(double ulp, bool wrong);

static inline uint64_t sweep_score_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The cell of SWEEP_CURVE and the binade of an input, from its bits. */
static inline unsigned sweep_score_cell(int dtype, uint64_t bits)
{
    return (unsigned)(bits >> (8 * ref_types[dtype].size - 12));
}
unsigned sweep_score_binade(int dtype, uint64_t bits);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the proofs share: random numbers, an attempt at a claim.
 */
#ifndef SN_TESTS_FIXEDPOINT_PROOFS_TEST_PROOFS_H
#define SN_TESTS_FIXEDPOINT_PROOFS_TEST_PROOFS_H

#include "fixedpoint/proofs/claims/claims.h"
#include "fixedpoint/proofs/claims/definitions.h"
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- random numbers: SplitMix64, seeds printed ---------------------- */

static uint64_t state;

static inline void seed(uint64_t value)
{
    state = value;
    fprintf(stderr, "proofs: seed %llu\n", (unsigned long long)value);
}

static inline double uniform(double lower, double upper)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    double u = (double)((z ^ z >> 31) >> 11) * 0x1p-53;
    return lower + u * (upper - lower);
}

/* ---- proving -------------------------------------------------------- */

struct attempt {
    struct claim_prover prover;
    struct claim_result result;
};

static inline void attempt_init(struct attempt *a)
{
    cr_assert_eq(claim_prover_init(&a->prover), SN_OK);
    memset(&a->result, 0, sizeof a->result);
}

static inline void attempt_clear(struct attempt *a)
{
    claim_result_clear(&a->result);
    claim_prover_clear(&a->prover);
}

static inline void replace(
    struct attempt *a, int coordinate, const char *lower, const char *upper)
{
    a->prover.end[coordinate][0] = lower;
    a->prover.end[coordinate][1] = upper;
}

static inline enum claim_verdict verdict(
    struct attempt *a, const struct claim_claim *claim, long max_boxes)
{
    a->prover.search.max_boxes = max_boxes;
    claim_result_clear(&a->result);
    cr_assert_eq(
        claim_prove(&a->result, claim, &a->prover), SN_OK, "%s", claim->name);
    return a->result.verdict;
}

static inline double lower_of(const struct attempt *a, size_t part)
{
    return mpfr_get_d(a->result.part[part].lower, MPFR_RNDD);
}

static inline double upper_of(const struct attempt *a, size_t part)
{
    return mpfr_get_d(a->result.part[part].upper, MPFR_RNDU);
}

/* The texts of definitions.c as the prover sees them: to free(). */
static inline char *expanded(const char *formula)
{
    char *text = claim_expand(formula);
    cr_assert(text, "%s", formula);
    return text;
}

/* The formula in double, by other means (test_proofs_double.c). */
double formula_in_double(
    const char *text, const double x[IV_COORDINATES], double scale_lambda);

#endif

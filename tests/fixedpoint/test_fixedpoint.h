/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the theory share. */
#ifndef SN_TESTS_FIXEDPOINT_TEST_FIXEDPOINT_H
#define SN_TESTS_FIXEDPOINT_TEST_FIXEDPOINT_H

#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"
#include <criterion/criterion.h>
#include <gsl/gsl_rng.h>

enum { SEED = 1706 };

static inline gsl_rng *generator(void)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, SEED);
    return rng;
}

static inline double between(gsl_rng *rng, double low, double high)
{
    return low + (high - low) * gsl_rng_uniform(rng);
}

static inline double middle(const arb_t x)
{
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

#endif

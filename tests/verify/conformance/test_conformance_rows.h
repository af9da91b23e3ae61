/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels that are wrong in one known way (tests/faulty/) must fail for that
 * reason and no other, right ones must pass.  Seed 1706, 2^18 samples.
 */
#ifndef SN_TESTS_VERIFY_CONFORMANCE_TEST_CONFORMANCE_ROWS_H
#define SN_TESTS_VERIFY_CONFORMANCE_TEST_CONFORMANCE_ROWS_H

#include "verify/conformance/words/words.h"

struct row {
    const char *kernel;   /* FILE:SYMBOL */
    const char *function; /* NULL: selu */
    int dtype;
    const char *fails;  /* names, each followed by a semicolon */
    double least, most; /* max_ulp */
    uint64_t wrong[2];  /* incorrectly rounded: from, to */
    const char *tells;  /* part of a fault or a detail, or NULL */
    uint64_t descents;  /* monotonicity violations */
    double timeout;     /* 0: 20 s */
};

#define ANY UINT64_C(1) << 32
#define PASSES                                                                \
    0, 0.5000001,                                                             \
    {                                                                         \
        0, 0                                                                  \
    }

/* names of findings, for `fails` */
#define SPECIAL "special values;"
#define LENGTHS "lengths 0 to 130;"
#define BITS    "same bits at any length and place;"
#define THREAD  "same bits in any thread;"
#define PLACE   "in place;"
#define LONG    "a long array;"
#define MODE    "floating-point mode;"
#define REST    "exceptions;directed rounding;"

/* FILE:SYMBOL as BUILD/faulty/FILE.so:SYMBOL */
void locate(struct subject *subject, const char *kernel);
const struct conf_checked_function *function(const char *name);
void judge(const struct row *row, double limit);
void judge_all(const struct row *row, size_t count);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel tests share: a reference in MPFR that owes nothing to
 * verify/ or fixedpoint/, inputs, and the score of a kernel on them.
 */
#ifndef SN_TESTS_KERNELS_TEST_KERNELS_H
#define SN_TESTS_KERNELS_TEST_KERNELS_H

#include "kernels/isa.h"
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>

enum { REFERENCE_BITS = 256 };

/* lambda, alpha and lambda alpha, eq. 14 through erfc */
extern mpfr_t ref_lambda, ref_alpha, ref_alpha_prime;
/* Sets them and the seed, and prints the seed under the test's name. */
void ref_begin(const char *test, uint64_t seed);
void ref_end(void);

/* selu(x), or dy selu'(x); x and dy finite. */
void ref_exact(mpfr_t y, bool gradient, double dy, double x);
/* What a kernel of selu or elu (alpha = 1) or their gradients should give. */
void ref_exact_of(
    mpfr_t y, const struct sn_kernel *kernel, double dy, double x);
/* a x, x > 0; b (e^(x/width) - 1); or the derivative times dy */
struct ref_elu {
    mpfr_srcptr a, b;
    double width;
};
void ref_elu_exact(
    mpfr_t y, const struct ref_elu *elu, bool gradient, double dy, double x);
/* |y - exact| in ULP of exact; infinity counts as 2^emax, NaN as infinity. */
double ref_ulps(enum sn_dtype dtype, const mpfr_t exact, double y);

uint64_t random_bits(void);
double random_unit(void); /* [0, 1) */
double from_bits(enum sn_dtype dtype, uint64_t bits);
uint64_t to_bits(enum sn_dtype dtype, double x);
/* the number `steps` places from x, away from 0 where steps > 0 */
double nudge(enum sn_dtype dtype, double x, int steps);
/* Random and hard inputs by turns; dy is 1 for a forward kernel. */
void draw(const struct sn_kernel *kernel, long i, double *dy, double *x);

/* The kernel at n = 1. */
double run_one(const struct sn_kernel *kernel, double dy, double x);

/* sn_selu_f32 with another function in its place, and in that of f64's */
struct sn_kernel planted_forward(sn_forward *forward);

struct score {
    const char *name;
    long count, bad;
    double worst, dy, x, got;
};
/* `count` drawn inputs; bad: error above bound, or NaN */
struct score score(const struct sn_kernel *kernel, double bound, long count);
void score_add(struct score *s, double bound, double ulps, double dy, double x,
    double got);
/* One line on stderr, for the figures that docs/mathematics/kernels.md quotes.
 */
void score_print(const struct score *s);

#define SCORE_FORMAT "%s: %ld of %ld bad, worst %.9g ULP at dy %a x %a: %a"
#define SCORE_VALUES(s)                                                       \
    (s).name, (s).bad, (s).count, (s).worst, (s).dy, (s).x, (s).got

/* Largest error that the kernel promises for any dy (0.5 + 2^-26 ...). */
double promised_ulps(const struct sn_kernel *kernel);

#endif

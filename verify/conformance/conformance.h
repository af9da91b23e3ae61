/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a kernel right?  A reference that knows the correctly rounded value and
 * how far a result is from the exact one; sweeps over inputs; checks of what
 * ULP does not see; a child process in which the kernel runs.
 *
 * The reference shares nothing with kernels/: its constants come from MPFR
 * and its formulas from verify/conformance/reference.c.  The error of a result
 * y is |y - exact| / ulp(exact), ulp taken in the binade of the exact value
 * (of the smallest normal number below that, of the largest above).  Infinity,
 * and exact values beyond it, count as +-2^emax (2^128 in f32); a NaN counts
 * as that with the wrong sign.  So the error is always a number.
 */
#ifndef SN_VERIFY_CONFORMANCE_H
#define SN_VERIFY_CONFORMANCE_H

#include "fixedpoint/status.h"
#include "kernels/kernels.h"
#include <limits.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- reference ---------------------------------------------------------- */

/*
 * Forward:    f(x) = a x (x > 0), b (e^x - 1) (x <= 0)
 * derivative: a (x > 0), b e^x (x <= 0)
 */
struct sn_reference {
    bool derivative;
    mpfr_t a, b;               /* enclosed to 2^-240 relative */
    double a_double, b_double; /* nearest */
};

/* The functions that can be checked, by name. */
struct sn_checked_function {
    const char *name;
    bool derivative, scaled; /* scaled: a = lambda, b = lambda alpha */
};
extern const struct sn_checked_function sn_checked_functions[];
extern const int sn_checked_function_count;

/*
 * lambda, alpha: decimal words, or NULL for the exact constants of the paper
 * (selu) or 1 (elu).  elu has no lambda: give NULL.  SN_BAD_VALUE where lambda
 * or lambda alpha is no number from SN_LEAST_FACTOR to SN_MOST_FACTOR.
 */
#define SN_LEAST_FACTOR 1e-30
#define SN_MOST_FACTOR  1e30
enum sn_status sn_reference_init(struct sn_reference *reference,
    const struct sn_checked_function *function, const char *lambda,
    const char *alpha);
void sn_reference_clear(struct sn_reference *reference);

/* The exact value at a finite x, within 2^-200 relative. */
void sn_reference_exact(
    mpfr_t exact, const struct sn_reference *reference, double x);

/* Correctly rounded; also for infinities and NaN (the quiet default NaN). */
double sn_reference_rounded(
    const struct sn_reference *reference, enum sn_dtype dtype, double x);

/* Error of y at an x that is no NaN, in ULP, rounded to double from 200 bits.
 */
double sn_reference_ulp(const struct sn_reference *reference,
    enum sn_dtype dtype, double x, double y);

/*
 * d[i] approximates f(x[i]) for n finite floats with relative error below
 * SN_APPROX_BOUND, proven in docs/check.md; but both are below 2^-330 for the
 * derivative below -300.  Undefined for infinities and NaN.
 */
#define SN_APPROX_BOUND 0x1p-46
void sn_reference_approximate(
    const struct sn_reference *reference, double *d, const float *x, size_t n);

/* ---- a kernel in a child process ---------------------------------------- */

struct sn_target {
    char word[PATH_MAX];    /* as the user wrote it */
    char library[PATH_MAX]; /* empty: built in */
    char symbol[256];
    const struct sn_kernel *builtin; /* NULL: from a library */
};

/*
 * Parses a name from the registry or PATH.so:SYMBOL.  false with a reason of
 * one line where it is neither, or the file does not exist.
 */
bool sn_target_parse(
    struct sn_target *target, const char *word, char *why, size_t size);

enum sn_outcome {
    SN_RAN,
    SN_UNUSABLE, /* not loaded: no such symbol, not a library, ... */
    SN_CRASHED,
    SN_HUNG
};

enum { SN_BLOCK = 65536 }; /* most elements of one call */

struct sn_runner;

/*
 * Starts the child and loads the kernel there.  Other than SN_RAN: why.
 * `mode` says in words which floating-point mode loading switched ("" none).
 */
enum sn_outcome sn_runner_start(struct sn_runner **runner,
    const struct sn_target *target, bool gradient, enum sn_dtype dtype,
    double timeout);
void sn_runner_stop(struct sn_runner *runner);

/*
 * The arrays, shared with the child.  There each lies between two pages that
 * fault on any access: element 0 .. SN_BLOCK-1 of the dtype fill it.
 */
void *sn_runner_x(struct sn_runner *runner);
void *sn_runner_dy(struct sn_runner *runner);
void *sn_runner_out(struct sn_runner *runner);

/* Where in the arrays a call starts, in elements. */
struct sn_call {
    size_t n, x_at, out_at;
    bool in_place; /* out is x (gradient: dy) */
};

/* begin: the child starts; end: waits for it.  SN_RAN, SN_CRASHED, SN_HUNG. */
void sn_runner_begin(struct sn_runner *runner, const struct sn_call *call);
enum sn_outcome sn_runner_end(struct sn_runner *runner);

/*
 * Seconds that `repeats` calls on n elements take, which `threads` share in
 * ranges, on arrays of the child's own with inputs spread over [-4, 4); below
 * 0 where it failed.  Targets without a library whose symbol is "memcpy" or
 * "stream3" are yardsticks: the latter reads two arrays and writes one, past
 * the caches where that is what large copies do.
 */
double sn_runner_time(
    struct sn_runner *runner, size_t n, uint64_t repeats, int threads);

/* One line about the last outcome other than SN_RAN. */
const char *sn_runner_why(const struct sn_runner *runner);
/* What loading (or any call so far) did to the floating-point mode, or "". */
const char *sn_runner_mode(const struct sn_runner *runner);

/* ---- sweeps --------------------------------------------------------------
 */

enum { SN_CURVE = 4096 }; /* f32: sign, exponent, three bits of significand */

struct sn_sweep {
    /* asked */
    bool exhaustive;
    uint64_t samples;
    int threads;
    double timeout;
    uint64_t seed;
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    /* found */
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    double max_ulp, worst_input, worst_got, worst_want;
    double curve[SN_CURVE]; /* max ULP by leading 12 bits; -1: no input */
    bool stopped;
    char fault[512]; /* crash or hang, with the inputs; "" none */
};

/* SN_OK also where the kernel crashed: see fault.  f64: samples only. */
enum sn_status sn_sweep_run(struct sn_sweep *sweep,
    const struct sn_reference *reference, const struct sn_target *target,
    enum sn_dtype dtype);

/* ---- checks of structure -------------------------------------------------
 */

struct sn_finding {
    const char *name;
    bool passed;
    bool misconduct; /* a crash, a hang, a switched floating-point mode */
    int failures;
    char detail[1024]; /* what failed: the first few, and how many more */
};
enum { SN_FINDINGS = 8 };

/*
 * Special values, lengths 0 to 130 between guard pages, same bits at any
 * length and place, in place, floating-point mode; gradients: a result that
 * scales with dy.  Returns how many findings were filled in.
 */
int sn_structure_run(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    enum sn_dtype dtype, double timeout);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a kernel right?  A reference that knows the correctly rounded value and
 * how far a result is from the exact one; sweeps over inputs; checks of what
 * ULP does not see; a child process in which the kernel runs.
 *
 * The reference shares nothing with kernels/: its constants come from MPFR
 * and its formulas from verify/conformance/reference/reference.c.  The error
 * of a result y is |y - exact| / ulp(exact), ulp taken in the binade of the
 * exact value (of the smallest normal number below that, of the largest
 * above).  Infinity, and exact values beyond it, count as +-2^emax (2^128 in
 * f32); a NaN counts as that with the wrong sign.  So the error is always a
 * number.
 */
#ifndef SN_VERIFY_CONFORMANCE_CONFORMANCE_H
#define SN_VERIFY_CONFORMANCE_CONFORMANCE_H

#include "fixedpoint/numbers/numbers.h"
#include "kernels/kernels.h"
#include <limits.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- types of elements -------------------------------------------------- */

/*
 * A type goes by its index, an int: enum sn_dtype of kernels/ names those that
 * have kernels there, and the first two agree.
 */
enum conf_type_index {
    CONF_TYPE_F32 = SN_F32,
    CONF_TYPE_F64 = SN_F64,
    CONF_TYPE_F16,
    CONF_TYPE_BF16,
    CONF_TYPES
};
struct conf_type {
    const char *name;
    size_t size; /* bytes */
    const struct num_format *format;
};
extern const struct conf_type ref_types[CONF_TYPES];
int conf_type_find(const char *name); /* -1: none of that name */

/* Element i of an array; every value of every type is a double. */
uint64_t conf_type_bits(int type, const void *array, size_t i);
double conf_type_get(int type, const void *array, size_t i);
double conf_type_value(int type, uint64_t bits);
void conf_type_set_bits(int type, void *array, size_t i, uint64_t bits);
/* A number in hex, exactly; a NaN by its bits, kind and payload. */
enum { CONF_TYPE_TEXT = 80 };
const char *conf_type_text(int type, uint64_t bits, char text[CONF_TYPE_TEXT]);
/* Rounds to nearest, ties to even, subnormals and overflow as IEEE 754. */
double conf_type_round(int type, double x);
uint64_t conf_type_pattern(int type, double x); /* NaN: the quiet default */
void conf_type_set(int type, void *array, size_t i, double x);

/* ---- reference ---------------------------------------------------------- */

/* The functions that can be checked, by name. */
enum conf_family { CONF_FAMILY_SELU, CONF_FAMILY_ELU, CONF_FAMILY_CELU };
struct conf_checked_function {
    const char *name;
    enum conf_family family;
    bool derivative;
    bool dropout; /* alpha-dropout: not a function of x, see dropout.h */
};
extern const struct conf_checked_function ref_functions[];
extern const int ref_function_count;
/* NULL: none of that name. */
const struct conf_checked_function *ref_function_find(const char *name);
#define CONF_CHECKED_FUNCTIONS                                                \
    "selu, selu-grad, elu, elu-grad, celu, celu-grad or alpha-dropout"

/*
 * Forward:    f(x) = a x (x > 0), b (e^(x/w) - 1) (x <= 0)
 * derivative: a (x > 0), b e^(x/w) (x <= 0)
 */
struct conf_reference {
    const struct conf_checked_function *function;
    double lambda, alpha; /* nearest */
    bool derivative;      /* function->derivative */
    bool flush;   /* --ftz allow: 0 will do where a subnormal is wanted */
    bool widened; /* w is not 1 */
    mpfr_t a, b, width;        /* a, b: enclosed to 2^-240 relative */
    double a_double, b_double; /* nearest */
    double a_low, b_low;       /* what they lack, nearest */
    double inverse_double, inverse_rest; /* 1/w, likewise */
    /* 1/w in two parts, the first of 29 bits; where approximate.c stops */
    double inverse_high, inverse_low;
    float least;
};

/*
 * selu: a = lambda, b = lambda alpha; elu: a = 1, b = alpha; celu: a = 1, b =
 * alpha, w = alpha (celu-grad: b = 1).  lambda, alpha: decimal words, or NULL
 * for the exact constants of the paper (selu) or 1.  elu and celu have no
 * lambda: give NULL.  SN_BAD_VALUE where lambda, alpha or their product is no
 * number from CONF_LEAST_FACTOR to CONF_MOST_FACTOR.
 */
#define CONF_LEAST_FACTOR 1e-30
#define CONF_MOST_FACTOR  1e30
enum sn_status conf_reference_init(struct conf_reference *reference,
    const struct conf_checked_function *function, const char *lambda,
    const char *alpha);
void conf_reference_clear(struct conf_reference *reference);

/* The exact value at a finite x, within 2^-200 relative, times dy. */
void ref_exact_value(
    mpfr_t exact, const struct conf_reference *reference, double x, double dy);

/* Correctly rounded; also for infinities and NaN (the quiet default NaN). */
double conf_reference_rounded(
    const struct conf_reference *reference, int dtype, double x);
double conf_reference_rounded_product(
    const struct conf_reference *reference, int dtype, double x, double dy);

/* Error of y at an x that is no NaN, in ULP, rounded to double from 200 bits;
   in f64 at most the largest double. */
double conf_reference_ulp(
    const struct conf_reference *reference, int dtype, double x, double y);
double conf_reference_ulp_product(const struct conf_reference *reference,
    int dtype, double x, double dy, double y);

/*
 * d[i] approximates f(x[i]) for n finite floats with relative error below
 * CONF_APPROX_BOUND, proven in docs/check.md; but both are below 2^-330 for
 * the derivative where x/w is below -300.  Undefined for infinities and NaN.
 */
#define CONF_APPROX_BOUND 0x1p-46
void conf_reference_approximate(const struct conf_reference *reference,
    double *d, const float *x, size_t n);

/*
 * high[i] + low[i] approximates f(x[i]) scale[i] for n finite doubles with
 * relative error below CONF_APPROX_BOUND_F64, proven in docs/check.md; but
 * both are below 2^-1100 where the derivative has x/w below -900.  scale: a
 * power of 2 that keeps the pair among the normal numbers.  Undefined for
 * infinities and NaN.
 */
#define CONF_APPROX_BOUND_F64 0x1p-80
void conf_reference_approximate_f64(const struct conf_reference *reference,
    double *high, double *low, double *scale, const double *x, size_t n);

/* ---- a kernel in a child process ---------------------------------------- */

enum conf_way { CONF_BUILTIN, CONF_LIBRARY, CONF_EXEC, CONF_NPY };

struct conf_target {
    enum conf_way way;
    char word[PATH_MAX];    /* as the user wrote it */
    char library[PATH_MAX]; /* empty: built in; npy: the inputs */
    char symbol[256];
    char command[PATH_MAX];          /* exec; npy: the outputs */
    bool every_length;               /* exec: run at 0 to 131, not a few */
    const struct sn_kernel *builtin; /* NULL: from a library */
};

/*
 * Parses a name from the registry, PATH.so:SYMBOL, exec:COMMAND or
 * npy:IN.npy,OUT.npy.  false with a reason of one line where it is none, or a
 * file does not exist.
 */
#define CONF_WAYS                                                             \
    "a name from 'selfnorm list', PATH.so:SYMBOL, exec:COMMAND or "           \
    "npy:IN.npy,OUT.npy"
bool conf_target_parse(
    struct conf_target *target, const char *word, char *why, size_t size);

enum conf_outcome {
    CONF_RAN,
    CONF_UNUSABLE, /* not loaded: no such symbol, not a library, ... */
    CONF_CRASHED,
    CONF_HUNG
};

enum { CONF_BLOCK = 65536 }; /* most elements of one call */

struct subject_runner;

/*
 * Starts the child and loads the kernel there.  Other than CONF_RAN: why.
 * `mode` says in words which floating-point mode loading switched ("" none).
 */
enum conf_outcome conf_runner_start(struct subject_runner **runner,
    const struct conf_target *target, bool gradient, enum sn_dtype dtype,
    double timeout);
/* Of alpha dropout: void f(T *y, const T *x, size_t n, double, uint64_t). */
enum conf_outcome conf_runner_start_dropout(struct subject_runner **runner,
    const struct conf_target *target, int dtype, double timeout);
void conf_runner_stop(struct subject_runner *runner);

/*
 * The arrays, shared with the child.  There each lies between two pages that
 * fault on any access: element 0 .. CONF_BLOCK-1 of the dtype fill it.
 */
void *conf_runner_x(struct subject_runner *runner);
void *conf_runner_dy(struct subject_runner *runner);
void *conf_runner_out(struct subject_runner *runner);

/* Where in the arrays a call starts, in elements. */
struct conf_call {
    size_t n, x_at, out_at;
    bool in_place; /* out is x (gradient: dy) */
    enum { CONF_NEAREST, CONF_UP, CONF_DOWN, CONF_TO_ZERO } rounding;
    bool threaded; /* in a thread of its own */
    double rate;   /* alpha dropout */
    uint64_t seed;
};

/* begin: the child starts; end: waits for it.  CONF_RAN, CONF_CRASHED,
 * CONF_HUNG. */
void conf_runner_begin(
    struct subject_runner *runner, const struct conf_call *call);
enum conf_outcome conf_runner_end(struct subject_runner *runner);

/*
 * Seconds that `repeats` calls on n elements take, which `threads` share in
 * ranges, on arrays of the child's own with inputs spread over [-4, 4); below
 * 0 where it failed.  Targets without a library whose symbol is "memcpy" or
 * "stream3" are yardsticks: the latter reads two arrays and writes one, past
 * the caches where that is what large copies do.
 */
double conf_runner_time(
    struct subject_runner *runner, size_t n, uint64_t repeats, int threads);

/*
 * One call on n elements, in arrays of the child's own, that repeat the first
 * 4093 of x and dy, and the same again; fewer where the kernel is slow.
 */
struct conf_long_run {
    bool memory;                           /* there was enough */
    size_t n, unwritten, differing, again; /* differing: from a call of 4093 */
    size_t at;                             /* the first that differs */
    char got[sizeof(double)], want[sizeof(double)];
};
enum conf_outcome conf_runner_long(
    struct subject_runner *runner, size_t n, struct conf_long_run *ran);

/* SN_RAISED_... of calls/kernel_host.h: exceptions of the last call. */
int conf_runner_raised(const struct subject_runner *runner);

/* One line about the last outcome other than CONF_RAN. */
const char *conf_runner_why(const struct subject_runner *runner);
/* What loading (or any call so far) did to the floating-point mode, or "". */
const char *conf_runner_mode(const struct subject_runner *runner);

/*
 * y[i] of x[i] for n inputs as doubles; dy of a gradient, or NULL for 1.  npy:
 * x, y and n become what the files hold, at most 65536 of it.  false: it did
 * not run.
 */
bool conf_target_evaluate(const struct conf_target *target,
    const struct conf_reference *reference, int dtype, double *x,
    const double *dy, double *y, size_t *n, double timeout);

/* ---- sweeps --------------------------------------------------------------
 */

enum {
    CONF_CURVE = 4096,   /* leading 12 bits of x: f32 sign, exponent, 3 bits */
    CONF_BINADES = 4096, /* sign and exponent of x */
    CONF_BUCKETS = 8 /* right; wrong by < 1, 2, 4, 16, 2^8, 2^16 ULP, more */
};
extern const double
    conf_bucket_limit[CONF_BUCKETS]; /* exclusive; the last inf */

struct sweep_parts;

struct conf_sweep {
    /* asked */
    bool exhaustive;
    uint64_t samples;
    int threads;
    double timeout;
    uint64_t seed;
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    struct sweep_parts *parts; /* sweep/parts.h; NULL: all in one */
    /* found */
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    double max_ulp, worst_input, worst_dy, worst_got, worst_want;
    double curve[CONF_CURVE]; /* max ULP by leading 12 bits; -1: no input */
    uint64_t histogram[CONF_BINADES][CONF_BUCKETS];
    bool stopped, unusable;         /* unusable: fault says why it never ran */
    uint64_t shards, shards_loaded; /* of `parts`: all, kept from before */
    uint64_t contradictions;        /* npy: two results for one input */
    char fault[512]; /* crash or hang, with the inputs; "" none */
};

/* SN_OK also where the kernel crashed: see fault.  f64: samples only. */
enum sn_status conf_sweep_run(struct conf_sweep *sweep,
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype);

/* ---- checks of structure -------------------------------------------------
 */

/* What kind of failures a finding met, for the diagnosis. */
enum {
    CONF_KIND_ZERO_SIGN = 1,
    CONF_KIND_NAN = 1 << 1,
    CONF_KIND_SIGNALLING = 1 << 2,
    CONF_KIND_INFINITY = 1 << 3,
    CONF_KIND_OVERFLOW = 1 << 4,
    CONF_KIND_UNWRITTEN = 1 << 5,
    CONF_KIND_OUTSIDE = 1 << 6,
    CONF_KIND_INPUT = 1 << 7,
    CONF_KIND_TAIL = 1 << 8,
    CONF_KIND_PLACE = 1 << 9,
    CONF_KIND_THREAD = 1 << 10,
    CONF_KIND_ALIAS = 1 << 11,
    CONF_KIND_MODE = 1 << 12,
    CONF_KIND_CRASH = 1 << 13,
    CONF_KIND_DY = 1 << 14,
    CONF_KIND_DY_OVERFLOW = 1 << 15,
    CONF_KIND_REPEAT = 1 << 16,
    CONF_KIND_DY_SPECIAL = 1 << 17
};

struct conf_finding {
    const char *name;
    bool passed;
    bool misconduct; /* a crash, a hang, a switched floating-point mode */
    int failures;
    unsigned kinds; /* SN_KIND_... */
    /* the first that failed, as check --input takes it; "" none */
    char input[100];
    /* or the call that failed, as check --call takes it; "" none */
    char call[64];
    char detail[1024]; /* what failed: the first few, and how many more */
    char note[512];    /* what is reported and fails nobody */
};
enum { CONF_FINDINGS = 13 };

/*
 * Special values, lengths 0 to 130 between guard pages, same bits at any
 * length and place and in any thread, in place, a long array, floating-point
 * mode, exceptions and directed rounding; gradients: a result that scales with
 * dy, and its accuracy for any dy within max_ulp.  Returns how many findings
 * were filled in.
 */
int conf_structure_run(struct conf_finding findings[CONF_FINDINGS],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, double max_ulp, double timeout);

/*
 * One call alone, of conf_structure_run()'s inputs (of a program: one length):
 * what is written, and whether the bits are those of a long run, or of the
 * same call that is not in place, not in a thread of its own.  Returns how
 * many findings were filled in.
 */
int conf_structure_call(struct conf_finding findings[CONF_FINDINGS],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, const struct conf_call *call, double timeout);

/* ---- diagnosis -----------------------------------------------------------
 */

struct conf_diagnosis {
    const char *code; /* a word for --allow: "cancellation" */
    bool fault;       /* or a remark: it fails nobody */
    char words[192], evidence[1200];
};
enum { CONF_DIAGNOSES = 16 };
/* The first of `codes`, by commas, that is the code of no fault; or NULL. */
const char *conf_diagnosis_unknown(const char *codes);

/*
 * What is wrong, from what sweep and findings met and from further calls:
 * candidate explanations that the results bear out and the right formula does
 * not.  Returns how many were found.
 */
int diag_run(struct conf_diagnosis found[CONF_DIAGNOSES],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, const struct conf_sweep *sweep,
    const struct conf_finding *findings, int count, double timeout);

#endif

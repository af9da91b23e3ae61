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
#ifndef SN_VERIFY_CONFORMANCE_H
#define SN_VERIFY_CONFORMANCE_H

#include "fixedpoint/map/fixedpoint.h"
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
enum sn_type_index {
    SN_TYPE_F32 = SN_F32,
    SN_TYPE_F64 = SN_F64,
    SN_TYPE_F16,
    SN_TYPE_BF16,
    SN_TYPES
};
struct sn_type {
    const char *name;
    size_t size; /* bytes */
    const struct sn_format *format;
};
extern const struct sn_type sn_types[SN_TYPES];
int sn_type_find(const char *name); /* -1: none of that name */

/* Element i of an array; every value of every type is a double. */
uint64_t sn_type_bits(int type, const void *array, size_t i);
double sn_type_get(int type, const void *array, size_t i);
double sn_type_value(int type, uint64_t bits);
void sn_type_set_bits(int type, void *array, size_t i, uint64_t bits);
/* A number in hex, exactly; a NaN by its bits, kind and payload. */
enum { SN_TYPE_TEXT = 80 };
const char *sn_type_text(int type, uint64_t bits, char text[SN_TYPE_TEXT]);
/* Rounds to nearest, ties to even, subnormals and overflow as IEEE 754. */
double sn_type_round(int type, double x);
uint64_t sn_type_pattern(int type, double x); /* NaN: the quiet default */
void sn_type_set(int type, void *array, size_t i, double x);

/* ---- reference ---------------------------------------------------------- */

/* The functions that can be checked, by name. */
enum sn_family { SN_FAMILY_SELU, SN_FAMILY_ELU, SN_FAMILY_CELU };
struct sn_checked_function {
    const char *name;
    enum sn_family family;
    bool derivative;
    bool dropout; /* alpha-dropout: not a function of x, see dropout.h */
};
extern const struct sn_checked_function sn_checked_functions[];
extern const int sn_checked_function_count;
/* NULL: none of that name. */
const struct sn_checked_function *sn_checked_function_find(const char *name);
#define SN_CHECKED_FUNCTIONS                                                  \
    "selu, selu-grad, elu, elu-grad, celu, celu-grad or alpha-dropout"

/*
 * Forward:    f(x) = a x (x > 0), b (e^(x/w) - 1) (x <= 0)
 * derivative: a (x > 0), b e^(x/w) (x <= 0)
 */
struct sn_reference {
    const struct sn_checked_function *function;
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
 * number from SN_LEAST_FACTOR to SN_MOST_FACTOR.
 */
#define SN_LEAST_FACTOR 1e-30
#define SN_MOST_FACTOR  1e30
enum sn_status sn_reference_init(struct sn_reference *reference,
    const struct sn_checked_function *function, const char *lambda,
    const char *alpha);
void sn_reference_clear(struct sn_reference *reference);

/* The exact value at a finite x, within 2^-200 relative, times dy. */
void sn_reference_exact(
    mpfr_t exact, const struct sn_reference *reference, double x, double dy);

/* Correctly rounded; also for infinities and NaN (the quiet default NaN). */
double sn_reference_rounded(
    const struct sn_reference *reference, int dtype, double x);
double sn_reference_rounded_product(
    const struct sn_reference *reference, int dtype, double x, double dy);

/* Error of y at an x that is no NaN, in ULP, rounded to double from 200 bits;
   in f64 at most the largest double. */
double sn_reference_ulp(
    const struct sn_reference *reference, int dtype, double x, double y);
double sn_reference_ulp_product(const struct sn_reference *reference,
    int dtype, double x, double dy, double y);

/*
 * d[i] approximates f(x[i]) for n finite floats with relative error below
 * SN_APPROX_BOUND, proven in docs/check.md; but both are below 2^-330 for the
 * derivative where x/w is below -300.  Undefined for infinities and NaN.
 */
#define SN_APPROX_BOUND 0x1p-46
void sn_reference_approximate(
    const struct sn_reference *reference, double *d, const float *x, size_t n);

/*
 * high[i] + low[i] approximates f(x[i]) scale[i] for n finite doubles with
 * relative error below SN_APPROX_BOUND_F64, proven in docs/check.md; but both
 * are below 2^-1100 where the derivative has x/w below -900.  scale: a power
 * of 2 that keeps the pair among the normal numbers.  Undefined for infinities
 * and NaN.
 */
#define SN_APPROX_BOUND_F64 0x1p-80
void sn_reference_approximate_f64(const struct sn_reference *reference,
    double *high, double *low, double *scale, const double *x, size_t n);

/* ---- a kernel in a child process ---------------------------------------- */

enum sn_way { SN_BUILTIN, SN_LIBRARY, SN_EXEC, SN_NPY };

struct sn_target {
    enum sn_way way;
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
#define SN_WAYS                                                               \
    "a name from 'selfnorm list', PATH.so:SYMBOL, exec:COMMAND or "           \
    "npy:IN.npy,OUT.npy"
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
/* Of alpha dropout: void f(T *y, const T *x, size_t n, double, uint64_t). */
enum sn_outcome sn_runner_start_dropout(struct sn_runner **runner,
    const struct sn_target *target, int dtype, double timeout);
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
    enum { SN_NEAREST, SN_UP, SN_DOWN, SN_TO_ZERO } rounding;
    bool threaded; /* in a thread of its own */
    double rate;   /* alpha dropout */
    uint64_t seed;
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

/*
 * One call on n elements, in arrays of the child's own, that repeat the first
 * 4093 of x and dy, and the same again; fewer where the kernel is slow.
 */
struct sn_long_run {
    bool memory;                           /* there was enough */
    size_t n, unwritten, differing, again; /* differing: from a call of 4093 */
    size_t at;                             /* the first that differs */
    char got[sizeof(double)], want[sizeof(double)];
};
enum sn_outcome sn_runner_long(
    struct sn_runner *runner, size_t n, struct sn_long_run *ran);

/* SN_RAISED_... of calls/kernel_host.h: exceptions of the last call. */
int sn_runner_raised(const struct sn_runner *runner);

/* One line about the last outcome other than SN_RAN. */
const char *sn_runner_why(const struct sn_runner *runner);
/* What loading (or any call so far) did to the floating-point mode, or "". */
const char *sn_runner_mode(const struct sn_runner *runner);

/*
 * y[i] of x[i] for n inputs as doubles; dy of a gradient, or NULL for 1.  npy:
 * x, y and n become what the files hold, at most 65536 of it.  false: it did
 * not run.
 */
bool sn_target_evaluate(const struct sn_target *target,
    const struct sn_reference *reference, int dtype, double *x,
    const double *dy, double *y, size_t *n, double timeout);

/* ---- sweeps --------------------------------------------------------------
 */

enum {
    SN_CURVE = 4096,   /* leading 12 bits of x: f32 sign, exponent, 3 bits */
    SN_BINADES = 4096, /* sign and exponent of x */
    SN_BUCKETS = 8     /* right; wrong by < 1, 2, 4, 16, 2^8, 2^16 ULP, more */
};
extern const double sn_bucket_limit[SN_BUCKETS]; /* exclusive; the last inf */

struct sn_sweep_parts;

struct sn_sweep {
    /* asked */
    bool exhaustive;
    uint64_t samples;
    int threads;
    double timeout;
    uint64_t seed;
    bool (*progress)(void *ctx, double fraction); /* false: stop; or NULL */
    void *ctx;
    struct sn_sweep_parts *parts; /* sweep/parts.h; NULL: all in one */
    /* found */
    uint64_t inputs, incorrectly_rounded, zeros, monotonicity_violations;
    double max_ulp, worst_input, worst_dy, worst_got, worst_want;
    double curve[SN_CURVE]; /* max ULP by leading 12 bits; -1: no input */
    uint64_t histogram[SN_BINADES][SN_BUCKETS];
    bool stopped, unusable;         /* unusable: fault says why it never ran */
    uint64_t shards, shards_loaded; /* of `parts`: all, kept from before */
    uint64_t contradictions;        /* npy: two results for one input */
    char fault[512]; /* crash or hang, with the inputs; "" none */
};

/* SN_OK also where the kernel crashed: see fault.  f64: samples only. */
enum sn_status sn_sweep_run(struct sn_sweep *sweep,
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype);

/* ---- checks of structure -------------------------------------------------
 */

/* What kind of failures a finding met, for the diagnosis. */
enum {
    SN_KIND_ZERO_SIGN = 1,
    SN_KIND_NAN = 1 << 1,
    SN_KIND_SIGNALLING = 1 << 2,
    SN_KIND_INFINITY = 1 << 3,
    SN_KIND_OVERFLOW = 1 << 4,
    SN_KIND_UNWRITTEN = 1 << 5,
    SN_KIND_OUTSIDE = 1 << 6,
    SN_KIND_INPUT = 1 << 7,
    SN_KIND_TAIL = 1 << 8,
    SN_KIND_PLACE = 1 << 9,
    SN_KIND_THREAD = 1 << 10,
    SN_KIND_ALIAS = 1 << 11,
    SN_KIND_MODE = 1 << 12,
    SN_KIND_CRASH = 1 << 13,
    SN_KIND_DY = 1 << 14,
    SN_KIND_DY_OVERFLOW = 1 << 15,
    SN_KIND_REPEAT = 1 << 16,
    SN_KIND_DY_SPECIAL = 1 << 17
};

struct sn_finding {
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
enum { SN_FINDINGS = 13 };

/*
 * Special values, lengths 0 to 130 between guard pages, same bits at any
 * length and place and in any thread, in place, a long array, floating-point
 * mode, exceptions and directed rounding; gradients: a result that scales with
 * dy, and its accuracy for any dy within max_ulp.  Returns how many findings
 * were filled in.
 */
int sn_structure_run(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, double max_ulp, double timeout);

/*
 * One call alone, of sn_structure_run()'s inputs (of a program: one length):
 * what is written, and whether the bits are those of a long run, or of the
 * same call that is not in place, not in a thread of its own.  Returns how
 * many findings were filled in.
 */
int sn_structure_call(struct sn_finding findings[SN_FINDINGS],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, const struct sn_call *call, double timeout);

/* ---- diagnosis -----------------------------------------------------------
 */

struct sn_diagnosis {
    const char *code; /* a word for --allow: "cancellation" */
    bool fault;       /* or a remark: it fails nobody */
    char words[192], evidence[1200];
};
enum { SN_DIAGNOSES = 16 };
/* The first of `codes`, by commas, that is the code of no fault; or NULL. */
const char *sn_diagnosis_unknown(const char *codes);

/*
 * What is wrong, from what sweep and findings met and from further calls:
 * candidate explanations that the results bear out and the right formula does
 * not.  Returns how many were found.
 */
int sn_diagnose(struct sn_diagnosis found[SN_DIAGNOSES],
    const struct sn_reference *reference, const struct sn_target *target,
    int dtype, const struct sn_sweep *sweep, const struct sn_finding *findings,
    int count, double timeout);

#endif

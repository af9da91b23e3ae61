/* SPDX-License-Identifier: MIT */
/*
 * SELU kernels: forward, gradient, alpha dropout, initialisation; in float,
 * double, IEEE half and bfloat16.
 *
 *   selu(x)  = lambda x                    x > 0
 *            = lambda alpha (e^x - 1)      x <= 0
 *   selu'(x) = lambda                      x > 0
 *            = lambda alpha e^x            x <= 0   (from the left at 0)
 *
 * with the exact real lambda = 1.0507..., alpha = 1.6732... (eq. 14 of arXiv
 * 1706.02515), not their roundings.  The error of a result is measured in ULP
 * of the exact value's binade (subnormals: the smallest subnormal); infinity
 * and exact values beyond it count as 2^emax of the format.
 *
 * f32 is float, f64 double, f16 IEEE binary16 and bf16 bfloat16; numbers of
 * the latter two are bit patterns in uint16_t.
 *
 * All functions on arrays
 *  - take any n (n = 0 touches nothing, the pointers may be NULL) and any
 *    array aligned as its element type;
 *  - allow the output to be the same array as an input; other overlap is
 *    undefined, and refused by assert() in builds without NDEBUG;
 *  - give the same bits for an element whatever its position, n, the thread,
 *    the processor and the instruction set;
 *  - assume the default floating-point environment (round to nearest,
 *    subnormals not flushed): another one changes results, traps may be taken;
 *  - are total: NaN in, quiet NaN out, with sign and leading payload where the
 *    processor keeps them (x86, Arm);
 *  - never raise divide-by-zero, and invalid only for a signalling NaN or for
 *    infinite dy times selu'(-inf) = 0.  Overflow, underflow and inexact are
 *    raised as the operations go, also by intermediate ones;
 *  - may be called from any number of threads.
 *
 * Forward: +-0 gives +-0, +inf gives +inf, -inf gives -lambda alpha rounded;
 * results of both signs keep the sign of x.
 * Gradient: dx = dy selu'(x) with the sign of dy; selu'(-inf) = 0, so
 * dy = +-inf gives NaN there.  A NaN in x wins over a NaN in dy.
 *
 * Outputs of more than SN_STREAM_BYTES that are not computed in place go past
 * the caches, as those of memcpy() do.
 */
#ifndef SN_KERNELS_KERNELS_H
#define SN_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SN_STREAM_BYTES (16u << 20)

/* ---- SELU with the paper's constants --------------------------------------
 */

/*
 * Correctly rounded for every input, subnormal results included, so monotone:
 * f32, f16, bf16 by trying them all; f64 by the proofs of
 * docs/mathematics/kernels.md, but for results within 2^-180 ULP of a tie,
 * which nothing suggests that there are.
 */
void sn_selu_f32(float *y, const float *x, size_t n);
void sn_selu_f64(double *y, const double *x, size_t n);
void sn_selu_f16(uint16_t *y, const uint16_t *x, size_t n);
void sn_selu_bf16(uint16_t *y, const uint16_t *x, size_t n);

/*
 * f32: any dy: at most 0.5 + 2^-26 ULP, by the sum of errors in
 * docs/mathematics/kernels.md; dy = 1: correctly rounded for every x, by
 * trying them all. f16, bf16: at most 0.5 + 2^-40 ULP; dy = 1: correctly
 * rounded for every x. f64: at most 0.5 + 2^-50 ULP for any dy and x; dy = 1:
 * correctly rounded as above.
 */
void sn_selu_grad_f32(float *dx, const float *dy, const float *x, size_t n);
void sn_selu_grad_f64(double *dx, const double *dy, const double *x, size_t n);
void sn_selu_grad_f16(
    uint16_t *dx, const uint16_t *dy, const uint16_t *x, size_t n);
void sn_selu_grad_bf16(
    uint16_t *dx, const uint16_t *dy, const uint16_t *x, size_t n);

/*
 * Below 1 ULP for all 2^32 inputs and monotone, by trying them all; special
 * values and subnormals as above.  Six tenths of the time of sn_selu_f32.
 */
void sn_selu_faithful_f32(float *y, const float *x, size_t n);

/* ---- other constants: SELU designs, ELU, CELU -----------------------------
 */

/*
 *   f(x) = positive x                      x > 0
 *        = negative (e^(rate x) - 1)       x <= 0
 * each number as high + low.  Filled in by the functions below; the fields are
 * for reading.
 */
struct sn_elu {
    double positive, positive_low;
    double negative, negative_low;
    double rate, rate_low;
    double at_zero, at_zero_low; /* negative rate: the slope left of 0 */
};

/* The paper's constants to 106 bits. */
extern const struct sn_elu sn_paper_selu;

/*
 * SELU with lambda, alpha; ELU, alpha (e^x - 1) left of 0; CELU,
 * alpha (e^(x/alpha) - 1).  1 where the numbers can be used: finite, from
 * 2^-64 to 2^64, as lambda alpha and 1/alpha must be; else 0, and *elu is not
 * written.  SELU's and ELU's alpha may also be 0, or below 0 with such a size:
 * left of 0 results are then those of -alpha with the other sign, under the
 * same bounds, -0 gives +0 and +0 stays; of 0 they are -0, and dx is dy times
 * 0.  (CELU's e^(x/alpha) would grow there.)
 */
int sn_selu_design(struct sn_elu *elu, double lambda, double alpha);
int sn_elu_design(struct sn_elu *elu, double alpha);
int sn_celu_design(struct sn_elu *elu, double alpha);

/*
 * For any *elu: f32 at most 0.5 + 2^-25 ULP (gradient 0.5 + 2^-26, CELU's
 * 0.5 + 2^-20), 16-bit formats at most 0.5 + 2^-9.  f64, of what the functions
 * above fill in: correctly rounded as sn_selu_f64, of the exact alpha
 * (e^(x/alpha) - 1) and lambda alpha (e^x - 1); gradients as well, for dy = 1.
 */
void sn_elu_f32(float *y, const float *x, size_t n, const struct sn_elu *elu);
void sn_elu_f64(
    double *y, const double *x, size_t n, const struct sn_elu *elu);
void sn_elu_f16(
    uint16_t *y, const uint16_t *x, size_t n, const struct sn_elu *elu);
void sn_elu_bf16(
    uint16_t *y, const uint16_t *x, size_t n, const struct sn_elu *elu);
void sn_elu_grad_f32(float *dx, const float *dy, const float *x, size_t n,
    const struct sn_elu *elu);
void sn_elu_grad_f64(double *dx, const double *dy, const double *x, size_t n,
    const struct sn_elu *elu);
void sn_elu_grad_f16(uint16_t *dx, const uint16_t *dy, const uint16_t *x,
    size_t n, const struct sn_elu *elu);
void sn_elu_grad_bf16(uint16_t *dx, const uint16_t *dy, const uint16_t *x,
    size_t n, const struct sn_elu *elu);

/* ---- alpha dropout ---------------------------------------------------------
 *
 * Units are dropped independently with probability `rate`; a dropped one
 * becomes -lambda alpha, then all go through a x + b, which gives mean and
 * variance back to units that had the mean and the variance of the design
 * (section "Alpha dropout" of the paper: 0 and 1).
 *
 * Whether element i of a call with `offset` is dropped is a function of
 * (seed, offset + i modulo 2^64) alone: the same for any split into calls,
 * threads, instruction set and number format.  With g = offset + i, block
 * B = 8 (g / 64) + (g % 32) / 4 of Philox4x32-10, word
 * 2 (g / 32 % 2) + g / 2 % 2 of it, the low half of that word for even g, the
 * high one for odd, as a number in [0, 2^16), is compared with
 * 2^16 rate = T + f: dropped where below T, kept above; where it is T, words 0
 * (the high half) and 1 of the block (g, 1), as a number in [0, 2^64), drop it
 * where below 2^64 f cut to an integer.  The counters are (B mod 2^32,
 * B / 2^32, 0, 0) and (g mod 2^32, g / 2^32, 1, 0), the key is (seed mod 2^32,
 * seed / 2^32).  The rate is that of the double `rate` to 2^-80.
 *
 * A dropped element does not depend on x, be it infinite or NaN, nor its
 * gradient, +0, on dy.  Infinities and NaN that are kept stay as they are.
 * rate = 0: y = x to the bit (quiet NaN).  rate = 1: all are dropped, a is
 * infinite but a, b have a limit where y is the mean: that is what comes.
 */
struct sn_alpha_dropout {
    double scale, scale_low; /* a */
    double shift, shift_low; /* b */
    double dropped;          /* b - a lambda alpha */
    uint64_t seed, threshold, fraction;
    struct sn_elu elu; /* a positive, a negative, ...: for the fused ones */
};

/*
 * The paper's: mean 0, variance 1, its constants.  1, or 0 where rate is NaN
 * or outside [0, 1]; then *dropout is not written.
 */
int sn_alpha_dropout_init(
    struct sn_alpha_dropout *dropout, double rate, uint64_t seed);

/* Any other fixed point: |mean| up to 2^64, variance in [2^-64, 2^64]. */
int sn_alpha_dropout_design(struct sn_alpha_dropout *dropout, double rate,
    uint64_t seed, double mean, double variance, const struct sn_elu *elu);

/*
 * y = a x + b, dx = a dy of what is kept.  a is exact to 2^-100, b to 2^-100
 * of |b| or, where mean < 0, of rate a lambda alpha; the result is rounded
 * once: at most 0.5 + 2^-25 ULP (f64: 0.501), and where a x and b cancel,
 * 2^-51 |b| besides (f64: 2^-100 |b|).
 */
void sn_alpha_dropout_f32(float *y, const float *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_f64(double *y, const double *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_f16(uint16_t *y, const uint16_t *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_bf16(uint16_t *y, const uint16_t *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_grad_f32(float *dx, const float *dy, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_grad_f64(double *dx, const double *dy, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_grad_f16(uint16_t *dx, const uint16_t *dy, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_alpha_dropout_grad_bf16(uint16_t *dx, const uint16_t *dy, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);

/*
 * The same after the activation of the design, in one pass and with one
 * rounding: y = a f(x) + b, dx = a dy f'(x).  Bounds as above, but 2^-47 |b|
 * (f64: 2^-62 |b|) where a f(x) and b cancel.
 */
void sn_selu_alpha_dropout_f32(float *y, const float *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_selu_alpha_dropout_f64(double *y, const double *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_selu_alpha_dropout_f16(uint16_t *y, const uint16_t *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_selu_alpha_dropout_bf16(uint16_t *y, const uint16_t *x, size_t n,
    const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_selu_alpha_dropout_grad_f32(float *dx, const float *dy, const float *x,
    size_t n, const struct sn_alpha_dropout *dropout, uint64_t offset);
void sn_selu_alpha_dropout_grad_f64(double *dx, const double *dy,
    const double *x, size_t n, const struct sn_alpha_dropout *dropout,
    uint64_t offset);
void sn_selu_alpha_dropout_grad_f16(uint16_t *dx, const uint16_t *dy,
    const uint16_t *x, size_t n, const struct sn_alpha_dropout *dropout,
    uint64_t offset);
void sn_selu_alpha_dropout_grad_bf16(uint16_t *dx, const uint16_t *dy,
    const uint16_t *x, size_t n, const struct sn_alpha_dropout *dropout,
    uint64_t offset);

/* ---- the instruction set --------------------------------------------------
 *
 * "avx512" (F, BW, DQ, VL), "avx2" (AVX2, FMA, F16C), on 64-bit Arm "neon",
 * or "portable": the first that processor and system have, unless the
 * environment variable SELFNORM_ISA names one when the first kernel runs.
 */
const char *sn_isa_name(void); /* the one in use */

/*
 * NULL, or why SELFNORM_ISA cannot be followed, in one line: an unknown name
 * or one that the processor lacks.  Then the portable kernels run.
 */
const char *sn_isa_error(void);

/* ---- what each kernel promises ---- */

enum sn_function {
    SN_SELU,
    SN_SELU_GRAD,
    SN_ELU, /* alpha = 1 */
    SN_ELU_GRAD,
    SN_ALPHA_DROPOUT, /* rate 0.1, seed 0, offset 0, as the next three */
    SN_ALPHA_DROPOUT_GRAD,
    SN_SELU_ALPHA_DROPOUT,
    SN_SELU_ALPHA_DROPOUT_GRAD,
    SN_FUNCTIONS
};
enum sn_dtype { SN_F32, SN_F64, SN_F16, SN_BF16, SN_DTYPES };

enum sn_promise {
    SN_CORRECTLY_ROUNDED, /* for dy = 1 */
    SN_FAITHFUL,          /* off by less than one ULP */
    SN_BOUNDED,           /* by the bound */
    SN_PROMISES
};

struct sn_isa; /* the kernels of one instruction set */

/*
 * At the witness (dy = 1) the error is at most the bound, and
 *   bound 0.5: f32, f64: more than 0.5 - 2^-26, so that the result before its
 *              rounding has to be right to 2^-50, 2^-79 relative there;
 *              16-bit: the largest of all inputs;
 *   otherwise: more than 0.5: the kernel is not correctly rounded.
 * Both are checked in MPFR by the test kernels/registry_witness_and_digest.
 */
struct sn_kernel {
    const char *name; /* the symbol; with _avx512, ... on one set alone */
    enum sn_function function;
    enum sn_dtype dtype;
    const char *isa;        /* instruction set the code needs, or "any" */
    int (*available)(void); /* does this processor have it */
    enum sn_promise promise;
    double bound_ulp; /* declared, for dy = 1 */
    double witness;   /* x of the worst error found, see above */
    uint64_t digest;  /* what sn_kernel_digest gives */
    const struct sn_isa *(*set)(void);
};

/*
 * One row a kernel; from sn_kernel_count to sn_kernel_variants the same again
 * for each instruction set.
 */
extern const struct sn_kernel sn_kernels[];
extern const size_t sn_kernel_count;
extern const size_t sn_kernel_variants;

/* NULL if no kernel has that name. */
const struct sn_kernel *sn_find_kernel(const char *name);

const char *sn_function_name(enum sn_function function); /* "selu" */
const char *sn_dtype_name(enum sn_dtype dtype);          /* "f32" */
const char *sn_promise_name(enum sn_promise promise);    /* "faithful" */
size_t sn_dtype_size(enum sn_dtype dtype);
/* Does the function take dy? */
int sn_is_gradient(enum sn_function function);

/* Runs a kernel on raw arrays of its dtype; dy is NULL for forward. */
void sn_kernel_run(const struct sn_kernel *kernel, void *out, const void *dy,
    const void *x, size_t n);

/* The same for alpha dropout with another rate, from 0 to 1, and seed. */
void sn_kernel_run_dropout(const struct sn_kernel *kernel, void *out,
    const void *dy, const void *x, size_t n, double rate, uint64_t seed);

/*
 * FNV-1a over the output bits, bytes in order of significance, dy = 1; NaN
 * outputs count as one value.  x: for the 16-bit formats all 65536; otherwise
 * those with bit patterns i * stride modulo 2^32 or 2^64, i = 0 to 2^20 - 1
 * (f32: stride 4099; f64: 2^44 - 1).
 * Locks a kernel's bits over compilers and instruction sets.
 */
uint64_t sn_kernel_digest(const struct sn_kernel *kernel);

/* ---- LeCun initialisation --------------------------------------------------
 *
 * Weights of one layer, `rows` units of fan_in weights each, row by row, whose
 * expected sum is 0 and expected sum of squares 1.  Weight j of row i is a
 * function of (seed, i, j) alone (SN_LECUN_EXACT: the row of (seed, i)).
 */
enum sn_lecun {
    SN_LECUN_NORMAL,    /* N(0, 1/fan_in) */
    SN_LECUN_UNIFORM,   /* of +-sqrt(3/fan_in) */
    SN_LECUN_TRUNCATED, /* N(0, s^2) within 2 s, s so that the variance is
                           1/fan_in: s^2 = 1.2924.../fan_in */
    SN_LECUN_EXACT /* normal, then each row shifted and scaled: see below */
};

/*
 * 1, or 0 for fan_in = 0, an unknown law, SN_LECUN_EXACT with fan_in = 1, or
 * more weights than SIZE_MAX.  Weights are rounded once.  SN_LECUN_EXACT: what
 * rounding one weight leaves out goes to the next; how far the sums of a row
 * are off at most, measured for fan_in to 2^16:
 *             sum w = 0   sum w^2 = 1
 *   f64       2^-50       2^-49
 *   f32       2^-24       2^-21
 *   f16       2^-11       2^-9
 *   bf16      2^-8        2^-6
 * first_row: so that threads can share a layer.  Bits may depend on the
 * C library's log, sin and cos.
 */
int sn_lecun_f32(float *w, size_t first_row, size_t rows, size_t fan_in,
    enum sn_lecun law, uint64_t seed);
int sn_lecun_f64(double *w, size_t first_row, size_t rows, size_t fan_in,
    enum sn_lecun law, uint64_t seed);
int sn_lecun_f16(uint16_t *w, size_t first_row, size_t rows, size_t fan_in,
    enum sn_lecun law, uint64_t seed);
int sn_lecun_bf16(uint16_t *w, size_t first_row, size_t rows, size_t fan_in,
    enum sn_lecun law, uint64_t seed);

#ifdef __cplusplus
}
#endif
#endif

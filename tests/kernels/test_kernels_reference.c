/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference, the inputs and the score of tests/kernels/test_kernels.h. */
#include "tests/kernels/test_kernels.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

mpfr_t ref_lambda, ref_alpha, ref_alpha_prime;
static uint64_t state;

/* e^(c c / 2) erfc(c / sqrt 2) */
static void scaled_erfc(mpfr_t y, unsigned long c)
{
    mpfr_t square;
    mpfr_init2(square, REFERENCE_BITS);
    mpfr_set_ui(square, c * c, MPFR_RNDN);
    mpfr_div_2ui(square, square, 1, MPFR_RNDN);
    mpfr_sqrt(y, square, MPFR_RNDN);
    mpfr_erfc(y, y, MPFR_RNDN);
    mpfr_exp(square, square, MPFR_RNDN);
    mpfr_mul(y, y, square, MPFR_RNDN);
    mpfr_clear(square);
}

/* alpha = sqrt(2/pi) / (1 - e1), which makes the mean 0; then
   lambda^2 (1 + alpha^2 (e2 - 2 e1 + 1)) = 2 makes the variance 1 */
static void constants(void)
{
    mpfr_t e1, e2;
    mpfr_inits2(REFERENCE_BITS, ref_lambda, ref_alpha, ref_alpha_prime, e1, e2,
        (mpfr_ptr)0);
    scaled_erfc(e1, 1);
    scaled_erfc(e2, 2);
    mpfr_const_pi(ref_alpha, MPFR_RNDN);
    mpfr_ui_div(ref_alpha, 2, ref_alpha, MPFR_RNDN);
    mpfr_sqrt(ref_alpha, ref_alpha, MPFR_RNDN);
    mpfr_ui_sub(ref_lambda, 1, e1, MPFR_RNDN);
    mpfr_div(ref_alpha, ref_alpha, ref_lambda, MPFR_RNDN);

    mpfr_mul_2ui(e1, e1, 1, MPFR_RNDN);
    mpfr_sub(e2, e2, e1, MPFR_RNDN);
    mpfr_add_ui(e2, e2, 1, MPFR_RNDN);
    mpfr_mul(e2, e2, ref_alpha, MPFR_RNDN);
    mpfr_mul(e2, e2, ref_alpha, MPFR_RNDN);
    mpfr_add_ui(e2, e2, 1, MPFR_RNDN);
    mpfr_ui_div(e2, 2, e2, MPFR_RNDN);
    mpfr_sqrt(ref_lambda, e2, MPFR_RNDN);
    mpfr_mul(ref_alpha_prime, ref_lambda, ref_alpha, MPFR_RNDN);
    mpfr_clears(e1, e2, (mpfr_ptr)0);
}

void ref_begin(const char *test, uint64_t seed)
{
    state = seed;
    fprintf(stderr, "kernels/%s: seed %llu\n", test, (unsigned long long)seed);
    constants();
}

void ref_end(void)
{
    mpfr_clears(ref_lambda, ref_alpha, ref_alpha_prime, (mpfr_ptr)0);
    mpfr_free_cache();
}

void ref_elu_exact(
    mpfr_t y, const struct ref_elu *elu, bool gradient, double dy, double x)
{
    mpfr_set_d(y, x, MPFR_RNDN);
    if (x > 0) {
        if (gradient)
            mpfr_set_ui(y, 1, MPFR_RNDN);
        mpfr_mul(y, y, elu->a, MPFR_RNDN);
    } else {
        if (elu->width != 1)
            mpfr_div_d(y, y, elu->width, MPFR_RNDN);
        if (gradient) {
            mpfr_exp(y, y, MPFR_RNDN);
            mpfr_div_d(y, y, elu->width, MPFR_RNDN);
        } else
            mpfr_expm1(y, y, MPFR_RNDN);
        mpfr_mul(y, y, elu->b, MPFR_RNDN);
    }
    if (gradient)
        mpfr_mul_d(y, y, dy, MPFR_RNDN);
}

void ref_exact(mpfr_t y, bool gradient, double dy, double x)
{
    ref_elu_exact(
        y, &(struct ref_elu){ref_lambda, ref_alpha_prime, 1}, gradient, dy, x);
}

void ref_exact_of(
    mpfr_t y, const struct sn_kernel *kernel, double dy, double x)
{
    bool gradient = sn_is_gradient(kernel->function);
    mpfr_t one;
    mpfr_init_set_ui(one, 1, MPFR_RNDN);
    if (kernel->function < SN_ELU)
        ref_exact(y, gradient, dy, x);
    else
        ref_elu_exact(y, &(struct ref_elu){one, one, 1}, gradient, dy, x);
    mpfr_clear(one);
}

double ref_ulps(enum sn_dtype dtype, const mpfr_t exact, double y)
{
    int digits = dtype == SN_F32 ? 24 : 53;
    mpfr_exp_t last = dtype == SN_F32 ? 128 : 1024, first = 3 - last;
    if (y != y)
        return INFINITY;
    if (mpfr_zero_p(exact))
        return y == 0 ? 0 : INFINITY;
    mpfr_t want, got;
    mpfr_inits2(REFERENCE_BITS, want, got, (mpfr_ptr)0);
    mpfr_exp_t e = mpfr_get_exp(exact);
    mpfr_set(want, exact, MPFR_RNDN);
    if (e > last) {
        mpfr_set_ui_2exp(want, 1, last, MPFR_RNDN);
        mpfr_copysign(want, want, exact, MPFR_RNDN);
        e = last;
    }
    if (isinf(y)) {
        mpfr_set_ui_2exp(got, 1, last, MPFR_RNDN);
        mpfr_setsign(got, got, y < 0, MPFR_RNDN);
    } else
        mpfr_set_d(got, y, MPFR_RNDN);
    /* the smallest normal number, 2^(first - 1) 2^-1, has exponent first */
    e = e < first ? first : e;
    mpfr_sub(got, got, want, MPFR_RNDN);
    mpfr_mul_2si(got, got, digits - e, MPFR_RNDN);
    double result = fabs(mpfr_get_d(got, MPFR_RNDN));
    mpfr_clears(want, got, (mpfr_ptr)0);
    return result;
}

uint64_t random_bits(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

double random_unit(void)
{
    return (double)(random_bits() >> 11) * 0x1p-53;
}

double from_bits(enum sn_dtype dtype, uint64_t bits)
{
    uint32_t narrow = (uint32_t)bits;
    float f;
    double d;
    memcpy(&f, &narrow, sizeof f);
    memcpy(&d, &bits, sizeof d);
    return dtype == SN_F32 ? f : d;
}

uint64_t to_bits(enum sn_dtype dtype, double x)
{
    float f = (float)x;
    uint32_t narrow;
    uint64_t wide;
    memcpy(&narrow, &f, sizeof f);
    memcpy(&wide, &x, sizeof x);
    return dtype == SN_F32 ? narrow : wide;
}

double nudge(enum sn_dtype dtype, double x, int steps)
{
    return from_bits(dtype, to_bits(dtype, x) + (uint64_t)(int64_t)steps);
}

static double any_finite(enum sn_dtype dtype)
{
    double x;
    do
        x = from_bits(dtype, random_bits());
    while (!isfinite(x));
    return x;
}

static double subnormal(enum sn_dtype dtype)
{
    uint64_t digits = dtype == SN_F32 ? 23 : 52;
    uint64_t bits = random_bits() & ((UINT64_C(1) << digits) - 1);
    return from_bits(dtype, bits >> random_bits() % digits);
}

static double drawn_x(enum sn_dtype dtype, bool gradient, long i)
{
    const double step = 0x1.62e42fefa39efp-7; /* ln2 / 64 */
    const double deep = gradient ? (dtype == SN_F32 ? 200 : 1480) : 64;
    int few = (int)(random_bits() % 9) - 4;
    double k = floor(random_unit() * deep / step);
    switch (i % 8) {
    case 0: /* where the reduction changes to the next k */
        k = random_bits() % 4 ? k : 0;
        return nudge(dtype, -(k + 0.5) * step, few);
    case 1: /* tiny r */
        return -k * step *
               (1 + ldexp(random_unit() - 0.5, -(int)(random_bits() % 52)));
    case 2: /* where 1 cancels most */
        return -step * (0.5 + random_unit());
    case 3: /* around powers of two, the seams of double among them */
        return nudge(dtype, -ldexp(1, 8 - (int)(random_bits() % 90)), few);
    case 4: /* curved part, all scales */
        return -ldexp(1 + random_unit(), 5 - (int)(random_bits() % 32));
    case 5:
        return -random_unit() * deep;
    case 6:
        return random_bits() & 1 ? any_finite(dtype) : -subnormal(dtype);
    default:
        return any_finite(dtype);
    }
}

void draw(const struct sn_kernel *kernel, long i, double *dy, double *x)
{
    enum sn_dtype dtype = kernel->dtype;
    int lowest = dtype == SN_F32 ? -149 : -1074;
    bool gradient = sn_is_gradient(kernel->function);
    *dy = 1;
    *x = drawn_x(dtype, gradient, i);
    if (dtype == SN_F32)
        *x = (float)*x;
    if (!gradient)
        return;
    double e;
    switch (random_bits() % 5) {
    case 0: /* a result around the smallest normal number and below */
        e = lowest - 3 + 60 * random_unit() - fmin(*x, 0) / log(2);
        e = fmax(lowest, fmin(e, -lowest - (dtype == SN_F32 ? 22 : 51)));
        *dy = ldexp(1 + random_unit(), (int)e);
        break;
    case 1:
        *dy = subnormal(dtype);
        break;
    case 2: /* around overflow */
        *dy = ldexp(1 + random_unit(), dtype == SN_F32 ? 127 : 1023);
        *dy = dtype == SN_F32 ? fmin(*dy, 0x1.fffffep127) : *dy;
        break;
    case 3:
        *dy = 1 + random_unit();
        break;
    default:
        *dy = any_finite(dtype);
    }
    *dy = random_bits() & 1 ? *dy : -*dy;
    if (dtype == SN_F32)
        *dy = (float)*dy;
}

double run_one(const struct sn_kernel *kernel, double dy, double x)
{
    float fy, fdy = (float)dy, fx = (float)x;
    double y;
    if (kernel->dtype == SN_F64) {
        sn_kernel_run(kernel, &y, &dy, &x, 1);
        return y;
    }
    sn_kernel_run(kernel, &fy, &fdy, &fx, 1);
    return fy;
}

void score_add(struct score *s, double bound, double ulps, double dy, double x,
    double got)
{
    s->count++;
    s->bad += !(ulps <= bound);
    if (s->count == 1 || ulps > s->worst) {
        s->worst = ulps;
        s->dy = dy;
        s->x = x;
        s->got = got;
    }
}

void score_print(const struct score *s)
{
    fprintf(stderr, "kernels: " SCORE_FORMAT "\n", SCORE_VALUES(*s));
}

struct score score(const struct sn_kernel *kernel, double bound, long count)
{
    struct score s = {.name = kernel->name};
    mpfr_t exact;
    mpfr_init2(exact, 160);
    for (long i = 0; i < count; i++) {
        double dy, x;
        draw(kernel, i, &dy, &x);
        double y = run_one(kernel, dy, x);
        ref_exact_of(exact, kernel, dy, x);
        score_add(&s, bound, ref_ulps(kernel->dtype, exact, y), dy, x, y);
    }
    mpfr_clear(exact);
    return s;
}

double promised_ulps(const struct sn_kernel *kernel)
{
    if (sn_is_gradient(kernel->function) && kernel->dtype == SN_F32)
        return 0.5 + 0x1p-26;
    return kernel->bound_ulp;
}

static struct sn_isa planted;

static const struct sn_isa *set_planted(void)
{
    return &planted;
}

struct sn_kernel planted_forward(sn_forward *forward)
{
    struct sn_kernel kernel = *sn_find_kernel("sn_selu_f32");
    planted = *sn_isa_chosen();
    planted.forward[SN_F32] = planted.forward[SN_F64] = forward;
    kernel.set = set_planted;
    return kernel;
}

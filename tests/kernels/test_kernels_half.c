/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * f16 and bf16, all 65536 inputs against MPFR: values, special values to the
 * bit, order; the gradient also for any dy, and other constants.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALL = 65536 };

struct half {
    enum sn_dtype dtype;
    int digits, emin; /* significand; exponent of the smallest normal number */
    uint16_t infinity, quiet, one;
};
static const struct half halves[] = {
    {SN_F16, 11, -14, 0x7c00, 0x0200, 0x3c00},
    {SN_BF16, 8, -126, 0x7f80, 0x0040, 0x3f80},
};

static bool nan_of(const struct half *h, uint16_t bits)
{
    return (bits & 0x7fff) > h->infinity;
}

/* the value of a pattern other than NaN; infinities as 2^emax */
static double value(const struct half *h, uint16_t bits)
{
    int e = (bits & 0x7fff) >> (h->digits - 1);
    int m = bits & ((1 << (h->digits - 1)) - 1);
    double x = e ? ldexp(m + (1 << (h->digits - 1)), h->emin + e - h->digits)
                 : ldexp(m, h->emin + 1 - h->digits);
    return bits & 0x8000 ? -x : x;
}

/* rounded to nearest, ties to even, from MPFR; and its error in ULP */
static uint16_t rounded(const struct half *h, const mpfr_t exact)
{
    mpfr_t scaled;
    mpfr_init2(scaled, REFERENCE_BITS);
    mpfr_exp_t e = mpfr_zero_p(exact) ? h->emin : mpfr_get_exp(exact) - 1;
    e = e < h->emin ? h->emin : e;
    mpfr_abs(scaled, exact, MPFR_RNDN);
    mpfr_mul_2si(scaled, scaled, h->digits - 1 - e, MPFR_RNDN);
    mpfr_rint(scaled, scaled, MPFR_RNDN);
    double m = mpfr_get_d(scaled, MPFR_RNDN);
    mpfr_clear(scaled);
    uint64_t bits = (uint64_t)m + ((uint64_t)(e - h->emin) << (h->digits - 1));
    bits = bits > h->infinity ? h->infinity : bits;
    return (uint16_t)(bits | (mpfr_signbit(exact) ? 0x8000 : 0));
}

static double ulps(const struct half *h, const mpfr_t exact, uint16_t got)
{
    mpfr_t d;
    mpfr_init2(d, REFERENCE_BITS);
    mpfr_exp_t e = mpfr_zero_p(exact) ? h->emin : mpfr_get_exp(exact) - 1;
    e = e < h->emin ? h->emin : e;
    mpfr_sub_d(d, exact, value(h, got), MPFR_RNDN);
    mpfr_mul_2si(d, d, h->digits - 1 - e, MPFR_RNDN);
    double result = fabs(mpfr_get_d(d, MPFR_RNDN));
    mpfr_clear(d);
    return result;
}

/* what the kernel should give at x, dy = 1, to the bit */
static uint16_t wanted(
    const struct half *h, const struct sn_kernel *kernel, uint16_t x)
{
    bool gradient = sn_is_gradient(kernel->function), right = !(x & 0x8000);
    mpfr_t exact;
    uint16_t want;
    if (nan_of(h, x))
        return x | h->quiet;
    if (!gradient && !(x & 0x7fff))
        return x; /* signed zero */
    if (!gradient && x == h->infinity)
        return x;
    if (gradient && x == (h->infinity | 0x8000))
        return 0;
    mpfr_init2(exact, 160);
    ref_exact_of(
        exact, kernel, 1, right && x == h->infinity ? 1 : value(h, x));
    if (x == (h->infinity | 0x8000)) /* the limit, -lambda alpha */
        ref_exact_of(exact, kernel, 1, -1000);
    want = rounded(h, exact);
    mpfr_clear(exact);
    return want;
}

static uint16_t in[ALL], dy[ALL], out[ALL], want[ALL];

static long wrong_of_all(const struct half *h, const struct sn_kernel *kernel)
{
    long wrong = 0;
    sn_kernel_run(kernel, out, dy, in, ALL);
    for (int i = 0; i < ALL; i++) {
        wrong += out[i] != want[i];
        if (out[i] != want[i] && wrong < 4)
            fprintf(stderr, "%s: x %04x: %04x, want %04x\n", kernel->name,
                (unsigned)in[i], (unsigned)out[i], (unsigned)want[i]);
    }
    (void)h;
    return wrong;
}

static void fill(const struct half *h, const struct sn_kernel *kernel)
{
    for (int i = 0; i < ALL; i++) {
        in[i] = (uint16_t)i;
        dy[i] = h->one;
        want[i] = wanted(h, kernel, in[i]);
    }
}

Test(kernels, all_inputs_of_16_bit_formats)
{
    ref_begin("all_inputs_of_16_bit_formats", 0);
    for (size_t i = 0; i < sn_kernel_count; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (kernel->dtype < SN_F16 || kernel->function > SN_ELU_GRAD)
            continue;
        const struct half *h = &halves[kernel->dtype - SN_F16];
        fill(h, kernel);
        double worst = 0;
        int at = 0;
        mpfr_t exact;
        mpfr_init2(exact, 160);
        for (int x = 0; x < ALL && kernel->function <= SN_SELU_GRAD; x++) {
            if ((x & 0x7fff) >= h->infinity)
                continue;
            ref_exact_of(exact, kernel, 1, value(h, (uint16_t)x));
            double error = ulps(h, exact, want[x]);
            if (error <= 0.5 && error > worst) {
                worst = error;
                at = x;
            }
        }
        mpfr_clear(exact);
        if (kernel->function <= SN_SELU_GRAD) {
            fprintf(stderr, "kernels: %s: %.9g ULP at %a\n", kernel->name,
                worst, value(h, (uint16_t)at));
            cr_expect(kernel->witness == value(h, (uint16_t)at),
                "%s: witness %a is not the worst", kernel->name,
                kernel->witness);
        }
        for (size_t j = i; j < sn_kernel_variants; j += sn_kernel_count) {
            if (!sn_kernels[j].available())
                continue;
            long wrong = wrong_of_all(h, &sn_kernels[j]);
            cr_expect(wrong == 0, "%s: %ld of 65536 wrong", sn_kernels[j].name,
                wrong);
        }
        want[0x9234] ^= 1;
        cr_expect(wrong_of_all(h, kernel) == 1, "a planted unit passes");
    }
    ref_end();
}

/* any dy: the bound of kernels.h */
Test(kernels, gradient_of_16_bit_formats_for_any_dy)
{
    ref_begin("gradient_of_16_bit_formats_for_any_dy", 31);
    const double bound = 0.5 + 0x1p-40;
    for (int i = 0; i < 2; i++) {
        const struct half *h = &halves[i];
        long bad = 0, count = 0;
        double worst = 0;
        mpfr_t exact;
        mpfr_init2(exact, 160);
        for (int j = 0; j < ALL; j++) {
            uint64_t bits = random_bits();
            in[j] = (uint16_t)bits;
            dy[j] = (uint16_t)(bits >> 16);
            if (j % 2) /* a product around the subnormal numbers */
                dy[j] = (uint16_t)(bits >> 16 & 0x83ff);
        }
        if (h->dtype == SN_F16)
            sn_selu_grad_f16(out, dy, in, ALL);
        else
            sn_selu_grad_bf16(out, dy, in, ALL);
        for (int j = 0; j < ALL; j++) {
            if ((in[j] & 0x7fff) >= h->infinity ||
                (dy[j] & 0x7fff) >= h->infinity)
                continue;
            double x = value(h, in[j]), by = value(h, dy[j]);
            ref_exact(exact, true, by, x);
            double error = ulps(h, exact, out[j]);
            /* beyond the largest number: infinity, or that number */
            if ((rounded(h, exact) & 0x7fff) == h->infinity)
                error = (out[j] & 0x7fff) == h->infinity ? 0 : INFINITY;
            count++;
            bad += !(error <= bound) || (out[j] >> 15) != (dy[j] >> 15);
            worst = fmax(worst, error);
        }
        mpfr_clear(exact);
        fprintf(stderr, "kernels: sn_selu_grad_%s, any dy: worst %.9g ULP\n",
            sn_dtype_name(h->dtype), worst);
        cr_expect(bad == 0 && count > 60000, "%s: %ld of %ld bad",
            sn_dtype_name(h->dtype), bad, count);
    }
    ref_end();
}

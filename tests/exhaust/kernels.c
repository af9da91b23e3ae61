/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What 'selfnorm check --exhaustive' leaves out: all 2^32 inputs of the f32
 * kernels give the same bits on every instruction set; the faithful one is
 * below 1 ULP and in order; all 2^32 pairs (dy, x) of the 16-bit gradients
 * are within their bound.  exhaust-kernels [PARTS]: one input in PARTS.
 */
#include "kernels/kernels.h"
#include <float.h>
#include <math.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096 };
static long blocks, step = 1;

static int report(const char *what, const char *name, long wrong, double worst)
{
    printf("%-36s %-44s %s", name, what, wrong ? "FAILED" : "ok");
    if (wrong)
        printf(", %ld wrong", wrong);
    if (worst > 0)
        printf(", worst %.9g ULP", worst);
    putchar('\n');
    fflush(stdout);
    return wrong != 0;
}

static void inputs(float *x, long block)
{
    for (int i = 0; i < BLOCK; i++) {
        uint32_t bits = (uint32_t)(block * BLOCK + i);
        memcpy(&x[i], &bits, sizeof bits);
    }
}

/* bits that differ from those of another instruction set */
static long differences(
    const struct sn_kernel *one, const struct sn_kernel *other)
{
    long wrong = 0;
#pragma omp parallel for reduction(+ : wrong) schedule(dynamic, 64)
    for (long b = 0; b < blocks; b += step) {
        float x[BLOCK], dy[BLOCK], a[BLOCK], c[BLOCK];
        inputs(x, b);
        for (int i = 0; i < BLOCK; i++)
            dy[i] = 1;
        sn_kernel_run(one, a, dy, x, BLOCK);
        sn_kernel_run(other, c, dy, x, BLOCK);
        if (memcmp(a, c, sizeof a) != 0)
            for (int i = 0; i < BLOCK; i++)
                wrong += memcmp(&a[i], &c[i], sizeof *a) != 0;
    }
    return wrong;
}

/*
 * |y - exact| in ULP, exact from expm1 in double: within 2^-50 relative, so
 * 2^-26 ULP, which is added.
 */
static double faithful_ulps(float x, float y)
{
    const double lambda = 0x1.0cfabd6a91132p+0, both = 0x1.c212cc640f031p+0;
    double exact = x > 0 ? lambda * (double)x : both * expm1((double)x);
    double got = isinf(y) ? copysign(0x1p128, (double)y) : (double)y;
    int e;
    exact = fmin(exact, 0x1p128);
    frexp(exact, &e);
    e = e < -125 ? -125 : e > 128 ? 128 : e;
    return fabs(got - exact) * ldexp(1, 24 - e) + 0x1p-26;
}

static int check_faithful(void)
{
    const struct sn_kernel *kernel = sn_find_kernel("sn_selu_faithful_f32");
    const struct sn_kernel *right = sn_find_kernel("sn_selu_f32");
    long wrong = 0, falls = 0;
    double worst = 0;
#pragma omp parallel for reduction(+ : wrong, falls) reduction(max : worst)   \
    schedule(dynamic, 64)
    for (long b = 0; b < blocks; b += step) {
        float x[BLOCK + 1], y[BLOCK + 1], want[BLOCK];
        inputs(x, b);
        /* the first of the next block, to compare with */
        uint32_t next = (uint32_t)(b * BLOCK + BLOCK);
        memcpy(&x[BLOCK], &next, sizeof next);
        sn_kernel_run(kernel, y, NULL, x, BLOCK + 1);
        sn_kernel_run(right, want, NULL, x, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            falls += x[i + 1] > x[i] && !(y[i + 1] >= y[i]);
            falls += x[i + 1] < x[i] && !(y[i + 1] <= y[i]);
            if (!memcmp(&y[i], &want[i], sizeof *y)) {
                worst = fmax(worst, 0.5); /* at most */
                continue;
            }
            /* special values are those of the other kernel, to the bit */
            if (!isfinite(x[i]) || x[i] == 0) {
                wrong++;
                continue;
            }
            double ulps = faithful_ulps(x[i], y[i]);
            wrong += !(ulps < 1);
            worst = fmax(worst, ulps);
        }
    }
    return report("below 1 ULP", kernel->name, wrong, worst) |
           report("in order", kernel->name, falls, 0);
}

/* ---- 16 bits -------------------------------------------------------------
 */

/* the value of a finite pattern; precision p bits, least normal 2^emin */
static double value(unsigned bits, int p, int emin)
{
    int e = (int)(bits & 0x7fff) >> (p - 1),
        m = (int)bits & ((1 << (p - 1)) - 1);
    double x =
        e ? ldexp(m + (1 << (p - 1)), emin + e - p) : ldexp(m, emin + 1 - p);
    return bits & 0x8000 ? -x : x;
}

static double slopes[65536];

/* selu'(x) as double: within 2^-53 relative */
static void fill_slopes(int p, int emin, unsigned infinity)
{
    mpfr_t y, both;
    mpfr_inits2(160, y, both, (mpfr_ptr)0);
    mpfr_set_str(both, "1.758099340847376859940217520812279577323506837162",
        10, MPFR_RNDN);
    for (unsigned i = 0; i < 65536; i++) {
        double x = value(i, p, emin);
        if ((i & 0x7fff) > infinity)
            continue;
        mpfr_set_d(y, x, MPFR_RNDN);
        mpfr_exp(y, y, MPFR_RNDN);
        mpfr_mul(y, y, both, MPFR_RNDN);
        slopes[i] = x > 0 ? 0x1.0cfabd6a91132p+0 : mpfr_get_d(y, MPFR_RNDN);
    }
    mpfr_clears(y, both, (mpfr_ptr)0);
}

static int check_16_bit(const char *name, int p, int emin, unsigned infinity)
{
    const struct sn_kernel *kernel = sn_find_kernel(name);
    const int emax = 1 - emin;
    const double most = ldexp(1, emax + 1), bound = 0.5 + 0x1p-40;
    long wrong = 0;
    double worst = 0;
    fill_slopes(p, emin, infinity);
#pragma omp parallel for reduction(+ : wrong) reduction(max : worst)          \
    schedule(dynamic, 64)
    for (long d = 0; d < 65536; d += step) {
        static _Thread_local uint16_t x[65536], dy[65536], out[65536];
        if (((unsigned)d & 0x7fff) >= infinity)
            continue;
        for (unsigned i = 0; i < 65536; i++) {
            x[i] = (uint16_t)i;
            dy[i] = (uint16_t)d;
        }
        sn_kernel_run(kernel, out, dy, x, 65536);
        const double by = value((unsigned)d, p, emin);
        for (unsigned i = 0; i < 65536; i++) {
            if ((i & 0x7fff) >= infinity)
                continue;
            double exact = by * slopes[i];
            double got = (out[i] & 0x7fff) == infinity
                             ? copysign(most, exact)
                             : value(out[i], p, emin);
            if (fabs(exact) > most)
                exact = copysign(most, exact);
            int e;
            frexp(exact, &e);
            e = e - 1 < emin ? emin : e - 1 > emax ? emax : e - 1;
            double ulps = fabs(got - exact) * ldexp(1, p - 1 - e);
            wrong += !(ulps <= bound) || (out[i] >> 15) != (d >> 15);
            worst = fmax(worst, ulps);
        }
    }
    return report("all pairs (dy, x) within the bound", name, wrong, worst);
}

int main(int argc, char **argv)
{
    step = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    if (argc > 2 || step < 1) {
        fputs("usage: exhaust-kernels [PARTS], a whole number from 1 on\n",
            stderr);
        return 2;
    }
    blocks = (1L << 32) / BLOCK;
    int failed = check_faithful();
    for (size_t i = 0; i < sn_kernel_count; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (kernel->dtype != SN_F32 || kernel->function > SN_ELU_GRAD)
            continue;
        for (size_t j = i + sn_kernel_count; j < sn_kernel_variants;
             j += sn_kernel_count)
            if (sn_kernels[j].available())
                failed |=
                    report("same bits for all inputs", sn_kernels[j].name,
                        differences(kernel, &sn_kernels[j]), 0);
    }
    failed |= check_16_bit("sn_selu_grad_f16", 11, -14, 0x7c00);
    failed |= check_16_bit("sn_selu_grad_bf16", 8, -126, 0x7f80);
    return failed;
}

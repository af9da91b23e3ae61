/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mask of alpha dropout against Random123, and its rate. */
#include "tests/kernels/test_kernels_mask.h"
#include "kernels/kernels.h"
#include <Random123/philox.h>
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

/* 16 bits of a block as kernels.h says: the number of element g. */
uint32_t mask_number(uint64_t seed, uint64_t g)
{
    uint64_t block = 8 * (g / 64) + g % 32 / 4;
    philox4x32_ctr_t counter = {
        {(uint32_t)block, (uint32_t)(block >> 32), 0, 0}};
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    uint32_t word = philox4x32(counter, key).v[2 * (g / 32 % 2) + g / 2 % 2];
    return g % 2 ? word >> 16 : word & 0xffff;
}

/* and its 64 further bits */
static uint64_t further(uint64_t seed, uint64_t g)
{
    philox4x32_ctr_t counter = {{(uint32_t)g, (uint32_t)(g >> 32), 1, 0}};
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t word = philox4x32(counter, key);
    return (uint64_t)word.v[0] << 32 | word.v[1];
}

bool mask_keeps(double rate, uint64_t seed, uint64_t g)
{
    const double whole = rate * 0x1p16, n = (double)mask_number(seed, g);
    if (n != floor(whole))
        return n > whole;
    return (double)further(seed, g) >= (whole - n) * 0x1p64;
}

enum { MANY = 1 << 16 };
static float ones[MANY], got[MANY];

static void mask(
    double rate, uint64_t seed, uint64_t offset, size_t n, float *to)
{
    struct sn_alpha_dropout d;
    cr_assert(sn_alpha_dropout_init(&d, rate, seed));
    for (size_t i = 0; i < n; i++)
        ones[i] = 1;
    sn_alpha_dropout_grad_f32(to, ones, n, &d, offset);
}

/* elements whose fate is not that of their number */
static long wrong_mask(double rate, uint64_t seed, uint64_t offset, size_t n)
{
    long wrong = 0;
    mask(rate, seed, offset, n, got);
    for (size_t i = 0; i < n; i++) {
        bool kept = mask_keeps(rate, seed, offset + i);
        wrong += kept != (got[i] != 0);
    }
    return wrong;
}

Test(kernels_dropout, mask_is_philox)
{
    static const uint64_t seeds[] = {0, 1, 0x123456789abcdef0, UINT64_MAX};
    static const uint64_t offsets[] = {
        0, 1, 31, 32, 1000003, UINT64_C(0x3ffffffe0), UINT64_MAX - 99};
    for (size_t s = 0; s < 4; s++)
        for (size_t o = 0; o < sizeof offsets / sizeof *offsets; o++) {
            cr_expect_eq(wrong_mask(0.1, seeds[s], offsets[o], 5000), 0);
            cr_expect_eq(wrong_mask(0.75, seeds[s], offsets[o], 77), 0);
        }
    cr_expect(wrong_mask(0.1 + 0x1p-10, 0, 0, MANY) == 0);
    mask(0.1, 9, 0, MANY, got);
    long differ = 0;
    for (size_t i = 0; i < MANY; i++)
        differ += (got[i] == 0) == mask_keeps(0.1, 8, i);
    cr_expect(differ > 0, "another seed not noticed");
}

/* A rate between two numbers: the further bits decide, to 2^-80. */
Test(kernels_dropout, rate_is_exact)
{
    long decided[2] = {0, 0};
    for (uint64_t g = 0; g < 400; g++) {
        /* fractions of a double beside a number that may be large: few bits */
        double fraction = (double)(g % 15 + 1) / 16;
        double rate = ((double)mask_number(3, g) + fraction) * 0x1p-16;
        struct sn_alpha_dropout d;
        cr_assert(sn_alpha_dropout_init(&d, rate, 3));
        cr_assert_eq(d.threshold, mask_number(3, g));
        cr_assert_eq((double)d.fraction, fraction * 0x1p64);
        float y, one = 1;
        sn_alpha_dropout_grad_f32(&y, &one, 1, &d, g);
        bool kept = (double)further(3, g) >= fraction * 0x1p64;
        cr_expect_eq(kept, y != 0, "element %llu", (unsigned long long)g);
        decided[kept]++;
    }
    cr_expect(decided[0] > 100 && decided[1] > 100);
    struct sn_alpha_dropout d;
    cr_assert(sn_alpha_dropout_init(&d, 0x1p-74, 3));
    cr_expect(d.threshold == 0 && d.fraction == 1 << 6);
}

/* Counts in blocks by chi^2, neighbours and strides by their products. */
Test(kernels_dropout, drops_are_independent)
{
    static const double rates[] = {0.01, 0.05, 0.1, 0.5, 0.9};
    enum { BLOCKS = 256, SIZE = 65536 };
    for (int r = 0; r < 5; r++) {
        const double p = rates[r];
        double chi = 0, total = 0, pairs[4] = {0};
        const size_t lag[4] = {1, 8, 32, 256};
        for (int b = 0; b < BLOCKS; b++) {
            mask(p, 20170608, (uint64_t)b * SIZE, SIZE, got);
            double count = 0;
            for (size_t i = 0; i < SIZE; i++) {
                count += got[i] == 0;
                for (int k = 0; k < 4; k++)
                    if (i >= lag[k])
                        pairs[k] +=
                            ((got[i] == 0) - p) * ((got[i - lag[k]] == 0) - p);
            }
            chi +=
                (count - SIZE * p) * (count - SIZE * p) / (SIZE * p * (1 - p));
            total += count;
        }
        const double n = (double)BLOCKS * SIZE;
        double z = (total - n * p) / sqrt(n * p * (1 - p));
        double tail = gsl_cdf_chisq_Q(chi, BLOCKS);
        fprintf(stderr,
            "dropout: seed 20170608, rate %g: z %.2f, chi^2 tail %.3f", p, z,
            tail);
        cr_expect(fabs(z) < 4.5, "rate %g: z %g", p, z);
        cr_expect(tail > 1e-5 && tail < 1 - 1e-5, "rate %g: %g", p, tail);
        for (int k = 0; k < 4; k++) {
            double c = pairs[k] / (p * (1 - p) * sqrt(n));
            fprintf(stderr, ", lag %zu z %.2f", lag[k], c);
            cr_expect(fabs(c) < 4.5, "rate %g, lag %zu: z %g", p, lag[k], c);
        }
        fprintf(stderr, "\n");
        /* planted: a rate that is off by 2^-9 of itself would be seen */
        if (p >= 0.5)
            cr_expect(fabs(n * p * 0x1p-9 / sqrt(n * p * (1 - p))) > 4.5);
    }
}

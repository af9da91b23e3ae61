/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LeCun initialisation: moments, laws, independence of rows, bad input. */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64, FAN_IN = 4096 };
static double w[ROWS * FAN_IN];
static float narrow[ROWS * FAN_IN];

/* what a weight times sqrt(fan_in) is below with probability p */
static double probability(enum sn_lecun law, double x)
{
    const double cut = 2 * 1.1368472343385565; /* of variance 1 within 2 s */
    if (law == SN_LECUN_UNIFORM)
        return fmin(1, fmax(0, 0.5 + x / sqrt(12)));
    if (law == SN_LECUN_TRUNCATED) {
        double tail = gsl_cdf_ugaussian_P(-2);
        double inside = gsl_cdf_ugaussian_P(2 * x / cut) - tail;
        return fmin(1, fmax(0, inside / (1 - 2 * tail)));
    }
    return gsl_cdf_ugaussian_P(x);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov's statistic times sqrt n; above 2.2 with probability 1e-4 */
static double distance(enum sn_lecun law, double *x, size_t n)
{
    double most = 0;
    qsort(x, n, sizeof *x, by_value);
    for (size_t i = 0; i < n; i++) {
        double p = probability(law, x[i] * sqrt(FAN_IN));
        most = fmax(most,
            fmax(p - (double)i / (double)n, (double)(i + 1) / (double)n - p));
    }
    return most * sqrt((double)n);
}

Test(kernels_lecun, laws_are_what_they_should_be)
{
    static double kept[ROWS * FAN_IN];
    const size_t n = ROWS * FAN_IN;
    for (int law = SN_LECUN_NORMAL; law <= SN_LECUN_TRUNCATED; law++) {
        cr_assert(sn_lecun_f64(w, 0, ROWS, FAN_IN, (enum sn_lecun)law, 1706));
        memcpy(kept, w, sizeof w);
        double square = 0, product = 0;
        for (size_t i = 0; i < n; i++) {
            square += w[i] * w[i] / ROWS;
            product += i ? w[i] * w[i - 1] / ROWS : 0;
        }
        double d = distance((enum sn_lecun)law, kept, n);
        fprintf(stderr,
            "lecun: law %d, seed 1706: sum of squares %.5f, of products of "
            "neighbours %.5f, distance %.3f\n",
            law, square, product, d);
        /* five standard errors of N(0, 1) squares, products: 512^-1 */
        cr_expect(fabs(square - 1) < 5 * sqrt(2.0 / (double)n), "%g", square);
        cr_expect(fabs(product) < 5 / sqrt((double)n), "%g", product);
        cr_expect(d < 2.2, "law %d: distance %g", law, d);
        /* planted: a scale without the truncation's, 2 % off */
        for (size_t i = 0; i < n; i++)
            kept[i] *= 0.98;
        cr_expect(distance((enum sn_lecun)law, kept, n) > 2.2);
    }
}

static double value_16(bool bf16, uint16_t bits)
{
    const int digits = bf16 ? 7 : 10, bias = bf16 ? 127 : 15;
    const int e = (bits & 0x7fff) >> digits, m = bits & ((1 << digits) - 1);
    const double size =
        ldexp(m + (e ? 1 << digits : 0), (e ? e : 1) - bias - digits);
    return bits & 0x8000 ? -size : size;
}

/* 16-bit weights are the f64 ones rounded to nearest; so is their law. */
Test(kernels_lecun, half_weights_are_rounded_once)
{
    static uint16_t half[ROWS * FAN_IN];
    static double rounded[ROWS * FAN_IN];
    const size_t n = ROWS * FAN_IN;
    for (int law = SN_LECUN_NORMAL; law <= SN_LECUN_TRUNCATED; law++)
        for (int bf16 = 0; bf16 < 2; bf16++) {
            const enum sn_lecun l = (enum sn_lecun)law;
            cr_assert(sn_lecun_f64(w, 0, ROWS, FAN_IN, l, 1706));
            cr_assert((bf16 ? sn_lecun_bf16 : sn_lecun_f16)(
                half, 0, ROWS, FAN_IN, l, 1706));
            double square = 0;
            long wrong = 0;
            for (size_t i = 0; i < n; i++) {
                rounded[i] = value_16(bf16, half[i]);
                square += rounded[i] * rounded[i] / ROWS;
                /* its neighbours are not nearer */
                for (int by = -1; by <= 1 && half[i] & 0x7fff; by += 2) {
                    double other = value_16(bf16, (uint16_t)(half[i] + by));
                    wrong += fabs(other - w[i]) < fabs(rounded[i] - w[i]);
                }
            }
            double d = distance(l, rounded, n);
            fprintf(stderr,
                "lecun: law %d, %s: sum of squares %.5f, distance %.3f\n", law,
                bf16 ? "bf16" : "f16", square, d);
            cr_expect_eq(wrong, 0, "%ld weights are not the nearest", wrong);
            cr_expect(fabs(square - 1) < 5 * sqrt(2.0 / (double)n));
            /* steps of bf16, 2^-8 relative, are seen in the distribution */
            cr_expect(d < (bf16 ? 2.2 + 0x1p-9 * sqrt((double)n) : 2.2));
        }
}

/* sums in long double of weights that are exact there */
static void sums(
    long double *sum, long double *squares, const double *row, size_t fan_in)
{
    *sum = *squares = 0;
    for (size_t j = 0; j < fan_in; j++) {
        *sum += row[j];
        *squares += (long double)row[j] * row[j];
    }
}

Test(kernels_lecun, exact_rows_have_their_sums)
{
    static const size_t fan_ins[] = {2, 3, 7, 64, 1000, 4096, 65536};
    for (size_t k = 0; k < sizeof fan_ins / sizeof *fan_ins; k++) {
        const size_t fan_in = fan_ins[k];
        long double worst[8] = {0}, sum, squares;
        static uint16_t half[65536];
        for (size_t row = 0; row < 4; row++) {
            cr_assert(sn_lecun_f64(w, row, 1, fan_in, SN_LECUN_EXACT, 3));
            sums(&sum, &squares, w, fan_in);
            worst[0] = fmaxl(worst[0], fabsl(sum));
            worst[1] = fmaxl(worst[1], fabsl(squares - 1));
            cr_assert(sn_lecun_f32(narrow, row, 1, fan_in, SN_LECUN_EXACT, 3));
            for (size_t j = 0; j < fan_in; j++)
                w[j] = (double)narrow[j];
            sums(&sum, &squares, w, fan_in);
            worst[2] = fmaxl(worst[2], fabsl(sum));
            worst[3] = fmaxl(worst[3], fabsl(squares - 1));
            for (int bf16 = 0; bf16 < 2; bf16++) {
                cr_assert((bf16 ? sn_lecun_bf16 : sn_lecun_f16)(
                    half, row, 1, fan_in, SN_LECUN_EXACT, 3));
                for (size_t j = 0; j < fan_in; j++)
                    w[j] = value_16(bf16, half[j]);
                sums(&sum, &squares, w, fan_in);
                worst[4 + 2 * bf16] = fmaxl(worst[4 + 2 * bf16], fabsl(sum));
                worst[5 + 2 * bf16] =
                    fmaxl(worst[5 + 2 * bf16], fabsl(squares - 1));
            }
        }
        fprintf(stderr,
            "lecun: exact rows of %zu: f64 sum %.2Lg, squares %.2Lg off; f32 "
            "%.2Lg, %.2Lg; f16 %.2Lg, %.2Lg; bf16 %.2Lg, %.2Lg\n",
            fan_in, worst[0], worst[1], worst[2], worst[3], worst[4], worst[5],
            worst[6], worst[7]);
        cr_expect(worst[0] < 0x1p-50L && worst[1] < 0x1p-49L &&
                      worst[2] < 0x1p-24L && worst[3] < 0x1p-21L &&
                      worst[4] < 0x1p-11L && worst[5] < 0x1p-9L &&
                      worst[6] < 0x1p-8L && worst[7] < 0x1p-6L,
            "fan_in %zu", fan_in);
    }
}

Test(kernels_lecun, rows_are_functions_of_seed_and_row)
{
    for (int law = SN_LECUN_NORMAL; law <= SN_LECUN_EXACT; law++) {
        static double again[ROWS * FAN_IN];
        enum sn_lecun l = (enum sn_lecun)law;
        cr_assert(sn_lecun_f64(w, 5, 8, 101, l, 7));
        for (size_t i = 0; i < 8; i++)
            cr_assert(sn_lecun_f64(again + 101 * i, 5 + i, 1, 101, l, 7));
        cr_expect_arr_eq(w, again, 8 * 101 * sizeof *w);
        cr_assert(sn_lecun_f64(again, 5, 8, 101, l, 8));
        cr_expect(memcmp(w, again, 101 * sizeof *w) != 0);
        cr_assert(sn_lecun_f64(again, 6, 8, 101, l, 7));
        cr_expect(memcmp(w, again, 101 * sizeof *w) != 0);
    }
}

Test(kernels_lecun, bad_input_writes_nothing)
{
    double one = 42;
    cr_expect(!sn_lecun_f64(&one, 0, 1, 0, SN_LECUN_NORMAL, 0));
    cr_expect(!sn_lecun_f64(&one, 0, 1, 1, SN_LECUN_EXACT, 0));
    cr_expect(!sn_lecun_f64(&one, 0, 1, 1, (enum sn_lecun)4, 0));
    cr_expect(!sn_lecun_f64(&one, SIZE_MAX, 2, 1, SN_LECUN_NORMAL, 0));
    cr_expect(!sn_lecun_f64(&one, 0, SIZE_MAX, 2, SN_LECUN_NORMAL, 0));
    uint16_t half = 42;
    cr_expect(!sn_lecun_f16(&half, 0, 1, 0, SN_LECUN_NORMAL, 0));
    cr_expect(!sn_lecun_bf16(&half, 0, 1, 1, SN_LECUN_EXACT, 0));
    cr_expect_eq(half, 42);
    cr_expect(sn_lecun_f64(NULL, 0, 0, 5, SN_LECUN_NORMAL, 0));
    cr_expect_eq(one, 42);
}

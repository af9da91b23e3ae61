/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers and the laws of weights made of them. */
#include "tests/verify/networks/test_networks.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- random numbers ---- */

Test(networks, philox_known_answers)
{
    /* Lines "philox4x32 10" of Random123's tests/kat_vectors. */
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } row[] = {
        {{0, 0, 0, 0}, {0, 0},
            {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u},
            {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
            {0xa4093822, 0x299f31d0},
            {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        uint32_t out[4];
        shared_philox(out, row[i].counter, row[i].key);
        cr_assert_arr_eq(out, row[i].out, sizeof out,
            "vector %zu: %08x %08x %08x %08x", i, out[0], out[1], out[2],
            out[3]);
    }
}

/* The documented formula, with libm. */
static double normal_by_libm(const struct shared_stream *s, uint32_t column)
{
    uint32_t out[4], part = column / 64 % 4;
    const uint32_t key[2] = {(uint32_t)s->seed, (uint32_t)(s->seed >> 32)};
    const uint32_t counter[4] = {column / 256 * 64 + column % 64, s->row,
        s->index + (s->kind << 24), s->replicate};
    shared_philox(out, counter, key);
    const uint32_t *pair = out + (part & 2);
    double radius = sqrt(-2 * log((pair[0] + 0.5) * 0x1p-32));
    double angle = 2 * acos(-1) * (pair[1] * 0x1p-32);
    return radius * (part & 1 ? sin(angle) : cos(angle));
}

static struct shared_stream far_stream(uint32_t r)
{
    return (struct shared_stream){.seed = 0xfedcba9876543210 + r,
        .replicate = 7 * r,
        .index = SHARED_RANDOM_MAX_INDEX - r,
        .row = r,
        .kind = r % 2 ? NET_RANDOM_WEIGHTS : NET_RANDOM_INPUTS};
}

Test(networks, normals_follow_the_formula)
{
    enum { N = 1003 };
    static float y[N];
    static double d[N], u[N];
    double worst = 0, worst_f64 = 0, worst_u = 0;
    for (uint32_t r = 0; r < 200; r++) {
        const struct shared_stream s = far_stream(r);
        shared_normals_f32(y, N, &s, 0, 1);
        shared_normals_f64(d, N, &s, 0, 1);
        shared_uniforms_f64(u, N, &s);
        for (uint32_t j = 0; j < N; j++) {
            double want = normal_by_libm(&s, j);
            /* relative to the radius: cos and sin are known absolutely */
            double size = fmax(fabs(want), 0.3);
            worst = fmax(worst, fabs(y[j] - want) / size);
            worst_f64 = fmax(worst_f64, fabs(d[j] - want) / size);
            uint32_t out[4];
            const uint32_t key[2] = {
                (uint32_t)s.seed, (uint32_t)(s.seed >> 32)};
            const uint32_t counter[4] = {j / 256 * 64 + j % 64, s.row,
                s.index + (s.kind << 24), s.replicate};
            shared_philox(out, counter, key);
            worst_u =
                fmax(worst_u, fabs(u[j] - (out[j / 64 % 4] + 0.5) * 0x1p-32));
        }
    }
    cr_assert(worst < 4e-6, "binary32: off by %g", worst);
    cr_assert(worst_f64 < 1e-11, "binary64: off by %g", worst_f64);
    cr_assert_eq(worst_u, 0);
}

Test(networks, normals_do_not_depend_on_the_split)
{
    enum { N = 700 };
    float whole[N], part[N + 1];
    const struct shared_stream s = {
        .seed = 5, .replicate = 1, .index = 2, .row = 3};
    shared_normals_f32(whole, N, &s, 0.25, 3);
    for (size_t n = 0; n <= N; n++) {
        part[n] = 12345;
        shared_normals_f32(part, n, &s, 0.25, 3);
        cr_assert(!memcmp(part, whole, n * sizeof *part) && part[n] == 12345,
            "n = %zu", n);
    }
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

Test(networks, normals_are_normal)
{
    /* Seed 11; each of the 12 statistics at a rate of 1e-5, as binary32. */
    enum { ROWS = 512, N = 2048, ALL = ROWS * N };
    const double z_limit = 4.417, ks_limit = 2.47; /* 2 exp(-2 d^2) = 1e-5 */
    float *y = malloc(ALL * sizeof *y);
    cr_assert(y);
    double power[5] = {0}, lag[7] = {0}, n = ALL;
    for (uint32_t r = 0; r < ROWS; r++) {
        const struct shared_stream s = {.seed = 11, .index = 1, .row = r};
        shared_normals_f32(y + r * N, N, &s, 0, 1);
    }
    const size_t shift[] = {1, 2, 3, 4, 32, 128, N};
    for (size_t i = 0; i < ALL; i++) {
        double x = y[i], p = 1;
        for (int k = 0; k < 5; k++, p *= x)
            power[k] += p;
        for (size_t k = 0; k < COUNT(shift); k++)
            lag[k] += x * (double)y[(i + shift[k]) % ALL];
    }
    const struct {
        const char *name;
        double z;
    } row[] = {
        {"mean", power[1] / sqrt(n)},
        {"variance", (power[2] / n - 1) * sqrt(n / 2)},
        {"third moment", power[3] / sqrt(15 * n)},
        {"fourth moment", (power[4] / n - 3) * sqrt(n / 96)},
        {"lag 1", lag[0] / sqrt(n)},
        {"lag 2", lag[1] / sqrt(n)},
        {"lag 3", lag[2] / sqrt(n)},
        {"lag 4", lag[3] / sqrt(n)},
        {"lag 32", lag[4] / sqrt(n)},
        {"lag 128", lag[5] / sqrt(n)},
        {"next row", lag[6] / sqrt(n)},
    };
    for (size_t i = 0; i < COUNT(row); i++)
        cr_expect(
            fabs(row[i].z) < z_limit, "%s: z = %g", row[i].name, row[i].z);
    qsort(y, ALL, sizeof *y, by_value);
    double d = 0;
    for (size_t i = 0; i < ALL; i++) {
        double p = gsl_cdf_ugaussian_P(y[i]);
        d = fmax(d, fmax((double)(i + 1) / n - p, p - (double)i / n));
    }
    cr_expect(d * sqrt(n) < ks_limit, "Kolmogorov-Smirnov %g", d * sqrt(n));
    free(y);
}

/* ---- laws of weights ---- */

Test(networks, weights_have_their_laws)
{
    /* Seed 3; mean, variance, kurtosis of each law at a rate of 1e-5. */
    enum { N = 500, ROWS = 400 };
    static double w[N];
    for (const struct net_weight_law *law = net_weight_laws; law->name;
         law++) {
        if (!law->row)
            continue;
        double sum = 0, square = 0, fourth = 0, worst_sum = 0,
               worst_square = 0;
        bool rows =
            law->kind == NET_ROW_SUM || law->kind == NET_ROW_SUM_SQUARE;
        const double omega = 0.3, tau = 1.2, count = (double)N * ROWS;
        for (uint32_t r = 0; r < ROWS; r++) {
            const struct net_row row = {
                N, {.seed = 3, .index = 1, .row = r}, omega, tau};
            double row_sum = 0, row_square = 0;
            law->row(w, &row);
            for (int j = 0; j < N; j++) {
                row_sum += w[j];
                row_square += w[j] * w[j];
                fourth += pow(w[j] * sqrt(N), 4);
            }
            sum += row_sum;
            square += row_square;
            worst_sum = fmax(worst_sum, fabs(row_sum - omega));
            worst_square = fmax(worst_square, fabs(row_square - tau));
        }
        double gain = rows ? tau : law->gain, k = law->excess_kurtosis + 3;
        double variance = square / ROWS, ratio = fourth / count / gain / gain;
        cr_expect(rows || fabs(sum / ROWS) < 4.42 * sqrt(gain / ROWS),
            "%s: sum %g", law->name, sum / ROWS);
        cr_expect(
            fabs(variance - gain) < 4.42 * gain * sqrt((k - 1) / count) + 1e-9,
            "%s: variance %g, not %g", law->name, variance, gain);
        cr_expect(fabs(ratio - k) < 4.42 * sqrt(105 / count) + 0.02,
            "%s: kurtosis %g, not %g", law->name, ratio, k);
        if (rows)
            cr_expect(
                worst_sum < 1e-13, "%s: sum off by %g", law->name, worst_sum);
        if (law->kind == NET_ROW_SUM_SQUARE)
            cr_expect(worst_square < 1e-13, "%s: squares off by %g", law->name,
                worst_square);
        if (!strncmp(law->name, "truncated", 9))
            for (int j = 0; j < N; j++)
                cr_assert(fabs(w[j]) * sqrt(N) < 2.3);
    }
}

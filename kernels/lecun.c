/* SPDX-License-Identifier: MIT */
/*
 * LeCun initialisation.  Numbers come from Philox4x32-10 under a key made of
 * the seed and of what they are for, at the counter (column, row); normal ones
 * by Box and Muller's method, two columns at a time.  log, sin, cos are the C
 * library's: another one may change last bits.
 */
#include "arithmetic.h"
#include "isa.h"
#include "vector_portable.h"
#include "core_double.h"
#include "double_double.h"
#include <math.h>

/* 1 / sqrt(variance of N(0, 1) within +-2) */
static const double untruncate = 0x1.23086b9c083aep+0;
static const double two_pi = 0x1.921fb54442d18p+2;

enum lecun_draw {
    LECUN_DRAW_NORMAL = 0x4e,
    LECUN_DRAW_UNIFORM = 0x55,
    LECUN_DRAW_TRUNCATED = 0x54
};

/* two numbers of (0, 1), in steps of 2^-53, of 52 random bits each */
static void uniforms(double u[2], enum lecun_draw purpose, uint64_t attempt,
    uint64_t column, uint64_t row, uint64_t seed)
{
    uint32_t word[4];
    const uint32_t counter[4] = {(uint32_t)column, (uint32_t)(column >> 32),
        (uint32_t)row, (uint32_t)(row >> 32)};
    const uint64_t apart = 0x9E3779B97F4A7C15;
    sn_philox_block(word, counter, seed ^ ((attempt << 8 | purpose) * apart));
    for (int i = 0; i < 2; i++) {
        uint64_t bits = (uint64_t)word[2 * i] << 32 | word[2 * i + 1];
        u[i] = ((double)(bits >> 12) + 0.5) * 0x1p-52;
    }
}

static void normals(double z[2], enum lecun_draw purpose, uint64_t attempt,
    uint64_t column, uint64_t row, uint64_t seed)
{
    double u[2];
    uniforms(u, purpose, attempt, column, row, seed);
    double radius = sqrt(-2 * log(u[0])), angle = two_pi * u[1];
    z[0] = radius * cos(angle);
    z[1] = radius * sin(angle);
}

/* of variance 1 */
static double drawn(
    enum sn_lecun law, uint64_t column, uint64_t row, uint64_t seed)
{
    double z[2];
    if (law == SN_LECUN_UNIFORM) {
        uniforms(z, LECUN_DRAW_UNIFORM, 0, column, row, seed);
        return (2 * z[0] - 1) * 0x1.bb67ae8584caap+0; /* sqrt 3 */
    }
    if (law != SN_LECUN_TRUNCATED) {
        normals(z, LECUN_DRAW_NORMAL, 0, column / 2, row, seed);
        return z[column % 2];
    }
    for (uint64_t attempt = 0;; attempt++) {
        normals(z, LECUN_DRAW_TRUNCATED, attempt, column, row, seed);
        for (int i = 0; i < 2; i++)
            if (fabs(z[i]) <= 2)
                return z[i] * untruncate;
    }
}

static int usable(
    size_t first_row, size_t rows, size_t fan_in, enum sn_lecun law)
{
    return fan_in > (law == SN_LECUN_EXACT) && law >= SN_LECUN_NORMAL &&
           law <= SN_LECUN_EXACT && rows <= SIZE_MAX - first_row &&
           (rows == 0 || fan_in <= SIZE_MAX / rows);
}

/* The row's mean, and what makes its squares sum to 1, in double with the
   errors of the sums carried. */
struct lecun_row {
    double mean, mean_low, scale;
};

static struct lecun_row row_of(size_t fan_in, uint64_t row, uint64_t seed)
{
    double total = 0, left = 0, n = (double)fan_in;
    for (size_t j = 0; j < fan_in; j++) {
        double z = drawn(SN_LECUN_NORMAL, j, row, seed) - left;
        double next = total + z;
        left = (next - total) - z;
        total = next;
    }
    const double mean = total / n;
    const double low = (fma(-mean, n, total) - left) / n;
    total = left = 0;
    for (size_t j = 0; j < fan_in; j++) {
        double z = drawn(SN_LECUN_NORMAL, j, row, seed) - mean;
        double add = z * z - left, next = total + add;
        left = (next - total) - add;
        total = next;
    }
    return (struct lecun_row){mean, low, 1 / sqrt(total)};
}

/* What rounding a weight leaves out goes to the next one, so that the sum is
   off by what the last one leaves out.  ROUND: a double, once; VALUE: back. */
#define LECUN(DTYPE, T, ROUND, VALUE)                                         \
    int sn_lecun_##DTYPE(T *w, size_t first_row, size_t rows, size_t fan_in,  \
        enum sn_lecun law, uint64_t seed)                                     \
    {                                                                         \
        if (!usable(first_row, rows, fan_in, law))                            \
            return 0;                                                         \
        const double scale = 1 / sqrt((double)fan_in);                        \
        for (size_t i = 0; i < rows; i++) {                                   \
            const uint64_t row = first_row + i;                               \
            T *out = w + i * fan_in;                                          \
            if (law != SN_LECUN_EXACT) {                                      \
                for (size_t j = 0; j < fan_in; j++)                           \
                    out[j] = ROUND(drawn(law, j, row, seed) * scale);         \
                continue;                                                     \
            }                                                                 \
            const struct lecun_row of = row_of(fan_in, row, seed);            \
            double left = 0;                                                  \
            for (size_t j = 0; j < fan_in; j++) {                             \
                struct dd z =                                                 \
                    two_sum(drawn(SN_LECUN_NORMAL, j, row, seed), -of.mean);  \
                double v = z.high * of.scale;                                 \
                left += fma(z.high, of.scale, -v);                            \
                left += (z.low - of.mean_low) * of.scale;                     \
                out[j] = ROUND(v + left);                                     \
                left += v - VALUE(out[j]);                                    \
            }                                                                 \
        }                                                                     \
        return 1;                                                             \
    }

static uint16_t bf16_of(double x)
{
    return bf16_of_vd(x);
}

LECUN(f32, float, (float), (double))
LECUN(f64, double, (double), (double))
LECUN(f16, uint16_t, f16_of_odd, vd_of_f16)
LECUN(bf16, uint16_t, bf16_of, vd_of_bf16)

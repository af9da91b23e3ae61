/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Order between neighbours: around drawn inputs, and for f64, where not all
 * can be tried, where it could break first: at the seams of the reduction and
 * where the exact value crosses from one result to the next.
 */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

enum { BLOCK = 64 };

/* falls among BLOCK neighbours from x on, away from 0 */
static int falls_from(const struct sn_kernel *kernel, double x, double *where)
{
    int count = 0;
    double below = run_one(kernel, 1, x);
    for (int j = 0; j < BLOCK; j++) {
        double next = nudge(kernel->dtype, x, 1);
        if (!isfinite(next))
            break;
        double above = run_one(kernel, 1, next);
        bool ordered = x < 0 || next < 0 ? above <= below : above >= below;
        if (!ordered) {
            count++;
            *where = next;
        }
        below = above;
        x = next;
    }
    return count;
}

static int falls(const struct sn_kernel *kernel, long blocks, double *where)
{
    int count = 0;
    for (long i = 0; i < blocks; i++) {
        double dy, x;
        draw(kernel, i, &dy, &x);
        count += falls_from(kernel, x, where);
    }
    return count;
}

Test(kernels, neighbours_in_order)
{
    ref_begin("neighbours_in_order", 10);
    for (size_t i = 0; i < sn_kernel_count; i++) {
        const struct sn_kernel *kernel = &sn_kernels[i];
        if (kernel->function > SN_SELU_GRAD || kernel->dtype > SN_F64)
            continue;
        double where = 0;
        int count = falls(kernel, 20000, &where);
        cr_expect(count == 0, "%s: %d falls, one before %a", kernel->name,
            count, where);
    }
    ref_end();
}

/* Where the exact result is half way between those at x and next to it; 0:
   nowhere left of 0. */
static double crossing(const struct sn_kernel *kernel, double x)
{
    const bool slope = sn_is_gradient(kernel->function);
    const bool selu =
        kernel->function == SN_SELU || kernel->function == SN_SELU_GRAD;
    double y = run_one(kernel, 1, x), found = 0;
    mpfr_t middle, factor;
    mpfr_inits2(REFERENCE_BITS, middle, factor, (mpfr_ptr)0);
    mpfr_set_ui(factor, 1, MPFR_RNDN);
    if (selu)
        mpfr_set(factor, ref_alpha_prime, MPFR_RNDN);
    mpfr_set_d(middle, y, MPFR_RNDN);
    mpfr_add_d(middle, middle, nudge(SN_F64, y, -1), MPFR_RNDN);
    mpfr_div_ui(middle, middle, 2, MPFR_RNDN);
    mpfr_div(middle, middle, factor, MPFR_RNDN);
    if (slope)
        mpfr_log(middle, middle, MPFR_RNDN);
    else
        mpfr_log1p(middle, middle, MPFR_RNDN);
    if (mpfr_number_p(middle) && mpfr_sgn(middle) < 0)
        found = mpfr_get_d(middle, MPFR_RNDN);
    mpfr_clears(middle, factor, (mpfr_ptr)0);
    return found;
}

static int falls_where_hard(
    const struct sn_kernel *kernel, long crossings, long *tried, double *where)
{
    const double far = sn_is_gradient(kernel->function) ? 510 : 38;
    int count = 0;
    *tried = 0;
    for (double k = 0.5; k * log(2) / 16 < far; k++, ++*tried)
        count += falls_from(
            kernel, nudge(SN_F64, -k * log(2) / 16, -BLOCK / 2), where);
    for (long i = 0; i < crossings; i++) {
        double x = i % 2 ? -far * random_unit() : -exp2(-50 * random_unit());
        x = crossing(kernel, x);
        if (x == 0)
            continue;
        count += falls_from(kernel, nudge(SN_F64, x, -BLOCK / 2), where);
        ++*tried;
    }
    return count;
}

Test(kernels, f64_in_order_where_it_is_hard)
{
    static const char *const name[] = {
        "sn_selu_f64", "sn_elu_f64", "sn_selu_grad_f64", "sn_elu_grad_f64"};
    ref_begin("f64_in_order_where_it_is_hard", 12);
    for (int i = 0; i < 4; i++) {
        double where = 0;
        long tried;
        int count =
            falls_where_hard(sn_find_kernel(name[i]), 20000, &tried, &where);
        fprintf(stderr, "kernels: %s: %ld hard places, %d falls\n", name[i],
            tried, count);
        cr_expect(count == 0 && tried > 20000, "%s: %d falls, one before %a",
            name[i], count, where);
    }
    ref_end();
}

/* ---- planted ------------------------------------------------------------ */

static void not_monotone(
    void *out, const void *in, size_t n, const struct sn_elu *elu)
{
    float *y = out;
    sn_elu_f32(y, in, n, elu);
    for (size_t i = 0; i < n; i++)
        if (y[i] < -1.67f && y[i] > -1.72f && to_bits(SN_F32, y[i]) % 64 == 5)
            y[i] = nextafterf(nextafterf(y[i], 0), 0);
}

/* Right but for every other x within 2^-9 ULP of a crossing: what a pair with
   such an error before its rounding would do. */
static void falters(
    void *out, const void *in, size_t n, const struct sn_elu *elu)
{
    double *y = out;
    const double *x = in;
    sn_elu_f64(y, x, n, elu);
    for (size_t i = 0; i < n; i++) {
        mpfr_t exact;
        mpfr_init2(exact, REFERENCE_BITS);
        ref_exact(exact, false, 1, x[i]);
        if (ref_ulps(SN_F64, exact, y[i]) > 0.5 - 0x1p-9 &&
            to_bits(SN_F64, x[i]) % 2 && x[i] < 0)
            y[i] = nextafter(
                y[i], mpfr_cmp_d(exact, y[i]) > 0 ? INFINITY : -INFINITY);
        mpfr_clear(exact);
    }
}

Test(kernels, planted_disorder_is_caught)
{
    ref_begin("planted_disorder_is_caught", 13);
    double where;
    long tried;
    struct sn_kernel kernel = planted_forward(not_monotone);
    cr_expect(falls(&kernel, 20000, &where) > 0);
    kernel = planted_forward(falters);
    kernel.dtype = SN_F64;
    kernel.function = SN_SELU;
    cr_expect(falls_where_hard(&kernel, 500, &tried, &where) > 0);
    ref_end();
}

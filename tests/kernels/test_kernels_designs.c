/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other constants than SELU's: errors of f32 and f64 against MPFR. */
#include "tests/kernels/test_kernels.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct design {
    bool celu;
    double lambda, alpha;
} designs[] = {{false, 1.3, 0.7}, {false, 1, 1}, {false, 1e-9, 1e7},
    {false, 1.0507009873554805, 1.6732632423543772}, {true, 1, 2.3},
    {true, 1, 1e-3}, {true, 1, 1e15}, {false, 1, -2}, {false, 1.3, -0.7},
    {false, 1e-9, -1e7}};
enum { DESIGNS = sizeof designs / sizeof *designs, MANY = 20000 };

/* f(x), or f'(x), for x < 0 */
static void exact_of(mpfr_t y, const struct design *d, bool gradient, double x)
{
    mpfr_set_d(y, x, MPFR_RNDN);
    if (d->celu)
        mpfr_div_d(y, y, d->alpha, MPFR_RNDN);
    (gradient ? mpfr_exp : mpfr_expm1)(y, y, MPFR_RNDN);
    mpfr_mul_d(y, y, d->lambda, MPFR_RNDN);
    if (!d->celu || !gradient)
        mpfr_mul_d(y, y, d->alpha, MPFR_RNDN);
}

/* every third x is where 1 cancels most: the first steps of the reduction */
static double drawn(const struct design *d, int i)
{
    double x = i % 3
                   ? -ldexp(1 + random_unit(), (int)(random_bits() % 24) - 18)
                   : -log(2) / 16 * (0.4 + 2 * random_unit());
    return (double)(float)(d->celu ? x * d->alpha : x);
}

/* spoil: the factor of the exponential, relative */
static void measure(double worst[3], const struct design *d, double spoil)
{
    struct sn_elu elu;
    cr_assert(d->celu ? sn_celu_design(&elu, d->alpha)
                      : sn_selu_design(&elu, d->lambda, d->alpha));
    elu.negative += spoil * elu.negative;
    mpfr_t y;
    mpfr_init2(y, 300);
    for (int i = 0; i < MANY; i++) {
        const double x = drawn(d, i);
        float in = (float)x, out, one = 1;
        double wide;
        sn_elu_f32(&out, &in, 1, &elu);
        sn_elu_f64(&wide, &x, 1, &elu);
        exact_of(y, d, false, x);
        worst[0] = fmax(worst[0], ref_ulps(SN_F32, y, (double)out));
        worst[2] = fmax(worst[2], ref_ulps(SN_F64, y, wide));
        sn_elu_grad_f32(&out, &one, &in, 1, &elu);
        exact_of(y, d, true, x);
        worst[1] = fmax(worst[1], ref_ulps(SN_F32, y, (double)out));
    }
    mpfr_clear(y);
}

Test(kernels, designs_within_promise)
{
    double worst[3] = {0}, planted[3] = {0};
    ref_begin("designs_within_promise", 71);
    for (int i = 0; i < DESIGNS; i++)
        measure(worst, &designs[i], 0);
    fprintf(stderr,
        "kernels: other constants: f32 %.9g, gradient %.9g, f64 "
        "%.6f ULP\n",
        worst[0], worst[1], worst[2]);
    cr_expect(worst[0] <= 0.5 + 0x1p-25 && worst[1] <= 0.5 + 0x1p-20 &&
              worst[2] <= 0.5);
    measure(planted, &designs[0], 0x1p-32);
    cr_expect(planted[0] > 0.5 + 0x1p-25 && planted[2] > 0.5, "planted");
    ref_end();
}

/* alpha = 0 and below: zeros, NaN, infinities, in place, dx = x; no dropout */
Test(kernels, designs_at_and_below_0)
{
    static const float x[] = {-INFINITY, -1, -0.0f, 0, 2, INFINITY, NAN};
    static const float below[] = {2, 1.264241118f, 0, 0, 2, INFINITY, NAN};
    static const float at_0[] = {-0.0f, -0.0f, -0.0f, 0, 2, INFINITY, NAN};
    enum { N = sizeof x / sizeof *x };
    struct sn_elu elu;
    struct sn_alpha_dropout dropout;
    cr_expect(!sn_celu_design(&elu, -1) && !sn_celu_design(&elu, 0) &&
              !sn_selu_design(&elu, -1, 1) && !sn_elu_design(&elu, NAN) &&
              !sn_elu_design(&elu, -0x1p65));
    for (int k = 0; k < 2; k++) {
        const float alpha = k ? 0 : -2, *want = k ? at_0 : below;
        float y[N], dx[N], by[N];
        cr_assert(sn_elu_design(&elu, (double)alpha));
        cr_expect(!sn_alpha_dropout_design(&dropout, 0.1, 1, 0, 1, &elu));
        memcpy(y, x, sizeof y);
        sn_elu_f32(y, y, N, &elu);
        for (int i = 0; i < N; i++)
            cr_expect(isnan(want[i]) ? isnan(y[i])
                                     : y[i] == want[i] &&
                                           !signbit(y[i]) == !signbit(want[i]),
                "alpha %g: %g gives %.9g, want %.9g", (double)alpha,
                (double)x[i], (double)y[i], (double)want[i]);
        for (int i = 0; i < N; i++)
            by[i] = i % 2 ? 3 : -3;
        memcpy(dx, x, sizeof dx);
        sn_elu_grad_f32(dx, by, dx, N, &elu);
        for (int i = 0; i < N; i++) {
            const float f = x[i] > 0 ? 1 : alpha * expf(x[i]);
            cr_expect(
                isnan(x[i]) ? isnan(dx[i]) : fabsf(dx[i] - by[i] * f) < 1e-6f,
                "alpha %g: dx at %g is %.9g", (double)alpha, (double)x[i],
                (double)dx[i]);
        }
        const float infinite = INFINITY, left = -1;
        sn_elu_grad_f32(dx, &infinite, &left, 1, &elu);
        cr_expect(k ? isnan(dx[0]) : dx[0] == -INFINITY);
    }
}

/* where x rate underflows in float, and far left */
Test(kernels, designs_at_the_ends)
{
    struct sn_elu elu;
    /* CELU is x where |x| is far below alpha; bf16 has 2^-133 */
    cr_assert(sn_celu_design(&elu, 0x1p64));
    for (unsigned bits = 0; bits < 0x4000; bits++) {
        uint16_t x[] = {(uint16_t)(bits | 0x8000), (uint16_t)bits}, y[2];
        sn_elu_bf16(y, x, 2, &elu);
        cr_assert(y[0] == x[0] && y[1] == x[1], "%04x gives %04x", x[0], y[0]);
    }
    /* NaN with either sign, at any lane */
    uint16_t nan[64], out[64];
    for (int i = 0; i < 64; i++)
        nan[i] = i % 2 ? 0xff81 : 0x7fc1;
    sn_elu_bf16(out, nan, 64, &elu);
    for (int i = 0; i < 64; i++)
        cr_expect_eq(out[i], i % 2 ? 0xffc1 : 0x7fc1);
    /* far left a large slope at 0 times a large dy is a number yet */
    cr_assert(sn_elu_design(&elu, 0x1p64));
    const float by = 0x1p120f, left[] = {-210, -230};
    for (int i = 0; i < 2; i++) {
        float dx;
        sn_elu_grad_f32(&dx, &by, left + i, 1, &elu);
        const double want = ldexp(exp((double)left[i]), 184);
        cr_expect(fabs((double)dx - want) <= fmax(0x1p-150, want * 0x1p-24));
    }
    /* f64, where x rate is itself a rounded number, on either side of -500 */
    const double alpha = 0x1.b34755cd0320fp-9;
    const struct design celu = {true, 1, alpha};
    double worst = 0;
    cr_assert(sn_celu_design(&elu, alpha));
    ref_begin("designs_at_the_ends", 72);
    mpfr_t exact;
    mpfr_init2(exact, 300);
    for (int i = 0; i < MANY; i++) {
        const double x = -alpha * (300 + 400 * random_unit()), dy = 0x1p60;
        double dx;
        sn_elu_grad_f64(&dx, &dy, &x, 1, &elu);
        exact_of(exact, &celu, true, x);
        mpfr_mul_d(exact, exact, dy, MPFR_RNDN);
        worst = fmax(worst, ref_ulps(SN_F64, exact, dx));
    }
    mpfr_clear(exact);
    fprintf(stderr, "kernels: celu f64 gradient far left: %.6f ULP\n", worst);
    cr_expect(worst <= 0.5);
    ref_end();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/quadrature/selu_moments.h"
#include <math.h>

static const double SQRT_PI = 0x1.c5bf891b4ef6ap+0;

/*
 * e^{t^2} erfc t, t >= 0.  The rounding error of t^2 would be magnified by
 * the exponential; fma gives it exactly.  From 10 on the asymptotic series
 * alternates, and its first term left out is below 1e-17.
 */
static double erfcx(double t)
{
    if (t < 10) {
        double square = t * t, lost = fma(t, t, -square);
        return exp(square) * erfc(t) * (1 + lost);
    }
    double r = 0.5 / (t * t), sum = 1;
    for (int k = 10; k > 0; k--)
        sum = 1 - (2 * k - 1) * r * sum;
    return sum / (t * SQRT_PI);
}

/*
 * With t = sqrt(q/2):  a1 = (erfcx t - 1)/2,
 *                      b1 = (erfcx 2t - 2 erfcx t + 1)/2.
 * Both cancel for small t; erfcx t = sum (-t)^k / Gamma(k/2 + 1) does not:
 * at t < 1/4 the terms fall below 1e-17 of the sum before k = 30.
 */
static void negative_branch(double *a1, double *b1, double t)
{
    if (t >= 0.25) {
        double e = erfcx(t);
        *a1 = (e - 1) / 2;
        *b1 = (erfcx(2 * t) - 2 * e + 1) / 2;
        return;
    }
    double term[2] = {1, -2 / SQRT_PI * t}, two = 2;
    *a1 = term[1] / 2;
    *b1 = 0;
    for (int k = 2; k < 30; k++) {
        term[k & 1] *= t * t / (k / 2.0);
        two *= 2;
        *a1 += term[k & 1] / 2;
        *b1 += (two - 2) * term[k & 1] / 2;
    }
}

void quad_selu_moments_f64(
    double *first, double *second, double q, double lambda, double alpha)
{
    double a1, b1, t = sqrt(q / 2);
    negative_branch(&a1, &b1, t);
    *first = lambda * (t / SQRT_PI + alpha * a1);
    *second = lambda * lambda * (q / 2 + alpha * alpha * b1);
}

void quad_selu_conditional(
    struct quad_conditional *out, double v, double lambda, double alpha)
{
    double a1, b1, t = sqrt(v / 2), s = sqrt(v);
    negative_branch(&a1, &b1, t);
    /* X_k = E e^{kz} 1{z<0} = erfcx(k t)/2: X_1 = a1 + 1/2. */
    double x1 = a1 + 0.5, x2 = b1 + 2 * x1 - 0.5, aa = alpha * alpha;
    out->first_left = out->second_left = out->fourth = 0;
    out->first = lambda * (t / SQRT_PI + alpha * a1);
    out->second = lambda * lambda * (v / 2 + aa * b1);
    out->first_u = lambda * s * (0.5 + alpha * x1);
    out->first_uu =
        lambda * v / 2 * ((1 - alpha) / (2 * SQRT_PI * t) + alpha * x1);
    out->second_u =
        lambda * lambda * s * (2 * t / SQRT_PI + 2 * aa * (x2 - x1));
    out->second_uu = lambda * lambda * v / 2 * (1 + 2 * aa * (2 * x2 - x1));
}

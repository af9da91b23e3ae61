/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one loop over inputs: alone here, because it is to vectorize. */
#include "verify/conformance/reference/curve.h"
#include "verify/shared/vector_units.h"
#include <stdint.h>

_Static_assert(REF_BLOCK_TERMS == 7, "terms below");

SHARED_FOR_EACH_VECTOR_UNIT
static void run_polynomial(double *restrict d, const struct ref_polynomial *p,
    const float *restrict x, size_t n)
{
    const double middle = p->middle, inverse = p->inverse;
    const double c0 = p->c[0], c1 = p->c[1], c2 = p->c[2], c3 = p->c[3];
    const double c4 = p->c[4], c5 = p->c[5], c6 = p->c[6];
    for (size_t i = 0; i < n; i++) {
        const double t = ((double)x[i] - middle) * inverse;
        double y = c6 * t + c5;
        y = y * t + c4;
        y = y * t + c3;
        y = y * t + c2;
        y = y * t + c1;
        d[i] = y * t + c0;
    }
}

/* As integers: the order is the same for numbers >= 0. */
SHARED_FOR_EACH_VECTOR_UNIT
static double least_modulus(const double *d, size_t n)
{
    union {
        double x;
        uint64_t bits;
    } least = {.bits = UINT64_MAX >> 1};
    const uint64_t *bits = (const uint64_t *)(const void *)d;
    uint64_t most = UINT64_MAX >> 1;
    for (size_t i = 0; i < n; i++) {
        const uint64_t size = bits[i] & (UINT64_MAX >> 1);
        most = size < most ? size : most;
    }
    least.bits = most;
    return least.x;
}

double ref_polynomial_run(
    double *d, const struct ref_polynomial *p, const float *x, size_t n)
{
    run_polynomial(d, p, x, n);
    return least_modulus(d, n);
}

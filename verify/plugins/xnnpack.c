/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XNNPACK (Debian 12: git of February 2022, Debian 13: November 2024),
 * operator API.  It has ELU and no SELU: the scale is a second pass.
 *
 *   xnnpack_selu   the operator ELU, then lambda y
 *   xnnpack_elu    the same operator with alpha = 1
 *
 * (The first has ELU in f32 and quantized, none in f16, and no gradients.)
 * XNNPACK has no number of its version: plugins.mk looks into its header and
 * defines XNNPACK_UNARY where one function makes all operators of one input.
 *
 * XNNPACK may read XNN_EXTRA_BYTES past its input, which its callers have to
 * provide: the last n % 16 elements go through a buffer that has them.  A
 * failed call gives NaN.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <xnnpack.h>

#define LAMBDA 1.0507009873554804934193349852946f
#define ALPHA  1.6732632423543772848170429916717f

enum { WIDEST = 16, EXTRA = XNN_EXTRA_BYTES / sizeof(float) };

/* for SELU and ELU; they live as long as the program */
static _Thread_local xnn_operator_t operators[2];

#ifdef XNNPACK_UNARY
static bool create_elu(xnn_operator_t *elu, float alpha)
{
    const union xnn_unary_params params = {.elu = {.alpha = alpha}};
    return xnn_create_unary_elementwise_nc(xnn_unary_elu, xnn_datatype_fp32,
               xnn_datatype_fp32, &params, NULL, NULL, 0,
               elu) == xnn_status_success;
}

static bool set_up_elu(xnn_operator_t elu, float *y, const float *x, size_t n)
{
    return xnn_reshape_unary_elementwise_nc(elu, n, 1, 1, 1, NULL) ==
               xnn_status_success &&
           xnn_setup_unary_elementwise_nc(elu, x, y) == xnn_status_success;
}
#else
static bool create_elu(xnn_operator_t *elu, float alpha)
{
    return xnn_create_elu_nc_f32(1, 1, 1, alpha, 0, elu) == xnn_status_success;
}

static bool set_up_elu(xnn_operator_t elu, float *y, const float *x, size_t n)
{
    return xnn_setup_elu_nc_f32(elu, n, x, y, NULL) == xnn_status_success;
}
#endif

static bool run(float *y, const float *x, size_t n, float alpha)
{
    xnn_operator_t *elu = &operators[alpha == 1];
    if (!n)
        return true;
    if (!*elu && (xnn_initialize(NULL) != xnn_status_success ||
                     !create_elu(elu, alpha)))
        return false;
    return set_up_elu(*elu, y, x, n) &&
           xnn_run_operator(*elu, NULL) == xnn_status_success;
}

static bool padded(float *y, const float *x, size_t n, float alpha)
{
    float in[WIDEST + EXTRA] = {0}, out[WIDEST + EXTRA];
    size_t rest = n % WIDEST, whole = n - rest;
    if (rest)
        memcpy(in, x + whole, rest * sizeof *x);
    if (!run(y, x, whole, alpha) || !run(out, in, rest, alpha)) {
        for (size_t i = 0; i < n; i++)
            y[i] = NAN;
        return false;
    }
    if (rest)
        memcpy(y + whole, out, rest * sizeof *y);
    return true;
}

void xnnpack_selu(float *y, const float *x, size_t n)
{
    if (padded(y, x, n, ALPHA))
        for (size_t i = 0; i < n; i++)
            y[i] *= LAMBDA;
}

void xnnpack_elu(float *y, const float *x, size_t n)
{
    padded(y, x, n, 1);
}

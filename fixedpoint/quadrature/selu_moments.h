/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to this folder: SELU under N(0, v) in closed form. */
#ifndef SN_FIXEDPOINT_QUADRATURE_SELU_MOMENTS_H
#define SN_FIXEDPOINT_QUADRATURE_SELU_MOMENTS_H

#include "fixedpoint/quadrature/model.h"

/*
 * Moments as quad_selu_moments_f64(); the projections are derivatives of
 * expectations: E h u = sqrt v E h', E h (u^2 - 1) = v E h''.
 */
void quad_selu_conditional(
    struct quad_conditional *out, double v, double lambda, double alpha);

#endif

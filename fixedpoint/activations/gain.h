/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An activation's gain, for those who know it by name only. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_GAIN_H
#define SN_FIXEDPOINT_ACTIVATIONS_GAIN_H

#include "fixedpoint/numbers/status.h"
#include <mpfr.h>
#include <stdbool.h>

/*
 * lower <= gain <= upper, some 30 digits: 1/std of f(z), z ~ N(0, 1), or with
 * `rms` 1/rms, parameters at their defaults.  SN_BAD_VALUE: no such
 * activation.
 */
enum sn_status act_gain_mpfr(
    mpfr_ptr lower, mpfr_ptr upper, const char *activation, bool rms);

#endif

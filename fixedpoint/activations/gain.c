/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/gain.h"
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include <string.h>

enum { PRECISION = 128 };

enum sn_status act_gain_mpfr(
    mpfr_ptr lower, mpfr_ptr upper, const char *activation, bool rms)
{
    struct act_chosen chosen;
    struct expr_expression f;
    struct expr_fault fault;
    NUM_STRUCT(act_gaussian, g);
    struct act_trouble trouble;
    NUM_ARB(m, v);
    if (!act_find(&chosen, activation, strlen(activation)))
        return SN_BAD_VALUE;
    expr_init(&f);
    arb_one(v);
    enum sn_status status = act_expression(&f, &chosen, &fault);
    if (!status)
        status = act_gaussian_arb(
            &g, &f, m, v, ACT_ANY_METHOD, PRECISION, &trouble);
    if (!rms)
        arb_submul(g.square, g.mean, g.mean, PRECISION);
    arb_rsqrt(g.square, g.square, PRECISION);
    arb_get_interval_mpfr(lower, upper, g.square);
    expr_clear(&f);
    return status;
}

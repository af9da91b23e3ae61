/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/activations/gain.h"
#include "fixedpoint/activations/activations.h"
#include "fixedpoint/activations/gaussian.h"
#include <string.h>

enum { PRECISION = 128 };

enum sn_status sn_gain_mpfr(
    mpfr_ptr lower, mpfr_ptr upper, const char *activation, bool rms)
{
    struct sn_chosen chosen;
    struct sn_expression f;
    struct sn_fault fault;
    struct sn_gaussian g;
    struct sn_trouble trouble;
    arb_t m, v;
    if (!sn_activation_find(&chosen, activation, strlen(activation)))
        return SN_BAD_VALUE;
    sn_expression_init(&f);
    sn_gaussian_init(&g);
    arb_init(m);
    arb_init(v);
    arb_one(v);
    enum sn_status status = sn_activation_expression(&f, &chosen, &fault);
    if (!status)
        status =
            sn_gaussian_arb(&g, &f, m, v, SN_ANY_METHOD, PRECISION, &trouble);
    if (!rms)
        arb_submul(g.square, g.mean, g.mean, PRECISION);
    arb_rsqrt(g.square, g.square, PRECISION);
    arb_get_interval_mpfr(lower, upper, g.square);
    sn_expression_clear(&f);
    sn_gaussian_clear(&g);
    arb_clear(m);
    arb_clear(v);
    return status;
}

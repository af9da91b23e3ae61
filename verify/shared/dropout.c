/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shared/dropout.h"
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"

enum sn_status shared_alpha_dropout(struct shared_dropout *d, const arb_t rate,
    const arb_t lower, double mean, double variance)
{
    enum { DROPOUT_PRECISION = 256 };
    arb_t x[4]; /* a, b, mean, variance */
    for (int i = 0; i < 4; i++)
        arb_init(x[i]);
    arb_set_d(x[2], mean);
    arb_set_d(x[3], variance);
    enum sn_status status = constants_dropout_affine_arb(
        x[0], x[1], rate, x[2], x[3], lower, DROPOUT_PRECISION);
    d->b = 0;
    if (status == SN_OK)
        status = num_nearest_f64(&d->a, x[0]);
    if (status == SN_OK && !arb_is_zero(rate))
        status = num_nearest_f64(&d->b, x[1]);
    if (status == SN_OK)
        status = num_nearest_f64(&d->dropped, lower);
    for (int i = 0; i < 4; i++)
        arb_clear(x[i]);
    return status;
}

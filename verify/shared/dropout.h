/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpha dropout's constants in binary64. */
#ifndef SN_VERIFY_SHARED_DROPOUT_H
#define SN_VERIFY_SHARED_DROPOUT_H

#include "fixedpoint/numbers/arb_compat.h"
#include "fixedpoint/numbers/status.h"

/* What dropping does: kept units become a x + b, others a dropped + b. */
struct shared_dropout {
    double rate, a, b, dropped;
};

/*
 * Fills in a, b and dropped so that mean and variance stay, from balls: each
 * correctly rounded.  b is 0 where nothing is dropped.  Errors as of
 * constants_dropout_affine_arb().
 */
enum sn_status shared_alpha_dropout(struct shared_dropout *dropout,
    const arb_t rate, const arb_t lower, double mean, double variance);

#endif

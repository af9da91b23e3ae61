/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paper's design at a million digits: both of its series at once, which
 * takes a fifth less than rational.h takes for one after the other.
 */
#ifndef SN_FIXEDPOINT_CONSTANTS_SERIES_H
#define SN_FIXEDPOINT_CONSTANTS_SERIES_H

#include "fixedpoint/numbers/arb_compat.h"

/*
 * T = sum_{n>=0} 1/(2n+1)!! and U = sum_{n>=0} 4^n/(2n+1)!! from their first
 * `terms` terms, 4 or more; the balls hold the rest of the series, however
 * few the terms.  erfc(1/sqrt 2) sqrt e = sqrt e - sqrt(2/pi) T and
 * erfc(sqrt 2) e^2 = e^2 - 2 sqrt(2/pi) U (docs/mathematics/theory.md).
 */
void constants_series_arb(arb_t t, arb_t u, ulong terms, slong prec);

/* As many terms as leave the rest of both series below 2^-prec. */
ulong constants_series_terms(slong prec);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dropped value and the affine map, judged exactly; internal to dropout/.
 */
#ifndef SN_VERIFY_DROPOUT_VALUES_H
#define SN_VERIFY_DROPOUT_VALUES_H

#include "verify/conformance/dropout/ask.h"
#include "verify/conformance/dropout/mask.h"

void sn_judge_dropped(struct sn_dropout_notes *notes,
    struct sn_finding *finding, const struct sn_ask *ask,
    const struct sn_dropout_view *view, double rate, double max_ulp);
void sn_judge_affine(struct sn_dropout_notes *notes,
    struct sn_finding *finding, const struct sn_ask *ask,
    const struct sn_dropout_view *view, double rate, double max_ulp);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dropped value and the affine map, judged exactly; internal to dropout/.
 */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_VALUES_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_VALUES_H

#include "verify/conformance/dropout/ask.h"
#include "verify/conformance/dropout/mask.h"

void dropout_judge_dropped(struct dropout_notes *notes,
    struct conf_finding *finding, const struct dropout_ask *ask,
    const struct dropout_view *view, double rate, double max_ulp);
void dropout_judge_affine(struct dropout_notes *notes,
    struct conf_finding *finding, const struct dropout_ask *ask,
    const struct dropout_view *view, double rate, double max_ulp);

#endif

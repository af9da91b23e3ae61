/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dropped value and the affine map, judged exactly; internal to dropout/.
 */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_AFFINE_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_AFFINE_H

#include "verify/conformance/dropout/calls.h"

void dropout_judge_dropped(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view,
    double rate);
void dropout_judge_affine(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view,
    double rate);

#endif

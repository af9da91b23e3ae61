/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dropped value and the affine map, judged exactly; internal to dropout/.
 */
#ifndef SN_VERIFY_CONFORMANCE_DROPOUT_AFFINE_H
#define SN_VERIFY_CONFORMANCE_DROPOUT_AFFINE_H

#include "verify/conformance/dropout/calls.h"

/* a, b and the dropped value, and how many ULP results may be off them. */
struct dropout_law {
    bool known;
    double a, b, dropped, allowed;
};
/* The exact ones, or, where that is told already, the kernel's own. */
struct dropout_law dropout_law_of(
    const struct dropout_calls *calls, const struct dropout_view *view);
double dropout_kept(const struct dropout_law *law, double x);
/* Whether y is what a kept x becomes, or the dropped value. */
bool dropout_is_kept(
    const struct dropout_law *law, int type, double x, double y);
bool dropout_is_dropped(const struct dropout_law *law, int type, double y);

/* Another alpha' that a, b and the dropped value agree on at all rates: told;
   calls->lower where it is the right one to a few units. */
bool dropout_judge_constant(struct conf_finding *finding,
    struct dropout_calls *calls, const struct dropout_view *view, int views);

void dropout_judge_dropped(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view);
void dropout_judge_affine(struct conf_finding *finding,
    const struct dropout_calls *calls, const struct dropout_view *view);
/* Where wrong ones could come from, else. */
void dropout_explain(
    const struct dropout_calls *calls, const struct dropout_view *view);

#endif

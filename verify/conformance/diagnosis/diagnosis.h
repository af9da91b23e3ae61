/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a kernel: what sweep and findings met, and further calls,
 * held against candidate explanations.  Every explanation carries its
 * evidence, a count or a figure, and is given only where the results bear it
 * out and the right formula does not.
 */
#ifndef SN_VERIFY_CONFORMANCE_DIAGNOSIS_DIAGNOSIS_H
#define SN_VERIFY_CONFORMANCE_DIAGNOSIS_DIAGNOSIS_H

#include "verify/conformance/diagnosis/list.h"
#include "verify/conformance/sweep/sweep.h"

struct diag_question {
    const struct conf_reference *reference;
    const struct subject *subject;
    int type;
    double limit; /* ULP */
    double timeout;
    const volatile sig_atomic_t *stop; /* as of struct subject_task */
    const struct sweep_answer *sweep;
    const struct conf_finding *findings;
    int count;
};

void diag_run(struct diag_list *list, const struct diag_question *question);

#endif

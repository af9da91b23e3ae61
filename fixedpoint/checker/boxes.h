/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One inequality on its boxes; for check.c. */
#ifndef SN_FIXEDPOINT_CHECKER_BOXES_H
#define SN_FIXEDPOINT_CHECKER_BOXES_H

#include "fixedpoint/checker/checker.h"

struct snc_inequality {
    struct snc_expression *expression;
    int sense, axes, axis[SNC_AXES];
    const struct snc_domain *domain;
    long evaluations, budget;
    struct snc_jet here, there; /* room */
};

/* sense times the expression is at most `bound` on the box: proven? */
bool snc_box_holds(struct snc_inequality *inequality,
    const double box[SNC_AXES][2], double bound);

#endif

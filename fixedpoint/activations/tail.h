/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an integral under a Gaussian leaves out when it stops at +-R. */
#ifndef SN_FIXEDPOINT_ACTIVATIONS_TAIL_H
#define SN_FIXEDPOINT_ACTIVATIONS_TAIL_H

#include "fixedpoint/activations/integration.h"

/*
 * For g the node `root` of job->f and u = (z - m)/sqrt v, a bound of
 *   integral of max(|g|, g^2) (1 + u^2) N(z; m, v) dz
 * over z >= r (side 1) or z <= -r (side -1), r >= 1; infinite where none was
 * found.  Returns the node at fault then.
 */
int act_tail_bound(mag_t bound, const struct act_integration *job, int root,
    int side, const arf_t r);

#endif

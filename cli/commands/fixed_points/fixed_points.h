/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `selfnorm fixed-points`: what its two files share. */
#ifndef SN_CLI_COMMANDS_FIXED_POINTS_FIXED_POINTS_H
#define SN_CLI_COMMANDS_FIXED_POINTS_FIXED_POINTS_H

#include "cli/commands/shared/rigorous.h"
#include "fixedpoint/fixed_points/fixed_points.h"

enum {
    SN_FP_MEAN,
    SN_FP_VARIANCE,
    SN_FP_RE1,
    SN_FP_RE2,
    SN_FP_IM1,
    SN_FP_IM2,
    SN_FP_RADIUS,
    SN_FP_SHOWN
};

/* Where a fixed point is as seen from the region: on its edge, if too near */
enum sn_side { SN_OUTSIDE, SN_INSIDE, SN_EDGE };

struct sn_shown_point {
    struct sn_shown shown[SN_FP_SHOWN];
    enum sn_side side;
    int attracting; /* 1 yes, 0 no, -1 undecided */
};

struct sn_fixed_points_job {
    struct sn_cli cli;
    struct sn_request request;
    const char *region[4]; /* the words of region_text */
    char *region_text;
    long max_boxes;
    struct sn_box box;
    struct sn_fixed_points found;
    struct sn_shown_point *points;
};

/* omega, tau, lambda, alpha as the words say. */
void sn_fixed_points_layer(
    struct sn_point *point, const struct sn_fixed_points_job *job, slong prec);
/* All digits of all points: for sn_with_precision(). */
enum sn_status sn_fixed_points_digits(void *job, slong prec);
void sn_fixed_points_text(FILE *out, const struct sn_fixed_points_job *job);
json_t *sn_fixed_points_json(const struct sn_fixed_points_job *job);

#endif

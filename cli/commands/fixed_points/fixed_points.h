/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `selfnorm fixed-points`: what its two files share. */
#ifndef SN_CLI_COMMANDS_FIXED_POINTS_FIXED_POINTS_H
#define SN_CLI_COMMANDS_FIXED_POINTS_FIXED_POINTS_H

#include "cli/commands/shared/rigorous.h"
#include "fixedpoint/fixed_points/fixed_points.h"

enum {
    CMD_FP_MEAN,
    CMD_FP_VARIANCE,
    CMD_FP_RE1,
    CMD_FP_RE2,
    CMD_FP_IM1,
    CMD_FP_IM2,
    CMD_FP_RADIUS,
    CMD_FP_SHOWN
};

/* Where a fixed point is as seen from the region: on its edge, if too near */
enum cmd_side { CMD_OUTSIDE, CMD_INSIDE, CMD_EDGE };

struct cmd_shown_point {
    struct cmd_shown shown[CMD_FP_SHOWN];
    enum cmd_side side;
    int attracting; /* 1 yes, 0 no, -1 undecided */
};

struct cmd_fixed_points_job {
    struct cli_cli cli;
    struct cmd_request request;
    const char *region[4]; /* the words of region_text */
    char *region_text;
    long max_boxes;
    struct fixed_box box;
    struct fixed_point_list found;
    struct cmd_shown_point *points;
};

/* omega, tau, lambda, alpha as the words say. */
void cmd_fixed_points_layer(struct map_point *point,
    const struct cmd_fixed_points_job *job, slong prec);
/* All digits of all points: for cmd_with_precision(). */
enum sn_status cmd_fixed_points_digits(void *job, slong prec);
json_t *cmd_fixed_points_tree(const struct cmd_fixed_points_job *job);
extern const char cmd_fixed_points_text[];

#endif

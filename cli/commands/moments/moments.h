/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SN_CLI_COMMANDS_MOMENTS_MOMENTS_H
#define SN_CLI_COMMANDS_MOMENTS_MOMENTS_H

#include "cli/commands/shared/activation.h"

/* What `moments` shows of one activation. */
enum {
    MOMENT_MEAN,
    MOMENT_SECOND,
    MOMENT_VARIANCE,
    MOMENT_SD,
    MOMENT_RMS,
    MOMENT_GAIN_STD,
    MOMENT_GAIN_RMS,
    MOMENT_DERIVATIVE, /* only where f does not jump; likewise the last one */
    /* of c f(z) + d with the fixed point (0, 1) */
    MOMENT_SCALE,
    MOMENT_SHIFT,
    MOMENT_SLOPE,
    MOMENT_GRADIENT,
    MOMENT_SLOPE_MEAN, /* E f', E f''^2, of few digits */
    MOMENT_BEND,
    MOMENTS,
    MOMENTS_AT_POINT = MOMENT_SCALE,
    MOMENTS_NORMALIZED = MOMENT_SLOPE_MEAN - MOMENTS_AT_POINT
};

struct cmd_moments_row {
    struct cmd_choice choice;
    struct cmd_shown shown[MOMENTS];
    bool has_derivative, closed, jumps, homogeneous;
    bool has_slope_mean, has_bend, bends; /* bends: it has a kink */
    double jump, kink;
    int attracting; /* 1 yes, 0 no, -1 undecided */
    enum sn_status status;
    struct act_trouble trouble;
};

struct cmd_moments_job {
    struct cli_cli cli;
    struct cmd_request request;
    struct cmd_choice choice;
    bool all, quadrature;
    int format; /* 0: text; else 1 + enum cmd_framework */
    struct cmd_moments_row *row;
    int rows;
};

/* {".snippet"} */
json_t *cmd_moments_snippet(const struct cmd_moments_job *job);
json_t *cmd_moments_tree(const struct cmd_moments_job *job);
/* Of one activation; of all, a line each. */
extern const char cmd_moments_text[], cmd_moments_table[];

#endif

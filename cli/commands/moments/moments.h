/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SN_CLI_COMMANDS_MOMENTS_MOMENTS_H
#define SN_CLI_COMMANDS_MOMENTS_MOMENTS_H

#include "cli/commands/shared/activation.h"

/* What `moments` shows of one activation. */
enum {
    MEAN,
    SECOND,
    VARIANCE,
    GAIN_STD,
    GAIN_RMS,
    /* of c f(z) + d with the fixed point (0, 1) */
    SCALE,
    SHIFT,
    SLOPE,
    ALWAYS,
    /* what exists only where f does not jump */
    DERIVATIVE = ALWAYS,
    GRADIENT,
    SHOWN
};

struct cmd_moments_row {
    struct cmd_choice choice;
    struct cmd_shown shown[SHOWN];
    bool has_derivative, closed, jumps, homogeneous;
    double jump;
    int attracting; /* 1 yes, 0 no, -1 undecided */
    enum sn_status status;
    struct act_trouble trouble;
};

struct cmd_moments_job {
    struct cli_cli cli;
    struct cmd_request request;
    struct cmd_choice choice;
    bool all, quadrature;
    struct cmd_moments_row *row;
    int rows;
};

void cmd_moments_text(FILE *out, const struct cmd_moments_job *job);
void cmd_moments_table(FILE *out, const struct cmd_moments_job *job);
json_t *cmd_moments_json(const struct cmd_moments_job *job);

#endif

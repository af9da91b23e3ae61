/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the command gain: what was asked, what was found. */
#ifndef SN_CLI_COMMANDS_GAIN_GAIN_H
#define SN_CLI_COMMANDS_GAIN_GAIN_H

#include "cli/commands/shared/activation.h"
#include "fixedpoint/meanfield/layer.h"

/* Shown with all digits. */
enum {
    GAIN_GAIN,
    GAIN_WEIGHTS,
    GAIN_BIAS,
    GAIN_NEXT,
    GAIN_SLOPE,
    GAIN_START, /* C(0) */
    GAIN_CHI,   /* only where f does not jump */
    GAIN_SHOWN
};

/* At a fixed point of the q-map, 15 digits. */
struct cmd_gain_point {
    arb_t q, slope, chi, start, correlation, correlation_slope;
    bool has_correlation; /* that point below 1 */
};

struct cmd_gain_job {
    struct cli_cli cli;
    struct cmd_request request; /* digits */
    struct cmd_choice choice;
    const char *q, *bias, *dropout, *gain, *chi, *start;
    int keep; /* 0: q, 1: gradients too */
    bool centred;
    double region[2];

    struct expr_expression f;
    struct cmd_shown shown[GAIN_SHOWN];
    bool smooth, homogeneous, exists, at_fixed_point;
    struct act_trouble trouble;
    struct field_points points;
    struct cmd_gain_point point[FIELD_MOST_POINTS];
};

enum cmd_gain_wish { GAIN_GIVEN, GAIN_KEEP_Q, GAIN_SET_CHI, GAIN_SET_START };
enum cmd_gain_wish cmd_gain_wish_of(const struct cmd_gain_job *job);

/* The layer that fulfils the wish; sets `exists`. */
void cmd_gain_solve(struct cmd_gain_job *job);
json_t *cmd_gain_tree(const struct cmd_gain_job *job);
extern const char cmd_gain_text[];

#endif

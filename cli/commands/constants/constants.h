/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SN_CLI_COMMANDS_CONSTANTS_CONSTANTS_H
#define SN_CLI_COMMANDS_CONSTANTS_CONSTANTS_H

#include "cli/commands/shared/activation.h"
#include "fixedpoint/numbers/literals.h"
#include "fixedpoint/constants/rational.h"

/* SELU's lambda, alpha, lambda alpha; or c and d of c f(z) + d. */
enum { MOST_CONSTANTS = 3 };
struct cmd_constant {
    const char *key; /* in JSON */
    struct num_named named;
};

enum { LAMBDA, ALPHA, ALPHA_PRIME };
enum { SCALE, SHIFT };

/* What is shown: the constants, then these. */
enum { NORM = MOST_CONSTANTS, EIGEN1, EIGEN2, IM1, IM2, SHOWN };

struct cmd_constants_job {
    struct cli_cli cli;
    struct cmd_request request;
    bool source; /* print source text in `language` */
    enum num_language language;
    struct cmd_choice choice; /* none: SELU */
    struct expr_expression f;
    struct act_trouble trouble;
    struct map_point point;
    struct cmd_constant constant[MOST_CONSTANTS];
    int constants;
    struct cmd_shown shown[SHOWN];
    double rounded[NUM_ALL_FORMATS][MOST_CONSTANTS];
    int attracting; /* 1 yes, 0 no, -1 undecided */
    int closer_looks;
    bool homogeneous, complex_pair;
    bool paper;    /* SELU, (0, 1) at omega 0, tau 1 */
    double memory; /* bytes that the digits need */
};

/* The request's words, exactly. */
void cmd_constants_design(
    struct constants_design *design, const struct cmd_request *request);
/* Everything shown; exit 1 where there is no solution or it stays open. */
void cmd_constants_solve(struct cmd_constants_job *job);

void cmd_constants_text(FILE *out, const struct cmd_constants_job *job);
json_t *cmd_constants_json(const struct cmd_constants_job *job);
/* Text to free(); exit 1 or 3 where there is none. */
char *cmd_constants_source(struct cmd_constants_job *job);

#endif

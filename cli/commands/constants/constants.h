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

enum { SOLVED_LAMBDA, SOLVED_ALPHA, SOLVED_ALPHA_PRIME };
enum { SOLVED_SCALE, SOLVED_SHIFT };

/* What is shown: the constants, then these. */
enum {
    SOLVED_NORM = MOST_CONSTANTS,
    SOLVED_EIGEN1,
    SOLVED_EIGEN2,
    SOLVED_IM1,
    SOLVED_IM2,
    SOLVED
};
/* Words of --format; the languages follow, then the frameworks. */
enum {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_SOURCE,
    FORMAT_FRAMEWORK = FORMAT_SOURCE + NUM_LANGUAGES
};

struct cmd_constants_job {
    struct cli_cli cli;
    struct cmd_request request;
    int format;
    bool source; /* print source text in `language` */
    enum num_language language;
    struct cmd_choice choice; /* none: SELU */
    struct expr_expression f;
    struct act_trouble trouble;
    struct map_point point;
    struct cmd_constant constant[MOST_CONSTANTS];
    int constants;
    struct cmd_shown shown[SOLVED];
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

json_t *cmd_constants_tree(const struct cmd_constants_job *job);
extern const char cmd_constants_text[];
/* {".source"}; exit 1 or 3 where there is none. */
json_t *cmd_constants_source(struct cmd_constants_job *job);
/* {"mean", "variance", "omega", "tau"} */
json_t *cmd_constants_design_json(const struct cmd_request *request);

#endif

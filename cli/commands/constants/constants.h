/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SN_CLI_COMMANDS_CONSTANTS_CONSTANTS_H
#define SN_CLI_COMMANDS_CONSTANTS_CONSTANTS_H

#include "cli/commands/shared/activation.h"
#include "fixedpoint/numbers/literals.h"
#include "fixedpoint/constants/rational.h"

/* SELU's lambda, alpha, lambda alpha; or c and d of c f(z) + d. */
enum { MOST_CONSTANTS = 3 };
struct sn_constant {
    const char *key; /* in JSON */
    struct sn_named named;
};

enum { LAMBDA, ALPHA, ALPHA_PRIME };
enum { SCALE, SHIFT };

/* What is shown: the constants, then these. */
enum { NORM = MOST_CONSTANTS, EIGEN1, EIGEN2, IM1, IM2, SHOWN };

struct sn_constants_job {
    struct sn_cli cli;
    struct sn_request request;
    bool source; /* print source text in `language` */
    enum sn_language language;
    struct sn_choice choice; /* none: SELU */
    struct sn_expression f;
    struct sn_trouble trouble;
    struct sn_point point;
    struct sn_constant constant[MOST_CONSTANTS];
    int constants;
    struct sn_shown shown[SHOWN];
    double rounded[SN_ALL_FORMATS][MOST_CONSTANTS];
    int attracting; /* 1 yes, 0 no, -1 undecided */
    int closer_looks;
    bool homogeneous, complex_pair;
    bool paper;    /* SELU, (0, 1) at omega 0, tau 1 */
    double memory; /* bytes that the digits need */
};

/* The request's words, exactly. */
void sn_constants_design(
    struct sn_design *design, const struct sn_request *request);
/* Everything shown; exit 1 where there is no solution or it stays open. */
void sn_constants_solve(struct sn_constants_job *job);

void sn_constants_text(FILE *out, const struct sn_constants_job *job);
json_t *sn_constants_json(const struct sn_constants_job *job);
/* Text to free(); exit 1 or 3 where there is none. */
char *sn_constants_source(struct sn_constants_job *job);

#endif

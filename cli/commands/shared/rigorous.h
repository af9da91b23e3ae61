/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the commands of fixedpoint/ read and show rigorous numbers. */
#ifndef SN_CLI_COMMANDS_SHARED_RIGOROUS_H
#define SN_CLI_COMMANDS_SHARED_RIGOROUS_H

#include "cli/cli.h"
#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"

enum { CMD_MAX_DIGITS = 10000, CMD_DEFAULT_DIGITS = 32 };

/* The words of a design or a point, and the digits wanted. */
struct cmd_request {
    const char *mean, *variance, *omega, *tau, *lambda, *alpha;
    long digits;
};

/* A ball on its way to the reader. */
struct cmd_shown {
    arb_t ball;
    char *value, *radius;
};
void cmd_shown_init(struct cmd_shown *shown, int count);
void cmd_shown_clear(struct cmd_shown *shown, int count);
/*
 * Decimal forms of all; SN_UNDECIDED if any needs more precision.  Two threads
 * above CMD_MAX_DIGITS.
 */
enum sn_status cmd_shown_decide(
    struct cmd_shown *shown, int count, long digits);
/*
 * The same for moments and what follows from them at the point (m, v): its
 * variance, which is no 0, is among them, and a ball around 0 passes for one
 * only beside the variance, m and v, so that no tiny moment does.
 */
enum sn_status cmd_shown_decide_moments(struct cmd_shown *shown, int count,
    const arb_t variance, const arb_t m, const arb_t v, long digits);
/* {"value", "radius"} */
json_t *cmd_shown_json(const struct cmd_shown *shown);

/* The last lines of a text; ".digits" is how many were asked for. */
#define CMD_PROVEN_TEXT                                                       \
    "\nBall arithmetic; every digit above is proven ({.digits} "              \
    "significant, the last\none rounded to nearest).\n"

/*
 * Calls attempt(ctx, prec) with growing prec until it does not answer
 * SN_UNDECIDED, starting at what digits and the size of the words need; gives
 * up at a precision far above what the digits need.
 */
enum sn_status cmd_with_precision(enum sn_status (*attempt)(void *, slong),
    void *ctx, const struct cmd_request *request, long digits,
    slong *last_prec);

/* Exit 1: what cmd_with_precision() could not decide. */
_Noreturn void cmd_die_undecided(const struct cli_cli *cli,
    const struct cmd_request *request, enum sn_status status, slong prec);

/* mean, variance, omega and tau of the request into the point. */
void cmd_request_point(
    struct map_point *point, const struct cmd_request *request, slong prec);

/* Its lambda and alpha, where not given the paper's exact ones. */
void cmd_request_selu(
    struct map_point *point, const struct cmd_request *request, slong prec);

/* An exact decimal word as a ball. */
void cmd_arb_set_word(arb_t x, const char *word, slong prec);

#endif

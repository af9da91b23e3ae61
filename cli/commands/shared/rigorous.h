/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the commands of fixedpoint/ read and show rigorous numbers. */
#ifndef SN_CLI_COMMANDS_SHARED_RIGOROUS_H
#define SN_CLI_COMMANDS_SHARED_RIGOROUS_H

#include "cli/cli.h"
#include "fixedpoint/map/fixedpoint.h"

enum { SN_MAX_DIGITS = 10000, SN_DEFAULT_DIGITS = 32 };

/* The words of a design or a point, and the digits wanted. */
struct sn_request {
    const char *mean, *variance, *omega, *tau, *lambda, *alpha;
    long digits;
    long most_digits; /* 0: SN_MAX_DIGITS */
};

/* The options --mean, --variance, --omega, --tau, --digits: argp keys. */
enum {
    SN_KEY_MEAN = 0x100,
    SN_KEY_VARIANCE,
    SN_KEY_OMEGA,
    SN_KEY_TAU,
    SN_KEY_LAMBDA,
    SN_KEY_ALPHA,
    SN_KEY_DIGITS,
    SN_KEY_OWN
};
/* One option's word into the request; false for a key that is not ours. */
bool sn_request_option(struct sn_request *request, const struct sn_cli *cli,
    int key, const char *word);

/* A ball on its way to the reader. */
struct sn_shown {
    arb_t ball;
    char *value, *radius;
};
void sn_shown_init(struct sn_shown *shown, int count);
void sn_shown_clear(struct sn_shown *shown, int count);
/*
 * Decimal forms of all; SN_UNDECIDED if any needs more precision.  Two threads
 * above SN_MAX_DIGITS.
 */
enum sn_status sn_shown_decide(struct sn_shown *shown, int count, long digits);
/* {"value", "radius"} */
json_t *sn_shown_json(const struct sn_shown *shown);
/* "  label  digits" with lines broken for long numbers */
void sn_shown_text(FILE *out, const char *label, const struct sn_shown *shown);

/*
 * Calls attempt(ctx, prec) with growing prec until it does not answer
 * SN_UNDECIDED, starting at what digits and the size of the words need; gives
 * up at a precision far above what the digits need.
 */
enum sn_status sn_with_precision(enum sn_status (*attempt)(void *, slong),
    void *ctx, const struct sn_request *request, long digits,
    slong *last_prec);

/* Exit 1: what sn_with_precision() could not decide. */
_Noreturn void sn_die_undecided(const struct sn_cli *cli,
    const struct sn_request *request, enum sn_status status, slong prec);

/* mean, variance, omega and tau of the request into the point. */
void sn_request_point(
    struct sn_point *point, const struct sn_request *request, slong prec);

/* Its lambda and alpha, where not given the paper's exact ones. */
void sn_request_selu(
    struct sn_point *point, const struct sn_request *request, slong prec);

/* An exact decimal word as a ball. */
void sn_arb_set_word(arb_t x, const char *word, slong prec);

#endif

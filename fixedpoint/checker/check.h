/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate as it is read, and its inequalities; for check*.c. */
#ifndef SN_FIXEDPOINT_CHECKER_CHECK_H
#define SN_FIXEDPOINT_CHECKER_CHECK_H

#include "fixedpoint/checker/claim.h"

struct snc_check_state {
    struct snc_reader reader;
    arb_t lambda, alpha;
    struct snc_part *part; /* of the claim at hand */
    size_t parts, room;
    long boxes;
    char error[200], design[200];
    void (*told)(void *context, const char *text);
    void *context;
};

/* ---- words (check_words.c) --------------------------------------------- */

/* The rest of the next line after its keyword; NULL, and an error, without. */
char *snc_after(struct snc_check_state *c, const char *keyword);
bool snc_take_decimal(struct snc_check_state *c, fmpq_t x, const char *word);
bool snc_take_double(struct snc_check_state *c, double *x, const char *word);
/* SNC_COORDINATES if it is none. */
int snc_coordinate_of(const char *word);

/* ---- inequalities ------------------------------------------------------ */

/* Reads and checks all of one (check_part.c). */
bool snc_check_part(struct snc_check_state *c, struct snc_part *part);
/* Does the value keep, or where `breaks` break, the limit: proven? */
bool snc_keeps(const struct snc_part *part, const arb_t x, bool breaks);
/* Its bound, on boxes that cover the domain (check_boxes.c). */
bool snc_check_bound(struct snc_check_state *c, const struct snc_part *part,
    struct snc_expression *expression);

#endif

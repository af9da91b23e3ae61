/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rectangles of (mu, nu) with decimal ends, and what g makes of them. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_IMAGE_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_IMAGE_H

#include "fixedpoint/proofs/claims/parts.h"

enum {
    CLAIM_RECTANGLE_DIGITS = 12,
    CLAIM_RECTANGLE_TEXT = 32,
    CLAIM_LABEL = 96,
    CLAIM_SIDES = 4,
    /* a side that so many do not sharpen is taken as it is: true, but wider */
    CLAIM_IMAGE_BOXES = 500
};

/* Ends of mu and nu: mu[0], mu[1], nu[0], nu[1]. */
struct claim_rectangle {
    char end[CLAIM_SIDES][CLAIM_RECTANGLE_TEXT];
};
extern const struct claim_rectangle claim_omega_box; /* Omega's (mu, nu) */
bool claim_rectangle_lies_in(
    const struct claim_rectangle *a, const struct claim_rectangle *b);
/* Along mu or nu, ends included. */
bool claim_rectangle_is_apart(
    const struct claim_rectangle *a, const struct claim_rectangle *b);

struct claim_course {
    struct claim_result *result;
    struct claim_prover *prover;
    const char *domain[IV_COORDINATES][2]; /* omega and tau stay */
    long spend_until; /* no more images once the prover spent so many boxes */
};
/* The course's mu and nu become those of r, whose texts are borrowed. */
void claim_course_stand(
    struct claim_course *c, const struct claim_rectangle *r);
/*
 * What g makes of r for all omega and tau, outwards by some digits;
 * SN_UNDECIDED where that is not found, or `spend_until` is reached.
 */
enum sn_status claim_rectangle_image(struct claim_rectangle *next,
    struct claim_course *c, const struct claim_rectangle *r, int digits);
/* The four inequalities that g maps r into next. */
enum sn_status claim_rectangle_add(struct claim_course *c,
    const struct claim_rectangle *r, const struct claim_rectangle *next,
    const char *label);
/* That g contracts where the course is; false: no memory. */
bool claim_add_contraction(
    struct claim_course *c, const char *name, const char *statement);
/*
 * Makes the inequalities of a refutation, if some box of the start outside
 * Omega is kept (trap.c); SN_UNDECIDED where none is found.
 */
enum sn_status claim_find_trap(
    struct claim_course *c, const struct claim_rectangle *start);

#endif

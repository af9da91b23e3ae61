/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rectangles of (mu, nu) with decimal ends, and what g makes of them. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_RECTANGLES_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_RECTANGLES_H

#include "fixedpoint/proofs/claims/proofs.h"

enum {
    SN_RECTANGLE_DIGITS = 12,
    SN_RECTANGLE_TEXT = 32,
    SN_LABEL = 96,
    SN_SIDES = 4,
    /* a side that so many do not sharpen is taken as it is: true, but wider */
    SN_IMAGE_BOXES = 500
};

/* Ends of mu and nu: mu[0], mu[1], nu[0], nu[1]. */
struct sn_rectangle {
    char end[SN_SIDES][SN_RECTANGLE_TEXT];
};
bool sn_rectangle_lies_in(
    const struct sn_rectangle *a, const struct sn_rectangle *b);
/* Along mu or nu, ends included. */
bool sn_rectangle_is_apart(
    const struct sn_rectangle *a, const struct sn_rectangle *b);

struct sn_course {
    struct sn_claim_result *result;
    struct sn_prover *prover;
    const char *domain[SN_COORDINATES][2]; /* omega and tau stay */
    long spend_until; /* no more images once the prover spent so many boxes */
};
/* The course's mu and nu become those of r, whose texts are borrowed. */
void sn_course_stand(struct sn_course *c, const struct sn_rectangle *r);
/*
 * What g makes of r for all omega and tau, outwards by some digits;
 * SN_UNDECIDED where that is not found, or `spend_until` is reached.
 */
enum sn_status sn_rectangle_image(struct sn_rectangle *next,
    struct sn_course *c, const struct sn_rectangle *r, int digits);
/* The four inequalities that g maps r into next. */
enum sn_status sn_rectangle_add(struct sn_course *c,
    const struct sn_rectangle *r, const struct sn_rectangle *next,
    const char *label);

#endif

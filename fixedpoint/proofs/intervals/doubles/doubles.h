/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A formula on a box in intervals of doubles: some thirty times cheaper than
 * iv_term_evaluate() and as rigorous, only wider.  Where doubles do not
 * enclose it the range is the whole line.
 */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_DOUBLES_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_DOUBLES_H

#include "fixedpoint/proofs/intervals/formulas.h"

/* The tables and the moments of the box at hand. */
struct iv_doubles;
struct iv_doubles *iv_doubles_new(void); /* NULL: no memory */
void iv_doubles_free(struct iv_doubles *doubles);

/*
 * Do doubles round to nearest and keep subnormals, as all of this takes for
 * granted?  A caller may have set another mode.
 */
bool iv_doubles_are_usable(void);

/* As iv_term_evaluate(). */
void iv_term_evaluate_doubles(struct iv_jet *value, struct iv_term *term,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_doubles *doubles, const struct iv_selu *selu);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A formula on a box in intervals of doubles: some thirty times cheaper than
 * sn_term_evaluate() and as rigorous, only wider.  Where doubles do not
 * enclose it the range is the whole line.
 */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_DOUBLES_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_DOUBLES_DOUBLES_H

#include "fixedpoint/proofs/intervals/formulas.h"

/* The tables and the moments of the box at hand. */
struct sn_doubles;
struct sn_doubles *sn_doubles_new(void); /* NULL: no memory */
void sn_doubles_free(struct sn_doubles *doubles);

/*
 * Do doubles round to nearest and keep subnormals, as all of this takes for
 * granted?  A caller may have set another mode.
 */
bool sn_doubles_are_usable(void);

/* As sn_term_evaluate(). */
void sn_term_evaluate_doubles(struct sn_jet *value, const struct sn_term *term,
    const double x[SN_AXES][2], const struct sn_piece *piece, bool slopes,
    struct sn_doubles *doubles, const struct sn_selu *selu);

#endif

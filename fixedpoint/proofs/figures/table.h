/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of figures as they are written, and who judges what; for this room. */
#ifndef SN_FIXEDPOINT_PROOFS_FIGURES_TABLE_H
#define SN_FIXEDPOINT_PROOFS_FIGURES_TABLE_H

#include "fixedpoint/proofs/figures/figures.h"

/*
 * `formula`: in the vocabulary of claims/definitions.c.  `domain`: a name of
 * claims/domains.c, or what a gain is said to be.  `printed`:
 *   "<= 0.1", ">= 0.1"        a bound
 *   "max 0.1", "min 0.1"      an extremum; "max 0.1 at (0.1, -0.1, 0.8, 1.25)"
 *                             with mu, omega, nu, tau of its place
 *   "< 0", "> 0"              the theorem or lemma itself
 *   "takes 0.1"               a value that is taken
 *   "is 0.1", "advises 0.1"   a gain
 *   "has 0.1"                 not judged, for the reason in the note
 */
struct figure_row {
    const char *where, *what, *formula, *domain, *printed, *note;
};
struct figure_table {
    enum figure_source source;
    const struct figure_row *rows;
    size_t count;
};
#define FIGURE_ROWS(rows) (sizeof(rows) / sizeof *(rows))

extern const struct figure_table figure_jacobian, figure_norm, figure_steps,
    figure_polynomials, figure_basic, figure_arguments, figure_authors,
    figure_nfnets, figure_e3nn, figure_pytorch;

/* One unit of the last digit of a printed number (judge.c). */
void figure_unit(mpfr_ptr unit, const char *text);
/* What figure_judge() does with a gain (judge_gain.c). */
enum sn_status figure_judge_gain(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover);

/* What the row says; false where the printed word or number is none. */
enum claim_mistake figure_read(struct figure_figure *figure,
    const struct figure_row *row, enum figure_source source);

#endif

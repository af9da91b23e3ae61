/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figures that the paper prints, each beside what is proven of it.
 * A row is a formula, a domain and what the paper says: that its extremum is
 * bounded by a number, or is one, or that the value at a place is one.  Gains
 * that others publish are judged by the moments of the activation.
 */
#ifndef SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_H
#define SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_H

#include "fixedpoint/proofs/claims/proofs.h"

enum figure_kind {
    FIGURE_STATEMENT, /* nothing is beyond it, and no more is meant */
    FIGURE_BOUND,     /* nothing is beyond it */
    FIGURE_EXTREMUM,  /* it is the extremum, to its digits */
    FIGURE_ATTAINED,  /* it is a value that is taken */
    FIGURE_GAIN_STD,  /* 1/std and 1/rms of the activation `what` at */
    FIGURE_GAIN_RMS,  /* z ~ N(0, 1); `formula` is the printed gain */
    FIGURE_UNDEFINED  /* of what it is one is not said: see the note */
};

/* A domain; where `design` is there, with the constants of that design. */
struct figure_region {
    const char *name, *end[IV_COORDINATES][2], *design[4];
};

struct figure_figure {
    const char *where, *what, *formula;
    const struct figure_region *region;
    int sense; /* 1: largest, -1: smallest value */
    enum figure_kind kind;
    const char *printed;
    const char *note;  /* what follows from it, or NULL */
    const char *at[4]; /* mu, omega, nu, tau where the paper says it is */
};

struct figure_figures {
    const struct figure_figure *row;
    size_t count;
};
/*
 * Lemmas 5 to 9; 10 to 12 and 39; Theorems 2 and 3; their polynomials; all the
 * rest; what others print.
 */
extern const struct figure_figures figure_jacobian, figure_sums, figure_steps,
    figure_polynomials, figure_basic, figure_gains;
/* The rows of all tables, in the paper's order; NULL after the last. */
const struct figure_figure *figure_at(size_t i);

/*
 * right: true, a bound sharp to a thousandth, an extremum to one unit of its
 * last digit; loose: a true bound, further away; slip: a bound that fails by
 * less than one unit of its last digit, an extremum that is only a bound, a
 * value that is not taken at the place named; wrong: not true.  A gain is
 * right or wrong.
 */
enum figure_verdict {
    FIGURE_OPEN, /* the enclosure does not decide */
    FIGURE_RIGHT,
    FIGURE_LOOSE,
    FIGURE_SLIP,
    FIGURE_WRONG,
    FIGURE_NOT_JUDGED,
    FIGURE_VERDICTS
};

struct figure_result {
    enum figure_verdict verdict;
    struct claim_part_result extremum;
    double factor;            /* of a loose bound: printed over proven */
    double off;               /* of a gain: by so much of itself */
    bool has_value, is_there; /* the value at the place printed is as said */
    double value;
};
enum sn_status figure_judge(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover);
/* One unit of the last digit of a printed number (figures.c). */
void figure_unit(mpfr_ptr unit, const char *text);
/* What the two above do with a gain (figures_gains.c). */
enum sn_status figure_judge_gain(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover);
void figure_result_clear(struct figure_result *result);

#endif

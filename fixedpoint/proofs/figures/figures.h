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

enum sn_figure_kind {
    SN_FIGURE_STATEMENT, /* nothing is beyond it, and no more is meant */
    SN_FIGURE_BOUND,     /* nothing is beyond it */
    SN_FIGURE_EXTREMUM,  /* it is the extremum, to its digits */
    SN_FIGURE_ATTAINED,  /* it is a value that is taken */
    SN_FIGURE_GAIN_STD,  /* 1/std and 1/rms of the activation `what` at */
    SN_FIGURE_GAIN_RMS,  /* z ~ N(0, 1); `formula` is the printed gain */
    SN_FIGURE_UNDEFINED  /* of what it is one is not said: see the note */
};

/* A domain; where `design` is there, with the constants of that design. */
struct sn_region {
    const char *name, *end[SN_COORDINATES][2], *design[4];
};

struct sn_figure {
    const char *where, *what, *formula;
    const struct sn_region *region;
    int sense; /* 1: largest, -1: smallest value */
    enum sn_figure_kind kind;
    const char *printed;
    const char *note;  /* what follows from it, or NULL */
    const char *at[4]; /* mu, omega, nu, tau where the paper says it is */
};

struct sn_figures {
    const struct sn_figure *row;
    size_t count;
};
/*
 * Lemmas 5 to 9; 10 to 12 and 39; Theorems 2 and 3; their polynomials; all the
 * rest; what others print.
 */
extern const struct sn_figures sn_figures_jacobian, sn_figures_sums,
    sn_figures_steps, sn_figures_polynomials, sn_figures_basic,
    sn_figures_gains;
/* The rows of all tables, in the paper's order; NULL after the last. */
const struct sn_figure *sn_figure_at(size_t i);

/*
 * right: true, a bound sharp to a thousandth, an extremum to one unit of its
 * last digit; loose: a true bound, further away; slip: a bound that fails by
 * less than one unit of its last digit, an extremum that is only a bound, a
 * value that is not taken at the place named; wrong: not true.  A gain is
 * right or wrong.
 */
enum sn_figure_verdict {
    SN_FIGURE_OPEN, /* the enclosure does not decide */
    SN_FIGURE_RIGHT,
    SN_FIGURE_LOOSE,
    SN_FIGURE_SLIP,
    SN_FIGURE_WRONG,
    SN_FIGURE_NOT_JUDGED,
    SN_FIGURE_VERDICTS
};

struct sn_figure_result {
    enum sn_figure_verdict verdict;
    struct sn_part_result extremum;
    double factor;            /* of a loose bound: printed over proven */
    double off;               /* of a gain: by so much of itself */
    bool has_value, is_there; /* the value at the place printed is as said */
    double value;
};
enum sn_status sn_judge_figure(struct sn_figure_result *result,
    const struct sn_figure *figure, struct sn_prover *prover);
/* One unit of the last digit of a printed number (figures.c). */
void sn_figure_unit(mpfr_ptr unit, const char *text);
/* What the two above do with a gain (figures_gains.c). */
enum sn_status sn_judge_gain(struct sn_figure_result *result,
    const struct sn_figure *figure, struct sn_prover *prover);
void sn_figure_result_clear(struct sn_figure_result *result);

#endif

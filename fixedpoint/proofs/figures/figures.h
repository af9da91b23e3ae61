/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figures that the paper prints, each beside what is proven of it: this is
 * the manual of the room.  A row is a formula, a domain and what is said: that
 * the formula's extremum is bounded by a number, or is one, or that the number
 * is a value that is taken.  Gains that others publish are judged by the
 * moments of the activation.
 */
#ifndef SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_H
#define SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_H

#include "fixedpoint/proofs/claims/claims.h"
#include "fixedpoint/proofs/claims/domains.h"

enum figure_source {
    FIGURE_PAPER,
    FIGURE_ARGUMENTS, /* what it concludes from its figures */
    FIGURE_AUTHORS,   /* their program and notebook */
    FIGURE_NFNETS,
    FIGURE_E3NN,
    FIGURE_PYTORCH,
    FIGURE_SOURCES
};

enum figure_kind {
    FIGURE_STATEMENT,   /* nothing is beyond it, and no more is meant */
    FIGURE_BOUND,       /* nothing is beyond it */
    FIGURE_EXTREMUM,    /* it is the extremum, to its digits */
    FIGURE_ATTAINED,    /* it is a value that is taken */
    FIGURE_GAIN_STD,    /* 1/std and 1/rms of the activation `what` at */
    FIGURE_GAIN_RMS,    /* z ~ N(0, 1); `formula` is the printed gain */
    FIGURE_GAIN_ADVICE, /* a gain, of what is not said: 1/rms or unknown */
    FIGURE_UNDEFINED    /* of what it is one is not said: see the note */
};

enum { FIGURE_PLACE = 16 };
/* A row that was read; to be freed, and not moved before. */
struct figure_figure {
    enum figure_source source;
    enum figure_kind kind;
    const char *where, *what, *note; /* note: what follows, or NULL */
    const char *domain;              /* its name */
    struct claim_ends ends;
    int sense;     /* 1: largest, -1: smallest value */
    char *formula; /* without names of definitions, or NULL */
    char printed[64];
    bool has_place; /* mu, omega, nu, tau where it is said to be */
    char at[4][FIGURE_PLACE];
};
/* The rows of all tables, in the paper's order; false after the last. */
bool figure_at(
    struct figure_figure *figure, enum claim_mistake *mistake, size_t i);
void figure_free(struct figure_figure *figure);
/* The first mistake in any row, which is that of `*row`. */
enum claim_mistake figure_check(const char **row);

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
void figure_result_clear(struct figure_result *result);

#endif

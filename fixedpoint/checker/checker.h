/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks certificates of the prover with another library (FLINT/Arb) and
 * other formulas: nothing of the prover's is used, not its boxes' word
 * either.  A certificate is read line by line and never held as a whole; its
 * format is in docs/proofs.md.
 *
 * What is checked: every inequality's bound on each of its boxes, that the
 * boxes cover the exact decimal domain, the witness, the limit, and that the
 * inequalities are those which make the claim.  Nothing is believed because
 * the file says it.
 */
#ifndef SN_FIXEDPOINT_CHECKER_CHECKER_H
#define SN_FIXEDPOINT_CHECKER_CHECKER_H

#include "fixedpoint/numbers/arb_compat.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    SNC_PREC = 96,
    SNC_LINE = 8192, /* the longest line */
    SNC_AXES = 5,
    SNC_MOST_BOXES = 2000000 /* of one inequality */
};

/* mu, nu, omega, tau, m, v, s */
enum { SNC_COORDINATES = 7, SNC_M = 4, SNC_V = 5 };
extern const char *const snc_coordinate[SNC_COORDINATES];

/* ---- reading (read.c) ------------------------------------------------ */

struct snc_reader {
    FILE *in;
    char line[SNC_LINE];
    long number; /* of the line */
    uint64_t sum;
    char *error; /* 200 bytes; empty while all is well */
};
/* The next line without its end; false with an error at the end, or where
   the line is too long or has bytes that are no text. */
bool snc_next(struct snc_reader *reader);
/* Records the first error; false always. */
bool snc_refuse(struct snc_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The next word of *at, cut off; NULL at its end. */
char *snc_word(char **at);
/* A finite hexadecimal or decimal double, nothing after it. */
bool snc_double(double *x, const char *word);
/* A decimal: [+-]digits[.digits][e[+-]digits], not too long. */
bool snc_is_decimal(const char *word);
/* The exact number as a fraction. */
void snc_decimal(fmpq_t x, const char *word);

/* ---- regions (region.c) ---------------------------------------------- */

struct snc_domain {
    bool has[SNC_COORDINATES];
    fmpq_t end[SNC_COORDINATES][2];
};
void snc_domain_init(struct snc_domain *domain);
void snc_domain_clear(struct snc_domain *domain);
bool snc_domain_same(const struct snc_domain *a, const struct snc_domain *b);

/*
 * Where wmax or tmax may have a kink along an axis m or v: the doubles around
 * it, to cut boxes at.  Returns how many.
 */
enum { SNC_MOST_KINKS = 8 };
int snc_kinks(double cut[SNC_MOST_KINKS], const struct snc_domain *domain,
    int coordinate);

struct snc_box {
    double x[SNC_AXES][2], bound;
};
/*
 * Do the boxes cover what the axes run through on the domain?  An axis m or v
 * that the domain lacks runs through mu omega or nu tau.  False where not, or
 * where a point that is not covered cannot be excluded; `hole` names one.
 */
bool snc_covers(const struct snc_box *box, size_t count, const int *axis,
    int axes, const struct snc_domain *domain, double hole[SNC_AXES]);

/* ---- expressions (expression.c, moments.c) ---------------------------- */

/* Value and derivatives along the axes. */
struct snc_jet {
    arb_t f, d[SNC_AXES];
};
void snc_jet_init(struct snc_jet *jet);
void snc_jet_clear(struct snc_jet *jet);

/*
 * Derivatives in m of E f (e) and E f^2 (q), f = selu, and of P, N, X1, X2,
 * over a box of (m, v).
 */
enum { SNC_ORDERS = 7, SNC_ALL_ORDERS = SNC_ORDERS + 4 };
struct snc_moments {
    arb_t p, c, n[SNC_ALL_ORDERS], x1[SNC_ALL_ORDERS], x2[SNC_ALL_ORDERS];
    arb_t e[SNC_ALL_ORDERS], q[SNC_ALL_ORDERS];
};
void snc_moments_init(struct snc_moments *moments);
void snc_moments_clear(struct snc_moments *moments);
void snc_moments(struct snc_moments *box, struct snc_moments *centre,
    const arb_t m, const arb_t v, const arb_t lambda, const arb_t alpha,
    int orders);

/* lambda and alpha of a design: mean, variance, omega, tau. */
bool snc_constants(arb_t lambda, arb_t alpha, const fmpq_t design[4]);

struct snc_expression;
struct snc_expression *snc_expression_new(
    const char *text, const char **error);
void snc_expression_free(struct snc_expression *expression);
/* Which coordinates it is about; m and v too where moments are in it. */
bool snc_expression_names(const struct snc_expression *e, int coordinate);
bool snc_expression_is_extreme(const struct snc_expression *e);
void snc_expression_constants(
    struct snc_expression *e, const arb_t lambda, const arb_t alpha);
/*
 * The value on a box whose axes are given.  Where there are slopes their
 * derivatives come too.  wmax and tmax are the largest |omega| and tau of the
 * domain that belong to the box's (m, v).
 */
void snc_evaluate(struct snc_jet *value, struct snc_expression *e,
    const double x[SNC_AXES][2], const int *axis, int axes, bool slopes,
    const struct snc_domain *domain);
/* The value at a point of the domain given by fractions. */
void snc_evaluate_at(
    arb_t value, struct snc_expression *e, const fmpq_t at[SNC_COORDINATES]);

/* ---- the whole (check.c) ---------------------------------------------- */

/* What was found out about one claim of a certificate. */
struct snc_claim {
    char name[64];
    bool is_list; /* it says no more than its inequalities do */
    long parts, boxes;
    char where[1200];   /* its domains, or the start of its orbits */
    const char *design; /* decimals: mean, variance, omega, tau */
};
/*
 * Calls `verified` for each claim that holds.  False, with the reason in
 * `error`, as soon as something does not; then what was verified before is
 * still true.
 */
bool snc_check(FILE *in, char error[200],
    void (*part)(void *context, const char *text),
    void (*verified)(void *context, const struct snc_claim *claim),
    void *context);

#endif

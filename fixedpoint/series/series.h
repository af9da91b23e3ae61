/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Power series of an expression in ball arithmetic: the evaluator from which
 * the reference of any activation is made.
 *
 * The expression is first written so that its sums do not cancel (stable.c).
 * At an exact point a series of one term is the value.  Over a ball the
 * coefficient of t^n of a series with n + 1 terms encloses f^(n)/n! at every
 * point of it, so it bounds the remainder of Taylor's formula with n terms
 * about any of those points (Lagrange's form).
 */
#ifndef SN_FIXEDPOINT_SERIES_SERIES_H
#define SN_FIXEDPOINT_SERIES_SERIES_H

#include "fixedpoint/expressions/expression.h"
#include <mpfi.h>

/* The precisions that are tried, in bits; constants are ready in each. */
enum { SERIES_LEVELS = 5 };
extern const slong series_bits[SERIES_LEVELS];

/* Read only once it is made, so threads may share it. */
struct series_function {
    struct expr_expression f;
    int root;
    bool *live;                      /* nodes that the root may need */
    arb_ptr constant[SERIES_LEVELS]; /* values of the constant nodes */
};

/*
 * The `derivative`-th (0, 1, 2) of f, which gains nodes; as stable.c writes it
 * or as it is.  SN_NO_MEMORY.
 */
enum sn_status series_function_init(struct series_function *function,
    struct expr_expression *f, int derivative, bool stable);
void series_function_clear(struct series_function *function);

/* stable.c: node `root` of f as a node of the fresh g. */
int series_rewrite(struct expr_expression *g, const struct expr_expression *f,
    int root, bool stable);

/* What a thread works with. */
struct series_work {
    const struct series_function *function;
    arb_poly_struct *value;
    fmpq *exact;
    bool *undefined, *rational;
    signed char *tail; /* of rational values, as series_exact() has it */
    /* where a condition is exactly 0: take the side of c > 0, not of c <= 0 */
    bool other_side;
    bool jumps; /* such a condition was met */
};
enum sn_status series_work_init(
    struct series_work *work, const struct series_function *function);
void series_work_clear(struct series_work *work);

enum series_state {
    SERIES_KNOWN,
    SERIES_OPEN,     /* not finite, or which side holds is not decided */
    SERIES_UNDEFINED /* proven to be no number: log -1, 1/0 */
};

/*
 * The first n coefficients in t of f(x + t); y is read only, and good until
 * the next call.
 */
enum series_state series_expand(const arb_poly_struct **y,
    struct series_work *work, const arb_t x, slong n, int level);

/*
 * Bounds of f on [first, last] by its ends, where a ball, whose width is that
 * of the larger end, says nothing of the smaller one: 1/(1 + e^-x) far left.
 * sign: 1 or -1 where f has it throughout, also where e^x is below all that a
 * bound can be; else 0.  False: no memory.
 */
bool series_range(mpfi_t range, int *sign,
    const struct series_function *function, double first, double last);

/*
 * f at an exact x.  series_exact: true where the value is y, a rational
 * number, which balls may never tell from its neighbours; with *tail 1 or -1
 * it is next to y, above or below by less than 2^-400 (of y, if that is not 0)
 * but not 0: erf(100) is just below 1; with SERIES_EITHER it is not known on
 * which side.  It also settles the conditions that are exactly 0.
 * series_value: an enclosure of relative width below 2^-bits, from the first
 * level that reaches it; 2^-2000 stands for what is next to 0 and out of
 * reach.
 */
enum { SERIES_EITHER = 2 };
bool series_exact(
    fmpq_t y, int *tail, struct series_work *work, const arf_t x);
enum series_state series_value(
    arb_t y, struct series_work *work, const arf_t x, slong bits);

#endif

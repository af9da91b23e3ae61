/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bounds of growth: functions
 *     F(t) = c0 + c1 t + c2 t^2 + cl log t   on t >= R >= 1.
 * As t, t^2 >= 1 and log t >= 0, F rises with each coefficient but c0 + ...
 * as a whole: the larger of two forms is bounded by the larger of each
 * coefficient.  A form that is not known is dropped, never guessed; all
 * arithmetic is in balls, whose upper end counts in an upper bound and whose
 * lower end in a lower one.
 */
#ifndef SN_FIXEDPOINT_EXPRESSIONS_FORM_H
#define SN_FIXEDPOINT_EXPRESSIONS_FORM_H

#include "fixedpoint/numbers/arb_compat.h"
#include <stdbool.h>

enum { EXPR_FORM_PREC = 64 };
enum { C0, C1, C2, CLOG, COEFFICIENTS };

struct expr_form {
    arb_t c[COEFFICIENTS];
    bool known;
};

void expr_form_init(struct expr_form *y);
void expr_form_clear(struct expr_form *y);
void expr_form_set(struct expr_form *y, const struct expr_form *x);
void expr_form_negate(struct expr_form *y);
void expr_form_constant(struct expr_form *y, const arb_t c);
void expr_form_integer(struct expr_form *y, slong c);
/* x + k w */
void expr_form_add(struct expr_form *y, const struct expr_form *x, slong k,
    const struct expr_form *w);
void expr_form_scale(
    struct expr_form *y, const struct expr_form *x, const arb_t k);
/* Above both, or below both, for t >= r. */
void expr_form_max(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, const arb_t r);
void expr_form_min(struct expr_form *y, const struct expr_form *x,
    const struct expr_form *w, const arb_t r);
/*
 * y becomes x if that is the tighter upper (sign 1) or lower (-1) bound for
 * large t, without being far looser at r.
 */
void expr_form_better(
    struct expr_form *y, const struct expr_form *x, int sign, const arb_t r);
/* An upper bound without log t. */
void expr_form_drop_log(struct expr_form *y, const arb_t r);
/* A bound of all values, from above or below; false if there is none. */
bool expr_form_sup(arb_t sup, const struct expr_form *x, const arb_t r);
bool expr_form_inf(arb_t inf, const struct expr_form *x, const arb_t r);

#endif

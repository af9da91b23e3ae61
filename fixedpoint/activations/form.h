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
#ifndef SN_FIXEDPOINT_ACTIVATIONS_FORM_H
#define SN_FIXEDPOINT_ACTIVATIONS_FORM_H

#include "fixedpoint/numbers/arb_compat.h"
#include <stdbool.h>

enum { ACT_FORM_PREC = 64 };
enum { C0, C1, C2, CLOG, COEFFICIENTS };

struct act_form {
    arb_t c[COEFFICIENTS];
    bool known;
};

void act_form_init(struct act_form *y);
void act_form_clear(struct act_form *y);
void act_form_set(struct act_form *y, const struct act_form *x);
void act_form_negate(struct act_form *y);
void act_form_constant(struct act_form *y, const arb_t c);
void act_form_integer(struct act_form *y, slong c);
/* x + k w */
void act_form_add(struct act_form *y, const struct act_form *x, slong k,
    const struct act_form *w);
void act_form_scale(
    struct act_form *y, const struct act_form *x, const arb_t k);
/* Above both or, with `least`, below both. */
void act_form_hull(struct act_form *y, const struct act_form *x,
    const struct act_form *w, bool least);
/* y becomes x if that is the tighter upper (sign 1) or lower (-1) bound. */
void act_form_better(struct act_form *y, const struct act_form *x, int sign);
/* An upper bound without log t. */
void act_form_drop_log(struct act_form *y, const arb_t r);
/* A bound of all values, from above or below; false if there is none. */
bool act_form_sup(arb_t sup, const struct act_form *x, const arb_t r);
bool act_form_inf(arb_t inf, const struct act_form *x, const arb_t r);

#endif

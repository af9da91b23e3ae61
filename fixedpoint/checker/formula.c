/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas are texts, read as they are computed:
 *   sum     = product {(+|-) product}     product = power {(*|/) power}
 *   power   = primary [^2]
 *   primary = number | name | ( sum ) | - power | function(sum [, sum])
 * Values are balls, with slopes along the axes behind them.  What is not
 * defined on all of a ball, or is no formula, comes as no number.
 */
#include "fixedpoint/checker/parts.h"
#include <ctype.h>
#include <string.h>

enum { LONGEST_NAME = 31 };

struct cursor {
    const char *at;
    const struct snc_scope *scope;
};
static void sum(arb_ptr y, struct cursor *c);

static void undefined(arb_ptr y, const struct snc_scope *s)
{
    for (int i = 0; i <= s->axes; i++)
        arb_indeterminate(y + i);
}

/* p = a/h, which is from -1 to 1 for h = hypot(a, b), at 0 too. */
static void cosine(arb_t p, const arb_t a, const arb_t h, slong prec)
{
    NUM_ARB(unit);
    mag_one(arb_radref(unit));
    arb_div(p, a, h, prec);
    if (!arb_is_finite(p) || !arb_intersection(p, p, unit, prec))
        arb_set(p, unit);
}

/* y becomes y + b, y - b, y b, y / b or, for h, hypot(y, b): at its kink all
   gradients in the unit disc count. */
static void operate(
    arb_ptr y, char with, arb_srcptr b, const struct snc_scope *s)
{
    const slong n = s->axes, prec = s->prec;
    arb_ptr t = _arb_vec_init(2);
    switch (with) {
    case '+':
        _arb_vec_add(y, y, b, n + 1, prec);
        break;
    case '-':
        _arb_vec_sub(y, y, b, n + 1, prec);
        break;
    case '*':
        _arb_vec_scalar_mul(y + 1, y + 1, n, b, prec);
        _arb_vec_scalar_addmul(y + 1, b + 1, n, y, prec);
        arb_mul(y, y, b, prec);
        break;
    case '/':
        arb_div(y, y, b, prec);
        arb_neg(t, y);
        _arb_vec_scalar_addmul(y + 1, b + 1, n, t, prec);
        _arb_vec_scalar_div(y + 1, y + 1, n, b, prec);
        break;
    default:
        arb_hypot(t, y, b, prec);
        cosine(t + 1, y, t, prec);
        _arb_vec_scalar_mul(y + 1, y + 1, n, t + 1, prec);
        cosine(t + 1, b, t, prec);
        _arb_vec_scalar_addmul(y + 1, b + 1, n, t + 1, prec);
        arb_swap(y, t);
    }
    _arb_vec_clear(t, 2);
}

/* By modulus: never below 0. */
static void square(arb_t y, slong prec)
{
    NUM_ARF(low, high);
    arb_get_abs_lbound_arf(low, y, prec);
    arb_get_abs_ubound_arf(high, y, prec);
    arf_mul(low, low, low, prec, ARF_RND_FLOOR);
    arf_mul(high, high, high, prec, ARF_RND_CEIL);
    if (arb_is_finite(y))
        arb_set_interval_arf(y, low, high, prec);
}

/* y becomes y^2, or a function of y by its name; false if there is none. */
static bool apply(arb_ptr y, const char *name, const struct snc_scope *s)
{
    NUM_ARB(slope);
    bool good = true;
    if (!strcmp(name, "^2")) {
        arb_mul_2exp_si(slope, y, 1);
        square(y, s->prec);
    } else if (!strcmp(name, "sqrt")) {
        arb_sqrt(y, y, s->prec);
        arb_mul_2exp_si(slope, y, 1);
        arb_inv(slope, slope, s->prec);
    } else if (!strcmp(name, "sign")) { /* it jumps at 0: no slope there */
        if (!arb_is_finite(y) || arb_contains_zero(y))
            arb_indeterminate(slope);
        if (arb_is_finite(y))
            arb_sgn(y, y);
    } else if (!strcmp(name, "exp") && !s->axes) {
        arb_exp(y, y, s->prec);
    } else if (!strcmp(name, "erfc") && !s->axes) {
        arb_hypgeom_erfc(y, y, s->prec);
    } else if (!strcmp(name, "mills") && !s->axes) {
        snc_mills(y, s->prec);
    } else {
        good = false;
    }
    _arb_vec_scalar_mul(y + 1, y + 1, s->axes, slope, s->prec);
    return good;
}

static bool eat(struct cursor *c, char wanted)
{
    while (*c->at == ' ')
        c->at++;
    if (*c->at != wanted)
        return false;
    c->at++;
    return true;
}

static void named(arb_ptr y, const char *word, struct cursor *c)
{
    const struct snc_scope *s = c->scope;
    for (int i = 0; i < s->names; i++)
        if (!strcmp(word, s->name[i].text)) {
            _arb_vec_set(y, s->name[i].value, s->axes + 1);
            return;
        }
    if (s->moments && snc_moment(y, word, s))
        return;
    bool good = eat(c, '(');
    sum(y, c);
    if (good && !strcmp(word, "hypot")) {
        arb_ptr b = _arb_vec_init(SNC_JET);
        good = eat(c, ',');
        sum(b, c);
        operate(y, 'h', b, s);
        _arb_vec_clear(b, SNC_JET);
    } else {
        good = good && apply(y, word, s);
    }
    if (!eat(c, ')') || !good)
        undefined(y, s);
}

static void primary(arb_ptr y, struct cursor *c)
{
    char word[LONGEST_NAME + 1];
    size_t n = 0;
    NUM_FMPQ(x);
    if (eat(c, '(')) {
        sum(y, c);
        if (!eat(c, ')'))
            undefined(y, c->scope);
        return;
    }
    while (n < LONGEST_NAME &&
           (isalnum((unsigned char)*c->at) || *c->at == '_' || *c->at == '.'))
        word[n++] = *c->at++;
    word[n] = '\0';
    if (snc_decimal(x, word)) {
        _arb_vec_zero(y, c->scope->axes + 1);
        arb_set_fmpq(y, x, c->scope->prec);
    } else if (n) {
        named(y, word, c);
    } else {
        undefined(y, c->scope);
    }
}

static void power(arb_ptr y, struct cursor *c)
{
    if (eat(c, '-')) {
        power(y, c);
        _arb_vec_neg(y, y, c->scope->axes + 1);
        return;
    }
    primary(y, c);
    if (eat(c, '^') && (!eat(c, '2') || !apply(y, "^2", c->scope)))
        undefined(y, c->scope);
}

/* Operands of one rank, from the left. */
static void chain(arb_ptr y, struct cursor *c, const char *operators,
    void (*operand)(arb_ptr, struct cursor *))
{
    arb_ptr b = _arb_vec_init(SNC_JET);
    operand(y, c);
    for (;;) {
        while (*c->at == ' ')
            c->at++;
        char with = *c->at;
        if (!with || !strchr(operators, with))
            break;
        c->at++;
        operand(b, c);
        operate(y, with, b, c->scope);
    }
    _arb_vec_clear(b, SNC_JET);
}

static void product(arb_ptr y, struct cursor *c)
{
    chain(y, c, "*/", power);
}

static void sum(arb_ptr y, struct cursor *c)
{
    chain(y, c, "+-", product);
}

void snc_formula(arb_ptr y, const char *text, const struct snc_scope *scope)
{
    struct cursor c = {text, scope};
    sum(y, &c);
    if (*c.at)
        undefined(y, scope);
}

bool snc_formula_names(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = text; (at = strstr(at, name)); at++)
        if ((at == text || !isalnum((unsigned char)at[-1])) &&
            !isalnum((unsigned char)at[n]))
            return true;
    return false;
}

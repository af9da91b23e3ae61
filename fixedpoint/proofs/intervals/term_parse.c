/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts to postfix code by recursive descent:
 *   sum: product {(+|-) product}      product: factor {(*|/) factor}
 *   factor: - factor | base [^ whole number]
 *   base: decimal | name | function(sum) | hypot(sum, sum) | (sum)
 */
#include "fixedpoint/proofs/intervals/term.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64 };

struct parser {
    struct iv_term *formula;
    const char *at, *error;
    int depth, nesting; /* of the stack, of the grammar */
};

static void fail(struct parser *p, const char *error)
{
    if (!p->error)
        p->error = error;
}

static void emit(
    struct parser *p, enum iv_operation operation, int argument, int change)
{
    struct iv_term *f = p->formula;
    if (p->error)
        return;
    p->depth += change;
    if (f->length == IV_MAX_OPERATIONS || p->depth > IV_MAX_STACK) {
        fail(p, "too long");
        return;
    }
    if (p->depth > f->depth)
        f->depth = p->depth;
    f->code[f->length].operation = operation;
    f->code[f->length++].argument = argument;
}

static void skip(struct parser *p)
{
    while (*p->at == ' ')
        p->at++;
}

static bool take(struct parser *p, char c)
{
    skip(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static void expect(struct parser *p, char c, const char *error)
{
    if (!take(p, c))
        fail(p, error);
}

static void number(struct parser *p)
{
    char text[64];
    size_t n = strspn(p->at, "0123456789.");
    const char *e = p->at + n;
    if (n && (*e == 'e' || *e == 'E')) {
        size_t sign = e[1] == '-' || e[1] == '+';
        size_t digits = strspn(e + 1 + sign, "0123456789");
        if (digits)
            n += 1 + sign + digits;
    }
    struct iv_term *f = p->formula;
    if (n >= sizeof text || f->numbers == IV_MAX_NUMBERS) {
        fail(p, "too many or too long numbers");
        return;
    }
    memcpy(text, p->at, n);
    text[n] = '\0';
    p->at += n;
    mpfi_init2(f->number[f->numbers], IV_PROOF_PRECISION);
    if (iv_decimal_mpfi(f->number[f->numbers++], text))
        fail(p, "not a number");
    emit(p, IV_PUSH_NUMBER, f->numbers - 1, 1);
}

static void sum(struct parser *p);

static bool is(const char *name, size_t length, const char *word)
{
    return strlen(word) == length && !memcmp(name, word, length);
}

static void call(struct parser *p, enum iv_operation operation, int argument)
{
    expect(p, '(', "'(' expected");
    sum(p);
    if (operation == IV_HYPOT) {
        expect(p, ',', "',' expected");
        sum(p);
    }
    expect(p, ')', "')' expected");
    emit(p, operation, argument, operation == IV_HYPOT ? -1 : 0);
}

static void name(struct parser *p)
{
    static const char *const function[IV_UNARY_COUNT] = {
        "sqrt", "exp", "erfc", "erfcx", "abs", "sign"};
    static const struct {
        const char *name;
        enum iv_operation operation;
    } constant[] = {{"lambda", IV_PUSH_LAMBDA}, {"alpha", IV_PUSH_ALPHA},
        {"pi", IV_PUSH_PI}, {"wmax", IV_PUSH_WMAX}, {"tmax", IV_PUSH_TMAX}};
    struct iv_term *f = p->formula;
    const char *word = p->at;
    size_t n = 0;
    while (isalnum((unsigned char)word[n]) || word[n] == '_')
        n++;
    p->at += n;
    if (is(word, n, "hypot")) {
        call(p, IV_HYPOT, 0);
        return;
    }
    for (int i = 0; i < IV_UNARY_COUNT; i++)
        if (is(word, n, function[i])) {
            call(p, IV_APPLY, i);
            return;
        }
    for (int i = 0; i < 5; i++)
        if (is(word, n, constant[i].name)) {
            f->reduced |= constant[i].operation >= IV_PUSH_WMAX;
            emit(p, constant[i].operation, 0, 1);
            return;
        }
    for (int i = 0; i < IV_COORDINATES; i++)
        if (is(word, n, iv_coordinate[i])) {
            f->named[i] = true;
            emit(p, IV_PUSH_COORDINATE, i, 1);
            return;
        }
    for (int i = 0; i < IV_ATOMS; i++)
        if (is(word, n, iv_atom_name[i])) {
            int derivatives = iv_atom_derivatives((enum iv_atom)i);
            f->uses_map = true;
            if (derivatives > f->derivatives)
                f->derivatives = derivatives;
            emit(p, IV_PUSH_ATOM, i, 1);
            return;
        }
    fail(p, "a name that means nothing");
}

static void base(struct parser *p)
{
    skip(p);
    if (p->nesting > DEEPEST)
        fail(p, "nested too deeply");
    if (p->error)
        return;
    if (take(p, '(')) {
        sum(p);
        expect(p, ')', "')' expected");
    } else if (isdigit((unsigned char)*p->at) || *p->at == '.') {
        number(p);
    } else if (isalpha((unsigned char)*p->at)) {
        name(p);
    } else {
        fail(p, "a number, a name or '(' expected");
    }
}

static void factor(struct parser *p)
{
    p->nesting++;
    if (take(p, '-')) {
        if (p->nesting <= DEEPEST)
            factor(p);
        else
            fail(p, "nested too deeply");
        emit(p, IV_NEG, 0, 0);
    } else {
        base(p);
        if (take(p, '^')) {
            skip(p);
            char *end;
            long exponent = strtol(p->at, &end, 10);
            if (end == p->at || exponent < 0 || exponent > 64)
                fail(p, "an exponent from 0 to 64 expected");
            p->at = end;
            emit(p, IV_POWER, (int)exponent, 0);
        }
    }
    p->nesting--;
}

static void product(struct parser *p)
{
    factor(p);
    while (!p->error) {
        bool times = take(p, '*');
        if (!times && !take(p, '/'))
            return;
        factor(p);
        emit(p, times ? IV_MUL : IV_DIV, 0, -1);
    }
}

static void sum(struct parser *p)
{
    p->nesting++;
    product(p);
    while (!p->error) {
        bool plus = take(p, '+');
        if (!plus && !take(p, '-'))
            break;
        product(p);
        emit(p, plus ? IV_ADD : IV_SUB, 0, -1);
    }
    p->nesting--;
}

struct iv_term *iv_term_new(const char *text, const char **error)
{
    struct iv_term *f = calloc(1, sizeof *f);
    if (error)
        *error = "no memory";
    if (!f)
        return NULL;
    struct parser p = {.formula = f, .at = text};
    sum(&p);
    skip(&p);
    if (*p.at)
        fail(&p, "something after its end");
    for (int i = IV_MU; f->reduced && i <= IV_TAU; i++)
        if (f->named[i])
            fail(&p, "wmax and tmax beside mu, nu, omega or tau");
    if (p.error) {
        if (error)
            *error = p.error;
        for (int i = 0; i < f->numbers; i++)
            mpfi_clear(f->number[i]);
        free(f);
        return NULL;
    }
    for (int i = 0; i < f->depth; i++)
        iv_jet_init(&f->stack[i]);
    iv_jet_init(&f->m);
    iv_jet_init(&f->v);
    iv_scratch_init(&f->scratch);
    return f;
}

void iv_term_free(struct iv_term *f)
{
    if (!f)
        return;
    for (int i = 0; i < f->numbers; i++)
        mpfi_clear(f->number[i]);
    for (int i = 0; i < f->depth; i++)
        iv_jet_clear(&f->stack[i]);
    iv_jet_clear(&f->m);
    iv_jet_clear(&f->v);
    iv_scratch_clear(&f->scratch);
    free(f);
}

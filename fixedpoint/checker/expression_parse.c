/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker's own reading of formulas, by recursive descent. */
#include "fixedpoint/checker/expression.h"
#include <ctype.h>
#include <string.h>

enum { DEEPEST = 60 };

static int fail(struct snc_expression *e, const char *why)
{
    if (!e->error)
        e->error = why;
    return 0;
}

static int add(struct snc_expression *e, enum snc_kind kind, int a, int b)
{
    if (e->count == SNC_MOST_NODES)
        return fail(e, "the formula is too long");
    struct snc_node *node = &e->node[e->count];
    node->kind = kind;
    node->a = a;
    node->b = b;
    return e->count++;
}

static char peek(struct snc_expression *e)
{
    while (*e->at == ' ')
        e->at++;
    return *e->at;
}

static bool eat(struct snc_expression *e, char c)
{
    if (peek(e) != c)
        return false;
    e->at++;
    return true;
}

static int whole_sum(struct snc_expression *e);

static int literal(struct snc_expression *e)
{
    char text[64];
    size_t n = 0;
    while (n < sizeof text - 1 &&
           (isdigit((unsigned char)e->at[n]) || e->at[n] == '.' ||
               (n && (e->at[n] == 'e' || e->at[n] == 'E')) ||
               (n && strchr("+-", e->at[n]) && e->at[n] &&
                   strchr("eE", e->at[n - 1])))) {
        text[n] = e->at[n];
        n++;
    }
    text[n] = '\0';
    if (!snc_is_decimal(text))
        return fail(e, "a number in the formula is none");
    e->at += n;
    int node = add(e, SNC_NUMBER, 0, 0);
    if (!e->error)
        snc_decimal(e->node[node].number, text);
    return node;
}

/* M, S or V with _m, _v, _mm, _mv or _vv; -1 if it is none of them. */
static int moment(struct snc_expression *e, const char *word)
{
    static const char letters[] = "MSV";
    const char *letter = *word ? strchr(letters, *word) : NULL;
    int m = 0, v = 0;
    if (!letter || (word[1] && (word[1] != '_' || !word[2])))
        return -1;
    for (const char *p = word[1] ? word + 2 : ""; *p; p++) {
        if (*p == 'm' && !v)
            m++;
        else if (*p == 'v')
            v++;
        else
            return -1;
    }
    if (m + v > 2)
        return -1;
    int node = add(e, SNC_MOMENT, (int)(letter - letters), 0);
    e->node[node].in_m = m;
    e->node[node].in_v = v;
    if (m + 2 * v + 3 > e->orders)
        e->orders = m + 2 * v + 3;
    return node;
}

static int named(struct snc_expression *e)
{
    static const char *const function[] = {
        "sqrt", "exp", "erfc", "erfcx", "abs", "sign"};
    static const char *const basic[] = {"P", "C", "N", "X1", "X2"};
    char word[16];
    size_t n = 0;
    while (n < sizeof word - 1 &&
           (isalnum((unsigned char)e->at[n]) || e->at[n] == '_')) {
        word[n] = e->at[n];
        n++;
    }
    word[n] = '\0';
    e->at += n;
    if (!strcmp(word, "hypot")) {
        if (!eat(e, '('))
            return fail(e, "'(' is missing in the formula");
        int a = whole_sum(e);
        if (!eat(e, ','))
            return fail(e, "',' is missing in the formula");
        int b = whole_sum(e);
        if (!eat(e, ')'))
            return fail(e, "')' is missing in the formula");
        return add(e, SNC_HYPOTENUSE, a, b);
    }
    for (int i = 0; i <= SNC_SIGN; i++)
        if (!strcmp(word, function[i])) {
            if (!eat(e, '('))
                return fail(e, "'(' is missing in the formula");
            int a = whole_sum(e);
            if (!eat(e, ')'))
                return fail(e, "')' is missing in the formula");
            return add(e, SNC_CALL, a, i);
        }
    for (int i = 0; i < SNC_COORDINATES; i++)
        if (!strcmp(word, snc_coordinate[i])) {
            e->names[i] = true;
            return add(e, SNC_COORDINATE, i, 0);
        }
    for (int i = 0; i < 5; i++)
        if (!strcmp(word, basic[i])) {
            if (e->orders < 5)
                e->orders = 5;
            return add(e, SNC_BASIC, i, 0);
        }
    static const char *const constant[] = {
        "lambda", "alpha", "pi", "wmax", "tmax"};
    for (int i = 0; i < 5; i++)
        if (!strcmp(word, constant[i])) {
            e->extreme |= i >= 3;
            return add(e, SNC_LAMBDA + (enum snc_kind)i, 0, 0);
        }
    int node = moment(e, word);
    return node >= 0 ? node : fail(e, "the formula has an unknown name");
}

static int primary(struct snc_expression *e)
{
    char c = peek(e);
    if (e->error)
        return 0;
    if (eat(e, '(')) {
        int node = whole_sum(e);
        if (!eat(e, ')'))
            return fail(e, "')' is missing in the formula");
        return node;
    }
    if (isdigit((unsigned char)c) || c == '.')
        return literal(e);
    if (isalpha((unsigned char)c))
        return named(e);
    return fail(e, "the formula breaks off");
}

static int signed_power(struct snc_expression *e)
{
    if (++e->depth > DEEPEST)
        return fail(e, "the formula is nested too deeply");
    int node;
    if (eat(e, '-')) {
        node = add(e, SNC_NEGATIVE, signed_power(e), 0);
    } else {
        node = primary(e);
        if (eat(e, '^')) {
            char c = peek(e);
            int exponent = 0;
            for (; isdigit((unsigned char)*e->at) && exponent < 100; e->at++)
                exponent = 10 * exponent + (*e->at - '0');
            if (!isdigit((unsigned char)c) || exponent > 64)
                return fail(e, "an exponent in the formula is none");
            node = add(e, SNC_RAISED, node, exponent);
        }
    }
    e->depth--;
    return node;
}

static int whole_product(struct snc_expression *e)
{
    int node = signed_power(e);
    for (;;) {
        char c = peek(e);
        if (e->error || (c != '*' && c != '/'))
            return node;
        e->at++;
        int other = signed_power(e);
        node = add(e, c == '*' ? SNC_TIMES : SNC_OVER, node, other);
    }
}

static int whole_sum(struct snc_expression *e)
{
    if (++e->depth > DEEPEST)
        return fail(e, "the formula is nested too deeply");
    int node = whole_product(e);
    for (;;) {
        char c = peek(e);
        if (e->error || (c != '+' && c != '-')) {
            e->depth--;
            return node;
        }
        e->at++;
        int other = whole_product(e);
        node = add(e, c == '+' ? SNC_PLUS : SNC_MINUS, node, other);
    }
}

void snc_parse(struct snc_expression *e)
{
    whole_sum(e);
    if (!e->error && peek(e))
        fail(e, "the formula goes on after its end");
    for (int i = 0; i < 4; i++)
        if (e->extreme && e->names[i])
            fail(e, "wmax or tmax beside mu, nu, omega or tau");
}

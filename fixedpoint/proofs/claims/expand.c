/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas with named parts to formulas without. */
#include "fixedpoint/proofs/claims/definitions.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 4, DEEPEST_NAME = 32, EXPAND_LONGEST_NAME = 32 };

struct formula_text {
    char *at;
    size_t used, room;
    bool failed;
};

/* What parameters stand for, while a body is expanded. */
struct parameter_scope {
    char name[MOST_ARGUMENTS][EXPAND_LONGEST_NAME];
    char *value[MOST_ARGUMENTS];
    int count;
};

static void text_add(struct formula_text *t, const char *from, size_t length)
{
    if (t->used + length > CLAIM_LONGEST_FORMULA)
        t->failed = true;
    if (t->failed)
        return;
    if (t->used + length + 1 > t->room) {
        size_t room = 2 * (t->used + length + 1);
        char *more = realloc(t->at, room);
        if (!more) {
            t->failed = true;
            return;
        }
        t->at = more;
        t->room = room;
    }
    memcpy(t->at + t->used, from, length);
    t->used += length;
    t->at[t->used] = '\0';
}

static size_t name_length(const char *at)
{
    size_t n = 0;
    if (!isalpha((unsigned char)*at))
        return 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_')
        n++;
    return n;
}

/* A number with its exponent, whose e is no name. */
static size_t number_length(const char *at)
{
    size_t n = strspn(at, "0123456789.");
    if (n && (at[n] == 'e' || at[n] == 'E')) {
        size_t sign = at[n + 1] == '-' || at[n + 1] == '+';
        size_t digits = strspn(at + n + 1 + sign, "0123456789");
        if (digits)
            n += 1 + sign + digits;
    }
    return n;
}

/* How loosely a text binds: a sum, a product, or neither. */
enum binding { BINDS_TIGHT, BINDS_PRODUCT, BINDS_SUM };

static enum binding binding_of(const char *text)
{
    enum binding loosest = *text == '-' ? BINDS_SUM : BINDS_TIGHT;
    int depth = 0;
    for (const char *at = text; *at; at++) {
        size_t number = number_length(at);
        if (number) {
            at += number - 1;
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        if (depth)
            continue;
        if (*at == '+' || *at == '-')
            loosest = BINDS_SUM;
        else if ((*at == '*' || *at == '/' || *at == '^') && !loosest)
            loosest = BINDS_PRODUCT;
    }
    return loosest;
}

/* The part's text between `before` and `after`, in parentheses if need be. */
static void add_part(
    struct formula_text *t, const char *part, char before, char after)
{
    enum binding b = binding_of(part);
    bool closed = b == BINDS_SUM
                      ? strchr("*/-^", before) || strchr("*/^", after)
                      : b == BINDS_PRODUCT && (before == '/' || after == '^');
    if (closed)
        text_add(t, "(", 1);
    text_add(t, part, strlen(part));
    if (closed)
        text_add(t, ")", 1);
}

/* Cuts "(a, b)" into texts of their own; the rest of it, or NULL. */
static const char *cut_arguments(const char *at, char *argument[], int *count)
{
    int depth = 0;
    const char *start = ++at;
    for (;; at++) {
        bool ends = !depth && (*at == ',' || *at == ')');
        if (!*at)
            return NULL;
        depth += (*at == '(') - (*at == ')');
        if (!ends)
            continue;
        if (*count == MOST_ARGUMENTS)
            return NULL;
        start += strspn(start, " ");
        argument[*count] = strndup(start, (size_t)(at - start));
        if (!argument[(*count)++])
            return NULL;
        start = at + 1;
        if (*at == ')')
            return at + 1;
    }
}

static const struct claim_definition *find_definition(
    const char *name, size_t length)
{
    for (size_t i = 0; i < claim_definition_count; i++)
        if (name_length(claim_definitions[i].head) == length &&
            !memcmp(claim_definitions[i].head, name, length))
            return &claim_definitions[i];
    return NULL;
}

static char *expand_in(
    const char *formula, const struct parameter_scope *scope, int depth);

/* The definition with its arguments, of which `*at` is behind the name. */
static char *apply_definition(const struct claim_definition *definition,
    const char **at, const struct parameter_scope *outer, int depth)
{
    struct parameter_scope inner = {.count = 0};
    char *given[MOST_ARGUMENTS] = {NULL}, *body = NULL;
    char *wanted[MOST_ARGUMENTS] = {NULL};
    const char *head = definition->head + name_length(definition->head);
    int givens = 0, wanteds = 0;
    bool good = true;
    if (*head == '(') {
        good = **at == '(' && cut_arguments(head, wanted, &wanteds);
        const char *rest = good ? cut_arguments(*at, given, &givens) : NULL;
        good = rest && givens == wanteds;
        *at = good ? rest : *at;
    }
    for (int i = 0; good && i < givens; i++) {
        strncpy(inner.name[i], wanted[i], EXPAND_LONGEST_NAME - 1);
        inner.value[i] = expand_in(given[i], outer, depth + 1);
        inner.count = i + 1;
        good = inner.value[i] != NULL;
    }
    if (good)
        body = expand_in(definition->body, &inner, depth + 1);
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
        free(given[i]);
        free(wanted[i]);
        free(i < inner.count ? inner.value[i] : NULL);
    }
    return body;
}

/* What the name at `*at` stands for: to free; itself where it is no such. */
static char *meaning(const char **at, size_t length,
    const struct parameter_scope *scope, int depth)
{
    const char *name = *at;
    *at += length;
    for (int i = 0; i < scope->count; i++)
        if (strlen(scope->name[i]) == length &&
            !memcmp(scope->name[i], name, length))
            return strdup(scope->value[i]);
    const struct claim_definition *definition = find_definition(name, length);
    return definition ? apply_definition(definition, at, scope, depth)
                      : strndup(name, length);
}

static char *expand_in(
    const char *formula, const struct parameter_scope *scope, int depth)
{
    struct formula_text t = {.failed = depth > DEEPEST_NAME};
    char before = '(';
    for (const char *at = formula; *at && !t.failed;) {
        size_t name = name_length(at);
        size_t plain = name ? 0 : number_length(at);
        if (!name) {
            plain = plain ? plain : 1;
            text_add(&t, at, plain);
            before = *at == ' ' ? before : *at;
            at += plain;
            continue;
        }
        char *part = meaning(&at, name, scope, depth);
        const char *next = at + strspn(at, " ");
        if (part)
            add_part(&t, part, before, *next ? *next : ')');
        t.failed |= !part;
        before = 'x';
        free(part);
    }
    if (!t.failed && t.at)
        return t.at;
    free(t.at);
    return t.failed ? NULL : strdup("");
}

char *claim_expand(const char *formula)
{
    static const struct parameter_scope none;
    return expand_in(formula, &none, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of expression.h, by recursive descent of bounded depth. */
#include "fixedpoint/expressions/expression.h"
#include "fixedpoint/numbers/decimal.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a number as it is written; and of a whole exponent. */
enum { PARSE_MOST_DIGITS = 1000, MOST_EXPONENT = 1000, MOST_POWER = 1000 };

struct parser {
    struct expr_expression *f;
    const char *text, *at;
    const struct expr_language *language;
    int depth;
    struct expr_fault *fault;
    bool failed;
    /* of a function's definition: what a, b and c are, where it was called */
    const int *argument;
    size_t called;
};

/* Where a character stands in the user's text. */
static size_t place_of(const struct parser *p, const char *at)
{
    return p->argument ? p->called : (size_t)(at - p->text);
}

static size_t place(const struct parser *p)
{
    return place_of(p, p->at);
}

/* Keeps the first fault; the parser then runs dry at the text's end. */
__attribute__((format(printf, 4, 5))) static int refuse(
    struct parser *p, const char *from, size_t length, const char *format, ...)
{
    if (!p->failed) {
        va_list list;
        va_start(list, format);
        vsnprintf(p->fault->reason, sizeof p->fault->reason, format, list);
        va_end(list);
        p->fault->place = place_of(p, from);
        p->fault->length = length;
        p->failed = true;
    }
    p->at = p->text + strlen(p->text);
    return 0;
}

static void skip_space(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

/* The whole of what stands here, for an error: a name, a number, a sign. */
static size_t word_length(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_' || at[n] == '.')
        n++;
    if (n == 0 && *at)
        n++;
    /* a character of several bytes stays whole */
    while (n && ((unsigned char)at[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static bool take(struct parser *p, char sign)
{
    skip_space(p);
    if (*p->at != sign)
        return false;
    p->at++;
    return true;
}

static int expect(struct parser *p, char sign, const char *what)
{
    if (take(p, sign))
        return 1;
    return refuse(
        p, p->at, word_length(p->at), "expected '%c' %s", sign, what);
}

static int sum(struct parser *p);

/* digits [. digits] [(e|E) [sign] digits] at *at, which moves behind it. */
static bool read_number(fmpq_t number, const char **at)
{
    char word[PARSE_MOST_DIGITS + 16];
    size_t digits = 0, points = 0;
    const char *s = *at;
    for (; isdigit((unsigned char)*s) || (*s == '.' && !points); s++)
        *(*s == '.' ? &points : &digits) += 1;
    if (!digits || digits > PARSE_MOST_DIGITS)
        return false;
    if (*s == 'e' || *s == 'E') {
        char *end;
        const char *e = s + 1 + (s[1] == '+' || s[1] == '-');
        if (!isdigit((unsigned char)*e))
            return false;
        long exponent = strtol(s + 1, &end, 10);
        if (labs(exponent) > MOST_EXPONENT || end - s > 10)
            return false;
        s = end;
    }
    if (isalnum((unsigned char)*s) || *s == '_' || *s == '.')
        return false;
    snprintf(word, sizeof word, "%.*s", (int)(s - *at), *at);
    num_decimal_fmpq(number, word);
    *at = s;
    return true;
}

/* Of what begins as a number, with the sign of its exponent. */
static size_t number_length(const char *at)
{
    size_t n = word_length(at);
    if (n > 1 && strchr("eE", at[n - 1]) && (at[n] == '-' || at[n] == '+'))
        n += 1 + word_length(at + n + 1);
    return n;
}

static int number(struct parser *p)
{
    const char *from = p->at;
    NUM_FMPQ(value);
    int i = 0;
    if (read_number(value, &p->at))
        i = expr_node_number(p->f, value, place_of(p, from));
    else
        refuse(p, from, number_length(from),
            "not a number of at most %d digits and an exponent within %d",
            PARSE_MOST_DIGITS, MOST_EXPONENT);
    return i;
}

/* c > 0 where the comparison holds; or, with `not`, where it does not */
static int comparison(struct parser *p, bool * not )
{
    int a = sum(p);
    skip_space(p);
    char sign = *p->at;
    if (sign != '<' && sign != '>')
        return refuse(p, p->at, word_length(p->at),
            "expected a comparison, '<' or '>', in where(z > 0, ..., ...)");
    size_t from = place(p);
    p->at++;
    *not = *p->at == '=';
    p->at += *not ;
    int b = sum(p);
    bool first = (sign == '>') != *not ;
    return first ? expr_node(p->f, EXPR_SUB, a, b, 0, from)
                 : expr_node(p->f, EXPR_SUB, b, a, 0, from);
}

/* Functions that are written by others, of arguments a, b and c.  Where two
   formulas meet, the derivative is that of b in where(_, a, b): with z as the
   first argument of min, max and abs that is always the left side's, and kinks
   that cancel, as in min(z, 0) - log1p(exp(-abs(z))), leave the derivative
   that there is. */
static const struct {
    int arguments;
    const char *body;
} defined[] = {
    [EXPR_ABS - EXPR_ABS] = {1, "where(a > 0, a, -a)"},
    [EXPR_MIN - EXPR_ABS] = {2, "where(a > b, b, a)"},
    [EXPR_MAX - EXPR_ABS] = {2, "where(a > b, a, b)"},
    [EXPR_CLIP - EXPR_ABS] = {3, "min(max(a, b), c)"},
    [EXPR_SIGNUM - EXPR_ABS] = {1, "where(a > 0, 1, where(a < 0, -1, 0))"},
    [EXPR_RELU - EXPR_ABS] = {1, "max(a, 0)"},
    [EXPR_SIGMOID - EXPR_ABS] = {1, "(1 + tanh(a/2))/2"},
    [EXPR_SOFTPLUS - EXPR_ABS] = {1, "max(a, 0) + log1p(exp(-abs(a)))"},
    [EXPR_SINH - EXPR_ABS] = {1, "(expm1(a) - expm1(-a))/2"},
    [EXPR_COSH - EXPR_ABS] = {1, "(exp(a) + exp(-a))/2"},
    /* no sum of these cancels */
    [EXPR_ASINH - EXPR_ABS] = {1,
        "where(a > 0, log1p(a + a^2/(1 + sqrt(1 + a^2))),"
        " -log1p(a^2/(1 + sqrt(1 + a^2)) - a))"},
    [EXPR_POW - EXPR_ABS] = {2, "a^b"},
};

static int arguments_of(enum expr_op op)
{
    return op >= EXPR_ABS     ? defined[op - EXPR_ABS].arguments
           : op == EXPR_WHERE ? 3
           : op == EXPR_HYPOT ? 2
                              : 1;
}

static int define(
    struct parser *p, enum expr_op op, const int argument[3], size_t called)
{
    struct expr_language language = expr_of_z;
    language.one_variable = p->language->one_variable;
    const char *body = defined[op - EXPR_ABS].body;
    struct parser inner = {.f = p->f,
        .text = body,
        .at = body,
        .language = &language,
        .fault = p->fault,
        .argument = argument,
        .called = called};
    int i = sum(&inner);
    if (inner.failed) { /* of the whole name that was called */
        if (!p->argument)
            p->fault->length = word_length(p->text + called);
        p->failed = true;
        p->at = p->text + strlen(p->text);
    }
    return i;
}

static int function_node(
    struct parser *p, enum expr_op op, const int argument[3], size_t from)
{
    if ((op == EXPR_MIN || op == EXPR_MAX) &&
        p->f->node[argument[0]].constant) /* the variable first */
        return define(p, op, (int[3]){argument[1], argument[0]}, from);
    if (op >= EXPR_ABS)
        return define(p, op, argument, from);
    int b = op == EXPR_HYPOT ? argument[1]
            : op == EXPR_LOG1P
                ? expr_node(p->f, EXPR_ADD, EXPR_ONE, argument[0], 0, from)
                : 0;
    return expr_node(p->f, op, argument[0], b, 0, from);
}

static int call(struct parser *p, enum expr_op op, size_t from)
{
    static const char *const before[] = {"after the function's name",
        "before the next argument", "before the third argument"};
    int argument[3] = {0};
    bool not = false;
    for (int i = 0; i < arguments_of(op); i++) {
        if (!expect(p, i ? ',' : '(', before[i]))
            return 0;
        argument[i] = op == EXPR_WHERE && !i ? comparison(p, &not ) : sum(p);
    }
    if (!expect(p, ')', "after the last argument"))
        return 0;
    if (op != EXPR_WHERE)
        return function_node(p, op, argument, from);
    return expr_node(p->f, EXPR_WHERE, argument[not ? 2 : 1],
        argument[not ? 1 : 2], argument[0], from);
}

static bool is_name(const char *name, const char *at, size_t length)
{
    return strlen(name) == length && !strncmp(name, at, length);
}

static const struct expr_name of_z[] = {{"z", EXPR_VARIABLE, 0},
    {"x", EXPR_VARIABLE, 0}, {"pi", EXPR_PI, 0},
    {"lambda01", EXPR_LAMBDA01, 0}, {"alpha01", EXPR_ALPHA01, 0},
    {"exp", EXPR_EXP, 0}, {"log", EXPR_LOG, 0}, {"log1p", EXPR_LOG1P, 0},
    {"expm1", EXPR_EXPM1, 0}, {"tanh", EXPR_TANH, 0}, {"sinh", EXPR_SINH, 0},
    {"cosh", EXPR_COSH, 0}, {"asinh", EXPR_ASINH, 0}, {"sin", EXPR_SIN, 0},
    {"cos", EXPR_COS, 0}, {"atan", EXPR_ATAN, 0}, {"erf", EXPR_ERF, 0},
    {"erfc", EXPR_ERFC, 0}, {"sqrt", EXPR_SQRT, 0}, {"pow", EXPR_POW, 0},
    {"abs", EXPR_ABS, 0}, {"sign", EXPR_SIGNUM, 0}, {"min", EXPR_MIN, 0},
    {"max", EXPR_MAX, 0}, {"clip", EXPR_CLIP, 0}, {"relu", EXPR_RELU, 0},
    {"sigmoid", EXPR_SIGMOID, 0}, {"softplus", EXPR_SOFTPLUS, 0},
    {"where", EXPR_WHERE, 0}};

const struct expr_language expr_of_z = {.name = of_z,
    .names = (int)(sizeof of_z / sizeof *of_z),
    .one_variable = true};

/* What people type for a name of the language. */
static const struct {
    const char *typed, *meant;
} expr_hints[] = {{"ln", "log"}, {"arctan", "atan"}, {"arcsinh", "asinh"},
    {"fabs", "abs"}, {"power", "pow"}, {"sgn", "sign"}, {"signum", "sign"},
    {"clamp", "clip"}, {"logistic", "sigmoid"}, {"expit", "sigmoid"},
    {"minimum", "min"}, {"maximum", "max"}, {"fmin", "min"}, {"fmax", "max"},
    {"if", "where"}, {"select", "where"}, {"e", "exp(1)"}, {"exp2", "2^z"},
    {"square", "z^2"}, {"tan", "sin(z)/cos(z)"},
    {"inf", "a comparison, as where(z > 3, 1, 0)"}};

static const struct expr_name *find_name(
    const struct expr_language *language, const char *at, size_t length)
{
    for (int i = 0; i < language->names; i++)
        if (is_name(language->name[i].name, at, length))
            return &language->name[i];
    return NULL;
}

/* A variable or constant by its name, else -1. */
static int leaf_node(
    struct parser *p, const char *at, size_t length, size_t start)
{
    const struct expr_name *known = find_name(p->language, at, length);
    if (!known || known->op > EXPR_VARIABLE)
        return -1;
    return known->op == EXPR_VARIABLE
               ? expr_node_variable(p->f, known->variable, start)
               : expr_node(p->f, known->op, 0, 0, 0, start);
}

static int parameter(
    struct parser *p, const struct expr_parameter *given, size_t start)
{
    const char *word = given->value;
    int i = leaf_node(p, word, strlen(word), start);
    if (i >= 0)
        return i;
    bool minus = *word == '-';
    word += *word == '-' || *word == '+';
    NUM_FMPQ(value);
    i = 0;
    if (read_number(value, &word) && !*word) {
        if (minus)
            fmpq_neg(value, value);
        i = expr_node_number(p->f, value, start);
    } else {
        refuse(
            p, p->at, 0, "%s=%.40s: not a number", given->name, given->value);
    }
    return i;
}

static int refuse_name(struct parser *p, const char *from, size_t length)
{
    const struct expr_language *language = p->language;
    for (size_t i = 0; i < sizeof expr_hints / sizeof *expr_hints; i++)
        if (language->one_variable &&
            is_name(expr_hints[i].typed, from, length))
            return refuse(p, from, length, "unknown name; did you mean %s?",
                expr_hints[i].meant);
    char known[sizeof p->fault->reason] = "";
    size_t used = 0;
    for (int i = 0; i < language->names && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
            i ? ", " : "", language->name[i].name);
    return refuse(p, from, length, "unknown name; known are %s", known);
}

static int name(struct parser *p)
{
    const char *from = p->at;
    size_t length = word_length(from), start = place(p);
    p->at += length;
    if (p->argument && length == 1 && *from >= 'a' && *from <= 'c')
        return p->argument[*from - 'a'];
    int leaf = leaf_node(p, from, length, start);
    if (leaf >= 0)
        return leaf;
    const struct expr_language *language = p->language;
    const struct expr_name *function = find_name(language, from, length);
    if (function)
        return call(p, function->op, start);
    for (int i = 0; i < language->parameters; i++)
        if (is_name(language->parameter[i].name, from, length))
            return parameter(p, &language->parameter[i], start);
    return refuse_name(p, from, length);
}

static int atom(struct parser *p)
{
    skip_space(p);
    unsigned char here = (unsigned char)*p->at;
    if (isdigit(here) || here == '.')
        return number(p);
    if (isalpha(here) || here == '_')
        return name(p);
    if (take(p, '(')) {
        int a = sum(p);
        return expect(p, ')', "to close the bracket") ? a : 0;
    }
    return refuse(p, p->at, word_length(p->at),
        here ? "expected a number, %s, a function or '('"
             : "ends where a number, %s, a function or '(' was expected",
        p->language->name[0].name);
}

/* a^b: by multiplication and roots where b allows, else e^(b log a) */
static int raise_to(struct parser *p, int a, int b, const char *from)
{
    struct expr_expression *f = p->f;
    size_t start = place_of(p, from);
    const struct expr_node *exponent = &f->node[b];
    if (exponent->op == EXPR_NUMBER) {
        NUM_FMPZ(twice);
        fmpz_mul_2exp(twice, fmpq_numref(exponent->number), 1);
        bool half = fmpz_cmp_ui(fmpq_denref(exponent->number), 2) <= 0;
        if (half)
            fmpz_divexact(twice, twice, fmpq_denref(exponent->number));
        bool small = fmpz_cmpabs(twice, (fmpz[]){2 * MOST_POWER}) <= 0;
        slong n = small ? fmpz_get_si(twice) : 0;
        if (!small)
            return refuse(
                p, from, 1, "the exponent must be within %d", MOST_POWER);
        if (half && n % 2 == 0)
            return expr_node_power(f, a, n / 2, start);
        if (half)
            return expr_node_power(
                f, expr_node(f, EXPR_SQRT, a, 0, 0, start), n, start);
    }
    return expr_node(f, EXPR_EXP,
        expr_node(
            f, EXPR_MUL, b, expr_node(f, EXPR_LOG, a, 0, 0, start), 0, start),
        0, 0, start);
}

static int sign(struct parser *p)
{
    skip_space(p);
    size_t from = place(p);
    if (++p->depth > EXPR_MOST_DEPTH)
        return refuse(p, p->at, word_length(p->at),
            "more than %d levels of brackets and signs", EXPR_MOST_DEPTH);
    int a;
    if (take(p, '-')) {
        a = expr_node(p->f, EXPR_SUB, 0, sign(p), 0, from);
    } else if (take(p, '+')) {
        a = sign(p);
    } else {
        a = atom(p);
        skip_space(p);
        const char *at = p->at;
        if (at[0] == '*' && at[1] == '*')
            return refuse(p, at, 2, "a power is written ^");
        if (take(p, '^'))
            a = raise_to(p, a, sign(p), at);
    }
    p->depth--;
    return a;
}

static int product(struct parser *p)
{
    int a = sign(p);
    for (;;) {
        skip_space(p);
        const char *at = p->at;
        size_t from = place(p);
        if (take(p, '*')) {
            a = expr_node(p->f, EXPR_MUL, a, sign(p), 0, from);
        } else if (take(p, '/')) {
            int b = sign(p);
            if (b == 0)
                return refuse(p, at, 1, "division by 0");
            a = expr_node(p->f, EXPR_DIV, a, b, 0, from);
        } else {
            return a;
        }
    }
}

/* Of one variable, without cancellation where that is easy. */
static int sum_node(
    struct parser *p, enum expr_op op, int a, int b, size_t from)
{
    return p->language->one_variable ? expr_conjugate(p->f, op, a, b, from)
                                     : expr_node(p->f, op, a, b, 0, from);
}

static int sum(struct parser *p)
{
    int a = product(p);
    for (;;) {
        skip_space(p);
        size_t from = place(p);
        if (take(p, '+'))
            a = sum_node(p, EXPR_ADD, a, product(p), from);
        else if (take(p, '-'))
            a = sum_node(p, EXPR_SUB, a, product(p), from);
        else
            return a;
    }
}

enum sn_status expr_parse(struct expr_expression *f, const char *text,
    const struct expr_language *language, struct expr_fault *fault)
{
    struct parser p = {.f = f,
        .text = text,
        .at = text,
        .language = language,
        .fault = fault};
    size_t length = strlen(text);
    if (length > EXPR_MOST_TEXT) {
        p.at += EXPR_MOST_TEXT;
        refuse(&p, text + EXPR_MOST_TEXT, 1,
            "%zu characters, where at most %d are read", length,
            EXPR_MOST_TEXT);
        return SN_BAD_VALUE;
    }
    f->value = sum(&p);
    skip_space(&p);
    if (*p.at)
        refuse(&p, p.at, word_length(p.at),
            "expected an operator: + - * / ^, or the end");
    if (p.failed)
        return SN_BAD_VALUE;
    if (language->one_variable)
        f->derivative = expr_differentiate(f, f->value);
    if (!f->failed)
        return SN_OK;
    refuse(&p, text, length < 20 ? length : 20,
        "too large: more than %d operations with its derivative",
        EXPR_MOST_NODES);
    return SN_BAD_VALUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Literals in source text: found, judged, and what they do to the map. */
#include "fixedpoint/audit/audit.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const audit_constant_names[] = {"lambda", "alpha", "alpha_prime"};

static void exact_constant(arb_t x, enum audit_constant constant, slong prec)
{
    arb_t other;
    arb_init(other);
    if (constant == AUDIT_ALPHA)
        constants_selu_arb(other, x, prec);
    else
        constants_selu_arb(x, other, prec);
    if (constant == AUDIT_ALPHA_PRIME)
        arb_mul(x, x, other, prec);
    arb_clear(other);
}

/* ---- one literal ------------------------------------------------------- */

static const struct {
    const char *suffix;
    int type;
} suffixes[] = {{"", AUDIT_UNTYPED}, {"f", AUDIT_F32}, {"l", AUDIT_UNTYPED},
    {"d", AUDIT_F64}, {"lf", AUDIT_F64}, {"h", AUDIT_F16}, {"hf", AUDIT_F16},
    {"f0", AUDIT_F32}, {"f16", AUDIT_F16}, {"f32", AUDIT_F32},
    {"f64", AUDIT_F64}, {"f128", AUDIT_UNTYPED}, {"bf16", AUDIT_BF16},
    {"_f16", AUDIT_F16}, {"_f32", AUDIT_F32}, {"_f64", AUDIT_F64},
    {"_sp", AUDIT_F32}, {"_real32", AUDIT_F32}, {"_bf16", AUDIT_BF16},
    {"q", AUDIT_UNTYPED}, {"w", AUDIT_UNTYPED}, {"m", AUDIT_UNTYPED}};

static bool read_suffix(int *type, const char *text)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (!strcasecmp(text, suffixes[i].suffix)) {
            *type = suffixes[i].type;
            return true;
        }
    *type = AUDIT_UNTYPED; /* Fortran's kinds, C++'s own suffixes */
    if (*text != '_' || !isalpha((unsigned char)text[1]))
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return !*text;
}

static bool is_digit(char c, bool hex)
{
    return hex ? isxdigit((unsigned char)c) : isdigit((unsigned char)c);
}

/* An underscore or ' between two digits, the first hexadecimal at least. */
static bool is_separator(const char *at, const char *start, bool hex)
{
    return (*at == '_' || *at == '\'') && at > start &&
           is_digit(at[-1], true) && is_digit(at[1], hex);
}

/* What is read of a magnitude: to `plain`, from `text`. */
struct magnitude {
    char *plain;
    const char *text;
    bool hex, point, exponent, any;
    int digits;
};

static void read_digits(struct magnitude *m)
{
    for (const char *start = m->text;; m->text++) {
        char c = *m->text;
        bool digit = is_digit(c, m->hex), point = c == '.' && !m->point;
        if (digit || point)
            *m->plain++ = c;
        else if (!is_separator(m->text, start, m->hex))
            return;
        m->point |= point;
        m->any |= digit;
        m->digits += digit && (m->digits || c != '0');
    }
}

static void read_exponent(struct magnitude *m)
{
    const char *letters = m->hex ? "pP" : "eEdDqQ", *after = m->text + 1;
    if (!*m->text || !strchr(letters, *m->text))
        return;
    bool sign = *after == '+' || *after == '-';
    if (!is_digit(after[sign], false))
        return;
    m->exponent = true;
    *m->plain++ = m->hex ? 'p' : 'e';
    if (sign)
        *m->plain++ = *after++;
    while (is_digit(*after, false))
        *m->plain++ = *after++;
    m->text = after;
}

/* The magnitude without separators and suffix, as strtod() wants it. */
static bool read_magnitude(
    char *plain, int *digits, int *type, const char *text)
{
    struct magnitude m = {.plain = plain,
        .text = text,
        .hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X')};
    for (int i = 0; m.hex && i < 2; i++)
        *m.plain++ = *m.text++;
    read_digits(&m);
    read_exponent(&m);
    *m.plain = '\0';
    if (m.point && !m.exponent) /* the end of a sentence, or dots */
        while (m.text[0] == '.')
            m.text++;
    *digits = m.hex ? 0 : m.digits;
    return m.any && (m.exponent || m.point || !m.hex) &&
           read_suffix(type, m.text);
}

/* Bytes of a minus sign in ASCII or UTF-8. */
static size_t minus(const char *text)
{
    return *text == '-' ? 1 : !strncmp(text, "\xe2\x88\x92", 3) ? 3 : 0;
}

/* The nearest constant by ratio. */
static void find_constant(
    struct audit_literal *literal, double x, const double constant[])
{
    literal->relative = INFINITY;
    for (int i = 0; i < AUDIT_CONSTANTS; i++) {
        double off = fabs(x / constant[i] - 1);
        if (off < literal->relative) {
            literal->relative = off;
            literal->constant = (enum audit_constant)i;
        }
    }
}

void audit_constants_near(double constant[AUDIT_CONSTANTS])
{
    arb_t x;
    arb_init(x);
    for (int i = 0; i < AUDIT_CONSTANTS; i++) {
        exact_constant(x, (enum audit_constant)i, 64);
        constant[i] = arf_get_d(arb_midref(x), ARF_RND_NEAR);
    }
    arb_clear(x);
}

enum sn_status audit_literal_read(struct audit_literal *literal,
    const char *text, const double constant[AUDIT_CONSTANTS])
{
    char plain[AUDIT_MAX_LITERAL + 1];
    size_t sign = minus(text), length = strlen(text);
    *literal = (struct audit_literal){.negative = sign > 0};
    if (length > AUDIT_MAX_LITERAL ||
        !read_magnitude(plain, &literal->digits, &literal->type, text + sign))
        return SN_BAD_VALUE;
    find_constant(literal, strtod(plain, NULL), constant);
    if (!isfinite(literal->relative))
        return SN_BAD_VALUE;
    while (text[length - 1] == '.') /* the end of a sentence */
        length--;
    literal->text = strndup(text, length);
    return literal->text ? SN_OK : SN_NO_MEMORY;
}

void audit_literal_clear(struct audit_literal *literal)
{
    free(literal->text);
    literal->text = NULL;
}

/* ---- judgement --------------------------------------------------------- */

/*
 * Representable numbers up to x > 0, but for a constant: x is normal in a
 * format of this many significand bits, so the rest of its double is 0.
 */
static int64_t ordinal(double x, int precision)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> (53 - precision);
}

/* n digits of a constant, rounded by `mode`; to free with mpfr_free_str(). */
static char *constant_digits(
    enum audit_constant constant, int n, mpfr_rnd_t mode)
{
    char *low_digits = NULL, *high_digits = NULL;
    for (slong prec = 4 * n + 64;; prec *= 2) {
        mpfr_exp_t low_point, high_point;
        mpfr_t low, high;
        arb_t x;
        arb_init(x);
        exact_constant(x, constant, prec);
        mpfr_init2(low, prec + 64);
        mpfr_init2(high, prec + 64);
        arb_get_interval_mpfr(low, high, x);
        low_digits = mpfr_get_str(NULL, &low_point, 10, (size_t)n, low, mode);
        high_digits =
            mpfr_get_str(NULL, &high_point, 10, (size_t)n, high, mode);
        mpfr_clear(low);
        mpfr_clear(high);
        arb_clear(x);
        /* the constants are irrational: some precision decides */
        bool same = !strcmp(low_digits, high_digits);
        mpfr_free_str(high_digits);
        if (same)
            return low_digits;
        mpfr_free_str(low_digits);
    }
}

/* Place of the first digit that differs, from 1; 0: none does. */
static int compare_digits(const char *plain, const char *want)
{
    int place = 0;
    for (plain += strspn(plain, "0."); *plain && *plain != 'e'; plain++) {
        if (*plain == '.')
            continue;
        if (*plain != want[place++])
            return place;
    }
    return 0;
}

static void judge_digits(struct audit_verdict *verdict,
    const struct audit_literal *literal, const char *plain)
{
    verdict->digits = AUDIT_DIGITS_HEX;
    verdict->wrong_from = 0;
    if (!literal->digits)
        return;
    /* mpfr_get_str() gives two digits or more: one of them is dropped */
    int n = literal->digits < 2 ? 2 : literal->digits;
    static const mpfr_rnd_t mode[] = {MPFR_RNDN, MPFR_RNDZ};
    for (int i = 0; i < 2; i++) {
        char *want = constant_digits(literal->constant, n, mode[i]);
        int place = compare_digits(plain, want);
        mpfr_free_str(want);
        verdict->digits = i ? AUDIT_DIGITS_TRUNCATED : AUDIT_DIGITS_ROUNDED;
        if (!place) {
            verdict->wrong_from = 0;
            return;
        }
        if (place > verdict->wrong_from)
            verdict->wrong_from = place;
    }
    verdict->digits = AUDIT_DIGITS_WRONG;
}

enum sn_status audit_judge(
    struct audit_verdict *verdict, const struct audit_literal *literal)
{
    char plain[AUDIT_MAX_LITERAL + 1];
    int digits, type;
    if (!literal->text || strlen(literal->text) > AUDIT_MAX_LITERAL ||
        !(literal->relative <= 0.5) ||
        !read_magnitude(
            plain, &digits, &type, literal->text + minus(literal->text)))
        return SN_BAD_VALUE;
    judge_digits(verdict, literal, plain);
    arb_t exact;
    arb_init(exact);
    exact_constant(exact, literal->constant, 128);
    enum sn_status status = SN_OK;
    for (int i = 0; i < AUDIT_FORMATS && status == SN_OK; i++) {
        double want;
        mpfr_t x;
        const int precision = num_formats[i].precision;
        mpfr_init2(x, num_formats[type < 0 ? i : type].precision);
        mpfr_strtofr(x, plain, NULL, 0, MPFR_RNDN);
        verdict->value[i] = num_round_mpfr(x, &num_formats[i]);
        mpfr_clear(x);
        status = num_round_to_format(&want, exact, &num_formats[i]);
        if (status == SN_OK)
            verdict->ulps[i] = ordinal(verdict->value[i], precision) -
                               ordinal(want, precision);
    }
    arb_clear(exact);
    return status;
}

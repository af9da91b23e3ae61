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
    NUM_ARB(other);
    if (constant == AUDIT_ALPHA)
        constants_selu_arb(other, x, prec);
    else
        constants_selu_arb(x, other, prec);
    if (constant == AUDIT_ALPHA_PRIME)
        arb_mul(x, x, other, prec);
}

/* n digits of a constant, rounded by `mode`; to free with mpfr_free_str(). */
static char *constant_digits(
    enum audit_constant constant, int n, mpfr_rnd_t mode)
{
    char *low_digits = NULL, *high_digits = NULL;
    for (slong prec = 4 * n + 64;; prec *= 2) {
        mpfr_exp_t low_point, high_point;
        mpfr_t low, high;
        NUM_ARB(x);
        exact_constant(x, constant, prec);
        mpfr_init2(low, prec + 64);
        mpfr_init2(high, prec + 64);
        arb_get_interval_mpfr(low, high, x);
        low_digits = mpfr_get_str(NULL, &low_point, 10, (size_t)n, low, mode);
        high_digits =
            mpfr_get_str(NULL, &high_point, 10, (size_t)n, high, mode);
        mpfr_clear(low);
        mpfr_clear(high);
        /* the constants are irrational: some precision decides */
        bool same = !strcmp(low_digits, high_digits);
        mpfr_free_str(high_digits);
        if (same)
            return low_digits;
        mpfr_free_str(low_digits);
    }
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
    {"'f32", AUDIT_F32}, {"'f64", AUDIT_F64}, {"q", AUDIT_UNTYPED},
    {"w", AUDIT_UNTYPED}, {"m", AUDIT_UNTYPED}};

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
    struct audit_literal *literal, double x, const struct audit_near *near)
{
    literal->relative = INFINITY;
    for (int i = 0; i < AUDIT_CONSTANTS; i++) {
        double off = fabs(x / near->value[i] - 1);
        if (off < literal->relative) {
            literal->relative = off;
            literal->constant = literal->like = (enum audit_constant)i;
        }
    }
}

/* A number of these bits; infinity and NaN are none. */
static bool read_bits(double *x, uint64_t bits, int type)
{
    const struct num_format *format = &num_formats[type];
    const int fraction = format->precision - 1;
    const uint64_t most = (UINT64_C(1) << format->width) - 1;
    const uint64_t exponent = bits >> fraction & most;
    const uint64_t rest = bits & ((UINT64_C(1) << fraction) - 1);
    *x = ldexp((double)(rest | UINT64_C(1) << fraction),
        (int)exponent - format->bias - fraction);
    if (bits >> (fraction + format->width))
        *x = -*x;
    return exponent && exponent < most;
}

/* What the bits hold becomes a hexadecimal literal. */
static bool read_bits_of(
    struct audit_literal *literal, char *plain, uint64_t bits, int type)
{
    double x;
    if (!read_bits(&x, bits, type))
        return false;
    literal->negative ^= x < 0;
    literal->digits = 0;
    /* LLVM writes a float with the bits of the double of its value */
    if (type != AUDIT_F64 || literal->type < 0)
        literal->type = type;
    sprintf(plain, "%a", fabs(x));
    return true;
}

/* The format of so many hexadecimal digits; of four somebody has to say it:
   the declaration, or LLVM's letter. */
static int pattern_type(int digits, int declared, int letter)
{
    if (digits == 4)
        return declared == AUDIT_F16 || declared == AUDIT_BF16 ? declared
                                                               : letter;
    return digits == 16 ? AUDIT_F64 : digits == 8 ? AUDIT_F32 : AUDIT_UNTYPED;
}

static uint64_t hex_digit(char c)
{
    return (
        uint64_t)(isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10);
}

/* A bit pattern, as C, PTX, LLVM and assemblers write it. */
static bool read_pattern(
    struct audit_literal *literal, char *plain, const char *text)
{
    const char letter = (char)(text[0] == '0' ? text[1] | 32 : 0);
    uint64_t bits = 0;
    int digits = 0;
    /* as gcc's assembler has them */
    if (strlen(text) == 10 && strspn(text, "0123456789") == 10)
        return read_bits_of(
            literal, plain, strtoull(text, NULL, 10), AUDIT_F32);
    if (letter != 'x' && letter != 'f' && letter != 'd')
        return false;
    text += 2;
    const int llvm = *text == 'H'   ? AUDIT_F16
                     : *text == 'R' ? AUDIT_BF16
                                    : AUDIT_UNTYPED;
    for (text += llvm >= 0; is_digit(*text, true) || *text == '_'; text++)
        if (*text != '_' && digits++ < 16)
            bits = bits << 4 | hex_digit(*text);
    if (letter == 'x')
        text += strspn(text, "uUlL");
    const int type = pattern_type(digits, literal->type, llvm);
    return !*text && type >= 0 && (letter != 'f' || digits == 8) &&
           (letter != 'd' || digits == 16) &&
           read_bits_of(literal, plain, bits, type);
}

void audit_near_init(struct audit_near *near)
{
    for (int i = 0; i < AUDIT_CONSTANTS; i++) {
        char *digits = constant_digits(
            (enum audit_constant)i, AUDIT_KNOWN_DIGITS, MPFR_RNDZ);
        char point[AUDIT_KNOWN_DIGITS + 2];
        snprintf(point, sizeof point, "%c.%s", digits[0], digits + 1);
        near->value[i] = strtod(point, NULL);
        memcpy(near->digits[i], digits, sizeof near->digits[i]);
        mpfr_free_str(digits);
    }
}

/* One number, or two with '/' between them. */
static bool read_number(
    struct audit_literal *literal, char *plain, const char *text, int declared)
{
    int type;
    literal->type = declared;
    literal->read = AUDIT_UNTYPED;
    literal->divisor = 1;
    const char *slash = strchr(text, '/');
    if (slash) {
        char part[64], number[64];
        const char *over = slash + 1 + strspn(slash + 1, " ");
        const size_t length = (size_t)(slash - text);
        int digits;
        if (length >= sizeof part || strlen(over) >= sizeof number)
            return false;
        memcpy(part, text, length);
        part[length] = '\0';
        part[strcspn(part, " ")] = '\0';
        if (!read_magnitude(number, &digits, &type, over) || digits < 1 ||
            !read_magnitude(plain, &literal->digits, &type, part))
            return false;
        literal->divisor = strtod(number, NULL);
    } else if (read_pattern(literal, plain, text)) {
        return true;
    } else if (!read_magnitude(plain, &literal->digits, &type, text)) {
        return false;
    }
    literal->read = type;
    if (type >= 0 && !(declared > type)) /* half(1.05f) is a half */
        literal->type = type;
    return true;
}

enum sn_status audit_literal_read(struct audit_literal *literal,
    const char *text, int type, const struct audit_near *near)
{
    char plain[AUDIT_MAX_LITERAL + 32];
    size_t sign = minus(text), length = strlen(text);
    *literal = (struct audit_literal){.negative = sign > 0};
    if (length > AUDIT_MAX_LITERAL ||
        !read_number(literal, plain, text + sign, type))
        return SN_BAD_VALUE;
    find_constant(literal, strtod(plain, NULL) / literal->divisor, near);
    if (!isfinite(literal->relative))
        return SN_BAD_VALUE;
    while (text[length - 1] == '.') /* the end of a sentence */
        length--;
    literal->text = strndup(text, length);
    literal->plain = strdup(plain);
    if (literal->text && literal->plain)
        return SN_OK;
    audit_literal_clear(literal);
    return SN_NO_MEMORY;
}

void audit_literal_fix(
    struct audit_literal *literal, int bits, const struct audit_near *near)
{
    literal->fixed = bits;
    literal->divisor = ldexp(1, bits);
    find_constant(
        literal, strtod(literal->plain, NULL) / literal->divisor, near);
}

void audit_literal_clear(struct audit_literal *literal)
{
    free(literal->text);
    free(literal->plain);
    literal->text = literal->plain = NULL;
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
    if (!literal->digits || literal->divisor != 1)
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

/* The whole number of 2^-fixed next to the constant. */
static int64_t in_fixed_point(enum audit_constant constant, int fixed)
{
    NUM_ARB(x);
    exact_constant(x, constant, 128);
    arb_mul_2exp_si(x, x, fixed);
    /* 2^63 < 2^fixed would not fit: the scanner takes 60 bits at most */
    const int64_t nearest = arf_get_si(arb_midref(x), ARF_RND_NEAR);
    return nearest;
}

/* The magnitude in a format, which a compiler reads as another first. */
static double as_stored(const struct audit_literal *literal, int format)
{
    const int first = literal->read >= 0   ? literal->read
                      : literal->type >= 0 ? literal->type
                                           : format;
    const struct num_format *stored = &num_formats[format];
    mpfr_t x;
    mpfr_init2(x, num_formats[first].precision);
    if (literal->divisor == 1) {
        mpfr_strtofr(x, literal->plain, NULL, 0, MPFR_RNDN);
    } else {
        mpfr_t whole;
        mpfr_init2(whole, 256);
        mpfr_strtofr(whole, literal->plain, NULL, 0, MPFR_RNDN);
        mpfr_div_d(x, whole, literal->divisor, MPFR_RNDN);
        mpfr_clear(whole);
    }
    if (literal->type >= 0 && literal->type != first)
        mpfr_set_d(
            x, num_round_mpfr(x, &num_formats[literal->type]), MPFR_RNDN);
    const double rounded = num_round_mpfr(x, stored);
    mpfr_clear(x);
    return rounded;
}

enum sn_status audit_judge(
    struct audit_verdict *verdict, const struct audit_literal *literal)
{
    const double most = 16;
    double near = 0;
    if (!literal->text || !(literal->relative < most))
        return SN_BAD_VALUE;
    judge_digits(verdict, literal, literal->plain);
    NUM_ARB(exact);
    exact_constant(exact, literal->constant, 128);
    enum sn_status status = SN_OK;
    for (int i = 0; i < AUDIT_FORMATS && status == SN_OK; i++) {
        const int precision = num_formats[i].precision;
        verdict->value[i] = near = as_stored(literal, i);
        status = num_round_to_format(&near, exact, &num_formats[i]);
        if (status == SN_OK && !(verdict->value[i] > near / most &&
                                   verdict->value[i] < near * most))
            status = SN_BAD_VALUE;
        if (status == SN_OK)
            verdict->ulps[i] = ordinal(verdict->value[i], precision) -
                               ordinal(near, precision);
    }
    verdict->fixed_ulps =
        literal->fixed ? (int64_t)strtod(literal->plain, NULL) -
                             in_fixed_point(literal->constant, literal->fixed)
                       : 0;
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which constant a literal is meant for, by its value or by its digits. */
#include "fixedpoint/audit/audit.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LITERAL_SHORT = 5, LITERAL_LONG = 10, MOST_SLIPS = 2 };
static const double LITERAL_CLOSE = 1e-4, PATTERN_CLOSE = 1e-3;

/* Slips of a hand between two words: a digit changed, lost, doubled or
   exchanged with the next (Damerau, Levenshtein); what is behind a's end in b
   counts nothing. */
static int slips(const char *a, const char *b)
{
    enum { LONGEST = AUDIT_KNOWN_DIGITS };
    int cost[LONGEST + 1][LONGEST + 1], best = LONGEST;
    int n = (int)strnlen(a, LONGEST), m = (int)strnlen(b, LONGEST);
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= m; j++) {
            int c =
                i && j ? cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : i + j;
            if (i && j && cost[i - 1][j] + 1 < c)
                c = cost[i - 1][j] + 1;
            if (i && j && cost[i][j - 1] + 1 < c)
                c = cost[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && cost[i - 2][j - 2] + 1 < c)
                c = cost[i - 2][j - 2] + 1;
            cost[i][j] = c;
            if (i == n && c < best)
                best = c;
        }
    return best;
}

/* The significant digits alone. */
static void only_digits(char digits[AUDIT_KNOWN_DIGITS + 1], const char *plain)
{
    int n = 0;
    for (plain += strspn(plain, "0."); *plain && *plain != 'e'; plain++)
        if (*plain != '.' && n < AUDIT_KNOWN_DIGITS)
            digits[n++] = *plain;
    digits[n] = '\0';
}

/* Three or four digits: the constant's, cut off or rounded. */
static bool is_short_form(const struct audit_literal *literal, double constant)
{
    const double unit = pow(10, 1 - literal->digits);
    const double off =
        (strtod(literal->plain, NULL) / literal->divisor - constant) / unit;
    return literal->digits >= 3 && off > -1 && off <= 0.5;
}

/* Whether its value is that of the constant, as far as its digits go. */
static bool is_like_by_value(
    const struct audit_literal *literal, double unit, double constant)
{
    const double off = literal->relative;
    if (literal->fixed)
        return off < ldexp(2, -literal->fixed);
    if (literal->digits == 0)
        return off <= fmax(unit, PATTERN_CLOSE);
    if (literal->digits < LITERAL_SHORT)
        return is_short_form(literal, constant);
    return off <= LITERAL_CLOSE || (literal->type > AUDIT_F32 && off <= unit);
}

/* The constant that its digits are but for a slip or two. */
static enum audit_constant like_by_digits(
    const struct audit_literal *literal, const struct audit_near *near)
{
    const bool wide = literal->digits >= LITERAL_LONG;
    const int most = wide ? MOST_SLIPS : 1;
    char digits[AUDIT_KNOWN_DIGITS + 1], rounded[32];
    only_digits(digits, literal->plain);
    for (int i = 0; i < AUDIT_CONSTANTS; i++) {
        snprintf(rounded, sizeof rounded, "%.0f",
            near->value[i] * pow(10, wide ? 0 : literal->digits - 1));
        if (slips(digits, near->digits[i]) <= most ||
            (!wide && slips(digits, rounded) <= most))
            return (enum audit_constant)i;
    }
    return AUDIT_CONSTANTS;
}

enum audit_constant audit_likeness(const struct audit_literal *literal,
    enum audit_constant said, const struct audit_near *near)
{
    const bool by_name = said < AUDIT_CONSTANTS;
    const double x = strtod(literal->plain, NULL) / literal->divisor;
    const int type = literal->type;
    const double unit =
        type < 0 ? 0 : ldexp(1, 1 - num_formats[type].precision);
    /* 1.75 is alpha, in eight bits */
    if (by_name && !literal->fixed && fabs(x / near->value[said] - 1) <= unit)
        return said;
    if (is_like_by_value(literal, unit, near->value[literal->like]))
        return literal->like;
    /* not those of another order of magnitude, nor few */
    if (literal->fixed || !(x > 1. / 16 && x < 20) ||
        literal->digits < (by_name ? LITERAL_SHORT : LITERAL_LONG))
        return AUDIT_CONSTANTS;
    return like_by_digits(literal, near);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Constants as source files write them: which literals mean lambda01, alpha01
 * or alpha' = lambda01 alpha01 (or their negatives), how far they are off, and
 * where a network that uses them has its fixed point.  docs/reference/audit.md
 * has the rules and their reasons.
 */
#ifndef SN_FIXEDPOINT_AUDIT_AUDIT_H
#define SN_FIXEDPOINT_AUDIT_AUDIT_H

#include "fixedpoint/constants/constants.h"
#include "fixedpoint/numbers/numbers.h"
#include <stddef.h>
#include <stdint.h>

enum audit_constant {
    AUDIT_LAMBDA,
    AUDIT_ALPHA,
    AUDIT_ALPHA_PRIME,
    AUDIT_CONSTANTS
};
extern const char *const audit_constant_names[AUDIT_CONSTANTS];

/* Indices of num_formats; AUDIT_UNTYPED: the literal does not say. */
enum {
    AUDIT_UNTYPED = -1,
    AUDIT_F64,
    AUDIT_F32,
    AUDIT_F16,
    AUDIT_BF16,
    AUDIT_FORMATS
};

/* Longer literals are passed over. */
enum { AUDIT_MAX_LITERAL = 65536 };

struct audit_literal {
    char *text;          /* as written, with its sign and suffix */
    size_t line, column; /* from 1; columns are bytes */
    enum audit_constant constant;
    bool negative;
    int type;        /* what the suffix says */
    int digits;      /* significant ones as written; 0: hexadecimal */
    double relative; /* |literal / constant - 1|, to a few digits */
};

/* The constants to 53 bits or so, for windows. */
void audit_constants_near(double constant[AUDIT_CONSTANTS]);

/*
 * A literal by itself: decimal, or C99 hexadecimal with an exponent; with
 * underscores between digits, a minus sign in ASCII or UTF-8, the usual
 * suffixes.  `literal` gets everything but its place; its constant is the
 * nearest of constant[], from audit_constants_near().  SN_BAD_VALUE: `text` is
 * no such literal, and there is nothing to clear.
 */
enum sn_status audit_literal_read(struct audit_literal *literal,
    const char *text, const double constant[AUDIT_CONSTANTS]);
void audit_literal_clear(struct audit_literal *literal);

/*
 * A file, fed in pieces of any size.  SN_BAD_VALUE: a byte 0, so no text.
 * audit_scan_end(), called once after the last piece, gives the literals that
 * count, in order of place: an array to free() after audit_literal_clear() of
 * each.
 */
struct audit_scan;
struct audit_scan *audit_scan_new(void); /* NULL: no memory */
enum sn_status audit_scan_feed(
    struct audit_scan *scan, const char *bytes, size_t count);
enum sn_status audit_scan_end(
    struct audit_scan *scan, struct audit_literal **literals, size_t *count);
void audit_scan_free(struct audit_scan *scan);

enum audit_digits {
    AUDIT_DIGITS_ROUNDED, /* the constant rounded to as many digits */
    AUDIT_DIGITS_TRUNCATED,
    AUDIT_DIGITS_WRONG,
    AUDIT_DIGITS_HEX /* not judged */
};

struct audit_verdict {
    /*
     * The literal's magnitude as a compiler stores it in each format (first
     * in the type of its suffix), and how many representable numbers that is
     * above the correctly rounded constant.
     */
    double value[AUDIT_FORMATS];
    int64_t ulps[AUDIT_FORMATS];
    enum audit_digits digits;
    int wrong_from; /* AUDIT_DIGITS_WRONG: place of the first wrong one, from 1
                     */
};

/* SN_BAD_VALUE: not within half of its constant. */
enum sn_status audit_judge(
    struct audit_verdict *verdict, const struct audit_literal *literal);

/*
 * The fixed point of g (omega = 0, tau = 1) near (0, 1) for lambda and alpha:
 * proven to exist, and to be the only one in the ball tried, by interval
 * Newton.  SN_UNDECIDED: not proven.
 */
enum sn_status audit_fixed_point_arb(arb_t mean, arb_t variance,
    const arb_t lambda, const arb_t alpha, slong prec);

/*
 * The same where `constant` has the magnitude x and the others are exact; for
 * alpha' that means lambda exact and alpha = x / lambda.
 */
enum sn_status audit_fixed_point_with(arb_t mean, arb_t variance,
    enum audit_constant constant, double x, slong prec);

#endif

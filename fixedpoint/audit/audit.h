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

/* Indices of num_formats; AUDIT_UNTYPED: nothing says which. */
enum {
    AUDIT_UNTYPED = -1,
    AUDIT_F64,
    AUDIT_F32,
    AUDIT_F16,
    AUDIT_BF16,
    AUDIT_E5M2,
    AUDIT_E4M3,
    AUDIT_FORMATS
};

/* Longer literals are passed over. */
enum { AUDIT_MAX_LITERAL = 65536 };

struct audit_literal {
    char *text;          /* as written, with its sign and suffix */
    size_t line, column; /* from 1; columns are bytes */
    /* what it is judged as: what its name says, else what it is like */
    enum audit_constant constant, like;
    bool negative;
    int type;   /* what it is for, by its suffix or its declaration */
    int read;   /* what its suffix has it rounded to before */
    int fixed;  /* a fixed-point integer of as many bits of fraction; or 0 */
    int digits; /* significant ones as written; 0: a pattern, hexadecimal */
    /* the magnitude, as strtod() reads it, over `divisor` */
    char *plain;
    double divisor;
    double relative; /* |magnitude / like - 1|, to a few digits */
};

/* The constants to 53 bits or so, and their digits. */
enum { AUDIT_KNOWN_DIGITS = 40 };
struct audit_near {
    double value[AUDIT_CONSTANTS];
    char digits[AUDIT_CONSTANTS][AUDIT_KNOWN_DIGITS + 1];
};
void audit_near_init(struct audit_near *near);

/*
 * A literal by itself: decimal, or C99 hexadecimal with an exponent; with
 * underscores between digits, a minus sign in ASCII or UTF-8, the usual
 * suffixes; a pattern of 16 (if `type` says of what), 32 or 64 bits as C and
 * LLVM (0x...) and PTX (0f..., 0d...) write it; a quotient of two of them.
 * `literal` gets everything but its place; its constant is the nearest one.
 * SN_BAD_VALUE: `text` is no such literal, and there is nothing to clear.
 */
enum sn_status audit_literal_read(struct audit_literal *literal,
    const char *text, int type, const struct audit_near *near);
void audit_literal_clear(struct audit_literal *literal);

/* A whole number as one of so many bits of fraction; 0: nothing. */
void audit_literal_fix(
    struct audit_literal *literal, int bits, const struct audit_near *near);

/* The constant that a literal must mean, by its value or by its digits, of
   which one or two may be wrong; AUDIT_CONSTANTS: none.  `said`: the one that
   its name stands for, or AUDIT_CONSTANTS. */
enum audit_constant audit_likeness(const struct audit_literal *literal,
    enum audit_constant said, const struct audit_near *near);

/*
 * The literals of a file that count, in order of place: an array to free()
 * after audit_literal_clear() of each.  The end of `name` tells languages and
 * documents apart.  SN_BAD_VALUE: a byte 0, so no text.
 */
enum sn_status audit_scan(struct audit_literal **literals, size_t *count,
    size_t *excused, const char *name, const char *text, size_t size);

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
    int64_t fixed_ulps; /* of a fixed-point integer */
    enum audit_digits digits;
    int wrong_from; /* AUDIT_DIGITS_WRONG: place of the first wrong one, from 1
                     */
};

/* SN_BAD_VALUE: not within a factor of 16 of its constant. */
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

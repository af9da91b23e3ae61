/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks certificates of the prover with another library (FLINT/Arb) and
 * other formulas: nothing of the prover's is used, not its word either.
 *
 * A certificate names claims of a table that is the checker's own (table.c)
 * and adds what a claim leaves open: a domain, a design.  All else in it is
 * help for the proof: bounds, and trees that cut a domain into boxes.  So the
 * worst that a forged file can do is to be refused.
 * docs/reference/certificates.md has the format and the arguments.
 *
 * A file is read once, line by line.  Its time grows as its size does, and
 * its memory is that of one path through a tree.
 */
#ifndef SN_FIXEDPOINT_CHECKER_CHECKER_H
#define SN_FIXEDPOINT_CHECKER_CHECKER_H

#include <stdbool.h>
#include <stdio.h>

/* The limits of a file; the prover writes nothing beyond them. */
enum {
    SNC_VERSION = 2,
    SNC_MOST_BYTES = 100000000,
    SNC_DIGITS = 20000,   /* characters of a number */
    SNC_EXPONENT = 9999,  /* of ten, by modulus */
    SNC_DEEPEST = 1000,   /* cuts within each other */
    SNC_WORK_BOX = 16,    /* values of a formula for each box of a file */
    SNC_WORK_START = 4000 /* and for all of them together */
};

enum { SNC_PREC = 96 }; /* bits */

/* Why a certificate is refused. */
enum snc_reason {
    SNC_NO_REASON,
    SNC_NO_CERTIFICATE, /* the first line is another one */
    SNC_OTHER_VERSION,
    SNC_CUT_OFF, /* it ends before its end */
    SNC_LONG_LINE,
    SNC_NO_TEXT, /* a byte that is none */
    SNC_LARGE_FILE,
    SNC_OTHER_LINE, /* the line must be `wanted` */
    SNC_NO_DECIMAL,
    SNC_REVERSED,
    SNC_NOT_POSITIVE, /* nu, tau or a variance */
    SNC_NO_CLAIM,     /* none of that name is known */
    SNC_OTHER_PART,   /* not the claim's next */
    SNC_OTHER_DOMAIN, /* not the one that the claim has here */
    SNC_OTHER_LIMIT,
    SNC_NO_CONSTANTS, /* none have that fixed point */
    SNC_BOUND_BREAKS, /* the limit */
    SNC_DEEP_TREE,
    SNC_NO_AXIS,       /* of this inequality */
    SNC_NOT_CONFIRMED, /* the bound on a box */
    SNC_OUTSIDE,       /* the witness is not in the domain */
    SNC_OTHER_VALUE,   /* the witness has not what is said */
    SNC_KEEPS,         /* the witness does not break the limit */
    SNC_PIECES_APART,  /* of a start */
    SNC_STRAY_STEP,    /* it does not start where the one before leads */
    SNC_OTHER_LAYERS,  /* omega or tau are not those of the start */
    SNC_NOT_KEPT,      /* a rectangle that must be */
    SNC_NOT_OUTSIDE,   /* the orbit's last rectangle */
    SNC_OTHER_SUM,
    SNC_AFTER_END,
    SNC_NO_CLAIMS,
    SNC_NO_MEMORY,
    SNC_REASONS
};

struct snc_refusal {
    enum snc_reason reason;
    long line, work;    /* up to there */
    char word[48];      /* at fault, cut off; may be empty */
    const char *wanted; /* unless NULL: what would do */
};

/* How a claim's domain stands to the one that its name is known for. */
enum snc_extent { SNC_ITS_OWN, SNC_LARGER, SNC_NOT_ALL };

/* What is proven, in full; texts are valid during the call. */
struct snc_claim {
    const char *name, *statement, *not_claimed;
    const char *domain;  /* "mu in [-0.1, 0.1] nu in ...; and ..." */
    const char *finding; /* what steps come to; empty of other claims */
    const char *design;  /* "0 2 0 1"; NULL: the paper's constants */
    const char *own;     /* the domain that the name is known for */
    enum snc_extent extent;
    bool is_list; /* it says no more than its inequalities do */
    long inequalities, boxes, work;
};

/* Called as things are verified; either may be NULL. */
struct snc_listener {
    void (*inequality)(void *context, const char *text);
    void (*claim)(void *context, const struct snc_claim *claim);
    void *context;
};

/*
 * False as soon as something does not hold; what the listener heard of before
 * is true all the same.
 */
bool snc_check(struct snc_refusal *refusal, FILE *in,
    const struct snc_listener *listener);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the checker, in the order in which they build on each other. */
#ifndef SN_FIXEDPOINT_CHECKER_PARTS_H
#define SN_FIXEDPOINT_CHECKER_PARTS_H

#include "fixedpoint/checker/checker.h"
#include "fixedpoint/numbers/arb_compat.h"
#include <stdint.h>

/* ---- lines and numbers (read.c) ---------------------------------------- */

enum { SNC_WORDS = 16, SNC_LINE = SNC_WORDS * (SNC_DIGITS + 1) };

struct snc_reader {
    FILE *in;
    struct snc_refusal *refusal;
    uint64_t sum; /* of all lines before this one */
    long bytes;
    char line[SNC_LINE];
    char *word[SNC_WORDS]; /* of the line */
    int words;
};
/* Records the first reason; false always. */
bool snc_refuse(
    struct snc_reader *reader, enum snc_reason reason, const char *word);
bool snc_line(struct snc_reader *reader);
/* Cuts the line at single spaces; false where it has no such words. */
bool snc_words(struct snc_reader *reader);
/* The next line is the keyword and so many more words. */
bool snc_keyword(struct snc_reader *reader, const char *keyword, int more);
/* The exact number: [+-]digits[.digits][e[+-]digits] within the limits. */
bool snc_decimal(fmpq_t x, const char *word);
bool snc_number(struct snc_reader *reader, fmpq_t x, const char *word);

/* ---- formulas (formula.c, moments.c) ----------------------------------- */

enum { SNC_AXES = 5, SNC_JET = 1 + SNC_AXES, SNC_NAMES = 12 };

/*
 * Of z ~ N(m, v): P(z > 0) and the rest, E z 1{z>0}; by order of the
 * derivative in m the density N at 0, X_k = E e^(kz) 1{z<0}, E selu and
 * E selu^2.
 */
enum { SNC_ORDERS = 7, SNC_ROOM = SNC_ORDERS + 4 };
struct snc_moments {
    arb_ptr all, p, c, plus, n, x1, x2, e, q;
};

/* What a formula may name; values have slopes along so many axes. */
struct snc_scope {
    slong prec;
    int axes, names;
    struct {
        const char *text;
        arb_srcptr value;
    } name[SNC_NAMES];
    /* unless NULL: P and X2; M, S and V, which are mean, second moment and
       variance of selu, and their derivatives M_m, M_mv ... */
    const struct snc_moments *moments;
    arb_srcptr m, v;
};
/* y is a vector of SNC_JET balls. */
void snc_formula(arb_ptr y, const char *text, const struct snc_scope *scope);
bool snc_formula_names(const char *text, const char *name);

void snc_moments_init(struct snc_moments *moments);
void snc_moments_clear(struct snc_moments *moments);
/* At a point, or term by term for a ball. */
void snc_moments_at(struct snc_moments *moments, arb_srcptr m, arb_srcptr v,
    arb_srcptr lambda, arb_srcptr alpha, int orders, slong prec);
/* For a ball of (m, v), with the help of its centre. */
void snc_moments_on(struct snc_moments *box, struct snc_moments *centre,
    arb_srcptr m, arb_srcptr v, arb_srcptr lambda, arb_srcptr alpha,
    int orders);
/* How many orders the formula and its slopes ask for. */
int snc_moment_orders(const char *formula);
/* False if there is none of that name. */
bool snc_moment(arb_ptr y, const char *name, const struct snc_scope *scope);
/* Mills' ratio of y. */
void snc_mills(arb_t y, slong prec);

/* Those with the fixed point (mean, variance) at omega, tau. */
bool snc_constants(arb_t lambda, arb_t alpha, const fmpq_t design[4]);

/* ---- domains and pieces (domain.c) ------------------------------------- */

enum {
    SNC_MU,
    SNC_NU,
    SNC_OMEGA,
    SNC_TAU,
    SNC_S,
    SNC_ENDS, /* coordinates of a domain */
    SNC_M = SNC_ENDS,
    SNC_V,
    SNC_COORDINATES,
    SNC_LAMBDA = SNC_COORDINATES,
    SNC_ALPHA,
    SNC_VALUES
};
extern const char *const snc_coordinate[SNC_VALUES];

/* Closed intervals with decimal ends, of s only where `has_s`. */
struct snc_domain {
    bool has_s;
    fmpq_t end[SNC_ENDS][2];
    char text[SNC_ENDS][2][SNC_DIGITS + 1];
};
void snc_domain_init(struct snc_domain *domain);
void snc_domain_clear(struct snc_domain *domain);
void snc_domain_set(struct snc_domain *x, const struct snc_domain *y);
/* Words "domain mu LOW HIGH nu ...". */
bool snc_domain_read(struct snc_reader *reader, struct snc_domain *domain);
/* The same from a text of the table. */
void snc_domain_of(struct snc_domain *domain, const char *text);
/* a lies in b, in the coordinates from first to last. */
bool snc_domain_within(const struct snc_domain *a, const struct snc_domain *b,
    int first, int last);
bool snc_domain_same(const struct snc_domain *a, const struct snc_domain *b);
void snc_domain_print(FILE *out, const struct snc_domain *domain);

/*
 * A box to search.  An axis m stands for mu and omega, one of v for nu and
 * tau, where a formula asks for no more; then of a `reduced` one omega and
 * tau are the largest that belong to (m, v).
 */
struct snc_piece {
    int axes, axis[SNC_AXES]; /* coordinates */
    double x[SNC_AXES][2];
    bool reduced, along_m, along_v;
    int sign;            /* of m */
    arb_ptr least, most; /* of moduli: mu and nu, omega and tau */
};
void snc_piece_init(struct snc_piece *piece);
void snc_piece_clear(struct snc_piece *piece);
/* The pieces that make up a domain: of k from 0 to 15 those that there are. */
enum { SNC_PIECES = 16 };
bool snc_piece_set(struct snc_piece *piece, const struct snc_domain *domain,
    bool fold_m, bool fold_v, int k);
/* A double at or beyond x. */
double snc_outside(const fmpq_t x, bool up);

/* ---- the table (table.c) ----------------------------------------------- */

/* The formula is below (sense 1) or above (-1) a limit on the domain. */
struct snc_row {
    const char *formula;
    int sense;
    bool closed; /* the limit itself is allowed */
    /* a decimal; NULL: the domain's upper (sense 1) or lower end of `of` */
    const char *limit;
    int of;
    /* sense 1, and at fixed (m, v) it grows with |omega| and tau */
    bool reduced;
};

/* Inequalities on one domain. */
struct snc_section {
    const struct snc_row *row;
    int rows;
    const char *own; /* the domain that the claim is known for */
    bool fixed;      /* and has no other */
};

enum snc_kind { SNC_TABLE, SNC_DESIGN, SNC_GLOBAL, SNC_SHARP };
enum { SNC_SECTIONS = 2 };
struct snc_entry {
    const char *name, *statement, *not_claimed;
    enum snc_kind kind;
    bool is_list;
    struct snc_section section[SNC_SECTIONS];
};
const struct snc_entry *snc_entry_find(const char *name);

extern const char snc_omega[]; /* the domain of Theorem 1 */

/* M and V above and below, then the norm, of global; what `sharp` moves. */
enum { SNC_STEP = 4, SNC_SHARP_ROWS = 18 };
extern const struct snc_row snc_step_row[SNC_STEP + 1];
struct snc_sharp {
    struct snc_row row;
    const char *domain;
    int coordinate, which; /* its lower end, upper end, both by modulus */
    bool limited;          /* the limit moves along */
};
extern const struct snc_sharp snc_sharp_row[SNC_SHARP_ROWS];

/* ---- one inequality (proof.c) ------------------------------------------ */

struct snc_state {
    struct snc_reader reader;
    const struct snc_listener *listener;
    arb_ptr at; /* of each value SNC_JET balls */
    struct snc_moments box, centre;
    struct snc_domain domain; /* of the inequality at hand */
    fmpq_t limit;
    char limit_text[SNC_DIGITS + 1];
    long inequalities, boxes, work, allowed;
};
/* Number, domain and limit of the next, into the state; *number is 0, and
   nothing read, at the end of the claim. */
bool snc_read_inequality(struct snc_state *c, int *number);
/* The next one must be that one. */
bool snc_read_numbered(struct snc_state *c, int number);
/* Its proof; or that it fails somewhere.  Tells the listener. */
bool snc_prove(struct snc_state *c, const struct snc_row *row);
bool snc_refute(struct snc_state *c, const struct snc_row *row);

/* ---- claims (claim.c, global.c) ---------------------------------------- */

/* The limit at hand must be that of the row. */
bool snc_has_limit(struct snc_state *c, const struct snc_row *row);
enum snc_extent snc_extent_of(
    const struct snc_domain *domain, const struct snc_domain *own);

/* A claim's inequalities up to its end, and what they are about. */
struct snc_text {
    FILE *domain, *finding;
};
bool snc_check_table(struct snc_state *c, const struct snc_entry *entry,
    struct snc_claim *claim, const struct snc_text *text);
bool snc_check_sharp(struct snc_state *c);
bool snc_check_global(struct snc_state *c, const struct snc_entry *entry,
    struct snc_claim *claim, const struct snc_text *text);

#endif

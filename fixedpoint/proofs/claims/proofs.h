/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Machine-checked inequalities about the map g: rigorous interval branch and
 * bound.  docs/proofs.md has the arguments; this is the manual of the code.
 *
 * Everything is in intervals: of doubles moved outwards first (doubles/), of
 * MPFI with directed rounding where these are too wide.  A result encloses
 * the true value for every point of its arguments whatever the precision.
 * What cannot be bounded (overflow, a division by an interval that holds 0)
 * comes as an infinite or NaN interval, and claim_maximise() takes every
 * infinite, NaN or reversed interval for +infinity: never for a proof.
 *
 * Notation as in fixedpoint.h: m = mu omega, v = nu tau, z is N(m, v).
 */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_PROOFS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_PROOFS_H

#include "fixedpoint/proofs/intervals/formulas.h"

/* ---- branch and bound (branch_and_bound.c) --------------------------- */

/* A box of a finished search: what it covers, and its proven bound. */
struct claim_leaf {
    double x[IV_AXES][2];
    double upper;
    size_t piece;
};
struct claim_leaves {
    struct claim_leaf *leaf; /* to free() */
    size_t count, room;
};

struct claim_search {
    long max_boxes;
    long sharpen;     /* ends a search that is decided; 0: 20000 boxes */
    double tolerance; /* of the extremum, relative; 0: 1e-12 */
    /* Called every 256 boxes unless NULL; false stops the search. */
    bool (*watch)(void *context, long boxes);
    void *context;
    struct claim_leaves
        *leaves; /* unless NULL: receives boxes that cover all */
    /* For tests, unless NULL: changes every value as a faulty evaluator. */
    void (*spoil)(struct iv_jet *value, const double x[IV_AXES][2]);
    bool plain; /* for comparison: range and halving alone */
};

struct claim_supremum {
    double upper; /* proven bound, +infinity if there is none */
    double best;  /* largest lower bound at a point, which is near x */
    double x[IV_AXES];
    size_t piece;
    long boxes;         /* evaluated */
    bool contradiction; /* the objective's bounds contradict each other */
    bool interrupted;
    bool spent; /* ended as max_boxes were used, or many without a bound */
};

/*
 * Bounds `sign` (1 or -1) times the formula from above over all pieces;
 * `limit` is only a hint when to stop: a bound on its wanted side suffices
 * once some thousand boxes are spent.  SN_NO_MEMORY leaves upper at
 * +infinity.
 */
enum sn_status claim_maximise(struct claim_supremum *supremum,
    const struct iv_piece *pieces, size_t count, struct iv_term *term,
    int sign, double limit, struct iv_map *map, const struct iv_selu *selu,
    const struct claim_search *search);

/* ---- inequalities and claims (prove.c, claims.c) ---------------------- */

/*
 * The formula stays below (sense 1) or above (sense -1) a limit everywhere in
 * the domain; the limit itself is allowed where `closed`.
 */
struct claim_part {
    const char *name, *statement, *formula;
    int sense;
    bool closed;
    /* a decimal; NULL: the domain's own end of `limit_of`: the upper end for
       sense 1, the lower for -1 */
    const char *limit;
    int limit_of;
    /* in place of the claim's where any is not NULL */
    const char *domain[IV_COORDINATES][2];
    /* the claim is that the inequality does NOT hold everywhere in it */
    bool fails;
};

struct claim_claim;
struct claim_prover;
struct claim_result;
typedef enum sn_status claim_build(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover);

/* The claim holds iff all its parts do; the first gives its extremum. */
struct claim_claim {
    const char *name, *statement, *source;
    const char *domain[IV_COORDINATES][2];
    const struct claim_part *parts;
    size_t part_count;
    /* Where not NULL: makes the parts, which depend on the domain. */
    claim_build *build;
};

enum claim_verdict { CLAIM_NOT_DECIDED, CLAIM_PROVED, CLAIM_REFUTED };

struct claim_part_result {
    enum claim_verdict verdict;
    const char *limit;
    struct iv_domain domain;
    mpfr_t lower, upper;        /* the extremum over the domain lies between */
    struct iv_place place;      /* texts NULL if there is none */
    mpfi_t value;               /* the formula there */
    struct claim_leaves leaves; /* where they were asked for */
    int axes, axis[IV_AXES];    /* of the leaves: coordinates */
    long boxes;                 /* evaluated */
    double seconds;
    bool contradiction, interrupted, spent;
};
void claim_part_result_init(struct claim_part_result *result);
void claim_part_result_clear(struct claim_part_result *result);

/*
 * What all searches share.  `end`, where not NULL, replaces ends of every
 * domain that has the coordinate and is more than one point.
 */
struct claim_prover {
    struct iv_selu selu;
    struct iv_map *map;
    struct claim_search search;
    const char *end[IV_COORDINATES][2];
    bool keep_leaves;
    long spent; /* boxes, on all inequalities so far */
};
enum sn_status claim_prover_init(struct claim_prover *prover);
void claim_prover_clear(struct claim_prover *prover);

/*
 * Tries one inequality.  Proved if the branch and bound's upper bound keeps
 * the limit; refuted if the value recomputed from the printed decimals of a
 * place in the domain breaks it; else not decided.  SN_INTERRUPTED where
 * `watch` stopped the search.
 */
enum sn_status claim_prove_part(struct claim_part_result *result,
    const struct claim_part *part, const struct claim_claim *claim,
    struct claim_prover *prover);

struct claim_result {
    enum claim_verdict verdict;
    const struct claim_part *parts; /* the claim's, or made for the domain */
    size_t planned, part_count;     /* of them, and how many were tried */
    struct claim_part_result *part;
    struct claim_part *made; /* with their texts, to free */
    char **text;
    size_t texts;
    char conclusion[512]; /* what made parts come to; empty if nothing */
    bool is_against;      /* the parts are a refutation of the claim, */
    char stays[4][48];    /* as near this mu, nu, omega, tau an orbit stays */
};
void claim_result_clear(struct claim_result *result);
/* `result` need not be initialised. */
enum sn_status claim_prove(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover);

/*
 * For builders: one more part, made of copies of the texts; NULL: no memory.
 * `domain` has the ends of all coordinates, NULL where there is none.
 */
struct claim_part *claim_add(struct claim_result *result,
    const struct claim_part *model, const char *name, const char *limit,
    const char *const (*domain)[2]);
/* The extremum of a part alone, on a domain: lower and upper doubles. */
enum sn_status claim_extremum(double *lower, double *upper,
    const struct claim_part *model, const char *const (*domain)[2],
    struct claim_prover *prover);
/* Not where it is about one point, or has domains made for it. */
bool claim_takes_domain(const struct claim_claim *claim);
/* The claim's ends, or the prover's in their place. */
void claim_domain(const char *(*domain)[2], const struct claim_claim *claim,
    const struct claim_prover *prover);
claim_build claim_build_global, claim_build_sharp; /* global.c, sharp.c */

extern const struct claim_claim claim_table[];
extern const size_t claim_count;
const struct claim_claim *claim_find(const char *name);

#endif

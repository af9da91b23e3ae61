/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One inequality about the map g on a domain, and the verdict on it: proved
 * where the bound of the search keeps the limit, refuted where a value at
 * printed decimals breaks it.  docs/mathematics/proofs.md has the arguments.
 *
 * Notation as in fixedpoint/map/map.h: m = mu omega, v = nu tau, z is N(m, v).
 */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_INEQUALITY_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_INEQUALITY_H

#include "fixedpoint/proofs/search/search.h"

/*
 * The formula stays below (sense 1) or above (sense -1) a limit everywhere in
 * the domain; the limit itself is allowed where `closed`.
 */
struct claim_part {
    const char *name, *statement, *formula;
    int sense;
    bool closed;
    bool fails; /* the claim is that this does NOT hold everywhere in it */
    /* a decimal; NULL: the domain's own end of `limit_of`: the upper end for
       sense 1, the lower for -1 */
    const char *limit;
    int limit_of;
    bool has_own_domain; /* and not the claim's */
    int number; /* of the claim's inequalities, or of a step's: from 1 */
    const char *domain[IV_COORDINATES][2];
};

enum claim_verdict { CLAIM_NOT_DECIDED, CLAIM_PROVED, CLAIM_REFUTED };

struct claim_part_result {
    enum claim_verdict verdict;
    const char *limit;
    struct iv_domain domain;
    mpfr_t lower, upper;     /* the extremum over the domain lies between */
    struct iv_place place;   /* texts NULL if there is none */
    mpfi_t value;            /* the formula there */
    struct search_tree tree; /* where it was asked for */
    size_t pieces;           /* of the tree */
    int axes, axis[IV_AXES]; /* of its cuts: coordinates */
    long boxes;              /* evaluated */
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
    struct search_options search;
    const char *end[IV_COORDINATES][2];
    bool keep_tree;
    long spent; /* boxes, on all inequalities so far */
};
enum sn_status claim_prover_init(struct claim_prover *prover);
void claim_prover_clear(struct claim_prover *prover);

/*
 * Tries one inequality.  SN_INTERRUPTED where `watch` stopped the search;
 * SN_BAD_VALUE where a text of it cannot be read.
 */
enum sn_status claim_prove_part(struct claim_part_result *result,
    const struct claim_part *part, struct claim_prover *prover);
/* The extremum of a part alone, on a domain: lower and upper doubles. */
enum sn_status claim_extremum(double *lower, double *upper,
    const struct claim_part *model, const char *const (*domain)[2],
    struct claim_prover *prover);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verdict on an inequality, and on a claim, is reached. */
#include "fixedpoint/proofs/claims/proofs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void claim_part_result_init(struct claim_part_result *result)
{
    memset(result, 0, sizeof *result);
    iv_domain_init(&result->domain);
    mpfr_init2(result->lower, IV_PROOF_PRECISION);
    mpfr_init2(result->upper, IV_PROOF_PRECISION);
    mpfr_set_inf(result->lower, -1);
    mpfr_set_inf(result->upper, 1);
    mpfi_init2(result->value, IV_PROOF_PRECISION);
    mpfi_interv_d(result->value, -INFINITY, INFINITY);
}

void claim_part_result_clear(struct claim_part_result *result)
{
    iv_domain_clear(&result->domain);
    mpfr_clear(result->lower);
    mpfr_clear(result->upper);
    mpfi_clear(result->value);
    iv_place_clear(&result->place);
    free(result->leaves.leaf);
}

enum sn_status claim_prover_init(struct claim_prover *prover)
{
    memset(prover, 0, sizeof *prover);
    prover->map = iv_map_new();
    if (!prover->map)
        return SN_NO_MEMORY;
    iv_selu_init(&prover->selu);
    iv_selu_constants_mpfi(&prover->selu);
    prover->search.max_boxes = 200000;
    return SN_OK;
}

void claim_prover_clear(struct claim_prover *prover)
{
    if (prover->map)
        iv_selu_clear(&prover->selu);
    iv_map_free(prover->map);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/*
 * sign * extremum < limit, or <= where that is allowed; `bound` and `value`
 * bound the extremum from above and below (sign 1).  Every comparison with a
 * NaN is false, so a NaN decides nothing.
 */
static enum claim_verdict judge(mpfr_srcptr bound, mpfr_srcptr value,
    mpfi_srcptr limit, bool is_end_allowed)
{
    if (is_end_allowed)
        return mpfr_lessequal_p(bound, &limit->left)  ? CLAIM_PROVED
               : mpfr_greater_p(value, &limit->right) ? CLAIM_REFUTED
                                                      : CLAIM_NOT_DECIDED;
    return mpfr_less_p(bound, &limit->left)            ? CLAIM_PROVED
           : mpfr_greaterequal_p(value, &limit->right) ? CLAIM_REFUTED
                                                       : CLAIM_NOT_DECIDED;
}

/* One place in (mu, nu, omega, tau), of which the statement speaks by name. */
static bool is_one_place(const char *const (*domain)[2])
{
    for (int i = IV_MU; i <= IV_TAU; i++)
        if (!domain[i][0] || strcmp(domain[i][0], domain[i][1]) != 0)
            return false;
    return true;
}

bool claim_takes_domain(const struct claim_claim *claim)
{
    return claim->domain[IV_MU][0] ? !is_one_place(claim->domain)
                                   : !claim->build;
}

/* The part's own ends before the claim's, and the prover's before both. */
static enum sn_status take_domain(struct iv_domain *domain,
    const struct claim_part *part, const struct claim_claim *claim,
    const struct claim_prover *prover)
{
    bool own = false;
    for (int i = 0; i < IV_COORDINATES; i++)
        own |= part->domain[i][0] != NULL;
    const char *const(*ends)[2] = own ? part->domain : claim->domain;
    /* what a builder made has the prover's already */
    bool final = claim->build || is_one_place(ends);
    for (int i = 0; i < IV_COORDINATES; i++) {
        const char *const *end = ends[i];
        if (end[0] && prover->end[i][0] && !final)
            end = prover->end[i];
        if (end[0] && iv_domain_set(domain, i, end[0], end[1]))
            return SN_BAD_VALUE;
    }
    return SN_OK;
}

/* The term at a printed place near the best point, if there is one. */
static enum sn_status witness(struct claim_part_result *result,
    struct iv_term *term, const struct iv_piece *pieces,
    const struct claim_supremum *found, const struct claim_prover *prover)
{
    if (!isfinite(found->best) || found->contradiction)
        return SN_OK;
    enum sn_status status = iv_domain_locate(
        &result->place, &result->domain, &pieces[found->piece], found->x);
    if (!status && iv_domain_holds(&result->domain, &result->place))
        iv_term_at(
            result->value, term, &result->place, prover->map, &prover->selu);
    else
        iv_place_clear(&result->place);
    return status;
}

static bool is_point(const struct iv_domain *domain)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        if (domain->text[i][0] &&
            iv_decimal_compare(domain->text[i][0], domain->text[i][1]))
            return false;
    return true;
}

/* What was found, seen from the sense of the inequality. */
static void conclude(struct claim_part_result *result,
    const struct claim_part *part, struct claim_supremum *found,
    mpfi_srcptr limit)
{
    mpfi_t signed_value;
    mpfi_init2(signed_value, IV_PROOF_PRECISION);
    mpfi_set(signed_value, result->value);
    if (part->sense < 0)
        mpfi_neg(signed_value, signed_value);
    mpfr_set_d(result->upper, found->upper, MPFR_RNDU);
    mpfr_set(result->lower, &signed_value->left, MPFR_RNDD);
    /* of a single place all is known: more than the search's doubles say */
    if (is_point(&result->domain) &&
        mpfr_less_p(&signed_value->right, result->upper))
        mpfr_set(result->upper, &signed_value->right, MPFR_RNDU);
    /* a value above the proven bound: one of the two is wrong */
    if (mpfr_greater_p(result->lower, result->upper)) {
        found->contradiction = true;
        mpfr_set_inf(result->upper, 1);
    }
    result->verdict =
        found->contradiction
            ? CLAIM_NOT_DECIDED
            : judge(result->upper, result->lower, limit, part->closed);
    if (part->fails && result->verdict != CLAIM_NOT_DECIDED)
        result->verdict =
            result->verdict == CLAIM_PROVED ? CLAIM_REFUTED : CLAIM_PROVED;
    if (part->sense < 0) {
        mpfr_swap(result->lower, result->upper);
        mpfr_neg(result->lower, result->lower, MPFR_RNDN);
        mpfr_neg(result->upper, result->upper, MPFR_RNDN);
    }
    mpfi_clear(signed_value);
}

enum sn_status claim_prove_part(struct claim_part_result *result,
    const struct claim_part *part, const struct claim_claim *claim,
    struct claim_prover *prover)
{
    double started = now();
    struct iv_term *term = iv_term_new(part->formula, NULL);
    struct iv_piece pieces[IV_MAX_PIECES];
    struct claim_search search = prover->search;
    struct claim_supremum found = {.upper = INFINITY, .best = -INFINITY};
    size_t count = 0;
    mpfi_t limit;
    mpfi_init2(limit, IV_PROOF_PRECISION);
    enum sn_status status = term ? SN_OK : SN_BAD_VALUE;
    if (!status)
        status = take_domain(&result->domain, part, claim, prover);
    result->limit = part->limit
                        ? part->limit
                        : result->domain.text[part->limit_of][part->sense > 0];
    if (!status)
        status = result->limit ? iv_decimal_mpfi(limit, result->limit)
                               : SN_BAD_VALUE;
    if (part->sense < 0)
        mpfi_neg(limit, limit);
    if (prover->keep_leaves)
        search.leaves = &result->leaves;
    if (!status) {
        count = iv_domain_pieces(pieces, &result->domain,
            iv_term_folds_m(term), iv_term_folds_v(term));
        result->axes = pieces->axes;
        memcpy(result->axis, pieces->axis, sizeof result->axis);
        status = claim_maximise(&found, pieces, count, term, part->sense,
            mpfi_get_d(limit), prover->map, &prover->selu, &search);
    }
    if (!status)
        status = witness(result, term, pieces, &found, prover);
    conclude(result, part, &found, limit);
    result->boxes = found.boxes;
    prover->spent += found.boxes;
    result->contradiction = found.contradiction;
    result->interrupted = found.interrupted;
    result->spent = found.spent;
    result->seconds = now() - started;
    if (!status && found.interrupted)
        status = SN_INTERRUPTED;
    for (size_t i = 0; i < count; i++)
        iv_piece_clear(&pieces[i]);
    iv_term_free(term);
    mpfi_clear(limit);
    return status;
}

const struct claim_claim *claim_find(const char *name)
{
    for (size_t i = 0; i < claim_count; i++)
        if (!strcmp(claim_table[i].name, name))
            return &claim_table[i];
    return NULL;
}

static const char *keep(struct claim_result *result, const char *text)
{
    char **more =
        realloc(result->text, (result->texts + 1) * sizeof *result->text);
    if (!more)
        return NULL;
    result->text = more;
    char *copy = strdup(text);
    if (copy)
        more[result->texts++] = copy;
    return copy;
}

struct claim_part *claim_add(struct claim_result *result,
    const struct claim_part *model, const char *name, const char *limit,
    const char *const (*domain)[2])
{
    struct claim_part *more =
        realloc(result->made, (result->planned + 1) * sizeof *more);
    if (!more)
        return NULL;
    result->parts = result->made = more;
    struct claim_part *part = &more[result->planned];
    *part = *model;
    part->name = keep(result, name);
    part->limit = keep(result, limit);
    bool good = part->name && part->limit;
    for (int i = 0; i < IV_COORDINATES; i++)
        for (int end = 0; end < 2; end++) {
            part->domain[i][end] =
                domain[i][end] ? keep(result, domain[i][end]) : NULL;
            good = good && !part->domain[i][end] == !domain[i][end];
        }
    if (!good)
        return NULL;
    result->planned++;
    return part;
}

enum sn_status claim_extremum(double *lower, double *upper,
    const struct claim_part *model, const char *const (*domain)[2],
    struct claim_prover *prover)
{
    static const struct claim_claim none;
    const char *end[IV_COORDINATES][2];
    struct claim_part part = *model;
    struct claim_part_result result;
    bool leaves = prover->keep_leaves;
    for (int i = 0; i < IV_COORDINATES; i++)
        for (int k = 0; k < 2; k++) {
            part.domain[i][k] = domain[i][k];
            end[i][k] = prover->end[i][k];
            prover->end[i][k] = NULL; /* the domain is final */
        }
    prover->keep_leaves = false;
    claim_part_result_init(&result);
    enum sn_status status = claim_prove_part(&result, &part, &none, prover);
    *lower = mpfr_get_d(result.lower, MPFR_RNDD);
    *upper = mpfr_get_d(result.upper, MPFR_RNDU);
    claim_part_result_clear(&result);
    memcpy(prover->end, end, sizeof end);
    prover->keep_leaves = leaves;
    return status;
}

void claim_domain(const char *(*domain)[2], const struct claim_claim *claim,
    const struct claim_prover *prover)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        for (int end = 0; end < 2; end++)
            domain[i][end] = claim->domain[i][0] && prover->end[i][0]
                                 ? prover->end[i][end]
                                 : claim->domain[i][end];
}

/*
 * What the next of `parts` inequalities may spend of what a claim has left:
 * an equal share, and some boxes in any case.
 */
static long share(long left, size_t parts, long max_boxes)
{
    enum { LEAST_SHARE = 2000 };
    long equal = left / (long)parts;
    equal = equal > LEAST_SHARE ? equal : LEAST_SHARE;
    return equal < max_boxes ? equal : max_boxes;
}

enum sn_status claim_prove(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover)
{
    size_t proved = 0, refuted = 0;
    const struct claim_search usual = prover->search;
    long left = usual.max_boxes;
    *result = (struct claim_result){
        .parts = claim->parts, .planned = claim->part_count};
    enum sn_status status =
        claim->build ? claim->build(result, claim, prover) : SN_OK;
    if (!status && !result->planned)
        status = SN_UNDECIDED;
    if (!status)
        result->part = calloc(result->planned, sizeof *result->part);
    if (!status && !result->part)
        status = SN_NO_MEMORY;
    for (size_t i = 0; i < result->planned && !status; i++) {
        struct claim_part_result *part = &result->part[result->part_count++];
        claim_part_result_init(part);
        prover->search.max_boxes =
            share(left, result->planned - i, usual.max_boxes);
        status = claim_prove_part(part, &result->parts[i], claim, prover);
        left -= part->boxes < left ? part->boxes : left;
        proved += part->verdict == CLAIM_PROVED;
        refuted += part->verdict == CLAIM_REFUTED;
    }
    prover->search = usual; /* a builder may have lowered some of it */
    bool all = !status && proved == result->planned;
    result->verdict = result->is_against
                          ? all ? CLAIM_REFUTED : CLAIM_NOT_DECIDED
                      : refuted ? CLAIM_REFUTED
                      : all     ? CLAIM_PROVED
                                : CLAIM_NOT_DECIDED;
    return status;
}

void claim_result_clear(struct claim_result *result)
{
    for (size_t i = 0; i < result->part_count; i++)
        claim_part_result_clear(&result->part[i]);
    for (size_t i = 0; i < result->texts; i++)
        free(result->text[i]);
    free(result->text);
    free(result->made);
    free(result->part);
}

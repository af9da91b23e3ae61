/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the verdict on an inequality is reached. */
#include "fixedpoint/proofs/claims/inequality.h"
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
    free(result->tree.node);
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

static double clock_now(void)
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
static enum claim_verdict judge_extremum(mpfr_srcptr bound, mpfr_srcptr value,
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

/* The term at a printed place near the best point, if there is one. */
static enum sn_status witness(struct claim_part_result *result,
    struct iv_term *term, const struct iv_piece *pieces,
    const struct search_supremum *found, const struct claim_prover *prover)
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
    const struct claim_part *part, struct search_supremum *found,
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
    result->verdict = found->contradiction
                          ? CLAIM_NOT_DECIDED
                          : judge_extremum(result->upper, result->lower, limit,
                                part->closed);
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

/* The part's domain and limit, for sense 1; SN_BAD_VALUE: not such texts. */
static enum sn_status read_part(struct claim_part_result *result,
    mpfi_ptr limit, const struct claim_part *part)
{
    for (int i = 0; i < IV_COORDINATES; i++)
        if (part->domain[i][0] && iv_domain_set(&result->domain, i,
                                      part->domain[i][0], part->domain[i][1]))
            return SN_BAD_VALUE;
    result->limit = part->limit
                        ? part->limit
                        : result->domain.text[part->limit_of][part->sense > 0];
    if (!result->limit || iv_decimal_mpfi(limit, result->limit))
        return SN_BAD_VALUE;
    if (part->sense < 0)
        mpfi_neg(limit, limit);
    return SN_OK;
}

enum sn_status claim_prove_part(struct claim_part_result *result,
    const struct claim_part *part, struct claim_prover *prover)
{
    double started = clock_now();
    struct iv_piece pieces[IV_MAX_PIECES];
    struct search_options search = prover->search;
    struct search_problem problem = {.pieces = pieces,
        .term = iv_term_new(part->formula, NULL),
        .sign = part->sense,
        .map = prover->map,
        .selu = &prover->selu};
    struct search_supremum found = {.upper = INFINITY, .best = -INFINITY};
    mpfi_t limit;
    mpfi_init2(limit, IV_PROOF_PRECISION);
    enum sn_status status =
        problem.term ? read_part(result, limit, part) : SN_BAD_VALUE;
    if (prover->keep_tree)
        search.tree = &result->tree;
    if (!status) {
        problem.count = iv_domain_pieces(pieces, &result->domain,
            iv_term_folds_m(problem.term), iv_term_folds_v(problem.term));
        problem.limit = mpfi_get_d(limit);
        result->pieces = problem.count;
        result->axes = pieces->axes;
        memcpy(result->axis, pieces->axis, sizeof result->axis);
        status = search_maximise(&found, &problem, &search);
    }
    if (!status)
        status = witness(result, problem.term, pieces, &found, prover);
    conclude(result, part, &found, limit);
    result->boxes = found.boxes;
    prover->spent += found.boxes;
    result->contradiction = found.contradiction;
    result->interrupted = found.interrupted;
    result->spent = found.spent;
    result->seconds = clock_now() - started;
    if (!status && found.interrupted)
        status = SN_INTERRUPTED;
    for (size_t i = 0; i < problem.count; i++)
        iv_piece_clear(&pieces[i]);
    iv_term_free(problem.term);
    mpfi_clear(limit);
    return status;
}

enum sn_status claim_extremum(double *lower, double *upper,
    const struct claim_part *model, const char *const (*domain)[2],
    struct claim_prover *prover)
{
    struct claim_part part = *model;
    struct claim_part_result result;
    bool keep_tree = prover->keep_tree;
    memcpy(part.domain, domain, sizeof part.domain);
    prover->keep_tree = false;
    claim_part_result_init(&result);
    enum sn_status status = claim_prove_part(&result, &part, prover);
    *lower = mpfr_get_d(result.lower, MPFR_RNDD);
    *upper = mpfr_get_d(result.upper, MPFR_RNDU);
    claim_part_result_clear(&result);
    prover->keep_tree = keep_tree;
    return status;
}

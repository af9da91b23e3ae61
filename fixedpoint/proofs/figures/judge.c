/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts on the paper's figures, from proven enclosures. */
#include "fixedpoint/proofs/claims/domains.h"
#include "fixedpoint/proofs/figures/table.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Figures of 15 to 20 digits come from double arithmetic: not less than 64
 * units of a double.
 */
void figure_unit(mpfr_ptr unit, const char *text)
{
    const char *point = strchr(text, '.'), *e = strpbrk(text, "eE");
    size_t length = e ? (size_t)(e - text) : strlen(text);
    long exponent = e ? strtol(e + 1, NULL, 10) : 0;
    if (point && (size_t)(point - text) < length)
        exponent -= (long)(length - (size_t)(point - text)) - 1;
    mpfr_set_ui(unit, 10, MPFR_RNDN);
    mpfr_pow_si(unit, unit, exponent, MPFR_RNDN);
    double least = 0x1p-46 * fabs(strtod(text, NULL));
    if (length <= 20 && mpfr_cmp_d(unit, least) < 0)
        mpfr_set_d(unit, least, MPFR_RNDN);
}

/*
 * beyond: how far the true extremum lies beyond what is printed, in the sense
 * of the row, as an interval [low, high]; below 0: it keeps it.
 */
static enum figure_verdict verdict_of(struct figure_result *r,
    const struct figure_figure *figure, mpfr_srcptr low, mpfr_srcptr high,
    mpfr_srcptr unit)
{
    double printed = strtod(figure->printed, NULL);
    double at_most = fmax(fabs(mpfr_get_d(r->extremum.lower, MPFR_RNDU)),
        fabs(mpfr_get_d(r->extremum.upper, MPFR_RNDU)));
    double room = -mpfr_get_d(high, MPFR_RNDU);
    mpfr_t minus;
    mpfr_init2(minus, IV_PROOF_PRECISION);
    mpfr_neg(minus, unit, MPFR_RNDN);
    bool near =
        mpfr_lessequal_p(high, unit) && mpfr_greaterequal_p(low, minus);
    mpfr_clear(minus);
    if (!mpfr_number_p(low) || !mpfr_number_p(high))
        return FIGURE_OPEN;
    if (figure->kind >= FIGURE_EXTREMUM && near)
        return FIGURE_RIGHT;
    if (figure->kind == FIGURE_ATTAINED)
        return mpfr_sgn(high) < 0  ? FIGURE_WRONG
               : mpfr_sgn(low) > 0 ? FIGURE_RIGHT
                                   : FIGURE_OPEN;
    if (mpfr_sgn(high) <= 0 && figure->kind == FIGURE_STATEMENT)
        return FIGURE_RIGHT;
    if (mpfr_sgn(high) <= 0 && figure->kind == FIGURE_EXTREMUM)
        return FIGURE_SLIP;
    if (mpfr_sgn(high) <= 0) {
        r->factor = fabs(printed) > at_most ? fabs(printed) / at_most
                                            : at_most / fabs(printed);
        return room <= 1e-3 * fmax(at_most, fabs(printed)) ? FIGURE_RIGHT
                                                           : FIGURE_LOOSE;
    }
    if (mpfr_sgn(low) <= 0)
        return FIGURE_OPEN;
    if (figure->kind == FIGURE_STATEMENT)
        return FIGURE_WRONG;
    return mpfr_lessequal_p(high, unit) ? FIGURE_SLIP
           : mpfr_greater_p(low, unit)  ? FIGURE_WRONG
                                        : FIGURE_OPEN;
}

/* Is the value at the place that is printed the one that is? */
static enum sn_status look_at_place(struct figure_result *r,
    const struct figure_figure *figure, struct claim_prover *prover,
    mpfr_srcptr unit)
{
    static const int order[4] = {IV_MU, IV_OMEGA, IV_NU, IV_TAU};
    struct iv_term *term = iv_term_new(figure->formula, NULL);
    struct iv_place place = {{NULL}};
    char text[4][FIGURE_PLACE];
    mpfi_t value;
    if (!term)
        return SN_NO_MEMORY;
    mpfi_init2(value, IV_PROOF_PRECISION);
    for (int i = 0; i < 4; i++) {
        strcpy(text[i], figure->at[i]);
        place.text[order[i]] = text[i];
    }
    iv_term_at(value, term, &place, prover->map, &prover->selu);
    double printed = strtod(figure->printed, NULL);
    double slack = mpfr_get_d(unit, MPFR_RNDU);
    r->has_value = true;
    r->value = mpfi_get_d(value);
    r->is_there = fabs(r->value - printed) <= slack;
    mpfi_clear(value);
    iv_term_free(term);
    return SN_OK;
}

/* The extremum on the row's region, and how what is printed stands to it. */
static enum sn_status judge_extremum(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover)
{
    const struct claim_domain *domain = claim_domain_find(figure->domain);
    struct claim_part part = {.formula = figure->formula,
        .sense = figure->sense,
        .limit = figure->printed};
    mpfi_t printed;
    mpfr_t unit, low, high;
    if (!domain)
        return SN_BAD_VALUE;
    memcpy(part.domain, figure->ends.end, sizeof part.domain);
    mpfr_inits2(IV_PROOF_PRECISION, unit, low, high, (mpfr_ptr)0);
    mpfi_init2(printed, IV_PROOF_PRECISION);
    enum sn_status status = SN_OK;
    double tolerance = prover->search.tolerance;
    if (figure->kind == FIGURE_STATEMENT) /* true or not is enough */
        prover->search.tolerance = 1e-4;
    if (domain->design[0])
        status = iv_selu_design_mpfi(&prover->selu, domain->design);
    if (!status)
        status = claim_prove_part(&result->extremum, &part, prover);
    prover->search.tolerance = tolerance;
    if (domain->design[0])
        iv_selu_constants_mpfi(&prover->selu);
    if (!status)
        status = iv_decimal_mpfi(printed, figure->printed);
    figure_unit(unit, figure->printed);
    if (!status && !result->extremum.contradiction) {
        const struct claim_part_result *e = &result->extremum;
        if (figure->sense > 0) {
            mpfr_sub(low, e->lower, &printed->right, MPFR_RNDD);
            mpfr_sub(high, e->upper, &printed->left, MPFR_RNDU);
        } else {
            mpfr_sub(low, &printed->left, e->upper, MPFR_RNDD);
            mpfr_sub(high, &printed->right, e->lower, MPFR_RNDU);
        }
        result->verdict = verdict_of(result, figure, low, high, unit);
    }
    if (!status && figure->has_place)
        status = look_at_place(result, figure, prover, unit);
    if (result->has_value && !result->is_there &&
        (result->verdict == FIGURE_RIGHT || result->verdict == FIGURE_LOOSE))
        result->verdict = FIGURE_SLIP;
    mpfr_clears(unit, low, high, (mpfr_ptr)0);
    mpfi_clear(printed);
    return status;
}

enum sn_status figure_judge(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover)
{
    memset(result, 0, sizeof *result);
    claim_part_result_init(&result->extremum);
    if (figure->kind >= FIGURE_GAIN_STD && figure->kind < FIGURE_UNDEFINED)
        return figure_judge_gain(result, figure, prover);
    if (figure->kind != FIGURE_UNDEFINED)
        return judge_extremum(result, figure, prover);
    result->verdict = FIGURE_NOT_JUDGED;
    return SN_OK;
}

void figure_result_clear(struct figure_result *result)
{
    claim_part_result_clear(&result->extremum);
}

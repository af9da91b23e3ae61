/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts on the paper's figures, from proven enclosures. */
#include "fixedpoint/proofs/figures/figures.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Figures of 15 to 20 digits come from double arithmetic: not less than 64
 * units of a double.
 */
void sn_figure_unit(mpfr_ptr unit, const char *text)
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
static enum sn_figure_verdict judge(struct sn_figure_result *r,
    const struct sn_figure *figure, mpfr_srcptr low, mpfr_srcptr high,
    mpfr_srcptr unit)
{
    double printed = strtod(figure->printed, NULL);
    double at_most = fmax(fabs(mpfr_get_d(r->extremum.lower, MPFR_RNDU)),
        fabs(mpfr_get_d(r->extremum.upper, MPFR_RNDU)));
    double room = -mpfr_get_d(high, MPFR_RNDU);
    mpfr_t minus;
    mpfr_init2(minus, SN_PROOF_PRECISION);
    mpfr_neg(minus, unit, MPFR_RNDN);
    bool near =
        mpfr_lessequal_p(high, unit) && mpfr_greaterequal_p(low, minus);
    mpfr_clear(minus);
    if (!mpfr_number_p(low) || !mpfr_number_p(high))
        return SN_FIGURE_OPEN;
    if (figure->kind >= SN_FIGURE_EXTREMUM && near)
        return SN_FIGURE_RIGHT;
    if (figure->kind == SN_FIGURE_ATTAINED)
        return mpfr_sgn(high) < 0  ? SN_FIGURE_WRONG
               : mpfr_sgn(low) > 0 ? SN_FIGURE_RIGHT
                                   : SN_FIGURE_OPEN;
    if (mpfr_sgn(high) <= 0 && figure->kind == SN_FIGURE_STATEMENT)
        return SN_FIGURE_RIGHT;
    if (mpfr_sgn(high) <= 0 && figure->kind == SN_FIGURE_EXTREMUM)
        return SN_FIGURE_SLIP;
    if (mpfr_sgn(high) <= 0) {
        r->factor = fabs(printed) > at_most ? fabs(printed) / at_most
                                            : at_most / fabs(printed);
        return room <= 1e-3 * fmax(at_most, fabs(printed)) ? SN_FIGURE_RIGHT
                                                           : SN_FIGURE_LOOSE;
    }
    if (mpfr_sgn(low) <= 0)
        return SN_FIGURE_OPEN;
    if (figure->kind == SN_FIGURE_STATEMENT)
        return SN_FIGURE_WRONG;
    return mpfr_lessequal_p(high, unit) ? SN_FIGURE_SLIP
           : mpfr_greater_p(low, unit)  ? SN_FIGURE_WRONG
                                        : SN_FIGURE_OPEN;
}

/* Is the value at the place that is printed the one that is? */
static enum sn_status look(struct sn_figure_result *r,
    const struct sn_figure *figure, struct sn_prover *prover, mpfr_srcptr unit)
{
    static const int order[4] = {SN_MU, SN_OMEGA, SN_NU, SN_TAU};
    struct sn_term *term = sn_term_new(figure->formula, NULL);
    struct sn_place place = {{NULL}};
    char text[4][32];
    mpfi_t value;
    if (!term)
        return SN_NO_MEMORY;
    mpfi_init2(value, SN_PROOF_PRECISION);
    for (int i = 0; i < 4; i++) {
        strncpy(text[i], figure->at[i], sizeof text[i] - 1);
        text[i][sizeof text[i] - 1] = '\0';
        place.text[order[i]] = text[i];
    }
    sn_term_at(value, term, &place, prover->map, &prover->selu);
    double printed = strtod(figure->printed, NULL);
    double slack = mpfr_get_d(unit, MPFR_RNDU);
    r->has_value = true;
    r->value = mpfi_get_d(value);
    r->is_there = fabs(r->value - printed) <= slack;
    mpfi_clear(value);
    sn_term_free(term);
    return SN_OK;
}

/* The extremum on the row's region, and how what is printed stands to it. */
static enum sn_status judge_extremum(struct sn_figure_result *result,
    const struct sn_figure *figure, struct sn_prover *prover)
{
    static const struct sn_claim none;
    struct sn_part part = {.formula = figure->formula,
        .sense = figure->sense,
        .limit = figure->printed};
    mpfi_t printed;
    mpfr_t unit, low, high;
    memcpy(part.domain, figure->region->end, sizeof part.domain);
    mpfr_inits2(SN_PROOF_PRECISION, unit, low, high, (mpfr_ptr)0);
    mpfi_init2(printed, SN_PROOF_PRECISION);
    enum sn_status status = SN_OK;
    double tolerance = prover->search.tolerance;
    if (figure->kind == SN_FIGURE_STATEMENT) /* true or not is enough */
        prover->search.tolerance = 1e-4;
    if (figure->region->design[0])
        status = sn_selu_design_mpfi(&prover->selu, figure->region->design);
    if (!status)
        status = sn_prove_part(&result->extremum, &part, &none, prover);
    prover->search.tolerance = tolerance;
    if (figure->region->design[0])
        sn_selu_constants_mpfi(&prover->selu);
    if (!status)
        status = sn_decimal_mpfi(printed, figure->printed);
    sn_figure_unit(unit, figure->printed);
    if (!status && !result->extremum.contradiction) {
        const struct sn_part_result *e = &result->extremum;
        if (figure->sense > 0) {
            mpfr_sub(low, e->lower, &printed->right, MPFR_RNDD);
            mpfr_sub(high, e->upper, &printed->left, MPFR_RNDU);
        } else {
            mpfr_sub(low, &printed->left, e->upper, MPFR_RNDD);
            mpfr_sub(high, &printed->right, e->lower, MPFR_RNDU);
        }
        result->verdict = judge(result, figure, low, high, unit);
    }
    if (!status && figure->at[0])
        status = look(result, figure, prover, unit);
    if (result->has_value && !result->is_there &&
        (result->verdict == SN_FIGURE_RIGHT ||
            result->verdict == SN_FIGURE_LOOSE))
        result->verdict = SN_FIGURE_SLIP;
    mpfr_clears(unit, low, high, (mpfr_ptr)0);
    mpfi_clear(printed);
    return status;
}

enum sn_status sn_judge_figure(struct sn_figure_result *result,
    const struct sn_figure *figure, struct sn_prover *prover)
{
    memset(result, 0, sizeof *result);
    sn_part_result_init(&result->extremum);
    if (figure->kind == SN_FIGURE_GAIN_STD ||
        figure->kind == SN_FIGURE_GAIN_RMS)
        return sn_judge_gain(result, figure, prover);
    if (figure->kind != SN_FIGURE_UNDEFINED)
        return judge_extremum(result, figure, prover);
    result->verdict = SN_FIGURE_NOT_JUDGED;
    return SN_OK;
}

void sn_figure_result_clear(struct sn_figure_result *result)
{
    sn_part_result_clear(&result->extremum);
}

const struct sn_figure *sn_figure_at(size_t i)
{
    static const struct sn_figures *const table[] = {&sn_figures_jacobian,
        &sn_figures_sums, &sn_figures_steps, &sn_figures_polynomials,
        &sn_figures_basic, &sn_figures_gains};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        if (i < table[k]->count)
            return &table[k]->row[i];
        i -= table[k]->count;
    }
    return NULL;
}

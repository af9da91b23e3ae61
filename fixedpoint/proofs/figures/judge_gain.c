/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gain as others print it, judged by the moments. */
#include "fixedpoint/activations/gain.h"
#include "fixedpoint/proofs/figures/table.h"

/* The number that is printed, which may be an expression. */
static enum sn_status printed_gain(mpfi_ptr value,
    const struct figure_figure *figure, struct claim_prover *prover)
{
    struct iv_term *term = iv_term_new(figure->formula, NULL);
    char m[] = "0", v[] = "1";
    struct iv_place place = {{[IV_M] = m, [IV_V] = v}};
    if (!term)
        return SN_NO_MEMORY;
    iv_term_at(value, term, &place, prover->map, &prover->selu);
    iv_term_free(term);
    return SN_OK;
}

/*
 * Right within one unit of the last digit of an estimate, or within 1e-30.
 * NFNets and e3nn say what their numbers are; an advised gain is only known
 * to be 1/rms where it is.
 */
enum sn_status figure_judge_gain(struct figure_result *result,
    const struct figure_figure *figure, struct claim_prover *prover)
{
    struct claim_part_result *gain = &result->extremum;
    mpfi_t printed, off;
    mpfr_t unit;
    mpfi_init2(printed, IV_PROOF_PRECISION);
    mpfi_init2(off, IV_PROOF_PRECISION);
    mpfr_init2(unit, IV_PROOF_PRECISION);
    enum sn_status status = act_gain_mpfr(gain->lower, gain->upper,
        figure->what, figure->kind != FIGURE_GAIN_STD);
    if (!status)
        status = printed_gain(printed, figure, prover);
    mpfr_set_d(unit, 1e-30, MPFR_RNDN);
    if (figure->kind != FIGURE_GAIN_ADVICE)
        figure_unit(unit, figure->printed);
    mpfi_interv_fr(off, gain->lower, gain->upper);
    mpfi_sub(off, off, printed);
    mpfi_abs(off, off);
    if (!status && mpfr_lessequal_p(&off->right, unit))
        result->verdict = FIGURE_RIGHT;
    else if (!status && mpfr_greater_p(&off->left, unit))
        result->verdict = figure->kind == FIGURE_GAIN_ADVICE
                              ? FIGURE_NOT_JUDGED
                              : FIGURE_WRONG;
    mpfi_div(off, off, printed);
    result->off = mpfr_get_d(&off->right, MPFR_RNDU);
    mpfi_clear(printed);
    mpfi_clear(off);
    mpfr_clear(unit);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gains of activations as others print them, beside the moments. */
#include "fixedpoint/activations/gain.h"
#include "fixedpoint/proofs/figures/figures_table.h"

static const struct figure_region std = {
    "1/std, z ~ N(0, 1)", {[IV_M] = {"0", "0"}, [IV_V] = {"1", "1"}}, {NULL}};
static const struct figure_region rms = {
    "1/rms, z ~ N(0, 1)", {[IV_M] = {"0", "0"}, [IV_V] = {"1", "1"}}, {NULL}};

#define UNSAID "not 1/rms; what it is the gain of is not said"
#define GAMMA(name, printed)                                                  \
    {                                                                         \
        "NFNets", name, printed, &std, 1, FIGURE_GAIN_STD, printed, NULL, NO  \
    }
#define GAIN(name, printed, note)                                             \
    {                                                                         \
        "PyTorch", name, printed, &rms, 1, FIGURE_GAIN_RMS, printed, note, NO \
    }

static const struct figure_figure rows[] = {
    /* estimates from samples */
    GAMMA("celu", "1.270926833152771"),
    GAMMA("elu", "1.2716004848480225"),
    GAMMA("gelu", "1.7015043497085571"),
    GAMMA("leaky_relu", "1.70590341091156"),
    GAMMA("log_sigmoid", "1.9193484783172607"),
    GAMMA("relu", "1.7139588594436646"),
    GAMMA("relu6", "1.7131484746932983"),
    GAMMA("selu", "1.0008515119552612"),
    GAMMA("sigmoid", "4.803835391998291"),
    GAMMA("silu", "1.7881293296813965"),
    GAMMA("softsign", "2.338853120803833"),
    GAMMA("softplus", "1.9203323125839233"),
    GAMMA("tanh", "1.5939117670059204"),
    GAIN("tanh", "5/3", UNSAID),
    GAIN("relu", "sqrt(2)", NULL),
    GAIN("leaky_relu", "sqrt(2/(1 + 0.01^2))", "s = 0.01, the default slope"),
    GAIN("selu", "3/4", UNSAID),
    GAIN("sigmoid", "1", UNSAID),
};
const struct figure_figures figure_gains = TABLE(rows);

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
 * NFNets say what their numbers are; a recommended gain is only known to be
 * 1/rms where it is.
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
        figure->what, figure->kind == FIGURE_GAIN_RMS);
    if (!status)
        status = printed_gain(printed, figure, prover);
    mpfr_set_d(unit, 1e-30, MPFR_RNDN);
    if (figure->kind == FIGURE_GAIN_STD)
        figure_unit(unit, figure->printed);
    mpfi_interv_fr(off, gain->lower, gain->upper);
    mpfi_sub(off, off, printed);
    mpfi_abs(off, off);
    if (!status && mpfr_lessequal_p(&off->right, unit))
        result->verdict = FIGURE_RIGHT;
    else if (!status && mpfr_greater_p(&off->left, unit))
        result->verdict =
            figure->kind == FIGURE_GAIN_STD ? FIGURE_WRONG : FIGURE_NOT_JUDGED;
    mpfi_div(off, off, printed);
    result->off = mpfr_get_d(&off->right, MPFR_RNDU);
    mpfi_clear(printed);
    mpfi_clear(off);
    mpfr_clear(unit);
    return status;
}

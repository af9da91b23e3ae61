/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Witnesses: points of a domain as decimals that a reader can check by hand.
 */
#include "fixedpoint/proofs/intervals/formulas.h"
#include <math.h>
#include <string.h>

void iv_place_clear(struct iv_place *place)
{
    for (int i = 0; i < IV_COORDINATES; i++) {
        if (place->text[i])
            mpfr_free_str(place->text[i]);
        place->text[i] = NULL;
    }
}

/* Copies with MPFR's allocator, as mpfr_asprintf's texts are. */
static char *copy(const char *text)
{
    char *result = NULL;
    if (mpfr_asprintf(&result, "%s", text) < 0)
        return NULL;
    return result;
}

/* lower <= text <= upper, proven. */
static bool lies_between(
    const char *text, const char *lower, const char *upper)
{
    mpfi_t x, end;
    mpfi_init2(x, 4 * IV_PROOF_PRECISION);
    mpfi_init2(end, 4 * IV_PROOF_PRECISION);
    bool good = !iv_decimal_mpfi(x, text);
    good = good && !iv_decimal_mpfi(end, lower) &&
           mpfr_lessequal_p(&end->right, &x->left);
    good = good && !iv_decimal_mpfi(end, upper) &&
           mpfr_lessequal_p(&x->right, &end->left);
    mpfi_clear(x);
    mpfi_clear(end);
    return good;
}

/*
 * The decimal of x to 15 digits, or one of the ends where x is so near that
 * its double may have been meant for it, or where the decimal is not proven
 * inside.
 */
static char *snap(mpfr_srcptr x, const char *lower, const char *upper)
{
    const char *ends[2] = {lower, upper};
    mpfr_t end, gap[2], slack;
    mpfr_inits2(IV_PROOF_PRECISION, end, gap[0], gap[1], slack, NULL);
    char *text = NULL;
    bool near = mpfr_nan_p(x);
    for (int i = 0; i < 2; i++) {
        mpfr_set_str(end, ends[i], 10, MPFR_RNDN);
        mpfr_sub(gap[i], x, end, MPFR_RNDN);
        mpfr_abs(gap[i], gap[i], MPFR_RNDN);
        mpfr_abs(slack, end, MPFR_RNDN);
        mpfr_mul_2si(slack, slack, -49, MPFR_RNDN);
        near = near || mpfr_lessequal_p(gap[i], slack);
    }
    if (!near && mpfr_asprintf(&text, "%.15RNg", x) < 0)
        text = NULL;
    if (near || !text || !lies_between(text, lower, upper)) {
        if (text)
            mpfr_free_str(text);
        text = copy(ends[mpfr_less_p(gap[1], gap[0]) != 0]);
    }
    mpfr_clears(end, gap[0], gap[1], slack, NULL);
    return text;
}

/* product / factor, snapped to a coordinate that goes from lower to upper. */
static char *quotient(
    double product, mpfi_srcptr factor, int sign, const char *const ends[2])
{
    mpfr_t x, y;
    mpfr_inits2(IV_PROOF_PRECISION, x, y, NULL);
    mpfi_mid(y, factor);
    mpfr_set_d(x, product, MPFR_RNDN);
    mpfr_abs(x, x, MPFR_RNDN);
    mpfr_div(x, x, y, MPFR_RNDN);
    mpfr_mul_si(x, x, sign, MPFR_RNDN);
    char *text =
        sign > 0 ? snap(x, ends[0], ends[1]) : snap(x, ends[1], ends[0]);
    mpfr_clears(x, y, NULL);
    return text;
}

/* mu and omega from m, where the largest |omega| that m allows is taken. */
static void unfold_m(
    char *text[IV_COORDINATES], const struct iv_piece *piece, double m)
{
    if (piece->along_m) {
        text[IV_MU] = copy(piece->mu_text[0]);
        text[IV_OMEGA] =
            quotient(m, piece->mu, piece->omega_sign, piece->omega_text);
    } else if (mpfi_is_zero(piece->omega)) {
        text[IV_OMEGA] = copy(piece->omega_text[1]);
        text[IV_MU] = copy(piece->mu_text[0]);
    } else {
        text[IV_OMEGA] = copy(piece->omega_text[1]);
        text[IV_MU] =
            quotient(m, piece->omega, piece->mu_sign, piece->mu_text);
    }
}

/* nu and tau from v, likewise. */
static void unfold_v(char *text[IV_COORDINATES],
    const struct iv_domain *domain, const struct iv_piece *piece, double v)
{
    if (piece->along_v) {
        text[IV_NU] = copy(domain->text[IV_NU][0]);
        text[IV_TAU] = quotient(v, piece->nu, 1, domain->text[IV_TAU]);
    } else {
        text[IV_TAU] = copy(domain->text[IV_TAU][1]);
        text[IV_NU] = quotient(v, piece->tau, 1, domain->text[IV_NU]);
    }
}

enum sn_status iv_domain_locate(struct iv_place *place,
    const struct iv_domain *domain, const struct iv_piece *piece,
    const double x[IV_AXES])
{
    if (piece->folds_m)
        unfold_m(place->text, piece, x[piece->at[IV_M]]);
    if (piece->folds_v)
        unfold_v(place->text, domain, piece, x[piece->at[IV_V]]);
    mpfr_t value;
    mpfr_init2(value, IV_PROOF_PRECISION);
    for (int i = 0; i < piece->axes; i++) {
        int c = piece->axis[i];
        if ((piece->folds_m && c == IV_M) || (piece->folds_v && c == IV_V))
            continue;
        mpfr_set_d(value, x[i], MPFR_RNDN);
        place->text[c] = snap(value, domain->text[c][0], domain->text[c][1]);
    }
    mpfr_clear(value);
    for (int i = 0; i < IV_COORDINATES; i++)
        if (domain->text[i][0] && !place->text[i])
            return SN_NO_MEMORY;
    return SN_OK;
}

bool iv_domain_holds(
    const struct iv_domain *domain, const struct iv_place *place)
{
    for (int i = 0; i < IV_COORDINATES; i++) {
        const char *text = place->text[i];
        if (!domain->text[i][0])
            continue;
        /* the end's own text is inside whatever its length */
        if (!text ||
            (strcmp(text, domain->text[i][0]) &&
                strcmp(text, domain->text[i][1]) &&
                !lies_between(text, domain->text[i][0], domain->text[i][1])))
            return false;
    }
    return true;
}

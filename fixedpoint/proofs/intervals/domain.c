/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domains with decimal ends and their reduction from (mu, nu, omega, tau) to
 * (m, v).  For a fixed (m, v) the singular values of the Jacobian grow with
 * |omega| and tau, because H H^T = omega^2 c1 c1^T + tau^2 c2 c2^T does.  So
 * only the largest ones that (m, v) allows count: |omega| = min(d, |m|/a) and
 * tau = min(tau1, v/nu0), for |mu| in [a, b], |omega| in [c, d].
 */
#include "fixedpoint/proofs/intervals/formulas.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const iv_coordinate[IV_COORDINATES] = {[IV_MU] = "mu",
    [IV_NU] = "nu",
    [IV_OMEGA] = "omega",
    [IV_TAU] = "tau",
    [IV_M] = "m",
    [IV_V] = "v",
    [IV_S] = "s"};

void iv_domain_init(struct iv_domain *domain)
{
    memset(domain, 0, sizeof *domain);
    for (int i = 0; i < IV_COORDINATES; i++) {
        mpfi_init2(domain->end[i][0], IV_PROOF_PRECISION);
        mpfi_init2(domain->end[i][1], IV_PROOF_PRECISION);
    }
}

void iv_domain_clear(struct iv_domain *domain)
{
    for (int i = 0; i < IV_COORDINATES; i++) {
        mpfi_clear(domain->end[i][0]);
        mpfi_clear(domain->end[i][1]);
    }
}

enum sn_status iv_domain_set(struct iv_domain *domain, int coordinate,
    const char *lower, const char *upper)
{
    mpfi_t *end = domain->end[coordinate];
    if (iv_decimal_mpfi(end[0], lower) || iv_decimal_mpfi(end[1], upper) ||
        iv_decimal_compare(lower, upper) > 0)
        return SN_BAD_VALUE;
    if ((coordinate == IV_NU || coordinate == IV_TAU || coordinate == IV_V) &&
        mpfr_sgn(&end[0]->left) <= 0)
        return SN_BAD_VALUE;
    domain->text[coordinate][0] = lower;
    domain->text[coordinate][1] = upper;
    return SN_OK;
}

void iv_piece_init(struct iv_piece *piece)
{
    memset(piece, 0, sizeof *piece);
    for (int i = 0; i < IV_COORDINATES; i++)
        piece->at[i] = -1;
    mpfi_init2(piece->mu, IV_PROOF_PRECISION);
    mpfi_init2(piece->omega, IV_PROOF_PRECISION);
    mpfi_init2(piece->nu, IV_PROOF_PRECISION);
    mpfi_init2(piece->tau, IV_PROOF_PRECISION);
}

void iv_piece_clear(struct iv_piece *piece)
{
    mpfi_clear(piece->mu);
    mpfi_clear(piece->omega);
    mpfi_clear(piece->nu);
    mpfi_clear(piece->tau);
}

/* The part of [lower, upper] on one side of 0, by modulus. */
struct half {
    int sign;
    mpfi_t end[2];
    const char *text[2];
};

/* How many halves (1 or 2) a coordinate has. */
static int halves(
    struct half half[2], const struct iv_domain *domain, int coordinate)
{
    int used = 0;
    for (int sign = 1; sign >= -1; sign -= 2) {
        const mpfi_t *end = domain->end[coordinate];
        int outer = sign > 0, inner = !outer;
        /* decimals are enclosed with their sign, and 0 exactly */
        if (mpfi_is_zero(end[outer]) ? used || !mpfi_is_zero(end[inner])
                                     : mpfr_sgn(&end[outer]->left) != sign)
            continue;
        struct half *h = &half[used++];
        h->sign = sign;
        mpfi_init2(h->end[0], IV_PROOF_PRECISION);
        mpfi_init2(h->end[1], IV_PROOF_PRECISION);
        mpfi_abs(h->end[1], end[outer]);
        h->text[1] = domain->text[coordinate][outer];
        if (mpfr_sgn(&end[inner]->left) == sign) {
            mpfi_abs(h->end[0], end[inner]);
            h->text[0] = domain->text[coordinate][inner];
        } else {
            mpfi_set_ui(h->end[0], 0);
            h->text[0] = "0";
        }
    }
    return used;
}

static void halves_clear(struct half half[2], int used)
{
    for (int i = 0; i < used; i++) {
        mpfi_clear(half[i].end[0]);
        mpfi_clear(half[i].end[1]);
    }
}

/* Of the decimals themselves: more digits than the intervals have count. */
static bool is_same(const char *a, const char *b)
{
    return !iv_decimal_compare(a + strspn(a, "+-"), b + strspn(b, "+-"));
}

/* One quadrant equals another if the sign of m and all four ends agree. */
static bool is_known(const struct half *const *known, int count,
    const struct half *mu, const struct half *omega)
{
    for (int i = 0; i < count; i++) {
        const struct half *a = known[2 * i], *b = known[2 * i + 1];
        if (a->sign * b->sign == mu->sign * omega->sign &&
            is_same(a->text[0], mu->text[0]) &&
            is_same(a->text[1], mu->text[1]) &&
            is_same(b->text[0], omega->text[0]) &&
            is_same(b->text[1], omega->text[1]))
            return true;
    }
    return false;
}

/*
 * x y for x in [x0, x1], y in [y0, y1], all 0 or more: range[0] is
 * [x0 y0, x0 y1], where y is at most x y / x0; range[1] is [x0 y1, x1 y1],
 * where y can be y1.  Outwards, so both hold the kink between them.
 */
static void ranges(double range[2][2], const mpfi_t x[2], const mpfi_t y[2])
{
    mpfi_t p;
    mpfi_init2(p, IV_PROOF_PRECISION);
    mpfi_mul(p, x[0], y[0]);
    range[0][0] = mpfr_get_d(&p->left, MPFR_RNDD);
    mpfi_mul(p, x[0], y[1]);
    range[0][1] = mpfr_get_d(&p->right, MPFR_RNDU);
    range[1][0] = mpfr_get_d(&p->left, MPFR_RNDD);
    mpfi_mul(p, x[1], y[1]);
    range[1][1] = mpfr_get_d(&p->right, MPFR_RNDU);
    mpfi_clear(p);
}

static void add_axis(
    struct iv_piece *piece, int coordinate, double lower, double upper)
{
    piece->at[coordinate] = piece->axes;
    piece->axis[piece->axes] = coordinate;
    piece->x[piece->axes][0] = lower;
    piece->x[piece->axes++][1] = upper;
}

/* The coordinate's own interval, outwards, if the domain has it. */
static void add_coordinate(
    struct iv_piece *piece, const struct iv_domain *domain, int coordinate)
{
    if (domain->text[coordinate][0] && piece->axes < IV_AXES)
        add_axis(piece, coordinate,
            mpfr_get_d(&domain->end[coordinate][0]->left, MPFR_RNDD),
            mpfr_get_d(&domain->end[coordinate][1]->right, MPFR_RNDU));
}

/* What is taken on a piece; the axes come after. */
static void take_ends(struct iv_piece *p, const struct iv_domain *domain,
    const struct half *mu, const struct half *omega)
{
    if (mu) {
        p->mu_sign = mu->sign;
        p->omega_sign = omega->sign;
        mpfi_set(p->mu, mu->end[0]);
        mpfi_set(p->omega, omega->end[1]);
        memcpy(p->mu_text, mu->text, sizeof p->mu_text);
        memcpy(p->omega_text, omega->text, sizeof p->omega_text);
    }
    mpfi_set(p->nu, domain->end[IV_NU][0]);
    mpfi_set(p->tau, domain->end[IV_TAU][1]);
}

/* The up to four pieces of one quadrant; mu NULL: m is not folded. */
static size_t quadrant(struct iv_piece *pieces, const struct iv_domain *domain,
    const struct half *mu, const struct half *omega, bool fold_v)
{
    double m[2][2], v[2][2];
    bool free_m = false, free_v = false;
    if (mu) {
        ranges(m, mu->end, omega->end);
        free_m = !mpfi_is_zero(mu->end[0]) &&
                 !is_same(omega->text[0], omega->text[1]);
    }
    if (fold_v) {
        ranges(v, domain->end[IV_NU], domain->end[IV_TAU]);
        free_v = !is_same(domain->text[IV_TAU][0], domain->text[IV_TAU][1]);
    }
    size_t used = 0;
    for (int i = free_m ? 0 : 1; i < 2; i++)
        for (int j = free_v ? 0 : 1; j < 2; j++) {
            struct iv_piece *p = &pieces[used++];
            iv_piece_init(p);
            take_ends(p, domain, mu, omega);
            p->folds_m = mu != NULL;
            p->folds_v = fold_v;
            p->along_m = mu && !i;
            p->along_v = fold_v && !j;
            if (mu) {
                int sign = mu->sign * omega->sign;
                add_axis(p, IV_M, sign > 0 ? m[i][0] : 0 - m[i][1],
                    sign > 0 ? m[i][1] : 0 - m[i][0]);
            } else {
                add_coordinate(p, domain, IV_MU);
                add_coordinate(p, domain, IV_OMEGA);
                add_coordinate(p, domain, IV_M);
            }
            if (fold_v) {
                add_axis(p, IV_V, v[j][0], v[j][1]);
            } else {
                add_coordinate(p, domain, IV_NU);
                add_coordinate(p, domain, IV_TAU);
                add_coordinate(p, domain, IV_V);
            }
            add_coordinate(p, domain, IV_S);
        }
    return used;
}

size_t iv_domain_pieces(struct iv_piece pieces[IV_MAX_PIECES],
    const struct iv_domain *domain, bool fold_m, bool fold_v)
{
    fold_v = fold_v && domain->text[IV_NU][0] && domain->text[IV_TAU][0];
    if (!fold_m || !domain->text[IV_MU][0] || !domain->text[IV_OMEGA][0])
        return quadrant(pieces, domain, NULL, NULL, fold_v);
    struct half mu[2], omega[2];
    int mu_count = halves(mu, domain, IV_MU);
    int omega_count = halves(omega, domain, IV_OMEGA);
    const struct half *known[8];
    int known_count = 0;
    size_t used = 0;
    for (int i = 0; i < mu_count; i++)
        for (int j = 0; j < omega_count; j++) {
            if (is_known(known, known_count, &mu[i], &omega[j]))
                continue;
            known[2 * known_count] = &mu[i];
            known[2 * known_count++ + 1] = &omega[j];
            used += quadrant(pieces + used, domain, &mu[i], &omega[j], fold_v);
        }
    halves_clear(mu, mu_count);
    halves_clear(omega, omega_count);
    return used;
}

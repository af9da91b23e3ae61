/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Enclosures of the map and its derivatives against the paper's own formulas
 * in MPFR (derivatives of derivatives by differences) and against Arb.
 */
#include "fixedpoint/constants/constants.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <math.h>
#include <stdlib.h>
#include <stdio.h>

enum { WIDE = 320 }; /* bits of the MPFR reference */

/* ---- the paper's formulas in MPFR: eqs. 4, 5 and 62 to 65 ----------- */

struct reference {
    mpfr_t lambda, alpha, e1, e2, c, g, t, u;
};

static void reference_init(struct reference *r)
{
    mpfr_inits2(
        WIDE, r->lambda, r->alpha, r->e1, r->e2, r->c, r->g, r->t, r->u, NULL);
    mpfr_set_str(r->lambda, "1.0507009873554804934193349852946", 10, 0);
    mpfr_set_str(r->alpha, "1.6732632423543772848170429916717", 10, 0);
}

static void reference_clear(struct reference *r)
{
    mpfr_clears(
        r->lambda, r->alpha, r->e1, r->e2, r->c, r->g, r->t, r->u, NULL);
}

/* e1, e2 = e^(y + x/2) erfc((x + y)/sqrt(2x)), e^(2y + 2x) erfc(...); c =
 * erfc(y/sqrt(2x)), g = e^(-y^2/2x); x = v, y = m. */
static void terms(struct reference *r, const mpfr_t y, const mpfr_t x)
{
    for (unsigned k = 1; k <= 2; k++) {
        mpfr_ptr e = k == 1 ? r->e1 : r->e2;
        mpfr_mul_ui(r->t, x, 2, 0);
        mpfr_sqrt(r->t, r->t, 0);
        mpfr_mul_ui(r->u, x, k, 0);
        mpfr_add(r->u, r->u, y, 0);
        mpfr_div(r->u, r->u, r->t, 0);
        mpfr_erfc(e, r->u, 0);
        mpfr_mul_ui(r->u, x, k * k, 0);
        mpfr_div_ui(r->u, r->u, 2, 0);
        mpfr_add(r->u, r->u, y, 0);
        if (k == 2)
            mpfr_add(r->u, r->u, y, 0);
        mpfr_exp(r->u, r->u, 0);
        mpfr_mul(e, e, r->u, 0);
    }
    mpfr_div(r->u, y, r->t, 0);
    mpfr_erfc(r->c, r->u, 0);
    mpfr_sqr(r->u, r->u, 0);
    mpfr_neg(r->u, r->u, 0);
    mpfr_exp(r->g, r->u, 0);
}

/* sqrt(2x/pi) g into t */
static void edge(struct reference *r, const mpfr_t x)
{
    mpfr_const_pi(r->t, 0);
    mpfr_div(r->t, x, r->t, 0);
    mpfr_mul_ui(r->t, r->t, 2, 0);
    mpfr_sqrt(r->t, r->t, 0);
    mpfr_mul(r->t, r->t, r->g, 0);
}

enum { MEAN, MEAN_M, MEAN_V, SECOND, SECOND_M, SECOND_V, QUANTITIES };

static void paper(
    mpfr_t y[QUANTITIES], struct reference *r, const mpfr_t m, const mpfr_t v)
{
    terms(r, m, v);
    mpfr_ptr a = r->alpha, u = r->u, t = r->t;
    mpfr_t a2, p;
    mpfr_inits2(WIDE, a2, p, NULL);
    mpfr_sqr(a2, a, 0);
    mpfr_ui_sub(p, 2, r->c, 0); /* p = 2 - erfc = 1 + erf */
    edge(r, v);
    /* eq. 4: 2 mean = lambda (m p + sqrt(2v/pi) g + alpha (e1 - c)) */
    mpfr_sub(u, r->e1, r->c, 0);
    mpfr_mul(u, u, a, 0);
    mpfr_add(u, u, t, 0);
    mpfr_mul(y[MEAN], m, p, 0);
    mpfr_add(y[MEAN], y[MEAN], u, 0);
    /* eq. 62 */
    mpfr_mul(y[MEAN_M], a, r->e1, 0);
    mpfr_add(y[MEAN_M], y[MEAN_M], p, 0);
    /* eq. 63, with sqrt(2/(pi v)) g = t / v */
    mpfr_mul(y[MEAN_V], a, r->e1, 0);
    mpfr_sub_ui(u, a, 1, 0);
    mpfr_mul(u, u, t, 0);
    mpfr_div(u, u, v, 0);
    mpfr_sub(y[MEAN_V], y[MEAN_V], u, 0);
    mpfr_div_ui(y[MEAN_V], y[MEAN_V], 2, 0);
    /* eq. 5 */
    mpfr_mul_ui(u, r->e1, 2, 0);
    mpfr_sub(u, r->e2, u, 0);
    mpfr_add(u, u, r->c, 0);
    mpfr_mul(y[SECOND], u, a2, 0);
    mpfr_sqr(u, m, 0);
    mpfr_add(u, u, v, 0);
    mpfr_mul(u, u, p, 0);
    mpfr_add(y[SECOND], y[SECOND], u, 0);
    mpfr_mul(u, m, t, 0);
    mpfr_add(y[SECOND], y[SECOND], u, 0);
    /* eq. 64 (twice: it has no half) */
    mpfr_sub(u, r->e2, r->e1, 0);
    mpfr_mul(y[SECOND_M], u, a2, 0);
    mpfr_mul(u, m, p, 0);
    mpfr_add(y[SECOND_M], y[SECOND_M], u, 0);
    mpfr_add(y[SECOND_M], y[SECOND_M], t, 0);
    mpfr_mul_ui(y[SECOND_M], y[SECOND_M], 2, 0);
    /* eq. 65 */
    mpfr_mul_ui(u, r->e2, 2, 0);
    mpfr_sub(u, u, r->e1, 0);
    mpfr_mul(y[SECOND_V], u, a2, 0);
    mpfr_add(y[SECOND_V], y[SECOND_V], p, 0);
    for (int i = 0; i < QUANTITIES; i++) {
        mpfr_mul(y[i], y[i], r->lambda, 0);
        if (i >= SECOND)
            mpfr_mul(y[i], y[i], r->lambda, 0);
        mpfr_div_ui(y[i], y[i], 2, 0);
    }
    /* second moment to variance */
    for (int i = 0; i < 3; i++) {
        mpfr_mul(u, y[MEAN], y[i], 0);
        if (i)
            mpfr_mul_ui(u, u, 2, 0);
        mpfr_sub(y[SECOND + i], y[SECOND + i], u, 0);
    }
    mpfr_clears(a2, p, NULL);
}

/* Steps of 2^-60 in m or v: central differences good to 2^-100. */
static void slopes(mpfr_t y[QUANTITIES], struct reference *r, const mpfr_t m,
    const mpfr_t v, bool in_v)
{
    mpfr_t lower[QUANTITIES], x, h;
    mpfr_inits2(WIDE, x, h, NULL);
    for (int i = 0; i < QUANTITIES; i++)
        mpfr_init2(lower[i], WIDE);
    mpfr_set_ui_2exp(h, 1, -60, 0);
    mpfr_sub(x, in_v ? v : m, h, 0);
    paper(lower, r, in_v ? m : x, in_v ? x : v);
    mpfr_add(x, in_v ? v : m, h, 0);
    paper(y, r, in_v ? m : x, in_v ? x : v);
    for (int i = 0; i < QUANTITIES; i++) {
        mpfr_sub(y[i], y[i], lower[i], 0);
        mpfr_mul_2ui(y[i], y[i], 59, 0);
        mpfr_clear(lower[i]);
    }
    mpfr_clears(x, h, NULL);
}

static const struct iv_jet *jet_of(struct iv_map *map, int i)
{
    static const enum iv_atom atom[QUANTITIES] = {IV_MEAN, IV_MEAN_M,
        IV_MEAN_V, IV_VARIANCE, IV_VARIANCE_M, IV_VARIANCE_V};
    return iv_map_atom(map, atom[i]);
}

/* Is x in the interval widened by `slack` (the reference's own error)? */
static bool holds(mpfi_srcptr interval, mpfr_srcptr x, double slack)
{
    mpfr_t wide;
    mpfr_init2(wide, WIDE);
    mpfr_sub_d(wide, &interval->left, slack, MPFR_RNDD);
    bool good = mpfr_lessequal_p(wide, x);
    mpfr_add_d(wide, &interval->right, slack, MPFR_RNDU);
    good = good && mpfr_lessequal_p(x, wide);
    mpfr_clear(wide);
    return good;
}

Test(proofs, enclosures_hold_the_paper_s_formulas)
{
    seed(1);
    struct iv_selu selu;
    struct iv_map *map = iv_map_new();
    struct reference r;
    mpfr_t y[3][QUANTITIES], m, v;
    mpfi_t box_m, box_v;
    iv_selu_init(&selu);
    iv_selu_constants_mpfi(&selu);
    reference_init(&r);
    mpfr_inits2(WIDE, m, v, NULL);
    mpfi_init2(box_m, IV_PROOF_PRECISION);
    mpfi_init2(box_v, IV_PROOF_PRECISION);
    for (int k = 0; k < 3 * QUANTITIES; k++)
        mpfr_init2(y[k / QUANTITIES][k % QUANTITIES], WIDE);
    int wrong = 0, loose = 0, tests = 0;
    char worst[160] = "none";
    for (int round = 0; round < 200; round++) {
        /* half of them points, which must come out narrow */
        bool point = round % 2;
        double spread = round % 4 < 2 ? 0.02 : 4;
        double m0 = uniform(-spread, spread), v0 = exp(uniform(-6, 4));
        double m1 = point ? m0 : m0 + exp(uniform(-30, 0));
        double v1 = point ? v0 : v0 * (1 + exp(uniform(-30, 0)));
        mpfi_interv_d(box_m, m0, m1);
        mpfi_interv_d(box_v, v0, v1);
        iv_map_set(map, box_m, box_v, &selu, 2, true);
        mpfr_set_d(m, uniform(m0, m1), 0);
        mpfr_set_d(v, uniform(v0, v1), 0);
        paper(y[0], &r, m, v);
        slopes(y[1], &r, m, v, false);
        slopes(y[2], &r, m, v, true);
        for (int k = 0; k < 3 * QUANTITIES; k++, tests++) {
            int d = k / QUANTITIES, i = k % QUANTITIES;
            const struct iv_jet *jet = jet_of(map, i);
            mpfi_srcptr range = d == 0 ? jet->f : jet->d[d - 1];
            double size = 1 + fabs(mpfr_get_d(y[d][i], 0));
            /* the literals of lambda, alpha are good to 1e-31 */
            bool bad = !iv_is_interval(range) ||
                       !holds(range, y[d][i], d ? 1e-22 * size : 1e-28 * size);
            bool wide = point && mpfr_get_d(&range->right, 0) -
                                         mpfr_get_d(&range->left, 0) >
                                     1e-12 * size;
            wrong += bad;
            loose += wide;
            if (bad || wide)
                snprintf(worst, sizeof worst,
                    "derivative %d of quantity %d, m in [%a, %a], v in [%a, "
                    "%a]",
                    d, i, m0, m1, v0, v1);
        }
    }
    for (int k = 0; k < 3 * QUANTITIES; k++)
        mpfr_clear(y[k / QUANTITIES][k % QUANTITIES]);
    mpfr_clears(m, v, NULL);
    mpfi_clear(box_m);
    mpfi_clear(box_v);
    reference_clear(&r);
    iv_map_free(map);
    iv_selu_clear(&selu);
    cr_assert(!wrong && !loose, "%d wrong, %d loose of %d; last: %s", wrong,
        loose, tests, worst);
}

/* Do an Arb ball and an MPFI interval have a number in common? */
static bool meets(const arb_t ball, mpfi_srcptr interval)
{
    mpfr_t lower, upper;
    mpfr_inits2(WIDE, lower, upper, NULL);
    arb_get_interval_mpfr(lower, upper, ball);
    bool good = mpfr_lessequal_p(lower, &interval->right) &&
                mpfr_lessequal_p(&interval->left, upper);
    mpfr_clears(lower, upper, NULL);
    return good;
}

static void arb_of(arb_t x, const char *text)
{
    arb_set_str(x, text, 200);
}

Test(proofs, points_agree_with_arb)
{
    seed(2);
    struct iv_selu selu;
    struct map_point point;
    struct iv_map *map = iv_map_new();
    char *spectral = expanded("norm_H");
    struct iv_term *term[] = {iv_term_new(spectral, NULL),
        iv_term_new("M", NULL), iv_term_new("V", NULL)};
    free(spectral);
    arb_t mean, variance, norm, jacobian[4];
    mpfi_t value;
    iv_selu_init(&selu);
    iv_selu_constants_mpfi(&selu);
    map_point_init(&point);
    arb_init(mean);
    arb_init(variance);
    arb_init(norm);
    for (int i = 0; i < 4; i++)
        arb_init(jacobian[i]);
    mpfi_init2(value, IV_PROOF_PRECISION);
    constants_selu_arb(point.lambda, point.alpha, 200);
    int wrong =
        !meets(point.lambda, selu.lambda) + !meets(point.alpha, selu.alpha);
    char text[4][64], worst[300] = "constants";
    for (int round = 0; round < 150; round++) {
        snprintf(text[IV_MU], 64, "%.9g", uniform(-3, 3));
        snprintf(text[IV_NU], 64, "%.9g", exp(uniform(-10, 8)));
        snprintf(text[IV_OMEGA], 64, "%.9g", uniform(-2, 2));
        snprintf(text[IV_TAU], 64, "%.9g", exp(uniform(-2, 2)));
        struct iv_place place = {
            {text[IV_MU], text[IV_NU], text[IV_OMEGA], text[IV_TAU]}};
        arb_of(point.mu, text[IV_MU]);
        arb_of(point.nu, text[IV_NU]);
        arb_of(point.omega, text[IV_OMEGA]);
        arb_of(point.tau, text[IV_TAU]);
        map_arb(mean, variance, jacobian, &point, 200);
        map_spectral_norm_arb(norm, jacobian, 200);
        iv_term_at(value, term[0], &place, map, &selu);
        bool bad = !meets(norm, value);
        iv_term_at(value, term[1], &place, map, &selu);
        bad |= !meets(mean, value);
        iv_term_at(value, term[2], &place, map, &selu);
        bad |= !meets(variance, value);
        wrong += bad;
        if (bad)
            snprintf(worst, sizeof worst, "mu %s nu %s omega %s tau %s",
                text[0], text[1], text[2], text[3]);
    }
    for (int i = 0; i < 4; i++)
        arb_clear(jacobian[i]);
    arb_clear(mean);
    arb_clear(variance);
    arb_clear(norm);
    mpfi_clear(value);
    map_point_clear(&point);
    iv_selu_clear(&selu);
    iv_map_free(map);
    for (int i = 0; i < 3; i++)
        iv_term_free(term[i]);
    cr_assert(!wrong, "%d of 150 points disagree; last: %s", wrong, worst);
}

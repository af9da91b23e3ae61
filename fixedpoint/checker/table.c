/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that a certificate can claim: the inequalities of each claim, in the
 * checker's own words.  Names in formulas are in formula.c.
 */
#include "fixedpoint/checker/parts.h"
#include <string.h>

#define ROWS(x) (x), (int)(sizeof(x) / sizeof *(x))

#define D1                                                                    \
    "mu -0.1 0.1 nu 0.8 1.5 omega -0.1 0.1 tau 0.8 1.25" /* Lemma 12          \
                                                          */
#define OMEGA "mu -0.1 0.1 nu 0.8 1.5 omega -0.1 0.1 tau 0.95 1.1"
#define POINT "mu 0 0 nu 1 1 omega 0 0 tau 1 1"

/* The spectral norm of [[a, b], [c, d]], eq. 69. */
#define NORM_OF(a, b, c, d)                                                   \
    "(hypot(" a " + " d ", " c " - " b ") + hypot(" a " - " d ", " c " + " b  \
    "))/2"
#define NORM NORM_OF("omega*M_m", "tau*M_v", "omega*V_m", "tau*V_v")

/* Alpha dropout at the rate 1 - s^2: mean, variance and their slopes. */
#define D     "(1 + (lambda*alpha)^2*(1 - s^2))"
#define DM(x) "s*" x "/sqrt(" D ")"
#define DV(x) "(V" x " + 2*(1 - s^2)*(M + lambda*alpha)*M" x ")/" D
#define DROPOUT_NORM                                                          \
    NORM_OF("omega*" DM("M_m"), "tau*" DM("M_v"), "omega*" DV("_m"),          \
        "tau*" DV("_v"))
#define DROPOUT_VARIANCE "(V + (1 - s^2)*(M + lambda*alpha)^2)/" D
/* the variance less 1, ordered for V = 1 and M = 0 */
#define DROPOUT_EXCESS "(V - 1 + (1 - s^2)*M*(M + 2*lambda*alpha))/" D

#define SQUARE_SLOPE "lambda^2*(P + alpha^2*X2)" /* E selu'(z)^2 */

#define BELOW(formula, limit)                                                 \
    {                                                                         \
        formula, 1, false, limit, 0, false                                    \
    }
#define ABOVE(formula, limit)                                                 \
    {                                                                         \
        formula, -1, false, limit, 0, false                                   \
    }
#define CONTRACTS(norm)                                                       \
    {                                                                         \
        norm, 1, false, "1", 0, true                                          \
    }
/* within the domain's own interval of a coordinate */
#define STAYS(formula, of)                                                    \
    {formula, 1, true, NULL, of, false},                                      \
    {                                                                         \
        formula, -1, true, NULL, of, false                                    \
    }
#define WITHIN(formula, bound) BELOW(formula, bound), ABOVE(formula, "-" bound)

static const struct snc_row contraction[] = {CONTRACTS(NORM)};
static const struct snc_row self_map[] = {
    CONTRACTS(NORM), STAYS("M", SNC_MU), STAYS("V", SNC_NU)};
static const struct snc_row falls[] = {
    BELOW("V - nu", "0"), BELOW("S - nu", "0")};
static const struct snc_row grows[] = {ABOVE("V - nu", "0")};
static const struct snc_row rate[] = {BELOW("V_v", "0.782647883196813"),
    ABOVE("V_v", "0.782647883196812"), BELOW("omega*M_m", "1e-25"),
    BELOW(NORM, "0.787673360465716"), ABOVE(NORM, "0.787673360465715")};
static const struct snc_row gradient_there[] = {
    ABOVE(SQUARE_SLOPE, "1.0715"), BELOW(SQUARE_SLOPE, "1.0716")};
static const struct snc_row gradient[] = {BELOW(SQUARE_SLOPE, "1.1284"),
    ABOVE(SQUARE_SLOPE, "0.9769"), BELOW("tau*" SQUARE_SLOPE, "1.2090"),
    ABOVE("tau*" SQUARE_SLOPE, "0.9526")};
static const struct snc_row correlation[] = {BELOW("M_m^2", "1"),
    ABOVE("M_m^2", "0"), ABOVE(SQUARE_SLOPE, "1"), ABOVE("2*M_v^2", "0")};
static const struct snc_row dropout[] = {CONTRACTS(DROPOUT_NORM),
    STAYS(DM("M"), SNC_MU), STAYS(DROPOUT_VARIANCE, SNC_NU)};
static const struct snc_row dropout_there[] = {WITHIN(DM("M"), "1e-15"),
    WITHIN(DROPOUT_EXCESS, "1e-15"), BELOW(DV("_v"), "0.783")};

static const struct snc_row derivatives[] = {
    /* Lemma 5 */
    WITHIN("omega^2*M_mm", "0.0031049101995398316"),
    WITHIN("M_m + m*M_mm", "1.055872374194189"),
    WITHIN("omega*tau*M_mv", "0.031242911235461816"),
    WITHIN("omega*nu*M_mv", "0.03749149348255419"),
    WITHIN("mu*tau*M_mv", "0.031242911235461816"),
    WITHIN("tau^2*M_vv", "0.21232788238624354"),
    WITHIN("M_v + v*M_vv", "0.2124377655377270"),
    WITHIN("omega^2*S_mm", "0.02220441024325437"),
    WITHIN("S_m + m*S_mm", "1.146955401845684"),
    WITHIN("omega*tau*S_mv", "0.14983446469110305"),
    WITHIN("omega*nu*S_mv", "0.17980135762932363"),
    WITHIN("mu*tau*S_mv", "0.14983446469110305"),
    WITHIN("tau^2*S_vv", "1.805740052651535"),
    WITHIN("S_v + v*S_vv", "2.396685907216327"),
    /* Lemmas 6 and 7 */
    WITHIN("omega*M_m", "0.104497"), WITHIN("tau*M_v", "0.194035"),
    /* Lemma 8 */
    ABOVE("M_m", "0"), ABOVE("M_v", "0"), ABOVE("S_m", "0"), ABOVE("S_v", "0"),
    /* Lemma 9 */
    BELOW("M", "0.087653"), ABOVE("M", "-0.041161"), BELOW("S", "1.643705"),
    ABOVE("S", "0.703257"), BELOW("V", "1.636023"), ABOVE("V", "0.695574")};

/*
 * With p, r = h11 +- h22 and q, t = h21 -+ h12 the norm is (hypot(p, q) +
 * hypot(r, t))/2; the slope of hypot(p, q) is (p p' + q q')/hypot(p, q) =
 * sign(p) (p' + (q/p) q')/hypot(1, q/p).
 */
#define HYPOT_SLOPE(p, q, dp, dq)                                             \
    "sign(" p ")*(" dp " + (" q ")/(" p ")*(" dq "))/hypot(1, (" q ")/(" p "))"
#define NORM_SLOPE(a, b, c, d)                                                \
    "(" HYPOT_SLOPE("omega*M_m + tau*V_v", "omega*V_m - tau*M_v", a " + " d,  \
        c " - " b) " + " HYPOT_SLOPE("omega*M_m - tau*V_v",                   \
        "omega*V_m + tau*M_v", a " - " d, c " + " b) ")/2"
static const struct snc_row slopes[] = {
    WITHIN(NORM_SLOPE("omega^2*M_mm", "omega*tau*M_mv", "omega^2*V_mm",
               "omega*tau*V_mv"),
        "0.32112"),
    WITHIN(NORM_SLOPE("(M_m + m*M_mm)", "mu*tau*M_mv", "(V_m + m*V_mm)",
               "mu*tau*V_mv"),
        "2.63690"),
    WITHIN(NORM_SLOPE(
               "omega*tau*M_mv", "tau^2*M_vv", "omega*tau*V_mv", "tau^2*V_vv"),
        "2.28242"),
    WITHIN(NORM_SLOPE("omega*nu*M_mv", "(M_v + v*M_vv)", "omega*nu*V_mv",
               "(V_v + v*V_vv)"),
        "2.98610")};

const char snc_omega[] = OMEGA;

const struct snc_row snc_step_row[SNC_STEP + 1] = {
    {"M", -1, true, NULL, SNC_MU, false}, {"M", 1, true, NULL, SNC_MU, false},
    {"V", -1, true, NULL, SNC_NU, false}, {"V", 1, true, NULL, SNC_NU, false},
    CONTRACTS(NORM)};

/* ---- sharp ------------------------------------------------------------- */

#define AT_MOST(formula, limit)                                               \
    {                                                                         \
        formula, 1, true, limit, 0, false                                     \
    }
#define AT_LEAST(formula, limit)                                              \
    {                                                                         \
        formula, -1, true, limit, 0, false                                    \
    }
#define OMEGA2 "mu -1 1 nu 3 16 omega -0.1 0.1 tau 0.8 1.25"
#define OMEGA3(nu1, tau0)                                                     \
    "mu -0.1 0.1 nu 0.02 " nu1 " omega -0.1 0.1 tau " tau0 " 1.25"

const struct snc_sharp snc_sharp_row[SNC_SHARP_ROWS] = {
    {AT_MOST("V", "1.5"), OMEGA, SNC_TAU, 1, false},
    {AT_LEAST("V", "0.8"), OMEGA, SNC_TAU, 0, false},
    {CONTRACTS(NORM), OMEGA, SNC_TAU, 1, false},
    {CONTRACTS(NORM), OMEGA, SNC_NU, 0, false},
    {CONTRACTS(NORM), OMEGA, SNC_NU, 1, false},
    {AT_MOST("M", "0.1"), OMEGA, SNC_NU, 1, false},
    {AT_MOST("V", NULL), OMEGA, SNC_NU, 1, true},
    {AT_LEAST("V", NULL), OMEGA, SNC_NU, 0, true},
    {AT_LEAST("V", "0.8"), OMEGA, SNC_OMEGA, 2, false},
    {AT_MOST("M", "0.1"), OMEGA, SNC_OMEGA, 2, false},
    {AT_LEAST("M", "-0.1"), OMEGA, SNC_OMEGA, 2, false},
    {AT_MOST("V", "1.5"), OMEGA, SNC_OMEGA, 2, false},
    {CONTRACTS(NORM), OMEGA, SNC_OMEGA, 2, false},
    {BELOW("V - nu", "0"), OMEGA2, SNC_NU, 0, false},
    {BELOW("S - nu", "0"), OMEGA2, SNC_NU, 0, false},
    {ABOVE("V - nu", "0"), OMEGA3("0.16", "0.8"), SNC_NU, 1, false},
    {ABOVE("V - nu", "0"), OMEGA3("0.24", "0.9"), SNC_NU, 1, false},
    {ABOVE("V - nu", "0"), OMEGA3("0.24", "0.95"), SNC_NU, 1, false}};

/* ---- claims ------------------------------------------------------------ */

#define CONTRACTION_SAYS                                                      \
    "The spectral norm of the Jacobian of g = (M, V) in (mu, nu) is below 1 " \
    "everywhere in the domain."
#define CONTRACTION_NOT                                                       \
    "that g maps the domain into itself, that it has a fixed point there, "   \
    "or that orbits converge"
#define SELF_MAP_SAYS                                                         \
    "For every omega and tau of the domain g maps the domain's (mu, nu) "     \
    "into themselves, with a Jacobian of spectral norm below 1: so there is " \
    "exactly one fixed point there, and the iterates of every start there "   \
    "converge to it."
#define SELF_MAP_NOT                                                          \
    "anything of starts outside, of omega and tau that change from layer to " \
    "layer, or where the fixed point is"
#define ONE_STEP_NOT                                                          \
    "where an orbit goes after this step, or anything of what lies outside "  \
    "the domain"
#define LIST_NOT "anything but these inequalities"
#define GLOBAL_NOT                                                            \
    "a common fixed point for all omega and tau, or anything of other "       \
    "starts and of omega and tau beyond the ranges"
#define GROWS_SAYS                                                            \
    "The variance grows in one step, V > nu: no fixed point of g lies in "    \
    "either domain."
#define GLOBAL_SAYS                                                           \
    "For every sequence of omega and tau in their ranges, which may change "  \
    "from layer to layer, every orbit from (mu, nu) in the domain comes to "  \
    "Omega and stays."
#define GLOBAL(start)                                                         \
    {                                                                         \
        {                                                                     \
            snc_step_row, 0, start " omega -0.1 0.1 tau 0.95 1.1", false      \
        }                                                                     \
    }

static const struct snc_entry entries[] = {
    {"jacobian", CONTRACTION_SAYS, CONTRACTION_NOT, SNC_TABLE, false,
        {{ROWS(contraction), D1, false}}},
    {"jacobian-narrow", CONTRACTION_SAYS, CONTRACTION_NOT, SNC_TABLE, false,
        {{ROWS(contraction), OMEGA, false}}},
    {"theorem1", SELF_MAP_SAYS, SELF_MAP_NOT, SNC_TABLE, false,
        {{ROWS(self_map), OMEGA, false}}},
    {"theorem2",
        "The variance falls in one step, V < nu, and so does the second "
        "moment: no fixed point of g lies in the domain.",
        ONE_STEP_NOT, SNC_TABLE, false, {{ROWS(falls), OMEGA2, false}}},
    {"theorem3", GROWS_SAYS, ONE_STEP_NOT, SNC_TABLE, false,
        {{ROWS(grows), OMEGA3("0.16", "0.8"), false},
            {ROWS(grows), OMEGA3("0.24", "0.9"), false}}},
    {"theorem3-appendix", GROWS_SAYS, ONE_STEP_NOT, SNC_TABLE, false,
        {{ROWS(grows), "mu -0.1 0.1 nu 0.05 0.16 omega -0.1 0.1 tau 0.8 1.25",
             false},
            {ROWS(grows),
                "mu -0.1 0.1 nu 0.05 0.24 omega -0.1 0.1 tau 0.9 1.25",
                false}}},
    {"design", SELF_MAP_SAYS, SELF_MAP_NOT, SNC_DESIGN, false,
        {{ROWS(self_map), OMEGA, false}}},
    {"global", GLOBAL_SAYS, GLOBAL_NOT, SNC_GLOBAL, false,
        GLOBAL("mu -1 1 nu 0.02 16")},
    {"global-wide", GLOBAL_SAYS, GLOBAL_NOT, SNC_GLOBAL, false,
        GLOBAL("mu -5 5 nu 0.02 100")},
    {"sharp",
        "How far inequalities of Theorems 1 to 3 reach: each holds on a "
        "domain with one end moved, and fails on another.",
        LIST_NOT, SNC_SHARP, true, {{NULL, 0, NULL, false}}},
    {"rate",
        "At (0, 1), omega = 0, tau = 1: the slope V_v of the variance, the "
        "only eigenvalue of the Jacobian of g there that is not 0, and the "
        "spectral norm keep these limits.",
        LIST_NOT, SNC_TABLE, true, {{ROWS(rate), POINT, true}}},
    {"gradient",
        "E selu'(z)^2, and tau times it, by which a layer multiplies the "
        "variance of a gradient, keep these limits at (0, 1) and on the "
        "domain.",
        LIST_NOT, SNC_TABLE, true,
        {{ROWS(gradient_there), POINT, true}, {ROWS(gradient), OMEGA, false}}},
    {"correlation",
        "At (0, 1), omega = 0, tau = 1, for the correlation map C of selu: 0 "
        "< C'(0) < 1, C'(1) > 1 and C is no straight line.",
        "the argument that with these 0 attracts every correlation but 1 "
        "(docs/mathematics/proofs.md), or anything of other fixed points",
        SNC_TABLE, false, {{ROWS(correlation), POINT, true}}},
    {"dropout",
        "With alpha dropout at any rate 1 - s^2: for every omega and tau of "
        "the domain the map of mean and variance keeps the domain's (mu, nu) "
        "and contracts there, so it has exactly one fixed point there; for "
        "omega = 0, tau = 1 it takes (0, 1) to within 1e-15 of itself.",
        "what the masks do to the correlation of two passes, or anything of "
        "starts outside",
        SNC_TABLE, false,
        {{ROWS(dropout), OMEGA " s 0 1", false},
            {ROWS(dropout_there), POINT " s 0 1", true}}},
    {"derivatives",
        "The entries of the Jacobian of (M, S), their derivatives and the "
        "moments keep the paper's bounds (Lemmas 5 to 9).",
        LIST_NOT, SNC_TABLE, true, {{ROWS(derivatives), D1, false}}},
    {"norm-slopes",
        "The derivatives of the spectral norm of the Jacobian of g keep the "
        "paper's bounds (Lemma 10).",
        LIST_NOT, SNC_TABLE, true, {{ROWS(slopes), D1, false}}},
};

const struct snc_entry *snc_entry_find(const char *name)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (!strcmp(entries[i].name, name))
            return &entries[i];
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The claims: what each says, as inequalities.  H is the Jacobian of g, J that
 * of (mean, second moment); definitions.c has the names in the formulas,
 * domains.c the domains.
 */
#include "fixedpoint/proofs/claims/build.h"

static const char at_one[] = "(0, 1), omega 0, tau 1";
static const char at_any_rate[] = "(0, 1), any rate";

static const struct claim_row norm_rows[] = {
    {"spectral norm", "spectral norm of the Jacobian is below 1", "norm_H",
        "< 1", NULL},
};

/* g maps the (mu, nu) of the domain into itself, and contracts. */
static const struct claim_row self_map_rows[] = {
    {"spectral norm", "spectral norm of the Jacobian is below 1", "norm_H",
        "< 1", NULL},
    {"mean, largest", "largest mean is at most the largest mu", "M", "<= mu",
        NULL},
    {"mean, smallest", "smallest mean is at least the smallest mu", "M",
        ">= mu", NULL},
    {"variance, largest", "largest variance is at most the largest nu", "V",
        "<= nu", NULL},
    {"variance, smallest", "smallest variance is at least the smallest nu",
        "V", ">= nu", NULL},
};

static const struct claim_row theorem2_rows[] = {
    {"variance - nu", "variance minus nu is negative", "V - nu", "< 0", NULL},
    {"E selu^2 - nu", "second moment minus nu is negative", "S - nu", "< 0",
        NULL},
};

static const char grows[] = "variance minus nu is positive";
static const struct claim_row theorem3_rows[] = {
    {"(i)", grows, "V - nu", "> 0", "Omega1- from 0.02"},
    {"(ii)", grows, "V - nu", "> 0", "Omega2- from 0.02"},
};
static const struct claim_row appendix3_rows[] = {
    {"(i)", grows, "V - nu", "> 0", "Omega1-"},
    {"(ii)", grows, "V - nu", "> 0", "Omega2-"},
};

static const struct claim_row derivatives_rows[] = {
    /* Lemma 5, on the paper's own bounds */
    {"dJ11/dmu", NULL, "omega^2*M_mm", "within 0.0031049101995398316", NULL},
    {"dJ11/domega", NULL, "M_m + m*M_mm", "within 1.055872374194189", NULL},
    {"dJ11/dnu", NULL, "omega*tau*M_mv", "within 0.031242911235461816", NULL},
    {"dJ11/dtau", NULL, "omega*nu*M_mv", "within 0.03749149348255419", NULL},
    {"dJ12/domega", NULL, "mu*tau*M_mv", "within 0.031242911235461816", NULL},
    {"dJ12/dnu", NULL, "tau^2*M_vv", "within 0.21232788238624354", NULL},
    {"dJ12/dtau", NULL, "M_v + v*M_vv", "within 0.2124377655377270", NULL},
    {"dJ21/dmu", NULL, "omega^2*S_mm", "within 0.02220441024325437", NULL},
    {"dJ21/domega", NULL, "S_m + m*S_mm", "within 1.146955401845684", NULL},
    {"dJ21/dnu", NULL, "omega*tau*S_mv", "within 0.14983446469110305", NULL},
    {"dJ21/dtau", NULL, "omega*nu*S_mv", "within 0.17980135762932363", NULL},
    {"dJ22/domega", NULL, "mu*tau*S_mv", "within 0.14983446469110305", NULL},
    {"dJ22/dnu", NULL, "tau^2*S_vv", "within 1.805740052651535", NULL},
    {"dJ22/dtau", NULL, "S_v + v*S_vv", "within 2.396685907216327", NULL},
    /* Lemmas 6 and 7 */
    {"J11", NULL, "omega*M_m", "within 0.104497", NULL},
    {"J12", NULL, "tau*M_v", "within 0.194035", NULL},
    /* Lemma 8: what the four signs come to */
    {"dM/dm", "mean grows with m", "M_m", "> 0", NULL},
    {"dM/dv", "mean grows with v", "M_v", "> 0", NULL},
    {"dS/dm", "second moment grows with m", "S_m", "> 0", NULL},
    {"dS/dv", "second moment grows with v", "S_v", "> 0", NULL},
    /* Lemma 9; the paper's -0.041160 is rounded the wrong way */
    {"mean", "mean is below 0.087653", "M", "< 0.087653", NULL},
    {"mean", "mean is above -0.041161", "M", "> -0.041161", NULL},
    {"E selu^2", "second moment is below 1.643705", "S", "< 1.643705", NULL},
    {"E selu^2", "second moment is above 0.703257", "S", "> 0.703257", NULL},
    {"variance", "variance is below 1.636023", "V", "< 1.636023", NULL},
    {"variance", "variance is above 0.695574", "V", "> 0.695574", NULL},
};

/* S is the spectral norm of the Jacobian of g. */
static const struct claim_row slopes_rows[] = {
    {"dS/dmu", NULL, "H_mu", "within 0.32112", NULL},
    {"dS/domega", NULL, "H_omega", "within 2.63690", NULL},
    {"dS/dnu", NULL, "H_nu", "within 2.28242", NULL},
    {"dS/dtau", NULL, "H_tau", "within 2.98610", NULL},
};

static const struct claim_row gradient_rows[] = {
    {"at (0, 1)", "E selu'^2 is above 1.0715", "growth", "> 1.0715", at_one},
    {"at (0, 1)", "E selu'^2 is below 1.0716", "growth", "< 1.0716", at_one},
    {"E selu'^2", "E selu'^2 is below 1.1284", "growth", "< 1.1284", NULL},
    {"E selu'^2", "E selu'^2 is above 0.9769", "growth", "> 0.9769", NULL},
    {"tau E selu'^2", "growth per layer is below 1.2090", "tau*growth",
        "< 1.2090", NULL},
    {"tau E selu'^2", "growth per layer is above 0.9526", "tau*growth",
        "> 0.9526", NULL},
};

static const struct claim_row rate_rows[] = {
    {"eigenvalue", "d variance/d nu is below 0.782647883196813", "V_v",
        "< 0.782647883196813", at_one},
    {"eigenvalue", "d variance/d nu is above 0.782647883196812", "V_v",
        "> 0.782647883196812", at_one},
    {"other column", "d mean/d mu is 0 with omega", "wmax*M_m", "< 1e-25",
        at_one},
    {"spectral norm", "spectral norm is below 0.787673360465716", "norm_H",
        "< 0.787673360465716", at_one},
    {"spectral norm", "spectral norm is above 0.787673360465715", "norm_H",
        "> 0.787673360465715", at_one},
};

static const struct claim_row correlation_rows[] = {
    {"C'(0) = (E selu')^2", "C'(0) is below 1", "M_m^2", "< 1", at_one},
    {"C'(0)", "C'(0) is above 0", "M_m^2", "> 0", at_one},
    {"C'(1) = E selu'^2", "C'(1) is above 1", "growth", "> 1", at_one},
    {"c^2 in C", "second coefficient is above 0", "2*M_v^2", "> 0", at_one},
};

static const struct claim_row dropout_rows[] = {
    {"spectral norm", "spectral norm of the Jacobian is below 1", "drop_norm",
        "< 1", NULL},
    {"mean, largest", "largest mean is at most the largest mu", "drop_mean(M)",
        "<= mu", NULL},
    {"mean, smallest", "smallest mean is at least the smallest mu",
        "drop_mean(M)", ">= mu", NULL},
    {"variance, largest", "largest variance is at most the largest nu",
        "drop_variance", "<= nu", NULL},
    {"variance, smallest", "smallest variance is at least the smallest nu",
        "drop_variance", ">= nu", NULL},
    {"mean at (0, 1)", "mean stays 0, within 1e-15", "drop_mean(M)", "< 1e-15",
        at_any_rate},
    {"mean at (0, 1)", "mean stays 0, within 1e-15", "drop_mean(M)",
        "> -1e-15", at_any_rate},
    {"variance - 1 there", "variance stays 1, within 1e-15", "drop_excess",
        "< 1e-15", at_any_rate},
    {"variance - 1 there", "variance stays 1, within 1e-15", "drop_excess",
        "> -1e-15", at_any_rate},
    {"eigenvalue at (0, 1)", "eigenvalue at (0, 1) is below 0.783",
        "drop_slope(V_v, M_v)", "< 0.783", at_any_rate},
};

#define ROWS(rows)   rows, sizeof rows / sizeof *rows, NULL
#define BUILT(build) NULL, 0, build

const struct claim_claim claim_table[] = {
    {"jacobian",
        "The spectral norm of the Jacobian of g is below 1 everywhere in the "
        "domain.",
        "Lemma 12", "D1", ROWS(norm_rows)},
    {"jacobian-narrow",
        "The spectral norm of the Jacobian of g is below 1 everywhere in the "
        "domain.",
        "Lemma 12 on the domain of Theorem 1", "Omega", ROWS(norm_rows)},
    {"theorem1",
        "For every omega and tau of the domain, g maps its (mu, nu) into "
        "themselves with a Jacobian of spectral norm below 1: a contraction, "
        "so there is exactly one fixed point, and every start converges to "
        "it.",
        "Theorem 1", "Omega", ROWS(self_map_rows)},
    {"theorem2",
        "The variance falls in one step: no fixed point of g lies in the "
        "domain.",
        "Theorem 2", "Omega++", ROWS(theorem2_rows)},
    {"theorem3",
        "The variance grows in one step: no fixed point of g lies in either "
        "domain.",
        "Theorem 3, main text", NULL, ROWS(theorem3_rows)},
    {"theorem3-appendix",
        "The variance grows in one step: no fixed point of g lies in either "
        "domain.",
        "Theorem 3, appendix", NULL, ROWS(appendix3_rows)},
    {"design",
        "For every omega and tau of the domain, g with the constants of the "
        "design maps its (mu, nu) into themselves with a Jacobian of "
        "spectral norm below 1: exactly one fixed point, and every start "
        "converges to it.",
        "beyond the paper", "Omega", ROWS(self_map_rows)},
    {"global",
        "For every sequence of omega and tau in their ranges, which may "
        "change from layer to layer, every start in the region reaches the "
        "domain Omega of Theorem 1 and stays.",
        "beyond the paper", "far start", BUILT(claim_build_chains)},
    {"global-wide", "The same; unless one is given, the region is far larger.",
        "beyond the paper", "wide start", BUILT(claim_build_chains)},
    {"sharp",
        "How far Theorems 1 to 3 reach: each inequality with one end of its "
        "domain moved to where it still holds, and to where it fails.",
        "beyond the paper", NULL, BUILT(claim_build_reach)},
    {"rate",
        "At (0, 1), omega = 0, tau = 1 the distance to the fixed point is in "
        "the long run multiplied by the eigenvalue in each layer, in one "
        "layer by at most the spectral norm.",
        "beyond the paper", at_one, ROWS(rate_rows)},
    {"gradient",
        "The variance of a gradient is multiplied by tau E selu'(z)^2 in each "
        "layer: at the fixed point it grows, and on the domain it keeps "
        "bounds.",
        "beyond the paper", "Omega", ROWS(gradient_rows)},
    {"correlation",
        "At the fixed point the correlation c of two inputs becomes C(c), a "
        "power series with terms of no negative sign, C(0) = 0, C(1) = 1: "
        "with the inequalities 0 and 1 are its only fixed points in [-1, 1], "
        "0 attracts all others, 1 repels.",
        "beyond the paper", at_one, ROWS(correlation_rows)},
    {"dropout",
        "With alpha dropout at any rate 1 - s^2, Theorem 1 holds: for every "
        "omega and tau of the domain the map contracts and keeps its (mu, "
        "nu); (0, 1) stays fixed for omega = 0, tau = 1.",
        "beyond the paper", "Omega, any rate", ROWS(dropout_rows)},
    {"derivatives",
        "The entries of the Jacobian J of (mean, second moment), their "
        "derivatives and the moments keep the paper's bounds, with -0.041161 "
        "where Lemma 9 prints "
        "-0.041160.",
        "Lemmas 5 to 9", "D1", ROWS(derivatives_rows)},
    {"norm-slopes",
        "The derivatives of the spectral norm S of the Jacobian of g keep "
        "the paper's bounds.",
        "Lemma 10", "D1", ROWS(slopes_rows)},
};
const size_t claim_count = sizeof claim_table / sizeof *claim_table;

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The claims as tables: what each says, as inequalities on a domain. */
#include "fixedpoint/proofs/claims/claims.h"

#define COUNT(x) (sizeof(x) / sizeof *(x))

/* Intervals of mu, nu, omega and tau. */
#define DOMAIN(mu0, mu1, nu0, nu1, omega0, omega1, tau0, tau1)                \
    {                                                                         \
        [IV_MU] = {mu0, mu1}, [IV_NU] = {nu0, nu1},                           \
        [IV_OMEGA] = {omega0, omega1}, [IV_TAU] = {                           \
            tau0,                                                             \
            tau1                                                              \
        }                                                                     \
    }
#define D1    DOMAIN("-0.1", "0.1", "0.8", "1.5", "-0.1", "0.1", "0.8", "1.25")
#define OMEGA DOMAIN("-0.1", "0.1", "0.8", "1.5", "-0.1", "0.1", "0.95", "1.1")

#define POINT DOMAIN("0", "0", "1", "1", "0", "0", "1", "1")
#define AT(name, statement, formula, sense, limit)                            \
    {                                                                         \
        name, statement, formula, sense, false, limit, 0, POINT, false        \
    }

#define BELOW(name, statement, formula, limit)                                \
    {                                                                         \
        name, statement, formula, 1, false, limit, 0, {{0}}, false            \
    }
#define ABOVE(name, statement, formula, limit)                                \
    {                                                                         \
        name, statement, formula, -1, false, limit, 0, {{0}}, false           \
    }
#define KEEPS(name, statement, formula, sense, coordinate)                    \
    {                                                                         \
        name, statement, formula, sense, true, NULL, coordinate, {{0}}, false \
    }
#define NORM                                                                  \
    BELOW("spectral norm", "spectral norm of the Jacobian is below 1",        \
        IV_NORM, "1")

static const struct claim_part norm_parts[] = {NORM};

/* g maps the (mu, nu) of the domain into itself, and contracts. */
#define SELF_MAP                                                              \
    NORM,                                                                     \
        KEEPS("mean, largest", "largest mean is at most the largest mu", "M", \
            1, IV_MU),                                                        \
        KEEPS("mean, smallest", "smallest mean is at least the smallest mu",  \
            "M", -1, IV_MU),                                                  \
        KEEPS("variance, largest",                                            \
            "largest variance is at most the largest nu", "V", 1, IV_NU),     \
        KEEPS("variance, smallest",                                           \
            "smallest variance is at least the smallest nu", "V", -1, IV_NU)

static const struct claim_part self_map_parts[] = {SELF_MAP};

static const struct claim_part theorem2_parts[] = {
    BELOW("variance - nu", "variance minus nu is negative", "V - nu", "0"),
    BELOW(
        "E selu^2 - nu", "second moment minus nu is negative", "S - nu", "0"),
};

#define GROWS(name, nu0, nu1, tau0)                                           \
    {                                                                         \
        name, "variance minus nu is positive", "V - nu", -1, false, "0", 0,   \
            DOMAIN("-0.1", "0.1", nu0, nu1, "-0.1", "0.1", tau0, "1.25"),     \
            false                                                             \
    }
static const struct claim_part theorem3_parts[] = {
    GROWS("(i)", "0.02", "0.16", "0.8"),
    GROWS("(ii)", "0.02", "0.24", "0.9"),
};
static const struct claim_part appendix3_parts[] = {
    GROWS("(i)", "0.05", "0.16", "0.8"),
    GROWS("(ii)", "0.05", "0.24", "0.9"),
};

#define MODULUS(name, formula, limit)                                         \
    BELOW(name, name " is below its bound", formula, limit),                  \
        ABOVE(name, name " is above minus its bound", formula, "-" limit)

static const struct claim_part derivatives_parts[] = {
    /* Lemma 5, on the paper's own bounds */
    MODULUS("dJ11/dmu", "omega^2*M_mm", "0.0031049101995398316"),
    MODULUS("dJ11/domega", "M_m + m*M_mm", "1.055872374194189"),
    MODULUS("dJ11/dnu", "omega*tau*M_mv", "0.031242911235461816"),
    MODULUS("dJ11/dtau", "omega*nu*M_mv", "0.03749149348255419"),
    MODULUS("dJ12/domega", "mu*tau*M_mv", "0.031242911235461816"),
    MODULUS("dJ12/dnu", "tau^2*M_vv", "0.21232788238624354"),
    MODULUS("dJ12/dtau", "M_v + v*M_vv", "0.2124377655377270"),
    MODULUS("dJ21/dmu", "omega^2*S_mm", "0.02220441024325437"),
    MODULUS("dJ21/domega", "S_m + m*S_mm", "1.146955401845684"),
    MODULUS("dJ21/dnu", "omega*tau*S_mv", "0.14983446469110305"),
    MODULUS("dJ21/dtau", "omega*nu*S_mv", "0.17980135762932363"),
    MODULUS("dJ22/domega", "mu*tau*S_mv", "0.14983446469110305"),
    MODULUS("dJ22/dnu", "tau^2*S_vv", "1.805740052651535"),
    MODULUS("dJ22/dtau", "S_v + v*S_vv", "2.396685907216327"),
    /* Lemmas 6 and 7 */
    MODULUS("J11", "omega*M_m", "0.104497"),
    MODULUS("J12", "tau*M_v", "0.194035"),
    /* Lemma 8: what the four signs come to */
    ABOVE("dM/dm", "mean grows with m", "M_m", "0"),
    ABOVE("dM/dv", "mean grows with v", "M_v", "0"),
    ABOVE("dS/dm", "second moment grows with m", "S_m", "0"),
    ABOVE("dS/dv", "second moment grows with v", "S_v", "0"),
    /* Lemma 9 */
    BELOW("mean", "mean is below 0.087653", "M", "0.087653"),
    /* the paper's -0.041160 is rounded the wrong way */
    ABOVE("mean", "mean is above -0.041161", "M", "-0.041161"),
    BELOW("E selu^2", "second moment is below 1.643705", "S", "1.643705"),
    ABOVE("E selu^2", "second moment is above 0.703257", "S", "0.703257"),
    BELOW("variance", "variance is below 1.636023", "V", "1.636023"),
    ABOVE("variance", "variance is above 0.695574", "V", "0.695574"),
};

/* S is the spectral norm of the Jacobian of g. */
static const struct claim_part slopes_parts[] = {
    MODULUS("dS/dmu", CLAIM_NORM_BY("omega^2*", "omega*tau*"), "0.32112"),
    MODULUS("dS/domega", CLAIM_NORM_BY_OMEGA, "2.63690"),
    MODULUS("dS/dnu", CLAIM_NORM_BY_NU, "2.28242"),
    MODULUS("dS/dtau", CLAIM_NORM_BY_TAU, "2.98610"),
};

#define SQUARE_SLOPE "lambda^2*(P + alpha^2*X2)" /* E selu'(z)^2 */
static const struct claim_part gradient_parts[] = {
    AT("at (0, 1)", "E selu'^2 is above 1.0715", SQUARE_SLOPE, -1, "1.0715"),
    AT("at (0, 1)", "E selu'^2 is below 1.0716", SQUARE_SLOPE, 1, "1.0716"),
    BELOW("E selu'^2", "E selu'^2 is below 1.1284", SQUARE_SLOPE, "1.1284"),
    ABOVE("E selu'^2", "E selu'^2 is above 0.9769", SQUARE_SLOPE, "0.9769"),
    BELOW("tau E selu'^2", "growth per layer is below 1.2090",
        "tau*" SQUARE_SLOPE, "1.2090"),
    ABOVE("tau E selu'^2", "growth per layer is above 0.9526",
        "tau*" SQUARE_SLOPE, "0.9526"),
};

static const struct claim_part rate_parts[] = {
    AT("eigenvalue", "d variance/d nu is below 0.782647883196813", "V_v", 1,
        "0.782647883196813"),
    AT("eigenvalue", "d variance/d nu is above 0.782647883196812", "V_v", -1,
        "0.782647883196812"),
    AT("other column", "d mean/d mu is 0 with omega", "wmax*M_m", 1, "1e-25"),
    AT("spectral norm", "spectral norm is below 0.787673360465716", IV_NORM, 1,
        "0.787673360465716"),
    AT("spectral norm", "spectral norm is above 0.787673360465715", IV_NORM,
        -1, "0.787673360465715"),
};

static const struct claim_part correlation_parts[] = {
    AT("C'(0) = (E selu')^2", "C'(0) is below 1", "M_m^2", 1, "1"),
    AT("C'(0)", "C'(0) is above 0", "M_m^2", -1, "0"),
    AT("C'(1) = E selu'^2", "C'(1) is above 1", SQUARE_SLOPE, -1, "1"),
    AT("c^2 in C", "second coefficient is above 0", "2*M_v^2", -1, "0"),
};

/*
 * After dropout at rate p = 1 - s^2, with K = (lambda alpha)^2, D = 1 + K p:
 * mean s M/sqrt(D), variance (V + p (M + lambda alpha)^2)/D; from
 * a^2 (1 - p) = 1/D and b = -a p alpha' (docs/proofs.md).
 */
#define RATE          "(1 - s^2)"
#define SPREAD        "(1 + (lambda*alpha)^2*" RATE ")"
#define DROP_MEAN(of) "s*" of "/sqrt(" SPREAD ")"
#define DROP_VARIANCE "(V + " RATE "*(M + lambda*alpha)^2)/" SPREAD
/* the variance minus 1, ordered for V = 1 and M = 0 */
#define DROP_EXCESS "(V - 1 + " RATE "*M*(M + 2*lambda*alpha))/" SPREAD
#define DROP_SLOPE(by)                                                        \
    "(V" by " + 2*" RATE "*(M + lambda*alpha)*M" by ")/" SPREAD
#define DROP_NORM                                                                        \
    "(hypot(wmax*" DROP_MEAN("M_m") " + tmax*" DROP_SLOPE(                               \
        "_v") ", "                                                                       \
              "wmax*" DROP_SLOPE("_m") " - tmax*" DROP_MEAN(                             \
                  "M_v") ") + "                                                          \
                         "hypot(wmax*" DROP_MEAN(                                        \
                             "M_m") " - tmax*" DROP_SLOPE("_v") ", "                     \
                                                                "wmax"                   \
                                                                "*" DROP_SLOPE(          \
                                                                    "_m") " "            \
                                                                          "+"            \
                                                                          " "            \
                                                                          "t"            \
                                                                          "m"            \
                                                                          "a"            \
                                                                          "x"            \
                                                                          "*" DROP_MEAN( \
                                                                              "M_v") "))/2"
#define DROP_POINT                                                            \
    {                                                                         \
        [IV_MU] = {"0", "0"}, [IV_NU] = {"1", "1"}, [IV_OMEGA] = {"0", "0"},  \
        [IV_TAU] = {"1", "1"}, [IV_S] = {                                     \
            "0",                                                              \
            "1"                                                               \
        }                                                                     \
    }
#define DROP_AT(name, statement, formula, sense, limit)                       \
    {                                                                         \
        name, statement, formula, sense, false, limit, 0, DROP_POINT, false   \
    }
static const struct claim_part dropout_parts[] = {
    BELOW("spectral norm", "spectral norm of the Jacobian is below 1",
        DROP_NORM, "1"),
    KEEPS("mean, largest", "largest mean is at most the largest mu",
        DROP_MEAN("M"), 1, IV_MU),
    KEEPS("mean, smallest", "smallest mean is at least the smallest mu",
        DROP_MEAN("M"), -1, IV_MU),
    KEEPS("variance, largest", "largest variance is at most the largest nu",
        DROP_VARIANCE, 1, IV_NU),
    KEEPS("variance, smallest",
        "smallest variance is at least the smallest nu", DROP_VARIANCE, -1,
        IV_NU),
    DROP_AT("mean at (0, 1)", "mean stays 0, within 1e-15", DROP_MEAN("M"), 1,
        "1e-15"),
    DROP_AT("mean at (0, 1)", "mean stays 0, within 1e-15", DROP_MEAN("M"), -1,
        "-1e-15"),
    DROP_AT("variance - 1 there", "variance stays 1, within 1e-15",
        DROP_EXCESS, 1, "1e-15"),
    DROP_AT("variance - 1 there", "variance stays 1, within 1e-15",
        DROP_EXCESS, -1, "-1e-15"),
    DROP_AT("eigenvalue at (0, 1)", "eigenvalue at (0, 1) is below 0.783",
        DROP_SLOPE("_v"), 1, "0.783"),
};

const struct claim_claim claim_table[] = {
    {"jacobian",
        "The spectral norm of the Jacobian of g is below 1 everywhere in the "
        "domain.",
        "Lemma 12", D1, norm_parts, COUNT(norm_parts), NULL},
    {"jacobian-narrow",
        "The spectral norm of the Jacobian of g is below 1 everywhere in the "
        "domain.",
        "Lemma 12 on the domain of Theorem 1", OMEGA, norm_parts,
        COUNT(norm_parts), NULL},
    {"theorem1",
        "For every omega and tau of the domain, g maps its (mu, nu) into "
        "themselves with a Jacobian of spectral norm below 1: a contraction, "
        "so there is exactly one fixed point, and every start converges to "
        "it.",
        "Theorem 1", OMEGA, self_map_parts, COUNT(self_map_parts), NULL},
    {"theorem2",
        "The variance falls in one step: no fixed point of g lies in the "
        "domain.",
        "Theorem 2",
        DOMAIN("-1", "1", "3", "16", "-0.1", "0.1", "0.8", "1.25"),
        theorem2_parts, COUNT(theorem2_parts), NULL},
    {"theorem3",
        "The variance grows in one step: no fixed point of g lies in either "
        "domain.",
        "Theorem 3, main text", {{0}}, theorem3_parts, COUNT(theorem3_parts),
        NULL},
    {"theorem3-appendix",
        "The variance grows in one step: no fixed point of g lies in either "
        "domain.",
        "Theorem 3, appendix", {{0}}, appendix3_parts, COUNT(appendix3_parts),
        NULL},
    {"design",
        "For every omega and tau of the domain, g with the constants of the "
        "design maps its (mu, nu) into themselves with a Jacobian of "
        "spectral norm below 1: exactly one fixed point, and every start "
        "converges to it.",
        "beyond the paper", OMEGA, self_map_parts, COUNT(self_map_parts),
        NULL},
    {"global",
        "For every sequence of omega and tau in their ranges, which may "
        "change from layer to layer, every start in the region reaches the "
        "domain Omega of Theorem 1 and stays.",
        "beyond the paper",
        DOMAIN("-1", "1", "0.02", "16", "-0.1", "0.1", "0.95", "1.1"), NULL, 0,
        claim_build_global},
    {"global-wide", "The same; unless one is given, the region is far larger.",
        "beyond the paper",
        DOMAIN("-5", "5", "0.02", "100", "-0.1", "0.1", "0.95", "1.1"), NULL,
        0, claim_build_global},
    {"sharp",
        "How far Theorems 1 to 3 reach: each inequality with one end of its "
        "domain moved to where it still holds, and to where it fails.",
        "beyond the paper", {{0}}, NULL, 0, claim_build_sharp},
    {"rate",
        "At (0, 1), omega = 0, tau = 1 the distance to the fixed point is in "
        "the long run multiplied by the eigenvalue in each layer, in one "
        "layer by at most the spectral norm.",
        "beyond the paper", POINT, rate_parts, COUNT(rate_parts), NULL},
    {"gradient",
        "The variance of a gradient is multiplied by tau E selu'(z)^2 in each "
        "layer: at the fixed point it grows, and on the domain it keeps "
        "bounds.",
        "beyond the paper", OMEGA, gradient_parts, COUNT(gradient_parts),
        NULL},
    {"correlation",
        "At the fixed point the correlation c of two inputs becomes C(c), a "
        "power series with terms of no negative sign, C(0) = 0, C(1) = 1: "
        "with the inequalities 0 and 1 are its only fixed points in [-1, 1], "
        "0 attracts all others, 1 repels.",
        "beyond the paper", POINT, correlation_parts, COUNT(correlation_parts),
        NULL},
    {"dropout",
        "With alpha dropout at any rate 1 - s^2, Theorem 1 holds: for every "
        "omega and tau of the domain the map contracts and keeps its (mu, "
        "nu); (0, 1) stays fixed for omega = 0, tau = 1.",
        "beyond the paper",
        {[IV_MU] = {"-0.1", "0.1"},
            [IV_NU] = {"0.8", "1.5"},
            [IV_OMEGA] = {"-0.1", "0.1"},
            [IV_TAU] = {"0.95", "1.1"},
            [IV_S] = {"0", "1"}},
        dropout_parts, COUNT(dropout_parts), NULL},
    {"derivatives",
        "The entries of the Jacobian J of (mean, second moment), their "
        "derivatives and the moments keep the paper's bounds, with -0.041161 "
        "where Lemma 9 prints "
        "-0.041160.",
        "Lemmas 5 to 9", D1, derivatives_parts, COUNT(derivatives_parts),
        NULL},
    {"norm-slopes",
        "The derivatives of the spectral norm S of the Jacobian of g keep "
        "the paper's bounds.",
        "Lemma 10", D1, slopes_parts, COUNT(slopes_parts), NULL},
};
const size_t claim_count = COUNT(claim_table);

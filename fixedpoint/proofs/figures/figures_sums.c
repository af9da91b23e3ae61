/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lemmas 10 to 12 and 39: brackets and sums. */
#include "fixedpoint/proofs/figures/figures_table.h"

/* 2/(...) of the bracket of dJ12/dnu, without alpha E */
#define IN_NU                                                                 \
    "sqrt(2/pi)*(-(alpha - 1)*m^2/(v^2*sqrt(v)) + (alpha - 1 + alpha*m)/"     \
    "(v*sqrt(v)) - alpha/sqrt(v))"
#define E_AT(n, d2) "erfcx(" n "/sqrt(" d2 "))"
#define QUARTER     "(1 - 0.9912524171058772)/4"
/* S = (hypot(p, q) + hypot(r, t))/2 (claims.h) by p, q, r and t */
#define COS_P "sign(" CLAIM_PLUS_P ")/hypot(1, " CLAIM_Q_BY_P ")"
#define SIN_P                                                                 \
    "sign(" CLAIM_PLUS_P ")*" CLAIM_Q_BY_P "/hypot(1, " CLAIM_Q_BY_P ")"
#define COS_R "sign(" CLAIM_MINUS_R ")/hypot(1, " CLAIM_T_BY_R ")"
#define SIN_R                                                                 \
    "sign(" CLAIM_MINUS_R ")*" CLAIM_T_BY_R "/hypot(1, " CLAIM_T_BY_R ")"

static const struct figure_figure rows[] = {
    /* ---- Lemma 39: brackets bounded term by term ---- */
    MOST("L39", "bracket of dJ11/dmu", "4*M_v/lambda", d1, "0.591017", NULL,
        NO),
    LEAST("L39", "bracket of dJ11/dmu", "4*M_v/lambda", d1, "0.056318", NULL,
        NO),
    MOST("L39", "bracket of dJ11/domega",
        "(alpha - 1)*m*sqrt(2/(pi*v)) - alpha*(1 + m)*" E1, xy, "-0.713808",
        NULL, NO),
    LEAST("L39", "bracket of dJ11/domega",
        "(alpha - 1)*m*sqrt(2/(pi*v)) - alpha*(1 + m)*" E1, xy, "-0.99987",
        NULL, NO),
    MOST("L39", "bracket of dJ11/dnu, /dtau, dJ12/dmu, /domega",
        L33 " + alpha*" E1, xy, "0.0104167", NULL, NO),
    LEAST("L39", "bracket of dJ11/dnu, /dtau, dJ12/dmu, /domega",
        L33 " + alpha*" E1, xy, "-0.95153", NULL, NO),
    LEAST("L39", "dJ12/dnu, first term", "tau^2*alpha*" E1, d1, "0.465793",
        NULL, NO),
    MOST("L39", "dJ12/dnu, first term", "tau^2*alpha*" E1, d1, "1.53644", NULL,
        NO),
    LEAST("L39", "dJ12/dnu, second term", "tau^2*" IN_NU, d1, "-1.83112", NULL,
        NO),
    MOST("L39", "dJ12/dnu, second term", "tau^2*" IN_NU, d1, "0.0802158", NULL,
        NO),
    MAX("L39", "dJ12/dnu: lambda/8 of the two largest",
        "lambda/8*(1.53644 + 0.0802158)", arithmetic, "0.212328", NULL, NO),
    MIN("L39", "dJ12/dnu: lambda/8 of the two smallest",
        "lambda/8*(0.465793 - 1.83112)", arithmetic, "-0.179318", NULL, NO),
    MOST("L39", "dJ12/dnu", "tau^2*M_vv", d1, "0.212328", NULL, NO),
    LEAST("L39", "dJ12/dnu", "tau^2*M_vv", d1, "-0.179318", NULL, NO),
    MOST(
        "L39", "dJ12/dtau, alpha x E", "alpha*v*" E1, xy, "1.37381", NULL, NO),
    LEAST("L39", "dJ12/dtau, alpha x E", "alpha*v*" E1, xy, "0.620462", NULL,
        NO),
    MOST(
        "L39", "dJ12/dtau, 2 alpha E", "2*alpha*" E1, xy, "1.96664", NULL, NO),
    LEAST(
        "L39", "dJ12/dtau, 2 alpha E", "2*alpha*" E1, xy, "1.4556", NULL, NO),
    MAX("L39", "dJ12/dtau: the three largest", "-1.72296 + 1.37381 + 1.96664",
        arithmetic, "1.61749", NULL, NO),
    MIN("L39", "dJ12/dtau: the three smallest, unrounded",
        "alpha*0.64*" E_AT("0.65", "1.28") " + 2*alpha*" E_AT("1.885",
            "3.75") " + sqrt(2/pi)*(-(alpha - 1)*0.01^2/(1.875*sqrt(1.875)) + "
                    "(1 - alpha - 0.01*alpha)/sqrt(1.875) - "
                    "alpha*sqrt(1.875))",
        arithmetic, "-0.154133", NULL, NO),
    MOST("L39", "bracket of dJ12/dtau",
        "alpha*v*" E1 " + 2*alpha*" E1 " + " L34, xy, "1.61749", NULL, NO),
    LEAST("L39", "bracket of dJ12/dtau",
        "alpha*v*" E1 " + 2*alpha*" E1 " + " L34, xy, "-0.154133", NULL, NO),
    MOST("L39", "dJ21/dmu", "0.01*S_mm", xy, "0.0222044",
        "with omega^2 = 0.01", NO),
    LEAST("L39", "dJ21/dmu", "0.01*S_mm", xy, "0.00894889",
        "with omega^2 = 0.01", NO),
    MOST("L39", "dJ21/domega", "S_m + m*S_mm", xy, "1.14696", NULL, NO),
    LEAST("L39", "dJ21/domega", "S_m + m*S_mm", xy, "-0.359403", NULL, NO),
    MOST("L39", "dJ21/dnu, dJ22/domega", "0.1*tau*S_mv", d1, "0.149834",
        "with omega = 0.1, mu = 0.1", NO),
    LEAST("L39", "dJ21/dnu, dJ22/domega", "0.1*tau*S_mv", d1, "-0.0351035",
        "with omega = 0.1, mu = 0.1", NO),
    MOST("L39", "dJ21/dtau", "0.1*nu*S_mv", d1, "0.179801", "with omega = 0.1",
        NO),
    LEAST("L39", "dJ21/dtau", "0.1*nu*S_mv", d1, "-0.0421242",
        "with omega = 0.1", NO),
    MOST("L39", "dJ22/dnu", "tau^2*S_vv", d1, "1.19441", NULL, NO),
    LEAST("L39", "dJ22/dnu", "tau^2*S_vv", d1, "-1.80574", NULL, NO),
    MOST("L39", "dJ22/dtau", "S_v + v*S_vv", d1, "2.39669", NULL, NO),
    LEAST("L39", "dJ22/dtau", "S_v + v*S_vv", d1, "-1.17154", NULL, NO),
    /* ---- derivatives of s1 by the entries, eqs. 89 to 92 ---- */
    HOLDS(
        "(89)", "|dS/dH11|", "abs(" COS_P " + " COS_R ")/2", d1, 1, "1", NULL),
    HOLDS(
        "(90)", "|dS/dH12|", "abs(" SIN_R " - " SIN_P ")/2", d1, 1, "1", NULL),
    HOLDS(
        "(91)", "|dS/dH21|", "abs(" SIN_R " + " SIN_P ")/2", d1, 1, "1", NULL),
    HOLDS(
        "(92)", "|dS/dH22|", "abs(" COS_P " - " COS_R ")/2", d1, 1, "1", NULL),
    /* ---- sums ---- */
    MOST("L10", "four terms of (100)",
        "1.055872374194189 + 0.031242911235461816 + 1.146955401845684 + "
        "0.14983446469110305",
        arithmetic, "2.38392", NULL, NO),
    MOST("L10", "four terms of (101)",
        "0.031242911235461816 + 0.21232788238624354 + 0.14983446469110305 + "
        "1.805740052651535",
        arithmetic, "2.19916", NULL, NO),
    MOST("L10", "four terms of (103)",
        "0.03749149348255419 + 0.2124377655377270 + 0.17980135762932363 + "
        "2.396685907216327",
        arithmetic, "2.82643", NULL, NO),
    MOST("L10 (98)", "printed sum",
        "0.0031049101995398316 + 0.031242911235461816 + 0.02220441024325437 "
        "+ 0.14983446469110305 + 2*0.104497*0.087653 + 2*0.104497^2 + "
        "2*0.194035*0.087653 + 2*0.104497*0.194035",
        arithmetic, "0.32112", NULL, NO),
    MOST("L10 (100)", "printed sum",
        "2.38392 + 2*1.055872374194189*0.087653 + 2*0.104497^2 + "
        "2*0.031242911235461816*0.087653 + 2*0.194035*0.104497",
        arithmetic, "2.63690", NULL, NO),
    MOST("L10 (101)", "printed sum",
        "2.19916 + 2*0.031242911235461816*0.087653 + 2*0.104497*0.194035 + "
        "2*0.21232788238624354*0.087653 + 2*0.194035^2",
        arithmetic, "2.28242", "the terms give more than is printed", NO),
    MOST("L10 (103)", "printed sum",
        "2.82643 + 2*0.03749149348255419*0.087653 + 2*0.104497*0.194035 + "
        "2*0.2124377655377270*0.087653 + 2*0.194035^2",
        arithmetic, "2.98610", NULL, NO),
    MOST("L10", "|dS/dmu|", CLAIM_NORM_BY("omega^2*", "omega*tau*"), d1,
        "0.32112", NULL, NO),
    MOST("L10", "|dS/domega|", CLAIM_NORM_BY_OMEGA, d1, "2.63690", NULL, NO),
    LEAST("L10", "-|dS/dnu|", CLAIM_NORM_BY_NU, d1, "-2.28242", NULL, NO),
    MOST("L10", "|dS/dtau|", CLAIM_NORM_BY_TAU, d1, "2.98610", NULL, NO),
    MOST("L12 (108)", "deviation, printed factors",
        "0.32112*0.0068097371 + 2.63690*0.0008292885 + 2.28242*0.0009580840 "
        "+ 2.98610*0.0007323095",
        arithmetic, "0.008747", NULL, NO),
    MAX("L12", "first of four equal parts", "0.32112*0.0068097371", arithmetic,
        "0.0021867", NULL, NO),
    MAX("L12", "second", "2.63690*0.0008292885", arithmetic, "0.0021867", NULL,
        NO),
    MAX("L12", "third", "2.28242*0.0009580840", arithmetic, "0.0021867", NULL,
        NO),
    MAX("L12", "fourth", "2.98610*0.0007323095", arithmetic, "0.0021867", NULL,
        NO),
    LEAST("L12 (107)", "delta mu: for a quarter of 1 less the grid maximum",
        QUARTER "/0.32112", arithmetic, "0.0068097371", NULL, NO),
    LEAST("L12 (107)", "delta omega, likewise", QUARTER "/2.63690", arithmetic,
        "0.0008292885", NULL, NO),
    LEAST("L12 (107)", "delta nu, likewise", QUARTER "/2.28242", arithmetic,
        "0.0009580840", NULL, NO),
    LEAST("L12 (107)", "delta tau, likewise", QUARTER "/2.98610", arithmetic,
        "0.0007323095", NULL, NO),
    MOST("L12 (109)", "sum", "0.9912524171058772 + 0.008747", arithmetic, "1",
        NULL, NO),
    MAX("L12", "the sum as printed", "0.9912524171058772 + 0.008747",
        arithmetic, "0.9999994", NULL, NO),
    HOLDS("L12", "grid maximum plus deviation, with the sum of (101) repaired",
        "0.9912524171058772 + 0.32112*0.0068097371 + 2.63690*0.0008292885 + "
        "(2.19916 + 2*0.031242911235461816*0.087653 + 2*0.104497*0.194035 + "
        "2*0.21232788238624354*0.087653 + 2*0.194035^2)*0.0009580840 + "
        "2.98610*0.0007323095",
        arithmetic, 1, "1",
        "the chain needs this below 1: as printed it fails"),
    HOLDS("L12, repaired", "the same from the maximum of s1(H)",
        "0.9890262718393545 + 0.32112*0.0068097371 + 2.63690*0.0008292885 + "
        "(2.19916 + 2*0.031242911235461816*0.087653 + 2*0.104497*0.194035 + "
        "2*0.21232788238624354*0.087653 + 2*0.194035^2)*0.0009580840 + "
        "2.98610*0.0007323095",
        arithmetic, 1, "1", "with the right matrix and sum the chain holds"),
};
const struct figure_figures figure_sums = TABLE(rows);

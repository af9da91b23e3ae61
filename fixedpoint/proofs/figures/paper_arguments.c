/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the paper concludes from its figures without printing a number for it:
 * steps "by symmetry", figures that are used on other domains than their own,
 * sums that are repaired, the words "all fixed points".
 */
#include "fixedpoint/proofs/figures/table.h"

static const struct figure_row rows[] = {
    /* ---- Theorems 2 and 3 ---- */
    /*
     * "All fixed points": at one m = omega M and v = tau V, so with |omega| <=
     * 0.1 and tau in [t0, t1] these are 0 or below: m^2 - 0.01 M^2, v - t1 V,
     * t0 V - v, and 3 - V where nu >= 3.
     */
    {"Thm 2", "'all fixed points have nu < 3', wherever mu is",
        "v - 1.25*V + 3*(m^2 - 0.01*M^2) + (3 - V)/2",
        "|m| <= 1000, 2.4 <= v <= 1e5", "> 0",
        "else it were 0 or below; the theorem has |mu| <= 1, nu <= 16 alone"},
    {"Thm 3 (i)", "'all fixed points have nu > 0.16', wherever mu is",
        "0.8*V - v + m^2 - 0.01*M^2", "|m| <= 10, 1e-9 <= v <= 0.2", "> 0",
        "else it were 0 or below; the theorem begins at nu = 0.02 or 0.05"},
    {"Thm 3 (ii)", "'all fixed points have nu > 0.24', wherever mu is",
        "0.9*V - v + m^2 - 0.01*M^2", "|m| <= 10, 1e-9 <= v <= 0.3", "> 0",
        "likewise"},
    {"Thm 3", "'all fixed points': nu at (0, 0)", "0", "arithmetic", "> 0.16",
        "as selu(0) = 0, it is one for every omega and tau"},
    /* ---- by symmetry, and the sums behind Lemma 12 ---- */
    {"(100)", "|d mean/d omega|, bounded as |d mean/d mu|", "mu*M_m", "D1",
        "<= 0.104497", "by symmetry: mu and omega have the same range"},
    {"(103)", "|d mean/d tau|, bounded as |d mean/d nu|", "nu*M_v", "D1",
        "<= 0.194035", "true, but not by symmetry: the next row"},
    {"(103)", "|d mean/d tau| from |d mean/d nu|: times nu/tau",
        "max_J12*1.5/1.25", "arithmetic", "<= 0.194035",
        "0.194035 is with tau = 1.25; nu and tau have other ranges"},
    {"L10 (103)", "sum with nu/tau where it belongs", "sum_103(1.5/1.25)",
        "arithmetic", "<= 2.98610", "the terms with d mean/d tau lack nu/tau"},
    {"L5", "dJ11/dtau from dJ11/dnu: there nu/tau is", "d11_nu*1.5/1.25",
        "arithmetic", "max 0.03749149348255419", NULL},
    {"L5", "dJ21/dtau from dJ21/dnu, likewise", "d21_nu*1.5/1.25",
        "arithmetic", "max 0.17980135762932363", NULL},
    {"L12", "grid maximum plus deviation, with (101) and (103) repaired",
        "0.9912524171058772 + deviation(sum_101, sum_103(1.5/1.25))",
        "arithmetic", "< 1", "so the chain does not prove S < 1"},
    {"L12, repaired", "the same from the maximum of s1(H)",
        "0.9890262718393545 + deviation(sum_101, sum_103(1.5/1.25))",
        "arithmetic", "< 1", "with the right matrix and sums the chain holds"},
    /* ---- Lemma 20 ---- */
    {"L20 (142)", "delta(S)/eps from (141), of J22's 405 alone",
        "405*abs(cos_p - cos_r)/2", "D1", "<= 292",
        "292 does not follow from (141), as dS/dJ22 is nearly 1; as a bound "
        "it is true"},
    {"L20", "rounding in the operations that make S", NULL, NULL,
        "has nothing of it",
        "the lemma moves the inputs by eps and says, to first order, how far "
        "S moves; of S as it is computed it says nothing"},
    /* ---- Lemma 45 with the gap that is needed ---- */
    {"L45, repaired", "the gap that is needed", "sqrt(pi)*bracket_error",
        "0.007 <= x <= 0.875, |y| <= 0.01", ">= -0.00040438", NULL},
    {"L45, repaired", "polynomial, gap 0.00040438", "polynomial(0.00040438)",
        "0.007 <= x <= 0.875, |y| <= 0.01", "> 0",
        "so (294) holds with that gap, too"},
    {"L45 (295)", "x^3 with that gap", "C30 + negative2 + negative0",
        "c = 2.911, gap 0.00040438", "> 0",
        "below 0: so the step from (294) to (295) fails with it"},
    /* ---- (48) to (51) from 0.02, where the main text's Theorem 3 begins */
    {"(48)", "d E selu^2/d nu, from nu = 0.02", "tau*S_v", "Omega1- from 0.02",
        ">= 0.969231", NULL},
    {"(50)", "d E selu^2/d nu, from nu = 0.02", "tau*S_v", "Omega2- from 0.02",
        ">= 0.976952", NULL},
    {"after (48)", "E selu^2, from nu = 0.02", "S", "Omega1- from 0.02",
        ">= 0.0662727", "the figure belongs to nu = 0.05"},
    {"after (50)", "E selu^2, from nu = 0.02", "S", "Omega2- from 0.02",
        ">= 0.0738404", "the figure belongs to nu = 0.05"},
    {"L43 (250)", "mean^2, from nu = 0.02", "M^2", "Omega- from 0.02",
        "<= 0.005", NULL},
    {"(49)", "slope at nu = 0.16, from nu = 0.02",
        "(0.0279908 - 0.969231*0.02 - 0.005)/0.16 + 0.969231", "arithmetic",
        "> 1", "so this chain does not prove the main text's Theorem 3 (i)"},
    {"(51)", "slope at nu = 0.24, from nu = 0.02",
        "(0.0313310 - 0.976952*0.02 - 0.005)/0.24 + 0.976952", "arithmetic",
        "> 1", "of Theorem 3 (ii) it does"},
};
const struct figure_table figure_arguments = {
    FIGURE_ARGUMENTS, rows, FIGURE_ROWS(rows)};

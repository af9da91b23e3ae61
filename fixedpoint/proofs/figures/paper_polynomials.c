/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lemmas 44 to 46: what is left of dF/dx when its functions are bounded by
 * algebraic ones and the roots are gone.
 *
 * With Ren and MacKenzie's E, c = 2.911, the numerator of dF/dx is at least
 *   3x - y - g + c (x^2 - y^2)/((c - 1)(x + y) + sqrt((x + y)^2 + 2c^2 x/pi))
 *   - 2c (4x^2 - y^2)/((c - 1)(2x + y) + sqrt((2x + y)^2 + 2c^2 x/pi))
 * for a gap g (eq. 261).  The first root is at most x + y + c^2/pi, which
 * makes the first fraction (x^2 - y^2)/(x + y + b), b = c/pi.  Times the
 * denominators that is A times the second root less B (below), and is positive
 * if A^2 (root)^2 - B^2, a polynomial, is.
 */
#include "fixedpoint/proofs/figures/table.h"

static const struct figure_row rows[] = {
    {"L44 (268)", "final polynomial", "polynomial(0.0131259)",
        "1.2 <= x <= 20, |y| <= 0.1", "> 0", NULL},
    {"L44", "x^5 and x^4 of it at x = 20, |y| <= 0.1, and x^4 <= 20 x^3",
        "(C40 - C41/10 + 1)*20^4 + C50*20^5", "c = 2.911, gap 0.0131259",
        "max 52090.9", NULL},
    {"L45 (294)", "polynomial", "polynomial(0.0003)",
        "0.007 <= x <= 0.875, |y| <= 0.01", "> 0", NULL},
    {"L45 (295)", "x^4: of x^4, and x^5 with x <= 0.875", "C40 + 0.875*C50",
        "c = 2.911, gap 0.0003", "max 30.7869", NULL},
    {"L45 (295)", "x^3: of x^3, less all negative terms at (0.007, 0.01)",
        "C30 + negative2 + negative0", "c = 2.911, gap 0.0003", "max 0.160295",
        NULL},
    {"L45 (295)", "end polynomial", "30.7869*v^4 + 0.160295*v^3",
        "0.007 <= x <= 0.875, |y| <= 0.01", "> 0", NULL},
    {"L45 (295)", "it bounds (294) from below",
        "polynomial(0.0003) - 30.7869*v^4 - 0.160295*v^3",
        "0.007 <= x <= 0.875, |y| <= 0.01", "> 0", NULL},
    {"L40", "factor", "8*(v + 0.618374)*(v - 0.297553)", "x, y of D1", "> 0",
        NULL},
    {"L40", "it times x bounds the numerator of the slope",
        "slope_bound(0.782) - 8*v*(v + 0.618374)*(v - 0.297553)", "x, y of D1",
        "> 0", NULL},
    {"L40", "2y + 0.564", "2*m + 0.564", "x, y of D1", "> 0", NULL},
    {"(25)-(35)", "factor", "8*(v - 0.377966)*(v + 0.746178)",
        "1.2 <= x <= 20, |y| <= 0.1", "> 0", NULL},
    {"(25)-(35)", "it times x bounds the numerator of the slope",
        "slope_bound(0.878) - 8*v*(v - 0.377966)*(v + 0.746178)",
        "1.2 <= x <= 20, |y| <= 0.1", "> 0", NULL},
    /* E <= 2/(sqrt(pi)(z + sqrt(z^2 + 4/pi))), eq. 143 */
    {"L47 (333)", "slope in x, numerator, E bounded by (143)",
        "2*v*sqrt(v)/(z1 + sqrt(z1^2 + 4/pi)) - sqrt(2)*(v - m)", "x, y of D1",
        "max -0.334658", NULL},
    {"L37", "0.4349 sqrt(pi/2)", "0.4349*sqrt(pi/2)", "arithmetic",
        "max 0.545066", NULL},
    {"L38", "0.261772 sqrt(pi)", "0.261772*sqrt(pi)", "arithmetic",
        "max 0.463979", NULL},
    /* ---- figures of which no more is known than that they are there ---- */
    {"L44 (277)", "numerator of dF/dy below", NULL, NULL, "has -208.604",
        "a step's number without its step; the sign that it leads to has a "
        "row"},
    {"L45 (291)", "factor quadratic", NULL, NULL, "has (291)",
        "its coefficients are not known here; (294) has a row"},
    {"L46", "nu = 0.7: d(tau F)/dtau, end", NULL, NULL, "has -4.14199e7",
        "a step's number without its step; the sign that it leads to has a "
        "row"},
    {"L46 (321)", "d(tau F)/dtau, end", NULL, NULL, "has -1.51154e8",
        "a step's number without its step; the sign that it leads to has a "
        "row"},
    {"L37", "x E grows in x", NULL, NULL, "has 0.09435",
        "a step's number without its step; the sign that it leads to has a "
        "row"},
    {"L38", "x E grows in x", NULL, NULL, "has 0.201766",
        "a step's number without its step; the sign that it leads to has a "
        "row"},
    {"L12", "grid", NULL, NULL, "has no number of points",
        "the paper gives spacings alone, which have rows"},
    {"L43", "error of the grid maximum", NULL, NULL, "has 1e-13",
        "the maximum is printed to 6 digits"},
    {"A3.4.5", "accuracy of exp, erf, erfc", NULL, NULL, "has 1 to 4.5 ulps",
        "quoted of libraries and processors, not mathematics"},
};
const struct figure_table figure_polynomials = {
    FIGURE_PAPER, rows, FIGURE_ROWS(rows)};

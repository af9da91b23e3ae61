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
#include "fixedpoint/proofs/figures/figures_table.h"

#define FAR_GAP  "0.0131259"
#define NEAR_GAP "0.0003"
#define BETA     "(2.911/pi)"
#define A(g)     "((v - m)*(v + m) + (3*v - m - " g ")*(v + m + " BETA "))"
#define B(g)                                                                  \
    "(5.822*(2*v - m)*(v + m + " BETA ")*(2*v + m) - 1.911*" A(g) "*(2*v + "  \
                                                                  "m))"
#define POLYNOMIAL(g)                                                         \
    "(" A(g) "^2*((2*v + m)^2 + 2*2.911^2/pi*v) - " B(g) "^2)"

/*
 * Its coefficients, of x^5, x^4, x^4 y, and so on, where v stands for c, m for
 * g and BY for b.
 */
#define BY  "(v/pi)"
#define C50 "(-32*v*m)"
#define C40 "(-4*v*((v - 6)*" BY "^2 + (2*v + 16)*" BY "*m + (v - 2)*m^2))"
#define C41 "16*v*(" BY " - 5*m)"
#define C30 "2*" BY "*v*(9*" BY "^2 - (4*v + 22)*" BY "*m - (4*v - 9)*m^2)"
#define C22 "v*((3*v - 14)*" BY "^2 + (6*v - 28)*" BY "*m - (13*v - 26)*m^2)"
#define C21 "(-4)*" BY "*v*(3*" BY "^2 + 8*" BY "*m + (4*v - 9)*m^2)"
#define C20 "(-4)*" BY "^2*v*m*(3*" BY " + (v - 3)*m)"
#define C05 "(-4)*v*(" BY " - m)"
#define C04 "(-v)*((v + 2)*" BY "^2 - (2*v + 4)*" BY "*m + (v - 2)*m^2)"
#define C02 "(2 - v)*" BY "^2*v*m^2"
/* x^3 and all that is negative at x = 0.007, y = 0.01 */
#define NEGATIVE2 "(0.01^2*" C22 " + 0.01*" C21 " + " C20 ")/0.007"
#define NEGATIVE0 "(0.01^5*" C05 " + 0.01^4*" C04 " + 0.01^2*" C02 ")/0.007^3"
static const struct figure_region far_gap = {"c = 2.911, gap 0.0131259",
    {[IV_M] = {FAR_GAP, FAR_GAP}, [IV_V] = {"2.911", "2.911"}}, {NULL}};
static const struct figure_region near_gap = {"c = 2.911, gap 0.0003",
    {[IV_M] = {NEAR_GAP, NEAR_GAP}, [IV_V] = {"2.911", "2.911"}}, {NULL}};

/* Lemma 40's sub-function: x (4x+2y+1)(2x+2y+a) times its slope's bound. */
#define SLOPE_BOUND(a)                                                        \
    "((1 - alpha^2)*v*(4*v + 2*m + 1)*(2*v + 2*m + " a                        \
    ") + 2*alpha^2*((4*v^2 - m^2)*(2*v + 2*m + " a                            \
    ") - (v^2 - m^2)*(4*v + 2*m + 1)))"

#define UNPRINTED                                                             \
    "a step's number without its step; the sign that it leads to has a row"
#define NOTHING(where, what, printed, note)                                   \
    {                                                                         \
        where, what, NULL, &undefined, 1, FIGURE_UNDEFINED, printed, note, NO \
    }

static const struct figure_figure rows[] = {
    SIGN("L44 (268)", "final polynomial", POLYNOMIAL(FAR_GAP), far, -1),
    MAX("L44", "x^5 and x^4 of it at x = 20, |y| <= 0.1, and x^4 <= 20 x^3",
        "(" C40 " - " C41 "/10 + 1)*20^4 + " C50 "*20^5", far_gap, "52090.9",
        NULL, NO),
    SIGN("L45 (294)", "polynomial", POLYNOMIAL(NEAR_GAP), near, -1),
    MAX("L45 (295)", "x^4: of x^4, and x^5 with x <= 0.875",
        C40 " + 0.875*" C50, near_gap, "30.7869", NULL, NO),
    MAX("L45 (295)", "x^3: of x^3, less all negative terms at (0.007, 0.01)",
        C30 " + " NEGATIVE2 " + " NEGATIVE0, near_gap, "0.160295", NULL, NO),
    SIGN(
        "L45 (295)", "end polynomial", "30.7869*v^4 + 0.160295*v^3", near, -1),
    SIGN("L45 (295)", "it bounds (294) from below",
        POLYNOMIAL(NEAR_GAP) " - 30.7869*v^4 - 0.160295*v^3", near, -1),
    SIGN("L40", "factor", "8*(v + 0.618374)*(v - 0.297553)", xy, -1),
    SIGN("L40", "it times x bounds the numerator of the slope",
        SLOPE_BOUND("0.782") " - 8*v*(v + 0.618374)*(v - 0.297553)", xy, -1),
    SIGN("L40", "2y + 0.564", "2*m + 0.564", xy, -1),
    SIGN("(25)-(35)", "factor", "8*(v - 0.377966)*(v + 0.746178)", far, -1),
    SIGN("(25)-(35)", "it times x bounds the numerator of the slope",
        SLOPE_BOUND("0.878") " - 8*v*(v - 0.377966)*(v + 0.746178)", far, -1),
    /* E <= 2/(sqrt(pi)(z + sqrt(z^2 + 4/pi))), eq. 143 */
    MAX("L47 (333)", "slope in x, numerator, E bounded by (143)",
        "2*v*sqrt(v)/((v + m)/sqrt(2*v) + sqrt((v + m)^2/(2*v) + 4/pi)) - "
        "sqrt(2)*(v - m)",
        xy, "-0.334658", NULL, NO),
    MAX("L37", "0.4349 sqrt(pi/2)", "0.4349*sqrt(pi/2)", arithmetic,
        "0.545066", NULL, NO),
    MAX("L38", "0.261772 sqrt(pi)", "0.261772*sqrt(pi)", arithmetic,
        "0.463979", NULL, NO),
    /* ---- figures of which no more is known than that they are there ---- */
    NOTHING("L44 (277)", "numerator of dF/dy below", "-208.604", UNPRINTED),
    NOTHING("L45 (291)", "factor quadratic", "(291)",
        "its coefficients are not known here; (294) has a row"),
    NOTHING("L46", "nu = 0.7: d(tau F)/dtau, end", "-4.14199e7", UNPRINTED),
    NOTHING("L46 (321)", "d(tau F)/dtau, end", "-1.51154e8", UNPRINTED),
    NOTHING("L37", "x E grows in x", "0.09435", UNPRINTED),
    NOTHING("L38", "x E grows in x", "0.201766", UNPRINTED),
    NOTHING("L12", "grid", "no number of points",
        "the paper gives spacings alone, which have rows"),
    NOTHING("L43", "error of the grid maximum", "1e-13",
        "the maximum is printed to 6 digits"),
    NOTHING("A3.4.5", "accuracy of exp, erf, erfc", "1 to 4.5 ulps",
        "quoted of libraries and processors, not mathematics"),
};
const struct figure_figures figure_polynomials = TABLE(rows);

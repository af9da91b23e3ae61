/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Precision, basic functions, constants. */
#include "fixedpoint/proofs/figures/figures_table.h"

/* errors of first order when mu, omega, nu and tau are off by eps each */
#define INPUTS "errors of mu, omega, nu and tau alone"
#define SUM_Y  "abs(mu) + abs(omega)"
/* of n/sqrt(2x), whose slope in x is rest/(2x sqrt(2x)) */
#define Z_ERROR(n, rest)                                                      \
    "((" SUM_Y ") + (nu + tau)*abs(" rest ")/(2*v))/sqrt(2*v)"
#define ERFC_ERROR(n, rest)                                                   \
    "2/sqrt(pi)*exp(-(" n ")^2/(2*v))*" Z_ERROR(n, rest)

#define DE "(2*v*erfcx(v) - 2/sqrt(pi))" /* E'(z), z = v */
/* x E'(z) dz/dx */
#define Z_SLOPE(k, rest, de) "(" rest ")/(2*sqrt(2*v))*" de

static const struct figure_figure rows[] = {
    /* ---- precision ---- */
    MOST("L20", "10 delta(y)/eps", "1 + 1", arithmetic, "2", "printed: 0.2",
        NO),
    MOST("L20", "delta(x)/eps", "1.5 + 1.25", arithmetic, "3", NULL, NO),
    MOST("L20", "delta(sqrt x)/eps", "30/16", arithmetic, "1.875", NULL, NO),
    MOST("L20", "delta(sqrt 2 sqrt x)/eps",
        "sqrt(2)*1.875 + sqrt(1.875)/(2*sqrt(2))", arithmetic, "3.5", NULL,
        NO),
    MOST("L20", "delta(x/2)/eps", "(nu + tau)/2", d1, "2", NULL, NO),
    MOST("L20", "delta(y + x)/eps", SUM_Y " + nu + tau", d1, "3.2", NULL, NO),
    MOST("L20", "delta(y + x/2)/eps", SUM_Y " + (nu + tau)/2", d1, "2.2", NULL,
        NO),
    MOST("L20", "2 sqrt(2) delta(sqrt 2)/eps", "1", arithmetic, "1", NULL, NO),
    MOST("L20", "delta(y/sqrt(2x))/eps", Z_ERROR("m", "-m"), d1, "0.25", NULL,
        NO),
    MOST("L20", "delta((y+x)/sqrt(2x))/eps", Z_ERROR("(v + m)", "(v - m)"), d1,
        "8", NULL, NO),
    MOST("L20 (137)", "delta(erfc(y/sqrt(2x)))/eps", ERFC_ERROR("m", "-m"), d1,
        "0.3", NULL, NO),
    MOST("L20 (138)", "delta(erfc((y+x)/sqrt(2x)))/eps",
        ERFC_ERROR("(v + m)", "(v - m)"), d1, "10", NULL, NO),
    MOST("L20 (139)", "delta(e^(y+x/2))/eps",
        "exp(m + v/2)*(" SUM_Y " + (nu + tau)/2)", d1, "5.7", NULL, NO),
    MOST("L20 (141)", "delta(J11)/eps",
        "abs(omega^2*M_mm) + abs(M_m + m*M_mm) + abs(omega*tau*M_mv) + "
        "abs(omega*nu*M_mv)",
        d1, "6", INPUTS, NO),
    MOST("L20 (141)", "delta(J12)/eps",
        "abs(omega*tau*M_mv) + abs(mu*tau*M_mv) + abs(tau^2*M_vv) + "
        "abs(M_v + v*M_vv)",
        d1, "78", INPUTS, NO),
    MOST("L20 (141)", "delta(J21)/eps",
        "abs(omega^2*S_mm) + abs(S_m + m*S_mm) + abs(omega*tau*S_mv) + "
        "abs(omega*nu*S_mv)",
        d1, "189", INPUTS, NO),
    MOST("L20 (141)", "delta(J22)/eps",
        "abs(omega*tau*S_mv) + abs(mu*tau*S_mv) + abs(tau^2*S_vv) + "
        "abs(S_v + v*S_vv)",
        d1, "405", INPUTS, NO),
    MOST("L20 (142)", "delta(mean)/eps",
        "(abs(mu) + abs(omega))*M_m + (nu + tau)*M_v", d1, "52", INPUTS, NO),
    MOST("L20 (142)", "delta(S)/eps",
        "abs(" CLAIM_NORM_BY(
            "omega^2*", "omega*tau*") ") + "
                                      "abs(" CLAIM_NORM_BY_OMEGA
                                      ") + abs(" CLAIM_NORM_BY_NU ") + "
                                      "abs(" CLAIM_NORM_BY_TAU ")",
        d1, "292", INPUTS, NO),
    MAX("L20", "eps, unit roundoff", "1/2^53", arithmetic, "1e-16", NULL, NO),
    MAX("L20", "2^-52", "1/2^52", arithmetic, "2.220446e-16", NULL, NO),
    MOST("L20", "292 eps", "292*2.220446049250313e-16", arithmetic, "1e-13",
        "input errors alone, terms of first order", NO),
    /* ---- basic functions ---- */
    SIGN("L22 (143)", "E(z) above its lower bound",
        "erfcx(v) - 2/(sqrt(pi)*(v + sqrt(v^2 + 2)))", positive, -1),
    SIGN("L22 (143)", "E(z) below its upper bound",
        "erfcx(v) - 2/(sqrt(pi)*(v + sqrt(v^2 + 4/pi)))", positive, 1),
    SIGN("L23", "E(z) falls", DE, positive, 1),
    SIGN("L23", "E(z) is convex", "2*erfcx(v) + 2*v*" DE, positive, -1),
    SIGN("L24", "z E(z) grows", "erfcx(v) + v*" DE, positive, -1),
    HOLDS("L24", "z E(z) sqrt(pi)", "v*erfcx(v)*sqrt(pi)", positive, 1, "1",
        NULL),
    MIN("L27", "t1", "(v + m)/sqrt(2*v)", xy, "0.5568", NULL, NO),
    MAX("L27", "T1", "(v + m)/sqrt(2*v)", xy, "0.9734", NULL, NO),
    MIN("L28", "t2", "(2*v + m)/sqrt(2*v)", xy, "1.1225", NULL, NO),
    MAX("L28", "T2", "(2*v + m)/sqrt(2*v)", xy, "1.9417", NULL, NO),
    MAX("L29", "T3", "m/sqrt(2*v)", xy, "0.0088388", NULL, NO),
    MIN("L30", "t4", "m^2/(2*v)", xy, "0", NULL, NO),
    MOST("L30", "T4", "m^2/(2*v)", xy, "0.000078126", NULL, NO),
    MIN("L29", "t3", "m/sqrt(2*v)", xy, "-0.0088388", NULL, NO),
    SIGN("L31", "sqrt(2/pi)(alpha-1)/sqrt(x) > 0, falls in x",
        "-sqrt(2/pi)*(alpha - 1)/(2*v*sqrt(v))", xy, 1),
    HOLDS("L32", "2 - erfc(y/sqrt(2x)) falls in x", "-m*N/v", xy, 1, "0",
        "not for y < 0, where it grows"),
    SIGN("L32", "2 - erfc(y/sqrt(2x)) grows in y", "N", xy, -1),
    SIGN("L33", "sub-function < 0", L33, xy, 1),
    SIGN("L33", "grows in x", "(alpha*v - 3*(alpha - 1)*m)/v^2", xy, -1),
    SIGN("L33", "grows in y", "(alpha - 1)/(v*sqrt(v))", xy, -1),
    MAX("L34 (158)", "numerator of the slope in x",
        "3*(alpha - 1)*m^2 - v*(1 - alpha + alpha*m) - alpha*v^2", xy,
        "-0.243569", NULL, NO),
    MIN("L34", "numerator of the slope in y", "alpha*v - 2*(alpha - 1)*m", xy,
        "1.0574", NULL, NO),
    MAX("L34 (161)", "sub-function",
        "sqrt(2/pi)*(-(alpha - 1)*m^2/(v*sqrt(v)) + (1 - alpha + alpha*m)/"
        "sqrt(v) - alpha*sqrt(v))",
        xy, "-1.72296", NULL, NO),
    MIN("L39", "the same",
        "sqrt(2/pi)*(-(alpha - 1)*m^2/(v*sqrt(v)) + (1 - "
        "alpha + alpha*m)/sqrt(v) - alpha*sqrt(v))",
        xy, "-2.2302", NULL, NO),
    MAX("L35", "sub-function",
        "sqrt(2/pi)*((alpha^2 - 1)*m/(v*sqrt(v)) - 3*alpha^2/sqrt(v))", xy,
        "-4.88869", NULL, NO),
    MAX("L36", "sub-function",
        "sqrt(2/pi)*((alpha^2 - 1)*m/sqrt(v) - 3*alpha^2*sqrt(v))", xy,
        "-5.34347", NULL, NO),
    LEAST("L35", "numerator of the slope in x", "alpha^2*v - (alpha^2 - 1)*m",
        xy, "1.77387", NULL, NO),
    SIGN("L35", "grows in y", "(alpha^2 - 1)/(v*sqrt(v))", xy, -1),
    MAX("L36", "numerator of the slope in x", "-(alpha^2 - 1)*m - 3*alpha^2*v",
        xy, "-5.35764", NULL, NO),
    SIGN("L36", "grows in y", "(alpha^2 - 1)/sqrt(v)", xy, -1),
    LEAST("L37", "E((y+x)/sqrt(2x))", E1, xy, "0.4349", NULL, NO),
    SIGN("L37", "x E grows in x", E1 " + " Z_SLOPE("1", "v - m", DE1), xy, -1),
    SIGN("L37", "x E falls in y", DE1, xy, 1),
    LEAST("L38", "E((y+2x)/sqrt(2x))", E2, xy, "0.261772", NULL, NO),
    SIGN("L38", "x E grows in x", E2 " + " Z_SLOPE("2", "2*v - m", DE2), xy,
        -1),
    SIGN("L38", "x E falls in y", DE2, xy, 1),
    SIGN("L47", "f falls in x", "X1 - N*(1 - m/v)", xy, 1),
    SIGN("L47", "f falls in y", "X1 - N", xy, 1),
    MAX("L47 (334)", "f e^-y at x = 0.64", "2*X1*exp(-m)", xy_edge,
        "0.5935272325870631", NULL, NO),
    MIN("L47 (334)", "sqrt(2/(pi x)) e^(-y - y^2/2x) at x = 0.64",
        "2*N*exp(-m)", xy_edge, "0.987354705867739", NULL, NO),
    MOST("L47 (334)", "slope in y, times e^-y, at x = 0.64",
        "2*(X1 - N)*exp(-m)", xy_edge, "-0.3938274732806759",
        "0.5935272325870631 - 0.987354705867739 as printed", NO),
    LEAST("L40", "a", "(sqrt((2048 + 169*pi)/pi) - 13)/20", arithmetic,
        "0.782", NULL, NO),
    /* ---- eq. 14, selu.py ---- */
    MAX("Eq. 14", "alpha", "alpha", arithmetic,
        "1.6732632423543772848170429916717", NULL, NO),
    MAX("Eq. 14", "lambda", "lambda", arithmetic,
        "1.0507009873554804934193349852946", NULL, NO),
    MAX("selu.py", "alpha'", "-lambda*alpha", arithmetic,
        "-1.7580993408473766", "a unit of a double off: ...768 is nearer", NO),
    MAX("notebook", "alpha by nsolve", "alpha", arithmetic,
        "1.6732632423543778", "2.3 units of a double above", NO),
    MAX("notebook", "lambda by nsolve", "lambda", arithmetic,
        "1.0507009873554805", NULL, NO),
    MAX("notebook", "lambda by closed form", "lambda", arithmetic,
        "1.0507009873554807", "one unit of a double above", NO),
    /* ---- A5 and the authors' notebook ---- */
    MAX("A5", "alpha for (0, 2)", "alpha", design02, "1.97126", NULL, NO),
    MAX("A5", "lambda for (0, 2)", "lambda", design02, "1.06071", NULL, NO),
    MAX("notebook", "alpha for (-0.1, 2), omega = 1", "alpha", notebook,
        "1.9769021954242014", NULL, NO),
    MAX("notebook", "lambda for (-0.1, 2), omega = 1", "lambda", notebook,
        "1.073851239616046", NULL, NO),
};
const struct figure_figures figure_basic = TABLE(rows);

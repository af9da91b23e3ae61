/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vocabulary of claims and figures.  x = v, y = m; z1, z2 are the
 * arguments of erfcx in the moments; J is the Jacobian of (mean, second
 * moment), H that of g.
 */
#include "fixedpoint/proofs/claims/definitions.h"

const struct claim_definition claim_definitions[] = {
    /* ---- singular values ---- */
    /* the larger one of the matrix with rows (a, b), (c, d), eq. 69 */
    {"norm(a, b, c, d)", "(hypot(a + d, c - b) + hypot(a - d, c + b))/2"},
    {"norm_H", "norm(wmax*M_m, tmax*M_v, wmax*V_m, tmax*V_v)"},
    {"norm_J", "norm(wmax*M_m, tmax*M_v, wmax*S_m, tmax*S_v)"},
    /*
     * Its derivative for H, given those of the entries: with p, r = h11 +- h22
     * and q, t = h21 -+ h12 it is
     *     ((p p' + q q')/hypot(p, q) + (r r' + t t')/hypot(r, t))/2.
     * Divided by p and r, whose signs are all that is left of them besides q/p
     * and t/r: these are small, so that the quotients hardly depend on them,
     * where with p on both sides of the fraction bar a box would need to be
     * some three times as narrow.
     */
    {"p", "omega*M_m + tau*V_v"},
    {"r", "omega*M_m - tau*V_v"},
    {"q_p", "(omega*V_m - tau*M_v)/p"},
    {"t_r", "(omega*V_m + tau*M_v)/r"},
    {"slope_p(a, b, c, d)", "sign(p)*(a + d + q_p*(c - b))/hypot(1, q_p)"},
    {"slope_r(a, b, c, d)", "sign(r)*(a - d + t_r*(c + b))/hypot(1, t_r)"},
    {"slope(a, b, c, d)", "(slope_p(a, b, c, d) + slope_r(a, b, c, d))/2"},
    {"H_mu", "slope(omega^2*M_mm, omega*tau*M_mv, omega^2*V_mm, "
             "omega*tau*V_mv)"},
    {"H_omega", "slope(M_m + m*M_mm, mu*tau*M_mv, V_m + m*V_mm, mu*tau*V_mv)"},
    {"H_nu", "slope(omega*tau*M_mv, tau^2*M_vv, omega*tau*V_mv, tau^2*V_vv)"},
    {"H_tau", "slope(omega*nu*M_mv, M_v + v*M_vv, omega*nu*V_mv, V_v + "
              "v*V_vv)"},
    /* derivatives of the norm by the entries, eqs. 89 to 92 */
    {"cos_p", "sign(p)/hypot(1, q_p)"},
    {"sin_p", "sign(p)*q_p/hypot(1, q_p)"},
    {"cos_r", "sign(r)/hypot(1, t_r)"},
    {"sin_r", "sign(r)*t_r/hypot(1, t_r)"},
    /*
     * ---- as Coq meets them, exp and erfc apart (certificate/coq.c) ----
     * The names are those of formal/Enclosure.v.
     */
    {"coq_X0", "erfc(m/sqrt(2*v))/2"},
    {"coq_X1", "exp(m + v/2)*erfc(m/sqrt(2*v) + sqrt(v/2))/2"},
    {"coq_X2", "exp(2*m + 2*v)*erfc(m/sqrt(2*v) + sqrt(2*v))/2"},
    {"coq_N", "exp(-m^2/(2*v))/sqrt(2*pi*v)"},
    {"coq_M", "lambda*(m*(1 - coq_X0) + v*coq_N + alpha*(coq_X1 - coq_X0))"},
    {"coq_S", "lambda^2*((m^2 + v)*(1 - coq_X0) + m*v*coq_N + "
              "alpha^2*(coq_X2 - 2*coq_X1 + coq_X0))"},
    {"coq_M_m", "lambda*(1 - coq_X0 + alpha*coq_X1)"},
    {"coq_M_v", "lambda/2*(alpha*coq_X1 - (alpha - 1)*coq_N)"},
    {"coq_S_m", "2*lambda^2*(m*(1 - coq_X0) + v*coq_N + "
                "alpha^2*(coq_X2 - coq_X1))"},
    {"coq_S_v", "lambda^2*(1 - coq_X0 + alpha^2*(2*coq_X2 - coq_X1))"},
    {"coq_V", "coq_S - coq_M^2"},
    {"coq_V_m", "coq_S_m - 2*coq_M*coq_M_m"},
    {"coq_V_v", "coq_S_v - 2*coq_M*coq_M_v"},
    {"coq_frobenius(tau)", "0.1^2*(coq_M_m^2 + coq_V_m^2) + "
                           "(tau)^2*(coq_M_v^2 + coq_V_v^2)"},
    /* ---- gradients and alpha dropout ---- */
    {"growth", "lambda^2*(P + alpha^2*X2)"}, /* E selu'(z)^2 */
    /*
     * After dropout at rate p = 1 - s^2, with K = (lambda alpha)^2,
     * D = 1 + K p: mean s M/sqrt(D), variance (V + p (M + lambda alpha)^2)/D;
     * from a^2 (1 - p) = 1/D and b = -a p alpha' (docs/mathematics/proofs.md).
     */
    {"rate", "1 - s^2"},
    {"D", "1 + (lambda*alpha)^2*rate"},
    {"drop_mean(x)", "s*x/sqrt(D)"},
    {"drop_variance", "(V + rate*(M + lambda*alpha)^2)/D"},
    /* the variance minus 1, ordered for V = 1 and M = 0 */
    {"drop_excess", "(V - 1 + rate*M*(M + 2*lambda*alpha))/D"},
    {"drop_slope(dV, dM)", "(dV + 2*rate*(M + lambda*alpha)*dM)/D"},
    {"drop_norm", "norm(wmax*drop_mean(M_m), tmax*drop_mean(M_v), "
                  "wmax*drop_slope(V_m, M_m), tmax*drop_slope(V_v, M_v))"},
    /* ---- the main sub-function F of Theorems 2 and 3 ---- */
    {"z1", "(v + m)/sqrt(2*v)"},
    {"z2", "(2*v + m)/sqrt(2*v)"},
    {"E1", "erfcx(z1)"},
    {"E2", "erfcx(z2)"},
    {"F", "E1 - 2*E2"},
    {"dE(z)", "2*z*erfcx(z) - 2/sqrt(pi)"}, /* E'(z) */
    {"F_x", "((v - m)*dE(z1) - 2*(2*v - m)*dE(z2))/(2*v*sqrt(2*v))"},
    {"F_y", "(dE(z1) - 2*dE(z2))/sqrt(2*v)"},
    /* brackets of its slopes, with E or what stands for E */
    {"in_x(E1, E2)", "((v^2 - m^2)*E1 - 2*(4*v^2 - m^2)*E2)/sqrt(2*v)"},
    {"in_y(E1, E2)", "(v + m)*E1 - 2*(2*v + m)*E2"},
    {"in_tau(E1, E2)", "(v^2 + 2*v - m^2)*E1 - 2*(4*v^2 + 2*v - m^2)*E2"},
    /* Ren and MacKenzie's E(z), eq. 260, and how far E is above it */
    {"RM(z)", "2.911/(1.911*sqrt(pi)*z + sqrt(pi*z^2 + 2.911^2))"},
    {"off(z)", "erfcx(z) - RM(z)"},
    {"bracket_error", "in_x(off(z1), off(z2))"},
    /* d(tau F)/dtau = (in_tau + sqrt(2x/pi)(3x - y))/2x, times 10^4 sqrt(pi)
     */
    {"tau_error", "10000*sqrt(pi)*in_tau(off(z1), off(z2))"},
    {"gauss", "2*N"}, /* sqrt(2/(pi x)) e^(-y^2/2x) */
    /* ---- sub-functions of Lemmas 33 to 36 and 39 ---- */
    {"L33", "sqrt(2/pi)*((alpha - 1)*m/(v*sqrt(v)) - alpha/sqrt(v))"},
    {"L34", "sqrt(2/pi)*(-(alpha - 1)*m^2/(v*sqrt(v)) + "
            "(1 - alpha + alpha*m)/sqrt(v) - alpha*sqrt(v))"},
    {"L35", "sqrt(2/pi)*((alpha^2 - 1)*m/(v*sqrt(v)) - 3*alpha^2/sqrt(v))"},
    {"L36", "sqrt(2/pi)*((alpha^2 - 1)*m/sqrt(v) - 3*alpha^2*sqrt(v))"},
    /* 2/(...) of the bracket of dJ12/dnu, without alpha E */
    {"in_nu", "sqrt(2/pi)*(-(alpha - 1)*m^2/(v^2*sqrt(v)) + "
              "(alpha - 1 + alpha*m)/(v*sqrt(v)) - alpha/sqrt(v))"},
    /* ---- polynomials of Lemmas 40, 44 and 45 (figures/) ---- */
    {"b", "2.911/pi"},
    {"A(g)", "(v - m)*(v + m) + (3*v - m - g)*(v + m + b)"},
    {"B(g)", "5.822*(2*v - m)*(v + m + b)*(2*v + m) - 1.911*A(g)*(2*v + m)"},
    {"root2", "(2*v + m)^2 + 2*2.911^2/pi*v"},
    {"polynomial(g)", "A(g)^2*root2 - B(g)^2"},
    /* Lemma 40's sub-function: x (4x+2y+1)(2x+2y+a) times its slope's bound */
    {"bound_1(a)", "(1 - alpha^2)*v*(4*v + 2*m + 1)*(2*v + 2*m + a)"},
    {"bound_2(a)", "(4*v^2 - m^2)*(2*v + 2*m + a) - (v^2 - m^2)*(4*v + 2*m + "
                   "1)"},
    {"slope_bound(a)", "bound_1(a) + 2*alpha^2*bound_2(a)"},
    /*
     * The coefficients of Lemma 45's polynomial, of x^5, x^4, x^4 y, and so
     * on, where v stands for c = 2.911, m for the gap g and c_pi for c/pi.
     */
    {"c_pi", "v/pi"},
    {"C50", "-32*v*m"},
    {"C40", "-4*v*((v - 6)*c_pi^2 + (2*v + 16)*c_pi*m + (v - 2)*m^2)"},
    {"C41", "16*v*(c_pi - 5*m)"},
    {"C30", "2*c_pi*v*(9*c_pi^2 - (4*v + 22)*c_pi*m - (4*v - 9)*m^2)"},
    {"C22", "v*((3*v - 14)*c_pi^2 + (6*v - 28)*c_pi*m - (13*v - 26)*m^2)"},
    {"C21", "-4*c_pi*v*(3*c_pi^2 + 8*c_pi*m + (4*v - 9)*m^2)"},
    {"C20", "-4*c_pi^2*v*m*(3*c_pi + (v - 3)*m)"},
    {"C05", "-4*v*(c_pi - m)"},
    {"C04", "-v*((v + 2)*c_pi^2 - (2*v + 4)*c_pi*m + (v - 2)*m^2)"},
    {"C02", "(2 - v)*c_pi^2*v*m^2"},
    /* x^3 and all that is negative at x = 0.007, y = 0.01 */
    {"negative2", "(0.01^2*C22 + 0.01*C21 + C20)/0.007"},
    {"negative0", "(0.01^5*C05 + 0.01^4*C04 + 0.01^2*C02)/0.007^3"},
    {"L34_low", "sqrt(2/pi)*(-(alpha - 1)*0.01^2/(1.875*sqrt(1.875)) + "
                "(1 - alpha - 0.01*alpha)/sqrt(1.875) - alpha*sqrt(1.875))"},
    /* ---- what the paper prints, and the sums it makes of that ---- */
    /* Lemma 5: bounds of dJ11/dmu and so on */
    {"d11_mu", "0.0031049101995398316"},
    {"d11_omega", "1.055872374194189"},
    {"d11_nu", "0.031242911235461816"},
    {"d11_tau", "0.03749149348255419"},
    {"d12_omega", "0.031242911235461816"},
    {"d12_nu", "0.21232788238624354"},
    {"d12_tau", "0.2124377655377270"},
    {"d21_mu", "0.02220441024325437"},
    {"d21_omega", "1.146955401845684"},
    {"d21_nu", "0.14983446469110305"},
    {"d21_tau", "0.17980135762932363"},
    {"d22_omega", "0.14983446469110305"},
    {"d22_nu", "1.805740052651535"},
    {"d22_tau", "2.396685907216327"},
    /* Lemmas 6, 7 and 9 */
    {"max_J11", "0.104497"},
    {"max_J12", "0.194035"},
    {"max_M", "0.087653"},
    /* eqs. 98 to 103; r is nu/tau where dM/dtau is r dM/dnu, 1 in the paper */
    {"sum_98", "d11_mu + d11_nu + d21_mu + d21_nu + 2*max_J11*max_M + "
               "2*max_J11^2 + 2*max_J12*max_M + 2*max_J11*max_J12"},
    {"sum_100", "2.38392 + 2*d11_omega*max_M + 2*max_J11^2 + "
                "2*d12_omega*max_M + 2*max_J12*max_J11"},
    {"sum_101", "2.19916 + 2*d11_nu*max_M + 2*max_J11*max_J12 + "
                "2*d12_nu*max_M + 2*max_J12^2"},
    {"sum_103(r)", "2.82643 + 2*d11_tau*max_M + 2*max_J11*max_J12*r + "
                   "2*d12_tau*max_M + 2*max_J12^2*r"},
    /* Lemma 12: with its spacings and these bounds of dS/dnu and dS/dtau */
    {"deviation(nu, tau)", "0.32112*0.0068097371 + 2.63690*0.0008292885 + "
                           "nu*0.0009580840 + tau*0.0007323095"},
    /* Lemma 43 */
    {"deviation_43", "0.08101072*(0.001498041 + 0.001498041) + "
                     "0.30089696*0.0004033190 + 0.06365128*0.0019065994"},
    /* ---- errors of first order, Lemma 20 ---- */
    /* of what has these slopes in mu, omega, nu and tau */
    {"moved(a, b, c, d)", "abs(a) + abs(b) + abs(c) + abs(d)"},
    /* where mu, omega, nu and tau are off by eps each: of y and of x */
    {"off_y", "abs(mu) + abs(omega)"},
    {"off_x", "nu + tau"},
    /* of n/sqrt(2x), whose slope in x is rest/(2x sqrt(2x)) */
    {"off_z(rest)", "(off_y + off_x*abs(rest)/(2*v))/sqrt(2*v)"},
    {"off_erfc(n, rest)", "2/sqrt(pi)*exp(-n^2/(2*v))*off_z(rest)"},
};
const size_t claim_definition_count =
    sizeof claim_definitions / sizeof *claim_definitions;

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas that several tables of inequalities share. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_H

#include "fixedpoint/proofs/proofs.h"

/*
 * S = (hypot(p, q) + hypot(r, t))/2 with p, r = h11 +- h22 and
 * q, t = h21 -+ h12, and its derivative
 * ((p p' + q q')/hypot(p, q) + (r r' + t t')/hypot(r, t))/2
 * for given derivatives of h11, h12, h21 and h22.
 */
#define SN_PLUS_P  "(omega*M_m + tau*V_v)"
#define SN_MINUS_R "(omega*M_m - tau*V_v)"
#define SN_PLUS_Q  "(omega*V_m - tau*M_v)"
#define SN_MINUS_T "(omega*V_m + tau*M_v)"
#define SN_NORM_SLOPE(h11, h12, h21, h22)                                     \
    "((" SN_PLUS_P "*(" h11 " + " h22 ") + " SN_PLUS_Q "*(" h21 " - " h12     \
    "))"                                                                      \
    "/hypot(" SN_PLUS_P ", " SN_PLUS_Q ") + (" SN_MINUS_R "*(" h11 " - " h22  \
    ") + " SN_MINUS_T "*(" h21 " + " h12 "))/hypot(" SN_MINUS_R               \
    ", " SN_MINUS_T "))/2"
#define SN_NORM_BY(a, b) SN_NORM_SLOPE(a "M_mm", b "M_mv", a "V_mm", b "V_mv")
#define SN_NORM_BY_OMEGA                                                      \
    SN_NORM_SLOPE(                                                            \
        "(M_m + m*M_mm)", "mu*tau*M_mv", "(V_m + m*V_mm)", "mu*tau*V_mv")
#define SN_NORM_BY_NU                                                         \
    SN_NORM_SLOPE(                                                            \
        "omega*tau*M_mv", "tau^2*M_vv", "omega*tau*V_mv", "tau^2*V_vv")
#define SN_NORM_BY_TAU                                                        \
    SN_NORM_SLOPE(                                                            \
        "omega*nu*M_mv", "(M_v + v*M_vv)", "omega*nu*V_mv", "(V_v + v*V_vv)")

#endif

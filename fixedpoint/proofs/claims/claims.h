/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas that several tables of inequalities share. */
#ifndef SN_FIXEDPOINT_PROOFS_CLAIMS_CLAIMS_H
#define SN_FIXEDPOINT_PROOFS_CLAIMS_CLAIMS_H

#include "fixedpoint/proofs/claims/proofs.h"

/*
 * S = (hypot(p, q) + hypot(r, t))/2 with p, r = h11 +- h22 and
 * q, t = h21 -+ h12, and its derivative
 * ((p p' + q q')/hypot(p, q) + (r r' + t t')/hypot(r, t))/2
 * for given derivatives of h11, h12, h21 and h22.  Divided by p and r, whose
 * signs are all that is left of them besides q/p and t/r: these are small, so
 * that the quotients hardly depend on them, where with p on both sides of the
 * fraction bar a box would need to be some three times as narrow.
 */
#define CLAIM_PLUS_P  "(omega*M_m + tau*V_v)"
#define CLAIM_MINUS_R "(omega*M_m - tau*V_v)"
#define CLAIM_Q_BY_P  "((omega*V_m - tau*M_v)/" CLAIM_PLUS_P ")"
#define CLAIM_T_BY_R  "((omega*V_m + tau*M_v)/" CLAIM_MINUS_R ")"
#define CLAIM_NORM_SLOPE(h11, h12, h21, h22)                                  \
    "(sign(" CLAIM_PLUS_P ")*(" h11 " + " h22 " + " CLAIM_Q_BY_P "*(" h21     \
    " - " h12 "))/hypot(1, " CLAIM_Q_BY_P ") + sign(" CLAIM_MINUS_R ")*(" h11 \
    " - " h22 " + " CLAIM_T_BY_R "*(" h21 " + " h12                           \
    "))/hypot(1, " CLAIM_T_BY_R "))/2"
#define CLAIM_NORM_BY(a, b)                                                   \
    CLAIM_NORM_SLOPE(a "M_mm", b "M_mv", a "V_mm", b "V_mv")
#define CLAIM_NORM_BY_OMEGA                                                   \
    CLAIM_NORM_SLOPE(                                                         \
        "(M_m + m*M_mm)", "mu*tau*M_mv", "(V_m + m*V_mm)", "mu*tau*V_mv")
#define CLAIM_NORM_BY_NU                                                      \
    CLAIM_NORM_SLOPE(                                                         \
        "omega*tau*M_mv", "tau^2*M_vv", "omega*tau*V_mv", "tau^2*V_vv")
#define CLAIM_NORM_BY_TAU                                                     \
    CLAIM_NORM_SLOPE(                                                         \
        "omega*nu*M_mv", "(M_v + v*M_vv)", "omega*nu*V_mv", "(V_v + v*V_vv)")

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tables of figures share: domains, kinds of rows, functions.
 * x = v, y = m; E(z) = e^(z^2) erfc(z) is erfcx; J is the Jacobian of (mean,
 * second moment), H that of g.
 */
#ifndef SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_TABLE_H
#define SN_FIXEDPOINT_PROOFS_FIGURES_FIGURES_TABLE_H

#include "fixedpoint/proofs/claims/claims.h"
#include "fixedpoint/proofs/figures/figures.h"

#define FOUR(mu, nu0, nu1, omega, tau0, tau1)                                 \
    {                                                                         \
        [IV_MU] = {"-" mu, mu}, [IV_NU] = {nu0, nu1},                         \
        [IV_OMEGA] = {"-" omega, omega}, [IV_TAU] = {                         \
            tau0,                                                             \
            tau1                                                              \
        }                                                                     \
    }
#define TWO(y, x0, x1)                                                        \
    {                                                                         \
        [IV_M] = {"-" y, y}, [IV_V] = { x0, x1 }                              \
    }
static const struct figure_region at_one = {"(0, 1), omega 0, tau 1",
    {[IV_MU] = {"0", "0"},
        [IV_NU] = {"1", "1"},
        [IV_OMEGA] = {"0", "0"},
        [IV_TAU] = {"1", "1"}},
    {NULL}};
static const struct figure_region d1 = {
    "D1", FOUR("0.1", "0.8", "1.5", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region omega = {
    "Omega", FOUR("0.1", "0.8", "1.5", "0.1", "0.95", "1.1"), {NULL}};
static const struct figure_region above = {
    "Omega++", FOUR("1", "3", "16", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region plus = {
    "Omega+", FOUR("1", "1.5", "16", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region plus_small = {"Omega+, |mu| <= 0.1",
    FOUR("0.1", "1.5", "16", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region minus1 = {
    "Omega1-", FOUR("0.1", "0.05", "0.16", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region minus2 = {
    "Omega2-", FOUR("0.1", "0.05", "0.24", "0.1", "0.9", "1.25"), {NULL}};
static const struct figure_region minus = {
    "Omega-", FOUR("0.1", "0.05", "0.24", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region main1 = {"Omega1- from 0.02",
    FOUR("0.1", "0.02", "0.16", "0.1", "0.8", "1.25"), {NULL}};
static const struct figure_region main2 = {"Omega2- from 0.02",
    FOUR("0.1", "0.02", "0.24", "0.1", "0.9", "1.25"), {NULL}};
static const struct figure_region xy = {
    "x, y of D1", TWO("0.01", "0.64", "1.875"), {NULL}};
static const struct figure_region xy_edge = {
    "x = 0.64, |y| <= 0.01", TWO("0.01", "0.64", "0.64"), {NULL}};
static const struct figure_region far = {
    "1.2 <= x <= 20, |y| <= 0.1", TWO("0.1", "1.2", "20"), {NULL}};
static const struct figure_region far_edge = {
    "x = 1.2, |y| <= 0.1", TWO("0.1", "1.2", "1.2"), {NULL}};
static const struct figure_region near = {
    "0.007 <= x <= 0.875, |y| <= 0.01", TWO("0.01", "0.007", "0.875"), {NULL}};
static const struct figure_region near_upper = {
    "0.08 <= x <= 0.875, |y| <= 0.01", TWO("0.01", "0.08", "0.875"), {NULL}};
static const struct figure_region near_lower = {
    "0.007 <= x <= 0.08, |y| <= 0.01", TWO("0.01", "0.007", "0.08"), {NULL}};
static const struct figure_region tau1 = {
    "nu = 0.7, 0.8 <= tau <= 1.25, y = 0.01",
    {[IV_M] = {"0.01", "0.01"}, [IV_V] = {"0.56", "0.875"}}, {NULL}};
static const struct figure_region tau2 = {
    "nu = 0.16, 0.8 <= tau <= 1.25, y = 0.01",
    {[IV_M] = {"0.01", "0.01"}, [IV_V] = {"0.128", "0.2"}}, {NULL}};
static const struct figure_region tau3 = {
    "nu = 0.24, 0.9 <= tau <= 1.25, y = 0.01",
    {[IV_M] = {"0.01", "0.01"}, [IV_V] = {"0.216", "0.3"}}, {NULL}};
static const struct figure_region minus_xy = {
    "x, y of Omega-", TWO("0.01", "0.04", "0.3"), {NULL}};
static const struct figure_region near1 = {
    "x = 0.007", TWO("0.01", "0.007", "0.007"), {NULL}};
static const struct figure_region near2 = {
    "x = 0.128", TWO("0.01", "0.128", "0.128"), {NULL}};
static const struct figure_region near3 = {
    "x = 0.216", TWO("0.01", "0.216", "0.216"), {NULL}};
static const struct figure_region near4 = {
    "x = 0.56", TWO("0.01", "0.56", "0.56"), {NULL}};
static const struct figure_region mean41 = {
    "0.02 <= x <= 0.5, |y| <= 0.01", TWO("0.01", "0.02", "0.5"), {NULL}};
static const struct figure_region end20 = {"x = 20, y = 0.01",
    {[IV_M] = {"0.01", "0.01"}, [IV_V] = {"20", "20"}}, {NULL}};
static const struct figure_region zero3 = {
    "mu = omega = 0, nu = 3, tau = 1.25",
    {[IV_MU] = {"0", "0"},
        [IV_NU] = {"3", "3"},
        [IV_OMEGA] = {"0", "0"},
        [IV_TAU] = {"1.25", "1.25"}},
    {NULL}};
static const struct figure_region corner3 = {
    "mu = 1, omega = 0.1, nu = 3, tau = 1.25",
    {[IV_MU] = {"1", "1"},
        [IV_NU] = {"3", "3"},
        [IV_OMEGA] = {"0.1", "0.1"},
        [IV_TAU] = {"1.25", "1.25"}},
    {NULL}};
static const struct figure_region corner3_below = {
    "mu = -1, omega = -0.1, nu = 3, tau = 1.25",
    {[IV_MU] = {"-1", "-1"},
        [IV_NU] = {"3", "3"},
        [IV_OMEGA] = {"-0.1", "-0.1"},
        [IV_TAU] = {"1.25", "1.25"}},
    {NULL}};
static const struct figure_region design02 = {"design (0, 2)",
    {[IV_M] = {"0", "0"}, [IV_V] = {"1", "1"}}, {"0", "2", "0", "1"}};
static const struct figure_region notebook = {"design (-0.1, 2), omega 1",
    {[IV_M] = {"0", "0"}, [IV_V] = {"1", "1"}}, {"-0.1", "2", "1", "1"}};
static const struct figure_region corner121 = {"x = 1.2, y = 0.1",
    {[IV_M] = {"0.1", "0.1"}, [IV_V] = {"1.2", "1.2"}}, {NULL}};
static const struct figure_region beyond = {
    "20 <= x <= 1000, |y| <= 0.1", TWO("0.1", "20", "1000"), {NULL}};
static const struct figure_region limit_above = {"x = 1e-12, y = 0.01",
    {[IV_M] = {"0.01", "0.01"}, [IV_V] = {"1e-12", "1e-12"}}, {NULL}};
static const struct figure_region limit_below = {"x = 1e-12, y = -0.01",
    {[IV_M] = {"-0.01", "-0.01"}, [IV_V] = {"1e-12", "1e-12"}}, {NULL}};
static const struct figure_region positive = {"0.001 <= z <= 20",
    {[IV_M] = {"0", "0"}, [IV_V] = {"0.001", "20"}}, {NULL}};
static const struct figure_region corner12 = {
    "mu = 0.1, omega = 0.1, nu = 0.8, tau = 1.25",
    {[IV_MU] = {"0.1", "0.1"},
        [IV_NU] = {"0.8", "0.8"},
        [IV_OMEGA] = {"0.1", "0.1"},
        [IV_TAU] = {"1.25", "1.25"}},
    {NULL}};
static const struct figure_region undefined = {"-", {{NULL}}, {NULL}};
static const struct figure_region arithmetic = {
    "arithmetic", {[IV_M] = {"0", "0"}, [IV_V] = {"1", "1"}}, {NULL}};

#define MOST(where, what, formula, region, printed, ...)                      \
    {                                                                         \
        where, what, formula, &region, 1, FIGURE_BOUND, printed, __VA_ARGS__  \
    }
#define LEAST(where, what, formula, region, printed, ...)                     \
    {                                                                         \
        where, what, formula, &region, -1, FIGURE_BOUND, printed, __VA_ARGS__ \
    }
#define MAX(where, what, formula, region, printed, ...)                       \
    {                                                                         \
        where, what, formula, &region, 1, FIGURE_EXTREMUM, printed,           \
            __VA_ARGS__                                                       \
    }
#define MIN(where, what, formula, region, printed, ...)                       \
    {                                                                         \
        where, what, formula, &region, -1, FIGURE_EXTREMUM, printed,          \
            __VA_ARGS__                                                       \
    }
/* the theorem or lemma itself */
#define HOLDS(where, what, formula, region, sense, limit, note)               \
    {                                                                         \
        where, what, formula, &region, sense, FIGURE_STATEMENT, limit, note,  \
        {                                                                     \
            NULL                                                              \
        }                                                                     \
    }
#define NO                                                                    \
    {                                                                         \
        NULL                                                                  \
    }

#define E1 "erfcx((v + m)/sqrt(2*v))"
#define E2 "erfcx((2*v + m)/sqrt(2*v))"
#define F  "(" E1 " - 2*" E2 ")"
/* E'(z) = 2 z E(z) - 2/sqrt(pi) */
#define DE1 "(2*(v + m)/sqrt(2*v)*" E1 " - 2/sqrt(pi))"
#define DE2 "(2*(2*v + m)/sqrt(2*v)*" E2 " - 2/sqrt(pi))"
#define F_X "((v - m)*" DE1 " - 2*(2*v - m)*" DE2 ")/(2*v*sqrt(2*v))"
#define F_Y "(" DE1 " - 2*" DE2 ")/sqrt(2*v)"
/* sub-functions of Lemmas 33 to 36 */
#define L33 "sqrt(2/pi)*((alpha - 1)*m/(v*sqrt(v)) - alpha/sqrt(v))"
#define L34                                                                   \
    "sqrt(2/pi)*(-(alpha - 1)*m^2/(v*sqrt(v)) + (1 - alpha + alpha*m)/"       \
    "sqrt(v) - alpha*sqrt(v))"
#define L35 "sqrt(2/pi)*((alpha^2 - 1)*m/(v*sqrt(v)) - 3*alpha^2/sqrt(v))"
#define L36 "sqrt(2/pi)*((alpha^2 - 1)*m/sqrt(v) - 3*alpha^2*sqrt(v))"
/* Ren and MacKenzie's E(z), eq. 260, and brackets of F with either E */
#define RM(z)        "2.911/(1.911*sqrt(pi)*" z " + sqrt(pi*" z "^2 + 2.911^2))"
#define RM1          RM("((v + m)/sqrt(2*v))")
#define RM2          RM("((2*v + m)/sqrt(2*v))")
#define OFF1         "(" E1 " - " RM1 ")"
#define OFF2         "(" E2 " - " RM2 ")"
#define IN_X(e1, e2) "((v^2 - m^2)*" e1 " - 2*(4*v^2 - m^2)*" e2 ")/sqrt(2*v)"
#define IN_Y(e1, e2) "((v + m)*" e1 " - 2*(2*v + m)*" e2 ")"
#define IN_TAU(e1, e2)                                                        \
    "((v^2 + 2*v - m^2)*" e1 " - 2*(4*v^2 + 2*v - m^2)*" e2 ")"
#define GAUSS "2*N" /* sqrt(2/(pi x)) e^(-y^2/2x) */
#define J_NORM                                                                \
    "(hypot(wmax*M_m + tmax*S_v, wmax*S_m - tmax*M_v) + "                     \
    "hypot(wmax*M_m - tmax*S_v, wmax*S_m + tmax*M_v))/2"

/* the lemma's sign, and those of its function's slopes */
#define SIGN(where, what, formula, region, sense)                             \
    HOLDS(where, what, formula, region, sense, "0", NULL)

#define TABLE(rows)                                                           \
    {                                                                         \
        rows, sizeof rows / sizeof *rows                                      \
    }

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the theorems reach: ends of domains at which an inequality turns
 * false.  The end is found by a secant on the proven extremum, and enclosed
 * by two parts: the inequality holds on the domain with one decimal, and
 * fails with another next to it.
 */
#include "fixedpoint/proofs/claims/claims.h"
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 32, STEPS = 80, DIGITS = 13 };

#define BOUNDS(mu, nu0, nu1, omega, tau0, tau1)                               \
    {                                                                         \
        [IV_MU] = {"-" mu, mu}, [IV_NU] = {nu0, nu1},                         \
        [IV_OMEGA] = {"-" omega, omega}, [IV_TAU] = {                         \
            tau0,                                                             \
            tau1                                                              \
        }                                                                     \
    }
#define ON_OMEGA BOUNDS("0.1", "0.8", "1.5", "0.1", "0.95", "1.1")

/*
 * Which end is moved; `holds` and `fails` bracket it.  `limited`: the limit
 * is the moved end itself, as for a variance that is to stay below nu.
 */
struct end {
    const char *name;
    struct claim_part part;
    int coordinate, which; /* 0: lower, 1: upper, 2: both, by modulus */
    double holds, fails;
    bool limited;
};

#define PART(statement, formula, sense, closed, limit, ...)                   \
    {                                                                         \
        "", statement, formula, sense, closed, limit, 0, __VA_ARGS__, false   \
    }
#define NORM_PART(...)                                                        \
    PART("spectral norm of the Jacobian is below 1", IV_NORM, 1, false, "1",  \
        __VA_ARGS__)
#define MEAN_PART(...)                                                        \
    PART("mean is at most 0.1", "M", 1, true, "0.1", __VA_ARGS__)
#define LOW_PART(...)                                                         \
    PART("mean is at least -0.1", "M", -1, true, "-0.1", __VA_ARGS__)
#define MOST_PART(limit, ...)                                                 \
    PART("variance is at most the largest nu", "V", 1, true, limit,           \
        __VA_ARGS__)
#define LEAST_PART(limit, ...)                                                \
    PART("variance is at least the smallest nu", "V", -1, true, limit,        \
        __VA_ARGS__)

static const struct end ends[] = {
    {"Theorem 1, largest tau: variance stays below 1.5",
        MOST_PART("1.5", ON_OMEGA), IV_TAU, 1, 1.1, 1.25, false},
    {"Theorem 1, smallest tau: variance stays above 0.8",
        LEAST_PART("0.8", ON_OMEGA), IV_TAU, 0, 0.95, 0.8, false},
    {"contraction, largest tau", NORM_PART(ON_OMEGA), IV_TAU, 1, 1.1, 1.5,
        false},
    {"contraction, smallest nu", NORM_PART(ON_OMEGA), IV_NU, 0, 0.8, 0.3,
        false},
    {"contraction, largest nu", NORM_PART(ON_OMEGA), IV_NU, 1, 350, 360,
        false},
    {"Theorem 1, largest nu: mean stays below 0.1", MEAN_PART(ON_OMEGA), IV_NU,
        1, 1.5, 3, false},
    {"Theorem 1, least upper end of nu that is kept",
        MOST_PART("1.5", ON_OMEGA), IV_NU, 1, 1.5, 1.2, true},
    {"Theorem 1, greatest lower end of nu that is kept",
        LEAST_PART("0.8", ON_OMEGA), IV_NU, 0, 0.8, 1, true},
    {"Theorem 1, largest |omega|: variance stays above 0.8",
        LEAST_PART("0.8", ON_OMEGA), IV_OMEGA, 2, 0.1, 0.5, false},
    {"invariance, largest |omega|: mean stays below 0.1", MEAN_PART(ON_OMEGA),
        IV_OMEGA, 2, 0.1, 1, false},
    {"invariance, largest |omega|: mean stays above -0.1", LOW_PART(ON_OMEGA),
        IV_OMEGA, 2, 0.1, 2, false},
    {"invariance, largest |omega|: variance stays below 1.5",
        MOST_PART("1.5", ON_OMEGA), IV_OMEGA, 2, 0.1, 2, false},
    {"contraction, largest |omega|", NORM_PART(ON_OMEGA), IV_OMEGA, 2, 0.1, 1,
        false},
    {"Theorem 2, smallest nu",
        PART("variance falls: variance minus nu is negative", "V - nu", 1,
            false, "0", BOUNDS("1", "3", "16", "0.1", "0.8", "1.25")),
        IV_NU, 0, 3, 1, false},
    {"Theorem 2 for E selu^2, smallest nu",
        PART("second moment minus nu is negative", "S - nu", 1, false, "0",
            BOUNDS("1", "3", "16", "0.1", "0.8", "1.25")),
        IV_NU, 0, 3, 1, false},
    {"Theorem 3 (i), largest nu",
        PART("variance grows: variance minus nu is positive", "V - nu", -1,
            false, "0", BOUNDS("0.1", "0.02", "0.16", "0.1", "0.8", "1.25")),
        IV_NU, 1, 0.16, 1, false},
    {"Theorem 3 (ii), largest nu",
        PART("variance grows: variance minus nu is positive", "V - nu", -1,
            false, "0", BOUNDS("0.1", "0.02", "0.24", "0.1", "0.9", "1.25")),
        IV_NU, 1, 0.24, 1, false},
    {"Theorem 3 with tau >= 0.95, largest nu",
        PART("variance grows: variance minus nu is positive", "V - nu", -1,
            false, "0", BOUNDS("0.1", "0.02", "0.24", "0.1", "0.95", "1.25")),
        IV_NU, 1, 0.24, 1, false},
};

/* The part at an end; `low` is the text of -end where both are moved. */
struct moved {
    struct claim_part part;
    char text[TEXT], low[TEXT];
};

static void move(struct moved *m, const struct end *e, double x, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(
        m->text, sizeof m->text, up ? "%.*RUg" : "%.*RDg", DIGITS, y);
    snprintf(m->low, sizeof m->low, "-%.30s", m->text);
    mpfr_clear(y);
    m->part = e->part;
    const char **end = m->part.domain[e->coordinate];
    if (e->which == 2)
        end[0] = m->low;
    end[e->which > 0] = m->text;
    if (e->limited)
        m->part.limit = m->text;
}

/* Above 0 where the inequality fails at x, by how much. */
static enum sn_status excess(
    double *y, const struct end *e, double x, struct claim_prover *prover)
{
    struct moved m;
    double lower, upper;
    move(&m, e, x, false);
    enum sn_status status = claim_extremum(&lower, &upper, &m.part,
        (const char *const(*)[2])m.part.domain, prover);
    double limit = strtod(m.part.limit, NULL);
    *y = m.part.sense * (lower / 2 + upper / 2 - limit);
    return !status && !isfinite(*y) ? SN_UNDECIDED : status;
}

/* Regula falsi with the Illinois rule, to the last digits of a double. */
static enum sn_status find_end(
    double *root, const struct end *e, struct claim_prover *prover)
{
    double a = e->holds, b = e->fails, fa, fb;
    enum sn_status status = excess(&fa, e, a, prover);
    if (!status)
        status = excess(&fb, e, b, prover);
    if (status)
        return status;
    if (!(fa <= 0 && fb > 0))
        return SN_NO_SOLUTION;
    for (int k = 0, side = 0; k < STEPS; k++) {
        double x = (a * fb - b * fa) / (fb - fa), fx;
        if (!(x > fmin(a, b) && x < fmax(a, b)))
            x = a / 2 + b / 2;
        status = excess(&fx, e, x, prover);
        if (status)
            return status;
        *root = x;
        if (fabs(fx) <= 5e-14 || fabs(a - b) <= 1e-14 * fabs(x))
            break;
        if (fx > 0) {
            b = x;
            fb = fx;
            fa = side == 1 ? fa / 2 : fa;
            side = 1;
        } else {
            a = x;
            fa = fx;
            fb = side == -1 ? fb / 2 : fb;
            side = -1;
        }
    }
    return SN_OK;
}

enum sn_status claim_build_sharp(struct claim_result *result,
    const struct claim_claim *claim, struct claim_prover *prover)
{
    (void)claim;
    enum sn_status status = SN_OK;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !status; i++) {
        double root = 0;
        struct moved m;
        char name[120];
        status = find_end(&root, &ends[i], prover);
        /* outside by some units of the last decimal on each side */
        double slack = 4e-13 * fmax(1, fabs(root));
        double inner = root < ends[i].fails ? -slack : slack;
        for (int fails = 0; fails < 2 && !status; fails++) {
            move(&m, &ends[i], fails ? root - inner : root + inner,
                fails == (inner < 0));
            snprintf(name, sizeof name, "%s%s", ends[i].name,
                fails ? ": no longer at" : ": still at");
            m.part.fails = fails;
            if (!claim_add(result, &m.part, name, m.part.limit,
                    (const char *const(*)[2])m.part.domain))
                status = SN_NO_MEMORY;
        }
    }
    return status;
}

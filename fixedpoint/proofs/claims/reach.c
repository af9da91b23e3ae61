/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the theorems reach: ends of domains at which an inequality turns
 * false.  The end is found by a secant on the proven extremum, and enclosed
 * by two parts: the inequality holds on the domain with one decimal, and
 * fails with another next to it.  Where the limit moves with the end, as for
 * a variance that is to stay below nu, the domains are not nested, and what
 * lies beyond the end is not covered by either part
 * (docs/mathematics/proofs.md).
 */
#include "fixedpoint/proofs/claims/build.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { END_TEXT = 32, SECANTS = 80, END_DIGITS = 13 };
enum which_end { LOWER, UPPER, BOTH }; /* both: by modulus */

/*
 * The inequality, and which end of which coordinate is moved; `holds` and
 * `fails` bracket it.  `limited`: the limit is the moved end itself.
 */
struct reach_end {
    struct claim_row row;
    int coordinate;
    enum which_end which;
    double holds, fails;
    bool limited;
};

static const char norm[] = "spectral norm of the Jacobian is below 1";
static const char mean[] = "mean is at most 0.1";
static const char most[] = "variance is at most the largest nu";
static const char least[] = "variance is at least the smallest nu";
static const char falls[] = "variance falls: variance minus nu is negative";
static const char grows[] = "variance grows: variance minus nu is positive";
static const char below[] = "second moment minus nu is negative";

static const struct reach_end reach_ends[] = {
    {{"Theorem 1, largest tau: variance stays below 1.5", most, "V", "<= 1.5",
         "Omega"},
        IV_TAU, UPPER, 1.1, 1.25, false},
    {{"Theorem 1, smallest tau: variance stays above 0.8", least, "V",
         ">= 0.8", "Omega"},
        IV_TAU, LOWER, 0.95, 0.8, false},
    {{"contraction, largest tau", norm, "norm_H", "< 1", "Omega"}, IV_TAU,
        UPPER, 1.1, 1.5, false},
    {{"contraction, smallest nu", norm, "norm_H", "< 1", "Omega"}, IV_NU,
        LOWER, 0.8, 0.3, false},
    {{"contraction, largest nu", norm, "norm_H", "< 1", "Omega"}, IV_NU, UPPER,
        350, 360, false},
    {{"Theorem 1, largest nu: mean stays below 0.1", mean, "M", "<= 0.1",
         "Omega"},
        IV_NU, UPPER, 1.5, 3, false},
    {{"Theorem 1, least upper end of nu that is kept", most, "V", "<= 1.5",
         "Omega"},
        IV_NU, UPPER, 1.5, 1.2, true},
    {{"Theorem 1, greatest lower end of nu that is kept", least, "V", ">= 0.8",
         "Omega"},
        IV_NU, LOWER, 0.8, 1, true},
    {{"Theorem 1, largest |omega|: variance stays above 0.8", least, "V",
         ">= 0.8", "Omega"},
        IV_OMEGA, BOTH, 0.1, 0.5, false},
    {{"invariance, largest |omega|: mean stays below 0.1", mean, "M", "<= 0.1",
         "Omega"},
        IV_OMEGA, BOTH, 0.1, 1, false},
    {{"invariance, largest |omega|: mean stays above -0.1",
         "mean is at least -0.1", "M", ">= -0.1", "Omega"},
        IV_OMEGA, BOTH, 0.1, 2, false},
    {{"invariance, largest |omega|: variance stays below 1.5", most, "V",
         "<= 1.5", "Omega"},
        IV_OMEGA, BOTH, 0.1, 2, false},
    {{"contraction, largest |omega|", norm, "norm_H", "< 1", "Omega"},
        IV_OMEGA, BOTH, 0.1, 1, false},
    {{"Theorem 2, smallest nu", falls, "V - nu", "< 0", "Omega++"}, IV_NU,
        LOWER, 3, 1, false},
    {{"Theorem 2 for E selu^2, smallest nu", below, "S - nu", "< 0",
         "Omega++"},
        IV_NU, LOWER, 3, 1, false},
    {{"Theorem 3 (i), largest nu", grows, "V - nu", "> 0",
         "Omega1- from 0.02"},
        IV_NU, UPPER, 0.16, 1, false},
    {{"Theorem 3 (ii), largest nu", grows, "V - nu", "> 0",
         "Omega2- from 0.02"},
        IV_NU, UPPER, 0.24, 1, false},
    {{"Theorem 3 with tau >= 0.95, largest nu", grows, "V - nu", "> 0",
         "Omega2- from 0.02, tau >= 0.95"},
        IV_NU, UPPER, 0.24, 1, false},
};

/* The part at an end; `low` is the text of -end where both are moved. */
struct moved_part {
    struct claim_part part;
    char text[END_TEXT], low[END_TEXT];
};

static void move_end(struct moved_part *m, const struct claim_part *part,
    const struct reach_end *e, double x, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(
        m->text, sizeof m->text, up ? "%.*RUg" : "%.*RDg", END_DIGITS, y);
    snprintf(m->low, sizeof m->low, "-%.30s", m->text);
    mpfr_clear(y);
    m->part = *part;
    const char **end = m->part.domain[e->coordinate];
    if (e->which == BOTH)
        end[0] = m->low;
    end[e->which != LOWER] = m->text;
    if (e->limited)
        m->part.limit = m->text;
}

/* What is searched: the row as a part, its end, and the prover. */
struct reach_search {
    const struct reach_end *end;
    const struct claim_part *part;
    struct claim_prover *prover;
};

/* Above 0 where the inequality fails at x, by how much. */
static enum sn_status excess(
    double *y, const struct reach_search *search, double x)
{
    struct moved_part m;
    double lower, upper;
    move_end(&m, search->part, search->end, x, false);
    enum sn_status status = claim_extremum(&lower, &upper, &m.part,
        (const char *const(*)[2])m.part.domain, search->prover);
    double limit = strtod(m.part.limit, NULL);
    *y = m.part.sense * (lower / 2 + upper / 2 - limit);
    return !status && !isfinite(*y) ? SN_UNDECIDED : status;
}

/* Regula falsi with the Illinois rule, to the last digits of a double. */
static enum sn_status find_end(double *root, const struct reach_search *search)
{
    double a = search->end->holds, b = search->end->fails, fa, fb;
    enum sn_status status = excess(&fa, search, a);
    if (!status)
        status = excess(&fb, search, b);
    if (status)
        return status;
    if (!(fa <= 0 && fb > 0))
        return SN_NO_SOLUTION;
    for (int k = 0, side = 0; k < SECANTS; k++) {
        double x = (a * fb - b * fa) / (fb - fa), fx;
        if (!(x > fmin(a, b) && x < fmax(a, b)))
            x = a / 2 + b / 2;
        status = excess(&fx, search, x);
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

/* The two parts of one end. */
static enum sn_status add_end(struct claim_result *result,
    const struct claim_part *part, const struct reach_end *end,
    struct claim_prover *prover)
{
    const struct reach_search search = {end, part, prover};
    double root = 0;
    enum sn_status status = find_end(&root, &search);
    /* outside by some units of the last decimal on each side */
    double slack = 4e-13 * fmax(1, fabs(root));
    double inner = root < end->fails ? -slack : slack;
    for (int fails = 0; fails < 2 && !status; fails++) {
        struct moved_part m;
        char name[120];
        move_end(&m, part, end, fails ? root - inner : root + inner,
            fails == (inner < 0));
        snprintf(name, sizeof name, "%s%s", end->row.name,
            fails ? ": no longer at" : ": still at");
        m.part.fails = fails;
        m.part.number = 0; /* its place among all of them */
        m.part.formula = claim_keep(result, part->formula);
        if (!m.part.formula || !claim_add(result, &m.part, name, m.part.limit,
                                   (const char *const(*)[2])m.part.domain))
            status = SN_NO_MEMORY;
    }
    return status;
}

enum sn_status claim_build_reach(
    struct claim_result *result, struct claim_prover *prover)
{
    enum sn_status status = SN_OK;
    for (size_t i = 0; i < sizeof reach_ends / sizeof *reach_ends && !status;
         i++) {
        struct claim_result row = {.verdict = CLAIM_NOT_DECIDED};
        if (claim_add_row(&row, &reach_ends[i].row, NULL))
            status = SN_BAD_VALUE;
        else
            status = add_end(result, row.parts, &reach_ends[i], prover);
        claim_result_clear(&row);
    }
    return status;
}

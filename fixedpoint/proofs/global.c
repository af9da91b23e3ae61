/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every sequence of (omega, tau): rectangles R_0, R_1, ... with decimal ends,
 * each holding what g makes of the one before for every omega and tau of the
 * ranges; so after k layers every orbit that started in R_0 is in R_k.  The
 * chain ends where R_n lies in Omega, which g maps into itself; a second one
 * leads from there to a smaller box with the same property.  Last, one orbit
 * that is still outside Omega after some layers, as a chain of tiny boxes.
 */
#include "fixedpoint/proofs/proofs.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 400, DIGITS = 12, TEXT = 32, SIDES = 4 };

/* Ends of mu and nu: mu[0], mu[1], nu[0], nu[1]. */
struct rectangle {
    char end[SIDES][TEXT];
};

static const struct rectangle omega_box = {{"-0.1", "0.1", "0.8", "1.5"}};

/* The four sides of what g makes of a rectangle. */
static const struct sn_part side[SIDES] = {
    {"", "mean stays above the next box's lower end", "M", -1, true, "0", 0,
        {{0}}, false},
    {"", "mean stays below the next box's upper end", "M", 1, true, "0", 0,
        {{0}}, false},
    {"", "variance stays above the next box's lower end", "V", -1, true, "0",
        0, {{0}}, false},
    {"", "variance stays below the next box's upper end", "V", 1, true, "0", 0,
        {{0}}, false},
};
static const char *const side_name[SIDES] = {
    "mean", "mean", "variance", "variance"};

struct course {
    struct sn_claim_result *result;
    struct sn_prover *prover;
    const char *domain[SN_COORDINATES][2]; /* omega and tau stay */
};

static void stand(struct course *c, const struct rectangle *r)
{
    for (int i = 0; i < 2; i++) {
        c->domain[SN_MU][i] = r->end[i];
        c->domain[SN_NU][i] = r->end[2 + i];
    }
}

/* x with some digits, rounded down or up. */
static void outwards(char text[TEXT], double x, int digits, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(text, TEXT, up ? "%.*RUg" : "%.*RDg", digits, y);
    mpfr_clear(y);
}

/* What g makes of r, outwards by some digits. */
static enum sn_status image(struct rectangle *next, struct course *c,
    const struct rectangle *r, int digits)
{
    enum sn_status status = SN_OK;
    double tolerance = c->prover->search.tolerance;
    stand(c, r);
    c->prover->search.tolerance = 1e-10; /* enough for the decimals */
    for (int i = 0; i < SIDES && !status; i++) {
        double lower, upper;
        status = sn_extremum(&lower, &upper, &side[i],
            (const char *const(*)[2])c->domain, c->prover);
        double x = side[i].sense > 0 ? upper : lower;
        if (!status && !isfinite(x))
            status = SN_UNDECIDED;
        if (!status)
            outwards(next->end[i], x, digits, side[i].sense > 0);
    }
    c->prover->search.tolerance = tolerance;
    return status;
}

static bool lies_in(const struct rectangle *a, const struct rectangle *b)
{
    for (int i = 0; i < SIDES; i++) {
        int order = sn_decimal_compare(a->end[i], b->end[i]);
        if (i % 2 ? order > 0 : order < 0)
            return false;
    }
    return true;
}

static bool is_apart(const struct rectangle *a, const struct rectangle *b)
{
    for (int i = 0; i < SIDES; i += 2)
        if (sn_decimal_compare(a->end[i], b->end[i + 1]) > 0 ||
            sn_decimal_compare(a->end[i + 1], b->end[i]) < 0)
            return true;
    return false;
}

/* The four inequalities that g maps r into next. */
static enum sn_status add(struct course *c, const struct rectangle *r,
    const struct rectangle *next, const char *label)
{
    stand(c, r);
    for (int i = 0; i < SIDES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s: %s", label, side_name[i]);
        if (!sn_claim_add(c->result, &side[i], name, next->end[i],
                (const char *const(*)[2])c->domain))
            return SN_NO_MEMORY;
    }
    return SN_OK;
}

/* Hull of two rectangles, so that a chain to a smaller box never grows. */
static void meet(struct rectangle *a, const struct rectangle *b)
{
    for (int i = 0; i < SIDES; i++) {
        int order = sn_decimal_compare(a->end[i], b->end[i]);
        if (i % 2 ? order > 0 : order < 0)
            strcpy(a->end[i], b->end[i]);
    }
}

/* From `start` into Omega; *layers, or SN_UNDECIDED where it does not. */
static enum sn_status enter_omega(
    int *layers, struct course *c, const struct rectangle *start)
{
    struct rectangle r = *start, next;
    for (*layers = 0; !lies_in(&r, &omega_box); r = next) {
        char label[32];
        if (*layers == MOST_LAYERS)
            return SN_UNDECIDED;
        enum sn_status status = image(&next, c, &r, 9);
        snprintf(label, sizeof label, "layer %d", ++*layers);
        if (!status)
            status = add(c, &r, &next, label);
        if (status)
            return status;
    }
    return SN_OK;
}

/* To 6 decimals: what that adds, g takes back where it contracts. */
static void widened(char text[TEXT], double x, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(text, TEXT, up ? "%.6RUf" : "%.6RDf", y);
    mpfr_clear(y);
}

/*
 * The absorbing box: where the chain from Omega comes to rest, widened by
 * 2e-5 so that it is reached.
 */
static enum sn_status find_box(
    struct rectangle *box, struct course *c, int *layers)
{
    struct rectangle r = omega_box, next;
    enum sn_status status = SN_OK;
    for (int k = 0; k < MOST_LAYERS && !status; k++, r = next) {
        status = image(&next, c, &r, DIGITS);
        if (!status && !strcmp(next.end[0], r.end[0]) &&
            !strcmp(next.end[1], r.end[1]) && !strcmp(next.end[2], r.end[2]) &&
            !strcmp(next.end[3], r.end[3]))
            break;
    }
    for (int i = 0; i < SIDES && !status; i++) {
        double x = strtod(r.end[i], NULL);
        widened(box->end[i], i % 2 ? x + 2e-5 : x - 2e-5, i % 2);
    }
    r = omega_box;
    for (*layers = 0; !status && !lies_in(&r, box); r = next) {
        char label[32];
        if (*layers == MOST_LAYERS)
            return SN_UNDECIDED;
        status = image(&next, c, &r, 9);
        meet(&next, &r);
        snprintf(label, sizeof label, "Omega, layer %d", ++*layers);
        if (!status)
            status = add(c, &r, &next, label);
    }
    return status;
}

/*
 * How many layers an orbit stays outside Omega whose omega is, of the two
 * ends, the one that keeps it further away; adds its chain on demand.
 */
static enum sn_status follow(int *layers, const struct course *whole,
    const struct rectangle *start, bool keep)
{
    struct course c = *whole;
    struct rectangle r = *start, next, other;
    enum sn_status status = SN_OK;
    for (*layers = -1; is_apart(&r, &omega_box); r = next) {
        char label[32];
        if (++*layers == MOST_LAYERS)
            return SN_UNDECIDED;
        bool below = sn_decimal_compare(r.end[2], omega_box.end[2]) < 0;
        int taken = 0;
        for (int i = 0; i < 2 && !status; i++) {
            c.domain[SN_OMEGA][0] = c.domain[SN_OMEGA][1] =
                whole->domain[SN_OMEGA][i];
            status = image(i ? &other : &next, &c, &r, DIGITS);
        }
        if (status)
            return status;
        int order = sn_decimal_compare(other.end[2], next.end[2]);
        if (below ? order < 0 : order > 0) {
            taken = 1;
            next = other;
        }
        c.domain[SN_OMEGA][0] = c.domain[SN_OMEGA][1] =
            whole->domain[SN_OMEGA][taken];
        snprintf(label, sizeof label, "one orbit, layer %d", *layers + 1);
        if (keep && is_apart(&next, &omega_box))
            status = add(&c, &r, &next, label);
    }
    return status;
}

/* The longest stay outside among orbits from the corners of the start. */
static enum sn_status add_orbit(
    int *layers, const struct course *whole, const struct rectangle *start)
{
    int best = -1, best_corner = -1, stay;
    for (int corner = 0; corner <= 8; corner++) {
        int k = corner < 8 ? corner : best_corner;
        struct course c = *whole;
        struct rectangle r;
        if (k < 0)
            break;
        for (int i = 0; i < 2; i++) {
            strcpy(r.end[i], start->end[k & 1]);
            strcpy(r.end[2 + i], start->end[2 + (k >> 1 & 1)]);
            c.domain[SN_TAU][i] = whole->domain[SN_TAU][k >> 2 & 1];
        }
        enum sn_status status = follow(&stay, &c, &r, corner == 8);
        if (status == SN_UNDECIDED && corner < 8)
            continue;
        if (status)
            return status;
        if (stay > best) {
            best = stay;
            best_corner = k;
        }
    }
    *layers = best;
    return SN_OK;
}

enum sn_status sn_build_global(struct sn_claim_result *result,
    const struct sn_claim *claim, struct sn_prover *prover)
{
    static const struct sn_part norm = {"contraction inside the box",
        "spectral norm of the Jacobian inside the absorbing box", SN_NORM, 1,
        false, "1", 0, {{0}}, false};
    struct course c = {.result = result, .prover = prover};
    struct rectangle start, box;
    int layers, further, stay;
    sn_claim_domain(c.domain, claim, prover);
    for (int i = 0; i < SIDES; i++) {
        const char *text = c.domain[i < 2 ? SN_MU : SN_NU][i % 2];
        if (strlen(text) >= TEXT)
            return SN_BAD_VALUE;
        strcpy(start.end[i], text);
    }
    enum sn_status status = enter_omega(&layers, &c, &start);
    if (!status)
        status = add(&c, &omega_box, &omega_box, "Omega stays");
    if (!status)
        status = find_box(&box, &c, &further);
    if (!status)
        status = add(&c, &box, &box, "the box stays");
    if (!status) {
        stand(&c, &box);
        if (!sn_claim_add(result, &norm, norm.name, norm.limit,
                (const char *const(*)[2])c.domain))
            status = SN_NO_MEMORY;
    }
    if (!status)
        status = add_orbit(&stay, &c, &start);
    if (status)
        return status;
    int used = snprintf(result->conclusion, sizeof result->conclusion,
        "From mu %s:%s, nu %s:%s every orbit is in Omega (mu -0.1:0.1, nu "
        "0.8:1.5) after at most %d layers and stays; after %d more it is in "
        "mu %s:%s, nu %s:%s and stays.",
        start.end[0], start.end[1], start.end[2], start.end[3], layers,
        further, box.end[0], box.end[1], box.end[2], box.end[3]);
    if (stay >= 0 && used > 0 && (size_t)used < sizeof result->conclusion)
        snprintf(result->conclusion + used,
            sizeof result->conclusion - (size_t)used,
            "  One orbit is outside Omega after %d layers.", stay);
    return SN_OK;
}

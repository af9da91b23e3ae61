/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every sequence of omega and tau in their ranges.  A step is four
 * inequalities on a rectangle of (mu, nu): after one layer an orbit that was
 * in it is in the rectangle of their limits.  The steps of a claim are
 *   1. chains into Omega, each from a piece of the start, the pieces side by
 *      side along nu;
 *   2. one that leads from Omega into Omega;
 *   3. a chain from Omega, of which the last step keeps its rectangle, the
 *      absorbing box; then the norm there, below 1;
 *   4. perhaps one chain with omega and tau from within the ranges, from
 *      within the start to a rectangle apart from Omega.
 */
#include "fixedpoint/checker/parts.h"
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct course {
    struct snc_state *c;
    struct snc_domain start, omega;      /* with the ranges of the layers */
    struct snc_domain at, next, reached; /* a step, to where; the one before */
    long layers, further, outside;
    enum { STEP, NORM, END } read;
};

static bool is_in(const struct snc_domain *a, const struct snc_domain *b)
{
    return snc_domain_within(a, b, SNC_MU, SNC_NU);
}

static bool refuse(struct course *g, enum snc_reason reason)
{
    return snc_refuse(&g->c->reader, reason, NULL);
}

/* Four inequalities from `at` to `next`, or the norm, or the end. */
static bool read_step(struct course *g)
{
    struct snc_state *c = g->c;
    int number;
    snc_domain_set(&g->reached, &g->next);
    if (!snc_read_inequality(c, &number))
        return false;
    g->read = number == 0 ? END : number == SNC_STEP + 1 ? NORM : STEP;
    if (g->read != STEP)
        return true;
    snc_domain_set(&g->at, &c->domain);
    for (int side = 0; side < SNC_STEP; side++) {
        const struct snc_row *row = &snc_step_row[side];
        if (side && !snc_read_inequality(c, &number))
            return false;
        if (number != side + 1)
            return refuse(g, SNC_OTHER_PART);
        if (!snc_domain_same(&c->domain, &g->at) || c->domain.has_s)
            return refuse(g, SNC_OTHER_DOMAIN);
        fmpq_set(g->next.end[row->of][row->sense > 0], c->limit);
        strcpy(g->next.text[row->of][row->sense > 0], c->limit_text);
        if (!snc_prove(c, row))
            return false;
    }
    return true;
}

/* A step of all the omega and tau of the start. */
static bool is_whole(struct course *g)
{
    const struct snc_domain *at = &g->at, *start = &g->start;
    if (g->read != STEP)
        return refuse(g, SNC_OTHER_PART);
    return (snc_domain_within(at, start, SNC_OMEGA, SNC_TAU) &&
               snc_domain_within(start, at, SNC_OMEGA, SNC_TAU)) ||
           refuse(g, SNC_OTHER_LAYERS);
}

/* The next piece: the same mu, and nu from in the start to beyond it. */
static bool add_piece(struct course *g)
{
    const fmpq_t *nu = (const fmpq_t *)g->at.end[SNC_NU];
    fmpq_t *whole = g->start.end[SNC_NU];
    if (!snc_domain_within(&g->at, &g->start, SNC_MU, SNC_MU) ||
        !snc_domain_within(&g->start, &g->at, SNC_MU, SNC_MU) ||
        fmpq_cmp(nu[0], whole[0]) < 0 || fmpq_cmp(nu[0], whole[1]) > 0 ||
        fmpq_cmp(nu[1], whole[1]) < 0)
        return refuse(g, SNC_PIECES_APART);
    fmpq_set(whole[1], nu[1]);
    strcpy(g->start.text[SNC_NU][1], g->at.text[SNC_NU][1]);
    return true;
}

/* Up to Omega's own step. */
static bool into_omega(struct course *g)
{
    for (long steps = 0;; steps++) {
        if (!read_step(g))
            return false;
        if (!*g->start.text[SNC_MU][0])
            snc_domain_set(&g->start, &g->at);
        if (!is_whole(g))
            return false;
        if (steps && !is_in(&g->reached, &g->omega)) {
            if (!is_in(&g->reached, &g->at))
                return refuse(g, SNC_STRAY_STEP);
        } else if (is_in(&g->at, &g->omega) && is_in(&g->omega, &g->at)) {
            break;
        } else {
            steps = 0;
            if (!add_piece(g))
                return false;
        }
        g->layers = steps + 1 > g->layers ? steps + 1 : g->layers;
    }
    return is_in(&g->next, &g->omega) || refuse(g, SNC_NOT_KEPT);
}

/* From all of Omega to the box, which is kept, and the norm there. */
static bool into_box(struct course *g)
{
    struct snc_state *c = g->c;
    snc_domain_set(&g->next, &g->omega);
    for (g->further = -1;; g->further++) {
        if (!read_step(g))
            return false;
        if (g->read == NORM)
            break;
        if (!is_whole(g))
            return false;
        if (!is_in(&g->reached, &g->at))
            return refuse(g, SNC_STRAY_STEP);
    }
    if (g->further < 0 || !is_in(&g->reached, &g->at))
        return refuse(g, SNC_NOT_KEPT);
    if (!snc_domain_same(&c->domain, &g->at))
        return refuse(g, SNC_OTHER_DOMAIN);
    return snc_has_limit(c, &snc_step_row[SNC_STEP]) &&
           snc_prove(c, &snc_step_row[SNC_STEP]);
}

static bool is_apart(const struct snc_domain *a, const struct snc_domain *b)
{
    for (int i = SNC_MU; i <= SNC_NU; i++)
        if (fmpq_cmp(a->end[i][0], b->end[i][1]) > 0 ||
            fmpq_cmp(a->end[i][1], b->end[i][0]) < 0)
            return true;
    return false;
}

/* Some orbit that is outside Omega after so many layers, or none. */
static bool stay_outside(struct course *g)
{
    for (g->outside = 0;; g->outside++) {
        if (!read_step(g))
            return false;
        if (g->read == END)
            break;
        if (g->read != STEP)
            return refuse(g, SNC_OTHER_PART);
        if (!snc_domain_within(&g->at, &g->start, SNC_OMEGA, SNC_TAU))
            return refuse(g, SNC_OTHER_LAYERS);
        if (g->outside ? !is_in(&g->reached, &g->at)
                       : !is_in(&g->at, &g->start))
            return refuse(g, SNC_STRAY_STEP);
    }
    return !g->outside || is_apart(&g->reached, &g->omega) ||
           refuse(g, SNC_NOT_OUTSIDE);
}

static void say(
    FILE *out, const struct course *g, const struct snc_domain *box)
{
    fprintf(out,
        "Every orbit is in Omega (mu in [-0.1, 0.1], nu in [0.8, 1.5]) after "
        "at most %ld layers and stays; after %ld more it is in mu in [%s, "
        "%s], nu in [%s, %s] and stays, where in each layer two orbits "
        "approach each other",
        g->layers, g->further, box->text[SNC_MU][0], box->text[SNC_MU][1],
        box->text[SNC_NU][0], box->text[SNC_NU][1]);
    if (g->outside)
        fprintf(out, "; some orbit is outside Omega after %ld layers%s",
            g->outside,
            g->outside + 1 == g->layers ? ", so no smaller number will do"
                                        : "");
}

bool snc_check_global(struct snc_state *c, const struct snc_entry *entry,
    struct snc_claim *claim, const struct snc_text *text)
{
    struct course *g = calloc(1, sizeof *g);
    if (!g)
        return snc_refuse(&c->reader, SNC_NO_MEMORY, NULL);
    struct snc_domain box,
        *all[] = {&g->start, &g->omega, &g->at, &g->next, &g->reached, &box};
    enum { DOMAINS = sizeof all / sizeof *all };
    for (int i = 0; i < DOMAINS; i++)
        snc_domain_init(all[i]);
    g->c = c;
    snc_domain_of(&g->omega, snc_omega);
    bool good = into_omega(g) && into_box(g);
    snc_domain_set(&box, &g->at);
    good = good && stay_outside(g);
    if (good) {
        say(text->finding, g, &box);
        snc_domain_print(text->domain, &g->start);
        snc_domain_of(&box, entry->section->own);
        claim->extent = snc_extent_of(&g->start, &box);
    }
    for (int i = 0; i < DOMAINS; i++)
        snc_domain_clear(all[i]);
    free(g);
    return good;
}

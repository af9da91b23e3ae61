/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every sequence of (omega, tau): rectangles R_0, R_1, ... with decimal ends,
 * each holding what g makes of the one before for every omega and tau of the
 * ranges; so after k layers every orbit that started in R_0 is in R_k.  The
 * chain ends where R_n lies in Omega, which g maps into itself; a second one
 * leads from there to a smaller box with the same property.  Last, one orbit
 * that is still outside Omega after some layers, as a chain of tiny boxes.
 *
 * A rectangle forgets which nu belongs to which mu, and so comes late.  Where
 * the orbit says that fewer layers might do, the start is cut along nu, and
 * each piece has a chain of its own.
 */
#include "fixedpoint/proofs/claims/build.h"
#include "fixedpoint/proofs/claims/image.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_LAYERS = 400,
    MOST_TRIES = 60,    /* of pieces */
    CHAIN_BOXES = 50000 /* at least, for a step of the search */
};

const struct claim_rectangle claim_omega_box = {{"-0.1", "0.1", "0.8", "1.5"}};

/* What two rectangles share, so that a chain to a smaller box never grows. */
static void meet_rectangles(
    struct claim_rectangle *a, const struct claim_rectangle *b)
{
    for (int i = 0; i < CLAIM_SIDES; i++) {
        int order = iv_decimal_compare(a->end[i], b->end[i]);
        if (i % 2 ? order > 0 : order < 0)
            strcpy(a->end[i], b->end[i]);
    }
}

/* Rectangles up to the first in Omega, after so many layers. */
struct chain {
    struct claim_rectangle at[MOST_LAYERS + 1];
    int layers;
};

/* SN_UNDECIDED where that takes more layers than `most`. */
static enum sn_status enter_omega(struct chain *chain, struct claim_course *c,
    const struct claim_rectangle *start, int most)
{
    enum sn_status status = SN_OK;
    int k = 0;
    chain->at[0] = *start;
    while (
        !status && !claim_rectangle_lies_in(&chain->at[k], &claim_omega_box)) {
        if (k == most)
            return SN_UNDECIDED;
        status = claim_rectangle_image(&chain->at[k + 1], c, &chain->at[k], 9);
        k++;
    }
    chain->layers = k;
    return status;
}

/* A piece of the start that lies in Omega has one layer all the same. */
static enum sn_status add_chain(
    struct claim_course *c, struct chain *chain, bool is_piece)
{
    const struct claim_rectangle *r = chain->at;
    enum sn_status status = SN_OK;
    int steps = chain->layers;
    if (is_piece && !steps) {
        steps = 1;
        status = claim_rectangle_image(&chain->at[1], c, r, 9);
    }
    for (int k = 0; k < steps && !status; k++) {
        char label[CLAIM_LABEL];
        if (is_piece)
            snprintf(label, sizeof label, "from nu %s:%s, layer %d", r->end[2],
                r->end[3], k + 1);
        else
            snprintf(label, sizeof label, "layer %d", k + 1);
        status = claim_rectangle_add(c, &r[k], &r[k + 1], label);
    }
    return status;
}

/* Sets the piece's upper end to nu0 ratio, or to that of the whole. */
static void cut_piece(struct claim_rectangle *piece,
    const struct claim_rectangle *whole, double ratio)
{
    char text[CLAIM_RECTANGLE_TEXT];
    snprintf(text, sizeof text, "%.4g", strtod(piece->end[2], NULL) * ratio);
    bool inside = iv_decimal_compare(text, piece->end[2]) > 0 &&
                  iv_decimal_compare(text, whole->end[3]) < 0;
    strcpy(piece->end[3], inside ? text : whole->end[3]);
}

/*
 * Pieces of the start, each of which is in Omega after `target` layers, as
 * wide as that allows; where too many would be needed, the rest is one piece
 * with as many layers as it takes.
 */
static enum sn_status add_pieces(int *layers, struct claim_course *c,
    struct chain *chain, const struct claim_rectangle *start, int target)
{
    struct claim_rectangle piece = *start;
    double whole = strtod(start->end[3], NULL), ratio = INFINITY;
    *layers = 0;
    for (int tries = 0;; tries++) {
        double left = whole / strtod(piece.end[2], NULL);
        ratio = fmin(ratio, left);
        cut_piece(&piece, start, tries < MOST_TRIES ? ratio : left);
        enum sn_status status = enter_omega(
            chain, c, &piece, tries < MOST_TRIES ? target : MOST_LAYERS);
        if (status == SN_UNDECIDED && tries < MOST_TRIES) {
            ratio = sqrt(ratio);
            continue;
        }
        if (!status)
            status = add_chain(c, chain, true);
        if (status)
            return status;
        if (chain->layers > *layers)
            *layers = chain->layers;
        if (!iv_decimal_compare(piece.end[3], start->end[3]))
            return SN_OK;
        strcpy(piece.end[2], piece.end[3]);
        ratio *= ratio * ratio * ratio;
    }
}

/* To 6 decimals: what that adds, g takes back where it contracts. */
static void widened(char text[CLAIM_RECTANGLE_TEXT], double x, bool up)
{
    mpfr_t y;
    mpfr_init2(y, 53);
    mpfr_set_d(y, x, MPFR_RNDN);
    mpfr_snprintf(text, CLAIM_RECTANGLE_TEXT, up ? "%.6RUf" : "%.6RDf", y);
    mpfr_clear(y);
}

/*
 * The absorbing box: where the chain from Omega comes to rest, widened by
 * 2e-5 so that it is reached.
 */
static enum sn_status find_box(
    struct claim_rectangle *box, struct claim_course *c, int *layers)
{
    struct claim_rectangle r = claim_omega_box, next;
    enum sn_status status = SN_OK;
    for (int k = 0; k < MOST_LAYERS && !status; k++, r = next) {
        status = claim_rectangle_image(&next, c, &r, CLAIM_RECTANGLE_DIGITS);
        if (!status && !strcmp(next.end[0], r.end[0]) &&
            !strcmp(next.end[1], r.end[1]) && !strcmp(next.end[2], r.end[2]) &&
            !strcmp(next.end[3], r.end[3]))
            break;
    }
    for (int i = 0; i < CLAIM_SIDES && !status; i++) {
        double x = strtod(r.end[i], NULL);
        widened(box->end[i], i % 2 ? x + 2e-5 : x - 2e-5, i % 2);
    }
    r = claim_omega_box;
    for (*layers = 0; !status && !claim_rectangle_lies_in(&r, box); r = next) {
        char label[CLAIM_LABEL];
        if (*layers == MOST_LAYERS)
            return SN_UNDECIDED;
        status = claim_rectangle_image(&next, c, &r, 9);
        meet_rectangles(&next, &r);
        snprintf(label, sizeof label, "Omega, layer %d", ++*layers);
        if (!status)
            status = claim_rectangle_add(c, &r, &next, label);
    }
    return status;
}

/*
 * How many layers an orbit stays outside Omega whose omega is, of the two
 * ends, the one that keeps it further away; adds its chain on demand.
 */
static enum sn_status follow_orbit(int *layers,
    const struct claim_course *whole, const struct claim_rectangle *start,
    bool keep)
{
    struct claim_course c = *whole;
    struct claim_rectangle r = *start, next, other;
    enum sn_status status = SN_OK;
    for (*layers = -1; claim_rectangle_is_apart(&r, &claim_omega_box);
         r = next) {
        char label[CLAIM_LABEL];
        if (++*layers == MOST_LAYERS)
            return SN_UNDECIDED;
        bool below = iv_decimal_compare(r.end[2], claim_omega_box.end[2]) < 0;
        int taken = 0;
        for (int i = 0; i < 2 && !status; i++) {
            c.domain[IV_OMEGA][0] = c.domain[IV_OMEGA][1] =
                whole->domain[IV_OMEGA][i];
            status = claim_rectangle_image(
                i ? &other : &next, &c, &r, CLAIM_RECTANGLE_DIGITS);
        }
        if (status)
            return status;
        int order = iv_decimal_compare(other.end[2], next.end[2]);
        if (below ? order < 0 : order > 0) {
            taken = 1;
            next = other;
        }
        c.domain[IV_OMEGA][0] = c.domain[IV_OMEGA][1] =
            whole->domain[IV_OMEGA][taken];
        snprintf(label, sizeof label, "one orbit, layer %d", *layers + 1);
        if (keep && claim_rectangle_is_apart(&next, &claim_omega_box))
            status = claim_rectangle_add(&c, &r, &next, label);
    }
    return status;
}

/* An orbit from a corner of the start, with one end of tau throughout. */
static enum sn_status follow_corner(int *layers,
    const struct claim_course *whole, const struct claim_rectangle *start,
    int corner, bool keep)
{
    struct claim_course c = *whole;
    struct claim_rectangle r;
    for (int i = 0; i < 2; i++) {
        strcpy(r.end[i], start->end[corner & 1]);
        strcpy(r.end[2 + i], start->end[2 + (corner >> 1 & 1)]);
        c.domain[IV_TAU][i] = whole->domain[IV_TAU][corner >> 2 & 1];
    }
    return follow_orbit(layers, &c, &r, keep);
}

/* The longest stay outside among them; -1 where none is. */
static enum sn_status longest_orbit(int *layers, int *corner,
    const struct claim_course *whole, const struct claim_rectangle *start)
{
    *layers = *corner = -1;
    for (int k = 0; k < 8; k++) {
        int stay;
        enum sn_status status = follow_corner(&stay, whole, start, k, false);
        if (status && status != SN_UNDECIDED)
            return status;
        if (!status && stay > *layers) {
            *layers = stay;
            *corner = k;
        }
    }
    return SN_OK;
}

/*
 * The start's chain, or those of its pieces where they are shorter and found
 * before the boxes are spent.
 */
static enum sn_status add_chains(int *layers, struct claim_course *c,
    const struct claim_rectangle *start, int stay)
{
    struct chain *whole = malloc(2 * sizeof *whole), *piece = whole + 1;
    if (!whole)
        return SN_NO_MEMORY;
    size_t before = c->result->planned;
    enum sn_status status = enter_omega(whole, c, start, MOST_LAYERS);
    bool cut_up = !status && stay >= 0 && whole->layers > stay + 1;
    if (cut_up)
        status = add_pieces(layers, c, piece, start, stay + 1);
    if (cut_up && status == SN_UNDECIDED) {
        c->result->planned = before;
        cut_up = false;
        status = SN_OK;
    }
    if (!status && !cut_up) {
        *layers = whole->layers;
        status = add_chain(c, whole, false);
    }
    free(whole);
    return status;
}

/* For each step of the search: a quarter of what one inequality may spend. */
static void allow_boxes(struct claim_course *c)
{
    long boxes = c->prover->search.max_boxes / 4;
    c->spend_until =
        c->prover->spent + (boxes > CHAIN_BOXES ? boxes : CHAIN_BOXES);
}

/* All inequalities of the claim, or SN_UNDECIDED. */
static enum sn_status add_all(
    struct claim_course *c, const struct claim_rectangle *start)
{
    struct claim_rectangle box;
    int layers, further, stay = -1, corner = -1;
    allow_boxes(c);
    enum sn_status status = longest_orbit(&stay, &corner, c, start);
    allow_boxes(c);
    if (!status)
        status = add_chains(&layers, c, start, stay);
    allow_boxes(c);
    if (!status)
        status = claim_rectangle_add(
            c, &claim_omega_box, &claim_omega_box, "Omega stays");
    if (!status)
        status = find_box(&box, c, &further);
    if (!status)
        status = claim_rectangle_add(c, &box, &box, "the box stays");
    claim_course_stand(c, &box);
    if (!status &&
        !claim_add_contraction(c, "contraction inside the box",
            "spectral norm of the Jacobian inside the absorbing box"))
        status = SN_NO_MEMORY;
    if (!status && corner >= 0)
        status = follow_corner(&stay, c, start, corner, true);
    if (status)
        return status;
    char *words = c->result->conclusion;
    const size_t room = sizeof c->result->conclusion;
    int used = snprintf(words, room,
        "From mu %s:%s, nu %s:%s every orbit is in Omega (mu -0.1:0.1, nu "
        "0.8:1.5) after at most %d layers and stays; after %d more it is in "
        "mu %s:%s, nu %s:%s and stays.",
        start->end[0], start->end[1], start->end[2], start->end[3], layers,
        further, box.end[0], box.end[1], box.end[2], box.end[3]);
    if (stay >= 0 && used > 0 && (size_t)used < room)
        snprintf(words + used, room - (size_t)used,
            "  One orbit is outside Omega after %d layers%s.", stay,
            layers == stay + 1 ? ", so no smaller number will do" : "");
    return SN_OK;
}

enum sn_status claim_build_chains(
    struct claim_result *result, struct claim_prover *prover)
{
    struct claim_course c = {.result = result, .prover = prover};
    struct claim_rectangle start;
    memcpy(c.domain, result->domain, sizeof c.domain);
    for (int i = 0; i < CLAIM_SIDES; i++) {
        const char *text = c.domain[i < 2 ? IV_MU : IV_NU][i % 2];
        if (strlen(text) >= CLAIM_RECTANGLE_TEXT)
            return SN_BAD_VALUE;
        strcpy(start.end[i], text);
    }
    prover->search.sharpen = CLAIM_IMAGE_BOXES;
    enum sn_status status = add_all(&c, &start);
    if (status == SN_UNDECIDED) {
        result->planned = 0;
        memcpy(c.domain, result->domain, sizeof c.domain);
        allow_boxes(&c);
        status = claim_find_trap(&c, &start);
    }
    return status;
}

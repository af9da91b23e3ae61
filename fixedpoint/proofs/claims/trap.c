/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why not every orbit gets to Omega and stays: for one (omega, tau) in every
 * layer g maps a box outside Omega into itself, and an orbit of the start
 * gets there.  Such boxes are looked for around the points where orbits in
 * ordinary numbers settle; that g keeps one is proven like everything else.
 */
#include "fixedpoint/proofs/claims/image.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTLES_WITHIN = 5000, STARTS = 5, LONGEST_WAY = 400 };

/* g at a point, as nearest doubles, and its Jacobian in (mu, nu). */
struct orbit {
    struct claim_course *course;
    double omega, tau, x[2], jacobian[2][2];
};

static void orbit_look(struct orbit *o, double image[2])
{
    static const enum iv_atom row[2][3] = {{IV_MEAN, IV_MEAN_M, IV_MEAN_V},
        {IV_VARIANCE, IV_VARIANCE_M, IV_VARIANCE_V}};
    struct claim_prover *prover = o->course->prover;
    mpfi_t m, v;
    mpfi_init2(m, IV_PROOF_PRECISION);
    mpfi_init2(v, IV_PROOF_PRECISION);
    mpfi_set_d(m, o->x[0] * o->omega);
    mpfi_set_d(v, o->x[1] * o->tau);
    iv_map_set(prover->map, m, v, &prover->selu, 2, false);
    for (int i = 0; i < 2; i++) {
        image[i] = mpfi_get_d(iv_map_atom(prover->map, row[i][0])->f);
        for (int k = 0; k < 2; k++)
            o->jacobian[i][k] =
                (k ? o->tau : o->omega) *
                mpfi_get_d(iv_map_atom(prover->map, row[i][1 + k])->f);
    }
    mpfi_clear(m);
    mpfi_clear(v);
}

/* Follows it to where it settles; false where it does not. */
static bool orbit_settle(struct orbit *o)
{
    for (int k = 0; k < SETTLES_WITHIN; k++) {
        double next[2];
        orbit_look(o, next);
        if (!(isfinite(next[0]) && next[1] > 0 && isfinite(next[1])))
            return false;
        bool still = fabs(next[0] - o->x[0]) <= 1e-14 * (1 + fabs(next[0])) &&
                     fabs(next[1] - o->x[1]) <= 1e-14 * next[1];
        memcpy(o->x, next, sizeof next);
        if (still)
            return true;
    }
    return false;
}

/*
 * A box of some size around where the orbit is, so much longer along mu that
 * a contracting Jacobian takes each side into itself.
 */
static bool orbit_box(
    struct claim_rectangle *box, const struct orbit *o, double size)
{
    double half[2] = {0, size * o->x[1]}, own = fabs(o->jacobian[0][0]);
    if (!(own < 1))
        return false;
    half[0] = half[1] * (1e-3 + 2 * fabs(o->jacobian[0][1]) / (1 - own));
    for (int i = 0; i < CLAIM_SIDES; i++)
        snprintf(box->end[i], sizeof box->end[i], "%.12g",
            o->x[i / 2] + (i % 2 ? half[i / 2] : -half[i / 2]));
    return true;
}

/* Is it outside Omega, and proven to be kept? */
static enum sn_status is_kept(
    bool *kept, const struct claim_rectangle *box, struct claim_course *c)
{
    struct claim_rectangle image;
    *kept = false;
    if (!claim_rectangle_is_apart(box, &claim_omega_box))
        return SN_OK;
    enum sn_status status =
        claim_rectangle_image(&image, c, box, CLAIM_RECTANGLE_DIGITS);
    *kept = !status && claim_rectangle_lies_in(&image, box);
    return status == SN_UNDECIDED ? SN_OK : status;
}

/* A corner of the start, or a point in its middle. */
static void start_point(struct claim_rectangle *point,
    const struct claim_rectangle *start, int which)
{
    double end[CLAIM_SIDES];
    for (int i = 0; i < CLAIM_SIDES; i++) {
        end[i] = strtod(start->end[i], NULL);
        strcpy(point->end[i],
            start->end[i < 2 ? which & 1 : 2 + (which >> 1 & 1)]);
    }
    for (int i = 0; which == 4 && i < CLAIM_SIDES; i++)
        snprintf(point->end[i], sizeof point->end[i], "%.9g",
            i < 2 ? end[0] / 2 + end[1] / 2 : sqrt(end[2]) * sqrt(end[3]));
}

/* The largest box of some sizes that is kept. */
static enum sn_status find_kept(
    bool *kept, struct claim_rectangle *box, const struct orbit *o)
{
    enum sn_status status = SN_OK;
    *kept = false;
    for (double size = 1e-2; size > 1e-9 && !status && !*kept; size *= 1e-2)
        if (orbit_box(box, o, size))
            status = is_kept(kept, box, o->course);
    return status;
}

/* From a point into the box, a layer a time. */
static enum sn_status add_way(struct claim_course *c,
    const struct claim_rectangle *from, const struct claim_rectangle *box)
{
    struct claim_rectangle r = *from, next;
    enum sn_status status = SN_OK;
    for (int k = 0; !status && !claim_rectangle_lies_in(&r, box); k++) {
        char label[CLAIM_LABEL];
        if (k == LONGEST_WAY)
            return SN_UNDECIDED;
        snprintf(label, sizeof label, "one orbit, layer %d", k + 1);
        status = claim_rectangle_image(&next, c, &r, CLAIM_RECTANGLE_DIGITS);
        if (!status)
            status = claim_rectangle_add(c, &r, &next, label);
        r = next;
    }
    return status;
}

/* The inequalities that are the refutation, and what they say. */
static enum sn_status add_trap(struct claim_course *c,
    const struct claim_rectangle *box, const struct orbit *o,
    const struct claim_rectangle *from)
{
    const char *const *omega = c->domain[IV_OMEGA], *const *tau =
                                                        c->domain[IV_TAU];
    struct claim_result *result = c->result;
    enum sn_status status =
        claim_rectangle_add(c, box, box, "a box outside Omega stays");
    claim_course_stand(c, box);
    if (!status && !claim_add_contraction(c, "contraction inside it",
                       "spectral norm of the Jacobian inside the box"))
        status = SN_NO_MEMORY;
    if (!status)
        status = add_way(c, from, box);
    snprintf(result->conclusion, sizeof result->conclusion,
        "Not so with omega %s and tau %s in every layer: near mu %.9g, nu "
        "%.9g is an attracting fixed point, mu %s:%s, nu %s:%s around it is "
        "outside Omega and kept, and the start mu %s, nu %s ends there.",
        omega[0], tau[0], o->x[0], o->x[1], box->end[0], box->end[1],
        box->end[2], box->end[3], from->end[0], from->end[2]);
    for (int i = 0; i < 2; i++) {
        snprintf(result->stays[i], sizeof result->stays[i], "%.12g", o->x[i]);
        snprintf(result->stays[2 + i], sizeof result->stays[i], "%.40s",
            i ? tau[0] : omega[0]);
    }
    result->is_against = true;
    return status;
}

/* For one omega and tau, which the course has at both ends. */
static enum sn_status find_trap_at(
    bool *found, struct claim_course *c, const struct claim_rectangle *start)
{
    enum sn_status status = SN_OK;
    struct claim_rectangle from, box;
    struct orbit o = {.course = c,
        .omega = strtod(c->domain[IV_OMEGA][0], NULL),
        .tau = strtod(c->domain[IV_TAU][0], NULL)};
    *found = false;
    for (int k = 0; k < STARTS && !status && !*found; k++) {
        start_point(&from, start, k);
        o.x[0] = strtod(from.end[0], NULL);
        o.x[1] = strtod(from.end[2], NULL);
        if (!orbit_settle(&o))
            continue;
        status = find_kept(found, &box, &o);
        if (!status && *found)
            status = add_trap(c, &box, &o, &from);
        if (status == SN_UNDECIDED) { /* no way there was found */
            c->result->planned = 0;
            c->result->is_against = *found = false;
            status = SN_OK;
        }
    }
    return status;
}

enum sn_status claim_find_trap(
    struct claim_course *c, const struct claim_rectangle *start)
{
    const struct claim_course whole = *c;
    const char *const *ends = whole.domain[IV_OMEGA];
    const char *const omega[] = {ends[0], ends[1], "0"};
    int omegas = iv_decimal_compare(ends[0], "0") < 0 &&
                         iv_decimal_compare(ends[1], "0") > 0
                     ? 3
                     : 2;
    enum sn_status status = SN_OK;
    bool found = false;
    for (int end = 0; end < 2; end++)
        if (strlen(ends[end]) >= CLAIM_RECTANGLE_TEXT ||
            strlen(whole.domain[IV_TAU][end]) >= CLAIM_RECTANGLE_TEXT)
            return SN_UNDECIDED;
    for (int i = 0; i < 2 * omegas && !status && !found; i++) {
        for (int end = 0; end < 2; end++) {
            c->domain[IV_OMEGA][end] = omega[i / 2];
            c->domain[IV_TAU][end] = whole.domain[IV_TAU][i % 2];
        }
        status = find_trap_at(&found, c, start);
    }
    memcpy(c->domain, whole.domain, sizeof c->domain);
    return !status && !found ? SN_UNDECIDED : status;
}

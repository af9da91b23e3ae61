/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From inequalities to claims: which ones each claim needs, on which domains,
 * in the checker's own words.
 */
#include "fixedpoint/checker/claim.h"
#include <string.h>

#define NORM                                                                  \
    "(hypot(wmax*M_m + tmax*V_v, wmax*V_m - tmax*M_v) + "                     \
    "hypot(wmax*M_m - tmax*V_v, wmax*V_m + tmax*M_v))/2"
/* with dropout at the rate 1 - s^2 */
#define D     "(1 + (lambda*alpha)^2*(1 - s^2))"
#define DM(x) "s*" x "/sqrt(" D ")"
#define DV(x) "(V" x " + 2*(1 - s^2)*(M + lambda*alpha)*M" x ")/" D
#define DROPOUT_NORM                                                          \
    "(hypot(wmax*" DM("M_m") " + tmax*" DV("_v") ", wmax*" DV(                \
        "_m") " - tmax*" DM("M_v") ") + hypot(wmax*" DM("M_m") " - tmax*" DV("_v") ", wmax*" DV("_m") " + tmax*" DM("M_v") "))/2"
#define DROPOUT_VARIANCE "(V + (1 - s^2)*(M + lambda*alpha)^2)/" D
/* the variance less 1 */
#define DROPOUT_EXCESS "(V - 1 + (1 - s^2)*M*(M + 2*lambda*alpha))/" D

enum { MU, NU, OMEGA, TAU };

static bool is(const struct snc_part *part, const char *formula, int sense)
{
    return !part->fails && part->sense == sense &&
           !strcmp(part->formula, formula);
}

/* The inequality with a limit of its own. */
static bool has(const struct snc_part *part, size_t count, const char *formula,
    int sense, long limit, const struct snc_domain *domain)
{
    for (size_t i = 0; i < count; i++)
        if (is(&part[i], formula, sense) &&
            snc_domain_same(&part[i].domain, domain) &&
            (sense > 0 ? fmpq_cmp_si(part[i].limit, limit) <= 0
                       : fmpq_cmp_si(part[i].limit, limit) >= 0) &&
            (!part[i].closed || fmpq_cmp_si(part[i].limit, limit)))
            return true;
    return false;
}

/* The one that keeps a value within the domain's own interval. */
static bool keeps(const struct snc_part *part, size_t count,
    const char *formula, int sense, int coordinate,
    const struct snc_domain *domain)
{
    for (size_t i = 0; i < count; i++) {
        int order =
            fmpq_cmp(part[i].limit, domain->end[coordinate][sense > 0]);
        if (is(&part[i], formula, sense) &&
            snc_domain_same(&part[i].domain, domain) &&
            (sense > 0 ? order <= 0 : order >= 0))
            return true;
    }
    return false;
}

static const char *self_map(const struct snc_part *part, size_t count,
    const char *norm, const char *mean, const char *variance, bool s)
{
    const struct snc_domain *domain = &part[0].domain;
    for (int i = MU; i <= TAU; i++)
        if (!domain->has[i])
            return "its first domain lacks mu, nu, omega or tau";
    if (s && (!domain->has[6] || fmpq_sgn(domain->end[6][0]) ||
                 !fmpq_is_one(domain->end[6][1])))
        return "its first domain has not all of s from 0 to 1";
    if (!has(part, count, norm, 1, 1, domain))
        return "no proof that the spectral norm is below 1";
    if (!keeps(part, count, mean, 1, MU, domain) ||
        !keeps(part, count, mean, -1, MU, domain))
        return "no proof that the mean stays in its interval";
    if (!keeps(part, count, variance, 1, NU, domain) ||
        !keeps(part, count, variance, -1, NU, domain))
        return "no proof that the variance stays in its interval";
    return NULL;
}

/* mu 0, nu 1, omega 0, tau 1, and all of s. */
static bool is_fixed_point(const struct snc_domain *d)
{
    for (int i = MU; i <= TAU; i++)
        for (int end = 0; end < 2; end++)
            if (!d->has[i] || fmpq_cmp_si(d->end[i][end], i % 2))
                return false;
    return d->has[6] && fmpq_is_zero(d->end[6][0]) &&
           fmpq_is_one(d->end[6][1]);
}

/* Between -1e-15 and 1e-15 at (0, 1) for every rate. */
static bool vanishes(
    const struct snc_part *part, size_t count, const char *formula)
{
    bool found[2] = {false, false};
    fmpq_t size;
    fmpq_init(size);
    for (size_t i = 0; i < count; i++) {
        fmpq_abs(size, part[i].limit);
        fmpz_mul_ui(fmpq_numref(size), fmpq_numref(size), 1000000000000000);
        for (int upper = 0; upper < 2; upper++)
            found[upper] |=
                is(&part[i], formula, upper ? 1 : -1) &&
                is_fixed_point(&part[i].domain) &&
                fmpz_cmp(fmpq_numref(size), fmpq_denref(size)) <= 0;
    }
    fmpq_clear(size);
    return found[0] && found[1];
}

static const char *dropout(const struct snc_part *part, size_t count)
{
    const char *lacks =
        self_map(part, count, DROPOUT_NORM, DM("M"), DROPOUT_VARIANCE, true);
    if (!lacks && (!vanishes(part, count, DM("M")) ||
                      !vanishes(part, count, DROPOUT_EXCESS)))
        lacks = "no proof that (0, 1) stays within 1e-15";
    return lacks;
}

/* C'(0) in (0, 1), C'(1) > 1 and a_2 not 0, at (0, 1). */
static const char *correlation(const struct snc_part *part, size_t count)
{
    static const char slope[] = "lambda^2*(P + alpha^2*X2)";
    const struct snc_domain *domain = &part[0].domain;
    for (int i = MU; i <= TAU; i++)
        for (int end = 0; end < 2; end++)
            if (!domain->has[i] || fmpq_cmp_si(domain->end[i][end], i % 2))
                return "its first domain is not (0, 1) at omega 0, tau 1";
    return has(part, count, "M_m^2", 1, 1, domain) &&
                   has(part, count, "M_m^2", -1, 0, domain) &&
                   has(part, count, slope, -1, 1, domain) &&
                   has(part, count, "2*M_v^2", -1, 0, domain)
               ? NULL
               : "it lacks the inequality that makes it";
}

/* Nothing but inequalities on these formulas. */
static const char *only(const struct snc_part *part, size_t count,
    const char *const *formula, size_t formulas)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < formulas && strcmp(part[i].formula, formula[k]))
            k++;
        if (k == formulas)
            return "it has an inequality that is not about it";
    }
    return NULL;
}

static const char *rate(const struct snc_part *part, size_t count)
{
    static const char *const formula[] = {"V_v", "wmax*M_m", NORM};
    return only(part, count, formula, sizeof formula / sizeof *formula);
}

static const char *gradient(const struct snc_part *part, size_t count)
{
    static const char *const formula[] = {
        "lambda^2*(P + alpha^2*X2)", "tau*lambda^2*(P + alpha^2*X2)"};
    return only(part, count, formula, sizeof formula / sizeof *formula);
}

static const char *everywhere(const struct snc_part *part, size_t count,
    const char *formula, int sense, long limit)
{
    for (size_t i = 0; i < count; i++)
        if (!has(part, count, formula, sense, limit, &part[i].domain))
            return "it lacks the inequality that makes it";
    return NULL;
}

/* ---- chains of rectangles --------------------------------------------- */

/* Four inequalities from a rectangle to the next; [mu0, mu1, nu0, nu1]. */
static bool is_step(const struct snc_part *part, size_t left)
{
    if (left < 4)
        return false;
    static const char *const formula[] = {"M", "M", "V", "V"};
    for (size_t i = 0; i < 4; i++)
        if (!is(&part[i], formula[i], i % 2 ? 1 : -1) ||
            !snc_domain_same(&part[i].domain, &part[0].domain))
            return false;
    for (int i = MU; i <= TAU; i++)
        if (!part[0].domain.has[i])
            return false;
    return true;
}

static bool is_within(const struct snc_domain *inner,
    const struct snc_domain *outer, int coordinate)
{
    return fmpq_cmp(inner->end[coordinate][0], outer->end[coordinate][0]) >=
               0 &&
           fmpq_cmp(inner->end[coordinate][1], outer->end[coordinate][1]) <= 0;
}

/* What the step proves of the next rectangle lies in `outer`. */
static bool leads_into(
    const struct snc_part *step, const struct snc_domain *outer)
{
    for (int i = 0; i < 4; i++) {
        int order = fmpq_cmp(step[i].limit, outer->end[i / 2][i % 2]);
        if (i % 2 ? order > 0 : order < 0)
            return false;
    }
    return true;
}

static bool same_layers(const struct snc_domain *a, const struct snc_domain *b)
{
    return is_within(a, b, OMEGA) && is_within(b, a, OMEGA) &&
           is_within(a, b, TAU) && is_within(b, a, TAU);
}

/* The rectangle of mu and nu of Theorem 1; to be cleared. */
static void omega_init(struct snc_domain *omega)
{
    static const long end[4][2] = {{-1, 10}, {1, 10}, {8, 10}, {15, 10}};
    snc_domain_init(omega);
    for (int i = 0; i < 4; i++)
        fmpq_set_si(omega->end[i / 2][i % 2], end[i][0], (ulong)end[i][1]);
}

static bool same_rectangle(
    const struct snc_domain *a, const struct snc_domain *b)
{
    return is_within(a, b, MU) && is_within(b, a, MU) && is_within(a, b, NU) &&
           is_within(b, a, NU);
}

/* The same mu, and nu from within the one before to beyond it. */
static bool joins(const struct snc_domain *next, const struct snc_domain *last)
{
    return is_within(next, last, MU) && is_within(last, next, MU) &&
           fmpq_cmp(next->end[NU][0], last->end[NU][0]) >= 0 &&
           fmpq_cmp(next->end[NU][0], last->end[NU][1]) <= 0 &&
           fmpq_cmp(next->end[NU][1], last->end[NU][1]) >= 0;
}

/*
 * Chains into Omega, each from a piece of the start next to the one before;
 * *at: Omega's own step, *last: where the last piece starts.
 */
static const char *into_omega(size_t *at, size_t *last,
    const struct snc_part *part, size_t count, const struct snc_domain *omega)
{
    bool starts = true;
    for (*at = *last = 0; is_step(part + *at, count - *at) &&
                          !same_rectangle(&part[*at].domain, omega);
         *at += 4) {
        const struct snc_part *step = part + *at;
        if (!same_layers(&step->domain, &part->domain))
            return "omega or tau change their range on the way";
        if (starts && *at && !joins(&step->domain, &part[*last].domain))
            return "the pieces of the start do not join";
        if (starts)
            *last = *at;
        starts = leads_into(step, omega);
        if (!is_step(step + 4, count - *at - 4) ||
            (!starts && !leads_into(step, &step[4].domain)))
            return "a step does not lead into the next rectangle";
    }
    return NULL;
}

/*
 * Chains into Omega, Omega stays, a chain from it into a box, the box stays,
 * the norm there; steps after that are of single orbits and not needed.
 */
static const char *global_from(const struct snc_part *part, size_t count,
    size_t *last, const struct snc_domain *rectangle)
{
    const struct snc_domain *first = &part[0].domain;
    size_t at, omega, box;
    const char *why = into_omega(&at, last, part, count, rectangle);
    if (why)
        return why;
    omega = at;
    if (!is_step(part + at, count - at) ||
        !same_layers(&part[at].domain, first) ||
        !leads_into(&part[at], &part[at].domain))
        return "no proof that Omega is kept";
    for (at += 4; is_step(part + at, count - at); at += 4) {
        if (!same_layers(&part[at].domain, first))
            return "omega or tau change their range on the way";
        bool ends = !is_step(part + at + 4, count - at - 4);
        if (ends && leads_into(&part[at], &part[at].domain) &&
            leads_into(&part[at - 4], &part[at].domain))
            break;
        if (at == omega + 4 ? !same_rectangle(&part[at].domain, rectangle)
                            : !leads_into(&part[at - 4], &part[at].domain))
            return "a step does not lead into the next rectangle";
    }
    box = at;
    if (!is_step(part + at, count - at))
        return "no proof that the absorbing box is kept";
    return has(part, count, NORM, 1, 1, &part[box].domain)
               ? NULL
               : "no proof of the contraction in the absorbing box";
}

static const char *global(
    const struct snc_part *part, size_t count, size_t *last)
{
    struct snc_domain omega;
    omega_init(&omega);
    const char *why = global_from(part, count, last, &omega);
    snc_domain_clear(&omega);
    return why;
}

bool snc_claim_is_list(const char *name)
{
    static const char *const list[] = {
        "sharp", "derivatives", "norm-slopes", "rate", "gradient"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (!strcmp(name, list[i]))
            return true;
    return false;
}

const char *snc_claim_follows(
    const char *name, const struct snc_part *part, size_t count, size_t *last)
{
    *last = count;
    if (!count)
        return "it has no inequalities";
    if (!strcmp(name, "jacobian") || !strcmp(name, "jacobian-narrow"))
        return everywhere(part, count, NORM, 1, 1);
    if (!strcmp(name, "theorem1") || !strcmp(name, "design"))
        return self_map(part, count, NORM, "M", "V", false);
    if (!strcmp(name, "dropout"))
        return dropout(part, count);
    if (!strcmp(name, "theorem2"))
        return everywhere(part, count, "V - nu", 1, 0);
    if (!strcmp(name, "theorem3") || !strcmp(name, "theorem3-appendix"))
        return everywhere(part, count, "V - nu", -1, 0);
    if (!strcmp(name, "correlation"))
        return correlation(part, count);
    if (!strcmp(name, "rate"))
        return rate(part, count);
    if (!strcmp(name, "gradient"))
        return gradient(part, count);
    if (!strcmp(name, "global") || !strcmp(name, "global-wide"))
        return global(part, count, last);
    return snc_claim_is_list(name) ? NULL : "no claim of that name is known";
}

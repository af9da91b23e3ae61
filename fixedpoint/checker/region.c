/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact domains, and whether boxes cover them.  Box ends are doubles, domain
 * ends fractions: every comparison is exact.
 */
#include "fixedpoint/checker/checker.h"
#include <math.h>
#include <stdlib.h>

const char *const snc_coordinate[SNC_COORDINATES] = {
    "mu", "nu", "omega", "tau", "m", "v", "s"};

void snc_domain_init(struct snc_domain *domain)
{
    for (int i = 0; i < SNC_COORDINATES; i++) {
        domain->has[i] = false;
        fmpq_init(domain->end[i][0]);
        fmpq_init(domain->end[i][1]);
    }
}

void snc_domain_clear(struct snc_domain *domain)
{
    for (int i = 0; i < SNC_COORDINATES; i++) {
        fmpq_clear(domain->end[i][0]);
        fmpq_clear(domain->end[i][1]);
    }
}

bool snc_domain_same(const struct snc_domain *a, const struct snc_domain *b)
{
    for (int i = 0; i < SNC_COORDINATES; i++)
        if (a->has[i] != b->has[i] ||
            (a->has[i] && (!fmpq_equal(a->end[i][0], b->end[i][0]) ||
                              !fmpq_equal(a->end[i][1], b->end[i][1]))))
            return false;
    return true;
}

/* A double at or beyond the fraction, on the given side. */
static double outside(const fmpq_t x, bool up)
{
    arb_t ball;
    arf_t end;
    arb_init(ball);
    arf_init(end);
    arb_set_fmpq(ball, x, 2 * SNC_PREC);
    if (up)
        arb_get_ubound_arf(end, ball, 2 * SNC_PREC);
    else
        arb_get_lbound_arf(end, ball, 2 * SNC_PREC);
    double y = arf_get_d(end, up ? ARF_RND_CEIL : ARF_RND_FLOOR);
    arb_clear(ball);
    arf_clear(end);
    return y;
}

/* Smallest and largest product of two intervals. */
static void product(
    fmpq_t low, fmpq_t high, const fmpq_t a[2], const fmpq_t b[2])
{
    fmpq_t p;
    fmpq_init(p);
    for (int i = 0; i < 4; i++) {
        fmpq_mul(p, a[i & 1], b[i >> 1]);
        if (!i || fmpq_cmp(p, low) < 0)
            fmpq_set(low, p);
        if (!i || fmpq_cmp(p, high) > 0)
            fmpq_set(high, p);
    }
    fmpq_clear(p);
}

/* Adds the doubles on both sides of |a| |b|, or of minus that. */
static int add_kink(
    double *cut, int used, const fmpq_t a, const fmpq_t b, int sign)
{
    fmpq_t p;
    fmpq_init(p);
    fmpq_mul(p, a, b);
    if (sign < 0)
        fmpq_neg(p, p);
    cut[used++] = outside(p, false);
    cut[used++] = outside(p, true);
    fmpq_clear(p);
    return used;
}

int snc_kinks(double cut[SNC_MOST_KINKS], const struct snc_domain *domain,
    int coordinate)
{
    if (domain->has[coordinate] ||
        (coordinate != SNC_M && coordinate != SNC_V))
        return 0;
    int i = coordinate - SNC_M, used = 0;
    const fmpq_t *a = domain->end[i], *b = domain->end[i + 2];
    if (coordinate == SNC_V)
        return add_kink(cut, 0, a[0], b[1], 1);
    for (int k = 0; k < 4; k++) {
        /* |mu| is smallest at an end of its own sign only */
        int first = k & 1, second = k >> 1;
        int sign = fmpq_sgn(a[first]) * fmpq_sgn(b[second]);
        fmpq_t p, q;
        fmpq_init(p);
        fmpq_init(q);
        fmpq_abs(p, a[first]);
        fmpq_abs(q, b[second]);
        if (sign)
            used = add_kink(cut, used, p, q, sign);
        fmpq_clear(p);
        fmpq_clear(q);
    }
    return used;
}

/* More cuts within each other than any honest search makes. */
enum { DEEPEST_CUT = 4000 };

struct search {
    const struct snc_box *box;
    int axes, depth;
    double *hole;
};

static bool touches(
    const struct search *s, size_t k, double x[SNC_AXES][2], bool whole)
{
    for (int i = 0; i < s->axes; i++) {
        const double *y = s->box[k].x[i];
        if (whole ? !(y[0] <= x[i][0] && x[i][1] <= y[1])
                  : y[1] < x[i][0] || x[i][1] < y[0])
            return false;
    }
    return true;
}

/*
 * Is x covered by the boxes of a list?  Cut at an end of one of them that
 * lies inside, and the same for both sides, with the boxes that they touch.
 * The recursion ends because every cut is at one of finitely many ends.
 */
static bool covered(
    struct search *s, double x[SNC_AXES][2], size_t *list, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (touches(s, list[k], x, true))
            return true;
    if (s->depth >= DEEPEST_CUT)
        return false;
    size_t *part = malloc((count + 1) * sizeof *part);
    bool found = false, good = part != NULL;
    /* the end nearest to the middle of its side */
    double best = 0, cut = 0;
    int axis = 0;
    for (size_t k = 0; good && k < count; k++)
        for (int i = 0; i < s->axes; i++)
            for (int end = 0; end < 2; end++) {
                double y = s->box[list[k]].x[i][end];
                if (!(y > x[i][0] && y < x[i][1]))
                    continue;
                double share =
                    fmin(y - x[i][0], x[i][1] - y) / (x[i][1] - x[i][0]);
                if (!found || share > best) {
                    found = true;
                    best = share;
                    cut = y;
                    axis = i;
                }
            }
    if (!found) {
        for (int i = 0; i < s->axes; i++)
            s->hole[i] = x[i][0] / 2 + x[i][1] / 2;
        good = false;
    }
    for (int side = 0; good && side < 2; side++) {
        double keep = x[axis][!side];
        x[axis][!side] = cut;
        size_t used = 0;
        for (size_t k = 0; k < count; k++)
            if (touches(s, list[k], x, false))
                part[used++] = list[k];
        s->depth++;
        good = covered(s, x, part, used);
        s->depth--;
        x[axis][!side] = keep;
    }
    free(part);
    return good;
}

bool snc_covers(const struct snc_box *box, size_t count, const int *axis,
    int axes, const struct snc_domain *domain, double hole[SNC_AXES])
{
    double x[SNC_AXES][2];
    fmpq_t end[2];
    fmpq_init(end[0]);
    fmpq_init(end[1]);
    for (int i = 0; i < axes; i++) {
        int c = axis[i];
        if (domain->has[c]) {
            fmpq_set(end[0], domain->end[c][0]);
            fmpq_set(end[1], domain->end[c][1]);
        } else { /* m = mu omega, v = nu tau */
            int a = c == SNC_M ? 0 : 1;
            product(end[0], end[1], domain->end[a], domain->end[a + 2]);
        }
        x[i][0] = outside(end[0], false);
        x[i][1] = outside(end[1], true);
    }
    fmpq_clear(end[0]);
    fmpq_clear(end[1]);
    size_t *list = malloc((count + 1) * sizeof *list);
    if (!list)
        return false;
    for (size_t k = 0; k < count; k++)
        list[k] = k;
    struct search s = {box, axes, 0, hole};
    bool good = covered(&s, x, list, count);
    free(list);
    return good;
}

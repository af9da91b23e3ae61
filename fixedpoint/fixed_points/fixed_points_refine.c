/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Newton's iteration at growing precision, then its proof: with B a box
 * around x and D(B) an enclosure of the Jacobian of g(x) - x on B, the set
 * N = x - D(B)^-1 (g(x) - x) inside B proves that B holds exactly one fixed
 * point, and that N holds it.
 */
#include "fixedpoint/fixed_points/fixed_points.h"

enum { FIRST_PREC = 96, LOST_BITS = 24, ATTEMPTS = 4 };

struct newton {
    struct map_point at;
    arb_t value[2], jacobian[4], residual[2], step[2], det, t;
};

static void newton_init(struct newton *n, const struct map_point *point)
{
    map_point_init(&n->at);
    arb_set(n->at.omega, point->omega);
    arb_set(n->at.tau, point->tau);
    arb_set(n->at.lambda, point->lambda);
    arb_set(n->at.alpha, point->alpha);
    for (int i = 0; i < 2; i++) {
        arb_init(n->value[i]);
        arb_init(n->residual[i]);
        arb_init(n->step[i]);
    }
    for (int i = 0; i < 4; i++)
        arb_init(n->jacobian[i]);
    arb_init(n->det);
    arb_init(n->t);
}

static void newton_clear(struct newton *n)
{
    map_point_clear(&n->at);
    for (int i = 0; i < 2; i++) {
        arb_clear(n->value[i]);
        arb_clear(n->residual[i]);
        arb_clear(n->step[i]);
    }
    for (int i = 0; i < 4; i++)
        arb_clear(n->jacobian[i]);
    arb_clear(n->det);
    arb_clear(n->t);
}

/* step = (J - 1)^-1 residual, by Cramer. */
static void solve(struct newton *n, slong prec)
{
    NUM_ARB(a, d);
    arb_sub_ui(a, n->jacobian[0], 1, prec);
    arb_sub_ui(d, n->jacobian[3], 1, prec);
    arb_mul(n->det, a, d, prec);
    arb_submul(n->det, n->jacobian[1], n->jacobian[2], prec);
    arb_mul(n->step[0], d, n->residual[0], prec);
    arb_submul(n->step[0], n->jacobian[1], n->residual[1], prec);
    arb_mul(n->step[1], a, n->residual[1], prec);
    arb_submul(n->step[1], n->jacobian[2], n->residual[0], prec);
    for (int i = 0; i < 2; i++)
        arb_div(n->step[i], n->step[i], n->det, prec);
}

/* residual and step at the point n->at, which is exact */
static void step(struct newton *n, slong prec)
{
    map_arb(n->value[0], n->value[1], n->jacobian, &n->at, prec);
    arb_sub(n->residual[0], n->value[0], n->at.mu, prec);
    arb_sub(n->residual[1], n->value[1], n->at.nu, prec);
    solve(n, prec);
}

static bool between(const arb_t x, const double ends[2])
{
    NUM_ARB(end);
    arb_set_d(end, ends[0]);
    bool good = arb_gt(x, end);
    arb_set_d(end, ends[1]);
    good = good && arb_lt(x, end);
    return good;
}

/* B = x +- 2^widen |step|: its proof; B and N come in `box` and n->at. */
static bool prove(struct newton *n, const struct fixed_isolated *isolated,
    slong widen, slong prec)
{
    arb_t x[2];
    arb_ptr at[2] = {n->at.mu, n->at.nu};
    NUM_MAG(least);
    for (int i = 0; i < 2; i++) {
        arb_init(x[i]);
        arb_set(x[i], at[i]);
        arb_get_mag(arb_radref(at[i]), n->step[i]);
        mag_mul_2exp_si(arb_radref(at[i]), arb_radref(at[i]), widen);
        mag_set_ui_2exp_si(least, 1, -2 * prec);
        mag_max(arb_radref(at[i]), arb_radref(at[i]), least);
    }
    bool good = between(at[0], isolated->alone.mu) &&
                between(at[1], isolated->alone.nu);
    if (good) {
        map_arb(n->value[0], n->value[1], n->jacobian, &n->at, prec);
        solve(n, prec);
        for (int i = 0; i < 2; i++) {
            arb_sub(n->t, x[i], n->step[i], prec);
            good = good && arb_is_finite(n->t) &&
                   arb_contains_interior(at[i], n->t);
            arb_set(n->step[i], n->t);
        }
    }
    for (int i = 0; i < 2; i++) {
        arb_set(at[i], good ? n->step[i] : x[i]);
        arb_clear(x[i]);
    }
    return good;
}

enum sn_status fixed_point_refine(struct map_point *point, arb_t jacobian[4],
    const struct fixed_isolated *isolated, slong prec)
{
    struct newton n;
    newton_init(&n, point);
    const struct fixed_box *tight = &isolated->tight;
    arb_set_d(n.at.mu, tight->mu[0] / 2 + tight->mu[1] / 2);
    arb_set_d(n.at.nu, tight->nu[0] / 2 + tight->nu[1] / 2);
    bool finite = true;
    for (slong p = prec < FIRST_PREC ? prec : FIRST_PREC; finite;) {
        step(&n, p);
        finite = arb_is_finite(n.step[0]) && arb_is_finite(n.step[1]);
        arb_sub(n.at.mu, n.at.mu, n.step[0], p);
        arb_sub(n.at.nu, n.at.nu, n.step[1], p);
        mag_zero(arb_radref(n.at.mu));
        mag_zero(arb_radref(n.at.nu));
        if (p == prec)
            break;
        p = 2 * p - LOST_BITS < prec ? 2 * p - LOST_BITS : prec;
    }
    bool proven = false;
    for (int k = 0; finite && !proven && k < ATTEMPTS; k++) {
        step(&n, prec);
        proven = prove(&n, isolated, 2 + 8 * k, prec);
    }
    if (proven) {
        arb_swap(point->mu, n.at.mu);
        arb_swap(point->nu, n.at.nu);
        for (int i = 0; i < 4; i++)
            arb_swap(jacobian[i], n.jacobian[i]);
    }
    newton_clear(&n);
    return proven ? SN_OK : SN_UNDECIDED;
}

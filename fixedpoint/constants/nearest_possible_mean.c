/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/constants/constants.h"

/* Is there a solution with this mean, proven? */
static bool is_possible(struct map_point *trial, const arb_t mean, slong prec)
{
    enum { TRIES = 3 };
    enum sn_status status = SN_UNDECIDED;
    /* a trial is a number, not a ball that would grow */
    arb_get_mid_arb(trial->mu, mean);
    for (int i = 0; i < TRIES && status == SN_UNDECIDED; i++, prec *= 4)
        status = constants_solve_arb(trial, prec);
    return status == SN_OK;
}

/* The two come as near to each other as `prec` bits or 2^-TIGHT tell. */
static void squeeze(arb_t good, arb_t bad, struct map_point *trial, slong prec)
{
    enum { TIGHT = 60, MOST_STEPS = 200 };
    NUM_ARB(middle, ratio);
    for (int i = 0; i < MOST_STEPS; i++) {
        arb_div(ratio, bad, good, prec);
        arb_sub_ui(middle, ratio, 1, prec);
        if (arf_cmpabs_2exp_si(arb_midref(middle), -TIGHT) < 0)
            break;
        /* by exponents while they are far apart */
        if (arf_cmpabs_2exp_si(arb_midref(ratio), 1) > 0 ||
            arf_cmpabs_2exp_si(arb_midref(ratio), -1) < 0) {
            arb_mul(middle, good, bad, prec);
            arb_sqrt(middle, middle, prec);
            if (arb_is_negative(good))
                arb_neg(middle, middle);
        } else {
            arb_add(middle, good, bad, prec);
            arb_mul_2exp_si(middle, middle, -1);
        }
        arb_get_mid_arb(middle, middle);
        arb_set(is_possible(trial, middle, prec) ? good : bad, middle);
    }
}

/*
 * From the impossible mean towards 0 (side -1) or away from it, in steps of a
 * quarter of a binade; past 64 binades each is the square of that before it.
 * Towards 0 there is an end: r = 0 lies between a1 < 0 and a0 > 0.
 */
static bool search(arb_t good, struct map_point *trial,
    const struct map_point *impossible, int side, slong prec)
{
    enum { POSSIBLE_MEAN_STEPS = 256, MOST_STEPS = 280 };
    NUM_ARB(bad, step);
    arb_get_mid_arb(bad, impossible->mu);
    arb_set_d(step, 1.1892071150027210667); /* 2^(1/4) */
    bool found = false;
    for (int i = 0;
         !found && i < (side < 0 ? MOST_STEPS : POSSIBLE_MEAN_STEPS); i++) {
        if (i >= POSSIBLE_MEAN_STEPS) {
            arb_sqr(step, step, MAG_BITS);
            arb_get_mid_arb(step, step);
        }
        if (side < 0)
            arb_div(good, bad, step, prec);
        else
            arb_mul(good, bad, step, prec);
        arb_get_mid_arb(good, good);
        found = is_possible(trial, good, prec);
        if (!found)
            arb_set(bad, good);
    }
    if (found)
        squeeze(good, bad, trial, prec);
    return found;
}

bool constants_possible_mean_arb(
    arb_t mean, const struct map_point *impossible, int side, slong prec)
{
    NUM_STRUCT(map_point, trial);
    arb_set(trial.nu, impossible->nu);
    arb_set(trial.omega, impossible->omega);
    arb_set(trial.tau, impossible->tau);
    return search(mean, &trial, impossible, side, prec);
}

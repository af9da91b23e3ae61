/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpha dropout's affine map against the moments of the mixture itself. */
#include "tests/fixedpoint/test_fixedpoint.h"
#include <math.h>

enum { PREC = 256 };

struct mixture {
    arb_t a, b, rate, mu, nu, lower, mean, second, value, share;
};

static void each(struct mixture *m, void (*visit)(arb_ptr))
{
    arb_ptr all = (arb_ptr)m;
    for (size_t i = 0; i < sizeof *m / sizeof(arb_t); i++)
        visit(all + i);
}

/* Adds a value's share to E y and E y^2. */
static void add(struct mixture *m, const arb_t value, const arb_t variance)
{
    arb_t y, t;
    arb_init(y);
    arb_init(t);
    arb_mul(y, m->a, value, PREC);
    arb_add(y, y, m->b, PREC);
    arb_addmul(m->mean, m->share, y, PREC);
    arb_sqr(t, m->a, PREC);
    arb_mul(t, t, variance, PREC);
    arb_addmul(t, y, y, PREC);
    arb_addmul(m->second, m->share, t, PREC);
    arb_clear(y);
    arb_clear(t);
}

/* Whether a x + b of the mixture has mean mu and variance nu. */
static bool restores(struct mixture *m)
{
    arb_t zero;
    arb_init(zero);
    arb_zero(m->mean);
    arb_zero(m->second);
    arb_set(m->share, m->rate);
    add(m, m->lower, zero);
    arb_sub_ui(m->share, m->rate, 1, PREC);
    arb_neg(m->share, m->share);
    add(m, m->mu, m->nu);
    arb_submul(m->second, m->mean, m->mean, PREC);
    arb_clear(zero);
    return arb_overlaps(m->mean, m->mu) && arb_overlaps(m->second, m->nu) &&
           mag_get_d(arb_radref(m->mean)) < 1e-50 &&
           mag_get_d(arb_radref(m->second)) < 1e-50;
}

Test(fixedpoint, dropout_affine_restores_mean_and_variance)
{
    gsl_rng *rng = generator();
    struct mixture m;
    each(&m, arb_init);
    int bad = 0, planted = 0;
    for (int i = 0; i < 500; i++) {
        arb_set_d(m.rate, between(rng, 0, 0.999));
        arb_set_d(m.mu, between(rng, -3, 3));
        arb_set_d(m.nu, exp(between(rng, -4, 4)));
        arb_set_d(m.lower, between(rng, -5, 5));
        bad += constants_dropout_affine_arb(
                   m.a, m.b, m.rate, m.mu, m.nu, m.lower, PREC) != SN_OK;
        bad += !restores(&m);
        /* a without its root, and 1 / sqrt(1 - p): as shipped elsewhere */
        arb_t a;
        arb_init(a);
        arb_set(a, m.a);
        arb_sqr(m.a, a, PREC);
        planted += restores(&m);
        arb_sub_ui(m.a, m.rate, 1, PREC);
        arb_neg(m.a, m.a);
        arb_rsqrt(m.a, m.a, PREC);
        planted += restores(&m);
        arb_clear(a);
    }
    each(&m, arb_clear);
    gsl_rng_free(rng);
    cr_assert(!bad && !planted, "seed %d: %d bad, %d wrong formulas pass",
        SEED, bad, planted);
}

Test(fixedpoint, dropout_affine_is_the_papers_at_0_1)
{
    struct mixture m;
    each(&m, arb_init);
    /* a = (q + alpha'^2 q (1 - q))^(-1/2), b = -a (1 - q) alpha', q = 0.95 */
    const double q = 0.95, prime = -1.7580993408473768;
    double a = 1 / sqrt(q + prime * prime * q * (1 - q));
    double b = -a * (1 - q) * prime;
    arb_set_str(m.rate, "0.05", PREC);
    arb_one(m.nu);
    arb_set_d(m.lower, prime);
    cr_assert(constants_dropout_affine_arb(
                  m.a, m.b, m.rate, m.mu, m.nu, m.lower, PREC) == SN_OK);
    cr_expect(fabs(middle(m.a) - a) < 1e-15, "a is %.17g", middle(m.a));
    cr_expect(fabs(middle(m.b) - b) < 1e-15, "b is %.17g", middle(m.b));
    /* rate 0 changes nothing */
    arb_zero(m.rate);
    constants_dropout_affine_arb(m.a, m.b, m.rate, m.mu, m.nu, m.lower, PREC);
    cr_expect(arb_contains_si(m.a, 1) && arb_contains_si(m.b, 0));
    static const char *const outside[] = {"1", "1.5", "-0.1", "nan"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        arb_set_str(m.rate, outside[i], PREC);
        cr_expect(constants_dropout_affine_arb(m.a, m.b, m.rate, m.mu, m.nu,
                      m.lower, PREC) == SN_BAD_VALUE,
            "rate %s", outside[i]);
    }
    each(&m, arb_clear);
}

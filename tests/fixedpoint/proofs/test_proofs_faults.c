/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluators at fault, budgets and interrupts: none of them proves anything.
 */
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <math.h>
#include <stdlib.h>

/* ---- planted faults ------------------------------------------------- */

enum fault {
    NONE,
    NAN_VALUE,
    NAN_SOMETIMES,
    NAN_SLOPE,
    REVERSED,
    INFINITE,
    FLIPPED_M,
    FLIPPED_V,
    HALF_VALUE,
    FAULTS
};
static enum fault planted;

static void faulty(struct iv_jet *value, const double x[IV_AXES][2])
{
    bool is_box = value->axes > 0;
    switch (planted) {
    case NAN_VALUE:
        mpfr_set_nan(&value->f->right);
        break;
    case NAN_SOMETIMES:
        if (x[1][1] > 1.2)
            mpfr_set_nan(&value->f->left);
        break;
    case NAN_SLOPE:
        for (int i = 0; i < value->axes; i++)
            mpfr_set_nan(&value->d[i]->left);
        break;
    case REVERSED:
        mpfr_swap(&value->f->left, &value->f->right);
        mpfr_sub_d(&value->f->right, &value->f->right, 1e-9, MPFR_RNDD);
        break;
    case INFINITE:
        mpfr_set_inf(&value->f->right, 1);
        break;
    case FLIPPED_M:
        if (is_box)
            mpfi_neg(value->d[0], value->d[0]);
        break;
    case FLIPPED_V:
        if (is_box)
            mpfi_neg(value->d[1], value->d[1]);
        break;
    case HALF_VALUE: /* a range that misses values taken at points */
        if (is_box)
            mpfi_div_2ui(value->f, value->f, 1);
        break;
    default:
        break;
    }
}

Test(proofs, a_faulty_evaluator_proves_nothing)
{
    static const char *const name[FAULTS] = {"none", "NaN", "NaN above 1.2",
        "NaN slopes", "reversed", "infinite", "d/dm negated", "d/dv negated",
        "half the value"};
    const struct claim_claim *claim = claim_find("jacobian");
    for (int f = 0; f < FAULTS; f++) {
        planted = (enum fault)f;
        struct attempt a;
        attempt_init(&a);
        a.prover.search.spoil = faulty;
        enum claim_verdict got = verdict(&a, claim, 2000);
        /* without slopes the natural range may do, and is right */
        bool good = f == NONE        ? got == CLAIM_PROVED
                    : f == NAN_SLOPE ? got != CLAIM_REFUTED &&
                                           !a.result.part[0].contradiction &&
                                           upper_of(&a, 0) >= 0.98902627183935
                                     : got == CLAIM_NOT_DECIDED;
        cr_expect(good, "%s: verdict %d, upper bound %.17g", name[f], (int)got,
            upper_of(&a, 0));
        attempt_clear(&a);
    }
}

Test(proofs, a_tiny_budget_leaves_the_claim_undecided)
{
    const struct claim_claim *claim = claim_find("jacobian");
    struct attempt a;
    attempt_init(&a);
    enum claim_verdict got = verdict(&a, claim, 1);
    cr_expect_eq(got, CLAIM_NOT_DECIDED, "verdict %d", (int)got);
    cr_expect(!isnan(upper_of(&a, 0)) && upper_of(&a, 0) > 0.98902627183935);
    attempt_clear(&a);
}

/* By less than a double can tell. */
Test(proofs, places_outside_the_domain_are_noticed)
{
    static struct {
        char mu[32];
        bool want;
    } row[] = {{"0.1", true}, {"0.100000000000000000001", false},
        {"0.099999999999999999999", true}, {"-0.1", true},
        {"-0.100000000000000000001", false}, {"nan", false}, {"x", false}};
    struct iv_domain domain;
    iv_domain_init(&domain);
    iv_domain_set(&domain, IV_MU, "-0.1", "0.1");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct iv_place place = {{row[i].mu}};
        cr_expect_eq(iv_domain_holds(&domain, &place), row[i].want, "mu = %s",
            row[i].mu);
    }
    iv_domain_clear(&domain);
}

static bool stop(void *context, long boxes)
{
    (void)boxes;
    ++*(int *)context;
    return false;
}

Test(proofs, an_interrupted_search_is_undecided)
{
    struct attempt a;
    int calls = 0;
    attempt_init(&a);
    a.prover.search.watch = stop;
    a.prover.search.context = &calls;
    replace(&a, IV_OMEGA, "-10", "10");
    replace(&a, IV_MU, "-10", "10");
    enum sn_status status =
        claim_prove(&a.result, claim_find("jacobian"), &a.prover);
    cr_expect(status == SN_INTERRUPTED && calls == 1 &&
                  a.result.verdict != CLAIM_PROVED,
        "status %d, %d calls, verdict %d", (int)status, calls,
        (int)a.result.verdict);
    attempt_clear(&a);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claims: bounds against sampling in double, false claims and wider domains.
 */
#include "fixedpoint/expressions/expression.h"
#include "tests/fixedpoint/proofs/test_proofs.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

/* A random point of a part's domain; ends come up, too. */
static void random_place(double x[IV_COORDINATES], const struct iv_domain *d)
{
    for (int i = 0; i < IV_COORDINATES; i++) {
        x[i] = NAN;
        if (!d->text[i][0])
            continue;
        double low = atof(d->text[i][0]), high = atof(d->text[i][1]);
        double u = uniform(-0.2, 1.2);
        x[i] = u < 0                       ? low
               : u > 1                     ? high
               : low > 0 && high > 4 * low ? low * pow(high / low, u)
                                           : low + u * (high - low);
    }
}

/* How many samples lie beyond the proven extremum of a part. */
static long beyond(const struct attempt *a, size_t k, long samples,
    double *excess, double *reached)
{
    const struct claim_part *part = &a->result.parts[k];
    const struct claim_part_result *r = &a->result.part[k];
    double x[IV_COORDINATES], low = lower_of(a, k), high = upper_of(a, k);
    long count = 0;
    for (long i = 0; i < samples; i++) {
        random_place(x, &r->domain);
        double y = formula_in_double(part->formula, x, 1);
        double over = part->sense > 0 ? y - high : low - y;
        double size =
            1e-12 * (1 + fabs(y)) +
            (r->domain.text[IV_V][0] ? 0 : 1e-13 / fmin(1, x[IV_NU]));
        *excess = fmax(*excess, over);
        *reached = fmax(*reached, part->sense * y);
        count += !(over <= size);
    }
    return count;
}

/*
 * Sampling attack on every inequality of every claim; SELFNORM_SAMPLES for
 * more ('make exhaust': a million of each).
 */
Test(proofs, samples_never_contradict_a_proven_bound)
{
    const char *many = getenv("SELFNORM_SAMPLES");
    long samples = many ? atol(many) : 500, total = 0;
    seed(11);
    for (size_t i = 0; i < claim_count; i++) {
        const struct claim_claim *claim = &claim_table[i];
        struct attempt a;
        attempt_init(&a);
        /* chains have hundreds of parts of one kind */
        long each = claim->build && !many ? samples / 20 : samples;
        cr_expect_eq(
            verdict(&a, claim, 20000), CLAIM_PROVED, "%s", claim->name);
        for (size_t k = 0; k < a.result.part_count; k++, total += each) {
            double excess = -INFINITY, reached = -INFINITY;
            long count = beyond(&a, k, each, &excess, &reached);
            const struct claim_part *part = &a.result.parts[k];
            cr_expect(!count, "%s, %s: %ld samples beyond, by %g", claim->name,
                part->name, count, excess);
            cr_expect(lower_of(&a, k) <= upper_of(&a, k) &&
                          upper_of(&a, k) - lower_of(&a, k) <
                              1e-12 * fmax(0x1p-10, fabs(upper_of(&a, k))),
                "%s, %s: [%.17g, %.17g]", claim->name, part->name,
                lower_of(&a, k), upper_of(&a, k));
        }
        attempt_clear(&a);
    }
    fprintf(stderr, "proofs: %ld samples\n", total);
}

/* A grid with the corners reaches the extremum, which is at one. */
Test(proofs, a_dense_grid_reaches_the_extremum)
{
    enum { STEPS = 12 };
    const struct claim_claim *claim = claim_find("jacobian");
    struct attempt a;
    attempt_init(&a);
    verdict(&a, claim, 10000);
    const struct iv_domain *d = &a.result.part[0].domain;
    char *norm = expanded("norm_H");
    double largest = 0,
           x[IV_COORDINATES] = {[IV_M] = NAN, [IV_V] = NAN, [IV_S] = NAN};
    for (int i = 0; i < (STEPS + 1) * (STEPS + 1) * (STEPS + 1) * (STEPS + 1);
         i++) {
        for (int k = 0, rest = i; k <= IV_TAU; k++, rest /= STEPS + 1) {
            double lower = atof(d->text[k][0]), upper = atof(d->text[k][1]);
            int step = rest % (STEPS + 1);
            x[k] =
                step == STEPS ? upper : lower + (upper - lower) * step / STEPS;
        }
        largest = fmax(largest, formula_in_double(norm, x, 1));
    }
    free(norm);
    double gap = upper_of(&a, 0) - largest;
    cr_assert(fabs(gap) < 1e-13, "grid %.17g, proven %.17g", largest,
        upper_of(&a, 0));
    attempt_clear(&a);
}

/* Lemma 10's formulas, where p and r (claims.h) have either sign. */
Test(proofs, slopes_of_the_norm_are_its_derivatives)
{
    static const int along[] = {IV_MU, IV_OMEGA, IV_NU, IV_TAU};
    const struct claim_claim *claim = claim_find("norm-slopes");
    int wrong = 0, negative = 0;
    double worst = 0;
    seed(13);
    struct claim_result read;
    const char *row;
    char *norm = expanded("norm_H");
    cr_assert_eq(claim_read(&read, &row, claim, NULL), CLAIM_NO_MISTAKE);
    cr_assert_eq(read.planned, 8);
    for (int run = 0; run < 2000; run++) {
        const struct claim_part *part = &read.parts[run % 8];
        int c = along[run % 8 / 2];
        double x[IV_COORDINATES] = {[IV_M] = NAN, [IV_V] = NAN, [IV_S] = NAN},
               h = 1e-4, y[2];
        for (int i = 0; i <= IV_TAU; i++)
            x[i] = i == IV_NU || i == IV_TAU ? exp(uniform(-1, 1))
                                             : uniform(-3, 3);
        double got = formula_in_double(part->formula, x, 1);
        for (int end = 0; end < 2; end++) {
            double at = x[c];
            x[c] += end ? h : -h;
            y[end] = formula_in_double(norm, x, 1);
            x[c] = at;
        }
        double error = fabs(got - (y[1] - y[0]) / 2 / h);
        negative += formula_in_double("sign(omega*M_m + tau*V_v)", x, 1) < 0;
        wrong += !(error < 1e-5);
        worst = fmax(worst, error);
    }
    claim_result_clear(&read);
    free(norm);
    cr_expect(!wrong && negative > 100, "%d wrong, by %g; %d with p < 0",
        wrong, worst, negative);
}

/* The refutation of a part can be checked from its decimals alone. */
static bool counterexample_holds(const struct attempt *a, size_t k)
{
    const struct claim_part_result *r = &a->result.part[k];
    const struct claim_part *part = &a->result.parts[k];
    if (!iv_domain_holds(&r->domain, &r->place))
        return false;
    double x[IV_COORDINATES];
    for (int i = 0; i < IV_COORDINATES; i++)
        x[i] = r->place.text[i] ? atof(r->place.text[i]) : NAN;
    double value = formula_in_double(part->formula, x, 1);
    return part->sense * (value - atof(r->limit)) > -1e-9 * (1 + fabs(value));
}

Test(proofs, random_domains_are_never_decided_wrongly)
{
    static const char *const names[] = {
        "jacobian", "theorem1", "theorem2", "theorem3"};
    seed(12);
    int decided[3] = {0}, wrong = 0,
        runs = getenv("SELFNORM_SAMPLES") ? 400 : 32;
    char worst[400] = "none";
    for (int run = 0; run < runs; run++) {
        char text[IV_COORDINATES][2][32];
        const struct claim_claim *claim = claim_find(names[run % 4]);
        struct attempt a;
        attempt_init(&a);
        for (int i = 0; i <= IV_TAU; i++) {
            bool positive = i == IV_NU || i == IV_TAU;
            /* one half near the paper's domain, one far around it */
            double wide = run % 8 < 4 ? 0.2 : 1.5;
            double x =
                positive ? exp(uniform(-wide, wide)) : uniform(-wide, wide);
            double y =
                positive ? x * exp(uniform(0, wide / 2)) : uniform(x, wide);
            if (i == IV_NU && run % 4 == 2) {
                x *= 4;
                y *= 4;
            }
            snprintf(text[i][0], 32, "%.5f", x);
            snprintf(text[i][1], 32, "%.5f", fmax(x, y));
            replace(&a, i, text[i][0], text[i][1]);
        }
        decided[verdict(&a, claim, 600)]++;
        bool bad = false;
        double excess = -INFINITY, reached;
        for (size_t k = 0; k < a.result.part_count; k++)
            bad |= beyond(&a, k, 500, &excess, &reached) > 0 ||
                   a.result.part[k].contradiction ||
                   (a.result.part[k].verdict == CLAIM_REFUTED &&
                       !counterexample_holds(&a, k));
        wrong += bad;
        if (bad)
            snprintf(worst, sizeof worst,
                "%s on %s:%s %s:%s %s:%s %s:%s (by %g)", claim->name,
                text[0][0], text[0][1], text[1][0], text[1][1], text[2][0],
                text[2][1], text[3][0], text[3][1], excess);
        attempt_clear(&a);
    }
    fprintf(stderr, "proofs: %d proved, %d refuted, %d undecided\n",
        decided[CLAIM_PROVED], decided[CLAIM_REFUTED],
        decided[CLAIM_NOT_DECIDED]);
    cr_assert(!wrong && decided[CLAIM_PROVED] && decided[CLAIM_REFUTED],
        "%d of %d wrong; last: %s", wrong, runs, worst);
}

/* ---- false claims --------------------------------------------------- */

static void scale(mpfi_ptr x, long percent)
{
    mpfi_mul_si(x, x, 100 + percent);
    mpfi_div_ui(x, x, 100);
}

Test(proofs, moved_constants_are_refused)
{
    static const struct {
        const char *claim;
        long lambda, alpha; /* per cent */
        enum claim_verdict want;
    } row[] = {
        {"jacobian", 0, 0, CLAIM_PROVED},
        {"jacobian", 1, 0, CLAIM_REFUTED},
        {"jacobian", -1, 0, CLAIM_PROVED},
        {"jacobian", 0, 1, CLAIM_PROVED},
        {"jacobian", 0, 2, CLAIM_REFUTED},
        {"jacobian-narrow", 6, 0, CLAIM_REFUTED},
        {"theorem1", 2, 0, CLAIM_REFUTED},
        {"theorem1", -1, 0, CLAIM_REFUTED},
        {"theorem1", 0, -1, CLAIM_REFUTED},
        {"theorem2", 8, 0, CLAIM_REFUTED},
        {"theorem3", -20, 0, CLAIM_REFUTED},
        {"theorem3-appendix", -20, 0, CLAIM_REFUTED},
        {"derivatives", 1, 0, CLAIM_REFUTED},
        {"derivatives", 0, -1, CLAIM_REFUTED},
        {"gradient", 1, 0, CLAIM_REFUTED},
        {"gradient", 0, 1, CLAIM_REFUTED},
        {"rate", 1, 0, CLAIM_REFUTED},
        {"rate", 0, 1, CLAIM_REFUTED},
        {"correlation", -4, 0, CLAIM_REFUTED},
        {"dropout", 1, 0, CLAIM_REFUTED},
        {"dropout", 0, -1, CLAIM_REFUTED},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct claim_claim *claim = claim_find(row[i].claim);
        struct attempt a;
        attempt_init(&a);
        scale(a.prover.selu.lambda, row[i].lambda);
        scale(a.prover.selu.alpha, row[i].alpha);
        enum claim_verdict got = verdict(&a, claim, 3000);
        cr_expect_eq(got, row[i].want,
            "%s, lambda %+ld %%, alpha %+ld %%: verdict %d, first %.6f",
            row[i].claim, row[i].lambda, row[i].alpha, (int)got,
            upper_of(&a, 0));
        attempt_clear(&a);
    }
}

Test(proofs, wider_domains_are_refused_with_a_counterexample)
{
    static const struct {
        const char *claim;
        int coordinate;
        const char *lower, *upper;
    } row[] = {
        {"jacobian", IV_NU, "0.5", "1.5"},
        {"jacobian", IV_NU, "1e-6", "1e4"},
        {"jacobian", IV_TAU, "0.8", "1.4"},
        {"jacobian", IV_OMEGA, "0.2", "0.8"},
        {"jacobian", IV_OMEGA, "-10", "10"},
        {"jacobian-narrow", IV_TAU, "0.95", "1.3"},
        {"theorem1", IV_TAU, "0.8", "1.25"},
        {"theorem1", IV_OMEGA, "-1", "1"},
        {"theorem1", IV_NU, "0.8", "1.4"},
        {"theorem1", IV_MU, "-0.02", "0.05"},
        {"theorem2", IV_NU, "2.4", "16"},
        {"theorem2", IV_TAU, "0.8", "1.6"},
        {"theorem3", IV_NU, "0.02", "0.8"},
        {"theorem3-appendix", IV_TAU, "0.5", "1.25"},
        {"derivatives", IV_NU, "0.5", "1.5"},
        {"gradient", IV_OMEGA, "-1", "1"},
        {"dropout", IV_TAU, "0.8", "1.25"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct claim_claim *claim = claim_find(row[i].claim);
        struct attempt a;
        int checked = 0;
        attempt_init(&a);
        replace(&a, row[i].coordinate, row[i].lower, row[i].upper);
        enum claim_verdict got = verdict(&a, claim, 3000);
        for (size_t k = 0; k < a.result.part_count; k++)
            checked += a.result.part[k].verdict == CLAIM_REFUTED &&
                       counterexample_holds(&a, k);
        cr_expect(got == CLAIM_REFUTED && checked,
            "%s, %s %s:%s: verdict %d, %d counterexamples hold", row[i].claim,
            iv_coordinate[row[i].coordinate], row[i].lower, row[i].upper,
            (int)got, checked);
        attempt_clear(&a);
    }
}

/* From above by chains of pieces, from below by one orbit. */
Test(proofs, the_number_of_layers_into_omega_is_the_smallest)
{
    static const char *const row[][2] = {{"global", "after at most 23 layers"},
        {"global-wide", "after at most 24 layers"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct attempt a;
        attempt_init(&a);
        claim_prove(&a.result, claim_find(row[i][0]), &a.prover);
        cr_expect(a.result.verdict == CLAIM_PROVED &&
                      strstr(a.result.conclusion, row[i][1]) &&
                      strstr(a.result.conclusion, "no smaller number"),
            "%s: %s", row[i][0], a.result.conclusion);
        attempt_clear(&a);
    }
}

/* Where no chain leads into Omega, none is claimed. */
Test(proofs, a_chain_that_does_not_exist_is_not_claimed)
{
    static const struct {
        int coordinate;
        const char *lower, *upper;
    } row[] = {{IV_TAU, "0.94", "1.1"}, {IV_OMEGA, "-1", "1"},
        {IV_TAU, "0.8", "1.25"}, {IV_MU, "-1000", "1000"}};
    size_t rows = sizeof row / sizeof *row;
    for (size_t i = 0; i < (getenv("SELFNORM_SAMPLES") ? rows : 2); i++) {
        struct attempt a;
        attempt_init(&a);
        replace(&a, row[i].coordinate, row[i].lower, row[i].upper);
        a.prover.search.max_boxes = 150;
        enum sn_status status =
            claim_prove(&a.result, claim_find("global"), &a.prover);
        cr_expect(a.result.verdict != CLAIM_PROVED, "%s %s:%s: status %d",
            iv_coordinate[row[i].coordinate], row[i].lower, row[i].upper,
            (int)status);
        attempt_clear(&a);
    }
}

Test(proofs, domains_that_are_none_are_refused)
{
    static const char *const row[][2] = {{"0.2", "0.1"}, {"nan", "1"},
        {"0", "inf"}, {"", "1"}, {"0.1x", "1"}, {"0", "1"}, {"-1", "1"},
        {"0.10000000000000000000000000000000000000000000001", "0.1"}};
    struct iv_domain domain;
    iv_domain_init(&domain);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_eq(iv_domain_set(&domain, IV_NU, row[i][0], row[i][1]),
            SN_BAD_VALUE, "nu %s:%s was taken", row[i][0], row[i][1]);
    cr_expect_eq(iv_domain_set(&domain, IV_TAU, "0.1", "1e-1"), SN_OK);
    iv_domain_clear(&domain);
}

Test(proofs, formulas_that_are_none_are_refused)
{
    static const char *const row[] = {"", "M +", "(M", "M)", "M_mmm",
        "mu^1001", "mu^M_mmm", "1.2.3", "hypot(M)", "sin(m)", "wmax*mu", "M M",
        "2e",
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct expr_fault fault = {0};
        struct iv_term *term = iv_term_new(row[i], &fault);
        cr_expect(!term && *fault.reason, "'%s' was taken", row[i]);
        iv_term_free(term);
    }
}
